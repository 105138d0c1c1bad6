/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the return value of a program means, by its type: XDP_DROP, TC_ACT_SHOT. */
#ifndef SONDE_VERDICT_H
#define SONDE_VERDICT_H

#include "elf/base/err.h"

#include <stdint.h>

/* The name of a verdict, or NULL if it is none: a number. Static. */
const char *verdict_name(uint32_t prog_type, uint32_t retval);

/* Parses a name, with or without its prefix (XDP_DROP, drop), or a number. text: untrusted. */
bool verdict_parse(uint32_t prog_type, const char *text, uint32_t *retval, struct err *e);

#endif
