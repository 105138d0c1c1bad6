/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* sonde ps and sonde top: what is attached, once or again and again. */
#include "cmd.h"
#include "stop.h"

#include "loader/live/attached_view.h"
#include "loader/show/clean.h"
#include "loader/show/print.h"
#include "loader/show/screen.h"
#include "loader/show/terminal.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <unistd.h>

/* clang-format off */
#define COLUMNS_USAGE \
	"PROG and LINK are ids. WHERE is the interface, function, cgroup, file or\n" \
	"tracepoint; BY the processes that keep it attached, or the path of a pin. All\n" \
	"links are listed, XDP and tc programs only of this network namespace.\n" \
	"\n"
/* clang-format on */

static const char ps_usage[] PACKED_SECTION =
	"usage: sonde ps [options]\n"
	"\n"
	"Lists every program that is attached, with or without a link.\n"
	"\n" COLUMNS_USAGE
	"  -s, --stats          count runs for a second: RUNS/S, NS/RUN (Linux 5.8;\n"
	"                       always shown if kernel.bpf_stats_enabled is 1)\n"
	"  -j, --json           one JSON object per line\n"
	"\n"
	"examples:\n"
	"  sonde ps\n"
	"  sonde ps --stats --json\n";

static const char top_usage[] PACKED_SECTION =
	"usage: sonde top [options]\n"
	"\n"
	"Shows which attached programs take most time, until Ctrl-C. Linux 5.8.\n"
	"\n"
	"On a terminal: q quits, space pauses, s sorts by time, runs or program.\n"
	"\n" COLUMNS_USAGE "      --every TIME     interval (2s)\n"
	"      --for TIME       stop after this time\n"
	"  -j, --json           one JSON object per line\n"
	"\n"
	"examples:\n"
	"  sonde top\n"
	"  sonde top --every 10s >log\n";

enum { SECOND_MS = 1000, EVERY_MS = 2000, FRAME = 4 /* lines around the rows */ };

struct ps {
	bool json, stats, top;
	uint32_t every_ms, for_ms;
	int stop_fd; /* readable once a signal has arrived; -1: none */
	struct screen screen;
	bool in_place, paused, quit;
	enum attached_order order;
};

/* Does what a key asks for; whether a frame is due. */
static bool key(struct ps *p)
{
	switch (screen_key(&p->screen)) {
	case SCREEN_QUIT:
		p->quit = true;
		return true;
	case SCREEN_PAUSE:
		p->paused = !p->paused;
		return false;
	case SCREEN_SORT:
		p->order = (p->order + 1) % ATTACHED_ORDERS;
		return true;
	default:
		return false;
	}
}

/* Waits for the next frame, a signal or a key that ends it. */
static void wait_ms(struct ps *p, uint32_t ms)
{
	const uint64_t until = sys_now_ns() + ms * UINT64_C(1000000);
	for (uint64_t now; !stop_requested() && ((now = sys_now_ns()) < until || p->paused);) {
		struct pollfd fds[] = {
			{p->stop_fd, POLLIN, 0}, {p->in_place ? p->screen.keys : -1, POLLIN, 0}};
		int left = p->paused ? -1 : (int)((until - now) / 1000000 + 1);
		if (poll(fds, 2, left) > 0 && fds[1].revents && key(p))
			return;
	}
}

static bool show(struct ps *p, struct attached_list *a, uint64_t ns)
{
	static const char *const orders[] = {"time", "runs", "program"};
	unsigned lines = p->in_place ? terminal_height(stdout) : 0;
	FILE *to = p->in_place ? screen_begin(&p->screen) : stdout;
	if (!to)
		return false;
	a->l->out = p->json ? to : clean_open(to, false);
	if (a->l->out)
		attached_print(a, ns, lines > FRAME ? lines - FRAME : 0);
	clean_close(a->l->out, to);
	if (p->in_place) {
		if (!a->n)
			print(to, "Nothing is attached.\n");
		print(to, "\nBy %s. Keys: q quit, space pause, s sort\n", orders[p->order]);
		screen_end(&p->screen);
	}
	fflush(stdout);
	return true;
}

/* Lists once; counts runs in between if they are wanted. */
static bool once(struct ps *p, struct err *e)
{
	struct session s;
	struct live l;
	struct holders h;
	struct attached_list a;
	bool ok = session_open(&s, NULL, e);
	long fd = ok && p->stats ? attached_count(&s.watch) : -1;
	bool rates = ok && (p->stats || attached_counts(&s.kfs));
	if (ok && p->stats && fd < 0 && !attached_counts(&s.kfs)) {
		ok = err_sys(e, (int)-fd, "count runs");
		if (fd == -EINVAL)
			err_hint(e, "before Linux 5.8: sysctl kernel.bpf_stats_enabled=1 (5.1)");
		else if (fd == -EPERM)
			err_hint(e, "it requires CAP_SYS_ADMIN, as root has");
	}
	if (ok) {
		live_open(&l, &s.target, p->json, stdout);
		holders_find(&h, &s.kfs, &s.watch, &s.arena);
		ok = attached_find(&a, &l, &h, ATTACHED_ALL, e);
	}
	if (ok) {
		uint64_t from = sys_now_ns();
		if (rates) {
			wait_ms(p, p->every_ms);
			attached_since(&a);
		}
		if (p->top)
			attached_sort(&a, p->order);
		if (!p->top || (!stop_requested() && !p->quit))
			ok = show(p, &a, rates ? sys_now_ns() - from : 0) || err_nomem(e);
	}
	if (fd >= 0)
		close((int)fd);
	session_close(&s);
	return ok;
}

static int go(struct ps *p)
{
	struct err e = {0};
	uint64_t end = p->for_ms ? sys_now_ns() + p->for_ms * UINT64_C(1000000) : UINT64_MAX;
	p->stop_fd = p->top || p->stats ? stop_catch() : -1;
	p->in_place = p->top && !p->json && terminal_moves(stdout);
	if (p->in_place)
		screen_open(&p->screen, stdout);
	bool ok = once(p, &e);
	while (ok && p->top && !p->quit && !stop_requested() && !ferror(stdout) &&
		sys_now_ns() < end)
		ok = once(p, &e);
	if (p->in_place)
		screen_close(&p->screen);
	return stop_finish(ok ? cmd_finish() : cmd_fail(&e));
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option of_ps[] = {{"stats", no_argument, NULL, 's'},
		{"json", no_argument, NULL, 'j'}, CMD_HELP, {0}},
				   of_top[] = {{"every", required_argument, NULL, 'e'},
					   {"for", required_argument, NULL, 'f'},
					   {"json", no_argument, NULL, 'j'}, CMD_HELP, {0}};
	bool top = v == &verb_top;
	struct ps p = {.top = top, .stats = top, .every_ms = top ? EVERY_MS : SECOND_MS};
	for (int c; (c = cmd_option(argc, argv, top ? "jh" : "sjh", top ? of_top : of_ps)) != -1;)
		switch (c) {
		case 's':
			p.stats = true;
			break;
		case 'j':
			p.json = true;
			break;
		case 'e':
		case 'f':
			if (!duration_ms(optarg, c == 'e' ? &p.every_ms : &p.for_ms))
				return cmd_usage(v, "--%s expects a time such as 2s, got '%s'",
					c == 'e' ? "every" : "for", optarg);
			break;
		case 'h':
			return cmd_help(v);
		default:
			return cmd_usage(v, NULL);
		}
	return optind < argc ? cmd_usage(v, "unexpected argument '%s'", argv[optind]) : go(&p);
}

const struct verb verb_ps = {
	"ps", "list everything that is attached, where and by whom", ps_usage, run};
const struct verb verb_top = {"top", "show which attached programs take most time", top_usage, run};
