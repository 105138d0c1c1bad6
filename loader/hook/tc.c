/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * tc: packets received or sent by a network interface, as sk_buffs. Several programs may attach, with
 * links (tcx, 6.6). The fallback is a direct-action filter (4.4) of the qdisc clsact (4.5); clsact is
 * added if the interface has none, and what was added is removed on exit. Actions have no links: they
 * are attached to a filter that matches all packets (4.8).
 */
#include "order.h"
#include "removal.h"
#include "rtnetlink.h"

#include "loader/plan/abi.h"

#include <errno.h>

enum {
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
	PRIORITY = 50000,   /* after automatic priorities, which count down from 49152 */
	HANDLE_AT = 16 + 8, /* offset in an RTM_NEWTFILTER */
	FIRST_HANDLE = 1
};

static const uint32_t clsact_parent = 0xfffffff1, clsact_handle = 0xffff0000;

struct direction {
	const char *word;
	uint32_t attach_type, parent;
};

static const struct direction directions[] = {
	{"ingress", BPF_TCX_INGRESS, TC_INGRESS},
	{"egress", BPF_TCX_EGRESS, TC_EGRESS},
};

static const char *const direction_words[] = {"ingress", "egress", ORDER_WORDS, NULL};

/* The direction of the section name or of the target argument (word, "" if omitted). */
static const struct direction *direction_of(
	struct plan_builder *b, const struct hook_use *use, const char *word)
{
	const char *slash = strrchr(use->hook->sec, '/');
	const char *of_section = slash ? slash + 1 : "";
	if (*of_section && *word && strcmp(of_section, word)) {
		hook_fail(b, NULL, "the section name has %s, but --on has %s", of_section, word);
		return NULL;
	}
	const char *name = *of_section ? of_section : *word ? word : "ingress";
	for (size_t i = 0; i < sizeof directions / sizeof *directions; i++)
		if (!strcmp(directions[i].word, name))
			return &directions[i];
	hook_fail(b, PACKED("INTERFACE:ingress (the default) or INTERFACE:egress"),
		"'%s' is not a direction", name);
	return NULL;
}

/* Starts a message about a qdisc or filter: header and struct tcmsg. info: priority and protocol of a
 * filter. */
static void start(struct rtnl_message *m, struct plan_builder *b, uint16_t type, uint16_t flags,
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

static void qdisc_message(struct plan_builder *b, int16_t step, uint16_t type, uint16_t flags,
	const struct iface *i, const char *what)
{
	struct rtnl_message m;
	start(&m, b, type, flags, i, clsact_parent, 0, PLAN_NONE, clsact_handle);
	rtnl_attr_text(&m, TCA_KIND, "clsact");
	rtnl_send(&m, step, what);
}

/* tcm_info: priority in the upper half, protocol in network byte order in the lower half. */
static uint32_t filter_info(const struct plan_builder *b, uint16_t priority)
{
	return (uint32_t)priority << 16 | (b->plan->big ? ETH_P_ALL : ETH_P_ALL << 8);
}

/* A kind of filter: the program itself, or one that passes all packets to an action. */
struct filter {
	const char *kind;
	uint16_t priority;
	bool single;               /* one filter per priority */
	const char *make, *remove; /* names of the messages */
	const char *note, *hint;
	void (*options)(struct rtnl_message *m, const struct hook_use *use);
};

/* Adds clsact, unless it exists: always, or as a fallback of step `link`. Returns the slot without
 * which the filter is skipped. */
static int16_t add_qdisc(
	struct plan_builder *b, const struct hook_use *use, const struct iface *i, int16_t link)
{
	const char *why = link == PLAN_NONE ? "tc actions have no links"
	                                    : "kernels before 6.6 have no tcx links";
	const char *note = plan_text(
		b, arena_printf(b->plan->arena,
			   "%s: if sonde is killed by SIGKILL, its filter stays (sonde detach %s "
			   "removes it)",
			   why, i->place));
	struct plan_step like = use->like;
	like.doing = "add the qdisc clsact";
	int16_t slot = plan_add_slot(b, SLOT_NUMBER, "clsact");
	int16_t make = plan_add_step(b, STEP_NETLINK, 0, slot, &like);
	qdisc_message(b, make, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, i, "RTM_NEWQDISC clsact");
	struct plan_step *s = plan_step_at(b, make);
	s->fallback_for = link;
	s->errs[0] = link == PLAN_NONE ? 0 : EINVAL;
	s->flags |= STEP_NOTICE;
	s->note = note;
	s->hint = "this kernel has no clsact: CONFIG_NET_SCH_INGRESS, or the module sch_ingress "
		  "(modprobe sch_ingress)";
	int16_t undo = plan_add_undo(b, STEP_DELQDISC, 0, make);
	qdisc_message(b, undo, RTM_DELQDISC, 0, i, "RTM_DELQDISC clsact");
	iface_arg(b, undo, 1, i);

	int16_t existing = plan_add_step(b, STEP_NETLINK, 0, slot, &like);
	qdisc_message(b, existing, RTM_NEWQDISC, 0, i, "RTM_NEWQDISC clsact");
	s = plan_step_at(b, existing);
	s->fallback_for = make;
	s->errs[0] = EEXIST;
	s->flags |= STEP_NOTICE;
	s->note = note;
	plan_add_hint(b, existing, EINVAL,
		"the interface has the qdisc 'ingress', which excludes clsact: tc qdisc show");
	return slot;
}

static void program_options(struct rtnl_message *m, const struct hook_use *use)
{
	rtnl_attr_slot(m, TCA_BPF_FD, use->prog_slot);
	rtnl_attr_prog_name(m, TCA_BPF_NAME, use);
	rtnl_attr_u32(m, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
}

/* A list of one action. struct tc_act_bpf has five zero fields: index, capabilities, default action
 * and two counters. */
static void action_options(struct rtnl_message *m, const struct hook_use *use)
{
	size_t list = rtnl_open(m, TCA_MATCHALL_ACT), action = rtnl_open(m, 1);
	rtnl_attr_text(m, TCA_ACT_KIND, "bpf");
	size_t options = rtnl_open(m, TCA_ACT_OPTIONS);
	size_t parameters = rtnl_open(m, TCA_ACT_BPF_PARMS);
	for (int i = 0; i < 5; i++)
		rtnl_u32(m, 0);
	rtnl_close(m, parameters);
	rtnl_attr_slot(m, TCA_ACT_BPF_FD, use->prog_slot);
	rtnl_attr_prog_name(m, TCA_ACT_BPF_NAME, use);
	rtnl_close(m, options);
	rtnl_close(m, action);
	rtnl_close(m, list);
}

static const struct filter program_filter = {
	.kind = "bpf",
	.priority = PRIORITY,
	.make = "RTM_NEWTFILTER bpf",
	.remove = "RTM_DELTFILTER bpf",
	.note = "direct action: the program returns the verdict",
	.hint = "this kernel has no bpf filters: CONFIG_NET_CLS_BPF, or the module cls_bpf "
		"(modprobe cls_bpf)",
	.options = program_options,
};

static const struct filter action_filter = {
	.kind = "matchall",
	.single = true,
	.priority = PRIORITY + 1, /* filters of one priority have one kind */
	.make = "RTM_NEWTFILTER matchall, action bpf",
	.remove = "RTM_DELTFILTER matchall",
	.note = "matches all packets; the program is its action and returns the verdict",
	.hint = "this kernel has no matchall filters or bpf actions: CONFIG_NET_CLS_MATCHALL, "
		"CONFIG_NET_ACT_BPF, or their modules (modprobe -a cls_matchall act_bpf)",
	.options = action_options,
};

/* The message that adds a filter; handle 0: the kernel chooses. */
static void filter_message(struct plan_builder *b, int16_t step, const struct filter *f,
	const struct iface *i, const struct direction *direction, const struct hook_use *use,
	uint32_t handle)
{
	struct rtnl_message m;
	start(&m, b, RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, i, direction->parent,
		filter_info(b, f->priority), PLAN_NONE, handle);
	rtnl_attr_text(&m, TCA_KIND, f->kind);
	size_t options = rtnl_open(&m, TCA_OPTIONS);
	f->options(&m, use);
	rtnl_close(&m, options);
	rtnl_send(&m, step, f->make);
}

/* Undoes a step that added a filter, by the handle that the kernel returned. */
static void undo_filter(struct plan_builder *b, int16_t step, const struct filter *f,
	const struct iface *i, const struct direction *direction, int16_t handle)
{
	struct rtnl_message m;
	int16_t undo = plan_add_undo(b, STEP_NETLINK, 0, step);
	start(&m, b, RTM_DELTFILTER, 0, i, direction->parent, filter_info(b, f->priority), handle,
		0);
	rtnl_attr_text(&m, TCA_KIND, f->kind);
	rtnl_send(&m, undo, f->remove);
}

/* The first filter of sonde has handle 1. If that exists, another sonde is running or was killed; the
 * kernel then chooses the handle. */
static void add_filter(struct plan_builder *b, const struct hook_use *use, const struct filter *f,
	const struct iface *i, const struct direction *direction, int16_t link)
{
	static const char exists[] = "a filter of sonde exists already: another sonde is running "
				     "or was killed (sonde detach %s removes it)";
	int16_t qdisc = add_qdisc(b, use, i, link);
	int16_t handle = plan_add_slot(b, SLOT_NUMBER, "handle of the filter");
	int16_t step = plan_add_step(b, STEP_NETLINK, 0, handle, &use->like);
	filter_message(b, step, f, i, direction, use, FIRST_HANDLE);
	struct plan_step *s = plan_step_at(b, step);
	s->fallback_for = link;
	s->errs[0] = link == PLAN_NONE ? 0 : EINVAL;
	s->args[2].value = HANDLE_AT;
	s->args[3].slot = qdisc; /* skips the step while the slot is empty */
	s->note = f->note;
	s->hint = f->hint;
	undo_filter(b, step, f, i, direction, handle);
	const char *note = plan_text(b, arena_printf(b->plan->arena, exists, i->place));
	if (f->single) {
		plan_add_hint(b, step, EEXIST, note);
		return;
	}
	int16_t other = plan_add_fallback(b, step, note, (uint16_t[PLAN_ERRS]){EEXIST});
	filter_message(b, other, f, i, direction, use, 0);
	s = plan_step_at(b, other);
	s->flags |= STEP_NOTICE;
	undo_filter(b, other, f, i, direction, handle);
}

static void remove_filters(struct plan_builder *b, const struct hook_use *use,
	const struct iface *i, const struct direction *direction, const struct filter *f,
	const char *what)
{
	struct rtnl_message m;
	int16_t step = plan_add_step(b, STEP_NETLINK, 0, PLAN_NONE, &use->like);
	start(&m, b, RTM_DELTFILTER, 0, i, direction->parent, filter_info(b, f->priority),
		PLAN_NONE, 0);
	rtnl_attr_text(&m, TCA_KIND, f->kind);
	rtnl_send(&m, step, f->remove);
	removal_mark(b, step,
		arena_printf(b->plan->arena, "removed the %s of %s (pref %u)", what,
			direction->word, (unsigned)f->priority));
}

/* Messages without a handle delete all filters of a priority. */
void removal_tc(struct plan_builder *b, const struct hook_use *use)
{
	struct iface i;
	if (!iface_open(b, use, NULL, &i))
		return;
	for (size_t w = 0; w < sizeof directions / sizeof *directions && !b->failed; w++) {
		remove_filters(b, use, &i, &directions[w], &program_filter, "program");
		remove_filters(b, use, &i, &directions[w], &action_filter, "action");
	}
	iface_close(b, use, &i);
}

static void attach(struct plan_builder *b, const struct hook_use *use)
{
	struct iface i;
	const struct direction *direction;
	struct order order;
	if (!iface_open(b, use, direction_words, &i))
		return;
	const char *word = order_parse(b, use, i.suffix, &order);
	if (b->failed || !(direction = direction_of(b, use, word)))
		return;
	iface_warn(b, use, &i);
	if (use->hook->prog_type == BPF_PROG_TYPE_SCHED_ACT && order.given) {
		hook_fail(b, NULL, "actions have no order");
		return;
	}
	if (use->hook->prog_type == BPF_PROG_TYPE_SCHED_ACT) {
		add_filter(b, use, &action_filter, &i, direction, PLAN_NONE);
		iface_close(b, use, &i);
		return;
	}
	int16_t link = hook_add_link(b, use, use->link_slot, direction->attach_type);
	iface_set(b, link, ATTR(link_create.target_ifindex), &i);
	order_set(b, link, ORDER_FIELDS(tcx), "6.6", &order);
	if (!order.given) /* filters have no order */
		add_filter(b, use, &program_filter, &i, direction, link);
	iface_close(b, use, &i);
}

static const char both[] = "packet received or sent by an interface";
static const char ingress[] = "packet received by an interface";
static const char egress[] = "packet sent by an interface";

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
	TC("tc/ingress", CLS, BPF_TCX_INGRESS, 5, "INTERFACE[:ORDER]", ingress),
	TC("tcx/ingress", CLS, BPF_TCX_INGRESS, 5, "INTERFACE[:ORDER]", ingress),
	TC("tc/egress", CLS, BPF_TCX_EGRESS, 5, "INTERFACE[:ORDER]", egress),
	TC("tcx/egress", CLS, BPF_TCX_EGRESS, 5, "INTERFACE[:ORDER]", egress),
	TC("tc", CLS, 0, 5, "INTERFACE[:ingress|egress][:ORDER]", both),
	TC("classifier", CLS, 0, 5, "INTERFACE[:ingress|egress][:ORDER]", both),
	TC("action", ACT, 0, 8, "INTERFACE[:ingress|egress]", both),
};

const struct hook_family tc_family = {"tc", hooks, sizeof hooks / sizeof *hooks};
