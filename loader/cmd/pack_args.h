/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The options of the verb pack: its own, and those of run that the packed file will have. */
#ifndef SONDE_PACK_ARGS_H
#define SONDE_PACK_ARGS_H

#include "cmd.h"

enum { PACK_OPTIONS_MAX = 4 * CMD_LIST_MAX, PACK_OPTION_TEXT = 1 << 14 };

struct pack_args {
	const char *path, *output, *sonde, *runner;
	struct cmd_list targets;
	bool here, full;
	struct cmd_object object;
	uint32_t for_ms;
	const char *unplanned;  /* an option of run that the runner does not have, or "" */
	const char *unpackable; /* an option that names a file of this machine, or NULL */
	/* Options of run as words of a command line; from first_run on, those that only run has. */
	struct {
		const char *items[PACK_OPTIONS_MAX];
		size_t n;
	} given;
	size_t first_run;
	char text[PACK_OPTION_TEXT]; /* of them */
	size_t used;
};

/* Reads the command line. Returns OPTION_TAKEN, else the exit status. */
int cmd_pack_args(const struct verb *v, int argc, char **argv, struct pack_args *a);

/* The name of the object: the path without folders. */
const char *cmd_pack_name(const char *path);

#endif
