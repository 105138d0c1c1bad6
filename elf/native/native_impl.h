/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the disassemblers of native.h. */
#ifndef SONDE_NATIVE_IMPL_H
#define SONDE_NATIVE_IMPL_H

#include "native.h"

unsigned x86_64_decode(struct span code, uint64_t at, uint64_t base,
	const struct native_names *names, char *buf, size_t n);
unsigned arm64_decode(struct span code, uint64_t at, uint64_t base,
	const struct native_names *names, char *buf, size_t n);

/* A text that grows; what exceeds its size is cut. */
struct native_text {
	char *buf;
	size_t size, len;
};

__attribute__((format(printf, 2, 3))) void native_add(struct native_text *t, const char *fmt, ...);

/* Adds the name of the code at an address, or the address. */
void native_add_target(struct native_text *t, uint64_t address, const struct native_names *names);

/* Adds word i of a list separated by blanks. False, and nothing added, if it is "-". */
bool native_add_word(struct native_text *t, const char *words, unsigned i);

#endif
