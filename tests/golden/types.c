/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The kernel types that our programs and the course's refer to, and the functions that they attach
 * to. tests/golden/make compiles this for each machine, and gcc emits BTF with the machine's byte
 * order and pointer size. Names and types are those of Linux. Members have offsets that no kernel
 * uses, so that a plan shows whether they were relocated.
 */
#include <stddef.h>

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;

struct trace_entry {
	u16 type;
	u8 flags, preempt_count;
	int pid;
	int more; /* exists in kernels with PREEMPT_RT */
};

struct trace_event_raw_sys_enter {
	struct trace_entry ent;
	long id;
	unsigned long args[6];
	char __data[];
};

struct trace_event_raw_sys_exit {
	struct trace_entry ent;
	long id, ret;
	char __data[];
};

#if defined(__x86_64__)
struct pt_regs {
	long before;
	unsigned long r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di;
	unsigned long orig_ax, ip, cs, flags, sp, ss;
};
#elif defined(__s390x__)
struct psw_t {
	unsigned long mask, addr;
};
struct pt_regs {
	unsigned long args[1];
	struct psw_t psw;
	unsigned long gprs[16];
};
#else
struct pt_regs {
	unsigned long uregs[18];
};
#endif

struct xdp_md {
	u32 data, data_end, data_meta;
};

struct ethhdr {
	u8 h_dest[6], h_source[6];
	u16 h_proto;
};

struct iphdr {
	u8 ihl : 4, version : 4, tos;
	u16 tot_len, id, frag_off;
	u8 ttl, protocol;
	u16 check;
	u32 saddr, daddr;
};

struct tcphdr {
	u16 source, dest;
	u32 seq, ack_seq;
	u16 res1 : 4, doff : 4, fin : 1, syn : 1, rst : 1, psh : 1, ack : 1, urg : 1, ece : 1,
		cwr : 1;
	u16 window, check, urg_ptr;
};

struct qstr {
	unsigned long hash_len;
	const u8 *name;
};

struct dentry {
	long before[3];
	struct qstr d_name;
};

struct path {
	void *mnt;
	struct dentry *dentry;
};

struct file {
	long before[9];
	struct path f_path;
};

struct sock;
struct msghdr;

int tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t size)
{
	return sk && msg && size;
}

int bpf_lsm_file_open(struct file *file)
{
	return !file;
}

/* Unreferenced types are not emitted. */
struct trace_event_raw_sys_enter *enter;
struct trace_event_raw_sys_exit *leave;
struct pt_regs *regs;
struct xdp_md *xdp;
struct ethhdr *eth;
struct iphdr *ip;
struct tcphdr *tcp;
