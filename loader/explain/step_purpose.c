/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "step_purpose.h"

#include "elf/base/bpf_abi.h"
#include "elf/base/format.h"
#include "elf/base/insn.h"
#include "elf/base/texts.h"

#define ANY UINT32_MAX

static const struct {
	uint8_t op;
	uint32_t which;
} keys[] = {
#define PURPOSE(op, which, text) {STEP_##op, which},
#include "step_purposes.def"
#undef PURPOSE
};

/* One after the other, each with its NUL. */
static const char purposes[] PACKED_SECTION =
#define PURPOSE(op, which, text) text "\0"
#include "step_purposes.def"
#undef PURPOSE
	;

/* Map types with a task of their own; others share data. */
static const char *map_purpose(uint32_t map_type)
{
	switch (map_type) {
	case BPF_MAP_TYPE_RINGBUF:
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
		return PACKED("carries records to user space");
	case BPF_MAP_TYPE_USER_RINGBUF:
		return PACKED("carries records from user space to programs");
	case BPF_MAP_TYPE_PROG_ARRAY:
		return PACKED("programs to continue with, by tail calls");
	case BPF_MAP_TYPE_STACK_TRACE:
		return PACKED("keeps stacks, by the id that a helper returns");
	case BPF_MAP_TYPE_STRUCT_OPS:
		return PACKED("the functions that the kernel will call");
	default:
		return PACKED("what programs remember, and user space reads");
	}
}

const struct plan_map *step_map(const struct plan *p, const struct plan_step *s)
{
	for (size_t i = 0; i < p->n_maps && s->slot != PLAN_NONE; i++)
		if (p->maps[i].slot == s->slot)
			return &p->maps[i];
	return NULL;
}

static const char *find_purpose(const struct plan_step *s)
{
	const char *text = text_ready(purposes);
	uint32_t which = s->op == STEP_IOCTL ? s->cmd & 0xff : s->cmd;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++, text += strlen(text) + 1)
		if (keys[i].op == s->op && (keys[i].which == ANY || keys[i].which == which))
			return text;
	return "";
}

char *step_purpose(const struct plan *p, const struct plan_step *s, char *buf, size_t size)
{
	bool creates = s->op == STEP_BPF && s->cmd == BPF_MAP_CREATE;
	const struct plan_map *m = creates ? step_map(p, s) : NULL;
	if (*s->note)
		text_print(buf, size, "%s", s->note);
	else if (m && m->data)
		text_print(buf, size, "the variables in section %s of the object", m->name);
	else if (m)
		text_print(buf, size, "%s", map_purpose(m->map_type));
	else if (creates)
		text_print(buf, size, "a template: its elements are like it");
	else if (s->slot != PLAN_NONE && p->slots[s->slot].kind == SLOT_NUMBER)
		text_print(buf, size, "%s, %s", p->slots[s->slot].name, find_purpose(s));
	else
		text_print(buf, size, "%s", find_purpose(s));
	return buf;
}

bool slot_next_reference(const struct plan *p, int16_t slot, struct slot_reference *r)
{
	if (r->prog < 0)
		*r = (struct slot_reference){0};
	for (; (size_t)r->prog < p->n_progs; r->prog++, r->patch = 0) {
		int16_t insns = p->progs[r->prog].insns;
		const struct plan_blob *b = insns == PLAN_NONE ? NULL : &p->blobs[insns];
		while (b && r->patch < b->n_patches) {
			const struct plan_patch *patch = &b->patches[r->patch++];
			r->insn = patch->at / INSN_SIZE;
			if (patch->what == PATCH_SLOT && patch->index == slot)
				return true;
		}
	}
	return false;
}

static bool blob_takes(const struct plan *p, int16_t blob, int16_t slot)
{
	const struct plan_blob *b = blob == PLAN_NONE ? NULL : &p->blobs[blob];
	for (size_t i = 0; b && i < b->n_patches; i++) {
		const struct plan_patch *patch = &b->patches[i];
		if (patch->what == PATCH_BLOB ? blob_takes(p, (int16_t)patch->index, slot)
					      : patch->index == slot)
			return true;
	}
	return false;
}

bool step_takes(const struct plan *p, const struct plan_step *s, int16_t slot)
{
	for (int i = 0; i < PLAN_ARGS; i++)
		if (s->args[i].slot == slot || blob_takes(p, s->args[i].blob, slot))
			return true;
	return blob_takes(p, s->attr, slot);
}

size_t step_root(const struct plan *p, size_t i)
{
	for (;;) {
		const struct plan_step *s = &p->steps[i];
		int16_t before = s->fallback_for != PLAN_NONE ? s->fallback_for : s->undoes;
		if (before == PLAN_NONE)
			return i;
		i = (size_t)before;
	}
}
