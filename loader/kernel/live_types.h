/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The types of loaded objects, by the id of their BTF (4.18, CAP_SYS_ADMIN). Each is read once. */
#ifndef SONDE_LIVE_TYPES_H
#define SONDE_LIVE_TYPES_H

#include "elf/base/bpf_attr.h"
#include "target.h"

struct live_types {
	struct target *kernel; /* the running one; its arena has the types */
	struct live_type {
		uint32_t id;
		const struct btf *btf; /* NULL: it cannot be read */
		char name[64];         /* of the kernel ("vmlinux") or a module; "": of programs */
	} * list;
	size_t n, room;
};

/* Facts about open BTF. name: receives whose it is, "" if it is neither the kernel's nor a module's or the
 * kernel does not tell (before 5.11). Returns 0 or -errno. */
long live_types_info(
	const struct sys_watch *watch, int fd, struct bpf_btf_info *info, char *name, size_t room);

/* The types with that id (0: none); NULL if there are none or they cannot be read. Their contents are
 * not trusted. */
const struct btf *live_types_get(struct live_types *t, uint32_t id);

/* Whose they are: "vmlinux", the name of a module, or "" (programs and maps; before 5.11 unknown). */
const char *live_types_name(struct live_types *t, uint32_t id);

#endif
