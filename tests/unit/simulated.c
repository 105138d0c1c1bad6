/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "simulated.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <cmocka.h>

#include "elf/base/netlink_abi.h"
#include "elf/base/span.h"
#include "loader/plan/abi.h"

enum { FIRST_FD = 1000, FDS = 500, RTM_OBJECTS = 4 /* NEW, DEL, GET and SET of each kind */ };

struct simulated simulated;
static bool is_open[FDS];
static uint32_t map_attr[FDS][4]; /* type, sizes and entries of maps */

void simulated_reset(void)
{
	simulated = (struct simulated){0};
	memset(is_open, 0, sizeof is_open);
}

bool simulated_is_clean(unsigned paths)
{
	return !simulated.open && !simulated.attached && simulated.n_paths == paths;
}

/* ---- descriptors and paths ---- */

/* 0, or what this call fails with. */
static long refusal(void)
{
	unsigned n = simulated.calls++;
	bool fails = n >= simulated.at && n - simulated.at < simulated.times;
	return fails ? -simulated.error : 0;
}

static long new_fd(void)
{
	for (int i = 0; i < FDS; i++)
		if (!is_open[i]) {
			is_open[i] = true;
			simulated.open++;
			memset(map_attr[i], 0, sizeof map_attr[i]);
			return FIRST_FD + i;
		}
	fail_msg("too many descriptors");
	return -EMFILE;
}

static long maybe_fd(void)
{
	long no = refusal();
	return no ? no : new_fd();
}

static long on_close(int fd)
{
	assert_in_range(fd, FIRST_FD, FIRST_FD + FDS - 1);
	assert_true(is_open[fd - FIRST_FD]);
	is_open[fd - FIRST_FD] = false;
	simulated.open--;
	return 0;
}

static int find_path(const char *path)
{
	for (unsigned i = 0; i < simulated.n_paths; i++)
		if (!strcmp(simulated.paths[i], path))
			return (int)i;
	return -1;
}

void simulated_add_path(const char *path)
{
	assert_true(simulated.n_paths < SIMULATED_PATHS);
	snprintf(simulated.paths[simulated.n_paths++], sizeof simulated.paths[0], "%s", path);
}

static long add_path(const char *path)
{
	long no = refusal();
	if (no || find_path(path) >= 0)
		return no ? no : -EEXIST;
	simulated_add_path(path);
	return 0;
}

static long on_remove(const char *path)
{
	long no = refusal();
	int i = find_path(path);
	if (no || i < 0)
		return no ? no : -ENOENT;
	memmove(simulated.paths[i], simulated.paths[--simulated.n_paths],
		sizeof simulated.paths[0]);
	return 0;
}

/* ---- folders of pins ---- */

static int64_t on_stage(const char *stage, const char *dir, enum pin_replace how)
{
	long no = refusal();
	if (no || (!how && find_path(dir) >= 0))
		return no ? no : -EEXIST;
	no = add_path(stage);
	return no ? no : new_fd();
}

static int64_t on_access(const char *folder, const char *like, long mode, long uid, long gid)
{
	(void)like, (void)mode, (void)uid, (void)gid;
	assert_true(find_path(folder) >= 0);
	return refusal();
}

/* Renames a folder and all below it. mark: a character that no path has, in place of the first. */
static void rename_all(const char *from, const char *to, char mark)
{
	const size_t n = strlen(from);
	for (unsigned i = 0; i < simulated.n_paths; i++) {
		char *path = simulated.paths[i], rest[sizeof simulated.paths[0]];
		if (strncmp(path, from, n) != 0 || (path[n] && path[n] != '/'))
			continue;
		snprintf(rest, sizeof rest, "%s", path + n);
		snprintf(path, sizeof simulated.paths[0], "%s%s", to, rest);
		path[0] = mark;
	}
}

static int64_t on_move(const char *from, const char *to, bool exchange)
{
	long no = refusal();
	if (no || find_path(from) < 0)
		return no ? no : -ENOENT;
	bool both = exchange && find_path(to) >= 0;
	rename_all(from, to, '!');
	if (both)
		rename_all(to, from, '/');
	for (unsigned i = 0; i < simulated.n_paths; i++)
		simulated.paths[i][0] = '/';
	return 0;
}

static int64_t on_clear(const char *folder)
{
	const size_t n = strlen(folder);
	long no = refusal();
	if (no || find_path(folder) < 0)
		return no ? no : -ENOENT;
	for (unsigned i = 0; i < simulated.n_paths;)
		if (!strncmp(simulated.paths[i], folder, n) &&
			(!simulated.paths[i][n] || simulated.paths[i][n] == '/'))
			memmove(simulated.paths[i], simulated.paths[--simulated.n_paths],
				sizeof simulated.paths[0]);
		else
			i++;
	return 0;
}

static void on_sign(struct pin_record *r)
{
	r->uid = 7;
}

static int64_t on_file_number(int fd)
{
	(void)fd;
	return 1;
}

static long on_dup(int fd)
{
	(void)fd;
	return maybe_fd();
}

static long on_mkdir(const char *path, unsigned mode)
{
	assert_int_equal(mode, 0700);
	return add_path(path);
}

/* ---- bpf(2) ---- */

static const char *path_of(int cmd, const void *attr, unsigned size)
{
	return (const char *)(uintptr_t)abi_get_by_name((unsigned)cmd, "pathname", attr, size);
}

static long create_map(const void *attr)
{
	long fd = maybe_fd();
	if (fd < 0)
		return fd;
	memcpy(map_attr[fd - FIRST_FD], attr, sizeof map_attr[0]);
	simulated.created++;
	return fd;
}

static long attach(int change)
{
	long no = refusal();
	if (!no)
		simulated.attached += change;
	assert_true(simulated.attached >= 0);
	return no;
}

static long on_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size)
{
	(void)w;
	switch (cmd) {
	case BPF_MAP_CREATE:
		return create_map(attr);
	case BPF_LINK_CREATE:
		return simulated.old ? refusal() ? -simulated.error : -EINVAL : maybe_fd();
	case BPF_PROG_LOAD:
	case BPF_BTF_LOAD:
	case BPF_RAW_TRACEPOINT_OPEN:
	case BPF_PROG_GET_FD_BY_ID:
	case BPF_MAP_GET_FD_BY_ID:
	case BPF_TOKEN_CREATE:
		return maybe_fd();
	case BPF_OBJ_GET:
		return find_path(path_of(cmd, attr, size)) < 0
		               ? refusal() ? -simulated.error : -ENOENT
		               : maybe_fd();
	case BPF_OBJ_PIN:
		return add_path(path_of(cmd, attr, size));
	case BPF_PROG_ATTACH:
		/* What is attached to a socket map goes with it. */
		switch (abi_get_by_name(BPF_PROG_ATTACH, "attach_type", attr, size)) {
		case BPF_SK_MSG_VERDICT:
		case BPF_SK_SKB_STREAM_PARSER:
		case BPF_SK_SKB_STREAM_VERDICT:
		case BPF_SK_SKB_VERDICT:
			return refusal();
		default:
			return attach(1);
		}
	case BPF_PROG_DETACH:
		return attach(-1);
	default:
		return refusal();
	}
}

/* Every pinned map is like the first one of tests/unit/test_exec_faults.c. */
static long on_info(const struct sys_watch *w, int fd, void *info, uint32_t *size)
{
	long no = refusal();
	const uint32_t fields[] = {BPF_MAP_TYPE_HASH, 1, 4, 8, 100, 0};
	(void)w, (void)fd;
	assert_true(*size >= sizeof fields);
	if (!no)
		memcpy(info, fields, sizeof fields);
	return no;
}

/* ---- files ---- */

static int on_kfs_open(struct kfs *k, enum kfs_which which, const char *path, int flags)
{
	(void)k, (void)which, (void)path, (void)flags;
	return (int)maybe_fd();
}

static long on_kfs_read_text(
	struct kfs *k, enum kfs_which which, const char *path, char *text, size_t size)
{
	long no = refusal();
	(void)k, (void)which, (void)path;
	return no ? no : snprintf(text, size, "lockdown,bpf\n");
}

static int on_kfs_read_number(struct kfs *k, enum kfs_which which, const char *path, int64_t *out)
{
	long no = refusal();
	(void)k, (void)which, (void)path;
	*out = 7;
	return (int)no;
}

/* "p:GROUP/NAME ..." adds a probe, "-:GROUP/NAME" removes it. */
static int on_kfs_append(struct kfs *k, enum kfs_which which, const char *path, const char *line)
{
	char name[100] = "";
	(void)k, (void)path;
	assert_int_equal(which, KFS_TRACE);
	sscanf(line, "%*[-a-z0-9]:%99s", name);
	assert_true(*name);
	return (int)(*line == '-' ? on_remove(name) : add_path(name));
}

static bool on_kfs_mount(struct kfs *k, enum kfs_which which, struct err *e)
{
	long no = refusal();
	(void)k, (void)which;
	return !no || err_sys(e, (int)-no, "mount");
}

static bool on_machine_facts(
	struct machine *m, unsigned needs, struct kfs *k, struct arena *a, struct err *e)
{
	static const unsigned cpus[] = {0, 1};
	(void)needs, (void)k, (void)a, (void)e;
	*m = (struct machine){.cpus = cpus, .n_cpus = 2, .possible_cpus = 2, .page_size = 4096};
	return true;
}

static int64_t on_functions(
	struct kfs *k, const char *list, const char *pattern, uint8_t *out, size_t size)
{
	const uint64_t address = UINT64_MAX / 2;
	long no = refusal();
	(void)k, (void)list, (void)pattern;
	assert_true(size >= 8);
	memcpy(out, &address, 8);
	return no ? no : 1;
}

static int64_t on_kallsyms_address(struct kfs *k, const char *name, bool weak)
{
	long no = refusal();
	(void)k, (void)name, (void)weak;
	return no ? no : (int64_t)0xffffffff81000000;
}

static long on_types_fd(const struct sys_watch *w, const char *module)
{
	(void)w, (void)module;
	return maybe_fd();
}

static int64_t on_func_id(const struct sys_watch *w, int fd, const char *name)
{
	long no = refusal();
	(void)w, (void)fd, (void)name;
	return no ? no : 7;
}

/* ---- interfaces ---- */

/* What is new is attached until it is deleted. XDP: a file descriptor, or -1 to detach. */
static int64_t on_netlink_request(const uint8_t *message, size_t size, int family, size_t echo)
{
	static const uint8_t none[] = {0xff, 0xff, 0xff, 0xff};
	struct span s = {message, size, host_is_big()};
	uint16_t type = span_u16(s, NLMSG_TYPE);
	bool removes = type % RTM_OBJECTS == 1;
	(void)family;
	for (size_t i = 0; type == RTM_SETLINK && i + sizeof none <= size; i += sizeof none)
		removes |=
			!memcmp(message + i, none, sizeof none) && i >= NLMSG_HEADER + IFINFO_SIZE;
	/* EEXIST: another one's qdisc is there, and stays. */
	long no = attach(removes ? -1 : type == RTM_NEWQDISC && simulated.foreign_qdisc ? 0 : 1);
	simulated.foreign_qdisc |= type == RTM_NEWQDISC && no == -EEXIST;
	return no ? no : echo ? 1 : 0;
}

static long on_netlink_ifindex(const char *name)
{
	long no = refusal();
	(void)name;
	return no ? no : 7;
}

static int64_t on_interface(uint32_t index)
{
	assert_int_equal(index, 7);
	long no = refusal();
	return no ? no : -ENOENT;
}

static int64_t on_interface_has_xdp(uint32_t index, uint32_t id)
{
	assert_int_equal(index, 7);
	(void)id;
	return refusal();
}

/* ---- other calls ---- */

static long on_perf_event_open(
	const void *attr, int pid, int cpu, int group_fd, unsigned long flags)
{
	(void)attr, (void)pid, (void)cpu, (void)group_fd, (void)flags;
	return maybe_fd();
}

static long on_get_fd(int pid, int fd)
{
	(void)pid, (void)fd;
	return maybe_fd();
}

static long on_open(const char *path, int flags)
{
	(void)path, (void)flags;
	return maybe_fd();
}

static uint64_t on_now_ns(void)
{
	return 1;
}

static long on_ioctl(int fd, unsigned request, long argument)
{
	(void)fd, (void)request, (void)argument;
	return refusal();
}

static long on_setns(int fd, int kind)
{
	(void)fd, (void)kind;
	return refusal();
}

static long on_socket(int domain, int type, int protocol)
{
	(void)domain, (void)type, (void)protocol;
	return maybe_fd();
}

static long on_bind(int fd, const struct sockaddr *address, unsigned size)
{
	(void)fd, (void)address, (void)size;
	return refusal();
}

static long on_setsockopt(int fd, int level, int option, int value)
{
	(void)fd, (void)level, (void)option, (void)value;
	return refusal();
}

static long on_unlimit_memlock(void)
{
	return refusal();
}

static long on_getpid(void)
{
	return 42;
}

static void *on_mmap(void *at, size_t size, int flags, int fd, int *error)
{
	(void)at, (void)flags;
	*error = (int)-refusal();
	assert_int_equal(fd, -1);
	return *error ? NULL : calloc(1, size);
}

static void on_munmap(void *at, size_t size)
{
	(void)size;
	free(at);
}

static void on_sigprocmask(int how, const sigset_t *set, sigset_t *before)
{
	(void)how, (void)set, (void)before;
}

const struct exec_calls simulated_calls = {
	.bpf = on_bpf,
	.info = on_info,
	.perf_event_open = on_perf_event_open,
	.get_fd = on_get_fd,
	.open = on_open,
	.now_ns = on_now_ns,
	.kfs_open = on_kfs_open,
	.kfs_read_text = on_kfs_read_text,
	.kfs_read_number = on_kfs_read_number,
	.kfs_append = on_kfs_append,
	.kfs_mount = on_kfs_mount,
	.machine_facts = on_machine_facts,
	.functions_addresses = on_functions,
	.functions_names = on_functions,
	.kallsyms_address = on_kallsyms_address,
	.types_fd = on_types_fd,
	.func_id = on_func_id,
	.netlink_request = on_netlink_request,
	.netlink_ifindex = on_netlink_ifindex,
	.interface_has_filters = on_interface,
	.interface_has_default_route = on_interface,
	.interface_has_generic_xdp = on_interface,
	.interface_has_xdp = on_interface_has_xdp,
	.pin_folder_stage = on_stage,
	.pin_folder_access = on_access,
	.pin_folder_move = on_move,
	.pin_folder_clear = on_clear,
	.pin_record_sign = on_sign,
	.file_number = on_file_number,
	.dup = on_dup,
	.mkdir = on_mkdir,
	.remove = on_remove,
	.ioctl = on_ioctl,
	.setns = on_setns,
	.socket = on_socket,
	.bind = on_bind,
	.setsockopt = on_setsockopt,
	.unlimit_memlock = on_unlimit_memlock,
	.getpid = on_getpid,
	.close = on_close,
	.mmap = on_mmap,
	.munmap = on_munmap,
	.sigprocmask = on_sigprocmask,
};
