/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_shapes.h"

#include "elf/base/format.h"
#include "loader/plan/abi.h"
#include "loader/show/listing.h"

#include <errno.h>
#include <inttypes.h>

const char *map_shape_text(size_t i, uint64_t value, char buf[static 48])
{
	text_print(buf, 48, "%" PRIu64, value);
	return i ? buf : abi_nick(ABI_MAP_TYPES, value, buf);
}

void map_shapes_print(const struct exec *x, size_t i, FILE *out)
{
	static const char *const heads[] = {"field", "pinned", "object", "differs", NULL};
	const struct plan_step *s = &x->plan->steps[i];
	struct listing l = listing(x->arena, "map", s->who, heads);
	struct map_comparison d;
	char found[48], planned[48];
	if (s->op != STEP_SAME || x->outcomes[i] != EEXIST ||
		exec_compare_map(
			x, exec_fd(x, s->args[0].slot), &x->plan->steps[s->args[1].value], &d))
		return;
	for (size_t k = 0; k < MAP_SHAPE; k++)
		listing_row(&l, d.fields[k].field, map_shape_text(k, d.fields[k].found, found),
			map_shape_text(k, d.fields[k].planned, planned),
			d.fields[k].differs ? "yes" : "");
	listing_print(&l, false, out);
	fputc('\n', out);
}
