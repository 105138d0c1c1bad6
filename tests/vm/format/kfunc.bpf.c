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

/* Kfuncs with an implicit argument: declared as by 6.17 (5 arguments), by 6.18 (_impl) and by 7.0. */
struct piece {
	int n;
};
extern void *bpf_obj_new(__u64 id) __ksym;
extern void bpf_obj_drop(void *piece) __ksym;
extern void *bpf_obj_new_impl(__u64 id, void *meta) __ksym;
extern void bpf_obj_drop_impl(void *piece, void *meta) __ksym;
extern int bpf_stream_vprintk___old(
	int stream, const char *fmt, const void *args, __u32 size, void *aux) __ksym;
extern int bpf_stream_vprintk_impl(
	int stream, const char *fmt, const void *args, __u32 size, void *aux) __ksym;

#define PIECE __builtin_btf_type_id(*(struct piece *)0, 0)

SEC("?tc") int new (void *ctx)
{
	struct piece *p = bpf_obj_new(PIECE);
	if (p)
		bpf_obj_drop(p);
	return 0;
}

SEC("?tc") int new_impl(void *ctx)
{
	struct piece *p = bpf_obj_new_impl(PIECE, 0);
	if (p)
		bpf_obj_drop_impl(p, 0);
	return 0;
}

SEC("?syscall") int stream(void *ctx)
{
	return bpf_stream_printk(1, "number %d\n", 42);
}

static const char plain[] = "text\n";

SEC("?syscall") int stream_old(void *ctx)
{
	__u64 none[1] = {0};
	return bpf_stream_vprintk___old(1, plain, none, 0, 0);
}

SEC("?syscall") int stream_impl(void *ctx)
{
	__u64 none[1] = {0};
	return bpf_stream_vprintk_impl(1, plain, none, 0, 0);
}

/* A loop without an end, which the kernel leaves after a quarter of a second (may_goto, timed since 6.15 on
 * x86-64): if (may_goto) goto +1; goto -2. */
SEC("?syscall") int endless(void *ctx)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	asm volatile(".byte 0xe5, 0, 1, 0, 0, 0, 0, 0\n\t.byte 5, 0, 0xfe, 0xff, 0, 0, 0, 0");
#endif
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
