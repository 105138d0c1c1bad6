/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * More programs that the verifier rejects, for rows of loader/explain/verifier_hints.def that need the
 * types of the kernel: kfuncs, tracing programs. guest.sh has the name, the expected hint and the first
 * kernel of each.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern void bpf_preempt_disable(void) __ksym;
extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern int bpf_copy_from_user_str(void *to, __u32 size, const void *from, __u64 flags) __ksym;
extern void schedule(void) __ksym;

#define HOOK SEC("?tp_btf/sched_switch")

/* May sleep. */
#define SLEEPER SEC("?iter.s/task")

HOOK int kept_rcu(void *ctx)
{
	bpf_rcu_read_lock();
	return 0;
}

HOOK int kept_preempt(void *ctx)
{
	bpf_preempt_disable();
	return 0;
}

HOOK int kept_irq(void *ctx)
{
	unsigned long flags;

	bpf_local_irq_save(&flags);
	return 0;
}

SLEEPER int helper_in_region(void *ctx)
{
	char byte;

	bpf_rcu_read_lock();
	bpf_copy_from_user(&byte, 1, ctx);
	bpf_rcu_read_unlock();
	return 0;
}

SLEEPER int kfunc_in_region(void *ctx)
{
	char byte;

	bpf_rcu_read_lock();
	bpf_copy_from_user_str(&byte, 1, ctx, 0);
	bpf_rcu_read_unlock();
	return 0;
}

HOOK int helper_sleeps(void *ctx)
{
	char byte;

	bpf_copy_from_user(&byte, 1, ctx);
	return 0;
}

HOOK int kfunc_sleeps(void *ctx)
{
	char byte;

	bpf_copy_from_user_str(&byte, 1, ctx, 0);
	return 0;
}

SEC("?fentry.s/tcp_sendmsg") int not_sleepable(void *ctx)
{
	return 0;
}

SEC("?fentry/tcp_sendmsg") int helper_elsewhere(void *ctx)
{
	char path[8];

	bpf_d_path(ctx, path, sizeof(path));
	return 0;
}

/* With the JIT off, or with another license. */
HOOK int kfunc_called(void *ctx)
{
	schedule();
	return 0;
}

#ifndef TERMS
#define TERMS "GPL"
#endif
char LICENSE[] SEC("license") = TERMS;
