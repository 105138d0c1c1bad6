/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Uses each macro of <bpf/bpf_core_read.h> once. Compiled (make check-progs), never loaded. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

struct sample___here {
	int whole;
	signed int signed_bits : 5;
	unsigned int few_bits : 3;
	unsigned long long many_bits : 40;
} __attribute__((preserve_access_index));

__u64 out[64];

SEC("raw_tp/sched_switch")
int reads(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct open_how *how = (void *)ctx->args[1];
	struct file *file;
	struct path path;
	char comm[16];
	__u32 tgid;

	out[0] = BPF_CORE_READ(task, pid);
	out[1] = BPF_CORE_READ(task, real_parent, cred, uid.val);
	out[2] = BPF_CORE_READ_STR_INTO(&comm, task, group_leader, comm) + comm[0];
	out[3] = BPF_CORE_READ_INTO(&tgid, task, parent, parent, parent, parent, parent, parent,
		parent, parent, parent, tgid);
	out[4] = tgid;
	file = BPF_CORE_READ(task, mm, exe_file);
	out[5] = (__u64)BPF_CORE_READ(file, f_path.dentry, d_name.name);
	out[6] = bpf_core_read(&path, sizeof(path), &file->f_path);
	out[7] = (__u64)path.dentry;
	out[8] = bpf_core_read_str(comm, sizeof(comm), &task->comm);
	out[9] = BPF_CORE_READ_USER(how, flags);
	out[10] = BPF_CORE_READ_USER_INTO(&out[11], how, mode);
	out[12] = bpf_core_read_user(&out[13], 8, &how->resolve);
	out[14] = bpf_core_read_user_str(comm, sizeof(comm), how);
	out[15] = BPF_CORE_READ_USER_STR_INTO(&comm, task, comm);
	out[16] = BPF_PROBE_READ(task, parent, tgid);
	out[17] = BPF_PROBE_READ_INTO(&tgid, task, tgid);
	out[18] = BPF_PROBE_READ_STR_INTO(&comm, task, comm);
	out[19] = BPF_PROBE_READ_USER(how, flags);
	out[20] = BPF_PROBE_READ_USER_INTO(&tgid, how, flags);
	out[21] = BPF_PROBE_READ_USER_STR_INTO(&comm, task, comm);
	return 0;
}

SEC("raw_tp/sched_switch")
int questions(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	out[0] = bpf_core_field_exists(task->__state);
	out[1] = bpf_core_field_exists(struct task_struct, comm);
	out[2] = bpf_core_field_size(task->comm);
	out[3] = bpf_core_field_offset(struct task_struct, pid);
	out[4] = bpf_core_type_exists(struct task_struct);
	out[5] = bpf_core_type_size(struct task_struct);
#if __clang_major__ >= 15
	out[6] = bpf_core_type_matches(struct qstr);
#endif
	out[7] = bpf_core_type_id_local(struct qstr);
	out[8] = bpf_core_type_id_kernel(struct qstr);
	out[9] = bpf_core_enum_value(enum bpf_map_type, BPF_MAP_TYPE_RINGBUF);
	out[10] = bpf_core_enum_value_exists(enum bpf_map_type, BPF_MAP_TYPE_ARENA);
	out[11] = offsetof(struct task_struct, comm);
	out[12] = (__u64)container_of(task, struct task_struct, comm);
	return 0;
}

SEC("tp_btf/sched_switch")
int bits(__u64 *ctx)
{
	struct sample___here *sample = (void *)ctx[0];
	struct task_struct *task = bpf_core_cast((void *)ctx[1], struct task_struct);

	out[0] = BPF_CORE_READ_BITFIELD_PROBED(sample, signed_bits);
	out[1] = BPF_CORE_READ_BITFIELD_PROBED(sample, many_bits);
	out[2] = BPF_CORE_READ_BITFIELD(sample, signed_bits);
	out[3] = BPF_CORE_READ_BITFIELD(sample, few_bits);
	BPF_CORE_WRITE_BITFIELD(sample, few_bits, 5);
	out[4] = task->pid;
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
