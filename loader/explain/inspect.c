/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "inspect.h"

#include "elf/records/records.h"
#include "elf/link/link.h"
#include "loader/plan/abi.h"
#include "code.h"
#include "loader/hook/hook.h"
#include "loader/show/listing.h"
#include "loader/show/typed.h"

#include <inttypes.h>
#include <stdlib.h>

enum { CELL = 160 };

struct inspection {
	const struct inspect_options *opt;
	struct object o;
	struct arena *arena;
	FILE *out;
	struct listing core;         /* filled while linking */
	const struct obj_func *prog; /* being linked */
};

static const char *number(struct inspection *in, uint64_t n)
{
	const char *s = arena_printf(in->arena, "%" PRIu64, n);
	return s ? s : "";
}

/* ---- the file ---- */

static void show_head(struct inspection *in)
{
	const struct object *o = &in->o;
	if (in->opt->json)
		return;
	fprintf(in->out, "%s: BPF object, %s-endian, license %s%s%s\n", o->path,
		o->elf.file.big ? "big" : "little", *o->license ? "\"" : "",
		*o->license ? o->license : "missing", *o->license ? "\"" : "");
	if (o->has_btf)
		fprintf(in->out, "types: %" PRIu32 " in %zu bytes of BTF%s\n", o->btf.end - 1,
			o->btf.data.n, o->has_ext ? "" : ", no line information");
	else
		fprintf(in->out, "types: none (no BTF; compile with -g)\n");
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
		snprintf(flags, sizeof flags, "%s%s%s", s->flags & ELF_ALLOC ? "a" : "",
			s->flags & ELF_WRITE ? "w" : "", s->flags & ELF_EXEC ? "x" : "");
		listing_row(&l, s->name, type ? type : number(in, s->type), number(in, s->size),
			number(in, s->file_off), flags);
	}
	listing_print(&l, in->opt->json, in->out);
}

/* ---- programs and maps ---- */

/* Does a program with this hook need to be told where to attach? */
static bool needs_target(const struct hook *h, bool has_target)
{
	return h->needs || (h->target != TARGET_NONE && !has_target);
}

static void show_programs(struct inspection *in)
{
	static const char *const heads[] = {"name", "section", "type", "insns", "remark", NULL};
	struct listing l = listing(in->arena, "program", "programs", heads);
	for (size_t i = 0; i < in->o.n_funcs; i++) {
		const struct obj_func *f = &in->o.funcs[i];
		struct err e = {0};
		const char *target;
		char nick[48];
		const struct hook *h = f->entry ? hook_find(f->sec, &target, &e) : NULL;
		listing_row(&l, f->name, f->sec,
			h ? abi_nick(ABI_PROG_TYPES, h->prog_type, nick) : "",
			number(in, f->size / INSN_SIZE),
			!f->entry                  ? "subprogram"
			: !h                       ? "unknown section name"
			: f->no_autoload           ? "on request only (--only)"
			: !h->attach               ? "loaded only"
			: needs_target(h, *target) ? "says not where: --on"
						   : "");
	}
	listing_print(&l, in->opt->json, in->out);
}

/* The type of a key or value, or its size where the type is unknown. */
static const char *type_cell(struct inspection *in, uint32_t type, uint32_t size)
{
	char spelled[CELL];
	if (!size)
		return "";
	if (!type || !in->o.has_btf)
		return arena_printf(in->arena, "%" PRIu32 " bytes", size);
	btf_spell(&in->o.btf, type, spelled, sizeof spelled);
	return arena_printf(in->arena, "%s (%" PRIu32 ")", spelled, size);
}

/* The types of records, or NULL when nothing can be known about them. */
static const struct record_result *find_events(struct inspection *in)
{
	struct record_result *out = arena_array(in->arena, in->o.n_maps, sizeof *out);
	struct span shown;
	struct err e = {0};
	bool ok = out && in->o.has_btf &&
	          records_find(&in->o, &in->o.btf, NULL, 0, in->arena, out, &shown, &e);
	return ok ? out : NULL;
}

/* "BPF_F_RDONLY_PROG | BPF_F_MMAPABLE" -> "RDONLY_PROG | MMAPABLE" */
static void shorten(char *flags)
{
	static const char prefix[] = "BPF_F_";
	size_t n = sizeof prefix - 1;
	for (char *p = flags; (p = strstr(p, prefix));)
		memmove(p, p + n, strlen(p + n) + 1);
}

static void show_maps(struct inspection *in)
{
	static const char *const heads[] = {
		"name", "type", "key", "value", "entries", "flags", NULL};
	struct listing l = listing(in->arena, "map", "maps", heads);
	const struct record_result *events = find_events(in);
	for (size_t i = 0; i < in->o.n_maps; i++) {
		const struct obj_map *m = &in->o.maps[i];
		char nick[48], flags[CELL] = "";
		const char *value = type_cell(in, m->value_type, m->value_size);
		if (m->kind == OBJ_MAP_DATA)
			value = arena_printf(in->arena, "%" PRIu32 " bytes", m->value_size);
		if (events && events[i].type)
			value = events[i].name;
		if (m->map_flags)
			abi_expr(ABI_MAP_FLAGS, m->map_flags, flags, sizeof flags);
		if (!in->opt->json)
			shorten(flags);
		listing_row(&l, m->name, abi_nick(ABI_MAP_TYPES, m->map_type, nick),
			m->kind == OBJ_MAP_DATA ? "" : type_cell(in, m->key_type, m->key_size),
			value, number(in, m->max_entries), flags);
	}
	listing_print(&l, in->opt->json, in->out);
}

/* ---- variables ---- */

static char *value_text(struct inspection *in, struct typed_field f, struct span record)
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

/* The offset of a variable: clang leaves it out of BTF, the symbol has it. */
static uint64_t offset_of(
	const struct object *o, uint32_t section, const char *name, uint32_t otherwise)
{
	const struct elf_symbol *s = elf_symbol_named(&o->elf, section, name);
	return s ? s->value : otherwise;
}

static void list_variables(struct inspection *in, const struct obj_map *m, struct listing *l)
{
	const struct btf *b = &in->o.btf;
	struct btf_type sec, var;
	btf_type(b, m->value_type, &sec);
	for (uint32_t i = 0; i < sec.vlen; i++) {
		struct btf_secinfo info = btf_secinfo(&sec, i);
		char type[CELL];
		if (!btf_type(b, info.type, &var) || btf_var_linkage(&var) == BTF_STATIC)
			continue;
		const char *name = btf_name(&var);
		uint64_t off = offset_of(&in->o, m->section, name, info.offset);
		btf_spell(b, var.type, type, sizeof type);
		struct typed_field f = {.type = var.type, .bit_off = off * 8};
		listing_row(l, name, type, m->name, m->init.n ? value_text(in, f, m->init) : "0");
	}
}

static void show_variables(struct inspection *in)
{
	static const char *const heads[] = {"name", "type", "section", "value", NULL};
	struct listing l = listing(in->arena, "variable", "variables (--set NAME=VALUE)", heads);
	for (size_t i = 0; i < in->o.n_maps && in->o.has_btf; i++)
		if (in->o.maps[i].kind == OBJ_MAP_DATA && in->o.maps[i].value_type &&
			!in->o.maps[i].config)
			list_variables(in, &in->o.maps[i], &l);
	listing_print(&l, in->opt->json, in->out);
}

/* What this kernel has for an extern. */
static const char *extern_answer(struct inspection *in, const struct obj_extern *x,
	const struct extern_answer *a, struct span config, const struct target *t)
{
	if (x->kind == EXTERN_ADDRESS)
		return "found at load";
	if (!a->found)
		return a->why;
	if (x->kind == EXTERN_CONFIG)
		return value_text(in,
			(struct typed_field){.type = x->type, .bit_off = (uint64_t)x->off * 8},
			config);
	return arena_printf(in->arena, "type %" PRIu32 " of %s", a->id,
		t->modules ? t->modules[a->target] : "?");
}

/* Symbols that are neither defined nor declared as externs stay open for a linker. */
static void list_undefined(struct inspection *in, struct listing *l)
{
	for (uint32_t i = 1; i < in->o.elf.n_symbols; i++) {
		const struct elf_symbol *s = &in->o.elf.symbols[i];
		if (s->section == ELF_UNDEF && *s->name && extern_of_symbol(&in->o, i) < 0)
			listing_row(l, s->name, "undefined", "",
				s->bind == ELF_WEAK ? "weak" : "strong", "");
	}
}

static void show_externs(struct inspection *in, struct target *t)
{
	static const char *const heads[] = {"name", "kind", "type", "binding", "this kernel", NULL};
	static const char *const kinds[] = {[EXTERN_CONFIG] = "kconfig",
		[EXTERN_VARIABLE] = "variable",
		[EXTERN_ADDRESS] = "address",
		[EXTERN_KFUNC] = "kfunc"};
	const struct object *o = &in->o;
	struct listing l = listing(in->arena, "extern", "externs", heads);
	struct extern_answer *answers = arena_array(in->arena, o->n_externs, sizeof *answers);
	struct kernel_types none = {0};
	const struct kernel_facts facts = target_facts(t);
	struct span config = {0};
	struct err e = {0};
	bool known = answers && o->n_externs &&
	             externs_find(o, object_needs_kernel_btf(o) ? target_types(t, &e) : &none,
			     &facts, answers, &config, &e);
	for (size_t i = 0; i < o->n_externs; i++) {
		const struct obj_extern *x = &o->externs[i];
		char type[CELL] = "";
		if (x->kind == EXTERN_CONFIG || x->kind == EXTERN_VARIABLE)
			btf_spell(&o->btf, x->type, type, sizeof type);
		listing_row(&l, x->name, kinds[x->kind], type, x->weak ? "weak" : "strong",
			known ? extern_answer(in, x, &answers[i], config, t) : e.text);
	}
	list_undefined(in, &l);
	listing_print(&l, in->opt->json, in->out);
}

/* ---- relocations of the code, as they stand in the file ---- */

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
		                                           : number(in, r.type);
		listing_row(l, code->name, number(in, r.off / INSN_SIZE), kind, s->name);
	}
}

static void show_relocations(struct inspection *in)
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

/* ---- linking ---- */

static void note_core(
	void *ctx, const struct obj_func *func, uint32_t insn, const struct core_note *note)
{
	struct inspection *in = ctx;
	listing_row(&in->core, func->name, number(in, insn), core_kind_name(note->kind), note->what,
		number(in, note->local), note->poison ? note->why : number(in, note->target));
}

static bool is_wanted(const struct inspect_options *opt, const char *name)
{
	for (size_t i = 0; i < opt->n_only; i++)
		if (!strcmp(opt->only[i], name))
			return true;
	return !opt->n_only;
}

static bool wanted_func(void *ctx, const struct obj_func *f)
{
	return f == ((struct inspection *)ctx)->prog;
}

struct linked_names {
	const struct object *object;
	const struct image_prog *prog;
};

/* Open references are shown by the name of their map. */
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
			snprintf(buf, n, "table[%s]", names->prog->tables[ref->index].name);
			return true;
		}
		if (ref->kind == REF_ADDRESS)
			snprintf(buf, n, "&%s", names->object->externs[ref->index].name);
		else if (ref->kind == REF_VALUE)
			snprintf(buf, n, "map[%s]+%" PRId32, names->object->maps[ref->index].name,
				next.imm);
		else
			snprintf(buf, n, "map[%s]", names->object->maps[ref->index].name);
		return true;
	}
	return false;
}

/* Links one program alone, so that one that can't be linked does not hide the others. */
static void inspect_program(struct inspection *in, const struct obj_func *f, struct target *kernel,
	struct listing *failed)
{
	struct image image;
	struct err e = {0};
	struct kernel_types none = {0};
	const struct kernel_facts facts = target_facts(kernel);
	in->prog = f;
	struct link_options link = {.wanted = wanted_func,
		.ctx = in,
		.types = object_needs_kernel_btf(&in->o) ? target_types(kernel, &e) : &none,
		.facts = &facts,
		.watch = {note_core, in}};
	bool ok = image_link(&image, &in->o, &link, &e);
	if (!ok)
		listing_row(failed, f->name, e.text);
	if (!in->opt->code || in->opt->json || !is_wanted(in->opt, f->name))
		return;
	fprintf(in->out, "\n%s (%s) as compiled\n", f->name, f->sec);
	code_print(in->o.elf.sections[f->section].data.p + f->off, (size_t)f->size / INSN_SIZE,
		in->o.elf.file.big, NULL, "  ", in->out);
	if (!ok)
		return;
	fprintf(in->out, "\n%s (%s) as linked\n", f->name, f->sec);
	struct linked_names linked = {&in->o, &image.progs[0]};
	const struct disasm_names names = {name_operand, &linked};
	code_print(
		image.progs[0].insns, image.progs[0].n, in->o.elf.file.big, &names, "  ", in->out);
}

static void show_linking(struct inspection *in, struct target *t)
{
	static const char *const heads[] = {
		"program", "insn", "kind", "what", "local", "kernel", NULL};
	static const char *const failed_heads[] = {"program", "why", NULL};
	char *title = arena_printf(in->arena, "CO-RE relocations (kernel: %s)", t->release);
	in->core = listing(in->arena, "core", title ? title : "", heads);
	struct listing failed = listing(in->arena, "failure", "can't be linked", failed_heads);
	for (size_t i = 0; i < in->o.n_funcs; i++)
		if (in->o.funcs[i].entry)
			inspect_program(in, &in->o.funcs[i], t, &failed);
	listing_print(&in->core, in->opt->json, in->out);
	listing_print(&failed, in->opt->json, in->out);
	target_close(t);
}

bool inspect_object(const char *path, struct span bytes, const struct inspect_options *opt,
	struct target *t, FILE *out, struct err *e)
{
	struct arena a = {0};
	struct inspection in = {.opt = opt, .arena = &a, .out = out};
	bool ok = object_open(&in.o, path, bytes, &a, e);
	if (ok) {
		show_head(&in);
		show_sections(&in);
		show_programs(&in);
		show_maps(&in);
		show_variables(&in);
		show_externs(&in, t);
		show_relocations(&in);
		show_linking(&in, t);
	}
	arena_free(&a);
	return ok;
}
