/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The runners for the machine that sonde is built for, with records and without, deflated together: the
 * Makefile makes the source, with loader/runner/embed. NULL: there are none in this build.
 */
#ifndef SONDE_OWN_RUNNER_H
#define SONDE_OWN_RUNNER_H

#include <stdint.h>

extern const uint8_t own_runner[] __attribute__((weak));
extern const uint32_t own_runner_sizes[3]
	__attribute__((weak)); /* bytes: deflated; of the first, the second */

#endif
