/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Programs that are loaded *for* a function of the kernel (attach_btf_id). The section's name leads
 * to its type by a prefix:
 *
 *     fentry/tcp_sendmsg     function tcp_sendmsg
 *     tp_btf/sched_switch    typedef  btf_trace_sched_switch
 *     lsm/file_open          function bpf_lsm_file_open
 *     iter/task              function bpf_iter_task
 */
#ifndef SONDE_HOOK_TYPED_H
#define SONDE_HOOK_TYPED_H

#include "hook.h"

/*
 * hook.prepare and hook.load: find the type, set attach_btf_id. A function of a kernel module is
 * named like the others, or as "module:function". --on makes it one of another program that is
 * loaded: its id, or the path of its pin.
 */
void attach_btf_prepare(struct planner *b, struct hook_use *use);
void attach_btf_load(struct planner *b, const struct hook_use *use, int16_t step);

/* Adds the step that gives a descriptor of the types of a kernel module; its slot. */
int16_t attach_btf_module(struct planner *b, const char *module);

/* A kernel may have BPF's security module and yet not use it: then nothing would ever be asked.
 * Adds the step that looks whether it does. */
void attach_btf_expect_lsm(struct planner *b, const struct hook_use *use);

#endif
