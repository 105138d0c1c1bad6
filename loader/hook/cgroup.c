/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Cgroups (cgroup2): network, device and sysctl use of the processes in a cgroup and its descendants.
 * Attached with a link (5.7), else BPF_PROG_ATTACH (4.10), which lasts until it is detached.
 */
#include "order.h"
#include "place.h"
#include "attach_btf.h"

#include "loader/plan/abi.h"
#include "loader/kernel/kfs.h"

#include <errno.h>

/* Splits "CGROUP[:ORDER]". A path may contain ':'. */
static char *split_order(struct plan_builder *b, const struct hook_use *use, struct order *o)
{
	char *path = arena_strdup(b->plan->arena, use->arg);
	*o = (struct order){.slot = PLAN_NONE};
	char *colon = path ? strrchr(path, ':') : NULL;
	if (colon && colon[1] && !*order_parse(b, use, colon + 1, o))
		*colon = 0;
	return path;
}

/* The path of the cgroup. SEC("cgroup/skb") has no direction: the user appends it to the path. */
static char *parse_path(struct plan_builder *b, const struct hook_use *use, uint32_t *attach_type,
	struct order *order)
{
	static const struct {
		const char *word;
		uint32_t attach_type;
	} directions[] = {
		{":ingress", BPF_CGROUP_INET_INGRESS}, {":egress", BPF_CGROUP_INET_EGRESS}};
	char *path = split_order(b, use, order);
	size_t n = path ? strlen(path) : 0;
	*attach_type = use->hook->attach_type;
	plan_text(b, path);
	if (b->failed)
		return NULL;
	if (strcmp(use->hook->sec, "cgroup/skb"))
		return path;
	for (size_t i = 0; i < sizeof directions / sizeof *directions; i++) {
		size_t len = strlen(directions[i].word);
		if (n <= len || strcmp(path + n - len, directions[i].word))
			continue;
		path[n - len] = 0;
		*attach_type = directions[i].attach_type;
		return path;
	}
	hook_fail(b, PACKED("CGROUP:ingress or CGROUP:egress"), "'%s' has no direction", path);
	return NULL;
}

static const char *stays(struct plan_builder *b, const char *path, const char *kernels)
{
	return plan_text(
		b, arena_printf(b->plan->arena,
			   "kernels before %s: if sonde is killed by SIGKILL, the program "
			   "stays until the cgroup is removed (sonde detach %s%s lists and "
			   "removes it)",
			   kernels, strchr(path, '/') || !strcmp(path, ".") ? "" : "./", path));
}

static void attach(struct plan_builder *b, const struct hook_use *use)
{
	uint32_t type;
	struct order order;
	const char *path = parse_path(b, use, &type, &order);
	if (!path)
		return;
	int16_t group = place_open(b, use, *path == '/' ? KFS_COUNT : KFS_CGROUP2, path, 0,
		"cgroup", place_cgroup_missing);
	int16_t link = place_link(b, use, group, type);
	plan_add_hint(b, link, EBADF, place_cgroup_other);
	plan_add_hint(b, link, EPERM,
		"a program of this cgroup or of one above was attached without BPF_F_ALLOW_MULTI: "
		"sonde detach CGROUP lists it");
	order_set(b, link, ORDER_FIELDS(cgroup), "6.17", &order);
	if (order.given)
		return; /* older methods have no order */
	int16_t many = place_attach(b, use, group, type, BPF_F_ALLOW_MULTI, link);
	place_detach(b, use, group, type, many, stays(b, path, "5.7 have no cgroup links"));
	int16_t one = place_attach(b, use, group, type, 0, many);
	place_detach(
		b, use, group, type, one, stays(b, path, "4.15 support one program per cgroup"));
}

static void attach_lsm(struct plan_builder *b, const struct hook_use *use)
{
	attach_btf_expect_lsm(b, use);
	attach(b, use);
}

static const struct hook_method methods[] = {
	{ABI_VERSION(5, 7), "BPF_LINK_CREATE"}, {0, "BPF_PROG_ATTACH"}, {0}};

#define CGROUP(name, prog, type, major, minor, text)                                               \
	{                                                                                          \
		.sec = name, .target = TARGET_NONE, .prog_type = BPF_PROG_TYPE_##prog,             \
		.attach_type = type, .since = ABI_VERSION(major, minor),                           \
		.arg_syntax = "CGROUP[:ORDER]", .what = text, .needs = "a cgroup",                 \
		.methods = methods, .attach = attach                                               \
	}

/* A pair of hooks, for IPv4 and IPv6. */
#define BOTH(name, prog, type4, type6, major, minor, text)                                         \
	CGROUP(name "4", prog, type4, major, minor, text " (IPv4)"),                               \
		CGROUP(name "6", prog, type6, major, minor, text " (IPv6)")

#define ADDRESS(name, type4, type6, major, minor, text)                                            \
	BOTH("cgroup/" name, CGROUP_SOCK_ADDR, type4, type6, major, minor, text)

#define UNIX(name, type, text)                                                                     \
	CGROUP("cgroup/" name "_unix", CGROUP_SOCK_ADDR, type, 6, 7, text " (Unix sockets)")

static const char create[] = "creation of a socket";

static const struct hook hooks[] = {
	CGROUP("sockops", SOCK_OPS, BPF_CGROUP_SOCK_OPS, 4, 13, "events of TCP connections"),
	CGROUP("cgroup_skb/ingress", CGROUP_SKB, BPF_CGROUP_INET_INGRESS, 4, 10,
		"packet received by a socket"),
	CGROUP("cgroup_skb/egress", CGROUP_SKB, BPF_CGROUP_INET_EGRESS, 4, 10,
		"packet sent by a socket"),
	{
		.sec = "cgroup/skb",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_CGROUP_SKB,
		.since = ABI_VERSION(4, 10),
		.arg_syntax = "CGROUP:ingress|egress[:ORDER]",
		.what = "packet received or sent by a socket",
		.needs = "a cgroup",
		.methods = methods,
		.attach = attach,
	},
	CGROUP("cgroup/sock_create", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, 4, 10, create),
	CGROUP("cgroup/sock_release", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE, 5, 9,
		"release of a socket"),
	CGROUP("cgroup/sock", CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, 4, 10, create),
	BOTH("cgroup/post_bind", CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND,
		BPF_CGROUP_INET6_POST_BIND, 4, 17, "completion of bind()"),
	ADDRESS("bind", BPF_CGROUP_INET4_BIND, BPF_CGROUP_INET6_BIND, 4, 17, "bind()"),
	ADDRESS("connect", BPF_CGROUP_INET4_CONNECT, BPF_CGROUP_INET6_CONNECT, 4, 17, "connect()"),
	ADDRESS("sendmsg", BPF_CGROUP_UDP4_SENDMSG, BPF_CGROUP_UDP6_SENDMSG, 4, 18,
		"sendto() or sendmsg() on a UDP socket"),
	ADDRESS("recvmsg", BPF_CGROUP_UDP4_RECVMSG, BPF_CGROUP_UDP6_RECVMSG, 5, 2,
		"recvfrom() or recvmsg() on a UDP socket"),
	ADDRESS("getpeername", BPF_CGROUP_INET4_GETPEERNAME, BPF_CGROUP_INET6_GETPEERNAME, 5, 8,
		"getpeername()"),
	ADDRESS("getsockname", BPF_CGROUP_INET4_GETSOCKNAME, BPF_CGROUP_INET6_GETSOCKNAME, 5, 8,
		"getsockname()"),
	UNIX("connect", BPF_CGROUP_UNIX_CONNECT, "connect()"),
	UNIX("sendmsg", BPF_CGROUP_UNIX_SENDMSG, "sendto() or sendmsg()"),
	UNIX("recvmsg", BPF_CGROUP_UNIX_RECVMSG, "recvfrom() or recvmsg()"),
	UNIX("getpeername", BPF_CGROUP_UNIX_GETPEERNAME, "getpeername()"),
	UNIX("getsockname", BPF_CGROUP_UNIX_GETSOCKNAME, "getsockname()"),
	CGROUP("cgroup/sysctl", CGROUP_SYSCTL, BPF_CGROUP_SYSCTL, 5, 2,
		"read or write of a sysctl"),
	CGROUP("cgroup/getsockopt", CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT, 5, 3, "getsockopt()"),
	CGROUP("cgroup/setsockopt", CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT, 5, 3, "setsockopt()"),
	CGROUP("cgroup/dev", CGROUP_DEVICE, BPF_CGROUP_DEVICE, 4, 15,
		"open() or mknod() of a device"),
	{
		.sec = "lsm_cgroup",
		.target = TARGET_OPTIONAL,
		.prog_type = BPF_PROG_TYPE_LSM,
		.attach_type = BPF_LSM_CGROUP,
		.since = ABI_VERSION(6, 0),
		.target_syntax = "HOOK",
		.arg_syntax = "CGROUP[:ORDER]",
		.what = "LSM hook, for the processes of a cgroup",
		.needs = "a cgroup",
		.prepare = attach_btf_prepare,
		.load = attach_btf_load,
		.methods = methods,
		.attach = attach_lsm,
	},
};

const struct hook_family cgroup_family = {"cgroup", hooks, sizeof hooks / sizeof *hooks};
