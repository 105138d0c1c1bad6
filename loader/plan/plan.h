/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The plan: the ordered list of steps that brings an image to life. The heart of sonde.
 *
 * A step is one system call, one number read from a kernel file, or one line appended to one. It
 * carries every byte that the call needs, except what an earlier step has to find out first. Such a
 * result (a file descriptor, a tracepoint's id) lives in a *slot*; a *patch* says which bytes of a
 * call take it.
 *
 *     slot 2  fd of map 'counts'  <- step 3: bpf(BPF_MAP_CREATE, ...)
 *     step 7: bpf(BPF_PROG_LOAD, ...), patch: byte 20 of insns = slot 2
 *
 * Older kernels: a step may stand *instead* of an earlier one that failed with certain errnos. It
 * fills the same slot; a step whose slot is filled is passed over. So the modern call comes first,
 * and an older form is tried only when the kernel's answer asks for it:
 *
 *     step 8:  bpf(BPF_LINK_CREATE, ...)       -> slot 5
 *     step 9:  ioctl(PERF_EVENT_IOC_SET_BPF)   -> slot 5, instead of step 8 after EINVAL
 *
 * Nearly all that steps make ends with its descriptor. What the kernel keeps beyond that (an old tc
 * filter) has a step that *undoes* it: those are done at the end, in reverse order. What is made to
 * stay (a pin) is undone only when a later step fails.
 *
 * A step whose patches need a slot that is still empty is passed over too: what it builds on was
 * optional and is not there.
 *
 * Nothing in a plan points into the object it came from: it can be printed, saved, sent to another
 * machine, written as C. Executors only read it; plan_set_variable() alone changes it.
 * All numbers in blobs have the byte order of the kernel that the plan is for (`big`).
 */
#ifndef SONDE_PLAN_H
#define SONDE_PLAN_H

#include "plan_contents.h"
#include "step_op.h"

#include "elf/base/arena.h"
#include "elf/base/span.h"

enum { PLAN_NONE = -1, PLAN_ERRS = 4, PLAN_ARGS = STEP_ARGS, PLAN_HINTS = 4 };

/* The group of all probes that plans make in tracefs. */
#define PLAN_PROBES "sonde"

/* Flags of a step. */
enum {
	STEP_OPTIONAL = 1, /* a failure that no later step stands in for is no failure */
	STEP_LOG = 2,      /* on refusal the kernel writes a log to the log_buf of this attr */
	/* EPERM: raise RLIMIT_MEMLOCK once, then repeat. Kernels before 5.11 charge to it. */
	STEP_MEMLOCK = 4,
	STEP_UNLESS_ZERO = 16, /* passed over while the bytes that it would write are all zero */
	STEP_NOTICE = 8, /* once it has succeeded, its note is worth telling whoever runs it */
	STEP_FUNCTION =
		32, /* ENOENT: there is no kernel function of the name in its blob "function" */
	/* Of a step that undoes another: only when the plan fails, since what it undoes is meant to
	 * outlive the plan. */
	STEP_ON_FAILURE = 64,
	/* Once it has succeeded: to be agreed to by whoever runs it (exec_report), or the plan
	 * fails with its note, and its hint. */
	STEP_CONFIRM = 128,
};

/* Special values in step.errs */
enum {
	ERRS_ANY = 0xffff,     /* whatever the errno */
	ERRS_SKIPPED = 0xfffe, /* passed over because a slot it needs is empty */
};

enum slot_kind {
	SLOT_BTF,
	SLOT_MAP,
	SLOT_PROG,
	SLOT_LINK,
	SLOT_PERF,
	SLOT_FILE,
	SLOT_NUMBER,
	SLOT_KINDS
};

struct plan_slot {
	uint8_t kind;     /* enum slot_kind: all but SLOT_NUMBER are file descriptors */
	const char *name; /* of the thing: "counts" */
};

enum patch_what {
	PATCH_SLOT, /* the value of slot `index` */
	PATCH_BLOB, /* the address of blob `index`, as 64 bits */
	PATCH_HIGH, /* the upper 32 bits of slot `index` */
	PATCH_HEX,  /* the value of slot `index` in text: its last `size` hexadecimal digits */
};

struct plan_patch {
	uint32_t at;  /* byte offset in the blob */
	uint8_t size; /* 4 or 8 bytes; digits */
	uint8_t what; /* enum patch_what */
	uint16_t index;
	uint32_t add; /* added to the address of a blob: somewhere inside of it */
};

/* A run of bytes: the attr of a call, instructions, types, initial values, a C string. */
struct plan_blob {
	uint8_t *bytes; /* NULL: an output, allocated (zeroed) by whoever executes */
	uint32_t size;
	const char *what; /* for people: "insns", "BTF", "key 0" */
	struct plan_patch *patches;
	size_t n_patches;
	size_t patches_room; /* while building */
};

/* An argument outside of an attr: a number or the value of a slot. */
struct plan_arg {
	int64_t value;
	int16_t slot; /* PLAN_NONE: the value */
	int16_t blob; /* PLAN_NONE, or the address of a blob */
};

/* What to do when a step fails with a certain errno. */
struct plan_hint {
	uint16_t no;
	const char *text;
};

struct plan_step {
	uint8_t op; /* enum step_op */
	uint8_t flags;
	uint32_t cmd;         /* bpf command, ioctl request, file system */
	int16_t attr;         /* blob, PLAN_NONE without */
	int16_t slot;         /* takes the result, PLAN_NONE */
	int16_t prog;         /* the program that it is for: index in progs; PLAN_NONE: for all */
	int16_t fallback_for; /* step that must have failed; PLAN_NONE: always */
	int16_t undoes; /* PLAN_NONE; else it is done at the end, if that step has succeeded */
	uint16_t errs[PLAN_ERRS]; /* with one of these; 0: end */
	struct plan_arg args[PLAN_ARGS];
	const char *who;   /* "program 'hello' (tp/syscalls/sys_enter_execve)", "map 'counts'" */
	const char *doing; /* "load", "create", "attach" */
	const char *note;  /* a sentence for people who study the plan, or "" */
	const char *hint;  /* what to do when it fails with ENOENT, or "" */
	struct plan_hint hints[PLAN_HINTS]; /* with other errnos; no 0: end */
};

struct plan {
	struct arena *arena; /* owner of everything, borrowed */
	const char *path;    /* the object (or saved plan), for messages */
	const char *name;    /* of the object */
	const char *release; /* uname -r of the one kernel it fits, "" when it fits any */
	const char *machine; /* uname -m of the kernel that it is for */
	bool big;            /* byte order of the blobs */
	struct span btf;     /* types of the object, for showing; empty when it has none */
	struct plan_slot *slots;
	struct plan_blob *blobs;
	struct plan_step *steps;
	struct plan_map *maps;
	struct plan_prog *progs;
	size_t n_slots, n_blobs, n_steps, n_maps, n_progs;
	size_t slots_room, blobs_room, steps_room; /* while building */
};

/* False for steps that fill their slot by what they do, without a descriptor or number to put
 * there: BPF_PROG_ATTACH, an ioctl, ... */
bool plan_step_has_result(const struct plan *p, const struct plan_step *s);

/* The map with this name, as in the object; NULL if there is none. */
const struct plan_map *plan_find_map(const struct plan *p, const char *name);

/* The layout of the step's attr, as abi.h counts them: a bpf(2) command, or ABI_PERF_ATTR. */
unsigned plan_step_layout(const struct plan_step *s);

#endif
