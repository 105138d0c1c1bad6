/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * cgdevice: which devices the processes of a control group open, and one that they may not. After
 * the course's lesson 21.4.3, which names the hook.
 *
 *	sonde run build/progs/cgdevice.bpf.o --on cgdevice=GROUP
 *	sonde run build/progs/cgdevice.bpf.o --on cgdevice=GROUP --set major=10 --set minor=200
 *
 * Learned here: this is how containers are kept from the disks of the machine. The numbers are
 * those that `ls -l /dev` shows: 1, 5 is /dev/zero, 10, 200 is /dev/net/tun. Asked are open(2)
 * and mknod(2); a device that is open stays open.
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
	__u64 refused; /* of these */
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
