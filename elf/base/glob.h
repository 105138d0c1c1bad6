/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SONDE_GLOB_H
#define SONDE_GLOB_H

#include <stdbool.h>

/* Does the whole name match a pattern? '*' stands for any characters, '?' for one. */
bool glob_match(const char *pattern, const char *name);

/* The same for a function of a module (module "": of the kernel itself). "MODULE:PATTERN" matches
 * only functions of that module, a pattern without ':' those of all. */
bool glob_match_function(const char *pattern, const char *name, const char *module);

#endif
