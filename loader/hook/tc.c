/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tc: packets of a network interface in either direction, with the kernel's own view of them. Any
 * number of programs, as links (tcx, 6.6). Before, a filter (direct-action, 4.4) of the queueing
 * discipline clsact (4.5): the latter is made if it isn't there, and what was made is removed at
 * the end. Actions have only the old way: behind a filter that matches everything (4.8).
 */
#include "removal.h"
#include "rtnetlink.h"

#include "loader/plan/abi.h"

#include <errno.h>

enum {
	TCA_KIND = 1,
	TCA_OPTIONS = 2,
	TCA_BPF_FD = 6,
	TCA_BPF_NAME = 7,
	TCA_BPF_FLAGS = 8,
	TCA_BPF_FLAG_ACT_DIRECT = 1,
	TCA_MATCHALL_ACT = 2,
	TCA_ACT_KIND = 1,
	TCA_ACT_OPTIONS = 2,
	TCA_ACT_BPF_PARMS = 2,
	TCA_ACT_BPF_FD = 5,
	TCA_ACT_BPF_NAME = 6,
	ETH_P_ALL = 3,
	NAME_ROOM = 40,   /* of the program, for people */
	PRIORITY = 50000, /* behind those that the kernel numbers itself, as a new link would be */
	HANDLE_AT = 16 + 8, /* in an RTM_NEWTFILTER */
	FIRST_HANDLE = 1
};

static const uint32_t clsact_parent = 0xfffffff1, clsact_handle = 0xffff0000;

struct way {
	const char *word;
	uint32_t attach_type, parent;
};

static const struct way ways[] = {
	{"ingress", BPF_TCX_INGRESS, 0xfffffff2},
	{"egress", BPF_TCX_EGRESS, 0xfffffff3},
};

static const struct way *way_of(struct planner *b, const struct hook_use *use, const char *word)
{
	const char *end = strrchr(use->hook->sec, '/');
	const char *said = end ? end + 1 : "";
	if (*said && *word && strcmp(said, word)) {
		hook_fail(b, NULL, "the section says %s and --on says %s", said, word);
		return NULL;
	}
	const char *wanted = *said ? said : *word ? word : "ingress";
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if (!strcmp(ways[i].word, wanted))
			return &ways[i];
	hook_fail(b, "INTERFACE:ingress (also without) or INTERFACE:egress", "'%s' is no direction",
		wanted);
	return NULL;
}

/* The header of a message about qdiscs and filters, with a struct tcmsg. info: the priority and the
 * protocol of a filter. */
static void start(struct rtnl_message *m, struct planner *b, uint16_t type, uint16_t flags,
	const struct iface *i, uint32_t parent, uint32_t info, int16_t handle_slot, uint32_t handle)
{
	rtnl_start(m, b, type, flags);
	rtnl_u32(m, 0); /* family */
	rtnl_iface(m, i);
	if (handle_slot == PLAN_NONE)
		rtnl_u32(m, handle);
	else
		rtnl_slot(m, handle_slot);
	rtnl_u32(m, parent);
	rtnl_u32(m, info);
}

static void qdisc_message(struct planner *b, int16_t step, uint16_t type, uint16_t flags,
	const struct iface *i, const char *what)
{
	struct rtnl_message m;
	start(&m, b, type, flags, i, clsact_parent, 0, PLAN_NONE, clsact_handle);
	rtnl_attr_text(&m, TCA_KIND, "clsact");
	rtnl_send(&m, step, what);
}

/* priority in the upper half, below it the protocol as it is on the wire */
static uint32_t filter_info(const struct planner *b, uint16_t priority)
{
	return (uint32_t)priority << 16 | (b->plan->big ? ETH_P_ALL : ETH_P_ALL << 8);
}

/* A filter: a program by itself, or one that lets every packet through to an action. */
struct filter {
	const char *kind;
	uint16_t priority;
	bool single;                             /* of a priority there is one only */
	const char *make, *remove, *note, *hint; /* for people */
	void (*options)(struct rtnl_message *m, int16_t prog, const char *name);
};

/* The qdisc, always or after the link was refused: made (and then removed at the end), or there
 * already. A slot tells the filter that it may come. */
static int16_t add_qdisc(
	struct planner *b, const struct hook_use *use, const struct iface *i, int16_t link)
{
	const char *who = link == PLAN_NONE ? "actions" : "kernels before 6.6";
	const char *note = plan_text(
		b, arena_printf(b->plan->arena,
			   "%s have no links here: if sonde is killed by SIGKILL, its filter stays "
			   "(sonde detach %s removes it)",
			   who, i->name));
	struct plan_step like = use->like;
	like.doing = "make room for a filter";
	int16_t slot = plan_add_slot(b, SLOT_NUMBER, "clsact");
	int16_t make = plan_add_step(b, STEP_NETLINK, 0, slot, &like);
	qdisc_message(b, make, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, i, "RTM_NEWQDISC clsact");
	struct plan_step *s = plan_step_at(b, make);
	s->fallback_for = link;
	s->errs[0] = link == PLAN_NONE ? 0 : EINVAL;
	s->flags |= STEP_NOTICE;
	s->note = note;
	s->hint = "this kernel has no clsact: CONFIG_NET_SCH_INGRESS, as a module "
		  "(modprobe sch_ingress)";
	int16_t undo = plan_add_undo(b, STEP_NETLINK, 0, make);
	qdisc_message(b, undo, RTM_DELQDISC, 0, i, "RTM_DELQDISC clsact");

	int16_t there = plan_add_step(b, STEP_NETLINK, 0, slot, &like);
	qdisc_message(b, there, RTM_NEWQDISC, 0, i, "RTM_NEWQDISC clsact");
	s = plan_step_at(b, there);
	s->fallback_for = make;
	s->errs[0] = EEXIST;
	s->flags |= STEP_NOTICE;
	s->note = note;
	plan_add_hint(b, there, EINVAL,
		"the interface has the qdisc 'ingress', which excludes clsact: tc qdisc show");
	return slot;
}

static void program_options(struct rtnl_message *m, int16_t prog, const char *name)
{
	rtnl_attr_slot(m, TCA_BPF_FD, prog);
	rtnl_attr_text(m, TCA_BPF_NAME, name);
	rtnl_attr_u32(m, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
}

/* A list of actions, with one: struct tc_act_bpf is index, capabilities, what to do when the
 * program does not say, and two counts. */
static void action_options(struct rtnl_message *m, int16_t prog, const char *name)
{
	size_t list = rtnl_open(m, TCA_MATCHALL_ACT), action = rtnl_open(m, 1);
	rtnl_attr_text(m, TCA_ACT_KIND, "bpf");
	size_t options = rtnl_open(m, TCA_ACT_OPTIONS);
	size_t parameters = rtnl_open(m, TCA_ACT_BPF_PARMS);
	for (int i = 0; i < 5; i++)
		rtnl_u32(m, 0);
	rtnl_close(m, parameters);
	rtnl_attr_slot(m, TCA_ACT_BPF_FD, prog);
	rtnl_attr_text(m, TCA_ACT_BPF_NAME, name);
	rtnl_close(m, options);
	rtnl_close(m, action);
	rtnl_close(m, list);
}

static const struct filter program_filter = {
	.kind = "bpf",
	.priority = PRIORITY,
	.make = "RTM_NEWTFILTER bpf",
	.remove = "RTM_DELTFILTER bpf",
	.note = "direct action: the program itself decides",
	.hint = "this kernel has no such filters: CONFIG_NET_CLS_BPF, as a module (modprobe "
		"cls_bpf)",
	.options = program_options,
};

static const struct filter action_filter = {
	.kind = "matchall",
	.single = true,
	.priority = PRIORITY + 1, /* each has one kind */
	.make = "RTM_NEWTFILTER matchall, action bpf",
	.remove = "RTM_DELTFILTER matchall",
	.note = "it matches every packet, and the program decides as its action",
	.hint = "this kernel has no such filters or actions: CONFIG_NET_CLS_MATCHALL, "
		"CONFIG_NET_ACT_BPF, as modules (modprobe -a cls_matchall act_bpf)",
	.options = action_options,
};

/* The message that adds a filter; handle 0: the kernel chooses. */
static void filter_message(struct planner *b, int16_t step, const struct filter *f,
	const struct iface *i, const struct way *way, const struct hook_use *use, uint32_t handle)
{
	struct rtnl_message m;
	const char *name = b->failed ? "" : b->plan->slots[use->prog_slot].name;
	start(&m, b, RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, i, way->parent,
		filter_info(b, f->priority), PLAN_NONE, handle);
	rtnl_attr_text(&m, TCA_KIND, f->kind);
	size_t options = rtnl_open(&m, TCA_OPTIONS);
	f->options(
		&m, use->prog_slot, plan_text(b, arena_strndup(b->plan->arena, name, NAME_ROOM)));
	rtnl_close(&m, options);
	rtnl_send(&m, step, f->make);
}

/* What removes the filter that a step has added, by the handle that it was given. */
static void undo_filter(struct planner *b, int16_t step, const struct filter *f,
	const struct iface *i, const struct way *way, int16_t handle)
{
	struct rtnl_message m;
	int16_t undo = plan_add_undo(b, STEP_NETLINK, 0, step);
	start(&m, b, RTM_DELTFILTER, 0, i, way->parent, filter_info(b, f->priority), handle, 0);
	rtnl_attr_text(&m, TCA_KIND, f->kind);
	rtnl_send(&m, undo, f->remove);
}

/* The first filter of sonde's takes number 1: where there is one, another sonde runs, or has been
 * killed. */
static void add_filter(struct planner *b, const struct hook_use *use, const struct filter *f,
	const struct iface *i, const struct way *way, int16_t link)
{
	static const char left[] =
		"a filter of sonde's is there already: of one that runs, or of one that was killed "
		"(sonde detach %s removes it)";
	int16_t qdisc = add_qdisc(b, use, i, link);
	int16_t handle = plan_add_slot(b, SLOT_NUMBER, "handle of the filter");
	int16_t step = plan_add_step(b, STEP_NETLINK, 0, handle, &use->like);
	filter_message(b, step, f, i, way, use, FIRST_HANDLE);
	struct plan_step *s = plan_step_at(b, step);
	s->fallback_for = link;
	s->errs[0] = link == PLAN_NONE ? 0 : EINVAL;
	s->args[2].value = HANDLE_AT;
	s->args[3].slot = qdisc; /* nothing without it */
	s->note = f->note;
	s->hint = f->hint;
	undo_filter(b, step, f, i, way, handle);
	const char *note = plan_text(b, arena_printf(b->plan->arena, left, i->name));
	if (f->single) {
		plan_add_hint(b, step, EEXIST, note);
		return;
	}
	int16_t other = plan_add_fallback(b, step, note, (uint16_t[PLAN_ERRS]){EEXIST});
	filter_message(b, other, f, i, way, use, 0);
	s = plan_step_at(b, other);
	s->flags |= STEP_NOTICE;
	undo_filter(b, other, f, i, way, handle);
}

static void remove_filters(struct planner *b, const struct hook_use *use, const struct iface *i,
	const struct way *way, const struct filter *f, const char *what)
{
	struct rtnl_message m;
	int16_t step = plan_add_step(b, STEP_NETLINK, 0, PLAN_NONE, &use->like);
	start(&m, b, RTM_DELTFILTER, 0, i, way->parent, filter_info(b, f->priority), PLAN_NONE, 0);
	rtnl_attr_text(&m, TCA_KIND, f->kind);
	rtnl_send(&m, step, f->remove);
	removal_mark(b, step,
		arena_printf(b->plan->arena, "removed the %s of %s (pref %u)", what, way->word,
			(unsigned)f->priority));
}

/* All filters of our priorities, by messages that name no handle. */
void removal_tc(struct planner *b, const struct hook_use *use)
{
	struct iface i;
	if (iface_open(b, use, &i) && *i.suffix)
		hook_fail(b, NULL, "'%s' is not an interface name", use->arg);
	for (size_t w = 0; w < sizeof ways / sizeof *ways && !b->failed; w++) {
		remove_filters(b, use, &i, &ways[w], &program_filter, "program");
		remove_filters(b, use, &i, &ways[w], &action_filter, "action");
	}
}

static void attach(struct planner *b, const struct hook_use *use)
{
	struct iface i;
	const struct way *way;
	if (!iface_open(b, use, &i) || !(way = way_of(b, use, i.suffix)))
		return;
	iface_warn(b, use, &i);
	if (use->hook->prog_type == BPF_PROG_TYPE_SCHED_ACT) {
		add_filter(b, use, &action_filter, &i, way, PLAN_NONE);
		return;
	}
	int16_t link = plan_add_step(b, STEP_BPF, BPF_LINK_CREATE, use->link_slot, &use->like);
	attr_slot(b, link, "link_create.prog_fd", use->prog_slot);
	iface_set(b, link, "link_create.target_ifindex", &i);
	attr_set(b, link, "link_create.attach_type", way->attach_type);
	add_filter(b, use, &program_filter, &i, way, link);
}

static const char both[] = "a packet of an interface, coming in or going out";
static const char ingress[] = "a packet coming in at an interface";
static const char egress[] = "a packet going out at an interface";

static const struct hook_method classifier[] = {
	{ABI_VERSION(6, 6), "BPF_LINK_CREATE"}, {0, "RTM_NEWTFILTER"}, {0}};
static const struct hook_method action[] = {{0, "RTM_NEWTFILTER"}, {0}};

#define TC(name, prog, type, minor, arg_, text)                                                    \
	{                                                                                          \
		.sec = name, .target = TARGET_NONE, .prog_type = BPF_PROG_TYPE_SCHED_##prog,       \
		.attach_type = type, .since = ABI_VERSION(4, minor), .arg_syntax = arg_,           \
		.what = text, .needs = "an interface", .attach = attach,                           \
		.methods = BPF_PROG_TYPE_SCHED_##prog == BPF_PROG_TYPE_SCHED_ACT ? action          \
		                                                                 : classifier      \
	}

static const struct hook hooks[] = {
	TC("tc/ingress", CLS, BPF_TCX_INGRESS, 5, "INTERFACE", ingress),
	TC("tcx/ingress", CLS, BPF_TCX_INGRESS, 5, "INTERFACE", ingress),
	TC("tc/egress", CLS, BPF_TCX_EGRESS, 5, "INTERFACE", egress),
	TC("tcx/egress", CLS, BPF_TCX_EGRESS, 5, "INTERFACE", egress),
	TC("tc", CLS, 0, 5, "INTERFACE[:ingress|egress]", both),
	TC("classifier", CLS, 0, 5, "INTERFACE[:ingress|egress]", both),
	TC("action", ACT, 0, 8, "INTERFACE[:ingress|egress]", both),
};

const struct hook_family tc_family = {"tc", hooks, sizeof hooks / sizeof *hooks};
