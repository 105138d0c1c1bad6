/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* BTF from a source the user specifies: the kernel, a module, a file or a BTF id. */
#ifndef SONDE_TYPE_SOURCE_H
#define SONDE_TYPE_SOURCE_H

#include "loader/kernel/target.h"

/* type_source_close() accepts {0}. */
struct type_source {
	const struct btf *btf;
	const char *from; /* for messages: "/sys/kernel/btf/vmlinux", "veth" */
	struct btf own, own_base;
	struct span bytes, base_bytes; /* of files */
};

/*
 * which: NULL or "vmlinux" for the kernel; the path of a file with raw BTF or an ELF section .BTF,
 * in either byte order; a BTF id; the name of a module. An existing file takes precedence. base:
 * the file with the base of split BTF; NULL: the section .BTF.base of the same file, else the
 * kernel's types. False with e set. *f refers to t, a and itself: it must not be copied.
 */
bool type_source_open(struct type_source *f, const char *which, const char *base, struct target *t,
	struct arena *a, struct err *e);

void type_source_close(struct type_source *f);

#endif
