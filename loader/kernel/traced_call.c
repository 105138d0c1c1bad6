/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "traced_call.h"

#include "elf/base/span.h"

#include <fcntl.h>
#include <sys/socket.h>

enum { TABLES = 7, SOL_SOCKET_COMMON = 1, ACCESS_MODE = 3 /* of open(2) */ };

static const int16_t numbers[TRACED_COUNT][TABLES] = {
#define TRACED(name, ...) {__VA_ARGS__},
	TRACED_CALLS(TRACED)
#undef TRACED
};

/* Tables of system calls, with the column of their numbers. */
static const struct table {
	uint32_t audit;
	uint8_t column;
} tables[] = {
	{EM_X86_64 | AUDIT_64 | AUDIT_LITTLE, 0},
	{EM_386 | AUDIT_LITTLE, 1},
	{EM_AARCH64 | AUDIT_64 | AUDIT_LITTLE, 2},
	{EM_RISCV | AUDIT_64 | AUDIT_LITTLE, 2},
	{EM_LOONGARCH | AUDIT_64 | AUDIT_LITTLE, 2},
	{EM_ARM | AUDIT_LITTLE, 3},
	{EM_S390 | AUDIT_64, 4},
	{EM_S390, 4},
	{EM_PPC64 | AUDIT_64 | AUDIT_LITTLE, 5},
	{EM_MIPS | AUDIT_LITTLE, 6},
};
enum { KNOWN = sizeof tables / sizeof *tables };

static const struct table *table_of(uint32_t audit)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (tables[i].audit == audit)
			return &tables[i];
	return NULL;
}

enum traced_call traced_call_of(uint32_t audit, uint64_t number)
{
	const struct table *t = table_of(audit);
	for (unsigned i = 0; t && i < TRACED_COUNT; i++)
		if (numbers[i][t->column] >= 0 && (uint64_t)numbers[i][t->column] == number)
			return (enum traced_call)i;
	return TRACED_NONE;
}

unsigned traced_word(uint32_t audit)
{
	return audit & AUDIT_64 ? 8 : 4;
}

enum traced_call traced_socketcall(uint64_t number)
{
	static const uint8_t calls[] = {[1] = TRACED_SOCKET,
		[9] = TRACED_SENDTO, /* send() */
		[11] = TRACED_SENDTO,
		[14] = TRACED_SETSOCKOPT,
		[16] = TRACED_SENDMSG};
	return number < sizeof calls && calls[number] ? (enum traced_call)calls[number]
	                                              : TRACED_NONE;
}

uint32_t traced_own(void)
{
#if defined __x86_64__ && defined __LP64__
	return EM_X86_64 | AUDIT_64 | AUDIT_LITTLE;
#elif defined __i386__
	return EM_386 | AUDIT_LITTLE;
#elif defined __aarch64__ && !defined __AARCH64EB__
	return EM_AARCH64 | AUDIT_64 | AUDIT_LITTLE;
#elif defined __ARM_EABI__ && !defined __ARMEB__
	return EM_ARM | AUDIT_LITTLE;
#elif defined __s390x__
	return EM_S390 | AUDIT_64;
#elif defined __riscv && __riscv_xlen == 64
	return EM_RISCV | AUDIT_64 | AUDIT_LITTLE;
#elif defined __loongarch64
	return EM_LOONGARCH | AUDIT_64 | AUDIT_LITTLE;
#elif defined __powerpc64__ && defined __LITTLE_ENDIAN__
	return EM_PPC64 | AUDIT_64 | AUDIT_LITTLE;
#elif defined __mips__ && _MIPS_SIM == _ABIO32 && defined __MIPSEL__
	return EM_MIPS | AUDIT_LITTLE;
#else
	return 0;
#endif
}

/* What the filter stops at: a call, or one with an argument like this. */
static const struct {
	uint8_t call, arg;
	uint16_t mask, value;
} stops[] = {
	{TRACED_BPF, FILTER_NO_ARG, 0, 0},
	{TRACED_PERF_OPEN, FILTER_NO_ARG, 0, 0},
	{TRACED_IOCTL, 1, 0xff00, '$' << 8},
	{TRACED_SETSOCKOPT, 1, 0xffff, SOL_SOCKET_COMMON},
	{TRACED_SOCKET, 0, 0xffff, AF_NETLINK},
	{TRACED_OPEN, 1, ACCESS_MODE, O_WRONLY},
	{TRACED_OPEN, 1, ACCESS_MODE, O_RDWR},
	{TRACED_OPENAT, 2, ACCESS_MODE, O_WRONLY},
	{TRACED_OPENAT, 2, ACCESS_MODE, O_RDWR},
	{TRACED_OPENAT2, FILTER_NO_ARG, 0, 0},
	{TRACED_SOCKETCALL, 0, 0xffff, 1},
	{TRACED_SOCKETCALL, 0, 0xffff, 14},
};

/* The two tables that a kernel has share its byte order and its family. */
static bool related(uint32_t own, uint32_t other)
{
	static const uint16_t families[][2] = {{EM_X86_64, EM_386}, {EM_AARCH64, EM_ARM}};
	uint16_t a = own & 0xffff, b = other & 0xffff;
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (a == families[i][0] && b == families[i][1])
			return true;
	return a == b;
}

size_t traced_filter(struct filter_insn insns[static FILTER_MAX])
{
	struct filter f = {insns, 0};
	for (size_t i = 0; i < KNOWN; i++) {
		if (!related(traced_own(), tables[i].audit))
			continue;
		filter_put(&f, FILTER_LOAD, 0, 0, SECCOMP_AT_ARCH);
		size_t skip = f.n;
		filter_put(&f, FILTER_EQUAL, 0, 0, tables[i].audit);
		filter_put(&f, FILTER_LOAD, 0, 0, SECCOMP_AT_NUMBER);
		for (size_t k = 0; k < sizeof stops / sizeof *stops; k++) {
			int16_t number = numbers[stops[k].call][tables[i].column];
			if (number >= 0)
				filter_put_call(&f, (uint32_t)number, stops[k].arg, stops[k].mask,
					stops[k].value, SECCOMP_TRACE);
		}
		filter_put(&f, FILTER_RETURN, 0, 0, SECCOMP_ALLOW);
		insns[skip].jf = (uint8_t)(f.n - skip - 1);
	}
	filter_put(&f, FILTER_RETURN, 0, 0, SECCOMP_ALLOW);
	return f.n;
}
