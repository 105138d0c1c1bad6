// SPDX-License-Identifier: GPL-2.0
/* Programs that count their calls, for guest/attach.sh: each is attached by itself (--only). */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";
long calls;

#define COUNT(section, name, result)                                                               \
	SEC(section) int name(void *ctx)                                                           \
	{                                                                                          \
		__sync_fetch_and_add(&calls, 1);                                                   \
		return result;                                                                     \
	}

COUNT("?kprobe.multi/*", all, 0)
COUNT("?kprobe.multi/vfs_*", vfs, 0)
COUNT("?kprobe.multi/veth_*", veth, 0)
COUNT("?kprobe.multi/veth:*", of_veth, 0)
COUNT("?kprobe.multi/t_next", ambiguous, 0)
COUNT("?fentry.multi/vfs_*", typed_vfs, 0)
COUNT("?fentry.multi/veth:veth_*", typed_veth, 0)

/* XDP_DROP, TC_ACT_SHOT, TCX_DROP */
COUNT("?xdp", xdp, 1)
COUNT("?xdp.frags", frags, 1)
COUNT("?tc", tc, 2)
COUNT("?tcx/ingress", tcx, 2)

/* Attached after the program that drops: runs only if it is put before it. */
long seen;
SEC("?tcx/ingress") int next(void *ctx)
{
	__sync_fetch_and_add(&seen, 1);
	return -1; /* TCX_NEXT */
}

COUNT("?cgroup_skb/egress", deny, 0)
SEC("?cgroup_skb/egress") int watch(void *ctx)
{
	__sync_fetch_and_add(&seen, 1);
	return 1;
}
