/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "record_kind.h"

#include "elf/base/bpf_abi.h"

/* A perf buffer pads each record, together with the 4-byte length before it, to 8 bytes. */
int record_kind(const struct plan_map *m, struct span record)
{
	bool perf = m->map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY;
	for (size_t i = 0; i < m->n_record_types; i++) {
		const struct plan_record_type *t = &m->record_types[i];
		size_t size = t->size;
		if (t->tag_size &&
			(t->tag_size > 8 || span_uint(record, t->tag_off, t->tag_size) != t->tag))
			continue;
		if (size == record.n || (perf && (size + 4 + 7) / 8 * 8 == record.n + 4))
			return (int)i;
	}
	return -1;
}
