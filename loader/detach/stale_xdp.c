/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* XDP programs attached by netlink: their ids are known, one per mode. */
#include "stale_impl.h"

#include "elf/base/netlink_abi.h"
#include "loader/kernel/interface.h"
#include "loader/kernel/netlink.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

/* Enters the network namespace of "NETNS:INTERFACE" for the rest of the process. *name: the interface. */
static bool enter_netns(struct stale *l, const char **name, struct err *e)
{
	const char *colon = strchr(l->place, ':');
	*name = colon ? colon + 1 : l->place;
	if (!colon)
		return true;
	int n = (int)(colon - l->place);
	bool pid = strspn(l->place, "0123456789") == (size_t)n;
	const char *path =
		arena_printf(l->arena, pid ? "/proc/%.*s/ns/net" : "/run/netns/%.*s", n, l->place);
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	bool ok = fd >= 0 && !setns(fd, CLONE_NEWNET);
	if (!ok)
		err_sys(e, errno, "network namespace %s", path ? path : "");
	if (fd >= 0)
		close(fd);
	return ok;
}

bool stale_xdp(struct stale *l, struct err *e)
{
	const char *name;
	if (!enter_netns(l, &name, e))
		return false;
	uint8_t reply[INTERFACE_REPLY_MAX];
	struct span xdp = {0};
	long index = netlink_ifindex(name);
	int64_t r = index < 0 ? index : interface_xdp((uint32_t)index, reply, &xdp);
	if (r == -ENODEV) {
		err_set(e, "there is no network interface '%s'", name);
		return err_hint(e, "a cgroup below the root is named with a '/': ./%s", l->place);
	}
	if (r < 0)
		return err_sys(e, (int)-r, "interface %s", l->place);
	for (size_t i = 0; i < INTERFACE_XDP_MODES && !e->set; i++) {
		const struct interface_xdp_mode *mode = &interface_xdp_modes[i];
		const struct stale_program f = {.id = interface_xdp_id(xdp, mode),
			.hook = mode->hook,
			.place_field = "xdp.ifindex",
			.link_type = BPF_LINK_TYPE_XDP,
			.place = (uint64_t)index};
		int prog = f.id ? stale_found(l, &f, e) : -1;
		if (prog >= 0) {
			if (stale_run_xdp(l, mode->flag, e))
				stale_removed(l, &f);
			close(prog);
		}
	}
	return !e->set;
}
