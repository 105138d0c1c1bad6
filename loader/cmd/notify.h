/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The readiness protocol of systemd (sd_notify(3)), for units with Type=notify. */
#ifndef SONDE_NOTIFY_H
#define SONDE_NOTIFY_H

/* Connects to the service manager, before rights are given up. The descriptor, -1: there is none
 * (NOTIFY_SOCKET is not set), or it does not listen. The variable is removed: it is not for children. */
int notify_open(void);

/* Tells it a state, "READY=1" or "STOPPING=1". fd: -1 does nothing. */
void notify(int fd, const char *state);

#endif
