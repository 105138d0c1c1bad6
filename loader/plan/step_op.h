/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The operations that a step can have: one table, step_ops.def, a row each. What a row says serves
 * everybody: the executor (which function runs it), the printer (its text), the check of saved plans
 * (what its arguments must be, and a rule of its own), and error messages (its name).
 */
#ifndef SONDE_STEP_OP_H
#define SONDE_STEP_OP_H

#include <stdbool.h>
#include <stdint.h>

struct plan;
struct plan_step;

/* What a step does; the comments of step_ops.def have the details. */
enum step_op {
#define STEP(op, ...) STEP_##op,
#include "step_ops.def"
#undef STEP
	STEP_OPS
};

/* What the field cmd of a step means. */
enum step_cmd {
	CMD_NONE,
	CMD_BPF,    /* enum bpf_cmd; the step has an attr */
	CMD_PERF,   /* none, but an attr: struct perf_event_attr */
	CMD_FS,     /* enum kfs_which */
	CMD_PATH,   /* the same, or KFS_COUNT: args[0] is a path as the user wrote it */
	CMD_IOCTL,  /* the request */
	CMD_OPTION, /* of setsockopt() at SOL_SOCKET */
};

/* What an argument is. Those that name a blob are checked; numbers and descriptors need no check. */
enum step_arg {
	ARG_NONE,
	ARG_NUMBER, /* a value or what a slot holds */
	ARG_HEX,    /* the same, printed in hexadecimal: flags, addresses */
	ARG_FD,     /* a descriptor in a slot */
	ARG_FAMILY, /* AF_* */
	ARG_TYPE,   /* SOCK_* */
	ARG_STRING, /* a blob with a terminated string */
	ARG_MAYBE_STRING,
	ARG_LINE,  /* a string, always printed in full */
	ARG_BYTES, /* a blob with contents */
	ARG_MAYBE_BYTES,
	ARG_MESSAGE, /* of netlink: at least its header */
	ARG_MAP_STEP /* the index of an earlier BPF_MAP_CREATE */
};

enum { STEP_ARGS = 5 };

struct step_op_info {
	const char *name; /* in error messages: "socket"; "" if the arguments say more */
	/* The call for people. {0} to {4}: an argument; {cmd}, {fs}: what cmd means; {attr}, {size}:
	 * the attr and its size. What stands in brackets is left out when its argument is. */
	const char *text;
	uint8_t cmd;             /* enum step_cmd */
	uint8_t args[STEP_ARGS]; /* enum step_arg */
	bool has_result;         /* its result is a descriptor or number for a slot */
	/* A rule for saved plans beyond the arguments; NULL: there is none. */
	bool (*allowed)(const struct plan *p, const struct plan_step *s);
};

/* op < STEP_OPS */
const struct step_op_info *step_op_info(unsigned op);

/* Do steps of this operation have an attr? */
bool step_has_attr(unsigned op);

/* ---- rules (check_rules.c) ---- */

/* Removals and appended lines are those that our planner makes. */
bool step_removes_own(const struct plan *p, const struct plan_step *s);
bool step_appends_own(const struct plan *p, const struct plan_step *s);

#endif
