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

#elif defined __i386__

#define RUNNER_ENTRY                                                                               \
	"xor %ebp, %ebp\n mov %esp, %eax\n and $-16, %esp\n sub $12, %esp\n push %eax\n"           \
	"call runner_main\n hlt\n"

/* ebx may be the address of the GOT, and ebp the frame pointer. */
static inline long sys6(long n, long a, long b, long c, long d, long e, long f)
{
	const long others[] = {n, a, f};
	long result = (long)others;
	__asm__ volatile("push %%ebx\n push %%ebp\n mov 4(%%eax), %%ebx\n mov 8(%%eax), %%ebp\n"
			 "mov (%%eax), %%eax\n int $0x80\n pop %%ebp\n pop %%ebx"
			 : "+a"(result)
			 : "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory");
	return result;
}

#elif defined __powerpc64__ && _CALL_ELF == 2

/* r2 is .TOC., from which code and constants are found. */
#define RUNNER_ENTRY                                                                               \
	"bl 1f\n1: mflr 2\n addis 2, 2, (.TOC.-1b)@ha\n addi 2, 2, (.TOC.-1b)@l\n mr 3, 1\n"       \
	"clrrdi 1, 1, 4\n li 0, 0\n stdu 0, -32(1)\n mtlr 0\n bl runner_main\n trap\n"

/* On errors, the summary overflow bit of cr0 is set, and r3 is an errno. */
static inline long sys6(long n, long a, long b, long c, long d, long e, long f)
{
	register long r0 __asm__("r0") = n, r3 __asm__("r3") = a, r4 __asm__("r4") = b,
			 r5 __asm__("r5") = c, r6 __asm__("r6") = d, r7 __asm__("r7") = e,
			 r8 __asm__("r8") = f;
	__asm__ volatile("sc\n bns+ 1f\n neg %1, %1\n1:"
			 : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7), "+r"(r8)
			 :
			 : "memory", "cr0", "ctr", "xer", "r9", "r10", "r11", "r12");
	return r3;
}

#elif defined __mips__ && _MIPS_SIM == _ABIO32

#define RUNNER_ENTRY                                                                               \
	".set push\n .set noreorder\n move $fp, $0\n move $a0, $sp\n li $t0, -16\n"                \
	"and $sp, $sp, $t0\n jal runner_main\n addiu $sp, $sp, -16\n .set pop\n"

/* Arguments 5 and 6 are on the stack. On errors, a3 is not 0, and v0 is an errno. */
static inline long sys6(long n, long a, long b, long c, long d, long e, long f)
{
	register long v0 __asm__("$2") = n, a0 __asm__("$4") = a, a1 __asm__("$5") = b,
			 a2 __asm__("$6") = c, a3 __asm__("$7") = d, t0 __asm__("$8") = e,
			 t1 __asm__("$9") = f;
	__asm__ volatile("addiu $sp, $sp, -32\n sw %5, 16($sp)\n sw %6, 20($sp)\n syscall\n"
			 "addiu $sp, $sp, 32"
			 : "+r"(v0), "+r"(a3)
			 : "r"(a0), "r"(a1), "r"(a2), "r"(t0), "r"(t1)
			 : "memory", "$1", "$3", "$10", "$11", "$12", "$13", "$14", "$15", "$24",
			 "$25", "hi", "lo");
	return a3 ? -v0 : v0;
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
