/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What verbs share: messages, reports of steps, signals, durations. */
#include "cmd.h"
#include "stop.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "loader/explain/plan_text.h"
#include "loader/explain/verifier_log.h"
#include "loader/kernel/file.h"
#include "loader/plan/abi.h"
#include "loader/show/clean.h"
#include "loader/show/print.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOG_LINES = 12, TERMINAL_WIDTH = 80, TEXT_MAX = 2048 /* of a message */ };

/* Descriptions of options that several verbs have. */
static const char object_usage[] PACKED_SECTION =
	"  -p, --only PROG      load only this program (repeatable)\n"
	"      --skip PROG      do not load this program (repeatable)\n"
	"      --type PROG=SEC  section name to use instead of the program's own\n"
	"      --arg PROG=VALUE arguments for a SEC(\"syscall\") program\n"
	"  -s, --set VAR=VALUE  initial value of a global variable (repeatable)\n"
	"                       or a part, cfg.list[2]=5; docs/values.md has the syntax\n";
static const char kernel_usage[] PACKED_SECTION =
	"      --btf FILE       BTF to use if the kernel provides none: raw, vmlinux, as\n"
	"                       .gz, or an archive (see sonde btf --help)\n"
	"      --entries MAP=NUMBER  override max_entries of a map\n"
	"      --kconfig FILE   kernel configuration for __kconfig externs\n"
	"      --token DIR      bpffs mount that delegates privileges (BPF token)\n";

static const char record_usage[] PACKED_SECTION =
	"      --event MAP=STRUCT  record type of a map or iterator, if it is unknown or\n"
	"                       wrong; found in --types, the object, or the kernel\n"
	"      --types FILE     types for --event: a C header (requires clang), an object\n"
	"                       or other ELF file with BTF or DWARF, or raw BTF\n"
	"      --debug FILE     this object before it was stripped: types of its records\n";

int cmd_help(const struct verb *v)
{
	for (const char *s = text_ready(v->usage); *s; s++)
		if (*s == *CMD_OBJECT_USAGE)
			print(stdout, "%s", object_usage);
		else if (*s == *CMD_KERNEL_USAGE)
			print(stdout, "%s", kernel_usage);
		else if (*s == *CMD_RECORD_USAGE)
			print(stdout, "%s", record_usage);
		else
			putchar(*s);
	return cmd_finish();
}

int cmd_usage(const struct verb *v, const char *fmt, ...)
{
	va_list ap;
	char label[32], text[TEXT_MAX];
	if (fmt) {
		text_print(label, sizeof label, "sonde %s", v->name);
		va_start(ap, fmt);
		text_vprint(text, sizeof text, fmt, ap);
		va_end(ap);
		cmd_say(label, text);
	}
	print(stderr, "hint: sonde %s --help\n", v->name);
	return EXIT_USAGE;
}

void cmd_say(const char *label, const char *text)
{
	char clean[TEXT_MAX];
	bool breaks = isatty(STDERR_FILENO);
	int column = print(stderr, "%s:", label);
	text_print(clean, sizeof clean, "%s", text);
	clean_text(clean);
	for (char *p = clean; (p = strpbrk(p, "\n\t"));)
		*p = '?';
	for (const char *word = clean; *word;) {
		int n = (int)strcspn(word, " ");
		if (breaks && column + 1 + n > TERMINAL_WIDTH)
			column = print(stderr, "\n ") - 1;
		column += print(stderr, " %.*s", n, word);
		word += n + (word[n] == ' ');
	}
	fputc('\n', stderr);
}

int cmd_fail(const struct err *e)
{
	fflush(stdout);
	cmd_say("sonde", e->text);
	if (*e->hint)
		cmd_say("hint", e->hint);
	return EXIT_REFUSED;
}

void cmd_log(const char *log, bool whole)
{
	/* The log may consist of statistics alone. */
	char reason[8];
	if (!log || !*log || (!whole && !verifier_log_reason(log, reason, sizeof reason)))
		return;
	const char *p = whole ? log : verifier_log_tail(log, LOG_LINES);
	FILE *err = clean_open(stderr, false);
	if (!err)
		return;
	print(err, "%s\n",
		p > log ? "end of the verifier log (-v prints all of it):" : "verifier log:");
	while (*p) {
		size_t n = strcspn(p, "\n");
		if (whole || !verifier_log_is_noise(p))
			print(err, "  | %.*s\n", (int)n, p);
		p += n + (p[n] == '\n');
	}
	clean_close(err, stderr);
}

static void write_log(const char *log, const char *file)
{
	struct err e = {0};
	char text[300];
	const struct span bytes = {(const uint8_t *)log, strlen(log), host_is_big()};
	if (file_write(file, bytes, &e))
		text_print(text, sizeof text, "the verifier's log is in %s", file);
	else
		text_print(text, sizeof text, "--log %s", e.text);
	cmd_say("note", text);
}

void cmd_rejected(const struct exec *x, const char *log, bool verbose, const char *file)
{
	if (log && *log && file)
		write_log(log, file);
	if (verbose || (!x->explained && !file))
		cmd_log(log, verbose);
}

void cmd_report_step(void *ctx, const struct exec *x, size_t step, long result)
{
	const struct cmd_steps *c = ctx;
	char text[1024];
	const struct plan_step *s = &x->plan->steps[step];
	if (c->verbose == 1) {
		FILE *err = clean_open(stderr, false);
		if (err)
			plan_print_call(x, step, result, err);
		clean_close(err, stderr);
	}
	bool told = result >= 0 && plan_step_result(x, step, text, sizeof text);
	if (!told && (result < 0 || !(s->flags & STEP_NOTICE)))
		return;
	if (!told)
		text_print(text, sizeof text, "%s: %s", s->who, s->note);
	if (c->progress)
		progress_end(c->progress);
	cmd_say("note", text);
}

void cmd_report_call(void *ctx, int cmd, const void *attr, unsigned size, long result)
{
	(void)ctx;
	print_bpf_call(cmd, attr, size, result, stderr);
}

/* A reader that has closed its end got what it wanted. */
static bool reader_is_gone(void)
{
	struct pollfd out = {STDOUT_FILENO, 0, 0};
	return poll(&out, 1, 0) > 0 && out.revents & POLLERR;
}

bool cmd_same_file(const char *a, const char *b)
{
	struct stat x, y;
	return !stat(a, &x) && !stat(b, &y) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

int cmd_finish(void)
{
	int before = errno; /* of the write that failed, if one did */
	errno = 0;
	if ((!fflush(stdout) && !ferror(stdout)) || errno == EPIPE || reader_is_gone())
		return EXIT_OK;
	struct err e = {0};
	int no = errno ? errno : before;
	if (stop_requested())
		err_set(&e, "write to stdout: interrupted; output was lost");
	else if (no)
		err_sys(&e, no, "write to stdout");
	else
		err_set(&e, "write to stdout: an earlier write failed");
	return cmd_fail(&e);
}

void cmd_raise_descriptor_limit(void)
{
	struct rlimit limit;
	if (!getrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		prlimit(0, RLIMIT_NOFILE, &limit, NULL);
	}
}

bool cmd_go_on(void *ctx, const struct plan *p, size_t step)
{
	const struct cmd_steps *c = ctx;
	const struct plan_step *s = &p->steps[step];
	char text[200];
	/* Most runs have no terminal to show it on. */
	if (!c->progress || c->progress->silent || c->verbose || s->op != STEP_BPF ||
		s->fallback_for != PLAN_NONE)
		return !stop_requested();
	if (s->cmd == BPF_PROG_LOAD && s->prog != PLAN_NONE)
		text_print(
			text, sizeof text, "verifying program %d of %zu", s->prog + 1, p->n_progs);
	else
		text_print(text, sizeof text, "%s: %s", s->who, s->doing);
	clean_text(text);
	progress_tell(c->progress, text);
	return !stop_requested();
}

bool cmd_size(const char *text, uint64_t *bytes)
{
	static const char units[] = "KMG";
	char *end;
	int64_t n = text_s64(text, &end, 10);
	const char *unit = *end ? strchr(units, *end) : NULL;
	if (end == text || n <= 0 || n > INT32_MAX || (*end && (!unit || end[1])))
		return false;
	*bytes = (uint64_t)n << (unit ? 10 * (unit - units + 1) : 0);
	return true;
}

bool cmd_list_add(struct cmd_list *l, const char *item)
{
	if (l->n == CMD_LIST_MAX)
		return false;
	l->items[l->n++] = item;
	return true;
}
