/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Iterators over kernel objects (5.8), which are read as text. Some walk the parts of one object, which
 * the target argument names: the elements of a map (5.9), the tasks of a process or the descendants of a
 * cgroup (6.1).
 */
#include "iter.h"

#include "attach_btf.h"
#include "place.h"

#include "elf/base/number.h"
#include "loader/plan/abi.h"
#include "loader/kernel/kfs.h"

#include <errno.h>

/* union bpf_iter_link_info */
enum {
	INFO_SIZE = 16,
	MAP_FD = 0,
	CGROUP_ORDER = 0,
	CGROUP_FD = 4,
	TASK_PID = 4,
	SELF_AND_DESCENDANTS = 2, /* BPF_CGROUP_ITER_DESCENDANTS_PRE */
};

/* Adds what the argument names to the blob. */
typedef void (*put_fn)(struct plan_builder *b, const struct hook_use *use, int16_t blob);

static void put_slot(struct plan_builder *b, int16_t blob, uint32_t at, int16_t slot)
{
	plan_add_patch(b, blob,
		(struct plan_patch){
			.at = at, .size = 4, .what = PATCH_SLOT, .index = (uint16_t)slot});
}

static bool parse_number(
	struct plan_builder *b, const char *text, const char *what, uint32_t *number)
{
	char *end;
	unsigned long n = text_ulong(text, &end, 10);
	*number = (uint32_t)n;
	if (*text >= '0' && *text <= '9' && !*end && n && n <= INT32_MAX)
		return true;
	hook_fail(b, NULL, "'%s' is not %s", text, what);
	return false;
}

static void put_map(struct plan_builder *b, const struct hook_use *use, int16_t blob)
{
	const struct plan_map *map = plan_find_map(b->plan, use->arg);
	uint32_t id;
	if (map && map->slot != PLAN_NONE) {
		put_slot(b, blob, MAP_FD, map->slot);
	} else if (*use->arg == '/') {
		put_slot(b, blob, MAP_FD, place_pin(b, use, use->arg, SLOT_FILE, "map"));
	} else if (parse_number(b, use->arg, "a map of the object, an id or a pin", &id)) {
		struct plan_step like = use->like;
		like.doing = "open the map";
		int16_t slot = plan_add_slot(b, SLOT_FILE, "map");
		int16_t step = plan_add_step(b, STEP_BPF, BPF_MAP_GET_FD_BY_ID, slot, &like);
		attr_set(b, step, ATTR(map_id), id);
		plan_add_hint(b, step, ENOENT, "there is no map with that id");
		put_slot(b, blob, MAP_FD, slot);
	}
}

static void put_cgroup(struct plan_builder *b, const struct hook_use *use, int16_t blob)
{
	int16_t group = place_open(b, use, *use->arg == '/' ? KFS_COUNT : KFS_CGROUP2, use->arg, 0,
		"cgroup", place_cgroup_missing);
	put_slot(b, blob, CGROUP_FD, group);
	if (!b->failed)
		bytes_put(b->plan->blobs[blob].bytes + CGROUP_ORDER, 4, b->plan->big,
			SELF_AND_DESCENDANTS);
}

static void put_task(struct plan_builder *b, const struct hook_use *use, int16_t blob)
{
	uint32_t pid;
	if (parse_number(b, use->arg, "a process id", &pid) && !b->failed)
		bytes_put(b->plan->blobs[blob].bytes + TASK_PID, 4, b->plan->big, pid);
}

static const struct walk {
	const char *name;
	const char *hint; /* the kernel requires a target; or NULL */
	uint32_t no;      /* the errno if it is missing */
	put_fn put;
} walks[] = {
	{"bpf_map_elem", "name the map: --on PROG=MAP, an id or a pin", EBADF, put_map},
	{"bpf_sk_storage_map", "name the map: --on PROG=MAP, an id or a pin", EBADF, put_map},
	{"sockmap", "name the map: --on PROG=MAP, an id or a pin", EBADF, put_map},
	{"cgroup", "name the cgroup: --on PROG=CGROUP", EINVAL, put_cgroup},
	{"task", NULL, 0, put_task},
	{"task_file", NULL, 0, put_task},
	{"task_vma", NULL, 0, put_task},
};

static const struct walk *walk_of(const char *name)
{
	for (size_t i = 0; i < sizeof walks / sizeof *walks; i++)
		if (!strcmp(walks[i].name, name))
			return &walks[i];
	return NULL;
}

int iter_without_target(const char *name)
{
	const struct walk *walk = walk_of(name);
	return walk && walk->hint ? (int)walk->no : 0;
}

static void attach(struct plan_builder *b, const struct hook_use *use)
{
	const struct walk *walk = walk_of(use->target);
	if (use->arg && !walk) {
		hook_fail(b, NULL, "the iterator '%s' has no target", use->target);
		return;
	}
	int16_t blob = use->arg ? plan_add_blob(b, NULL, INFO_SIZE, "iter_info") : PLAN_NONE;
	if (use->arg)
		walk->put(b, use, blob);
	int16_t link = hook_add_link(b, use, use->link_slot, BPF_TRACE_ITER);
	if (walk && walk->hint && !use->arg)
		plan_add_hint(b, link, (uint16_t)walk->no, walk->hint);
	if (!use->arg)
		return;
	attr_blob(b, link, ATTR(link_create.iter_info), blob);
	attr_set(b, link, ATTR(link_create.iter_info_len), INFO_SIZE);
	if (walk->put == put_cgroup)
		plan_add_hint(b, link, EBADF, place_cgroup_other);
	plan_add_hint(b, link, EINVAL, "kernels before 6.1 (maps: 5.9) have no such target");
}

#define ITER(name, flags, major, minor, text)                                                      \
	{                                                                                          \
		.sec = name, .target = TARGET_OPTIONAL, .prog_type = BPF_PROG_TYPE_TRACING,        \
		.attach_type = BPF_TRACE_ITER, .prog_flags = flags,                                \
		.since = ABI_VERSION(major, minor), .target_syntax = "TYPE",                       \
		.arg_syntax = "MAP|CGROUP|PID", .what = text, .prepare = attach_btf_prepare,       \
		.load = attach_btf_load, .methods = hook_methods_link, .attach = attach            \
	}

static const struct hook hooks[] = {
	ITER("iter", 0, 5, 8, "iterator over kernel objects of one type, read as text"),
	ITER("iter.s", BPF_F_SLEEPABLE, 5, 18,
		"iterator over kernel objects of one type, read as text, sleepable"),
};

const struct hook_family iter_family = {"iter", hooks, sizeof hooks / sizeof *hooks};
