/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The operations of steps. The table in step_ops.def has a row for each, with its implementation
 * (for the executor), its text (for printing plans), the types of its arguments and an optional rule
 * (for checking saved plans), and its name (for error messages).
 */
#ifndef SONDE_STEP_OP_H
#define SONDE_STEP_OP_H

#include <stdbool.h>
#include <stdint.h>

struct plan;
struct plan_step;

/* See step_ops.def for what each operation does. */
enum step_op {
#define STEP(op, ...) STEP_##op,
#include "step_ops.def"
#undef STEP
	STEP_OPS
};

/* The meaning of plan_step.cmd. */
enum step_cmd {
	CMD_NONE,
	CMD_BPF,    /* enum bpf_cmd; the step has an attr */
	CMD_PERF,   /* unused; the step has an attr: struct perf_event_attr */
	CMD_FS,     /* enum kfs_which */
	CMD_PATH,   /* enum kfs_which, or KFS_COUNT: args[0] is a path given by the user */
	CMD_IOCTL,  /* ioctl request */
	CMD_OPTION, /* SO_* option at level SOL_SOCKET */
};

/* Types of arguments. Arguments that refer to a blob are checked; numbers and file descriptors need
 * no check. */
enum step_arg {
	ARG_NONE,
	ARG_NUMBER, /* a constant or the value of a slot */
	ARG_HEX,    /* the same, printed in hexadecimal: flags, addresses */
	ARG_FD,     /* a file descriptor in a slot */
	ARG_FAMILY, /* AF_* */
	ARG_TYPE,   /* SOCK_* */
	ARG_STRING, /* a blob with a NUL-terminated string */
	ARG_MAYBE_STRING,
	ARG_LINE,  /* a string that is always printed in full */
	ARG_BYTES, /* a blob that is not an output buffer */
	ARG_MAYBE_BYTES,
	ARG_OUTPUT,    /* a blob that the step fills */
	ARG_MESSAGE,   /* a netlink message, which has at least a header */
	ARG_MAP_STEP,  /* the index of an earlier BPF_MAP_CREATE step */
	ARG_LINK_STEP, /* the index of a later BPF_LINK_CREATE step */
	ARG_MODE       /* permissions of a file, printed in octal; -1: none */
};

enum { STEP_ARGS = 5 };

struct step_op_info {
	const char *name; /* for error messages: "socket"; "" if the arguments suffice */
	/* The call as text. {0} to {4}: arguments; {cmd}, {fs}: the meaning of cmd; {attr}, {size}:
	 * the attr and its size. Text in brackets is omitted if its argument is missing. */
	const char *text;
	uint8_t cmd;             /* enum step_cmd */
	uint8_t args[STEP_ARGS]; /* enum step_arg */
	bool has_result;         /* the result is a file descriptor or number for a slot */
};

/* op < STEP_OPS */
const struct step_op_info *step_op_info(unsigned op);

/* Whether steps with this operation have an attr. */
bool step_has_attr(unsigned op);

/*
 * ---- rules: check_rules.c, check_message.c ----
 *
 * Whether a step of a saved plan is one that the planner could have made for some object and some
 * options. The types of its arguments have been checked. p and s: otherwise untrusted.
 */
bool step_calls_known(const struct plan *p, const struct plan_step *s);
bool step_opens_event(const struct plan *p, const struct plan_step *s);
bool step_controls_event(const struct plan *p, const struct plan_step *s);
bool step_maps_arena(const struct plan *p, const struct plan_step *s);
bool step_reads_known(const struct plan *p, const struct plan_step *s);
bool step_opens_place(const struct plan *p, const struct plan_step *s);
bool step_mounts_bpf(const struct plan *p, const struct plan_step *s);
bool step_makes_socket(const struct plan *p, const struct plan_step *s);
bool step_binds_socket(const struct plan *p, const struct plan_step *s);
bool step_sets_option(const struct plan *p, const struct plan_step *s);
bool step_sends_own(const struct plan *p, const struct plan_step *s);
bool step_removes_own(const struct plan *p, const struct plan_step *s);
bool step_appends_own(const struct plan *p, const struct plan_step *s);
bool step_stages_pins(const struct plan *p, const struct plan_step *s);
bool step_signs(const struct plan *p, const struct plan_step *s);
bool step_moves_pins(const struct plan *p, const struct plan_step *s);

#endif
