/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "exec_calls.h"

#include "functions.h"
#include "interface.h"
#include "kallsyms.h"
#include "machine.h"
#include "netlink.h"
#include "target.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static long or_errno(long r)
{
	return r < 0 ? -errno : r;
}

static int64_t file_number(int fd)
{
	struct stat st;
	return fstat(fd, &st) ? -errno : (int64_t)(st.st_ino & INT64_MAX);
}

static long call_dup(int fd)
{
	return or_errno(fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

static long call_mkdir(const char *path, unsigned mode)
{
	return or_errno(mkdir(path, (mode_t)mode));
}

static long call_remove(const char *path)
{
	return or_errno(remove(path));
}

static long call_ioctl(int fd, unsigned request, long argument)
{
	return or_errno(ioctl(fd, (int)request, argument));
}

static long call_setns(int fd, int kind)
{
	return or_errno(setns(fd, kind));
}

static long call_socket(int domain, int type, int protocol)
{
	return or_errno(socket(domain, type, protocol));
}

static long call_bind(int fd, const struct sockaddr *address, unsigned size)
{
	return or_errno(bind(fd, address, size));
}

static long call_setsockopt(int fd, int level, int option, int value)
{
	return or_errno(setsockopt(fd, level, option, &value, sizeof value));
}

/* prlimit(2): setrlimit(3) of musl has code for processes with threads. */
static long unlimit_memlock(void)
{
	const struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	return or_errno(prlimit(0, RLIMIT_MEMLOCK, &all, NULL));
}

static long call_getpid(void)
{
	return getpid();
}

static long call_close(int fd)
{
	return or_errno(close(fd));
}

static void *call_mmap(void *at, size_t size, int flags, int fd, int *error)
{
	void *p = mmap(at, size, PROT_READ | PROT_WRITE, flags, fd, 0);
	*error = p == MAP_FAILED ? errno : 0;
	return p == MAP_FAILED ? NULL : p;
}

static void call_munmap(void *at, size_t size)
{
	munmap(at, size);
}

static void call_sigprocmask(int how, const sigset_t *set, sigset_t *before)
{
	sigprocmask(how, set, before);
}

/* NULL in programs without what plans such steps, families of hooks and pins (HOOK_NEEDS). */
#pragma weak functions_addresses
#pragma weak functions_names
#pragma weak netlink_request
#pragma weak netlink_ifindex
#pragma weak interface_has_filters
#pragma weak interface_has_default_route
#pragma weak interface_has_generic_xdp
#pragma weak interface_has_xdp
#pragma weak pin_folder_stage
#pragma weak pin_folder_access
#pragma weak pin_folder_move
#pragma weak pin_folder_clear
#pragma weak pin_record_sign

const struct exec_calls exec_kernel = {
	.bpf = sys_bpf,
	.info = sys_info,
	.perf_event_open = sys_perf_event_open,
	.get_fd = sys_get_fd,
	.open = sys_open,
	.now_ns = sys_now_ns,
	.kfs_open = kfs_open,
	.kfs_read_text = kfs_read_text,
	.kfs_read_number = kfs_read_number,
	.kfs_append = kfs_append,
	.kfs_mount = kfs_mount,
	.machine_facts = machine_facts,
	.functions_addresses = functions_addresses,
	.functions_names = functions_names,
	.kallsyms_address = kallsyms_address,
	.types_fd = target_types_fd,
	.func_id = target_func_id,
	.netlink_request = netlink_request,
	.netlink_ifindex = netlink_ifindex,
	.interface_has_filters = interface_has_filters,
	.interface_has_default_route = interface_has_default_route,
	.interface_has_generic_xdp = interface_has_generic_xdp,
	.interface_has_xdp = interface_has_xdp,
	.pin_folder_stage = pin_folder_stage,
	.pin_folder_access = pin_folder_access,
	.pin_folder_move = pin_folder_move,
	.pin_folder_clear = pin_folder_clear,
	.pin_record_sign = pin_record_sign,
	.file_number = file_number,
	.dup = call_dup,
	.mkdir = call_mkdir,
	.remove = call_remove,
	.ioctl = call_ioctl,
	.setns = call_setns,
	.socket = call_socket,
	.bind = call_bind,
	.setsockopt = call_setsockopt,
	.unlimit_memlock = unlimit_memlock,
	.getpid = call_getpid,
	.close = call_close,
	.mmap = call_mmap,
	.munmap = call_munmap,
	.sigprocmask = call_sigprocmask,
};
