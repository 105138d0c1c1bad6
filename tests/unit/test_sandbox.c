/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The sandbox: which needs a plan has, what the filter allows (by interpreting it, which covers every
 * system call and argument), and that the kernel enforces it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/base/bpf_abi.h"
#include "elf/base/cap_abi.h"
#include "loader/sandbox/sandbox_impl.h"

enum verdict { KILL = 0, TRAP = 0x30000, ALLOW = 0x7fff0000 };

/* struct seccomp_data */
struct call {
	uint32_t number, arch;
	uint64_t ip, args[6];
};

/* Runs a filter as the kernel does; fails on anything that the kernel's checker rejects. */
static uint32_t run(const struct filter_insn *insns, size_t n, const struct call *call)
{
	uint32_t a = 0;
	for (size_t i = 0; i < n; i++) {
		const struct filter_insn *in = &insns[i];
		bool jump = in->code == 0x15 || in->code == 0x45;
		assert_true(!jump || i + 1 + (in->jt > in->jf ? in->jt : in->jf) < n);
		switch (in->code) {
		case 0x20:
			assert_true(in->k % 4 == 0 && in->k + 4 <= sizeof *call);
			memcpy(&a, (const char *)call + in->k, 4);
			break;
		case 0x54:
			a &= in->k;
			break;
		case 0x15:
			i += a == in->k ? in->jt : in->jf;
			break;
		case 0x45:
			i += a & in->k ? in->jt : in->jf;
			break;
		case 0x06:
			return in->k;
		default:
			fail_msg("code %x", in->code);
		}
	}
	fail_msg("the filter has no end");
	return 0;
}

#if defined __x86_64__
enum { ARCH = (int)0xc000003e, OTHER = 0x40000003 /* i386 */ };
#elif defined __aarch64__
enum { ARCH = (int)0xc00000b7, OTHER = 0x40000028 /* arm */ };
#else
#error "add AUDIT_ARCH_* of this architecture"
#endif

/* The verdict on a call with three arguments. */
static uint32_t verdict(unsigned needs, long number, uint64_t x, uint64_t y, uint64_t z)
{
	struct filter_insn insns[FILTER_MAX];
	struct call call = {(uint32_t)number, (uint32_t)ARCH, 0, {x, y, z}};
	return run(insns, filter_make(insns, needs), &call);
}

static unsigned all(void)
{
	return (1u << SANDBOX_NEEDS) - 1;
}

static void showing_allows(void **state)
{
	(void)state;
	static const long numbers[] = {SYS_read, SYS_write, SYS_writev, SYS_close, SYS_ppoll,
		SYS_munmap, SYS_clock_gettime, SYS_exit_group, SYS_rt_sigreturn,
		SYS_restart_syscall};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		assert_int_equal(verdict(NEED_SHOW, numbers[i], 0, 0, 0), ALLOW);
	assert_int_equal(verdict(0, SYS_read, 0, 0, 0), ALLOW); /* SHOW is part of every set */
}

/* What code that took over the process would call. */
static void nothing_allows(void **state)
{
	(void)state;
	static const long numbers[] = {SYS_execve, SYS_execveat, SYS_clone, SYS_ptrace, SYS_kill,
		SYS_mount, SYS_unlinkat, SYS_renameat2, SYS_init_module, SYS_finit_module,
		SYS_connect, SYS_sendmsg, SYS_process_vm_writev, SYS_setuid, SYS_capset, SYS_prctl,
		SYS_seccomp, SYS_memfd_create, SYS_pidfd_getfd, SYS_io_uring_setup, SYS_unshare,
		SYS_chroot, SYS_keyctl, SYS_mkdirat};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		assert_int_equal(verdict(all() & ~(unsigned)(NEED_FILES | NEED_SCRAPES), numbers[i],
					 0, 0, 0),
			TRAP);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		assert_int_equal(verdict(all(), numbers[i], 0, 0, 0),
			numbers[i] == SYS_unlinkat || numbers[i] == SYS_renameat2 ? ALLOW : TRAP);
	for (int cmd = 0; cmd < 64; cmd++) {
		bool reads = cmd == BPF_MAP_LOOKUP_ELEM || cmd == BPF_MAP_GET_NEXT_KEY ||
		             cmd == BPF_MAP_LOOKUP_BATCH || cmd == BPF_OBJ_GET_INFO_BY_FD ||
		             cmd == BPF_ITER_CREATE || cmd == BPF_PROG_STREAM_READ_BY_FD;
		assert_int_equal(
			verdict(NEED_BPF, SYS_bpf, (uint64_t)cmd, 0, 0), reads ? ALLOW : TRAP);
	}
	assert_int_equal(verdict(all(), SYS_bpf, BPF_PROG_LOAD, 0, 0), TRAP);
}

static void arguments_count(void **state)
{
	(void)state;
	const struct {
		unsigned need;
		long number;
		uint64_t x, y, z;
		uint32_t with, without; /* the need */
	} rows[] = {
		{NEED_CPUS, SYS_openat, 0, 0, O_RDONLY | O_CLOEXEC, ALLOW, TRAP},
		{NEED_USER_NAMES, SYS_openat, 0, 0, O_RDONLY | O_DIRECTORY, ALLOW, TRAP},
		{NEED_USER_NAMES, SYS_openat, 0, 0, O_WRONLY, TRAP, TRAP},
		{NEED_USER_NAMES, SYS_openat, 0, 0, O_RDWR, TRAP, TRAP},
		{NEED_USER_NAMES, SYS_openat, 0, 0, O_RDONLY | O_CREAT, TRAP, TRAP},
		{NEED_USER_NAMES, SYS_openat, 0, 0, O_RDONLY | O_TRUNC, TRAP, TRAP},
		{NEED_PROBES, SYS_openat, 0, 0, O_WRONLY | O_APPEND | O_CLOEXEC, ALLOW, TRAP},
		{NEED_PROBES, SYS_openat, 0, 0, O_WRONLY | O_CREAT, TRAP, TRAP},
		{NEED_FILES, SYS_openat, 0, 0,
			O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, ALLOW, TRAP},
		{NEED_FILES, SYS_openat, 0, 0, O_WRONLY | O_CREAT | O_TRUNC, TRAP, TRAP},
		{NEED_FILES, SYS_openat, 0, 0, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW, TRAP, TRAP},
		{NEED_FILES, SYS_openat, 0, 0, O_RDONLY, TRAP, TRAP},
		{NEED_SCRAPES, SYS_accept4, 0, 0, 0, ALLOW, TRAP},
		{NEED_SCRAPES, SYS_socket, AF_INET, 0, 0, TRAP, TRAP},
		{NEED_KEYS, SYS_ioctl, 0, 0x5402, 0, ALLOW, TRAP},
		{NEED_NETLINK, SYS_socket, AF_NETLINK, 0, 0, ALLOW, TRAP},
		{NEED_NETLINK, SYS_socket, AF_INET, 0, 0, TRAP, TRAP},
		{NEED_SHOW, SYS_mmap, 0, 0, PROT_READ | PROT_WRITE, ALLOW, ALLOW},
		{NEED_SHOW, SYS_mmap, 0, 0, PROT_READ | PROT_EXEC, TRAP, TRAP},
		{NEED_SHOW, SYS_mprotect, 0, 0, PROT_EXEC, TRAP, TRAP},
		/* The kernel cuts an int to 32 bits. */
		{NEED_SHOW, SYS_mprotect, 0, 0, UINT64_C(1) << 32 | PROT_READ, ALLOW, ALLOW},
		{NEED_NETLINK, SYS_socket, UINT64_C(1) << 32 | AF_INET, 0, 0, TRAP, TRAP},
		{NEED_SHOW, SYS_ioctl, 0, 0x5413, 0, ALLOW, ALLOW},
		{NEED_SHOW, SYS_ioctl, 0, 0x5412, 0, TRAP,
			TRAP}, /* TIOCSTI types into the terminal */
		{NEED_RINGS, SYS_ioctl, 0, 0x2400, 0, ALLOW, TRAP},
		{NEED_PROGRAMS, SYS_bpf, BPF_PROG_DETACH, 0, 0, ALLOW, TRAP},
		{NEED_STRUCT_OPS, SYS_bpf, BPF_MAP_DELETE_ELEM, 0, 0, ALLOW, TRAP},
		{NEED_RINGS, SYS_bpf, BPF_MAP_UPDATE_ELEM, 0, 0, ALLOW, TRAP},
		{NEED_NETNS, SYS_setns, 0, 0, 0, ALLOW, TRAP},
		{NEED_SCHEDULER, SYS_syslog, 3, 0, 0, ALLOW, TRAP},
		{NEED_SCHEDULER, SYS_syslog, 5, 0, 0, TRAP, TRAP}, /* clears the log */
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t x = rows[i].x, y = rows[i].y, z = rows[i].z;
		uint32_t with = verdict(rows[i].need, rows[i].number, x, y, z);
		uint32_t without = verdict(NEED_SHOW, rows[i].number, x, y, z);
		if (with != rows[i].with || without != rows[i].without)
			fail_msg("row %zu: %x, %x", i, with, without);
	}
	assert_int_equal(verdict(0, SYS_tkill, (uint64_t)syscall(SYS_gettid), SIGQUIT, 0), ALLOW);
	assert_int_equal(verdict(0, SYS_tkill, 1, SIGKILL, 0), TRAP);
}

static void other_tables(void **state)
{
	(void)state;
	struct filter_insn insns[FILTER_MAX];
	size_t n = filter_make(insns, all());
	for (uint32_t number = 0; number < 600; number++)
		assert_int_equal(
			run(insns, n, &(struct call){number, (uint32_t)OTHER, 0, {0}}), KILL);
#ifdef __x86_64__
	const struct call x32 = {0x40000000 | SYS_read, (uint32_t)ARCH, 0, {0}};
	assert_int_equal(run(insns, n, &x32), KILL);
#endif
	assert_in_range(n, 50, FILTER_MAX * 3 / 4);
}

/* Runs fn in a child with the filter; returns its wait status. */
static int in_child(unsigned needs, long (*fn)(void))
{
	pid_t pid = fork();
	int status = 0;
	if (!pid) {
		struct filter_insn insns[FILTER_MAX];
		size_t n = filter_make(insns, needs);
		signal(SIGSYS, SIG_DFL);
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || filter_install(insns, n))
			syscall(SYS_exit_group, 77);
		syscall(SYS_exit_group, fn() < 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
		skip(); /* no seccomp */
	return status;
}

static long do_read(void)
{
	char c;
	return syscall(SYS_pread64, -1, &c, 1, 0) < 0 && errno == EBADF ? 0 : -1;
}
static long do_write_open(void)
{
	return syscall(SYS_openat, AT_FDCWD, "/dev/null", O_WRONLY);
}
static long do_read_open(void)
{
	return syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDONLY);
}
static long do_execve(void)
{
	return syscall(SYS_execve, "/bin/true", NULL, NULL);
}
static long do_socket(void)
{
	return syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);
}

static void kernel_enforces(void **state)
{
	(void)state;
	assert_int_equal(in_child(NEED_SHOW, do_read), 0);
	assert_int_equal(in_child(NEED_USER_NAMES, do_read_open), 0);
	long (*const denied[])(void) = {do_read_open, do_write_open, do_execve, do_socket};
	for (size_t i = 0; i < sizeof denied / sizeof *denied; i++) {
		int status = in_child(NEED_SHOW, denied[i]);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGSYS);
	}
}

#define CAP(name) (UINT64_C(1) << CAP_##name)

/* CAP_SYS_ADMIN stands in for its parts only where they are not permitted. */
static void older_capabilities(void **state)
{
	(void)state;
	char text[100];
	assert_int_equal(capabilities_held(CAP(BPF), ~UINT64_C(0)), CAP(BPF));
	assert_int_equal(capabilities_held(CAP(BPF), CAP(SYS_ADMIN)), CAP(SYS_ADMIN));
	assert_int_equal(capabilities_held(CAP(SYSLOG), CAP(SYS_ADMIN)), 0);
	assert_int_equal(capabilities_held(CAP(NET_ADMIN) | CAP(BPF), CAP(NET_ADMIN) | CAP(BPF)),
		CAP(NET_ADMIN) | CAP(BPF));
	capabilities_text(CAP(NET_ADMIN) | CAP(BPF), text, sizeof text);
	assert_string_equal(text, "CAP_NET_ADMIN, CAP_BPF");
}

/* Needs of ending a plan with one step that undoes another. */
static unsigned needs_of(unsigned op, uint32_t cmd, uint16_t flags, int outcome)
{
	struct plan_step steps[2] = {
		{.undoes = PLAN_NONE, .op = STEP_BPF}, {.op = (uint8_t)op, .cmd = cmd}};
	struct plan p = {.steps = steps, .n_steps = 2};
	int outcomes[2] = {outcome, OUTCOME_SKIPPED};
	struct exec x = {.plan = &p, .outcomes = outcomes};
	steps[1].flags = flags;
	return sandbox_needs_of(&x);
}

enum { BASE = NEED_SHOW | NEED_BPF };

static void needs_of_ends(void **state)
{
	(void)state;
	assert_int_equal(needs_of(STEP_NETLINK, 0, 0, OUTCOME_OK), BASE | NEED_NETLINK);
	assert_int_equal(needs_of(STEP_XDP_OFF, 0, 0, OUTCOME_OK), BASE | NEED_NETLINK);
	assert_int_equal(needs_of(STEP_DELQDISC, 0, 0, OUTCOME_OK), BASE | NEED_NETLINK);
	assert_int_equal(needs_of(STEP_NETNS, 0, 0, OUTCOME_OK), BASE | NEED_NETNS);
	assert_int_equal(needs_of(STEP_APPEND, 0, 0, OUTCOME_OK), BASE | NEED_PROBES);
	assert_int_equal(needs_of(STEP_SOCKOPT, 0, 0, OUTCOME_OK), BASE | NEED_SOCKETS);
	assert_int_equal(needs_of(STEP_BPF, BPF_PROG_DETACH, 0, OUTCOME_OK), BASE | NEED_PROGRAMS);
	assert_int_equal(
		needs_of(STEP_BPF, BPF_MAP_DELETE_ELEM, 0, OUTCOME_OK), BASE | NEED_STRUCT_OPS);
	/* What was not done, or is only undone after a failure, needs nothing. */
	assert_int_equal(needs_of(STEP_NETLINK, 0, 0, EINVAL), BASE);
	assert_int_equal(needs_of(STEP_REMOVE, 0, STEP_ON_FAILURE, OUTCOME_OK), BASE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(showing_allows),
		cmocka_unit_test(nothing_allows),
		cmocka_unit_test(arguments_count),
		cmocka_unit_test(other_tables),
		cmocka_unit_test(kernel_enforces),
		cmocka_unit_test(older_capabilities),
		cmocka_unit_test(needs_of_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
