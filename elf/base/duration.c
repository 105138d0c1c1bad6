/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "duration.h"

#include <string.h>

bool duration_ms(const char *text, uint32_t *ms)
{
	/* Without pointers, which need relocations: the runner has none. */
	static const struct {
		char unit[4];
		uint32_t ms;
	} units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60000}, {"h", 3600000}};
	uint64_t thousandths = 0, digit = 1000;
	const char *p = text;
	for (; *p >= '0' && *p <= '9' && thousandths < UINT32_MAX; p++)
		thousandths = thousandths * 10 + (uint64_t)(*p - '0') * 1000;
	if (p == text)
		return false;
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++)
			thousandths += (uint64_t)(*p - '0') * (digit /= 10);
	for (unsigned i = 0; i < sizeof units / sizeof *units; i++)
		if (!strcmp(p, units[i].unit)) {
			uint64_t v = thousandths * units[i].ms / 1000;
			*ms = v <= INT32_MAX ? (uint32_t)v : 0;
			return *ms != 0;
		}
	return false;
}
