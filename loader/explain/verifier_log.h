/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Parsing the verifier's log. It is written for people and differs between kernels, so nothing here
 * fails: what is not found is left out. All text is untrusted.
 */
#ifndef SONDE_VERIFIER_LOG_H
#define SONDE_VERIFIER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Copies the line with the reason to buf, or the two lines that have it, joined by "; ". Cut to
 * size. False if the log has none. */
bool verifier_log_reason(const char *log, char *buf, size_t size);

/* Copies the source line at which the verifier stopped ("*n += 1; @ count.bpf.c:9"). False if the
 * program has no line information. */
bool verifier_log_source(const char *log, char *buf, size_t size);

/* The index of the instruction in the reason, else of the last one in the log. */
bool verifier_log_insn(const char *log, uint32_t *insn);

/* Whether the reason is an access through a register whose memory the program has released before, by
 * submitting a record for example: the verifier then calls it a number. */
bool verifier_log_released(const char *log, const char *reason);

/* A line that looks like an error and is none. */
bool verifier_log_is_noise(const char *line);

/* The last `lines` lines of the log. */
const char *verifier_log_tail(const char *log, unsigned lines);

#endif
