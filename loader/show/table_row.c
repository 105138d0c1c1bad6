/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Records in columns, and as JSON. */
#include "table.h"

void table_row(const struct table *t, FILE *out, struct span record)
{
	char text[ROW_ROOM];
	struct typed_out o = {.file = out, .buffer = text, .room = sizeof text};
	if (!t->btf) {
		typed_dump(out, "", record, TABLE_DUMP_MAX);
		return;
	}
	if (t->named)
		typed_process(t->btf, t->type, record);
	for (size_t i = 0; (i = row_cells(&o, t->values, t->starts, i, t->n, record)) < t->n; i++) {
		if (i)
			row_gap(&o, t->starts[i]);
		typed_shaped(&o, t->btf, &t->cols[i].shape, t->cols[i].field, record);
	}
	if (!t->n)
		typed_text(&o, t->btf, (struct typed_field){.type = t->type, .open = true}, record,
			false);
	typed_put(&o, "\n", 1);
	typed_flush(&o);
}

bool table_make_json(
	struct table *t, const struct json_label *label, struct arena *a, struct err *e)
{
	const struct json_source record = {.btf = t->btf, .type = t->type, .fields = t->fields};
	return json_row_make(&t->json, label, &record, 1, a, e);
}

void table_json(const struct table *t, FILE *out, struct span record)
{
	if (t->named)
		typed_process(t->btf, t->type, record);
	json_row_print(&t->json, out, &record);
}
