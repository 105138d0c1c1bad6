/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Linking a program:
 *
 *   place       append a function to the program, once
 *   copy info   append its func_info and line_info, adjusted to its position
 *   apply CO-RE relocate its instructions against the target
 *   resolve     for each instruction with a relocation:
 *                 call            -> place the callee, imm = distance
 *                 address of code -> the same, through a 64-bit load
 *                 map or data     -> a reference, until the kernel provides a descriptor
 *                 extern          -> the result of extern.h
 *
 * A callee is placed when the first call to it is encountered: the functions are in depth-first
 * order. libbpf uses the same order, so that the results can be compared.
 */
#include "link_impl.h"

#include "elf/base/insn.h"

enum { FUNC_INFO_SIZE = 8, LINE_INFO_SIZE = 16 };
enum { FUNCS_MAX = 256 }; /* of a program: BPF_MAX_SUBPROGS; also bounds the recursion */

/* ---- sections of code ---- */

static bool load_relocations(struct linker *l, uint32_t index, struct code *code)
{
	size_t n = (size_t)(code->section->size / INSN_SIZE);
	code->rel = arena_array(l->o->arena, n, sizeof *code->rel);
	if (!code->rel)
		return err_nomem(l->e);
	for (size_t i = 1; i < l->o->elf.n_sections; i++) {
		const struct elf_section *s = &l->o->elf.sections[i];
		struct elf_rel rel;
		if ((s->type != ELF_REL && s->type != ELF_RELA) || s->info != index)
			continue;
		for (size_t k = 0; elf_rel(&l->o->elf, s, k, &rel); k++) {
			if (rel.off % INSN_SIZE || rel.off / INSN_SIZE >= n)
				return err_set(l->e,
					"section '%s': relocation %zu at byte %llu is not an "
					"instruction of '%s'",
					s->name, k, (unsigned long long)rel.off,
					code->section->name);
			code->rel[rel.off / INSN_SIZE] = rel;
		}
	}
	return true;
}

static bool load_code(struct linker *l, uint32_t index)
{
	struct code *code = &l->code[index];
	code->section = &l->o->elf.sections[index];
	if (!load_relocations(l, index, code))
		return false;
	for (int what = 0; what < BTF_EXT_LISTS && l->o->has_ext; what++)
		code->list[what] = btf_ext_section(&l->o->ext, (enum btf_ext_what)what, &l->o->btf,
			code->section->name, &code->rec_size[what]);
	return true;
}

static bool load_all_code(struct linker *l)
{
	l->code = arena_array(l->o->arena, l->o->elf.n_sections, sizeof *l->code);
	if (!l->code)
		return err_nomem(l->e);
	for (size_t i = 0; i < l->o->n_funcs; i++) {
		uint32_t section = l->o->funcs[i].section;
		if (!l->code[section].section && !load_code(l, section))
			return false;
	}
	return true;
}

/* ---- place and resolve ---- */

static bool append_bytes(struct linker *l, struct builder *b, const struct obj_func *f)
{
	size_t used = (size_t)b->prog->n * INSN_SIZE, need = used + (size_t)f->size;
	if (need > b->room) {
		size_t room = need + need / 2;
		uint8_t *p = arena_alloc(l->o->arena, room);
		if (!p)
			return err_nomem(l->e);
		memcpy(p, b->prog->insns ? b->prog->insns : p, used);
		b->prog->insns = p;
		b->room = room;
	}
	memcpy(b->prog->insns + used, l->code[f->section].section->data.p + f->off,
		(size_t)f->size);
	b->prog->n += (uint32_t)(f->size / INSN_SIZE);
	return true;
}

static bool place(struct linker *l, struct builder *b, const struct obj_func *f, uint32_t *at);

static bool place_once(struct linker *l, struct builder *b, const struct obj_func *f, uint32_t *at)
{
	for (size_t i = 0; i < b->n_placed; i++)
		if (b->placed[i].func == f) {
			*at = b->placed[i].at;
			return true;
		}
	return place(l, b, f, at);
}

/* Places the function at a byte of a section. *at: the number of its first instruction. */
static bool place_target(
	struct linker *l, struct builder *b, uint32_t section, int64_t off, uint32_t *at)
{
	const struct obj_func *f = off < 0 ? NULL : object_func_at(l->o, section, (uint64_t)off);
	if (!f)
		return err_set(l->e, "call of byte %lld of section '%s', where no function starts",
			(long long)off,
			section < l->o->elf.n_sections ? l->o->elf.sections[section].name : "?");
	return place_once(l, b, f, at);
}

/*
 * The target of a call is given by a relocation (symbol + 8 * (imm + 1)) or, within a section, by the
 * distance alone.
 */
static bool resolve_call(struct linker *l, struct builder *b, const struct obj_func *f, uint32_t k,
	uint32_t at, const struct elf_rel *rel)
{
	struct insn insn = link_get(l, b, at);
	uint32_t section = f->section, target;
	int64_t off = (int64_t)f->off + (int64_t)INSN_SIZE * ((int64_t)k + insn.imm + 1);
	if (rel->type) {
		const struct elf_symbol *sym = &l->o->elf.symbols[rel->symbol];
		if (sym->section == ELF_UNDEF)
			return link_call_kfunc(l, b, at, rel->symbol);
		section = sym->section;
		off = (int64_t)sym->value + (int64_t)INSN_SIZE * ((int64_t)insn.imm + 1);
	}
	if (!place_target(l, b, section, off, &target))
		return false;
	insn.imm = (int32_t)(target - at - 1);
	link_put(l, b, at, insn);
	return true;
}

/*
 * A jump table: section .jumptables contains the byte offset of each target in the section of the
 * function. The map receives the numbers of these instructions in the program.
 */
static bool load_table(struct linker *l, struct builder *b, const struct obj_func *f,
	uint32_t start, uint32_t at, const struct elf_symbol *sym)
{
	struct image_prog *p = b->prog;
	struct span table = span_sub(l->o->elf.sections[sym->section].data, sym->value, sym->size);
	struct image_table *list =
		arena_grow(l->o->arena, p->tables, p->n_tables, &b->tables_room, sizeof *list);
	struct insn insn = link_get(l, b, at), high = link_get(l, b, at + 1);
	uint32_t n = (uint32_t)(table.n / 8);
	uint32_t *insns = arena_array(l->o->arena, n, sizeof *insns);
	if (!list || !insns)
		return err_nomem(l->e);
	if (!n || table.n % 8)
		return err_set(l->e, "jump table '%s' has an invalid size", sym->name);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t off = span_u64(table, (uint64_t)i * 8);
		if (off < f->off || off - f->off >= f->size || (off - f->off) % INSN_SIZE)
			return err_set(l->e, "jump table '%s': entry %u is outside '%s'", sym->name,
				i, f->name);
		insns[i] = start + (uint32_t)(off - f->off) / INSN_SIZE;
	}
	p->tables = list;
	list[p->n_tables] = (struct image_table){sym->name, insns, n};
	insn.src = BPF_PSEUDO_MAP_VALUE;
	insn.imm = high.imm = 0;
	link_put(l, b, at, insn);
	link_put(l, b, at + 1, high);
	return link_add_ref(l, b,
		(struct image_ref){
			.insn = at, .kind = REF_TABLE, .index = (uint32_t)p->n_tables++});
}

static bool fail_target(struct linker *l, uint32_t at, const struct elf_symbol *sym, int64_t off)
{
	const char *section =
		sym->section < l->o->elf.n_sections ? l->o->elf.sections[sym->section].name : "";
	if (sym->section == ELF_COMMON) {
		err_set(l->e, "instruction %u refers to '%s', a common symbol, which has no place",
			at, sym->name);
		return err_hint(l->e, "compile with -fno-common, or initialise it: = 0");
	}
	if (!object_map_at(l->o, sym->section, sym->value))
		return err_set(l->e,
			"instruction %u refers to '%s', which is not a map, data or code", at,
			sym->name);
	err_set(l->e, "instruction %u refers to byte %lld of section '%s', outside of it ('%s')",
		at, (long long)off, section, sym->name);
	return err_hint(l->e,
		"the assembler of some gcc counts the offset of a variable twice: use a "
		"newer one, or static variables");
}

/* A 64-bit load of the address of code, of a map, or of a variable in a data section. */
static bool resolve_load(struct linker *l, struct builder *b, const struct obj_func *f,
	uint32_t start, uint32_t at, const struct elf_rel *rel)
{
	const struct elf_symbol *sym = &l->o->elf.symbols[rel->symbol];
	struct insn insn = link_get(l, b, at), high = link_get(l, b, at + 1);
	uint32_t target;
	int64_t off = (int64_t)sym->value + insn.imm;

	if (sym->section == ELF_UNDEF)
		return link_load_extern(l, b, at, rel->symbol);
	if (sym->section < l->o->elf.n_sections &&
		!strcmp(l->o->elf.sections[sym->section].name, ".jumptables"))
		return load_table(l, b, f, start, at, sym);
	if (sym->section < l->o->elf.n_sections && l->code[sym->section].section) {
		if (!place_target(l, b, sym->section, off, &target))
			return false;
		insn.src = BPF_PSEUDO_FUNC;
		insn.imm = (int32_t)(target - at - 1);
		high.imm = 0;
	} else {
		const struct obj_map *m =
			off < 0 ? NULL : object_map_at(l->o, sym->section, (uint64_t)off);
		if (!m)
			return fail_target(l, at, sym, off);
		bool data = m->kind == OBJ_MAP_DATA || sym->section == m->globals_section;
		insn.src = data ? BPF_PSEUDO_MAP_VALUE : BPF_PSEUDO_MAP_FD;
		insn.imm = 0;
		high.imm = data ? (int32_t)off : 0;
		if (!link_add_ref(l, b,
			    (struct image_ref){.insn = at,
				    .kind = data ? REF_VALUE : REF_MAP,
				    .index = (uint32_t)(m - l->o->maps)}))
			return false;
	}
	link_put(l, b, at, insn);
	link_put(l, b, at + 1, high);
	return true;
}

static bool resolve(struct linker *l, struct builder *b, const struct obj_func *f, uint32_t start)
{
	const struct elf_rel *rels = l->code[f->section].rel + f->off / INSN_SIZE;
	uint32_t n = (uint32_t)(f->size / INSN_SIZE);
	for (uint32_t k = 0; k < n; k++) {
		const struct elf_rel *rel = &rels[k];
		struct insn insn = link_get(l, b, start + k);
		bool wide = insn_is_wide(insn);
		bool call = insn.code == (BPF_JMP | BPF_CALL) && insn.src == BPF_PSEUDO_CALL;
		if (wide && k + 1 == n)
			return err_set(l->e, "function '%s' ends within a 64-bit load", f->name);
		if (call ? !resolve_call(l, b, f, k, start + k, rel)
			 : wide && rel->type && !resolve_load(l, b, f, start, start + k, rel))
			return false;
		if (!call && !wide && rel->type)
			return err_set(l->e,
				"instruction %u of '%s': invalid relocation type %u for this "
				"instruction",
				k, f->name, rel->type);
		k += wide;
	}
	return true;
}

/* ---- func_info and line_info ---- */

/*
 * Copies the records of a function, whose insn_off is a byte offset in the ELF section, as records
 * of the program, whose insn_off is an instruction number.
 */
static bool copy_info(struct linker *l, struct image_info *info, enum btf_ext_what what,
	uint32_t known_size, const struct obj_func *f, uint32_t start)
{
	const struct code *code = &l->code[f->section];
	uint32_t size = code->rec_size[what];
	if (!size)
		return true;
	size_t all = code->list[what].n / size, first = 0, n = 0;
	for (size_t i = 0; i < all; i++) {
		uint32_t off = span_u32(code->list[what], i * size);
		if (off < f->off)
			first = i + 1;
		else if (off - f->off < f->size)
			n++;
	}
	uint8_t *bytes = arena_array(l->o->arena, info->count + n, known_size);
	if (!bytes)
		return err_nomem(l->e);
	if (info->count)
		memcpy(bytes, info->bytes, (size_t)info->count * known_size);
	for (size_t i = 0; i < n; i++) {
		struct span rec = span_sub(code->list[what], (first + i) * size, size);
		uint8_t *to = bytes + (info->count + i) * known_size;
		if (span_u32(rec, 0) - f->off >= f->size)
			return err_set(l->e, "section '.BTF.ext': records are not in code order");
		memcpy(to, rec.p, known_size);
		bytes_put(
			to, 4, rec.big, start + (span_u32(rec, 0) - (uint32_t)f->off) / INSN_SIZE);
	}
	info->bytes = bytes;
	info->count += (uint32_t)n;
	info->rec_size = known_size;
	return true;
}

/* ---- CO-RE ---- */

static bool apply_core(
	struct linker *l, struct builder *b, const struct obj_func *f, uint32_t start)
{
	const struct code *code = &l->code[f->section];
	uint32_t size = code->rec_size[BTF_EXT_CORE];
	size_t n = size ? code->list[BTF_EXT_CORE].n / size : 0;
	for (uint32_t i = 0; i < n; i++) {
		struct core_relo relo = core_relo_get(code->list[BTF_EXT_CORE], size, i);
		struct core_result result = {0};
		if (relo.insn_off < f->off || relo.insn_off - f->off >= f->size)
			continue;
		uint32_t insn = start + (relo.insn_off - (uint32_t)f->off) / INSN_SIZE;
		if (!core_apply(l->core, &relo, b->prog->insns, b->prog->n, insn,
			    l->o->elf.file.big, &result, l->e))
			return err_where(l->e, "instruction %u", insn);
		l->image->used_target |= l->types->n && relo.kind != CORE_TYPE_ID_LOCAL;
		if (l->opt->watch.fn)
			l->opt->watch.fn(l->opt->watch.ctx, f, insn, &result);
		if (result.poison && !link_add_poison(l, b, insn, result.what, result.why))
			return false;
	}
	return true;
}

static bool place(struct linker *l, struct builder *b, const struct obj_func *f, uint32_t *at)
{
	if (b->n_placed == FUNCS_MAX)
		return err_set(
			l->e, "more than %d functions, the limit of the kernel", (int)FUNCS_MAX);
	struct placed *list =
		arena_grow(l->o->arena, b->placed, b->n_placed, &b->placed_room, sizeof *list);
	if (!list)
		return err_nomem(l->e);
	*at = b->prog->n;
	b->placed = list;
	list[b->n_placed++] = (struct placed){f, *at};
	uint32_t start = *at;
	return append_bytes(l, b, f) &&
	       copy_info(l, &b->prog->func_info, BTF_EXT_FUNC, FUNC_INFO_SIZE, f, start) &&
	       copy_info(l, &b->prog->line_info, BTF_EXT_LINE, LINE_INFO_SIZE, f, start) &&
	       apply_core(l, b, f, start) && resolve(l, b, f, start);
}

/* ---- functions reached without a call ---- */

/* The rest of the function's declaration tag that begins with prefix; NULL if there is none. */
static const char *tag_of(const struct linker *l, const struct obj_func *f, const char *prefix)
{
	size_t n = strlen(prefix);
	struct btf_type func;
	for (struct btf_type t = {0};
		l->o->has_btf && btf_next_in(&l->o->btf, &t, 1u << BTF_DECL_TAG);)
		if (!strncmp(btf_name(&t), prefix, n) && btf_decl_tag_component(&t) == -1 &&
			btf_type(&l->o->btf, t.type, &func) && func.kind == BTF_FUNC &&
			!strcmp(btf_name(&func), f->name))
			return btf_name(&t) + n;
	return NULL;
}

/* The exception callback (bpf_throw(), 6.7) is placed after all other functions. */
static bool place_exception_callback(struct linker *l, struct builder *b)
{
	const char *name = tag_of(l, b->prog->func, "exception_callback:");
	uint32_t at;
	for (size_t i = 0; i < l->o->n_funcs && name; i++) {
		const struct obj_func *f = &l->o->funcs[i];
		if (!f->entry && !strcmp(f->name, name))
			return place_once(l, b, f, &at);
	}
	return !name || err_set(l->e, "its exception callback '%s' is not a global function", name);
}

/* The kernel requires func_info for all functions of a program or for none. */
static void drop_partial_info(struct builder *b)
{
	struct image_prog *p = b->prog;
	if (p->func_info.count != b->n_placed)
		p->func_info.count = p->line_info.count = 0;
}

static bool link_prog(struct linker *l, struct image_prog *prog, const struct obj_func *f)
{
	struct builder b = {.prog = prog};
	uint32_t at;
	*prog = (struct image_prog){.func = f};
	if (f->is_static) {
		err_set(l->e, "program '%s' (%s) is static, programs must be global", f->name,
			f->sec);
		return err_hint(l->e, "if it is a subprogram, it must not have SEC()");
	}
	if (!place(l, &b, f, &at) || !place_exception_callback(l, &b) || !link_scan(l, &b))
		return err_where(l->e, "program '%s' (%s)", f->name, f->sec);
	drop_partial_info(&b);
	return true;
}

/* ---- the object as a whole ---- */

static bool new_core(struct linker *l)
{
	size_t n = 0, max = l->o->elf.n_sections;
	struct span *records = arena_array(l->o->arena, max, sizeof *records);
	uint32_t *sizes = arena_array(l->o->arena, max, sizeof *sizes);
	if (!records || !sizes)
		return err_nomem(l->e);
	for (size_t i = 0; i < max; i++)
		if (l->code[i].rec_size[BTF_EXT_CORE]) {
			records[n] = l->code[i].list[BTF_EXT_CORE];
			sizes[n++] = l->code[i].rec_size[BTF_EXT_CORE];
		}
	if (!n)
		return true;
	l->core = core_new(&l->o->btf, l->types, records, sizes, n, l->o->arena, l->e);
	return l->core != NULL;
}

static bool link_all(struct linker *l)
{
	struct image *image = l->image;
	if (!load_all_code(l) || !link_types(l) || !link_find_externs(l) || !new_core(l))
		return false;
	image->progs = arena_array(l->o->arena, l->o->n_funcs, sizeof *image->progs);
	if (!image->progs)
		return err_nomem(l->e);
	for (size_t i = 0; i < l->o->n_funcs; i++) {
		const struct obj_func *f = &l->o->funcs[i];
		if (!f->entry || (l->opt->autoload && !l->opt->autoload(l->opt->ctx, f)))
			continue;
		if (!link_prog(l, &image->progs[image->n_progs++], f))
			return false;
	}
	return true;
}

bool image_link(
	struct image *image, const struct object *o, const struct link_options *opt, struct err *e)
{
	struct kernel_types none = {0};
	struct linker l = {.o = o,
		.opt = opt,
		.types = opt->types ? opt->types : &none,
		.image = image,
		.e = e};
	*image = (struct image){.object = o};
	if (!link_all(&l))
		return err_where(e, "%s", o->path);
	return true;
}
