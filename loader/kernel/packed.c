/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "packed.h"

#include "loader/plan/packed_segment.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

extern const uint8_t __ehdr_start[]
	__attribute__((visibility("hidden"))); /* defined by the linker */

/* The segment that is empty unless something is packed: the last one, and read-only. */
static struct span own_segment(void)
{
	const ElfW(Ehdr) *file = (const void *)__ehdr_start;
	const ElfW(Phdr) *last = packed_segment(file);
	if (!last || last->p_flags != PF_R || last->p_vaddr < (uintptr_t)sizeof *file)
		return (struct span){0};
	uintptr_t base = file->e_type == ET_DYN ? (uintptr_t)__ehdr_start : 0;
	return (struct span){
		(const uint8_t *)(base + last->p_vaddr), last->p_filesz, host_is_big()};
}

/* Pages that a file is too short for cannot be touched, but system calls tell. */
static bool is_there(const uint8_t *p)
{
	enum { NO_HOW = 99, SET = 8 };
	return syscall(SYS_rt_sigprocmask, NO_HOW, p - SET + 1, NULL, SET) == 0 || errno != EFAULT;
}

static bool is_intact(struct span s)
{
	return s.n >= sizeof(struct packed_head) && is_there(s.p + s.n - 1) &&
	       packed_is_whole((const void *)s.p, s.n, PACKED_OBJECT);
}

const struct packed_head *packed_here(struct err *e)
{
	struct span s = own_segment();
	if (!s.n)
		return NULL;
	if (is_intact(s))
		return (const void *)s.p;
	err_set(e, "damaged: cut, or its contents do not match their checksum");
	err_hint(e, "copy the file again, or pack it again");
	return NULL;
}

bool packed_read(const char *path, struct span *out)
{
	struct span s = own_segment();
	const struct packed_head *head = (const void *)s.p;
	const struct packed_member *m = s.n ? (const void *)(s.p + head->list) : NULL;
	for (unsigned i = 0; m && i < head->n_list; i++, m++)
		if (path == (const char *)s.p + m->name) {
			*out = span_sub(s, m->at, m->size);
			return true;
		}
	return false;
}
