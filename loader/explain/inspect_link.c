/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "inspect_impl.h"

#include "code.h"

#include "elf/base/format.h"
#include "loader/show/print.h"

#include <inttypes.h>
#include <string.h>

static void list_relocations(
	struct inspection *in, const struct elf_section *rel, struct listing *l)
{
	const struct elf *elf = &in->o.elf;
	const struct elf_section *code = &elf->sections[rel->info];
	struct elf_rel r;
	for (size_t i = 0; elf_rel(elf, rel, i, &r); i++) {
		const struct elf_symbol *s = &elf->symbols[r.symbol];
		const char *kind = r.type == R_BPF_64_64   ? "64-bit load"
		                   : r.type == R_BPF_64_32 ? "call"
		                                           : number_cell(in, r.type);
		listing_row(l, code->name, number_cell(in, r.off / INSN_SIZE), kind, s->name);
	}
}

void show_relocations(struct inspection *in)
{
	static const char *const heads[] = {"section", "insn", "kind", "symbol", NULL};
	struct listing l = listing(in->arena, "relocation", "relocations", heads);
	for (size_t i = 1; i < in->o.elf.n_sections; i++) {
		const struct elf_section *s = &in->o.elf.sections[i];
		if ((s->type == ELF_REL || s->type == ELF_RELA) && s->info < in->o.elf.n_sections &&
			in->o.elf.sections[s->info].flags & ELF_EXEC)
			list_relocations(in, s, &l);
	}
	listing_print(&l, in->opt->json, in->out);
}

static void note_core(
	void *ctx, const struct obj_func *func, uint32_t insn, const struct core_result *note)
{
	struct inspection *in = ctx;
	listing_row(&in->core, func->name, number_cell(in, insn), core_kind_name(note->kind),
		note->what, number_cell(in, note->local),
		note->poison ? note->why : number_cell(in, note->target));
}

static void note_layouts(void *ctx, const struct layout_source *sources, size_t n)
{
	struct inspection *in = ctx;
	for (size_t i = 0; i < n; i++)
		listing_row(&in->layouts, sources[i].type,
			sources[i].file ? sources[i].file : "as compiled");
}

static bool is_wanted(const struct inspect_options *opt, const char *name)
{
	for (size_t i = 0; i < opt->n_only; i++)
		if (!strcmp(opt->only[i], name))
			return true;
	return !opt->n_only;
}

struct linked_names {
	const struct object *object;
	const struct image_prog *prog;
};

/* Shows unresolved references by name. */
static bool name_operand(
	void *ctx, size_t slot, struct insn i, struct insn next, char *buf, size_t n)
{
	const struct linked_names *names = ctx;
	(void)i;
	for (size_t k = 0; k < names->prog->n_refs; k++) {
		const struct image_ref *ref = &names->prog->refs[k];
		if (ref->insn != slot)
			continue;
		if (ref->kind == REF_MODULE)
			return false;
		if (ref->kind == REF_TABLE) {
			text_print(buf, n, "table[%s]", names->prog->tables[ref->index].name);
			return true;
		}
		if (ref->kind == REF_ADDRESS)
			text_print(buf, n, "&%s", names->object->externs[ref->index].name);
		else if (ref->kind == REF_VALUE)
			text_print(buf, n, "map[%s]+%" PRId32, names->object->maps[ref->index].name,
				next.imm);
		else
			text_print(buf, n, "map[%s]", names->object->maps[ref->index].name);
		return true;
	}
	return false;
}

static void note_failure(void *ctx, const struct obj_func *f, const struct err *e)
{
	struct inspection *in = ctx;
	listing_row(&in->failed, f->name, e->text);
}

/* linked: NULL if that failed. */
static void show_code(
	const struct inspection *in, const struct obj_func *f, const struct image_prog *linked)
{
	bool big = in->o.elf.file.big;
	print(in->out, "\n%s (%s) as compiled\n", f->name, f->sec);
	code_print(in->o.elf.sections[f->section].data.p + f->off, (size_t)f->size / INSN_SIZE, big,
		NULL, "  ", in->out);
	if (!linked)
		return;
	print(in->out, "\n%s (%s) as linked\n", f->name, f->sec);
	struct linked_names ctx = {&in->o, linked};
	const struct disasm_names names = {name_operand, &ctx};
	code_print(linked->insns, linked->n, big, &names, "  ", in->out);
}

static void link_programs(struct inspection *in, struct target *kernel)
{
	struct image image;
	struct err e = {0};
	struct kernel_types none = {0};
	struct kernel_facts facts = target_facts(kernel);
	facts.event_format = target_event_format;
	struct link_options link = {.failed = note_failure,
		.ctx = in,
		.types = object_needs_kernel_btf(&in->o) ? target_types(kernel, &e) : &none,
		.facts = &facts,
		.layouts = layouts_find,
		.watch = {.fn = note_core, .layouts = note_layouts, .ctx = in}};
	bool ok = image_link(&image, &in->o, &link, &e);
	const struct image_prog *next = image.progs, *end = ok ? next + image.n_progs : next;
	for (size_t i = 0; i < in->o.n_funcs; i++) {
		const struct obj_func *f = &in->o.funcs[i];
		const struct image_prog *linked = next < end && next->func == f ? next++ : NULL;
		if (f->entry && !ok)
			note_failure(in, f, &e);
		if (f->entry && in->opt->code && !in->opt->json && is_wanted(in->opt, f->name))
			show_code(in, f, linked);
	}
}

void show_linking(struct inspection *in, struct target *t)
{
	static const char *const heads[] = {
		"program", "insn", "kind", "name", "local", "kernel", NULL};
	static const char *const failed_heads[] = {"program", "why", NULL};
	static const char *const layout_heads[] = {"struct", "from", NULL};
	char *title = arena_printf(in->arena, "CO-RE relocations (kernel: %s)", t->release);
	in->core = listing(in->arena, "core", title ? title : "", heads);
	in->failed = listing(in->arena, "failure", "cannot be linked", failed_heads);
	in->layouts = listing(in->arena, "layout", "layouts (the kernel has no BTF)", layout_heads);
	link_programs(in, t);
	listing_print(&in->layouts, in->opt->json, in->out);
	listing_print(&in->core, in->opt->json, in->out);
	listing_print(&in->failed, in->opt->json, in->out);
	target_close(t);
}
