/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "hooks.h"

#include "abi.h"
#include "hook/hook.h"
#include "json.h"
#include "paragraph.h"

enum { INDENT = 39 };

static void print_json(const struct hook *h, FILE *out)
{
	char text[48], version[8];
	struct json j = json_start(out);
	json_open(&j, '{');
	json_key(&j, "section");
	json_str(&j, h->sec);
	json_key(&j, "program_type");
	json_str(&j, abi_nick(ABI_PROG_TYPES, h->prog_type, text));
	if (h->attach_type) {
		json_key(&j, "attach_type");
		json_str(&j, abi_nick(ABI_ATTACH_TYPES, h->attach_type, text));
	}
	json_key(&j, "since");
	json_str(&j, abi_version(h->since, version));
	if (h->grammar && *h->grammar) {
		json_key(&j, "target");
		json_str(&j, h->grammar);
	}
	if (h->on) {
		json_key(&j, "on");
		json_str(&j, h->on);
	}
	if (h->asks) {
		json_key(&j, "asks");
		json_str(&j, h->asks);
	}
	json_key(&j, "attaches");
	json_bool(&j, h->attach != NULL);
	json_key(&j, "what");
	json_str(&j, h->what);
	json_close(&j);
	json_line(&j);
}

static void print_text(const struct hook *h, FILE *out)
{
	char section[96], version[8];
	bool target = h->target != TARGET_NONE && h->grammar && *h->grammar;
	snprintf(section, sizeof section, "%s%s%s", h->sec, target ? "/" : "",
		target ? h->grammar : "");
	int n = fprintf(out, "  %-30s %5s ", section, abi_version(h->since, version));
	struct paragraph g = {out, (size_t)n, INDENT};
	paragraph_add(&g, h->what);
	if (!h->attach)
		paragraph_add(&g, "(loaded only)");
	if (h->on) {
		snprintf(section, sizeof section, "(--on %s)", h->on);
		paragraph_add(&g, section);
	}
	fputc('\n', out);
}

void hooks_print(bool json, FILE *out)
{
	if (!json)
		fputs("  SEC(\"...\")                      since  attaches to\n", out);
	for (size_t f = 0; f < hook_family_count; f++) {
		if (!json)
			fprintf(out, "\n%s\n", hook_families[f]->name);
		for (size_t i = 0; i < hook_families[f]->n; i++)
			(json ? print_json : print_text)(&hook_families[f]->hooks[i], out);
	}
}
