/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Arbitrary bytes as a saved plan, executed against a kernel that is simulated here: it reads and
 * writes what the real one would for each call and checks that all of it belongs to the plan. Its
 * answers, errors among them, are made of the input. Nothing may be closed that was not opened here,
 * and everything that was opened is closed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "loader/explain/plan_text.h"
#include "loader/kernel/exec.h"
#include "loader/kernel/netlink.h"
#include "loader/plan/abi.h"
#include "loader/plan/save.h"
#include "harness.h"

enum { EXECUTED, COMPLETED };
struct goal goals[] = {[EXECUTED] = {.name = "executed"}, [COMPLETED] = {.name = "completed"}, {0}};

enum { FIRST_FD = 5000, FDS = 4096, CPUS = 4, PATH_ROOM = 4096 };

static const struct exec *x;
static uint32_t state;
static struct descriptor {
	bool open;
	uint32_t type, key_size, value_size; /* of a map; 0: something else */
} fds[FDS];

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

static long answer(void)
{
	return chance(4) ? 0 : refusal();
}

static long new_fd(struct descriptor d)
{
	d.open = true;
	for (int i = 0; i < FDS; i++)
		if (!fds[i].open) {
			fds[i] = d;
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

long __wrap_sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size);
long __wrap_sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size)
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

long __wrap_sys_info(const struct sys_watch *w, int fd, void *info, uint32_t *size);
long __wrap_sys_info(const struct sys_watch *w, int fd, void *info, uint32_t *size)
{
	const struct descriptor *d = find((uint64_t)fd);
	uint32_t map[] = {d ? d->type - 1 : 0, 1, d ? d->key_size : 0, d ? d->value_size : 0, 1, 0};
	(void)w;
	if (!d || !d->type || *size < sizeof map)
		return -EBADF;
	memcpy(info, map, sizeof map);
	return 0;
}

long __wrap_sys_perf_event_open(
	const void *attr, int pid, int cpu, int group_fd, unsigned long flags);
long __wrap_sys_perf_event_open(
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

long __wrap_sys_get_fd(int pid, int fd);
long __wrap_sys_get_fd(int pid, int fd)
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

long __wrap_sys_open(const char *path, int flags);
long __wrap_sys_open(const char *path, int flags)
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

int __wrap_kfs_open(struct kfs *k, enum kfs_which which, const char *path, int flags);
int __wrap_kfs_open(struct kfs *k, enum kfs_which which, const char *path, int flags)
{
	(void)k;
	check_flags(flags);
	check_inside(path);
	return which < KFS_COUNT ? (int)some_fd() : (abort(), 0);
}

long __wrap_kfs_read_text(
	struct kfs *k, enum kfs_which which, const char *path, char *text, size_t size);
long __wrap_kfs_read_text(
	struct kfs *k, enum kfs_which which, const char *path, char *text, size_t size)
{
	(void)k;
	(void)which;
	check_inside(path);
	return chance(3) ? snprintf(text, size, "lockdown,bpf,config:0 x\n") : refusal();
}

int __wrap_kfs_read_number(struct kfs *k, enum kfs_which which, const char *path, int64_t *out);
int __wrap_kfs_read_number(struct kfs *k, enum kfs_which which, const char *path, int64_t *out)
{
	(void)k;
	(void)which;
	check_inside(path);
	*out = chance(1000);
	return chance(4) ? 0 : (int)refusal();
}

int __wrap_kfs_append(struct kfs *k, enum kfs_which which, const char *path, const char *line);
int __wrap_kfs_append(struct kfs *k, enum kfs_which which, const char *path, const char *line)
{
	(void)k;
	if (which != KFS_TRACE || strncmp(line + 1, ":" PLAN_PROBES "/", 7) || strchr(line, '\n'))
		abort();
	check_inside(path);
	return (int)answer();
}

bool __wrap_kfs_mount(struct kfs *k, enum kfs_which which, struct err *e);
bool __wrap_kfs_mount(struct kfs *k, enum kfs_which which, struct err *e)
{
	(void)k;
	return which == KFS_BPF && (chance(2) || err_sys(e, EPERM, "mount"));
}

int64_t __wrap_netlink_request(const uint8_t *message, size_t size, int family, size_t echo);
int64_t __wrap_netlink_request(const uint8_t *message, size_t size, int family, size_t echo)
{
	(void)echo;
	if (family || !reads((uint64_t)(uintptr_t)message, size))
		abort();
	return answer();
}

long __wrap_netlink_ifindex(const char *name);
long __wrap_netlink_ifindex(const char *name)
{
	long no = answer();
	return no ? no : (long)strlen(name) + 1;
}

int64_t __wrap_interface_has_filters(uint32_t index);
int64_t __wrap_interface_has_filters(uint32_t index)
{
	(void)index;
	return answer();
}
int64_t __wrap_interface_has_default_route(uint32_t index);
int64_t __wrap_interface_has_default_route(uint32_t index)
{
	(void)index;
	return answer();
}
int64_t __wrap_interface_has_generic_xdp(uint32_t index);
int64_t __wrap_interface_has_generic_xdp(uint32_t index)
{
	(void)index;
	return answer();
}
int64_t __wrap_interface_has_xdp(uint32_t index, uint32_t id);
int64_t __wrap_interface_has_xdp(uint32_t index, uint32_t id)
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
int64_t __wrap_functions_addresses(
	struct kfs *k, const char *list, const char *pattern, uint8_t *out, size_t size);
int64_t __wrap_functions_addresses(
	struct kfs *k, const char *list, const char *pattern, uint8_t *out, size_t size)
{
	(void)k;
	check_inside(list);
	return pattern ? functions(out, size, false) : 0;
}
int64_t __wrap_functions_names(
	struct kfs *k, const char *list, const char *pattern, uint8_t *out, size_t size);
int64_t __wrap_functions_names(
	struct kfs *k, const char *list, const char *pattern, uint8_t *out, size_t size)
{
	(void)k;
	check_inside(list);
	return pattern ? functions(out, size, true) : 0;
}

int64_t __wrap_kallsyms_address(struct kfs *k, const char *name, bool weak);
int64_t __wrap_kallsyms_address(struct kfs *k, const char *name, bool weak)
{
	(void)k;
	return chance(2) ? (int64_t)(0xffffffff81000000 + strlen(name)) : weak ? 0 : -ESRCH;
}
long __wrap_target_types_fd(const struct sys_watch *w, const char *module);
long __wrap_target_types_fd(const struct sys_watch *w, const char *module)
{
	(void)w;
	return *module ? some_fd() : -ENOENT;
}
int64_t __wrap_target_func_id(const struct sys_watch *w, int fd, const char *name);
int64_t __wrap_target_func_id(const struct sys_watch *w, int fd, const char *name)
{
	(void)w;
	return find((uint64_t)fd) && *name ? 7 : -ENOENT;
}

/* ---- libc: the executor alone calls these (see the Makefile) ---- */

static int result(long r)
{
	errno = r < 0 ? (int)-r : 0;
	return r < 0 ? -1 : (int)r;
}

int fake_mkdir(const char *path, unsigned mode);
int fake_mkdir(const char *path, unsigned mode)
{
	(void)mode;
	return strlen(path) < PATH_ROOM ? result(answer()) : result(-ENAMETOOLONG);
}
int fake_remove(const char *path);
int fake_remove(const char *path)
{
	return *path ? result(answer()) : result(-ENOENT);
}
int fake_socket(int domain, int type, int protocol);
int fake_socket(int domain, int type, int protocol)
{
	if (domain != 17 /* AF_PACKET */ || protocol)
		abort();
	(void)type;
	return result(some_fd());
}
int fake_bind(int fd, const void *address, unsigned size);
int fake_bind(int fd, const void *address, unsigned size)
{
	(void)fd;
	if (!reads((uint64_t)(uintptr_t)address, size))
		abort();
	return result(answer());
}
int fake_setsockopt(int fd, int level, int option, const void *value, unsigned size);
int fake_setsockopt(int fd, int level, int option, const void *value, unsigned size)
{
	(void)level;
	(void)option;
	(void)value;
	(void)size;
	return result(find((uint64_t)fd) ? answer() : -EBADF);
}
int fake_ioctl(int fd, unsigned long request, long argument);
int fake_ioctl(int fd, unsigned long request, long argument)
{
	if (!find((uint64_t)fd) ||
		!((request == PERF_EVENT_IOC_ENABLE && !argument) ||
			(request == PERF_EVENT_IOC_SET_BPF && find((uint64_t)argument))))
		abort();
	return result(answer());
}
int fake_setns(int fd, int kind);
int fake_setns(int fd, int kind)
{
	(void)kind;
	return result(find((uint64_t)fd) ? answer() : -EBADF);
}
int fake_setrlimit(int what, const void *limit);
int fake_setrlimit(int what, const void *limit)
{
	(void)what;
	(void)limit;
	return 0;
}

int fake_close(int fd);
int fake_close(int fd)
{
	if (!find((uint64_t)fd))
		abort();
	fds[fd - FIRST_FD].open = false;
	return 0;
}

void *fake_mmap(void *at, size_t size, int prot, int flags, int fd, long offset);
void *fake_mmap(void *at, size_t size, int prot, int flags, int fd, long offset)
{
	if (fd < 0)
		return mmap(at, size, prot, flags, fd, offset);
	const struct descriptor *d = find((uint64_t)fd);
	if (!d || d->type != BPF_MAP_TYPE_ARENA + 1)
		abort();
	return size > 1 << 20 ? (errno = ENOMEM, MAP_FAILED)
	                      : mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

/* ---- the input ---- */

static void tell(void *ctx, const struct exec *now, size_t step, long r)
{
	static FILE *out;
	(void)ctx;
	if (!out)
		out = fopen("/dev/null", "w");
	plan_print_call(now, step, r, out);
}

static void execute(struct plan *p, struct arena *a)
{
	struct kfs k = {0};
	struct sys_watch w = {0};
	struct exec run = {0};
	const char *log = NULL;
	const struct exec_report report = {.step = tell};
	struct err e = {0};
	x = &run;
	if (reach(COMPLETED, exec_run(&run, p, a, &k, &w, &report, &log, &e)))
		exec_close(&run, &e);
	else if (!e.set)
		abort();
	for (int i = 0; i < FDS; i++)
		if (fds[i].open)
			abort();
}

void fuzz_input(const uint8_t *data, size_t size)
{
	struct arena a = {0};
	struct plan p;
	struct err e = {0};
	struct span bytes = {data, size, false};
	if (!plan_is_saved(bytes))
		return;
	state = 0;
	for (size_t i = 0; i < size; i++)
		state = state * 31 + data[i];
	if (reach(EXECUTED, plan_load(&p, "x", bytes, &a, &e)))
		execute(&p, &a);
	free_small(&a);
}
