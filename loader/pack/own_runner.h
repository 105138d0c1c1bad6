/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The runner for the machine that sonde is built for, deflated: the Makefile makes the source, with
 * loader/runner/embed. NULL: there is none in this build. */
#ifndef SONDE_OWN_RUNNER_H
#define SONDE_OWN_RUNNER_H

#include <stddef.h>
#include <stdint.h>

extern const uint8_t own_runner[] __attribute__((weak));
extern const size_t own_runner_packed __attribute__((weak)), own_runner_size __attribute__((weak)); /* bytes, deflated
													* and not */

#endif
