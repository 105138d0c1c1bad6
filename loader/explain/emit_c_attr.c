/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The attrs of steps as C: field by field, or as changes of the attr that a fallback replaces. */
#include "emit_c_impl.h"

#include "elf/base/format.h"
#include "elf/base/text.h"
#include "plan_text_impl.h"

#include <inttypes.h>
#include <string.h>

enum { TEXT_MAX = 1024 };

/* Constants and fields of newer kernels than these are written as numbers. */
static const uint16_t headers_of = ABI_VERSION(6, 1);

static bool in_headers(const struct abi_field *f, uint64_t v)
{
	if (f->kind != ABI_ENUM && f->kind != ABI_FLAGS)
		return true;
	return abi_since((enum abi_set)f->set, v) <= headers_of;
}

/* The value of a field as a C expression. */
static bool field_expr(struct emit *w, const struct plan_step *s, const struct shown_field *f,
	char *buf, size_t size)
{
	struct host_attr h = host_attr(w->p, plan_step_layout(s), &w->p->blobs[s->attr]);
	uint64_t v = abi_get(&f->field, h.bytes, h.size);
	if (f->patch && f->patch->what == PATCH_SLOT) {
		text_print(buf, size, "%s%s", f->patch->size == 4 ? "(uint32_t)" : "(uint64_t)",
			w->slots[f->patch->index]);
	} else if (f->patch && f->patch->what == PATCH_BLOB) {
		if (!emit_blob(w, f->patch->index, s))
			return false;
		emit_use(w, PART_PTR);
		text_print(buf, size, "ptr(%s)", emit_blob_name(w, f->patch->index));
		if (f->patch->add)
			text_add(buf, size, " + %" PRIu32, f->patch->add);
	} else if (f->patch) {
		return emit_refuse(w, "%s: %s: a part of a number", s->who, s->doing);
	} else if (in_headers(&f->field, v)) {
		text_print(buf, size, "%s", f->value);
	} else {
		text_print(buf, size, "%" PRIu64 " /* %s */", v, f->value);
	}
	return true;
}

/* Whether the kernel's headers have the field; else it is written by its offset. */
static bool has_name(const struct abi_field *f)
{
	return f->since <= headers_of;
}

static void put_newer(struct emit *w, size_t i, const struct abi_field *f, const char *value)
{
	char version[8];
	emit_use(w, PART_PUT);
	put_text(w->steps, "\tput(&attr_%zu, %u, %u, %s); /* %s: Linux %s */\n", i + 1, f->offset,
		f->size, value, f->name, abi_version(f->since, version));
}

/* ".map_name = " or the statement that assigns; names are arrays. */
static void put_field(
	struct emit *w, size_t i, const struct abi_field *f, const char *value, bool initial)
{
	if (initial)
		put_text(w->steps, "\t\t.%s = %s,\n", f->name, value);
	else if (f->kind == ABI_NAME) /* it is only ever cleared */
		put_text(w->steps, "\tmemset(attr_%zu.%s, 0, sizeof attr_%zu.%s);\n", i + 1,
			f->name, i + 1, f->name);
	else
		put_text(w->steps, "\tattr_%zu.%s = %s;\n", i + 1, f->name, value);
}

static const char *attr_type(const struct plan_step *s)
{
	return s->op == STEP_BPF ? "union bpf_attr" : "struct perf_event_attr";
}

static bool put_whole_attr(struct emit *w, size_t i)
{
	const struct plan_step *s = &w->p->steps[i];
	struct shown_field f;
	char value[TEXT_MAX];
	put_text(w->steps, "\t%s attr_%zu = {\n", attr_type(s), i + 1);
	for (struct abi_walk k = fields_of(s); next_field(w->p, s, &k, &slots_by_name, &f);) {
		if (!field_expr(w, s, &f, value, sizeof value))
			return false;
		if (has_name(&f.field))
			put_field(w, i, &f.field, value, true);
	}
	put_text(w->steps, "\t};\n");
	for (struct abi_walk k = fields_of(s); next_field(w->p, s, &k, &slots_by_name, &f);)
		if (!has_name(&f.field)) {
			if (!field_expr(w, s, &f, value, sizeof value))
				return false;
			put_newer(w, i, &f.field, value);
		}
	return true;
}

static bool find_field(
	const struct plan *p, const struct plan_step *s, const char *name, struct shown_field *f)
{
	for (struct abi_walk k = fields_of(s); next_field(p, s, &k, &slots_by_name, f);)
		if (!strcmp(f->field.name, name))
			return true;
	return false;
}

/* Both have their value from the same place, or have the same. */
static bool same_value(const struct shown_field *a, const struct shown_field *b)
{
	if (!a->patch != !b->patch)
		return false;
	if (!a->patch)
		return !strcmp(a->value, b->value);
	return a->patch->what == b->patch->what && a->patch->index == b->patch->index;
}

static bool is_types(const struct emit *w, const struct shown_field *f)
{
	return f->patch && f->patch->what == PATCH_BLOB &&
	       !strcmp(w->p->blobs[f->patch->index].what, "BTF");
}

/* The attr of the step that it replaces, without some fields and with others. */
static bool put_changed_attr(struct emit *w, size_t i)
{
	const struct plan *p = w->p;
	const struct plan_step *s = &p->steps[i], *old = &p->steps[s->fallback_for];
	struct shown_field f, other;
	char value[TEXT_MAX];
	put_text(w->steps, "\t%s attr_%zu = attr_%d;\n", attr_type(s), i + 1, s->fallback_for + 1);
	for (struct abi_walk k = fields_of(old); next_field(p, old, &k, &slots_by_name, &f);) {
		if (find_field(p, s, f.field.name, &other))
			continue;
		if (has_name(&f.field))
			put_field(w, i, &f.field, "0", false);
		else
			put_newer(w, i, &f.field, "0");
	}
	for (struct abi_walk k = fields_of(s); next_field(p, s, &k, &slots_by_name, &f);) {
		bool had = find_field(p, old, f.field.name, &other);
		if (had && (same_value(&f, &other) ||
				   (is_types(w, &f) && emit_types_fit(w, f.patch->index))))
			continue;
		if (!field_expr(w, s, &f, value, sizeof value))
			return false;
		if (has_name(&f.field))
			put_field(w, i, &f.field, value, false);
		else
			put_newer(w, i, &f.field, value);
	}
	return true;
}

bool emit_attr(struct emit *w, size_t i)
{
	const struct plan_step *s = &w->p->steps[i];
	if (s->attr == PLAN_NONE)
		return true;
	const struct plan_step *old =
		s->fallback_for == PLAN_NONE ? NULL : &w->p->steps[s->fallback_for];
	return old && old->op == s->op && old->cmd == s->cmd ? put_changed_attr(w, i)
	                                                     : put_whole_attr(w, i);
}
