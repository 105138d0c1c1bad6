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

/* Bytes of the records that the kernel knows. */
static const uint32_t known_size[] = {[BTF_EXT_FUNC] = 8, [BTF_EXT_LINE] = 16};
enum { FUNCS_MAX = 256 }; /* of a program: BPF_MAX_SUBPROGS; also bounds the recursion */

/* ---- place and resolve ---- */

/* Bytes with space for `more` after those in use: the same, or a copy in twice the room. NULL if
 * memory is exhausted. */
static uint8_t *reserve(
	const struct linker *l, uint8_t *bytes, size_t used, size_t more, size_t *room)
{
	if (bytes && used + more <= *room)
		return bytes;
	size_t enough = used ? (used + more) + (used + more) / 2 : more;
	uint8_t *p = arena_alloc(l->o->arena, enough);
	if (p && used)
		memcpy(p, bytes, used);
	*room = enough;
	return p;
}

static bool append_bytes(struct linker *l, struct builder *b, const struct obj_func *f)
{
	struct image_prog *p = b->prog;
	size_t used = (size_t)p->n * INSN_SIZE;
	uint8_t *insns = reserve(l, p->insns, used, (size_t)f->size, &b->room);
	if (!insns)
		return err_nomem(l->e);
	p->insns = insns;
	memcpy(insns + used, l->code[f->section].section->data.p + f->off, (size_t)f->size);
	p->n += (uint32_t)(f->size / INSN_SIZE);
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
	uint32_t at, const struct code_rel *rel)
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
	uint32_t start, uint32_t at, const struct code_rel *rel)
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
	static const struct code_rel none = {0};
	const struct code *code = &l->code[f->section];
	const struct code_rel *next = link_relocation(code, f);
	const struct code_rel *end = next ? code->rel + code->n_rel : NULL;
	uint32_t n = (uint32_t)(f->size / INSN_SIZE), first = (uint32_t)(f->off / INSN_SIZE);
	for (uint32_t k = 0; k < n; k++) {
		while (next != end && next->insn < first + k)
			next++;
		const struct code_rel *rel = next != end && next->insn == first + k ? next : &none;
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
static bool copy_info(struct linker *l, struct builder *b, struct image_info *info,
	enum btf_ext_what what, const struct obj_func *f, uint32_t start)
{
	const struct code *code = &l->code[f->section];
	const uint32_t size = code->rec_size[what], known = known_size[what];
	size_t n, first = link_records(code, what, f, &n), used = (size_t)info->count * known;
	if (!size)
		return true;
	info->bytes = reserve(l, info->bytes, used, n * known, &b->info_room[what]);
	if (!info->bytes)
		return err_nomem(l->e);
	for (size_t i = 0; i < n; i++, used += known) {
		struct span rec = span_sub(code->list[what], (first + i) * size, size);
		memcpy(info->bytes + used, rec.p, known);
		bytes_put(info->bytes + used, 4, rec.big,
			start + (span_u32(rec, 0) - (uint32_t)f->off) / INSN_SIZE);
	}
	info->count += (uint32_t)n;
	info->rec_size = known;
	return true;
}

/* ---- CO-RE ---- */

static bool apply_core(
	struct linker *l, struct builder *b, const struct obj_func *f, uint32_t start)
{
	const struct code *code = &l->code[f->section];
	uint32_t size = code->rec_size[BTF_EXT_CORE];
	size_t n, first = link_records(code, BTF_EXT_CORE, f, &n);
	for (size_t i = first; i < first + n; i++) {
		struct core_relo relo = core_relo_get(code->list[BTF_EXT_CORE], size, (uint32_t)i);
		struct core_result result;
		uint32_t insn = start + (relo.insn_off - (uint32_t)f->off) / INSN_SIZE;
		if (!core_apply(l->core, &relo, b->prog->insns, b->prog->n, insn,
			    l->o->elf.file.big, &result, l->e))
			return err_where(l->e, "instruction %u", insn);
		l->image->used_target |=
			(l->types->n || l->layouts.of_kernel) && relo.kind != CORE_TYPE_ID_LOCAL;
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
	       copy_info(l, b, &b->prog->func_info, BTF_EXT_FUNC, f, start) &&
	       copy_info(l, b, &b->prog->line_info, BTF_EXT_LINE, f, start) &&
	       apply_core(l, b, f, start) && resolve(l, b, f, start);
}

/* ---- functions reached without a call ---- */

/* The exception callback (bpf_throw(), 6.7) is placed after all other functions. */
static bool place_exception_callback(struct linker *l, struct builder *b)
{
	const char *name = link_callback(l, b->prog->func);
	uint32_t at;
	for (uint32_t i = 0; name && (i = elf_symbol_after(&l->o->elf, name, i));) {
		const struct elf_symbol *sym = &l->o->elf.symbols[i];
		const struct obj_func *f = object_func_at(l->o, sym->section, sym->value);
		if (f && !f->entry && sym->type == ELF_FUNC)
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

static bool find_layouts(struct linker *l)
{
	const struct link_watch *watch = &l->opt->watch;
	if (!l->opt->layouts)
		return true;
	if (!l->opt->layouts(&l->layouts, l->o, l->opt->facts, l->e))
		return false;
	if (watch->layouts && l->layouts.n)
		watch->layouts(watch->ctx, l->layouts.sources, l->layouts.n);
	return true;
}

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
	if (!l->types->n && !find_layouts(l))
		return false;
	l->core = core_new(&l->o->btf, l->types->n ? l->types : &l->layouts.types, records, sizes,
		n, l->o->arena, l->e);
	if (l->core && l->opt->watch.fn)
		core_describe_all(l->core);
	return l->core != NULL;
}

static bool link_all(struct linker *l)
{
	struct image *image = l->image;
	if (!link_load_code(l) || !link_types(l) || !link_find_externs(l) || !new_core(l))
		return false;
	image->progs = arena_array(l->o->arena, l->o->n_funcs, sizeof *image->progs);
	if (!image->progs)
		return err_nomem(l->e);
	for (size_t i = 0; i < l->o->n_funcs; i++) {
		const struct obj_func *f = &l->o->funcs[i];
		if (!f->entry || (l->opt->autoload && !l->opt->autoload(l->opt->ctx, f)))
			continue;
		if (link_prog(l, &image->progs[image->n_progs++], f))
			continue;
		if (!l->opt->failed || l->o->arena->full)
			return false;
		err_where(l->e, "%s", l->o->path);
		l->opt->failed(l->opt->ctx, f, l->e);
		*l->e = (struct err){0};
		image->n_progs--;
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
