/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../loader/table.h"
#include "make_btf.h"

struct basics {
	uint32_t u8, u16, u32, u64, s32, chr;
};

static struct basics basics(struct make_btf *m)
{
	return (struct basics){
		.u8 = mb_int(m, "unsigned char", 1, 0),
		.u16 = mb_int(m, "unsigned short", 2, 0),
		.u32 = mb_int(m, "unsigned int", 4, 0),
		.u64 = mb_int(m, "unsigned long", 8, 0),
		.s32 = mb_int(m, "int", 4, BTF_INT_SIGNED),
		.chr = mb_int(m, "char", 1, BTF_INT_SIGNED),
	};
}

static char *shown;

static FILE *start(void)
{
	static size_t n;
	free(shown);
	shown = NULL;
	return open_memstream(&shown, &n);
}

static const char *row(const struct table *t, struct span rec)
{
	FILE *f = start();
	table_row(t, f, rec);
	fclose(f);
	return shown;
}

static const char *head(const struct table *t)
{
	FILE *f = start();
	table_head(t, f);
	fclose(f);
	return shown ? shown : "";
}

static struct table make(struct make_btf *m, const struct btf *b, uint32_t type)
{
	struct table t;
	struct err e = {0};
	assert_non_null(b);
	assert_true(table_make(&t, b, type, "VALUE", &m->arena, &e));
	assert_false(e.set);
	return t;
}

struct open_event {
	uint32_t pid, uid;
	char comm[16];
	int32_t ret;
	char filename[256];
};

static uint32_t open_type(struct make_btf *m)
{
	struct basics k = basics(m);
	uint32_t comm = mb_array(m, k.chr, k.u32, 16), file = mb_array(m, k.chr, k.u32, 256);
	uint32_t s = mb_type(m, BTF_STRUCT, "event", 5, false, sizeof(struct open_event));
	mb_member(m, "pid", k.u32, 0, 0);
	mb_member(m, "uid", k.u32, 32, 0);
	mb_member(m, "comm", comm, 64, 0);
	mb_member(m, "ret", k.s32, 192, 0);
	mb_member(m, "filename", file, 224, 0);
	return s;
}

static struct span bytes_of(const void *p, size_t n)
{
	return (struct span){p, n, host_is_big()};
}

static void opens(void **state)
{
	(void)state;
	struct make_btf *m = mb_new(host_is_big());
	uint32_t type = open_type(m);
	struct table t = make(m, mb_btf(m), type);
	struct open_event v = {1204, 1000, "bash", 3, "/etc/passwd"};
	struct span rec = bytes_of(&v, sizeof v);
	assert_string_equal(head(&t), "PID    UID    COMM             RET  FILENAME\n");
	assert_string_equal(row(&t, rec), "1204   1000   bash             3    /etc/passwd\n");
	v.ret = -2;
	memcpy(v.comm, "fifteen letters", 16);
	assert_string_equal(row(&t, rec), "1204   1000   fifteen letters  -2   /etc/passwd\n");
	/* Too wide: the gap of the next columns takes it up. */
	v.pid = 4194304;
	assert_string_equal(row(&t, rec), "4194304 1000  fifteen letters  -2   /etc/passwd\n");
	v.uid = 4294967295;
	assert_string_equal(row(&t, rec), "4194304 4294967295 fifteen letters -2 /etc/passwd\n");
	/* A name that the system did not check. */
	strcpy(v.filename, "a\nb\x1b[2J");
	assert_non_null(strstr(row(&t, rec), " a\\nb\\x1b[2J\n"));
	/* Cut short. */
	rec.n = 26;
	assert_string_equal(row(&t, rec), "4194304 4294967295 fifteen letters ? ?\n");
	mb_free(m);
}

static void json_lines(void **state)
{
	(void)state;
	struct make_btf *m = mb_new(host_is_big());
	uint32_t type = open_type(m), u32 = 3;
	const struct btf *b = mb_btf(m);
	struct table t = make(m, b, type);
	struct open_event v = {1204, 0, "ba\"sh", -2, "/x"};
	struct table_extra extra = {"map", "events"};
	FILE *f = start();
	table_json(&t, f, bytes_of(&v, sizeof v), &extra, 1);
	table_json(&t, f, bytes_of(&v, sizeof v), NULL, 0);
	t = make(m, b, u32);
	table_json(&t, f, bytes_of(&v, 4), &extra, 1);
	t = make(m, b, 0);
	table_json(&t, f, bytes_of("ab", 2), &extra, 1);
	fclose(f);
	assert_string_equal(shown,
		"{\"map\":\"events\",\"pid\":1204,\"uid\":0,\"comm\":\"ba\\\"sh\",\"ret\":-2,"
		"\"filename\":\"/x\"}\n"
		"{\"pid\":1204,\"uid\":0,\"comm\":\"ba\\\"sh\",\"ret\":-2,\"filename\":\"/x\"}\n"
		"{\"map\":\"events\",\"value\":1204}\n"
		"{\"map\":\"events\",\"value\":\"61 62\"}\n");
	mb_free(m);
}

/* Nested, anonymous, locks, padding, unions, bit-fields; long text moves to the end. */
static void flattened(void **state)
{
	(void)state;
	bool big = host_is_big();
	struct make_btf *m = mb_new(big);
	struct basics k = basics(m);
	uint32_t be32 = mb_type(m, BTF_TYPEDEF, "__be32", 0, false, k.u32);
	uint32_t path = mb_array(m, k.chr, k.u32, 64), pad = mb_array(m, k.u8, k.u32, 3);
	uint32_t inner = mb_type(m, BTF_STRUCT, "where", 2, false, 8);
	mb_member(m, "saddr", be32, 0, 0);
	mb_member(m, "dport", k.u16, 32, 0);
	uint32_t one = mb_type(m, BTF_UNION, "", 2, false, 4);
	mb_member(m, "id", k.u32, 0, 0);
	mb_member(m, "delta", k.s32, 0, 0);
	uint32_t lock = mb_type(m, BTF_STRUCT, "bpf_spin_lock", 1, false, 4);
	mb_member(m, "val", k.u32, 0, 0);
	uint32_t s = mb_type(m, BTF_STRUCT, "event", 7, true, 88);
	mb_member(m, "lock", lock, 0, 0);
	mb_member(m, "path", path, 32, 0);
	mb_member(m, "to", inner, 544, 0);
	mb_member(m, "", one, 608, 0);
	mb_member(m, "__pad1", pad, 640, 0);
	mb_member(m, "flag", k.u32, 672, 1);
	mb_member(m, "rest", k.u32, 673, 31);
	struct table t = make(m, mb_btf(m), s);
	uint8_t v[88] = {0};
	memcpy(v + 4, "/tmp/file", 9);
	memcpy(v + 68, "\x7f\0\0\1", 4);
	bytes_put(v + 72, 2, big, 443);
	bytes_put(v + 76, 4, big, (uint32_t)-1);
	bytes_put(v + 84, 4, big, big ? UINT32_C(1) << 31 | 77 : 1 | 77 << 1);
	assert_int_equal(t.n, 6);
	assert_string_equal(t.cols[0].name, "to.saddr");
	assert_string_equal(head(&t),
		"TO.SADDR        TO.DPORT FLAG REST        ID|DELTA              PATH\n");
	assert_string_equal(row(&t, bytes_of(v, sizeof v)),
		"127.0.0.1       443      1    77          (id = 4294967295 | delta = -1) "
		"/tmp/file\n");
	mb_free(m);
}

static void single_values(void **state)
{
	(void)state;
	struct make_btf *m = mb_new(host_is_big());
	struct basics k = basics(m);
	uint32_t pid = mb_type(m, BTF_TYPEDEF, "pid_t", 0, false, k.s32),
		 u32 = mb_type(m, BTF_TYPEDEF, "__u32", 0, false, k.u32),
		 port = mb_type(m, BTF_TYPEDEF, "__be16", 0, false, k.u16),
		 ip = mb_type(m, BTF_TYPEDEF, "__be32", 0, false, u32),
		 wide = mb_type(m, BTF_TYPEDEF, "uint64_t", 0, false, k.u64),
		 konst = mb_type(m, BTF_CONST, "", 0, false, pid),
		 shut = mb_type(m, BTF_ENUM, "verdict", 1, false, 4);
	mb_enumerator(m, "PASS", 2);
	const struct btf *b = mb_btf(m);
	struct arena *a = &m->arena;
	assert_string_equal(table_type_head(b, pid, "KEY", a), "PID");
	assert_string_equal(table_type_head(b, konst, "KEY", a), "PID");
	assert_string_equal(table_type_head(b, u32, "KEY", a), "KEY");
	assert_string_equal(table_type_head(b, port, "KEY", a), "KEY");
	assert_string_equal(table_type_head(b, wide, "KEY", a), "KEY");
	assert_string_equal(table_type_head(b, ip, "KEY", a), "IP");
	assert_string_equal(table_type_head(b, shut, "KEY", a), "VERDICT");
	assert_string_equal(table_type_head(b, 0, "KEY", a), "KEY");
	assert_string_equal(table_type_head(NULL, 3, "KEY", a), "KEY");
	struct table t = make(m, b, shut);
	uint32_t v = 2;
	assert_string_equal(head(&t), "VERDICT\n");
	assert_string_equal(row(&t, bytes_of(&v, 4)), "PASS\n");
	mb_free(m);
}

static void without_type(void **state)
{
	(void)state;
	struct arena a = {0};
	struct err e = {0};
	struct table t;
	assert_true(table_make(&t, NULL, 0, "VALUE", &a, &e));
	assert_string_equal(head(&t), "");
	assert_string_equal(row(&t, bytes_of("hello", 5)), "68 65 6c 6c 6f  |hello|\n");
	uint8_t big[5000] = {0};
	const char *text = row(&t, bytes_of(big, sizeof big));
	assert_non_null(strstr(text, "\n... 3976 more bytes\n"));
	for (const char *p = text, *end; (end = strchr(p, '\n')); p = end + 1)
		assert_true(end - p <= 80);
	arena_free(&a);
}

/* More members than fit, or a type that contains itself: shown as one line without heads. */
static void no_columns(void **state)
{
	(void)state;
	struct make_btf *m = mb_new(host_is_big());
	struct basics k = basics(m);
	uint32_t many = mb_type(m, BTF_STRUCT, "many", TABLE_COLS + 1, false, 4 * (TABLE_COLS + 1));
	for (unsigned i = 0; i <= TABLE_COLS; i++)
		mb_member(m, "m", k.u32, 32 * i, 0);
	uint32_t self = many + 1;
	assert_int_equal(mb_type(m, BTF_STRUCT, "self", 3, false, 4), self);
	for (unsigned i = 0; i < 3; i++)
		mb_member(m, "s", self, 0, 0);
	uint32_t none = mb_type(m, BTF_STRUCT, "none", 0, false, 0);
	const struct btf *b = mb_btf(m);
	uint8_t v[4 * (TABLE_COLS + 1)] = {0};
	struct table t = make(m, b, many);
	assert_string_equal(head(&t), "");
	assert_non_null(strstr(row(&t, bytes_of(v, sizeof v)), "{m = 0, m = 0, "));
	t = make(m, b, self);
	assert_int_equal(t.n, 0);
	assert_non_null(strstr(row(&t, bytes_of(v, sizeof v)), "..."));
	t = make(m, b, none);
	assert_string_equal(row(&t, bytes_of(v, 0)), "{}\n");
	mb_free(m);
}

/* Wide columns give way so that the row fits into 80 columns. */
static void fits_the_terminal(void **state)
{
	(void)state;
	struct make_btf *m = mb_new(host_is_big());
	struct basics k = basics(m);
	uint32_t name = mb_array(m, k.chr, k.u32, 32);
	uint32_t s = mb_type(m, BTF_STRUCT, "s", 5, false, 88);
	mb_member(m, "a", name, 0, 0);
	mb_member(m, "b", name, 256, 0);
	mb_member(m, "ts", k.u64, 512, 0);
	mb_member(m, "pid", k.u32, 576, 0);
	mb_member(m, "cpu", k.u32, 608, 0);
	struct table t = make(m, mb_btf(m), s);
	unsigned total = 0;
	for (unsigned i = 0; i < t.n; i++)
		total += t.cols[i].width + (i + 1 < t.n);
	assert_int_equal(total, 80);
	assert_true(t.cols[0].width > 20 && t.cols[1].width > 20 && t.cols[2].width == 12);
	mb_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens),
		cmocka_unit_test(json_lines),
		cmocka_unit_test(flattened),
		cmocka_unit_test(single_values),
		cmocka_unit_test(without_type),
		cmocka_unit_test(no_columns),
		cmocka_unit_test(fits_the_terminal),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(shown);
	return failed;
}
