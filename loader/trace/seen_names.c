/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "seen_impl.h"

#include <string.h>

enum { KEPT_MAX = 1 << 26 /* bytes of names and types */ };

/* An object with a name. Perf events have no id: they are known by descriptor and process. */
struct known {
	uint8_t kind;
	uint32_t id;
	pid_t pid;
	const char *name;
	struct span types; /* of BTF */
};

static const uint8_t slot_kinds[] = {
	[DESCRIPTOR_MAP] = SLOT_MAP,
	[DESCRIPTOR_PROG] = SLOT_PROG,
	[DESCRIPTOR_BTF] = SLOT_BTF,
	[DESCRIPTOR_LINK] = SLOT_LINK,
	[DESCRIPTOR_PERF] = SLOT_PERF,
};

static struct known *find(const struct seeing *s, enum descriptor_kind kind, uint32_t id, pid_t pid)
{
	for (size_t i = s->n_known; i--;)
		if (s->known[i].kind == kind && s->known[i].id == id && s->known[i].pid == pid)
			return &s->known[i];
	return NULL;
}

static struct known *of_descriptor(const struct reading *r, const struct descriptor *d, int fd)
{
	bool perf = d->kind == DESCRIPTOR_PERF;
	if (!d->id && !perf)
		return NULL;
	return find(r->seeing, (enum descriptor_kind)d->kind, perf ? (uint32_t)fd : d->id,
		perf ? r->call->pid : 0);
}

/* NULL if there are too many names already: those that are known stay known. */
static struct known *learn(
	struct reading *r, enum descriptor_kind kind, uint32_t id, pid_t pid, const char *name)
{
	struct seeing *s = r->seeing;
	struct known *k = find(s, kind, id, pid);
	if (k && !strcmp(k->name, name))
		return k;
	const char *copy = s->names.used < KEPT_MAX ? arena_strdup(&s->names, name) : NULL;
	if (copy && !k) {
		k = arena_grow(&s->names, s->known, s->n_known, &s->known_room, sizeof *k);
		if (!k)
			return NULL;
		s->known = k;
		k = &s->known[s->n_known++];
		*k = (struct known){.kind = (uint8_t)kind, .id = id, .pid = pid};
	}
	if (k)
		k->name = copy ? copy : "?"; /* another object by now */
	return k;
}

void seen_learn_id(struct reading *r, enum descriptor_kind kind, uint32_t id, const char *name)
{
	if (id && *name)
		learn(r, kind, id, 0, name);
}

void seen_learn(struct reading *r, int fd, const char *name)
{
	struct descriptor d;
	descriptor_read(r->seeing->kfs, r->call->pid, fd, &d);
	if (d.kind == DESCRIPTOR_PERF)
		learn(r, DESCRIPTOR_PERF, (uint32_t)fd, r->call->pid, name);
	else
		seen_learn_id(r, (enum descriptor_kind)d.kind, d.id, name);
}

const char *seen_name(const struct reading *r, const struct descriptor *d, int fd)
{
	const struct known *k = of_descriptor(r, d, fd);
	return k ? k->name : NULL;
}

int16_t seen_slot(struct reading *r, int fd)
{
	struct descriptor d;
	struct exec *x = &r->out->exec;
	for (size_t i = 0; i < r->out->plan.n_slots; i++)
		if (x->slots[i].value == fd)
			return (int16_t)i;
	descriptor_read(r->seeing->kfs, r->call->pid, fd, &d);
	const char *name = seen_name(r, &d, fd);
	if (!name || r->b->failed)
		return PLAN_NONE;
	const char *copy = arena_strdup(r->b->plan->arena, name);
	int16_t slot =
		plan_add_slot(r->b, (enum slot_kind)slot_kinds[d.kind], plan_text(r->b, copy));
	struct exec_slot *values = arena_grow(r->b->plan->arena, x->slots,
		r->b->plan->n_slots ? r->b->plan->n_slots - 1 : 0, &r->slots_room, sizeof *values);
	if (!values) {
		plan_fail_memory(r->b);
		return PLAN_NONE;
	}
	x->slots = values;
	if (r->b->failed)
		return PLAN_NONE;
	x->slots[slot] = (struct exec_slot){true, fd};
	return slot;
}

void seen_keep_types(struct reading *r, int fd, struct span btf)
{
	struct descriptor d;
	struct seeing *s = r->seeing;
	descriptor_read(s->kfs, r->call->pid, fd, &d);
	if (d.kind != DESCRIPTOR_BTF || !d.id || s->names.used + btf.n > KEPT_MAX)
		return;
	struct known *k = learn(r, DESCRIPTOR_BTF, d.id, 0, "types");
	uint8_t *copy = k ? arena_copy(&s->names, btf.p, btf.n) : NULL;
	if (copy)
		k->types = (struct span){copy, btf.n, btf.big};
}

struct span seen_types(const struct reading *r, int fd)
{
	struct descriptor d;
	descriptor_read(r->seeing->kfs, r->call->pid, fd, &d);
	const struct known *k = of_descriptor(r, &d, fd);
	return k ? k->types : (struct span){0};
}
