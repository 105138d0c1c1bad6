/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Saved plans from an enemy. Each case changes one thing in a plan that sonde made, so that the kernel
 * or sonde would read or write memory that is not the plan's, or touch what the plan has not made: the
 * plan is refused, with one line.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <cmocka.h>

#include "elf/base/netlink_abi.h"
#include "loader/plan/abi.h"
#include "loader/plan/builder.h"
#include "loader/plan/check.h"
#include "loader/plan/kernel_fs.h"
#include "objects.h"

struct made {
	struct span bytes;
	struct arena arena;
	struct target target;
	struct plan p;
	struct plan_builder b; /* for additions */
	struct err e;
};

static void make(struct made *t, const char *source, const char *on)
{
	*t = (struct made){.bytes = object_compile(source, host_is_big(), "-g")};
	const struct plan_options opt = {.target_args = &on, .n_target_args = on != NULL};
	object_target(&t->target, host_is_big(), NULL, &t->arena);
	if (!plan_object(&t->p, "x.bpf.o", t->bytes, &opt, &t->target, &t->arena, &t->e) ||
		!plan_check_saved(&t->p, &t->e))
		fail_msg("%s", t->e.text);
	t->b = (struct plan_builder){.plan = &t->p, .e = &t->e};
}

static void done(struct made *t)
{
	free((void *)(uintptr_t)t->bytes.p);
	arena_free(&t->arena);
}

/* The n-th step with this operation and command. */
static struct plan_step *nth(struct made *t, enum step_op op, uint32_t cmd, int n)
{
	for (size_t i = 0; i < t->p.n_steps; i++)
		if (t->p.steps[i].op == op && t->p.steps[i].cmd == cmd && n-- == 0)
			return &t->p.steps[i];
	fail_msg("no step with operation %d and command %u", op, cmd);
	return NULL;
}

static struct plan_step *bpf(struct made *t, uint32_t cmd)
{
	return nth(t, STEP_BPF, cmd, 0);
}

static struct abi_field field_of(const struct plan_step *s, const char *name)
{
	struct abi_field f;
	assert_true(abi_field_by_name(plan_step_layout(s), name, &f));
	return f;
}

static struct plan_blob *attr(struct made *t, const struct plan_step *s)
{
	return &t->p.blobs[s->attr];
}

static void set(struct made *t, const struct plan_step *s, const char *name, uint64_t value)
{
	const struct abi_field f = field_of(s, name);
	assert_true(abi_put(&f, attr(t, s)->bytes, attr(t, s)->size, value));
}

static struct plan_patch *patch(struct made *t, const struct plan_step *s, const char *name)
{
	const struct abi_field f = field_of(s, name);
	struct plan_blob *b = attr(t, s);
	for (size_t i = 0; i < b->n_patches; i++)
		if (b->patches[i].at == f.offset)
			return &b->patches[i];
	fail_msg("%s has no patch", name);
	return NULL;
}

static void drop_patch(struct made *t, const struct plan_step *s, const char *name)
{
	struct plan_blob *b = attr(t, s);
	*patch(t, s, name) = b->patches[b->n_patches - 1];
	b->n_patches--;
}

static struct plan_blob *pointee(struct made *t, const struct plan_step *s, const char *name)
{
	return &t->p.blobs[patch(t, s, name)->index];
}

static int16_t slot_of(struct made *t, enum slot_kind kind)
{
	for (size_t i = 0; i < t->p.n_slots; i++)
		if (t->p.slots[i].kind == kind)
			return (int16_t)i;
	return plan_add_slot(&t->b, kind, "added");
}

static void set_path(struct made *t, struct plan_step *s, const char *path)
{
	s->args[0].blob = plan_add_blob(&t->b, path, strlen(path) + 1, "path");
}

/* ---- attrs of bpf(2) ---- */

#define MAP(name, kind, value)                                                                     \
	"struct { __uint(type, BPF_MAP_TYPE_" kind "); __uint(max_entries, 4096);"                 \
	" __type(key, int); __type(value, " value "); } " name " SEC(\".maps\");\n"

static const char tracepoint[] = "int data = 7;\n" MAP(
	"counts", "HASH", "long") "SEC(\"tp/a/b\") int f(void *c) { int k = data; long v = 1;"
				  " bpf_map_update_elem(&counts, &k, &v, 0); return 0; }\n";

static void raw_pointer(struct made *t)
{
	const struct plan_step *s = bpf(t, BPF_PROG_LOAD);
	drop_patch(t, s, "insns");
	set(t, s, "insns", 0x400000);
}
static void added_to_pointer(struct made *t)
{
	set(t, bpf(t, BPF_PROG_LOAD), "license", 1);
}
static void more_insns(struct made *t)
{
	set(t, bpf(t, BPF_PROG_LOAD), "insn_cnt", 1000);
}
static void behind_the_start(struct made *t)
{
	patch(t, bpf(t, BPF_PROG_LOAD), "insns")->add = 8;
}
static void endless_license(struct made *t)
{
	struct plan_blob *b = pointee(t, bpf(t, BPF_PROG_LOAD), "license");
	memset(b->bytes, 'G', b->size);
}
static struct plan_step *logged(struct made *t)
{
	int n = 0;
	while (!(nth(t, STEP_BPF, BPF_PROG_LOAD, n)->flags & STEP_LOG))
		n++;
	return nth(t, STEP_BPF, BPF_PROG_LOAD, n);
}
static void long_log(struct made *t)
{
	set(t, logged(t), "log_size", UINT32_MAX);
}
static void log_over_input(struct made *t)
{
	const struct plan_step *s = logged(t);
	patch(t, s, "log_buf")->index = patch(t, s, "insns")->index;
	set(t, s, "log_size", 8);
}
static void insns_from_log(struct made *t)
{
	const struct plan_step *s = logged(t);
	patch(t, s, "insns")->index = patch(t, s, "log_buf")->index;
}
static void more_lines(struct made *t)
{
	set(t, bpf(t, BPF_PROG_LOAD), "line_info_rec_size", 4096);
}
static void count_from_slot(struct made *t)
{
	const struct plan_step *s = bpf(t, BPF_PROG_LOAD);
	plan_add_patch(&t->b, s->attr,
		(struct plan_patch){.at = field_of(s, "insn_cnt").offset,
			.size = 4,
			.what = PATCH_SLOT,
			.index = (uint16_t)slot_of(t, SLOT_NUMBER)});
}
static void type_from_slot(struct made *t)
{
	const struct plan_step *s = bpf(t, BPF_PROG_LOAD);
	plan_add_patch(&t->b, s->attr,
		(struct plan_patch){
			.size = 4, .what = PATCH_SLOT, .index = (uint16_t)slot_of(t, SLOT_NUMBER)});
}
static void raw_descriptor(struct made *t)
{
	const struct plan_step *s = bpf(t, BPF_PROG_LOAD);
	drop_patch(t, s, "prog_btf_fd");
	set(t, s, "prog_btf_fd", 3);
}
static void number_as_descriptor(struct made *t)
{
	patch(t, bpf(t, BPF_PROG_LOAD), "prog_btf_fd")->index = (uint16_t)slot_of(t, SLOT_NUMBER);
}
/* The patch that names the map in the instructions. */
static struct plan_patch *map_patch(struct made *t)
{
	struct plan_blob *b = pointee(t, bpf(t, BPF_PROG_LOAD), "insns");
	assert_true(b->n_patches > 0);
	return &b->patches[0];
}
static void raw_map_in_code(struct made *t)
{
	struct plan_blob *b = pointee(t, bpf(t, BPF_PROG_LOAD), "insns");
	bytes_put(b->bytes + map_patch(t)->at, 4, host_is_big(), 3);
	*map_patch(t) = b->patches[--b->n_patches];
}
static void number_as_map_in_code(struct made *t)
{
	map_patch(t)->index = (uint16_t)slot_of(t, SLOT_NUMBER);
}
static void other_code(struct made *t)
{
	map_patch(t)->at -= 4;
}
static void unknown_bytes(struct made *t)
{
	struct plan_blob *b = attr(t, bpf(t, BPF_MAP_CREATE));
	uint8_t *longer = arena_alloc(&t->arena, 200);
	memset(longer, 0, 200);
	memcpy(longer, b->bytes, b->size);
	longer[199] = 1;
	b->bytes = longer;
	b->size = 200;
}
static void oversized(struct made *t)
{
	struct plan_blob *b = attr(t, bpf(t, BPF_MAP_CREATE));
	uint8_t *longer = arena_alloc(&t->arena, 5000);
	memset(longer, 0, 5000);
	memcpy(longer, b->bytes, b->size);
	b->bytes = longer;
	b->size = 5000;
}
static void unknown_command(struct made *t)
{
	bpf(t, BPF_MAP_CREATE)->cmd = 99;
}
static void reads_entries(struct made *t)
{
	bpf(t, BPF_MAP_UPDATE_ELEM)->cmd = BPF_MAP_LOOKUP_ELEM;
}
static void deletes_entries(struct made *t)
{
	struct plan_step *s = bpf(t, BPF_MAP_UPDATE_ELEM);
	s->cmd = BPF_MAP_DELETE_ELEM;
	s->flags = 0;
}
static void descriptor_as_number(struct made *t)
{
	bpf(t, BPF_PROG_LOAD)->slot = slot_of(t, SLOT_NUMBER);
}
static void descriptor_dropped(struct made *t)
{
	bpf(t, BPF_PROG_LOAD)->slot = PLAN_NONE;
}
/* Its 0 would be closed as a descriptor. */
static void number_to_close(struct made *t)
{
	nth(t, STEP_READ, KFS_TRACE, 0)->slot = slot_of(t, SLOT_PERF);
}
static void log_of_a_map(struct made *t)
{
	bpf(t, BPF_MAP_CREATE)->flags |= STEP_LOG;
}
static void zero_of_a_map(struct made *t)
{
	bpf(t, BPF_MAP_CREATE)->flags |= STEP_UNLESS_ZERO;
}
static void short_value(struct made *t)
{
	pointee(t, bpf(t, BPF_MAP_UPDATE_ELEM), "value")->size--;
}
static void short_key(struct made *t)
{
	pointee(t, bpf(t, BPF_MAP_UPDATE_ELEM), "key")->size--;
}
static struct plan_step *data_map(struct made *t)
{
	const int16_t slot = (int16_t)patch(t, bpf(t, BPF_MAP_UPDATE_ELEM), "map_fd")->index;
	for (size_t i = 0; i < t->p.n_steps; i++)
		if (t->p.steps[i].slot == slot)
			return &t->p.steps[i];
	fail_msg("no map");
	return NULL;
}
static void other_fallback(struct made *t)
{
	const struct plan_step *s = data_map(t);
	for (size_t i = 0; i < t->p.n_steps; i++)
		if (&t->p.steps[i] != s && t->p.steps[i].slot == s->slot)
			set(t, &t->p.steps[i], "value_size", 4096);
}
static void opened_instead(struct made *t)
{
	const struct plan_step like = {.who = "w", .doing = "d", .prog = PLAN_NONE};
	const int16_t slot = data_map(t)->slot;
	int16_t step = plan_add_step(&t->b, STEP_BPF, BPF_OBJ_GET, slot, &like);
	attr_blob(&t->b, step, ATTR(pathname), plan_add_blob(&t->b, "/sys/fs/bpf/x", 14, "path"));
}
static void per_cpu(struct made *t)
{
	const struct plan_step *s = data_map(t);
	for (size_t i = 0; i < t->p.n_steps; i++)
		if (t->p.steps[i].slot == s->slot)
			set(t, &t->p.steps[i], "map_type", BPF_MAP_TYPE_PERCPU_ARRAY);
}
static void shown_larger(struct made *t)
{
	t->p.maps[0].value_size += 4;
}
static void shown_longer_keys(struct made *t)
{
	t->p.maps[0].key_size = 4096;
}
static void shown_more_entries(struct made *t)
{
	t->p.maps[0].max_entries *= 2;
}
static void shown_as_another(struct made *t)
{
	t->p.maps[0].map_type = BPF_MAP_TYPE_RINGBUF;
}

/* ---- perf events ---- */

static struct plan_step *event(struct made *t)
{
	return nth(t, STEP_PERF_OPEN, 0, 0);
}
static void long_event(struct made *t)
{
	set(t, event(t), "size", 4096);
}
static void event_bits(struct made *t)
{
	attr(t, event(t))->bytes[46] |= 1;
}
static void event_address(struct made *t)
{
	set(t, event(t), "kprobe_func", 0x1000);
}
static void event_group(struct made *t)
{
	event(t)->args[2].value = 3;
}
static void event_flags(struct made *t)
{
	event(t)->args[3].value |= 1 << 2;
}
static void other_request(struct made *t)
{
	nth(t, STEP_IOCTL, PERF_EVENT_IOC_SET_BPF, 0)->cmd = 0x5401;
}
static void raw_file(struct made *t)
{
	struct plan_step *s = nth(t, STEP_IOCTL, PERF_EVENT_IOC_ENABLE, 0);
	s->args[0].slot = PLAN_NONE;
	s->args[0].value = 1;
}
static void address_as_number(struct made *t)
{
	nth(t, STEP_IOCTL, PERF_EVENT_IOC_ENABLE, 0)->args[1].blob = 0;
}
static void other_file(struct made *t)
{
	set_path(t, nth(t, STEP_READ, KFS_TRACE, 0), "trace_pipe");
}
static void upwards(struct made *t)
{
	set_path(t, nth(t, STEP_READ, KFS_TRACE, 0), "events/../../../x");
}
static void other_file_system(struct made *t)
{
	nth(t, STEP_READ, KFS_TRACE, 0)->cmd = KFS_PROC;
}

/* ---- places ---- */

static const char in_cgroup[] = "SEC(\"cgroup/dev\") int f(void *c) { return 1; }\n";

static struct plan_step *place(struct made *t)
{
	return nth(t, STEP_OPEN, KFS_CGROUP2, 0);
}
static void emptied(struct made *t)
{
	place(t)->args[1].value = O_WRONLY | O_TRUNC;
}
static void created(struct made *t)
{
	place(t)->args[1].value = O_RDONLY | O_CREAT;
}
static void writable(struct made *t)
{
	struct plan_step *s = place(t);
	s->cmd = KFS_COUNT;
	s->args[1].value = O_RDWR;
	set_path(t, s, "/dev/watchdog");
}
static void above(struct made *t)
{
	set_path(t, place(t), "x/../..");
}
static void absolute(struct made *t)
{
	set_path(t, place(t), "/etc");
}
static void detaches_other(struct made *t)
{
	const struct plan_step *s = bpf(t, BPF_PROG_DETACH);
	drop_patch(t, s, "attach_bpf_fd");
}
static void detaches_elsewhere(struct made *t)
{
	set(t, bpf(t, BPF_PROG_DETACH), "attach_type", BPF_CGROUP_SYSCTL);
}
static void detaches_first(struct made *t)
{
	bpf(t, BPF_PROG_DETACH)->undoes = PLAN_NONE;
}

/* ---- netlink ---- */

static struct plan_step *message(struct made *t, uint16_t type, enum step_op op)
{
	for (size_t i = 0; i < t->p.n_steps; i++) {
		struct plan_step *s = &t->p.steps[i];
		struct plan_blob *b = s->op == op ? &t->p.blobs[s->args[0].blob] : NULL;
		if (b && bytes_get(b->bytes + NLMSG_TYPE, 2, host_is_big()) == type)
			return s;
	}
	fail_msg("no message %u", type);
	return NULL;
}
static uint8_t *bytes_of(struct made *t, const struct plan_step *s)
{
	return t->p.blobs[s->args[0].blob].bytes;
}
static void other_message(struct made *t)
{
	bytes_put(bytes_of(t, message(t, RTM_NEWTFILTER, STEP_NETLINK)) + NLMSG_TYPE, 2,
		host_is_big(), 17 /* RTM_DELLINK */);
}
static void other_family(struct made *t)
{
	message(t, RTM_NEWTFILTER, STEP_NETLINK)->args[1].value = 12;
}
static void replaces(struct made *t)
{
	bytes_put(bytes_of(t, message(t, RTM_NEWTFILTER, STEP_NETLINK)) + NLMSG_FLAGS, 2,
		host_is_big(), 0x500);
}
static void any_handle(struct made *t)
{
	t->p.blobs[message(t, RTM_DELTFILTER, STEP_NETLINK)->args[0].blob].n_patches--;
}
static void other_priority(struct made *t)
{
	bytes_of(t, message(t, RTM_DELTFILTER, STEP_NETLINK))[32] ^= 1;
}
static void removes_first(struct made *t)
{
	message(t, RTM_DELTFILTER, STEP_NETLINK)->undoes = PLAN_NONE;
}
static void other_qdisc(struct made *t)
{
	bytes_of(t, message(t, RTM_DELQDISC, STEP_DELQDISC))[28] ^= 1;
}
static void other_echo(struct made *t)
{
	message(t, RTM_NEWTFILTER, STEP_NETLINK)->args[2].value = 4096;
}
static void other_attribute(struct made *t)
{
	/* The kind becomes the hardware address. */
	bytes_put(bytes_of(t, message(t, RTM_NEWQDISC, STEP_NETLINK)) + 38, 2, host_is_big(), 9);
}
static void long_attribute(struct made *t)
{
	bytes_put(bytes_of(t, message(t, RTM_NEWQDISC, STEP_NETLINK)) + 36, 2, host_is_big(), 4096);
}
static void xdp_replaced(struct made *t)
{
	uint8_t *b = bytes_of(t, message(t, RTM_SETLINK, STEP_NETLINK));
	b[48] &= 0xfe; /* XDP_FLAGS_UPDATE_IF_NOEXIST */
}
static void xdp_removed(struct made *t)
{
	message(t, RTM_SETLINK, STEP_XDP_OFF)->op = STEP_NETLINK;
}

/* ---- sockets ---- */

static void other_socket(struct made *t)
{
	nth(t, STEP_SOCKET, 0, 0)->args[0].value = AF_INET;
}
static void other_option(struct made *t)
{
	nth(t, STEP_SOCKOPT, SO_ATTACH_BPF, 0)->cmd = SO_MARK;
}
static void other_level(struct made *t)
{
	nth(t, STEP_SOCKOPT, SO_ATTACH_BPF, 0)->args[1].value = 6 /* IPPROTO_TCP */;
}
static void long_address(struct made *t)
{
	nth(t, STEP_BIND, 0, 0)->args[1].blob = plan_add_blob(&t->b, tracepoint, 128, "address");
}

/* ---- blobs ---- */

/* A graph of which a recursive walk would take 30000^3 steps. */
static void fan(struct made *t)
{
	int16_t last = plan_add_blob(&t->b, "end", 4, "end");
	for (int level = 0; level < 3; level++) {
		static const uint8_t zero[240000];
		int16_t next = plan_add_blob(&t->b, zero, sizeof zero, "fan");
		for (uint32_t i = 0; i < 30000; i++)
			plan_add_patch(&t->b, next,
				(struct plan_patch){.at = i * 8,
					.size = 8,
					.what = PATCH_BLOB,
					.index = (uint16_t)last});
		last = next;
	}
	patch(t, bpf(t, BPF_PROG_LOAD), "insns")->index = (uint16_t)last;
}

static void cycle(struct made *t)
{
	struct plan_patch *own = patch(t, bpf(t, BPF_PROG_LOAD), "insns");
	own->index = (uint16_t)bpf(t, BPF_PROG_LOAD)->attr;
}

/* ---- run once ---- */

static void short_attr(struct made *t)
{
	attr(t, bpf(t, BPF_PROG_TEST_RUN))->size = 8;
}
static void long_context(struct made *t)
{
	const struct plan_step *s = bpf(t, BPF_PROG_TEST_RUN);
	plan_add_patch(&t->b, s->attr,
		(struct plan_patch){.at = field_of(s, "test.ctx_in").offset,
			.size = 8,
			.what = PATCH_BLOB,
			.index = (uint16_t)plan_add_blob(&t->b, "context", 8, "context")});
	set(t, s, "test.ctx_size_in", 8);
	if (!plan_check_saved(&t->p, &t->e))
		fail_msg("%s", t->e.text);
	set(t, s, "test.ctx_size_in", 64);
}
static void results_from_plan(struct made *t)
{
	const struct plan_step *s = bpf(t, BPF_PROG_TEST_RUN);
	plan_add_patch(&t->b, s->attr,
		(struct plan_patch){.at = field_of(s, "test.ctx_out").offset,
			.size = 8,
			.what = PATCH_BLOB,
			.index = (uint16_t)bpf(t, BPF_PROG_LOAD)->attr});
	set(t, s, "test.ctx_size_out", 8);
}

static const struct {
	const char *source, *on;
	void (*change)(struct made *t);
	const char *name;
} cases[] = {
#define CASE(source, on, change)                                                                   \
	{                                                                                          \
		source, on, change, #change                                                        \
	}
#define TP(change) CASE(tracepoint, NULL, change)
	TP(raw_pointer),
	TP(added_to_pointer),
	TP(more_insns),
	TP(behind_the_start),
	TP(endless_license),
	TP(long_log),
	TP(log_over_input),
	TP(insns_from_log),
	TP(more_lines),
	TP(count_from_slot),
	TP(type_from_slot),
	TP(raw_descriptor),
	TP(number_as_descriptor),
	TP(raw_map_in_code),
	TP(number_as_map_in_code),
	TP(other_code),
	TP(unknown_bytes),
	TP(oversized),
	TP(unknown_command),
	TP(reads_entries),
	TP(deletes_entries),
	TP(descriptor_as_number),
	TP(descriptor_dropped),
	TP(number_to_close),
	TP(log_of_a_map),
	TP(zero_of_a_map),
	TP(short_value),
	TP(short_key),
	TP(other_fallback),
	TP(opened_instead),
	TP(per_cpu),
	TP(shown_larger),
	TP(shown_longer_keys),
	TP(shown_more_entries),
	TP(shown_as_another),
	TP(long_event),
	TP(event_bits),
	TP(event_address),
	TP(event_group),
	TP(event_flags),
	TP(other_request),
	TP(raw_file),
	TP(address_as_number),
	TP(other_file),
	TP(upwards),
	TP(other_file_system),
	TP(fan),
	TP(cycle),
#define CGROUP(change) CASE(in_cgroup, "a/b", change)
	CGROUP(emptied),
	CGROUP(created),
	CGROUP(writable),
	CGROUP(above),
	CGROUP(absolute),
	CGROUP(detaches_other),
	CGROUP(detaches_elsewhere),
	CGROUP(detaches_first),
#define TC(change) CASE(OBJECT_PROGRAM("tc"), "eth0", change)
	TC(other_message),
	TC(other_family),
	TC(replaces),
	TC(any_handle),
	TC(other_priority),
	TC(removes_first),
	TC(other_qdisc),
	TC(other_echo),
	TC(other_attribute),
	TC(long_attribute),
	CASE(OBJECT_PROGRAM("xdp"), "eth0", xdp_replaced),
	CASE(OBJECT_PROGRAM("xdp"), "eth0", xdp_removed),
#define SOCKET(change) CASE(OBJECT_PROGRAM("socket"), "eth0", change)
	SOCKET(other_socket),
	SOCKET(other_option),
	SOCKET(other_level),
	SOCKET(long_address),
	CASE(OBJECT_PROGRAM("syscall"), NULL, short_attr),
	CASE(OBJECT_PROGRAM("syscall"), NULL, long_context),
	CASE(OBJECT_PROGRAM("syscall"), NULL, results_from_plan),
};

static void refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct made t;
		make(&t, cases[i].source, cases[i].on);
		cases[i].change(&t);
		if (t.b.failed || plan_check_saved(&t.p, &t.e))
			fail_msg("case %zu (%s) is taken", i, cases[i].name);
		if (strncmp(t.e.text, "x.bpf.o: damaged plan: ", 23) != 0)
			fail_msg("%s: %s", cases[i].name, t.e.text);
		done(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
