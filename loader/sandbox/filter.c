/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The seccomp filter: a program of classic BPF that compares the number of a system call with one row of
 * needs.def after another. */
#include "sandbox_impl.h"

#include "call_numbers.h"

#include "elf/base/bpf_abi.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

enum { X32_BIT = 0x40000000 };

/* AUDIT_ARCH_* of the system call table that this program uses: e_machine, word size and byte order. */
#if defined __x86_64__ && defined __LP64__
#define OWN_TABLE (EM_X86_64 | AUDIT_64 | AUDIT_LITTLE)
#elif defined __aarch64__ && !defined __AARCH64EB__
#define OWN_TABLE (EM_AARCH64 | AUDIT_64 | AUDIT_LITTLE)
#elif defined __ARM_EABI__ && !defined __ARMEB__
#define OWN_TABLE (EM_ARM | AUDIT_LITTLE)
#elif defined __s390x__
#define OWN_TABLE (EM_S390 | AUDIT_64)
#elif defined __riscv && __riscv_xlen == 64
#define OWN_TABLE (EM_RISCV | AUDIT_64 | AUDIT_LITTLE)
#elif defined __i386__
#define OWN_TABLE (EM_386 | AUDIT_LITTLE)
#elif defined __powerpc64__ && defined __LITTLE_ENDIAN__
#define OWN_TABLE (EM_PPC64 | AUDIT_64 | AUDIT_LITTLE)
#elif defined __mips__ && _MIPS_SIM == _ABIO32 && defined __MIPSEL__
#define OWN_TABLE (EM_MIPS | AUDIT_LITTLE)
#else
#define OWN_TABLE 0
#endif

enum { SYSLOG_READ_ALL = 3 }; /* as needs.def names it */
#define SELF UINT32_MAX       /* stands for this thread's id */

static const struct call {
	int16_t number; /* -1: this architecture lacks it */
	uint32_t needs;
	uint8_t arg;
	uint32_t mask, value;
} calls[] = {
#define CALL(needs, name)                  {SYS_##name, needs, FILTER_NO_ARG, 0, 0},
#define ARG(needs, name, arg, mask, value) {SYS_##name, needs, arg, mask, value},
#include "needs.def"
#undef CALL
#undef ARG
};

size_t filter_make(struct filter_insn insns[static FILTER_MAX], unsigned needs)
{
	struct filter f = {insns, 0};
	uint32_t self = (uint32_t)syscall(SYS_gettid);
	if (!OWN_TABLE)
		return 0;
	filter_put(&f, FILTER_LOAD, 0, 0, SECCOMP_AT_ARCH);
	filter_put(&f, FILTER_EQUAL, 1, 0, OWN_TABLE);
	filter_put(&f, FILTER_RETURN, 0, 0, SECCOMP_KILL);
	filter_put(&f, FILTER_LOAD, 0, 0, SECCOMP_AT_NUMBER);
	if (OWN_TABLE == (EM_X86_64 | AUDIT_64 | AUDIT_LITTLE)) { /* x86-64: the table of x32 */
		filter_put(&f, FILTER_ANY_BIT, 0, 1, X32_BIT);
		filter_put(&f, FILTER_RETURN, 0, 0, SECCOMP_KILL);
	}
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		const struct call *c = &calls[i];
		if (c->number >= 0 && c->needs & (needs | NEED_SHOW))
			filter_put_call(&f, (uint32_t)c->number, c->arg, c->mask,
				c->value == SELF ? self : c->value, SECCOMP_ALLOW);
	}
	filter_put(&f, FILTER_RETURN, 0, 0, SECCOMP_TRAP);
	return f.n <= FILTER_MAX ? f.n : 0;
}
