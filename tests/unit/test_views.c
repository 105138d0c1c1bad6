/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loader/plan/abi.h"
#include "loader/show/histogram.h"
#include "loader/show/map_view.h"
#include "loader/show/stack_fold.h"
#include "loader/kernel/kallsyms.h"
#include "loader/symbols/names.h"
#include "btf_build.h"

static char *shown;

static FILE *start(void)
{
	static size_t n;
	free(shown);
	shown = NULL;
	return open_memstream(&shown, &n);
}

static struct span bytes_of(const void *p, size_t n)
{
	return (struct span){p, n, host_is_big()};
}

/* ---- artificial names and stacks ---- */

struct known {
	uint32_t pid;
	struct address_names names;
};

static bool address(void *ctx, bool user, uint64_t at, char *buf, size_t size)
{
	const struct known *k = ctx;
	if (at < 0x1000)
		return false;
	if (user)
		snprintf(buf, size, "%u:f+0x%x", (unsigned)k->pid, (unsigned)(at & 0xfff));
	else
		snprintf(buf, size, "vfs_read+0x%x", (unsigned)(at & 0xfff));
	return true;
}

/* Stack 1: a < b < main; 2: the same functions; 3: only c; kernel: k < sys. */
static const char *frame(void *ctx, enum stack_kind kind, int64_t id, size_t i)
{
	static const char *const user[][4] = {
		{0}, {"a", "b;x", "main"}, {"a", "b;x", "main"}, {"c"}};
	static const char *const kernel[] = {"k", "sys", NULL};
	(void)ctx;
	if (id < 0 || id > 3 || i > 2)
		return NULL;
	return kind == STACK_KERNEL ? kernel[i] : user[id][i];
}

/* The frames are "7:f1" in process 7, "k1" in the kernel. */
static const char *trace(void *ctx, enum stack_kind kind, struct span addresses, size_t i)
{
	static char name[32];
	uint64_t at = span_u64(addresses, i * 8);
	if (kind == STACK_USER)
		snprintf(name, sizeof name, "%u:f%u", (unsigned)((struct known *)ctx)->pid,
			(unsigned)at);
	else
		snprintf(name, sizeof name, "k%u", (unsigned)at);
	return at ? name : NULL;
}

static const char *cgroup(void *ctx, uint64_t id)
{
	(void)ctx;
	return id == 1 ? "/" : id == 9 ? "/a\x1b[2J b" : NULL;
}

static void process(void *ctx, uint32_t pid)
{
	((struct known *)ctx)->pid = pid;
}

static const char *comm(void *ctx)
{
	return ((struct known *)ctx)->pid == 7 ? "seven" : "";
}

static void note(struct btf *b, struct btf_meanings *notes, struct known *k, struct arena *a)
{
	*k = (struct known){.names = {address, frame, trace, cgroup, process, comm, k}};
	assert_true(typed_read_meanings(b, notes, &k->names, a));
}

/* ---- meanings of values ---- */

static const char *text(const struct btf *b, uint32_t type, const void *p, size_t n)
{
	FILE *f = start();
	struct typed_out o = {.file = f};
	struct span rec = bytes_of(p, n);
	typed_process(b, type, rec);
	typed_text(&o, b, (struct typed_field){.type = type}, rec, false);
	fclose(f);
	return shown ? shown : "";
}

static const char *json(const struct btf *b, uint32_t type, const void *p, size_t n)
{
	FILE *f = start();
	struct json j = json_start(f);
	typed_process(b, type, bytes_of(p, n));
	typed_json(&j, b, (struct typed_field){.type = type}, bytes_of(p, n));
	fclose(f);
	return shown;
}

static void meanings(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	uint32_t u32 = bb_int(m, "unsigned int", 4, 0), u64 = bb_int(m, "unsigned long", 8, 0);
	uint32_t u16 = bb_int(m, "unsigned short", 2, 0), u8 = bb_int(m, "unsigned char", 1, 0);
	uint32_t s32 = bb_int(m, "int", 4, BTF_INT_SIGNED), sixteen = bb_array(m, u8, 16);
	uint32_t kaddr = bb_ref(m, BTF_TYPEDEF, "kernel_addr_t", u64);
	uint32_t ip_struct = bb_struct(m, "", 16);
	bb_member(m, "bytes", sixteen, 0);
	uint32_t ip = bb_ref(m, BTF_TYPEDEF, "ip_addr_t", ip_struct);
	uint32_t dev = bb_ref(m, BTF_TYPEDEF, "dev_t", u32);
	uint32_t ns = bb_ref(m, BTF_TYPEDEF, "time_ns_t", u64);
	uint32_t tagged = bb_ref(m, BTF_TYPEDEF, "mine", u32);
	uint32_t s = bb_struct(m, "s", 64);
	static const struct {
		const char *name;
		uint32_t at;
	} members[] = {{"pid", 0}, {"port", 4}, {"net", 8}, {"took", 16}, {"flags", 24},
		{"ustack", 32}, {"site", 40}, {"plain", 48}, {"big", 56}};
	const uint32_t types[] = {u32, u16, u32, u64, u64, s32, u64, s32, u64};
	for (unsigned i = 0; i < sizeof members / sizeof *members; i++)
		bb_member(m, members[i].name, types[i], members[i].at * 8);
	bb_decl_tag(m, "sonde:ip4", s, 2);
	bb_decl_tag(m, "sonde:port", s, 1);
	bb_decl_tag(m, "sonde:us", s, 3);
	bb_decl_tag(m, "other:us", s, 8);
	bb_decl_tag(m, "sonde:hex", s, 4);
	bb_decl_tag(m, "sonde:user_addr", s, 6);
	bb_decl_tag(m, "sonde:ip4", tagged, -1);
	bb_decl_tag(m, "sonde:ip6", s, 7); /* wrong size: ignored */
	struct btf btf;
	struct btf_meanings notes;
	struct known k;
	bb_open(m, NULL, &btf);
	uint64_t at = 0xffffffff81000012, small = 5, t = 1240000;
	/* Without names: numbers. */
	assert_string_equal(text(&btf, kaddr, &at, 8), "0xffffffff81000012");
	note(&btf, &notes, &k, &m->arena);
	assert_int_equal(notes.n_tags, 7);
	assert_string_equal(text(&btf, kaddr, &at, 8), "vfs_read+0x12");
	assert_string_equal(json(&btf, kaddr, &at, 8), "\"vfs_read+0x12\"");
	assert_string_equal(text(&btf, kaddr, &small, 8), "0x5");
	assert_string_equal(json(&btf, kaddr, &small, 8), "\"0x5\"");
	assert_string_equal(text(&btf, ns, &t, 8), "1.24 ms");
	assert_string_equal(json(&btf, ns, &t, 8), "1240000");
	uint32_t disk = 8u << 20 | 17;
	assert_string_equal(text(&btf, dev, &disk, 4), "8:17");
	assert_string_equal(json(&btf, dev, &disk, 4), "\"8:17\"");
	uint8_t four[16] = {[10] = 0xff, [11] = 0xff, 10, 0, 0, 2}, six[16] = {[15] = 1};
	assert_string_equal(text(&btf, ip, four, 16), "10.0.0.2");
	assert_string_equal(json(&btf, ip, six, 16), "\"::1\"");
	assert_string_equal(text(&btf, tagged, &four[12], 4), "10.0.0.2");
	struct {
		uint32_t pid;
		uint8_t port[2], pad[2], net[4], pad2[4];
		uint64_t took, flags;
		int32_t ustack, pad3;
		uint64_t site;
		int32_t plain, pad4;
		uint64_t big;
	} v = {7, {0x01, 0xbb}, {0}, {10, 0, 0, 2}, {0}, 532, 255, 1, 0, 0x40123, -3, 0, 9};
	assert_string_equal(text(&btf, s, &v, sizeof v),
		"{pid = 7, port = 443, net = 10.0.0.2, took = 532 us, flags = 0xff, "
		"ustack = a < b;x < main, site = 7:f+0x123, plain = -3, big = 9}");
	assert_string_equal(json(&btf, s, &v, sizeof v),
		"{\"pid\":7,\"port\":443,\"net\":\"10.0.0.2\",\"took\":532,\"flags\":\"0xff\","
		"\"ustack\":[\"a\",\"b;x\",\"main\"],\"site\":\"7:f+0x123\",\"plain\":-3,\"big\":"
		"9}");
	/* No stack: the number is the errno. */
	v.ustack = -14;
	assert_non_null(strstr(text(&btf, s, &v, sizeof v), " ustack = -14,"));
	assert_non_null(strstr(json(&btf, s, &v, sizeof v), "\"ustack\":[],"));
	/* Without a stack trace map, it is an ordinary number. */
	k.names.frame = NULL;
	assert_non_null(strstr(json(&btf, s, &v, sizeof v), "\"ustack\":-14,"));
	bb_free(m);
}

/* What the code tells about members of records, and the types that have precedence over it. */
static void meanings_of_records(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	uint32_t u8 = bb_int(m, "unsigned char", 1, 0), u16 = bb_int(m, "unsigned short", 2, 0),
		 u32 = bb_int(m, "unsigned int", 4, 0), s32 = bb_int(m, "int", 4, BTF_INT_SIGNED),
		 u64 = bb_int(m, "u64", 8, 0), ns = bb_ref(m, BTF_TYPEDEF, "time_ns_t", u64),
		 ip = bb_array(m, u8, 16), words = bb_array(m, u64, 3), s = bb_struct(m, "s", 128);
	static const struct {
		const char *name, *tag;
		uint32_t at;
	} members[] = {{"pid", "cgroup", 0}, /* wrong size: ignored */
		{"ret", "named_errno", 4}, {"at", "time", 8}, {"boot", "boot_time", 16},
		{"span", "time", 24}, {"group", "cgroup", 32}, {"dev", "dev", 40},
		{"port", "port", 44}, {"ip", "ip6", 48}, {"k", "kernel_trace", 64},
		{"u", "user_trace", 88}, {"none", "no_such", 112}, {"us", "us", 120}};
	const uint32_t types[] = {
		u32, s32, u64, u64, ns, u64, u32, u16, ip, words, words, u64, u64};
	for (unsigned i = 0; i < sizeof members / sizeof *members; i++)
		bb_member(m, members[i].name, types[i], members[i].at * 8);
	for (unsigned i = 0; i < sizeof members / sizeof *members; i++) {
		char tag[48];
		snprintf(tag, sizeof tag, "sonde:record:%s", members[i].tag);
		bb_decl_tag(m, tag, s, (int32_t)i);
	}
	struct btf btf;
	struct btf_meanings notes;
	struct known k;
	bb_open(m, NULL, &btf);
	note(&btf, &notes, &k, &m->arena);
	struct {
		uint32_t pid;
		int32_t ret;
		uint64_t at, boot, span, group;
		uint32_t dev;
		uint8_t port[4], ip[16];
		uint64_t k[3], u[3], none, us;
	} v = {7, -2, 5001234567, 2000000000, 1500, 9, 8u << 20 | 1, {0x01, 0xbb},
		{[10] = 0xff, [11] = 0xff, 10, 0, 0, 2}, {1, 2, 0}, {3, 4, 5}, 6, 1500};
	/* Without a start, times are numbers. */
	assert_non_null(strstr(text(&btf, s, &v, sizeof v), "at = 5001234567, boot = 2000000000,"));
	notes.start[TYPED_MONOTONIC] = 3000000000;
	notes.start[TYPED_BOOTTIME] = 2000500000;
	typed_process(&btf, s, bytes_of(&v, sizeof v));
	assert_string_equal(text(&btf, s, &v, sizeof v),
		"{pid = 7, ret = -2 ENOENT, at = +2.001234, boot = -0.000500, span = 1.50 us, "
		"group = /a\\x1b[2J b, dev = 8:1, port = 443, ip = ::ffff:10.0.0.2, k = k1 < k2, "
		"u = 7:f3 < 7:f4 < 7:f5, none = 6, us = 1.50 ms}");
	assert_string_equal(json(&btf, s, &v, sizeof v),
		"{\"pid\":7,\"ret\":-2,\"at\":5001234567,\"boot\":2000000000,\"span\":1500,"
		"\"group\":9,\"dev\":\"8:1\",\"port\":443,\"ip\":\"::ffff:10.0.0.2\","
		"\"k\":[\"k1\",\"k2\"],\"u\":[\"7:f3\",\"7:f4\",\"7:f5\"],\"none\":6,\"us\":1500}");
	/* Not an errno, no time, no cgroup (any more), no stack. */
	v.ret = -512;
	v.at = 0;
	v.group = 12;
	v.k[0] = 0;
	assert_string_equal(text(&btf, s, &v, 88),
		"{pid = 7, ret = -512, at = 0, boot = -0.000500, span = 1.50 us, group = 12, "
		"dev = 8:1, port = 443, ip = ::ffff:10.0.0.2, k = -, u = -, none = ?, us = ?}");
	assert_string_equal(json(&btf, s, &v, 40),
		"{\"pid\":7,\"ret\":-512,\"at\":0,\"boot\":2000000000,\"span\":1500,"
		"\"group\":12,\"dev\":null,\"port\":null,\"ip\":null,\"k\":[],\"u\":[],"
		"\"none\":null,\"us\":null}");
	v.ret = -4096;
	assert_non_null(strstr(text(&btf, s, &v, 88), "ret = -4096,"));
	v.ret = 2;
	assert_non_null(strstr(text(&btf, s, &v, 88), "ret = 2,"));
	bb_free(m);
}

static void results_of_calls(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	uint32_t s64 = bb_int(m, "long", 8, BTF_INT_SIGNED), other = bb_struct(m, "other", 8);
	bb_member(m, "ret", s64, 0);
	/* Only those of records: values of maps are read as they are printed. */
	bb_decl_tag(m, "sonde:named_errno", other, 0);
	bb_decl_tag(m, "record:named_errno", other, 0);
	uint32_t wide = bb_struct(m, "wide", 8);
	bb_member(m, "ret", s64, 0);
	bb_decl_tag(m, "sonde:record:named_errno", wide, 0);
	struct btf btf;
	struct btf_meanings notes;
	bb_open(m, NULL, &btf);
	assert_true(typed_read_meanings(&btf, &notes, NULL, &m->arena));
	int64_t results[] = {-22, -(INT64_C(1) << 32) - 2};
	assert_string_equal(text(&btf, other, &results[0], 8), "{ret = -22}");
	assert_string_equal(text(&btf, wide, &results[0], 8), "{ret = -22 EINVAL}");
	assert_string_equal(text(&btf, wide, &results[1], 8), "{ret = -4294967298}");
	bb_free(m);
}

static void times(void **state)
{
	static const struct {
		uint64_t v;
		enum typed_unit unit;
		const char *text;
	} cases[] = {{0, UNIT_NS, "0 ns"}, {999, UNIT_NS, "999 ns"}, {1000, UNIT_NS, "1.00 us"},
		{12345, UNIT_NS, "12.3 us"}, {999499, UNIT_NS, "999 us"},
		{999500, UNIT_NS, "1.00 ms"}, {5, UNIT_US, "5 us"}, {87, UNIT_US, "87 us"},
		{1500, UNIT_US, "1.50 ms"}, {99960, UNIT_US, "100 ms"}, {7, UNIT_MS, "7 ms"},
		{3600000, UNIT_MS, "3600 s"}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		FILE *f = start();
		struct typed_out o = {.file = f};
		typed_time(&o, cases[i].v, cases[i].unit);
		fclose(f);
		assert_string_equal(shown, cases[i].text);
	}
}

/* The text is the same with and without buffering. */
static void buffers(void **state)
{
	static const char long_text[] = "0123456789012345678901234567890123456789";
	(void)state;
	for (size_t room = 0; room < 60; room++) {
		char buffer[64];
		FILE *f = start();
		struct typed_out o = {.file = f, .buffer = buffer, .room = room};
		for (int i = 0; i < 3; i++) {
			typed_printf(&o, "%d,", i);
			typed_chars(&o, bytes_of(long_text, strlen(long_text)), false);
			typed_pad(&o, (size_t)(i + 1) * 50);
		}
		typed_chars(&o, bytes_of("\n\x1b\xc3\xa9", 4), true);
		typed_flush(&o);
		fclose(f);
		assert_string_equal(shown,
			"0,0123456789012345678901234567890123456789        "
			"1,0123456789012345678901234567890123456789        "
			"2,0123456789012345678901234567890123456789        \\n\\x1b\xc3\xa9");
	}
	/* Truncated at any column. */
	for (size_t max = 1; max < 50; max++) {
		FILE *f = start();
		struct typed_out o = {.file = f, .max = max};
		typed_chars(&o, bytes_of(long_text, strlen(long_text)), false);
		fclose(f);
		assert_int_equal(strlen(shown), max < 40 ? max : 40);
		assert_int_equal(o.cut, max < 40);
	}
}

/* ---- histograms ---- */

static void bars(void **state)
{
	(void)state;
	struct histogram h = {.slots = {3, 0, 23, [12] = 1}, .n = 27};
	assert_int_equal(histogram_total(&h), 27);
	FILE *f = start();
	histogram_print(f, &h, 0, 60);
	fclose(f);
	assert_string_equal(shown, "FROM  BELOW  COUNT\n"
				   "   0      2      3  #####\n"
				   "   2      4      0\n"
				   "   4      8     23  ########################################\n"
				   "   8     16      0\n"
				   "  16     32      0\n"
				   "  32     64      0\n"
				   "  64    128      0\n"
				   " 128    256      0\n"
				   " 256    512      0\n"
				   " 512     1K      0\n"
				   "  1K     2K      0\n"
				   "  2K     4K      0\n"
				   "  4K     8K      1  ##\n");
	h = (struct histogram){.slots = {[39] = UINT64_C(123456789), [40] = 1}, .n = 64};
	f = start();
	histogram_print(f, &h, 2, 0);
	fclose(f);
	assert_string_equal(shown,
		"  FROM  BELOW      COUNT\n"
		"  512G     1T  123456789  ##################################################\n"
		"    1T     2T          1  #\n");
	/* An empty histogram prints nothing; a narrow terminal has short bars. */
	h = (struct histogram){.n = 27};
	f = start();
	histogram_print(f, &h, 0, 80);
	fclose(f);
	assert_true(!shown || !*shown);
	h.slots[3] = UINT64_MAX;
	f = start();
	histogram_print(f, &h, 0, 10);
	fclose(f);
	assert_string_equal(shown, "FROM  BELOW                 COUNT\n"
				   "   8     16  18446744073709551615  ########\n");
}

static void names_of_distributions(void **state)
{
	static const struct {
		const char *name;
		bool is;
		enum typed_unit unit;
	} cases[] = {{"hist", true, UNIT_NONE}, {"lat_hist_us", true, UNIT_US},
		{"microseconds", true, UNIT_US}, {"usecs", true, UNIT_US},
		{"bytes_hist", true, UNIT_BYTES}, {"us", false, UNIT_US},
		{"bytes", true, UNIT_BYTES}, {"start_ns", false, UNIT_NS},
		{"history_x", true, UNIT_NONE}, {"exec_count", false, UNIT_NONE}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		enum typed_unit unit;
		assert_int_equal(histogram_name(cases[i].name, &unit), cases[i].is);
		assert_int_equal(unit, cases[i].unit);
	}
}

/* ---- maps ---- */

struct fake {
	struct map_info info;
	struct map_entries s;
	struct map_view v;
};

static const char *view(struct fake *f)
{
	struct err e = {0};
	struct arena a = {0};
	f->v.info = &f->info;
	FILE *out = start();
	assert_true(map_view_text(out, &f->v, &f->s, NULL, 0, &a, &e));
	fclose(out);
	arena_free(&a);
	return shown ? shown : "";
}

static struct fake fake(struct map_info info, size_t n, unsigned cpus, void *keys, void *values,
	const struct btf *b, uint32_t key, uint32_t value)
{
	return (struct fake){.info = info,
		.s = {.n = n,
			.key_size = info.key_size,
			.value_size = info.value_size,
			.stride = map_value_stride(&info),
			.cpus = cpus,
			.keys = keys,
			.values = values},
		.v = {.btf = b, .key_type = key, .value_type = value, .width = 80}};
}

static void maps_of_slots(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	uint32_t u32 = bb_int(m, "unsigned int", 4, 0), u64 = bb_int(m, "unsigned long", 8, 0);
	uint32_t chr = bb_int(m, "char", 1, BTF_INT_SIGNED), eight = bb_array(m, chr, 8);
	uint32_t var = bb_var(m, "sizes", u64, BTF_GLOBAL);
	bb_decl_tag(m, "sonde:log2_bytes", var, -1);
	uint32_t slots = bb_array(m, u32, 8);
	uint32_t value = bb_struct(m, "latency", 32), tagged;
	bb_member(m, "slots", slots, 0);
	tagged = bb_struct(m, "tagged", 32);
	bb_member(m, "x", slots, 0);
	bb_decl_tag(m, "sonde:log2_ms", tagged, 0);
	uint32_t key = bb_struct(m, "key", 16);
	bb_member(m, "comm", eight, 0);
	bb_member(m, "call", eight, 64);
	struct btf btf;
	struct btf_meanings notes;
	struct known k;
	bb_open(m, NULL, &btf);
	note(&btf, &notes, &k, &m->arena);

	uint32_t index[] = {0, 1, 2, 3, 4, 5, 6, 7};
	uint64_t counts[8][2] = {[2] = {1, 2}, [3] = {4, 2}};
	struct map_info info = {"sizes", BPF_MAP_TYPE_PERCPU_ARRAY, 4, 8, 8, 0};
	struct fake f = fake(info, 8, 2, index, counts, &btf, u32, u64);
	assert_string_equal(view(&f),
		"sizes: 9 values in bytes\n"
		"FROM  BELOW  COUNT\n"
		"   4      8      3  #########################\n"
		"   8     16      6  ##################################################\n");
	/* The name of a map determines its unit; arrays with other names are not histograms. */
	f.info.name = "microseconds";
	assert_non_null(strstr(view(&f), "microseconds: 9 values in us\nFROM"));
	f.info.name = "counts";
	assert_non_null(strstr(view(&f), "INDEX  TOTAL\n    2      3\n"));

	char keys[2][2][8] = {{"dd", "read"}, {"dd", "write"}};
	uint32_t each[2][8] = {{0, 2}, {0, 0, 5}};
	info = (struct map_info){"latency", BPF_MAP_TYPE_HASH, 16, 32, 100, 0};
	f = fake(info, 2, 1, keys, each, &btf, key, value);
	assert_string_equal(view(&f),
		"latency: 7 values\n"
		"COMM dd, CALL write: 5 values\n"
		"  FROM  BELOW  COUNT\n"
		"     4      8      5  ##################################################\n"
		"COMM dd, CALL read: 2 values\n"
		"  FROM  BELOW  COUNT\n"
		"     2      4      2  ##################################################\n");
	f.v.value_type = tagged;
	f.v.key_type = eight;
	f.info.key_size = 8;
	f.s = (struct map_entries){.n = 1,
		.key_size = 8,
		.value_size = 32,
		.stride = 32,
		.cpus = 1,
		.keys = (uint8_t *)keys,
		.values = (uint8_t *)each};
	assert_string_equal(view(&f),
		"latency: 2 values in ms\n"
		"dd: 2 values\n"
		"  FROM  BELOW  COUNT\n"
		"     2      4      2  ##################################################\n");
	bb_free(m);
}

static void maps_of_stacks(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	uint32_t u32 = bb_int(m, "unsigned int", 4, 0), u64 = bb_int(m, "unsigned long", 8, 0);
	uint32_t s32 = bb_int(m, "int", 4, BTF_INT_SIGNED);
	uint32_t user = bb_ref(m, BTF_TYPEDEF, "user_stack_t", s32);
	uint32_t kernel = bb_ref(m, BTF_TYPEDEF, "kernel_stack_t", s32);
	uint32_t us = bb_ref(m, BTF_TYPEDEF, "time_us_t", u64);
	uint32_t key = bb_struct(m, "key", 12);
	bb_member(m, "pid", u32, 0);
	bb_member(m, "kernel", kernel, 32);
	bb_member(m, "user", user, 64);
	struct btf btf;
	struct btf_meanings notes;
	struct known k;
	bb_open(m, NULL, &btf);
	note(&btf, &notes, &k, &m->arena);
	assert_true(map_view_has_stacks(&btf, key));
	assert_true(map_view_has_stacks(&btf, user));
	assert_false(map_view_has_stacks(&btf, u32));

	/* Two ids with the same functions, one with others; an unknown stack. */
	int32_t keys[][3] = {{7, -14, 1}, {7, -14, 2}, {8, 0, 3}, {9, -14, -14}};
	uint64_t values[] = {100, 50, 49, 1};
	struct map_info info = {"samples", BPF_MAP_TYPE_HASH, 12, 8, 100, 0};
	struct fake f = fake(info, 4, 1, keys, values, &btf, key, u64);
	assert_string_equal(view(&f), "samples: 200 in 3 stacks\n"
				      "      150  75.0%   seven\n"
				      "                   a\n"
				      "                   b;x\n"
				      "                   main\n"
				      "       49  24.5%   k\n"
				      "                   sys\n"
				      "                   c\n"
				      "        1   0.5%   (no stack)\n");
	f.v.folded = true;
	assert_string_equal(view(&f), "seven;main;b:x;a 150\nc;sys;k 49\n- 1\n");
	f.v.folded = false;
	f.v.rows = 1;
	f.v.value_type = us;
	assert_string_equal(view(&f), "samples: 200 us in 3 stacks\n"
				      "   150 us  75.0%   seven\n"
				      "                   a\n"
				      "                   b;x\n"
				      "                   main\n"
				      "... 2 more stacks\n");
	/* Without a stack trace map, ids are numbers. */
	k.names.frame = NULL;
	f.v.rows = 0;
	assert_string_equal(view(&f), "samples: 4 entries\n"
				      "PID  KERNEL  USER  TIME_US\n"
				      "  7  -14     1      100 us\n"
				      "  7  -14     2       50 us\n"
				      "  8  0       3       49 us\n"
				      "  9  -14     -14      1 us\n");
	bb_free(m);
}

static const char *folded(struct stack_fold *f)
{
	FILE *out = start();
	stack_fold_print(f, out);
	fclose(out);
	stack_fold_close(f);
	return shown ? shown : "";
}

/* Kernel inside of user, the first of a kind that is not empty; stacks may be in inner structs. */
static void stacks_of_records(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	uint32_t u32 = bb_int(m, "unsigned int", 4, 0), u64 = bb_int(m, "unsigned long", 8, 0),
		 s32 = bb_int(m, "int", 4, BTF_INT_SIGNED), c = bb_int(m, "char", 1, 0),
		 user = bb_ref(m, BTF_TYPEDEF, "user_stack_t", s32), words = bb_array(m, u64, 3),
		 name = bb_array(m, c, 16);
	uint32_t inner = bb_struct(m, "inner", 32);
	bb_member(m, "id", user, 0);
	bb_member(m, "k", words, 64);
	bb_decl_tag(m, "sonde:record:kernel_trace", inner, 1);
	uint32_t event = bb_struct(m, "event", 96);
	bb_member(m, "pid", u32, 0);
	bb_member(m, "file", name, 64);
	bb_member(m, "u", words, 192);
	bb_member(m, "in", inner, 384);
	bb_member(m, "comm", name, 640);
	bb_decl_tag(m, "sonde:record:user_trace", event, 2);
	uint32_t plain = bb_struct(m, "plain", 8), loop = plain + 1;
	bb_member(m, "pid", u32, 0);
	bb_member(m, "id", user, 32);
	assert_int_equal(bb_struct(m, "loop", 8), loop);
	bb_member(m, "in", loop, 0);
	bb_member(m, "again", loop, 0);
	struct btf btf;
	struct btf_meanings notes;
	struct known k;
	struct stack_parts parts;
	bb_open(m, NULL, &btf);
	note(&btf, &notes, &k, &m->arena);
	assert_false(stack_parts_find(&parts, &btf, loop, true));
	assert_false(stack_parts_find(&parts, &btf, u32, true));
	assert_false(stack_parts_find(&parts, NULL, event, true));
	assert_true(stack_parts_find(&parts, &btf, event, false));
	assert_int_equal(parts.n, 3);
	struct {
		uint32_t pid, pad;
		char file[16];
		uint64_t u[3];
		int32_t id, pad2;
		uint64_t k[3];
		char comm[16];
	} v = {7, 0, "file", {3, 0, 0}, 1, 0, {1, 2, 0}, "x;y"};
	struct stack_fold f = {.arena = &m->arena};
	v.u[0] = 0;
	for (unsigned i = 0; i < 3; i++)
		stack_fold_add(&f, &parts, bytes_of(&v, sizeof v));
	v.id = -14; /* there is no such stack */
	v.u[0] = 3;
	stack_fold_add(&f, &parts, bytes_of(&v, sizeof v));
	v.id = 3;
	v.u[0] = v.k[0] = 0;
	stack_fold_add(&f, &parts, bytes_of(&v, sizeof v));
	stack_fold_add(&f, &parts, bytes_of(&v, 4));
	assert_string_equal(folded(&f), "x:y;main;b:x;a;k2;k1 3\n- 1\nx:y;7:f3;k2;k1 1\nx:y;c 1\n");
	/* Without a comm, that of the process. */
	assert_true(stack_parts_find(&parts, &btf, plain, false));
	int32_t p[] = {7, 3};
	stack_fold_add(&f, &parts, bytes_of(p, sizeof p));
	assert_string_equal(folded(&f), "seven;c 1\n");
	/* Very many. */
	assert_true(stack_parts_find(&parts, &btf, event, false));
	v.id = -14;
	for (unsigned i = 0; i < 3000; i++) {
		v.u[0] = 1 + i % 1000;
		stack_fold_add(&f, &parts, bytes_of(&v, sizeof v));
	}
	unsigned lines = 0;
	const char *text = folded(&f);
	for (const char *at = text; (at = strstr(at, " 3\n")); at++)
		lines++;
	assert_int_equal(lines, 1000);
	bb_free(m);
}

/* Numbers are shown as functions if all of them are function addresses. */
static void maps_of_addresses(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	uint32_t u64 = bb_int(m, "unsigned long", 8, 0);
	struct btf btf;
	struct btf_meanings notes;
	struct known k;
	bb_open(m, NULL, &btf);
	note(&btf, &notes, &k, &m->arena);
	uint64_t keys[] = {0xffffffff81000012, 0xffffffff81000034}, values[] = {3, 4};
	struct map_info info = {"calls", BPF_MAP_TYPE_HASH, 8, 8, 100, 0};
	struct fake f = fake(info, 2, 1, keys, values, &btf, u64, u64);
	assert_string_equal(view(&f), "calls: 2 entries\n"
				      "KEY            VALUE\n"
				      "vfs_read+0x34      4\n"
				      "vfs_read+0x12      3\n");
	keys[1] = 1;
	assert_string_equal(view(&f), "calls: 2 entries\n"
				      "                 KEY  VALUE\n"
				      "                   1      4\n"
				      "18446744071578845202      3\n");
	bb_free(m);
}

static bool hostile_address(void *ctx, bool user, uint64_t at, char *buf, size_t size)
{
	(void)ctx, (void)user, (void)at;
	return snprintf(buf, size, "f\033[2J") > 0;
}

/* Stacks without types: names of functions cannot control the terminal. */
static void stack_maps(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	bb_int(m, "int", 4, 0);
	struct btf btf;
	struct btf_meanings notes;
	struct known k;
	bb_open(m, NULL, &btf);
	note(&btf, &notes, &k, &m->arena);
	uint32_t key = 5;
	uint64_t stack[] = {0xffffffff81000012, 0x1234, 0};
	struct map_info info = {"stacks", BPF_MAP_TYPE_STACK_TRACE, 4, sizeof stack, 100, 0};
	struct fake f = fake(info, 1, 1, &key, stack, &btf, 0, 0);
	assert_non_null(strstr(view(&f), "vfs_read+0x12 0x1234\n"));
	k.names.address = hostile_address;
	assert_non_null(strstr(view(&f), "f\\x1b[2J 0x1234\n"));
	bb_free(m);
}

/* Numbers are not truncated: wide rows wrap. */
static void wide_maps(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	uint32_t u32 = bb_int(m, "unsigned int", 4, 0), u64 = bb_int(m, "unsigned long", 8, 0);
	uint32_t s = bb_struct(m, "s", 40);
	static const char *const members[] = {"one", "two", "three", "four", "five"};
	for (unsigned i = 0; i < 5; i++)
		bb_member(m, members[i], u64, i * 64);
	struct btf btf;
	bb_open(m, NULL, &btf);
	uint32_t keys[] = {1, 2};
	uint64_t values[2][5] = {{UINT64_MAX, UINT64_MAX, 3, UINT64_MAX, 5}, {1, 2, 3, 4, 5}};
	struct map_info info = {"wide", BPF_MAP_TYPE_HASH, 4, 40, 100, 0};
	struct fake f = fake(info, 2, 1, keys, values, &btf, u32, s);
	f.v.width = 60;
	assert_string_equal(view(&f), "wide: 2 entries\n"
				      "KEY                   ONE                   TWO  THREE\n"
				      "                  FOUR  FIVE\n"
				      "  1  18446744073709551615  18446744073709551615      3\n"
				      "  18446744073709551615     5\n"
				      "  2                     1                     2      3\n"
				      "                     4     5\n");
	f.v.width = 0;
	assert_non_null(strstr(view(&f), "THREE                  FOUR  FIVE\n"));
	bb_free(m);
}

static void helper_maps(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	uint32_t u64 = bb_int(m, "unsigned long", 8, 0);
	uint32_t var = bb_var(m, "away", u64, BTF_GLOBAL),
		 other = bb_var(m, "sum", u64, BTF_GLOBAL);
	bb_decl_tag(m, "sonde:nothing", var, -1);
	bb_decl_tag(m, "sonde:bytes", other, -1);
	struct btf btf;
	struct btf_meanings notes;
	enum typed_unit unit;
	bb_open(m, NULL, &btf);
	assert_true(typed_read_meanings(&btf, &notes, NULL, &m->arena));
	assert_int_equal(typed_variable(&btf, "away", &unit), TYPED_KERNEL);
	assert_int_equal(typed_variable(&btf, "sum", &unit), TYPED_INT);
	assert_int_equal(unit, UNIT_BYTES);
	assert_int_equal(typed_variable(&btf, "none", &unit), TYPED_NONE);
	bb_free(m);
}

/* ---- symbolization ---- */

static const char kallsyms[] = "ffffffff81000000 T _text\n"
			       "ffffffff81000100 t first\n"
			       "ffffffff81000200 d no_function\n"
			       "ffffffff81000300 T last\n"
			       "ffffffffc0001000 t in_module\t[mod]\n"
			       "ffffffffc0000000 t module_start\t[mod]\n";

/* A /proc that contains only this file. */
static void fake_proc(struct kfs *k, char dir[static 32], const char *text)
{
	char path[64];
	strcpy(dir, "/tmp/views.XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/kallsyms", dir);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	*k = (struct kfs){0};
	kfs_use(k, KFS_PROC, open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC), "a copy");
}

static void remove_proc(struct kfs *k, const char *dir)
{
	char path[64];
	snprintf(path, sizeof path, "%s/kallsyms", dir);
	unlink(path);
	rmdir(dir);
	kfs_close(k);
}

static void kernel_addresses(void **state)
{
	(void)state;
	struct kfs k;
	struct arena a = {0};
	struct names n;
	char dir[32];
	uint64_t plus;
	fake_proc(&k, dir, kallsyms);
	names_open(&n, &k, NULL, &a);
	assert_string_equal(names_kernel(&n, 0xffffffff81000100, &plus), "first");
	assert_int_equal(plus, 0);
	assert_string_equal(names_kernel(&n, 0xffffffff81000212, &plus), "first");
	assert_int_equal(plus, 0x112);
	assert_string_equal(names_kernel(&n, 0xffffffffc0001004, &plus), "in_module");
	assert_null(names_kernel(&n, 0xffffffff80ffffff, &plus));
	/* Far past the last function before a gap: data. */
	assert_null(names_kernel(&n, 0xffffffffb0000000, &plus));
	char buf[64];
	assert_true(n.viewer.address(n.viewer.ctx, false, 0xffffffff81000301, buf, sizeof buf));
	assert_string_equal(buf, "last+0x1");
	remove_proc(&k, dir);
	/* A kernel that hides addresses shows zeros. */
	fake_proc(&k, dir, "0000000000000000 T _text\n0000000000000000 t first\n");
	names_open(&n, &k, NULL, &a);
	assert_null(names_kernel(&n, 0x10, &plus));
	remove_proc(&k, dir);
	arena_free(&a);
}

/* The address of a symbol in this kallsyms. */
static int64_t address_of(const char *text, const char *name, bool weak)
{
	struct kfs k;
	char dir[32];
	fake_proc(&k, dir, text);
	int64_t address = kallsyms_address(&k, name, weak);
	remove_proc(&k, dir);
	return address;
}

static void symbol_addresses(void **state)
{
	(void)state;
	static const char text[] = "ffffffff81ABCdef T upper\n"
				   "ffffffff81000200 d data\n"
				   "ffffffff81000300 t twice\n"
				   "ffffffff81000400 t twice\n"
				   "ffffffffc0000100 t both\t[mod]\n"
				   "ffffffff81000500 t both\n"
				   "ffffffffc0000200 t both\t[other]\n"
				   "ffffffffc0000300 t in_module\t[mod]\n"
				   "not a line\n"
				   "c0008000 T short\n";
	assert_int_equal(address_of(text, "upper", false), (int64_t)0xffffffff81abcdef);
	assert_int_equal(address_of(text, "data", false), (int64_t)0xffffffff81000200);
	assert_int_equal(address_of(text, "short", false), 0xc0008000);
	assert_int_equal(address_of(text, "in_module", false), (int64_t)0xffffffffc0000300);
	/* A vmlinux symbol has precedence over those of modules, in any order. */
	assert_int_equal(address_of(text, "both", false), (int64_t)0xffffffff81000500);
	assert_int_equal(address_of(text, "twice", false), -ENOTUNIQ);
	assert_int_equal(address_of(text, "none", false), -ESRCH);
	assert_int_equal(address_of(text, "none", true), 0);
	assert_int_equal(address_of("0000000000000000 T upper\n", "upper", false), -EPERM);
}

/* At file scope, so that the compiler keeps it. */
__attribute__((noinline, used)) int views_function_to_find(int x)
{
	return x * 3 + 1;
}

static void user_addresses(void **state)
{
	(void)state;
	struct kfs k = {0};
	struct arena a = {0};
	struct names n;
	uint64_t plus;
	names_open(&n, &k, NULL, &a);
	assert_null(names_user(&n, (uintptr_t)views_function_to_find, &plus));
	names_process(&n, (uint32_t)getpid());
	/* In this program, which is position-independent, and in a library. */
	assert_string_equal(names_user(&n, (uintptr_t)views_function_to_find + 1, &plus),
		"views_function_to_find");
	assert_int_equal(plus, 1);
	assert_string_equal(names_user(&n, (uintptr_t)mkdtemp, &plus), "mkdtemp");
	assert_int_equal(plus, 0);
	assert_null(names_user(&n, 16, &plus));
	assert_string_equal(names_comm(&n), "test_views");
	/* The symbols of an exited process are kept. */
	int ready[2];
	char byte;
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (!child) {
		close(ready[1]);
		_exit(read(ready[0], &byte, 1) < 0);
	}
	pid_t other = fork();
	if (!other) {
		close(ready[1]);
		if (read(ready[0], &byte, 1) >= 0)
			execl("/bin/sleep", "sleep", "60", (char *)NULL);
		_exit(1);
	}
	names_process(&n, (uint32_t)other);
	assert_string_equal(
		names_user(&n, (uintptr_t)views_function_to_find, &plus), "views_function_to_find");
	names_process(&n, (uint32_t)child);
	assert_string_equal(
		names_user(&n, (uintptr_t)views_function_to_find, &plus), "views_function_to_find");
	close(ready[1]);
	waitpid(child, NULL, 0);
	assert_string_equal(
		names_user(&n, (uintptr_t)views_function_to_find, &plus), "views_function_to_find");
	/* A process that has executed another program has that program's symbols. */
	for (int tries = 0; tries < 2000 && strcmp(names_comm(&n), "sleep") != 0; tries++) {
		usleep(50000);
		names_process(&n, (uint32_t)other);
	}
	assert_string_equal(names_comm(&n), "sleep");
	assert_null(names_user(&n, (uintptr_t)views_function_to_find, &plus));
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	names_process(&n, 1 << 30);
	assert_null(names_user(&n, (uintptr_t)views_function_to_find, &plus));
	close(ready[0]);
	kfs_close(&k);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(meanings),
		cmocka_unit_test(meanings_of_records),
		cmocka_unit_test(results_of_calls),
		cmocka_unit_test(times),
		cmocka_unit_test(buffers),
		cmocka_unit_test(bars),
		cmocka_unit_test(names_of_distributions),
		cmocka_unit_test(maps_of_slots),
		cmocka_unit_test(maps_of_stacks),
		cmocka_unit_test(stacks_of_records),
		cmocka_unit_test(maps_of_addresses),
		cmocka_unit_test(stack_maps),
		cmocka_unit_test(wide_maps),
		cmocka_unit_test(helper_maps),
		cmocka_unit_test(kernel_addresses),
		cmocka_unit_test(symbol_addresses),
		cmocka_unit_test(user_addresses),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(shown);
	return failed;
}
