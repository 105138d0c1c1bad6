/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* sonde as the first process of a machine, started by the kernel without a verb. */
#ifndef SONDE_CMD_INIT_H
#define SONDE_CMD_INIT_H

/* Records the boot as argv, that of the verb, says, and executes the real init with the arguments of the kernel. Returns
 * the exit status if that fails. */
int init_first_process(int argc, char **argv, char **arguments);

#endif
