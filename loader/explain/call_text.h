/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The calls of steps as text: "bpf(BPF_MAP_CREATE, attr, 72)", "open("/a", 0x1)". */
#ifndef SONDE_CALL_TEXT_H
#define SONDE_CALL_TEXT_H

#include "loader/kernel/exec.h"
#include "loader/plan/plan.h"

/* "fd of map 'counts'", "tracepoint id" */
void slot_text(const struct plan *p, int slot, char *buf, size_t size);

/* Is it a printable, terminated string? */
bool blob_is_text(const struct plan_blob *b);

/* A string in quotes, or what the blob is and its size. */
void blob_text(const struct plan *p, int blob, char *buf, size_t size);

/* The call of a step without the contents of its attr, which is called `attr`. live: the values that
 * slots hold, NULL: what they will hold. */
void call_text(const struct plan *p, const struct plan_step *s, const char *attr,
	const struct exec *live, char *buf, size_t size);

/* What the step calls, for an error message that the errno follows: "BPF_MAP_CREATE", "socket", or
 * the file that it opens. */
const char *call_name(const struct plan *p, const struct plan_step *s);

#endif
