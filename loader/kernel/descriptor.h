/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the file descriptors of another process are, from its directory in procfs. */
#ifndef SONDE_DESCRIPTOR_H
#define SONDE_DESCRIPTOR_H

#include "kfs.h"

#include <sys/types.h>

enum descriptor_kind {
	DESCRIPTOR_OTHER,
	DESCRIPTOR_MAP,
	DESCRIPTOR_PROG,
	DESCRIPTOR_BTF,
	DESCRIPTOR_LINK,
	DESCRIPTOR_PERF,
	DESCRIPTOR_PROBES, /* a file of tracefs that defines probes: kprobe_events and the like */
	DESCRIPTOR_NETLINK,
};

struct descriptor {
	uint8_t kind; /* enum descriptor_kind */
	/* The object's id, 0 if the kernel does not tell: maps, programs (4.18), links (5.8), BTF */
	uint32_t id;
	uint32_t map_type, key_size, value_size; /* of a map */
	char file[32];                           /* of DESCRIPTOR_PROBES: "kprobe_events" */
};

/* Describes descriptor fd of a process. Other descriptors and those that cannot be read are
 * DESCRIPTOR_OTHER. */
void descriptor_read(struct kfs *k, pid_t pid, int fd, struct descriptor *d);

/* Whether the process has a descriptor that write(2) or send(2) would attach BPF programs with:
 * DESCRIPTOR_PROBES, DESCRIPTOR_NETLINK. */
bool descriptors_attach(struct kfs *k, pid_t pid);

#endif
