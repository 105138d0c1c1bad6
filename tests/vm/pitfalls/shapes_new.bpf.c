/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* As shapes.bpf.c, for the types of map that Linux 6.12 has. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define MAP(name, number, ...)                                                                     \
	struct {                                                                                   \
		__uint(type, number);                                                              \
		__VA_ARGS__                                                                        \
	} name SEC(".maps")

enum { INODE_STORAGE = 28, TASK_STORAGE, BLOOM_FILTER, USER_RINGBUF, CGRP_STORAGE, ARENA };

MAP(s_task, TASK_STORAGE, __type(key, int); __type(value, __u64););
MAP(s_cgrp, CGRP_STORAGE, __type(key, int); __type(value, __u64););
MAP(s_bloom, BLOOM_FILTER, __uint(max_entries, 10); __type(value, __u64););
MAP(s_user_ring, USER_RINGBUF, __uint(max_entries, 100););
MAP(s_arena, ARENA, __uint(max_entries, 4););

char LICENSE[] SEC("license") = "GPL";
