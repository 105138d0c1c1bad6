/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arbitrary bytes as the text that kernels write. The first byte selects which one. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "elf/btf/event_format.h"
#include "loader/explain/verifier_hint.h"
#include "loader/explain/verifier_log.h"
#include "loader/kernel/cpus.h"
#include "loader/kernel/functions.h"
#include "loader/kernel/kallsyms.h"
#include "loader/kernel/trace_pipe.h"
#include "loader/show/clean.h"
#include "loader/show/printk_format.h"
#include "loader/symbols/ksyms.h"
#include "loader/symbols/process_maps.h"
#include "harness.h"

enum {
	REASON,
	HINT,
	SOURCE,
	INSN,
	LINE,
	LOST,
	FORMAT,
	KALLSYMS,
	SUGGESTED,
	FUNCTIONS,
	MAPPING,
	LIST,
	EVENT,
	RECORD
};
struct goal goals[] = {[REASON] = {.name = "verifier's reason"},
	[HINT] = {.name = "hint"},
	[SOURCE] = {.name = "source line"},
	[INSN] = {.name = "instruction"},
	[LINE] = {.name = "line of trace_pipe"},
	[LOST] = {.name = "lost lines"},
	[FORMAT] = {.name = "format matched"},
	[KALLSYMS] = {.name = "kallsyms"},
	[SUGGESTED] = {.name = "suggestion"},
	[FUNCTIONS] = {.name = "traceable functions"},
	[MAPPING] = {.name = "mapping"},
	[LIST] = {.name = "list of CPUs"},
	[EVENT] = {.name = "format of a tracepoint"},
	[RECORD] = {.name = "record as a type"},
	{0}};

/* ---- a kernel file system with the input as its files ---- */

static const char *const names[] = {"kallsyms", "functions", "cpus", "trace_pipe"};
static char folder[] = "/dev/shm/sonde-fuzz.XXXXXX";
static int folder_fd = -1;
static struct kfs k;

static void make_folder(void)
{
	if (!mkdtemp(folder))
		abort();
	folder_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < KFS_COUNT; i++)
		kfs_use(&k, (enum kfs_which)i, dup(folder_fd), "a test");
}

__attribute__((destructor)) static void remove_folder(void)
{
	if (folder_fd < 0)
		return;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unlinkat(folder_fd, names[i], 0);
	close(folder_fd);
	rmdir(folder);
	kfs_close(&k);
}

static void write_file(const char *name, const char *text, size_t n)
{
	int fd = openat(folder_fd, name, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text, n) != (ssize_t)n || close(fd))
		abort();
}

/* ---- texts ---- */

static void read_log(const char *log)
{
	char reason[512], little[16];
	uint32_t insn;
	reach(INSN, verifier_log_insn(log, &insn));
	reach(SOURCE, verifier_log_source(log, reason, sizeof reason));
	verifier_log_source(log, little, sizeof little);
	verifier_log_reason(log, little, sizeof little);
	verifier_log_is_noise(verifier_log_tail(log, 12));
	if (!reach(REASON, verifier_log_reason(log, reason, sizeof reason)))
		return;
	struct verifier_hint hint;
	reach(HINT, verifier_hint_for(reason, &hint));
	verifier_log_released(log, reason);
}

static bool pipe_line(void *ctx, const char *line, size_t len)
{
	struct printk_line l;
	size_t *total = ctx;
	*total += len;
	reach(LOST, printk_parse_lost(line, len));
	if (reach(LINE, printk_parse(line, len, &l)) &&
		(l.text < line || l.text + l.len != line + len || strlen(l.comm) > 16))
		abort();
	return true;
}

static void read_trace_pipe(const char *text, size_t n)
{
	struct trace_pipe t;
	struct err e = {0};
	size_t total = 0;
	write_file("trace_pipe", text, n);
	if (!trace_pipe_open(&t, &k, &e))
		abort();
	trace_pipe_drain(&t, pipe_line, &total);
	trace_pipe_close(&t);
	if (total > n)
		abort();
}

/* The first line is the format. */
static void match_format(const char *text)
{
	size_t n = strcspn(text, "\n");
	char *format = strndup(text, n);
	const char *line = text + n + (text[n] != 0);
	if (!format)
		abort();
	reach(FORMAT, *line && printk_format_matches(format, line, strlen(line)));
	free(format);
}

static void read_kallsyms(const char *text, size_t n)
{
	struct arena a = {0};
	struct ksyms_table t;
	char near[256];
	uint64_t plus;
	write_file("kallsyms", text, n);
	ksyms_read(&t, &k, &a);
	for (size_t i = 0; i < t.n; i++)
		if ((i && t.list[i].address < t.list[i - 1].address) ||
			(ksyms_at(&t, t.list[i].address + i % 3, &plus) && plus > 1 << 30))
			abort();
	reach(KALLSYMS, t.n > 1);
	ksyms_suggest(&k, "vfs_raed", near, sizeof near);
	reach(SUGGESTED, *near);
	kallsyms_address(&k, t.n ? t.list[t.n / 2].name : "vfs_read", false);
	free_small(&a);
}

/* The kernel's list has a different order than kallsyms, and names that kallsyms lacks. */
static void read_functions(const char *text, size_t n)
{
	enum { ROOM = 1 << 12 };
	static uint64_t out[ROOM / 8];
	size_t half = n / 2;
	write_file("kallsyms", text, half);
	write_file("functions", text + half, n - half);
	int64_t found = functions_names(&k, "functions", "*", (uint8_t *)out, sizeof out);
	for (int64_t i = 0; i < found; i++) {
		const char *name = (const char *)(uintptr_t)out[i];
		if (name < (char *)out || name + strlen(name) >= (char *)out + sizeof out)
			abort();
	}
	reach(FUNCTIONS, found > 0);
	functions_names(&k, "functions", "m:*r?a*", (uint8_t *)out, sizeof out);
	found = functions_addresses(&k, "functions", "*", (uint8_t *)out, sizeof out);
	if (found > ROOM / 8)
		abort();
}

static void read_mappings(char *text)
{
	struct process_mapping m;
	for (char *line = text, *next; *line; line = next) {
		next = line + strcspn(line, "\n");
		next += *next == '\n';
		char *copy = strndup(line, (size_t)(next - line));
		if (!copy)
			abort();
		if (reach(MAPPING, process_mapping_parse(copy, &m)))
			(void)strlen(m.path);
		free(copy);
	}
}

static void read_cpus(const char *text, size_t n)
{
	unsigned cpus[8];
	int64_t number;
	write_file("cpus", text, n);
	long found = cpus_read(&k, "cpus", cpus, 8);
	for (long i = 1; i < found && i < 8; i++)
		if (cpus[i] <= cpus[i - 1])
			abort();
	reach(LIST, found > 1);
	kfs_read_number(&k, KFS_SYS, "cpus", &number);
}

/* A format file as types, which must be valid. */
static void read_event(const char *text, size_t n, unsigned word)
{
	struct arena a = {0};
	struct event_format f;
	struct btf_append to;
	struct btf empty, made;
	struct err e = {0};
	if (reach(EVENT, event_format_read(&f, (struct span){(const uint8_t *)text, n, false}, word,
				 &a, &e)) == e.set)
		abort();
	if (!e.set && btf_open(&empty, btf_empty(n % 2), NULL, &a, &e)) {
		if (n % 3 == 0)
			event_format_syscall(&f, word);
		btf_append_begin(&to, &empty, &a);
		event_format_struct(&f, "record", event_format_entry(&f, &to), word, &to);
		struct span bytes = btf_append_end(&to, &a, &e);
		if (reach(RECORD, bytes.n && btf_open(&made, bytes, NULL, &a, &e)) == e.set)
			abort();
	}
	free_small(&a);
}

static void clean(char *text)
{
	clean_text(text);
	for (const char *p = text; *p; p++)
		if (((unsigned char)*p < ' ' && *p != '\n' && *p != '\t') || *p == 0x7f)
			abort();
}

void fuzz_input(const uint8_t *data, size_t size)
{
	if (folder_fd < 0)
		make_folder();
	if (!size)
		return;
	size_t n = size - 1;
	char *text = malloc(n + 1); /* the end is where a sanitizer sees it */
	if (!text)
		abort();
	memcpy(text, data + 1, n);
	text[n] = 0;
	switch (*data) {
	case 'v':
		read_log(text);
		break;
	case 't':
		read_trace_pipe(text, n);
		break;
	case 'p':
		match_format(text);
		break;
	case 'k':
		read_kallsyms(text, n);
		break;
	case 'f':
		read_functions(text, n);
		break;
	case 'm':
		read_mappings(text);
		break;
	case 'c':
		read_cpus(text, n);
		break;
	case 'e':
		read_event(text, n, 4);
		read_event(text, n, 8);
		break;
	default:
		clean(text);
	}
	free(text);
}
