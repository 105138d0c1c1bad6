/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that write plans as C. */
#ifndef SONDE_EMIT_C_IMPL_H
#define SONDE_EMIT_C_IMPL_H

#include "emit_c.h"

#include "loader/show/print.h"

#include "elf/base/texts.h"
#include "elf/btf/btf.h"
#include "loader/value/typed_shape.h"

/* Parts of the C file that do not depend on the plan: emit_c_runtime.def has their text. */
enum emit_part {
#define PART(id, needs, text) PART_##id,
#include "emit_c_runtime.def"
#undef PART
	EMIT_PARTS
};
#define PART_BIT(id) (UINT64_C(1) << PART_##id)

struct emit {
	const struct plan *p;
	const struct emit_options *opt;
	struct arena *arena;
	struct err *e;
	FILE *data, *steps, *show; /* written in this order */
	const char **slots;        /* names of variables */
	bool *certain;             /* by slot: it is filled, or the program has ended */
	bool *written;             /* by blob */
	bool *named; /* by type of the plan: the names of its enumerators are written */
	uint32_t n_types;
	const uint8_t *types; /* what the last array of types has at this place, or NULL */
	int types_blob;       /* which that array was made of */
	uint64_t parts;       /* bits of enum emit_part */
	struct btf btf;       /* of the plan, if has_btf */
	struct btf_meanings meanings;
	bool has_btf;
};

/* Sets the error: the plan has something that C can't express here. Returns false. */
__attribute__((format(printf, 2, 3))) bool emit_refuse(struct emit *w, const char *fmt, ...);

/* print() with a format that is deflated in the file of the program. */
#define put_text(out, ...) print(out, PACKED_FIRST(__VA_ARGS__))

static inline void emit_use(struct emit *w, enum emit_part part)
{
	w->parts |= UINT64_C(1) << part;
}

/* Characters of names that C does not have become '_'. From w->arena; "" if memory is exhausted. */
const char *emit_name(struct emit *w, const char *prefix, const char *name);

/* Text inside of a comment: it can't end it. */
void emit_comment(const char *text, FILE *out);

/* A string literal, in lines of its own if it is long; n bytes without the NUL. */
void emit_string(const void *bytes, size_t n, const char *indent, FILE *out);

/* emit_c_data.c: the blob as C. emit_blob() writes its definition once; *_name is how it is referred to. */
const char *emit_blob_name(struct emit *w, int blob);
bool emit_blob(struct emit *w, int blob, const struct plan_step *s);
/* Statements that put results of earlier steps into a blob. */
void emit_blob_patches(struct emit *w, int blob, const char *indent);

/* emit_c_code.c */
bool emit_code(struct emit *w, int blob, const struct plan_step *s);

/* emit_c_types.c: writes an array of types, or the statements that turn the last one into another one, if that
 * fits. */
bool emit_types(struct emit *w, int blob, const char *indent);
bool emit_types_fit(const struct emit *w, int blob);

/* emit_c_attr.c: declares attr_N of step i, if it has one */
bool emit_attr(struct emit *w, size_t i);

/* emit_c_steps.c: all steps, and those that undo them */
bool emit_steps(struct emit *w);

/* emit_c_value.c: statements that add a value to the line. */
struct emit_value {
	const char *base; /* a pointer to the record in C */
	const char *name; /* for messages */
	struct typed_field field;
	bool quoted; /* text is quoted, as within a struct */
};
bool emit_value(struct emit *w, const struct emit_value *v, const struct typed_shape *s);

/* emit_c_map.c: a function that shows a map, and its name in C */
bool emit_map(struct emit *w, const struct plan_map *m);

/* emit_c_show.c: functions that show what programs report, and the loop that calls them */
bool emit_show(struct emit *w);

#endif
