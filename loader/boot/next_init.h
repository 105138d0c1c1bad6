/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The init that process 1 becomes after sonde: one after another is tried, as the kernel does. */
#ifndef SONDE_NEXT_INIT_H
#define SONDE_NEXT_INIT_H

#include "loader/boot/kernel_words.h"

#include <stdbool.h>

/* Whether this is the first process of the machine (not of a container). */
bool next_init_is_first(void);

struct next_init {
	bool only_command; /* nothing else is tried */
	char **command;    /* after --, or NULL: its arguments are its own */
	char **arguments;  /* of the others, NULL-terminated: what the kernel passed; or NULL */
	const struct kernel_words *words; /* or NULL */
	/* Reports one that was asked for and cannot be executed. */
	void (*failed)(void *ctx, const char *path, int error);
	void *ctx;
};

/*
 * Executes the command, what sonde.init= names, /init, what init= names, /sbin/init, /etc/init, /bin/init or
 * /bin/sh. sonde's own file is none of them, whatever its name is. Returns if none can be executed.
 */
void next_init(const struct next_init *n);

#endif
