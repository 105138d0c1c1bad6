/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "link_list.h"
#include "elf/base/format.h"
#include "where.h"

#include "loader/plan/abi.h"
#include "loader/show/listing.h"

#include <inttypes.h>
#include <unistd.h>

enum { PLACES_SHOWN = 12 };

/* ---- show ---- */

/* Functions or offsets of a link that has many. */
static void add_places(struct facts *f, const struct live_link *link)
{
	char text[WHERE_MAX], more[40];
	bool kernel = link->info.type == BPF_LINK_TYPE_KPROBE_MULTI;
	const char *key = kernel ? "address" : "offset";
	size_t n = link->places.n / 8;
	if (f->l->json && n) {
		json_key(&f->j, kernel ? "addresses" : "offsets");
		json_open(&f->j, '[');
	}
	for (size_t i = 0; i < n && (f->l->json || i < PLACES_SHOWN); i++) {
		uint64_t at = span_u64(link->places, 8 * i), plus;
		const char *name =
			kernel && !f->l->json && at ? names_kernel(&f->l->names, at, &plus) : NULL;
		text_print(text, sizeof text, "0x%" PRIx64 "%s%s", at, name ? " " : "",
			name ? name : "");
		if (f->l->json)
			json_str(&f->j, text);
		else
			facts_text(f, key, text);
	}
	if (f->l->json && n)
		json_close(&f->j);
	text_print(more, sizeof more, "and %zu more", n - PLACES_SHOWN);
	if (!f->l->json && n > PLACES_SHOWN)
		facts_text(f, key, more);
}

static bool show(void *ctx, const struct live_link *link)
{
	struct live *l = ctx;
	char text[WHERE_MAX], type[WHERE_TYPE], nick[48];
	const struct live_prog p = live_program(l, link->info.prog_id);
	struct facts f = facts_open(l, "link", link->info.id, "");
	facts_text(&f, "type", abi_nick(ABI_LINK_TYPES, link->info.type, nick));
	if (link->info.prog_id)
		facts_number(&f, "prog_id", link->info.prog_id);
	facts_text(&f, "prog_name", p.name);
	if (p.info.type)
		facts_text(&f, "prog_type", abi_nick(ABI_PROG_TYPES, p.info.type, nick));
	facts_text(&f, "hook", where_type(link, &p, type));
	facts_text(&f, "where", where_text(l, link, &p, text));
	facts_fields(&f, ABI_LINK_INFO, &link->info, link->size, "prog_id");
	add_places(&f, link);
	facts_close(&f);
	return true;
}

bool link_show(struct live *l, const struct live_ref *r, struct err *e)
{
	struct live_link link;
	if (!live_link_open(&link, r, l->kernel->watch, l->kernel->arena, e))
		return false;
	show(l, &link);
	close(link.fd);
	return true;
}

/* ---- list ---- */

struct rows {
	struct live *l;
	struct listing list;
};

static bool add_row(void *ctx, const struct live_link *link)
{
	struct rows *r = ctx;
	char id[16], prog[16], type[WHERE_TYPE], where[WHERE_MAX];
	const struct live_prog p = live_program(r->l, link->info.prog_id);
	text_print(id, sizeof id, "%" PRIu32, link->info.id);
	text_print(prog, sizeof prog, "%" PRIu32, link->info.prog_id);
	listing_row(&r->list, id, where_type(link, &p, type), link->info.prog_id ? prog : "",
		p.name, where_text(r->l, link, &p, where));
	return true;
}

bool links_list(struct live *l, struct err *e)
{
	static const char *const heads[] = {"id", "hook", "prog", "name", "where", NULL};
	struct rows r = {l, listing(l->kernel->arena, "link", "links", heads)};
	if (!live_link_each(l->kernel->watch, l->kernel->arena, l->json ? show : add_row,
		    l->json ? (void *)l : &r, e))
		return false;
	if (!l->json)
		listing_print(&r.list, false, l->out);
	return true;
}
