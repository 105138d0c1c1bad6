/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "seen_impl.h"

#include "elf/base/format.h"

#include "elf/base/netlink_abi.h"
#include "loader/kernel/tracee_memory.h"

#include <string.h>
#include <sys/socket.h>

enum {
	LOG_MAX = 1 << 20,     /* of the kernel's log that is looked at */
	MESSAGE_MAX = 1 << 13, /* of a netlink request */
	LINE_MAX = 4096, /* written to a file of tracefs: MAX_EVENT_STR of the kernel is less */
};

static struct plan_step *step_of(struct reading *r)
{
	return plan_step_at(r->b, r->step);
}

static void start(struct reading *r, enum step_op op, uint32_t cmd, const char *doing)
{
	const struct plan_step like = {.prog = PLAN_NONE, .who = "", .doing = doing};
	r->step = plan_add_step(r->b, op, cmd, PLAN_NONE, &like);
}

/* Argument i of the step: a number, or a descriptor with a name. */
static void argument(struct reading *r, int i, int64_t value, bool is_fd)
{
	int16_t slot = is_fd ? seen_slot(r, (int)value) : PLAN_NONE;
	step_of(r)->args[i] = (struct plan_arg){value, slot, PLAN_NONE};
}

static void argument_blob(struct reading *r, int i, const void *bytes, size_t n, const char *what)
{
	int16_t blob = plan_add_blob(r->b, bytes, n, what);
	step_of(r)->args[i].blob = blob;
}

/* Reads the attr of the step; what cannot be read is zero. False if it is larger than the kernel allows: then
 * nothing but its size is kept. */
static bool read_struct(struct reading *r, uint64_t at, uint32_t size)
{
	if (r->b->failed)
		return false;
	struct plan_blob *attr = &r->b->plan->blobs[r->b->plan->steps[r->step].attr];
	*attr = (struct plan_blob){.size = size, .what = attr->what};
	if (size > TRACEE_ATTR_MAX)
		return false;
	attr->bytes = arena_alloc(r->b->plan->arena, size + sizeof(uint64_t));
	if (!attr->bytes) {
		plan_fail_memory(r->b);
		return false;
	}
	tracee_read(r->call->tid, at, attr->bytes, size);
	seen_attr(r);
	return !r->b->failed;
}

/* ---- one function per call; false: it has nothing to do with BPF ---- */

/* The log that a failed call has left, if it asked for one. */
static void read_log(struct reading *r)
{
	static const struct {
		uint32_t cmd;
		const char *buf, *size;
	} logs[] = {{BPF_PROG_LOAD, "log_buf", "log_size"},
		{BPF_BTF_LOAD, "btf_log_buf", "btf_log_size"}};
	for (size_t i = 0; i < sizeof logs / sizeof *logs; i++) {
		uint64_t at, size;
		if (step_of(r)->cmd != logs[i].cmd)
			continue;
		at = seen_field(r, logs[i].buf);
		size = seen_field(r, logs[i].size);
		size = size > LOG_MAX ? LOG_MAX : size;
		char *log = at && size ? arena_alloc(r->b->plan->arena, (size_t)size) : NULL;
		if (log && tracee_read_text(r->call->tid, at, log, (size_t)size) > 0)
			r->out->log = log;
	}
}

/* The program of a BPF_PROG_LOAD, for explanations of its failure. */
static void set_program(struct reading *r)
{
	struct plan *p = r->b->plan;
	struct plan_step *s = step_of(r);
	r->out->prog = (struct plan_prog){.name = "",
		.sec = "",
		.prog_type = (uint32_t)seen_field(r, "prog_type"),
		.slot = PLAN_NONE,
		.link = PLAN_NONE,
		.insns = PLAN_NONE};
	const struct plan_blob *attr = &p->blobs[s->attr];
	for (size_t i = 0; i < attr->n_patches; i++)
		if (attr->patches[i].what == PATCH_BLOB &&
			!strcmp(p->blobs[attr->patches[i].index].what, "insns"))
			r->out->prog.insns = (int16_t)attr->patches[i].index;
	p->progs = &r->out->prog;
	p->n_progs = 1;
	s->prog = 0;
	uint64_t btf = seen_field(r, "prog_btf_fd");
	if (btf)
		p->btf = seen_types(r, (int)btf);
}

static bool read_bpf(struct reading *r)
{
	const struct tracee_call *c = r->call;
	struct abi_cmd cmd;
	uint32_t number = (uint32_t)c->args[0];
	bool known = abi_cmd(number, &cmd);
	number = known ? number & ~(uint32_t)BPF_COMMON_ATTRS : number;
	start(r, STEP_BPF, number, known ? cmd.what : "Unknown command");
	if (!read_struct(r, c->args[1], (uint32_t)c->args[2]))
		return true;
	if (number == BPF_PROG_LOAD)
		set_program(r);
	if (c->returned && c->result >= 0)
		seen_learn_attr(r);
	else
		read_log(r);
	return true;
}

/* What a perf event is, for the calls that its descriptor is passed to. */
static void learn_event(struct reading *r)
{
	char name[64], type[48];
	const struct plan_blob *attr = &r->b->plan->blobs[step_of(r)->attr];
	const char *text = NULL;
	for (size_t i = 0; i < attr->n_patches; i++)
		if (attr->patches[i].what == PATCH_BLOB)
			text = (const char *)r->b->plan->blobs[attr->patches[i].index].bytes;
	uint64_t kind = seen_field(r, "type");
	if (text)
		text_print(name, sizeof name, "%s %.48s", *text == '/' ? "uprobe" : "kprobe", text);
	else if (abi_name(ABI_PERF_TYPES, kind))
		text_print(name, sizeof name, "%s event %llu", abi_nick(ABI_PERF_TYPES, kind, type),
			(unsigned long long)seen_field(r, "config"));
	else
		text_print(name, sizeof name, "perf event");
	seen_learn(r, (int)r->call->result, name);
}

static bool read_perf_open(struct reading *r)
{
	const struct tracee_call *c = r->call;
	uint32_t head[2] = {0}; /* type, size */
	tracee_read(c->tid, c->args[0], head, sizeof head);
	uint32_t size = head[1] < PERF_ATTR_SIZE_VER0 ? PERF_ATTR_SIZE_VER0 : head[1];
	start(r, STEP_PERF_OPEN, 0, "Open a perf event");
	bool whole = read_struct(r, c->args[0], size);
	for (int i = 0; i < 3; i++) /* pid, cpu, group */
		argument(r, i, (int32_t)c->args[i + 1], false);
	argument(r, 3, (int64_t)c->args[4], false);
	if (whole && !r->b->failed && c->returned && c->result >= 0)
		learn_event(r);
	return true;
}

static bool read_ioctl(struct reading *r)
{
	const struct tracee_call *c = r->call;
	uint32_t request = (uint32_t)c->args[1];
	if ((request >> 8 & 0xff) != '$')
		return false;
	start(r, STEP_IOCTL, request, "Control a perf event");
	argument(r, 0, (int32_t)c->args[0], true);
	bool program = request == PERF_EVENT_IOC_SET_BPF;
	argument(r, 1, program ? (int32_t)c->args[2] : (int64_t)c->args[2], program);
	return true;
}

static bool read_setsockopt(struct reading *r)
{
	const struct tracee_call *c = r->call;
	uint32_t option = (uint32_t)c->args[2];
	int32_t value = 0;
	bool attaches = option == SO_ATTACH_BPF || option == SO_ATTACH_REUSEPORT_EBPF;
	if ((uint32_t)c->args[1] != SOL_SOCKET ||
		!(attaches || option == SO_DETACH_BPF || option == SO_DETACH_REUSEPORT_BPF))
		return false;
	tracee_read(c->tid, c->args[3], &value, sizeof value);
	start(r, STEP_SOCKOPT, option, "Attach a program to a socket, or detach it");
	argument(r, 0, (int32_t)c->args[0], false);
	argument(r, 2, value, attaches);
	return true;
}

static bool read_request(struct reading *r, const uint8_t *bytes, size_t n)
{
	struct descriptor d;
	uint32_t fd_at = 0;
	const char *what = seen_message(r, (struct span){bytes, n, host_is_big()}, &fd_at);
	if (!what)
		return false;
	descriptor_read(r->seeing->kfs, r->call->pid, (int)r->call->args[0], &d);
	if (d.kind != DESCRIPTOR_NETLINK)
		return false;
	start(r, STEP_NETLINK, 0, "Send a request about a network interface");
	argument_blob(r, 0, bytes, n, what);
	return true;
}

static bool read_send(struct reading *r)
{
	uint8_t bytes[MESSAGE_MAX];
	const struct tracee_call *c = r->call;
	uint64_t n = c->args[2] > sizeof bytes ? sizeof bytes : c->args[2];
	return read_request(r, bytes, tracee_read(c->tid, c->args[1], bytes, (size_t)n));
}

static bool read_sendmsg(struct reading *r)
{
	uint8_t bytes[MESSAGE_MAX];
	const struct tracee_call *c = r->call;
	/* struct msghdr: void *name; int name_len (padded); struct iovec *iov; size_t iovlen */
	uint64_t at = c->args[1] + 2u * c->word;
	uint64_t iov = tracee_read_word(c->tid, at, c->word);
	uint64_t n = tracee_read_word(c->tid, at + c->word, c->word);
	return read_request(
		r, bytes, tracee_read_vector(c->tid, iov, n, c->word, bytes, sizeof bytes));
}

static bool read_write(struct reading *r)
{
	char line[LINE_MAX];
	const struct tracee_call *c = r->call;
	struct descriptor d;
	size_t n = sizeof line - 1;
	descriptor_read(r->seeing->kfs, c->pid, (int)c->args[0], &d);
	if (d.kind != DESCRIPTOR_PROBES)
		return false;
	if (c->call == TRACED_WRITEV)
		n = tracee_read_vector(c->tid, c->args[1], c->args[2], c->word, line, n);
	else
		n = tracee_read(
			c->tid, c->args[1], line, (size_t)(c->args[2] < n ? c->args[2] : n));
	line[n] = 0;
	line[strcspn(line, "\n")] = 0;
	start(r, STEP_APPEND, KFS_TRACE, "Define or remove a probe");
	argument_blob(r, 0, d.file, strlen(d.file) + 1, "file");
	argument_blob(r, 1, line, strlen(line) + 1, "line");
	return true;
}

static bool (*const readers[TRACED_COUNT])(struct reading *r) = {
	[TRACED_BPF] = read_bpf,
	[TRACED_PERF_OPEN] = read_perf_open,
	[TRACED_IOCTL] = read_ioctl,
	[TRACED_SETSOCKOPT] = read_setsockopt,
	[TRACED_SENDTO] = read_send,
	[TRACED_SEND] = read_send,
	[TRACED_SENDMSG] = read_sendmsg,
	[TRACED_WRITE] = read_write,
	[TRACED_WRITEV] = read_write,
};

bool seen_read(struct seeing *s, const struct tracee_call *c, struct seen *out, struct err *e)
{
	struct plan_builder b = {.plan = &out->plan, .e = e};
	struct reading r = {.seeing = s, .call = c, .out = out, .b = &b};
	arena_free(&s->call);
	*out = (struct seen){
		.plan = {.arena = &s->call,
			.path = "",
			.name = "",
			.release = "",
			.machine = "",
			.big = host_is_big()},
		.exec = {.plan = &out->plan,
			.outcomes = &out->outcome,
			.arena = &s->call,
			.kfs = s->kfs},
		.outcome = c->result < 0 ? (int)-c->result : 0,
		.result = c->result,
		.returned = c->returned,
		.pid = c->pid,
		.tid = c->tid,
		.took_ns = c->took_ns,
	};
	return c->call < TRACED_COUNT && readers[c->call] && readers[c->call](&r) && !e->set;
}

void seeing_close(struct seeing *s)
{
	arena_free(&s->call);
	arena_free(&s->names);
	s->known = NULL;
	s->n_known = s->known_room = 0;
}
