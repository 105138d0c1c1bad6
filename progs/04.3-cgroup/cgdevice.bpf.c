/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * cgdevice: devices opened by the processes of a cgroup, and one that they are denied. Based on
 * lesson 21.4.3 of the course, which mentions the hook.
 *
 *	sonde run build/progs/cgdevice.bpf.o --on cgdevice=CGROUP
 *	sonde run build/progs/cgdevice.bpf.o --on cgdevice=CGROUP --set major=10 --set minor=200
 *
 * Demonstrates how containers are denied access to the machine's disks. The numbers are those shown
 * by `ls -l /dev`: 1, 5 is /dev/zero and 10, 200 is /dev/net/tun. The hook applies to open(2) and
 * mknod(2); devices already open remain usable.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum { REFUSE, ALLOW };

const volatile __u32 major = 1, minor = 5;

enum kind { BLOCK = BPF_DEVCG_DEV_BLOCK, CHARACTER = BPF_DEVCG_DEV_CHAR };

struct device {
	enum kind kind;
	__u32 major;
	__u32 minor;
};

struct asked {
	__u64 times;
	__u64 refused; /* accesses denied */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct device);
	__type(value, struct asked);
} devices SEC(".maps");

SEC("cgroup/dev")
int cgdevice(struct bpf_cgroup_dev_ctx *ctx)
{
	struct device device = {
		.kind = ctx->access_type & 0xffff, .major = ctx->major, .minor = ctx->minor};
	struct asked none = {}, *asked = bpf_map_lookup_elem(&devices, &device);
	int verdict = device.major == major && device.minor == minor ? REFUSE : ALLOW;

	if (!asked) {
		bpf_map_update_elem(&devices, &device, &none, BPF_NOEXIST);
		asked = bpf_map_lookup_elem(&devices, &device);
		if (!asked)
			return verdict;
	}
	__sync_fetch_and_add(&asked->times, 1);
	__sync_fetch_and_add(&asked->refused, verdict == REFUSE);
	return verdict;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
