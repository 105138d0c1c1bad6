/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "step_op.h"

#include <stddef.h>

static const struct step_op_info table[STEP_OPS] = {
#define STEP(op, name, text, cmd, args, has_result, run, allowed)                                  \
	[STEP_##op] = {name, text, cmd, args, has_result},
#include "step_ops.def"
#undef STEP
};

const struct step_op_info *step_op_info(unsigned op)
{
	return &table[op];
}

bool step_has_attr(unsigned op)
{
	return table[op].cmd == CMD_BPF || table[op].cmd == CMD_PERF;
}
