/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SONDE_HOOK_ITER_H
#define SONDE_HOOK_ITER_H

/* The errno with which the kernel refuses a link of the iterator (SEC("iter/NAME")) that names no target; 0 if
 * it needs none. */
int iter_without_target(const char *name);

#endif
