/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Programs that declare another context than they get. The verifier goes by the type of the program, so
 * that such a program may load, and read other fields than it names. */
#include "planner_impl.h"

#include "loader/plan/abi.h"

#include <inttypes.h>

#define TYPE(name) (UINT64_C(1) << BPF_PROG_TYPE_##name)

/* Contexts, and the program types that get them. Others are not checked. */
static const struct {
	const char *name;
	uint64_t types;
} contexts[] = {
	{"xdp_md", TYPE(XDP)},
	{"__sk_buff", TYPE(SOCKET_FILTER) | TYPE(SCHED_CLS) | TYPE(SCHED_ACT) | TYPE(CGROUP_SKB) |
			      TYPE(LWT_IN) | TYPE(LWT_OUT) | TYPE(LWT_XMIT) | TYPE(LWT_SEG6LOCAL) |
			      TYPE(SK_SKB) | TYPE(FLOW_DISSECTOR)},
	{"pt_regs", TYPE(KPROBE) | TYPE(PERF_EVENT)},
	{"bpf_raw_tracepoint_args",
		TYPE(RAW_TRACEPOINT) | TYPE(RAW_TRACEPOINT_WRITABLE) | TYPE(TRACING) | TYPE(LSM)},
};

enum { CONTEXTS = sizeof contexts / sizeof *contexts };

/* The index of a context, by its name or by a program type that gets it; CONTEXTS if there is none. */
static size_t context_at(const char *name, uint64_t type)
{
	size_t i = 0;
	while (i < CONTEXTS &&
		(name ? strcmp(contexts[i].name, name) != 0 : !(contexts[i].types & type)))
		i++;
	return i;
}

/* The struct that a parameter points to; "" if it is something else. */
static const char *pointed_to(const struct btf *btf, uint32_t id)
{
	struct btf_type t;
	btf_skip(btf, id, &t);
	if (t.kind == BTF_PTR)
		btf_skip(btf, t.type, &t);
	return t.kind == BTF_STRUCT || t.kind == BTF_FWD ? btf_name(&t) : "";
}

/* The FUNC of a program: the first one that the kernel is told. 0: none. */
static uint32_t func_of(const struct build *w, const struct image_prog *prog)
{
	enum { TYPE_ID = 4 }; /* in struct bpf_func_info */
	const struct span info = {
		prog->func_info.bytes, prog->func_info.rec_size, w->o->elf.file.big};
	return prog->func_info.count ? span_u32(info, TYPE_ID) : 0;
}

const char *planner_context_note(struct build *w, const struct image_prog *prog, uint32_t prog_type)
{
	const uint64_t type = UINT64_C(1) << prog_type,
		       wrapped = TYPE(KPROBE) | TYPE(TRACING) | TYPE(LSM) | TYPE(RAW_TRACEPOINT) |
	                         TYPE(RAW_TRACEPOINT_WRITABLE),
		       any = TYPE(EXT) | TYPE(STRUCT_OPS) | TYPE(SYSCALL);
	const struct btf *btf = &w->o->btf;
	struct btf_type func, proto;
	uint32_t id = w->o->has_btf && !(type & any) ? func_of(w, prog) : 0;
	if (!id || !btf_type(btf, id, &func) || !btf_type(btf, func.type, &proto))
		return NULL;
	if (proto.vlen > 1)
		return plan_text(&w->b,
			arena_printf(w->p->arena,
				"it has %" PRIu32 " parameters, but the kernel passes only the "
				"context%s%s%s",
				proto.vlen, type & wrapped ? ": declare it as int " : "",
				type & TYPE(KPROBE) ? "BPF_KPROBE"
				: type & wrapped    ? "BPF_PROG"
						    : "",
				type & wrapped ? "(...)" : ""));
	size_t declared = context_at(pointed_to(btf, btf_param(&proto, 0).type), 0);
	if (declared == CONTEXTS || contexts[declared].types & type)
		return NULL;
	size_t right = context_at(NULL, type);
	return plan_text(&w->b,
		arena_printf(w->p->arena,
			"its context is declared as struct %s, but is %s%s: fields are read "
			"at wrong offsets",
			contexts[declared].name, right < CONTEXTS ? "struct " : "",
			right < CONTEXTS          ? contexts[right].name
			: type & TYPE(TRACEPOINT) ? "the record of the tracepoint, such as struct "
						    "trace_event_raw_sys_enter"
						  : "another one"));
}
