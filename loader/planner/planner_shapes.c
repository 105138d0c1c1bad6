/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the kernel requires of a map definition, by type of map: BPF_MAP_CREATE reports each violation
 * as EINVAL without a reason. What can only be one thing is filled in; the rest is rejected.
 */
#include "planner_impl.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "loader/plan/abi.h"

#include <inttypes.h>

enum {
	KEY_MAX = 512, /* of sockhash; of other hash tables only before 5.11 */
	LPM_MIN = 5,   /* struct bpf_lpm_trie_key and at least a byte */
	LPM_MAX = 4 + 256,
	PERCPU_MAX = 32 << 10, /* the largest allocation per CPU */
	STACK_DEPTH = 127,     /* default of kernel.perf_event_max_stack */
	STACKS = 16384,
	ANY = UINT16_MAX, /* as a maximum: none */
	NO_PREALLOC = BPF_F_NO_PREALLOC,
	MMAPABLE = BPF_F_MMAPABLE,
	BOTH = NO_PREALLOC | MMAPABLE,
};

/* Sizes in bytes: from min to max, in steps. */
struct size_rule {
	uint16_t min, max;
	uint16_t absent; /* the size if the definition has none; 0: it must have one */
	uint8_t step;
	bool fixed; /* programs have no access: whatever the definition has becomes min */
};

/* clang-format off */
#define FROM(min, max)  {min, max, 0, 1, false}
#define ONLY(n)         {n, n, n, 1, false}
#define EITHER(n, m, d) {n, m, d, (m) - (n), false}
#define FIXED(n)        {n, n, n, 1, true}
/* clang-format on */

enum entries {
	ENTRIES_GIVEN, /* max_entries must be set */
	ENTRIES_NONE,  /* it must be 0: entries belong to kernel objects */
	ENTRIES_CPUS,  /* by default one per CPU */
	ENTRIES_STACKS,
	ENTRIES_BYTES, /* the size of a ring buffer: a power of two, at least a page */
};

static const struct shape_rule {
	uint8_t type;
	struct size_rule key, value;
	uint8_t entries; /* enum entries */
	uint16_t required_flags, refused_flags;
	bool types; /* the kernel accepts the BTF types of key and value */
} rules[] = {
	{BPF_MAP_TYPE_HASH, FROM(1, ANY), FROM(1, ANY), ENTRIES_GIVEN, 0, MMAPABLE, true},
	{BPF_MAP_TYPE_ARRAY, ONLY(4), FROM(1, ANY), ENTRIES_GIVEN, 0, NO_PREALLOC, true},
	{BPF_MAP_TYPE_PROG_ARRAY, ONLY(4), ONLY(4), ENTRIES_GIVEN, 0, BOTH, true},
	{BPF_MAP_TYPE_PERF_EVENT_ARRAY, FIXED(4), FIXED(4), ENTRIES_CPUS, 0, BOTH, false},
	{BPF_MAP_TYPE_PERCPU_HASH, FROM(1, ANY), FROM(1, PERCPU_MAX), ENTRIES_GIVEN, 0, MMAPABLE,
		true},
	{BPF_MAP_TYPE_PERCPU_ARRAY, ONLY(4), FROM(1, PERCPU_MAX), ENTRIES_GIVEN, 0, BOTH, true},
	{BPF_MAP_TYPE_STACK_TRACE, ONLY(4), {8, ANY, STACK_DEPTH * 8, 8, false}, ENTRIES_STACKS, 0,
		BOTH, false},
	{BPF_MAP_TYPE_CGROUP_ARRAY, ONLY(4), ONLY(4), ENTRIES_GIVEN, 0, BOTH, false},
	{BPF_MAP_TYPE_LRU_HASH, FROM(1, ANY), FROM(1, ANY), ENTRIES_GIVEN, 0, BOTH, true},
	{BPF_MAP_TYPE_LRU_PERCPU_HASH, FROM(1, ANY), FROM(1, PERCPU_MAX), ENTRIES_GIVEN, 0, BOTH,
		true},
	{BPF_MAP_TYPE_LPM_TRIE, FROM(LPM_MIN, LPM_MAX), FROM(1, ANY), ENTRIES_GIVEN, NO_PREALLOC,
		MMAPABLE, true},
	{BPF_MAP_TYPE_ARRAY_OF_MAPS, ONLY(4), ONLY(4), ENTRIES_GIVEN, 0, BOTH, false},
	{BPF_MAP_TYPE_HASH_OF_MAPS, FROM(1, ANY), ONLY(4), ENTRIES_GIVEN, 0, MMAPABLE, false},
	{BPF_MAP_TYPE_DEVMAP, ONLY(4), EITHER(4, 8, 4), ENTRIES_GIVEN, 0, BOTH, false},
	{BPF_MAP_TYPE_DEVMAP_HASH, ONLY(4), EITHER(4, 8, 4), ENTRIES_GIVEN, 0, BOTH, false},
	{BPF_MAP_TYPE_SOCKMAP, ONLY(4), EITHER(4, 8, 4), ENTRIES_GIVEN, 0, BOTH, false},
	{BPF_MAP_TYPE_SOCKHASH, FROM(1, KEY_MAX), EITHER(4, 8, 4), ENTRIES_GIVEN, 0, BOTH, false},
	{BPF_MAP_TYPE_CPUMAP, ONLY(4), EITHER(4, 8, 4), ENTRIES_GIVEN, 0, BOTH, false},
	{BPF_MAP_TYPE_XSKMAP, ONLY(4), ONLY(4), ENTRIES_GIVEN, 0, BOTH, false},
	{BPF_MAP_TYPE_CGROUP_STORAGE, EITHER(8, 16, 0), FROM(1, ANY), ENTRIES_NONE, 0, BOTH, true},
	{BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE, EITHER(8, 16, 0), FROM(1, PERCPU_MAX), ENTRIES_NONE, 0,
		BOTH, true},
	{BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, ONLY(4), EITHER(4, 8, 8), ENTRIES_GIVEN, 0, BOTH, true},
	{BPF_MAP_TYPE_QUEUE, FIXED(0), FROM(1, ANY), ENTRIES_GIVEN, 0, BOTH, false},
	{BPF_MAP_TYPE_STACK, FIXED(0), FROM(1, ANY), ENTRIES_GIVEN, 0, BOTH, false},
	{BPF_MAP_TYPE_BLOOM_FILTER, FIXED(0), FROM(1, ANY), ENTRIES_GIVEN, 0, BOTH, true},
	{BPF_MAP_TYPE_SK_STORAGE, ONLY(4), FROM(1, ANY), ENTRIES_NONE, NO_PREALLOC, MMAPABLE, true},
	{BPF_MAP_TYPE_INODE_STORAGE, ONLY(4), FROM(1, ANY), ENTRIES_NONE, NO_PREALLOC, MMAPABLE,
		true},
	{BPF_MAP_TYPE_TASK_STORAGE, ONLY(4), FROM(1, ANY), ENTRIES_NONE, NO_PREALLOC, MMAPABLE,
		true},
	{BPF_MAP_TYPE_CGRP_STORAGE, ONLY(4), FROM(1, ANY), ENTRIES_NONE, NO_PREALLOC, MMAPABLE,
		true},
	{BPF_MAP_TYPE_RINGBUF, FIXED(0), FIXED(0), ENTRIES_BYTES, 0, BOTH, false},
	{BPF_MAP_TYPE_USER_RINGBUF, FIXED(0), FIXED(0), ENTRIES_BYTES, 0, BOTH, false},
	{BPF_MAP_TYPE_ARENA, FIXED(0), FIXED(0), ENTRIES_GIVEN, MMAPABLE, NO_PREALLOC, false},
	{BPF_MAP_TYPE_INSN_ARRAY, ONLY(4), ONLY(16), ENTRIES_GIVEN, 0, BOTH, true},
	{BPF_MAP_TYPE_RHASH, FROM(1, ANY), FROM(1, ANY), ENTRIES_GIVEN, NO_PREALLOC, MMAPABLE,
		true},
};

static const struct shape_rule *rule_of(uint32_t type)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (rules[i].type == type)
			return &rules[i];
	return NULL; /* a struct_ops, or unknown: the kernel decides */
}

static bool fail_size(const struct obj_map *m, const char *what, uint32_t size,
	const struct size_rule *r, struct err *e)
{
	char nick[48], rule[64];
	if (r->min == r->max)
		text_print(rule, sizeof rule, "%u", r->min);
	else if (r->max == ANY)
		text_print(rule, sizeof rule, r->step > 1 ? "a multiple of %u" : "at least %u",
			r->min);
	else
		text_print(
			rule, sizeof rule, "%u %s %u", r->min, r->step > 1 ? "or" : "to", r->max);
	err_set(e, "map '%s': its %ss have %" PRIu32 " bytes", m->name, what, size);
	return err_hint(e, "%ss of a map of type %s have %s bytes", what,
		abi_nick(ABI_MAP_TYPES, m->map_type, nick), rule);
}

static bool check_size(const struct obj_map *m, const char *what, uint32_t *size,
	const struct size_rule *r, struct err *e)
{
	if (r->fixed || !*size)
		*size = r->fixed ? r->min : r->absent;
	bool fits = *size >= r->min && (*size <= r->max || r->max == ANY) &&
	            (*size - r->min) % r->step == 0;
	return fits || fail_size(m, what, *size, r, e);
}

static uint32_t entries_of(struct build *w, const struct obj_map *m, const struct shape_rule *r)
{
	const char *option = planner_value_for(w->opt->entries, w->opt->n_entries, m->name);
	uint64_t n = option ? text_u64(option, NULL, 0) : m->max_entries;
	switch (r ? r->entries : ENTRIES_GIVEN) {
	case ENTRIES_NONE:
		return 0;
	case ENTRIES_CPUS:
		return n ? (uint32_t)n : PLAN_POSSIBLE_CPUS;
	case ENTRIES_STACKS:
		return n ? (uint32_t)n : STACKS;
	case ENTRIES_BYTES:
		return n ? (uint32_t)n : 1; /* plan_fit() rounds it up */
	default:
		return (uint32_t)n;
	}
}

bool planner_shape(struct build *w, const struct obj_map *m, struct map_shape *s, struct err *e)
{
	const struct shape_rule *r = rule_of(m->map_type);
	char nick[48];
	*s = (struct map_shape){.key_size = m->key_size,
		.value_size = m->value_size,
		.max_entries = entries_of(w, m, r),
		.map_flags = m->map_flags,
		.types = !r || r->types};
	if (!r || m->kind != OBJ_MAP_DECLARED)
		return true;
	s->map_flags |= r->required_flags;
	if (!check_size(m, "key", &s->key_size, &r->key, e) ||
		!check_size(m, "value", &s->value_size, &r->value, e))
		return false;
	if (r->entries == ENTRIES_GIVEN && !s->max_entries) {
		err_set(e, "map '%s': max_entries is 0", m->name);
		return err_hint(
			e, "set it with __uint(max_entries, N), or with --entries %s=N", m->name);
	}
	uint32_t refused = s->map_flags & r->refused_flags;
	if (refused) {
		const char *flag = refused & NO_PREALLOC ? "BPF_F_NO_PREALLOC" : "BPF_F_MMAPABLE";
		err_set(e, "map '%s': %s is set", m->name, flag);
		return err_hint(e, "maps of type %s do not support this flag: leave it out",
			abi_nick(ABI_MAP_TYPES, m->map_type, nick));
	}
	return true;
}
