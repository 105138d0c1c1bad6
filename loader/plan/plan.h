/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The plan: an ordered list of steps that loads and attaches an image.
 *
 * A step is one system call, one number read from a kernel file, or one line appended to one. It
 * contains every byte the call needs, except results of earlier steps. Such a result (a file
 * descriptor, the id of a tracepoint) is stored in a *slot*; a *patch* names the bytes of a call
 * that receive it.
 *
 *     slot 2  fd of map 'counts'  <- step 3: bpf(BPF_MAP_CREATE, ...)
 *     step 7: bpf(BPF_PROG_LOAD, ...), patch: byte 20 of insns = slot 2
 *
 * Older kernels: a step may be a *fallback* for an earlier one that failed with given errnos. It
 * fills the same slot; a step whose slot is already filled is skipped. So the modern call comes
 * first, and an older form runs only after an errno that means the feature is missing:
 *
 *     step 8:  bpf(BPF_LINK_CREATE, ...)       -> slot 5
 *     step 9:  ioctl(PERF_EVENT_IOC_SET_BPF)   -> slot 5, fallback for step 8 after EINVAL
 *
 * Most effects of a step end when its file descriptor is closed. State that the kernel keeps beyond
 * that (a tc filter without a link) has a step that *undoes* it; these run on exit, in reverse
 * order. State that is meant to persist (a pin) is undone only if a later step fails.
 *
 * A step fails the plan unless it *tolerates* the errno, or a fallback replaces it. It names those
 * errnos, so that nothing else goes unnoticed. A step is also skipped if one of its patches refers to
 * an empty slot: a step that it depends on has failed in a tolerated way.
 *
 * A plan has no pointers into the object it was made from: it can be printed, saved, moved to
 * another machine, or written as C. What depends on the machine (the number of CPUs, the page size)
 * is left open until plan_fit(). Executors only read it; plan_set_variable() alone changes it.
 * Integers in blobs have the byte order of the kernel that the plan is for (`big`).
 */
#ifndef SONDE_PLAN_H
#define SONDE_PLAN_H

#include "plan_contents.h"
#include "step_op.h"

#include "elf/base/arena.h"
#include "elf/base/span.h"

enum { PLAN_NONE = -1, PLAN_ERRS = 4, PLAN_ARGS = STEP_ARGS, PLAN_HINTS = 4 };

/* The tracefs group of all probes that plans create. */
#define PLAN_PROBES "sonde"

/* Names of infrared receivers begin like this: the only devices that a step opens for writing. */
#define PLAN_RECEIVERS "/dev/lirc"

/* A folder of pins is built under its name and this, and has a record of so many bytes. */
#define PLAN_STAGE "~new"
enum { PLAN_RECORD = 128 };

/* Left open until plan_fit(), see fit.h: an online CPU, as an argument of perf_event_open(); and the
 * number of possible CPUs, as max_entries of a map. */
enum { PLAN_CPU = -2 };
#define PLAN_POSSIBLE_CPUS UINT32_MAX

/* Flags of a step. */
enum {
	STEP_EACH_CPU = 1,  /* repeated for each CPU, see fit.h */
	STEP_ONE_CPU = 256, /* such a repetition */
	STEP_LOG = 2,       /* on failure, log_buf of the attr contains the verifier's log */
	/* On EPERM, raise RLIMIT_MEMLOCK once and retry: kernels before 5.11 charge to it. */
	STEP_MEMLOCK = 4,
	STEP_NOTICE = 8,       /* report the note to the user once the step has succeeded */
	STEP_UNLESS_ZERO = 16, /* skip the step if the value it would write is all zero */
	/* ENOENT: the kernel has no function with the name in the blob "function". */
	STEP_FUNCTION = 32,
	/* Undo only if the plan fails: what the undone step made is meant to persist. */
	STEP_ON_FAILURE = 64,
	/* Once the step has succeeded, the user has to confirm it (see exec_report); otherwise the
	 * plan fails with the step's note and hint. */
	STEP_CONFIRM = 128,
};

/* Special values in plan_step.errs. */
enum {
	ERRS_ANY = 0xffff,     /* any errno */
	ERRS_SKIPPED = 0xfffe, /* the step was skipped because a slot it needs is empty */
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
	uint8_t kind;     /* enum slot_kind: all except SLOT_NUMBER are file descriptors */
	const char *name; /* of the map, program, ...: "counts" */
};

enum patch_what {
	PATCH_SLOT, /* the value of slot `index` */
	PATCH_BLOB, /* the address of blob `index` as 64 bits */
	PATCH_HIGH, /* the upper 32 bits of slot `index` */
	PATCH_HEX,  /* the value of slot `index` as text: its last `size` hexadecimal digits */
};

struct plan_patch {
	uint32_t at;  /* offset in the blob, in bytes */
	uint8_t size; /* 4 or 8 bytes; PATCH_HEX: digits */
	uint8_t what; /* enum patch_what */
	uint16_t index;
	uint32_t add; /* PATCH_BLOB: offset added to the address */
};

/* A sequence of bytes: the attr of a call, instructions, types, initial values, a C string. */
struct plan_blob {
	uint8_t *bytes; /* NULL: an output buffer, allocated (zeroed) by the executor */
	uint32_t size;
	const char *what; /* for display: "insns", "BTF", "key 0" */
	struct plan_patch *patches;
	size_t n_patches;
	size_t patches_room; /* used while building */
};

/* An argument that is not part of an attr. */
struct plan_arg {
	int64_t value;
	int16_t slot; /* the argument is the value of this slot; PLAN_NONE: it is value or blob */
	int16_t blob; /* the argument is the address of this blob, or PLAN_NONE */
};

/* What the user can do if a step fails with a given errno. */
struct plan_hint {
	uint16_t no;
	const char *text;
};

struct plan_step {
	uint8_t op; /* enum step_op */
	uint16_t flags;
	uint32_t cmd;         /* bpf command, ioctl request, file system; see enum step_cmd */
	int16_t attr;         /* blob, or PLAN_NONE */
	int16_t slot;         /* receives the result, or PLAN_NONE */
	int16_t prog;         /* the program this step is for, PLAN_NONE: for all */
	int16_t fallback_for; /* runs only if that step failed with one of errs; or PLAN_NONE */
	int16_t undoes;       /* runs on exit if that step succeeded; or PLAN_NONE */
	uint16_t tolerated[PLAN_ERRS]; /* failures that do not fail the plan; 0: end */
	uint16_t errs[PLAN_ERRS];      /* terminated by 0 if shorter */
	struct plan_arg args[PLAN_ARGS];
	const char *who;   /* "program 'hello' (tp/syscalls/sys_enter_execve)", "map 'counts'" */
	const char *doing; /* "load", "create", "attach" */
	const char *note;  /* why the step exists, for readers of the plan, or "" */
	const char *hint;  /* for ENOENT, or "" */
	struct plan_hint hints[PLAN_HINTS]; /* for other errnos; no 0 terminates a shorter list */
};

struct plan {
	struct arena *arena; /* owns all memory of the plan; borrowed */
	const char *path;    /* of the object or saved plan, for messages */
	const char *name;    /* of the object */
	const char *release; /* uname -r of the only kernel it is valid for; "" for any */
	const char *machine; /* uname -m of the kernel it is for */
	bool big;            /* byte order of the blobs */
	uint32_t page_size;  /* in bytes, if the plan depends on it, as arenas do; else 0 */
	struct span btf;     /* types of the object, for display; empty if it has none */
	struct plan_slot *slots;
	struct plan_blob *blobs;
	struct plan_step *steps;
	struct plan_map *maps;
	struct plan_prog *progs;
	size_t n_slots, n_blobs, n_steps, n_maps, n_progs;
	size_t slots_room, blobs_room, steps_room; /* used while building */
};

/* Whether the result of the step is a file descriptor or number to store in its slot. False for
 * steps that only mark their slot as filled: BPF_PROG_ATTACH, an ioctl, ... */
bool plan_step_has_result(const struct plan *p, const struct plan_step *s);

/* Whether a step with STEP_UNLESS_ZERO would only write zeros to a map, which a new map already contains. */
bool plan_step_writes_zero(const struct plan *p, const struct plan_step *s);

/* The map with this name, as in the object; NULL if there is none. */
const struct plan_map *plan_find_map(const struct plan *p, const char *name);

/* The layout of the step's attr, as in abi.h: a bpf(2) command, or ABI_PERF_ATTR. */
unsigned plan_step_layout(const struct plan_step *s);

#endif
