/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement tracee.h. */
#ifndef SONDE_TRACEE_IMPL_H
#define SONDE_TRACEE_IMPL_H

#include "tracee.h"

/* Requests and numbers of ptrace(2) that a C library may lack. */
enum {
	TRACE_CONT = 7,
	TRACE_DETACH = 17,
	TRACE_SYSCALL = 24,
	TRACE_GETEVENTMSG = 0x4201,
	TRACE_SEIZE = 0x4206,
	TRACE_INTERRUPT = 0x4207,
	TRACE_LISTEN = 0x4208,
	TRACE_GET_SYSCALL_INFO = 0x420e,

	TRACE_O_SYSGOOD = 1 << 0,
	TRACE_O_FORK = 1 << 1,
	TRACE_O_VFORK = 1 << 2,
	TRACE_O_CLONE = 1 << 3,
	TRACE_O_EXEC = 1 << 4,
	TRACE_O_SECCOMP = 1 << 7,
	TRACE_O_EXITKILL = 1 << 20,
	TRACE_O_FOLLOW =
		TRACE_O_SYSGOOD | TRACE_O_FORK | TRACE_O_VFORK | TRACE_O_CLONE | TRACE_O_EXEC,

	TRACE_EVENT_EXEC = 4,
	TRACE_EVENT_SECCOMP = 7,
	TRACE_EVENT_STOP = 128,
};

struct tracee_thread {
	pid_t tid, pid;
	bool inside;   /* of a call: the next stop for one is its end */
	bool detached; /* or about to be */
	bool stepping; /* its process is stopped at each call, although there is a filter */
	struct tracee_call call;
};

/* What the child reports if it cannot become the command. */
struct tracee_failure {
	int no;
	bool filter; /* it has no seccomp filter */
};

/* The signals that tracees_next() waits for. */
sigset_t tracee_signals(void);

/* ptrace(2). 0 or -errno. */
int tracee_request(int request, pid_t tid, uint64_t address, uint64_t data);

/* The entry of a thread, which is added if it is new; NULL: memory is exhausted. */
struct tracee_thread *tracee_thread(struct tracees *t, pid_t tid);

#endif
