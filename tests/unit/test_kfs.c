/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Kernel file systems, with whatever the machine has mounted. Tests that mount visibly, block
 * system calls or drop privileges run in a child with a private mount namespace.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "loader/kernel/cpus.h"
#include "loader/kernel/kfs.h"

#ifndef SYS_fsopen
#define SYS_fsopen 430
#endif

#define needs_root()                                                                               \
	do                                                                                         \
		if (geteuid() != 0)                                                                \
			skip();                                                                    \
	while (0)

/* Runs a test in a child with a private mount namespace. The child's status is 0 or the line that
 * failed; its stderr has the reason. */
#define MUST(condition)                                                                            \
	do                                                                                         \
		if (!(condition)) {                                                                \
			fprintf(stderr, "# %s:%d: %s\n", __FILE__, __LINE__, #condition);          \
			return __LINE__ % 250 + 1;                                                 \
		}                                                                                  \
	while (0)

static void apart(int (*test)(void))
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (unshare(CLONE_NEWNS) < 0 ||
			mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
			_exit(254);
		_exit(test());
	}
	int status = -1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 254)
		skip();
	assert_int_equal(status, 0);
}

/* Lines of the mount table that name a file system type. */
static unsigned mounts_of(const char *type)
{
	char line[4096], what[64];
	unsigned n = 0;
	snprintf(what, sizeof what, " - %s ", type);
	FILE *f = fopen("/proc/self/mountinfo", "re");
	while (f && fgets(line, sizeof line, f))
		n += strstr(line, what) != NULL;
	if (f)
		fclose(f);
	return n;
}

static unsigned open_files(void)
{
	unsigned n = 0;
	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void unmount_tracefs(void)
{
	while (umount2("/sys/kernel/debug/tracing", MNT_DETACH) == 0)
		;
	while (umount2("/sys/kernel/tracing", MNT_DETACH) == 0)
		;
}

static void finds_proc(void **state)
{
	(void)state;
	struct kfs k = {0};
	char text[64], small[4];
	assert_true(kfs_dir(&k, KFS_PROC) >= 0);
	assert_int_equal(kfs_dir(&k, KFS_PROC), kfs_dir(&k, KFS_PROC));
	assert_string_equal(kfs_where(&k, KFS_PROC), "/proc");

	long n = kfs_read_text(&k, KFS_PROC, "sys/kernel/ostype", text, sizeof text);
	assert_int_equal(n, 6);
	assert_string_equal(text, "Linux\n");
	assert_int_equal(
		kfs_read_text(&k, KFS_PROC, "sys/kernel/ostype", small, sizeof small), -EFBIG);
	assert_string_equal(small, "Lin");
	assert_int_equal(kfs_read_text(&k, KFS_PROC, "sys/kernel/ostype", text, 7), 6);
	assert_int_equal(kfs_read_text(&k, KFS_PROC, "nothing/here", text, sizeof text), -ENOENT);
	assert_string_equal(text, "");

	int64_t pid = 0;
	char own[64];
	assert_int_equal(kfs_read_number(&k, KFS_PROC, "sys/kernel/pid_max", &pid), 0);
	assert_in_range(pid, 301, 1 << 22);
	assert_int_equal(kfs_read_number(&k, KFS_PROC, "sys/kernel/ostype", &pid), -EINVAL);
	snprintf(own, sizeof own, "%d/comm", (int)getpid());
	assert_true(kfs_read_text(&k, KFS_PROC, own, text, sizeof text) > 0);
	kfs_close(&k);
	assert_int_equal(k.dir[KFS_PROC].fd_or_error, 0);
}

/* A directory used in place of sysfs, with one file, "n". */
struct own {
	struct kfs k;
	char dir[32];
};

static struct own own_directory(void)
{
	struct own o = {.dir = "/tmp/kfs.XXXXXX"};
	assert_non_null(mkdtemp(o.dir));
	kfs_use(&o.k, KFS_SYS, open(o.dir, O_PATH | O_DIRECTORY | O_CLOEXEC), "a copy");
	return o;
}

static void own_file(struct own *o, const char *text)
{
	int fd = openat(kfs_dir(&o->k, KFS_SYS), "n", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void own_end(struct own *o)
{
	assert_int_equal(unlinkat(kfs_dir(&o->k, KFS_SYS), "n", 0), 0);
	assert_int_equal(rmdir(o->dir), 0);
	kfs_close(&o->k);
}

static void reads_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int result;
		int64_t number;
	} cases[] = {
		{"550\n", 0, 550},
		{"0", 0, 0},
		{"-1\n", 0, -1},
		{"9223372036854775807\n", 0, INT64_MAX},
		{"-9223372036854775808\n", 0, INT64_MIN},
		{"9223372036854775808\n", -ERANGE, 0},
		{"-9223372036854775809\n", -ERANGE, 0},
		{"99999999999999999999\n", -ERANGE, 0},
		{"", -EINVAL, 0},
		{"\n", -EINVAL, 0},
		{"-\n", -EINVAL, 0},
		{"+1\n", -EINVAL, 0},
		{" 1\n", -EINVAL, 0},
		{"1 \n", -EINVAL, 0},
		{"1\n2\n", -EINVAL, 0},
		{"0x10\n", -EINVAL, 0},
		{"1234567890123456789012345678901234567890\n", -EINVAL, 0},
	};
	struct own o = own_directory();
	assert_string_equal(kfs_where(&o.k, KFS_SYS), "a copy");
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		own_file(&o, cases[i].text);
		int64_t v = 4711;
		assert_int_equal(kfs_read_number(&o.k, KFS_SYS, "n", &v), cases[i].result);
		assert_true(v == (cases[i].result ? 4711 : cases[i].number));
	}
	own_end(&o);
}

static void reads_lists_of_cpus(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		long count;
		unsigned cpus[4];
	} cases[] = {
		{"0\n", 1, {0}},
		{"0-1\n", 2, {0, 1}},
		{"0-1,3,7-8\n", 5, {0, 1, 3, 7}},
		{"5", 1, {5}},
		{"3-3\n", 1, {3}},
		{"0-4095\n", 4096, {0, 1, 2, 3}},
		{"\n", 0, {0}},
		{"", -EINVAL, {0}},
		{"0-\n", -EINVAL, {0}},
		{"-1\n", -EINVAL, {0}},
		{"1,\n", -EINVAL, {0}},
		{"3-1\n", -EINVAL, {0}},
		{"1,1\n", -EINVAL, {0}},
		{"0 1\n", -EINVAL, {0}},
		{"0-99999999\n", -EINVAL, {0}},
	};
	struct own o = own_directory();
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		unsigned cpus[4] = {0}, room = 4;
		own_file(&o, cases[i].text);
		assert_int_equal(cpus_read(&o.k, "n", cpus, room), cases[i].count);
		if (cases[i].count >= 0)
			assert_memory_equal(cpus, cases[i].cpus, sizeof cpus);
	}
	assert_int_equal(cpus_read(&o.k, "no", NULL, 0), -ENOENT);
	own_end(&o);

	struct kfs k = {0};
	assert_int_equal(
		cpus_read(&k, "devices/system/cpu/online", NULL, 0), sysconf(_SC_NPROCESSORS_ONLN));
	kfs_close(&k);
}

static void stays_below_the_root(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"/proc/version", "..", "../proc/version", "self/../version", "self/.."};
	struct kfs k = {0};
	for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(kfs_open(&k, KFS_PROC, bad[i], O_RDONLY), -EINVAL);
	int fd = kfs_open(&k, KFS_PROC, "./version", O_RDONLY);
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	close(fd);
	fd = kfs_open(&k, KFS_PROC, "..version", O_RDONLY);
	assert_int_equal(fd, -ENOENT);
	kfs_close(&k);
}

static void streams_and_lists(void **state)
{
	(void)state;
	struct kfs k = {0};
	char line[64] = "";
	FILE *f = NULL;
	unsigned files;
	assert_true(kfs_dir(&k, KFS_PROC) >= 0);
	files = open_files();
	assert_int_equal(kfs_stream(&k, KFS_PROC, "version", &f), 0);
	assert_non_null(fgets(line, sizeof line, f));
	assert_memory_equal(line, "Linux version ", 14);
	fclose(f);
	assert_int_equal(kfs_stream(&k, KFS_PROC, "no such file", &f), -ENOENT);
	assert_null(f);
	assert_int_equal(kfs_stream(&k, KFS_PROC, "../proc/version", &f), -EINVAL);

	DIR *dir = kfs_list(&k, KFS_PROC, "self/fd");
	assert_non_null(dir);
	assert_non_null(readdir(dir));
	closedir(dir);
	assert_null(kfs_list(&k, KFS_PROC, "version"));
	assert_int_equal(open_files(), files);
	kfs_close(&k);
}

static int private_tracefs(void)
{
	unmount_tracefs();
	unsigned mounts = mounts_of("tracefs"), files = open_files();
	struct kfs k = {0};
	int64_t id = 0;
	MUST(kfs_dir(&k, KFS_TRACE) >= 0);
	MUST(!strcmp(kfs_where(&k, KFS_TRACE), "tracefs (private mount)"));
	MUST(kfs_read_number(&k, KFS_TRACE, "events/sched/sched_switch/id", &id) == 0 && id > 0);
	MUST(mounts_of("tracefs") == mounts);
	MUST(open_files() == files + 2); /* securityfs was consulted, too */
	int dir = kfs_open(&k, KFS_TRACE, ".", O_RDONLY | O_DIRECTORY);
	MUST(dir >= 0);
	close(dir);
	kfs_close(&k);
	MUST(open_files() == files);
	return 0;
}

static void makes_a_private_mount(void **state)
{
	(void)state;
	needs_root();
	apart(private_tracefs);
}

/* Every kind that may be mounted privately, from a root directory without mounts, as in an
 * initramfs. */
static int private_all(void)
{
	char dir[] = "/tmp/kfs.XXXXXX";
	MUST(mkdtemp(dir));
	int root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	MUST(root >= 0 && rmdir(dir) == 0);
	MUST(fchdir(root) == 0 && chroot(".") == 0 && open("/", O_RDONLY) == root + 1);
	MUST(open("/proc", O_PATH) < 0 && open("/tmp", O_PATH) < 0);
	struct kfs k = {0};
	char text[64];
	int64_t n = 0;
	MUST(!strcmp(kfs_where(&k, KFS_PROC), "procfs (private mount)"));
	MUST(kfs_read_text(&k, KFS_PROC, "sys/kernel/ostype", text, sizeof text) == 6);
	MUST(!strcmp(kfs_where(&k, KFS_SYS), "sysfs (private mount)"));
	MUST(kfs_read_text(&k, KFS_SYS, "devices/system/cpu/online", text, sizeof text) > 0);
	MUST(!strcmp(kfs_where(&k, KFS_TRACE), "tracefs (private mount)"));
	MUST(kfs_read_number(&k, KFS_TRACE, "events/sched/sched_switch/id", &n) == 0);
	MUST(!strcmp(kfs_where(&k, KFS_CGROUP2), "cgroup2 (private mount)"));
	MUST(kfs_read_text(&k, KFS_CGROUP2, "cgroup.controllers", text, sizeof text) >= 0);
	MUST(!strcmp(kfs_where(&k, KFS_BPF), "bpffs (not available)"));
	kfs_close(&k);
	return 0;
}

static void needs_nothing_mounted(void **state)
{
	(void)state;
	needs_root();
	apart(private_all);
}

static int mounted_tracefs(void)
{
	unmount_tracefs();
	struct kfs k = {0};
	struct err e = {0};
	MUST(mount("none", "/sys/kernel/tracing", "tmpfs", 0, NULL) == 0); /* not the right type */
	MUST(!strcmp(kfs_where(&k, KFS_TRACE), "tracefs (private mount)"));
	umount2("/sys/kernel/tracing", MNT_DETACH);
	kfs_close(&k);

	MUST(kfs_mount(&k, KFS_TRACE, &e) && !e.set);
	MUST(mounts_of("tracefs") == 1);
	MUST(!strcmp(kfs_where(&k, KFS_TRACE), "/sys/kernel/tracing"));
	kfs_close(&k);
	MUST(mounts_of("tracefs") == 1);
	MUST(!strcmp(kfs_where(&k, KFS_TRACE), "/sys/kernel/tracing"));
	MUST(kfs_mount(&k, KFS_TRACE, &e) && mounts_of("tracefs") == 1);
	kfs_close(&k);

	/* A private mount is replaced by a visible one. */
	unmount_tracefs();
	MUST(kfs_dir(&k, KFS_TRACE) >= 0 && mounts_of("tracefs") == 0);
	MUST(kfs_mount(&k, KFS_TRACE, &e) && mounts_of("tracefs") == 1);
	MUST(!strcmp(kfs_where(&k, KFS_TRACE), "/sys/kernel/tracing"));
	kfs_close(&k);
	return 0;
}

/* In a container, the host's file systems are somewhere else. */
static int mounted_elsewhere(void)
{
	char dir[] = "/tmp/kfs elsewhere.XXXXXX", place[64], bound[64];
	unmount_tracefs();
	MUST(mkdtemp(dir));
	MUST(mount("none", dir, "tmpfs", 0, NULL) == 0);
	snprintf(bound, sizeof bound, "%s/bound", dir);
	snprintf(place, sizeof place, "%s/host", dir);
	MUST(mkdir(place, 0700) == 0 && mkdir(bound, 0700) == 0);
	MUST(mount("none", place, "tracefs", 0, NULL) == 0);
	struct kfs k = {0};
	int64_t id = 0;
	MUST(!strcmp(kfs_where(&k, KFS_TRACE), place));
	MUST(kfs_read_number(&k, KFS_TRACE, "events/sched/sched_switch/id", &id) == 0 && id > 0);
	kfs_close(&k);
	/* A directory of it is not all of it. */
	strcat(place, "/events");
	MUST(mount(place, bound, NULL, MS_BIND, NULL) == 0);
	*strrchr(place, '/') = 0;
	MUST(umount2(place, MNT_DETACH) == 0);
	MUST(!strcmp(kfs_where(&k, KFS_TRACE), "tracefs (private mount)"));
	kfs_close(&k);
	MUST(umount2(dir, MNT_DETACH) == 0 && rmdir(dir) == 0);
	return 0;
}

static void finds_what_is_elsewhere(void **state)
{
	(void)state;
	needs_root();
	apart(mounted_elsewhere);
}

static void finds_what_is_mounted(void **state)
{
	(void)state;
	needs_root();
	apart(mounted_tracefs);
}

static int bpf_only_mounted(void)
{
	while (umount2("/sys/fs/bpf", MNT_DETACH) == 0)
		;
	struct kfs k = {0};
	struct err e = {0};
	int fd = kfs_dir(&k, KFS_BPF);
	MUST(fd == -ENOENT);
	MUST(!kfs_explain(&k, KFS_BPF, NULL, fd, &e));
	MUST(!strcmp(e.text, "bpffs is not mounted"));
	MUST(!strcmp(e.hint, "as root: mount -t bpf bpf /sys/fs/bpf"));
	e = (struct err){0};
	MUST(kfs_mount(&k, KFS_BPF, &e));
	MUST(kfs_dir(&k, KFS_BPF) >= 0 && !strcmp(kfs_where(&k, KFS_BPF), "/sys/fs/bpf"));
	kfs_close(&k);
	return 0;
}

static void pins_are_never_private(void **state)
{
	(void)state;
	needs_root();
	apart(bpf_only_mounted);
}

/* A seccomp filter that makes fsopen() fail, as on a kernel before 5.2. */
static bool refuse_fsopen(int error)
{
	struct filter {
		uint16_t code;
		uint8_t yes, no;
		uint32_t k;
	} filter[] = {
		{0x20, 0, 0, 0},          /* A = number of the call */
		{0x15, 0, 1, SYS_fsopen}, /* equal? */
		{0x06, 0, 0, 0x50000u | (uint32_t)error}, {0x06, 0, 0, 0x7fff0000}, /* allow */
	};
	struct {
		unsigned short n;
		struct filter *filter;
	} program = {4, filter};
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, 2, &program) == 0;
}

static int through_a_child(int error)
{
	unmount_tracefs();
	unsigned mounts = mounts_of("tracefs"), files = open_files();
	struct kfs k = {0};
	int64_t id = 0;
	MUST(refuse_fsopen(error));
	MUST(syscall(SYS_fsopen, "tracefs", 1) < 0 && errno == error);
	MUST(kfs_dir(&k, KFS_TRACE) >= 0);
	MUST(!strcmp(kfs_where(&k, KFS_TRACE), "tracefs (private mount)"));
	MUST(kfs_read_number(&k, KFS_TRACE, "events/sched/sched_switch/id", &id) == 0 && id > 0);
	MUST(mounts_of("tracefs") == mounts);
	MUST(fcntl(kfs_dir(&k, KFS_TRACE), F_GETFD) & FD_CLOEXEC);
	MUST(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	kfs_close(&k);
	MUST(open_files() == files);
	return 0;
}

static int before_linux_5_2(void)
{
	return through_a_child(ENOSYS);
}

static int strict_seccomp(void)
{
	return through_a_child(EPERM);
}

static void works_without_the_new_calls(void **state)
{
	(void)state;
	needs_root();
	apart(before_linux_5_2);
	apart(strict_seccomp);
}

static int as_nobody(void)
{
	unmount_tracefs();
	if (setgid(65534) < 0 || setuid(65534) < 0)
		return 253;
	struct kfs k = {0};
	struct err e = {0};
	int fd = kfs_open(&k, KFS_TRACE, "trace_pipe", O_RDONLY);
	MUST(fd == -EPERM);
	MUST(!strcmp(kfs_where(&k, KFS_TRACE), "tracefs (not available)"));
	MUST(!kfs_explain(&k, KFS_TRACE, "trace_pipe", fd, &e));
	MUST(e.no == EPERM);
	MUST(!strcmp(e.text, "tracefs is not mounted, and mounting it requires CAP_SYS_ADMIN"));
	MUST(!strcmp(e.hint, "as root: mount -t tracefs tracefs /sys/kernel/tracing"));
	MUST(waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD);
	kfs_close(&k);
	return 0;
}

static int tracefs_of_root(void)
{
	unmount_tracefs();
	struct kfs k = {0};
	struct err e = {0};
	MUST(kfs_mount(&k, KFS_TRACE, &e));
	MUST(setgid(65534) == 0 && setuid(65534) == 0);
	int fd = kfs_open(&k, KFS_TRACE, "trace_pipe", O_RDONLY);
	MUST(fd == -EACCES);
	kfs_explain(&k, KFS_TRACE, "trace_pipe", fd, &e);
	MUST(!strcmp(e.text, "/sys/kernel/tracing/trace_pipe: EACCES: Permission denied"));
	MUST(!strcmp(e.hint, "tracefs is accessible to root only: run as root"));
	kfs_close(&k);
	return 0;
}

static void says_what_is_missing(void **state)
{
	(void)state;
	needs_root();
	apart(as_nobody);
	apart(tracefs_of_root);
}

static void explains_other_failures(void **state)
{
	(void)state;
	struct kfs k = {0};
	struct err e = {0};
	kfs_explain(&k, KFS_PROC, "no/such", -ENOENT, &e);
	assert_string_equal(e.text, "/proc/no/such: ENOENT: No such file or directory");
	assert_string_equal(e.hint, "");
	kfs_close(&k);

	e = (struct err){0};
	k.dir[KFS_TRACE].fd_or_error = -ENODEV;
	assert_int_equal(kfs_open(&k, KFS_TRACE, "events", O_RDONLY), -ENODEV);
	kfs_explain(&k, KFS_TRACE, "events", -ENODEV, &e);
	assert_string_equal(e.text, "this kernel has no tracefs");
	assert_string_equal(e.hint, "it requires a kernel with CONFIG_FTRACE");

	e = (struct err){0};
	k.dir[KFS_TRACE].fd_or_error = -ENOMEM;
	kfs_explain(&k, KFS_TRACE, NULL, -ENOMEM, &e);
	assert_non_null(
		strstr(e.text, "tracefs is not mounted, and mounting it privately failed: ENOMEM"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_proc),
		cmocka_unit_test(reads_numbers),
		cmocka_unit_test(reads_lists_of_cpus),
		cmocka_unit_test(stays_below_the_root),
		cmocka_unit_test(streams_and_lists),
		cmocka_unit_test(makes_a_private_mount),
		cmocka_unit_test(needs_nothing_mounted),
		cmocka_unit_test(finds_what_is_mounted),
		cmocka_unit_test(finds_what_is_elsewhere),
		cmocka_unit_test(pins_are_never_private),
		cmocka_unit_test(works_without_the_new_calls),
		cmocka_unit_test(says_what_is_missing),
		cmocka_unit_test(explains_other_failures),
	};
	return cmocka_run_group_tests_name("kfs", tests, NULL, NULL);
}
