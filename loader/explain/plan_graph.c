/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "plan_graph.h"

#include "call_text.h"
#include "elf/base/bpf_abi.h"
#include "loader/plan/abi.h"
#include "loader/show/print.h"
#include "step_purpose.h"

#include <inttypes.h>
#include <string.h>

/* A text within a quoted string. Names are untrusted. */
static void put_text(const char *text, FILE *out)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			fputc('\\', out);
		fputc(c < ' ' || c > '~' ? '?' : c, out);
	}
}

static void put_map(const struct plan_map *m, int16_t slot, FILE *out)
{
	char nick[48];
	print(out, "\tslot%d [shape=%s, label=\"", slot, m->data ? "note" : "cylinder");
	put_text(m->name, out);
	print(out, "\\n%s", abi_map_nick(m->map_type, nick));
	if (m->map_type == BPF_MAP_TYPE_RINGBUF || m->data)
		print(out, ", %" PRIu32 " bytes\"];\n", m->data ? m->value_size : m->max_entries);
	else
		print(out, ", %" PRIu32 " entr%s\"];\n", m->max_entries,
			m->max_entries == 1 ? "y" : "ies");
}

static void put_prog(const struct plan *p, const struct plan_prog *prog, FILE *out)
{
	char nick[48];
	print(out, "\tslot%d [shape=box, style=bold, label=\"", prog->slot);
	put_text(prog->name, out);
	print(out, "\\n%s", abi_nick(ABI_PROG_TYPES, prog->prog_type, nick));
	if (prog->insns != PLAN_NONE)
		print(out, ", %" PRIu32 " instructions", p->blobs[prog->insns].size / 8);
	print(out, "\"];\n");
}

/* The call that attaches a program: the first that fills its link. */
static const struct plan_step *attaching(const struct plan *p, const struct plan_prog *prog)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (prog->link != PLAN_NONE && p->steps[i].slot == prog->link)
			return &p->steps[i];
	return NULL;
}

static void put_hook(const struct plan *p, size_t i, FILE *out)
{
	const struct plan_prog *prog = &p->progs[i];
	const struct plan_step *s = attaching(p, prog);
	char name[48];
	if (!s)
		return;
	print(out, "\thook%zu [shape=ellipse, label=\"", i);
	put_text(prog->sec, out);
	print(out, "\"];\n\thook%zu -> slot%d [label=\"", i, prog->slot);
	call_command(p, s, name);
	put_text(name, out);
	print(out, "\"];\n");
}

static bool is_named(const struct plan *p, int16_t slot)
{
	for (size_t i = 0; i < p->n_maps; i++)
		if (p->maps[i].slot == slot)
			return true;
	return false;
}

/* The number of references of program i to a slot. */
static size_t count_references(const struct plan *p, int i, int16_t slot)
{
	size_t n = 0;
	for (struct slot_reference r = {.prog = -1}; slot_next_reference(p, slot, &r);)
		n += r.prog == i;
	return n;
}

static void put_references(const struct plan *p, int i, FILE *out)
{
	for (size_t k = 0; k < p->n_maps; k++) {
		int16_t slot = p->maps[k].slot;
		size_t n = slot == PLAN_NONE ? 0 : count_references(p, i, slot);
		if (n)
			print(out, "\tslot%d -> slot%d [label=\"%zu\"];\n", p->progs[i].slot, slot,
				n);
	}
}

/* Elements that are programs or maps: written by BPF_MAP_UPDATE_ELEM. */
static void put_elements(const struct plan *p, const struct plan_step *s, FILE *out)
{
	const struct plan_blob *attr = &p->blobs[s->attr];
	int map = PLAN_NONE, element = PLAN_NONE;
	for (size_t i = 0; i < attr->n_patches; i++) {
		const struct plan_patch *patch = &attr->patches[i];
		const struct plan_blob *b =
			patch->what == PATCH_BLOB ? &p->blobs[patch->index] : NULL;
		if (patch->what == PATCH_SLOT && patch->at == ATTR(map_fd).at)
			map = patch->index;
		else if (b && patch->at == ATTR(value).at && b->n_patches &&
			 b->patches[0].what == PATCH_SLOT)
			element = b->patches[0].index;
	}
	if (map != PLAN_NONE && element != PLAN_NONE && is_named(p, (int16_t)map))
		print(out, "\tslot%d -> slot%d [style=dashed];\n", map, element);
}

void plan_print_graph(const struct plan *p, FILE *out)
{
	print(out, "digraph \"");
	put_text(p->name, out);
	print(out, "\" {\n\trankdir=LR;\n\tnode [fontname=\"sans-serif\"];\n");
	for (size_t i = 0; i < p->n_progs; i++) {
		put_prog(p, &p->progs[i], out);
		put_hook(p, i, out);
	}
	for (size_t i = 0; i < p->n_maps; i++)
		if (p->maps[i].slot != PLAN_NONE)
			put_map(&p->maps[i], p->maps[i].slot, out);
	for (size_t i = 0; i < p->n_progs; i++)
		put_references(p, (int)i, out);
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].op == STEP_BPF && p->steps[i].cmd == BPF_MAP_UPDATE_ELEM)
			put_elements(p, &p->steps[i], out);
	print(out, "}\n");
}
