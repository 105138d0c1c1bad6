/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the sources of `sonde run` show. Records of several types in one map: the type is determined
 * by the length, which a perf buffer pads. Iterators: their bytes are not trusted. Buffers and
 * iterators are simulated (--wrap, tests/unit/Makefile).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "loader/show/watch_impl.h"
#include "btf_build.h"

static size_t length;
static uint8_t last_byte; /* of the record; the others are 0 */

long __wrap_perf_buffer_drain(struct perf_buffer *b, perf_ring_fn fn, void *ctx);
long __wrap_perf_buffer_drain(struct perf_buffer *b, perf_ring_fn fn, void *ctx)
{
	uint8_t *record = calloc(1, length);
	assert_non_null(record);
	record[length - 1] = last_byte;
	assert_true(fn(ctx, 0, record, length));
	free(record);
	b->lost = 3;
	return 1;
}

/* Types of 4, 8, 12 and 24 bytes, and three of 48, of which two have a tag in the last byte; each has a
 * member named after its size and tag. */
static const unsigned sizes[] = {4, 8, 12, 24, 48, 48, 48}, tags[] = {0, 0, 0, 0, 5, 6, 0};
enum { TYPES = sizeof sizes / sizeof *sizes };

/* The name of the member in the type chosen for a record of n bytes. */
static char *shown_as(size_t n)
{
	static char text[400];
	struct bb b;
	struct btf btf;
	struct err e = {0};
	struct arena a = {0};
	struct plan_record_type types[TYPES];
	struct table tables[TYPES];
	const struct json_label label = {"map", "m"};
	char *out = NULL;
	size_t out_n;
	bb_init(&b, host_is_big());
	uint32_t word = bb_int(&b, "unsigned int", 4, 0);
	for (unsigned i = 0; i < TYPES; i++) {
		char name[20];
		types[i] = (struct plan_record_type){.size = sizes[i],
			.tag_off = sizes[i] - 1,
			.tag_size = tags[i] != 0,
			.tag = tags[i]};
		types[i].type = bb_struct(&b, "record", sizes[i]);
		snprintf(name, sizeof name, tags[i] ? "of_%u_%u" : "of_%u", sizes[i], tags[i]);
		bb_member(&b, name, word, 0);
	}
	bb_open(&b, NULL, &btf);
	for (unsigned i = 0; i < TYPES; i++)
		assert_true(table_make(&tables[i], &btf, types[i].type, "VALUE", NULL, &a, &e) &&
			    table_make_json(&tables[i], &label, &a, &e));
	struct plan_map map = {.name = "m",
		.map_type = BPF_MAP_TYPE_PERF_EVENT_ARRAY,
		.record_types = types,
		.n_record_types = TYPES};
	FILE *f = open_memstream(&out, &out_n);
	const struct watch_options opt = {.out = f, .json = true};
	struct watch w = {.opt = &opt};
	struct watch_source s = {
		.kind = SOURCE_PERF, .w = &w, .map = &map, .name = "m", .kinds = tables};
	assert_true(table_make(&s.table, &btf, 0, "VALUE", NULL, &a, &e) &&
		    table_make_json(&s.table, &label, &a, &e));
	length = n;
	assert_int_equal(watch_drain_records(&s), 1);
	assert_int_equal(s.lost, 3);
	assert_int_equal(watch_drain_records(&s), 1);
	assert_int_equal(s.lost, 3);
	fclose(f);
	snprintf(text, sizeof text, "%s", out);
	free(out);
	arena_free(&a);
	bb_free(&b);
	return text;
}

static void padding_of_perf_buffers(void **state)
{
	(void)state;
	assert_non_null(strstr(shown_as(4), "\"of_4\":0"));
	/* 8 bytes and their length make 12, padded to 16, of which 12 arrive. */
	assert_non_null(strstr(shown_as(12), "\"of_8\":0"));
	assert_non_null(strstr(shown_as(28), "\"of_24\":0"));
	/* Exactly the size of a type. */
	assert_non_null(strstr(shown_as(8), "\"of_8\":0"));
	assert_non_null(strstr(shown_as(24), "\"of_24\":0"));
	/* What was lost is told once, where it is known. */
	const char *lost = strstr(shown_as(4), "\n{\"lost\":3,\"of\":\"m\"}\n{\"map\":\"m\",");
	assert_non_null(lost);
	assert_null(strstr(lost + 4, "lost"));
	/* No type of that size. */
	assert_null(strstr(shown_as(20), "of_"));
	assert_null(strstr(shown_as(36), "of_"));
	assert_null(strstr(shown_as(32), "of_"));
}

static void tags_of_records(void **state)
{
	(void)state;
	last_byte = 5;
	assert_non_null(strstr(shown_as(48), "\"of_48_5\":"));
	last_byte = 6;
	assert_non_null(strstr(shown_as(48), "\"of_48_6\":"));
	last_byte = 7;
	assert_non_null(strstr(shown_as(48), "\"of_48\":"));
	last_byte = 0;
}

static int written; /* by the iterator: to be read */

long __wrap_sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size);
long __wrap_sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size)
{
	(void)w;
	(void)attr;
	(void)size;
	assert_int_equal(cmd, BPF_ITER_CREATE);
	return written;
}

/* What is shown of an iterator that writes n bytes. */
static char *iterated(const char *text, size_t n, bool json)
{
	static char shown[20000];
	char *out = NULL;
	size_t out_n;
	int fds[2];
	struct err e = {0};
	FILE *f = open_memstream(&out, &out_n);
	const struct watch_options opt = {.out = f, .json = json};
	struct exec x = {0};
	struct watch w = {.x = &x, .opt = &opt};
	uint8_t unread[4096];
	const struct plan_prog prog = {.name = "dump", .event_note = ""};
	struct watch_source s = {
		.kind = SOURCE_ITER, .w = &w, .name = "dump", .prog = &prog, .unread = unread};
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], text, n), n);
	close(fds[1]);
	written = fds[0];
	assert_true(watch_show_iterator(&s, &e));
	fclose(f);
	assert_true(out_n < sizeof shown);
	memcpy(shown, out, out_n + 1);
	free(out);
	if (!json)
		return shown;
	char *head = strstr(shown, "{\"snapshot\":1,\"of\":\"dump\",\"time_ns\":");
	assert_ptr_equal(head, shown);
	return strchr(head, '\n') + 1;
}

static void iterators(void **state)
{
	(void)state;
	static const char bytes[] = "1\tone\n\x1b[2J\"\xff\xc2\x9b\n\nlast\0";
	assert_string_equal(iterated(bytes, sizeof bytes - 1, false), "1\tone\n?[2J\"??\n\nlast?");
	assert_string_equal(iterated(bytes, sizeof bytes - 1, true),
		"{\"iterator\":\"dump\",\"text\":\"1\\tone\"}\n"
		"{\"iterator\":\"dump\",\"text\":\"\\u001b[2J\\\"\\ufffdff\\u009b\"}\n"
		"{\"iterator\":\"dump\",\"text\":\"\"}\n"
		"{\"iterator\":\"dump\",\"text\":\"last\\u0000\"}\n");
	assert_string_equal(iterated("", 0, true), "");
}

/* A line that is longer than any buffer loses nothing and ends. */
static void long_lines(void **state)
{
	(void)state;
	enum { LONG = 10000 };
	char *text = malloc(LONG + 3), *shown;
	size_t n = 0, lines = 0;
	memset(text, 'x', LONG);
	memcpy(text + LONG, "\ny", 3);
	shown = iterated(text, LONG + 2, true);
	for (const char *p = shown; *p; p = strchr(p, '\n') + 1, lines++)
		for (const char *c = strstr(p, "\"text\"") + 8; *c == 'x' || *c == 'y'; c++)
			n++;
	assert_int_equal(n, LONG + 1);
	assert_int_equal(lines, 4);
	free(text);
}

/* Losses that are known only at the end, by the fill level of the buffers. */
static void probable_losses(void **state)
{
	(void)state;
	char *out = NULL, *said = NULL;
	size_t out_n, said_n;
	FILE *f = open_memstream(&out, &out_n), *status = open_memstream(&said, &said_n);
	const struct watch_options opt = {.out = f, .status = status, .json = true};
	struct plan plan = {0};
	struct exec x = {.plan = &plan};
	struct plan_map map = {.name = "full"};
	struct watch_source sources[] = {{.kind = SOURCE_RING,
						 .map = &map,
						 .name = "full",
						 .ring = {.size = 64, .peak = 64}},
		{.kind = SOURCE_RING,
			.map = &map,
			.name = "half",
			.ring = {.size = 64, .peak = 32}},
		/* counted by the kernel and by the capture */
		{.kind = SOURCE_PRINTK, .name = "bpf_printk", .lost = 7}};
	struct watch w = {.x = &x, .opt = &opt, .sources = sources, .n_sources = 3};
	watch_tell_losses(&w);
	fclose(f);
	fclose(status);
	assert_string_equal(out, "{\"lost\":null,\"of\":\"full\"}\n");
	assert_string_equal(said, "note: map 'full' was nearly full: records were probably lost\n"
				  "note: the buffer for bpf_printk: 7 records were lost\n");
	free(out);
	free(said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(padding_of_perf_buffers),
		cmocka_unit_test(tags_of_records),
		cmocka_unit_test(iterators),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(probable_losses),
	};
	return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
