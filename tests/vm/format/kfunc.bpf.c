/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Kfuncs (6.2): a weak one called after a check, the same called without a check, which loads only
 * on kernels that have it, and a strong one that no kernel has. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

extern void bpf_rcu_read_lock(void) __ksym __weak;
extern void bpf_rcu_read_unlock(void) __ksym __weak;

SEC("?tp_btf/sched_process_exec") int asks(void *ctx)
{
	if ((__u32)bpf_get_current_uid_gid() != 12345)
		return 0;
	if (bpf_ksym_exists(bpf_rcu_read_lock)) {
		bpf_rcu_read_lock();
		bpf_rcu_read_unlock();
		bpf_printk("kfunc here");
	} else {
		bpf_printk("kfunc missing");
	}
	return 0;
}

SEC("?tp_btf/sched_process_exec") int trusts(void *ctx)
{
	bpf_rcu_read_lock();
	bpf_rcu_read_unlock();
	return 0;
}

extern int sonde_no_such_kfunc(int x) __ksym;

SEC("?tp_btf/sched_process_exec") int wants(void *ctx)
{
	return sonde_no_such_kfunc(1);
}

char LICENSE[] SEC("license") = "GPL";
