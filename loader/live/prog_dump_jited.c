/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "prog_dump_impl.h"
#include "loader/show/print.h"
#include "elf/base/format.h"

#include "loader/explain/source_line.h"

#include <inttypes.h>

enum { BYTES_PER_LINE = 16 };

static void print_bytes(const struct dump *d, struct span code, uint64_t from, uint64_t to)
{
	for (uint64_t at = from; at < to; at += BYTES_PER_LINE) {
		print(d->l->out, "%6" PRIx64 ":", at);
		for (uint64_t i = at; i < to && i < at + BYTES_PER_LINE; i++)
			print(d->l->out, " %02x", span_u8(code, i));
		fputc('\n', d->l->out);
	}
}

static void print_json(const struct dump *d, const char *function, struct span code, uint64_t from,
	uint64_t to, const char *source)
{
	struct json j = json_start(d->l->out);
	json_open(&j, '{');
	json_member_str(&j, "what", "code");
	json_member_str(&j, "function", function);
	json_member_uint(&j, "offset", from);
	if (*source)
		json_member_str(&j, "source", source);
	json_key(&j, "bytes");
	json_open(&j, '[');
	for (uint64_t i = from; i < to; i++)
		json_uint(&j, span_u8(code, i));
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

/* A function: the part of its code before the first line, then that of each line. */
static void print_function(struct dump *d, size_t number, uint64_t start, struct span code)
{
	char source[DUMP_LINE] = "", name[LIVE_NAME_MAX];
	text_print(name, sizeof name, "%s", dump_function(d, number));
	if (!d->l->json)
		print(d->l->out, "%s%s: %zu bytes at 0x%" PRIx64 "\n", number ? "\n" : "", name,
			code.n, start);
	for (uint64_t at = 0; at < code.n;) {
		uint64_t next = line_at(d, d->lines, start);
		next = next > at && next < code.n ? next : next <= at ? at : code.n;
		if (next > at && d->l->json)
			print_json(d, name, code, at, next, source);
		else if (next > at)
			print_bytes(d, code, at, next);
		at = next;
		if (at == code.n)
			break;
		struct span line = dump_record(d, LIVE_LINES, d->lines++);
		if (!d->btf || !source_line_text(d->btf, line, source, sizeof source))
			*source = 0;
		else if (!d->l->json)
			dump_source(d, source);
	}
}

bool prog_dump_jited(struct live *l, const struct live_prog *p, struct err *e)
{
	struct dump d;
	const unsigned set = 1u << LIVE_JITED_LINES | 1u << LIVE_KSYMS | 1u << LIVE_LENS;
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
	uint64_t at = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t len = lens.n ? span_u32(lens, 4 * i) : code.n;
		print_function(
			&d, i, span_u64(d.parts[LIVE_KSYMS], 8 * i), span_sub(code, at, len));
		at += len;
	}
	return true;
}
