/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "loader/explain/plan_text.h"
#include "loader/kernel/exec.h"
#include "loader/plan/abi.h"
#include "harness.h"

enum { FIRST_FD = 5000, FDS = 4096, CPUS = 4, PATH_ROOM = 4096 };

static const struct exec *x;
static uint32_t state, luck;
static struct descriptor {
	bool open;
	uint32_t type, key_size, value_size; /* of a map; 0: something else */
} fds[FDS];
static int last_fd; /* no later one was open in this run */

static uint32_t chance(uint32_t n)
{
	state = state * 1664525u + 1013904223u;
	return (state >> 8) % n;
}

static long refusal(void)
{
	static const int numbers[] = {EPERM, EINVAL, ENOMEM, E2BIG, EBUSY, EAGAIN, ENOENT, EACCES,
		EEXIST, ENODEV, ESRCH, ENOSYS, EOPNOTSUPP, ENOTSUP, 524};
	return -numbers[chance(sizeof numbers / sizeof *numbers)];
}

/* Fails one time in 4, 16, 64 or 256. */
static long answer(void)
{
	return chance(luck) ? 0 : refusal();
}

static long new_fd(struct descriptor d)
{
	d.open = true;
	for (int i = 0; i < FDS; i++)
		if (!fds[i].open) {
			fds[i] = d;
			last_fd = i < last_fd ? last_fd : i + 1;
			return FIRST_FD + i;
		}
	return -EMFILE;
}

static long some_fd(void)
{
	long no = answer();
	return no ? no : new_fd((struct descriptor){0});
}

static struct descriptor *find(uint64_t fd)
{
	bool ours = fd >= FIRST_FD && fd < FIRST_FD + FDS && fds[fd - FIRST_FD].open;
	return ours ? &fds[fd - FIRST_FD] : NULL;
}

/* ---- memory of the plan ---- */

static bool within(const void *start, size_t size, uint64_t address, uint64_t n)
{
	uint64_t at = (uint64_t)(uintptr_t)start;
	return start && address >= at && n <= size && address - at <= size - n;
}

/* The kernel reads n bytes: EFAULT for NULL, and anything else is part of a blob. */
static bool reads(uint64_t address, uint64_t n)
{
	if (!address || !n)
		return !n;
	for (size_t i = 0; i < x->plan->n_blobs; i++)
		if (within(x->plan->blobs[i].bytes, x->plan->blobs[i].size, address, n) ||
			within(x->outputs[i], x->plan->blobs[i].size, address, n))
			return true;
	abort();
}

static bool writes(uint64_t address, uint64_t n)
{
	if (!address)
		return false;
	for (size_t i = 0; i < x->plan->n_blobs; i++)
		if (within(x->outputs[i], x->plan->blobs[i].size, address, n)) {
			memset((void *)(uintptr_t)address, 'x', n < 100 ? n : 100);
			return true;
		}
	abort();
}

/* At most room bytes, as strncpy_from_user() reads. */
static bool reads_string(uint64_t address, uint64_t room)
{
	for (uint64_t n = 0; n < room; n++)
		if (!reads(address + n, 1))
			return false;
		else if (!*(const char *)(uintptr_t)(address + n))
			return true;
	return true;
}

/* ---- bpf(2) ---- */

static uint64_t get(unsigned cmd, const char *name, const void *attr, unsigned size)
{
	return abi_get_by_name(cmd, name, attr, size);
}

#define GET(name) get((unsigned)cmd, name, attr, size)

static long create(int cmd, const void *attr, unsigned size)
{
	long no = answer();
	return no ? no
	          : new_fd((struct descriptor){.type = (uint32_t)GET("map_type") + 1,
			    .key_size = (uint32_t)GET("key_size"),
			    .value_size = (uint32_t)GET("value_size")});
}

/* A pinned map may have any sizes. */
static long open_pin(int cmd, const void *attr, unsigned size)
{
	long no = answer();
	if (!reads_string(GET("pathname"), PATH_ROOM))
		return -EFAULT;
	return no ? no
	          : new_fd((struct descriptor){.type = 1 + chance(34),
			    .key_size = 1 + chance(64),
			    .value_size = 1 + chance(4096)});
}

static long update(int cmd, const void *attr, unsigned size)
{
	const struct descriptor *map = find(GET("map_fd"));
	if (!map || !map->type)
		return -EBADF;
	unsigned type = map->type - 1;
	uint64_t value = map->value_size;
	if (type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_PERCPU_HASH ||
		type == BPF_MAP_TYPE_LRU_PERCPU_HASH)
		value = (value + 7) / 8 * 8 * CPUS;
	bool ok = reads(GET("key"), map->key_size) &&
	          (cmd != BPF_MAP_UPDATE_ELEM || reads(GET("value"), value));
	return ok ? answer() : -EFAULT;
}

static bool reads_records(int cmd, const void *attr, unsigned size, const char *at,
	const char *count, const char *bytes)
{
	uint64_t n = GET(count);
	return !n || reads(GET(at), n * GET(bytes));
}

static long load(int cmd, const void *attr, unsigned size)
{
	bool ok =
		reads(GET("insns"), GET("insn_cnt") * 8) && reads_string(GET("license"), 128) &&
		reads_records(
			cmd, attr, size, "func_info", "func_info_cnt", "func_info_rec_size") &&
		reads_records(
			cmd, attr, size, "line_info", "line_info_cnt", "line_info_rec_size") &&
		reads_records(cmd, attr, size, "core_relos", "core_relo_cnt", "core_relo_rec_size");
	if (ok && GET("log_level"))
		writes(GET("log_buf"), GET("log_size"));
	return ok ? some_fd() : -EFAULT;
}

static long load_types(int cmd, const void *attr, unsigned size)
{
	bool ok = reads(GET("btf"), GET("btf_size"));
	if (ok && GET("btf_log_level"))
		writes(GET("btf_log_buf"), GET("btf_log_size"));
	return ok ? some_fd() : -EFAULT;
}

static long link_many(int cmd, const void *attr, unsigned size)
{
	uint64_t n = GET("link_create.kprobe_multi.cnt");
	uint64_t names = GET("link_create.kprobe_multi.syms");
	uint64_t addresses = GET("link_create.kprobe_multi.addrs");
	uint64_t cookies = GET("link_create.kprobe_multi.cookies");
	if ((names && !reads(names, n * 8)) || (addresses && !reads(addresses, n * 8)) ||
		(cookies && !reads(cookies, n * 8)))
		return -EFAULT;
	for (uint64_t i = 0; names && i < n; i++)
		if (!reads_string(((const uint64_t *)(uintptr_t)names)[i], 512))
			return -EFAULT;
	return some_fd();
}

static long link_users(int cmd, const void *attr, unsigned size)
{
	static const char *const lists[] = {"link_create.uprobe_multi.offsets",
		"link_create.uprobe_multi.ref_ctr_offsets", "link_create.uprobe_multi.cookies"};
	uint64_t n = GET("link_create.uprobe_multi.cnt");
	if (!reads_string(GET("link_create.uprobe_multi.path"), PATH_ROOM))
		return -EFAULT;
	for (int i = 0; i < 3; i++)
		if (GET(lists[i]) && !reads(GET(lists[i]), n * 8))
			return -EFAULT;
	return some_fd();
}

static long make_link(int cmd, const void *attr, unsigned size)
{
	switch (GET("link_create.attach_type")) {
	case BPF_TRACE_KPROBE_MULTI:
	case BPF_TRACE_KPROBE_SESSION:
		return link_many(cmd, attr, size);
	case BPF_TRACE_UPROBE_MULTI:
	case BPF_TRACE_UPROBE_SESSION:
		return link_users(cmd, attr, size);
	case BPF_TRACE_ITER:
		return !GET("link_create.iter_info_len") ||
		                       reads(GET("link_create.iter_info"),
					       GET("link_create.iter_info_len"))
		               ? some_fd()
		               : -EFAULT;
	default:
		return some_fd();
	}
}

static long test_run(int cmd, uint8_t *attr, unsigned size)
{
	if ((GET("test.ctx_size_in") && !reads(GET("test.ctx_in"), GET("test.ctx_size_in"))) ||
		(GET("test.data_size_in") && !reads(GET("test.data_in"), GET("test.data_size_in"))))
		return -EFAULT;
	if (GET("test.ctx_out"))
		writes(GET("test.ctx_out"), GET("test.ctx_size_out"));
	if (GET("test.data_out"))
		writes(GET("test.data_out"), GET("test.data_size_out"));
	/* The kernel writes these without looking at the size. */
	if (!reads((uint64_t)(uintptr_t)attr, 40))
		abort();
	attr[4] = attr[36] = 1;
	return answer();
}

static long on_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size)
{
	(void)w;
	if (!reads((uint64_t)(uintptr_t)attr, size))
		abort();
	switch (cmd) {
	case BPF_MAP_CREATE:
		return create(cmd, attr, size);
	case BPF_MAP_UPDATE_ELEM:
	case BPF_MAP_DELETE_ELEM:
		return update(cmd, attr, size);
	case BPF_PROG_LOAD:
		return load(cmd, attr, size);
	case BPF_OBJ_PIN:
		return reads_string(GET("pathname"), PATH_ROOM) ? answer() : -EFAULT;
	case BPF_OBJ_GET:
		return open_pin(cmd, attr, size);
	case BPF_PROG_TEST_RUN:
		return test_run(cmd, attr, size);
	case BPF_RAW_TRACEPOINT_OPEN:
		return !GET("raw_tracepoint.name") || reads_string(GET("raw_tracepoint.name"), 128)
		               ? some_fd()
		               : -EFAULT;
	case BPF_BTF_LOAD:
		return load_types(cmd, attr, size);
	case BPF_LINK_CREATE:
		return make_link(cmd, attr, size);
	case BPF_PROG_GET_FD_BY_ID:
	case BPF_MAP_GET_FD_BY_ID:
	case BPF_TOKEN_CREATE:
		return some_fd();
	case BPF_PROG_ATTACH:
	case BPF_PROG_DETACH:
	case BPF_MAP_FREEZE:
	case BPF_PROG_BIND_MAP:
		return answer();
	default:
		abort(); /* the planner makes no such call */
	}
}

static long on_info(const struct sys_watch *w, int fd, void *info, uint32_t *size)
{
	const struct descriptor *d = find((uint64_t)fd);
	uint32_t map[] = {d ? d->type - 1 : 0, 1, d ? d->key_size : 0, d ? d->value_size : 0, 1, 0};
	(void)w;
	if (!d || !d->type || *size < sizeof map)
		return -EBADF;
	memcpy(info, map, sizeof map);
	return 0;
}

static long on_perf_event_open(
	const void *attr, int pid, int cpu, int group_fd, unsigned long flags)
{
	const uint32_t *head = attr;
	(void)pid;
	(void)cpu;
	if (group_fd != -1 || flags != PERF_FLAG_FD_CLOEXEC ||
		!reads((uint64_t)(uintptr_t)attr, head[1]))
		abort();
	uint64_t name = get(ABI_PERF_ATTR, "kprobe_func", attr, head[1]);
	return !name || reads_string(name, PATH_ROOM) ? some_fd() : -EFAULT;
}

/* ---- other calls ---- */

static long on_get_fd(int pid, int fd)
{
	(void)pid;
	(void)fd;
	return some_fd();
}

static void check_flags(int flags)
{
	if (flags & (O_CREAT | O_TRUNC | O_APPEND | O_EXCL) || (flags & O_ACCMODE) == O_WRONLY)
		abort();
}

static long on_open(const char *path, int flags)
{
	check_flags(flags);
	if ((flags & O_ACCMODE) == O_RDWR && strncmp(path, "/dev/lirc", 9) != 0)
		abort();
	return some_fd();
}

static void check_inside(const char *path)
{
	if (*path == '/' || !strcmp(path, "..") || !strncmp(path, "../", 3) || strstr(path, "/../"))
		abort();
}

static int on_kfs_open(struct kfs *k, enum kfs_which which, const char *path, int flags)
{
	(void)k;
	check_flags(flags);
	check_inside(path);
	return which < KFS_COUNT ? (int)some_fd() : (abort(), 0);
}

static long on_kfs_read_text(
	struct kfs *k, enum kfs_which which, const char *path, char *text, size_t size)
{
	(void)k;
	(void)which;
	check_inside(path);
	return chance(3) ? snprintf(text, size, "lockdown,bpf,config:0 x\n") : refusal();
}

static int on_kfs_read_number(struct kfs *k, enum kfs_which which, const char *path, int64_t *out)
{
	(void)k;
	(void)which;
	check_inside(path);
	*out = chance(1000);
	return chance(4) ? 0 : (int)refusal();
}

static int on_kfs_append(struct kfs *k, enum kfs_which which, const char *path, const char *line)
{
	(void)k;
	if (which != KFS_TRACE || strncmp(line + 1, ":" PLAN_PROBES "/", 7) || strchr(line, '\n'))
		abort();
	check_inside(path);
	return (int)answer();
}

static bool on_kfs_mount(struct kfs *k, enum kfs_which which, struct err *e)
{
	(void)k;
	return which == KFS_BPF && (chance(2) || err_sys(e, EPERM, "mount"));
}

static int64_t on_netlink_request(const uint8_t *message, size_t size, int family, size_t echo)
{
	(void)echo;
	if (family || !reads((uint64_t)(uintptr_t)message, size))
		abort();
	return answer();
}

static long on_netlink_ifindex(const char *name)
{
	long no = answer();
	return no ? no : (long)strlen(name) + 1;
}

static int64_t on_interface_has_filters(uint32_t index)
{
	(void)index;
	return answer();
}
static int64_t on_interface_has_default_route(uint32_t index)
{
	(void)index;
	return answer();
}
static int64_t on_interface_has_generic_xdp(uint32_t index)
{
	(void)index;
	return answer();
}
static int64_t on_interface_has_xdp(uint32_t index, uint32_t id)
{
	(void)index;
	(void)id;
	return answer();
}

static int64_t functions(uint8_t *out, size_t size, bool names)
{
	size_t n = size / 32 < 3 ? size / 32 : 3;
	uint64_t text = (uint64_t)(uintptr_t)(out + size / 4);
	if (!n || !chance(4))
		return refusal();
	for (size_t i = 0; i < n; i++)
		((uint64_t *)(void *)out)[i] = names ? text : UINT64_MAX;
	return (int64_t)n;
}
static int64_t on_functions_addresses(
	struct kfs *k, const char *list, const char *pattern, uint8_t *out, size_t size)
{
	(void)k;
	check_inside(list);
	return pattern ? functions(out, size, false) : 0;
}
static int64_t on_functions_names(
	struct kfs *k, const char *list, const char *pattern, uint8_t *out, size_t size)
{
	(void)k;
	check_inside(list);
	return pattern ? functions(out, size, true) : 0;
}

static int64_t on_kallsyms_address(struct kfs *k, const char *name, bool weak)
{
	(void)k;
	return chance(2) ? (int64_t)(0xffffffff81000000 + strlen(name)) : weak ? 0 : -ESRCH;
}
static long on_types_fd(const struct sys_watch *w, const char *module)
{
	(void)w;
	return *module ? some_fd() : -ENOENT;
}
static int64_t on_func_id(const struct sys_watch *w, int fd, const char *name)
{
	(void)w;
	return find((uint64_t)fd) && *name ? 7 : -ENOENT;
}

/* ---- system calls ---- */

static bool on_machine_facts(
	struct machine *m, unsigned needs, struct kfs *k, struct arena *a, struct err *e)
{
	static const unsigned cpus[CPUS] = {0, 1, 2, 5};
	(void)k, (void)a, (void)e;
	*m = (struct machine){.cpus = cpus,
		.n_cpus = needs & FIT_CPUS ? CPUS : 1,
		.possible_cpus = CPUS,
		.page_size = 4096};
	return true;
}

static uint64_t on_now_ns(void)
{
	return 12345678;
}

/* ---- folders of pins ---- */

static int64_t on_pin_folder_stage(const char *stage, const char *dir, enum pin_replace how)
{
	(void)how;
	if (strncmp(stage, dir, strlen(dir)) != 0)
		abort();
	const long r = answer();
	return r < 0 ? r : some_fd();
}

static int64_t on_pin_folder_access(
	const char *folder, const char *like, long mode, long uid, long gid)
{
	(void)mode, (void)uid, (void)gid;
	return *folder && (!like || *like) ? answer() : -ENOENT;
}

static int64_t on_pin_folder_move(const char *from, const char *to, bool exchange)
{
	(void)exchange;
	return *from && *to ? answer() : -ENOENT;
}

static int64_t on_pin_folder_clear(const char *folder)
{
	return *folder ? answer() : -ENOENT;
}

static void on_pin_record_sign(struct pin_record *r)
{
	r->uid = 7;
}

static int64_t on_file_number(int fd)
{
	return find((uint64_t)fd) ? 1 : -EBADF;
}

static long on_dup(int fd)
{
	return find((uint64_t)fd) ? some_fd() : -EBADF;
}

static long on_mkdir(const char *path, unsigned mode)
{
	(void)mode;
	return strlen(path) < PATH_ROOM ? answer() : -ENAMETOOLONG;
}

static long on_remove(const char *path)
{
	return *path ? answer() : -ENOENT;
}

static long on_socket(int domain, int type, int protocol)
{
	if (domain != AF_PACKET || protocol)
		abort();
	(void)type;
	return some_fd();
}

static long on_bind(int fd, const struct sockaddr *address, unsigned size)
{
	(void)fd;
	if (!reads((uint64_t)(uintptr_t)address, size))
		abort();
	return answer();
}

static long on_setsockopt(int fd, int level, int option, int value)
{
	(void)level, (void)option, (void)value;
	return find((uint64_t)fd) ? answer() : -EBADF;
}

static long on_ioctl(int fd, unsigned request, long argument)
{
	if (!find((uint64_t)fd) ||
		!((request == PERF_EVENT_IOC_ENABLE && !argument) ||
			(request == PERF_EVENT_IOC_SET_BPF && find((uint64_t)argument))))
		abort();
	return answer();
}

static long on_setns(int fd, int kind)
{
	(void)kind;
	return find((uint64_t)fd) ? answer() : -EBADF;
}

static long on_unlimit_memlock(void)
{
	return answer();
}

static long on_getpid(void)
{
	return 42;
}

static long on_close(int fd)
{
	if (!find((uint64_t)fd))
		abort();
	fds[fd - FIRST_FD].open = false;
	return 0;
}

static void *on_mmap(void *at, size_t size, int flags, int fd, int *error)
{
	const struct descriptor *d = find((uint64_t)fd);
	(void)at;
	if (fd >= 0 && (!d || d->type != BPF_MAP_TYPE_ARENA + 1))
		abort();
	bool ok = fd < 0 ? chance(16) : size <= 1 << 20;
	void *p = ok ? mmap(NULL, size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | (flags & MAP_NORESERVE), -1, 0)
	             : MAP_FAILED;
	*error = ENOMEM;
	return p == MAP_FAILED ? NULL : p;
}

static void on_munmap(void *at, size_t size)
{
	munmap(at, size);
}

static void on_sigprocmask(int how, const sigset_t *set, sigset_t *before)
{
	(void)how, (void)set, (void)before;
}

static const struct exec_calls simulated = {
#define ON(name) .name = on_##name
	ON(bpf),
	ON(info),
	ON(perf_event_open),
	ON(get_fd),
	ON(open),
	ON(now_ns),
	ON(kfs_open),
	ON(kfs_read_text),
	ON(kfs_read_number),
	ON(kfs_append),
	ON(kfs_mount),
	ON(machine_facts),
	ON(functions_addresses),
	ON(functions_names),
	ON(kallsyms_address),
	ON(types_fd),
	ON(func_id),
	ON(netlink_request),
	ON(netlink_ifindex),
	ON(interface_has_filters),
	ON(interface_has_default_route),
	ON(interface_has_generic_xdp),
	ON(interface_has_xdp),
	ON(pin_folder_stage),
	ON(pin_folder_access),
	ON(pin_folder_move),
	ON(pin_folder_clear),
	ON(pin_record_sign),
	ON(file_number),
	ON(dup),
	ON(mkdir),
	ON(remove),
	ON(ioctl),
	ON(setns),
	ON(socket),
	ON(bind),
	ON(setsockopt),
	ON(unlimit_memlock),
	ON(getpid),
	ON(close),
	ON(mmap),
	ON(munmap),
	ON(sigprocmask),
#undef ON
};

/* ---- running a plan ---- */

static void tell(void *ctx, const struct exec *now, size_t step, long r)
{
	const bool *print = ctx;
	if (*print)
		plan_print_call(now, step, r, nowhere());
}

bool kernel_runs(struct plan *p, struct arena *a, uint32_t seed, bool print)
{
	struct kfs k = {0};
	struct sys_watch w = {0};
	struct exec run = {0};
	const char *log = NULL;
	const struct exec_report report = {.step = tell, .ctx = &print, .calls = &simulated};
	struct err e = {0};
	x = &run;
	state = seed;
	luck = 4u << 2 * chance(4);
	bool ok = exec_run(&run, p, a, &k, &w, &report, &log, &e);
	if (ok == e.set)
		abort();
	for (unsigned cpu = 0; ok && exec_follows_cpus(&run) && cpu < CPUS + 2; cpu++)
		exec_cpu(&run, cpu, chance(2), &(struct err){0});
	if (ok)
		exec_close(&run, &e);
	for (int i = 0; i < last_fd; i++)
		if (fds[i].open)
			abort();
	last_fd = 0;
	return ok;
}
