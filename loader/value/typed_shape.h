/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What a value of a BTF type is: its kind, its parts, and where its bits are. Printing values
 * (loader/show/typed.h) and parsing them (value.h) both start here.
 *
 * The meaning of a value beyond its type comes from the name of its type, from a tag (SHOW_AS() of
 * progs/include/bpf/sonde_show.h: a declaration tag "sonde:MEANING") or, for stacks, addresses and
 * ports, from the name of the member. Records also have tags "sonde:record:MEANING", which the code
 * has told (elf/records/contents.h); the name of a type has precedence over them. typed_meaning.c has
 * the tables.
 *
 * Neither the type nor the bytes are trusted: nothing outside of the record is read.
 */
#ifndef SONDE_TYPED_SHAPE_H
#define SONDE_TYPED_SHAPE_H

#include "elf/btf/btf.h"

struct address_names; /* loader/symbols/address_names.h; not used here */

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
	TYPED_IP,  /* IPv6, or IPv4 as ::ffff:1.2.3.4 */
	TYPED_NET, /* an integer in network byte order */
	TYPED_HEX, /* flags, cookies */
	TYPED_DEV, /* a disk, major:minor */
	/* Of records only: no map's value is shown like that, and none is read. */
	TYPED_ERRNO,   /* the result of a call: if negative, an errno */
	TYPED_CGROUP,  /* the id of a cgroup */
	TYPED_INSTANT, /* a time in nanoseconds, of the clock that is the shape's unit */
	TYPED_TIME,    /* an integer, in the shape's unit */
	TYPED_KADDR,   /* an address in the kernel */
	TYPED_UADDR,   /* an address in a process */
	TYPED_KSTACK,  /* the id of a stack in a stack map */
	TYPED_USTACK,
	TYPED_STACK,  /* kernel or user, depending on its addresses */
	TYPED_KTRACE, /* an array of addresses: a stack, with zeros after it */
	TYPED_UTRACE,
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

enum typed_clock { TYPED_MONOTONIC, TYPED_BOOTTIME, TYPED_CLOCKS };

/* A type without its typedefs and qualifiers. */
struct typed_shape {
	enum typed_kind kind;
	uint8_t unit;   /* enum typed_unit: of TIME, LOG2; enum typed_clock: of INSTANT */
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
	uint64_t start[TYPED_CLOCKS]; /* ns: instants are printed relative to it; 0: as numbers */
};

/*
 * Collects the tags of b in *meanings, which b refers to from then on. names: borrowed, or NULL.
 * Memory from a. False if out of memory.
 */
bool typed_read_meanings(struct btf *b, struct btf_meanings *meanings,
	const struct address_names *names, struct arena *a);

/* The meaning of a tagged variable (a map): TYPED_LOG2 for a distribution, TYPED_INT for counts of
 * *unit, TYPED_KERNEL if it is hidden, TYPED_NONE without a tag. */
enum typed_kind typed_variable(const struct btf *b, const char *name, enum typed_unit *unit);

/* "us", "bytes"; "" for UNIT_NONE. */
const char *typed_unit_name(enum typed_unit unit);

/* Member i of a struct or union, or variable i of a section: its name ("" if anonymous) and
 * position; f is the position of the whole. False if there is no such part. */
bool typed_part(const struct typed_shape *s, struct typed_field f, uint32_t i, const char **name,
	struct typed_field *part);

/* What a value means, in words, "result of a call"; NULL: what its type says. */
const char *typed_shape_meaning(const struct typed_shape *s);

/* What tells the meaning of member i of a struct or union, which has one: "type" (its name), "tag",
 * "name" (of the member) or "code". */
const char *typed_meaning_from(const struct typed_shape *s, uint32_t i);

/*
 * The value of an integer, bool, char, enum, pointer, number in network byte order or IPv4 address,
 * sign-extended to 64 bits, in host byte order. False for other kinds and for values that are not
 * entirely inside of the record. Without types (b NULL or type 0), a record of 1, 2, 4 or 8 bytes
 * is a number.
 */
bool typed_number(const struct btf *b, struct typed_field f, struct span record, uint64_t *v);

/* The integer in a field; false if it is not inside of the record. */
bool typed_read_bits(struct span rec, uint64_t off, unsigned bits, uint64_t *v);
bool typed_read_number(
	const struct typed_shape *s, struct typed_field f, struct span rec, uint64_t *v);

/* A number of at most 8 bytes in a writable record: its bits (0 to 64), and writing them (v is
 * cut to them). False, with nothing written, if it is not inside of the record. */
struct typed_bytes_out {
	uint8_t *p;
	size_t n;
	bool big;
};
unsigned typed_number_bits(const struct typed_shape *s, struct typed_field f);
bool typed_write_number(const struct typed_shape *s, struct typed_field f,
	const struct typed_bytes_out *to, uint64_t v);

bool typed_is_number(enum typed_kind kind);

/* typed_number() of a known shape. */
bool typed_shape_number(
	const struct typed_shape *s, struct typed_field f, struct span rec, uint64_t *v);

/* The bytes of a field that are inside of the record. */
struct span typed_bytes(const struct typed_shape *s, struct typed_field f, struct span rec);

/* The enumerator of a value, or NULL. */
const char *typed_enum_name(const struct typed_shape *s, uint64_t v);

/*
 * Whether an enum is one of flags: all of its enumerators but 0 are single bits, at least three, or
 * all of them together. With fewer, it may as well count: 0, 1, 2.
 */
bool typed_is_flags(const struct typed_shape *s);

/* Writes a value of such an enum as "A|B"; false if it has other bits, or does not fit. */
bool typed_flags_text(const struct typed_shape *s, uint64_t v, char *buf, size_t size);

#endif
