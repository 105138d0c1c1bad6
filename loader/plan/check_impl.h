/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the rules for saved plans: check.c, check_attr.c, check_message.c, check_rules.c. Indices
 * and patches of the plan are in range. */
#ifndef SONDE_CHECK_IMPL_H
#define SONDE_CHECK_IMPL_H

#include "abi.h"
#include "plan.h"

/* Whether the blob is a terminated string, whatever its patches insert. blob: an index, or PLAN_NONE. */
bool check_is_string(const struct plan *p, int16_t blob);

/* Whether the blob contains no addresses of others. */
bool check_is_leaf(const struct plan_blob *b);

/* The patch that begins at this offset, or NULL. */
const struct plan_patch *check_patch_at(const struct plan_blob *b, uint64_t at);

/* Whether both blobs have the same contents there, patches included. */
bool check_same(const struct plan_blob *a, const struct plan_blob *b, uint64_t at, uint64_t n);

/* Whether the attr of the step is one that the planner could have made: check_attr.c. */
bool check_attr(const struct plan *p, const struct plan_step *s);

/* Whether descriptors, and nothing else, are kept in slots that are closed: check_rules.c. */
bool check_result(const struct plan *p, const struct plan_step *s);

/* The fields of BPF_MAP_CREATE that decide how much the kernel and viewers read and write. */
struct check_shape {
	uint32_t map_type, key_size, value_size, max_entries;
};

/* The shape of the map in a slot once the steps before `before` have run; false if that depends on
 * anything but the plan. */
bool check_map_shape(const struct plan *p, int16_t slot, size_t before, struct check_shape *shape);

#endif
