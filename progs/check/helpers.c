/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Uses the macros of <bpf/bpf_helpers.h> and <bpf/bpf_endian.h> (make check-progs). */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/sonde_event.h>

__u64 out[32];

SEC("tp/x/y")
int print(void *ctx)
{
	char text[64];

	bpf_printk("none");
	bpf_printk("one %d", 1);
	bpf_printk("three %d %d %d", 1, 2, 3);
	bpf_printk("four %d %d %d %d", 1, 2, 3, 4);
	bpf_printk("twelve %d %s %d %d %d %d %d %d %d %d %d %p", 1, text, 3, 4, 5, 6, 7, 8, 9, 10,
		11, ctx);
	BPF_SNPRINTF(text, sizeof(text), "%d-%s", 1, "x");
	BPF_SNPRINTF(text, sizeof(text), "no argument");
	bpf_stream_printk(1, "to stdout: %d\n", 1);
	return 0;
}

SEC("iter/task")
int list(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = ctx->meta->seq;

	if (!ctx->task)
		return 0;
	BPF_SEQ_PRINTF(seq, "%d %s\n", ctx->task->pid, ctx->task->comm);
	BPF_SEQ_PRINTF(seq, "no argument\n");
	return 0;
}

struct bpf_iter_bits {
	__u64 state[2];
};

extern int bpf_iter_bits_new(struct bpf_iter_bits *it, const __u64 *mem, __u32 words) __ksym __weak;
extern int *bpf_iter_bits_next(struct bpf_iter_bits *it) __ksym __weak;
extern void bpf_iter_bits_destroy(struct bpf_iter_bits *it) __ksym __weak;

SEC("tp/x/y")
int loops(void *ctx)
{
	int i, *bit;

	bpf_for(i, 0, 10)
	{
		bpf_repeat(3) out[1]++;
		out[i & 31] += bpf_htons(i);
	}
	bpf_for_each(bits, bit, &out[0], 1) out[*bit & 31]++;
	return 0;
}

SEC("tp/x/y")
int swaps(void *ctx)
{
	__u64 v = out[0];

	out[1] = bpf_htons(v) + bpf_ntohs(v) + bpf_htonl(v) + bpf_ntohl(v);
	out[2] = bpf_cpu_to_be64(v) + bpf_be64_to_cpu(v);
	out[3] = bpf_cpu_to_le16(v) + bpf_cpu_to_le32(v) + bpf_cpu_to_le64(v);
	out[4] = bpf_le16_to_cpu(v) + bpf_le32_to_cpu(v) + bpf_le64_to_cpu(v);
	_Static_assert(
		bpf_htonl(0x01020304) ==
			(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 0x04030201 : 0x01020304),
		"constants are swapped by the compiler");
	return 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 4);
	__uint(key_size, 4);
	__uint(value_size, 4);
	__array(values, int(void *));
} jumps SEC(".maps") = {.values = {[1] = (void *)&swaps}};

SEC("tp/x/y")
int jump(void *ctx)
{
	bpf_tail_call_static(ctx, &jumps, 1);
	return 0;
}

struct holder {
	struct task_struct __kptr *task;
	struct task_struct __kptr_untrusted *loose;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
	__type(key, int);
	__type(value, struct holder);
} holders SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 10);
	__ulong(map_extra, 1ull << 44);
} arena SEC(".maps");

struct event {
	int value;
};
SONDE_EVENT(events, struct event);

extern int LINUX_KERNEL_VERSION __kconfig;
extern enum libbpf_tristate CONFIG_BPF_SYSCALL __kconfig __weak;
extern void bpf_task_release(struct task_struct *task) __ksym __weak;

__weak __noinline int global_function(void *ctx __arg_ctx, int *value __arg_nonnull)
{
	barrier();
	barrier_var(ctx);
	return *value;
}

__hidden int hidden_function(int value)
{
	return value + 1;
}

SEC("tp/x/y")
int externs(void *ctx)
{
	int value = hidden_function(1);

	return LINUX_KERNEL_VERSION > KERNEL_VERSION(5, 10, 0) && CONFIG_BPF_SYSCALL == TRI_YES &&
	       bpf_ksym_exists(bpf_task_release) && global_function(ctx, &value);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
