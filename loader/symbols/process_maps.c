/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "process_maps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* "55d0a000-55d0b000 r-xp 00001000 08:01 1234    /usr/bin/x" */
bool process_mapping_parse(char *line, struct process_mapping *m)
{
	char permissions[8];
	unsigned major, minor;
	int path = 0;
	*m = (struct process_mapping){.path = ""};
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %x:%x %" SCNu64 " %n", &m->start,
		    &m->end, permissions, &m->offset, &major, &minor, &m->inode, &path) < 7 ||
		permissions[2] != 'x')
		return false;
	m->device = (uint64_t)major << 32 | minor;
	if (!path)
		return true;
	line[path + strcspn(line + path, "\n")] = 0;
	char *deleted = strstr(line + path, " (deleted)");
	if (deleted)
		*deleted = 0;
	m->path = line + path;
	return true;
}
