/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* inet_ntop() without the C library's, which uses its printf(). */
#ifndef SONDE_IP_TEXT_H
#define SONDE_IP_TEXT_H

#include <stddef.h>
#include <stdint.h>

enum { IP_TEXT = 46, IP4_BYTES = 4, IP6_BYTES = 16 };

/* The text of an address of n bytes, IP4_BYTES or IP6_BYTES, in network order; that of IPv6 as in
 * RFC 5952. Returns buf, terminated. */
char *ip_text(const uint8_t *bytes, size_t n, char buf[static IP_TEXT]);

#endif
