/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files of flow.h: flow.c visits blocks, flow_insn.c executes instructions. */
#ifndef SONDE_FLOW_IMPL_H
#define SONDE_FLOW_IMPL_H

#include "flow.h"

/* Continues with s at instruction `to`, which may be any number. */
void flow_merge(struct flow *w, uint32_t from, int64_t to, const struct flow_state *s);

/* Executes an instruction; false if execution does not continue with the next one. jumps: whether to
 * merge the state into the target. */
bool flow_execute(struct flow *w, struct flow_state *s, uint32_t at, struct insn insn, bool jumps);

#endif
