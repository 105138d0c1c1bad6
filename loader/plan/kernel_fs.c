/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel_fs.h"

#include <stddef.h>
#include <string.h>

const char *kfs_name(uint32_t which)
{
	static const char *const names[KFS_COUNT] = {
#define FS(id, name) [KFS_##id] = name,
		KERNEL_FILE_SYSTEMS(FS)
#undef FS
	};
	return which < KFS_COUNT ? names[which] : NULL;
}

bool kfs_stays_below(const char *path)
{
	if (*path == '/')
		return false;
	for (const char *p = path; p; p = strchr(p, '/'), p = p ? p + 1 : NULL)
		if (p[0] == '.' && p[1] == '.' && (!p[2] || p[2] == '/'))
			return false;
	return true;
}
