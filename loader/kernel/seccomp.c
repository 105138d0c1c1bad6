/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "seccomp.h"

#include "elf/base/span.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	SET_MODE_FILTER = 1,
	FLAG_SPEC_ALLOW = 4,
	MODE_FILTER = 2, /* of prctl() */
};

void filter_put(struct filter *f, uint16_t code, uint8_t jt, uint8_t jf, uint32_t k)
{
	if (f->n < FILTER_MAX)
		f->insns[f->n] = (struct filter_insn){code, jt, jf, k};
	f->n++;
}

void filter_put_call(struct filter *f, uint32_t number, unsigned arg, uint32_t mask, uint32_t value,
	uint32_t action)
{
	if (arg == FILTER_NO_ARG) {
		filter_put(f, FILTER_EQUAL, 0, 1, number);
		filter_put(f, FILTER_RETURN, 0, 0, action);
		return;
	}
	filter_put(f, FILTER_EQUAL, 0, 5, number);
	filter_put(f, FILTER_LOAD, 0, 0, SECCOMP_AT_ARGS + 8u * arg + (host_is_big() ? 4 : 0));
	filter_put(f, FILTER_AND, 0, 0, mask);
	filter_put(f, FILTER_EQUAL, 0, 1, value);
	filter_put(f, FILTER_RETURN, 0, 0, action);
	filter_put(f, FILTER_LOAD, 0, 0, SECCOMP_AT_NUMBER);
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
