/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "verdict.h"

#include "elf/base/bpf_abi.h"
#include "elf/base/number.h"
#include "elf/base/suggest.h"
#include "elf/base/text.h"

#include <string.h>
#include <strings.h>

struct verdict {
	const char *name; /* NULL ends a list */
	int32_t value;
};

static const struct verdict xdp[] = {{"XDP_ABORTED", 0}, {"XDP_DROP", 1}, {"XDP_PASS", 2},
	{"XDP_TX", 3}, {"XDP_REDIRECT", 4}, {0}};
static const struct verdict tc[] = {{"TC_ACT_UNSPEC", -1}, {"TC_ACT_OK", 0},
	{"TC_ACT_RECLASSIFY", 1}, {"TC_ACT_SHOT", 2}, {"TC_ACT_PIPE", 3}, {"TC_ACT_STOLEN", 4},
	{"TC_ACT_QUEUED", 5}, {"TC_ACT_REPEAT", 6}, {"TC_ACT_REDIRECT", 7}, {"TC_ACT_TRAP", 8},
	{0}};
static const struct verdict sk[] = {{"SK_DROP", 0}, {"SK_PASS", 1}, {0}};
static const struct verdict nf[] = {{"NF_DROP", 0}, {"NF_ACCEPT", 1}, {0}};
static const struct verdict lwt[] = {
	{"BPF_OK", 0}, {"BPF_DROP", 2}, {"BPF_REDIRECT", 7}, {"BPF_LWT_REROUTE", 128}, {0}};
static const struct verdict dissector[] = {
	{"BPF_OK", 0}, {"BPF_DROP", 2}, {"BPF_FLOW_DISSECTOR_CONTINUE", 129}, {0}};

static const struct verdict *verdicts_of(uint32_t prog_type)
{
	switch (prog_type) {
	case BPF_PROG_TYPE_XDP:
		return xdp;
	case BPF_PROG_TYPE_SCHED_CLS:
	case BPF_PROG_TYPE_SCHED_ACT:
		return tc;
	case BPF_PROG_TYPE_SK_LOOKUP:
	case BPF_PROG_TYPE_SK_SKB:
	case BPF_PROG_TYPE_SK_MSG:
		return sk;
	case BPF_PROG_TYPE_NETFILTER:
		return nf;
	case BPF_PROG_TYPE_LWT_IN:
	case BPF_PROG_TYPE_LWT_OUT:
	case BPF_PROG_TYPE_LWT_XMIT:
	case BPF_PROG_TYPE_LWT_SEG6LOCAL:
		return lwt;
	case BPF_PROG_TYPE_FLOW_DISSECTOR:
		return dissector;
	default:
		return NULL;
	}
}

const char *verdict_name(uint32_t prog_type, uint32_t retval)
{
	for (const struct verdict *v = verdicts_of(prog_type); v && v->name; v++)
		if ((uint32_t)v->value == retval)
			return v->name;
	return NULL;
}

/* After the prefix: "DROP" of XDP_DROP, "SHOT" of TC_ACT_SHOT. */
static const char *short_name(const char *name)
{
	static const char act[] = "TC_ACT_";
	const char *line = strchr(name, '_');
	return !strncmp(name, act, sizeof act - 1) ? name + sizeof act - 1 : line ? line + 1 : name;
}

bool verdict_parse(uint32_t prog_type, const char *text, uint32_t *retval, struct err *e)
{
	char *end, names[200] = "";
	const struct verdict *list = verdicts_of(prog_type);
	struct suggestion s = suggest_for(text);
	int64_t number = text_s64(text, &end, 0);
	if (end != text && !*end && number >= INT32_MIN && number <= UINT32_MAX) {
		*retval = (uint32_t)number;
		return true;
	}
	for (const struct verdict *v = list; v && v->name; v++) {
		if (!strcasecmp(v->name, text) || !strcasecmp(short_name(v->name), text)) {
			*retval = (uint32_t)v->value;
			return true;
		}
		suggest_consider(&s, v->name);
		text_list(names, sizeof names, "%s", v->name);
	}
	err_set(e, "'%.60s' is not a verdict of such a program", text);
	return *names ? suggest_hint(&s, "its verdicts are", names, e)
	              : err_hint(e, "its return value is a number");
}
