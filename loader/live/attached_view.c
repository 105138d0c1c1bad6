/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "attached_view.h"
#include "elf/base/format.h"

#include "elf/base/text.h"
#include "loader/plan/abi.h"
#include "loader/show/listing.h"

#include <inttypes.h>
#include <stdlib.h>

enum { BY_MAX = 300 };

/* ---- numbers ---- */

long attached_count(const struct sys_watch *watch)
{
	uint32_t type = BPF_STATS_RUN_TIME;
	return sys_bpf(watch, BPF_ENABLE_STATS, &type, sizeof type);
}

bool attached_counts(struct kfs *k)
{
	int64_t on;
	return !kfs_read_number(k, KFS_PROC, "sys/kernel/bpf_stats_enabled", &on) && on;
}

void attached_since(struct attached_list *a)
{
	for (size_t i = 0; i < a->n; i++) {
		struct attached *x = &a->list[i];
		const struct live_prog p = live_program(a->l, x->prog);
		bool counted = p.info.run_cnt >= x->runs && p.info.run_time_ns >= x->ns;
		x->runs = counted ? p.info.run_cnt - x->runs : 0;
		x->ns = counted ? p.info.run_time_ns - x->ns : 0;
	}
}

static int by_program(const void *x, const void *y)
{
	const struct attached *a = x, *b = y;
	return (a->prog > b->prog) - (a->prog < b->prog);
}

static int by_time(const void *x, const void *y)
{
	const struct attached *a = x, *b = y;
	return a->ns != b->ns ? (a->ns < b->ns) - (a->ns > b->ns) : by_program(x, y);
}

static int by_runs(const void *x, const void *y)
{
	const struct attached *a = x, *b = y;
	return a->runs != b->runs ? (a->runs < b->runs) - (a->runs > b->runs) : by_program(x, y);
}

void attached_sort(struct attached_list *a, enum attached_order order)
{
	static int (*const by[ATTACHED_ORDERS])(const void *, const void *) = {
		by_time, by_runs, by_program};
	if (a->n)
		qsort(a->list, a->n, sizeof *a->list, by[order]);
}

/* ---- holders ---- */

/* The next one that keeps x attached; each process once. */
static const struct holder *next_holder(
	const struct attached_list *a, const struct attached *x, const struct holder *h)
{
	enum live_kind kind = x->link ? LIVE_LINK : x->map ? LIVE_MAP : LIVE_PROG;
	uint32_t id = x->link ? x->link : x->map ? x->map : x->prog;
	const struct holder *before = h;
	while ((h = holders_next(a->holders, kind, id, h)))
		if (!before || !h->pid || before->pid != h->pid)
			break;
	return h;
}

static void by_text(const struct attached_list *a, const struct attached *x, char by[static BY_MAX])
{
	*by = 0;
	for (const struct holder *h = NULL; (h = next_holder(a, x, h));) {
		if (h->pid)
			text_list(by, BY_MAX, "%s %" PRIu32, h->name, h->pid);
		else
			text_list(by, BY_MAX, "%s", h->name);
	}
	if (!*by && x->pid)
		text_list(by, BY_MAX, "pid %" PRIu32, x->pid);
}

static void by_json(const struct attached_list *a, const struct attached *x, struct json *j)
{
	json_key(j, "by");
	json_open(j, '[');
	for (const struct holder *h = NULL; (h = next_holder(a, x, h));) {
		json_open(j, '{');
		if (h->pid)
			json_member_uint(j, "pid", h->pid);
		json_member_str(j, h->pid ? "comm" : "pin", h->name);
		json_close(j);
	}
	json_close(j);
}

/* ---- output ---- */

static uint64_t per_second(uint64_t runs, uint64_t ns)
{
	return ns ? runs * 1000000 / (ns / 1000 + 1) : 0;
}

static void print_json(const struct attached_list *a, const struct attached *x, uint64_t ns)
{
	struct json j = json_start(a->l->out);
	json_open(&j, '{');
	json_member_str(&j, "what", "attachment");
	if (x->prog)
		json_member_uint(&j, "prog", x->prog);
	if (x->map)
		json_member_uint(&j, "map", x->map);
	if (x->link)
		json_member_uint(&j, "link", x->link);
	json_member_str(&j, "type", x->type);
	json_member_str(&j, "name", x->name);
	json_member_str(&j, "where", x->where);
	by_json(a, x, &j);
	if (ns) {
		json_member_uint(&j, "runs_per_s", per_second(x->runs, ns));
		json_member_uint(&j, "ns_per_run", x->runs ? x->ns / x->runs : 0);
	}
	json_close(&j);
	json_line(&j);
}

static void id_text(uint32_t id, char text[static 24])
{
	text[0] = 0;
	if (id)
		text_print(text, 24, "%" PRIu32, id);
}

static void add_row(const struct attached_list *a, const struct attached *x, bool places,
	uint64_t span_ns, struct listing *l)
{
	char prog[24], link[24], by[BY_MAX], runs[24], each[24];
	id_text(x->prog, prog);
	id_text(x->link, link);
	by_text(a, x, by);
	text_print(runs, sizeof runs, "%" PRIu64, per_second(x->runs, span_ns));
	text_print(each, sizeof each, "%" PRIu64, x->runs ? x->ns / x->runs : 0);
	if (places)
		listing_row(l, x->where, x->type, prog, link, x->name, by);
	else
		listing_row(l, prog, link, x->type, x->name, x->where, by, runs, each);
}

static void print(const struct attached_list *a, const char *const *heads, bool places,
	uint64_t span_ns, size_t rows)
{
	struct listing l = listing(a->l->kernel->arena, "attachment", "attached programs", heads);
	for (size_t i = 0; i < rows; i++)
		if (a->l->json)
			print_json(a, &a->list[i], span_ns);
		else
			add_row(a, &a->list[i], places, span_ns, &l);
	listing_print(&l, false, a->l->out);
}

void attached_print(const struct attached_list *a, uint64_t span_ns, size_t rows)
{
	static const char *const heads[] = {
		"prog", "link", "type", "name", "where", "by", "runs/s", "ns/run", NULL};
	static const char *const fewer[] = {"prog", "link", "type", "name", "where", "by", NULL};
	print(a, span_ns ? heads : fewer, false, span_ns, rows && rows < a->n ? rows : a->n);
}

void attached_print_places(const struct attached_list *a)
{
	static const char *const heads[] = {"where", "type", "prog", "link", "name", "by", NULL};
	print(a, heads, true, 0, a->n);
}
