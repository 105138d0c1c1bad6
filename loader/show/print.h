/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* fprintf() with the formats of elf/base/format.h. */
#ifndef SONDE_PRINT_H
#define SONDE_PRINT_H

#include <stdio.h>

/* Returns the length of the text. Whether it could be written is in the stream (ferror()). A text of up
 * to 512 bytes reaches a stream without a buffer, as stderr, with one write. */
__attribute__((format(printf, 2, 3))) int print(FILE *out, const char *fmt, ...);

#endif
