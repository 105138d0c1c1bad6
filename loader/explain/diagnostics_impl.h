/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that make diagnostics. */
#ifndef SONDE_DIAGNOSTICS_IMPL_H
#define SONDE_DIAGNOSTICS_IMPL_H

#include "diagnostics.h"
#include "elf/base/texts.h"
#include "loader/plan/abi.h"

struct diagnostics {
	const struct exec *x;
	diagnostic_fn fn;
	void *ctx;
};

/* Reports a diagnostic. */
__attribute__((format(printf, 2, 3))) void diagnostics_say(
	const struct diagnostics *d, const char *fmt, ...);
#ifdef TEXTS_PACKED
#define diagnostics_say(d, ...) (diagnostics_say)(d, PACKED_FIRST(__VA_ARGS__))
#endif

/* The instructions of a program; bytes is NULL if the plan has none. */
const struct plan_blob *diagnostics_code(const struct plan *p, const struct plan_prog *prog);

/* A field of struct bpf_prog_info; false if the kernel does not provide it. */
bool diagnostics_prog_info(const struct exec *x, const struct plan_prog *prog,
	struct attr_field field, uint64_t *number);

/* diagnostics_maps.c: maps that stay empty, targets of tail calls that are attached */
void diagnose_maps(const struct diagnostics *d);
void diagnose_tail_calls(const struct diagnostics *d);

/* diagnostics_record.c: tracepoint records with another layout than the program expects */
void diagnose_record(const struct diagnostics *d, const struct plan_prog *prog);

#endif
