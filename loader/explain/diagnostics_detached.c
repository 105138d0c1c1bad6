/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "diagnostics_impl.h"

#include "elf/base/format.h"
#include "elf/base/netlink_abi.h"
#include "loader/kernel/interface.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <string.h>
#include <sys/klog.h>

enum {
	LOOK_MS = 1000,
	NAME_SIZE = 32,
	SYSLOG_ACTION_READ_ALL = 3,
	LOG_SIZE = 8192, /* of the end of the kernel log */
	WHY_SIZE = 200,
};

#define LINK(field) ATTR_FIELD(struct bpf_link_info, field)

/* A detached link keeps its descriptor, but has no target any more. */
static const struct detachable {
	uint32_t type;
	struct attr_field field; /* of struct bpf_link_info: 0 once it is detached */
	const char *what;
} detachables[] = {
	{BPF_LINK_TYPE_XDP, LINK(xdp.ifindex), "its interface was removed"},
	{BPF_LINK_TYPE_TCX, LINK(tcx.ifindex), "its interface was removed"},
	{BPF_LINK_TYPE_NETKIT, LINK(netkit.ifindex), "its interface was removed"},
	{BPF_LINK_TYPE_CGROUP, LINK(cgroup.cgroup_id), "its cgroup was removed"},
	{BPF_LINK_TYPE_NETNS, LINK(netns.netns_ino), "its network namespace was removed"},
	{BPF_LINK_TYPE_STRUCT_OPS, LINK(struct_ops.map_id), "the kernel unregistered it"},
};

/* Whether the interface of a message is gone: that of a tc filter or an XDP program without a link. */
static bool interface_is_gone(const struct exec *x, const struct plan_blob *message)
{
	enum { AT = NLMSG_HEADER + IFINFO_INDEX }; /* and of struct tcmsg */
	uint8_t reply[INTERFACE_REPLY_MAX];
	struct span xdp;
	uint32_t index = bytes_get32(message->bytes + AT, x->plan->big);
	for (size_t i = 0; i < message->n_patches; i++)
		if (message->patches[i].at == AT)
			index = (uint32_t)x->slots[message->patches[i].index].value;
	return interface_xdp(index, reply, &xdp) == -ENODEV;
}

/* The message with which a step attaches a program to an interface; NULL if it does something else. */
static const struct plan_blob *message_of(const struct plan *p, const struct plan_step *s)
{
	const struct plan_blob *m = s->op == STEP_NETLINK ? &p->blobs[s->args[0].blob] : NULL;
	uint16_t type = m ? (uint16_t)bytes_get(m->bytes + NLMSG_TYPE, 2, p->big) : 0;
	return type == RTM_NEWTFILTER || type == RTM_SETLINK ? m : NULL;
}

/* What ends the attachment that a step has made; NULL: nothing. *now: it has happened. */
static const struct detachable *look(const struct exec *x, const struct plan_step *s, bool *now)
{
	static const struct detachable without_link = {0, {0, 0}, "its interface was removed"};
	struct bpf_link_info info = {0};
	uint32_t n = sizeof info;
	const struct plan_blob *message = message_of(x->plan, s);
	*now = message && interface_is_gone(x, message);
	if (message)
		return &without_link;
	if (exec_fd(x, s->slot) < 0 || sys_info(x->watch, exec_fd(x, s->slot), &info, &n) < 0)
		return NULL;
	for (size_t i = 0; i < sizeof detachables / sizeof *detachables; i++) {
		const struct detachable *d = &detachables[i];
		*now = !attr_number(&info, sizeof info, d->field);
		if (d->type == info.type)
			return d;
	}
	return NULL;
}

/* Whether a sched_ext scheduler is running. One that is ejected keeps its link; the kernel logs the
 * reason before it says "disabled". */
static bool schedules(const struct exec *x)
{
	char state[NAME_SIZE];
	return kfs_read_text(x->kfs, KFS_SYS, "kernel/sched_ext/state", state, sizeof state) <= 0 ||
	       strncmp(state, "disabled", 8) != 0;
}

/*
 * Why the last scheduler was ejected, ": REASON: MESSAGE", or "" if unknown. The kernel log (untrusted)
 * has
 *	<6>[   14.69] sched_ext: BPF scheduler "NAME" disabled (REASON)
 *	<6>[   14.69] sched_ext: NAME: MESSAGE
 */
static void ejection(char why[static WHY_SIZE])
{
	static const char mark[] = "BPF scheduler \"", end[] = "\" disabled (";
	char log[LOG_SIZE];
	const char *name = NULL, *next, *message;
	int n = klogctl(SYSLOG_ACTION_READ_ALL, log, sizeof log - 1);
	log[n > 0 ? n : 0] = 0;
	*why = 0;
	for (const char *at = log; (at = strstr(at, mark)); name = at)
		at += sizeof mark - 1;
	const char *reason = name ? strstr(name, end) : NULL;
	if (!reason)
		return;
	int name_len = (int)(reason - name);
	reason += sizeof end - 1;
	int len = text_print(why, WHY_SIZE, ": %.*s", (int)strcspn(reason, ")\n"), reason);
	next = strchr(reason, '\n');
	message = next ? strstr(next, "sched_ext: ") : NULL;
	if (!message || len >= WHY_SIZE)
		return;
	message += sizeof "sched_ext: " - 1;
	if (!strncmp(message, name, (size_t)name_len) && message[name_len] == ':')
		text_print(why + len, WHY_SIZE - (size_t)len, "%.*s",
			(int)strcspn(message + name_len, "\n"), message + name_len);
}

/* Whether the object has a scheduler, as the names of its types tell: the kernel may have ejected it
 * before its state is first looked at. */
static bool has_scheduler(const struct plan *p)
{
	static const char name[] = "sched_ext_ops";
	return p->btf.n && memmem(p->btf.p, p->btf.n, name, sizeof name - 1);
}

/* Probes stay as long as their links, so these are not even asked about. */
static bool may_end(const struct plan_prog *prog)
{
	switch (prog->prog_type) {
	case BPF_PROG_TYPE_KPROBE:
	case BPF_PROG_TYPE_TRACEPOINT:
	case BPF_PROG_TYPE_RAW_TRACEPOINT:
	case BPF_PROG_TYPE_PERF_EVENT:
	case BPF_PROG_TYPE_TRACING:
	case BPF_PROG_TYPE_EXT:
	case BPF_PROG_TYPE_SYSCALL:
		return false;
	case BPF_PROG_TYPE_LSM:
		return prog->attach_type == BPF_LSM_CGROUP;
	default:
		return true;
	}
}

/* The program that a step attaches, to one of its targets; NULL if it does something else. */
static const struct plan_prog *program_of(const struct plan *p, const struct plan_step *s)
{
	bool link = s->slot != PLAN_NONE && s->op != STEP_NETLINK &&
	            p->slots[s->slot].kind == SLOT_LINK;
	if (s->undoes != PLAN_NONE || (!link && !message_of(p, s)))
		return NULL;
	if (s->prog != PLAN_NONE)
		return &p->progs[s->prog];
	for (size_t i = 0; i < p->n_progs; i++)
		if (p->progs[i].link == s->slot)
			return &p->progs[i]; /* the map of a struct_ops attaches several */
	return NULL;
}

struct detach_check detach_check_start(const struct exec *x, diagnostic_fn fn, void *ctx)
{
	const struct plan *p = x->plan;
	struct detach_check c = {.x = x, .fn = fn, .ctx = ctx};
	bool now, ops = false, elsewhere = false;
	c.attached = arena_array(x->arena, p->n_steps, sizeof *c.attached);
	for (size_t i = 0; i < p->n_steps && c.attached; i++) {
		const struct plan_step *s = &p->steps[i];
		const struct plan_prog *prog =
			x->outcomes[i] == OUTCOME_OK ? program_of(p, s) : NULL;
		elsewhere |= s->op == STEP_NETNS;
		/* Interfaces of another namespace are not visible from here. */
		if (!prog || !may_end(prog) || (elsewhere && s->op == STEP_NETLINK))
			continue;
		c.attached[i] = look(x, s, &now) && !now;
		c.any |= c.attached[i];
		ops |= c.attached[i] && prog->prog_type == BPF_PROG_TYPE_STRUCT_OPS;
	}
	c.schedules = ops && has_scheduler(p);
	c.any |= c.schedules;
	return c;
}

uint32_t detach_check_tick(struct detach_check *c)
{
	const struct diagnostics d = {c->x, c->fn, c->ctx};
	const struct plan *p = c->x->plan;
	bool now = false;
	for (size_t i = 0; i < p->n_steps && c->any; i++) {
		const struct plan_step *s = &p->steps[i];
		const struct detachable *found = c->attached[i] ? look(c->x, s, &now) : NULL;
		if (!found || !now)
			continue;
		c->attached[i] = false;
		diagnostics_say(&d, "'%s' is no longer attached: %s",
			s->prog != PLAN_NONE ? p->progs[s->prog].name : p->slots[s->slot].name,
			found->what);
	}
	if (c->schedules && !schedules(c->x)) {
		c->schedules = false;
		char why[WHY_SIZE];
		ejection(why);
		diagnostics_say(&d, "the kernel ejected the scheduler%s",
			*why ? why : ": the reason is in the kernel log");
	}
	return c->any ? LOOK_MS : 0;
}
