/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Signals that would end the process lead to an orderly exit instead: attachments without links are
 * removed, pins of a failed plan are undone, buffers are flushed.
 *
 * Rules. Every signal that can be caught and whose default action ends the process is caught, except
 * those that report a fault of the process itself. A signal that was ignored at start (nohup) stays
 * ignored, except for SIGINT and SIGTERM, which ask for the end: shells ignore SIGINT in background
 * jobs, and scripts end those with kill -INT.
 *
 * Half a second after the first signal a timer begins to interrupt system calls that block, a write
 * to a reader that has stopped above all: the process exits within a second. What it still has to
 * show, the final contents of maps, is work and not waiting: only a second signal cuts it short.
 *
 * SIGSYS is a system call that the seccomp filter of loader/sandbox denies. It is reported, fails with
 * EPERM and asks for the end. Killing the process instead would leave attachments without links behind.
 */
#ifndef SONDE_STOP_H
#define SONDE_STOP_H

#include <stdbool.h>

/* Installs the handlers. Returns a descriptor that becomes readable with the first signal, -1 if
 * there is none to be had. */
int stop_catch(void);

/* From now on, the end of a child makes that descriptor readable. It is no signal that asks for the end. */
void stop_with_children(void);

/* Has a signal arrived? */
bool stop_requested(void);

/* Has a second signal arrived: does nobody wait for the rest? For sys_watch. */
bool stop_insisted(void);

/* Has the filter denied a system call? It has been reported, and what failed because of it need not be. */
bool stop_denied(void);

/*
 * Called last. SIGINT, SIGTERM and SIGHUP are how `sonde run` is meant to end: returns status; after a
 * denied system call, 1. Any other signal ends the process now, as its default action would
 * have.
 */
int stop_finish(int status);

#endif
