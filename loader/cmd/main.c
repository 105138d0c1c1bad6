/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "elf/base/suggest.h"
#include "loader/explain/plan_text.h"
#include "loader/explain/verifier_log.h"
#include "loader/show/clean.h"
#include "loader/sonde.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const struct verb *const verbs[] = {&verb_run, &verb_load, &verb_plan, &verb_inspect,
	&verb_map, &verb_btf, &verb_trace, &verb_hooks, &verb_detach};
enum {
	VERBS = sizeof verbs / sizeof *verbs,
	LOG_LINES = 12,
	TERMINAL_WIDTH = 80,
	OUT_BUFFER = 1 << 15,
	TEXT_MAX = 2048, /* of a message */
};

int cmd_help(const struct verb *v)
{
	fputs(v->usage, stdout);
	return cmd_finish();
}

int cmd_usage(const struct verb *v, const char *fmt, ...)
{
	va_list ap;
	if (fmt) {
		fprintf(stderr, "sonde %s: ", v->name);
		va_start(ap, fmt);
		vfprintf(stderr, fmt, ap);
		va_end(ap);
		fputc('\n', stderr);
	}
	fprintf(stderr, "hint: sonde %s --help\n", v->name);
	return EXIT_USAGE;
}

void cmd_say(const char *label, const char *text)
{
	char clean[TEXT_MAX];
	bool breaks = isatty(STDERR_FILENO);
	int column = fprintf(stderr, "%s:", label);
	snprintf(clean, sizeof clean, "%s", text);
	clean_text(clean);
	for (const char *word = clean; *word;) {
		int n = (int)strcspn(word, " ");
		if (breaks && column + 1 + n > TERMINAL_WIDTH)
			column = fprintf(stderr, "\n ") - 1;
		column += fprintf(stderr, " %.*s", n, word);
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
	/* The verifier counts even what it has not looked at. */
	char reason[8];
	if (!log || !*log || (!whole && !verifier_log_reason(log, reason, sizeof reason)))
		return;
	const char *p = whole ? log : verifier_log_tail(log, LOG_LINES);
	FILE *err = clean_open(stderr, false);
	fprintf(err, "%s\n",
		p > log ? "the end of the verifier's log (all of it: -v):" : "the verifier's log:");
	while (*p) {
		size_t n = strcspn(p, "\n");
		fprintf(err, "  | %.*s\n", (int)n, p);
		p += n + (p[n] == '\n');
	}
	clean_close(err, stderr);
}

void cmd_report_step(void *ctx, const struct exec *x, size_t step, long result)
{
	const struct cmd_steps *c = ctx;
	char text[1024];
	const struct plan_step *s = &x->plan->steps[step];
	if (c->verbose == 1) {
		FILE *err = clean_open(stderr, false);
		plan_print_call(x, step, result, err);
		clean_close(err, stderr);
	}
	if (result >= 0 && plan_step_answer(x, step, text, sizeof text)) {
		cmd_say("note", text);
	} else if (result >= 0 && s->flags & STEP_NOTICE) {
		snprintf(text, sizeof text, "%s: %s", s->who, s->note);
		cmd_say("note", text);
	}
}

void cmd_report_call(void *ctx, int cmd, const void *attr, unsigned size, long result)
{
	(void)ctx;
	print_bpf_call(cmd, attr, size, result, stderr);
}

int cmd_finish(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_OK;
	if (errno == EPIPE)
		return EXIT_OK;
	fprintf(stderr, "sonde: writing the output: %s\n", strerror(errno));
	return EXIT_REFUSED;
}

int cmd_catch_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

bool cmd_duration(const char *text, uint32_t *ms)
{
	static const struct {
		const char *unit;
		uint32_t ms;
	} units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60000}, {"h", 3600000}};
	uint64_t thousandths = 0, digit = 1000;
	const char *p = text;
	for (; *p >= '0' && *p <= '9' && thousandths < UINT32_MAX; p++)
		thousandths = thousandths * 10 + (uint64_t)(*p - '0') * 1000;
	if (p == text)
		return false;
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++)
			thousandths += (uint64_t)(*p - '0') * (digit /= 10);
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (!strcmp(p, units[i].unit)) {
			uint64_t v = thousandths * units[i].ms / 1000;
			*ms = v <= INT32_MAX ? (uint32_t)v : 0;
			return *ms != 0;
		}
	return false;
}

bool cmd_list_add(struct cmd_list *l, const char *item)
{
	if (l->n == CMD_LIST_MAX)
		return false;
	l->items[l->n++] = item;
	return true;
}

static int help(FILE *out)
{
	fputs("sonde - loads eBPF objects, attaches them and shows what they find\n\n"
	      "usage: sonde VERB [options] [file]\n\n",
		out);
	for (int i = 0; i < VERBS; i++)
		fprintf(out, "  %-9s %s\n", verbs[i]->name, verbs[i]->summary);
	fputs("\n"
	      "sonde VERB --help says more. Results go to stdout, all else to stderr.\n"
	      "Exit status: 0 fine, 1 the kernel or the object refused, 2 wrong usage.\n",
		out);
	return out == stdout ? cmd_finish() : EXIT_USAGE;
}

static int unknown_verb(const char *word)
{
	char text[TEXT_MAX];
	struct nearest near = nearest_to(word);
	size_t n = 0;
	for (int i = 0; i < VERBS; i++)
		nearest_consider(&near, verbs[i]->name);
	snprintf(text, sizeof text, "there is no verb '%s'", word);
	cmd_say("sonde", text);
	if (!access(word, F_OK)) {
		snprintf(text, sizeof text, "it is a file; to run it: sonde run %s", word);
	} else if (*near.best) {
		snprintf(text, sizeof text, "is '%s' meant? sonde --help lists the verbs",
			near.best);
	} else {
		n = (size_t)snprintf(text, sizeof text, "the verbs are");
		for (int i = 0; i < VERBS && n < sizeof text; i++)
			n += (size_t)snprintf(
				text + n, sizeof text - n, "%s %s", i ? "," : "", verbs[i]->name);
	}
	cmd_say("hint", text);
	return EXIT_USAGE;
}

static const struct verb *find_verb(const char *name)
{
	for (int i = 0; i < VERBS; i++)
		if (!strcmp(verbs[i]->name, name))
			return verbs[i];
	return NULL;
}

/* Closed ones stay unusable: writing there fails with EBADF. */
static void hold_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("/", O_PATH);
}

int main(int argc, char **argv)
{
	hold_standard_descriptors();
	static char buffer[OUT_BUFFER]; /* libc's own is small: a system call for every 3 records */
	setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
	signal(SIGPIPE, SIG_IGN); /* a closed stdout must end us in order, not at once */
	if (argc < 2)
		return help(stderr);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		const struct verb *v = argc > 2 ? find_verb(argv[2]) : NULL;
		if (v == &verb_hooks) /* what one wants to know of hooks is the list */
			return v->run(v, 1, argv + 2);
		return v ? cmd_help(v) : help(stdout);
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("sonde " SONDE_VERSION);
		return cmd_finish();
	}
	const struct verb *v = find_verb(argv[1]);
	if (!v)
		return unknown_verb(argv[1]);
	char name[32]; /* for getopt, which speaks by itself */
	snprintf(name, sizeof name, "sonde %s", v->name);
	argv[1] = name;
	return v->run(v, argc - 1, argv + 1);
}
