/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* loader/boot: words of the kernel's command line, recordings, and which programs a timeline shows. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include "loader/boot/kernel_words.h"
#include "loader/boot/recording.h"
#include "loader/boot/timeline.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct kernel_words words_of(char *line, size_t size, const char *text)
{
	struct kernel_words w;
	snprintf(line, size, "%s", text);
	kernel_words_read(&w, line);
	return w;
}

static void words(void **state)
{
	char line[512];
	struct kernel_words w = words_of(line, sizeof line,
		"quiet sonde.obj=/a.o,/b.o  root=/dev/x sonde.opt=\"--size 16M\" \"sonde.opt=--for "
		"2m\" "
		"sonde.obj=/c.o init=/sbin/x sonde.init=/first\n");
	(void)state;
	assert_int_equal(w.n_objects, 3);
	assert_string_equal(w.objects[0], "/a.o");
	assert_string_equal(w.objects[1], "/b.o");
	assert_string_equal(w.objects[2], "/c.o");
	assert_int_equal(w.n_options, 4);
	assert_string_equal(w.options[0], "--size");
	assert_string_equal(w.options[1], "16M");
	assert_string_equal(w.options[3], "2m");
	assert_string_equal(w.init, "/first");
	assert_string_equal(w.kernel_init, "/sbin/x");
	assert_false(w.full);
}

static void words_that_are_not_ours(void **state)
{
	char line[512];
	struct kernel_words w = words_of(line, sizeof line,
		"xsonde.obj=/a sonde.objects=/b rdinit=/c sonde.init= sonde.obj= -- sonde.obj=/d "
		"init=/e");
	(void)state;
	assert_int_equal(w.n_objects, 0);
	assert_int_equal(w.n_options, 0);
	assert_null(w.init);
	assert_null(w.kernel_init);
	/* A quote that does not end. */
	w = words_of(line, sizeof line, "a \"sonde.obj=/x y");
	assert_int_equal(w.n_objects, 1);
	assert_string_equal(w.objects[0], "/x y");
	w = words_of(line, sizeof line, "");
	assert_int_equal(w.n_objects, 0);
}

static void too_many_words(void **state)
{
	char line[1024] = "sonde.obj=";
	struct kernel_words w;
	(void)state;
	for (int i = 0; i <= KERNEL_WORDS_MAX; i++)
		strcat(line, "/x,");
	kernel_words_read(&w, line);
	assert_true(w.full);
	assert_int_equal(w.n_objects, KERNEL_WORDS_MAX);
}

/* The bytes of a recording in memory. */
static struct span bytes_of(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	void *p = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
	assert_ptr_not_equal(p, MAP_FAILED);
	return (struct span){p, (size_t)size, false};
}

static void round_trip(void **state)
{
	static struct recording_writer w;
	int fd = memfd_create("recording", 0);
	uint8_t record[300] = {1, 2, 3, 0, 5};
	const struct recording_chunk row = {.kind = RECORDING_ROW,
		.plan = 7,
		.map = 9,
		.length = sizeof record,
		.time_ns = UINT64_C(0x123456789a),
		.bytes = {record, sizeof record, host_is_big()}};
	struct recording r;
	struct recording_chunk c;
	struct err e = {0};
	unsigned n = 0;
	(void)state;
	recording_begin(&w, fd, RECORDING_SIZE_MIN);
	/* More than the buffer has room for. */
	for (int i = 0; i < 1000; i++)
		assert_true(recording_add(&w, &row));
	assert_true(recording_finish(&w, RECORDING_TIME, 5));
	struct span all = bytes_of(fd);
	assert_int_equal(all.n, 20 + 1000 * (24 + 5) + 24);
	assert_true(recording_open(&r, "x", all, &e));
	for (; recording_next(&r, &c) && c.kind == RECORDING_ROW; n++) {
		assert_int_equal(c.plan, 7);
		assert_int_equal(c.map, 9);
		assert_int_equal(c.length, sizeof record);
		assert_int_equal(c.time_ns, row.time_ns);
		assert_int_equal(c.bytes.n, 5);
		assert_memory_equal(c.bytes.p, record, 5);
	}
	assert_int_equal(n, 1000);
	assert_int_equal(c.kind, RECORDING_END);
	assert_int_equal(c.length, RECORDING_TIME);
	assert_false(recording_next(&r, &c));
	munmap((void *)(uintptr_t)all.p, all.n);
	close(fd);
}

static void limit(void **state)
{
	static struct recording_writer w;
	int fd = memfd_create("recording", 0);
	uint8_t record[1000];
	const struct recording_chunk row = {.kind = RECORDING_ROW,
		.length = sizeof record,
		.bytes = {record, sizeof record, host_is_big()}};
	(void)state;
	memset(record, 1, sizeof record);
	recording_begin(&w, fd, RECORDING_SIZE_MIN);
	while (recording_add(&w, &row))
		;
	assert_true(w.full);
	/* One that would fit is not added any more: there are no gaps. */
	const struct recording_chunk small = {
		.kind = RECORDING_ROW, .bytes = {record, 1, host_is_big()}};
	assert_false(recording_add(&w, &small));
	assert_true(recording_finish(&w, RECORDING_FULL, 0));
	struct span all = bytes_of(fd);
	assert_true(all.n <= RECORDING_SIZE_MIN && all.n > RECORDING_SIZE_MIN - 1100);
	munmap((void *)(uintptr_t)all.p, all.n);
	close(fd);
}

static void no_memory(void **state)
{
	static struct recording_writer w;
	const struct recording_chunk row = {.kind = RECORDING_LOST};
	(void)state;
	recording_begin(&w, -1, RECORDING_SIZE_MIN); /* every write fails */
	assert_true(recording_add(&w, &row));
	assert_false(recording_flush(&w));
	assert_false(recording_add(&w, &row));
	assert_false(w.full);
	assert_true(w.error);
}

static void choice(void **state)
{
	struct timeline_bar bars[6] = {0};
	const uint64_t lengths[] = {5, 9, 5, 1, 5, 7};
	struct timeline t = {.bars = bars, .n_bars = 6};
	struct arena a = {0};
	(void)state;
	for (int i = 0; i < 6; i++)
		bars[i].end_ns = lengths[i];
	for (size_t n = 1; n <= 7; n++) {
		struct timeline_choice c = timeline_choose(&t, n, &a);
		size_t shown = 0, longest = 0;
		assert_int_equal(c.shown, n < 6 ? n : 6);
		for (int i = 0; i < 6; i++)
			if (timeline_next(&c, &bars[i])) {
				shown++;
				longest += lengths[i] == 9;
				assert_true(n > 5 || lengths[i] > 1);
			}
		assert_int_equal(shown, n < 6 ? n : 6);
		assert_int_equal(longest, 1);
	}
	arena_free(&a);
}

static void density(void **state)
{
	struct timeline t = {.start_ns = 100, .end_ns = 200};
	const uint64_t times[] = {100, 101, 149, 150, 199, 200};
	uint32_t parts[2];
	(void)state;
	timeline_density(&t, times, 6, parts, 2);
	assert_int_equal(parts[0], 3);
	assert_int_equal(parts[1], 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(words_that_are_not_ours),
		cmocka_unit_test(too_many_words),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(limit),
		cmocka_unit_test(no_memory),
		cmocka_unit_test(choice),
		cmocka_unit_test(density),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
