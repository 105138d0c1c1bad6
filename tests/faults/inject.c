/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Runs a program and lets one of its system calls fail, or sends it a signal there:
 *
 *   inject calls PROGRAM...           runs it and prints "N NAME ERRNO..." to /tmp/calls for each of
 *                                     its system calls: its number, counted from the first one after
 *                                     execve(2), and the errors that are tried for it
 *   inject N ERRNO PROGRAM...         the Nth call is not made and returns this error
 *   inject N -SIGNAL PROGRAM...       the program gets this signal when it makes the Nth call
 *   inject all TITLE REGEX PROGRAM... does the last two for each line "N NAME ERRNO" or "N NAME -SIGNAL" of
 *                                     /tmp/tries and judges each run: it fails with one line, or its output
 *                                     has a match of REGEX or a note; and the state (state.h) is the same
 *                                     afterwards. Prints what is wrong, and as the last line the numbers of
 *                                     tries and of those that are wrong. After SIGKILL, and if all $PINS pins
 *                                     are there, /tidy may remove what is left.
 *
 * Exits with the program's status; 128 + SIGNAL if a signal ended it; 124 if it ran for a minute; 126 if
 * it ended before its Nth call.
 *
 * A filter that the program inherits notifies this process of each call (seccomp(2), since Linux 5.5
 * with SECCOMP_USER_NOTIF_FLAG_CONTINUE), which needs no knowledge of registers.
 */
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <regex.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { LIMIT = 60, ERRORS = 6 };

/* What calls may return. Those that cannot fail, or end the program, are left alone. */
static const struct call {
	long nr;
	const char *name;
	int errors[ERRORS];
} known[] = {
	{SYS_execve, "execve", {0}},
	{SYS_exit, "exit", {0}},
	{SYS_exit_group, "exit_group", {0}},
	{SYS_rt_sigreturn, "rt_sigreturn", {0}},
	{SYS_set_tid_address, "set_tid_address", {0}},
	{SYS_restart_syscall, "restart_syscall", {0}},
	{SYS_rt_sigaction, "rt_sigaction", {0}},
	{SYS_rt_sigprocmask, "rt_sigprocmask", {0}},
	{SYS_getpid, "getpid", {0}},
	{SYS_gettid, "gettid", {0}},
	{SYS_getuid, "getuid", {0}},
	{SYS_geteuid, "geteuid", {0}},
	{SYS_uname, "uname", {0}},
	{SYS_clock_gettime, "clock_gettime", {0}},
#ifdef SYS_arch_prctl
	{SYS_arch_prctl, "arch_prctl", {0}},
#endif
	{SYS_bpf, "bpf", {EPERM, EINVAL, ENOMEM, E2BIG, EBUSY, EAGAIN}},
	{SYS_perf_event_open, "perf_event_open", {EACCES, EINVAL, EMFILE, ENOENT, EOPNOTSUPP}},
	{SYS_ioctl, "ioctl", {EPERM, EINVAL, EBUSY, EEXIST, ENOTTY, ENOMEM}},
	{SYS_openat, "openat", {ENOENT, EACCES, EMFILE, ENOMEM, EINTR}},
#ifdef SYS_open
	{SYS_open, "open", {ENOENT, EACCES, EMFILE, ENOMEM, EINTR}},
#endif
	{SYS_read, "read", {EIO, EINTR, EAGAIN}},
	{SYS_readv, "readv", {EIO, EINTR, EAGAIN}},
	{SYS_pread64, "pread64", {EIO, EINTR}},
	{SYS_write, "write", {EIO, ENOSPC, EINTR, EPIPE}},
	{SYS_writev, "writev", {EIO, ENOSPC, EINTR, EPIPE}},
#ifdef SYS_mmap
	{SYS_mmap, "mmap", {ENOMEM, EPERM, EAGAIN}},
#endif
	{SYS_mremap, "mremap", {ENOMEM}},
	{SYS_brk, "brk", {ENOMEM}},
	{SYS_close, "close", {EIO, EINTR}},
	{SYS_socket, "socket", {EPERM, EMFILE, EAFNOSUPPORT, ENOMEM}},
	{SYS_bind, "bind", {EPERM, EADDRINUSE}},
	{SYS_sendto, "sendto", {EPERM, ENOBUFS, EINTR}},
	{SYS_recvfrom, "recvfrom", {ENOBUFS, EINTR, ENOMEM}},
	{SYS_sendmsg, "sendmsg", {EPERM, ENOBUFS, EINTR}},
	{SYS_recvmsg, "recvmsg", {ENOBUFS, EINTR, ENOMEM}},
	{SYS_mkdirat, "mkdirat", {EPERM, EACCES, EROFS, ENOSPC}},
#ifdef SYS_mkdir
	{SYS_mkdir, "mkdir", {EPERM, EACCES, EROFS, ENOSPC}},
#endif
	{SYS_mount, "mount", {EPERM, EBUSY, ENODEV, ENOMEM}},
#ifdef SYS_poll
	{SYS_poll, "poll", {EINTR, ENOMEM}},
#endif
	{SYS_ppoll, "ppoll", {EINTR, ENOMEM}},
	{SYS_nanosleep, "nanosleep", {EINTR}},
	{SYS_fcntl, "fcntl", {EBADF}},
	{SYS_munmap, "munmap", {ENOMEM}},
	{SYS_prctl, "prctl", {EPERM, EINVAL}},
	{SYS_seccomp, "seccomp", {EPERM, EINVAL, ENOMEM}},
	{SYS_setrlimit, "setrlimit", {EPERM}},
	{SYS_prlimit64, "prlimit64", {EPERM}},
};

static const int usual[ERRORS] = {EPERM, EINVAL, ENOMEM};

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "inject: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* ---- the filter and its descriptor ---- */

static int filter(void)
{
	struct sock_filter all[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF)};
	struct sock_fprog program = {COUNT(all), all};
	return (int)syscall(
		SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

/*
 * The child shares memory and descriptors until it executes the program, which closes its listener:
 * no call is needed to hand it over, which the filter would stop.
 */
struct child {
	char **argv;
	volatile int listener; /* -1 until there is one */
};

static int run(void *arg)
{
	struct child *c = arg;
	c->listener = filter();
	execv(c->argv[0], c->argv);
	_exit(127);
}

static pid_t start(struct child *c)
{
	static char stack[64 << 10] __attribute__((aligned(16)));
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	pid_t pid = clone(run, stack + sizeof stack, CLONE_VM | CLONE_FILES | SIGCHLD, c);
	if (pid < 0)
		fail("clone");
	while (c->listener == -1)
		usleep(100);
	return pid;
}

/* ---- supervision ---- */

static const struct call *call_of(long nr)
{
	for (size_t i = 0; i < COUNT(known); i++)
		if (known[i].nr == nr)
			return &known[i];
	return NULL;
}

static void print_call(FILE *f, unsigned n, long nr)
{
	const struct call *call = call_of(nr);
	const int *errors = call ? call->errors : usual;
	fprintf(f, "%u ", n);
	if (call)
		fprintf(f, "%s", call->name);
	else
		fprintf(f, "%ld", nr);
	for (int i = 0; i < ERRORS && errors[i]; i++)
		fprintf(f, " %d", errors[i]);
	fputc('\n', f);
}

struct plan {
	unsigned at; /* 0: none */
	int what;    /* errno, or -signal */
	FILE *calls;
};

/* Answers one notification; the call may be gone by now. */
static void answer(int listener, const struct plan *plan, unsigned *n)
{
	struct seccomp_notif asked = {0};
	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked))
		return;
	struct seccomp_notif_resp said = {
		.id = asked.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
	*n += asked.data.nr != SYS_execve;
	if (plan->calls && *n)
		print_call(plan->calls, *n, asked.data.nr);
	if (*n == plan->at && plan->what > 0)
		said = (struct seccomp_notif_resp){.id = asked.id, .error = -plan->what};
	else if (*n == plan->at)
		kill((pid_t)asked.pid, -plan->what);
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &said);
}

static int supervise(pid_t pid, int listener, const struct plan *plan)
{
	unsigned n = 0;
	int status;
	time_t begin = time(NULL);
	struct pollfd p = {listener, POLLIN, 0};
	while (waitpid(pid, &status, WNOHANG) != pid) {
		if (time(NULL) - begin > LIMIT) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return 124;
		}
		if (poll(&p, 1, 20) > 0 && p.revents & POLLIN)
			answer(listener, plan, &n);
		else if (p.revents)
			usleep(1000);
	}
	if (plan->at > n)
		return 126;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- all failures of a program ---- */

static const char outputs[2][16] = {"/tmp/out", "/tmp/err"};
static FILE *report; /* our own output: the program's goes to files */

static char *contents(const char *path)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size), *f = fopen(path, "r");
	if (!out)
		fail("memory");
	for (int c; f && (c = getc(f)) != EOF;)
		putc(c ? c : '?', out);
	if (f)
		fclose(f);
	fclose(out);
	return text;
}

/* How many lines begin with a word. */
static int lines(const char *text, const char *word)
{
	int n = 0;
	for (; text; text = strchr(text, '\n'), text += text != NULL)
		n += !strncmp(text, word, strlen(word));
	return n;
}

/* NULL, or what is wrong about a run that ended with this status. name: of the call; what: the errno, or
 * -signal. */
static const char *verdict(int status, const char *name, int what, const regex_t *expected)
{
	const char *wrong = NULL;
	char *out = contents(outputs[0]), *err = contents(outputs[1]);
	if (what == -SIGKILL) {
		wrong = status == 128 + SIGKILL ? NULL : "expected SIGKILL";
	} else if (what < 0) {
		wrong = status > 1 && status != 128 - what ? "expected another status" : NULL;
	} else if (status == 1) {
		bool line = lines(err, "sonde: ") == 1 && lines(err, "hint: ") <= 1;
		wrong = line ? NULL : "not one line";
	} else if (status) {
		wrong = "expected status 0 or 1";
	} else if (!strstr(name, "write")) { /* what could not be written is nowhere */
		bool told = !regexec(expected, out, 0, NULL, 0) ||
		            !regexec(expected, err, 0, NULL, 0) || lines(err, "sonde: ") ||
		            lines(err, "note: ") || lines(err, "warning: ");
		wrong = told ? NULL : "silent";
	}
	free(out);
	free(err);
	return wrong;
}

static void tell_lines(const char *title, char *text)
{
	int n = 0;
	for (char *line = strtok(text, "\n"); line && n < 8; line = strtok(NULL, "\n"), n++)
		fprintf(report, "#   %s: %s\n", title, line);
}

static void tell(const char *title, const char *wrong, int status, const char *try)
{
	fprintf(report, "# %s: call %s: %s (status %d)\n", title, try, wrong, status);
	for (int i = 0; i < 2; i++) {
		char *text = contents(outputs[i]);
		tell_lines(i ? "stderr" : "stdout", text);
		free(text);
	}
}

/* Waits until the state is as before; programs are freed some time after their last descriptor. */
static bool same(const char *before, int milliseconds)
{
	for (int waited = 0;; waited += 5) {
		char *now = state_read();
		bool equal = !strcmp(now, before);
		free(now);
		if (equal || waited > milliseconds)
			return equal;
		usleep(5000);
	}
}

/* Whether all $PINS pins are there: the run was complete, and they stay even if a signal ends it then. */
static bool has_pinned(void)
{
	const char *pins = getenv("PINS");
	if (!pins)
		return false;
	char *now = state_read();
	int n = lines(now, "/sys/fs/bpf/pinned/map/") + lines(now, "/sys/fs/bpf/pinned/prog/");
	free(now);
	return n == atoi(pins);
}

/* One try: "AT NAME ERROR". May leave something: SIGKILL, and a run that has pinned all before it ended. Then
 * /tidy removes it. Returns 0, or 1 if something is wrong; *count: whether the call was reached. */
static int attempt(const char *title, const char *try, const regex_t *expected, char **before,
	char **argv, int *count)
{
	struct plan plan = {0};
	char name[32];
	if (sscanf(try, "%u %31s %d", &plan.at, name, &plan.what) != 3)
		return 0;
	for (int i = 0; i < 2; i++)
		if (ftruncate(i + 1, 0))
			fail("ftruncate");
	struct child child = {argv, -1};
	pid_t pid = start(&child);
	int status = supervise(pid, child.listener, &plan);
	close(child.listener);
	if (status == 126)
		return 0;
	++*count;
	const char *wrong = verdict(status, name, plan.what, expected);
	if (wrong)
		tell(title, wrong, status, try);
	bool may_leave = plan.what == -SIGKILL || has_pinned();
	if (same(*before, may_leave ? 300 : 15000) ||
		(may_leave && !system("/tidy") && same(*before, 15000)))
		return wrong != NULL;
	tell(title, "left behind", status, try);
	char *now = state_read();
	for (char *line = strtok(now, "\n"); line; line = strtok(NULL, "\n"))
		if (!strstr(*before, line))
			fprintf(report, "#   left: %s\n", line);
	free(now);
	if (system("/tidy"))
		fprintf(report, "#   /tidy failed\n");
	free(*before);
	*before = state_read();
	return 1;
}

/* Prints "COUNT BAD" at the end. */
static int all(const char *title, const char *regex, char **argv)
{
	char try[100];
	int count = 0, bad = 0;
	regex_t expected;
	FILE *tries = fopen("/tmp/tries", "re");
	report = fdopen(fcntl(1, F_DUPFD_CLOEXEC, 10), "w");
	if (!tries || !report || regcomp(&expected, regex, REG_NOSUB))
		fail("/tmp/tries");
	for (int i = 0; i < 2; i++) {
		int fd = open(outputs[i], O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
		if (fd < 0 || dup2(fd, i + 1) < 0)
			fail(outputs[i]);
		close(fd);
	}
	char *before = state_read();
	while (fgets(try, sizeof try, tries)) {
		try[strcspn(try, "\n")] = 0;
		bad += attempt(title, try, &expected, &before, argv, &count);
	}
	fprintf(report, "%d %d\n", count, bad);
	return fclose(report) != 0;
}

int main(int argc, char **argv)
{
	struct plan plan = {0};
	const char *verb = argc > 1 ? argv[1] : "";
	int list = !strcmp(verb, "calls"), first = list ? 2 : !strcmp(verb, "all") ? 4 : 3;
	if (argc <= first) {
		fprintf(stderr, "inject: wrong usage, see the top of inject.c\n");
		return 2;
	}
	if (!strcmp(verb, "all"))
		return all(argv[2], argv[3], argv + first);
	if (list) {
		plan.calls = fopen("/tmp/calls", "w");
		if (!plan.calls)
			fail("/tmp/calls");
	} else {
		plan.at = (unsigned)atoi(argv[1]);
		plan.what = atoi(argv[2]);
	}
	struct child child = {argv + first, -1};
	pid_t pid = start(&child);
	return supervise(pid, child.listener, &plan);
}
