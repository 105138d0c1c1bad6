/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Programs whose target is a BTF type, given at load time (attach_btf_id). The type's name is that in
 * the section name with a prefix:
 *
 *     fentry/tcp_sendmsg     function tcp_sendmsg
 *     tp_btf/sched_switch    typedef  btf_trace_sched_switch
 *     lsm/file_open          function bpf_lsm_file_open
 *     iter/task              function bpf_iter_task
 */
#ifndef SONDE_HOOK_ATTACH_BTF_H
#define SONDE_HOOK_ATTACH_BTF_H

#include "hook.h"

/*
 * hook.prepare and hook.load: find the type and set attach_btf_id. "module:function" restricts the
 * search to one kernel module; other names are looked up in vmlinux, then in all modules. With a
 * target argument (id or pinned path of a program) the type is a function of that program. An unknown
 * type fails the planner.
 */
void attach_btf_prepare(struct plan_builder *b, struct hook_use *use);
void attach_btf_load(struct plan_builder *b, const struct hook_use *use, int16_t step);

/* Calls fn with the name, as in a section name, of everything in these types that programs of the attach type
 * may have as a target; where: the index in types->list. False if their target is no type. */
typedef void (*attach_btf_fn)(void *ctx, size_t where, const char *name);
bool attach_btf_each(
	const struct kernel_types *types, uint32_t attach_type, attach_btf_fn fn, void *ctx);

/* Adds the step that opens the BTF of a kernel module. Returns its slot. */
int16_t attach_btf_module(struct plan_builder *b, const char *module);

/* Adds a step that checks that the BPF LSM is active: if it is built in but not listed in lsm=,
 * programs load and attach but never run. */
void attach_btf_expect_lsm(struct plan_builder *b, const struct hook_use *use);

#endif
