/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Every kind of CO-RE relocation, most of which find something else in kernel_types.c; struct_ops whose
 * members differ there; externs of every kind. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";
#define CORE __attribute__((preserve_access_index))

enum color { RED, GREEN, BLUE, NO_COLOR };
enum wide { SMALL, LARGE = 0x23456789aULL };
struct task_struct {
	int pid;
	int tgid;
	char comm[16];
	struct task_struct *real_parent;
	unsigned low : 3, high : 9;
	int nothing;
} CORE;
struct task_struct___v2 {
	long state;
} CORE;
struct mover {
	int first;
	struct {
		int x[4];
		__u32 y;
	} in;
	int late;
} CORE;
struct gone_member {
	int left;
	int right;
} CORE;
struct gone {
	int a;
} CORE;
struct twice {
	int b;
} CORE;
struct exact {
	int a;
	struct mover *b;
} CORE;
union choice {
	int a;
	__u64 b;
} CORE;
typedef struct mover mover_t;

extern int LINUX_KERNEL_VERSION __kconfig;
extern int CONFIG_HZ __kconfig __weak;
extern char CONFIG_CC_VERSION_TEXT[32] __kconfig __weak;
extern _Bool CONFIG_BPF __kconfig __weak;
extern const void vfs_read __ksym __weak;
extern const void nothing_like_it __ksym __weak;
extern const int runqueues __ksym __weak;
struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
void bpf_task_release(struct task_struct *p) __ksym __weak;
int no_such_kfunc(int) __ksym __weak;

long out[40];
#define PUT(i, x) out[i] = (long)(x)

SEC("raw_tp/sched_switch") int fields(unsigned long long *ctx)
{
	struct task_struct *p = (void *)ctx[1];
	struct mover *m = (void *)ctx[2];
	struct task_struct___v2 *v = (void *)p;
	PUT(0, BPF_CORE_READ(p, pid));
	PUT(1, BPF_CORE_READ(p, real_parent, tgid));
	PUT(2, BPF_CORE_READ_BITFIELD_PROBED(p, high));
	PUT(3, bpf_core_field_exists(p->nothing));
	PUT(4, bpf_core_field_size(p->comm));
	PUT(5, bpf_core_field_offset(p->comm));
	PUT(6, BPF_CORE_READ(m, in.x[2]));
	PUT(7, BPF_CORE_READ(m, late));
	PUT(9, bpf_core_field_exists(v->state));
	if (bpf_core_field_exists(struct gone_member, right))
		PUT(10, BPF_CORE_READ((struct gone_member *)p, right));
	PUT(11, BPF_CORE_READ((union choice *)p, b));
	PUT(12, BPF_CORE_READ((struct exact *)p, b, first));
	return 0;
}

SEC("raw_tp/x") int types(unsigned long long *ctx)
{
	PUT(20, bpf_core_type_exists(struct task_struct));
	PUT(21, bpf_core_type_exists(struct gone));
	PUT(22, bpf_core_type_size(struct mover));
	PUT(23, bpf_core_type_id_local(struct mover));
	PUT(24, bpf_core_type_id_kernel(mover_t));
#if __clang_major__ >= 16
	PUT(30, bpf_core_enum_value(enum wide, LARGE));
	PUT(25, bpf_core_type_matches(struct mover));
	PUT(26, bpf_core_type_matches(struct exact));
	PUT(27, bpf_core_type_matches(union choice));
	PUT(31, bpf_core_type_matches(enum color));
#endif
	PUT(28, bpf_core_enum_value_exists(enum color, NO_COLOR));
	PUT(29, bpf_core_enum_value(enum color, BLUE));
	PUT(32, bpf_core_type_exists(mover_t));
	return 0;
}

SEC("?raw_tp/x") int beyond(unsigned long long *ctx)
{
	return bpf_core_field_exists(((struct mover *)ctx)->in.x[7]);
}

SEC("?raw_tp/x") int missing(unsigned long long *ctx)
{
	PUT(33, BPF_CORE_READ((struct task_struct *)ctx, nothing));
	PUT(34, bpf_core_enum_value(enum color, NO_COLOR));
	PUT(35, bpf_core_type_size(struct gone));
	PUT(36, BPF_CORE_READ((struct twice *)ctx, b));
	return 0;
}

SEC("tp_btf/sched_switch") int externs(unsigned long long *ctx)
{
	struct task_struct *p = bpf_task_acquire((void *)ctx[1]);
	PUT(36, LINUX_KERNEL_VERSION + CONFIG_HZ + CONFIG_BPF +
			CONFIG_CC_VERSION_TEXT[ctx[0] & 31]);
	PUT(37, &vfs_read);
	PUT(38, &nothing_like_it);
	PUT(39, runqueues);
	if (p && bpf_task_release)
		bpf_task_release(p);
	return no_such_kfunc ? no_such_kfunc(1) : 0;
}
SEC("fentry/vfs_read") int enter(void *ctx)
{
	return 0;
}
SEC("?fexit/no_such_function") int leave(void *ctx)
{
	return 0;
}
SEC("lsm/file_open") int opens(void *ctx)
{
	return 0;
}
SEC("iter/task") int tasks(void *ctx)
{
	return 0;
}

struct ops {
	long number;
	int (*start)(void);
	int (*stop)(void);
	char name[8];
	int *data;
	unsigned bit : 3;
};
SEC("struct_ops/start") int go(unsigned long long *c)
{
	return 1;
}
SEC("struct_ops.s/stop") int halt(unsigned long long *c)
{
	return 2;
}
SEC(".struct_ops.link")
struct ops mine = {
	.number = 17, .start = (void *)go, .stop = (void *)halt, .name = "sonde", .bit = BIT};
SEC("?.struct_ops") struct ops again = {.number = 3, .start = (void *)go, .data = (int *)DATA};
struct gone_ops {
	int (*start)(void);
};
#if GONE
SEC(".struct_ops") struct gone_ops theirs = {.start = (void *)go};
#endif
