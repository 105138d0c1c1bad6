/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A map of each type that Linux 5.10 has, with as little as its type requires: the table of
 * loader/planner/planner_shapes.c fills in the rest.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define KIND(kind) __uint(type, BPF_MAP_TYPE_##kind)

struct prefix {
	__u32 length;
	__u8 bytes[4];
};

struct record {
	__u64 a, b;
};

#define MAP(name, kind, ...)                                                                       \
	struct {                                                                                   \
		KIND(kind);                                                                        \
		__VA_ARGS__                                                                        \
	} name SEC(".maps")

#define ENTRIES  __uint(max_entries, 2);
#define KEY(k)   __type(key, k);
#define VALUE(v) __type(value, v);

MAP(s_hash, HASH, ENTRIES KEY(__u32) VALUE(__u64));
MAP(s_percpu_hash, PERCPU_HASH, ENTRIES KEY(__u32) VALUE(__u64));
MAP(s_lru_hash, LRU_HASH, ENTRIES KEY(__u32) VALUE(__u64));
MAP(s_lru_percpu, LRU_PERCPU_HASH, ENTRIES KEY(__u32) VALUE(__u64));
MAP(s_array, ARRAY, ENTRIES VALUE(__u64));
MAP(s_percpu_array, PERCPU_ARRAY, ENTRIES VALUE(__u64));
MAP(s_prog_array, PROG_ARRAY, ENTRIES);
MAP(s_perf, PERF_EVENT_ARRAY, VALUE(struct record));
MAP(s_stacks, STACK_TRACE, __uint(max_entries, 16););
MAP(s_cgroups, CGROUP_ARRAY, ENTRIES);
MAP(s_prefixes, LPM_TRIE, ENTRIES KEY(struct prefix) VALUE(__u64));
MAP(s_devices, DEVMAP, ENTRIES);
MAP(s_device_hash, DEVMAP_HASH, ENTRIES);
MAP(s_sockets, SOCKMAP, ENTRIES);
MAP(s_socket_hash, SOCKHASH, ENTRIES KEY(__u64));
MAP(s_cpus, CPUMAP, __uint(max_entries, 1););
MAP(s_queue, QUEUE, ENTRIES VALUE(__u64));
MAP(s_stack, STACK, ENTRIES KEY(__u32) VALUE(__u64));
MAP(s_sk_storage, SK_STORAGE, KEY(int) VALUE(__u64));
MAP(s_ring, RINGBUF, VALUE(struct record));
MAP(s_reuseport, REUSEPORT_SOCKARRAY, ENTRIES);
MAP(s_cgroup, CGROUP_STORAGE, ENTRIES KEY(__u64) VALUE(__u64));

char LICENSE[] SEC("license") = "GPL";
