/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "hook_list.h"

#include "elf/base/format.h"
#include "loader/plan/abi.h"
#include "loader/hook/hook.h"
#include "loader/show/json.h"
#include "loader/show/paragraph.h"
#include "loader/show/print.h"

#include <string.h>

enum { INDENT = 39, FACTS = 6 };

static const char head[] = "  SEC(\"...\")                      since  attaches to\n";

static void print_json(const struct hook *h, FILE *out)
{
	char text[48], version[8];
	struct json j = json_start(out);
	json_open(&j, '{');
	json_member_str(&j, "section", h->sec);
	json_member_str(&j, "program_type", abi_nick(ABI_PROG_TYPES, h->prog_type, text));
	if (h->attach_type) {
		json_member_str(
			&j, "attach_type", abi_nick(ABI_ATTACH_TYPES, h->attach_type, text));
	}
	json_member_str(&j, "since", abi_version(h->since, version));
	if (h->target_syntax && *h->target_syntax) {
		json_member_str(&j, "target", h->target_syntax);
	}
	if (h->arg_syntax) {
		json_member_str(&j, "on", h->arg_syntax);
	}
	if (h->needs) {
		json_member_str(&j, "needs", h->needs);
	}
	json_key(&j, "attaches");
	json_bool(&j, h->attach != NULL);
	json_member_str(&j, "what", h->what);
	json_key(&j, "methods");
	json_open(&j, '[');
	for (const struct hook_method *m = NULL; (m = hook_method_next(h, m));) {
		json_open(&j, '{');
		json_member_str(&j, "how", m->how);
		json_member_str(&j, "since", abi_version(hook_method_since(h, m), version));
		json_close(&j);
	}
	json_close(&j);
	json_close(&j);
	json_line(&j);
}

/* "BPF_PROG_TYPE_XDP, BPF_XDP; BPF_LINK_CREATE (5.9), RTM_SETLINK (4.8)" */
static void print_facts(const struct hook *h, FILE *out)
{
	char text[96], version[8];
	struct paragraph g = {out, (size_t)print(out, "%*s", FACTS, ""), FACTS + 2};
	const char *attach = h->attach_type ? abi_name(ABI_ATTACH_TYPES, h->attach_type) : NULL;
	text_print(text, sizeof text, "%s%s%s%s", abi_name(ABI_PROG_TYPES, h->prog_type),
		attach ? ", " : "", attach ? attach : "", h->methods ? ";" : "");
	paragraph_add(&g, text);
	for (const struct hook_method *m = NULL; (m = hook_method_next(h, m));) {
		text_print(text, sizeof text, "%s (%s)%s", m->how,
			abi_version(hook_method_since(h, m), version),
			hook_method_next(h, m) ? "," : "");
		paragraph_add(&g, text);
	}
	fputc('\n', out);
}

static void print_text(const struct hook *h, bool facts, FILE *out)
{
	char section[96], version[8];
	bool target = h->target != TARGET_NONE && h->target_syntax && *h->target_syntax;
	text_print(section, sizeof section, "%s%s%s", h->sec, target ? "/" : "",
		target ? h->target_syntax : "");
	int n = print(out, "  %-30s %5s ", section, abi_version(h->since, version));
	struct paragraph g = {out, (size_t)n, INDENT};
	paragraph_add(&g, h->what);
	if (!h->methods)
		paragraph_add(&g, "(loaded only)");
	if (h->arg_syntax) {
		text_print(section, sizeof section, "(--on %s)", h->arg_syntax);
		paragraph_add(&g, section);
	}
	fputc('\n', out);
	if (facts)
		print_facts(h, out);
}

static bool is_selected(const struct hook *h, const struct hook_family *f, const char *word)
{
	return !word || !strcmp(f->name, word) || !strncmp(h->sec, word, strlen(word));
}

bool hooks_print(
	const char *word, enum hooks_how how, hooks_keep_fn keep, const void *ctx, FILE *out)
{
	bool any = false;
	for (size_t f = 0; f < hook_family_count; f++) {
		bool first = true;
		for (size_t i = 0; i < hook_families[f]->n; i++) {
			const struct hook *h = &hook_families[f]->hooks[i];
			if (!is_selected(h, hook_families[f], word) || (keep && !keep(ctx, h)))
				continue;
			if (how == HOOKS_JSON) {
				print_json(h, out);
			} else {
				if (!any)
					fputs(head, out);
				if (first)
					print(out, "\n%s\n", hook_families[f]->name);
				print_text(h, how == HOOKS_FACTS, out);
			}
			first = false;
			any = true;
		}
	}
	return any;
}
