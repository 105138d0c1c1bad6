/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Which of the types of a map's records one of them has. */
#ifndef SONDE_RECORD_KIND_H
#define SONDE_RECORD_KIND_H

#include "elf/base/span.h"
#include "loader/plan/plan_contents.h"

/* The index in m->record_types; -1: none of these, it has m->event_type. */
int record_kind(const struct plan_map *m, struct span record);

#endif
