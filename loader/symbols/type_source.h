/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Types from wherever a user says they are: the kernel, a module, a file, a BTF id. */
#ifndef SONDE_TYPEFILE_H
#define SONDE_TYPEFILE_H

#include "loader/kernel/target.h"

/* {0} is a valid start for typefile_close(). */
struct typefile {
	const struct btf *btf;
	const char *from; /* for people: "/sys/kernel/btf/vmlinux", "module veth" */
	struct btf own, own_base;
	struct span bytes, base_bytes; /* of files */
};

/*
 * which: NULL or "vmlinux" for the kernel; a path (of raw BTF or of an ELF file with a section
 * .BTF, in either byte order); a BTF id of the kernel; the name of a module. A file comes first
 * where it could be both. base: the file whose types a split one continues; NULL: the section
 * .BTF.base beside it, else the kernel's types. *f is borrowed from t, a and itself: it can't be
 * copied.
 */
bool typefile_open(struct typefile *f, const char *which, const char *base, struct target *t,
	struct arena *a, struct err *e);

void typefile_close(struct typefile *f);

#endif
