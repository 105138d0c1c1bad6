/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "folder.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

char folder[] = "/tmp/sonde-test.XXXXXX";

int shell(const char *fmt, ...)
{
	char command[4096];
	int n = snprintf(command, sizeof command, "cd %s && ", folder);
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(command + n, sizeof command - (size_t)n, fmt, ap);
	va_end(ap);
	return system(command);
}

const char *in_folder(const char *name)
{
	static char path[4][256];
	static int next;
	next = (next + 1) % 4;
	snprintf(path[next], sizeof path[next], "%s/%s", folder, name);
	return path[next];
}

int folder_make(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

int folder_remove(void **state)
{
	(void)state;
	return shell("rm -rf %s", folder);
}
