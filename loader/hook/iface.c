/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "iface.h"

#include "loader/kernel/kfs.h"

#include <stdlib.h>

enum {
	NAME_MAX_IFACE = 15,
	HEADER = 16, /* of a message: u32 length, u16 type, u16 flags, u32 sequence, u32 port */
	ATTR = 4,    /* of an attribute: u16 length, u16 type */
};

/* ---- the interface ---- */

/* What the kernel lets an interface be called. */
static bool is_name(const char *s, size_t n)
{
	bool dots = n <= 2 && !strncmp(s, "..", n);
	return n && n <= NAME_MAX_IFACE && !dots && !memchr(s, '/', n) && !memchr(s, ' ', n);
}

static void ask_number(struct planner *b, const struct hook_use *use, struct iface *i)
{
	struct plan_step like = use->like;
	const char *what = plan_text(b, arena_printf(b->plan->arena, "number of %s", i->name));
	like.doing = "find the interface";
	i->slot = plan_add_slot(b, SLOT_NUMBER, what);
	int16_t name = plan_add_blob(b, i->name, strlen(i->name) + 1, "name");
	struct plan_step *s = plan_step_at(b, plan_add_step(b, STEP_IFINDEX, 0, i->slot, &like));
	s->args[0].blob = name;
}

bool iface_open(struct planner *b, const struct hook_use *use, struct iface *i)
{
	char *end;
	size_t n = strcspn(use->arg, ":");
	const char *name = plan_text(b, arena_strndup(b->plan->arena, use->arg, n));
	*i = (struct iface){name, use->arg + n + (use->arg[n] == ':'), PLAN_NONE, 0};
	if (b->failed)
		return false;
	if (!is_name(name, n)) {
		hook_fail(b, NULL, "'%s' is no name of a network interface", name);
	} else {
		unsigned long number = strtoul(name, &end, 10);
		bool digits = !*end && *name >= '0' && *name <= '9';
		if (digits && (!number || number > INT32_MAX))
			hook_fail(b, NULL, "no network interface has the number %s", name);
		else if (digits)
			i->number = (uint32_t)number;
		else
			ask_number(b, use, i);
	}
	return !b->failed;
}

/* In net/route the destination follows the interface; that of the default route is 0. */
void iface_warn(struct planner *b, const struct hook_use *use, const struct iface *i)
{
	static const char routes[] = "self/net/route";
	struct plan_step like = use->like;
	like.doing = "look whether it is the way out";
	if (i->slot == PLAN_NONE)
		return;
	const char *words = plan_text(b, arena_printf(b->plan->arena, "%s 00000000", i->name));
	const char *note = plan_text(
		b, arena_printf(b->plan->arena,
			   "the default route leads through %s: what it drops may be your own "
			   "connection",
			   i->name));
	int16_t file = plan_add_blob(b, routes, sizeof routes, "file");
	int16_t pattern = plan_add_blob(b, words, strlen(words) + 1, "words");
	struct plan_step *s =
		plan_step_at(b, plan_add_step(b, STEP_EXPECT, KFS_PROC, PLAN_NONE, &like));
	s->args[0].blob = file;
	s->args[1].blob = pattern;
	s->flags |= STEP_OPTIONAL | STEP_CONFIRM;
	s->note = note;
	s->hint = "--for 30s: it is detached again after that time; --yes: for as long as you like";
}

void iface_set(struct planner *b, int16_t step, const char *field, const struct iface *i)
{
	if (i->slot == PLAN_NONE)
		attr_set(b, step, field, i->number);
	else
		attr_slot(b, step, field, i->slot);
}

/* ---- messages ---- */

/* All lengths are rounded up to 4 bytes. A message that is too long is a mistake of ours. */
static uint8_t *room(struct route_message *m, size_t n)
{
	uint8_t *p = m->bytes + m->n;
	n = (n + 3) & ~(size_t)3;
	if (n > sizeof m->bytes - m->n) {
		if (!m->b->failed)
			err_set(m->b->e, "a netlink message of more than %zu bytes",
				sizeof m->bytes);
		m->b->failed = true;
		return m->bytes;
	}
	m->n += n;
	return p;
}

static void put(struct route_message *m, unsigned size, uint64_t value, uint8_t *p)
{
	bytes_put(p, size, m->b->plan->big, value);
}

void route_start(struct route_message *m, struct planner *b, uint16_t type, uint16_t flags)
{
	*m = (struct route_message){.b = b};
	uint8_t *p = room(m, HEADER);
	put(m, 2, type, p + 4);
	put(m, 2, flags, p + 6);
}

void route_bytes(struct route_message *m, const void *bytes, size_t n)
{
	uint8_t *p = room(m, n);
	if (!m->b->failed)
		memcpy(p, bytes, n);
}

void route_u32(struct route_message *m, uint32_t value)
{
	put(m, 4, value, room(m, 4));
}

void route_slot(struct route_message *m, int16_t slot)
{
	if (m->n_patches == sizeof m->patches / sizeof *m->patches)
		m->b->failed = true;
	else
		m->patches[m->n_patches++] = (struct plan_patch){.at = (uint32_t)m->n,
			.size = 4,
			.what = PATCH_SLOT,
			.index = (uint16_t)slot};
	route_u32(m, 0);
}

void route_iface(struct route_message *m, const struct iface *i)
{
	if (i->slot == PLAN_NONE)
		route_u32(m, i->number);
	else
		route_slot(m, i->slot);
}

size_t route_open(struct route_message *m, uint16_t type)
{
	size_t start = m->n;
	uint8_t *p = room(m, ATTR);
	put(m, 2, ATTR, p);
	put(m, 2, type, p + 2);
	return start;
}

void route_close(struct route_message *m, size_t start)
{
	put(m, 2, m->n - start, m->bytes + start);
}

void route_attr_u32(struct route_message *m, uint16_t type, uint32_t value)
{
	size_t start = route_open(m, type);
	route_u32(m, value);
	route_close(m, start);
}

void route_attr_slot(struct route_message *m, uint16_t type, int16_t slot)
{
	size_t start = route_open(m, type);
	route_slot(m, slot);
	route_close(m, start);
}

/* The length of an attribute leaves the rounding out. */
void route_attr(struct route_message *m, uint16_t type, const void *bytes, size_t n)
{
	size_t start = route_open(m, type);
	route_bytes(m, bytes, n);
	if (!m->b->failed)
		put(m, 2, ATTR + n, m->bytes + start);
}

void route_attr_text(struct route_message *m, uint16_t type, const char *text)
{
	route_attr(m, type, text, strlen(text) + 1);
}

void route_send(struct route_message *m, int16_t step, const char *what)
{
	put(m, 4, m->n, m->bytes);
	int16_t blob = plan_add_blob(m->b, m->bytes, m->n, what);
	for (size_t i = 0; i < m->n_patches; i++)
		plan_add_patch(m->b, blob, m->patches[i]);
	struct plan_step *s = plan_step_at(m->b, step);
	s->args[0].blob = blob;
	s->args[1].value = NETLINK_ROUTE;
}
