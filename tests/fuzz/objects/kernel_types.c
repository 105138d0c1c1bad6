/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The types of a kernel for fuzz_object, which differ from those that objects expect: clang writes them as
 * BTF (make-seeds). */
#define KEEP __attribute__((used))

typedef unsigned int u32;
typedef unsigned long long u64;
struct list {
	struct list *next, *prev;
};
struct sock;

enum color { RED = 3, GREEN, BLUE = 9 };
enum wide { SMALL = 1, LARGE = 0x123456789aULL };

/* Members that have moved, have another size, or are gone. */
struct task_struct {
	struct list tasks;
	long state;
	int tgid, pid;
	struct task_struct *real_parent;
	union {
		u32 flags;
		u64 wide_flags;
	};
	char comm[32];
	unsigned low : 3, high : 9;
};
struct twice {
	int a, b;
};
struct twice___other {
	int b;
};
struct mover {
	u64 first;
	struct {
		int x[4];
		u32 y;
	} in;
	enum color c;
	int late;
	int (*call)(int, void *);
};
struct gone_member {
	int left;
};
struct exact {
	int a;
	struct mover *b;
};
union choice {
	int a;
	u64 b;
};
typedef struct mover mover_t;

/* struct_ops: another order, a member more and one less, in a value. */
struct tcp_congestion_ops {
	char name[16];
	u32 (*undo_cwnd)(struct sock *sk);
	u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked);
	u32 flags;
};
struct bpf_struct_ops_common_value {
	int refcnt, state;
};
struct bpf_struct_ops_tcp_congestion_ops {
	struct bpf_struct_ops_common_value common;
	struct tcp_congestion_ops data __attribute__((aligned(64)));
};
struct sched_ext_ops {
	void (*enqueue)(struct task_struct *p, u64 flags);
	u32 timeout_ms;
	char name[128];
};
struct bpf_struct_ops_sched_ext_ops {
	struct bpf_struct_ops_common_value common;
	struct sched_ext_ops data __attribute__((aligned(64)));
};
struct ops {
	int (*stop)(void);
	char name[8];
	long number;
	int (*start)(void);
	int *data;
	unsigned bit : 3;
};
struct bpf_struct_ops_ops {
	struct bpf_struct_ops_common_value common;
	struct ops data;
};

typedef int (*btf_trace_sched_switch)(void *, int, struct task_struct *);
typedef int (*btf_trace_x)(void *, int);

KEEP struct task_struct *task;
KEEP struct twice *twice;
KEEP struct twice___other *other;
KEEP struct exact *exact;
KEEP struct gone_member *gone;
KEEP union choice *choice;
KEEP mover_t *mover;
KEEP enum wide wide;
KEEP struct bpf_struct_ops_tcp_congestion_ops *tcp;
KEEP struct bpf_struct_ops_sched_ext_ops *ext;
KEEP struct bpf_struct_ops_ops *ops;
KEEP btf_trace_sched_switch on_switch;
KEEP btf_trace_x on_x;

#define FUNCTION(name)                                                                             \
	__attribute__((noinline)) int name(struct task_struct *p, u64 x)                           \
	{                                                                                          \
		return p->pid + (int)x;                                                            \
	}
FUNCTION(tcp_register_congestion_control)
FUNCTION(tcp_sendmsg)
FUNCTION(vfs_read)
FUNCTION(do_unlinkat)
FUNCTION(bpf_lsm_file_open)
FUNCTION(bpf_lsm_socket_bind)
FUNCTION(bpf_iter_task)
FUNCTION(bpf_iter_bpf_map_elem)
FUNCTION(__x64_sys_read)
FUNCTION(scx_bpf_error_bstr)
__attribute__((noinline)) struct task_struct *bpf_task_acquire(struct task_struct *p)
{
	return p;
}
__attribute__((noinline)) void bpf_task_release(struct task_struct *p)
{
	p->pid = 0;
}
