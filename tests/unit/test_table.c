/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "loader/plan/abi.h"
#include "loader/show/listing.h"
#include "loader/show/map_view.h"
#include "btf_build.h"

struct basics {
	uint32_t u8, u16, u32, u64, s32, chr;
};

static struct basics basics(struct bb *m)
{
	return (struct basics){
		.u8 = bb_int(m, "unsigned char", 1, 0),
		.u16 = bb_int(m, "unsigned short", 2, 0),
		.u32 = bb_int(m, "unsigned int", 4, 0),
		.u64 = bb_int(m, "unsigned long", 8, 0),
		.s32 = bb_int(m, "int", 4, BTF_INT_SIGNED),
		.chr = bb_int(m, "char", 1, BTF_INT_SIGNED),
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

static struct table make(struct bb *m, const struct btf *b, uint32_t type)
{
	struct table t;
	struct err e = {0};
	assert_non_null(b);
	assert_true(table_make(&t, b, type, "VALUE", NULL, &m->arena, &e));
	assert_false(e.set);
	return t;
}

/* Prints a record as JSON. */
static void print_json(
	struct table *t, struct bb *m, FILE *f, struct span record, const struct json_label *extra)
{
	struct err e = {0};
	assert_true(table_make_json(t, extra, &m->arena, &e));
	table_json(t, f, record);
}

struct open_event {
	uint32_t pid, uid;
	char comm[16];
	int32_t ret;
	char filename[256];
};

static uint32_t open_type(struct bb *m)
{
	struct basics k = basics(m);
	uint32_t comm = bb_array(m, k.chr, 16), file = bb_array(m, k.chr, 256);
	uint32_t s = bb_struct(m, "event", sizeof(struct open_event));
	bb_member(m, "pid", k.u32, 0);
	bb_member(m, "uid", k.u32, 32);
	bb_member(m, "comm", comm, 64);
	bb_member(m, "ret", k.s32, 192);
	bb_member(m, "filename", file, 224);
	return s;
}

static struct span bytes_of(const void *p, size_t n)
{
	return (struct span){p, n, host_is_big()};
}

static void opens(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	uint32_t type = open_type(m);
	struct btf btf;
	bb_open(m, NULL, &btf);
	struct table t = make(m, &btf, type);
	struct open_event v = {1204, 1000, "bash", 3, "/etc/passwd"};
	struct span rec = bytes_of(&v, sizeof v);
	assert_string_equal(head(&t), "PID    UID    COMM             RET  FILENAME\n");
	assert_string_equal(row(&t, rec), "1204   1000   bash             3    /etc/passwd\n");
	v.ret = -2;
	memcpy(v.comm, "fifteen letters", 16);
	assert_string_equal(row(&t, rec), "1204   1000   fifteen letters  -2   /etc/passwd\n");
	/* Too wide: the gaps of the next columns absorb it. */
	v.pid = 4194304;
	assert_string_equal(row(&t, rec), "4194304 1000  fifteen letters  -2   /etc/passwd\n");
	v.uid = 4294967295;
	assert_string_equal(row(&t, rec), "4194304 4294967295 fifteen letters -2 /etc/passwd\n");
	/* A name that the kernel does not validate. */
	strcpy(v.filename, "a\nb\x1b[2J");
	assert_non_null(strstr(row(&t, rec), " a\\nb\\x1b[2J\n"));
	/* Truncated. */
	rec.n = 26;
	assert_string_equal(row(&t, rec), "4194304 4294967295 fifteen letters ? ?\n");
	bb_free(m);
}

/* Cells that are numbers in JSON: not those that JSON does not have, and no names. */
static void json_listing(void **state)
{
	(void)state;
	static const char *const heads[] = {"name", "a", "b", NULL};
	static const char *const cells[] = {"0", "-1", "10", "007", "-00", "1e3", "", "-"};
	struct arena a = {0};
	struct listing l = listing(&a, "map", "maps", heads);
	listing_row(&l, "12", "0", "-1");
	for (size_t i = 1; i < sizeof cells / sizeof *cells; i += 2)
		listing_row(&l, "x", cells[i - 1], cells[i]);
	FILE *f = start();
	listing_print(&l, true, f);
	fclose(f);
	assert_string_equal(shown, "{\"what\":\"map\",\"name\":\"12\",\"a\":0,\"b\":-1}\n"
				   "{\"what\":\"map\",\"name\":\"x\",\"a\":0,\"b\":-1}\n"
				   "{\"what\":\"map\",\"name\":\"x\",\"a\":10,\"b\":\"007\"}\n"
				   "{\"what\":\"map\",\"name\":\"x\",\"a\":\"-00\",\"b\":\"1e3\"}\n"
				   "{\"what\":\"map\",\"name\":\"x\",\"b\":\"-\"}\n");
	arena_free(&a);
}

static void json_lines(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	uint32_t type = open_type(m), u32 = 3;
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	struct table t = make(m, b, type);
	struct open_event v = {1204, 0, "ba\"sh", -2, "/x"};
	struct json_label extra = {"map", "events"};
	FILE *f = start();
	print_json(&t, m, f, bytes_of(&v, sizeof v), &extra);
	print_json(&t, m, f, bytes_of(&v, sizeof v), NULL);
	t = make(m, b, u32);
	print_json(&t, m, f, bytes_of(&v, 4), &extra);
	t = make(m, b, 0);
	print_json(&t, m, f, bytes_of("ab", 2), &extra);
	/* A member with the name of our own key. */
	struct json_label own = {"comm", "events"};
	t = make(m, b, type);
	print_json(&t, m, f, bytes_of(&v, sizeof v), &own);
	fclose(f);
	assert_string_equal(shown,
		"{\"map\":\"events\",\"pid\":1204,\"uid\":0,\"comm\":\"ba\\\"sh\",\"ret\":-2,"
		"\"filename\":\"/x\"}\n"
		"{\"pid\":1204,\"uid\":0,\"comm\":\"ba\\\"sh\",\"ret\":-2,\"filename\":\"/x\"}\n"
		"{\"map\":\"events\",\"value\":1204}\n"
		"{\"map\":\"events\",\"value\":\"61 62\"}\n"
		"{\"comm\":\"events\",\"pid\":1204,\"uid\":0,\"comm#2\":\"ba\\\"sh\",\"ret\":-2,"
		"\"filename\":\"/x\"}\n");
	bb_free(m);
}

/* Nested, anonymous, locks, padding, unions, bit-fields; long text moves to the end. */
static void flattened(void **state)
{
	(void)state;
	bool big = host_is_big();
	struct bb bb, *m = &bb;
	bb_init(m, big);
	struct basics k = basics(m);
	uint32_t be32 = bb_type(m, BTF_TYPEDEF, "__be32", 0, false, k.u32);
	uint32_t path = bb_array(m, k.chr, 64), pad = bb_array(m, k.u8, 3);
	uint32_t inner = bb_struct(m, "where", 8);
	bb_member(m, "saddr", be32, 0);
	bb_member(m, "dport", k.u16, 32);
	uint32_t one = bb_union(m, "", 4);
	bb_member(m, "id", k.u32, 0);
	bb_member(m, "delta", k.s32, 0);
	uint32_t lock = bb_struct(m, "bpf_spin_lock", 4);
	bb_member(m, "val", k.u32, 0);
	uint32_t s = bb_struct(m, "event", 88);
	bb_member(m, "lock", lock, 0);
	bb_member(m, "path", path, 32);
	bb_member(m, "to", inner, 544);
	bb_member(m, "", one, 608);
	bb_member(m, "__pad1", pad, 640);
	bb_bits(m, "flag", k.u32, 672, 1);
	bb_bits(m, "rest", k.u32, 673, 31);
	struct btf btf;
	bb_open(m, NULL, &btf);
	struct table t = make(m, &btf, s);
	uint8_t v[88] = {0};
	memcpy(v + 4, "/tmp/file", 9);
	memcpy(v + 68, "\x7f\0\0\1", 4);
	bytes_put(v + 72, 2, big, 443);
	bytes_put(v + 76, 4, big, (uint32_t)-1);
	bytes_put(v + 84, 4, big, big ? UINT32_C(1) << 31 | 77 : 1 | 77 << 1);
	assert_int_equal(t.n, 6);
	assert_string_equal(t.cols[0].name, "to.saddr");
	assert_string_equal(
		head(&t), "TO.SADDR        TO.DPORT FLAG REST        ID|DELTA              PATH\n");
	assert_string_equal(row(&t, bytes_of(v, sizeof v)),
		"127.0.0.1       443      1    77          (id = 4294967295 | delta = -1) "
		"/tmp/file\n");
	bb_free(m);
}

static void single_values(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	struct basics k = basics(m);
	uint32_t pid = bb_type(m, BTF_TYPEDEF, "pid_t", 0, false, k.s32),
		 u32 = bb_type(m, BTF_TYPEDEF, "__u32", 0, false, k.u32),
		 port = bb_type(m, BTF_TYPEDEF, "__be16", 0, false, k.u16),
		 ip = bb_type(m, BTF_TYPEDEF, "__be32", 0, false, u32),
		 wide = bb_type(m, BTF_TYPEDEF, "uint64_t", 0, false, k.u64),
		 konst = bb_type(m, BTF_CONST, "", 0, false, pid),
		 shut = bb_enum(m, "verdict", 4, false);
	bb_value(m, "PASS", 2);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
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
	bb_free(m);
}

static void without_type(void **state)
{
	(void)state;
	struct arena a = {0};
	struct err e = {0};
	struct table t;
	assert_true(table_make(&t, NULL, 0, "VALUE", NULL, &a, &e));
	assert_string_equal(head(&t), "");
	assert_string_equal(row(&t, bytes_of("hello", 5)), "68 65 6c 6c 6f  |hello|\n");
	uint8_t big[5000] = {0};
	const char *text = row(&t, bytes_of(big, sizeof big));
	assert_non_null(strstr(text, "\n... 3976 more bytes\n"));
	for (const char *p = text, *end; (end = strchr(p, '\n')); p = end + 1)
		assert_true(end - p <= 80);
	arena_free(&a);
}

/* More members than fit, or a type that contains itself: one line without a table head. */
static void no_columns(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	struct basics k = basics(m);
	uint32_t many = bb_struct(m, "many", 4 * (TABLE_COLS + 1));
	for (unsigned i = 0; i <= TABLE_COLS; i++)
		bb_member(m, "m", k.u32, 32 * i);
	uint32_t self = many + 1;
	assert_int_equal(bb_struct(m, "self", 4), self);
	for (unsigned i = 0; i < 3; i++)
		bb_member(m, "s", self, 0);
	uint32_t none = bb_struct(m, "none", 0), nested = none;
	for (unsigned depth = 0; depth < 12; depth++) { /* 8^12 empty members */
		uint32_t s = bb_struct(m, "nested", 0);
		for (unsigned i = 0; i < 8; i++)
			bb_member(m, "n", nested, 0);
		nested = s;
	}
	uint32_t chars = bb_array(m, k.chr, 0);
	uint32_t open = bb_struct(m, "open", 4);
	bb_member(m, "len", k.u32, 0);
	bb_member(m, "text", chars, 32);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	uint8_t v[4 * (TABLE_COLS + 1)] = {0};
	struct table t = make(m, b, many);
	assert_string_equal(head(&t), "");
	assert_non_null(strstr(row(&t, bytes_of(v, sizeof v)), "{m = 0, m = 0, "));
	t = make(m, b, self);
	assert_int_equal(t.n, 0);
	assert_non_null(strstr(row(&t, bytes_of(v, sizeof v)), "..."));
	t = make(m, b, none);
	assert_string_equal(row(&t, bytes_of(v, 0)), "{}\n");
	t = make(m, b, nested);
	assert_int_equal(t.n, 0);
	assert_non_null(strstr(row(&t, bytes_of(v, 0)), "..."));
	/* The text after an event that ends with a flexible array. */
	t = make(m, b, open);
	memcpy(v + 4, "rest of it", 11);
	assert_string_equal(head(&t), "LEN    TEXT\n");
	assert_string_equal(row(&t, bytes_of(v, 20)), "0      rest of it\n");
	FILE *f = start();
	print_json(&t, m, f, bytes_of(v, 20), NULL);
	fclose(f);
	assert_string_equal(shown, "{\"len\":0,\"text\":\"rest of it\"}\n");
	bb_free(m);
}

/* Wide columns shrink so that the row fits into 80 columns. */
static void fits_the_terminal(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	struct basics k = basics(m);
	uint32_t name = bb_array(m, k.chr, 32);
	uint32_t s = bb_struct(m, "s", 88);
	bb_member(m, "a", name, 0);
	bb_member(m, "b", name, 256);
	bb_member(m, "ts", k.u64, 512);
	bb_member(m, "pid", k.u32, 576);
	bb_member(m, "cpu", k.u32, 608);
	struct btf btf;
	bb_open(m, NULL, &btf);
	struct table t = make(m, &btf, s);
	unsigned total = 0;
	for (unsigned i = 0; i < t.n; i++)
		total += t.cols[i].width + (i + 1 < t.n);
	assert_int_equal(total, 80);
	assert_true(t.cols[0].width > 20 && t.cols[1].width > 20 && t.cols[2].width == 12);
	bb_free(m);
}

/* Maps: artificial snapshots. Keys must ascend. */

struct fake {
	struct map_info info;
	struct map_entries s;
	struct map_view v;
	struct arena a;
};

static struct fake fake(struct map_info info, size_t n, unsigned cpus, const void *keys,
	const void *values, const struct btf *b, uint32_t key, uint32_t value)
{
	struct fake f = {.info = info};
	size_t stride = map_value_stride(&info);
	f.s = (struct map_entries){.n = n,
		.key_size = info.key_size,
		.value_size = info.value_size,
		.stride = stride,
		.cpus = cpus,
		.ascending = true,
		.keys = arena_copy(&f.a, keys, n * info.key_size),
		.values = arena_copy(&f.a, values, n * cpus * stride)};
	f.v = (struct map_view){.btf = b, .key_type = key, .value_type = value, .width = 80};
	return f;
}

static const char *view(struct fake *f, const struct map_entries *before, uint64_t elapsed)
{
	struct err e = {0};
	f->v.info = &f->info;
	FILE *out = start();
	assert_true(map_view_text(out, &f->v, &f->s, before, elapsed, &f->a, &e));
	fclose(out);
	for (const char *p = shown, *end; f->v.width && (end = strchr(p, '\n')); p = end + 1) {
		assert_true(end == p || end[-1] != ' ');
		assert_true(p == shown || (size_t)(end - p) <= f->v.width);
	}
	return shown;
}

static const char *view_json(struct fake *f)
{
	struct err e = {0};
	f->v.info = &f->info;
	FILE *out = start();
	assert_true(map_view_json(out, &f->v, &f->s, &f->a, &e));
	fclose(out);
	return shown ? shown : "";
}

static void counters(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	struct basics k = basics(m);
	uint32_t uid = bb_type(m, BTF_TYPEDEF, "uid_t", 0, false, k.u32);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	struct map_info info = {"exec_count", BPF_MAP_TYPE_HASH, 4, 8, 10240, 0};
	uint32_t keys[] = {0, 33, 1000, 65534};
	uint64_t values[] = {3, 1, 12, 3}, old[] = {3, 1, 7, 1};
	struct fake f = fake(info, 4, 1, keys, values, b, uid, k.u64);
	assert_string_equal(view(&f, NULL, 0), "exec_count: 4 entries\n"
					       "  UID  VALUE\n"
					       " 1000     12\n"
					       "    0      3\n"
					       "65534      3\n"
					       "   33      1\n");
	assert_string_equal(view_json(&f), "{\"map\":\"exec_count\",\"key\":1000,\"value\":12}\n"
					   "{\"map\":\"exec_count\",\"key\":0,\"value\":3}\n"
					   "{\"map\":\"exec_count\",\"key\":65534,\"value\":3}\n"
					   "{\"map\":\"exec_count\",\"key\":33,\"value\":1}\n");
	f.v.rows = 2;
	struct fake before = fake(info, 3, 1, keys, old, b, uid, k.u64);
	assert_string_equal(view(&f, &before.s, 500000000), "exec_count: 4 entries\n"
							    " UID  VALUE\n"
							    "1000     12  +10/s\n"
							    "   0      3\n"
							    "... 2 more\n");
	f.v.rows = 0;
	/* The interval is too short for a rate. */
	assert_null(strstr(view(&f, &before.s, 99999999), "/s"));
	assert_non_null(strstr(view(&f, &before.s, 100000000), "/s"));
	/* A new entry counts from zero; one that was reset shows no rate. */
	old[0] = 100;
	arena_free(&before.a);
	before = fake(info, 3, 1, keys, old, b, uid, k.u64);
	assert_string_equal(view(&f, &before.s, UINT64_C(10000000000)), "exec_count: 4 entries\n"
									"  UID  VALUE\n"
									" 1000     12  +0.5/s\n"
									"    0      3\n"
									"65534      3  +0.3/s\n"
									"   33      1\n");
	/* A timestamp is not a counter: sorted by key, without rates. */
	f.info.name = "start_times";
	assert_string_equal(view(&f, &before.s, 1), "start_times: 4 entries\n"
						    "  UID  VALUE\n"
						    "    0      3\n"
						    "   33      1\n"
						    " 1000     12\n"
						    "65534      3\n");
	f.s.n = 1;
	f.s.incomplete = true;
	assert_string_equal(view(&f, NULL, 0),
		"start_times: 1 entry (changed while being read: some may be missing)\n"
		"UID  VALUE\n"
		"  0      3\n");
	f.s.incomplete = false;
	f.s.no_values = 95;
	assert_string_equal(view(&f, NULL, 0),
		"start_times: 1 entry (values of this map type cannot be read)\n"
		"UID\n"
		"  0\n");
	assert_string_equal(view_json(&f), "{\"map\":\"start_times\",\"key\":0}\n");
	f.s.n = 0;
	f.s.no_values = 0;
	assert_string_equal(view(&f, NULL, 0), "start_times: (empty)\n");
	assert_string_equal(view_json(&f), "");
	arena_free(&f.a);
	arena_free(&before.a);
	bb_free(m);
}

static void structs_in_maps(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	struct basics k = basics(m);
	uint32_t comm = bb_array(m, k.chr, 16);
	uint32_t rw = bb_struct(m, "rw", 32);
	bb_member(m, "count", k.u64, 0);
	bb_member(m, "last_ns", k.u64, 64);
	bb_member(m, "comm", comm, 128);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	struct map_info info = {"stats", BPF_MAP_TYPE_LRU_HASH, 4, 32, 100, 0};
	struct {
		uint64_t count, last;
		char comm[16];
	} values[] = {{5, 1000, "bash"}, {70, 20, "a\033b"}}, old[] = {{1, 0, ""}, {70, 0, ""}};
	uint32_t keys[] = {1, 2};
	struct fake f = fake(info, 2, 1, keys, values, b, k.u32, rw);
	struct fake before = fake(info, 2, 1, keys, old, b, k.u32, rw);
	assert_string_equal(view(&f, &before.s, 1000000000),
		"stats: 2 entries\n"
		"KEY  COUNT          LAST_NS  COMM\n"
		"  2     70               20  a\\x1bb\n"
		"  1      5  +4.0/s     1000  bash\n");
	/* A narrow terminal truncates the last column. */
	f.v.width = 30;
	memcpy(((char *)f.s.values) + 16, "long name here.", 16);
	assert_string_equal(view(&f, NULL, 0), "stats: 2 entries\n"
					       "KEY  COUNT  LAST_NS  COMM\n"
					       "  2     70       20  a\\x1bb\n"
					       "  1      5     1000  long n...\n");
	arena_free(&f.a);
	arena_free(&before.a);
	bb_free(m);
}

static void arrays(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	struct basics k = basics(m);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	struct map_info info = {"slots", BPF_MAP_TYPE_ARRAY, 4, 8, 6, 0};
	uint32_t keys[] = {0, 1, 2, 3, 4, 5};
	uint64_t values[] = {0, 5, 0, 0, 300, 0};
	struct fake f = fake(info, 6, 1, keys, values, b, k.u32, k.u64);
	assert_string_equal(view(&f, NULL, 0), "slots: 2 of 6 slots are not zero\n"
					       "INDEX  VALUE\n"
					       "    1      5\n"
					       "    4    300\n");
	assert_string_equal(view_json(&f), "{\"map\":\"slots\",\"key\":1,\"value\":5}\n"
					   "{\"map\":\"slots\",\"key\":4,\"value\":300}\n");
	f.v.rows = 1;
	assert_string_equal(view(&f, NULL, 0), "slots: 2 of 6 slots are not zero\n"
					       "INDEX  VALUE\n"
					       "    1      5\n"
					       "... 1 more\n");
	memset(f.s.values, 0, 48);
	assert_string_equal(view(&f, NULL, 0), "slots: 6 slots, all zero\n");
	/* One slot: one line, zero or not. */
	f.s.n = f.info.max_entries = 1;
	assert_string_equal(view(&f, NULL, 0), "slots: 0\n");
	struct fake before = fake(f.info, 1, 1, keys, values, b, k.u32, k.u64);
	bytes_put(f.s.values, 8, host_is_big(), 77);
	assert_string_equal(view(&f, &before.s, 1000000000), "slots: 77  +77/s\n");
	assert_string_equal(view_json(&f), "{\"map\":\"slots\",\"key\":0,\"value\":77}\n");
	/* Programs and maps: only filled slots are shown, and their values are ids. */
	f.info = (struct map_info){"jumps", BPF_MAP_TYPE_PROG_ARRAY, 4, 4, 10, 0};
	f.s.value_size = f.s.stride = 4;
	bytes_put(f.s.values, 4, host_is_big(), 1204);
	assert_string_equal(view(&f, NULL, 0), "jumps: 1 of 10 slots filled\n"
					       "INDEX  PROG_ID\n"
					       "    0     1204\n");
	arena_free(&f.a);
	arena_free(&before.a);
	bb_free(m);
}

static void per_cpu_numbers(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	struct basics k = basics(m);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	struct map_info info = {"packets", BPF_MAP_TYPE_PERCPU_HASH, 4, 4, 10, 0};
	uint32_t keys[] = {6, 17}, values[2][3][2] = {{{4, 9}, {0, 9}, {2, 9}}, {{1}, {20}, {0}}};
	struct fake f = fake(info, 2, 3, keys, values, b, k.u32, k.u32);
	assert_string_equal(view(&f, NULL, 0), "packets: 2 entries\n"
					       "KEY  TOTAL\n"
					       " 17     21\n"
					       "  6      6\n");
	f.v.cpus = true;
	assert_string_equal(view(&f, &f.s, 1000000000), "packets: 2 entries\n"
							"KEY  TOTAL    CPU0  CPU1  CPU2\n"
							" 17     21       1    20     0\n"
							"  6      6       4     0     2\n");
	assert_string_equal(view_json(&f),
		"{\"map\":\"packets\",\"key\":17,\"value\":21,\"cpus\":[1,20,0]}\n"
		"{\"map\":\"packets\",\"key\":6,\"value\":6,\"cpus\":[4,0,2]}\n");
	/* Many CPUs. */
	uint32_t many[64][2] = {[3] = {5}, [63] = {7}};
	struct fake g = fake(info, 1, 64, keys, many, NULL, 0, 0);
	g.v.cpus = true;
	assert_string_equal(view(&g, NULL, 0), "packets: 1 entry\n"
					       "KEY  TOTAL  CPU:VALUE\n"
					       "  6     12  3:5 63:7\n");
	arena_free(&f.a);
	arena_free(&g.a);
	bb_free(m);
}

static void per_cpu_structs(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	struct basics k = basics(m);
	uint32_t text = bb_array(m, k.chr, 8);
	uint32_t s = bb_struct(m, "s", 16);
	bb_member(m, "bytes", k.u64, 0);
	bb_member(m, "max", k.u64, 64);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	struct map_info info = {"traffic", BPF_MAP_TYPE_PERCPU_ARRAY, 4, 16, 2, 0};
	uint32_t keys[] = {0, 1};
	uint64_t values[2][3][2] = {{{100, 7}, {0, 0}, {11, 9}}};
	struct fake f = fake(info, 2, 3, keys, values, b, k.u32, s);
	assert_string_equal(view(&f, NULL, 0), "traffic: 1 of 2 slots are not zero\n"
					       "INDEX  CPU  BYTES  MAX\n"
					       "    0  all    111\n"
					       "    0    0    100    7\n"
					       "    0    2     11    9\n");
	assert_string_equal(view_json(&f),
		"{\"map\":\"traffic\",\"key\":0,\"cpus\":[{\"bytes\":100,\"max\":7},"
		"{\"bytes\":0,\"max\":0},{\"bytes\":11,\"max\":9}]}\n");
	info.value_size = 8;
	char strings[2][2][8] = {{"", "one"}, {"", ""}};
	struct fake g = fake(info, 2, 2, keys, strings, b, k.u32, text);
	assert_string_equal(view(&g, NULL, 0), "traffic: 1 of 2 slots are not zero\n"
					       "INDEX  CPU  VALUE\n"
					       "    0    1  one\n");
	arena_free(&f.a);
	arena_free(&g.a);
	bb_free(m);
}

static void data_section(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	struct basics k = basics(m);
	uint32_t name = bb_array(m, k.chr, 8);
	static const char *const names[] = {"calls", "who", "hello.____fmt", "last_seen"};
	uint32_t types[] = {k.u64, name, name, k.u64}, vars[4];
	for (unsigned i = 0; i < 4; i++) {
		vars[i] = bb_type(m, BTF_VAR, names[i], 0, false, types[i]);
		bb_word(m, 1);
	}
	uint32_t sec = bb_datasec(m, ".bss", 32);
	for (unsigned i = 0; i < 4; i++)
		bb_secinfo(m, vars[i], i * 8, 8);
	struct btf btf;
	bb_open(m, NULL, &btf);
	const struct btf *b = &btf;
	struct map_info info = {"hello.bss", BPF_MAP_TYPE_ARRAY, 4, 32, 1, 0};
	struct {
		uint64_t calls;
		char who[8], fmt[8];
		uint64_t last;
	} now = {25, "me", "%d", 2000}, old = {5, "", "%d", 1000};
	uint32_t key = 0;
	struct fake f = fake(info, 1, 1, &key, &now, b, k.u32, sec);
	struct fake before = fake(info, 1, 1, &key, &old, b, k.u32, sec);
	assert_string_equal(view(&f, &before.s, 2000000000), "hello.bss: 3 variables\n"
							     "  calls = 25  +10/s\n"
							     "  who = \"me\"\n"
							     "  last_seen = 2000\n");
	assert_string_equal(view_json(&f),
		"{\"map\":\"hello.bss\",\"value\":{\"calls\":25,\"who\":\"me\","
		"\"hello.____fmt\":\"%d\",\"last_seen\":2000}}\n");
	f.v.width = 18;
	memcpy(f.s.values + 8, "too w\001de", 8);
	assert_non_null(strstr(view(&f, NULL, 0), "\n  who = \"too w...\n"));
	f.v.rows = 1;
	f.v.width = 80;
	assert_string_equal(view(&f, NULL, 0), "hello.bss: 3 variables\n"
					       "  calls = 25\n"
					       "  ... 2 more\n");
	arena_free(&f.a);
	arena_free(&before.a);
	bb_free(m);
}

/* Without a terminal nothing is cut, however long it is. */
static void long_cells(void **state)
{
	(void)state;
	struct bb bb, *m = &bb;
	bb_init(m, host_is_big());
	struct basics k = basics(m);
	uint32_t array = bb_array(m, k.u32, 300);
	struct btf btf;
	bb_open(m, NULL, &btf);
	uint32_t key = 1, value[300];
	for (uint32_t i = 0; i < 300; i++)
		value[i] = 100000 + i;
	struct map_info info = {"long", BPF_MAP_TYPE_HASH, 4, sizeof value, 10, 0};
	struct fake f = fake(info, 1, 1, &key, value, &btf, k.u32, array);
	f.v.width = 0;
	const char *text = view(&f, NULL, 0);
	assert_non_null(strstr(text, ", 100298, 100299]\n"));
	assert_null(strstr(text, "..."));
	arena_free(&f.a);
	bb_free(m);
}

static void untyped_maps(void **state)
{
	(void)state;
	bool big = host_is_big();
	struct map_info info = {"raw", BPF_MAP_TYPE_HASH, 3, 5, 10, 0};
	struct fake f = fake(info, 2, 1, "abcab\1", "hello\0\1\2\3\4", NULL, 0, 0);
	assert_string_equal(view(&f, NULL, 0), "raw: 2 entries\n"
					       "KEY             VALUE\n"
					       "61 62 01 |ab.|  00 01 02 03 04 |.....|\n"
					       "61 62 63 |abc|  68 65 6c 6c 6f |hello|\n");
	assert_string_equal(view_json(&f),
		"{\"map\":\"raw\",\"key\":\"61 62 01\",\"value\":\"00 01 02 03 04\"}\n"
		"{\"map\":\"raw\",\"key\":\"61 62 63\",\"value\":\"68 65 6c 6c 6f\"}\n");
	arena_free(&f.a);
	info = (struct map_info){"lifo", BPF_MAP_TYPE_STACK, 0, 4, 10, 0};
	uint8_t next[4];
	bytes_put(next, 4, big, 9);
	f = fake(info, 1, 1, "", next, NULL, 0, 0);
	assert_string_equal(view(&f, NULL, 0), "lifo: next element\nVALUE\n    9\n");
	assert_string_equal(view_json(&f), "{\"map\":\"lifo\",\"value\":9}\n");
	f.s.n = 0;
	assert_string_equal(view(&f, NULL, 0), "lifo: next element (empty)\n");
	arena_free(&f.a);
	info = (struct map_info){"routes", BPF_MAP_TYPE_LPM_TRIE, 8, 4, 10, 0};
	uint8_t keys[2][8] = {{0, 0, 0, 0, 192, 168, 7, 0}, {0, 0, 0, 0, 10, 0, 0, 0}};
	bytes_put(keys[0], 4, big, 24);
	bytes_put(keys[1], 4, big, 8);
	uint32_t hops[] = {2, 1};
	f = fake(info, 2, 1, keys, hops, NULL, 0, 0);
	assert_string_equal(view(&f, NULL, 0), "routes: 2 entries\n"
					       "PREFIX          VALUE\n"
					       "10.0.0.0/8          1\n"
					       "192.168.7.0/24      2\n");
	arena_free(&f.a);
	info = (struct map_info){"blob", BPF_MAP_TYPE_ARRAY, 4, 12, 1, 0};
	f = fake(info, 1, 1, "\0\0\0\0", "hello, world", NULL, 0, 0);
	assert_string_equal(view(&f, NULL, 0),
		"blob: 12 bytes\n"
		"  68 65 6c 6c 6f 2c 20 77  6f 72 6c 64  |hello, world|\n");
	arena_free(&f.a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens),
		cmocka_unit_test(json_listing),
		cmocka_unit_test(json_lines),
		cmocka_unit_test(flattened),
		cmocka_unit_test(single_values),
		cmocka_unit_test(without_type),
		cmocka_unit_test(no_columns),
		cmocka_unit_test(fits_the_terminal),
		cmocka_unit_test(counters),
		cmocka_unit_test(structs_in_maps),
		cmocka_unit_test(arrays),
		cmocka_unit_test(per_cpu_numbers),
		cmocka_unit_test(per_cpu_structs),
		cmocka_unit_test(data_section),
		cmocka_unit_test(long_cells),
		cmocka_unit_test(untyped_maps),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(shown);
	return failed;
}
