/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Sockets: a filter of a raw packet socket, or of one that a process has; what chooses among sockets
 * that share a port; programs of a network namespace.
 */
#include "iface.h"
#include "process_socket.h"
#include "place.h"
#include "removal.h"

#include "loader/plan/abi.h"
#include "loader/kernel/kfs.h"

#include <errno.h>
#include <sys/socket.h>

/* ---- filters ---- */

enum {
	ETH_P_ALL = 3,
	ADDRESS = 20, /* struct sockaddr_ll: u16 family, u16 protocol (network order), s32 index */
	AT_PROTOCOL = 2,
	AT_INDEX = 4,
};

static int16_t address(struct planner *b, const struct iface *i)
{
	uint8_t bytes[ADDRESS] = {0};
	bytes_put(bytes, 2, b->plan->big, AF_PACKET);
	bytes_put(bytes + AT_PROTOCOL, 2, true, ETH_P_ALL);
	bytes_put(bytes + AT_INDEX, 4, b->plan->big, i->index);
	int16_t blob = plan_add_blob(b, bytes, sizeof bytes, "sockaddr_ll");
	if (i->slot != PLAN_NONE)
		plan_add_patch(b, blob,
			(struct plan_patch){.at = AT_INDEX,
				.size = 4,
				.what = PATCH_SLOT,
				.index = (uint16_t)i->slot});
	return blob;
}

static struct plan_step *socket_step(struct planner *b, const struct hook_use *use, enum step_op op,
	uint32_t cmd, int16_t slot, int16_t socket, const char *doing)
{
	struct plan_step like = use->like;
	like.doing = doing;
	struct plan_step *s = plan_step_at(b, plan_add_step(b, op, cmd, slot, &like));
	s->args[0].slot = socket;
	return s;
}

/* Gives a program to a socket. Returns the step. */
static int16_t set_option(
	struct planner *b, const struct hook_use *use, uint32_t option, int16_t socket)
{
	struct plan_step *s =
		socket_step(b, use, STEP_SOCKOPT, option, use->link_slot, socket, use->like.doing);
	s->args[1].value = SOL_SOCKET;
	s->args[2].slot = use->prog_slot;
	return b->failed ? PLAN_NONE : (int16_t)(b->plan->n_steps - 1);
}

/* What a socket has of programs, by the options that give and take it. */
struct option {
	uint32_t set, unset;
	const char *gone; /* for people, once it has been taken */
};

static const struct option filter_option = {
	SO_ATTACH_BPF, SO_DETACH_BPF, "removed the filter of the socket"};
static const struct option choice_option = {SO_ATTACH_REUSEPORT_EBPF, SO_DETACH_REUSEPORT_BPF,
	"removed what chooses among the sockets of its port"};

static void take_option(struct plan_step *s, int16_t socket)
{
	if (!s)
		return;
	s->args[0].slot = socket;
	s->args[1].value = SOL_SOCKET;
}

/* A socket of another process, which outlives us. */
static void attach_there(struct planner *b, const struct hook_use *use, const struct option *o)
{
	int16_t socket = process_socket_open(b, use, use->arg);
	int16_t step = set_option(b, use, o->set, socket);
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_NOTICE;
	s->note = plan_text(
		b, arena_printf(b->plan->arena,
			   "sockets have no links: if sonde is killed by SIGKILL, the program "
			   "stays as long as the socket (sonde detach %s removes it)",
			   use->arg));
	plan_add_hint(b, step, EINVAL,
		"it has to be a socket of TCP or UDP that is bound, with SO_REUSEPORT set before");
	take_option(plan_step_at(b, plan_add_undo(b, STEP_SOCKOPT, o->unset, step)), socket);
}

static void attach_choice(struct planner *b, const struct hook_use *use)
{
	attach_there(b, use, &choice_option);
}

/* The kernel tells nobody which programs a socket has. */
void removal_socket_options(struct planner *b, const struct hook_use *use)
{
	static const struct option *const options[] = {&filter_option, &choice_option};
	int16_t socket = process_socket_open(b, use, use->arg);
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		int16_t step =
			plan_add_step(b, STEP_SOCKOPT, options[i]->unset, PLAN_NONE, &use->like);
		take_option(plan_step_at(b, step), socket);
		removal_mark(b, step, options[i]->gone);
	}
}

/* A packet socket of ours. No packet comes before it is bound; then the filter is there already. */
static void attach_filter(struct planner *b, const struct hook_use *use)
{
	struct iface i = {.name = "any", .suffix = "", .slot = PLAN_NONE};
	if (process_socket_is_spec(use->arg)) {
		attach_there(b, use, &filter_option);
		return;
	}
	if (strcmp(use->arg, "any") && !iface_open(b, use, &i))
		return;
	int16_t socket = plan_add_slot(b, SLOT_FILE, "packet socket");
	struct plan_step *s =
		socket_step(b, use, STEP_SOCKET, 0, socket, PLAN_NONE, "make a socket");
	s->args[0].value = AF_PACKET;
	s->args[1].value = SOCK_RAW;
	s->note = "it gets nothing yet: protocol 0";
	s = socket_step(b, use, STEP_SOCKOPT, SO_RCVBUF, PLAN_NONE, socket, "keep its queue short");
	s->args[1].value = SOL_SOCKET;
	s->args[2].value = 1;
	s->note = "nobody reads it; the filter runs all the same";
	set_option(b, use, SO_ATTACH_BPF, socket);
	int16_t where = address(b, &i);
	s = socket_step(b, use, STEP_BIND, 0, PLAN_NONE, socket, "begin");
	s->args[1].blob = where;
}

/* ---- network namespaces ---- */

static void attach_namespace(struct planner *b, const struct hook_use *use)
{
	static const char hint[] =
		"a network namespace is a file like /run/netns/NAME or /proc/PID/ns/net, or 'own'";
	bool own = !strcmp(use->arg, "own");
	uint32_t type = use->hook->attach_type;
	if (!own && *use->arg != '/') {
		hook_fail(b, hint, "'%s' is no network namespace", use->arg);
		return;
	}
	int16_t space = place_open(b, use, own ? KFS_PROC : KFS_COUNT,
		own ? PLACE_OWN_NETNS : use->arg, 0, "network namespace", hint);
	int16_t link = place_link(b, use, space, type);
	plan_add_hint(b, link, EEXIST,
		"another program is attached there, or (a flow_dissector) in the first namespace");
	if (!own || type != BPF_FLOW_DISSECTOR)
		return;
	int16_t old = place_attach(b, use, PLAN_NONE, type, 0, link);
	place_detach(b, use, PLAN_NONE, type, old,
		"kernels before 5.8 have no link here: if sonde is killed by SIGKILL, the program "
		"stays (sonde detach own lists and removes it)");
}

/* ---- all ---- */

static const char reuseport[] = "which of several sockets with one port gets a connection";

static const struct hook_method by_option[] = {{0, "SO_ATTACH_BPF"}, {0}};
static const struct hook_method for_port[] = {
	{ABI_VERSION(5, 6), "SO_ATTACH_REUSEPORT_EBPF"}, {0}}; /* not for lack of the option, but of
                                                                  pidfd_getfd */
static const struct hook_method of_namespace[] = {
	{ABI_VERSION(5, 8), "BPF_LINK_CREATE"}, {0, "BPF_PROG_ATTACH"}, {0}};

static const struct hook hooks[] = {
	{
		.sec = "socket",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.since = ABI_VERSION(3, 19),
		.arg_syntax = "INTERFACE|any|tcp:PORT|udp:PORT|PID:FD",
		.what = "a packet of an interface, for looking at; or for the socket of a process",
		.needs = "an interface",
		.methods = by_option,
		.attach = attach_filter,
	},
	{
		.sec = "sk_reuseport/migrate",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_SK_REUSEPORT,
		.attach_type = BPF_SK_REUSEPORT_SELECT_OR_MIGRATE,
		.since = ABI_VERSION(5, 14),
		.arg_syntax = "tcp:PORT|udp:PORT|PID:FD",
		.what = reuseport,
		.needs = "one of the sockets",
		.methods = for_port,
		.attach = attach_choice,
	},
	{
		.sec = "sk_reuseport",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_SK_REUSEPORT,
		.attach_type = BPF_SK_REUSEPORT_SELECT,
		.since = ABI_VERSION(4, 19),
		.arg_syntax = "tcp:PORT|udp:PORT|PID:FD",
		.what = reuseport,
		.needs = "one of the sockets",
		.methods = for_port,
		.attach = attach_choice,
	},
	{
		.sec = "sk_lookup",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_SK_LOOKUP,
		.attach_type = BPF_SK_LOOKUP,
		.since = ABI_VERSION(5, 9),
		.arg_syntax = "FILE|own",
		.what = "which socket gets a packet that opens a connection",
		.needs = "a network namespace",
		.methods = hook_methods_link,
		.attach = attach_namespace,
	},
	{
		.sec = "flow_dissector",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_FLOW_DISSECTOR,
		.attach_type = BPF_FLOW_DISSECTOR,
		.since = ABI_VERSION(4, 20),
		.arg_syntax = "FILE|own",
		.what = "which connection a packet is part of",
		.needs = "a network namespace",
		.methods = of_namespace,
		.attach = attach_namespace,
	},
};

const struct hook_family socket_family = {"socket", hooks, sizeof hooks / sizeof *hooks};
