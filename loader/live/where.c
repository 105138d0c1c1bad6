/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "where.h"
#include "elf/base/format.h"

#include "elf/base/text.h"
#include "loader/hook/hook.h"
#include "loader/plan/abi.h"

#include <inttypes.h>
#include <net/if.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
	struct live *l;
	const struct live_link *link;
	const struct live_prog *prog;
	char *buf; /* WHERE_MAX bytes, empty at first */
};

#define ADD(p, ...) text_add((p)->buf, WHERE_MAX, __VA_ARGS__)

/* ---- parts of places ---- */

void where_interface(uint32_t index, char *buf, size_t size)
{
	char name[IF_NAMESIZE];
	if (!index)
		text_add(buf, size, "removed");
	else if (if_indextoname(index, name))
		text_add(buf, size, "%s", name);
	else
		text_add(buf, size, "ifindex %" PRIu32, index);
}

void where_cgroup(struct live *l, uint64_t id, char *buf, size_t size)
{
	const char *path = l->names.viewer.cgroup(l->names.viewer.ctx, id);
	if (path)
		text_add(buf, size, "%s", path);
	else
		text_add(buf, size, id ? "cgroup %" PRIu64 : "removed", id);
}

void struct_ops_name(struct live *l, uint32_t map, char *buf, size_t size)
{
	static const char prefix[] = "bpf_struct_ops_";
	const struct live_map_name m = live_map_name(l, map);
	struct err e = {0};
	struct btf_type t;
	const struct btf *b = m.struct_ops ? target_btf(l->kernel, &e) : NULL;
	bool known = b && btf_type(b, m.struct_ops, &t) &&
	             !strncmp(btf_name(&t), prefix, sizeof prefix - 1);
	text_print(buf, size, "%s", known ? btf_name(&t) + sizeof prefix - 1 : "");
}

void where_struct_ops(struct live *l, uint32_t map, char *buf, size_t size)
{
	char name[WHERE_MAX];
	struct_ops_name(l, map, name, sizeof name);
	if (*name)
		text_add(buf, size, "%s, ", name);
	text_add(buf, size, map ? "map %" PRIu32 : "removed", map);
}

static void add_map(struct place *p, uint32_t id)
{
	ADD(p, id ? "map " : "removed");
	if (id)
		live_add_map(p->l, id, p->buf, WHERE_MAX);
}

/* The function at an address, which may be past the instructions at its start that tracing leaves alone. */
static void add_function(struct place *p, uint64_t address)
{
	uint64_t plus;
	const char *name = address ? names_kernel(&p->l->names, address, &plus) : NULL;
	if (name)
		ADD(p, "%s", name);
	else if (address)
		ADD(p, "0x%" PRIx64, address);
}

static void add_more(struct place *p, uint32_t n)
{
	if (n > 1)
		ADD(p, " and %" PRIu32 " more", n - 1);
}

/* ---- one function per type of link ---- */

static void by_text(struct place *p)
{
	ADD(p, "%s", p->link->text);
}

/* Tells whether the function is in a program instead of the kernel: only the program's own information
 * does (6.0), unless it is an extension. */
static bool is_in_program(struct place *p)
{
	const struct bpf_prog_info *info = &p->prog->info;
	return info->type == BPF_PROG_TYPE_EXT ||
	       (info->attach_btf_obj_id &&
		       !*live_types_name(&p->l->types, info->attach_btf_obj_id));
}

static void function(struct place *p)
{
	static const char *const prefixes[] = {"btf_trace_", "bpf_lsm_"};
	uint32_t object = p->link->info.tracing.target_obj_id;
	uint32_t id = p->link->info.tracing.target_btf_id;
	bool in_program = id && is_in_program(p);
	uint32_t types = in_program ? live_program(p->l, object).info.btf_id : object;
	const struct btf *b = id ? live_types_get(&p->l->types, types) : NULL;
	struct btf_type t;
	if (!b || !btf_type(b, id, &t))
		return;
	const char *name = btf_name(&t), *of = live_types_name(&p->l->types, types);
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			name += strlen(prefixes[i]);
	ADD(p, "%s", name);
	if (in_program)
		ADD(p, ", program %" PRIu32, object);
	else if (*of && strcmp(of, "vmlinux") != 0)
		ADD(p, " [%s]", of);
}

static void cgroup(struct place *p)
{
	where_cgroup(p->l, p->link->info.cgroup.cgroup_id, p->buf, WHERE_MAX);
}

static void iterator(struct place *p)
{
	by_text(p);
	if (p->link->info.iter.map.map_id && strstr(p->link->text, "map")) {
		ADD(p, ", ");
		add_map(p, p->link->info.iter.map.map_id);
	}
}

static void netns(struct place *p)
{
	struct stat own;
	uint32_t inode = p->link->info.netns.netns_ino;
	bool here = !stat("/proc/self/ns/net", &own) && (uint32_t)own.st_ino == inode;
	ADD(p, inode ? "netns %" PRIu32 "%s" : "removed", inode, here ? " (own)" : "");
}

static void interface(struct place *p)
{
	/* The index is the first field for all of them. */
	where_interface(p->link->info.xdp.ifindex, p->buf, WHERE_MAX);
}

static void struct_ops(struct place *p)
{
	where_struct_ops(p->l, p->link->info.struct_ops.map_id, p->buf, WHERE_MAX);
}

static void sockmap(struct place *p)
{
	add_map(p, p->link->info.sockmap.map_id);
}

static void netfilter(struct place *p)
{
	static const char *const hooks[] = {
		"prerouting", "input", "forward", "output", "postrouting"};
	uint32_t pf = p->link->info.netfilter.pf, hook = p->link->info.netfilter.hooknum;
	ADD(p, "%s ", pf == 2 ? "ipv4" : pf == 10 ? "ipv6" : "family");
	if (pf != 2 && pf != 10)
		ADD(p, "%" PRIu32 " ", pf);
	if (hook < sizeof hooks / sizeof *hooks)
		ADD(p, "%s", hooks[hook]);
	else
		ADD(p, "hook %" PRIu32, hook);
	ADD(p, " %" PRId32, p->link->info.netfilter.priority);
}

static void functions(struct place *p)
{
	uint32_t n = p->link->info.kprobe_multi.count;
	add_function(p, span_u64(p->link->places, 0));
	if (*p->buf)
		add_more(p, n);
	else if (n) /* the kernel hides addresses */
		ADD(p, "%" PRIu32 " function%s", n, n == 1 ? "" : "s");
}

static void user_functions(struct place *p)
{
	by_text(p);
	if (p->link->places.n)
		ADD(p, ":0x%" PRIx64, span_u64(p->link->places, 0));
	add_more(p, p->link->info.uprobe_multi.count);
	if (p->link->info.uprobe_multi.pid)
		ADD(p, ", pid %" PRIu32, p->link->info.uprobe_multi.pid);
}

/* The source of an event that is not one of perf's own types, as sysfs lists it. */
static bool add_source(struct place *p, uint32_t type)
{
	char path[300];
	bool found = false;
	int64_t number;
	DIR *dir = kfs_list(p->l->kernel->kfs, KFS_SYS, "bus/event_source/devices");
	for (struct dirent *d; dir && !found && (d = readdir(dir));) {
		text_print(path, sizeof path, "bus/event_source/devices/%s/type", d->d_name);
		found = *d->d_name != '.' &&
		        !kfs_read_number(p->l->kernel->kfs, KFS_SYS, path, &number) &&
		        number == type;
		if (found)
			ADD(p, "%s", d->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* "hardware 0", "msr" */
static void add_event(struct place *p, uint32_t type, uint64_t config)
{
	char nick[48];
	if (abi_name(ABI_PERF_TYPES, type))
		ADD(p, "%s %" PRIu64, abi_nick(ABI_PERF_TYPES, type, nick), config);
	else if (!add_source(p, type)) /* the clocks of perf itself are not listed */
		ADD(p, "type %" PRIu32, type);
}

static void event(struct place *p)
{
	const struct bpf_link_info *i = &p->link->info;
	by_text(p);
	switch (i->perf_event.type) {
	case BPF_PERF_EVENT_UPROBE:
	case BPF_PERF_EVENT_URETPROBE:
		ADD(p, ":0x%" PRIx32, i->perf_event.uprobe.offset);
		break;
	case BPF_PERF_EVENT_KPROBE:
	case BPF_PERF_EVENT_KRETPROBE:
		if (!*p->buf)
			add_function(p, i->perf_event.kprobe.addr);
		else if (i->perf_event.kprobe.offset)
			ADD(p, "+0x%" PRIx32, i->perf_event.kprobe.offset);
		break;
	case BPF_PERF_EVENT_EVENT:
		add_event(p, i->perf_event.event.type, i->perf_event.event.config);
		break;
	default:
		break;
	}
}

/* Types of links: what they tell about the place, and the attach type, in a field or (field 0) always. */
static const struct kind {
	void (*place)(struct place *p);
	uint8_t field;
	uint8_t attach_type;
} kinds[] = {
#define FIELD(name) offsetof(struct bpf_link_info, name)
	[BPF_LINK_TYPE_RAW_TRACEPOINT] = {by_text, 0, 0},
	[BPF_LINK_TYPE_TRACING] = {function, FIELD(tracing.attach_type), 0},
	[BPF_LINK_TYPE_CGROUP] = {cgroup, FIELD(cgroup.attach_type), 0},
	[BPF_LINK_TYPE_ITER] = {iterator, 0, BPF_TRACE_ITER},
	[BPF_LINK_TYPE_NETNS] = {netns, FIELD(netns.attach_type), 0},
	[BPF_LINK_TYPE_XDP] = {interface, 0, BPF_XDP},
	[BPF_LINK_TYPE_PERF_EVENT] = {event, 0, 0},
	[BPF_LINK_TYPE_KPROBE_MULTI] = {functions, 0, BPF_TRACE_KPROBE_MULTI},
	[BPF_LINK_TYPE_STRUCT_OPS] = {struct_ops, 0, BPF_STRUCT_OPS},
	[BPF_LINK_TYPE_NETFILTER] = {netfilter, 0, BPF_NETFILTER},
	[BPF_LINK_TYPE_TCX] = {interface, FIELD(tcx.attach_type), 0},
	[BPF_LINK_TYPE_UPROBE_MULTI] = {user_functions, 0, BPF_TRACE_UPROBE_MULTI},
	[BPF_LINK_TYPE_NETKIT] = {interface, FIELD(netkit.attach_type), 0},
	[BPF_LINK_TYPE_SOCKMAP] = {sockmap, FIELD(sockmap.attach_type), 0},
#undef FIELD
};

static const struct kind *kind_of(const struct live_link *link)
{
	static const struct kind none = {NULL, 0, 0};
	return link->info.type < sizeof kinds / sizeof *kinds ? &kinds[link->info.type] : &none;
}

char *where_text(struct live *l, const struct live_link *link, const struct live_prog *p,
	char buf[static WHERE_MAX])
{
	struct place place = {l, link, p, buf};
	buf[0] = 0;
	if (kind_of(link)->place)
		kind_of(link)->place(&place);
	return buf;
}

/* ---- hooks ---- */

const char *where_hook(uint32_t attach_type, uint32_t prog_type)
{
	const char *found = NULL;
	bool tcx = attach_type == BPF_TCX_INGRESS || attach_type == BPF_TCX_EGRESS;
	for (size_t f = 0; f < hook_family_count; f++)
		for (size_t i = 0; i < hook_families[f]->n; i++) {
			const struct hook *h = &hook_families[f]->hooks[i];
			/* Several names with the same type: "xdp", not "xdp.frags"; not "tc". */
			if (h->attach_type == attach_type &&
				(!prog_type || h->prog_type == prog_type) &&
				(!found || (strchr(found, '.') && !strchr(h->sec, '.')) ||
					(tcx && !strncmp(h->sec, "tcx", 3))))
				found = h->sec;
		}
	return found;
}

char *where_type(
	const struct live_link *link, const struct live_prog *p, char buf[static WHERE_TYPE])
{
	const struct kind *k = kind_of(link);
	uint32_t attach_type =
		k->field ? bytes_get32((const uint8_t *)&link->info + k->field, host_is_big())
			 : k->attach_type;
	bool event = link->info.type == BPF_LINK_TYPE_PERF_EVENT && link->info.perf_event.type &&
	             link->info.perf_event.type != BPF_PERF_EVENT_EVENT;
	const char *sec = k->field || attach_type ? where_hook(attach_type, p->info.type) : NULL;
	if (event)
		return abi_nick(ABI_PERF_EVENT_TYPES, link->info.perf_event.type, buf);
	if (link->info.type == BPF_LINK_TYPE_KPROBE_MULTI &&
		link->info.kprobe_multi.flags & BPF_F_KPROBE_MULTI_RETURN)
		sec = "kretprobe.multi";
	if (link->info.type == BPF_LINK_TYPE_UPROBE_MULTI &&
		link->info.uprobe_multi.flags & BPF_F_UPROBE_MULTI_RETURN)
		sec = "uretprobe.multi";
	if (link->info.type == BPF_LINK_TYPE_RAW_TRACEPOINT)
		sec = "raw_tp";
	if (!sec)
		return abi_nick(ABI_PROG_TYPES, p->info.type, buf);
	text_print(buf, WHERE_TYPE, "%s", sec);
	return buf;
}
