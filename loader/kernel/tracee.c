/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "tracee_impl.h"

#include "elf/base/format.h"
#include "elf/base/number.h"

#include "descriptor.h"
#include "sys.h"
#include "tracee_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* struct ptrace_syscall_info */
enum { INFO_ENTRY = 1, INFO_EXIT = 2, INFO_SECCOMP = 3 };
struct call_info {
	uint8_t op, pad[3];
	uint32_t arch;
	uint64_t ip, sp;
	union {
		struct {
			uint64_t number, args[TRACEE_ARGS];
		} entry; /* and of INFO_SECCOMP */
		struct {
			int64_t result;
			uint8_t is_error;
		} exit;
	};
	uint64_t rest;
};

/* ---- threads ---- */

static pid_t process_of(struct tracees *t, pid_t tid)
{
	char path[32], status[512];
	text_print(path, sizeof path, "%d/status", (int)tid);
	long n = kfs_read_text(t->kfs, KFS_PROC, path, status, sizeof status);
	const char *id = n < 0 && n != -EFBIG ? NULL : strstr(status, "\nTgid:");
	return id ? (pid_t)text_s64(id + strlen("\nTgid:"), NULL, 10) : tid;
}

static struct tracee_thread *find(struct tracees *t, pid_t tid)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->threads[i].tid == tid)
			return &t->threads[i];
	return NULL;
}

struct tracee_thread *tracee_thread(struct tracees *t, pid_t tid)
{
	struct tracee_thread *found = find(t, tid);
	if (found)
		return found;
	if (t->n == t->room) {
		size_t room = t->room ? 2 * t->room : 16;
		found = realloc(t->threads, room * sizeof *found);
		if (!found)
			return NULL;
		t->threads = found;
		t->room = room;
	}
	pid_t pid = process_of(t, tid);
	/* It may have been born with descriptors that others were followed for. */
	bool stepping = t->filtered && descriptors_attach(t->kfs, pid);
	t->seen++;
	t->threads[t->n] = (struct tracee_thread){
		.tid = tid, .pid = pid, .stepping = stepping, .detached = t->closing};
	return &t->threads[t->n++];
}

static void forget(struct tracees *t, pid_t tid)
{
	struct tracee_thread *gone = find(t, tid);
	if (gone)
		*gone = t->threads[--t->n];
}

static void resume(const struct tracees *t, struct tracee_thread *thread, int signal)
{
	bool each = thread->inside || thread->stepping || !t->filtered;
	if (thread->detached) /* it stopped once more before the request to detach it */
		tracee_request(TRACE_DETACH, thread->tid, 0, (uint64_t)signal);
	else
		tracee_request(each ? TRACE_SYSCALL : TRACE_CONT, thread->tid, 0, (uint64_t)signal);
}

/* ---- calls ---- */

/* Sets the call and its arguments. */
static void enter(struct tracee_thread *thread, const struct call_info *info)
{
	struct tracee_call *c = &thread->call;
	*c = (struct tracee_call){.pid = thread->pid, .tid = thread->tid};
	c->word = (uint8_t)traced_word(info->arch);
	c->call = (uint8_t)traced_call_of(info->arch, info->entry.number);
	memcpy(c->args, info->entry.args, sizeof c->args);
	if (c->call == TRACED_SOCKETCALL) {
		uint64_t at = c->args[1];
		c->call = (uint8_t)traced_socketcall(c->args[0]);
		for (unsigned i = 0; i < TRACEE_ARGS; i++)
			c->args[i] = tracee_read_word(thread->tid, at + i * c->word, c->word);
	}
	c->began_ns = sys_now_ns();
}

static void set_stepping(struct tracees *t, pid_t pid, bool on)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->threads[i].pid == pid)
			t->threads[i].stepping = on;
}

/* With a filter: does this call change whether the process has to be followed call by call? */
static void follow_descriptors(struct tracees *t, const struct tracee_call *c)
{
	struct descriptor d;
	if (!t->filtered || c->result < 0 || (c->call == TRACED_SOCKET && c->args[2]))
		return; /* another protocol than NETLINK_ROUTE */
	if (c->call == TRACED_CLOSE) {
		if (!descriptors_attach(t->kfs, c->pid))
			set_stepping(t, c->pid, false);
	} else if (c->call == TRACED_SOCKET || c->call == TRACED_OPEN || c->call == TRACED_OPENAT ||
		   c->call == TRACED_OPENAT2) {
		descriptor_read(t->kfs, c->pid, (int)c->result, &d);
		if (d.kind >= DESCRIPTOR_PROBES)
			set_stepping(t, c->pid, true);
	}
}

static bool is_reported(const struct tracee_call *c)
{
	return c->call < TRACED_SOCKET;
}

/* A stop at the beginning or end of a call. True if *c is a call to report; the thread is not resumed. */
static bool call_stop(struct tracees *t, struct tracee_thread *thread, struct tracee_call *c)
{
	struct call_info info = {0};
	int r = tracee_request(
		TRACE_GET_SYSCALL_INFO, thread->tid, sizeof info, (uint64_t)(uintptr_t)&info);
	t->too_old |= r == -EIO;
	if (r < 0)
		return false; /* it was killed */
	if (info.op == INFO_EXIT) {
		bool begun = thread->inside, reported = begun && is_reported(&thread->call);
		thread->inside = false;
		thread->call.took_ns = sys_now_ns() - thread->call.began_ns;
		thread->call.returned = true;
		thread->call.result = (long)info.exit.result;
		if (reported)
			*c = thread->call, t->held = thread->tid;
		else if (begun)
			follow_descriptors(t, &thread->call);
		return reported;
	}
	/* With a filter, a call of a process that is stepped through stops twice. */
	if ((info.op == INFO_ENTRY || info.op == INFO_SECCOMP) && !thread->inside) {
		enter(thread, &info);
		thread->inside = true;
	}
	return false;
}

/* ---- stops ---- */

static bool stops_group(int signal)
{
	return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

/* execve(2) in a thread ends all others, and gives it the id of its process. */
static void executed(struct tracees *t, struct tracee_thread *thread)
{
	unsigned long former = 0;
	pid_t tid = thread->tid;
	tracee_request(TRACE_GETEVENTMSG, tid, 0, (uint64_t)(uintptr_t)&former);
	const struct tracee_thread *was = find(t, (pid_t)former);
	if (was && (pid_t)former != tid) {
		thread->inside = was->inside;
		thread->call = was->call;
		forget(t, (pid_t)former);
	}
}

/* True if *c is a call to report. */
static bool stop(struct tracees *t, struct tracee_thread *thread, int status, struct tracee_call *c)
{
	int signal = WSTOPSIG(status), event = status >> 16;
	if (thread->detached) {
		resume(t, thread, event || signal == (SIGTRAP | 0x80) ? 0 : signal);
		return false;
	}
	if (signal == (SIGTRAP | 0x80) || event == TRACE_EVENT_SECCOMP) {
		if (call_stop(t, thread, c))
			return true;
		signal = 0;
	} else if (event == TRACE_EVENT_STOP && stops_group(signal)) {
		tracee_request(TRACE_LISTEN, thread->tid, 0, 0);
		return false;
	} else if (event) {
		pid_t tid = thread->tid;
		if (event == TRACE_EVENT_EXEC)
			executed(t, thread);
		thread = find(t, tid); /* the list has changed */
		if (!thread)
			return false;
		signal = 0;
	}
	resume(t, thread, signal);
	return false;
}

/* What waitpid(2) reports. True if *c is a call to report. */
static bool changed(struct tracees *t, pid_t tid, int status, struct tracee_call *c)
{
	bool ended = WIFEXITED(status) || WIFSIGNALED(status);
	struct tracee_thread *thread = ended ? find(t, tid) : tracee_thread(t, tid);
	if (!thread)
		return false;
	if (!ended)
		return stop(t, thread, status, c);
	bool unfinished = thread->inside && is_reported(&thread->call) && !thread->detached;
	*c = thread->call;
	if (tid == t->command) {
		t->status = status;
		t->command_ended = true;
	}
	forget(t, tid);
	return unfinished;
}

/* ---- the loop ---- */

/* A signal arrives: true if it asks for the end of the whole. */
static bool wait_signal(const struct tracees *t)
{
	const sigset_t set = tracee_signals();
	int signal = sigwaitinfo(&set, NULL);
	if (signal < 0 || signal == SIGCHLD)
		return false;
	if (!t->command || t->command_ended)
		return true;
	if (signal == SIGTERM || signal == SIGHUP)
		kill(t->command, signal);
	return false;
}

/* The command has not been executed: why. */
static void explain_failure(const struct tracees *t, struct err *e)
{
	struct tracee_failure f = {0};
	if (t->report < 0 || read(t->report, &f, sizeof f) != sizeof f)
		return;
	err_sys(e, f.no, "%s", f.filter ? "install a seccomp filter" : "execute it");
}

enum tracees_event tracees_next(struct tracees *t, struct tracee_call *c, struct err *e)
{
	struct tracee_thread *held = find(t, t->held);
	if (held)
		resume(t, held, 0);
	t->held = 0;
	/* Until there is nobody to wait for: one that has just been born is traced before it is known. */
	while (!t->too_old) {
		int status;
		pid_t tid = waitpid(-1, &status, __WALL | WNOHANG);
		if (tid > 0) {
			if (changed(t, tid, status, c))
				return TRACEES_CALL;
		} else if (tid < 0) {
			break; /* ECHILD */
		} else if (wait_signal(t)) {
			return TRACEES_STOPPED;
		}
	}
	if (t->too_old)
		err_set(e,
			"the system calls of other processes cannot be read: this needs Linux 5.3");
	else
		explain_failure(t, e);
	return TRACEES_END;
}

void tracees_close(struct tracees *t)
{
	int status;
	t->closing = true;
	for (size_t i = 0; i < t->n; i++) {
		struct tracee_thread *thread = &t->threads[i];
		thread->detached = true;
		/* Filtered ones end with this process, or now. */
		if (t->filtered)
			kill(thread->pid, SIGKILL);
		else if (tracee_request(TRACE_DETACH, thread->tid, 0, 0))
			tracee_request(TRACE_INTERRUPT, thread->tid, 0, 0);
		else
			thread->tid = 0;
	}
	for (size_t i = 0; i < t->n;)
		if (!t->threads[i].tid)
			t->threads[i] = t->threads[--t->n];
		else
			i++;
	while (t->n) {
		struct tracee_call c;
		pid_t tid = waitpid(-1, &status, __WALL);
		if (tid < 0)
			break;
		changed(t, tid, status, &c);
		if (WIFSTOPPED(status))
			forget(t, tid);
	}
	free(t->threads);
	if (t->report >= 0)
		close(t->report);
	/* What has arrived too late for the command is not for this process either. */
	const sigset_t set = tracee_signals();
	const struct timespec now = {0};
	while (sigtimedwait(&set, NULL, &now) > 0)
		continue;
	sigprocmask(SIG_SETMASK, &t->before, NULL);
	*t = (struct tracees){.report = -1};
}
