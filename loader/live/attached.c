/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "attached_impl.h"
#include "where.h"

#include "loader/kernel/live_map.h"
#include "loader/kernel/live_struct_ops.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <stdlib.h>

enum { IDS_MAX = 64 }; /* the kernel allows no more at one place */

/* ---- the list ---- */

/* Whether a link attaches the program there, or the list has it already. On 32-bit machines inode numbers
 * have only the lower 32 bits of the id of a cgroup. */
static bool is_known(const struct attached_list *a, const struct attached *row)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct attached *x = &a->list[i];
		if (!row->link && x->prog == row->prog && x->map == row->map &&
			x->link_type == row->link_type && x->attach_type == row->attach_type &&
			(uint32_t)x->place == (uint32_t)row->place &&
			(row->place || !strcmp(x->where, row->where)))
			return true;
	}
	return false;
}

void attached_add(struct attached_list *a, struct attached row)
{
	struct arena *arena = a->l->kernel->arena;
	if (is_known(a, &row))
		return;
	struct attached *grown = arena_grow(arena, a->list, a->n, &a->room, sizeof *grown);
	if (!grown)
		return;
	a->list = grown;
	if (row.prog) {
		const struct live_prog p = live_program(a->l, row.prog);
		if (!p.info.id)
			return; /* unloaded in the meantime */
		row.runs = p.info.run_cnt;
		row.ns = p.info.run_time_ns;
		row.name = arena_strdup(arena, p.name);
	} else {
		row.name = arena_strdup(arena, row.name);
	}
	row.type = arena_strdup(arena, row.type);
	row.where = arena_strdup(arena, row.where);
	if (row.name && row.type && row.where)
		grown[a->n++] = row;
}

void attached_query(struct attached_list *a, uint32_t target, struct attached row)
{
	uint32_t ids[IDS_MAX] = {0};
	union bpf_attr attr = {.query = {.target_fd = target,
				       .attach_type = row.attach_type,
				       .prog_ids = sys_ptr(ids),
				       .prog_cnt = IDS_MAX}};
	if (sys_bpf(a->l->kernel->watch, BPF_PROG_QUERY, &attr,
		    offsetof(union bpf_attr, query.prog_attach_flags)) < 0)
		return;
	for (uint32_t i = 0; i < attr.query.prog_cnt && i < IDS_MAX; i++) {
		row.prog = ids[i];
		attached_add(a, row);
	}
}

/* ---- links ---- */

/* The interface, cgroup or namespace of a link, 0 for other places. */
static uint64_t place_of(const struct bpf_link_info *i, uint32_t *attach_type)
{
	switch (i->type) {
	case BPF_LINK_TYPE_XDP:
		*attach_type = BPF_XDP;
		return i->xdp.ifindex;
	case BPF_LINK_TYPE_TCX:
	case BPF_LINK_TYPE_NETKIT:
		*attach_type = i->tcx.attach_type;
		return i->tcx.ifindex;
	case BPF_LINK_TYPE_CGROUP:
		*attach_type = i->cgroup.attach_type;
		return i->cgroup.cgroup_id;
	case BPF_LINK_TYPE_NETNS:
		*attach_type = i->netns.attach_type;
		return i->netns.netns_ino;
	default:
		return 0;
	}
}

static bool add_link(void *ctx, const struct live_link *link)
{
	struct attached_list *a = ctx;
	char type[WHERE_TYPE], where[WHERE_MAX];
	const struct live_prog p = live_program(a->l, link->info.prog_id);
	struct attached row = {.prog = link->info.prog_id,
		.link = link->info.id,
		.type = where_type(link, &p, type),
		.where = where_text(a->l, link, &p, where),
		.link_type = link->info.type};
	struct live_map_name map = {0};
	row.place = place_of(&link->info, &row.attach_type);
	if (link->info.type == BPF_LINK_TYPE_STRUCT_OPS) {
		row.map = link->info.struct_ops.map_id;
		map = live_map_name(a->l, row.map);
	}
	row.name = map.name;
	attached_add(a, row);
	return true;
}

/* ---- struct_ops without links ---- */

static bool add_struct_ops(void *ctx, const struct live_map *m)
{
	struct attached_list *a = ctx;
	const struct target *k = a->l->kernel;
	char where[WHERE_MAX] = "";
	struct attached row = {.map = m->id,
		.link_type = BPF_LINK_TYPE_STRUCT_OPS,
		.name = m->name,
		.type = "struct_ops",
		.where = where};
	if (m->info.type == BPF_MAP_TYPE_STRUCT_OPS &&
		live_struct_ops_in_use(m->fd, m->info.value_size, k->watch, k->arena)) {
		where_struct_ops(a->l, m->id, where, sizeof where);
		attached_add(a, row);
	}
	return true;
}

/* ---- all ---- */

static int by_program(const void *x, const void *y)
{
	const struct attached *a = x, *b = y;
	return a->prog != b->prog ? (a->prog > b->prog) - (a->prog < b->prog)
	                          : (a->link > b->link) - (a->link < b->link);
}

static int by_place(const void *x, const void *y)
{
	const struct attached *a = x, *b = y;
	int order = strcmp(a->where, b->where);
	order = order ? order : strcmp(a->type, b->type);
	return order ? order : by_program(x, y);
}

static bool is_in(const struct attached *x, enum attached_scope scope)
{
	switch (x->link_type) {
	case BPF_LINK_TYPE_XDP:
	case BPF_LINK_TYPE_TCX:
	case BPF_LINK_TYPE_NETKIT:
	case BPF_LINK_TYPE_NETFILTER:
	case BPF_LINK_TYPE_NETNS:
	case 0: /* tc filters and actions */
		return scope == ATTACHED_NET;
	default:
		return scope == ATTACHED_CGROUPS && x->link_type == BPF_LINK_TYPE_CGROUP;
	}
}

static void keep(struct attached_list *a, enum attached_scope scope)
{
	size_t n = 0;
	for (size_t i = 0; i < a->n; i++)
		if (is_in(&a->list[i], scope))
			a->list[n++] = a->list[i];
	a->n = n;
}

bool attached_find(struct attached_list *a, struct live *l, const struct holders *h,
	enum attached_scope scope, struct err *e)
{
	struct err none = {0}; /* before 5.8 there are no links to list */
	const struct target *k = l->kernel;
	*a = (struct attached_list){.l = l, .holders = h};
	bool listed = live_link_each(k->watch, k->arena, add_link, a, &none);
	if (!listed && none.no == EPERM) {
		err_set(e, "%s", none.text);
		return err_hint(e, "listing what is attached requires CAP_SYS_ADMIN, as root has");
	}
	if (scope == ATTACHED_ALL) {
		live_map_each(k->watch, false, k->arena, add_struct_ops, a, &none);
		attached_events(a);
	}
	if (scope != ATTACHED_CGROUPS) {
		attached_interfaces(a);
		attached_namespace(a);
	}
	if (scope != ATTACHED_NET)
		attached_cgroups(a);
	if (scope != ATTACHED_ALL)
		keep(a, scope);
	if (a->n)
		qsort(a->list, a->n, sizeof *a->list,
			scope == ATTACHED_ALL ? by_program : by_place);
	return true;
}
