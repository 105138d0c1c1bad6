/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel_fs.h"

#include <stddef.h>

const char *kfs_name(uint32_t which)
{
	static const char *const names[KFS_COUNT] = {
#define FS(id, name) [KFS_##id] = name,
		KERNEL_FILE_SYSTEMS(FS)
#undef FS
	};
	return which < KFS_COUNT ? names[which] : NULL;
}
