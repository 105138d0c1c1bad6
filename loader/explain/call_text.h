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

/* A quoted string, or the name and size of the blob. */
void blob_text(const struct plan *p, int blob, char *buf, size_t size);

/* How slots are printed: by name, or, in a plan that has been run, by value, with names on demand: "5
 * (map 'counts')". */
struct slot_style {
	const struct exec *live; /* NULL: by name */
	bool named;
};

/* Appends " (map 'counts')". */
void slot_add_name(const struct plan *p, int slot, char *buf, size_t size);

/* The call of a step, with `attr` in place of its attr. */
void call_text(const struct plan *p, const struct plan_step *s, const char *attr,
	const struct slot_style *style, char *buf, size_t size);

/* What the step does, for statistics: "BPF_MAP_CREATE", "PERF_EVENT_IOC_SET_BPF", "RTM_SETLINK xdp", the name of a
 * file. */
void call_command(const struct plan *p, const struct plan_step *s, char buf[static 48]);

/* The subject of an error message that ends with an errno: "BPF_MAP_CREATE", "socket", or the path
 * of the file. */
const char *call_name(const struct plan *p, const struct plan_step *s);

#endif
