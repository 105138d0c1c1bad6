/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Creating maps on older kernels: bpf(2) is replaced (--wrap) by the checks of BPF_BTF_LOAD and
 * BPF_MAP_CREATE in Linux 4.14 to 5.10, in their order. What must remain is everything that the kernel
 * could take.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/base/bpf_abi.h"
#include "elf/btf/btf.h"
#include "loader/kernel/exec.h"
#include "loader/kernel/sys.h"
#include "loader/plan/abi.h"
#include "objects.h"

static const char source[] =
	"struct { int (*type)[1]; int (*max_entries)[1]; int *key; long *value; } "
	"hash SEC(\".maps\");\n"
	"long zeros;\n"
	"SEC(\"tp/a/b\") int f(void *ctx) { return zeros; }\n";

static struct {
	unsigned version;
	bool rejects_types; /* of arrays, for a reason of its own */
	bool has_datasec;   /* in the types that were loaded */
	unsigned hash_calls, array_calls;
	bool named, mappable, typed; /* the array that was created */
	bool hash_typed;
} kernel;

long __wrap_sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size);

/* DATASEC is of 5.2, and no kernel takes a kind that it does not know. */
static long load_types(void *attr, unsigned size)
{
	struct arena a = {0};
	struct btf btf;
	struct err e = {0};
	const struct span bytes = {
		(const uint8_t *)(uintptr_t)abi_get_by_name(BPF_BTF_LOAD, "btf", attr, size),
		abi_get_by_name(BPF_BTF_LOAD, "btf_size", attr, size), host_is_big()};
	if (kernel.version < ABI_VERSION(4, 18))
		return -EINVAL;
	assert_true(btf_open(&btf, bytes, NULL, &a, &e));
	kernel.has_datasec = false;
	struct btf_type t;
	for (uint32_t id = btf.first; id < btf.end && btf_type(&btf, id, &t); id++)
		kernel.has_datasec |= t.kind == BTF_DATASEC;
	arena_free(&a);
	return kernel.has_datasec && kernel.version < ABI_VERSION(5, 2) ? -EINVAL
	                                                                : dup(STDERR_FILENO);
}

static long create_map(const void *attr, unsigned size)
{
#define GET(field) abi_get_by_name(BPF_MAP_CREATE, field, attr, size)
	const unsigned v = kernel.version;
	struct abi_field name;
	assert_true(abi_field_by_name(BPF_MAP_CREATE, "map_name", &name));
	const bool array = GET("map_type") == BPF_MAP_TYPE_ARRAY;
	const bool named = size > name.offset && ((const char *)attr)[name.offset];
	const bool typed = GET("btf_value_type_id"), mappable = GET("map_flags") & BPF_F_MMAPABLE;
	(*(array ? &kernel.array_calls : &kernel.hash_calls))++;
	if ((typed && v < ABI_VERSION(4, 18)) || (named && v < ABI_VERSION(4, 15)))
		return -E2BIG;
	if (mappable && (v < ABI_VERSION(5, 5) || !array))
		return -EINVAL;
	/* No key means that the value is a DATASEC. */
	if (typed && !GET("btf_key_type_id") && !kernel.has_datasec)
		return -EINVAL;
	if (typed && array && kernel.rejects_types)
		return -EINVAL;
	if (array)
		kernel.named = named, kernel.mappable = mappable, kernel.typed = typed;
	else
		kernel.hash_typed = typed;
	return dup(STDERR_FILENO);
#undef GET
}

long __wrap_sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size)
{
	(void)w;
	if (cmd == BPF_BTF_LOAD)
		return load_types(attr, size);
	return cmd == BPF_MAP_CREATE ? create_map(attr, size) : dup(STDERR_FILENO);
}

static void on(unsigned version, bool rejects_types)
{
	struct span bytes = object_compile(source, host_is_big(), "-g");
	struct arena a = {0};
	struct plan p;
	struct exec x;
	struct kfs k = {0};
	struct err e = {0};
	const char *log;
	memset(&kernel, 0, sizeof kernel);
	kernel.version = version;
	kernel.rejects_types = rejects_types;
	struct target target;
	object_target(&target, host_is_big(), NULL, &a);
	struct plan_options opt = {.n_only = 0};
	if (!plan_object(&p, "x.bpf.o", bytes, &opt, &target, &a, &e))
		fail_msg("%s", e.text);
	for (size_t i = 0; i < p.n_steps; i++) /* only what creates maps */
		if (p.steps[i].op != STEP_BPF || p.steps[i].cmd == BPF_LINK_CREATE)
			p.n_steps = i;
	if (!exec_run(&x, &p, &a, &k, NULL, NULL, &log, &e))
		fail_msg("%s", e.text);
	exec_close(&x, &e);
	arena_free(&a);
	free((void *)(uintptr_t)bytes.p);
}

static void by_version(void **state)
{
	static const struct {
		unsigned version;
		bool rejects;
		unsigned array_calls, hash_calls;
		bool named, mappable, typed, hash_typed;
	} rows[] = {
		/* no types, which skips the first form; then no name */
		{ABI_VERSION(4, 14), false, 2, 2, false, false, false, false},
		{ABI_VERSION(4, 15), false, 2, 1, true, false, false, false},
		/* types, but not of sections */
		{ABI_VERSION(4, 18), false, 4, 1, true, false, false, true},
		{ABI_VERSION(5, 1), false, 4, 1, true, false, false, true},
		/* not mappable */
		{ABI_VERSION(5, 2), false, 2, 1, true, false, true, true},
		{ABI_VERSION(5, 4), false, 2, 1, true, false, true, true},
		{ABI_VERSION(5, 4), true, 4, 1, true, false, false, true},
		{ABI_VERSION(5, 5), false, 1, 1, true, true, true, true},
		{ABI_VERSION(5, 10), false, 1, 1, true, true, true, true},
		{ABI_VERSION(5, 10), true, 3, 1, true, true, false, true},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		print_message("row %zu\n", i);
		on(rows[i].version, rows[i].rejects);
		assert_int_equal(kernel.array_calls, rows[i].array_calls);
		assert_int_equal(kernel.hash_calls, rows[i].hash_calls);
		assert_int_equal(kernel.named, rows[i].named);
		assert_int_equal(kernel.mappable, rows[i].mappable);
		assert_int_equal(kernel.typed, rows[i].typed);
		assert_int_equal(kernel.hash_typed, rows[i].hash_typed);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(by_version)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
