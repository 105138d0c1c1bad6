/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The kernel types used by our programs and those of the course: a small substitute for the vmlinux.h
 * of several megabytes that is usually generated from a kernel's BTF.
 *
 * CO-RE makes this possible: preserve_access_index (the pragma below) makes the compiler record each
 * field access by *name*, and the loader substitutes the offset in the running kernel. So a type
 * needs only the fields that are read, and their order matters only where a comment says so.
 *
 * For other types, use a complete header: sonde btf c >DIR/vmlinux.h, and -IDIR before
 * -Iprogs/include.
 *
 * Do not combine it with <linux/...> headers, which define the same types.
 */
#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
#endif

#include "vmlinux/types.h"  /* integers */
#include "vmlinux/enums.h"  /* constants of the BPF interface */
#include "vmlinux/ctx.h"    /* contexts of network and cgroup programs */
#include "vmlinux/net.h"    /* packet headers */
#include "vmlinux/regs.h"   /* registers, by architecture */
#include "vmlinux/kernel.h" /* tasks, files, sockets */
#include "vmlinux/trace.h"  /* tracepoint records, iterators */

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif
