/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement pack.h. */
#ifndef SONDE_PACK_IMPL_H
#define SONDE_PACK_IMPL_H

#include "loader/plan/packed_form.h"
#include "pack.h"

/* Sets w->reason unless it is set. Returns false. */
__attribute__((format(printf, 2, 3))) bool(pack_cannot)(struct pack *w, const char *fmt, ...);
#ifdef TEXTS_PACKED
#define pack_cannot(w, ...) (pack_cannot)(w, PACKED_FIRST(__VA_ARGS__))
#endif

/* The sources of a plan: struct packed_source[], their number in *n. */
uint32_t pack_sources(struct pack *w, const struct plan *p, uint16_t *n, struct err *e);

/* flat_text() without control characters. */
uint32_t pack_clean_text(struct pack *w, const char *text);

/* Tables of the executor for one plan. owner: see flat_add(). exclusive: it runs besides others. */
bool pack_steps(struct pack *w, const struct plan *p, uint16_t owner, bool exclusive,
	struct packed_plan *out);

#endif
