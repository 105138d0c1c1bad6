/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What restricts BPF on a machine, whatever errno or verifier message it causes. */
#include "kernel_error_impl.h"

#include "loader/kernel/process_status.h"
#include "loader/plan/abi.h"

#include <string.h>

bool explain_lockdown(const struct exec *x, enum kfs_lockdown at_least, struct err *e)
{
	enum kfs_lockdown level = kfs_lockdown(x->kfs);
	if (level < at_least)
		return false;
	if (at_least == LOCKDOWN_INTEGRITY)
		err_hint(e,
			"the kernel is locked down (lockdown=%s): programs cannot write the "
			"memory of processes",
			level == LOCKDOWN_INTEGRITY ? "integrity" : "confidentiality");
	else
		err_hint(e, "the kernel is locked down (lockdown=confidentiality): programs cannot "
			    "read its memory, nor attach kprobes");
	return true;
}

bool explain_helper_lockdown(const struct exec *x, unsigned helper, struct err *e)
{
	switch (helper) {
	case BPF_FUNC_probe_read:
	case BPF_FUNC_probe_read_str:
	case BPF_FUNC_probe_read_kernel:
	case BPF_FUNC_probe_read_kernel_str:
		return explain_lockdown(x, LOCKDOWN_CONFIDENTIALITY, e);
	case BPF_FUNC_probe_write_user:
		return explain_lockdown(x, LOCKDOWN_INTEGRITY, e);
	default:
		return false;
	}
}

bool explain_seccomp(const struct exec *x, struct err *e)
{
	uint64_t mode = 0;
	if (!process_status(x->kfs, "Seccomp:", 10, &mode) || !mode)
		return false;
	err_hint(e, "a seccomp filter is active (a container?): it must allow bpf(2) and "
		    "perf_event_open(2)");
	return true;
}

bool explain_jit(const struct exec *x, struct err *e)
{
	int64_t enabled;
	if (kfs_read_number(x->kfs, KFS_PROC, "sys/net/core/bpf_jit_enable", &enabled) || enabled)
		return false;
	err_hint(e, "it requires the JIT compiler, which is off: sysctl net.core.bpf_jit_enable=1");
	return true;
}
