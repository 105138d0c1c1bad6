/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "prog_list.h"
#include "elf/base/format.h"

#include "elf/base/text.h"
#include "loader/plan/abi.h"
#include "loader/show/listing.h"

#include <inttypes.h>
#include <time.h>

enum { MAPS_SHOWN = 6, TAG_TEXT = 17, DATE = 96 };

static void tag_text(const struct live_prog *p, char text[static TAG_TEXT])
{
	text_print(text, TAG_TEXT, "%016" PRIx64, bytes_get(p->info.tag, 8, true));
}

static struct span maps_of(struct live *l, const struct live_prog *p, struct arena *scratch)
{
	struct span parts[LIVE_PARTS];
	live_prog_parts(p, 1u << LIVE_MAPS, parts, l->kernel->watch, scratch);
	return parts[LIVE_MAPS];
}

/* ---- list ---- */

struct rows {
	struct live *l;
	struct listing list;
};

static bool add_row(void *ctx, const struct live_prog *p)
{
	struct rows *r = ctx;
	struct arena scratch = {0};
	char nick[48], cells[4][16], maps[100] = "";
	const uint32_t numbers[] = {p->info.id, p->info.created_by_uid, p->info.xlated_prog_len,
		p->info.jited_prog_len};
	struct span ids = maps_of(r->l, p, &scratch);
	for (size_t i = 0; i < ids.n; i += 4)
		if (i < MAPS_SHOWN * 4)
			text_list(maps, sizeof maps, "%" PRIu32, span_u32(ids, i));
	if (ids.n > MAPS_SHOWN * 4)
		text_add(maps, sizeof maps, ", ...");
	arena_free(&scratch);
	for (int i = 0; i < 4; i++)
		text_print(cells[i], sizeof cells[i], "%" PRIu32, numbers[i]);
	listing_row(&r->list, cells[0], abi_nick(ABI_PROG_TYPES, p->info.type, nick), p->name,
		cells[1], cells[2], cells[3], maps);
	return true;
}

bool progs_list(struct live *l, struct err *e)
{
	static const char *const heads[] = {
		"id", "type", "name", "uid", "xlated", "jited", "maps", NULL};
	struct rows r = {l, listing(l->kernel->arena, "program", "programs", heads)};
	if (l->json)
		return progs_show(l, NULL, e);
	if (!live_prog_each(NULL, &l->types, add_row, &r, e))
		return false;
	listing_print(&r.list, false, l->out);
	return true;
}

/* ---- show ---- */

/* load_time counts since boot, with the time that the machine was suspended. */
static void add_time(struct facts *f, const struct live_prog *p)
{
	struct timespec now;
	struct tm t;
	char text[DATE];
	clock_gettime(CLOCK_REALTIME, &now);
	time_t at = now.tv_sec - (time_t)((sys_boot_ns() - p->info.load_time) / 1000000000);
	if (f->l->json) {
		facts_number(f, "loaded_at", (uint64_t)at);
	} else if (gmtime_r(&at, &t)) {
		text_print(text, sizeof text, "%d-%02d-%02d %02d:%02d:%02d UTC", t.tm_year + 1900,
			t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
		facts_text(f, "loaded_at", text);
	}
}

static void add_maps(struct facts *f, const struct live_prog *p)
{
	struct arena scratch = {0};
	struct span ids = maps_of(f->l, p, &scratch);
	char text[1024] = "";
	if (f->l->json) {
		json_key(&f->j, "map_ids");
		json_open(&f->j, '[');
	}
	for (size_t i = 0; i < ids.n; i += 4) {
		if (f->l->json) {
			json_uint(&f->j, span_u32(ids, i));
		} else {
			text_add(text, sizeof text, "%s", i ? ", " : "");
			live_add_map(f->l, span_u32(ids, i), text, sizeof text);
		}
	}
	if (f->l->json)
		json_close(&f->j);
	else
		facts_text(f, "map_ids", text);
	arena_free(&scratch);
}

/* What the verifier checked it against, and what it attaches to (6.0). */
static void add_target(struct facts *f, const struct bpf_prog_info *i)
{
	struct btf_type t;
	const struct btf *b = live_types_get(&f->l->types, i->attach_btf_obj_id);
	if (!i->attach_btf_id)
		return;
	facts_number(f, "attach_btf_obj_id", i->attach_btf_obj_id);
	facts_number(f, "attach_btf_id", i->attach_btf_id);
	if (b && btf_type(b, i->attach_btf_id, &t))
		facts_text(f, "attach_name", btf_name(&t));
}

static bool show(void *ctx, const struct live_prog *p)
{
	struct live *l = ctx;
	const struct bpf_prog_info *i = &p->info;
	char nick[48], tag[TAG_TEXT];
	struct facts f = facts_open(l, "program", i->id, p->name);
	tag_text(p, tag);
	facts_text(&f, "type", abi_nick(ABI_PROG_TYPES, i->type, nick));
	facts_text(&f, "tag", tag);
	facts_bool(&f, "gpl_compatible",
		abi_get_by_name(ABI_PROG_INFO, "gpl_compatible", i, sizeof *i));
	if (i->load_time)
		add_time(&f, p);
	facts_number(&f, "uid", i->created_by_uid);
	facts_number(&f, "bytes_xlated", i->xlated_prog_len);
	facts_bool(&f, "jited", i->jited_prog_len);
	if (i->jited_prog_len)
		facts_number(&f, "bytes_jited", i->jited_prog_len);
	facts_fdinfo(&f, "bytes_memlock", p->fd, "\nmemlock:");
	add_maps(&f, p);
	if (i->btf_id)
		facts_number(&f, "btf_id", i->btf_id);
	if (i->ifindex)
		facts_number(&f, "ifindex", i->ifindex);
	add_target(&f, i);
	if (i->verified_insns)
		facts_number(&f, "verified_insns", i->verified_insns);
	if (i->run_cnt) {
		facts_number(&f, "run_time_ns", i->run_time_ns);
		facts_number(&f, "run_cnt", i->run_cnt);
	}
	if (i->recursion_misses)
		facts_number(&f, "recursion_misses", i->recursion_misses);
	facts_close(&f);
	return true;
}

bool progs_show(struct live *l, const struct live_ref *r, struct err *e)
{
	return live_prog_each(r, &l->types, show, l, e);
}
