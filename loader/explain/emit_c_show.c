/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What shows records, lines and maps, as C: a function for each source, and the loop that calls them. */
#include "emit_c_impl.h"

#include "elf/base/bpf_abi.h"
#include "elf/base/format.h"
#include "loader/show/table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool is_ring(const struct plan_map *m)
{
	return m->map_type == BPF_MAP_TYPE_RINGBUF && m->slot != PLAN_NONE;
}

static bool is_perf(const struct plan_map *m)
{
	return m->map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && m->slot != PLAN_NONE;
}

/* ---- records ---- */

static void put_head(const struct table *t, FILE *out)
{
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);
	if (f) {
		table_head(t, f);
		fclose(f);
	}
	emit_string(text ? text : "", n ? n - 1 : 0, "\t\t", out);
	free(text);
}

/* The row of a record, after the opening brace of its function. */
static bool put_row(struct emit *w, const struct table *t)
{
	for (unsigned i = 0; i < t->n; i++) {
		const struct table_col *c = &t->cols[i];
		const struct emit_value v = {"record", c->name, c->field, false};
		emit_use(w, PART_GAP);
		if (i)
			put_text(w->show, "\tgap(%u);\n", t->starts[i]);
		if (!emit_value(w, &v, &c->shape))
			return false;
	}
	put_text(w->show, "\tend_line();\n}\n");
	return true;
}

static bool put_records(struct emit *w, const struct plan_map *m)
{
	const char *name = emit_name(w, "show_", m->name);
	struct table t;
	if (m->n_record_types)
		return emit_refuse(w, "map '%s': it has records of several types", m->name);
	if (!table_make(
		    &t, w->has_btf ? &w->btf : NULL, m->event_type, "VALUE", NULL, w->arena, w->e))
		return false;
	if (!t.btf || !t.n)
		return emit_refuse(w, "map '%s': %s", m->name,
			t.btf ? "its records have too many members for columns"
			      : "the type of its records is unknown");
	emit_use(w, PART_HEAD);
	put_text(w->show, "\nstatic const char head_%s[] =\n\t", name);
	put_head(&t, w->show);
	put_text(w->show, ";\n\n/* The records in map '");
	emit_comment(m->name, w->show);
	put_text(w->show,
		"'. */\nstatic void %s(const unsigned char *record, size_t size)\n{\n"
		"\tif (size < %" PRIu64 ")\n\t\treturn;\n\thead(head_%s);\n",
		name, typed_shape(&w->btf, m->event_type).size, name);
	return put_row(w, &t);
}

/* ---- the loop ---- */

static bool prints(const struct plan *p)
{
	bool any = false;
	for (size_t i = 0; i < p->n_progs; i++)
		any |= p->progs[i].prints;
	return any;
}

/* Maps are shown if nothing else is; constants and what is marked as hidden are not. */
static bool is_shown(const struct emit *w, const struct plan_map *m)
{
	enum typed_unit unit;
	return m->slot != PLAN_NONE && !(m->data && m->frozen) &&
	       typed_variable(w->has_btf ? &w->btf : NULL, m->name, &unit) != TYPED_KERNEL;
}

static bool put_sources(struct emit *w, bool *any)
{
	const struct plan *p = w->p;
	*any = prints(p);
	for (size_t i = 0; i < p->n_progs; i++)
		if (p->progs[i].attach_type == BPF_TRACE_ITER && p->progs[i].link != PLAN_NONE)
			return emit_refuse(w,
				"program '%s': what iterators write can't be shown by "
				"the C program",
				p->progs[i].name);
	for (size_t i = 0; i < p->n_maps; i++) {
		if (is_perf(&p->maps[i]))
			return emit_refuse(w,
				"map '%s': records of perf buffers can't be shown by the "
				"C program",
				p->maps[i].name);
		if (is_ring(&p->maps[i]) && !put_records(w, &p->maps[i]))
			return false;
		*any |= is_ring(&p->maps[i]);
	}
	for (size_t i = 0; i < p->n_maps && !*any; i++)
		if (is_shown(w, &p->maps[i]) && !emit_map(w, &p->maps[i]))
			return false;
	return true;
}

static void put_open(struct emit *w, FILE *out)
{
	const struct plan *p = w->p;
	for (size_t i = 0; i < p->n_maps; i++)
		if (is_ring(&p->maps[i])) {
			const char *slot = w->slots[p->maps[i].slot];
			emit_use(w, PART_RING);
			put_text(out,
				"\tstruct ring ring_%s = {0};\n\tif (open_ring(&ring_%s, %s, "
				"%" PRIu32 "))\n\t\treturn 1;\n",
				slot, slot, slot, p->maps[i].max_entries);
		}
}

static void put_drain(struct emit *w, FILE *out)
{
	const struct plan *p = w->p;
	for (size_t i = 0; i < p->n_maps; i++)
		if (is_ring(&p->maps[i]))
			put_text(out, "\t\tdrain_ring(&ring_%s, %s);\n", w->slots[p->maps[i].slot],
				emit_name(w, "show_", p->maps[i].name));
	if (prints(p))
		put_text(out, "\t\tdrain_printk();\n");
}

static size_t count_rings(const struct plan *p)
{
	size_t n = 0;
	for (size_t i = 0; i < p->n_maps; i++)
		n += is_ring(&p->maps[i]);
	return n;
}

/* Records and lines: whenever there are some. */
static void put_event_loop(struct emit *w, FILE *out)
{
	const struct plan *p = w->p;
	size_t rings = count_rings(p);
	put_text(out, "\tstruct pollfd sources[] = {\n");
	for (size_t i = 0; i < p->n_maps; i++)
		if (is_ring(&p->maps[i]))
			put_text(out, "\t\t{%s, POLLIN, 0},\n", w->slots[p->maps[i].slot]);
	if (prints(p))
		put_text(out, "\t\t{printk, POLLIN, 0},\n");
	put_text(out, "\t};\n");
	for (size_t i = 0; i < p->n_maps && rings + prints(p) == 1; i++)
		if (is_ring(&p->maps[i]))
			put_text(out, "\thead(head_%s);\n", emit_name(w, "show_", p->maps[i].name));
	if (!rings)
		put_text(out, "\thead(head_printk);\n");
	put_text(out,
		"\tfor (int last = 0; !last;) {\n"
		"\t\tlast = stopped;\n"
		"\t\tif (!last)\n\t\t\tpoll(sources, sizeof sources / sizeof *sources, 200);\n");
	put_drain(w, out);
	put_text(out, "\t\tfflush(stdout);\n\t}\n");
}

/* Maps: every two seconds, and at the end. */
static void put_map_loop(struct emit *w, FILE *out)
{
	const char *between = "";
	put_text(out, "\tfor (int last = 0, again = 0; !last; again = 1) {\n"
		      "\t\tsleep(stopped ? 0 : 2);\n\t\tlast = stopped;\n"
		      "\t\tif (again)\n\t\t\tputchar('\\n');\n");
	for (size_t i = 0; i < w->p->n_maps; i++)
		if (is_shown(w, &w->p->maps[i])) {
			put_text(out, "%s\t\tshow_%s();\n", between, w->slots[w->p->maps[i].slot]);
			between = "\t\tputchar('\\n');\n";
		}
	put_text(out, "\t\tfflush(stdout);\n\t}\n");
}

static bool shows_maps(const struct emit *w)
{
	for (size_t i = 0; i < w->p->n_maps; i++)
		if (is_shown(w, &w->p->maps[i]))
			return true;
	return false;
}

bool emit_show(struct emit *w)
{
	bool events = false;
	if (!w->opt->silent && !put_sources(w, &events))
		return w->e->set && err_hint(w->e, "--silent writes a program that only loads and "
						   "attaches");
	put_text(w->show, "\nstatic int show(void)\n{\n");
	if (!w->opt->silent && prints(w->p))
		emit_use(w, PART_PRINTK);
	if (events) {
		put_open(w, w->show);
		put_event_loop(w, w->show);
	} else if (!w->opt->silent && shows_maps(w)) {
		put_map_loop(w, w->show);
	} else {
		put_text(w->show, "\twhile (!stopped)\n\t\tpause();\n");
	}
	put_text(w->show, "\treturn 0;\n}\n");
	return true;
}
