// SPDX-License-Identifier: GPL-2.0
/* A scheduler that gives up after its first tasks. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct task_struct;
struct sched_ext_ops {
	void (*enqueue)(struct task_struct *p, __u64 flags);
	__u32 timeout_ms;
	char name[128];
};
void scx_bpf_error_bstr(char *fmt, unsigned long long *data, __u32 size) __ksym __weak;

SEC("struct_ops/enqueue") int enqueue(void *ctx)
{
	static char why[] = "enough";
	unsigned long long none = 0;
	scx_bpf_error_bstr(why, &none, 0);
	return 0;
}

SEC(".struct_ops.link")
struct sched_ext_ops tiny = {
	.enqueue = (void *)enqueue,
	.timeout_ms = 5000,
	.name = "tiny",
};
