/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * System calls without a C library: the result, or -errno. And the entry of the program, which calls
 * runner_main() with the stack that the kernel has prepared.
 */
#ifndef SONDE_RUNNER_SYS_H
#define SONDE_RUNNER_SYS_H

#include <stdint.h>
#include <sys/syscall.h>

#if defined __x86_64__

#define RUNNER_ENTRY "xor %ebp, %ebp\n mov %rsp, %rdi\n and $-16, %rsp\n call runner_main\n hlt\n"

static inline long sys6(long n, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
	__asm__ volatile("syscall"
			 : "+a"(n)
			 : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return n;
}

/* Registers that a call does not look at need not be set. */
#define SYS3(n, a, b, c) sys3((n), (long)(a), (long)(b), (long)(c))
static inline long sys3(long n, long a, long b, long c)
{
	__asm__ volatile("syscall" : "+a"(n) : "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return n;
}

#elif defined __aarch64__

#define RUNNER_ENTRY "mov x29, #0\n mov x0, sp\n and sp, x0, #-16\n bl runner_main\n"

static inline long sys6(long n, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = n, x0 __asm__("x0") = a, x1 __asm__("x1") = b,
			 x2 __asm__("x2") = c, x3 __asm__("x3") = d, x4 __asm__("x4") = e,
			 x5 __asm__("x5") = f;
	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return x0;
}

#elif defined __riscv

#define RUNNER_ENTRY "mv a0, sp\n andi sp, sp, -16\n tail runner_main\n"

static inline long sys6(long n, long a, long b, long c, long d, long e, long f)
{
	register long a7 __asm__("a7") = n, a0 __asm__("a0") = a, a1 __asm__("a1") = b,
			 a2 __asm__("a2") = c, a3 __asm__("a3") = d, a4 __asm__("a4") = e,
			 a5 __asm__("a5") = f;
	__asm__ volatile("ecall"
			 : "+r"(a0)
			 : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
			 : "memory");
	return a0;
}

#elif defined __arm__

#define RUNNER_ENTRY "mov fp, #0\n mov r0, sp\n bic sp, r0, #15\n bl runner_main\n"

/* r7 may be the frame pointer of Thumb code. */
static inline long sys6(long n, long a, long b, long c, long d, long e, long f)
{
	register long r0 __asm__("r0") = a, r1 __asm__("r1") = b, r2 __asm__("r2") = c,
			 r3 __asm__("r3") = d, r4 __asm__("r4") = e, r5 __asm__("r5") = f;
	__asm__ volatile("mov r8, r7\n mov r7, %1\n svc 0\n mov r7, r8"
			 : "+r"(r0)
			 : "r"(n), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
			 : "r8", "memory");
	return r0;
}

#elif defined __s390x__

#define RUNNER_ENTRY                                                                               \
	"lgr %r2, %r15\n lghi %r0, -16\n ngr %r15, %r0\n aghi %r15, -160\n"                        \
	"xc 0(8, %r15), 0(%r15)\n brasl %r14, runner_main\n"

static inline long sys6(long n, long a, long b, long c, long d, long e, long f)
{
	register long r1 __asm__("r1") = n, r2 __asm__("r2") = a, r3 __asm__("r3") = b,
			 r4 __asm__("r4") = c, r5 __asm__("r5") = d, r6 __asm__("r6") = e,
			 r7 __asm__("r7") = f;
	__asm__ volatile("svc 0"
			 : "+r"(r2)
			 : "r"(r1), "r"(r3), "r"(r4), "r"(r5), "r"(r6), "r"(r7)
			 : "memory");
	return r2;
}

#else
#error no runner for this architecture
#endif

#define SYS(n, a, b, c, d, e) sys6((n), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)
#ifndef SYS3
#define SYS3(n, a, b, c) SYS(n, a, b, c, 0, 0)
#endif

/* Where a 32-bit libc knows two of a call, the one with 32-bit times. */
#ifndef SYS_clock_gettime
#define SYS_clock_gettime SYS_clock_gettime32
#endif

/* The times of such calls. */
struct runner_time {
	long s, ns;
};

/* Maps memory; fd -1: anonymous. An address, or -errno. */
static inline long runner_map(long size, int prot, int flags, int fd, long offset)
{
#if defined __s390x__
	const long args[] = {0, size, prot, flags, fd, offset};
	return SYS3(SYS_mmap, args, 0, 0);
#elif defined SYS_mmap2
	return sys6(SYS_mmap2, 0, size, prot, flags, fd, offset / 4096);
#else
	return sys6(SYS_mmap, 0, size, prot, flags, fd, offset);
#endif
}

#endif
