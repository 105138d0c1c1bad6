/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"
#include "command.h"
#include "notify.h"
#include "stop.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "loader/explain/diagnostics.h"
#include "loader/explain/kernel_error.h"
#include "loader/kernel/listener.h"
#include "loader/sandbox/sandbox.h"
#include "loader/show/clean.h"
#include "loader/show/row_filter.h"
#include "loader/show/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <unistd.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde run [options] FILE [-- COMMAND ...]\n"
	"\n"
	"Loads an object (.bpf.o) or a saved plan, attaches its programs and shows what\n"
	"they report until Ctrl-C: ring buffer records and bpf_printk lines as they\n"
	"arrive; if there are neither, maps as tables, histograms and stacks. On a\n"
	"terminal, these are shown in place: q quits, space pauses, s sorts. If stdout is\n"
	"a file, stacks are written once, at the end, folded for a flame graph.\n"
	"Everything is detached and unloaded on exit. A second Ctrl-C cuts the last maps\n"
	"short. A COMMAND is run once all is attached; its end ends the run, and its\n"
	"exit status is that of sonde. FILE may be -, standard input.\n"
	"\n"
	"  -f, --for TIME       stop after TIME: 10s, 500ms, 1h30m\n"
	"  -m, --map MAP        show this map (repeatable)\n"
	"  -e, --every TIME     interval between two tables of a map (2s)\n"
	"  -o, --on PROG=TARGET where to attach a program whose section does not say: an\n"
	"                       interface, a cgroup directory, ... (repeatable, also\n"
	"                       for one program: it is attached to each)\n" CMD_OBJECT_USAGE
	"      --where EXPR     show only records and entries of maps for which it holds:\n"
	"                       'ret < 0 && comm == \"sshd\"'; NAME OP VALUE with == != <\n"
	"                       <= > >= and ~ (contains), combined by && || ! ( )\n"
	"      --fields LIST    show only these members of records: pid,comm\n"
	"  -j, --json           one JSON object per line\n"
	"      --metrics WHERE  numbers of maps for Prometheus, instead of tables: a FILE\n"
	"                       that is replaced at each --every, or :PORT, ADDRESS:PORT\n"
	"                       or unix:PATH, where requests are answered\n"
	"      --output FILE    write there what would go to stdout\n"
	"      --rotate SIZE    begin a new FILE when it has 500K, 10M or 1G; the one\n"
	"                       before becomes FILE.1\n"
	"      --folded         only stacks, of records or maps: a line for each at the\n"
	"                       end, `comm;outer;inner COUNT`, for a flame graph\n"
	"  -v                   each step as it happens, and the values of each CPU;\n"
	"                       -vv: each bpf(2) call\n" CMD_RECORD_USAGE CMD_KERNEL_USAGE
	"      --log FILE       keep the verifier's log, whole, if it rejects a program\n"
	"      --pid PID        end when process PID does (Linux 5.3); also -p PID\n"
	"      --pid-var VAR    set VAR to the id of that process, or of COMMAND\n"
	"      --yes            attach even to the default-route interface\n"
	"      --ready-fd N     write a newline to descriptor N once all is attached\n"
	"      --no-sandbox     keep all rights while showing; -v tells which are kept\n"
	"\n"
	"examples:\n"
	"  sonde run hello.bpf.o\n"
	"  sonde run opensnoop.bpf.o --for 5s --set only_pid=1234\n"
	"  sonde run opensnoop.bpf.o --where 'ret < 0' --fields pid,comm,filename\n"
	"  sonde run execcount.bpf.o --map exec_count --every 1s --where 'value > 10'\n"
	"  sonde run cpuprof.bpf.o --for 10s > out.folded\n"
	"  sonde run execcount.bpf.o --metrics 127.0.0.1:9435\n"
	"  sonde run opensnoop.bpf.o --pid-var only_pid -- ls /etc\n"
	"  sonde run opensnoop.bpf.o --pid-var only_pid -p 1234\n"
	"  ssh board sonde run - < hello.bpf.o\n";

enum {
	OPT_READY_FD = 256,
	OPT_YES,
	OPT_NO_SANDBOX,
	OPT_FOLDED,
	OPT_PID,
	OPT_PID_VAR,
	OPT_WHERE,
	OPT_FIELDS,
	OPT_METRICS,
	OPT_OUTPUT,
	OPT_ROTATE,
	OPT_LOG
};

struct run_args {
	struct cmd_object object;
	struct cmd_list maps;
	uint32_t for_ms, every_ms;
	int ready_fd, verbose;
	bool json, folded, yes, no_sandbox;
	const char *pid_var, *fields;
	pid_t pid;           /* 0: none */
	const char *metrics; /* NULL, a file or an address */
	const char *output, *log;
	uint64_t rotate_bytes; /* 0: never */
	int manager;           /* see notify.h */
	struct listener listener;
	struct arena filter; /* memory of where */
	struct row_filter where;
	struct command command;
};

/* Context of the executor's callbacks; steps comes first, for cmd_report_step(). */
struct run_report {
	struct cmd_steps steps;
	const struct run_args *args;
};

/* Only --yes counts as consent. A user at a terminal is asked. */
static bool confirm(void *ctx, const struct exec *x, size_t step)
{
	const struct run_report *r = ctx;
	const struct plan_step *s = &x->plan->steps[step];
	char text[1024];
	text_print(text, sizeof text, "%s: %s", s->who, s->note);
	progress_end(r->steps.progress);
	bool agreed = r->args->yes;
	if (agreed || (isatty(STDIN_FILENO) && isatty(STDERR_FILENO)))
		cmd_say("note", text);
	if (agreed || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return agreed;
	fputs("attach anyway? [y/N] ", stderr);
	return fgets(text, sizeof text, stdin) && (text[0] == 'y' || text[0] == 'Y');
}

/* ctx: the viewer, once it is open, or NULL. */
static void diagnostic(void *ctx, const char *text)
{
	fflush(stdout); /* the text refers to what was printed there */
	if (ctx)
		watch_interrupted(ctx);
	cmd_say("note", text);
}

struct checks {
	struct idle_check idle;
	struct detach_check detached;
	uint64_t idle_ns; /* when the idle check is due; 0: no more */
};

static uint32_t tick(void *ctx, uint64_t events, bool end)
{
	struct checks *c = ctx;
	uint64_t now = sys_now_ns();
	if (c->idle_ns && (end || now >= c->idle_ns)) {
		uint32_t ms = idle_check_tick(&c->idle, events, end);
		c->idle_ns = ms ? now + ms * UINT64_C(1000000) : 0;
	}
	uint32_t ms = detach_check_tick(&c->detached);
	uint64_t left = c->idle_ns > now ? (c->idle_ns - now) / 1000000 + 1 : 0;
	return !ms || (left && left < ms) ? (uint32_t)left : ms;
}

static bool tell_ready(const struct run_args *a, struct err *e)
{
	const int fd = a->ready_fd;
	notify(a->manager, "READY=1");
	if (fd < 0 || write(fd, "\n", 1) == 1)
		return true;
	return err_sys(e, errno, "--ready-fd %d", fd);
}

static void tell_kept(void *ctx, const char *text)
{
	const struct run_args *a = ctx;
	if (a->verbose)
		cmd_say("sandbox", text);
}

/* What strangers wrote is shown with the least rights. */
static void give_up_rights(struct watch *w, struct run_args *a, const struct detach_check *detached)
{
	unsigned needs = sandbox_needs_of(w->x) | watch_needs(w) |
	                 (detached->schedules ? NEED_SCHEDULER : 0) |
	                 (a->command.argv ? NEED_COMMAND : 0);
	sandbox_enter(needs, w->x->kfs, w->x->watch, tell_kept, a);
}

static bool watch(struct session *s, struct exec *x, struct run_args *a, int stop_fd, struct err *e)
{
	FILE *status = clean_open(stderr, false);
	if (!status)
		return err_nomem(e);
	struct watch w = {0};
	struct checks checks = {.idle = idle_check_start(x, diagnostic, &w),
		.detached = detach_check_start(x, diagnostic, &w),
		.idle_ns = 1};
	struct watch_options opt = {.out = stdout,
		.status = status,
		.json = a->json,
		.folded = a->folded,
		.where = a->where.n ? &a->where : NULL,
		.fields = a->fields,
		.cpus = a->verbose > 0,
		.maps = a->maps.items,
		.n_maps = a->maps.n,
		.every_ms = a->every_ms,
		.for_ms = a->for_ms,
		.stop_fd = stop_fd,
		.end_fd = a->command.process,
		.metrics_file = a->listener.fd < 0 ? a->metrics : NULL,
		.metrics_fd = a->listener.fd,
		.output = a->output,
		.rotate_bytes = a->rotate_bytes,
		.tick = tick,
		.tick_ctx = &checks};
	setvbuf(status, NULL, _IOLBF, 0);
	diagnose_attached(x, diagnostic, NULL);
	bool ok = watch_open(&w, x, &s->arena, &opt, e);
	if (ok && !a->no_sandbox)
		give_up_rights(&w, a, &checks.detached);
	ok = ok && tell_ready(a, e) && command_go(&a->command, e) && watch_run(&w, e);
	notify(a->manager, "STOPPING=1");
	watch_close(&w);
	diagnose_misses(x, diagnostic, NULL);
	clean_close(status, stderr);
	return ok;
}

/* Adds --set VAR=PID for --pid-var. text: room for it. */
static bool set_pid(struct run_args *a, char *text, size_t size, struct err *e)
{
	if (!a->pid_var)
		return true;
	text_print(text, size, "%s=%d", a->pid_var, (int)a->command.pid);
	return cmd_list_add(&a->object.set, text) ||
	       err_set(e, "--pid-var: more than %d times --set", CMD_LIST_MAX);
}

/* Makes path the standard output, which is appended to. NULL: it stays. */
static bool open_output(const char *path, struct err *e)
{
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
	if (path && (fd < 0 || dup2(fd, STDOUT_FILENO) < 0))
		return err_sys(e, errno, "--output %s", path);
	if (fd >= 0)
		close(fd);
	return true;
}

static int bring_up(const char *path, struct run_args *a, char **command)
{
	char pid[200];
	struct session s;
	struct plan plan;
	struct exec live = {0};
	struct err e = {0};
	const char *log = NULL;
	struct run_report to = {{a->verbose, &s.progress}, a};
	const struct exec_report report = {.ctx = &to,
		.step = cmd_report_step,
		.go_on = cmd_go_on,
		.confirm = confirm,
		.explain = kernel_error_explain};
	a->manager = notify_open();
	bool ok = (a->pid ? command_follow(&a->command, a->pid, &e)
			  : command_prepare(&a->command, command, a->ready_fd, &e)) &&
	          set_pid(a, pid, sizeof pid, &e) && open_output(a->output, &e);
	ok = ok && (!a->metrics || !listener_is_address(a->metrics) ||
			   listener_open(&a->listener, a->metrics, &e));
	int stop_fd = stop_catch();
	cmd_raise_descriptor_limit();

	ok = session_open(&s, NULL, &e) && ok;
	if (a->verbose > 1)
		s.watch.fn = cmd_report_call;
	s.watch.stopped = stop_insisted;
	ok = ok && cmd_object_plan(
			   &s, &plan, path, &a->object, (struct plan_options){.at_once = true}, &e);
	for (size_t i = 0; ok && i < a->maps.n; i++)
		ok = watch_can_show(&plan, a->maps.items[i], &e);
	ok = ok && exec_run(&live, &plan, &s.arena, &s.kfs, &s.watch, &report, &log, &e);
	progress_end(&s.progress);
	if (ok) {
		ok = watch(&s, &live, a, stop_fd, &e) || stop_denied();
		ok = exec_close(&live, &e) && ok;
	} else {
		cmd_rejected(&live, log, a->verbose, a->log);
	}
	listener_close(&a->listener);
	int status = ok ? cmd_finish() : cmd_fail(&e);
	session_close(&s);
	return stop_finish(command_finish(&a->command, status));
}

static bool parse_pid(const char *text, pid_t *pid)
{
	char *end;
	int64_t n = text_s64(text, &end, 10);
	bool valid = end != text && !*end && n > 0 && n <= INT32_MAX;
	if (valid)
		*pid = (pid_t)n;
	return valid;
}

static bool parse_fd(const char *text, int *fd)
{
	char *end;
	int64_t n = text_s64(text, &end, 10);
	*fd = (int)n;
	return end != text && !*end && n >= 0 && n <= INT16_MAX && fcntl((int)n, F_GETFD) >= 0;
}

/* A list without blanks, in place; NULL if it has an empty item. */
static char *list_of_names(char *text)
{
	char *to = text;
	for (const char *from = text; *from; from++)
		if (*from != ' ')
			*to++ = *from;
	*to = 0;
	bool empty = !*text || *text == ',' || to[-1] == ',' || strstr(text, ",,");
	return empty ? NULL : text;
}

/* Takes an option; OPTION_TAKEN, else the exit status. */
static int take(const struct verb *v, struct run_args *a, int c, char *value)
{
	struct err e = {0};
	switch (c) {
	case 'f':
	case 'e':
		if (!duration_ms(value, c == 'f' ? &a->for_ms : &a->every_ms))
			return cmd_usage(v, "--%s expects a time such as %s, got '%s'",
				c == 'f' ? "for" : "every", c == 'f' ? "10s" : "2s", value);
		break;
	case 'm':
		a->object.full |= !cmd_list_add(&a->maps, value);
		break;
	case 'j':
		a->json = true;
		break;
	case OPT_FOLDED:
		a->folded = true;
		break;
	case 'v':
		a->object.explain = true;
		a->verbose++;
		break;
	case OPT_READY_FD:
		if (!parse_fd(value, &a->ready_fd))
			return cmd_usage(
				v, "--ready-fd expects an open descriptor, got '%s'", value);
		break;
	case OPT_PID:
		if (!parse_pid(value, &a->pid))
			return cmd_usage(v, "--pid expects a process id, got '%s'", value);
		break;
	case OPT_PID_VAR:
		a->pid_var = value;
		break;
	case OPT_WHERE:
		if (!row_filter_parse(&a->where, value, &a->filter, &e))
			return cmd_usage(v, "%s", e.text);
		break;
	case OPT_FIELDS:
		if (!(a->fields = list_of_names(value)))
			return cmd_usage(v, "--fields expects names such as pid,comm");
		break;
	case OPT_LOG:
		a->log = value;
		break;
	case OPT_OUTPUT:
		a->output = value;
		break;
	case OPT_ROTATE:
		if (!cmd_size(value, &a->rotate_bytes))
			return cmd_usage(v, "--rotate expects a size such as 10M, got '%s'", value);
		break;
	case OPT_METRICS:
		a->metrics = value;
		break;
	case OPT_YES:
		a->yes = true;
		break;
	case OPT_NO_SANDBOX:
		a->no_sandbox = true;
		break;
	default:
		if (c == 'p' && parse_pid(value, &a->pid)) /* no program has such a name */
			break;
		return cmd_object_option(v, &a->object, c == 'o' ? CMD_OPT_ON : c, value);
	}
	return OPTION_TAKEN;
}

/* Options that exclude or need each other, and those of the object. */
static int check(const struct verb *v, const struct run_args *a, int files, char **command)
{
	int status = cmd_object_file(v, &a->object, files);
	if (status != OPTION_TAKEN)
		return status;
	if (a->folded && a->json)
		return cmd_usage(v, "--folded has no effect with --json, which has whole stacks");
	if (a->folded && a->metrics)
		return cmd_usage(v, "either --folded or --metrics, not both");
	if (a->folded && a->every_ms)
		return cmd_usage(v, "--every has no effect with --folded, which writes at the end");
	if (a->rotate_bytes && !a->output)
		return cmd_usage(v, "--rotate requires --output FILE");
	if (command && !*command)
		return cmd_usage(v, "no command after --");
	if (a->pid && command)
		return cmd_usage(v, "either --pid or a command, not both");
	if (a->pid_var && !command && !a->pid)
		return cmd_usage(v, "--pid-var requires --pid or a command: FILE -- COMMAND ...");
	return OPTION_TAKEN;
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {CMD_OBJECT_OPTIONS, CMD_RECORD_OPTIONS,
		{"for", required_argument, NULL, 'f'}, {"map", required_argument, NULL, 'm'},
		{"every", required_argument, NULL, 'e'}, {"json", no_argument, NULL, 'j'},
		{"folded", no_argument, NULL, OPT_FOLDED}, {"verbose", no_argument, NULL, 'v'},
		{"ready-fd", required_argument, NULL, OPT_READY_FD},
		{"yes", no_argument, NULL, OPT_YES},
		{"no-sandbox", no_argument, NULL, OPT_NO_SANDBOX},
		{"pid", required_argument, NULL, OPT_PID},
		{"pid-var", required_argument, NULL, OPT_PID_VAR},
		{"where", required_argument, NULL, OPT_WHERE},
		{"fields", required_argument, NULL, OPT_FIELDS},
		{"metrics", required_argument, NULL, OPT_METRICS},
		{"output", required_argument, NULL, OPT_OUTPUT},
		{"rotate", required_argument, NULL, OPT_ROTATE},
		{"log", required_argument, NULL, OPT_LOG}, CMD_HELP, {0}};
	struct run_args a = {.ready_fd = -1, .listener.fd = -1};
	char **command = command_take(&argc, argv);
	int status = OPTION_TAKEN;
	for (int c; status == OPTION_TAKEN &&
		    (c = cmd_option(argc, argv, "f:m:e:p:s:o:jvh", options)) != -1;)
		status = take(v, &a, c, optarg);
	if (status == OPTION_TAKEN)
		status = check(v, &a, argc - optind, command);
	if (status == OPTION_TAKEN)
		status = bring_up(argv[optind], &a, command);
	arena_free(&a.filter);
	return status;
}

const struct verb verb_run = {
	"run", "load, attach and show events and maps until Ctrl-C", usage, run};
