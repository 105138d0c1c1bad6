/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "rtnetlink.h"

enum {
	NAME_MAX_PROG = 40,
};

/* Reserves n bytes, rounded up to 4. Callers add a fixed number of bounded attributes: an overflow is
 * a bug. */
static uint8_t *reserve(struct rtnl_message *m, size_t n)
{
	uint8_t *p = m->bytes + m->n;
	n = (n + 3) & ~(size_t)3;
	if (n > sizeof m->bytes - m->n) {
		if (!m->b->failed)
			err_set(m->b->e, "netlink message longer than %zu bytes", sizeof m->bytes);
		m->b->failed = true;
		return m->bytes;
	}
	m->n += n;
	return p;
}

static void put(struct rtnl_message *m, unsigned size, uint64_t value, uint8_t *p)
{
	bytes_put(p, size, m->b->plan->big, value);
}

void rtnl_start(struct rtnl_message *m, struct plan_builder *b, uint16_t type, uint16_t flags)
{
	*m = (struct rtnl_message){.b = b};
	uint8_t *p = reserve(m, NLMSG_HEADER);
	put(m, 2, type, p + 4);
	put(m, 2, flags, p + 6);
}

void rtnl_bytes(struct rtnl_message *m, const void *bytes, size_t n)
{
	uint8_t *p = reserve(m, n);
	if (!m->b->failed)
		memcpy(p, bytes, n);
}

void rtnl_u32(struct rtnl_message *m, uint32_t value)
{
	put(m, 4, value, reserve(m, 4));
}

void rtnl_slot(struct rtnl_message *m, int16_t slot)
{
	if (m->n_patches == sizeof m->patches / sizeof *m->patches)
		m->b->failed = true;
	else
		m->patches[m->n_patches++] = (struct plan_patch){.at = (uint32_t)m->n,
			.size = 4,
			.what = PATCH_SLOT,
			.index = (uint16_t)slot};
	rtnl_u32(m, 0);
}

void rtnl_iface(struct rtnl_message *m, const struct iface *i)
{
	rtnl_slot(m, i->slot);
}

size_t rtnl_open(struct rtnl_message *m, uint16_t type)
{
	size_t start = m->n;
	uint8_t *p = reserve(m, NLA_HEADER);
	put(m, 2, NLA_HEADER, p);
	put(m, 2, type, p + 2);
	return start;
}

void rtnl_close(struct rtnl_message *m, size_t start)
{
	put(m, 2, m->n - start, m->bytes + start);
}

void rtnl_attr_u32(struct rtnl_message *m, uint16_t type, uint32_t value)
{
	size_t start = rtnl_open(m, type);
	rtnl_u32(m, value);
	rtnl_close(m, start);
}

void rtnl_attr_slot(struct rtnl_message *m, uint16_t type, int16_t slot)
{
	size_t start = rtnl_open(m, type);
	rtnl_slot(m, slot);
	rtnl_close(m, start);
}

/* The length of an attribute does not include its padding. */
void rtnl_attr(struct rtnl_message *m, uint16_t type, const void *bytes, size_t n)
{
	size_t start = rtnl_open(m, type);
	rtnl_bytes(m, bytes, n);
	if (!m->b->failed)
		put(m, 2, NLA_HEADER + n, m->bytes + start);
}

void rtnl_attr_text(struct rtnl_message *m, uint16_t type, const char *text)
{
	rtnl_attr(m, type, text, strlen(text) + 1);
}

/* The kernel only shows the name, so it may be cut. */
void rtnl_attr_prog_name(struct rtnl_message *m, uint16_t type, const struct hook_use *use)
{
	struct plan_builder *b = m->b;
	const char *name = b->failed ? "" : b->plan->slots[use->prog_slot].name;
	rtnl_attr_text(m, type, plan_text(b, arena_strndup(b->plan->arena, name, NAME_MAX_PROG)));
}

void rtnl_send(struct rtnl_message *m, int16_t step, const char *what)
{
	put(m, 4, m->n, m->bytes);
	int16_t blob = plan_add_blob(m->b, m->bytes, m->n, what);
	for (size_t i = 0; i < m->n_patches; i++)
		plan_add_patch(m->b, blob, m->patches[i]);
	struct plan_step *s = plan_step_at(m->b, step);
	s->args[0].blob = blob;
	s->args[1].value = NETLINK_ROUTE;
}
