/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Lines of bpf_printk(): formats and lines as text, and trace_pipe on a FIFO, since reading the
 * real one would take lines from other readers.
 */
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "loader/kernel/trace_pipe.h"
#include "loader/show/printk_format.h"

static bool fits(const char *format, const char *text)
{
	return printk_format_matches(format, text, strlen(text));
}

static void formats_that_fit(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"hello", "hello"},
		{"", ""},
		{"hello\n", "hello"},
		{"hello\n", "hello\n"},
		{"100%% of %d", "100% of 7"},
		{"exec: %s pid=%d", "exec: bash pid=812"},
		{"exec: %s pid=%d", "exec:  pid=-1"},
		{"exec: %s pid=%d", "exec: a pid=b pid=3 pid=812"},
		{"%s", ""},
		{"%s%s", "ab"},
		{"%d", "0"},
		{"%d", "-2147483648"},
		{"%d", "2147483647"},
		{"%i", "-5"},
		{"%u", "4294967295"},
		{"%ld", "-9223372036854775808"},
		{"%lld", "9223372036854775807"},
		{"%lu", "18446744073709551615"},
		{"%llu", "0"},
		{"%x", "deadbeef"},
		{"%X", "DEADBEEF"},
		{"%lx", "ffffffff81000000"},
		{"%llX", "FFFFFFFF81000000"},
		{"%#x", "0x1f"},
		{"%#x", "0"},
		{"%d%d", "12"},
		{"%d%x%u", "1a2"},
		{"%5d|", "   42|"},
		{"%-5d|", "42   |"},
		{"%05d|", "00042|"},
		{"%05d|", "-0042|"},
		{"%5d|", "1234567|"},
		{"%+d", "+42"},
		{"% d", " 42"},
		{"%08llx", "000000ff"},
		{"%08llx", "1234567890"},
		{"%16llx.", "            beef."},
		{"%c%c", "ab"},
		{"%c", "%"},
		{"x%c", "x"}, /* a NUL ends the text */
		{"x%cyz %d", "x"},
		{"%5c|", "    a|"},
		{"%10s|", "      bash|"},
		{"%-10s|", "bash      |"},
		{"%3s", "abcdef"},
		{"ptr %p.", "ptr 00000000deadbeef."},
		{"ptr %p.", "ptr deadbeef."},
		{"ptr %p.", "ptr (____ptrval____)."},
		{"%pK", "0000000000000000"},
		{"%px", "ffff888100000000"},
		{"%20p|", "    ffff888100000000|"},
		{"at %pB in", "at do_sys_openat2+0x1b/0x2c0 in"},
		{"%ps", "vfs_read"},
		{"%pS.", "nf_hook+0x3/0x10 [nf_tables]."},
		{"%pks|%pus", "kernel|user"},
		{"%pks", ""},
		{"%pI4", "192.168.0.1"},
		{"%pi4", "192.168.000.001"},
		{"%pI4:%d", "10.0.0.255:80"},
		{"%pI6", "fe80:0000:0000:0000:0202:b3ff:fe1e:8329"},
		{"%pi6", "fe8000000000000002"
			 "02b3fffe1e8329"},
		{"%hd %hhu", "-5 7"},
		{"%zu", "12345678901"},
		{"100%", "100"},
		{"odd %y here", "odd something here"}, /* unknown: matches anything */
		{"%.16s|", "bash|"},
		{"a\nb %d\n", "a\nb 5"},
		{"a\nb %d\n", "a"}, /* line by line, as in trace_pipe */
		{"a\nb %d\n", "b 5"},
		{"%s done", "two\nlines done"},
		{"caf\xc3\xa9 %d \xc2\xb5s", "caf\xc3\xa9 5 \xc2\xb5s"},
		{"", "\n"},
	};
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
		if (!fits(cases[i][0], cases[i][1]))
			fail_msg("\"%s\" should fit \"%s\"", cases[i][1], cases[i][0]);
}

static void formats_that_do_not(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
		{"hello", "hell"},
		{"hello", "hello "},
		{"hello", "Hello"},
		{"hello", ""},
		{"", "x"},
		{"exec: %s pid=%d", "exec: bash pid="},
		{"exec: %s pid=%d", "exec: bash pid=x"},
		{"exec: %s pid=%d", "exec: bash pid=8 "},
		{"exec: %s pid=%d", " exec: bash pid=8"},
		{"%d", ""},
		{"%d", "-"},
		{"%d", "007"},
		{"%d", "+1"},
		{"%d", " 1"},
		{"%d", "1a"},
		{"%d", "2147483648"},
		{"%d", "-2147483649"},
		{"%d", "12345678901"},
		{"%u", "-1"},
		{"%u", "4294967296"},
		{"%lu", "18446744073709551616"},
		{"%lld", "9223372036854775808"},
		{"%x", "DEADBEEF"},
		{"%x", "123456789"},
		{"%x", "0x12"},
		{"%x", "0a"},
		{"%x", "xyz"},
		{"%X", "beef"},
		{"%llx", "12345678901234567"},
		{"%5d|", " 42|"},
		{"%5d|", "    42|"},
		{"%5d|", "00042|"},
		{"%5d|", "42   |"},
		{"%-5d|", "   42|"},
		{"%05d|", "000042|"},
		{"%c", "ab"},
		{"%c%c", "abc"},
		{"%10s|", "bash|"},
		{"%3s", "ab"},
		{"ptr %p.", "ptr 1234."},
		{"ptr %p.", "ptr 00000000DEADBEEF."},
		{"ptr %p.", "ptr ."},
		{"%p", "(null"},
		{"at %pB in", "at  in"},
		{"%pI4", "192.168.0"},
		{"%pI4", "192.168.0.256"},
		{"%pI4", "192.168.0.01"},
		{"%pI4", "1.2.3.4.5"},
		{"%pI4", "1..2.3"},
		{"%pi4", "192.168.0.1"},
		{"%pi4", "192.168.0000.001"},
		{"%pI6", "fe80::1"},
		{"%pI6", "fe80:0000:0000:0000:0202:b3ff:fe1e-8329"},
		{"%pi6", "fe80:0000:0000:0000:0202:b3ff:fe1e:8329"},
		{"%%", "%%"},
		{"100%% of %d", "100%% of 7"},
		{"a\nb %d\n", "c"},
		{"a\nb %d\n", "a\nb"},
		{"a\n\nb\n", ""},
		{"tick %d", "tock 5"},
	};
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++)
		if (fits(cases[i][0], cases[i][1]))
			fail_msg("\"%s\" should not fit \"%s\"", cases[i][1], cases[i][0]);
}

/* Formats are compared with the output of the C library, which agrees with the kernel. */
static void formats_against_printf(void **state)
{
	(void)state;
	static const char *const formats[] = {"%d", "%5d", "%-5d", "%05d", "%+d", "% d", "%i", "%u",
		"%x", "%X", "%#x", "%8x", "%-8x", "%08x", "%3u", "%012d", "%+7d", "% 7d", "%-+7d"};
	static const char *const longs[] = {"%lld", "%20lld", "%-20lld", "%020lld", "%llu", "%llx",
		"%llX", "%#llx", "%016llx", "%+lld", "%3lld"};
	srandom(3);
	for (unsigned round = 0; round < 20000; round++) {
		char format[64], text[128];
		const char *f = formats[round % (sizeof formats / sizeof *formats)];
		const char *l = longs[round % (sizeof longs / sizeof *longs)];
		int n = (int)((uint32_t)random() << 1) >> random() % 32;
		long long v =
			(long long)((uint64_t)random() << 33 ^ (uint64_t)random()) >> random() % 64;
		snprintf(format, sizeof format, "a %s b %s", f, l);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(text, sizeof text, format, n, v);
#pragma GCC diagnostic pop
		if (!fits(format, text))
			fail_msg("\"%s\" should fit \"%s\"", text, format);
		char *b = strstr(text, " b "); /* add a digit where none is allowed */
		if (b && b[-1] != ' ') {
			*b = 'z';
			assert_false(fits(format, text));
		}
	}
}

/* A line that the kernel truncated at 1023 bytes matches if its start does. */
static void formats_of_cut_texts(void **state)
{
	(void)state;
	char text[1100], format[1100];
	memset(text, 'a', sizeof text);
	assert_true(printk_format_matches("%s tail %d", text, 1023));
	assert_false(printk_format_matches("%s tail %d", text, 1022));
	assert_false(printk_format_matches("b%s tail %d", text, 1023));
	assert_true(printk_format_matches("%s", text, 1022));
	assert_true(printk_format_matches("%s", text, 1100));

	memset(format, 'a', sizeof format);
	memcpy(format + 1000, "%llu and more", 14);
	memcpy(text + 1000, "12345678901234567890123", 23);
	assert_false(printk_format_matches(format, text, 1022));
	memset(text + 1000, 'a', 100);
	memcpy(format + 1023, "%d", 3);
	assert_true(printk_format_matches(format, text, 1023));
	memcpy(format + 1010, "%llu and more", 14);
	memcpy(text + 1010, "1234567890123", 13);
	assert_true(printk_format_matches(format, text, 1023)); /* in the middle of a number */
}

/* No format makes the matcher slow or read out of bounds (the sanitizers check). */
static void formats_of_noise(void **state)
{
	(void)state;
	static const char letters[] = "%%%sdxXpcuilI46KB 0123-+#.\n*abz";
	srandom(4);
	for (unsigned round = 0; round < 20000; round++) {
		char format[65];
		unsigned n = (unsigned)random() % 64, len = (unsigned)random() % 64;
		for (unsigned i = 0; i < n; i++)
			format[i] = letters[(unsigned)random() % (sizeof letters - 1)];
		format[n] = 0;
		char *text = malloc(len ? len : 1);
		for (unsigned i = 0; i < len; i++)
			text[i] = letters[(unsigned)random() % (sizeof letters - 1)];
		printk_format_matches(format, text, len);
		struct printk_line line;
		printk_parse(text, len, &line);
		printk_parse_lost(text, len);
		free(text);
	}
	char worst[1101], text[1024];
	for (unsigned i = 0; i < 1100; i += 2)
		memcpy(worst + i, i % 4 ? "%d" : "%s", 3);
	memset(text, '1', sizeof text);
	struct timespec before, after;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	assert_true(printk_format_matches(worst, text, 1000));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	assert_in_range(after.tv_sec - before.tv_sec, 0, 60); /* machines may be emulated */
}

static struct printk_line parsed(const char *line)
{
	struct printk_line l;
	if (!printk_parse(line, strlen(line), &l))
		fail_msg("\"%s\" is not understood", line);
	return l;
}

static void lines_of_trace_pipe(void **state)
{
	(void)state;
	struct printk_line l = parsed(
		"            bash-812     [001] d..21  1234.567890: bpf_trace_printk: hello 5");
	assert_string_equal(l.comm, "bash");
	assert_int_equal(l.pid, 812);
	assert_int_equal(l.tid, 812);
	assert_int_equal(l.cpu, 1);
	assert_int_equal(l.time_ns, 1234567890000ull);
	assert_int_equal(l.len, 7);
	assert_memory_equal(l.text, "hello 5", 7);

	l = parsed("           <...>-70001   (  70000) [012] d..2.   0.000001: bpf_trace_printk: ");
	assert_string_equal(l.comm, "<...>");
	assert_int_equal(l.pid, 70000);
	assert_int_equal(l.tid, 70001);
	assert_int_equal(l.cpu, 12);
	assert_int_equal(l.time_ns, 1000);
	assert_int_equal(l.len, 0);

	l = parsed(" kworker-9 [1] x-7  (-------) [000] d... 10.000000: bpf_trace_printk: a: b");
	assert_string_equal(l.comm, "kworker-9 [1] x");
	assert_int_equal(l.pid, 7);
	assert_memory_equal(l.text, "a: b", 4);

	l = parsed("          <idle>-0     [000] 99.500000: 0: before 5.9"); /* irq-info off */
	assert_int_equal(l.time_ns, 99500000000ull);
	assert_memory_equal(l.text, "before 5.9", 10);
	l = parsed("            bash-812   [000] .... 12.345678: 0x00000001: x");
	assert_memory_equal(l.text, "x", 1);
	l = parsed("            bash-812   [000] .... 12345: bpf_trace_printk: counted");
	assert_int_equal(l.time_ns, 0);
	assert_memory_equal(l.text, "counted", 7);

	static const char *const bad[] = {"", "# tracer: nop", "CPU:1 [LOST 23 EVENTS]",
		"            bash-812   [001] d..21  1234.567890: sched_switch: prev_comm=a",
		"            bash-812   [001] d..21  1234.567890: bpf_trace_printk",
		"            bash-812   [001] d..21  1234.5678: bpf_trace_printk: x",
		"            bash-812   [001] d..21  ", "            bash-812   [001",
		"            bash-",
		"            bash 812   [001] d..21  1234.567890: bpf_trace_printk: x",
		"bash-812   [001] d..21  1234.567890: bpf_trace_printk: x"};
	for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
		if (printk_parse(bad[i], strlen(bad[i]), &l))
			fail_msg("\"%s\" should not be understood", bad[i]);
	assert_int_equal(printk_parse_lost(bad[2], strlen(bad[2])), 23);
	assert_int_equal(printk_parse_lost(bad[2], strlen(bad[2]) - 1), 0);
	assert_int_equal(printk_parse_lost(bad[3], strlen(bad[3])), 0);
}

/* ---- trace_pipe on a FIFO */

struct fake_tracefs {
	struct kfs k;
	char dir[32];
	int writer;
};

static struct fake_tracefs fake_tracefs(void)
{
	struct fake_tracefs f = {.dir = "/tmp/tracefs.XXXXXX"};
	assert_non_null(mkdtemp(f.dir));
	int dir = open(f.dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(dir >= 0);
	assert_int_equal(mkfifoat(dir, "trace_pipe", 0600), 0);
	f.writer = openat(dir, "trace_pipe", O_RDWR | O_CLOEXEC | O_NONBLOCK);
	assert_true(f.writer >= 0);
	kfs_use(&f.k, KFS_TRACE, dir, "a copy");
	return f;
}

static void fake_tracefs_file(struct fake_tracefs *f, const char *name, const char *text)
{
	int fd = openat(kfs_dir(&f->k, KFS_TRACE), name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void fake_tracefs_end(struct fake_tracefs *f)
{
	int dir = kfs_dir(&f->k, KFS_TRACE);
	assert_int_equal(unlinkat(dir, "trace_pipe", 0), 0);
	unlinkat(dir, "tracing_on", 0);
	assert_int_equal(rmdir(f->dir), 0);
	close(f->writer);
	kfs_close(&f->k);
}

static void say(struct fake_tracefs *f, const char *text)
{
	assert_int_equal(write(f->writer, text, strlen(text)), strlen(text));
}

struct lines {
	unsigned n, stop_at;
	size_t len[8];
	char text[8][64];
};

static bool keep_line(void *ctx, const char *line, size_t len)
{
	struct lines *l = ctx;
	if (l->n < 8) {
		l->len[l->n] = len;
		snprintf(l->text[l->n], sizeof *l->text, "%.*s", (int)(len < 60 ? len : 60), line);
	}
	return ++l->n != l->stop_at;
}

static bool readable(const struct trace_pipe *t)
{
	struct pollfd p = {t->fd, POLLIN, 0};
	return poll(&p, 1, 0) == 1;
}

static void pipe_line_by_line(void **state)
{
	(void)state;
	struct fake_tracefs f = fake_tracefs();
	struct trace_pipe t;
	struct err e = {0};
	struct lines l = {0};
	fake_tracefs_file(&f, "tracing_on", "0\n");
	assert_true(trace_pipe_open(&t, &f.k, &e));
	assert_true(t.switched_off);
	trace_pipe_close(&t);
	fake_tracefs_file(&f, "tracing_on", "1\n");
	assert_true(trace_pipe_open(&t, &f.k, &e));
	assert_false(t.switched_off);

	assert_int_equal(trace_pipe_drain(&t, keep_line, &l), 0);
	assert_false(readable(&t));
	say(&f, "one\n\n  \ntwo and a h");
	assert_true(readable(&t));
	assert_int_equal(trace_pipe_drain(&t, keep_line, &l), 1);
	assert_string_equal(l.text[0], "one");
	say(&f, "alf\nthree\n");
	assert_int_equal(trace_pipe_drain(&t, keep_line, &l), 2);
	assert_string_equal(l.text[1], "two and a half");
	assert_string_equal(l.text[2], "three");

	l = (struct lines){.stop_at = 1};
	say(&f, "four\nfive\nsix\n");
	assert_int_equal(trace_pipe_drain(&t, keep_line, &l), 1);
	assert_false(readable(&t)); /* the rest is in our buffer */
	assert_int_equal(trace_pipe_drain(&t, keep_line, &l), 2);
	assert_string_equal(l.text[0], "four");
	assert_string_equal(l.text[2], "six");

	/* Longer than the buffer: returned in pieces; the next line is complete. */
	char big[9000];
	memset(big, 'x', sizeof big);
	l = (struct lines){0};
	assert_int_equal(write(f.writer, big, sizeof big), sizeof big);
	say(&f, "\nseven\n");
	assert_int_equal(trace_pipe_drain(&t, keep_line, &l), 3);
	assert_int_equal(l.len[0], sizeof t.buf);
	assert_int_equal(l.len[1], sizeof big - sizeof t.buf);
	assert_string_equal(l.text[2], "seven");
	int fd = t.fd;
	trace_pipe_close(&t);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	trace_pipe_close(&t);

	/* Nothing to read. */
	assert_int_equal(unlinkat(kfs_dir(&f.k, KFS_TRACE), "trace_pipe", 0), 0);
	assert_false(trace_pipe_open(&t, &f.k, &e));
	assert_string_equal(e.text, "a copy/trace_pipe: ENOENT: No such file or directory");
	assert_int_equal(mkfifoat(kfs_dir(&f.k, KFS_TRACE), "trace_pipe", 0600), 0);
	fake_tracefs_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_that_fit),
		cmocka_unit_test(formats_that_do_not),
		cmocka_unit_test(formats_against_printf),
		cmocka_unit_test(formats_of_cut_texts),
		cmocka_unit_test(formats_of_noise),
		cmocka_unit_test(lines_of_trace_pipe),
		cmocka_unit_test(pipe_line_by_line),
	};
	return cmocka_run_group_tests_name("printk", tests, NULL, NULL);
}
