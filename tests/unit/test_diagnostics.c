/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Diagnostics of running plans: each mistake, and the same program without it. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "loader/explain/diagnostics.h"
#include "objects.h"

static char folder[] = "/tmp/sonde-diagnostics.XXXXXX";

/* The tracefs format of a tracepoint on a 64-bit and on a 32-bit kernel. */
static const char wide[] =
	"name: one\nID: 7\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
	"\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;\n"
	"\tfield:const char * filename;\toffset:16;\tsize:8;\tsigned:0;\n"
	"\tfield:char comm[16];\toffset:24;\tsize:16;\tsigned:0;\n\n"
	"print fmt: \"x\"\n";
static const char narrow[] = "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
			     "\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;\n"
			     "\tfield:const char * filename;\toffset:12;\tsize:4;\tsigned:0;\n"
			     "\tfield:char comm[16];\toffset:16;\tsize:16;\tsigned:0;\n";

static void write_format(const char *name, const char *text)
{
	char path[200];
	snprintf(path, sizeof path, "%s/events/cat/%s", folder, name);
	mkdir(path, 0700);
	strcat(path, "/format");
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int make_folder(void **state)
{
	char path[100];
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/events", folder);
	mkdir(path, 0700);
	strcat(path, "/cat");
	mkdir(path, 0700);
	write_format("wide", wide);
	write_format("narrow", narrow);
	return 0;
}

static int remove_folder(void **state)
{
	char command[100];
	(void)state;
	snprintf(command, sizeof command, "rm -r %s", folder);
	return system(command);
}

static void collect(void *ctx, const char *text)
{
	char *all = ctx;
	strcat(strcat(all, text), "\n");
}

/* All diagnostics for a program, in a buffer that the next call overwrites. */
static const char *diagnostics(const char *source)
{
	static char all[4096];
	struct span bytes = object_compile(source, host_is_big(), "-g");
	struct arena a = {0};
	struct plan p;
	struct err e = {0};
	struct kfs k = {0};
	struct exec x = {.plan = &p, .kfs = &k, .arena = &a};
	all[0] = 0;
	if (!object_plan_own(&p, bytes, &a, &e))
		fail_msg("%s", e.text);
	kfs_use(&k, KFS_TRACE, open(folder, O_PATH | O_DIRECTORY), folder);
	x.slots = arena_array(&a, p.n_slots, sizeof *x.slots);
	diagnose_attached(&x, collect, all);
	kfs_close(&k);
	arena_free(&a);
	free((void *)(uintptr_t)bytes.p);
	return all;
}

#define MAP(name, type, more)                                                                      \
	"struct { __uint(type, BPF_MAP_TYPE_" #type "); __uint(max_entries, 4); " more "} " #name  \
	" SEC(\".maps\");\n"
#define HASH(name, type) MAP(name, type, "__type(key, int); __type(value, long);")

static const char lookup[] =
	"SEC(\"tp/cat/wide\") int p(void *c) { int k = 0; long *v = bpf_map_lookup_elem(&m, &k);\n"
	"return v != 0; }\n";

static void maps_without_writers(void **state)
{
	char source[1000];
	(void)state;
	static const char *const growing[] = {
		HASH(m, HASH), HASH(m, PERCPU_HASH), HASH(m, LRU_HASH), HASH(m, LRU_PERCPU_HASH)};
	for (size_t i = 0; i < sizeof growing / sizeof *growing; i++) {
		snprintf(source, sizeof source, "%s%s", growing[i], lookup);
		assert_string_equal(diagnostics(source),
			"map 'm': no program in this object adds entries, so lookups find nothing "
			"until another process adds some\n");
	}
	snprintf(source, sizeof source, "%s%s", HASH(m, PERCPU_ARRAY), lookup);
	assert_string_equal(diagnostics(source), "");
	snprintf(source, sizeof source, "%s%s%s", HASH(m, HASH), lookup,
		"SEC(\"tp/cat/wide\") int q(void *c) { int k = 0; long v = 1;\n"
		"return bpf_map_update_elem(&m, &k, &v, 0); }\n");
	assert_string_equal(diagnostics(source), "");
	/* an unused map is not reported */
	snprintf(source, sizeof source, "%s%s%s", HASH(m, ARRAY), HASH(n, HASH), lookup);
	assert_string_equal(diagnostics(source), "");
}

static const char tail_call[] = "SEC(\"tp/cat/wide\") int first(void *c)\n"
				"{ bpf_tail_call(c, &progs, 0); return 0; }\n";
static const char filled[] =
	"int second(void *c);\n"
	"struct { __uint(type, BPF_MAP_TYPE_PROG_ARRAY); __uint(max_entries, 2);\n"
	"__uint(key_size, 4); __array(values, int(void *)); } progs SEC(\".maps\") =\n"
	"{.values = {[0] = (void *)&second}};\n";

static void tail_calls(void **state)
{
	char source[1000];
	(void)state;
	snprintf(source, sizeof source, "%s%s",
		MAP(progs, PROG_ARRAY, "__uint(key_size, 4); __uint(value_size, 4);"), tail_call);
	assert_non_null(strstr(diagnostics(source), "map 'progs' (prog array) is empty: "));
	snprintf(source, sizeof source, "%s%s%s", filled, tail_call,
		"SEC(\"?tp/cat/wide\") int second(void *c) { return 0; }\n");
	assert_string_equal(diagnostics(source), "");
	snprintf(source, sizeof source, "%s%s%s", filled, tail_call,
		"SEC(\"tp/cat/wide\") int second(void *c) { return 0; }\n");
	const char *said = diagnostics(source);
	assert_non_null(strstr(said, "program 'second' (tp/cat/wide) is the target of tail calls"));
	assert_null(strstr(said, "'first'"));
}

static void formats(void **state)
{
	(void)state;
	assert_string_equal(
		diagnostics("SEC(\"tp/cat/wide\") int p(void *c) { bpf_printk(\"plain %d\", 1);\n"
			    "return 0; }\n"),
		"");
	assert_non_null(
		strstr(diagnostics("SEC(\"tp/cat/wide\") int p(void *c) { bpf_printk(\"10 µs\");\n"
				   "return 0; }\n"),
			"program 'p': a bpf_printk format is not plain ASCII"));
}

/* The diagnostic for a load of `type` at `off` of the record of cat/TRACEPOINT. */
static const char *load(const char *tracepoint, const char *type, int off)
{
	char source[400];
	snprintf(source, sizeof source,
		"SEC(\"tp/cat/%s\") int p(char *c) { return *(volatile %s *)(c + %d) != 0; }\n",
		tracepoint, type, off);
	return diagnostics(source);
}

static void records(void **state)
{
	(void)state;
	static const struct {
		const char *type;
		int off;
	} fine[] = {{"int", 8}, {"long", 8} /* with the padding */, {"long", 16}, {"int", 16},
		{"int", 4}, {"long", 24}, {"char", 39}, {"char", 40} /* past it */, {"short", 0}};
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
		assert_string_equal(load("wide", fine[i].type, fine[i].off), "");
	assert_string_equal(load("narrow", "int", 12), "");
	/* compiled for 64 bits, on 32 */
	assert_string_equal(load("narrow", "long", 12),
		"program 'p' (tp/cat/narrow) reads 8 bytes at offset 12 of the record, where this "
		"kernel has 'filename' (4 bytes at 12): it was compiled for another layout and "
		"gets wrong values; use the struct from vmlinux.h (CO-RE)\n");
	/* and vice versa: the kernel has nothing there */
	assert_non_null(strstr(load("wide", "int", 12),
		"reads 4 bytes at offset 12 of the record, where this kernel has nothing:"));
	/* a longer header (realtime kernels) */
	assert_non_null(strstr(load("wide", "long", 0), "has 'common_type' (2 bytes at 0)"));
	assert_non_null(strstr(load("wide", "int", 6), "has 'common_pid' (4 bytes at 4)"));
	/* a tracepoint that does not describe its record */
	assert_string_equal(load("missing", "long", 12), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(maps_without_writers),
		cmocka_unit_test(tail_calls), cmocka_unit_test(formats), cmocka_unit_test(records)};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
