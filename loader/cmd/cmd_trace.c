/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"
#include "stop.h"

#include "loader/kernel/trace_pipe.h"
#include "loader/sandbox/sandbox.h"
#include "loader/show/clean.h"
#include "loader/show/print.h"

#include <getopt.h>
#include <poll.h>
#include <unistd.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde trace [options]\n"
	"\n"
	"Shows the kernel's trace_pipe: bpf_printk lines and every enabled trace event.\n"
	"If tracefs is not mounted, it is mounted privately. Lines read here are lost for\n"
	"other readers of trace_pipe; `sonde run` consumes none.\n"
	"\n"
	"  -f, --for TIME       stop after TIME: 10s, 500ms, 2m\n"
	"      --no-sandbox     keep all rights while showing\n";

enum { OPT_NO_SANDBOX = 256 };

static bool show_line(void *ctx, const char *line, size_t len)
{
	FILE *out = ctx;
	print(out, "%.*s\n", (int)len, line);
	return !ferror(stdout);
}

static uint64_t now_ms(void)
{
	return sys_now_ns() / 1000000;
}

/* out: writes to stdout. */
static bool follow(struct trace_pipe *pipe, FILE *out, int stop_fd, uint32_t for_ms, struct err *e)
{
	uint64_t now = now_ms(), end = for_ms ? now + for_ms : UINT64_MAX;
	bool stop = false;
	for (; !stop && now < end && !ferror(stdout); now = now_ms()) {
		struct pollfd fds[] = {
			{pipe->fd, POLLIN, 0}, {stop_fd, POLLIN, 0}, {STDOUT_FILENO, 0, 0}};
		int wait = end == UINT64_MAX ? -1 : (int)(end - now);
		if (poll(fds, sizeof fds / sizeof *fds, wait) > 0)
			stop = fds[1].revents || fds[2].revents & (POLLERR | POLLNVAL);
		long n = trace_pipe_drain(pipe, show_line, out);
		if (n < 0)
			return err_sys(e, (int)-n, "trace_pipe");
		fflush(out);
		fflush(stdout);
	}
	return true;
}

static void ignore(void *ctx, const char *text)
{
	(void)ctx;
	(void)text;
}

static int trace(uint32_t for_ms, bool sandbox)
{
	struct kfs k = {0};
	struct trace_pipe pipe;
	struct err e = {0};
	bool ok = trace_pipe_open(&pipe, &k, &e);
	if (ok) {
		int signals = stop_catch();
		print(stderr, "reading trace_pipe of %s; Ctrl-C to stop\n",
			kfs_where(&k, KFS_TRACE));
		if (pipe.switched_off)
			fputs("note: tracing is off (tracing_on is 0)\n", stderr);
		FILE *out = clean_open(stdout, false);
		if (sandbox)
			sandbox_enter(NEED_SHOW, &k, NULL, ignore, NULL);
		ok = out ? follow(&pipe, out, signals, for_ms, &e) : err_nomem(&e);
		clean_close(out, stdout);
		trace_pipe_close(&pipe);
	}
	kfs_close(&k);
	return stop_finish(ok || stop_denied() ? cmd_finish() : cmd_fail(&e));
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"for", required_argument, NULL, 'f'},
		{"no-sandbox", no_argument, NULL, OPT_NO_SANDBOX}, CMD_HELP, {0}};
	uint32_t for_ms = 0;
	bool sandbox = true;
	for (int c; (c = cmd_option(argc, argv, "f:h", options)) != -1;)
		switch (c) {
		case 'f':
			if (!duration_ms(optarg, &for_ms))
				return cmd_usage(
					v, "--for expects a time such as 10s, got '%s'", optarg);
			break;
		case OPT_NO_SANDBOX:
			sandbox = false;
			break;
		case 'h':
			return cmd_help(v);
		default:
			return cmd_usage(v, NULL);
		}
	if (optind != argc)
		return cmd_usage(v, "unexpected argument '%s'", argv[optind]);
	return trace(for_ms, sandbox);
}

const struct verb verb_trace = {
	"trace", "show the kernel's trace_pipe (bpf_printk lines)", usage, run};
