/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "row_filter.h"

#include <string.h>

enum { PARENTHESES = 16, WORD = 128, TEXT = 512 };

struct parser {
	struct row_filter *f;
	struct arena *a;
	struct err *e;
	const char *p;
	unsigned depth;
};

static bool fail(struct parser *p, const char *what)
{
	int at = (int)(p->p - p->f->text);
	if (*p->p)
		err_set(p->e, "--where: %s at '%s'", what, p->p);
	else
		err_set(p->e, "--where: %s at the end of '%.*s'", what, at, p->f->text);
	return err_hint(p->e, "for example: --where 'ret < 0 && comm == \"sshd\"'");
}

static void skip_blanks(struct parser *p)
{
	p->p += strspn(p->p, " \t");
}

static bool take(struct parser *p, const char *word)
{
	skip_blanks(p);
	size_t n = strlen(word);
	if (strncmp(p->p, word, n) != 0)
		return false;
	p->p += n;
	return true;
}

/* Returns false if there are too many. */
static bool add(struct parser *p, struct filter_node node, unsigned *out)
{
	if (p->f->n == FILTER_NODES)
		return fail(p, "too long");
	*out = p->f->n;
	p->f->nodes[p->f->n++] = node;
	return true;
}

static bool keep(struct parser *p, const char *text, size_t n, const char **out)
{
	*out = arena_strndup(p->a, text, n);
	return *out || err_nomem(p->e);
}

/* A word ends at a blank, a parenthesis or an operator between conditions. */
static bool parse_value(struct parser *p, const char **out)
{
	skip_blanks(p);
	const char quote = *p->p == '"' || *p->p == '\'' ? *p->p : 0, *start = p->p + (quote != 0);
	size_t n = 0;
	if (quote) {
		while (start[n] && start[n] != quote)
			n++;
		if (!start[n])
			return fail(p, "a quote is missing");
	} else {
		while (start[n] && !strchr(" \t()", start[n]) && strncmp(start + n, "&&", 2) != 0 &&
			strncmp(start + n, "||", 2) != 0)
			n++;
		if (!n)
			return fail(p, "a value is missing");
	}
	p->p = start + n + (quote != 0);
	return keep(p, start, n, out);
}

/* Two characters come before their first one. */
static const struct {
	const char *text;
	uint8_t op;
} operators[] = {{"==", FILTER_EQ}, {"!=", FILTER_NE}, {"<=", FILTER_LE}, {">=", FILTER_GE},
	{"!~", FILTER_HAS_NOT}, {"=", FILTER_EQ}, {"<", FILTER_LT}, {">", FILTER_GT},
	{"~", FILTER_HAS}};

static bool parse_comparison(struct parser *p, unsigned *out)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_.?";
	struct filter_node node = {.op = FILTER_TRUE};
	skip_blanks(p);
	size_t n = strspn(p->p, letters);
	if (!n)
		return fail(p, "the name of a member is missing");
	if (!keep(p, p->p, n, &node.name))
		return false;
	p->p += n;
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		if (take(p, operators[i].text)) {
			node.op = operators[i].op;
			return parse_value(p, &node.value) && add(p, node, out);
		}
	return add(p, node, out);
}

static bool parse_or(struct parser *p, unsigned *out);

static bool parse_one(struct parser *p, unsigned *out)
{
	unsigned inner = 0;
	bool negated = false;
	for (skip_blanks(p); *p->p == '!' && p->p[1] != '=' && p->p[1] != '~'; skip_blanks(p)) {
		negated = !negated;
		p->p++;
	}
	if (take(p, "(")) {
		if (++p->depth > PARENTHESES)
			return fail(p, "too many parentheses");
		if (!parse_or(p, &inner))
			return false;
		if (!take(p, ")"))
			return fail(p, "a parenthesis is missing");
		p->depth--;
	} else if (!parse_comparison(p, &inner)) {
		return false;
	}
	*out = inner;
	return !negated ||
	       add(p, (struct filter_node){FILTER_NOT, (uint8_t)inner, 0, NULL, NULL}, out);
}

static bool parse_and(struct parser *p, unsigned *out)
{
	unsigned right;
	bool ok = parse_one(p, out);
	while (ok && take(p, "&&"))
		ok = parse_one(p, &right) && add(p,
						     (struct filter_node){FILTER_AND, (uint8_t)*out,
							     (uint8_t)right, NULL, NULL},
						     out);
	return ok;
}

static bool parse_or(struct parser *p, unsigned *out)
{
	unsigned right;
	bool ok = parse_and(p, out);
	while (ok && take(p, "||"))
		ok = parse_and(p, &right) && add(p,
						     (struct filter_node){FILTER_OR, (uint8_t)*out,
							     (uint8_t)right, NULL, NULL},
						     out);
	return ok;
}

bool row_filter_parse(struct row_filter *f, const char *text, struct arena *a, struct err *e)
{
	struct parser p = {f, a, e, text, 0};
	*f = (struct row_filter){.text = text};
	if (!parse_or(&p, &f->root))
		return false;
	skip_blanks(&p);
	return !*p.p || fail(&p, "&& or || expected");
}

/* ---- evaluation ---- */

static bool holds(uint8_t op, int order)
{
	switch (op) {
	case FILTER_EQ:
		return !order;
	case FILTER_NE:
		return order;
	case FILTER_LT:
		return order < 0;
	case FILTER_LE:
		return order <= 0;
	case FILTER_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}

static bool contains(struct span text, const char *part)
{
	return !*part || memmem(text.p, text.n, part, strlen(part));
}

/* The bytes of a string, up to its first NUL. */
static struct span string_of(const struct bound_field *b, struct span record)
{
	struct span s = typed_bytes(&b->shape, b->field, record);
	const uint8_t *end = s.n ? memchr(s.p, 0, s.n) : NULL;
	s.n = end ? (size_t)(end - s.p) : s.n;
	return s;
}

static bool shows(const struct row_bound *r, const struct bound_field *b, struct span record,
	const char *part)
{
	char text[TEXT];
	struct typed_out o = {.buffer = text, .room = sizeof text};
	if (b->shape.kind == TYPED_STRING)
		return contains(string_of(b, record), part);
	typed_shaped(&o, r->btf, &b->shape, b->field, record);
	return contains((struct span){(const uint8_t *)text, o.n, false}, part);
}

static int order_bytes(struct span x, struct span y)
{
	size_t n = x.n < y.n ? x.n : y.n;
	int order = n ? memcmp(x.p, y.p, n) : 0;
	return order ? order : (x.n > y.n) - (x.n < y.n);
}

static bool compare(const struct row_bound *r, const struct filter_node *node,
	const struct bound_field *b, struct span record)
{
	uint64_t v = 0;
	if (node->op == FILTER_HAS || node->op == FILTER_HAS_NOT)
		return shows(r, b, record, node->value) == (node->op == FILTER_HAS);
	if (typed_shape_number(&b->shape, b->field, record, &v)) {
		if (node->op == FILTER_TRUE)
			return v;
		return holds(node->op, b->shape.is_signed
					       ? ((int64_t)v > (int64_t)b->number) -
							 ((int64_t)v < (int64_t)b->number)
					       : (v > b->number) - (v < b->number));
	}
	struct span bytes = b->shape.kind == TYPED_STRING
	                            ? string_of(b, record)
	                            : typed_bytes(&b->shape, b->field, record);
	if (node->op == FILTER_TRUE) {
		for (size_t i = 0; i < bytes.n && !v; i++)
			v = bytes.p[i];
		return v;
	}
	return holds(node->op, order_bytes(bytes, b->bytes));
}

static bool accepts(const struct row_bound *b, unsigned i, const struct span *records)
{
	const struct filter_node *node = &b->filter->nodes[i];
	switch (node->op) {
	case FILTER_OR:
		return accepts(b, node->left, records) || accepts(b, node->right, records);
	case FILTER_AND:
		return accepts(b, node->left, records) && accepts(b, node->right, records);
	case FILTER_NOT:
		return !accepts(b, node->left, records);
	default:
		return compare(b, node, &b->fields[i], records[b->fields[i].record]);
	}
}

bool row_filter_accepts(const struct row_bound *b, const struct span *records)
{
	return !b->rejects && (!b->filter || accepts(b, b->filter->root, records));
}
