/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The actions of `sonde btf` that write files: min, archive. */
#ifndef SONDE_BTF_WRITE_H
#define SONDE_BTF_WRITE_H

#include "cmd.h"

struct btf_write {
	const char *output, *dir; /* --output, --target */
	struct cmd_list btf;      /* --btf */
	const char *const *files;
	size_t n;
};

/* Write the types of one kernel, or of several, that the objects in files need. Without --btf, archive takes
 * the types in files as they are. Return the exit status. */
int btf_write_min(const struct btf_write *w);
int btf_write_archive(const struct btf_write *w);

#endif
