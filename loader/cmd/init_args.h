/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What is to be recorded, and executed. */
#ifndef SONDE_INIT_ARGS_H
#define SONDE_INIT_ARGS_H

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

#endif
