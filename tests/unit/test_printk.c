/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The lines of bpf_printk(): formats and lines without a kernel, trace_pipe on a FIFO (reading the
 * machine's own would take lines away from others), and the tracepoint with a program that the test
 * runs itself. Lines of other processes may arrive meanwhile; only our own count.
 */
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "tiny_prog.h"
#include "../../loader/printk.h"

static bool fits(const char *format, const char *text)
{
	return printk_match(format, text, strlen(text));
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
		{"odd %y here", "odd something here"}, /* unknown: anything */
		{"%.16s|", "bash|"},
		{"a\nb %d\n", "a\nb 5"},
		{"a\nb %d\n", "a"}, /* as trace_pipe has it, line by line */
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

/* What the C library makes of a format is what the kernel makes of it. */
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
		char *b = strstr(text, " b "); /* an added digit at a place where none may be */
		if (b && b[-1] != ' ') {
			*b = 'z';
			assert_false(fits(format, text));
		}
	}
}

/* What the kernel cut at 1023 bytes fits if its start does. */
static void formats_of_cut_texts(void **state)
{
	(void)state;
	char text[1100], format[1100];
	memset(text, 'a', sizeof text);
	assert_true(printk_match("%s tail %d", text, 1023));
	assert_false(printk_match("%s tail %d", text, 1022));
	assert_false(printk_match("b%s tail %d", text, 1023));
	assert_true(printk_match("%s", text, 1022));
	assert_true(printk_match("%s", text, 1100));

	memset(format, 'a', sizeof format);
	memcpy(format + 1000, "%llu and more", 14);
	memcpy(text + 1000, "12345678901234567890123", 23);
	assert_false(printk_match(format, text, 1022));
	memset(text + 1000, 'a', 100);
	memcpy(format + 1023, "%d", 3);
	assert_true(printk_match(format, text, 1023));
	memcpy(format + 1010, "%llu and more", 14);
	memcpy(text + 1010, "1234567890123", 13);
	assert_true(printk_match(format, text, 1023)); /* in the middle of a number */
}

/* No format makes the matcher slow or lets it read elsewhere (the sanitizers watch). */
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
		printk_match(format, text, len);
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
	assert_true(printk_match(worst, text, 1000));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	assert_in_range(after.tv_sec - before.tv_sec, 0, 20); /* machines may be emulated */
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

static void layout_of_the_record(void **state)
{
	(void)state;
	struct printk_layout l;
	assert_true(printk_layout_parse("name: bpf_trace_printk\nID: 550\nformat:\n"
					"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
					"\tfield:__data_loc char[] bpf_string;\toffset:8;\tsize:4;"
					"\tsigned:0;\n\nprint fmt: \"%s\", __get_str(bpf_string)\n",
		&l));
	assert_int_equal(l.offset, 8);
	static const char *const bad[] = {"", "print fmt: \"%s\", __get_str(bpf_string)\n",
		"\tfield:char bpf_string;\toffset:8;\tsize:4;\tsigned:0;\n",
		"\tfield:__data_loc char[] bpf_string;\toffset:8;\tsize:8;\tsigned:0;\n",
		"\tfield:__data_loc char[] bpf_string;\toffset:70000;\tsize:4;\tsigned:0;\n",
		"\tfield:__data_loc char[] bpf_string;\toffset:;\tsize:4;\tsigned:0;\n",
		" bpf_string;\toffset:8;\tsize:4;\tsigned:0;\n"};
	for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(printk_layout_parse(bad[i], &l));
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
	unlinkat(dir, "events/bpf_trace/bpf_trace_printk/id", 0);
	unlinkat(dir, "events/bpf_trace/bpf_trace_printk/format", 0);
	unlinkat(dir, "events/bpf_trace/bpf_trace_printk", AT_REMOVEDIR);
	unlinkat(dir, "events/bpf_trace", AT_REMOVEDIR);
	unlinkat(dir, "events", AT_REMOVEDIR);
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

static void pipe_line_by_line(void **state)
{
	(void)state;
	struct fake_tracefs f = fake_tracefs();
	struct tracepipe t;
	struct err e = {0};
	struct lines l = {0};
	fake_tracefs_file(&f, "tracing_on", "0\n");
	assert_true(tracepipe_open(&t, &f.k, &e));
	assert_true(t.switched_off);
	tracepipe_close(&t);
	fake_tracefs_file(&f, "tracing_on", "1\n");
	assert_true(tracepipe_open(&t, &f.k, &e));
	assert_false(t.switched_off);

	assert_int_equal(tracepipe_drain(&t, keep_line, &l), 0);
	assert_int_equal(printk_wait(t.fd, 0, NULL), 0);
	say(&f, "one\n\n  \ntwo and a h");
	assert_int_equal(printk_wait(t.fd, 1000, NULL), 1);
	assert_int_equal(tracepipe_drain(&t, keep_line, &l), 1);
	assert_string_equal(l.text[0], "one");
	say(&f, "alf\nthree\n");
	assert_int_equal(tracepipe_drain(&t, keep_line, &l), 2);
	assert_string_equal(l.text[1], "two and a half");
	assert_string_equal(l.text[2], "three");

	l = (struct lines){.stop_at = 1};
	say(&f, "four\nfive\nsix\n");
	assert_int_equal(tracepipe_drain(&t, keep_line, &l), 1);
	assert_int_equal(printk_wait(t.fd, 0, NULL), 0); /* what is left is with us */
	assert_int_equal(tracepipe_drain(&t, keep_line, &l), 2);
	assert_string_equal(l.text[0], "four");
	assert_string_equal(l.text[2], "six");

	/* Longer than the buffer: in pieces, and the next line is whole again. */
	char big[9000];
	memset(big, 'x', sizeof big);
	l = (struct lines){0};
	assert_int_equal(write(f.writer, big, sizeof big), sizeof big);
	say(&f, "\nseven\n");
	assert_int_equal(tracepipe_drain(&t, keep_line, &l), 3);
	assert_int_equal(l.len[0], sizeof t.buf);
	assert_int_equal(l.len[1], sizeof big - sizeof t.buf);
	assert_string_equal(l.text[2], "seven");
	tracepipe_close(&t);
	tracepipe_close(&t);

	/* Nothing there to read. */
	assert_int_equal(unlinkat(kfs_dir(&f.k, KFS_TRACE), "trace_pipe", 0), 0);
	assert_false(tracepipe_open(&t, &f.k, &e));
	assert_string_equal(e.text, "a copy/trace_pipe: ENOENT: No such file or directory");
	assert_int_equal(mkfifoat(kfs_dir(&f.k, KFS_TRACE), "trace_pipe", 0600), 0);
	fake_tracefs_end(&f);
}

struct got {
	const char *prefix; /* only lines that start so; NULL: all */
	unsigned n, stop_at, out_of_order;
	uint64_t last_time;
	struct printk_line line[8];
	char text[8][64];
	unsigned next; /* number expected behind the prefix */
	unsigned wrong;
};

static bool get(void *ctx, const struct printk_line *line)
{
	struct got *g = ctx;
	g->out_of_order += line->time_ns < g->last_time;
	g->last_time = line->time_ns;
	char text[64];
	snprintf(text, sizeof text, "%.*s", (int)line->len, line->text);
	if (g->prefix && strncmp(text, g->prefix, strlen(g->prefix)) != 0)
		return true;
	if (g->prefix)
		g->wrong += (unsigned)atoi(text + strlen(g->prefix)) != g->next++;
	if (g->n < 8) {
		g->line[g->n] = *line;
		strcpy(g->text[g->n], text);
	}
	return ++g->n != g->stop_at;
}

static void falls_back_to_the_pipe(void **state)
{
	(void)state;
	struct fake_tracefs f = fake_tracefs();
	struct printk p;
	struct err e = {0};
	struct got g = {0};
	assert_true(printk_open(&p, &f.k, PRINTK_COMM, 0, &e));
	assert_true(p.from_pipe);
	assert_true(p.fd >= 0);
	say(&f, "            bash-812   [001] d..2  12.000000: 0: one\n\n"
		"            bash-812   [001] d..2  13.000000: sched_switch: other\n"
		"            bash-812   [001] d..2  13.000000: 0:  \n"
		"CPU:1 [LOST 23 EVENTS]\n"
		"             cat-813   [000] d..2  14.000000: 0: two\n");
	assert_int_equal(printk_wait(p.fd, 1000, NULL), 1);
	assert_int_equal(printk_drain(&p, get, &g), 2);
	assert_string_equal(g.text[0], "one");
	assert_string_equal(g.text[1], "two");
	assert_string_equal(g.line[1].comm, "cat");
	assert_int_equal(printk_lost(&p), 23);
	printk_close(&p);
	printk_close(&p);

	/* A tracepoint whose record we don't understand. */
	int dir = kfs_dir(&f.k, KFS_TRACE);
	mkdirat(dir, "events", 0700);
	mkdirat(dir, "events/bpf_trace", 0700);
	mkdirat(dir, "events/bpf_trace/bpf_trace_printk", 0700);
	fake_tracefs_file(&f, "events/bpf_trace/bpf_trace_printk/id", "550\n");
	fake_tracefs_file(&f, "events/bpf_trace/bpf_trace_printk/format", "field:char text;\n");
	assert_true(printk_open(&p, &f.k, 0, 0, &e));
	assert_true(p.from_pipe);
	printk_close(&p);

	fake_tracefs_file(&f, "events/bpf_trace/bpf_trace_printk/id", "text\n");
	assert_false(printk_open(&p, &f.k, 0, 0, &e));
	assert_int_equal(e.no, EINVAL);
	printk_close(&p);
	fake_tracefs_end(&f);
}

/* ---- the tracepoint */

/* A socket filter that says "PREFIX%d" with the first four bytes of its packet, and a time. */
static int printing(const char *prefix, const char *tail)
{
	char format[40] = {0};
	snprintf(format, sizeof format, "%s%%d %%llu%s", prefix, tail);
	struct tiny t = {.n = 0};
	tiny_copy_packet(&t);
	tiny_add(&t, 0x61, 8, 10, -256, 0); /* R8 = number */
	for (int i = 0; i < 40; i += 4)     /* *(u32 *)(R10 - 304 + i) = four letters */
		tiny_add(&t, 0x62, 10, 0, -304 + i,
			(int32_t)bytes_get((uint8_t *)format + i, 4, host_is_big()));
	tiny_call(&t, 5); /* ktime_get_ns */
	tiny_move(&t, 1, 10);
	tiny_plus(&t, 1, -304);
	tiny_set(&t, 2, (int)strlen(format) + 1);
	tiny_move(&t, 3, 8);
	tiny_move(&t, 4, 0);
	tiny_call(&t, 6); /* trace_printk */
	tiny_exit(&t);
	return tiny_load(&t, BPF_PROG_TYPE_SOCKET_FILTER);
}

/* What the tests of the tracepoint share: a program, a prefix that nobody else has. */
struct live {
	struct kfs k;
	struct printk p;
	int prog;
	char prefix[24];
	cpu_set_t cpus; /* where we may run */
	unsigned files; /* open before */
};

static unsigned open_files(void)
{
	unsigned n = 0;
	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static bool live_start(struct live *l, const char *tail, unsigned flags, size_t ring_bytes)
{
	*l = (struct live){.prog = -1, .files = open_files()};
	snprintf(
		l->prefix, sizeof l->prefix, "t%d.%c ", (int)getpid(), tail[0] == '\n' ? 'n' : 't');
	assert_int_equal(sched_getaffinity(0, sizeof l->cpus, &l->cpus), 0);
	l->prog = printing(l->prefix, tail);
	if (l->prog == -EPERM || l->prog == -ENOSYS)
		return false;
	assert_true(l->prog >= 0);
	struct err e = {0};
	if (!printk_open(&l->p, &l->k, flags, ring_bytes, &e))
		fail_msg("%s", e.text);
	return true;
}

static void live_end(struct live *l)
{
	assert_int_equal(sched_setaffinity(0, sizeof l->cpus, &l->cpus), 0);
	printk_close(&l->p);
	kfs_close(&l->k);
	close(l->prog);
	assert_int_equal(open_files(), l->files);
}

static void print(const struct live *l, uint32_t number)
{
	assert_true(tiny_run(l->prog, &number, sizeof number) > 0);
}

/* The n-th CPU that we may run on, from 0; false when there are fewer. */
static bool run_on(const struct live *l, unsigned n)
{
	cpu_set_t one;
	CPU_ZERO(&one);
	for (unsigned cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &l->cpus) && n-- == 0) {
			CPU_SET(cpu, &one);
			return sched_setaffinity(0, sizeof one, &one) == 0;
		}
	return false;
}

static void hundred_lines(const char *tail)
{
	struct live l;
	if (!live_start(&l, tail, PRINTK_COMM, 0))
		skip();
	struct got g = {.prefix = l.prefix};
	assert_false(l.p.from_pipe);
	assert_true(l.p.timer >= 0);
	assert_int_equal(l.p.count, sysconf(_SC_NPROCESSORS_ONLN));
	printk_flush(&l.p, get, &g);
	assert_int_equal(g.n, 0);
	struct timespec before, after;
	clock_gettime(CLOCK_MONOTONIC, &before);
	for (uint32_t i = 0; i < 100; i++)
		print(&l, i);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_int_equal(printk_wait(l.p.fd, 1000, NULL), 1);
	assert_true(printk_flush(&l.p, get, &g) >= 100);
	assert_int_equal(g.n, 100);
	assert_int_equal(g.wrong, 0);
	assert_int_equal(g.out_of_order, 0);
	assert_int_equal(g.line[0].pid, getpid());
	assert_int_equal(g.line[0].tid, getpid());
	char name[16];
	prctl(PR_GET_NAME, name);
	assert_string_equal(g.line[7].comm, name);
	uint64_t from = (uint64_t)before.tv_sec * 1000000000u + (uint64_t)before.tv_nsec;
	uint64_t to = (uint64_t)after.tv_sec * 1000000000u + (uint64_t)after.tv_nsec;
	for (unsigned i = 0; i < 8; i++) {
		assert_in_range(g.line[i].time_ns, from, to);
		uint64_t said =
			strtoull(strrchr(g.text[i], ' '), NULL, 10); /* before the line was */
		assert_in_range(g.line[i].time_ns, said, said + 50000000);
		assert_int_equal(strchr(g.text[i], '\n'), NULL);
		char format[40];
		snprintf(format, sizeof format, "%s%%d %%llu%s", l.prefix, tail);
		assert_true(fits(format, g.text[i]));
	}
	printk_flush(&l.p, get, &g);
	assert_int_equal(g.n, 100);
	assert_int_equal(printk_lost(&l.p), 0);
	live_end(&l);
}

static void lines_come_in_order(void **state)
{
	(void)state;
	hundred_lines("");
}

static void newlines_are_cut(void **state)
{
	(void)state;
	hundred_lines("\n");
}

/* From one CPU to the next and back with each line: the order is that of time. */
static void cpus_are_merged(void **state)
{
	(void)state;
	struct live l;
	if (!live_start(&l, "", 0, 0) || !run_on(&l, 1))
		skip();
	struct got g = {.prefix = l.prefix};
	for (uint32_t i = 0; i < 200; i++) {
		run_on(&l, i % 2);
		print(&l, i);
	}
	printk_flush(&l.p, get, &g);
	assert_int_equal(g.n, 200);
	assert_int_equal(g.wrong, 0);
	assert_int_not_equal(g.line[0].cpu, g.line[1].cpu);
	assert_int_equal(g.line[0].cpu, g.line[2].cpu);
	assert_string_equal(g.line[0].comm, "");
	live_end(&l);
}

/* Processes print as fast as they can, each on a CPU of its own, while we read: no line comes
 * before an older one, neither in one call nor from call to call. With two CPUs this cannot fail.
 */
static void order_holds_while_reading(void **state)
{
	(void)state;
	enum { EACH = 3000, MOST = 4 };
	struct live l;
	if (!live_start(&l, "", 0, 1 << 20) || !run_on(&l, 1))
		skip();
	pid_t child[MOST];
	unsigned writers = 0;
	while (writers < MOST && run_on(&l, writers)) {
		child[writers] = fork();
		assert_true(child[writers] >= 0);
		if (child[writers] == 0) {
			for (uint32_t i = 0; i < EACH; i++)
				print(&l, i);
			_exit(0);
		}
		writers++;
	}
	assert_int_equal(sched_setaffinity(0, sizeof l.cpus, &l.cpus), 0);
	struct got g = {.prefix = l.prefix};
	for (unsigned idle = 0; g.n < writers * EACH && idle < 10;) {
		idle = printk_wait(l.p.fd, 300, NULL) == 0 ? idle + 1 : 0;
		assert_true(printk_drain(&l.p, get, &g) >= 0);
	}
	for (unsigned c = 0; c < writers; c++) {
		int status = -1;
		waitpid(child[c], &status, 0);
		assert_int_equal(status, 0);
	}
	assert_int_equal(g.n, writers * EACH);
	assert_int_equal(g.out_of_order, 0);
	assert_int_equal(printk_lost(&l.p), 0);
	live_end(&l);
}

/* Without procfs and sysfs, and with the names still there that need neither. */
static void needs_only_tracefs(void **state)
{
	(void)state;
	struct live l;
	if (!live_start(&l, "", 0, 0))
		skip();
	printk_close(&l.p);
	struct err e = {0};
	kfs_close(&l.k);
	l.k.dir[KFS_PROC].fd_or_error = l.k.dir[KFS_SYS].fd_or_error = -ENODEV;
	assert_true(printk_open(&l.p, &l.k, PRINTK_COMM, 0, &e));
	assert_int_equal(l.p.count, sysconf(_SC_NPROCESSORS_ONLN));
	struct got g = {.prefix = l.prefix};
	print(&l, 0);
	printk_flush(&l.p, get, &g);
	assert_int_equal(g.n, 1);
	assert_int_not_equal(g.line[0].comm[0], 0);
	live_end(&l);
}

static void stops_and_goes_on(void **state)
{
	(void)state;
	struct live l;
	if (!live_start(&l, "", 0, 0))
		skip();
	struct got g = {.prefix = l.prefix, .stop_at = 3};
	for (uint32_t i = 0; i < 10; i++)
		print(&l, i);
	printk_flush(&l.p, get, &g);
	assert_int_equal(g.n, 3);
	printk_flush(&l.p, get, &g);
	assert_int_equal(g.n, 10);
	assert_int_equal(g.wrong, 0);
	live_end(&l);
}

static void blank_lines_are_dropped(void **state)
{
	(void)state;
	struct live l;
	if (!live_start(&l, "", 0, 0))
		skip();
	struct tiny t = {.n = 0};
	tiny_add(&t, 0x62, 10, 0, -8, 0);
	tiny_add(&t, 0x62, 10, 0, -4, 0);
	tiny_add(&t, 0x72, 10, 0, -8, '\n');
	tiny_move(&t, 1, 10);
	tiny_plus(&t, 1, -8);
	tiny_set(&t, 2, 2);
	tiny_call(&t, 6);
	tiny_exit(&t);
	int blank = tiny_load(&t, BPF_PROG_TYPE_SOCKET_FILTER);
	assert_true(blank >= 0);
	struct got g = {.n = 0};
	print(&l, 1);
	assert_true(tiny_run(blank, "x", 1) >= 0);
	print(&l, 2);
	printk_flush(&l.p, get, &g);
	unsigned ours = 0;
	for (unsigned i = 0; i < g.n && i < 8; i++) {
		ours += g.line[i].pid == (uint32_t)getpid();
		assert_int_not_equal(g.line[i].len, 0);
	}
	assert_int_equal(ours, 2);
	close(blank);
	live_end(&l);
}

static void losses_are_counted(void **state)
{
	(void)state;
	enum { LINES = 2000 };
	struct live l;
	if (!live_start(&l, "", 0, 1))
		skip();
	run_on(&l, 0);
	assert_int_equal(printk_lost(&l.p), 0);
	for (uint32_t i = 0; i < LINES; i++)
		print(&l, i);
	struct got g = {.prefix = l.prefix};
	printk_flush(&l.p, get, &g);
	assert_true(g.n > 10 && g.n < LINES);
	assert_int_equal(g.wrong, 0); /* the first ones are there */
	print(&l, LINES);             /* before Linux 6.0 told with the next line only */
	unsigned before = g.n;
	printk_flush(&l.p, get, &g);
	assert_int_equal(g.n, before + 1);
	assert_true(printk_lost(&l.p) >= LINES - before);
	live_end(&l);
}

static void other_names_are_looked_up(void **state)
{
	(void)state;
	struct live l;
	if (!live_start(&l, "", PRINTK_COMM, 0))
		skip();
	int turn[2];
	assert_int_equal(pipe(turn), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		char c;
		prctl(PR_SET_NAME, "a (new) name");
		print(&l, 0);
		close(turn[1]);
		_exit(read(turn[0], &c, 1) != 0);
	}
	close(turn[0]);
	struct got g = {.prefix = l.prefix};
	for (unsigned i = 0; i < 10 && g.n == 0; i++) {
		printk_wait(l.p.fd, 300, NULL);
		printk_flush(&l.p, get, &g);
	}
	close(turn[1]);
	waitpid(child, NULL, 0);
	assert_int_equal(g.n, 1);
	assert_int_equal(g.line[0].pid, child);
	assert_string_equal(g.line[0].comm, "a (new) name");
	live_end(&l);
}

/* Waits as a main loop does. How often it woke. */
static unsigned wait_for(struct live *l, struct got *g, unsigned n)
{
	for (unsigned wakes = 1; wakes < 10; wakes++) {
		if (printk_wait(l->p.fd, 1000, NULL) != 1)
			break;
		printk_drain(&l->p, get, g);
		if (g->n >= n)
			return wakes;
	}
	fail_msg("%u lines instead of %u", g->n, n);
	return 0;
}

/* Young lines wait for older ones; the descriptor wakes for them, and then is quiet. */
static void young_lines_are_held_back(void **state)
{
	(void)state;
	struct live l;
	if (!live_start(&l, "", 0, 0))
		skip();
	struct got g = {.prefix = l.prefix};
	struct timespec before, after;
	clock_gettime(CLOCK_MONOTONIC, &before);
	print(&l, 0);
	print(&l, 1);
	assert_in_range(wait_for(&l, &g, 2), 2, 9); /* 9: others may print too */
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_int_equal(g.wrong, 0);
	int64_t ms =
		(after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000;
	assert_in_range(ms, 10, 500);
	bool quiet = false; /* unless others print */
	for (unsigned i = 0; i < 50 && !quiet; i++) {
		quiet = printk_wait(l.p.fd, 30, NULL) == 0;
		printk_drain(&l.p, get, &g);
	}
	assert_true(quiet);
	assert_int_equal(g.n, 2);

	/* Who stops in the middle is woken for the rest. */
	g.stop_at = 3;
	print(&l, 2);
	print(&l, 3);
	wait_for(&l, &g, 3);
	wait_for(&l, &g, 4);
	assert_int_equal(g.wrong, 0);

	/* A ring that fills is emptied at once. */
	printk_close(&l.p);
	struct err e = {0};
	assert_true(printk_open(&l.p, &l.k, 0, 1, &e));
	run_on(&l, 0);
	g = (struct got){.prefix = l.prefix};
	for (uint32_t i = 0; i < 35; i++) /* of about 100 bytes, in 4096 */
		print(&l, i);
	printk_drain(&l.p, get, &g);
	if (sysconf(_SC_PAGESIZE) == 4096)
		assert_true(g.n > 0);
	live_end(&l);
}

/* In an epoll set of the caller's, as the main loop has it. */
static void wakes_an_outer_epoll(void **state)
{
	(void)state;
	struct live l;
	if (!live_start(&l, "", 0, 0))
		skip();
	int outer = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = {.events = EPOLLIN}, out;
	assert_int_equal(epoll_ctl(outer, EPOLL_CTL_ADD, l.p.fd, &event), 0);
	struct got g = {.prefix = l.prefix};
	printk_drain(&l.p, get, &g);
	for (uint32_t i = 0; i < 20; i++) {
		print(&l, i);
		while (g.n == i) {
			assert_int_equal(epoll_wait(outer, &out, 1, 1000), 1);
			printk_drain(&l.p, get, &g);
		}
		assert_int_equal(g.n, i + 1);
	}
	assert_int_equal(g.wrong, 0);
	close(outer);
	live_end(&l);
}

static void nothing_without_rights(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct kfs k = {0};
		struct printk p;
		struct err e = {0};
		int64_t paranoid = 0;
		kfs_read_number(&k, KFS_PROC, "sys/kernel/perf_event_paranoid", &paranoid);
		if (kfs_dir(&k, KFS_TRACE) < 0 || paranoid < 0)
			_exit(77);
		if (setgid(65534) < 0 || setuid(65534) < 0)
			_exit(1);
		bool opened = printk_open(&p, &k, 0, 0, &e);
		_exit(opened || !e.set || !*e.hint ? 2 : 0);
	}
	int status = -1;
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(status, 0);
}

static void on_alarm(int signal)
{
	(void)signal;
}

/* A signal that is blocked but in the wait ends it, even one that came before. */
static void waits_for_signals_too(void **state)
{
	(void)state;
	int never[2];
	assert_int_equal(pipe(never), 0);
	sigset_t block, none;
	sigemptyset(&none);
	sigemptyset(&block);
	sigaddset(&block, SIGALRM);
	struct sigaction act = {.sa_handler = on_alarm}, old;
	assert_int_equal(sigaction(SIGALRM, &act, &old), 0);
	assert_int_equal(sigprocmask(SIG_BLOCK, &block, NULL), 0);
	raise(SIGALRM);
	assert_int_equal(printk_wait(never[0], 5000, &none), -EINTR);
	assert_int_equal(printk_wait(never[0], 20, &none), 0);
	raise(SIGALRM);
	assert_int_equal(printk_wait(never[0], 20, NULL), 0);
	assert_int_equal(printk_wait(never[0], -1, &none), -EINTR);
	sigprocmask(SIG_UNBLOCK, &block, NULL);
	sigaction(SIGALRM, &old, NULL);
	assert_int_equal(printk_wait(-1, 0, NULL), 0);
	close(never[0]);
	close(never[1]);
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
		cmocka_unit_test(layout_of_the_record),
		cmocka_unit_test(pipe_line_by_line),
		cmocka_unit_test(falls_back_to_the_pipe),
		cmocka_unit_test(lines_come_in_order),
		cmocka_unit_test(newlines_are_cut),
		cmocka_unit_test(cpus_are_merged),
		cmocka_unit_test(order_holds_while_reading),
		cmocka_unit_test(needs_only_tracefs),
		cmocka_unit_test(stops_and_goes_on),
		cmocka_unit_test(blank_lines_are_dropped),
		cmocka_unit_test(losses_are_counted),
		cmocka_unit_test(other_names_are_looked_up),
		cmocka_unit_test(young_lines_are_held_back),
		cmocka_unit_test(wakes_an_outer_epoll),
		cmocka_unit_test(nothing_without_rights),
		cmocka_unit_test(waits_for_signals_too),
	};
	tiny_unlimited();
	return cmocka_run_group_tests_name("printk", tests, NULL, NULL);
}
