/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Network, socket and cgroup hooks: their section names, their --on arguments, and the steps that
 * attach. tests/vm/net.bats tests the effect of these steps on real kernels.
 */
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "loader/detach/stale_impl.h"
#include "loader/plan/check.h"
#include "loader/plan/abi.h"
#include "loader/plan/fit.h"
#include "loader/hook/hook.h"
#include "loader/kernel/netlink.h"
#include "objects.h"

static bool little = false, big = true;

/* Runs a test in both byte orders; *state is true for big-endian. */
#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}

/* ---- section names ---- */

#define CGROUP(name, prog, attach)                                                                 \
	{                                                                                          \
		"cgroup/" name, BPF_PROG_TYPE_CGROUP_##prog, BPF_CGROUP_##attach, 0                \
	}
#define ADDR(name, attach) CGROUP(name, SOCK_ADDR, attach)

static const struct {
	const char *sec;
	uint32_t prog, attach, flags;
} exact[] = {
	{"socket", BPF_PROG_TYPE_SOCKET_FILTER, 0, 0},
	{"sk_reuseport/migrate", BPF_PROG_TYPE_SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, 0},
	{"sk_reuseport", BPF_PROG_TYPE_SK_REUSEPORT, BPF_SK_REUSEPORT_SELECT, 0},
	{"tc/ingress", BPF_PROG_TYPE_SCHED_CLS, BPF_TCX_INGRESS, 0},
	{"tcx/ingress", BPF_PROG_TYPE_SCHED_CLS, BPF_TCX_INGRESS, 0},
	{"tc/egress", BPF_PROG_TYPE_SCHED_CLS, BPF_TCX_EGRESS, 0},
	{"tcx/egress", BPF_PROG_TYPE_SCHED_CLS, BPF_TCX_EGRESS, 0},
	{"tc", BPF_PROG_TYPE_SCHED_CLS, 0, 0},
	{"classifier", BPF_PROG_TYPE_SCHED_CLS, 0, 0},
	{"action", BPF_PROG_TYPE_SCHED_ACT, 0, 0},
	{"netkit/primary", BPF_PROG_TYPE_SCHED_CLS, BPF_NETKIT_PRIMARY, 0},
	{"netkit/peer", BPF_PROG_TYPE_SCHED_CLS, BPF_NETKIT_PEER, 0},
	{"syscall", BPF_PROG_TYPE_SYSCALL, 0, BPF_F_SLEEPABLE},
	{"xdp.frags/devmap", BPF_PROG_TYPE_XDP, BPF_XDP_DEVMAP, BPF_F_XDP_HAS_FRAGS},
	{"xdp/devmap", BPF_PROG_TYPE_XDP, BPF_XDP_DEVMAP, 0},
	{"xdp.frags/cpumap", BPF_PROG_TYPE_XDP, BPF_XDP_CPUMAP, BPF_F_XDP_HAS_FRAGS},
	{"xdp/cpumap", BPF_PROG_TYPE_XDP, BPF_XDP_CPUMAP, 0},
	{"xdp.frags", BPF_PROG_TYPE_XDP, BPF_XDP, BPF_F_XDP_HAS_FRAGS},
	{"xdp", BPF_PROG_TYPE_XDP, BPF_XDP, 0},
	{"perf_event", BPF_PROG_TYPE_PERF_EVENT, 0, 0},
	{"lwt_in", BPF_PROG_TYPE_LWT_IN, 0, 0},
	{"lwt_out", BPF_PROG_TYPE_LWT_OUT, 0, 0},
	{"lwt_xmit", BPF_PROG_TYPE_LWT_XMIT, 0, 0},
	{"lwt_seg6local", BPF_PROG_TYPE_LWT_SEG6LOCAL, 0, 0},
	{"sockops", BPF_PROG_TYPE_SOCK_OPS, BPF_CGROUP_SOCK_OPS, 0},
	{"sk_skb/stream_parser", BPF_PROG_TYPE_SK_SKB, BPF_SK_SKB_STREAM_PARSER, 0},
	{"sk_skb/stream_verdict", BPF_PROG_TYPE_SK_SKB, BPF_SK_SKB_STREAM_VERDICT, 0},
	{"sk_skb/verdict", BPF_PROG_TYPE_SK_SKB, BPF_SK_SKB_VERDICT, 0},
	{"sk_skb", BPF_PROG_TYPE_SK_SKB, 0, 0},
	{"sk_msg", BPF_PROG_TYPE_SK_MSG, BPF_SK_MSG_VERDICT, 0},
	{"lirc_mode2", BPF_PROG_TYPE_LIRC_MODE2, BPF_LIRC_MODE2, 0},
	{"flow_dissector", BPF_PROG_TYPE_FLOW_DISSECTOR, BPF_FLOW_DISSECTOR, 0},
	{"cgroup_skb/ingress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_INGRESS, 0},
	{"cgroup_skb/egress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS, 0},
	{"cgroup/skb", BPF_PROG_TYPE_CGROUP_SKB, 0, 0},
	CGROUP("sock_create", SOCK, INET_SOCK_CREATE),
	CGROUP("sock_release", SOCK, INET_SOCK_RELEASE),
	CGROUP("sock", SOCK, INET_SOCK_CREATE),
	CGROUP("post_bind4", SOCK, INET4_POST_BIND),
	CGROUP("post_bind6", SOCK, INET6_POST_BIND),
	ADDR("bind4", INET4_BIND),
	ADDR("bind6", INET6_BIND),
	ADDR("connect4", INET4_CONNECT),
	ADDR("connect6", INET6_CONNECT),
	ADDR("sendmsg4", UDP4_SENDMSG),
	ADDR("sendmsg6", UDP6_SENDMSG),
	ADDR("recvmsg4", UDP4_RECVMSG),
	ADDR("recvmsg6", UDP6_RECVMSG),
	ADDR("getpeername4", INET4_GETPEERNAME),
	ADDR("getpeername6", INET6_GETPEERNAME),
	ADDR("getsockname4", INET4_GETSOCKNAME),
	ADDR("getsockname6", INET6_GETSOCKNAME),
	ADDR("connect_unix", UNIX_CONNECT),
	ADDR("sendmsg_unix", UNIX_SENDMSG),
	ADDR("recvmsg_unix", UNIX_RECVMSG),
	ADDR("getpeername_unix", UNIX_GETPEERNAME),
	ADDR("getsockname_unix", UNIX_GETSOCKNAME),
	CGROUP("sysctl", SYSCTL, SYSCTL),
	CGROUP("getsockopt", SOCKOPT, GETSOCKOPT),
	CGROUP("setsockopt", SOCKOPT, SETSOCKOPT),
	CGROUP("dev", DEVICE, DEVICE),
	{"sk_lookup", BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP, 0},
	{"netfilter", BPF_PROG_TYPE_NETFILTER, BPF_NETFILTER, 0},
};

/* Sections with a target: the flags of the program. */
static void flags_with_targets(void **state)
{
	(void)state;
	static const struct {
		const char *sec;
		uint32_t flags;
	} cases[] = {
		{"tp/a/b", 0},
		{"tp.s/a/b", BPF_F_SLEEPABLE},
		{"tracepoint/a/b", 0},
		{"tracepoint.s/a/b", BPF_F_SLEEPABLE},
		{"raw_tp/a", 0},
		{"raw_tp.s/a", BPF_F_SLEEPABLE},
		{"tp_btf/a", 0},
		{"tp_btf.s/a", BPF_F_SLEEPABLE},
		{"fentry/a", 0},
		{"fentry.s/a", BPF_F_SLEEPABLE},
		{"fexit.s/a", BPF_F_SLEEPABLE},
		{"fmod_ret.s/a", BPF_F_SLEEPABLE},
		{"lsm/a", 0},
		{"lsm.s/a", BPF_F_SLEEPABLE},
		{"iter/a", 0},
		{"iter.s/a", BPF_F_SLEEPABLE},
		{"uprobe/a:b", 0},
		{"uprobe.s/a:b", BPF_F_SLEEPABLE},
		{"uretprobe.s/a:b", BPF_F_SLEEPABLE},
		{"uprobe.multi.s/a:b", BPF_F_SLEEPABLE},
		{"usdt.s/a:b:c", BPF_F_SLEEPABLE},
		{"kprobe/a", 0},
		{"struct_ops/a", 0},
		{"struct_ops.s/a", BPF_F_SLEEPABLE},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *target;
		struct err e = {0};
		const struct hook *h = hook_find(cases[i].sec, &target, &e);
		if (!h)
			fail_msg("%s: %s", cases[i].sec, e.text);
		if (h->prog_flags != cases[i].flags)
			fail_msg("%s: flags 0x%x", cases[i].sec, h->prog_flags);
	}
}

static void exact_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
		char longer[64];
		const char *target;
		struct err e = {0};
		const struct hook *h = hook_find(exact[i].sec, &target, &e);
		if (!h)
			fail_msg("%s: %s", exact[i].sec, e.text);
		assert_string_equal(h->sec, exact[i].sec);
		assert_string_equal(target, "");
		assert_int_equal(h->prog_type, exact[i].prog);
		assert_int_equal(h->attach_type, exact[i].attach);
		assert_int_equal(h->prog_flags, exact[i].flags);
		/* Nothing may follow. */
		snprintf(longer, sizeof longer, "%s/x", exact[i].sec);
		assert_null(hook_find(longer, &target, &e));
		snprintf(longer, sizeof longer, "%sx", exact[i].sec);
		assert_null(hook_find(longer, &target, &e));
	}
}

static void names_with_a_target(void **state)
{
	(void)state;
	const char *target;
	struct err e = {0};
	const struct hook *h = hook_find("lsm_cgroup/socket_bind", &target, &e);
	assert_non_null(h);
	assert_int_equal(h->prog_type, BPF_PROG_TYPE_LSM);
	assert_int_equal(h->attach_type, BPF_LSM_CGROUP);
	assert_string_equal(target, "socket_bind");
}

/* Every row of every family is reachable and complete, and its kernel is not too old. */
static void rows(void **state)
{
	(void)state;
	for (size_t f = 0; f < hook_family_count; f++)
		for (size_t i = 0; i < hook_families[f]->n; i++) {
			const struct hook *h = &hook_families[f]->hooks[i];
			const char *target;
			struct err e = {0};
			char sec[64];
			snprintf(sec, sizeof sec, "%s%s", h->sec,
				h->target == TARGET_REQUIRED ? "/x" : "");
			assert_ptr_equal(hook_find(sec, &target, &e), h);
			assert_true(*h->what && h->what[strlen(h->what) - 1] != '.');
			assert_true(h->since >= abi_since(ABI_PROG_TYPES, h->prog_type));
			assert_true(h->target != TARGET_NONE || !h->target_syntax ||
				    !*h->target_syntax);
			assert_true(h->target == TARGET_NONE ||
				    (h->target_syntax && *h->target_syntax));
			assert_true(!h->needs || (h->arg_syntax && h->attach));
		}
}

static void what_was_meant(void **state)
{
	(void)state;
	static const struct {
		const char *sec, *hint;
	} wrong[] = {
		{"xdp/eth0", "did you mean 'xdp' with --on INTERFACE[:generic|native]?"},
		{"xdpp", "did you mean 'xdp'?"},
		{"xdp.frag/devmap", "did you mean 'xdp.frags/devmap'?"},
		{"cgroup/conect4", "did you mean 'cgroup/connect4'?"},
		{"tc/igress", "did you mean 'tc/ingress'?"},
		{"sk_mgs", "did you mean 'sk_msg'?"},
		{"kprobe.mulit/x", "did you mean 'kprobe.multi'?"},
		{"fentri/tcp_sendmsg/and/more", "did you mean 'fentry'?"},
		{"nothing/of/the/kind", "`sonde hooks`"},
		{"", "`sonde hooks`"},
		{"/", "`sonde hooks`"},
		{"xdp/", "did you mean 'xdp'?"},
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		const char *target;
		struct err e = {0};
		assert_null(hook_find(wrong[i].sec, &target, &e));
		assert_non_null(strstr(e.text, "unknown section name '"));
		if (strncmp(e.hint, wrong[i].hint, strlen(wrong[i].hint)))
			fail_msg("%s: %s", wrong[i].sec, e.hint);
	}
	/* Longer than any name that is compared. */
	char sec[4096];
	const char *target;
	struct err e = {0};
	memset(sec, 'x', sizeof sec - 1);
	sec[sizeof sec - 1] = 0;
	assert_null(hook_find(sec, &target, &e));
	assert_non_null(strstr(e.hint, "`sonde hooks`"));
}

/* ---- plans ---- */

struct planned {
	struct span bytes;
	struct arena arena;
	struct target target;
	struct plan p;
	struct err e;
	bool ok;
};

static void make(struct planned *t, const char *source, bool order, const char *on)
{
	*t = (struct planned){.bytes = object_compile(source, order, "-g")};
	const struct plan_options opt = {.target_args = &on, .n_target_args = on != NULL};
	object_target(&t->target, order, NULL, &t->arena);
	t->ok = plan_object(&t->p, "x.bpf.o", t->bytes, &opt, &t->target, &t->arena, &t->e);
}

static void must_make(struct planned *t, const char *source, bool order, const char *on)
{
	make(t, source, order, on);
	/* It could also be saved and run later. */
	if (!t->ok || !plan_check_saved(&t->p, &t->e))
		fail_msg("%s", t->e.text);
}

static void done(struct planned *t)
{
	free((void *)(uintptr_t)t->bytes.p);
	arena_free(&t->arena);
}

#define PROG OBJECT_PROGRAM

static uint64_t field(const struct plan *p, const struct plan_step *s, const char *name)
{
	const struct plan_blob *attr = &p->blobs[s->attr];
	struct abi_field f;
	assert_true(abi_field_by_name(s->op == STEP_BPF ? s->cmd : ABI_PERF_ATTR, name, &f));
	return span_uint((struct span){attr->bytes, attr->size, p->big}, f.offset, f.size);
}

/* The slot patched into a field, or PLAN_NONE. */
static int patched(const struct plan *p, int blob, uint32_t at)
{
	for (size_t i = 0; i < p->blobs[blob].n_patches; i++)
		if (p->blobs[blob].patches[i].at == at &&
			p->blobs[blob].patches[i].what == PATCH_SLOT)
			return p->blobs[blob].patches[i].index;
	return PLAN_NONE;
}

static int field_slot(const struct plan *p, const struct plan_step *s, const char *name)
{
	struct abi_field f;
	assert_true(abi_field_by_name(s->cmd, name, &f));
	return patched(p, s->attr, f.offset);
}

/* The i-th step (from 0) with this operation and command; NULL if there is none. */
static const struct plan_step *nth(const struct plan *p, enum step_op op, uint32_t cmd, int i)
{
	for (size_t k = 0; k < p->n_steps; k++)
		if (p->steps[k].op == op && p->steps[k].cmd == cmd && i-- == 0)
			return &p->steps[k];
	return NULL;
}

static int index_of(const struct plan *p, const struct plan_step *s)
{
	return (int)(s - p->steps);
}

static const char *text_of(const struct plan *p, const struct plan_arg *a)
{
	return (const char *)p->blobs[a->blob].bytes;
}

/* ---- messages ---- */

enum { HEADER = 16, IFINFO = 16, TCMSG = 20 };

static struct span message(const struct plan *p, const struct plan_step *s)
{
	const struct plan_blob *b = &p->blobs[s->args[0].blob];
	struct span m = {b->bytes, b->size, p->big};
	assert_true(s->op == STEP_NETLINK || s->op == STEP_DELQDISC || s->op == STEP_XDP_OFF);
	assert_int_equal(s->args[1].value, 0); /* NETLINK_ROUTE */
	assert_int_equal(span_u32(m, 0), m.n);
	return m;
}

/* The payload of the attribute of that type, and its offset in the message in *at. */
static struct span attribute(
	struct span m, uint64_t from, uint64_t end, unsigned type, uint64_t *at)
{
	uint64_t n;
	for (; from < end; from += (n + 3) & ~(uint64_t)3) {
		n = span_u16(m, from);
		assert_true(n >= 4 && n <= end - from);
		if ((span_u16(m, from + 2) & 0x3fff) == type) {
			*at = from + 4;
			return span_sub(m, from + 4, n - 4);
		}
	}
	fail_msg("no attribute %u", type);
	return (struct span){0};
}

static uint32_t attribute_u32(struct span m, uint64_t from, uint64_t end, unsigned type)
{
	uint64_t at;
	struct span a = attribute(m, from, end, type, &at);
	assert_int_equal(a.n, 4);
	return span_u32(a, 0);
}

/* ---- XDP ---- */

enum { IFLA_XDP = 43, XDP_FD = 1, XDP_FLAGS = 3 };
enum { RTM_NEWLINK = 16, RTM_GETLINK = 18, RTM_SETLINK = 19 };

static void check_setlink(
	const struct plan *p, const struct plan_step *s, int ifindex, int prog, uint32_t flags)
{
	uint64_t at, fd_at;
	struct span m = message(p, s);
	assert_int_equal(span_u16(m, 4), RTM_SETLINK);
	assert_int_equal(patched(p, s->args[0].blob, HEADER + 4), ifindex);
	struct span xdp = attribute(m, HEADER + IFINFO, m.n, IFLA_XDP, &at);
	struct span fd = attribute(m, at, at + xdp.n, XDP_FD, &fd_at);
	assert_int_equal(patched(p, s->args[0].blob, (uint32_t)fd_at), prog);
	assert_int_equal(span_s32(fd, 0), prog == PLAN_NONE ? -1 : 0);
	if (flags)
		assert_int_equal(attribute_u32(m, at, at + xdp.n, XDP_FLAGS), flags);
	else
		assert_int_equal(xdp.n, 8); /* nothing but the descriptor */
}

static void xdp(void **state)
{
	static const struct {
		const char *on;
		uint32_t flag;
	} modes[] = {{"eth0", 0}, {"f=eth0", 0}, {"eth0:generic", 2}, {"eth0:driver", 4},
		{"eth0:skb", 2}, {"eth0:native", 4}};
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		struct planned t;
		must_make(&t, PROG("xdp"), *(bool *)*state, modes[i].on);
		const struct plan *p = &t.p;
		const struct plan_step *find = nth(p, STEP_IFINDEX, 0, 0);
		assert_string_equal(text_of(p, &find->args[0]), "eth0");
		const struct plan_step *link = nth(p, STEP_BPF, BPF_LINK_CREATE, 0);
		assert_int_equal(field(p, link, "link_create.attach_type"), BPF_XDP);
		assert_int_equal(field(p, link, "link_create.flags"), modes[i].flag);
		assert_int_equal(field_slot(p, link, "link_create.target_ifindex"), find->slot);
		assert_int_equal(field_slot(p, link, "link_create.prog_fd"), p->progs[0].slot);
		assert_int_equal(link->slot, p->progs[0].link);
		assert_int_equal(link->fallback_for, PLAN_NONE);
		const struct plan_step *old = nth(p, STEP_NETLINK, 0, 0);
		assert_int_equal(old->fallback_for, index_of(p, link));
		assert_int_equal(old->errs[0], EINVAL);
		assert_int_equal(old->errs[1], 0);
		assert_int_equal(old->slot, link->slot);
		assert_true(old->flags & STEP_NOTICE);
		check_setlink(p, old, find->slot, p->progs[0].slot, modes[i].flag | 1);
		/* It removes no program of others. */
		const struct plan_step *off = nth(p, STEP_XDP_OFF, 0, 0);
		assert_int_equal(off->args[1].slot, find->slot);
		assert_int_equal(off->args[2].slot, p->progs[0].slot);
		assert_int_equal(off->undoes, index_of(p, old));
		check_setlink(p, off, find->slot, PLAN_NONE, modes[i].flag);
		/* the hint for EBUSY */
		assert_int_equal(link->hints[0].no, EBUSY);
		assert_non_null(strstr(link->hints[0].text, "eth0 has another XDP program"));
		done(&t);
	}
}

/* It may be a name: looked up when the plan runs. */
static void interface_by_number(void **state)
{
	struct planned t;
	must_make(&t, PROG("xdp.frags"), *(bool *)*state, "17");
	const struct plan_step *link = nth(&t.p, STEP_BPF, BPF_LINK_CREATE, 0);
	const struct plan_step *find = nth(&t.p, STEP_IFINDEX, 0, 0);
	assert_string_equal(text_of(&t.p, &find->args[0]), "17");
	assert_int_equal(field_slot(&t.p, link, "link_create.target_ifindex"), find->slot);
	assert_int_equal(field(&t.p, nth(&t.p, STEP_BPF, BPF_PROG_LOAD, 0), "prog_flags"),
		BPF_F_XDP_HAS_FRAGS);
	done(&t);
}

/* A program that may cut off its user requires confirmation before it is attached. */
static void default_route(void **state)
{
	struct planned t;
	must_make(&t, PROG("tc"), *(bool *)*state, "wlan0");
	const struct plan_step *s = nth(&t.p, STEP_DEFAULT_ROUTE, 0, 0);
	assert_int_equal(s->args[0].slot, nth(&t.p, STEP_IFINDEX, 0, 0)->slot);
	assert_int_equal(s->flags, STEP_CONFIRM);
	assert_int_equal(s->tolerated[0], ENOENT);
	assert_int_equal(s->tolerated[1], 0);
	assert_true(s < nth(&t.p, STEP_BPF, BPF_LINK_CREATE, 0));
	done(&t);
}

/* What lies between the two steps happens in the namespace, and is undone there. */
static void network_namespaces(void **state)
{
	static const struct {
		const char *on, *path;
		unsigned fs;
	} cases[] = {{"blue:eth0", "/run/netns/blue", KFS_COUNT},
		{"/a/b:eth0:skb", "/a/b", KFS_COUNT}, {"12:eth0", "12/ns/net", KFS_PROC},
		{"generic:eth0:generic", "/run/netns/generic", KFS_COUNT}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct planned t;
		must_make(&t, PROG("xdp"), *(bool *)*state, cases[i].on);
		const struct plan *p = &t.p;
		const struct plan_step *open = nth(p, STEP_OPEN, cases[i].fs, 0);
		assert_string_equal(text_of(p, &open->args[0]), cases[i].path);
		const struct plan_step *enter = nth(p, STEP_NETNS, 0, 0),
				       *home = nth(p, STEP_NETNS, 0, 1),
				       *leave = nth(p, STEP_NETNS, 0, 2),
				       *back = nth(p, STEP_NETNS, 0, 3);
		assert_int_equal(enter->args[0].slot, open->slot);
		assert_int_equal(home->undoes, index_of(p, enter));
		assert_int_equal(home->args[0].slot, enter->slot);
		assert_int_equal(leave->args[0].slot, enter->slot);
		assert_int_equal(leave->slot, PLAN_NONE);
		assert_int_equal(back->undoes, index_of(p, leave));
		assert_int_equal(back->args[0].slot, open->slot);
		const struct plan_step *find = nth(p, STEP_IFINDEX, 0, 0);
		assert_string_equal(text_of(p, &find->args[0]), "eth0");
		assert_true(enter < find && home < find);
		assert_true(leave > nth(p, STEP_BPF, BPF_LINK_CREATE, 0));
		assert_true(leave > nth(p, STEP_NETLINK, 0, 1));
		done(&t);
	}
}

/* ---- tc ---- */

enum {
	RTM_NEWQDISC = 36,
	RTM_DELQDISC = 37,
	RTM_NEWTFILTER = 44,
	RTM_DELTFILTER = 45,
	AT_IFINDEX = HEADER + 4,
	AT_HANDLE = HEADER + 8,
	AT_PARENT = HEADER + 12,
	AT_INFO = HEADER + 16,
};

static void check_qdisc(
	const struct plan *p, const struct plan_step *s, unsigned type, unsigned flags)
{
	uint64_t at;
	struct span m = message(p, s);
	assert_int_equal(span_u16(m, 4), type);
	assert_int_equal(span_u16(m, 6), flags);
	assert_int_equal(span_u32(m, AT_HANDLE), 0xffff0000);
	assert_int_equal(span_u32(m, AT_PARENT), 0xfffffff1);
	struct span kind = attribute(m, HEADER + TCMSG, m.n, 1, &at);
	assert_int_equal(kind.n, sizeof "clsact");
	assert_memory_equal(kind.p, "clsact", kind.n);
}

/* A filter and its removal: same parent, priority and protocol, and the kernel's handle. */
static void check_filter(const struct plan *p, const struct plan_step *s, uint32_t parent,
	uint16_t priority, const char *kind)
{
	uint64_t at;
	struct span m = message(p, s);
	bool adds = span_u16(m, 4) == RTM_NEWTFILTER;
	if (!adds)
		assert_int_equal(span_u16(m, 4), RTM_DELTFILTER);
	assert_int_equal(span_u16(m, 6), adds ? 0x600 : 0);
	assert_int_equal(span_u32(m, AT_PARENT), parent);
	assert_int_equal(span_u32(m, AT_INFO) >> 16, priority);
	/* 0x0003 in network order */
	assert_int_equal(m.p[AT_INFO + (p->big ? 2 : 0)], 0);
	assert_int_equal(m.p[AT_INFO + (p->big ? 3 : 1)], 3);
	struct span k = attribute(m, HEADER + TCMSG, m.n, 1, &at);
	assert_int_equal(k.n, strlen(kind) + 1);
	assert_memory_equal(k.p, kind, k.n);
}

static void tc_direction(
	bool order, const char *sec, const char *on, uint32_t attach_type, uint32_t parent)
{
	struct planned t;
	char source[80];
	uint64_t at, fd_at;
	snprintf(source, sizeof source, PROG("%s"), sec);
	must_make(&t, source, order, on);
	const struct plan *p = &t.p;
	const struct plan_step *link = nth(p, STEP_BPF, BPF_LINK_CREATE, 0);
	assert_int_equal(field(p, link, "link_create.attach_type"), attach_type);
	const struct plan_step *s[8];
	for (int i = 0; i < 7; i++)
		assert_non_null(s[i] = i == 1 ? nth(p, STEP_DELQDISC, 0, 0)
		                              : nth(p, STEP_NETLINK, 0, i - (i > 1)));
	assert_null(nth(p, STEP_NETLINK, 0, 6));
	assert_int_not_equal(s[1]->args[1].slot, PLAN_NONE); /* the interface */

	check_qdisc(p, s[0], RTM_NEWQDISC, 0x600);
	assert_int_equal(s[0]->fallback_for, index_of(p, link));
	check_qdisc(p, s[1], RTM_DELQDISC, 0);
	assert_int_equal(s[1]->undoes, index_of(p, s[0]));
	check_qdisc(p, s[2], RTM_NEWQDISC, 0);
	assert_int_equal(s[2]->fallback_for, index_of(p, s[0]));
	assert_int_equal(s[2]->errs[0], EEXIST);

	check_filter(p, s[3], parent, 50000, "bpf");
	assert_int_equal(s[3]->fallback_for, index_of(p, link));
	assert_int_equal(s[3]->args[2].value, AT_HANDLE);
	assert_int_equal(s[3]->args[3].slot, s[0]->slot); /* not without a qdisc */
	assert_int_equal(s[2]->slot, s[0]->slot);
	struct span m = message(p, s[3]);
	struct span options = attribute(m, HEADER + TCMSG, m.n, 2, &at);
	attribute(m, at, at + options.n, 6, &fd_at);
	assert_int_equal(patched(p, s[3]->args[0].blob, (uint32_t)fd_at), p->progs[0].slot);
	assert_int_equal(attribute_u32(m, at, at + options.n, 8), 1); /* direct action */
	check_filter(p, s[4], parent, 50000, "bpf");
	assert_int_equal(s[4]->undoes, index_of(p, s[3]));
	assert_int_equal(patched(p, s[4]->args[0].blob, AT_HANDLE), s[3]->slot);
	assert_int_equal(p->slots[s[3]->slot].kind, SLOT_NUMBER);

	/* Priority 1 is taken: another one is used and reported. */
	assert_int_equal(span_u32(m, AT_HANDLE), 1);
	check_filter(p, s[5], parent, 50000, "bpf");
	assert_int_equal(span_u32(message(p, s[5]), AT_HANDLE), 0);
	assert_int_equal(s[5]->fallback_for, index_of(p, s[3]));
	assert_int_equal(s[5]->errs[0], EEXIST);
	assert_true(s[5]->flags & STEP_NOTICE);
	assert_int_equal(s[5]->args[2].value, AT_HANDLE);
	check_filter(p, s[6], parent, 50000, "bpf");
	assert_int_equal(s[6]->undoes, index_of(p, s[5]));
	assert_int_equal(patched(p, s[6]->args[0].blob, AT_HANDLE), s[5]->slot);
	done(&t);
}

static void tc(void **state)
{
	bool order = *(bool *)*state;
	tc_direction(order, "tc", "eth0", BPF_TCX_INGRESS, 0xfffffff2);
	tc_direction(order, "tc", "eth0:ingress", BPF_TCX_INGRESS, 0xfffffff2);
	tc_direction(order, "classifier", "eth0:egress", BPF_TCX_EGRESS, 0xfffffff3);
	tc_direction(order, "tc/ingress", "eth0", BPF_TCX_INGRESS, 0xfffffff2);
	tc_direction(order, "tc/egress", "eth0", BPF_TCX_EGRESS, 0xfffffff3);
	tc_direction(order, "tcx/egress", "eth0:egress", BPF_TCX_EGRESS, 0xfffffff3);
}

static void tc_action(void **state)
{
	struct planned t;
	must_make(&t, PROG("action"), *(bool *)*state, "eth0:egress");
	assert_null(nth(&t.p, STEP_BPF, BPF_LINK_CREATE, 0));
	const struct plan_step *filter = nth(&t.p, STEP_NETLINK, 0, 2);
	assert_int_equal(nth(&t.p, STEP_NETLINK, 0, 0)->fallback_for, PLAN_NONE);
	assert_int_equal(filter->fallback_for, PLAN_NONE);
	check_filter(&t.p, filter, 0xfffffff3, 50001, "matchall");
	check_filter(&t.p, nth(&t.p, STEP_NETLINK, 0, 3), 0xfffffff3, 50001, "matchall");
	done(&t);
}

/* The longest name the compiler accepts does not break the message. */
static void long_names(void **state)
{
	struct planned t;
	char source[700], name[600];
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = 0;
	snprintf(source, sizeof source, "SEC(\"tc\") int %s(void *ctx) { return 0; }", name);
	must_make(&t, source, *(bool *)*state, "eth0");
	message(&t.p, nth(&t.p, STEP_NETLINK, 0, 2));
	done(&t);
}

/* ---- cgroups ---- */

static void check_attach(const struct plan *p, const struct plan_step *s, int target,
	uint32_t attach_type, uint32_t flags)
{
	assert_int_equal(field_slot(p, s, "target_fd"), target);
	assert_int_equal(field_slot(p, s, "attach_bpf_fd"), p->progs[0].slot);
	assert_int_equal(field(p, s, "attach_type"), attach_type);
	assert_int_equal(field(p, s, "attach_flags"), flags);
}

static void cgroup_way(bool order, const char *sec, const char *on, const char *path,
	uint32_t file_system, uint32_t attach_type)
{
	struct planned t;
	char source[80];
	snprintf(source, sizeof source, PROG("%s"), sec);
	must_make(&t, source, order, on);
	const struct plan *p = &t.p;
	const struct plan_step *folder = nth(p, STEP_OPEN, file_system, 0);
	assert_non_null(folder);
	assert_string_equal(text_of(p, &folder->args[0]), path);
	const struct plan_step *link = nth(p, STEP_BPF, BPF_LINK_CREATE, 0);
	assert_int_equal(field_slot(p, link, "link_create.target_fd"), folder->slot);
	assert_int_equal(field(p, link, "link_create.attach_type"), attach_type);
	assert_int_equal(link->hints[1].no, EPERM);
	assert_non_null(strstr(link->hints[1].text, "BPF_F_ALLOW_MULTI"));
	const struct plan_step *many = nth(p, STEP_BPF, BPF_PROG_ATTACH, 0);
	const struct plan_step *one = nth(p, STEP_BPF, BPF_PROG_ATTACH, 1);
	check_attach(p, many, folder->slot, attach_type, BPF_F_ALLOW_MULTI);
	check_attach(p, one, folder->slot, attach_type, 0);
	assert_int_equal(many->fallback_for, index_of(p, link));
	assert_int_equal(one->fallback_for, index_of(p, many));
	assert_true(many->flags & one->flags & STEP_NOTICE);
	for (int i = 0; i < 2; i++) {
		const struct plan_step *off = nth(p, STEP_BPF, BPF_PROG_DETACH, i);
		assert_int_equal(off->undoes, index_of(p, i ? one : many));
		check_attach(p, off, folder->slot, attach_type, 0);
	}
	done(&t);
}

static void cgroup(void **state)
{
	bool order = *(bool *)*state;
	cgroup_way(order, "cgroup_skb/egress", "/sys/fs/cgroup/a", "/sys/fs/cgroup/a", KFS_COUNT,
		BPF_CGROUP_INET_EGRESS);
	cgroup_way(order, "sockops", "a/b:c", "a/b:c", KFS_CGROUP2, BPF_CGROUP_SOCK_OPS);
	cgroup_way(order, "cgroup/skb", "/a:ingress", "/a", KFS_COUNT, BPF_CGROUP_INET_INGRESS);
	cgroup_way(order, "cgroup/skb", "a:b:egress", "a:b", KFS_CGROUP2, BPF_CGROUP_INET_EGRESS);
	cgroup_way(order, "cgroup/skb", ".:egress", ".", KFS_CGROUP2, BPF_CGROUP_INET_EGRESS);
}

/* ---- sockets, namespaces, maps ---- */

static void socket_filter(void **state)
{
	for (int any = 0; any < 2; any++) {
		struct planned t;
		must_make(&t, PROG("socket"), *(bool *)*state, any ? "any" : "eth0");
		const struct plan *p = &t.p;
		const struct plan_step *make = nth(p, STEP_SOCKET, 0, 0);
		const struct plan_step *give = nth(p, STEP_SOCKOPT, SO_ATTACH_BPF, 0);
		const struct plan_step *bind = nth(p, STEP_BIND, 0, 0);
		const struct plan_step *find = nth(p, STEP_IFINDEX, 0, 0);
		assert_int_equal(make->args[0].value, AF_PACKET);
		assert_int_equal(make->args[1].value, SOCK_RAW);
		assert_int_equal(make->args[2].value, 0); /* no packets yet */
		assert_int_equal(give->args[0].slot, make->slot);
		assert_int_equal(give->args[2].slot, p->progs[0].slot);
		assert_true(give < bind);
		assert_int_equal(bind->args[0].slot, make->slot);
		const struct plan_blob *address = &p->blobs[bind->args[1].blob];
		assert_int_equal(address->size, 20);
		assert_int_equal(bytes_get(address->bytes, 2, p->big), AF_PACKET);
		assert_int_equal(address->bytes[2] << 8 | address->bytes[3], 3); /* ETH_P_ALL */
		assert_int_equal(patched(p, bind->args[1].blob, 4), find ? find->slot : PLAN_NONE);
		assert_int_equal(find == NULL, any);
		assert_int_equal(bytes_get(address->bytes + 4, 4, p->big), 0);
		done(&t);
	}
}

/* By process and descriptor; only a kernel can resolve a port. */
static void sockets_of_processes(void **state)
{
	static const struct {
		const char *text;
		uint32_t set, unset;
	} kinds[] = {{PROG("socket"), SO_ATTACH_BPF, SO_DETACH_BPF},
		{PROG("sk_reuseport"), SO_ATTACH_REUSEPORT_EBPF, SO_DETACH_REUSEPORT_BPF}};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct planned t;
		must_make(&t, kinds[i].text, *(bool *)*state, "1234:5");
		const struct plan *p = &t.p;
		const struct plan_step *get = nth(p, STEP_GETFD, 0, 0);
		const struct plan_step *set = nth(p, STEP_SOCKOPT, kinds[i].set, 0);
		const struct plan_step *unset = nth(p, STEP_SOCKOPT, kinds[i].unset, 0);
		assert_int_equal(get->args[0].value, 1234);
		assert_int_equal(get->args[1].value, 5);
		assert_int_equal(set->args[0].slot, get->slot);
		assert_int_equal(set->args[1].value, SOL_SOCKET);
		assert_int_equal(set->args[2].slot, p->progs[0].slot);
		assert_int_equal(set->slot, p->progs[0].link);
		assert_true(set->flags & STEP_NOTICE);
		assert_non_null(strstr(set->note, "sonde detach 1234:5 "));
		assert_int_equal(unset->undoes, index_of(p, set));
		assert_int_equal(unset->args[0].slot, get->slot);
		assert_null(nth(p, STEP_BIND, 0, 0));
		done(&t);
	}
	static const char *const wrong[] = {"1234", "1234:", ":5", "1234:5:6", "-1:5", "x:5",
		"99999999999:5", "tcp:", "tcp:65536", "udp:1x", "tcp:-1"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct planned t;
		make(&t, PROG("sk_reuseport"), *(bool *)*state, wrong[i]);
		assert_false(t.ok);
		if (!strstr(t.e.text, "is not a socket"))
			fail_msg("'%s': %s", wrong[i], t.e.text);
		done(&t);
	}
}

static void namespaces(void **state)
{
	struct planned t;
	must_make(&t, PROG("sk_lookup"), *(bool *)*state, "/run/netns/blue");
	assert_string_equal(
		text_of(&t.p, &nth(&t.p, STEP_OPEN, KFS_COUNT, 0)->args[0]), "/run/netns/blue");
	assert_null(nth(&t.p, STEP_BPF, BPF_PROG_ATTACH, 0));
	done(&t);
	/* Without a link, only the process's own namespace is possible. */
	must_make(&t, PROG("flow_dissector"), *(bool *)*state, "/run/netns/blue");
	assert_null(nth(&t.p, STEP_BPF, BPF_PROG_ATTACH, 0));
	done(&t);
	must_make(&t, PROG("flow_dissector"), *(bool *)*state, "own");
	assert_string_equal(
		text_of(&t.p, &nth(&t.p, STEP_OPEN, KFS_PROC, 0)->args[0]), "self/ns/net");
	const struct plan_step *old = nth(&t.p, STEP_BPF, BPF_PROG_ATTACH, 0);
	check_attach(&t.p, old, PLAN_NONE, BPF_FLOW_DISSECTOR, 0);
	const struct plan_step *off = nth(&t.p, STEP_BPF, BPF_PROG_DETACH, 0);
	check_attach(&t.p, off, PLAN_NONE, BPF_FLOW_DISSECTOR, 0);
	assert_int_equal(off->undoes, index_of(&t.p, old));
	done(&t);
}

#define MAP(name, type)                                                                            \
	"struct { __uint(type, BPF_MAP_TYPE_" #type "); __uint(max_entries, 1);"                   \
	"__type(key, __u32); __type(value, __u32); } " name " SEC(\".maps\");\n"

static void sockmaps(void **state)
{
	static const char one[] = MAP("a", ARRAY) MAP("b", SOCKHASH) PROG("sk_msg");
	static const char two[] = MAP("b", SOCKHASH) MAP("c", SOCKMAP) PROG("sk_msg");
	bool order = *(bool *)*state;
	struct planned t;
	must_make(&t, one, order, NULL);
	const struct plan_step *link = nth(&t.p, STEP_BPF, BPF_LINK_CREATE, 0);
	assert_int_equal(field_slot(&t.p, link, "link_create.target_fd"), t.p.maps[1].slot);
	assert_int_equal(field(&t.p, link, "link_create.attach_type"), BPF_SK_MSG_VERDICT);
	const struct plan_step *old = nth(&t.p, STEP_BPF, BPF_PROG_ATTACH, 0);
	check_attach(&t.p, old, t.p.maps[1].slot, BPF_SK_MSG_VERDICT, 0);
	assert_int_equal(old->fallback_for, index_of(&t.p, link));
	assert_null(nth(&t.p, STEP_BPF, BPF_PROG_DETACH, 0)); /* it ends with the map */
	done(&t);
	must_make(&t, two, order, "f=c");
	link = nth(&t.p, STEP_BPF, BPF_LINK_CREATE, 0);
	assert_int_equal(field_slot(&t.p, link, "link_create.target_fd"), t.p.maps[1].slot);
	done(&t);
	make(&t, two, order, NULL);
	assert_false(t.ok);
	assert_non_null(strstr(t.e.text, "more than one socket map"));
	assert_non_null(strstr(t.e.hint, "b, c"));
	done(&t);
}

/* ---- netfilter, sampling ---- */

static void netfilter(void **state)
{
	static const struct {
		const char *on;
		uint32_t protocol, place;
		int32_t priority;
	} places[] = {
		{"ipv4:prerouting", 2, 0, 0},
		{"ipv4:local_in:0", 2, 1, 0},
		{"ipv6:input:-300", 10, 1, -300},
		{"ipv4:forward:7", 2, 2, 7},
		{"ipv6:local_out", 10, 3, 0},
		{"ipv4:output:2147483647", 2, 3, INT32_MAX},
		{"ipv4:postrouting:-2147483648", 2, 4, INT32_MIN},
	};
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		struct planned t;
		must_make(&t, PROG("netfilter"), *(bool *)*state, places[i].on);
		const struct plan_step *s = nth(&t.p, STEP_BPF, BPF_LINK_CREATE, 0);
		assert_int_equal(field(&t.p, s, "link_create.netfilter.pf"), places[i].protocol);
		assert_int_equal(field(&t.p, s, "link_create.netfilter.hooknum"), places[i].place);
		assert_int_equal((int32_t)field(&t.p, s, "link_create.netfilter.priority"),
			places[i].priority);
		done(&t);
	}
}

static void must_fit(struct planned *t)
{
	static const unsigned cpus[] = {0, 1, 2, 3};
	const struct machine m = {cpus, 4, 0, 4, 4096};
	assert_true(plan_fit(&t->p, &m, &t->e));
}

static void sampling(void **state)
{
	struct planned t;
	bool order = *(bool *)*state;
	must_make(&t, PROG("perf_event"), order, NULL);
	must_fit(&t);
	for (int cpu = 0; cpu < 4; cpu++) {
		const struct plan_step *s = nth(&t.p, STEP_PERF_OPEN, 0, cpu);
		assert_int_equal(s->args[0].value, -1);
		assert_int_equal(s->args[1].value, cpu);
		assert_int_equal(field(&t.p, s, "type"), PERF_TYPE_SOFTWARE);
		assert_int_equal(field(&t.p, s, "config"), PERF_COUNT_SW_CPU_CLOCK);
		assert_int_equal(field(&t.p, s, "sample_freq"), 99);
		/* freq is the 11th bit of the flags, from whichever end */
		assert_true(
			field(&t.p, s, "freq") == (order ? (uint64_t)1 << 53 : (uint64_t)1 << 10));
		assert_int_equal(s->tolerated[0], ENODEV);
		const struct plan_step *link = nth(&t.p, STEP_BPF, BPF_LINK_CREATE, cpu);
		assert_int_equal(field_slot(&t.p, link, "link_create.target_fd"), s->slot);
		if (cpu)
			assert_int_not_equal(link->slot, t.p.progs[0].link);
		else
			assert_int_equal(link->slot, t.p.progs[0].link);
	}
	assert_null(nth(&t.p, STEP_PERF_OPEN, 0, 4));
	done(&t);
	must_make(&t, PROG("perf_event"), order, "f=cycles:1000");
	must_fit(&t);
	for (int cpu = 0; cpu < 4; cpu++) {
		const struct plan_step *s = nth(&t.p, STEP_PERF_OPEN, 0, 2 * cpu);
		assert_int_equal(field(&t.p, s, "type"), PERF_TYPE_HARDWARE);
		assert_int_equal(field(&t.p, s, "sample_freq"), 1000);
		/* If the event cannot be counted, the clock. */
		const struct plan_step *clock = nth(&t.p, STEP_PERF_OPEN, 0, 2 * cpu + 1);
		assert_int_equal(field(&t.p, clock, "type"), PERF_TYPE_SOFTWARE);
		assert_int_equal(field(&t.p, clock, "config"), PERF_COUNT_SW_CPU_CLOCK);
		assert_int_equal(field(&t.p, clock, "sample_freq"), 1000);
		assert_int_equal(clock->slot, s->slot);
		assert_ptr_equal(&t.p.steps[clock->fallback_for], s);
		assert_int_equal(clock->errs[0], ENOENT);
		assert_int_equal(clock->flags & STEP_NOTICE, cpu ? 0 : STEP_NOTICE);
		assert_int_equal(clock->args[1].value, cpu);
		assert_int_equal(clock->tolerated[0], ENODEV);
	}
	done(&t);
}

/* ---- routes ---- */

enum {
	RTMSG = 12,
	RTM_NEWROUTE = 24,
	RTM_DELROUTE = 25,
	RTA_DST = 1,
	RTA_OIF = 4,
	RTA_GATEWAY = 5,
	RTA_ENCAP_TYPE = 21,
	RTA_ENCAP = 22,
};

struct expected_route {
	const char *sec, *on;
	uint8_t family, bits, table, scope, type; /* as in struct rtmsg */
	uint8_t to[16], via[16];                  /* via: zero if none */
	uint16_t encap, attr;                     /* RTA_ENCAP_TYPE; the program's attribute */
	uint32_t headroom;                        /* 0: none */
};

static const struct expected_route expected_routes[] = {
	{"lwt_in", "10.0.1.0/24@eth0", 2, 24, 254, 253, 1, {10, 0, 1}, {0}, 6, 1, 0},
	{"lwt_out", "10.0.1.7@eth0", 2, 32, 254, 253, 1, {10, 0, 1, 7}, {0}, 6, 2, 0},
	{"lwt_xmit", "0.0.0.0/0@10.1.0.2%eth0", 2, 0, 254, 0, 1, {0}, {10, 1, 0, 2}, 6, 3, 0},
	{"lwt_xmit", "10.0.0.128/25@eth0+256", 2, 25, 254, 253, 1, {10, 0, 0, 128}, {0}, 6, 3, 256},
	{"lwt_in", "127.9.0.0/16@lo", 2, 16, 255, 254, 2, {127, 9}, {0}, 6, 1, 0},
	{"lwt_in", "10.0.0.1@10.0.0.2%lo", 2, 32, 254, 0, 1, {10, 0, 0, 1}, {10, 0, 0, 2}, 6, 1, 0},
	{"lwt_out", "fc00::/7@fe80::1%eth0", 10, 7, 254, 0, 1, {0xfc}, {0xfe, 0x80, [15] = 1}, 6, 2,
		0},
	{"lwt_seg6local", "fc00::1@eth0", 10, 128, 254, 253, 1, {0xfc, [15] = 1}, {0}, 7, 8, 0},
};

/* Checks common to messages that add and that remove. */
static void check_route(
	const struct plan *p, const struct plan_step *s, const struct expected_route *x, bool adds)
{
	uint64_t at;
	struct span m = message(p, s);
	const uint8_t head[RTMSG] = {
		x->family, x->bits, 0, 0, x->table, 211, adds ? x->scope : 255, adds ? x->type : 0};
	const struct plan_step *find = nth(p, STEP_IFINDEX, 0, 0);
	size_t size = x->family == 2 ? 4 : 16;
	assert_int_equal(span_u16(m, 4), adds ? RTM_NEWROUTE : RTM_DELROUTE);
	assert_int_equal(span_u16(m, 6), adds ? 0x600 : 0); /* NLM_F_CREATE | NLM_F_EXCL */
	assert_memory_equal(m.p + HEADER, head, sizeof head);
	struct span to = attribute(m, HEADER + RTMSG, m.n, RTA_DST, &at);
	assert_int_equal(to.n, size);
	assert_memory_equal(to.p, x->to, size);
	attribute(m, HEADER + RTMSG, m.n, RTA_OIF, &at);
	assert_int_equal(patched(p, s->args[0].blob, (uint32_t)at), find->slot);
	if (x->scope == 0) {
		struct span via = attribute(m, HEADER + RTMSG, m.n, RTA_GATEWAY, &at);
		assert_int_equal(via.n, size);
		assert_memory_equal(via.p, x->via, size);
	}
}

static void check_encap(
	const struct plan *p, const struct plan_step *s, const struct expected_route *x)
{
	uint64_t at, prog_at, fd_at;
	struct span m = message(p, s);
	struct span type = attribute(m, HEADER + RTMSG, m.n, RTA_ENCAP_TYPE, &at);
	assert_int_equal(type.n, 2);
	assert_int_equal(span_u16(type, 0), x->encap);
	struct span encap = attribute(m, HEADER + RTMSG, m.n, RTA_ENCAP, &at);
	struct span prog = attribute(m, at, at + encap.n, x->attr, &prog_at);
	attribute(m, prog_at, prog_at + prog.n, 1, &fd_at);
	assert_int_equal(patched(p, s->args[0].blob, (uint32_t)fd_at), p->progs[0].slot);
	struct span name = attribute(m, prog_at, prog_at + prog.n, 2, &fd_at);
	assert_int_equal(name.n, 2);
	assert_memory_equal(name.p, "f", 2);
	if (x->headroom)
		assert_int_equal(attribute_u32(m, at, at + encap.n, 4), x->headroom);
	if (x->encap == 7)
		assert_int_equal(attribute_u32(m, at, at + encap.n, 1), 15); /* End.BPF */
}

/* Kernels without such routes: the error names the missing feature. */
static void check_missing(const struct plan_step *s, const char *option)
{
	for (int i = 0; i < PLAN_HINTS; i++)
		if (s->hints[i].no == EOPNOTSUPP) {
			assert_non_null(strstr(s->hints[i].text, option));
			return;
		}
	fail_msg("no hint");
}

static void routes(void **state)
{
	for (size_t i = 0; i < sizeof expected_routes / sizeof *expected_routes; i++) {
		const struct expected_route *x = &expected_routes[i];
		struct planned t;
		char source[80], said[80];
		snprintf(source, sizeof source, PROG("%s"), x->sec);
		must_make(&t, source, *(bool *)*state, x->on);
		const struct plan_step *add = nth(&t.p, STEP_NETLINK, 0, 0);
		const struct plan_step *off = nth(&t.p, STEP_NETLINK, 0, 1);
		check_route(&t.p, add, x, true);
		check_encap(&t.p, add, x);
		check_route(&t.p, off, x, false);
		assert_int_equal(off->undoes, index_of(&t.p, add));
		assert_null(nth(&t.p, STEP_NETLINK, 0, 2));
		/* A route that covers most addresses may carry the user's own connection. */
		assert_int_equal(nth(&t.p, STEP_DEFAULT_ROUTE, 0, 0) != NULL, x->bits < 4);
		check_missing(add, x->encap == 7 ? "CONFIG_IPV6_SEG6_BPF" : "CONFIG_LWTUNNEL_BPF");
		/* The note names what remains after SIGKILL and the command that removes it. */
		snprintf(said, sizeof said, "(sonde detach %s removes it)", x->on);
		assert_true(add->flags & STEP_NOTICE);
		assert_non_null(strstr(add->note, said));
		done(&t);
	}
}

/* ---- errors of --on ---- */

#define TEXT_32  "abcdefghijklmnopqrstuvwxyzabcdef"
#define TEXT_128 TEXT_32 TEXT_32 TEXT_32 TEXT_32

static void refusals(void **state)
{
	static const struct {
		const char *source, *on, *text;
	} wrong[] = {
		{PROG("xdp"), NULL, "requires an interface"},
		{PROG("xdp"), "blue:eth0:fast", "no mode 'fast'"},
		{PROG("xdp"), "blue:", "'' is not an interface name"},
		{PROG("xdp"), ":eth0", "':eth0' is not an interface name"},
		{PROG("xdp"), "", "requires an interface"},
		{PROG("xdp"), ":generic", "'' is not an interface name"},
		{PROG("xdp"), "..", "'..' is not an interface name"},
		{PROG("xdp"), "a/b", "'a/b' is not an interface name"},
		{PROG("xdp"), "an interface", "is not an interface name"},
		{PROG("xdp"), TEXT_128, "is not an interface name"},
		{PROG("tc"), "blue:eth0:both", "'both' is not a direction"},
		{PROG("tc/egress"), "eth0:ingress",
			"the section name has egress, but --on has ingress"},
		{PROG("cgroup/skb"), "/sys/fs/cgroup", "has no direction"},
		{PROG("cgroup/skb"), ":egress", "has no direction"},
		{PROG("cgroup/dev"), NULL, "requires a cgroup"},
		{PROG("cgroup/dev"), "a/../../b", "'a/../../b' is not below the root of cgroup2"},
		{PROG("tp/../b"), NULL, "'events/../b/id' is not below the root of tracefs"},
		{PROG("netfilter"), "ipv4", "'ipv4' is not a netfilter hook"},
		{PROG("netfilter"), "ipv5:input", "is not a netfilter hook"},
		{PROG("netfilter"), "ipv4:input:1x", "is not a netfilter hook"},
		{PROG("netfilter"), "ipv4:input:2147483648", "is not a netfilter hook"},
		{PROG("netfilter"), "ipv4:in:0", "is not a netfilter hook"},
		{PROG("sk_lookup"), "blue", "'blue' is not a network namespace"},
		{PROG("lirc_mode2"), "lirc0", "'lirc0' is not an infrared receiver"},
		{PROG("lwt_in"), NULL, "requires a route"},
		{PROG("lwt_in"), "", "requires a route"},
		{PROG("lwt_in"), "eth0", "'eth0' is not a route"},
		{PROG("lwt_in"), "10.0.1.0/24", "names no interface"},
		{PROG("lwt_in"), "10.0.1/24@eth0", "is not a route"},
		{PROG("lwt_in"), "10.0.1.0/33@eth0", "is not a route"},
		{PROG("lwt_in"), "10.0.1.0/@eth0", "is not a route"},
		{PROG("lwt_in"), "10.0.1.0/-8@eth0", "is not a route"},
		{PROG("lwt_in"), "10.0.1.0/24x@eth0", "is not a route"},
		{PROG("lwt_in"), "10.0.1.1/24@eth0", "has bits set after the first 24"},
		{PROG("lwt_in"), "fc00::/129@eth0", "is not a route"},
		{PROG("lwt_in"), "fc00:::/16@eth0", "is not a route"},
		{PROG("lwt_in"), "10.0.1.0/24@", "'' is not an interface name"},
		{PROG("lwt_in"), "10.0.1.0/24@fe80::1%eth0", "is not a route"},
		{PROG("lwt_in"), "10.0.1.0/24@%eth0", "is not a route"},
		{PROG("lwt_in"), "10.0.1.0/24@eth0+20", "'+20' is not valid for lwt_in"},
		{PROG("lwt_xmit"), "10.0.1.0/24@eth0+0", "'0' is not a number of bytes"},
		{PROG("lwt_xmit"), "10.0.1.0/24@eth0+257", "'257' is not a number of bytes"},
		{PROG("lwt_xmit"), "10.0.1.0/24@eth0+x", "'x' is not a number of bytes"},
		{PROG("lwt_seg6local"), "10.0.1.0/24@eth0", "is not IPv6"},
		{PROG("lwt_seg6local"), "fc00::1@lo", "cannot be lo"},
		{PROG("sk_msg"), NULL, "no socket map"},
		{MAP("a", SOCKMAP) PROG("sk_msg"), "f=b", "no socket map 'b'"},
		{PROG("perf_event"), "f=clock", "'clock' is not a sampling event"},
		{PROG("perf_event"), "f=cpu-clock:", "is not a sampling event"},
		{PROG("perf_event"), "f=cpu-clock:0", "is not a sampling event"},
		{PROG("perf_event"), "f=cpu-clock:-5", "is not a sampling event"},
		{PROG("perf_event"), "f=cpu-clock:100001", "is not a sampling event"},
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct planned t;
		make(&t, wrong[i].source, *(bool *)*state, wrong[i].on);
		if (t.ok || !strstr(t.e.text, wrong[i].text) || !strstr(t.e.text, ": attach: "))
			fail_msg("%s: %s", wrong[i].on ? wrong[i].on : "nothing", t.e.text);
		done(&t);
	}
}

/* Programs that are attached by other means are only loaded. */
static void only_loaded(void **state)
{
	static const char *const sources[] = {
		PROG("xdp/devmap"), PROG("xdp.frags/cpumap"), PROG("sk_skb")};
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		struct planned t;
		must_make(&t, sources[i], *(bool *)*state, "eth0");
		assert_int_equal(t.p.progs[0].link, PLAN_NONE);
		assert_null(nth(&t.p, STEP_BPF, BPF_LINK_CREATE, 0));
		done(&t);
	}
}

/* ---- methods of attaching ---- */

/* A target and a target argument for a hook, or NULL. False for hooks that depend on facts about a
 * kernel. */
static bool sample(const struct hook *h, const char **target, const char **on)
{
	static const struct {
		const char *syntax, *text;
	} samples[] = {{"CATEGORY/NAME", "a/b"}, {"NAME", "a"}, {"FUNCTION[+OFFSET]", "f"},
		{"FUNCTION", "f"}, {"CALL", "read"}, {"[NETNS:]INTERFACE", "eth0"},
		{"INTERFACE", "eth0"}, {"CGROUP:ingress|egress", "a:ingress"}, {"CGROUP", "a"},
		{"FILE|own", "own"}, {"tcp:PORT", "1:2"}, {"ipv4|ipv6", "ipv4:input"},
		{"DEVICE", "/dev/lirc0"}, {"[EVENT", "cpu-clock"}, {"PREFIX", "fd00::/64@eth0"}};
	*target = *on = NULL;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		size_t n = strlen(samples[i].syntax);
		if (!*target && h->target_syntax && !strcmp(h->target_syntax, samples[i].syntax))
			*target = samples[i].text;
		if (!*on && h->arg_syntax && !strncmp(h->arg_syntax, samples[i].syntax, n))
			*on = samples[i].text;
	}
	bool alone = !h->prepare || h->prog_type == BPF_PROG_TYPE_XDP;
	return h->attach && alone && (!h->target_syntax || *target) && (!h->arg_syntax || *on);
}

static const char *option_text(uint32_t option)
{
	return option == SO_ATTACH_BPF ? "SO_ATTACH_BPF" : "SO_ATTACH_REUSEPORT_EBPF";
}

/* The name of the method by which a step attaches, or NULL. A tc filter has a separate slot for its
 * handle. */
static const char *how_of(const struct plan *p, const struct plan_step *s)
{
	if (s->op == STEP_NETLINK && s->undoes == PLAN_NONE &&
		!strncmp(p->blobs[s->args[0].blob].what, "RTM_NEWTFILTER", 14))
		return "RTM_NEWTFILTER";
	if (s->slot == PLAN_NONE || s->slot != p->progs[0].link)
		return NULL;
	switch (s->op) {
	case STEP_BPF:
		return abi_name(ABI_CMDS, s->cmd);
	case STEP_IOCTL:
		return "PERF_EVENT_IOC_SET_BPF";
	case STEP_SOCKOPT:
		return option_text(s->cmd);
	case STEP_NETLINK:
		return p->blobs[s->args[0].blob].what;
	default:
		fail_msg("operation %d attaches?", s->op);
		return NULL;
	}
}

/* The method of this step; m if it is another attempt with the same method. */
static const struct hook_method *next_method(
	const struct hook *h, const struct hook_method *m, const char *how)
{
	const struct hook_method *next = m ? m + 1 : h->methods;
	if (m && !strncmp(how, m->how, strlen(m->how)))
		return m;
	if (!next->how || strncmp(how, next->how, strlen(next->how)))
		fail_msg("%s: %s is not the next method", h->sec, how);
	return next;
}

/* A plan tries all methods of its hook in their order. */
static void check_methods(const struct hook *h, const char *target, const char *on, bool order)
{
	char source[200];
	struct planned t;
	bool line = false;
	const struct hook_method *r = NULL;
	snprintf(source, sizeof source, PROG("%s%s%s"), h->sec, target ? "/" : "",
		target ? target : "");
	must_make(&t, source, order, on);
	for (size_t i = 0; i < t.p.n_steps; i++) {
		const char *how = how_of(&t.p, &t.p.steps[i]);
		line |= t.p.steps[i].op == STEP_APPEND;
		r = how ? next_method(h, r, how) : r;
	}
	assert_non_null(r);
	/* The event of the last method but one. */
	if (r[1].how && !strncmp(r[1].how, "a line in ", 10) && line)
		r++;
	if (r[1].how)
		fail_msg("%s: the plan has no %s", h->sec, r[1].how);
	done(&t);
}

static void methods(void **state)
{
	unsigned checked = 0;
	for (size_t f = 0; f < hook_family_count; f++)
		for (size_t i = 0; i < hook_families[f]->n; i++) {
			const struct hook *h = &hook_families[f]->hooks[i];
			const char *target, *on;
			uint16_t newer = UINT16_MAX;
			assert_true(!h->attach || h->methods);
			for (const struct hook_method *r = NULL; (r = hook_method_next(h, r));) {
				assert_true(hook_method_since(h, r) < newer);
				assert_true(hook_method_since(h, r) >= h->since);
				newer = hook_method_since(h, r);
			}
			if (!sample(h, &target, &on))
				continue;
			check_methods(h, target, on, *(bool *)*state);
			checked++;
		}
	assert_true(checked >= 60);
}

/* ---- netlink ---- */

/* In a private network namespace that ends with the process. */
static void netlink(void **state)
{
	(void)state;
	char names[64];
	struct __attribute__((packed)) {
		uint32_t size;
		uint16_t type, flags;
		uint32_t sequence, port, family;
		int32_t index;
		uint32_t handle, parent, info;
		uint16_t kind_size, kind_type;
		char kind[8];
	} qdisc = {0, RTM_NEWQDISC, 0x600, 0, 0, 0, 1, 0xffff0000, 0xfffffff1, 0, 11, 1, "clsact"};
	if (unshare(CLONE_NEWNET))
		skip();
	assert_int_equal(netlink_ifindex("lo"), 1);
	assert_int_equal(netlink_ifindex("1"), 1);
	static const char *const none[] = {
		"eth0", "0", "2", "4294967297", "99999999999999999999", "+1", "1 ", ""};
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_int_equal(netlink_ifindex(none[i]), -ENODEV);
	assert_string_equal(netlink_interfaces(names, sizeof names), "lo");
	/* The name of an interface has precedence over an index. */
	struct ifreq rename = {.ifr_name = "lo", .ifr_newname = "2"};
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	assert_int_equal(ioctl(s, SIOCSIFNAME, &rename), 0);
	close(s);
	assert_int_equal(netlink_ifindex("2"), 1);
	const uint8_t *bytes = (const uint8_t *)&qdisc;
	assert_int_equal(netlink_request(bytes, 8, 0, 0), -EMSGSIZE);
	assert_int_equal(netlink_request(bytes, 5000, 0, 0), -EMSGSIZE);
	qdisc.index = 99;
	assert_int_equal(netlink_request(bytes, sizeof qdisc, 0, 0), -ENODEV);
	qdisc.index = 1;
	int64_t handle = netlink_request(bytes, sizeof qdisc, 0, AT_HANDLE);
	if (handle == -ENOENT || handle == -EOPNOTSUPP)
		skip(); /* a kernel without clsact */
	assert_true(handle == 0xffff0000);
	assert_int_equal(netlink_request(bytes, sizeof qdisc, 0, AT_HANDLE), -EEXIST);
	qdisc.type = RTM_DELQDISC;
	qdisc.flags = 0;
	assert_int_equal(netlink_request(bytes, sizeof qdisc, 0, 0), 0);
	assert_true(netlink_request(bytes, sizeof qdisc, 0, 0) < 0);
}

/* A reply is returned completely, or not at all. */
static void netlink_answer(void **state)
{
	(void)state;
	uint8_t answer[8192];
	struct __attribute__((packed)) {
		uint32_t size;
		uint16_t type, flags;
		uint32_t sequence, port, family;
		int32_t index;
		uint32_t flags_of, change;
	} get = {0, RTM_GETLINK, 0, 0, 0, 0, 1, 0, 0};
	const uint8_t *bytes = (const uint8_t *)&get;
	if (unshare(CLONE_NEWNET))
		skip();
	int64_t n = netlink_get(bytes, sizeof get, 0, answer, sizeof answer);
	assert_true(n > HEADER + IFINFO);
	assert_int_equal(bytes_get(answer, 4, host_is_big()), n);
	assert_int_equal(bytes_get(answer + 4, 2, host_is_big()), RTM_NEWLINK);
	assert_int_equal(bytes_get(answer + HEADER + 4, 4, host_is_big()), 1); /* the interface */
	assert_int_equal(netlink_get(bytes, sizeof get, 0, answer, (size_t)n), n);
	assert_int_equal(netlink_get(bytes, sizeof get, 0, answer, (size_t)n - 1), -EBADMSG);
	get.index = 99;
	assert_int_equal(netlink_get(bytes, sizeof get, 0, answer, sizeof answer), -ENODEV);
	/* The reply is only an acknowledgement. */
	get.type = RTM_SETLINK;
	get.index = 1;
	assert_int_equal(netlink_get(bytes, sizeof get, 0, answer, sizeof answer), -EBADMSG);
}

/* ---- attachments left behind ---- */

static void places(void **state)
{
	(void)state;
	static const struct {
		const char *word, *like;
	} words[] = {
		{"own", "own"},
		{"struct_ops", "struct_ops"},
		{"10.0.1.0/24@eth0", "10.0.1.0/24"},
		{"10.0.1.7", "10.0.1.0/24"},
		{"10.0.1.7+20", "10.0.1.0/24"},
		{"fc00::1@fe80::1%eth0", "10.0.1.0/24"},
		{"::/0", "10.0.1.0/24"},
		{"/dev/lirc0", "/dev/lirc0"},
		{"/sys/fs/cgroup/a", "."},
		{"./10.0.1.7", "."},
		{"a/b", "."},
		{"/", "."},
		{"eth0", "eth0"},
		{"3", "eth0"},
		{"blue:eth0", "eth0"},
		{"12:eth0", "eth0"},
		{"own0", "eth0"},
		{"", "eth0"},
		{"fc00", "eth0"},
		{"10.0.1", "eth0"},
		{"eth0.7", "eth0"},
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (stale_place(words[i].word) != stale_place(words[i].like))
			fail_msg("'%s' is no place like '%s'", words[i].word, words[i].like);
	static const char *const kinds[] = {
		"own", "struct_ops", "10.0.1.0/24", "/dev/lirc0", ".", "eth0"};
	for (int i = 0; i < 6; i++)
		for (int k = 0; k < i; k++)
			assert_ptr_not_equal(stale_place(kinds[i]), stale_place(kinds[k]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_names),
		cmocka_unit_test(flags_with_targets),
		cmocka_unit_test(names_with_a_target),
		cmocka_unit_test(rows),
		cmocka_unit_test(what_was_meant),
		BOTH(xdp),
		BOTH(interface_by_number),
		BOTH(default_route),
		BOTH(network_namespaces),
		BOTH(tc),
		BOTH(tc_action),
		BOTH(long_names),
		BOTH(cgroup),
		BOTH(socket_filter),
		BOTH(sockets_of_processes),
		BOTH(namespaces),
		BOTH(sockmaps),
		BOTH(netfilter),
		BOTH(sampling),
		BOTH(routes),
		BOTH(refusals),
		BOTH(only_loaded),
		BOTH(methods),
		cmocka_unit_test(netlink),
		cmocka_unit_test(netlink_answer),
		cmocka_unit_test(places),
	};
	return cmocka_run_group_tests_name("hooks", tests, NULL, NULL);
}
