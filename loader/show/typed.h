/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Shows a value by its BTF type, as text for people and as JSON for machines.
 *
 * Neither the type nor the bytes are trusted: nothing outside of the record is read (what is
 * missing shows as "?", null in JSON), nesting and total work are bounded, and text that came from
 * the system (a file name, say) can't send control characters to a terminal.
 *
 * How values look, text / JSON:
 *	integer, bool		-5 / -5, true / true
 *	char			'a' when printable, else the number / the number
 *	enum, enum64		the name, a number when none fits / the same, as a string or number
 *	pointer			0xffff888003a1 / the same as a string
 *	__be32, struct in_addr	10.0.0.2 / the same as a string
 *	struct in6_addr		2001:db8::1 / the same as a string
 *	__be16, __be64		the number in host order
 *	char[n]			text up to the first NUL / a string
 *	u8[n]			[02 42 ac], with : between six bytes, as text when it is text / numbers
 *	array			[1, 2, 0 (x510)] / all elements
 *	struct			{count = 3, bytes = 120} / an object; anonymous members are merged in
 *	union			(a = 1 | b = 0x1) / an object
 *	no type			68 69 0a |hi.| / the bytes in hexadecimal, "68 69 0a"
 *	dev_t			8:1 / the same as a string
 *	kernel_addr_t		vfs_read+0x12 / the same as a string
 *	kernel_stack_t, ...	vfs_read < ksys_read < ... / an array of strings, innermost first
 *	time			1.24 ms / the number
 *
 * What a value means beyond its type is said by the name of its type, by a tag (SHOW_AS() of
 * progs/include/bpf/sonde_show.h: a declaration tag "sonde:MEANING") or, for stacks and addresses,
 * by the name of the member. See the tables in typed_meaning.c.
 *
 * Bit-fields are read as the byte order of the record demands. Members that belong to the kernel
 * (bpf_spin_lock, bpf_timer, ...) always read as zero and are left out.
 */
#ifndef SONDE_TYPED_H
#define SONDE_TYPED_H

#include <stdio.h>

#include "elf/btf/btf.h"
#include "json.h"
#include "loader/symbols/address_names.h"

/* Where text goes. Columns are counted, so that a caller can fill up to a position. */
struct typed_out {
	FILE *file;   /* NULL: only count */
	char *buffer; /* NULL, or where text gathers until typed_flush() */
	size_t room, n;
	size_t cols; /* columns written since the caller last set it to 0; a character takes one */
	size_t max;  /* no more columns than that are written; 0: no limit */
	bool cut;    /* something did not fit in max and was left out */
};

/* A value's place in a record. {.type = id} is a whole record. */
struct typed_field {
	uint32_t type;
	uint64_t bit_off;
	uint8_t bit_size; /* 0 unless a bit-field */
	bool open;        /* an array without a length reaches to the end of the record */
	uint8_t means;    /* what a tag or name says about it, 0 nothing; see typed_part() */
};

enum typed_kind {
	TYPED_NONE, /* void or broken: only bytes to show */
	TYPED_INT,
	TYPED_BOOL,
	TYPED_CHAR,
	TYPED_ENUM,
	TYPED_PTR,
	TYPED_FLOAT,
	TYPED_IP4,
	TYPED_IP6,
	TYPED_IP,     /* IPv6, or IPv4 as ::ffff:1.2.3.4 */
	TYPED_NET,    /* an integer in network order */
	TYPED_HEX,    /* flags, cookies */
	TYPED_DEV,    /* a disk, major:minor */
	TYPED_TIME,   /* an integer, in the shape's unit */
	TYPED_KADDR,  /* an address in the kernel */
	TYPED_UADDR,  /* an address in a process */
	TYPED_KSTACK, /* the id of a stack in the map of stacks */
	TYPED_USTACK,
	TYPED_STACK,  /* of the kernel or of a process: its addresses tell */
	TYPED_LOG2,   /* an array of counts: element n is of 2^n to 2^(n+1) - 1 of the unit */
	TYPED_STRING, /* array of char */
	TYPED_BYTES,  /* array of bytes */
	TYPED_ARRAY,
	TYPED_STRUCT,
	TYPED_UNION,
	TYPED_SECTION, /* DATASEC */
	TYPED_KERNEL,  /* a struct that belongs to the kernel */
};

enum typed_unit { UNIT_NONE, UNIT_NS, UNIT_US, UNIT_MS, UNIT_BYTES };

/* What a type comes down to, behind typedefs and qualifiers. */
struct typed_shape {
	enum typed_kind kind;
	uint8_t unit;   /* enum typed_unit: of TIME, LOG2 */
	bool is_signed; /* INT, ENUM, NET */
	uint32_t id;    /* the type reached */
	uint64_t size;  /* bytes; 0 when it has none */
	struct btf_type t;
};

struct typed_shape typed_shape(const struct btf *b, uint32_t type);

/* The same with what is known about this one place. */
struct typed_shape typed_field_shape(const struct btf *b, struct typed_field f);

struct typed_tag {
	uint32_t type;
	int32_t component; /* member; -1 the type itself */
	uint8_t means;
};

/* What is known about the types of a blob. */
struct btf_notes {
	const struct typed_tag *tags;
	size_t n_tags;
	const struct address_names *names; /* NULL: numbers stay numbers */
};

/*
 * Gathers the tags of b into *notes, which b refers to from then on. names: borrowed, or NULL.
 * Memory from a. False when that is short.
 */
bool typed_note(
	struct btf *b, struct btf_notes *notes, const struct address_names *names, struct arena *a);

/* What the tag of a variable (a map) says: TYPED_LOG2 a distribution, TYPED_INT counts of its unit,
 * TYPED_KERNEL not to be shown, TYPED_NONE nothing. */
enum typed_kind typed_variable(const struct btf *b, const char *name, enum typed_unit *unit);

/* Is it one of the three kinds of stacks, or an address: something that needs names? */
bool typed_needs_names(enum typed_kind kind);

/* Is it the id of a stack? *stack: of which kind. */
bool typed_is_stack(enum typed_kind kind, enum stack_kind *stack);

/* Tells those who know names whose record this is: that of the process in its first member that is
 * called pid or tgid, or has the type pid_t. False when there is none. */
bool typed_process(const struct btf *b, uint32_t type, struct span record);

/* "us", "bytes", "" for none. */
const char *typed_unit_name(enum typed_unit unit);

/* A time in at most 8 columns: "532 ns", "1.24 ms", "3600 s". */
void typed_time(struct typed_out *o, uint64_t v, enum typed_unit unit);

/* Member i of a struct or union, variable i of a section: its name ("" when anonymous) and its
 * place relative to f, the place of the whole. False when there is no such part. */
bool typed_part(const struct typed_shape *s, struct typed_field f, uint32_t i, const char **name,
	struct typed_field *part);

/*
 * Writes a field of a record as text on one line. b may be NULL: there are no types then. quoted:
 * strings stand in quotes at the outermost level too (inside of structs they always do).
 */
void typed_text(struct typed_out *o, const struct btf *b, struct typed_field f, struct span record,
	bool quoted);

/* The same as one JSON value. */
void typed_json(struct json *j, const struct btf *b, struct typed_field f, struct span record);

/* The same into an object that is open: the members of a struct, union or section as if they were
 * its own; anything else under the key `name`. */
void typed_json_into(struct json *j, const struct btf *b, struct typed_field f, struct span record,
	const char *name);

/*
 * The value of an integer, bool, char, enum, pointer, number in network order or IPv4 address, sign
 * extended to 64 bits; IPv4 addresses in host order. False for other kinds and when it is not all
 * inside of the record. Without types (b NULL or type 0): a record of 1, 2, 4 or 8 bytes is a
 * number.
 */
bool typed_number(const struct btf *b, struct typed_field f, struct span record, uint64_t *v);

/* Orders two records of one type: numbers by value, strings and the rest byte by byte, structs
 * member by member. As strcmp(). */
int typed_compare(const struct btf *b, struct typed_field f, struct span x, struct span y);

/* Writes text to o: a character that would steer a terminal is written as an escape, a quote too
 * when quoted. */
void typed_chars(struct typed_out *o, struct span text, bool quoted);

/* Writes a name, not quoted. */
void typed_name(struct typed_out *o, const char *name);

/* A value whose shape is known already, outside of a struct: as typed_text(). */
void typed_shaped(struct typed_out *o, const struct btf *b, const struct typed_shape *s,
	struct typed_field f, struct span record);

/* ASCII text of n characters as it is. */
void typed_put(struct typed_out *o, const char *text, size_t n);

/* What has gathered in the buffer goes to the file. */
void typed_flush(struct typed_out *o);

/* printf() to o for ASCII text of at most 127 characters. */
__attribute__((format(printf, 2, 3))) void typed_printf(struct typed_out *o, const char *fmt, ...);

/* Fills with blanks up to column `until`. */
void typed_pad(struct typed_out *o, size_t until);

/*
 * Bytes without a type as hexadecimal and text, in lines of at most 80 columns that begin with
 * `indent`: one short line up to 16 bytes, then with offsets. max: bytes shown at most, 0 for all;
 * a last line says how many are left.
 */
void typed_dump(FILE *out, const char *indent, struct span bytes, size_t max);

#endif
