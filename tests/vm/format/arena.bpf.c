/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Variables inside and outside of an arena (6.9). Requires clang 19. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#define __arena __attribute__((address_space(1)))

struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(map_flags, 1 << 10); /* BPF_F_MMAPABLE */
	__uint(max_entries, 100);
} arena SEC(".maps");

int __arena first = 42;
long __arena table[600] = {[599] = 599};
int __arena zero;
int outside = 7;

SEC("tp/syscalls/sys_enter_execve") int look(void *ctx)
{
	if ((__u32)bpf_get_current_uid_gid() != 12345)
		return 0;
	/* The program must refer to the map. */
	asm volatile("" ::"r"(&arena));
	bpf_printk("first %d last %ld zero %d", first++, table[599], zero++);
	bpf_printk("outside %d", outside++);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
