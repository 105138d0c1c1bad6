/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The types of a C header, by way of clang. */
#ifndef SONDE_HEADER_H
#define SONDE_HEADER_H

#include "elf/base/err.h"
#include "elf/base/span.h"

/*
 * Compiles the text of a header, the user's own file, to an object with debug information for all
 * types that it declares. path: for messages, and the directory that it is in is searched for what it
 * includes. big: the byte order of the programs, which bit-fields depend on.
 * clang is started without a shell, reads the text from and writes the object to memory, and is waited
 * for. A header that does not compile alone is compiled once more after the usual names of integers
 * (u32, __u32, uint32_t, pid_t, bool). *object: free with file_free().
 */
bool header_compile(
	const char *path, struct span text, bool big, struct span *object, struct err *e);

#endif
