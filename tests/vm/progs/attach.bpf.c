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
COUNT("?kprobe/t_next", ambiguous_one, 0)
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

COUNT("?netkit/primary", kit, 2)
SEC("?netkit/primary") int kit_next(void *ctx)
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

/* Runs in the driver's context: loaded for one interface. */
enum xdp_rss_hash_type { XDP_RSS_TYPE_NONE };
int bpf_xdp_metadata_rx_hash(
	const struct xdp_md *ctx, __u32 *hash, enum xdp_rss_hash_type *type) __ksym;
SEC("?xdp") int metadata(struct xdp_md *ctx)
{
	enum xdp_rss_hash_type type;
	__u32 hash;
	bpf_xdp_metadata_rx_hash(ctx, &hash, &type);
	return 1; /* XDP_DROP */
}

/* Iterators, each a line for an object. */
struct meta {
	struct seq_file *seq;
};
struct object {
	struct meta *meta;
	void *one;
};
struct element {
	struct meta *meta;
	void *map;
	int *key;
};
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 3);
	__type(key, int);
	__type(value, long);
} numbers SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, int);
	__type(value, int);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, long);
} stored SEC(".maps");

/* Puts what connects into both maps. */
SEC("?sockops") int collect(struct bpf_sock_ops *ops)
{
	int key = 0;
	if (ops->op != BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		return 1;
	bpf_sock_map_update(ops, &sockets, &key, BPF_ANY);
	if (ops->sk)
		bpf_sk_storage_get(&stored, ops->sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	return 1;
}

static const char line[] = "one\n";
struct pair {
	struct meta *meta;
	void *first, *key, *second;
};
SEC("?iter/sockmap") int in_sockmap(struct pair *ctx)
{
	if (ctx->second)
		bpf_seq_write(ctx->meta->seq, line, sizeof line - 1);
	return 0;
}
SEC("?iter/bpf_sk_storage_map") int in_storage(struct pair *ctx)
{
	if (ctx->key)
		bpf_seq_write(ctx->meta->seq, line, sizeof line - 1);
	return 0;
}
struct mapping {
	struct meta *meta;
	void *task, *vma;
};
SEC("?iter/task_vma") int mappings(struct mapping *ctx)
{
	if (ctx->vma)
		bpf_seq_write(ctx->meta->seq, line, sizeof line - 1);
	return 0;
}
SEC("?iter/bpf_map_elem") int elements(struct element *ctx)
{
	if (ctx->key)
		bpf_seq_write(ctx->meta->seq, line, sizeof line - 1);
	return 0;
}
SEC("?iter/task") int tasks(struct object *ctx)
{
	if (ctx->one)
		bpf_seq_write(ctx->meta->seq, line, sizeof line - 1);
	return 0;
}
SEC("?iter/cgroup") int groups(struct object *ctx)
{
	if (ctx->one)
		bpf_seq_write(ctx->meta->seq, line, sizeof line - 1);
	return 0;
}

struct args {
	__u64 add;
	int sign;
};
SEC("?syscall") int called(struct args *a)
{
	seen = a->add + a->sign;
	return 0;
}
