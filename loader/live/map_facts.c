/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_facts.h"

#include "loader/plan/abi.h"

bool map_facts(struct live *l, const struct live_map *m, struct err *e)
{
	struct bpf_map_info i = {0};
	uint32_t size = sizeof i;
	char text[300];
	long r = sys_info(l->kernel->watch, m->fd, &i, &size);
	if (r < 0)
		return err_sys(e, (int)-r, "map '%s'", m->name);
	struct facts f = facts_open(l, "map", m->id, m->name);
	facts_text(&f, "type", abi_nick(ABI_MAP_TYPES, i.type, text));
	if (l->json)
		facts_number(&f, "flags", i.map_flags);
	else
		facts_text(&f, "flags", abi_expr(ABI_MAP_FLAGS, i.map_flags, text, sizeof text));
	facts_number(&f, "bytes_key", i.key_size);
	facts_number(&f, "bytes_value", i.value_size);
	facts_number(&f, "max_entries", i.max_entries);
	facts_fdinfo(&f, "bytes_memlock", m->fd, "\nmemlock:");
	facts_fdinfo(&f, "frozen", m->fd, "\nfrozen:");
	if (i.map_extra)
		facts_number(&f, "map_extra", i.map_extra);
	if (i.ifindex)
		facts_number(&f, "ifindex", i.ifindex);
	if (i.btf_id)
		facts_number(&f, "btf_id", i.btf_id);
	for (int value = 0; value < 2; value++) {
		uint32_t type = value ? m->value_type : m->key_type;
		if (type && !m->data)
			btf_spell(&m->btf, type, text, sizeof text);
		if (type && !m->data)
			facts_text(&f, value ? "value_type" : "key_type", text);
	}
	facts_close(&f);
	return true;
}
