/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Prints a value according to its BTF type, as text for people or as JSON for programs.
 *
 * Neither the type nor the bytes are trusted: nothing outside of the record is read (what is
 * missing shows as "?", null in JSON), nesting and total work are bounded, and strings from the
 * system (a file name, say) cannot send control characters to a terminal.
 *
 * How values look, text / JSON:
 *	integer, bool		-5 / -5, true / true
 *	char			'a' if printable, else the number / the number
 *	enum, enum64		the name, or the number if none fits / the same, as string or number
 *	pointer			0xffff888003a1 / the same as a string
 *	__be32, struct in_addr	10.0.0.2 / the same as a string
 *	struct in6_addr		2001:db8::1 / the same as a string
 *	__be16, __be64		the number in host byte order
 *	char[n]			text up to the first NUL / a string
 *	u8[n]			[02 42 ac], six bytes as 02:42:ac:11:00:02, text if it looks like text / numbers
 *	array			[1, 2, 0 (x510)] / all elements
 *	struct			{count = 3, bytes = 120} / an object; anonymous members are merged in
 *	union			(a = 1 | b = 0x1) / an object
 *	no type			68 69 0a |hi.| / the bytes in hexadecimal, "68 69 0a"
 *	dev_t			8:1 / the same as a string
 *	kernel_addr_t		vfs_read+0x12 / the same as a string
 *	kernel_stack_t, ...	vfs_read < ksys_read < ... / an array of strings, innermost first
 *	time			1.24 ms / the number
 *
 * The meaning of a value beyond its type comes from the name of its type, from a tag (SHOW_AS() of
 * progs/include/bpf/sonde_show.h: a declaration tag "sonde:MEANING") or, for stacks and addresses,
 * from the name of the member. typed_meaning.c has the tables.
 *
 * Bit-fields are read in the byte order of the record. Members that only the kernel may access
 * (bpf_spin_lock, bpf_timer, ...) always read as zero and are skipped.
 */
#ifndef SONDE_TYPED_H
#define SONDE_TYPED_H

#include <stdio.h>

#include "elf/btf/btf.h"
#include "json.h"
#include "loader/symbols/address_names.h"

/* An output that counts columns, so that a caller can pad to a position. */
struct typed_out {
	FILE *file;   /* NULL: only count */
	char *buffer; /* NULL, or holds text until typed_flush() */
	size_t room, n;
	size_t cols; /* columns written since the caller last reset it; one per character */
	size_t max;  /* limit for cols; 0: none */
	bool cut;    /* something did not fit in max and was dropped */
};

/* The position of a value in a record. {.type = id} is the whole record. */
struct typed_field {
	uint32_t type;
	uint64_t bit_off;
	uint8_t bit_size; /* 0 unless a bit-field */
	bool open;        /* an array without a length extends to the end of the record */
	uint8_t means;    /* meaning from a tag or name, 0 if none; see typed_part() */
};

enum typed_kind {
	TYPED_NONE, /* void or invalid: shown as bytes */
	TYPED_INT,
	TYPED_BOOL,
	TYPED_CHAR,
	TYPED_ENUM,
	TYPED_PTR,
	TYPED_FLOAT,
	TYPED_IP4,
	TYPED_IP6,
	TYPED_IP,     /* IPv6, or IPv4 as ::ffff:1.2.3.4 */
	TYPED_NET,    /* an integer in network byte order */
	TYPED_HEX,    /* flags, cookies */
	TYPED_DEV,    /* a disk, major:minor */
	TYPED_TIME,   /* an integer, in the shape's unit */
	TYPED_KADDR,  /* an address in the kernel */
	TYPED_UADDR,  /* an address in a process */
	TYPED_KSTACK, /* the id of a stack in a stack map */
	TYPED_USTACK,
	TYPED_STACK,  /* kernel or user, depending on its addresses */
	TYPED_LOG2,   /* an array of counts: element n counts values from 2^n to 2^(n+1) - 1 */
	TYPED_STRING, /* array of char */
	TYPED_BYTES,  /* array of bytes */
	TYPED_ARRAY,
	TYPED_STRUCT,
	TYPED_UNION,
	TYPED_SECTION, /* DATASEC */
	TYPED_KERNEL,  /* a struct that only the kernel may access */
};

enum typed_unit { UNIT_NONE, UNIT_NS, UNIT_US, UNIT_MS, UNIT_BYTES };

/* A type without its typedefs and qualifiers. */
struct typed_shape {
	enum typed_kind kind;
	uint8_t unit;   /* enum typed_unit: of TIME, LOG2 */
	bool is_signed; /* INT, ENUM, NET */
	uint32_t id;    /* of that type */
	uint64_t size;  /* bytes; 0 if it has no size */
	struct btf_type t;
};

struct typed_shape typed_shape(const struct btf *b, uint32_t type);

/* The same, with the meaning of this field. */
struct typed_shape typed_field_shape(const struct btf *b, struct typed_field f);

struct typed_tag {
	uint32_t type;
	int32_t component; /* member; -1 the type itself */
	uint8_t means;
};

/* Meanings of the types of a blob. */
struct btf_meanings {
	const struct typed_tag *tags;
	size_t n_tags;
	const struct address_names *names; /* NULL: addresses and stacks are printed as numbers */
};

/*
 * Collects the tags of b in *meanings, which b refers to from then on. names: borrowed, or NULL.
 * Memory from a. False if out of memory.
 */
bool typed_read_meanings(struct btf *b, struct btf_meanings *meanings,
	const struct address_names *names, struct arena *a);

/* The source of names for addresses and stacks, or NULL. */
const struct address_names *typed_names_of(const struct btf *b);

/* The meaning of a tagged variable (a map): TYPED_LOG2 for a distribution, TYPED_INT for counts of
 * *unit, TYPED_KERNEL if it is hidden, TYPED_NONE without a tag. */
enum typed_kind typed_variable(const struct btf *b, const char *name, enum typed_unit *unit);

/* Is it a stack or an address, whose value is a name? */
bool typed_needs_names(enum typed_kind kind);

/* Is it the id of a stack? *stack: of which kind. */
bool typed_is_stack(enum typed_kind kind, enum stack_kind *stack);

/* Makes the process of a record the current one for names: that in its first member called pid or
 * tgid, else of type pid_t. False if there is none. */
bool typed_process(const struct btf *b, uint32_t type, struct span record);

/* "us", "bytes"; "" for UNIT_NONE. */
const char *typed_unit_name(enum typed_unit unit);

/* Writes a time in at most 8 columns: "532 ns", "1.24 ms", "3600 s". */
void typed_time(struct typed_out *o, uint64_t v, enum typed_unit unit);

/* Member i of a struct or union, or variable i of a section: its name ("" if anonymous) and
 * position; f is the position of the whole. False if there is no such part. */
bool typed_part(const struct typed_shape *s, struct typed_field f, uint32_t i, const char **name,
	struct typed_field *part);

/*
 * Writes a field of a record as text on one line. b may be NULL if there are no types. quoted:
 * quote strings at the outermost level too (inside of structs they always are).
 */
void typed_text(struct typed_out *o, const struct btf *b, struct typed_field f, struct span record,
	bool quoted);

/* The same as one JSON value. */
void typed_json(struct json *j, const struct btf *b, struct typed_field f, struct span record);

/* The same into an open object: the members of a struct, union or section become members of that
 * object; anything else is written with the key `name`. */
void typed_json_into(struct json *j, const struct btf *b, struct typed_field f, struct span record,
	const char *name);

/*
 * The value of an integer, bool, char, enum, pointer, number in network byte order or IPv4 address,
 * sign-extended to 64 bits, in host byte order. False for other kinds and for values that are not
 * entirely inside of the record. Without types (b NULL or type 0), a record of 1, 2, 4 or 8 bytes
 * is a number.
 */
bool typed_number(const struct btf *b, struct typed_field f, struct span record, uint64_t *v);

/* Compares two records of one type, as strcmp(): numbers by value, structs member by member,
 * everything else by bytes. */
int typed_compare(const struct btf *b, struct typed_field f, struct span x, struct span y);

/* Writes text, escaping characters that control a terminal, and quotes if quoted. */
void typed_chars(struct typed_out *o, struct span text, bool quoted);

/* Writes a name, not quoted. */
void typed_name(struct typed_out *o, const char *name);

/* typed_text() of a value whose shape is known, outside of a struct. */
void typed_shaped(struct typed_out *o, const struct btf *b, const struct typed_shape *s,
	struct typed_field f, struct span record);

/* Writes n characters of ASCII text unchanged. */
void typed_put(struct typed_out *o, const char *text, size_t n);

/* Writes the buffer to the file. */
void typed_flush(struct typed_out *o);

/* printf() of at most 127 ASCII characters. */
__attribute__((format(printf, 2, 3))) void typed_printf(struct typed_out *o, const char *fmt, ...);

/* Pads with blanks up to column `until`. */
void typed_pad(struct typed_out *o, size_t until);

/*
 * Dumps bytes in hexadecimal and as text, in lines of at most 80 columns that begin with `indent`:
 * up to 16 bytes in one line, more with offsets. max: limit of bytes, 0 for none; a last line gives
 * the number of those that are left.
 */
void typed_dump(FILE *out, const char *indent, struct span bytes, size_t max);

#endif
