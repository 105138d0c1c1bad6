/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "rehearsal.h"

#include "elf/base/cap_abi.h"
#include "elf/base/format.h"
#include "elf/base/insn.h"
#include "elf/base/netlink_abi.h"
#include "elf/link/helpers.h"
#include "loader/hook/event_names.h"
#include "loader/hook/iter.h"
#include "loader/kernel/interface.h"
#include "loader/kernel/kallsyms.h"
#include "loader/kernel/netlink.h"
#include "loader/kernel/process_status.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>

static bool has_cap(int cap)
{
	struct kfs k = {0};
	uint64_t caps = 0;
	bool known = process_status(&k, "CapEff:", 16, &caps);
	kfs_close(&k);
	return !known || caps >> cap & 1;
}

/* A descriptor that stands for a link or an event; the plan closes it. */
static long some_fd(void)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* ---- bpf(2) ---- */

static struct rehearsal *rehearsal_of(const struct sys_watch *w)
{
	return (struct rehearsal *)(uintptr_t)w; /* its first member */
}

/* The helper that makes loading the program a message in the kernel's log, or 0. */
static unsigned logging_helper(const struct rehearsal *r, const void *attr, unsigned size)
{
	const uint8_t *insns = (const uint8_t *)(uintptr_t)attr_number(attr, size, ATTR(insns));
	uint64_t n = attr_number(attr, size, ATTR(insn_cnt));
	for (uint64_t i = 0; insns && i < n; i++) {
		struct insn one = insn_get(insns + i * INSN_SIZE, host_is_big());
		bool calls = insn_calls_helper(one);
		if (calls && one.imm == BPF_FUNC_probe_write_user)
			return BPF_FUNC_probe_write_user;
		/* A warning about memory in a box of stars. */
		if (calls && one.imm == BPF_FUNC_trace_printk &&
			r->offer->version < ABI_VERSION(5, 9))
			return BPF_FUNC_trace_printk;
		i += insn_is_wide(one);
	}
	return 0;
}

/* Remembers what it is for: the kernel does not tell that of a loaded program. */
static long load_program(struct rehearsal *r, void *attr, unsigned size)
{
	unsigned helper = logging_helper(r, attr, size);
	long fd = helper ? some_fd() : sys_bpf(&r->watch, BPF_PROG_LOAD, attr, size);
	if (helper)
		r->not_loaded = helper_name(helper);
	if (fd >= 0 && r->n_progs < REHEARSAL_PROGS)
		r->progs[r->n_progs++] = (struct rehearsal_prog){(int)fd,
			(uint32_t)attr_number(attr, size, ATTR(prog_type)),
			(uint32_t)attr_number(attr, size, ATTR(expected_attach_type)),
			(uint32_t)attr_number(attr, size, ATTR(attach_btf_id))};
	return fd;
}

static struct bpf_map_info map_of(const struct rehearsal *r, int fd)
{
	struct bpf_map_info info = {0};
	uint32_t n = sizeof info;
	sys_info(&r->watch, fd, &info, &n);
	return info;
}

static long open_pin(struct rehearsal *r, void *attr, unsigned size)
{
	long fd = sys_bpf(&r->watch, BPF_OBJ_GET, attr, size);
	uint32_t id = fd < 0 ? 0 : map_of(r, (int)fd).id;
	if (id && r->n_foreign < REHEARSAL_MAPS)
		r->foreign[r->n_foreign++] = id;
	return fd;
}

/* Registers struct_ops with the kernel on some kernels; and pinned maps are other people's. */
static bool is_foreign(const struct rehearsal *r, int fd)
{
	struct bpf_map_info info = map_of(r, fd);
	bool foreign = info.type == BPF_MAP_TYPE_STRUCT_OPS || r->n_foreign == REHEARSAL_MAPS;
	for (unsigned i = 0; i < r->n_foreign && !foreign; i++)
		foreign = r->foreign[i] == info.id;
	return foreign;
}

static long write_map(struct rehearsal *r, int cmd, void *attr, unsigned size)
{
	int fd = (int)attr_number(attr, size, ATTR(map_fd));
	return is_foreign(r, fd) ? 0 : sys_bpf(&r->watch, cmd, attr, size);
}

/* What links of a type are refused with if the kernel is built without them. */
static long without(uint32_t attach_type)
{
	switch (attach_type) {
	case BPF_TCX_INGRESS:
	case BPF_TCX_EGRESS:
	case BPF_NETKIT_PRIMARY:
	case BPF_NETKIT_PEER:
		return -EINVAL;
	default:
		return -EOPNOTSUPP;
	}
}

/* What an interface refuses links with, or 0. */
static long refused_by(uint32_t attach_type, uint32_t index)
{
	uint8_t reply[INTERFACE_REPLY_MAX];
	struct span xdp;
	if (attach_type == BPF_NETKIT_PRIMARY || attach_type == BPF_NETKIT_PEER)
		return interface_is_kind(index, "netkit") == -ENOENT ? -ENXIO : 0;
	if (attach_type != BPF_XDP || interface_xdp(index, reply, &xdp))
		return 0;
	for (size_t i = 0; i < INTERFACE_XDP_MODES; i++)
		if (interface_xdp_id(xdp, &interface_xdp_modes[i]))
			return -EBUSY;
	return 0;
}

/* Some iterators need a target, by the name of the type that the program was loaded for. */
static long refused_by_iterator(const struct rehearsal *r, const void *attr, unsigned size)
{
	static const char prefix[] = "bpf_iter_";
	struct btf_type t;
	int fd = (int)attr_number(attr, size, ATTR(link_create.prog_fd));
	if (attr_number(attr, size, ATTR(link_create.iter_info_len)) || !r->offer->types)
		return 0;
	for (unsigned i = r->n_progs; i-- > 0;)
		if (r->progs[i].fd == fd)
			return btf_type(r->offer->types, r->progs[i].btf_id, &t) &&
			                       !strncmp(btf_name(&t), prefix, sizeof prefix - 1)
			               ? -iter_without_target(btf_name(&t) + sizeof prefix - 1)
			               : 0;
	return 0;
}

static long trampoline(const struct rehearsal *r, int prog_fd)
{
	for (unsigned i = r->n_progs; i-- > 0;)
		if (r->progs[i].fd == prog_fd)
			return offer_trampoline(r->offer, r->progs[i].type, r->progs[i].attach_type)
			                               .state == OFFER_THERE
			               ? 0
			               : -ENOTSUPP_KERNEL;
	return 0;
}

static long create_link(struct rehearsal *r, const void *attr, unsigned size)
{
	uint32_t type = (uint32_t)attr_number(attr, size, ATTR(link_create.attach_type));
	const char *why;
	struct offered here = offer_member(r->offer, ABI_ATTACH_TYPES, type);
	if (here.state == OFFER_OFF)
		return without(type);
	if (here.state == OFFER_TOO_OLD ||
		(r->offer->version &&
			abi_needs(BPF_LINK_CREATE, attr, size, &why) > r->offer->version))
		return -EINVAL;
	long no = refused_by(type, (uint32_t)attr_number(attr, size, ATTR(link_create.target_fd)));
	no = type == BPF_TRACE_ITER && !no ? refused_by_iterator(r, attr, size) : no;
	if (no)
		return no;
	/* Links of these types came with 5.19; before, the program alone was opened. */
	bool raw = type == BPF_TRACE_FENTRY || type == BPF_TRACE_FEXIT || type == BPF_LSM_MAC ||
	           type == BPF_MODIFY_RETURN || type == BPF_TRACE_RAW_TP || !type;
	uint32_t cgroup = type ? 0 : (uint32_t)attr_number(attr, size, ATTR(link_create.target_fd));
	if (raw && !cgroup && r->offer->version < ABI_VERSION(5, 19))
		return -EINVAL;
	no = trampoline(r, (int)attr_number(attr, size, ATTR(link_create.prog_fd)));
	return no ? no : some_fd();
}

struct sought {
	const char *name;
	bool found;
};

static bool compare_event(void *ctx, const char *event)
{
	struct sought *s = ctx;
	s->found = !strcmp(strchr(event, '/') + 1, s->name);
	return !s->found;
}

/* With a name: a raw tracepoint; without: what the program was loaded for. */
static long open_raw(struct rehearsal *r, const void *attr, unsigned size)
{
	char type[160];
	struct sought s = {
		(const char *)(uintptr_t)attr_number(attr, size, ATTR(raw_tracepoint.name)), false};
	if (!s.name) {
		long no = trampoline(r, (int)attr_number(attr, size, ATTR(raw_tracepoint.prog_fd)));
		return no ? no : some_fd();
	}
	text_print(type, sizeof type, "btf_trace_%s", s.name);
	s.found = r->offer->types && btf_find(r->offer->types, BTF_TYPEDEF, type);
	if (!s.found)
		events_each(r->offer->kernel->kfs, compare_event, &s);
	return s.found ? some_fd() : -ENOENT;
}

static long bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size)
{
	struct rehearsal *r = rehearsal_of(w);
	switch (cmd) {
	case BPF_PROG_LOAD:
		return load_program(r, attr, size);
	case BPF_OBJ_GET:
		return open_pin(r, attr, size);
	case BPF_MAP_UPDATE_ELEM:
	case BPF_MAP_FREEZE:
		return write_map(r, cmd, attr, size);
	case BPF_LINK_CREATE:
		return create_link(r, attr, size);
	case BPF_RAW_TRACEPOINT_OPEN:
		return open_raw(r, attr, size);
	case BPF_BTF_LOAD:
	case BPF_MAP_CREATE:
	case BPF_MAP_LOOKUP_ELEM:
	case BPF_MAP_GET_FD_BY_ID:
	case BPF_PROG_GET_FD_BY_ID:
	case BPF_BTF_GET_FD_BY_ID:
	case BPF_OBJ_GET_INFO_BY_FD:
	case BPF_PROG_QUERY:
	case BPF_PROG_BIND_MAP:
	case BPF_TOKEN_CREATE:
		return sys_bpf(w, cmd, attr, size);
	case BPF_ITER_CREATE:
		return some_fd();
	case BPF_PROG_ATTACH:
		return offer_member(r->offer, ABI_ATTACH_TYPES,
			       (uint32_t)attr_number(attr, size, ATTR(attach_type)))
		                               .state == OFFER_TOO_OLD
		               ? -EINVAL
		               : 0;
	default:
		return 0;
	}
}

/* ---- events and probes ---- */

/* Whether the kernel forbids probes there, as far as debugfs tells: lines "0xSTART-0xEND NAME". */
static bool is_forbidden(const char *name)
{
	char line[256];
	bool found = false;
	FILE *f = fopen("/sys/kernel/debug/kprobes/blacklist", "re");
	while (f && !found && fgets(line, sizeof line, f)) {
		char *tab = strpbrk(line, "\t ");
		line[strcspn(line, "\n")] = 0;
		found = tab && !strcmp(tab + 1, name);
	}
	if (f)
		fclose(f);
	return found;
}

static bool compare_symbol(void *ctx, const struct kallsym *sym)
{
	struct sought *s = ctx;
	s->found = !strcmp(sym->name, s->name);
	return !s->found;
}

/* Functions that ftrace does not know get probes only from kernels that are built for that. */
static bool is_untraceable(struct kfs *k, const char *name)
{
	struct sought s = {name, false};
	long r =
		kallsyms_each_traceable(k, "available_filter_functions", false, compare_symbol, &s);
	return r >= 0 && !s.found;
}

/* The function that a kprobe is for: the kernel probes the first of that name, since 6.6 only one that has
 * no namesakes. */
static long probe_function(const char *name)
{
	struct kfs k = {0};
	struct target t = {0};
	struct arena a = {0};
	struct err e = {0};
	struct offer o = {0};
	long r = 0;
	int64_t at = kallsyms_address(&k, name, false);
	if (target_open(&t, NULL, &a, &k, NULL, &e))
		offer_open(&o, &t);
	if (at == -ESRCH)
		r = -ENOENT;
	else if (at == -ENOTUNIQ && o.version >= ABI_VERSION(6, 6))
		r = -EADDRNOTAVAIL;
	else if (is_forbidden(name) ||
		 (offer_option(&o, "CONFIG_KPROBE_EVENTS_ON_NOTRACE") == 'n' &&
			 is_untraceable(&k, name)))
		r = -EINVAL;
	target_close(&t);
	kfs_close(&k);
	arena_free(&a);
	return r;
}

static bool may_trace(void)
{
	struct kfs k = {0};
	int64_t paranoid = 0;
	kfs_read_number(&k, KFS_PROC, "sys/kernel/perf_event_paranoid", &paranoid);
	kfs_close(&k);
	return has_cap(CAP_SYS_ADMIN) || (has_cap(CAP_PERFMON) && paranoid < 3);
}

static bool is_kprobe_source(uint32_t type)
{
	struct kfs k = {0};
	int64_t number = -1;
	kfs_read_number(&k, KFS_SYS, "bus/event_source/devices/kprobe/type", &number);
	kfs_close(&k);
	return number == (int64_t)type;
}

static bool is_locked_down(void)
{
	struct kfs k = {0};
	bool locked = kfs_lockdown(&k) == LOCKDOWN_CONFIDENTIALITY;
	kfs_close(&k);
	return locked;
}

/* Counters are opened, disabled: only the processor knows whether it has them. */
static long open_counter(
	const void *attr, unsigned size, int pid, int cpu, int group, unsigned long flags)
{
	struct perf_event_attr copy = {0};
	memcpy(&copy, attr, size < sizeof copy ? size : sizeof copy);
	copy.size = copy.size > sizeof copy ? sizeof copy : copy.size;
	uint64_t bit = PERF_ATTR_DISABLED;
	copy.disabled |= host_is_big() ? bit << 63 : bit;
	return sys_perf_event_open(&copy, pid, cpu, group, flags);
}

static long perf_event_open(const void *attr, int pid, int cpu, int group, unsigned long flags)
{
	const struct perf_event_attr *p = attr;
	uint32_t type = p->type, size = p->size ? p->size : PERF_ATTR_SIZE_VER0;
	if (type <= PERF_TYPE_RAW && type != PERF_TYPE_TRACEPOINT)
		return open_counter(attr, size, pid, cpu, group, flags);
	if (!may_trace())
		return -EACCES;
	if (type != PERF_TYPE_TRACEPOINT && is_locked_down())
		return -EPERM;
	const char *function =
		size > offsetof(struct perf_event_attr, kprobe_func) && is_kprobe_source(type)
			? (const char *)(uintptr_t)p->kprobe_func
			: NULL;
	long no = function ? probe_function(function) : 0;
	return no ? no : some_fd();
}

/* Lines define probes before 4.17, whose events then have no number yet. */
static int append(struct kfs *k, enum kfs_which which, const char *path, const char *line)
{
	int fd = kfs_open(k, which, path, 1 /* O_WRONLY */);
	(void)line;
	if (fd < 0)
		return fd == -ENOENT ? -ENODEV : fd;
	exec_kernel.close(fd);
	return 0;
}

static int read_number(struct kfs *k, enum kfs_which which, const char *path, int64_t *out)
{
	static const char ours[] = "events/" PLAN_PROBES "/";
	if (which != KFS_TRACE || strncmp(path, ours, sizeof ours - 1) != 0)
		return kfs_read_number(k, which, path, out);
	*out = 1;
	return 0;
}

static long control(int fd, unsigned request, long argument)
{
	(void)fd;
	(void)request;
	(void)argument;
	return 0;
}

/* ---- network ---- */

/* What tc needs, by TCA_KIND. */
static const struct {
	const char *kind, *option, *module;
} tc_kinds[] = {
	{"clsact", "CONFIG_NET_SCH_INGRESS", "sch_ingress"},
	{"ingress", "CONFIG_NET_SCH_INGRESS", "sch_ingress"},
	{"bpf", "CONFIG_NET_CLS_BPF", "cls_bpf"},
	{"matchall", "CONFIG_NET_CLS_MATCHALL", "cls_matchall"},
};

static bool has_kind(const uint8_t *message, size_t size)
{
	struct kfs k = {0};
	struct target t = {0};
	struct arena a = {0};
	struct err e = {0};
	struct offer o;
	struct span kind = netlink_attribute(
		(struct span){message, size, host_is_big()}, NLMSG_HEADER + TCMSG_SIZE, TCA_KIND);
	const char *name = span_str(kind, 0);
	bool has = true;
	if (!name || !target_open(&t, NULL, &a, &k, NULL, &e))
		return true;
	offer_open(&o, &t);
	for (size_t i = 0; i < sizeof tc_kinds / sizeof *tc_kinds; i++)
		if (!strcmp(tc_kinds[i].kind, name))
			has = offer_module(&o, tc_kinds[i].option, tc_kinds[i].module);
	target_close(&t);
	kfs_close(&k);
	arena_free(&a);
	return has;
}

static int64_t request(const uint8_t *message, size_t size, int family, size_t echo)
{
	struct span s = {message, size, host_is_big()};
	uint16_t type = span_u16(s, NLMSG_TYPE);
	(void)family;
	if (!has_cap(CAP_NET_ADMIN))
		return -EPERM;
	if ((type == RTM_NEWQDISC || type == RTM_NEWTFILTER) && !has_kind(message, size))
		return -ENOENT;
	return echo ? 1 : 0;
}

static long set_option(int fd, int level, int option, int value)
{
	(void)fd;
	(void)level;
	(void)option;
	(void)value;
	return 0;
}

/* ---- files ---- */

static bool mount_nothing(struct kfs *k, enum kfs_which which, struct err *e)
{
	(void)k;
	(void)which;
	(void)e;
	return true;
}

static int64_t stage(const char *stage, const char *dir, enum pin_replace how)
{
	(void)stage;
	(void)dir;
	(void)how;
	return some_fd();
}

static int64_t set_access(const char *folder, const char *like, long mode, long uid, long gid)
{
	(void)folder;
	(void)like;
	(void)mode;
	(void)uid;
	(void)gid;
	return 0;
}

static int64_t move(const char *from, const char *to, bool exchange)
{
	(void)from;
	(void)to;
	(void)exchange;
	return 0;
}

static int64_t clear(const char *folder)
{
	(void)folder;
	return 0;
}

static long make_directory(const char *path, unsigned mode)
{
	(void)path;
	(void)mode;
	return 0;
}

static long remove_nothing(const char *path)
{
	(void)path;
	return 0;
}

void rehearsal_open(struct rehearsal *r, const struct offer *o, const struct sys_watch *before)
{
	*r = (struct rehearsal){.watch = *before, .offer = o, .calls = exec_kernel};
	r->calls.bpf = bpf;
	r->calls.perf_event_open = perf_event_open;
	r->calls.ioctl = control;
	r->calls.kfs_append = append;
	r->calls.kfs_read_number = read_number;
	r->calls.kfs_mount = mount_nothing;
	r->calls.netlink_request = request;
	r->calls.setsockopt = set_option;
	r->calls.pin_folder_stage = stage;
	r->calls.pin_folder_access = set_access;
	r->calls.pin_folder_move = move;
	r->calls.pin_folder_clear = clear;
	r->calls.mkdir = make_directory;
	r->calls.remove = remove_nothing;
}
