/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement plan_text.h. */
#ifndef SONDE_PLAN_TEXT_IMPL_H
#define SONDE_PLAN_TEXT_IMPL_H

#include "call_text.h"
#include "loader/plan/abi.h"
#include "loader/show/json.h"
#include "loader/show/paragraph.h"
#include "plan_text.h"

enum { VALUE_MAX = 160, NAME_WIDTH = 22 /* column of the names of fields */ };

/* An attr converted to the byte order of this machine, as the ABI table requires. */
struct host_attr {
	uint8_t bytes[256];
	unsigned size;
};

struct shown_field {
	struct abi_field field;
	char value[VALUE_MAX];
	const struct plan_patch *patch; /* NULL: a plain value */
};

struct host_attr host_attr(const struct plan *p, unsigned layout, const struct plan_blob *attr);

/* The patch at an offset of a blob, or NULL. */
const struct plan_patch *patch_at(const struct plan_blob *b, uint32_t at);

/* The fields that the call uses; none if it has no attr. style->live: print the value that is in the
 * attr rather than the slot it comes from. */
struct abi_walk fields_of(const struct plan_step *s);
bool next_field(const struct plan *p, const struct plan_step *s, struct abi_walk *w,
	const struct slot_style *style, struct shown_field *out);

extern const struct slot_style slots_by_name;

/* The call with its attr and all values: "bpf(BPF_MAP_CREATE, {map_type=...}, 72)". */
enum { CALL_MAX = 1400 };
void whole_call(const struct plan *p, const struct plan_step *s, const struct slot_style *style,
	char buf[static CALL_MAX]);

/* " = 5", " = -1 EINVAL" */
void print_result(long result, FILE *out);

/* The call without its attr, wrapped, and the kernel it needs: the first line below a step's title. */
void print_call(
	const struct plan *p, const struct plan_step *s, const struct slot_style *slots, FILE *out);

/* The fields of the step's attr, one per line. */
void print_fields(const struct plan *p, const struct plan_step *s, const struct slot_style *slots,
	const struct print_style *style, FILE *out);

/* Replaces what begins another line or column, which names in a plan may contain. Returns text. */
char *one_line(char *text);

/* The errnos after which a fallback is tried: "EINVAL, E2BIG". */
void errs_text(const struct plan_step *s, char *buf, size_t size);

/* The kernel version that a step requires, 0 if unknown; *why: the field that requires it, or
 * NULL. */
uint16_t step_since(const struct plan *p, const struct plan_step *s, const char **why);

/* plan_text_fallback.c: steps that are only run if another one fails, and those that undo them */
bool is_fallback(const struct plan *p, const struct plan_step *s);
void print_fallback(const struct plan *p, size_t i, FILE *out);

/* plan_text_folded.c: two lines for each step, without fallbacks */
void print_folded(const struct plan *p, const struct print_style *style, FILE *out);

/* plan_text.c: the instruction in slot `at` of a program, with maps by name. Returns the slots it takes. */
unsigned insn_text(
	const struct plan *p, const struct plan_blob *insns, uint32_t at, char *buf, size_t size);

/* plan_text_json.c */
void print_json(const struct plan *p, FILE *out);
bool is_number(const struct abi_field *f); /* rather than text, in JSON */
void json_fields(struct json *j, const struct plan *p, const struct plan_step *s,
	const struct slot_style *slots);

#endif
