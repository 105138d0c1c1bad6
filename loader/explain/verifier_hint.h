/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Reading the log of a refusing verifier. It is text for people and differs between kernels, so
 * nothing here fails: what is not found is left out. All text is untrusted.
 */
#ifndef SONDE_VERDICT_H
#define SONDE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The line that says what is wrong, or the two that do, with "; " between: into buf, cut to size.
 * False when the log says nothing. */
bool verdict_reason(const char *log, char *buf, size_t size);

/* The source line at which the verifier stopped ("*n += 1; @ count.bpf.c:9"); false when the object
 * has no line information. */
bool verdict_source(const char *log, char *buf, size_t size);

/* The number of the instruction that the log speaks of last, or its reason. */
bool verdict_insn(const char *log, uint32_t *insn);

/* What words of the verifier mean, and what helps: a sentence each, without the full stop of the
 * first. */
struct verdict {
	const char *words, *cause, *cure;
};

/* The verdict of a reason; NULL when it is not in the table. */
const struct verdict *verdict_of(const char *reason);

/* The part of a log worth showing at once: its last `lines` lines. */
const char *verdict_tail(const char *log, unsigned lines);

#endif
