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
 *	enum, enum64		the name, names of flags A|B, or the number if none fits / the same, as
 *				string or number
 *	pointer			0xffff888003a1 / the same as a string
 *	__be32, struct in_addr	10.0.0.2 / the same as a string
 *	struct in6_addr		2001:db8::1 / the same as a string
 *	__be16, __be64		the number in host byte order
 *	char[n]			text up to the first NUL, quoted if there is none / a string
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
 * Members of records only (docs/records.md):
 *	time since the start	+1.234567 / the number
 *	result of a call	-2 ENOENT / the number
 *	cgroup			/user.slice / the number
 *	array of a stack	vfs_read < ksys_read < ... / an array of strings
 *
 * loader/value/typed_shape.h tells what a value is; loader/value/value.h reads this text form.
 *
 * Bit-fields are read in the byte order of the record. Members that only the kernel may access
 * (bpf_spin_lock, bpf_timer, ...) always read as zero and are skipped.
 */
#ifndef SONDE_TYPED_H
#define SONDE_TYPED_H

#include <stdio.h>

#include "json.h"
#include "loader/symbols/address_names.h"
#include "loader/value/typed_shape.h"

/* An output that counts columns, so that a caller can pad to a position. */
struct typed_out {
	FILE *file;   /* NULL: only count, or keep what fits in the buffer */
	char *buffer; /* NULL, or holds text until typed_flush() */
	size_t room, n;
	size_t cols; /* columns written since the caller last reset it; one per character */
	size_t max;  /* limit for cols; 0: none */
	bool cut;    /* something did not fit in max and was dropped */
};

/* The source of names for addresses and stacks, or NULL. */
const struct address_names *typed_names_of(const struct btf *b);

/* Is it a stack or an address, whose value is a name? */
bool typed_needs_names(enum typed_kind kind);

/* Is it the id of a stack? *stack: of which kind. */
bool typed_is_stack(enum typed_kind kind, enum stack_kind *stack);

/* Frame i, 0 the innermost, of a stack: of the id, or in the array, in a field of a record. NULL if there
 * is none. Valid until the next call. */
const char *typed_stack_frame(const struct btf *b, const struct typed_shape *s,
	struct typed_field f, struct span record, size_t i);

/* Makes the process of a record the current one for names: that in its first member called pid or
 * tgid, else of type pid_t. False if there is none. */
bool typed_process(const struct btf *b, uint32_t type, struct span record);

/* Writes v, which is not negative, rounded to at most 2 decimals. */
void typed_decimal(struct typed_out *o, double v, unsigned places);

/* Writes how much is added per second: "+1.5/s", "+12/s". ns: the time in which `more` was, not 0. */
void typed_rate(struct typed_out *o, uint64_t more, uint64_t ns);

/* Writes a time in at most 8 columns: "532 ns", "1.24 ms", "3600 s". */
void typed_time(struct typed_out *o, uint64_t v, enum typed_unit unit);

/*
 * Writes a field of a record as text on one line. b may be NULL if there are no types. quoted:
 * quote strings at the outermost level too (inside of structs they always are).
 */
void typed_text(struct typed_out *o, const struct btf *b, struct typed_field f, struct span record,
	bool quoted);

/* The same as one JSON value. */
void typed_json(struct json *j, const struct btf *b, struct typed_field f, struct span record);

/* typed_json() of a value whose shape is known. *nodes: the budget of its record, which begins with
 * typed_json_nodes(). */
uint64_t typed_json_nodes(struct span record);
void typed_json_shaped(struct json *j, const struct btf *b, const struct typed_shape *s,
	struct typed_field f, struct span record, uint64_t *nodes);

/* The same into an open object: the members of a struct, union or section become members of that
 * object; anything else is written with the key `name`. */
void typed_json_into(struct json *j, const struct btf *b, struct typed_field f, struct span record,
	const char *name);

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
