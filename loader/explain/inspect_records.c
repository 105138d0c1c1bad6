/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "inspect_impl.h"

#include "elf/btf/btf_append.h"
#include "elf/records/layout.h"

bool find_records(struct inspection *in, struct err *e)
{
	struct object *o = &in->o;
	struct record_result *out = arena_array(in->arena, o->n_maps + o->n_funcs, sizeof *out);
	struct span types = o->has_btf ? o->btf.data : btf_empty(o->elf.file.big), shown;
	struct btf btf;
	if (!out)
		return err_nomem(e);
	if (!btf_open(&btf, types, NULL, in->arena, e) ||
		!records_find(o, &btf, in->opt->from, in->arena, out, &shown, e) ||
		!btf_open(&in->shown, shown, NULL, in->arena, e))
		return err_where(e, "%s", o->path);
	in->records = out;
	return true;
}

/* "DWARF of ../hello.o", or the same with "--event: " before it */
static const char *place_cell(struct inspection *in, const struct record_result *r)
{
	static const char *const from[] = {[ORIGIN_NONE] = "",
		[ORIGIN_BTF] = "BTF",
		[ORIGIN_DWARF] = "DWARF",
		[ORIGIN_FILE] = "types",
		[ORIGIN_KERNEL] = "types of the kernel"};
	const char *chosen = r->confidence == RECORD_CHOSEN ? "--event: " : "";
	return arena_printf(in->arena, "%s%s%s%s", chosen, from[r->origin], r->file ? " of " : "",
		r->file ? r->file : "");
}

/* "DWARF, guessed by size" */
static const char *origin_cell(struct inspection *in, const struct record_result *r)
{
	if (r->confidence == RECORD_DECLARED)
		return "declared";
	if (r->layout)
		return arena_printf(in->arena, "code, %zu of %zu fields certain",
			r->layout->n_known, layout_fields(r->layout));
	if (!r->type)
		return r->problem ? r->problem : "unknown";
	return arena_printf(in->arena, "%s%s", place_cell(in, r),
		r->confidence == RECORD_GUESS  ? ", guessed by size"
		: r->confidence == RECORD_ONLY ? ", by size"
					       : "");
}

static void list_fields(
	struct inspection *in, const char *map, const struct layout *layout, uint32_t type)
{
	static const char *const heads[] = {"map", "offset", "bytes", "type", "name", "note", NULL};
	struct listing l = listing(in->arena, "field", "fields inferred from the code", heads);
	struct btf_type t;
	btf_type(&in->shown, type, &t);
	for (uint32_t i = 0; i < t.vlen && i < layout->n; i++) {
		const struct layout_field *f = &layout->fields[i];
		char spelled[CELL];
		if (f->padding)
			continue;
		btf_spell(&in->shown, btf_member(&t, i).type, spelled, sizeof spelled);
		listing_row(&l, map, number_cell(in, f->off), number_cell(in, f->size), spelled,
			f->name,
			f->problem     ? f->problem
			: f->sure      ? ""
			: f->from_code ? "not certain"
				       : "not covered");
	}
	listing_print(&l, in->opt->json, in->out);
}

const char *sender_name(const struct inspection *in, size_t i)
{
	const struct object *o = &in->o;
	if (i < o->n_maps)
		return records_in(&o->maps[i]) ? o->maps[i].name : NULL;
	return in->records[i].record ? o->funcs[i - o->n_maps].name : NULL;
}

void show_records(struct inspection *in)
{
	static const char *const heads[] = {"map", "type", "bytes", "from", NULL};
	struct listing l = listing(in->arena, "record", "records", heads);
	size_t n = in->records ? in->o.n_maps + in->o.n_funcs : 0;
	for (size_t i = 0; i < n; i++) {
		const struct record_result *r = &in->records[i];
		const char *name = sender_name(in, i);
		if (!name)
			continue;
		listing_row(&l, name, r->name, number_cell(in, r->size ? r->size : r->record),
			origin_cell(in, r));
		for (size_t k = 0; k < r->n_others; k++)
			if (r->others[k].sent)
				listing_row(&l, name, r->others[k].name,
					number_cell(in, r->others[k].size), "also sent");
	}
	listing_print(&l, in->opt->json, in->out);
	for (size_t i = 0; i < n; i++) {
		const struct record_result *r = &in->records[i];
		const char *name = sender_name(in, i);
		if (name && r->layout)
			list_fields(in, name, r->layout, r->type);
		for (size_t k = 0; name && k < r->n_others; k++)
			if (r->others[k].layout)
				list_fields(in, name, r->others[k].layout, r->others[k].type);
	}
}
