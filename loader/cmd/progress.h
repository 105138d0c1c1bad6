/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * One line on a terminal that says what takes so long: "verifying 12 of 47 programs, 3 s". It appears after
 * a second and is gone when the work is done.
 *
 * A child process shows it, since a signal would make the verifier give up (EAGAIN). It has nothing but
 * stderr and a pipe, and ends with this process.
 */
#ifndef SONDE_PROGRESS_H
#define SONDE_PROGRESS_H

#include <sys/types.h>

/* {0}: nothing has been told yet. */
struct progress {
	pid_t child; /* 0: none */
	int pipe;
	int silent; /* stderr is no terminal */
};

/* Says what is being done from now on. Starts the child if there is none. text: short, one line. */
void progress_tell(struct progress *p, const char *text);

/* Removes the line: before anything else is written to the terminal, and before the last descriptor is
 * closed. It may be told again. */
void progress_end(struct progress *p);

#endif
