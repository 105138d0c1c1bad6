/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The command of `sonde run FILE -- COMMAND`: a child that waits until everything is attached, then becomes
 * the command. Its end ends the run, and its status is that of sonde. If sonde ends first, it goes on.
 *
 * Or a process that exists, of --pid: its end ends the run.
 */
#ifndef SONDE_COMMAND_H
#define SONDE_COMMAND_H

#include "elf/base/err.h"

#include <stdbool.h>
#include <sys/types.h>

struct command {
	char **argv; /* NULL: there is none, and the functions below do nothing */
	pid_t pid;   /* 0: there is no process either */
	int process; /* readable once a process without argv has ended (pidfd, Linux 5.3), else -1 */
	int go;      /* the child waits for a byte of this pipe */
	int failed;  /* and writes its errno to this one if the command can't be executed */
};

/* What follows -- in a command line; *argc then ends before it. NULL: there is no --. */
char **command_take(int *argc, char **argv);

/* Forks the child; before stop_catch(), whose handlers are not for it. It does not inherit private_fd (-1:
 * none). */
bool command_prepare(struct command *c, char **argv, int private_fd, struct err *e);

/* Follows the process pid instead. Fails if there is none. */
bool command_follow(struct command *c, pid_t pid, struct err *e);

/* Lets it begin. From now on, its end makes the descriptor of stop_catch() readable. Fails if it could not
 * be executed. */
bool command_go(struct command *c, struct err *e);

/* The exit status, given that of sonde: that of the command, 128 + its signal, or status if that is not 0
 * or the command goes on. A child that never began ends. */
int command_finish(struct command *c, int status);

#endif
