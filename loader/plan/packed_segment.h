/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Where a packed file has its payload. Apart from packed_form.h, since names of <elf.h> are ours elsewhere. */
#ifndef SONDE_PACKED_SEGMENT_H
#define SONDE_PACKED_SEGMENT_H

#include <link.h>
#include <stddef.h>
#include <stdint.h>

/* The payload is in the last segment of the file. NULL if it has no segments. */
static inline const ElfW(Phdr) * packed_segment(const ElfW(Ehdr) * file)
{
	const ElfW(Phdr) *segment = (const void *)((const uint8_t *)file + file->e_phoff),
			 *last = NULL;
	for (int i = 0; i < file->e_phnum; i++)
		if (segment[i].p_type == PT_LOAD)
			last = &segment[i];
	return last;
}

#endif
