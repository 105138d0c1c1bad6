/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Seccomp filters: programs of classic BPF that look at one system call (Linux 3.5). */
#ifndef SONDE_SECCOMP_H
#define SONDE_SECCOMP_H

#include "elf/base/machine_abi.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers of the kernel's seccomp.h, audit.h and filter.h. */
enum {
	FILTER_LOAD = 0x20,
	FILTER_AND = 0x54,
	FILTER_EQUAL = 0x15,
	FILTER_ANY_BIT = 0x45,
	FILTER_RETURN = 0x06,

	SECCOMP_AT_NUMBER = 0, /* in struct seccomp_data */
	SECCOMP_AT_ARCH = 4,
	SECCOMP_AT_ARGS = 16, /* 64 bits each */
};
#define SECCOMP_ALLOW UINT32_C(0x7fff0000)
#define SECCOMP_TRACE UINT32_C(0x7ff00000) /* stop for the tracer; ENOSYS without one */
#define SECCOMP_TRAP  UINT32_C(0x00030000)
#define SECCOMP_KILL  UINT32_C(0) /* the thread */

/* AUDIT_ARCH_* is the e_machine of a table of system calls and these bits. */
#define AUDIT_64     UINT32_C(0x80000000)
#define AUDIT_LITTLE UINT32_C(0x40000000)

/* An instruction of classic BPF (struct sock_filter). */
struct filter_insn {
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
};

enum { FILTER_MAX = 512 };

/* A program that is being written; n counts on beyond FILTER_MAX, which is an error. */
struct filter {
	struct filter_insn *insns; /* FILTER_MAX */
	size_t n;
};

void filter_put(struct filter *f, uint16_t code, uint8_t jt, uint8_t jf, uint32_t k);

/*
 * Returns `action` for the system call whose number is loaded, if the lower half of argument arg, ANDed
 * with mask, has that value; arg FILTER_NO_ARG: whatever its arguments are. The number is loaded
 * afterwards, too.
 */
enum { FILTER_NO_ARG = 6 };
void filter_put_call(struct filter *f, uint32_t number, unsigned arg, uint32_t mask, uint32_t value,
	uint32_t action);

/* Installs it for this thread, which needs no_new_privs or CAP_SYS_ADMIN. 0 or -errno. */
int filter_install(const struct filter_insn *insns, size_t n);

#endif
