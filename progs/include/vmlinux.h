/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The kernel types that our programs and those of the course use: a small stand-in for the
 * vmlinux.h of several megabytes that is usually generated from a kernel's BTF.
 *
 * It can be small and serve every kernel because of CO-RE: preserve_access_index (the pragma
 * below) makes the compiler note each field access by *name*, and the loader puts in the offset
 * that the field has in the running kernel. So a type here needs the fields that somebody reads
 * and no others, and their order only matters where a comment says so.
 *
 * Something missing? Put a complete one in front of it: sonde btf c > DIR/vmlinux.h and -IDIR
 * before -Iprogs/include.
 *
 * Never together with <linux/...> headers: both define the same types.
 */
#ifndef __VMLINUX_H__
#define __VMLINUX_H__

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
#endif

#include "vmlinux/types.h"  /* integers and the kernel's names for them */
#include "vmlinux/enums.h"  /* constants of the BPF interface */
#include "vmlinux/ctx.h"    /* what network and cgroup programs get as context */
#include "vmlinux/net.h"    /* packet headers */
#include "vmlinux/regs.h"   /* registers, by architecture */
#include "vmlinux/kernel.h" /* tasks, files, sockets: the kernel's own structures */
#include "vmlinux/trace.h"  /* tracepoint records, iterators */

#ifndef BPF_NO_PRESERVE_ACCESS_INDEX
#pragma clang attribute pop
#endif

#endif
