/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "finding.h"

#include "elf/base/format.h"
#include "loader/plan/abi.h"
#include "loader/show/json.h"
#include "loader/show/paragraph.h"
#include "loader/show/print.h"

#include <string.h>

static const char *const states[] = {
	[FINDING_OK] = "ok",
	[FINDING_NOTE] = "note",
	[FINDING_MISSING] = "missing",
	[FINDING_FAILS] = "fails",
};

enum { STATE_WIDTH = 8, NAME_WIDTH = 24, INDENT = 2 + STATE_WIDTH + NAME_WIDTH };

void finding_add(struct findings *f, struct finding one)
{
	struct finding *list = arena_grow(f->arena, f->list, f->n, &f->room, sizeof *list);
	f->full |= !list;
	if (!list)
		return;
	f->list = list;
	list[f->n++] = one;
}

const char *finding_text(struct findings *f, const char *fmt, ...)
{
	char text[1024];
	va_list ap;
	va_start(ap, fmt);
	text_vprint(text, sizeof text, fmt, ap);
	va_end(ap);
	const char *copy = arena_strdup(f->arena, text);
	f->full |= !copy;
	return copy ? copy : "";
}

enum finding_state findings_worst(const struct findings *f)
{
	enum finding_state worst = FINDING_OK;
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].state > worst)
			worst = f->list[i].state;
	return worst;
}

static void print_text(const struct finding *one, FILE *out)
{
	char version[8];
	bool tells = !one->since || one->state >= FINDING_MISSING;
	bool alone = !*one->text && tells;
	int n = print(out, "  %-*s%-*s", STATE_WIDTH, states[one->state],
		alone ? 0 : NAME_WIDTH - 1, one->name);
	struct paragraph g = {out, (size_t)n, INDENT};
	if (!alone)
		g.col += (size_t)print(out, " ");
	paragraph_add(&g, one->text);
	if (!tells) {
		paragraph_add(&g, "since");
		paragraph_add(&g, abi_version(one->since, version));
	}
	fputc('\n', out);
	if (!one->cure)
		return;
	g.col = (size_t)print(out, "  %-*s%-*s", STATE_WIDTH, "", NAME_WIDTH, "  cure:");
	paragraph_add(&g, one->cure);
	fputc('\n', out);
}

static void print_json(const struct finding *one, const char *file, FILE *out)
{
	char version[8];
	struct json j = json_start(out);
	json_open(&j, '{');
	json_member_str(&j, "what", "finding");
	if (file)
		json_member_str(&j, "file", file);
	json_member_str(&j, "state", states[one->state]);
	json_member_str(&j, "area", one->area);
	json_member_str(&j, "name", one->name);
	if (*one->text)
		json_member_str(&j, "text", one->text);
	if (one->since)
		json_member_str(&j, "since", abi_version(one->since, version));
	if (one->option)
		json_member_str(&j, "option", one->option);
	if (one->cure)
		json_member_str(&j, "cure", one->cure);
	json_close(&j);
	json_line(&j);
}

/* Those of an area, from the first one on. */
static void print_area(
	const struct findings *f, size_t first, const char *file, bool last, bool json, FILE *out)
{
	const char *area = f->list[first].area;
	if (!json)
		print(out, "%s\n", area);
	for (size_t i = first; i < f->n; i++) {
		const struct finding *one = &f->list[i];
		if (strcmp(one->area, area) != 0 || (one->state >= FINDING_MISSING) != last)
			continue;
		if (json)
			print_json(one, file, out);
		else
			print_text(one, out);
	}
}

void findings_print(const struct findings *f, const char *file, bool json, FILE *out)
{
	if (file && !json)
		print(out, "%s:\n", file);
	for (int last = 0; last < 2; last++)
		for (size_t i = 0; i < f->n; i++) {
			bool told = (f->list[i].state >= FINDING_MISSING) != last;
			for (size_t k = 0; k < i && !told; k++)
				told = !strcmp(f->list[k].area, f->list[i].area) &&
				       (f->list[k].state >= FINDING_MISSING) == last;
			if (!told)
				print_area(f, i, file, last, json, out);
		}
}
