/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "offer.h"

#include "elf/base/format.h"
#include "elf/link/helpers.h"
#include "elf/object/kconfig.h"
#include "loader/hook/hook.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct option {
	uint8_t set;
	uint32_t number;
	uint16_t from, until;
	const char *options;
} options[] = {
#define OPTION(set, number, from, until, options) {ABI_##set, number, from, until, options},
#include "offer_options.def"
#undef OPTION
};

/* What families attach with, until they have links of their own (0: always). */
static const struct {
	const char *family, *options;
	uint16_t until;
} family_options[] = {
	{"kprobe", "CONFIG_KPROBE_EVENTS", 0},
	{"uprobe", "CONFIG_UPROBE_EVENTS", 0},
	{"usdt", "CONFIG_UPROBE_EVENTS", 0},
	{"route", "CONFIG_LWTUNNEL_BPF", 0},
	{"tc", "CONFIG_NET_CLS_BPF CONFIG_NET_SCH_INGRESS", ABI_VERSION(6, 6)},
};

/* Kernels whose JIT compilers have trampolines. A name is the beginning of uname -m. */
static const struct {
	const char *machine;
	uint16_t since;
} trampolines[] = {
	{"x86_64", ABI_VERSION(5, 5)},
	{"aarch64", ABI_VERSION(6, 4)},
	{"s390x", ABI_VERSION(6, 3)},
	{"riscv64", ABI_VERSION(6, 3)},
	{"ppc64", ABI_VERSION(6, 13)},
	{"loongarch64", ABI_VERSION(6, 17)},
};

void offer_open(struct offer *o, struct target *t)
{
	struct err ignored = {0};
	struct kernel_facts facts = target_facts(t);
	*o = (struct offer){.kernel = t, .version = abi_parse_version(t->release)};
	o->types = target_btf(t, &ignored);
	ignored = (struct err){0};
	facts.config(facts.ctx, &o->config, &ignored);
}

/* ---- the configuration ---- */

char offer_option(const struct offer *o, const char *name)
{
	const char *value;
	size_t len;
	if (!o->config.n)
		return 0;
	if (!kconfig_find(o->config, name, &value, &len) || !len)
		return 'n';
	return len == 1 && (*value == 'y' || *value == 'm') ? *value : '?';
}

/* The first of the options that is not set, or NULL. */
static const char *missing_option(const struct offer *o, const char *list)
{
	char name[64];
	while (*list) {
		size_t n = strcspn(list, " ");
		text_print(name, sizeof name, "%.*s", (int)n, list);
		if (offer_option(o, name) == 'n')
			return list[n] ? arena_strdup(o->kernel->arena, name) : list;
		list += n + (list[n] == ' ');
	}
	return NULL;
}

/* Whether a line of modules.dep or modules.builtin names the module: ".../MODULE.ko.xz: ...". */
static bool lists_module(const struct offer *o, const char *list, const char *module)
{
	char path[200], *line = NULL;
	size_t room = 0, n = strlen(module);
	bool found = false;
	text_print(path, sizeof path, "/lib/modules/%s/%s", o->kernel->release, list);
	FILE *f = fopen(path, "re");
	while (f && !found && getline(&line, &room, f) > 0) {
		line[strcspn(line, ":\n")] = 0;
		const char *slash = strrchr(line, '/'), *name = slash ? slash + 1 : line;
		found = !strncmp(name, module, n) && name[n] == '.';
	}
	if (f)
		fclose(f);
	free(line);
	return found;
}

bool offer_module(const struct offer *o, const char *option, const char *module)
{
	char path[100], state = offer_option(o, option);
	text_print(path, sizeof path, "/sys/module/%s", module);
	if (state == 'y' || !access(path, F_OK))
		return true;
	return state != 'n' && (lists_module(o, "modules.dep", module) ||
				       lists_module(o, "modules.builtin", module));
}

/* ---- members of the ABI ---- */

/* The enumeration in the kernel's types, which has a name since some version. */
static const char *enumeration_of(enum abi_set set)
{
	return set == ABI_CMDS           ? "bpf_cmd"
	       : set == ABI_MAP_TYPES    ? "bpf_map_type"
	       : set == ABI_PROG_TYPES   ? "bpf_prog_type"
	       : set == ABI_ATTACH_TYPES ? "bpf_attach_type"
	                                 : NULL;
}

/* -1: the types do not have the enumeration. */
static int has_number(const struct offer *o, const char *enumeration, uint32_t number)
{
	struct btf_type t;
	uint32_t id = enumeration && o->types ? btf_find(o->types, BTF_ENUM, enumeration) : 0;
	if (!id || !btf_type(o->types, id, &t))
		return -1;
	for (uint32_t i = 0; i < t.vlen; i++) {
		struct btf_enumerator e = btf_enumerator(&t, i);
		/* the last one is no member: __MAX_BPF_ATTACH_TYPE */
		if (e.value == (int64_t)number && strncmp(e.name, "__", 2) != 0)
			return 1;
	}
	return 0;
}

static struct offered by_number(
	const struct offer *o, const char *enumeration, uint32_t number, uint16_t since)
{
	int has = has_number(o, enumeration, number);
	bool there = has < 0 ? !since || !o->version || o->version >= since : has;
	return (struct offered){there ? OFFER_THERE : OFFER_TOO_OLD, since, NULL};
}

struct offered offer_member(const struct offer *o, enum abi_set set, uint32_t number)
{
	struct offered r = by_number(o, enumeration_of(set), number, abi_since(set, number));
	for (size_t i = 0; i < sizeof options / sizeof *options && r.state == OFFER_THERE; i++) {
		const struct option *p = &options[i];
		if (p->set != set || p->number != number || o->version < p->from ||
			(p->until && o->version >= p->until))
			continue;
		r.option = missing_option(o, p->options);
		r.state = r.option ? OFFER_OFF : OFFER_THERE;
	}
	return r;
}

struct offered offer_helper(const struct offer *o, unsigned helper)
{
	return by_number(o, "bpf_func_id", helper, helper_since(helper));
}

struct offered offer_trampoline(const struct offer *o, uint32_t prog_type, uint32_t attach_type)
{
	struct offered r = {OFFER_THERE, 0, NULL};
	bool needed = prog_type == BPF_PROG_TYPE_EXT || prog_type == BPF_PROG_TYPE_LSM ||
	              prog_type == BPF_PROG_TYPE_STRUCT_OPS ||
	              (prog_type == BPF_PROG_TYPE_TRACING && attach_type != BPF_TRACE_RAW_TP &&
			      attach_type != BPF_TRACE_ITER);
	if (!needed)
		return r;
	if (offer_option(o, "CONFIG_BPF_JIT") == 'n')
		return (struct offered){OFFER_OFF, 0, "CONFIG_BPF_JIT"};
	for (size_t i = 0; i < sizeof trampolines / sizeof *trampolines; i++)
		if (!strncmp(o->kernel->machine, trampolines[i].machine,
			    strlen(trampolines[i].machine)))
			r.since = trampolines[i].since;
	r.state = r.since && o->version >= r.since ? OFFER_THERE : OFFER_TOO_OLD;
	return r;
}

static const char *family_of(const struct hook *h)
{
	for (size_t f = 0; f < hook_family_count; f++)
		if (h >= hook_families[f]->hooks &&
			h < hook_families[f]->hooks + hook_families[f]->n)
			return hook_families[f]->name;
	return "";
}

struct offered offer_hook(const struct offer *o, const struct hook *h)
{
	struct offered type = offer_member(o, ABI_PROG_TYPES, h->prog_type), r = type;
	/* A hook with older methods of attachment is there without its newest one. */
	bool linked = h->attach_type && h->methods && !h->methods[1].how;
	if (r.state == OFFER_THERE && linked)
		r = offer_member(o, ABI_ATTACH_TYPES, h->attach_type);
	if (r.state == OFFER_THERE && !linked && o->version && h->since > o->version)
		r.state = OFFER_TOO_OLD;
	if (r.state == OFFER_THERE && !linked)
		for (size_t i = 0; i < sizeof family_options / sizeof *family_options; i++)
			if (!strcmp(family_options[i].family, family_of(h)) &&
				(!family_options[i].until ||
					o->version < family_options[i].until) &&
				(r.option = missing_option(o, family_options[i].options)))
				r.state = OFFER_OFF;
	if (r.state == OFFER_THERE) {
		struct offered jit = offer_trampoline(o, h->prog_type, h->attach_type);
		if (jit.state != OFFER_THERE)
			return jit;
	}
	if (r.since < h->since)
		r.since = h->since;
	return r;
}
