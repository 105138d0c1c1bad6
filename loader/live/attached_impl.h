/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the parts of attached.h. */
#ifndef SONDE_ATTACHED_IMPL_H
#define SONDE_ATTACHED_IMPL_H

#include "attached.h"

/* Adds an attachment unless it is known. Strings are copied. */
void attached_add(struct attached_list *a, struct attached row);

/* Adds what BPF_PROG_QUERY tells about a place. target: a descriptor or the index of an interface. row:
 * type, where, link_type, attach_type, place. */
void attached_query(struct attached_list *a, uint32_t target, struct attached row);

void attached_interfaces(struct attached_list *a); /* attached_net.c */
void attached_cgroups(struct attached_list *a);    /* attached_cgroup.c */
void attached_namespace(struct attached_list *a);
void attached_events(struct attached_list *a); /* attached_events.c */

#endif
