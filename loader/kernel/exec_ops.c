/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The implementations of the operations in loader/plan/step_ops.def. */
#include "exec_impl.h"

#include "elf/base/netlink_abi.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>

enum { LIST_MAX = 4096 };

/* plan_check() ensures that these arguments are terminated strings. */
static const char *text(const struct step_call *c, int i)
{
	return (const char *)(intptr_t)c->args[i];
}

static uint32_t blob_size(const struct exec *x, const struct step_call *c, int i)
{
	return x->plan->blobs[c->step->args[i].blob].size;
}

static bool in_fs(const struct step_call *c)
{
	return c->step->cmd < KFS_COUNT;
}

/* ---- files ---- */

static int64_t run_read_number(struct exec *x, const struct step_call *c)
{
	int64_t n;
	int r = in_fs(c) ? x->calls->kfs_read_number(
				   x->kfs, (enum kfs_which)c->step->cmd, text(c, 0), &n)
	                 : -EINVAL;
	return r < 0 ? r : n;
}

/* *found: whether the words occur at p in a row. Returns the end of the first word, NULL at the end
 * of the text. */
static const char *words_at(const char *p, const char *words, bool *found)
{
	static const char between[] = ", \t\n";
	const char *first = NULL;
	for (*found = true; *words && *found; words += strspn(words, between)) {
		p += strspn(p, between);
		size_t n = strcspn(words, between);
		*found = strcspn(p, between) == n && !strncmp(p, words, n);
		p += strcspn(p, between);
		words += n;
		first = first ? first : p;
	}
	return first && *first ? first : NULL;
}

/* The list is separated by commas or white space. Only its first LIST_MAX bytes are read. */
static int64_t run_expect_word(struct exec *x, const struct step_call *c)
{
	char list[LIST_MAX];
	bool found = false;
	long n = in_fs(c) ? x->calls->kfs_read_text(x->kfs, (enum kfs_which)c->step->cmd,
				    text(c, 0), list, sizeof list)
	                  : -EINVAL;
	if (n < 0 && n != -EFBIG)
		return n;
	for (const char *p = list; p && !found;)
		p = words_at(p, text(c, 1), &found);
	return found ? 0 : -ENOENT;
}

static int64_t run_functions(struct exec *x, const struct step_call *c)
{
	uint8_t *out = (uint8_t *)(intptr_t)c->args[2];
	if (!out)
		return -ENOMEM;
	return (c->args[3] ? x->calls->functions_names : x->calls->functions_addresses)(
		x->kfs, text(c, 0), text(c, 1), out, blob_size(x, c, 2));
}

static int64_t run_open(struct exec *x, const struct step_call *c)
{
	int flags = (int)c->args[1];
	return in_fs(c)
	               ? x->calls->kfs_open(x->kfs, (enum kfs_which)c->step->cmd, text(c, 0), flags)
	               : x->calls->open(text(c, 0), flags);
}

static int64_t run_append(struct exec *x, const struct step_call *c)
{
	return x->calls->kfs_append(x->kfs, (enum kfs_which)c->step->cmd, text(c, 0), text(c, 1));
}

static int64_t run_mount(struct exec *x, const struct step_call *c)
{
	struct err e = {0};
	if (!in_fs(c))
		return -EINVAL;
	if (x->calls->kfs_mount(x->kfs, (enum kfs_which)c->step->cmd, &e))
		return 0;
	return e.no ? -e.no : -ENODEV;
}

static int64_t run_mkdir(struct exec *x, const struct step_call *c)
{
	return x->calls->mkdir(text(c, 0), 0700);
}

static int64_t run_remove(struct exec *x, const struct step_call *c)
{
	return x->calls->remove(text(c, 0));
}

/* ---- bpf(2) and related lookups ---- */

static int64_t run_bpf(struct exec *x, const struct step_call *c)
{
	return x->calls->bpf(x->watch, (int)c->step->cmd, c->attr, c->attr_size);
}

static int64_t run_symbol(struct exec *x, const struct step_call *c)
{
	return x->calls->kallsyms_address(x->kfs, text(c, 0), c->args[1] != 0);
}

static int64_t run_types(struct exec *x, const struct step_call *c)
{
	return x->calls->types_fd(x->watch, text(c, 0));
}

static int64_t run_func(struct exec *x, const struct step_call *c)
{
	return x->calls->func_id(x->watch, (int)c->args[0], text(c, 1));
}

/* BPF_F_RDONLY_PROG is ignored: the kernel adds it to devmaps. */
long exec_compare_map(
	const struct exec *x, int fd, const struct plan_step *create, struct map_comparison *d)
{
#define FIELD(name, of_info)                                                                       \
	{                                                                                          \
#name, ATTR(name), ATTR_FIELD(struct bpf_map_info, of_info)                        \
	}
	static const struct {
		const char *name;
		struct attr_field of_attr, of_info;
	} fields[MAP_SHAPE] = {FIELD(map_type, type), FIELD(key_size, key_size),
		FIELD(value_size, value_size), FIELD(max_entries, max_entries),
		FIELD(map_flags, map_flags), FIELD(map_extra, map_extra)};
#undef FIELD
	const struct plan_blob *attr = &x->plan->blobs[create->attr];
	struct bpf_map_info info = {0};
	uint32_t n = sizeof info;
	long r = x->calls->info(x->watch, fd, &info, &n);
	*d = (struct map_comparison){.differs = false};
	for (size_t i = 0; !r && i < MAP_SHAPE; i++) {
		uint64_t planned = attr_number(attr->bytes, attr->size, fields[i].of_attr);
		uint64_t found = attr_number(&info, sizeof info, fields[i].of_info);
		uint64_t ignored = i == 4 ? BPF_F_RDONLY_PROG : 0; /* map_flags */
		bool differs = (planned ^ found) & ~ignored;
		d->fields[i].field = fields[i].name;
		d->fields[i].planned = planned;
		d->fields[i].found = found;
		d->fields[i].differs = differs;
		d->differs |= differs;
	}
	return r;
}

/* Compares a pinned map with the attr that would have created it. */
static int64_t run_same_map(struct exec *x, const struct step_call *c)
{
	struct map_comparison d;
	long r = exec_compare_map(x, (int)c->args[0], &x->plan->steps[c->args[1]], &d);
	return !r && d.differs ? -EEXIST : r;
}

/* ---- pins ---- */

static int64_t run_stage(struct exec *x, const struct step_call *c)
{
	return x->calls->pin_folder_stage(text(c, 0), text(c, 1),
		c->args[2] > 1 ? PIN_REPLACE
		: c->args[2]   ? PIN_REPLACE_UNATTACHED
			       : PIN_REPLACE_NONE);
}

static int64_t run_access(struct exec *x, const struct step_call *c)
{
	const char *like = c->step->args[1].blob == PLAN_NONE ? NULL : text(c, 1);
	return x->calls->pin_folder_access(text(c, 0), like, c->args[2], c->args[3], c->args[4]);
}

static int64_t run_move(struct exec *x, const struct step_call *c)
{
	return x->calls->pin_folder_move(text(c, 0), text(c, 1), c->args[2] != 0);
}

static int64_t run_clear(struct exec *x, const struct step_call *c)
{
	return x->calls->pin_folder_clear(text(c, 0));
}

_Static_assert(sizeof(struct pin_record) == PLAN_RECORD, "the record of a plan");

static int64_t run_sign(struct exec *x, const struct step_call *c)
{
	struct pin_record r;
	if (blob_size(x, c, 0) != sizeof r)
		return -EINVAL;
	void *bytes = (void *)(intptr_t)c->args[0];
	memcpy(&r, bytes, sizeof r);
	x->calls->pin_record_sign(&r);
	memcpy(bytes, &r, sizeof r);
	return 0;
}

/* Whether an interface runs XDP in the mode that these flags request. */
static bool has_mode(struct exec *x, uint32_t index, uint64_t flags)
{
	if (!(flags & (XDP_FLAGS_SKB_MODE | XDP_FLAGS_DRV_MODE)))
		return true;
	bool generic = !x->calls->interface_has_generic_xdp(index);
	return generic == !!(flags & XDP_FLAGS_SKB_MODE);
}

/* Whether a link, of the types whose program can be exchanged, is what the attr of BPF_LINK_CREATE makes. A
 * cgroup's id is the number of its directory, of which 32-bit machines show the lower half. */
static bool attaches_there(
	struct exec *x, const uint8_t *attr, uint32_t size, const struct bpf_link_info *info)
{
	uint64_t type = attr_number(attr, size, ATTR(link_create.attach_type)),
		 target = attr_number(attr, size, ATTR(link_create.target_fd));
	switch (info->type) {
	case BPF_LINK_TYPE_XDP: /* the index may be one of another network namespace */
		return target == info->xdp.ifindex &&
		       !x->calls->interface_has_xdp((uint32_t)target, info->prog_id) &&
		       has_mode(x, (uint32_t)target,
			       attr_number(attr, size, ATTR(link_create.flags)));
	case BPF_LINK_TYPE_TCX:
		return target == info->tcx.ifindex && type == info->tcx.attach_type;
	case BPF_LINK_TYPE_NETKIT:
		return target == info->netkit.ifindex && type == info->netkit.attach_type;
	case BPF_LINK_TYPE_CGROUP:
		return type == info->cgroup.attach_type &&
		       (uint32_t)x->calls->file_number((int)target) ==
		               (uint32_t)info->cgroup.cgroup_id;
	case BPF_LINK_TYPE_NETNS:
		return type == info->netns.attach_type &&
		       x->calls->file_number((int)target) == (int64_t)info->netns.netns_ino;
	default:
		return false;
	}
}

static int64_t run_same_link(struct exec *x, const struct step_call *c)
{
	const struct plan_step *create = &x->plan->steps[c->args[1]];
	const uint8_t *attr = exec_attr(x, create);
	struct bpf_link_info info = {0};
	uint32_t n = sizeof info;
	bool same = attr && !x->calls->info(x->watch, (int)c->args[0], &info, &n) &&
	            attaches_there(x, attr, x->plan->blobs[create->attr].size, &info);
	return same ? x->calls->dup((int)c->args[0]) : -ENOENT;
}

/* The first mapping fixes the address, which loading programs requires. */
static int64_t run_arena(struct exec *x, const struct step_call *c)
{
	const struct plan_arg *args = c->step->args;
	uint64_t size = (uint64_t)args[1].value, at = (uint64_t)args[4].value;
	const struct plan_blob *data = args[3].blob < 0 ? NULL : &x->plan->blobs[args[3].blob];
	if (size > SIZE_MAX / 2 || (data && (data->size > size || at > size - data->size)))
		return -EINVAL;
	int error;
	void *p = x->calls->mmap((void *)(uintptr_t)args[2].value, (size_t)size,
		MAP_SHARED | (args[2].value ? MAP_FIXED_NOREPLACE : 0), (int)c->args[0], &error);
	if (!p)
		return -error;
	if (data)
		memcpy((uint8_t *)p + at, data->bytes, data->size);
	x->calls->munmap(p, (size_t)size);
	return 0;
}

/* ---- attach targets ---- */

static int64_t run_perf_open(struct exec *x, const struct step_call *c)
{
	return x->calls->perf_event_open(c->attr, (int)c->args[0], (int)c->args[1], (int)c->args[2],
		(unsigned long)c->args[3]);
}

static int64_t run_ioctl(struct exec *x, const struct step_call *c)
{
	return x->calls->ioctl((int)c->args[0], c->step->cmd, c->args[1]);
}

static int64_t run_netlink(struct exec *x, const struct step_call *c)
{
	return x->calls->netlink_request((const uint8_t *)(intptr_t)c->args[0], blob_size(x, c, 0),
		(int)c->args[1], (size_t)c->args[2]);
}

static int64_t run_delqdisc(struct exec *x, const struct step_call *c)
{
	/* With filters of others, it stays. */
	int64_t r = x->calls->interface_has_filters((uint32_t)c->args[1]);
	return r != -ENOENT ? r
	                    : x->calls->netlink_request((const uint8_t *)(intptr_t)c->args[0],
				      blob_size(x, c, 0), NETLINK_ROUTE, 0);
}

static int64_t run_xdp_off(struct exec *x, const struct step_call *c)
{
	struct bpf_prog_info info = {0};
	uint32_t n = sizeof info;
	int64_t r = x->calls->info(x->watch, (int)c->args[2], &info, &n);
	if (!r || r == -EINVAL) /* before 4.13, neither the program nor the interface tells an id */
		r = x->calls->interface_has_xdp((uint32_t)c->args[1], info.id);
	return r ? r
	         : x->calls->netlink_request((const uint8_t *)(intptr_t)c->args[0],
			   blob_size(x, c, 0), NETLINK_ROUTE, 0);
}

static int64_t run_ifindex(struct exec *x, const struct step_call *c)
{
	return x->calls->netlink_ifindex(text(c, 0));
}

static int64_t run_default_route(struct exec *x, const struct step_call *c)
{
	return x->calls->interface_has_default_route((uint32_t)c->args[0]) == -ENOENT ? -ENOENT : 0;
}

static int64_t run_xdp_generic(struct exec *x, const struct step_call *c)
{
	return x->calls->interface_has_generic_xdp((uint32_t)c->args[0]);
}

static int64_t run_netns(struct exec *x, const struct step_call *c)
{
	bool keep = c->step->slot != PLAN_NONE;
	int left = keep ? x->calls->kfs_open(x->kfs, KFS_PROC, "self/ns/net", O_RDONLY) : 0;
	if (left < 0)
		return left;
	long r = x->calls->setns((int)c->args[0], CLONE_NEWNET);
	if (r < 0 && keep)
		x->calls->close(left);
	return r < 0 ? r : left;
}

static int64_t run_getfd(struct exec *x, const struct step_call *c)
{
	return x->calls->get_fd((int)c->args[0], (int)c->args[1]);
}

static int64_t run_socket(struct exec *x, const struct step_call *c)
{
	return x->calls->socket((int)c->args[0], (int)c->args[1] | SOCK_CLOEXEC, (int)c->args[2]);
}

static int64_t run_bind(struct exec *x, const struct step_call *c)
{
	return x->calls->bind(
		(int)c->args[0], (const struct sockaddr *)(intptr_t)c->args[1], blob_size(x, c, 1));
}

static int64_t run_sockopt(struct exec *x, const struct step_call *c)
{
	return x->calls->setsockopt(
		(int)c->args[0], (int)c->args[1], (int)c->step->cmd, (int)c->args[2]);
}

/* Combines time and pid: processes at the same time differ in pid, and vice versa. */
static int64_t run_unique(struct exec *x, const struct step_call *c)
{
	(void)c;
	return (int64_t)((x->calls->now_ns() << 16 ^ (uint64_t)x->calls->getpid()) & INT64_MAX);
}

const exec_op exec_ops[STEP_OPS] = {
#define STEP(op, name, text, cmd, args, has_result, run, allowed) [STEP_##op] = run_##run,
#include "loader/plan/step_ops.def"
#undef STEP
};
