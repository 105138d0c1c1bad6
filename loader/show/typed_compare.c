/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "typed_impl.h"

#include <string.h>

static int compare_bytes(struct span x, struct span y)
{
	size_t n = x.n < y.n ? x.n : y.n;
	int order = n ? memcmp(x.p, y.p, n) : 0;
	return order ? order : (x.n > y.n) - (x.n < y.n);
}

static int compare(const struct btf *b, struct typed_field f, struct span x, struct span y,
	unsigned depth, unsigned *nodes)
{
	struct typed_shape s = typed_field_shape(b, f);
	uint64_t v, u;
	const char *name;
	struct typed_field part;
	if (typed_shape_number(&s, f, x, &v) && typed_shape_number(&s, f, y, &u)) {
		if (s.is_signed)
			return ((int64_t)v > (int64_t)u) - ((int64_t)v < (int64_t)u);
		return (v > u) - (v < u);
	}
	if (s.kind == TYPED_STRING) {
		struct typed_walk wx = {.b = b, .rec = x}, wy = {.b = b, .rec = y};
		bool missing;
		return compare_bytes(
			typed_string(&wx, &s, f, &missing), typed_string(&wy, &s, f, &missing));
	}
	if (s.kind != TYPED_STRUCT || depth >= BTF_DEPTH)
		return compare_bytes(typed_bytes(&s, f, x), typed_bytes(&s, f, y));
	for (uint32_t i = 0; *nodes && typed_part(&s, f, i, &name, &part); i++) {
		--*nodes;
		int order = compare(b, part, x, y, depth + 1, nodes);
		if (order)
			return order;
	}
	return 0;
}

int typed_compare(const struct btf *b, struct typed_field f, struct span x, struct span y)
{
	unsigned nodes = TYPED_TEXT_NODES;
	return compare(b, f, x, y, 0, &nodes);
}
