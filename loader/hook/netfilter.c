/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Netfilter hooks (6.4): packets in the network layer, alongside the rules of iptables and nftables.
 * The link is in the network namespace of this process:
 *
 *     --on PROG=PROTOCOL:HOOK[:PRIORITY]     ipv4:local_in:-10
 */
#include "hook.h"

#include "elf/base/number.h"
#include "loader/plan/abi.h"

#include <errno.h>

struct word {
	const char *word;
	uint32_t number;
};

static const struct word protocols[] = {{"ipv4", 2}, {"ipv6", 10}, {NULL, 0}};

/* enum nf_inet_hooks; "input" and "output" are the names of nftables. */
static const struct word points[] = {{"prerouting", 0}, {"local_in", 1}, {"input", 1},
	{"forward", 2}, {"local_out", 3}, {"output", 3}, {"postrouting", 4}, {NULL, 0}};

/* Consumes a word of the list and the ':' after it; NULL if the word is not in the list. */
static const struct word *read_word(const struct word *list, const char **text)
{
	size_t n = strcspn(*text, ":");
	while (list->word && (strlen(list->word) != n || strncmp(list->word, *text, n)))
		list++;
	*text += n + ((*text)[n] == ':');
	return list->word ? list : NULL;
}

static void attach(struct plan_builder *b, const struct hook_use *use)
{
	char *end;
	const char *text = use->arg;
	const struct word *protocol = read_word(protocols, &text);
	const struct word *point = read_word(points, &text);
	bool bare = !*text;
	long long priority = text_s64(text, &end, 10);
	if (!protocol || !point || *end || priority < INT32_MIN || priority > INT32_MAX) {
		hook_fail(b,
			PACKED("PROTOCOL:HOOK[:PRIORITY], for example ipv4:local_in:0; hooks are "
			       "prerouting, local_in (input), forward, local_out (output), "
			       "postrouting"),
			"'%s' is not a netfilter hook", use->arg);
		return;
	}
	int16_t link = hook_add_link(b, use, use->link_slot, BPF_NETFILTER);
	attr_set(b, link, ATTR(link_create.netfilter.pf), protocol->number);
	attr_set(b, link, ATTR(link_create.netfilter.hooknum), point->number);
	attr_set(b, link, ATTR(link_create.netfilter.priority), bare ? 0 : (uint32_t)priority);
	plan_add_hint(b, link, EBUSY,
		"another program has this priority: choose one, as in ipv4:local_in:10");
	plan_add_hint(b, link, ERANGE, "the lowest and the highest priority are reserved");
	plan_add_hint(b, link, EAFNOSUPPORT,
		"this kernel was built without CONFIG_NETFILTER_BPF_LINK, or without IPv6");
}

static const struct hook hooks[] = {
	{
		.sec = "netfilter",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_NETFILTER,
		.attach_type = BPF_NETFILTER,
		.since = ABI_VERSION(6, 4),
		.arg_syntax = "ipv4|ipv6:HOOK[:PRIORITY]",
		.what = "packet in the network layer",
		.needs = "a netfilter hook",
		.methods = hook_methods_link,
		.attach = attach,
	},
};

const struct hook_family netfilter_family = {"netfilter", hooks, sizeof hooks / sizeof *hooks};
