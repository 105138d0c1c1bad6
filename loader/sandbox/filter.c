/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The seccomp filter: a program of classic BPF that compares the number of a system call with one row of
 * needs.def after another. */
#include "sandbox_impl.h"

#include "call_numbers.h"

#include "elf/base/bpf_abi.h"
#include "elf/base/machine_abi.h"
#include "elf/base/span.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Numbers of the kernel's seccomp.h, audit.h and filter.h. */
enum {
	LOAD_WORD = 0x20,
	AND = 0x54,
	JUMP_EQUAL = 0x15,
	JUMP_ANY_BIT = 0x45,
	RETURN = 0x06,

	AT_NUMBER = 0, /* in struct seccomp_data */
	AT_ARCH = 4,
	AT_ARGS = 16, /* 64 bits each */

	SET_MODE_FILTER = 1,
	FLAG_SPEC_ALLOW = 4,
	MODE_FILTER = 2, /* of prctl() */
	X32_BIT = 0x40000000,
};
#define RETURN_ALLOW UINT32_C(0x7fff0000)
#define RETURN_TRAP  UINT32_C(0x00030000)
#define RETURN_KILL  UINT32_C(0) /* the thread, which is the process: it has only one */
#define AUDIT_64     UINT32_C(0x80000000)
#define AUDIT_LITTLE UINT32_C(0x40000000)

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
#else
#define OWN_TABLE 0
#endif

/* As needs.def names them. */
enum {
	TCGETS = 0x5401,
	TIOCGWINSZ = 0x5413,
	SYSLOG_READ_ALL = 3,
	NO_ARG = 6,
};
#define SELF UINT32_MAX /* stands for this thread's id */

static const struct call {
	int16_t number; /* -1: this architecture lacks it */
	uint16_t needs;
	uint8_t arg;
	uint32_t mask, value;
} calls[] = {
#define CALL(needs, name)                  {SYS_##name, needs, NO_ARG, 0, 0},
#define ARG(needs, name, arg, mask, value) {SYS_##name, needs, arg, mask, value},
#include "needs.def"
#undef CALL
#undef ARG
};

/* A program that is being written. */
struct filter {
	struct filter_insn *insns;
	size_t n;
};

static void put(struct filter *f, uint16_t code, uint8_t jt, uint8_t jf, uint32_t k)
{
	if (f->n < FILTER_MAX)
		f->insns[f->n] = (struct filter_insn){code, jt, jf, k};
	f->n++;
}

/* Allows a call. The number is loaded, also afterwards. */
static void put_call(struct filter *f, const struct call *c)
{
	uint32_t value = c->value == SELF ? (uint32_t)syscall(SYS_gettid) : c->value;
	if (c->arg == NO_ARG) {
		put(f, JUMP_EQUAL, 0, 1, (uint32_t)c->number);
		put(f, RETURN, 0, 0, RETURN_ALLOW);
		return;
	}
	put(f, JUMP_EQUAL, 0, 5, (uint32_t)c->number);
	put(f, LOAD_WORD, 0, 0, AT_ARGS + 8u * c->arg + (host_is_big() ? 4 : 0));
	put(f, AND, 0, 0, c->mask);
	put(f, JUMP_EQUAL, 0, 1, value);
	put(f, RETURN, 0, 0, RETURN_ALLOW);
	put(f, LOAD_WORD, 0, 0, AT_NUMBER);
}

size_t filter_make(struct filter_insn insns[static FILTER_MAX], unsigned needs)
{
	struct filter f = {insns, 0};
	if (!OWN_TABLE)
		return 0;
	put(&f, LOAD_WORD, 0, 0, AT_ARCH);
	put(&f, JUMP_EQUAL, 1, 0, OWN_TABLE);
	put(&f, RETURN, 0, 0, RETURN_KILL);
	put(&f, LOAD_WORD, 0, 0, AT_NUMBER);
	if (OWN_TABLE == (EM_X86_64 | AUDIT_64 | AUDIT_LITTLE)) { /* x86-64: the table of x32 */
		put(&f, JUMP_ANY_BIT, 0, 1, X32_BIT);
		put(&f, RETURN, 0, 0, RETURN_KILL);
	}
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (calls[i].number >= 0 && calls[i].needs & (needs | NEED_SHOW))
			put_call(&f, &calls[i]);
	put(&f, RETURN, 0, 0, RETURN_TRAP);
	return f.n <= FILTER_MAX ? f.n : 0;
}

/* Without FLAG_SPEC_ALLOW (4.17), kernels before 5.16 also slow the process down against speculative
 * reads of its own memory, which holds no secrets. */
int filter_install(const struct filter_insn *insns, size_t n)
{
	const struct {
		uint16_t n;
		const struct filter_insn *insns;
	} program = {(uint16_t)n, insns};
	if (!syscall(SYS_seccomp, SET_MODE_FILTER, FLAG_SPEC_ALLOW, &program))
		return 0;
	if (errno == EINVAL || errno == ENOSYS)
		return prctl(PR_SET_SECCOMP, MODE_FILTER, &program, 0, 0) ? -errno : 0;
	return -errno;
}
