/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The numbers of system calls that `sonde calls` stops at, compared with the kernel's headers, and the filter
 * made of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "loader/kernel/traced_call.h"

/* Each header defines __NR_bpf etc. anew, which is no warning in system headers. */
#define KEEP(table)                                                                                \
	table##_BPF = __NR_bpf, table##_PERF_OPEN = __NR_perf_event_open,                          \
	table##_IOCTL = __NR_ioctl, table##_SETSOCKOPT = __NR_setsockopt,                          \
	table##_SENDTO = __NR_sendto, table##_SENDMSG = __NR_sendmsg, table##_WRITE = __NR_write,  \
	table##_WRITEV = __NR_writev, table##_SOCKET = __NR_socket, table##_OPENAT = __NR_openat,  \
	table##_OPENAT2 = __NR_openat2, table##_CLOSE = __NR_close

#ifdef __x86_64__
#include <asm/unistd_32.h>
enum { KEEP(I386), I386_OPEN = __NR_open, I386_SOCKETCALL = __NR_socketcall };
#include <asm/unistd_64.h>
enum { KEEP(X86), X86_OPEN = __NR_open };
#undef __NR_openat2
#include <asm-generic/unistd.h>
enum { KEEP(GENERIC) };

#define SAME(table, audit, name)                                                                   \
	assert_int_equal(traced_call_of(audit, table##_##name), TRACED_##name);

#define ALL(table, audit)                                                                          \
	SAME(table, audit, BPF)                                                                    \
	SAME(table, audit, PERF_OPEN)                                                              \
	SAME(table, audit, IOCTL)                                                                  \
	SAME(table, audit, SETSOCKOPT)                                                             \
	SAME(table, audit, SENDTO)                                                                 \
	SAME(table, audit, SENDMSG)                                                                \
	SAME(table, audit, WRITE)                                                                  \
	SAME(table, audit, WRITEV)                                                                 \
	SAME(table, audit, SOCKET)                                                                 \
	SAME(table, audit, OPENAT)                                                                 \
	SAME(table, audit, OPENAT2)                                                                \
	SAME(table, audit, CLOSE)

static void numbers(void **state)
{
	(void)state;
	const uint32_t i386 = EM_386 | AUDIT_LITTLE, x86 = EM_X86_64 | AUDIT_64 | AUDIT_LITTLE;
	const uint32_t arm64 = EM_AARCH64 | AUDIT_64 | AUDIT_LITTLE;
	ALL(I386, i386)
	SAME(I386, i386, OPEN)
	SAME(I386, i386, SOCKETCALL)
	ALL(X86, x86)
	SAME(X86, x86, OPEN)
	ALL(GENERIC, arm64)
	assert_int_equal(traced_own(), x86);
	assert_int_equal(traced_call_of(x86, I386_BPF), TRACED_NONE);
	assert_int_equal(traced_call_of(x86, UINT64_MAX), TRACED_NONE);
	assert_int_equal(traced_call_of(0, X86_BPF), TRACED_NONE);
}
#else
static void numbers(void **state)
{
	(void)state;
	skip();
}
#endif

/* Every jump leads to an instruction of the program, and it ends with a verdict. */
static void filter(void **state)
{
	(void)state;
	struct filter_insn insns[FILTER_MAX];
	size_t n = traced_filter(insns);
	assert_in_range(n, 20, FILTER_MAX);
	assert_int_equal(insns[n - 1].code, FILTER_RETURN);
	for (size_t i = 0; i < n; i++) {
		assert_true(i + 1 + insns[i].jt < n || insns[i].code == FILTER_RETURN);
		assert_true(i + 1 + insns[i].jf < n || insns[i].code == FILTER_RETURN);
	}
}

static void socket_calls(void **state)
{
	(void)state;
	assert_int_equal(traced_socketcall(1), TRACED_SOCKET);
	assert_int_equal(traced_socketcall(14), TRACED_SETSOCKOPT);
	assert_int_equal(traced_socketcall(16), TRACED_SENDMSG);
	assert_int_equal(traced_socketcall(0), TRACED_NONE);
	assert_int_equal(traced_socketcall(17), TRACED_NONE);
	assert_int_equal(traced_socketcall(UINT64_MAX), TRACED_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(numbers), cmocka_unit_test(filter),
		cmocka_unit_test(socket_calls)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
