/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "trial.h"

#include "elf/base/bpf_abi.h"
#include "elf/base/format.h"
#include "loader/plan/abi.h"
#include "loader/show/json.h"
#include "loader/show/print.h"
#include "verdict.h"

#include <string.h>

enum { LINE = 16 };

/* "- 0010  45 00 ..  E.." */
static void print_bytes(
	const char *prefix, char mark, const uint8_t *p, size_t at, size_t n, FILE *out)
{
	char text[LINE + 1] = "";
	print(out, "%s%c %04zx ", prefix, mark, at);
	for (size_t i = 0; i < LINE; i++) {
		if (i < n)
			print(out, " %02x", p[i]);
		else
			print(out, "   ");
		if (i < n)
			text[i] = p[i] >= ' ' && p[i] < 0x7f ? (char)p[i] : '.';
	}
	print(out, "  %s\n", text);
}

static void print_all(const char *prefix, char mark, const uint8_t *p, size_t n, FILE *out)
{
	for (size_t at = 0; at < n; at += LINE)
		print_bytes(prefix, mark, p + at, at, n - at < LINE ? n - at : LINE, out);
}

void trial_print_changes(const uint8_t *before, size_t n, const uint8_t *after, size_t m,
	const char *prefix, FILE *out)
{
	/* Headers are added and removed at the beginning. */
	if (m > n && !memcmp(after + (m - n), before, n)) {
		print_all(prefix, '+', after, m - n, out);
		return;
	}
	if (m < n && !memcmp(before + (n - m), after, m)) {
		print_all(prefix, '-', before, n - m, out);
		return;
	}
	for (size_t at = 0; at < n || at < m; at += LINE) {
		size_t old = at >= n ? 0 : n - at < LINE ? n - at : LINE;
		size_t now = at >= m ? 0 : m - at < LINE ? m - at : LINE;
		if (old == now && !memcmp(before + at, after + at, old))
			continue;
		if (old)
			print_bytes(prefix, '-', before + at, at, old, out);
		if (now)
			print_bytes(prefix, '+', after + at, at, now, out);
	}
}

static bool is_changed(const struct trial_input *in, const struct trial_result *r)
{
	return r->out && in->packet &&
	       (r->out_n != in->packet->n || memcmp(r->out, in->packet->bytes, r->out_n));
}

static void json_hex(struct json *j, const char *key, const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 * PACKET_MAX + 1];
	n = n < PACKET_MAX ? n : PACKET_MAX;
	for (size_t i = 0; i < n; i++) {
		text[2 * i] = digits[p[i] >> 4];
		text[2 * i + 1] = digits[p[i] & 15];
	}
	text[2 * n] = 0;
	json_member_str(j, key, text);
}

static void print_json(const struct trial *t, const struct trial_input *in,
	const struct trial_result *r, FILE *out)
{
	char nick[48];
	struct json j = json_start(out);
	const char *verdict = verdict_name(t->prog_type, r->retval);
	json_open(&j, '{');
	json_member_str(&j, "what", "test_run");
	json_member_str(&j, "program", t->prog);
	json_member_str(&j, "type", abi_nick(ABI_PROG_TYPES, t->prog_type, nick));
	json_member_uint(&j, "retval", r->retval);
	if (verdict)
		json_member_str(&j, "verdict", verdict);
	if (in->repeat) {
		json_member_uint(&j, "repeat", in->repeat);
		json_member_uint(&j, "duration_ns", r->duration_ns);
	}
	if (in->packet)
		json_hex(&j, "data_in", in->packet->bytes, in->packet->n);
	if (r->out)
		json_hex(&j, "data_out", r->out, r->out_n);
	json_close(&j);
	json_line(&j);
}

void trial_print(const struct trial *t, const struct trial_input *in, const struct trial_result *r,
	bool json, FILE *out)
{
	char nick[48];
	const char *verdict = verdict_name(t->prog_type, r->retval);
	if (json) {
		print_json(t, in, r, out);
		return;
	}
	print(out, "%s (%s): ", t->prog, abi_nick(ABI_PROG_TYPES, t->prog_type, nick));
	if (verdict)
		print(out, "%s (%d)", verdict, (int)r->retval);
	else
		print(out, "returned %u", r->retval);
	if (in->repeat)
		print(out, ", %u ns per run (%u runs)", r->duration_ns, in->repeat);
	if (!r->out || !in->packet) {
		print(out, "\n");
	} else if (t->prog_type == BPF_PROG_TYPE_FLOW_DISSECTOR) {
		print(out, "; struct bpf_flow_keys:\n");
		print_all("", ' ', r->out, r->out_n, out);
	} else if (!is_changed(in, r)) {
		print(out, "; packet of %zu bytes unchanged\n", in->packet->n);
	} else {
		print(out, "; packet of %zu bytes, now %u:\n", in->packet->n, r->out_n);
		trial_print_changes(in->packet->bytes, in->packet->n, r->out, r->out_n, "", out);
	}
}
