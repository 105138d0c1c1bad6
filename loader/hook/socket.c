/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Sockets: filters on a packet socket or a socket of a process; selection among SO_REUSEPORT sockets;
 * programs of a network namespace.
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

static int16_t add_address(struct plan_builder *b, const struct iface *i)
{
	uint8_t bytes[ADDRESS] = {0};
	bytes_put(bytes, 2, b->plan->big, AF_PACKET);
	bytes_put(bytes + AT_PROTOCOL, 2, true, ETH_P_ALL);
	int16_t blob = plan_add_blob(b, bytes, sizeof bytes, "sockaddr_ll");
	if (i->slot != PLAN_NONE)
		plan_add_patch(b, blob,
			(struct plan_patch){.at = AT_INDEX,
				.size = 4,
				.what = PATCH_SLOT,
				.index = (uint16_t)i->slot});
	return blob;
}

static struct plan_step *socket_step(struct plan_builder *b, const struct hook_use *use,
	enum step_op op, uint32_t cmd, int16_t slot, int16_t socket, const char *doing)
{
	struct plan_step like = use->like;
	like.doing = doing;
	struct plan_step *s = plan_step_at(b, plan_add_step(b, op, cmd, slot, &like));
	s->args[0].slot = socket;
	return s;
}

/* Adds the setsockopt() that attaches a program. Returns the step. */
static int16_t add_set_option(
	struct plan_builder *b, const struct hook_use *use, uint32_t option, int16_t socket)
{
	struct plan_step *s =
		socket_step(b, use, STEP_SOCKOPT, option, use->link_slot, socket, use->like.doing);
	s->args[1].value = SOL_SOCKET;
	s->args[2].slot = use->prog_slot;
	return b->failed ? PLAN_NONE : (int16_t)(b->plan->n_steps - 1);
}

/* Socket options that attach and detach a program. */
struct option {
	uint32_t set, unset;
	const char *removed; /* note of a removal that succeeded */
};

static const struct option filter_option = {
	SO_ATTACH_BPF, SO_DETACH_BPF, "removed the filter of the socket"};
static const struct option reuseport_option = {SO_ATTACH_REUSEPORT_EBPF, SO_DETACH_REUSEPORT_BPF,
	"removed the reuseport program of the socket"};

static void complete_unset(struct plan_step *s, int16_t socket)
{
	s->args[0].slot = socket;
	s->args[1].value = SOL_SOCKET;
}

/* Attaches to a socket of another process, which may outlive sonde. */
static void attach_option(
	struct plan_builder *b, const struct hook_use *use, const struct option *o)
{
	int16_t socket = process_socket_open(b, use, use->arg);
	int16_t step = add_set_option(b, use, o->set, socket);
	struct plan_step *s = plan_step_at(b, step);
	s->flags |= STEP_NOTICE;
	s->note = plan_text(
		b, arena_printf(b->plan->arena,
			   "sockets have no links: if sonde is killed by SIGKILL, the program "
			   "stays until the socket is closed (sonde detach %s removes it)",
			   use->arg));
	plan_add_hint(b, step, EINVAL,
		"the socket must be TCP or UDP, with SO_REUSEPORT set before it was bound");
	complete_unset(plan_step_at(b, plan_add_undo(b, STEP_SOCKOPT, o->unset, step)), socket);
}

static void attach_reuseport(struct plan_builder *b, const struct hook_use *use)
{
	attach_option(b, use, &reuseport_option);
}

/* The kernel does not report which programs a socket has, so this tries all options. */
void removal_socket_options(struct plan_builder *b, const struct hook_use *use)
{
	static const struct option *const options[] = {&filter_option, &reuseport_option};
	int16_t socket = process_socket_open(b, use, use->arg);
	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		int16_t step =
			plan_add_step(b, STEP_SOCKOPT, options[i]->unset, PLAN_NONE, &use->like);
		complete_unset(plan_step_at(b, step), socket);
		removal_mark(b, step, options[i]->removed);
	}
}

/* Creates a packet socket, unless the target is a socket of a process. The socket receives nothing
 * until it is bound, so the filter sees every packet from the first one on. */
static void attach_filter(struct plan_builder *b, const struct hook_use *use)
{
	struct iface i = {.name = "any", .suffix = "", .slot = PLAN_NONE, .netns = PLAN_NONE};
	if (process_socket_is_spec(use->arg)) {
		attach_option(b, use, &filter_option);
		return;
	}
	if (strcmp(use->arg, "any") && !iface_open(b, use, NULL, &i))
		return;
	int16_t socket = plan_add_slot(b, SLOT_FILE, "packet socket");
	struct plan_step *s =
		socket_step(b, use, STEP_SOCKET, 0, socket, PLAN_NONE, "create a socket");
	s->args[0].value = AF_PACKET;
	s->args[1].value = SOCK_RAW;
	s->note = "protocol 0: receives nothing yet";
	s = socket_step(b, use, STEP_SOCKOPT, SO_RCVBUF, PLAN_NONE, socket, "limit its queue");
	s->args[1].value = SOL_SOCKET;
	s->args[2].value = 1;
	s->note = "the filter runs although nobody reads the socket";
	add_set_option(b, use, SO_ATTACH_BPF, socket);
	int16_t address = add_address(b, &i);
	s = socket_step(b, use, STEP_BIND, 0, PLAN_NONE, socket, "start receiving");
	s->args[1].blob = address;
	iface_close(b, use, &i);
}

/* ---- network namespaces ---- */

static void attach_namespace(struct plan_builder *b, const struct hook_use *use)
{
	static const char hint[] = "a network namespace is a file such as /run/netns/NAME or "
				   "/proc/PID/ns/net, or 'own'";
	bool own = !strcmp(use->arg, "own");
	uint32_t type = use->hook->attach_type;
	if (!own && *use->arg != '/') {
		hook_fail(b, hint, "'%s' is not a network namespace", use->arg);
		return;
	}
	int16_t space = place_open(b, use, own ? KFS_PROC : KFS_COUNT,
		own ? PLACE_OWN_NETNS : use->arg, 0, "network namespace", hint);
	int16_t link = place_link(b, use, space, type);
	plan_add_hint(b, link, EEXIST,
		"another program is attached to it, or a flow_dissector to the initial namespace");
	if (!own || type != BPF_FLOW_DISSECTOR)
		return;
	int16_t old = place_attach(b, use, PLAN_NONE, type, 0, link);
	place_detach(b, use, PLAN_NONE, type, old,
		"kernels before 5.8 have no flow_dissector links: if sonde is killed by SIGKILL, "
		"the program stays (sonde detach own lists and removes it)");
}

/* ---- hooks ---- */

static const char reuseport[] = "selects among the SO_REUSEPORT sockets of a port";

static const struct hook_method filter_methods[] = {{0, "SO_ATTACH_BPF"}, {0}};
/* 5.6 is the first kernel with pidfd_getfd; the option itself is older. */
static const struct hook_method reuseport_methods[] = {
	{ABI_VERSION(5, 6), "SO_ATTACH_REUSEPORT_EBPF"}, {0}};
static const struct hook_method dissector_methods[] = {
	{ABI_VERSION(5, 8), "BPF_LINK_CREATE"}, {0, "BPF_PROG_ATTACH"}, {0}};

static const struct hook hooks[] = {
	{
		.sec = "socket",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.since = ABI_VERSION(3, 19),
		.arg_syntax = "INTERFACE|any|tcp:PORT|udp:PORT|PID:FD",
		.what = "packet of an interface (copy), or for the socket of a process",
		.needs = "an interface",
		.methods = filter_methods,
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
		.needs = "a socket",
		.methods = reuseport_methods,
		.attach = attach_reuseport,
	},
	{
		.sec = "sk_reuseport",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_SK_REUSEPORT,
		.attach_type = BPF_SK_REUSEPORT_SELECT,
		.since = ABI_VERSION(4, 19),
		.arg_syntax = "tcp:PORT|udp:PORT|PID:FD",
		.what = reuseport,
		.needs = "a socket",
		.methods = reuseport_methods,
		.attach = attach_reuseport,
	},
	{
		.sec = "sk_lookup",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_SK_LOOKUP,
		.attach_type = BPF_SK_LOOKUP,
		.since = ABI_VERSION(5, 9),
		.arg_syntax = "FILE|own",
		.what = "selects the socket for a new connection or a UDP packet",
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
		.what = "extracts the flow keys of a packet",
		.needs = "a network namespace",
		.methods = dissector_methods,
		.attach = attach_namespace,
	},
};

const struct hook_family socket_family = {"socket", hooks, sizeof hooks / sizeof *hooks};
