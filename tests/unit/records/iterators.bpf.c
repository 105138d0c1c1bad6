/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What iterators write: records, text, and both. SHARED: the size of what a subprogram writes. */
#include "records.bpf.h"

struct task {
	__u32 pid;
	char name[16];
	__u32 n;
};

struct big {
	__u64 v[4];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct big);
} bigs SEC(".maps");

#define SEQ ((void *)ctx[0])

#define ITER(name) SEC("iter/task") int name(__u64 *ctx)

#ifdef SHARED
static __attribute__((noinline)) int share(void *seq)
{
	struct task t = {.pid = 7};

	return bpf_seq_write(seq, &t, SHARED);
}
#else
#define share(seq) 0
#endif

ITER(writes)
{
	struct task t = {.pid = ctx[1]};

	bpf_seq_write(SEQ, &t, sizeof(t));
	t.n = 1;
	bpf_seq_write(SEQ, &t, sizeof(t));
	return share(SEQ);
}

ITER(element)
{
	__u32 zero = 0;
	struct big *b = bpf_map_lookup_elem(&bigs, &zero);

	if (b)
		bpf_seq_write(SEQ, b, sizeof(*b));
	return 0;
}

ITER(unknown)
{
	return bpf_seq_write(SEQ, (void *)ctx[1], 8);
}

ITER(mixed)
{
	struct task t = {.pid = ctx[1]};

	bpf_seq_printf(SEQ, "task\n", 6, 0, 0);
	bpf_seq_write(SEQ, &t, sizeof(t));
	return 0;
}

ITER(sizes)
{
	struct task t = {.pid = ctx[1]};

	bpf_seq_write(SEQ, &t, sizeof(t));
	bpf_seq_write(SEQ, &t, 8);
	return 0;
}

ITER(literals)
{
	return bpf_seq_write(SEQ, "abc\n", 4);
}

ITER(printing)
{
	return bpf_seq_printf(SEQ, "task\n", 6, 0, 0);
}

ITER(variable)
{
	struct task t = {.pid = ctx[1]};

	return bpf_seq_write(SEQ, &t, ctx[2] & 15);
}

/* Not an iterator. */
SEC("tp_btf/x") int traced(__u64 *ctx)
{
	struct task t = {.pid = ctx[1]};

	return bpf_seq_write(SEQ, &t, sizeof(t));
}
