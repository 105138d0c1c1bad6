/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "prog_dump_impl.h"
#include "loader/show/print.h"
#include "elf/base/format.h"

#include "elf/base/arch.h"
#include "elf/native/native.h"
#include "loader/explain/source_line.h"

#include <inttypes.h>

enum { BYTES_PER_LINE = 10 }; /* of code whose instructions differ in size */

/* A function while it is printed. */
struct function {
	struct dump *d;
	const struct native *native; /* NULL: bytes only */
	uint64_t start;              /* its address */
	struct span code;
};

/* Targets in the function, or at its end, where arm64 has a constant, as offsets; others as names of
 * the program's functions or of the kernel's. */
static bool name_target(void *ctx, uint64_t address, char *buf, size_t n)
{
	const struct function *f = ctx;
	struct span starts = f->d->parts[LIVE_KSYMS];
	uint64_t plus = 0;
	const char *name = "";
	if (address - f->start <= f->code.n) {
		text_print(buf, n, "0x%" PRIx64, address - f->start);
		return true;
	}
	for (size_t i = 0; !*name && i < starts.n / 8; i++)
		if (span_u64(starts, 8 * i) == address)
			name = dump_function(f->d, i);
	if (!*name)
		name = names_kernel(&f->d->l->names, address, &plus);
	if (name)
		text_print(buf, n, plus ? "%s+0x%" PRIx64 : "%s", name, plus);
	return name;
}

/* Writes the instruction at `at` to text, "" if it is unknown. Returns its size, or how many bytes before
 * `to` can't be told apart from it. */
static unsigned decode(struct function *f, uint64_t at, uint64_t to, char text[static DUMP_LINE])
{
	const struct native_names names = {name_target, f};
	unsigned unit = f->native ? f->native->unit : 0;
	unsigned size = f->native ? f->native->decode(span_sub(f->code, 0, to), at, f->start,
					    &names, text, DUMP_LINE)
	                          : 0;
	if (size)
		return size;
	*text = 0;
	return (unsigned)(unit && unit < to - at ? unit : to - at);
}

static void print_code(struct function *f, uint64_t from, uint64_t to)
{
	FILE *out = f->d->l->out;
	char text[DUMP_LINE];
	unsigned row = f->native && f->native->unit ? f->native->unit : BYTES_PER_LINE;
	for (uint64_t at = from, next; at < to; at = next) {
		next = at + decode(f, at, to, text);
		for (uint64_t begin = at; begin < next; begin += row) {
			print(out, "%6" PRIx64 ":", begin);
			for (uint64_t i = begin; i < begin + row; i++)
				if (i < next)
					print(out, " %02x", span_u8(f->code, i));
				else if (begin == at && *text)
					print(out, "   ");
			print(out, begin == at && *text ? "  %s\n" : "\n", text);
		}
	}
}

static void print_json(
	struct function *f, const char *name, uint64_t from, uint64_t to, const char *source)
{
	char text[DUMP_LINE];
	struct json j = json_start(f->d->l->out);
	json_open(&j, '{');
	json_member_str(&j, "what", "code");
	json_member_str(&j, "function", name);
	json_member_uint(&j, "offset", from);
	if (*source)
		json_member_str(&j, "source", source);
	json_key(&j, "bytes");
	json_open(&j, '[');
	for (uint64_t i = from; i < to; i++)
		json_uint(&j, span_u8(f->code, i));
	json_close(&j);
	json_key(&j, "instructions");
	json_open(&j, '[');
	for (uint64_t at = from, next; at < to; at = next) {
		next = at + decode(f, at, to, text);
		json_open(&j, '{');
		json_member_uint(&j, "offset", at);
		if (*text)
			json_member_str(&j, "disasm", text);
		json_close(&j);
	}
	json_close(&j);
	json_close(&j);
	json_line(&j);
}

/* The address of line record i relative to start; UINT64_MAX if it is in no code. */
static uint64_t line_at(const struct dump *d, size_t i, uint64_t start)
{
	struct span lines = d->parts[LIVE_JITED_LINES];
	uint32_t size = d->p->info.jited_line_info_rec_size;
	return size >= 8 && span_has(lines, (uint64_t)i * size, 8)
	               ? span_u64(lines, (uint64_t)i * size) - start
	               : UINT64_MAX;
}

/* The instructions of a line record: those before the next record's. */
static void print_insns(struct dump *d, size_t record)
{
	char text[DUMP_LINE];
	struct span line = dump_record(d, LIVE_LINES, record),
		    next = dump_record(d, LIVE_LINES, record + 1);
	size_t end = dump_slots(d);
	if (next.n && span_u32(next, 0) < end)
		end = span_u32(next, 0);
	for (size_t i = span_u32(line, 0); i < end;) {
		unsigned slots = dump_insn(d, i, text);
		print(d->l->out, "; %4zu: %s\n", i, text);
		i += slots;
	}
}

/* A function: the part of its code before the first line, then that of each line. */
static void print_function(struct function *f, size_t number)
{
	struct dump *d = f->d;
	char source[DUMP_LINE] = "", name[LIVE_NAME_MAX];
	text_print(name, sizeof name, "%s", dump_function(d, number));
	if (!d->l->json)
		print(d->l->out, "%s%s: %zu bytes at 0x%" PRIx64 "\n", number ? "\n" : "", name,
			f->code.n, f->start);
	for (uint64_t at = 0; at < f->code.n;) {
		uint64_t next = line_at(d, d->lines, f->start);
		next = next > at && next < f->code.n ? next : next <= at ? at : f->code.n;
		if (next > at && d->l->json)
			print_json(f, name, at, next, source);
		else if (next > at)
			print_code(f, at, next);
		at = next;
		if (at == f->code.n)
			break;
		struct span line = dump_record(d, LIVE_LINES, d->lines++);
		if (!d->btf || !source_line_text(d->btf, line, source, sizeof source))
			*source = 0;
		if (d->l->json)
			continue;
		if (*source)
			dump_source(d, source);
		print_insns(d, d->lines - 1);
	}
}

bool prog_dump_jited(struct live *l, const struct live_prog *p, struct err *e)
{
	struct dump d;
	const unsigned set =
		1u << LIVE_JITED_LINES | 1u << LIVE_KSYMS | 1u << LIVE_LENS | 1u << LIVE_XLATED;
	if (!dump_open(&d, l, p, set, LIVE_JITED,
		    p->info.jited_prog_len
			    ? "it requires CAP_SYS_ADMIN and access to kernel addresses "
			      "(kernel.kptr_restrict, net.core.bpf_jit_harden)"
			    : "it is interpreted: net.core.bpf_jit_enable is 0, or "
			      "the kernel has no JIT compiler",
		    e))
		return false;
	struct span code = d.parts[LIVE_JITED], lens = d.parts[LIVE_LENS];
	size_t n = lens.n ? lens.n / 4 : 1;
	const struct arch *arch = arch_of_machine(l->kernel->machine);
	struct function f = {.d = &d, .native = arch ? native_for(arch->elf) : NULL};
	uint64_t at = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t len = lens.n ? span_u32(lens, 4 * i) : code.n;
		f.start = span_u64(d.parts[LIVE_KSYMS], 8 * i);
		f.code = span_sub(code, at, len);
		print_function(&f, i);
		at += len;
	}
	return true;
}
