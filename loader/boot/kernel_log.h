/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Messages in the kernel's log, the only place where anybody sees them while a machine boots. */
#ifndef SONDE_KERNEL_LOG_H
#define SONDE_KERNEL_LOG_H

#include <stdbool.h>

/* As in syslog(2). */
enum kernel_log_level { KERNEL_LOG_ERROR = 3, KERNEL_LOG_WARNING = 4, KERNEL_LOG_INFO = 6 };

/* Opens dev/kmsg in the directory root. make: if there is none yet, makes the device for a moment. -1 if that
 * fails. */
int kernel_log_open(int root, bool make);

/* Writes a line, "sonde: text" without control characters; to stderr if fd is -1. */
void kernel_log(int fd, enum kernel_log_level level, const char *text);

#endif
