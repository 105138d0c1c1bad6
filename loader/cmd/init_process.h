/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Process 1 before the real init: it starts the recorder as a child, waits until everything is attached, and
 * becomes the init. Whatever happens to the child, the boot goes on.
 */
#ifndef SONDE_INIT_PROCESS_H
#define SONDE_INIT_PROCESS_H

#include "cmd.h"

#include "loader/boot/kernel_words.h"

struct init_args {
	struct cmd_object object; /* options for all objects */
	struct cmd_list files;
	uint64_t size;
	uint32_t for_ms, wait_ms;
	bool first;       /* this is the first process of the machine */
	char **command;   /* after --, or NULL */
	char **arguments; /* what the kernel has passed, for the init, or NULL */
	struct kernel_words words;
	bool refused; /* the options are wrong, which has been reported: only the init is executed */
};

/* A message before there is a recorder: to the kernel's log in the first process, else to stderr. */
void init_say(const struct init_args *a, const char *label, const char *text);

/* Returns the exit status: if nothing was to be executed, or nothing could be. */
int init_process(const struct init_args *a);

#endif
