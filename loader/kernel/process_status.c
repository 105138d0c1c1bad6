/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "process_status.h"

#include "elf/base/number.h"

#include <string.h>

enum { STATUS_MAX = 4096 };

bool process_status(struct kfs *k, const char *name, int base, uint64_t *value)
{
	char text[STATUS_MAX];
	if (kfs_read_text(k, KFS_PROC, "self/status", text, sizeof text) <= 0)
		return false;
	const char *line = strstr(text, name);
	if (line)
		*value = text_u64(line + strlen(name), NULL, base);
	return line;
}
