/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "prog_dump_impl.h"
#include "loader/show/print.h"
#include "elf/base/format.h"

#include "loader/explain/code.h"
#include "loader/explain/source_line.h"
#include "loader/kernel/kallsyms.h"

#include <inttypes.h>

enum { HELPERS_END = 1 << 10 }; /* numbers of helpers are below, offsets of functions are not */

bool dump_open(struct dump *d, struct live *l, const struct live_prog *p, unsigned set,
	enum live_part first, const char *why, struct err *e)
{
	int64_t base = kallsyms_address(l->kernel->kfs, "__bpf_call_base", false);
	*d = (struct dump){.l = l, .p = p, .btf = live_types_get(&l->types, p->info.btf_id)};
	d->call_base = base < 0 && base >= -ERRNO_MAX ? 0 : (uint64_t)base;
	set |= 1u << first | 1u << LIVE_FUNCS | 1u << LIVE_LINES;
	long r = live_prog_parts(p, set, d->parts, l->kernel->watch, l->kernel->arena);
	if (r < 0)
		return err_sys(e, (int)-r, "program %" PRIu32, p->info.id);
	if (!d->parts[first].n) {
		err_set(e, "program %" PRIu32 ": the kernel does not show its code", p->info.id);
		return err_hint(e, "%s", why);
	}
	return true;
}

struct span dump_record(const struct dump *d, enum live_part part, size_t i)
{
	uint32_t size =
		part == LIVE_FUNCS ? d->p->info.func_info_rec_size : d->p->info.line_info_rec_size;
	return span_sub(d->parts[part], (uint64_t)i * size, size);
}

const char *dump_function(const struct dump *d, size_t i)
{
	struct span record = dump_record(d, LIVE_FUNCS, i);
	struct btf_type t;
	if (d->btf && record.n && btf_type(d->btf, span_u32(record, 4), &t))
		return btf_name(&t);
	return i ? "" : d->p->name;
}

void dump_source(struct dump *d, const char *source)
{
	if (strcmp(source, d->source) != 0)
		print(d->l->out, "; %s\n", source);
	text_print(d->source, sizeof d->source, "%s", source);
}

/* ---- names of operands ---- */

/* Calls of helpers and kfuncs are relative to an address of the kernel; 0: hidden. */
static bool name_call(struct dump *d, struct insn i, char *buf, size_t n)
{
	uint64_t plus;
	if (i.src == BPF_PSEUDO_CALL) { /* imm: number of the function if compiled, off: distance */
		const char *name = d->p->info.nr_jited_ksyms > 1 && i.imm > 0
		                           ? dump_function(d, (uint32_t)i.imm)
		                           : "";
		text_print(buf, n, "%+d%s%s", i.off, *name ? " " : "", name);
		return true;
	}
	if (!i.src && i.imm > 0 && i.imm < HELPERS_END)
		return false; /* tail calls keep their number */
	uint64_t address = d->call_base + (uint64_t)(int64_t)i.imm;
	const char *name =
		d->call_base && i.imm ? names_kernel(&d->l->names, address, &plus) : NULL;
	if (name)
		text_print(buf, n, "%s", name);
	else
		text_print(buf, n, i.imm ? "0x%x" : "(hidden)", (uint32_t)i.imm);
	return true;
}

static bool name_operand(
	void *ctx, size_t slot, struct insn i, struct insn next, char *buf, size_t n)
{
	struct dump *d = ctx;
	(void)slot;
	if (!insn_is_wide(i))
		return name_call(d, i, buf, n);
	if (i.src != BPF_PSEUDO_MAP_FD && i.src != BPF_PSEUDO_MAP_VALUE)
		return false;
	const struct live_map_name m = live_map_name(d->l, (uint32_t)i.imm);
	int len = text_print(buf, n, "map[%u%s%s]", (uint32_t)i.imm, *m.name ? " " : "", m.name);
	if (i.src == BPF_PSEUDO_MAP_VALUE)
		text_print(buf + len, n - (size_t)len, "+%u", (uint32_t)next.imm);
	return true;
}

/* ---- instructions ---- */

/* Prints the head of a function that begins at a slot, and its source line. */
static void print_heads(struct dump *d, size_t slot, char source[static DUMP_LINE])
{
	struct span r = dump_record(d, LIVE_FUNCS, d->functions);
	*source = 0;
	if (r.n && span_u32(r, 0) <= slot) {
		if (!d->l->json)
			print(d->l->out, "%s%s:\n", slot ? "\n" : "",
				dump_function(d, d->functions));
		d->functions++;
	}
	while ((r = dump_record(d, LIVE_LINES, d->lines)).n && span_u32(r, 0) <= slot) {
		if (!d->btf || !source_line_text(d->btf, r, source, DUMP_LINE))
			*source = 0;
		d->lines++;
	}
	if (*source && !d->l->json)
		dump_source(d, source);
}

static void print_json(struct dump *d, size_t slot, const char *text, const char *source)
{
	struct json j = json_start(d->l->out);
	json_open(&j, '{');
	json_member_str(&j, "what", "instruction");
	json_member_uint(&j, "slot", slot);
	json_member_str(&j, "disasm", text);
	if (*source)
		json_member_str(&j, "source", source);
	json_close(&j);
	json_line(&j);
}

unsigned dump_insn(struct dump *d, size_t slot, char text[static DUMP_LINE])
{
	const struct disasm_names names = {name_operand, d};
	struct span code = d->parts[LIVE_XLATED];
	return code_line(code.p, slot, dump_slots(d), code.big, &names, text, DUMP_LINE);
}

bool prog_dump_xlated(struct live *l, const struct live_prog *p, struct err *e)
{
	struct dump d;
	char text[DUMP_LINE], source[DUMP_LINE];
	if (!dump_open(&d, l, p, 0, LIVE_XLATED, "reading instructions requires CAP_SYS_ADMIN", e))
		return false;
	for (size_t i = 0, n = dump_slots(&d); i < n;) {
		print_heads(&d, i, source);
		unsigned slots = dump_insn(&d, i, text);
		if (l->json)
			print_json(&d, i, text, source);
		else
			print(l->out, "%4zu: %s\n", i, text);
		i += slots;
	}
	return true;
}
