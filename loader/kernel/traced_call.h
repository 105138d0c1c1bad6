/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The system calls of other programs that concern BPF: their numbers by table of system calls (both
 * word sizes of an architecture), and the seccomp filter that lets all others run at full speed.
 */
#ifndef SONDE_TRACED_CALL_H
#define SONDE_TRACED_CALL_H

#include "seccomp.h"

/* TRACED(name, x86_64, i386, generic, arm, s390x and s390, powerpc, mips), -1: the table has no such call. generic: arm64,
 * riscv64, loongarch64. */
/* clang-format off */
#define TRACED_CALLS(TRACED) \
	TRACED(BPF,         321, 357, 280, 386, 351, 361, 4355) \
	TRACED(PERF_OPEN,   298, 336, 241, 364, 331, 319, 4333) \
	TRACED(IOCTL,        16,  54,  29,  54,  54,  54, 4054) \
	TRACED(SETSOCKOPT,   54, 366, 208, 294, 366, 339, 4181) \
	TRACED(SENDTO,       44, 369, 206, 290, 369, 335, 4180) \
	TRACED(SEND,         -1,  -1,  -1, 289,  -1, 334, 4178) \
	TRACED(SENDMSG,      46, 370, 211, 296, 370, 341, 4179) \
	TRACED(WRITE,         1,   4,  64,   4,   4,   4, 4004) \
	TRACED(WRITEV,       20, 146,  66, 146, 146, 146, 4146) \
	/* These only tell which process has files and sockets that matter. */ \
	TRACED(SOCKET,       41, 359, 198, 281, 359, 326, 4183) \
	TRACED(OPEN,          2,   5,  -1,   5,   5,   5, 4005) \
	TRACED(OPENAT,      257, 295,  56, 322, 288, 286, 4288) \
	TRACED(OPENAT2,     437, 437, 437, 437, 437, 437, 4437) \
	TRACED(CLOSE,         3,   6,  57,   6,   6,   6, 4006) \
	/* Several calls in one, with a pointer to their arguments. */ \
	TRACED(SOCKETCALL,   -1, 102,  -1,  -1, 102, 102, 4102)
/* clang-format on */

enum traced_call {
#define TRACED(name, ...) TRACED_##name,
	TRACED_CALLS(TRACED)
#undef TRACED
		TRACED_COUNT,
	TRACED_NONE = TRACED_COUNT
};

/* The call with this number in a table of system calls (AUDIT_ARCH_*), TRACED_NONE for all others. */
enum traced_call traced_call_of(uint32_t audit, uint64_t number);

/* Bytes of a pointer in such a program. */
unsigned traced_word(uint32_t audit);

/* The call of a SOCKETCALL with this first argument. */
enum traced_call traced_socketcall(uint64_t number);

/* Whether the table of this program is known: AUDIT_ARCH_* of it, else 0. */
uint32_t traced_own(void);

/*
 * Assembles a filter that stops at these calls: bpf(2), perf_event_open(2), ioctl(2) of perf events,
 * setsockopt(2) at SOL_SOCKET, and what opens a file for writing or a netlink socket. Writing to these is not
 * stopped at: the tracer follows each call of a process that has one. Returns the number of instructions.
 */
size_t traced_filter(struct filter_insn insns[static FILTER_MAX]);

#endif
