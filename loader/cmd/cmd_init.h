/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* sonde as the first process of a machine, started by the kernel without a verb. */
#ifndef SONDE_CMD_INIT_H
#define SONDE_CMD_INIT_H

/* Records the boot and executes the real init with the arguments after argv[0]. Returns the exit status if that
 * fails. */
int init_without_verb(char **argv);

#endif
