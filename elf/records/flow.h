/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Abstract interpretation of one function: what each register and stack slot holds before each
 * instruction, as far as record types depend on it.
 *
 *     struct flow w;
 *     flow_open(&w, object, arena);
 *     if (flow_run(&w, func, &visitor, 1))
 *             ... visitor.before() has been called with the state before each reachable instruction
 *
 * Values are constants, addresses (stack, maps, data, parameters, results of calls, each with an
 * offset) and origins: the result of a helper, a member of a type that BTF describes. Where paths
 * join, what they disagree on is dropped. A block is visited at most BLOCK_VISITS times, after which
 * everything in it is unknown; so the work is linear in the number of instructions. It is also
 * limited for all functions of an object together, since functions may overlap.
 *
 * The instructions are not trusted: registers, jump targets and offsets may be anything.
 */
#ifndef SONDE_FLOW_H
#define SONDE_FLOW_H

#include "elf/base/bpf_abi.h"
#include "elf/base/insn.h"
#include "elf/object/object.h"

#include <stddef.h>
#include <string.h>

enum value_kind {
	VALUE_UNKNOWN, /* with from_load: loaded from memory without a type */
	VALUE_NUMBER,  /* off */
	VALUE_UPTO,    /* a number between 0 and off */
	VALUE_MAP,     /* address of map `id` */
	VALUE_DATA,    /* address of data section map `id` + off */
	VALUE_STACK,   /* frame pointer + off */
	VALUE_PARAM,   /* argument id (1 to 5) of the function + off */
	VALUE_RESULT, /* result of the call at instruction `at` + off; id: for map lookups the map + 1,
	                  else 0 */
	VALUE_EITHER, /* one of several places + off, depending on the path: what register id holds where
	                  the paths join, at instruction `at`; see flow_slot_id() for stack slots */
	VALUE_PIECE, /* what is at offset off in an object of BTF type id; at: its maximum + 1, 0 unknown */
	VALUE_ADDRESS, /* the address of that */
	VALUE_OFFSET,  /* the offset of a member of BTF type id, from CO-RE */
	VALUE_DYNPTR,  /* stack only: a dynptr of the record reserved by the call at `at` */
};

/* What the result of a helper means, or what is computed from it. */
enum value_meaning {
	MEANS_NOTHING,
	MEANS_PID_TGID,
	MEANS_UID_GID,
	MEANS_KERNEL_STACK,
	MEANS_USER_STACK,
	MEANS_KERNEL_ADDRESS,
	MEANS_CGROUP,
	MEANS_TIME,      /* of CLOCK_MONOTONIC, in nanoseconds */
	MEANS_BOOT_TIME, /* of CLOCK_BOOTTIME */
	MEANS_NS,        /* the difference of two times of one clock */
	MEANS_US,
	MEANS_MS,
};

/* The part of a 64-bit result. */
enum value_part { PART_WHOLE, PART_LOW, PART_HIGH, PART_SHIFTED /* low << 32 */ };

/* 16 bytes, so that it is passed in registers. */
struct value {
	uint8_t kind; /* enum value_kind */
	uint8_t part : 2; /* enum value_part, of RESULT; of UNKNOWN: SHIFTED left, HIGH: two values in one */
	bool vague : 1;     /* an address, of which off is only the known part */
	bool is_signed : 1; /* of UNKNOWN and RESULT: was sign-extended */
	uint8_t none : 4;   /* 0, so that values can be compared by their bytes */
	uint8_t width;      /* of UNKNOWN, UPTO, PIECE: bytes loaded, 0 if computed since */
	uint8_t means;      /* enum value_meaning, of RESULT, UNKNOWN, UPTO, PIECE */
	uint32_t id, at;
	int32_t off; /* FLOW_FAR: not representable */
};

#define FLOW_FAR INT32_MIN

/* An offset or number, FLOW_FAR if it is out of range. */
static inline int32_t flow_off(int64_t off)
{
	return off > FLOW_FAR && off <= INT32_MAX ? (int32_t)off : FLOW_FAR;
}

enum {
	FLOW_REGS = 11,
	FLOW_SLOTS = 32,  /* known stack slots at a time; further ones are unknown */
	FLOW_SPILLS = 24, /* of these, when a slot with an unknown number is the last one */
};

struct flow_slot {
	int16_t off; /* from the frame pointer */
	uint8_t width;
	struct value v;
};

/* Copied with flow_copy() only: states that are kept have no room for more slots than they use. */
struct flow_state {
	struct value reg[FLOW_REGS];
	uint8_t n_slots;
	bool reached;
	struct flow_slot slots[FLOW_SLOTS]; /* in order of off, not overlapping */
};

static inline size_t flow_size(const struct flow_state *s)
{
	return offsetof(struct flow_state, slots) + s->n_slots * sizeof *s->slots;
}

static inline void flow_copy(struct flow_state *to, const struct flow_state *from)
{
	memcpy(to, from, flow_size(from));
}

/* Tables of an executable section, by instruction. */
struct flow_section {
	uint32_t *symbols; /* of its relocation + 1, 0 none */
	uint32_t *types;   /* BTF type of the member that CO-RE relocates, 0 none */
};

/* Values of a map always hold a time of one clock at this offset. */
struct flow_time {
	uint32_t map;
	int32_t off;
	uint8_t means; /* enum value_meaning */
};

/* A bit for a map, perhaps the same as that of others. */
static inline uint64_t flow_map_bit(uint32_t map)
{
	return (uint64_t)1 << map % 64;
}

struct flow_visitor;

struct flow {
	const struct object *o;
	const struct flow_time *times; /* n_times of them, set by the user after flow_open() */
	size_t n_times;
	struct arena *arena;  /* for tables of sections */
	struct arena scratch; /* for the current function */
	struct flow_section *sections;
	uint64_t steps; /* left */

	/* The current function. */
	uint64_t loads; /* maps from whose values 8 bytes are loaded, by flow_map_bit() */
	const struct obj_func *f;
	const struct insn *insns; /* decoded once: each is executed several times */
	uint32_t n;
	bool *is_target;         /* by instruction: of a jump */
	uint32_t *blocks;        /* by instruction: index of the block it starts + 1, else 0 */
	uint32_t *starts;        /* by block: its first instruction */
	uint32_t n_blocks, next; /* next: block to visit */
	struct flow_state **in; /* by block: state before its first instruction, NULL not reached */
	uint8_t *visits;        /* by block */
	bool *dirty;            /* by block: its state has changed since it was visited */
	uint32_t params[6]; /* BTF types of the objects that arguments 1 to 5 point to, 0 unknown */
	const struct flow_visitor *visitors; /* n_visitors of them; 0: the analysis goes on */
	size_t n_visitors;
};

/* Calls back, all optional. ctx comes first. */
struct flow_visitor {
	void *ctx;
	/* Before and after all others, once per function. */
	void (*start)(void *ctx, struct flow *w);
	void (*end)(void *ctx, struct flow *w);
	/* Each reachable instruction, in address order. */
	void (*before)(void *ctx, struct flow *w, uint32_t at, struct insn insn,
		const struct flow_state *s);
	/* Each path from one block to another: the state at its end, after instruction `from`. */
	void (*edge)(
		void *ctx, struct flow *w, uint32_t from, uint32_t to, const struct flow_state *s);
};

/* o and a are borrowed. False if memory is exhausted. */
bool flow_open(struct flow *w, const struct object *o, struct arena *a);
void flow_close(struct flow *w);

/* Analyses a function, then reports to the visitors, all in one pass. False if memory is exhausted. A
 * function that is too large, or too complex for the remaining steps, is not reported; w->n is 0 then. */
bool flow_run(
	struct flow *w, const struct obj_func *f, const struct flow_visitor *visitors, size_t n);

/* Of the function last run: executes instruction `at`, without following jumps. */
void flow_step(struct flow *w, struct flow_state *s, uint32_t at);

/* Of the function last run: the state before an instruction; not reached if it is unreachable. */
void flow_before(struct flow *w, uint32_t at, struct flow_state *s);

static inline struct insn flow_insn(const struct flow *w, uint32_t at)
{
	return w->insns[at];
}

/* The target of a jump; -1 if the instruction is none. */
int64_t flow_jump(struct insn insn, uint32_t at);

/* The function that instruction `at` calls, NULL: not a call of a subprogram. */
const struct obj_func *flow_callee(const struct flow *w, uint32_t at, struct insn insn);

/* The largest value of a number that is not negative, -1 unknown. */
int32_t flow_most(struct value v);

/* What the stack slot of this offset and width (bytes) holds. */
struct value flow_load(const struct flow_state *s, int64_t off, unsigned width);

static inline bool flow_same(struct value x, struct value y)
{
	uint64_t a[2], b[2]; /* a call of memcmp() would take longer than all the rest of a join */
	_Static_assert(sizeof x == sizeof a, "two words");
	memcpy(a, &x, sizeof a);
	memcpy(b, &y, sizeof b);
	return a[0] == b[0] && a[1] == b[1];
}

/* Whether a value is a time, not one with something added to it. */
static inline bool flow_is_time(struct value v)
{
	bool loaded = v.kind == VALUE_PIECE || v.kind == VALUE_UNKNOWN;
	return (v.means == MEANS_TIME || v.means == MEANS_BOOT_TIME) && v.part == PART_WHOLE &&
	       !v.vague && (loaded || (v.kind == VALUE_RESULT && !v.off));
}

/* Whether a value is an address of memory. */
static inline bool flow_is_place(struct value v)
{
	return v.kind >= VALUE_DATA && v.kind <= VALUE_EITHER && v.part == PART_WHOLE;
}

/* The id of VALUE_EITHER in a stack slot. */
static inline uint32_t flow_slot_id(int16_t off)
{
	return UINT16_MAX + 1 + (uint16_t)off;
}

/* Memory that a helper writes: the arguments are numbers of registers. */
struct flow_fill {
	uint8_t helper;
	uint8_t to;   /* argument: address */
	uint8_t size; /* argument: bytes; 0: always `bytes` */
	uint8_t kind; /* enum flow_fill_kind */
	uint8_t from; /* FILL_COPY: argument, address of the source; 0 unknown */
	uint8_t bytes;
};
enum flow_fill_kind { FILL_BYTES, FILL_TEXT, FILL_COPY, FILL_STACK };

/* NULL: the instruction calls no such helper. */
const struct flow_fill *flow_fill(struct insn insn);

/* The type of exactly `width` bytes at an offset of an object, 0: BTF has none. */
uint32_t flow_type_at(const struct btf *b, uint32_t type, int64_t off, uint64_t width);

#endif
