/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Programs in the kernel: their facts, code and line information. Opening by id and reading code
 * requires CAP_SYS_ADMIN (4.13). What an older kernel does not report reads as zero or empty.
 */
#ifndef SONDE_LIVE_PROG_H
#define SONDE_LIVE_PROG_H

#include "elf/base/bpf_attr.h"
#include "live_ref.h"
#include "live_types.h"

enum { LIVE_NAME_MAX = 128 };

struct live_prog {
	int fd;
	struct bpf_prog_info info; /* pointers are 0 */
	char name[LIVE_NAME_MAX];  /* untrusted; whole, not cut after 15 characters as info.name, if
	                            * the program has BTF */
};

/* Reads the facts of an open program. Returns 0 or -errno. */
long live_prog_read(struct live_prog *p, int fd, struct live_types *types);

/* Calls fn for each program that r selects (NULL: all), until it returns false. False with e set, also if
 * r selects none. p->fd is closed afterwards. */
bool live_prog_each(const struct live_ref *r, struct live_types *types,
	bool (*fn)(void *ctx, const struct live_prog *p), void *ctx, struct err *e);

/* Opens the only program that r selects. The caller closes p->fd. */
bool live_prog_open(
	struct live_prog *p, const struct live_ref *r, struct live_types *types, struct err *e);

/* The lists that belong to a program, in host byte order. Empty: none, or the kernel hides it from this
 * user. */
enum live_part {
	LIVE_MAPS,        /* u32 ids */
	LIVE_XLATED,      /* instructions after verification */
	LIVE_JITED,       /* machine code of all functions */
	LIVE_FUNCS,       /* struct bpf_func_info, each of info.func_info_rec_size */
	LIVE_LINES,       /* struct bpf_line_info, each of info.line_info_rec_size */
	LIVE_JITED_LINES, /* u64 address of each line */
	LIVE_KSYMS,       /* u64 address of each function */
	LIVE_LENS,        /* u32 size of each function's machine code */
	LIVE_PARTS
};

/* Reads the parts in the set (bits 1 << part) into parts. Memory from a. Returns 0 or -errno. */
long live_prog_parts(const struct live_prog *p, unsigned set, struct span parts[static LIVE_PARTS],
	const struct sys_watch *watch, struct arena *a);

#endif
