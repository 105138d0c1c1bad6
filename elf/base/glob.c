/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "glob.h"

#include <stddef.h>
#include <string.h>

bool glob_match(const char *pattern, const char *name)
{
	const char *star = NULL, *retry = NULL;
	while (*name) {
		if (*pattern == '*') {
			star = ++pattern;
			retry = name;
		} else if (*pattern == '?' || *pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star;
			name = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

bool glob_match_function(const char *pattern, const char *name, const char *module)
{
	const char *colon = strchr(pattern, ':');
	size_t n = colon ? (size_t)(colon - pattern) : 0;
	bool here = !colon || (!strncmp(pattern, module, n) && !module[n]);
	return here && glob_match(colon ? colon + 1 : pattern, name);
}
