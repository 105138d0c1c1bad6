/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* How processes come to be traced: as a command that is started, or by their ids. */
#include "tracee_impl.h"

#include "elf/base/format.h"
#include "elf/base/number.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GET_ACTION_AVAIL = 2, PATH_ROOM = 64 };

int tracee_request(int request, pid_t tid, uint64_t address, uint64_t data)
{
	long r = ptrace(request, tid, (void *)(uintptr_t)address, (void *)(uintptr_t)data);
	return r < 0 ? -errno : 0;
}

static bool has_filters(void)
{
	uint32_t action = SECCOMP_TRACE;
	return traced_own() && !syscall(SYS_seccomp, GET_ACTION_AVAIL, 0, &action);
}

sigset_t tracee_signals(void)
{
	static const uint8_t awaited[] = {SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP};
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof awaited; i++)
		sigaddset(&set, awaited[i]);
	return set;
}

static void hold_signals(struct tracees *t)
{
	const sigset_t set = tracee_signals();
	sigprocmask(SIG_BLOCK, &set, &t->before);
	signal(SIGCHLD, SIG_DFL); /* a parent that ignores it has it ignored here */
}

static int install_filter(void)
{
	struct filter_insn insns[FILTER_MAX];
	size_t n = traced_filter(insns);
	int error = filter_install(insns, n);
	if (error != -EACCES)
		return error;
	/* A traced process gains no rights from set-user-ID files without CAP_SYS_ADMIN anyway. */
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return filter_install(insns, n);
}

/* The child: waits for its tracer, then becomes the command. */
static _Noreturn void become(const struct tracees *t, char *const argv[], int parent)
{
	char go;
	struct tracee_failure f = {0};
	if (read(parent, &go, 1) != 1)
		_exit(EXIT_FAILURE);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, &t->before, NULL);
	if (t->filtered)
		f.no = -install_filter();
	f.filter = f.no != 0;
	if (!f.no) {
		execvp(argv[0], argv);
		f.no = errno;
	}
	(void)!write(parent, &f, sizeof f);
	_exit(EXIT_FAILURE);
}

/* Why a process cannot be traced. */
static bool explain(struct tracees *t, int no, const char *what, pid_t pid, struct err *e)
{
	char path[PATH_ROOM], status[2048];
	int64_t scope = 0;
	err_sys(e, no, "trace %s", what);
	if (no != EPERM && no != EACCES)
		return false;
	text_print(path, sizeof path, "%d/status", (int)pid);
	const char *tracer = kfs_read_text(t->kfs, KFS_PROC, path, status, sizeof status) >= 0
	                             ? strstr(status, "\nTracerPid:")
	                             : NULL;
	int by = tracer ? (int)text_s64(tracer + strlen("\nTracerPid:"), NULL, 10) : 0;
	kfs_read_number(t->kfs, KFS_PROC, "sys/kernel/yama/ptrace_scope", &scope);
	if (by && by != getpid())
		err_hint(e, "process %d traces it: a process has one tracer", by);
	else if (scope >= 1 && (geteuid() || scope > 2))
		err_hint(e, "kernel.yama.ptrace_scope is %d: %s", (int)scope,
			scope > 2    ? "nothing can be traced until the next boot"
			: scope == 1 ? "only root traces processes that run already; start the "
				       "command with sonde calls --"
				     : "only root traces");
	else if (t->command)
		err_hint(e, "a seccomp filter or security module, as containers have them, forbids "
			    "ptrace(2)");
	else
		err_hint(e, "processes of other users, and those with more rights, need "
			    "CAP_SYS_PTRACE (root)");
	return false;
}

static bool seize(struct tracees *t, pid_t tid, unsigned options, const char *what, struct err *e)
{
	int error = tracee_request(TRACE_SEIZE, tid, 0, options);
	if (error)
		return explain(t, -error, what, tid, e);
	return tracee_thread(t, tid) || err_nomem(e);
}

bool tracees_start(struct tracees *t, char *const argv[], struct kfs *k, struct err *e)
{
	int ends[2];
	*t = (struct tracees){.kfs = k, .filtered = has_filters(), .report = -1};
	hold_signals(t);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return err_sys(e, errno, "socketpair");
	pid_t child = fork();
	if (!child) {
		close(ends[0]);
		become(t, argv, ends[1]);
	}
	int no = errno;
	close(ends[1]);
	t->report = ends[0];
	if (child < 0)
		return err_sys(e, no, "fork");
	t->command = child;
	unsigned options = TRACE_O_FOLLOW;
	if (t->filtered)
		options |= TRACE_O_SECCOMP | TRACE_O_EXITKILL;
	if (!seize(t, child, options, "the command", e)) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
		return false;
	}
	if (!t->filtered) /* its first stop, from which it runs to its next call */
		tracee_request(TRACE_INTERRUPT, child, 0, 0);
	if (write(ends[0], "", 1) != 1)
		return err_sys(e, errno, "start the command");
	return true;
}

/* Threads that start in the meantime are found by another look, unless one that is traced starts them. */
static bool seize_threads(struct tracees *t, pid_t pid, struct err *e)
{
	char path[PATH_ROOM], what[32];
	size_t before;
	text_print(what, sizeof what, "process %d", (int)pid);
	text_print(path, sizeof path, "%d/task", (int)pid);
	do {
		before = t->n;
		DIR *dir = kfs_list(t->kfs, KFS_PROC, path);
		for (const struct dirent *entry; dir && !e->set && (entry = readdir(dir));) {
			pid_t tid = *entry->d_name == '.'
			                    ? pid
			                    : (pid_t)(int)text_s64(entry->d_name, NULL, 10);
			int error = tid == pid
			                    ? 0
			                    : tracee_request(TRACE_SEIZE, tid, 0, TRACE_O_FOLLOW);
			if (tid == pid || error)
				continue; /* it has just ended, or is traced already */
			if (!tracee_thread(t, tid))
				err_nomem(e);
			tracee_request(TRACE_INTERRUPT, tid, 0, 0);
		}
		if (dir)
			closedir(dir);
	} while (t->n > before && !e->set);
	return !e->set;
}

bool tracees_attach(struct tracees *t, pid_t pid, struct kfs *k, struct err *e)
{
	char what[32];
	*t = (struct tracees){.kfs = k, .report = -1};
	text_print(what, sizeof what, "process %d", (int)pid);
	hold_signals(t);
	if (!seize(t, pid, TRACE_O_FOLLOW, what, e))
		return false;
	tracee_request(TRACE_INTERRUPT, pid, 0, 0);
	return seize_threads(t, pid, e);
}
