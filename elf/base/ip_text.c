/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "ip_text.h"

#include "format.h"

#include <string.h>

enum { GROUPS = IP6_BYTES / 2 };

static void ip4(const uint8_t *b, char *to, size_t size)
{
	text_print(to, size, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
}

/* The first of the longest runs of zeros; a single group is none. */
static unsigned longest_run(const unsigned *groups, unsigned *n)
{
	unsigned first = 0;
	*n = 1;
	for (unsigned i = 0, run = 0; i < GROUPS; i++) {
		run = groups[i] ? 0 : run + 1;
		if (run > *n) {
			*n = run;
			first = i + 1 - run;
		}
	}
	if (*n == 1)
		*n = 0;
	return first;
}

char *ip_text(const uint8_t *bytes, size_t n, char buf[static IP_TEXT])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	unsigned groups[GROUPS], run;
	char *to = buf, *end = buf + IP_TEXT;
	if (n == IP4_BYTES) {
		ip4(bytes, buf, IP_TEXT);
		return buf;
	}
	if (!memcmp(bytes, mapped, sizeof mapped)) {
		ip4(bytes + sizeof mapped, strcpy(buf, "::ffff:") + 7, IP_TEXT - 7);
		return buf;
	}
	for (unsigned i = 0; i < GROUPS; i++)
		groups[i] = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
	unsigned first = longest_run(groups, &run);
	*buf = 0;
	for (unsigned i = 0; i < GROUPS; i++)
		if (run && i == first) {
			to += text_print(to, (size_t)(end - to), "::");
			i += run - 1;
		} else {
			to += text_print(to, (size_t)(end - to), "%s%x",
				to > buf && to[-1] != ':' ? ":" : "", groups[i]);
		}
	return buf;
}
