/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arbitrary bytes as a recording of a boot: it is rejected, or can be printed and drawn. */
#include <stdio.h>
#include <stdlib.h>

#include "loader/boot/timeline.h"
#include "harness.h"

enum { OPENED, ROWS, FILTERED, DRAWN, LOST };
struct goal goals[] = {[OPENED] = {.name = "opened"},
	[ROWS] = {.name = "records"},
	[FILTERED] = {.name = "filtered"},
	[DRAWN] = {.name = "drawn"},
	[LOST] = {.name = "ended"},
	{0}};

enum { WIDTH = 80, ROWS_SHOWN = 5 };

void fuzz_input(const uint8_t *data, size_t size)
{
	FILE *out = nowhere();
	struct span bytes = {data, size, false};
	struct arena a = {0}, b = {0};
	struct replay r;
	struct timeline t;
	struct row_filter where;
	struct err e = {0};
	bool ok = replay_open(&r, "x", bytes, NULL, &a, &e);
	if (ok == e.set)
		abort();
	if (reach(OPENED, ok)) {
		reach(ROWS, r.n_rows != 0);
		reach(LOST, r.ended);
		replay_print(&r, false, out, out);
		replay_print(&r, true, out, out);
	}
	if (ok && reach(DRAWN, timeline_make(&t, &r, &e))) {
		timeline_text(&t, WIDTH, ROWS_SHOWN, &a, out, &e);
		timeline_svg(&t, ROWS_SHOWN, &a, out, &e);
	}
	e = (struct err){0};
	if (ok && row_filter_parse(&where, "pid == 7 || name ~ x", &b, &e))
		reach(FILTERED, replay_open(&r, "x", bytes, &where, &b, &e));
	free_small(&a);
	free_small(&b);
}
