/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "prog_run.h"

#include "elf/base/bpf_attr.h"

#include <stddef.h>

long prog_run(const struct sys_watch *w, int fd, struct prog_run *r)
{
	union bpf_attr attr = {0};
	bool ctx = r->ctx_n || r->ctx_out_n;
	attr.test.prog_fd = (uint32_t)fd;
	attr.test.data_in = r->n ? sys_ptr(r->data) : 0;
	attr.test.data_size_in = r->n;
	attr.test.data_out = r->out ? sys_ptr(r->out) : 0;
	attr.test.data_size_out = r->out ? r->out_n : 0;
	attr.test.repeat = r->repeat;
	attr.test.ctx_in = r->ctx_n ? sys_ptr(r->ctx) : 0;
	attr.test.ctx_size_in = r->ctx_n;
	attr.test.ctx_out = r->ctx_out ? sys_ptr(r->ctx_out) : 0;
	attr.test.ctx_size_out = r->ctx_out ? r->ctx_out_n : 0;
	long no = sys_bpf(w, BPF_PROG_TEST_RUN, &attr,
		ctx ? (unsigned)offsetof(union bpf_attr, test.flags)
		    : (unsigned)offsetof(union bpf_attr, test.ctx_size_in));
	r->retval = attr.test.retval;
	r->duration_ns = attr.test.duration;
	r->out_n = attr.test.data_size_out;
	r->ctx_out_n = attr.test.ctx_size_out;
	return no;
}
