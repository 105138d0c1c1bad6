/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Map definitions: what is filled in, and what is rejected with which hint. Whether the kernel agrees
 * is shown by vm/pitfalls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "elf/base/bpf_abi.h"
#include "loader/planner/planner_impl.h"

#define NAME(x) BPF_MAP_TYPE_##x

struct shaped {
	uint32_t type, key, value, entries, flags;
	uint32_t is_key, is_value, is_entries, is_flags;
	const char *error, *hint; /* or NULL */
};

static const struct shaped shapes[] = {
	{NAME(HASH), 4, 8, 10, 0, 4, 8, 10, 0, NULL, NULL},
	{NAME(ARRAY), 0, 8, 10, 0, 4, 8, 10, 0, NULL, NULL},
	{NAME(PROG_ARRAY), 0, 0, 2, 0, 4, 4, 2, 0, NULL, NULL},
	/* No program sees these keys and values. */
	{NAME(PERF_EVENT_ARRAY), 0, 0, 0, 0, 4, 4, PLAN_POSSIBLE_CPUS, 0, NULL, NULL},
	{NAME(PERF_EVENT_ARRAY), 4, 100, 3, 0, 4, 4, 3, 0, NULL, NULL},
	{NAME(RINGBUF), 4, 8, 5000, 0, 0, 0, 5000, 0, NULL, NULL},
	{NAME(USER_RINGBUF), 0, 0, 0, 0, 0, 0, 1, 0, NULL, NULL},
	{NAME(STACK_TRACE), 0, 0, 0, 0, 4, 1016, 16384, 0, NULL, NULL},
	{NAME(LPM_TRIE), 8, 1, 5, 0, 8, 1, 5, BPF_F_NO_PREALLOC, NULL, NULL},
	{NAME(TASK_STORAGE), 0, 8, 7, 0, 4, 8, 0, BPF_F_NO_PREALLOC, NULL, NULL},
	{NAME(ARENA), 0, 0, 100, 0, 0, 0, 100, BPF_F_MMAPABLE, NULL, NULL},
	{NAME(SOCKHASH), 6, 0, 5, 0, 6, 4, 5, 0, NULL, NULL},
	{NAME(DEVMAP), 0, 8, 5, 0, 4, 8, 5, 0, NULL, NULL},
	{NAME(CGROUP_STORAGE), 16, 8, 5, 0, 16, 8, 0, 0, NULL, NULL},
	{NAME(QUEUE), 4, 8, 5, 0, 0, 8, 5, 0, NULL, NULL},
	{999, 3, 5, 0, 7, 3, 5, 0, 7, NULL, NULL},

	{NAME(HASH), 0, 8, 10, 0, 0, 0, 0, 0, "map 'm': its keys have 0 bytes",
		"keys of a map of type hash have at least 1 bytes"},
	{NAME(HASH), 4112, 8, 10, 0, 4112, 8, 10, 0, NULL, NULL},
	{NAME(SOCKHASH), 513, 4, 10, 0, 0, 0, 0, 0, "map 'm': its keys have 513 bytes",
		"keys of a map of type sockhash have 1 to 512 bytes"},
	{NAME(HASH), 4, 0, 10, 0, 0, 0, 0, 0, "map 'm': its values have 0 bytes",
		"values of a map of type hash have at least 1 bytes"},
	{NAME(ARRAY), 8, 8, 10, 0, 0, 0, 0, 0, "map 'm': its keys have 8 bytes",
		"keys of a map of type array have 4 bytes"},
	{NAME(HASH), 4, 8, 0, 0, 0, 0, 0, 0, "map 'm': max_entries is 0",
		"set it with __uint(max_entries, N), or with --entries m=N"},
	{NAME(PERCPU_ARRAY), 4, 32769, 1, 0, 0, 0, 0, 0, "map 'm': its values have 32769 bytes",
		"values of a map of type percpu_array have 1 to 32768 bytes"},
	{NAME(STACK_TRACE), 4, 12, 1, 0, 0, 0, 0, 0, "map 'm': its values have 12 bytes",
		"values of a map of type stack_trace have a multiple of 8 bytes"},
	{NAME(LPM_TRIE), 4, 1, 5, 0, 0, 0, 0, 0, "map 'm': its keys have 4 bytes",
		"keys of a map of type lpm_trie have 5 to 260 bytes"},
	{NAME(SOCKMAP), 4, 6, 5, 0, 0, 0, 0, 0, "map 'm': its values have 6 bytes",
		"values of a map of type sockmap have 4 or 8 bytes"},
	{NAME(CGROUP_STORAGE), 4, 8, 0, 0, 0, 0, 0, 0, "map 'm': its keys have 4 bytes",
		"keys of a map of type cgroup_storage have 8 or 16 bytes"},
	{NAME(LRU_HASH), 4, 8, 10, BPF_F_NO_PREALLOC, 0, 0, 0, 0,
		"map 'm': BPF_F_NO_PREALLOC is set",
		"maps of type lru_hash do not support this flag: leave it out"},
	{NAME(HASH), 4, 8, 10, BPF_F_MMAPABLE, 0, 0, 0, 0, "map 'm': BPF_F_MMAPABLE is set",
		"maps of type hash do not support this flag: leave it out"},
};

static void definitions(void **state)
{
	(void)state;
	const struct plan_options none = {0};
	struct target t = {.possible_cpus = 6, .page_size = 16384};
	struct build w = {.opt = &none, .t = &t};
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		const struct shaped *want = &shapes[i];
		const struct obj_map m = {.name = "m",
			.kind = OBJ_MAP_DECLARED,
			.map_type = want->type,
			.key_size = want->key,
			.value_size = want->value,
			.max_entries = want->entries,
			.map_flags = want->flags};
		struct map_shape s;
		struct err e = {0};
		assert_int_equal(planner_shape(&w, &m, &s, &e), !want->error);
		if (want->error) {
			assert_string_equal(e.text, want->error);
			assert_string_equal(e.hint, want->hint);
			continue;
		}
		assert_int_equal(s.key_size, want->is_key);
		assert_int_equal(s.value_size, want->is_value);
		assert_int_equal(s.max_entries, want->is_entries);
		assert_int_equal(s.map_flags, want->is_flags);
	}
}

/* Every type of map has a row: for those without, only the kernel would notice a bad definition. */
static void every_type(void **state)
{
	(void)state;
	static const uint32_t types[] = {
#define TYPE(name, number, major, minor) number,
		BPF_MAP_TYPES(TYPE)
#undef TYPE
	};
	const struct plan_options none = {0};
	struct target t = {.possible_cpus = 6, .page_size = 4096};
	struct build w = {.opt = &none, .t = &t};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		const struct obj_map m = {.name = "m",
			.kind = OBJ_MAP_DECLARED,
			.map_type = types[i],
			.key_size = 4,
			.value_size = 7,
			.max_entries = 1,
			.map_flags = BPF_F_MMAPABLE | BPF_F_NO_PREALLOC};
		struct map_shape s;
		struct err e = {0};
		assert_int_equal(
			planner_shape(&w, &m, &s, &e), types[i] == BPF_MAP_TYPE_STRUCT_OPS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(definitions),
		cmocka_unit_test(every_type),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
