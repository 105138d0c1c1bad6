/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "process_maps.h"

#include "elf/base/number.h"

#include <string.h>

/* Reads a number that `end` follows, and moves past that. Hexadecimal unless base says otherwise. */
static bool take_number(char **p, char end, int base, uint64_t *n)
{
	char *after;
	*n = text_u64(*p, &after, base);
	bool ok = after > *p && *after == end;
	*p = after + ok;
	return ok;
}

/* "55d0a000-55d0b000 r-xp 00001000 08:01 1234    /usr/bin/x" */
bool process_mapping_parse(char *line, struct process_mapping *m)
{
	enum { PERMISSIONS = 4, EXECUTE = 2 };
	uint64_t major, minor;
	char *p = line;
	*m = (struct process_mapping){.path = ""};
	line[strcspn(line, "\n")] = 0;
	if (!take_number(&p, '-', 16, &m->start) || !take_number(&p, ' ', 16, &m->end) ||
		strcspn(p, " ") != PERMISSIONS || p[EXECUTE] != 'x')
		return false;
	p += PERMISSIONS + 1;
	if (!take_number(&p, ' ', 16, &m->offset) || !take_number(&p, ':', 16, &major) ||
		!take_number(&p, ' ', 16, &minor))
		return false;
	m->device = major << 32 | minor;
	m->inode = text_u64(p, &p, 10);
	m->path = p += strspn(p, " ");
	char *deleted = strstr(p, " (deleted)");
	if (deleted)
		*deleted = 0;
	return true;
}
