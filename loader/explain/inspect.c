/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "inspect_impl.h"

#include "elf/base/format.h"
#include "elf/base/insn.h"
#include "elf/base/text.h"
#include "loader/hook/hook.h"
#include "loader/plan/abi.h"
#include "loader/show/print.h"
#include "loader/show/typed.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const char *number_cell(struct inspection *in, uint64_t n)
{
	const char *s = arena_printf(in->arena, "%" PRIu64, n);
	return s ? s : "";
}

char *value_cell(struct inspection *in, struct typed_field f, struct span record)
{
	char *text = NULL;
	size_t n;
	FILE *mem = open_memstream(&text, &n);
	if (!mem)
		return NULL;
	struct typed_out o = {.file = mem, .max = 48};
	typed_text(&o, &in->o.btf, f, record, true);
	fclose(mem);
	char *kept = text ? arena_printf(in->arena, "%s%s", text, o.cut ? "..." : "") : NULL;
	free(text);
	return kept;
}

static void show_head(struct inspection *in)
{
	const struct object *o = &in->o;
	if (in->opt->json)
		return;
	print(in->out, "%s: BPF object, %s-endian, license %s%s%s\n", o->path,
		o->elf.file.big ? "big" : "little", *o->license ? "\"" : "",
		*o->license ? o->license : "missing", *o->license ? "\"" : "");
	if (o->has_btf)
		print(in->out, "types: %" PRIu32 " in %zu bytes of BTF%s\n", o->btf.end - 1,
			o->btf.data.n, o->has_ext ? "" : ", no line information");
	else
		print(in->out, "types: none (no BTF; compile with -g)\n");
}

static void show_sections(struct inspection *in)
{
	static const char *const heads[] = {"name", "type", "bytes", "offset", "flags", NULL};
	static const char *const types[] = {[1] = "progbits",
		[2] = "symtab",
		[3] = "strtab",
		[4] = "rela",
		[8] = "nobits",
		[9] = "rel"};
	struct listing l = listing(in->arena, "section", "sections", heads);
	for (size_t i = 1; i < in->o.elf.n_sections && in->opt->sections; i++) {
		const struct elf_section *s = &in->o.elf.sections[i];
		const char *type = s->type < sizeof types / sizeof *types ? types[s->type] : NULL;
		char flags[8];
		text_print(flags, sizeof flags, "%s%s%s", s->flags & ELF_ALLOC ? "a" : "",
			s->flags & ELF_WRITE ? "w" : "", s->flags & ELF_EXEC ? "x" : "");
		listing_row(&l, s->name, type ? type : number_cell(in, s->type),
			number_cell(in, s->size), number_cell(in, s->file_off), flags);
	}
	listing_print(&l, in->opt->json, in->out);
}

/* Does a program with this hook require a target argument? */
static bool needs_target(const struct hook *h, bool has_target)
{
	return h->needs || (h->target != TARGET_NONE && !has_target);
}

/* What attaches a program without an attach point of its own: the struct_ops that it is a member of. */
static const char *owner_cell(struct inspection *in, const struct obj_func *f)
{
	for (size_t i = 0; i < in->o.n_maps; i++) {
		const struct obj_map *m = &in->o.maps[i];
		for (size_t k = 0; m->kind == OBJ_MAP_STRUCT_OPS && k < m->n_slots; k++)
			if (m->slots[k].func == f)
				return arena_printf(in->arena, "member of %s", m->name);
	}
	return "loaded only";
}

static void show_programs(struct inspection *in)
{
	static const char *const heads[] = {"name", "section", "type", "insns", "note", NULL};
	struct listing l = listing(in->arena, "program", "programs", heads);
	for (size_t i = 0; i < in->o.n_funcs; i++) {
		const struct obj_func *f = &in->o.funcs[i];
		struct err e = {0};
		const char *target;
		char nick[48];
		const struct hook *h = f->entry ? hook_find(f->sec, &target, &e) : NULL;
		listing_row(&l, f->name, f->sec,
			h ? abi_nick(ABI_PROG_TYPES, h->prog_type, nick) : "",
			number_cell(in, f->size / INSN_SIZE),
			!f->entry                  ? "subprogram"
			: f->is_static             ? "static: cannot be loaded"
			: !h                       ? "unknown section name"
			: f->no_autoload           ? "autoload off (--only loads it)"
			: !h->attach               ? owner_cell(in, f)
			: needs_target(h, *target) ? "needs a target (--on)"
						   : "");
	}
	listing_print(&l, in->opt->json, in->out);
}

/* Whether the object has the programs that the user names. */
static bool check_only(const struct inspection *in, struct err *e)
{
	char names[300] = "";
	for (size_t i = 0; i < in->opt->n_only; i++) {
		bool found = false;
		for (size_t k = 0; k < in->o.n_funcs && !found; k++)
			found = in->o.funcs[k].entry &&
			        !strcmp(in->o.funcs[k].name, in->opt->only[i]);
		if (found)
			continue;
		for (size_t k = 0; k < in->o.n_funcs; k++)
			if (in->o.funcs[k].entry)
				text_list(names, sizeof names, "%s", in->o.funcs[k].name);
		err_set(e, "%s: there is no program '%s'", in->o.path, in->opt->only[i]);
		return err_hint(
			e, "%s%s", *names ? "its programs are: " : "it has no programs", names);
	}
	return true;
}

bool inspect_object(const char *path, struct span bytes, const struct inspect_options *opt,
	struct target *t, FILE *out, struct err *e)
{
	struct arena a = {0};
	struct inspection in = {.opt = opt, .arena = &a, .out = out};
	bool ok = object_open(&in.o, path, bytes, &a, e) && check_only(&in, e) &&
	          find_records(&in, e);
	if (ok) {
		show_head(&in);
		show_sections(&in);
		show_programs(&in);
		show_maps(&in);
		show_records(&in);
		show_meanings(&in);
		show_variables(&in);
		show_externs(&in, t);
		show_relocations(&in);
		show_linking(&in, t);
	}
	arena_free(&a);
	return ok;
}
