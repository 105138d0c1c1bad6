/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Following the system calls of other processes with ptrace(2): PTRACE_SEIZE (Linux 3.4) and
 * PTRACE_GET_SYSCALL_INFO (5.3). Only calls that concern BPF are reported, see traced_call.h.
 *
 * A command is started with a seccomp filter that stops at these calls, so that others run at full
 * speed. A process that has a netlink socket or a file of tracefs to write to is stopped at each call until it
 * has closed them. Without a filter (attached processes, kernels without one) each call stops.
 *
 * The processes that it starts, and their threads, are followed, also if they are 32-bit programs or
 * execute others. Nothing here trusts them.
 */
#ifndef SONDE_TRACEE_H
#define SONDE_TRACEE_H

#include "kfs.h"
#include "traced_call.h"

#include <signal.h>
#include <sys/types.h>

enum { TRACEE_ATTR_MAX = 4096, TRACEE_ARGS = 6 /* larger attrs are E2BIG */ };

/* A call of a thread, once it has returned. */
struct tracee_call {
	pid_t pid, tid;
	uint8_t call;  /* enum traced_call */
	uint8_t word;  /* bytes of its pointers */
	bool returned; /* false: the thread ended in it */
	uint64_t args[TRACEE_ARGS];
	long result;                /* or -errno */
	uint64_t began_ns, took_ns; /* including the stops */
};

struct tracee_thread;

struct tracees {
	struct tracee_thread *threads;
	size_t n, room;
	size_t seen;   /* threads and processes so far */
	pid_t held;    /* the thread whose call was reported last, which is stopped; 0: none */
	bool too_old;  /* the kernel does not tell about calls */
	pid_t command; /* the process that was started; 0: attached */
	int status;    /* its end as waitpid(2) reports it, once command_ended */
	bool command_ended;
	bool filtered, closing;
	int report; /* tells why the command could not be executed */
	sigset_t before;
	struct kfs *kfs; /* borrowed */
};

/*
 * Starts a command: argv[0] is looked up in PATH. It has this process's signals and files. False with e
 * set if that fails; tracees_close() is then still to be called. SIGCHLD, SIGINT, SIGQUIT, SIGTERM and SIGHUP are
 * blocked from now on.
 */
bool tracees_start(struct tracees *t, char *const argv[], struct kfs *k, struct err *e);

/* Follows a running process with all its threads. */
bool tracees_attach(struct tracees *t, pid_t pid, struct kfs *k, struct err *e);

enum tracees_event {
	TRACEES_CALL,    /* *c is set; its thread is stopped until the next tracees_next() */
	TRACEES_END,     /* nobody is left, or, with e set, the command could not be executed */
	TRACEES_STOPPED, /* a signal asks for the end */
};

/*
 * Waits for the next call. SIGINT and SIGQUIT are the command's affair as long as it runs, which the terminal
 * sends them, too; SIGTERM and SIGHUP are passed on to it.
 */
enum tracees_event tracees_next(struct tracees *t, struct tracee_call *c, struct err *e);

/* Lets all that still run continue without a tracer. Those with a filter end: their calls would fail with
 * ENOSYS. */
void tracees_close(struct tracees *t);

#endif
