/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SONDE_TRIAL_DATA_H
#define SONDE_TRIAL_DATA_H

#include "loader/trial/packet.h"

/*
 * Bytes for a test run, as the user names them: a file (of a pcap file, its first packet; "-": standard input),
 * or bytes in hexadecimal. option: for messages.
 */
bool trial_data(struct packet *p, const char *text, const char *option, struct err *e);

#endif
