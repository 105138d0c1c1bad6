/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "stale_impl.h"

#include "elf/base/format.h"
#include "loader/hook/place.h"
#include "loader/plan/abi.h"
#include "loader/show/print.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

enum { IDS_MAX = 64 }; /* the kernel allows no more at one place */

bool stale_explain(const struct stale *l, int no, struct err *e)
{
	err_sys(e, no, "%s", l->place);
	return no == EPERM ? err_hint(e, "listing and removing attachments requires root") : false;
}

static uint64_t link_info(const char *name, const void *info, uint32_t size)
{
	return abi_get_by_name(ABI_LINK_INFO, name, info, size);
}

/* Does the link with that id hold the program there? */
static bool link_holds(const struct stale *l, uint32_t id, const struct stale_program *f)
{
	uint64_t info[32] = {0}; /* struct bpf_link_info */
	uint32_t n = sizeof info;
	long fd = sys_open_id(l->watch, BPF_LINK_GET_FD_BY_ID, id);
	if (fd < 0)
		return false;
	long r = sys_info(l->watch, (int)fd, info, &n);
	close((int)fd);
	/* On 32-bit machines inode numbers have only the lower 32 bits of a cgroup id. */
	return !r && link_info("type", info, n) == f->link_type &&
	       link_info("prog_id", info, n) == f->id &&
	       (uint32_t)link_info(f->place_field, info, n) == (uint32_t)f->place &&
	       (!f->type_field || link_info(f->type_field, info, n) == f->attach_type);
}

static bool is_linked(const struct stale *l, const struct stale_program *f)
{
	uint32_t id = 0;
	while (f->place_field && !sys_next_id(l->watch, BPF_LINK_GET_NEXT_ID, &id))
		if (link_holds(l, id, f))
			return true;
	return false;
}

/* The name of a program or map; "" if it has none or the kernel does not report it. */
static void name_of(const struct stale *l, int fd, bool map, char name[static 16])
{
	uint64_t info[32] = {0}; /* struct bpf_prog_info or bpf_map_info */
	uint32_t n = sizeof info;
	struct abi_field f;
	name[0] = 0;
	if (!sys_info(l->watch, fd, info, &n) &&
		abi_field_by_name(map ? ABI_MAP_INFO : ABI_PROG_INFO, "name", &f))
		text_print(name, 16, "%.15s", (const char *)info + f.offset);
}

int stale_found(struct stale *l, const struct stale_program *f, struct err *e)
{
	char id[16], name[16];
	if ((l->id && l->id != f->id) || is_linked(l, f))
		return -1;
	long fd = sys_open_id(
		l->watch, f->is_map ? BPF_MAP_GET_FD_BY_ID : BPF_PROG_GET_FD_BY_ID, f->id);
	if (fd < 0) {
		if (fd != -ENOENT)
			stale_explain(l, (int)-fd, e);
		return -1;
	}
	if (l->id)
		return (int)fd;
	name_of(l, (int)fd, f->is_map, name);
	close((int)fd);
	text_print(id, sizeof id, "%" PRIu32, f->id);
	listing_row(&l->programs, id, f->hook, name);
	return -1;
}

void stale_removed(struct stale *l, const struct stale_program *f)
{
	print(l->out, "%s: removed %s %" PRIu32 " (%s)\n", l->place, f->is_map ? "map" : "program",
		f->id, f->hook);
	l->removed++;
}

static bool detach(struct stale *l, int at, int prog, const struct stale_program *f, struct err *e)
{
	struct {
		uint32_t target_fd, attach_bpf_fd, attach_type;
	} attr = {(uint32_t)at, (uint32_t)prog, f->attach_type};
	long r = sys_bpf(l->watch, BPF_PROG_DETACH, &attr, sizeof attr);
	if (r < 0)
		return stale_explain(l, (int)-r, e);
	stale_removed(l, f);
	return true;
}

static bool query(struct stale *l, int fd, int detach_fd, struct stale_program f, struct err *e)
{
	uint32_t ids[IDS_MAX];
	struct {
		uint32_t target_fd, attach_type, query_flags, attach_flags;
		uint64_t prog_ids;
		uint32_t prog_cnt, unused;
	} attr = {(uint32_t)fd, f.attach_type, 0, 0, sys_ptr(ids), IDS_MAX, 0};
	long r = sys_bpf(l->watch, BPF_PROG_QUERY, &attr, sizeof attr);
	if (r < 0)
		return r == -EINVAL || r == -ENOENT || stale_explain(l, (int)-r, e);
	for (uint32_t i = 0; i < attr.prog_cnt && i < IDS_MAX && !e->set; i++) {
		f.id = ids[i];
		int prog = stale_found(l, &f, e);
		if (prog >= 0) {
			detach(l, detach_fd, prog, &f, e);
			close(prog);
		}
	}
	return !e->set;
}

/* ---- the places that BPF_PROG_QUERY knows ---- */

/* Several hooks share an attach type; only the first is queried. */
static bool is_first(const struct hook_family *family, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (family->hooks[k].attach_type == family->hooks[i].attach_type)
			return false;
	return true;
}

bool stale_cgroup(struct stale *l, struct err *e)
{
	struct stat group;
	int fd = (int)(*l->place == '/' ? sys_open(l->place, 0)
					: kfs_open(l->kernel->kfs, KFS_CGROUP2, l->place, 0));
	if (fd < 0) {
		err_sys(e, -fd, "cgroup %s", l->place);
		return err_hint(e, "%s", place_cgroup_missing);
	}
	struct stale_program f = {.place_field = "cgroup.cgroup_id",
		.type_field = "cgroup.attach_type",
		.link_type = BPF_LINK_TYPE_CGROUP,
		.place = fstat(fd, &group) ? 0 : group.st_ino};
	for (size_t i = 0; i < cgroup_family.n && !e->set; i++) {
		f.attach_type = cgroup_family.hooks[i].attach_type;
		f.hook = cgroup_family.hooks[i].sec;
		if (is_first(&cgroup_family, i))
			query(l, fd, fd, f, e);
	}
	close(fd);
	return e->no == EBADF ? err_hint(e, "%s", place_cgroup_other) : !e->set;
}

bool stale_receiver(struct stale *l, struct err *e)
{
	const struct stale_program f = {.hook = "lirc_mode2", .attach_type = BPF_LIRC_MODE2};
	int fd = (int)sys_open(l->place, O_RDWR);
	if (fd < 0) {
		err_sys(e, -fd, "%s", l->place);
		return err_hint(e, "%s", place_receiver_missing);
	}
	bool ok = query(l, fd, fd, f, e);
	close(fd);
	return ok;
}

/* Only a program of the caller's own namespace can be attached without a link. */
bool stale_namespace(struct stale *l, struct err *e)
{
	struct stat space;
	int fd = kfs_open(l->kernel->kfs, KFS_PROC, PLACE_OWN_NETNS, 0);
	if (fd < 0)
		return kfs_explain(l->kernel->kfs, KFS_PROC, PLACE_OWN_NETNS, fd, e);
	const struct stale_program f = {.hook = "flow_dissector",
		.attach_type = BPF_FLOW_DISSECTOR,
		.place_field = "netns.netns_ino",
		.type_field = "netns.attach_type",
		.link_type = BPF_LINK_TYPE_NETNS,
		.place = fstat(fd, &space) ? 0 : space.st_ino};
	bool ok = query(l, fd, 0, f, e);
	close(fd);
	return ok;
}
