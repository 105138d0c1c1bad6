/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * cgsysctl: reads of /proc/sys by the processes of a cgroup; writes are denied. Based on lesson
 * 21.4.3 of the course, which mentions the hook.
 *
 *	sonde run build/progs/cgsysctl.bpf.o --on cgsysctl=CGROUP
 *	sonde run build/progs/cgsysctl.bpf.o --on cgsysctl=CGROUP --set read_only=false
 *
 * Demonstrates a context that contains little: helpers provide the rest, here the name of the file.
 * Root gets EPERM as well: the decision of a cgroup program applies to all processes in the cgroup.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

enum { REFUSE, ALLOW };

const volatile bool read_only = true;

struct setting {
	char name[64];
};

struct accesses {
	__u64 reads;
	__u64 writes;
	__u64 refused; /* writes denied */
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct setting);
	__type(value, struct accesses);
} settings SEC(".maps");

SEC("cgroup/sysctl")
int cgsysctl(struct bpf_sysctl *ctx)
{
	struct setting setting = {};
	struct accesses none = {}, *seen;
	int verdict = ctx->write && read_only ? REFUSE : ALLOW;

	bpf_sysctl_get_name(ctx, setting.name, sizeof(setting.name), 0);
	seen = bpf_map_lookup_elem(&settings, &setting);
	if (!seen) {
		bpf_map_update_elem(&settings, &setting, &none, BPF_NOEXIST);
		seen = bpf_map_lookup_elem(&settings, &setting);
		if (!seen)
			return verdict;
	}
	__sync_fetch_and_add(ctx->write ? &seen->writes : &seen->reads, 1);
	__sync_fetch_and_add(&seen->refused, verdict == REFUSE);
	return verdict;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
