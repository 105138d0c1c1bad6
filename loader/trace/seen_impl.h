/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement seen.h. */
#ifndef SONDE_SEEN_IMPL_H
#define SONDE_SEEN_IMPL_H

#include "seen.h"

#include "loader/kernel/descriptor.h"
#include "loader/plan/builder.h"

/* A call that is being read. */
struct reading {
	struct seeing *seeing;
	const struct tracee_call *call;
	struct seen *out;
	struct plan_builder *b;
	int16_t step;
	size_t slots_room; /* of out->exec.slots */
};

/* ---- seen_names.c ---- */

/* A slot for descriptor fd of the process, if its object has a name; else PLAN_NONE. */
int16_t seen_slot(struct reading *r, int fd);

/* Remembers the name of the object that a descriptor of the process is. */
void seen_learn(struct reading *r, int fd, const char *name);
void seen_learn_id(struct reading *r, enum descriptor_kind kind, uint32_t id, const char *name);

/* The name of an object that is known to have one, or NULL. */
const char *seen_name(const struct reading *r, const struct descriptor *d, int fd);

/* Keeps the BTF that a descriptor is, and finds it again. */
void seen_keep_types(struct reading *r, int fd, struct span btf);
struct span seen_types(const struct reading *r, int fd);

/* ---- seen_attr.c ---- */

/* Reads what the fields of the step's attr refer to. */
void seen_attr(struct reading *r);

/* The value of a field of the attr by its C name. */
uint64_t seen_field(const struct reading *r, const char *name);

/* Learns names from a bpf(2) call that has succeeded. */
void seen_learn_attr(struct reading *r);

/* ---- seen_message.c ---- */

/* Describes the rtnetlink request if it is about BPF ("RTM_SETLINK xdp"), with memory of the plan;
 * NULL if not. *fd_at: the offset of the program's descriptor in it, 0 if it has none. */
const char *seen_message(struct reading *r, struct span message, uint32_t *fd_at);

#endif
