/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "printk_capture.h"

#include "elf/base/insn.h"
#include "loader/plan/abi.h"
#include "loader/plan/builder.h"

#include <errno.h>
#include <sys/mman.h>

/* A record written by the program below. */
enum {
	AT_TIME = 0,   /* u64 */
	AT_THREAD = 8, /* u64: pid << 32 | tid */
	AT_CPU = 16,   /* u64 */
	AT_COMM = 24,
	COMM_SIZE = 16,
	AT_TEXT = AT_COMM + COMM_SIZE,
	TEXT_SIZE = 1024, /* the kernel truncates lines to this, including the NUL */
	RECORD_SIZE = AT_TEXT + TEXT_SIZE,
};

/* Mnemonics for the program below. */
/* clang-format off */
#define MOV(d, s)          {BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0}
#define MOV_NUMBER(d, n)   {BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, n}
#define ADD_NUMBER(d, n)   {BPF_ALU64 | BPF_ADD | BPF_K, d, 0, 0, n}
#define LOAD(d, s, at)     {BPF_LDX | BPF_MEM | BPF_DW, d, s, at, 0}
#define STORE(d, at, s)    {BPF_STX | BPF_MEM | BPF_DW, d, s, at, 0}
#define STORE_ZERO(d, at)  {BPF_ST | BPF_MEM | BPF_W, d, 0, at, 0}
#define LOAD_MAP(d)        {BPF_LD | BPF_IMM | BPF_DW, d, BPF_PSEUDO_MAP_FD, 0, 0}, {0, 0, 0, 0, 0}
#define LOAD_VALUE(d)      {BPF_LD | BPF_IMM | BPF_DW, d, BPF_PSEUDO_MAP_VALUE, 0, 0}, {0, 0, 0, 0, 0}
#define ATOMIC_ADD(d, s)   {BPF_STX | BPF_ATOMIC | BPF_DW, d, s, 0, 0}
#define CALL(helper)       {BPF_JMP | BPF_CALL, 0, 0, 0, BPF_FUNC_##helper}
#define IF_ZERO(r, skip)   {BPF_JMP | BPF_JEQ | BPF_K, r, 0, skip, 0}
#define IF_ABOVE(r, n, to) {BPF_JMP | BPF_JGT | BPF_K, r, 0, to, n}
#define EXIT               {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}

enum { LOAD_SCRATCH = 4, LOAD_RING = 27, LOAD_LOST = 33 }; /* the instructions that load maps */

static const struct insn program[] = {
	/*  0 */ LOAD(6, 1, 0),                   /* r6 = the tracepoint's argument: the text */
	/*  1 */ STORE_ZERO(10, -4),
	/*  2 */ MOV(2, 10),
	/*  3 */ ADD_NUMBER(2, -4),               /* r2 = &key 0 */
	/*  4 */ LOAD_MAP(1),
	/*  6 */ CALL(map_lookup_elem),
	/*  7 */ IF_ZERO(0, 29),                  /* to 37 */
	/*  8 */ MOV(7, 0),                       /* r7 = the record, in memory of this CPU */
	/*  9 */ CALL(ktime_get_ns),
	/* 10 */ STORE(7, AT_TIME, 0),
	/* 11 */ CALL(get_current_pid_tgid),
	/* 12 */ STORE(7, AT_THREAD, 0),
	/* 13 */ CALL(get_smp_processor_id),
	/* 14 */ STORE(7, AT_CPU, 0),
	/* 15 */ MOV(1, 7),
	/* 16 */ ADD_NUMBER(1, AT_COMM),
	/* 17 */ MOV_NUMBER(2, COMM_SIZE),
	/* 18 */ CALL(get_current_comm),
	/* 19 */ MOV(1, 7),
	/* 20 */ ADD_NUMBER(1, AT_TEXT),
	/* 21 */ MOV_NUMBER(2, TEXT_SIZE),
	/* 22 */ MOV(3, 6),
	/* 23 */ CALL(probe_read_kernel_str),
	/* 24 */ IF_ABOVE(0, TEXT_SIZE, 12),      /* to 37; a negative errno is above, too */
	/* 25 */ MOV(3, 0),
	/* 26 */ ADD_NUMBER(3, AT_TEXT),          /* r3 = bytes of the record that are used */
	/* 27 */ LOAD_MAP(1),
	/* 29 */ MOV(2, 7),
	/* 30 */ MOV_NUMBER(4, 0),
	/* 31 */ CALL(ringbuf_output),
	/* 32 */ IF_ZERO(0, 4),                   /* to 37 */
	/* 33 */ LOAD_VALUE(1),
	/* 35 */ MOV_NUMBER(2, 1),
	/* 36 */ ATOMIC_ADD(1, 2),                /* no room: one more is lost */
	/* 37 */ MOV_NUMBER(0, 0),
	/* 38 */ EXIT,
};
/* clang-format on */

enum { INSNS = sizeof program / sizeof *program };

/* The sizes of a map. */
struct shape {
	uint32_t type, key, value, entries, flags;
};

static int16_t add_map(struct plan_builder *b, const char *name, const struct shape *shape)
{
	const struct plan_step like = {
		.who = "bpf_printk capture", .doing = "create map", .prog = PLAN_NONE};
	int16_t slot = plan_add_slot(b, SLOT_MAP, name);
	int16_t step = plan_add_step(b, STEP_BPF, BPF_MAP_CREATE, slot, &like);
	attr_set(b, step, ATTR(map_type), shape->type);
	attr_set(b, step, ATTR(key_size), shape->key);
	attr_set(b, step, ATTR(value_size), shape->value);
	attr_set(b, step, ATTR(max_entries), shape->entries);
	attr_set(b, step, ATTR(map_flags), shape->flags);
	attr_name(b, step, ATTR(map_name), name);
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_MEMLOCK;
	return slot;
}

/* Instruction `insn` loads the map of a slot. */
static void load_map(struct plan_builder *b, int16_t insns, uint32_t insn, int16_t slot)
{
	plan_add_patch(b, insns,
		(struct plan_patch){insn * INSN_SIZE + 4, 4, PATCH_SLOT, (uint16_t)slot, 0});
}

static int16_t add_program(struct plan_builder *b, int16_t scratch, int16_t ring, int16_t lost)
{
	static const char license[] = "Dual BSD/GPL";
	const struct plan_step like = {
		.who = "bpf_printk capture", .doing = "load", .prog = PLAN_NONE};
	uint8_t code[INSNS * INSN_SIZE];
	for (int i = 0; i < INSNS; i++)
		insn_put(code + i * INSN_SIZE, b->plan->big, program[i]);
	int16_t insns = plan_add_blob(b, code, sizeof code, "insns");
	load_map(b, insns, LOAD_SCRATCH, scratch);
	load_map(b, insns, LOAD_RING, ring);
	load_map(b, insns, LOAD_LOST, lost);
	int16_t slot = plan_add_slot(b, SLOT_PROG, "sonde_capture");
	int16_t step = plan_add_step(b, STEP_BPF, BPF_PROG_LOAD, slot, &like);
	attr_set(b, step, ATTR(prog_type), BPF_PROG_TYPE_RAW_TRACEPOINT);
	attr_set(b, step, ATTR(insn_cnt), INSNS);
	attr_blob(b, step, ATTR(insns), insns);
	attr_blob(b, step, ATTR(license), plan_add_blob(b, license, sizeof license, "license"));
	attr_name(b, step, ATTR(prog_name), "sonde_capture");
	return slot;
}

static void add_link(struct plan_builder *b, int16_t prog)
{
	static const char tracepoint[] = "bpf_trace_printk";
	const struct plan_step like = {
		.who = "bpf_printk capture", .doing = "attach", .prog = PLAN_NONE};
	int16_t slot = plan_add_slot(b, SLOT_LINK, "sonde_capture");
	int16_t step = plan_add_step(b, STEP_BPF, BPF_RAW_TRACEPOINT_OPEN, slot, &like);
	attr_blob(b, step, ATTR(raw_tracepoint.name),
		plan_add_blob(b, tracepoint, sizeof tracepoint, "name"));
	attr_slot(b, step, ATTR(raw_tracepoint.prog_fd), prog);
}

/* Mapped, the counter can be read without rights. */
static bool map_lost(struct printk_capture *t, int fd, struct err *e)
{
	void *page = mmap(NULL, sizeof *t->lost, PROT_READ, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		return err_sys(e, errno, "bpf_printk capture: map the number of lost lines");
	t->lost = page;
	return true;
}

bool printk_capture_plan(struct printk_capture *t, bool big, struct arena *a, struct err *e)
{
	struct plan_builder b = {.plan = &t->plan, .e = e};
	*t = (struct printk_capture){.plan = {.arena = a,
					     .path = "sonde",
					     .name = "printk capture",
					     .release = "",
					     .machine = "",
					     .big = big}};
	static const struct shape scratch_map = {BPF_MAP_TYPE_PERCPU_ARRAY, 4, RECORD_SIZE, 1, 0},
				  ring_shape = {BPF_MAP_TYPE_RINGBUF, 0, 0, PRINTK_RING_SIZE, 0},
				  lost_map = {BPF_MAP_TYPE_ARRAY, 4, 8, 1, BPF_F_MMAPABLE};
	int16_t scratch = add_map(&b, "sonde_scratch", &scratch_map);
	t->ring_slot = add_map(&b, "sonde_lines", &ring_shape);
	t->lost_slot = add_map(&b, "sonde_lost", &lost_map);
	add_link(&b, add_program(&b, scratch, t->ring_slot, t->lost_slot));
	return !b.failed;
}

bool printk_capture_open(struct printk_capture *t, struct arena *a, struct kfs *k,
	const struct sys_watch *watch, struct err *e)
{
	const char *log;
	if (!printk_capture_plan(t, host_is_big(), a, e) ||
		!exec_run(&t->live, &t->plan, a, k, watch, NULL, &log, e))
		return false;
	if (ring_map(&t->ring, exec_fd(&t->live, t->ring_slot), PRINTK_RING_SIZE, e) &&
		map_lost(t, exec_fd(&t->live, t->lost_slot), e))
		return true;
	printk_capture_close(t);
	return false;
}

int printk_capture_fd(const struct printk_capture *t)
{
	return exec_fd(&t->live, t->ring_slot);
}

struct delivery {
	printk_fn fn;
	void *ctx;
};

static bool deliver(void *ctx, const void *record, size_t len)
{
	const struct delivery *d = ctx;
	struct span s = {record, len, host_is_big()};
	uint64_t thread = span_u64(s, AT_THREAD);
	struct printk_line line = {.time_ns = span_u64(s, AT_TIME),
		.pid = (uint32_t)(thread >> 32),
		.tid = (uint32_t)thread,
		.cpu = (uint32_t)span_u64(s, AT_CPU)};
	struct span comm = span_sub(s, AT_COMM, COMM_SIZE), text = span_from(s, AT_TEXT);
	if (comm.n)
		memcpy(line.comm, comm.p, COMM_SIZE);
	line.text = (const char *)text.p;
	while (text.n && (!text.p[text.n - 1] || text.p[text.n - 1] == '\n'))
		text.n--;
	line.len = text.n;
	return !text.n || d->fn(d->ctx, &line);
}

long printk_capture_drain(struct printk_capture *t, printk_fn fn, void *ctx)
{
	struct delivery d = {fn, ctx};
	return ring_drain(&t->ring, deliver, &d);
}

uint64_t printk_capture_lost(const struct printk_capture *t)
{
	return __atomic_load_n(t->lost, __ATOMIC_RELAXED);
}

void printk_capture_close(struct printk_capture *t)
{
	struct err e = {0}; /* nothing of it can stay */
	if (t->lost)
		munmap(t->lost, sizeof *t->lost);
	t->lost = NULL;
	ring_unmap(&t->ring);
	exec_close(&t->live, &e);
}
