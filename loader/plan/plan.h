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
 * machine, written as C. Executors only read it; plan_set() alone changes it.
 * All numbers in blobs have the byte order of the kernel that the plan is for (`big`).
 */
#ifndef SONDE_PLAN_H
#define SONDE_PLAN_H

#include "elf/base/arena.h"
#include "elf/btf/btf.h"
#include "elf/base/err.h"

enum { PLAN_NONE = -1, PLAN_ERRS = 4, PLAN_ARGS = 5, PLAN_HINTS = 4 };

/* The group of all probes that plans make in tracefs. */
#define PLAN_PROBES "sonde"

/* What a step does. */
enum step_op {
	STEP_BPF,       /* bpf(cmd, attr, its size); attr is a union bpf_attr */
	STEP_READ,      /* result = decimal number in the file args[0] of file system cmd (kfs.h) */
	STEP_EXPECT,    /* the list in file args[0] of file system cmd has the word args[1], or
	                   several words in a row */
	STEP_PERF_OPEN, /* perf_event_open(attr, pid args[0], cpu args[1], group args[2], flags
	                   args[3]) */
	STEP_IOCTL,     /* ioctl(fd args[0], request cmd, args[1]) */
	STEP_OPEN,    /* open(path args[0], flags args[1]): a file or folder that a user has named,
	                 cmd KFS_COUNT; or one below the root of file system cmd */
	STEP_NETLINK, /* one message args[0] of family args[1] to the kernel, and its
	                 acknowledgement; args[2]: see netlink_ask() */
	STEP_IFINDEX, /* result = number of the network interface that is named args[0] */
	STEP_SOCKET,  /* socket(domain args[0], type args[1], protocol args[2]) */
	STEP_BIND,    /* bind(fd args[0], address args[1], its size) */
	STEP_SOCKOPT, /* setsockopt(fd args[0], level args[1], option cmd, the int args[2]) */
	STEP_SYMBOL, /* result = address of the kernel symbol args[0]; 0 for one that is missing, if
	                args[1] is not 0 */
	STEP_TYPES,  /* result = fd of the types (BTF) of the kernel module args[0] */
	STEP_FUNC,  /* result = BTF id of the function args[1] in the program whose fd is args[0] */
	STEP_ARENA, /* map args[1] bytes of the arena whose fd is args[0] at address args[2] (0:
	               any), write blob args[3] (or none) at byte args[4], unmap */
	STEP_SAME,  /* the map whose fd is args[0] has the shape that the attr of step args[1] gives
	             */
	STEP_MOUNT, /* mount file system cmd at its usual place, unless it is there already */
	STEP_MKDIR, /* mkdir(path args[0]) */
	STEP_REMOVE, /* remove the file or empty folder args[0] */
	STEP_UNIQUE, /* result = a number that no other step of any process gets: part of a name */
	STEP_APPEND, /* append the line args[1] to the file args[0] of file system cmd: one that
	                makes or removes a probe of our group in tracefs, as nothing else is allowed.
	                args[2]: the function that the line names, for messages. ENODEV: there is no
	                such file; other errnos are the kernel's answer to the line */
	STEP_GETFD,  /* result = copy of the descriptor args[1] of process args[0] (5.6) */
	STEP_OPS
};

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
	uint32_t cmd;    /* bpf command, ioctl request, file system */
	int16_t attr;    /* blob, PLAN_NONE without */
	int16_t slot;    /* takes the result, PLAN_NONE */
	int16_t prog;    /* the program that it is for: index in progs; PLAN_NONE: for all */
	int16_t instead; /* step that must have failed; PLAN_NONE: always */
	int16_t undoes;  /* PLAN_NONE; else it is done at the end, if that step has succeeded */
	uint16_t errs[PLAN_ERRS]; /* with one of these; 0: end */
	struct plan_arg args[PLAN_ARGS];
	const char *who;   /* "program 'hello' (tp/syscalls/sys_enter_execve)", "map 'counts'" */
	const char *doing; /* "load", "create", "attach" */
	const char *note;  /* a sentence for people who study the plan, or "" */
	const char *hint;  /* what to do when it fails with ENOENT, or "" */
	struct plan_hint hints[PLAN_HINTS]; /* with other errnos; no 0: end */
};

/* One of several types of records that share a map, told apart by their size. */
struct plan_kind {
	uint32_t type, size; /* id in plan.btf; bytes */
};

/* For showing: a map and where its definition went. */
struct plan_map {
	const char *name; /* full name as in the object */
	int16_t slot;
	int16_t init; /* blob with the initial value of a data section, PLAN_NONE */
	uint32_t map_type, key_size, value_size, max_entries, map_flags;
	uint32_t key_type, value_type, event_type; /* ids in plan.btf, 0 unknown */
	const char *event_note;                    /* how sure event_type is, or "" */
	struct plan_kind *kinds; /* event_type and the others that are sent, if there are any */
	size_t n_kinds;
	bool data;   /* a data section: its variables are what counts */
	bool frozen; /* its value can't change once loaded */
};

/* A CO-RE relocation of a program that found nothing. */
struct plan_poison {
	uint32_t insn;
	const char *what, *why;
};

struct plan_prog {
	const char *name, *sec;
	uint32_t prog_type, attach_type;
	int16_t slot;
	int16_t link;         /* slot of what attaches it, PLAN_NONE: loaded only */
	const char *why;      /* of a plan to look at: what is missing to attach it; or NULL */
	int16_t insns;        /* blob */
	const char **formats; /* of its bpf_printk calls */
	size_t n_formats;
	bool prints;         /* calls bpf_printk at all */
	bool unknown_format; /* some of its formats are not known */
	struct plan_poison *poison;
	size_t n_poison;
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

/*
 * Gives variable `name` of a data section (`const volatile` or not) the value that `text` spells,
 * by its BTF type: integers (0x too), IPv4 addresses (10.0.0.2), bool, char arrays, enums by name;
 * __be16, __be32 and __be64 are stored in network order. "VAR=VALUE" is split here.
 * Fails when no such variable exists (the hint lists those that do) or the text doesn't fit.
 */
bool plan_set(struct plan *p, const char *assignment, struct err *e);

/* Checks everything that executors rely on: indices in range, patches inside of blobs. For plans
 * from a file, which are not trusted; the planner's own pass as well. */
bool plan_check(const struct plan *p, struct err *e);

/* False for steps that fill their slot by what they do, without a descriptor or number to put
 * there: BPF_PROG_ATTACH, an ioctl, ... */
bool plan_step_gives(const struct plan *p, const struct plan_step *s);

/* ---- building (plan.c, hook/) ---- */

/* Everything a part of the planner needs. The first failure is kept in e; calls after it do
 * nothing harmful, so that a part can add all its steps and check once at the end. */
struct planner {
	struct plan *plan;
	struct err *e;
	bool failed;
};

int16_t plan_add_slot(struct planner *b, enum slot_kind kind, const char *name);
/* Copies size bytes; bytes NULL: zeroes. */
int16_t plan_add_blob(struct planner *b, const void *bytes, size_t size, const char *what);
/* size bytes that the kernel fills. */
int16_t plan_add_output(struct planner *b, size_t size, const char *what);
void plan_add_patch(struct planner *b, int16_t blob, struct plan_patch patch);

/* Adds a step; `like` supplies who, doing, prog. Returns its index, PLAN_NONE after a failure.
 * A STEP_BPF and a STEP_PERF_OPEN get an empty attr. */
int16_t plan_add_step(struct planner *b, enum step_op op, uint32_t cmd, int16_t slot,
	const struct plan_step *like);
/* Adds a copy of a step (its attr too) that stands in for it after the given errnos (0 = end). */
int16_t plan_add_instead(
	struct planner *b, int16_t step, const char *note, const uint16_t errs[static PLAN_ERRS]);
/* A string made in the plan's arena; NULL (memory is short) fails the planner and gives "". */
const char *plan_text(struct planner *b, const char *s);

/* Adds a step that undoes another at the end. */
int16_t plan_add_undo(struct planner *b, enum step_op op, uint32_t cmd, int16_t step);
struct plan_step *plan_step_at(struct planner *b, int16_t step);
/* Adds what to do when the step fails with that errno. text: static or of the plan's arena. */
void plan_add_hint(struct planner *b, int16_t step, uint16_t no, const char *text);

/* Sets a field of the attr of a STEP_BPF or STEP_PERF_OPEN by the name that the kernel gives it;
 * the ABI table knows where it is. The attr grows to the end of the field: its size is that of the
 * last field set. */
void attr_set(struct planner *b, int16_t step, const char *field, uint64_t value);
void attr_slot(struct planner *b, int16_t step, const char *field, int16_t slot);
void attr_blob(struct planner *b, int16_t step, const char *field, int16_t blob);
void attr_name(struct planner *b, int16_t step, const char *field, const char *name);
/* Takes a field out again: zero, without patches; the attr shrinks to the last field that is set.
 */
void attr_clear(struct planner *b, int16_t step, const char *field);

#endif
