/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* sonde stream: what a program in the kernel has written to its streams. */
#include "cmd.h"
#include "stop.h"

#include "loader/kernel/live_prog.h"
#include "loader/kernel/prog_stream.h"
#include "loader/live/live.h"
#include "loader/show/clean.h"
#include "loader/show/json.h"
#include "loader/show/print.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde stream [options] PROG\n"
	"\n"
	"Prints what a program has written with bpf_stream_printk(): its stream 1 to\n"
	"stdout, its stream 2 to stderr. The kernel writes to stream 2, too: a fault in\n"
	"an arena, a loop or a lock that took too long, each with a stack. What has been\n"
	"printed is gone from the stream. Linux 6.17.\n"
	"\n"
	"PROG is an id, a pinned path or a name, or one of\n"
	"\n"
	"  id N, pinned PATH, name NAME, tag TAG\n"
	"\n"
	"  -f, --follow         go on until Ctrl-C\n"
	"      --only STREAM    stdout or stderr\n"
	"  -j, --json           one JSON object per line, all to stdout\n"
	"\n"
	"examples:\n"
	"  sonde stream handler\n"
	"  sonde stream --follow --only stderr id 12\n";

enum { OPT_ONLY = 256, EVERY_MS = 100 };

struct stream_args {
	bool follow, json;
	enum prog_stream only; /* 0: both */
	uint32_t id;
};

static bool print_json(
	const struct stream_args *a, const struct stream_lines *s, const char *line, size_t n)
{
	struct json j = json_start(stdout);
	json_open(&j, '{');
	json_member_uint(&j, "prog", a->id);
	json_member_str(&j, "stream", prog_stream_name(s->stream));
	json_key(&j, "text");
	json_bytes(&j, line, n);
	json_close(&j);
	json_line(&j);
	return !ferror(stdout);
}

static bool print_line(void *ctx, const struct stream_lines *s, const char *line, size_t n)
{
	const struct stream_args *a = ctx;
	if (a->json)
		return print_json(a, s, line, n);
	FILE *to = s->stream == PROG_STDOUT ? stdout : stderr, *out = clean_open(to, false);
	if (!out)
		return false;
	print(out, "%.*s\n", (int)n, line);
	clean_close(out, to);
	return !ferror(to);
}

static bool drain(struct stream_args *a, struct stream_lines *lines, const struct sys_watch *watch,
	struct err *e)
{
	for (int i = 0; i < 2; i++) {
		if (a->only && a->only != lines[i].stream)
			continue;
		long n = stream_lines_drain(&lines[i], watch, !a->follow, print_line, a);
		if (n >= 0)
			continue;
		err_sys(e, (int)-n, "program %u: read its streams", a->id);
		return n == -EINVAL ? err_hint(e, "programs have streams since Linux 6.17") : false;
	}
	return true;
}

static bool wait_more(int stop_fd)
{
	struct pollfd stop = {stop_fd, POLLIN, 0};
	fflush(stdout);
	poll(&stop, 1, EVERY_MS);
	return !stop_requested() && !ferror(stdout);
}

static int streams(struct stream_args *a, const struct live_ref *ref)
{
	struct session s;
	struct live l;
	struct live_prog p;
	struct err e = {0};
	int stop_fd = a->follow ? stop_catch() : -1;
	bool ok = session_open(&s, NULL, &e);
	if (ok)
		live_open(&l, &s.target, a->json, stdout);
	if (ok && (ok = live_prog_open(&p, ref, &l.types, &e))) {
		struct stream_lines lines[] = {{.prog = p.fd, .stream = PROG_STDOUT},
			{.prog = p.fd, .stream = PROG_STDERR}};
		a->id = p.info.id;
		do
			ok = drain(a, lines, &s.watch, &e);
		while (ok && a->follow && wait_more(stop_fd));
		close(p.fd);
	}
	session_close(&s);
	return stop_finish(ok ? cmd_finish() : cmd_fail(&e));
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"follow", no_argument, NULL, 'f'},
		{"only", required_argument, NULL, OPT_ONLY}, {"json", no_argument, NULL, 'j'},
		CMD_HELP, {0}};
	struct stream_args a = {0};
	for (int c; (c = cmd_option(argc, argv, "fjh", options)) != -1;)
		switch (c) {
		case 'f':
			a.follow = true;
			break;
		case 'j':
			a.json = true;
			break;
		case OPT_ONLY:
			a.only = !strcmp(optarg, "stdout")   ? PROG_STDOUT
			         : !strcmp(optarg, "stderr") ? PROG_STDERR
			                                     : 0;
			if (!a.only)
				return cmd_usage(
					v, "--only expects stdout or stderr, got '%s'", optarg);
			break;
		case 'h':
			return cmd_help(v);
		default:
			return cmd_usage(v, NULL);
		}
	struct live_ref ref;
	struct err e = {0};
	int n = argc - optind, taken = live_ref_parse(&ref, argv + optind, n, 0, &e);
	if (!taken)
		return cmd_usage(v, "%s", n ? e.text : "no program given");
	return taken < n ? cmd_usage(v, "unexpected argument '%s'", argv[optind + taken])
	                 : streams(&a, &ref);
}

const struct verb verb_stream = {
	"stream", "print what a program has written to its streams", usage, run};
