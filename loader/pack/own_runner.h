/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The runner for the machine that sonde is built for, deflated: the Makefile makes the source, with
 * loader/runner/embed. NULL: there is none in this build. */
#ifndef SONDE_OWN_RUNNER_H
#define SONDE_OWN_RUNNER_H

#include <stdint.h>

extern const uint8_t own_runner[] __attribute__((weak));
extern const uint32_t own_runner_sizes[2] __attribute__((weak)); /* bytes: deflated, and not */

#endif
