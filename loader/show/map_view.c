/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_view_impl.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "loader/plan/abi.h"

enum {
	CPU_COLS = 8,  /* more CPUs than that are a list */
	TEXT_MAX = 40, /* of a cell that is not the last one of its row */
	CELL_MIN = 8,  /* what text has at least, however narrow the terminal is */
	SYMBOL_MAX = 600,
	NAMED_MAX = 4096,        /* keys that are looked up before they are known to be addresses */
	RATE_MIN_NS = 100000000, /* what is said of a shorter time says nothing of a second */
	GAP = 2,
	DUMP_MAX = 256, /* bytes of a lone value without a type */
};

/*
 * Keys of LPM_TRIE: u32 bits that count, then the address. Four and sixteen bytes of it are taken
 * for IPv4 and IPv6, whatever the program calls them.
 */
enum { PREFIX_BITS = 4, IP4 = 4, IP6 = 16 };

/* Words that say that a number is no counter: an instant, a limit, a name. */
static bool is_no_count(const char *name)
{
	static const char *const words[] = {"time", "times", "timestamp", "timestamps", "ts",
		"stamp", "start*", "begin*", "last*", "first*", "seen", "since", "deadline",
		"expire*", "min", "max", "avg", "mean", "limit", "id", "pid", "tgid", "ppid", "tid",
		"uid", "gid", "port", "sport", "dport", "addr", "ip", "flags", "mark", "ino",
		"state", "cpu", "cookie", "ifindex", "mode", "type", "nr", "config", "conf"};
	while (*name) {
		size_t n = strcspn(name, "_. ");
		for (unsigned i = 0; i < sizeof words / sizeof *words; i++) {
			size_t len = strlen(words[i]);
			bool prefix = words[i][len - 1] == '*';
			if (prefix ? n >= len - 1 && !strncmp(name, words[i], len - 1)
				   : n == len && !strncmp(name, words[i], len))
				return true;
		}
		name += n + (name[n] != 0);
	}
	return false;
}

static bool is_prefix(const struct view *w)
{
	size_t address = w->now->key_size - PREFIX_BITS;
	return w->v->info->type == BPF_MAP_TYPE_LPM_TRIE && (address == IP4 || address == IP6);
}

static bool is_counter(const struct view *w, const struct table_col *c)
{
	const char *name = strcmp(c->name, "value") ? c->name : w->v->info->name;
	uint64_t size = w->value.btf ? c->shape.size : w->now->value_size;
	return (c->kind == TYPED_INT || c->kind == TYPED_TIME || c->kind == TYPED_NONE) &&
	       !c->is_signed && !c->field.bit_size && (size == 4 || size == 8) &&
	       !is_no_count(name);
}

/* Without a type a whole record is one column. */
static bool make_columns(struct view *w, struct table *t, uint32_t type, size_t size,
	const char *head, struct err *e)
{
	if (!table_make(t, size ? w->v->btf : NULL, type, head, w->a, e))
		return false;
	if (t->n || !size)
		return true;
	struct table_col *c = arena_array(w->a, 1, sizeof *c);
	if (!c)
		return err_nomem(e);
	c->name = "value";
	c->head = head;
	c->field = (struct typed_field){.type = t->btf ? type : 0};
	c->shape = typed_shape(t->btf, type);
	c->kind = c->shape.kind;
	t->cols = c;
	t->n = 1;
	return true;
}

static const char *value_head(uint32_t map_type)
{
	switch (map_type) {
	case BPF_MAP_TYPE_PROG_ARRAY:
		return "PROG_ID";
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_HASH_OF_MAPS:
		return "MAP_ID";
	case BPF_MAP_TYPE_STACK_TRACE:
		return "STACK";
	default:
		return "VALUE";
	}
}

/* The kernel gives ids for what programs see as pointers: the declared type says nothing then. */
static bool holds_ids(uint32_t map_type)
{
	return map_type == BPF_MAP_TYPE_PROG_ARRAY || map_type == BPF_MAP_TYPE_ARRAY_OF_MAPS ||
	       map_type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

static bool is_percpu(const struct view *w)
{
	return map_is_percpu(w->v->info->type);
}

/* A per-CPU value that is a single number. */
static bool is_plain_number(const struct view *w)
{
	const struct table_col *c = w->value.cols;
	if (w->value.n != 1 || c->field.bit_off || c->field.bit_size)
		return false;
	uint64_t v;
	return c->kind == TYPED_INT || c->kind == TYPED_TIME ||
	       (!w->value.btf && w->now->n &&
		       typed_number(NULL, c->field, map_value(w->now, 0, 0), &v));
}

static void add_column(struct view *w, enum what what, const struct table_col *c, const char *head)
{
	if (w->n_columns == COLS)
		return;
	bool number = !c || c->kind == TYPED_INT || c->kind == TYPED_NET || c->kind == TYPED_TIME ||
	              c->kind == TYPED_HEX || c->kind == TYPED_FLOAT;
	if (c && c->kind == TYPED_NONE) { /* RAW numbers as well */
		size_t size = what == KEY ? w->now->key_size : w->now->value_size;
		number = size == 1 || size == 2 || size == 4 || size == 8;
	}
	w->columns[w->n_columns++] = (struct column){
		.what = what, .col = c, .head = head, .right = number && what != CPUS};
}

/* Per-CPU values that are nothing but counters say all by their sums. */
static bool only_sums(const struct view *w)
{
	for (unsigned i = 0; i < w->value.n; i++)
		if (!is_counter(w, &w->value.cols[i]))
			return false;
	return !w->v->cpus;
}

static void add_values(struct view *w)
{
	bool plain = is_percpu(w) && is_plain_number(w);
	if (is_percpu(w) && !plain && !only_sums(w))
		add_column(w, WHICH, NULL, "CPU");
	for (unsigned i = 0; i < w->value.n; i++) {
		const struct table_col *c = &w->value.cols[i];
		add_column(w, plain ? SUM : VALUE, c, plain ? "TOTAL" : c->head);
		if (c == w->counter && w->before && c->kind != TYPED_TIME)
			add_column(w, RATE, c, "");
	}
	if (!plain || !w->v->cpus)
		return;
	const struct table_col *c = w->value.cols;
	if (w->now->cpus > CPU_COLS) {
		add_column(w, CPUS, c, "CPU:VALUE");
		return;
	}
	for (unsigned cpu = 0; cpu < w->now->cpus; cpu++) {
		char *head = arena_printf(w->a, "CPU%u", cpu);
		add_column(w, ON_CPU, c, head ? head : "CPU");
		w->columns[w->n_columns - 1].cpu = cpu;
	}
}

/* Numbers. */

static uint64_t number_on(const struct view *w, const struct map_entries *s,
	const struct table_col *c, size_t entry, unsigned cpu)
{
	uint64_t v = 0;
	typed_number(w->value.btf, c->field, map_value(s, entry, cpu), &v);
	return v;
}

uint64_t view_sum(
	const struct view *w, const struct map_entries *s, const struct table_col *c, size_t entry)
{
	uint64_t sum = 0;
	for (unsigned cpu = 0; cpu < s->cpus; cpu++)
		sum += number_on(w, s, c, entry, cpu);
	return sum;
}

static bool is_zero(const struct map_entries *s, size_t entry, int cpu)
{
	size_t n = cpu == ALL_CPUS ? s->stride * s->cpus : s->value_size;
	const uint8_t *p = map_value(s, entry, cpu == ALL_CPUS ? 0 : (unsigned)cpu).p;
	return !n || (!p[0] && !memcmp(p, p + 1, n - 1));
}

/* What a counter has gained since the earlier snapshot; an entry that is new counts from zero. */
static uint64_t growth(const struct view *w, size_t entry, int cpu)
{
	const struct map_entries *old = w->before;
	size_t was = old->key_size ? map_find(old, map_key(w->now, entry).p) : SIZE_MAX;
	bool all = cpu == ALL_CPUS || !is_percpu(w) || is_plain_number(w);
	uint64_t now = all ? view_sum(w, w->now, w->counter, entry)
	                   : number_on(w, w->now, w->counter, entry, (unsigned)cpu);
	uint64_t then = 0;
	if (was != SIZE_MAX && old->cpus == w->now->cpus)
		then = all ? view_sum(w, old, w->counter, was)
		           : number_on(w, old, w->counter, was, (unsigned)cpu);
	return now > then ? now - then : 0;
}

static void rate_text(struct typed_out *o, const struct view *w, size_t entry, int cpu)
{
	uint64_t more = growth(w, entry, cpu);
	if (!more || w->elapsed < RATE_MIN_NS)
		return;
	double rate = (double)more * 1e9 / (double)w->elapsed;
	typed_printf(o, rate < 9.95 ? "+%.1f/s" : "+%.0f/s", rate);
}

/* Cells. */

/* Of a map of stacks itself: the kernel's functions by their names; whose the others are is not
 * known here. */
static void stack_text(struct typed_out *o, const struct view *w, struct span value)
{
	const struct btf_notes *notes = w->v->btf ? w->v->btf->notes : NULL;
	const struct address_names *names = notes ? notes->names : NULL;
	char name[SYMBOL_MAX];
	for (size_t i = 0; i + 8 <= value.n && span_u64(value, i); i += 8) {
		uint64_t address = span_u64(value, i);
		typed_printf(o, i ? " " : "");
		if (names && address >> 63 &&
			names->address(names->ctx, false, address, name, sizeof name))
			typed_put(o, name, strlen(name));
		else
			typed_printf(o, "0x%" PRIx64, address);
	}
}

static void prefix_text(struct typed_out *o, struct span key)
{
	char text[INET6_ADDRSTRLEN];
	int family = key.n == PREFIX_BITS + IP4 ? AF_INET : AF_INET6;
	if (inet_ntop(family, key.p + PREFIX_BITS, text, sizeof text))
		typed_printf(o, "%s/%" PRIu32, text, span_u32(key, 0));
}

static void value_text(struct typed_out *o, const struct view *w, const struct table *t,
	const struct table_col *c, struct span record)
{
	uint64_t v;
	if (!t->btf && t == &w->value && w->v->info->type == BPF_MAP_TYPE_STACK_TRACE)
		stack_text(o, w, record);
	else if (!t->btf && typed_number(NULL, c->field, record, &v))
		typed_printf(o, "%" PRIu64, v);
	else
		table_cell(t, c, o, record);
}

/* Names in a value: of the process that it tells, or else the key. */
static void find_process(const struct view *w, size_t entry)
{
	if (w->value.named &&
		!typed_process(w->value.btf, w->value.type, map_value(w->now, entry, 0)))
		typed_process(w->key.btf, w->key.type, map_key(w->now, entry));
}

static void list_cpus(
	struct typed_out *o, const struct view *w, const struct table_col *c, size_t entry)
{
	for (unsigned cpu = 0; cpu < w->now->cpus; cpu++) {
		if (is_zero(w->now, entry, (int)cpu))
			continue;
		typed_printf(o, "%s%u:", o->cols ? " " : "", cpu);
		value_text(o, w, &w->value, c, map_value(w->now, entry, cpu));
	}
}

static void number_text(struct typed_out *o, const struct table_col *c, uint64_t v)
{
	if (c->kind == TYPED_TIME)
		typed_time(o, v, c->shape.unit);
	else if (c->is_signed)
		typed_printf(o, "%" PRId64, (int64_t)v);
	else
		typed_printf(o, "%" PRIu64, v);
}

void view_cell(struct typed_out *o, const struct row *r, const struct column *c)
{
	const struct view *w = r->view;
	switch (c->what) {
	case KEY:
		if (w->key.named)
			typed_process(w->key.btf, w->key.type, map_key(w->now, r->entry));
		if (is_prefix(w))
			prefix_text(o, map_key(w->now, r->entry));
		else
			value_text(o, w, &w->key, c->col, map_key(w->now, r->entry));
		break;
	case VALUE:
		find_process(w, r->entry);
		if (r->cpu != ALL_CPUS)
			value_text(o, w, &w->value, c->col,
				map_value(w->now, r->entry, (unsigned)r->cpu));
		else if (is_counter(w, c->col))
			number_text(o, c->col, view_sum(w, w->now, c->col, r->entry));
		break;
	case SUM:
		number_text(o, c->col, view_sum(w, w->now, c->col, r->entry));
		break;
	case ON_CPU:
		value_text(o, w, &w->value, c->col, map_value(w->now, r->entry, c->cpu));
		break;
	case CPUS:
		list_cpus(o, w, c->col, r->entry);
		break;
	case WHICH:
		if (r->cpu == ALL_CPUS)
			typed_printf(o, "all");
		else
			typed_printf(o, "%d", r->cpu);
		break;
	case RATE:
		rate_text(o, w, r->entry, r->cpu);
		break;
	}
}

/* A cell in at most max columns (0: any number); what is cut ends in "...". Returns its width. */
static size_t fit_cell(FILE *out, const struct row *r, const struct column *c, size_t max)
{
	struct typed_out o = {.max = max};
	view_cell(&o, r, c);
	if (!out)
		return o.cut ? max : o.cols;
	if (!o.cut) {
		o = (struct typed_out){.file = out};
		view_cell(&o, r, c);
		return o.cols;
	}
	o = (struct typed_out){.file = out, .max = max > 3 ? max - 3 : 1};
	view_cell(&o, r, c);
	fputs("...", out);
	return o.cols + 3;
}

/* Rows. */

int view_by_key(const struct row *x, const struct row *y)
{
	const struct view *w = x->view;
	if (w->access == MAP_INDEX)
		return (x->entry > y->entry) - (x->entry < y->entry);
	struct typed_field whole = {.type = w->key.btf ? w->v->key_type : 0};
	struct span a = map_key(w->now, x->entry), b = map_key(w->now, y->entry);
	if (is_prefix(w)) {
		int order = memcmp(a.p + PREFIX_BITS, b.p + PREFIX_BITS, a.n - PREFIX_BITS);
		return order ? order : (int)span_u32(a, 0) - (int)span_u32(b, 0);
	}
	return typed_compare(w->key.btf, whole, a, b);
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	if (x->number != y->number)
		return x->number > y->number ? -1 : 1;
	int order = x->entry == y->entry ? 0 : view_by_key(x, y);
	if (!order)
		order = (x->entry > y->entry) - (x->entry < y->entry);
	return order ? order : (x->cpu > y->cpu) - (x->cpu < y->cpu);
}

/* A row an entry; of per-CPU values that are no plain numbers one for each CPU and for the sums. */
static bool make_rows(struct view *w, struct err *e)
{
	const struct map_entries *s = w->now;
	bool split = is_percpu(w) && !is_plain_number(w);
	bool sums = false;
	for (unsigned i = 0; i < w->value.n; i++)
		sums |= split && is_counter(w, &w->value.cols[i]);
	w->rows = arena_array(w->a, s->n, (split ? s->cpus + 1 : 1) * sizeof *w->rows);
	if (!w->rows)
		return err_nomem(e);
	for (size_t i = 0; i < s->n; i++) {
		if (w->access == MAP_INDEX && s->n > 1 && !w->v->zeros &&
			!holds_ids(w->v->info->type) && is_zero(s, i, ALL_CPUS)) {
			w->hidden++;
			continue;
		}
		struct row row = {w, i, split ? ALL_CPUS : 0, 0};
		if (w->by_counter)
			row.number = view_sum(w, s, w->counter, i);
		if (!split || sums)
			w->rows[w->n_rows++] = row;
		if (split && only_sums(w))
			continue;
		for (row.cpu = 0; split && row.cpu < (int)s->cpus; row.cpu++)
			if (!is_zero(s, i, row.cpu) ||
				(!sums && !row.cpu && is_zero(s, i, ALL_CPUS)))
				w->rows[w->n_rows++] = row;
	}
	qsort(w->rows, w->n_rows, sizeof *w->rows, compare_rows);
	return true;
}

/* Keys that are all addresses of functions in the kernel, whatever their type says. */
static void find_addresses(struct view *w, struct table_col *c)
{
	const struct btf_notes *notes = w->key.btf ? w->key.btf->notes : NULL;
	const struct address_names *names = notes ? notes->names : NULL;
	char name[8];
	uint64_t v;
	bool fits = (c->kind == TYPED_INT || c->kind == TYPED_PTR) && c->shape.size == 8;
	if (!names || !fits || !w->now->n || w->now->n > NAMED_MAX)
		return;
	for (size_t i = 0; i < w->now->n; i++)
		if (!typed_number(w->key.btf, c->field, map_key(w->now, i), &v) ||
			v >> 48 != 0xffff ||
			!names->address(names->ctx, false, v, name, sizeof name))
			return;
	c->kind = c->shape.kind = TYPED_KADDR;
	w->key.named = true;
}

static bool start(struct view *w, struct err *e)
{
	const struct map_info *info = w->v->info;
	w->access = map_access(info->type);
	const char *key_head = w->access == MAP_INDEX ? "INDEX" : "KEY";
	if (!make_columns(w, &w->key, w->v->key_type, w->now->key_size, key_head, e))
		return false;
	uint32_t value_type = holds_ids(info->type) ? 0 : w->v->value_type;
	if (!w->now->no_values && !make_columns(w, &w->value, value_type, w->now->value_size,
					  value_head(info->type), e))
		return false;
	if (w->value.n && !holds_ids(info->type) && w->access != MAP_PEEK)
		for (unsigned i = 0; i < w->value.n && !w->counter; i++)
			if (is_counter(w, &w->value.cols[i]))
				w->counter = &w->value.cols[i];
	for (unsigned i = 0; i < w->key.n; i++)
		find_addresses(w, &w->key.cols[i]);
	bool tree = info->type == BPF_MAP_TYPE_LPM_TRIE;
	w->by_counter = w->access == MAP_WALK && !tree && w->counter && w->counter == w->value.cols;
	for (unsigned i = 0; i < w->key.n && !is_prefix(w); i++)
		add_column(w, KEY, &w->key.cols[i], w->key.cols[i].head);
	if (is_prefix(w)) {
		add_column(w, KEY, NULL, "PREFIX");
		w->columns[0].right = false;
	}
	add_values(w);
	return make_rows(w, e);
}

/* Text. */

void view_name(FILE *out, const char *name)
{
	struct typed_out o = {.file = out};
	typed_chars(&o, (struct span){(const uint8_t *)name, strlen(name), false}, false);
}

static void title(FILE *out, const struct view *w)
{
	const struct map_entries *s = w->now;
	view_name(out, w->v->info->name);
	if (w->access == MAP_PEEK)
		fprintf(out, ": next element%s", s->n ? "" : " (empty)");
	else if (holds_ids(w->v->info->type))
		fprintf(out, ": %zu of %" PRIu32 " slots filled", s->n, w->v->info->max_entries);
	else if (w->access == MAP_INDEX && w->hidden == s->n && s->n)
		fprintf(out, ": %zu slots, all zero", s->n);
	else if (w->access == MAP_INDEX && w->hidden)
		fprintf(out, ": %zu of %zu slots are not zero", s->n - w->hidden, s->n);
	else if (w->access == MAP_INDEX && s->n)
		fprintf(out, ": %zu slot%s", s->n, s->n == 1 ? "" : "s");
	else if (s->n)
		fprintf(out, ": %zu entr%s", s->n, s->n == 1 ? "y" : "ies");
	else
		fputs(": (empty)", out);
	if (s->no_values)
		fputs(" (the kernel shows no values of such a map)", out);
	if (s->odd_hidden)
		fputs(" (a 32-bit kernel shows only the even ones)", out);
	if (s->incomplete)
		fputs(" (changed while it was read: some may be missing)", out);
	fputc('\n', out);
}

static size_t shown_rows(const struct view *w)
{
	return w->v->rows && w->n_rows > w->v->rows ? w->v->rows : w->n_rows;
}

static size_t total_width(const struct view *w)
{
	size_t total = 0;
	for (unsigned i = 0; i < w->n_columns; i++)
		total += w->columns[i].width + (i ? GAP : 0);
	return total;
}

/* Takes from the widest column of text until a line fits the terminal; numbers stay whole. */
static void shrink(struct view *w)
{
	size_t total = total_width(w);
	while (w->v->width && total > w->v->width) {
		struct column *widest = NULL;
		for (unsigned i = 0; i < w->n_columns; i++) {
			struct column *c = &w->columns[i];
			if (!c->right && c->width > CELL_MIN && c->width > strlen(c->head) &&
				(!widest || c->width > widest->width))
				widest = c;
		}
		if (!widest)
			break;
		widest->width--;
		total--;
	}
}

/* What still doesn't fit goes on below. */
static void wrap(struct view *w)
{
	size_t end = 0;
	for (unsigned i = 0; w->v->width && i < w->n_columns; i++) {
		struct column *c = &w->columns[i];
		c->wraps = i && end + GAP + c->width > w->v->width;
		end = c->wraps ? GAP + c->width : end + (i ? GAP : 0) + c->width;
	}
}

/* Every column as wide as what is shown in it; without a terminal the last one is never cut. */
static void measure(struct view *w)
{
	for (unsigned i = 0; i < w->n_columns; i++) {
		struct column *c = &w->columns[i];
		bool last = i + 1 == w->n_columns;
		size_t max = last ? w->v->width : TEXT_MAX;
		c->width = strlen(c->head);
		for (size_t k = 0; k < shown_rows(w); k++) {
			size_t n = fit_cell(NULL, &w->rows[k], c, max);
			c->width = n > c->width ? n : c->width;
		}
	}
	shrink(w);
	wrap(w);
}

static void blanks(FILE *out, size_t n)
{
	while (n--)
		fputc(' ', out);
}

/*
 * One line: the heads (r NULL) or a row. Blanks are held back until something follows, so that no
 * line ends in them.
 */
static void line(FILE *out, const struct view *w, const struct row *r)
{
	size_t owed = 0;
	bool below = false;
	for (unsigned i = 0; i < w->n_columns; i++) {
		const struct column *c = &w->columns[i];
		size_t n = r ? fit_cell(NULL, r, c, c->width) : strlen(c->head);
		if (c->wraps) {
			below = true;
			owed = GAP;
		}
		if (!n) {
			owed += c->width + GAP;
			continue;
		}
		size_t fill = c->width > n ? c->width - n : 0;
		if (below)
			fputc('\n', out);
		below = false;
		blanks(out, owed + (c->right ? fill : 0));
		if (r) {
			fit_cell(out, r, c, c->width);
		} else {
			struct typed_out o = {.file = out};
			typed_chars(&o, (struct span){(const uint8_t *)c->head, n, false}, false);
		}
		owed = GAP + (c->right ? 0 : fill);
	}
	fputc('\n', out);
}

/* "name: value", with the rate of a counter. */
static void lone_value(FILE *out, const struct view *w)
{
	struct span value = map_value(w->now, 0, 0);
	view_name(out, w->v->info->name);
	if (!w->value.btf && value.n > 8) {
		fprintf(out, ": %zu bytes\n", value.n);
		typed_dump(out, "  ", value, DUMP_MAX);
		return;
	}
	fputs(": ", out);
	struct typed_out o = {.file = out};
	if (w->value.btf)
		typed_text(&o, w->value.btf, (struct typed_field){.type = w->v->value_type}, value,
			true);
	else
		value_text(&o, w, &w->value, w->value.cols, value);
	if (w->counter && w->before && growth(w, 0, 0)) {
		fputs("  ", out);
		rate_text(&o, w, 0, 0);
	}
	fputc('\n', out);
}

static void variable_rate(FILE *out, const struct view *w, const char *name, struct typed_field f)
{
	struct typed_shape s = typed_field_shape(w->v->btf, f);
	uint64_t now, then;
	if (!w->before || !w->before->n || w->elapsed < RATE_MIN_NS || s.kind != TYPED_INT ||
		s.is_signed || is_no_count(name) ||
		!typed_number(w->v->btf, f, map_value(w->now, 0, 0), &now) ||
		!typed_number(w->v->btf, f, map_value(w->before, 0, 0), &then) || now <= then)
		return;
	struct typed_out o = {.file = out};
	double rate = (double)(now - then) * 1e9 / (double)w->elapsed;
	typed_printf(&o, rate < 9.95 ? "  +%.1f/s" : "  +%.0f/s", rate);
}

static void variable(FILE *out, const struct view *w, const char *name, struct typed_field f)
{
	struct span value = map_value(w->now, 0, 0);
	size_t max = w->v->width;
	fputs("  ", out);
	struct typed_out o = {.file = out, .cols = 2};
	typed_chars(&o, (struct span){(const uint8_t *)name, strlen(name), false}, false);
	typed_printf(&o, " = ");
	struct typed_out try = {.cols = o.cols, .max = max > o.cols + CELL_MIN ? max : 0};
	typed_text(&try, w->v->btf, f, value, true);
	if (try.cut)
		o.max = max - 3;
	typed_text(&o, w->v->btf, f, value, true);
	if (try.cut)
		fputs("...", out);
	variable_rate(out, w, name, f);
	fputc('\n', out);
}

/* Formats of bpf_printk() are variables as well, of the compiler's making. */
static bool is_format(const char *name)
{
	return strstr(name, "____fmt") || strstr(name, "___fmt");
}

static void section(FILE *out, const struct view *w, const struct typed_shape *s)
{
	struct typed_field part;
	const char *name;
	uint32_t n = 0, shown = 0;
	for (uint32_t i = 0; typed_part(s, (struct typed_field){0}, i, &name, &part); i++)
		n += !is_format(name);
	view_name(out, w->v->info->name);
	fprintf(out, ": %" PRIu32 " variable%s\n", n, n == 1 ? "" : "s");
	for (uint32_t i = 0; w->now->n && typed_part(s, (struct typed_field){0}, i, &name, &part);
		i++) {
		if (is_format(name))
			continue;
		if (w->v->rows && shown == w->v->rows)
			break;
		variable(out, w, name, part);
		shown++;
	}
	if (w->now->n && shown < n)
		fprintf(out, "  ... %" PRIu32 " more\n", n - shown);
}

bool mapview_text(FILE *out, const struct mapview *v, const struct map_entries *now,
	const struct map_entries *before, uint64_t elapsed_ns, struct arena *a, struct err *e)
{
	struct view w = {.v = v, .now = now, .before = before, .elapsed = elapsed_ns, .a = a};
	struct typed_shape s = typed_shape(v->btf, v->value_type);
	if (s.kind == TYPED_SECTION && !map_is_percpu(v->info->type)) {
		section(out, &w, &s);
		return true;
	}
	if (!start(&w, e))
		return false;
	if (!now->no_values && mapview_has_stacks(w.key.btf, v->key_type))
		return view_stacks(out, &w, e);
	bool done = false;
	if (!now->no_values && !view_distributions(out, &w, &done, e))
		return false;
	if (done)
		return true;
	if (w.access == MAP_INDEX && now->n == 1 && v->info->max_entries == 1 && w.value.n &&
		!is_percpu(&w) && !holds_ids(v->info->type) && !now->no_values) {
		lone_value(out, &w);
		return true;
	}
	title(out, &w);
	if (!w.n_rows)
		return true;
	measure(&w);
	line(out, &w, NULL);
	for (size_t i = 0; i < shown_rows(&w); i++)
		line(out, &w, &w.rows[i]);
	if (shown_rows(&w) < w.n_rows)
		fprintf(out, "... %zu more\n", w.n_rows - shown_rows(&w));
	return true;
}

/* JSON. */

static void json_record(struct json *j, const struct btf *b, uint32_t type, struct span record)
{
	uint64_t v;
	if (!b && typed_number(NULL, (struct typed_field){0}, record, &v))
		json_uint(j, v);
	else
		typed_json(j, b, (struct typed_field){.type = type}, record);
}

static void json_entry(FILE *out, const struct view *w, size_t entry)
{
	const struct map_entries *s = w->now;
	struct json j = json_start(out);
	json_open(&j, '{');
	json_key(&j, "map");
	json_str(&j, w->v->info->name);
	if (w->key.named || w->value.named)
		view_process(w->v, s, entry);
	if (s->key_size && typed_shape(w->v->btf, w->v->value_type).kind != TYPED_SECTION) {
		json_key(&j, "key");
		json_record(&j, w->key.btf, w->v->key_type, map_key(s, entry));
	}
	if (s->no_values) {
		json_line(&j);
		return;
	}
	if (!is_percpu(w)) {
		json_key(&j, "value");
		json_record(&j, w->value.btf, w->v->value_type, map_value(s, entry, 0));
		json_line(&j);
		return;
	}
	if (is_plain_number(w)) {
		uint64_t sum = view_sum(w, s, w->value.cols, entry);
		json_key(&j, "value");
		if (w->value.cols->is_signed)
			json_int(&j, (int64_t)sum);
		else
			json_uint(&j, sum);
	}
	json_key(&j, "cpus");
	json_open(&j, '[');
	for (unsigned cpu = 0; cpu < s->cpus; cpu++)
		json_record(&j, w->value.btf, w->v->value_type, map_value(s, entry, cpu));
	json_line(&j);
}

bool mapview_json(FILE *out, const struct mapview *v, const struct map_entries *now,
	struct arena *a, struct err *e)
{
	struct view w = {.v = v, .now = now, .a = a};
	if (!start(&w, e))
		return false;
	for (size_t i = 0; i < w.n_rows; i++)
		if (!i || w.rows[i].entry != w.rows[i - 1].entry)
			json_entry(out, &w, w.rows[i].entry);
	return true;
}
