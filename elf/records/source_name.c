/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "source_name.h"

#include <string.h>

enum {
	TOKENS_MAX = 160,
	NAME_MAX_LEN = 64,
	INDEX_MAX = 1 << 16,
};

enum token_kind { WORD, NUMBER, SIGN, ASSIGN, ARROW /* "." too */ };

struct token {
	enum token_kind kind;
	char c; /* SIGN: its first character */
	const char *p;
	size_t n;
};

struct line {
	const char *text;
	unsigned column;
	struct token t[TOKENS_MAX];
	unsigned n;
};

/* Functions and macros that write memory, by prefix, and which argument is its address. The first ones
 * become stores. */
static const struct {
	const char *prefix;
	uint8_t to;
	bool whole; /* writes as much as that argument points to: of an array, an element */
} fillers[] = {
	{"__builtin_mem", 0, false},
	{"memcpy", 0, false},
	{"memset", 0, false},
	{"memmove", 0, false},
	{"bpf_get_current_comm", 0, false},
	{"bpf_probe_read", 0, false},
	{"bpf_core_read", 0, false},
	{"BPF_CORE_READ_INTO", 0, true},
	{"BPF_CORE_READ_STR_INTO", 0, true},
	{"BPF_CORE_READ_USER_INTO", 0, true},
	{"BPF_CORE_READ_USER_STR_INTO", 0, true},
	{"BPF_PROBE_READ_INTO", 0, true},
	{"BPF_PROBE_READ_STR_INTO", 0, true},
	{"BPF_PROBE_READ_USER_INTO", 0, true},
	{"BPF_PROBE_READ_USER_STR_INTO", 0, true},
	{"BPF_SNPRINTF", 0, false},
	{"bpf_snprintf", 0, false},
	{"bpf_copy_from_user", 0, false},
	{"bpf_d_path", 1, false},
	{"bpf_get_stack", 1, false},
	{"bpf_get_task_stack", 1, false},
	{"bpf_skb_load_bytes", 2, false},
	{"bpf_xdp_load_bytes", 2, false},
};

enum { FILLERS = sizeof fillers / sizeof *fillers, STORING = 4 };

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The end of a string or character constant, or of the line if it continues there. */
static const char *after_quote(const char *p)
{
	char quote = *p++;
	while (*p && *p != quote)
		p += *p == '\\' && p[1] ? 2 : 1;
	return *p ? p + 1 : p;
}

/* Reads the operator at p. */
static struct token read_sign(const char *p)
{
	struct token t = {SIGN, *p, p, 1};
	size_t shift = (*p == '<' || *p == '>') && p[1] == *p ? 2 : 1;
	if (*p == '.' || (*p == '-' && p[1] == '>')) {
		t.kind = ARROW;
		t.n = *p == '.' ? 1 : 2;
	} else if (*p == '=' && p[1] != '=') {
		t.kind = ASSIGN;
	} else if (strchr("=!<>", *p) && shift == 1 && p[1] == '=') {
		t.n = 2;
	} else if (strchr("+-*/%&|^<>", *p) && p[shift] == '=' &&
		   (shift == 2 || !strchr("<>", *p))) {
		t.kind = ASSIGN;
		t.n = shift + 1;
	} else if (shift == 2 || (strchr("+-&|", *p) && p[1] == *p)) {
		t.n = 2;
	}
	return t;
}

/* False if the line has too many tokens. */
static bool read_line(struct line *l, const char *text, unsigned column)
{
	l->text = text;
	l->column = column;
	l->n = 0;
	for (const char *p = text; *p;) {
		struct token t = {WORD, 0, p, 0};
		if (*p == ' ' || *p == '\t') {
			p++;
			continue;
		}
		if (*p == '/' && p[1] == '/')
			break;
		if (*p == '/' && p[1] == '*') {
			const char *end = strstr(p + 2, "*/");
			if (!end)
				break;
			p = end + 2;
			continue;
		}
		if (is_letter(*p) || is_digit(*p)) {
			t.kind = is_digit(*p) ? NUMBER : WORD;
			while (is_letter(p[t.n]) || is_digit(p[t.n]))
				t.n++;
		} else if (*p == '"' || *p == '\'') {
			t.kind = NUMBER;
			t.n = (size_t)(after_quote(p) - p);
		} else {
			t = read_sign(p);
		}
		if (l->n == TOKENS_MAX)
			return false;
		l->t[l->n++] = t;
		p += t.n;
	}
	return true;
}

static bool is_sign(const struct line *l, unsigned i, char c)
{
	return i < l->n && l->t[i].kind == SIGN && l->t[i].c == c && l->t[i].n == 1;
}

/* A constant index, -1: another expression. from, to: the tokens between the brackets. */
static int32_t index_of(const struct line *l, unsigned from, unsigned to)
{
	int32_t v = 0;
	const struct token *t = &l->t[from];
	if (to != from + 1 || t->kind != NUMBER)
		return -1;
	for (size_t i = 0; i < t->n; i++) {
		if (!is_digit(t->p[i]) || v > INDEX_MAX)
			return -1;
		v = v * 10 + (t->p[i] - '0');
	}
	return v;
}

/* The member whose expression ends before token `end`: "x->member", "x.y.member[3]", ".member". */
static struct source_name member_before(const struct line *l, unsigned end)
{
	struct source_name none = {.index = -1}, m = none;
	while (end && is_sign(l, end - 1, ']')) {
		unsigned depth = 1, open = end - 1;
		while (open && depth) {
			open--;
			depth += is_sign(l, open, ']');
			depth -= is_sign(l, open, '[');
		}
		if (depth)
			return none;
		m.index = m.indexed ? -1 : index_of(l, open + 1, end - 1);
		m.indexed = true;
		end = open;
	}
	if (end < 2 || l->t[end - 1].kind != WORD || l->t[end - 2].kind != ARROW ||
		l->t[end - 1].n > NAME_MAX_LEN)
		return none;
	m.p = l->t[end - 1].p;
	m.n = l->t[end - 1].n;
	/* ".a.b", at the start of the line or after a brace or comma */
	for (end -= 2; end >= 2 && l->t[end - 1].kind == WORD && l->t[end - 2].kind == ARROW;)
		end -= 2;
	m.initial = *l->t[end].p == '.' &&
	            (!end || is_sign(l, end - 1, '{') || is_sign(l, end - 1, ','));
	return m;
}

/* The candidates of a line. */
struct choice {
	struct source_name best;
	unsigned fits;
	bool exact; /* best is in the line's column */
};

static void consider(
	const struct line *l, struct choice *c, const struct token *at, struct source_name m)
{
	bool exact = (unsigned)(at->p - l->text) + 1 == l->column;
	c->fits++;
	if (exact || !c->exact)
		c->best = m;
	c->exact |= exact;
}

static struct source_name chosen(struct choice c)
{
	if (c.fits != 1 && !c.exact)
		return (struct source_name){.index = -1};
	c.best.alone = c.fits == 1;
	return c.best;
}

/* The token that closes the parenthesis at token i; end if it is not before that. */
static unsigned closing(const struct line *l, unsigned i, unsigned end)
{
	unsigned depth = 0;
	for (; i < end; i++) {
		depth += is_sign(l, i, '(');
		depth -= is_sign(l, i, ')');
		if (!depth)
			return i;
	}
	return end;
}

/* The argument that starts at token i: "(char *)&e->name[0]". */
static struct source_name argument(const struct line *l, unsigned i)
{
	struct source_name none = {.index = -1};
	unsigned end = i, depth = 0;
	while (end < l->n && (depth || !(is_sign(l, end, ',') || is_sign(l, end, ')')))) {
		depth += is_sign(l, end, '(') || is_sign(l, end, '[');
		depth -= depth && (is_sign(l, end, ')') || is_sign(l, end, ']'));
		end++;
	}
	if (end >= l->n || i == end)
		return none;
	/* Only the member itself, after casts, parentheses and &. */
	while (is_sign(l, i, '&') || is_sign(l, i, '(')) {
		unsigned close = is_sign(l, i, '(') ? closing(l, i, end) : i;
		if (close + 1 < end) {
			i = close + 1;
		} else {
			i++;
			end -= close < end;
		}
	}
	for (unsigned k = i, in = 0; k < end; k++) {
		in += is_sign(l, k, '[');
		bool part = l->t[k].kind == WORD || l->t[k].kind == ARROW;
		if (!in && !part)
			return none;
		in -= in && is_sign(l, k, ']');
	}
	return member_before(l, end);
}

static bool starts(const struct token *t, const char *prefix)
{
	size_t n = strlen(prefix);
	return t->n >= n && !memcmp(t->p, prefix, n);
}

/* The index of a function in `fillers`; of another one their number. */
static size_t filler_of(const struct token *t)
{
	size_t k = 0;
	while (k < FILLERS && !starts(t, fillers[k].prefix))
		k++;
	return k;
}

/* stores: only functions that compilers turn into stores. */
static void find_destinations(const struct line *l, struct choice *c, bool stores)
{
	const size_t limit = stores ? STORING : FILLERS;
	for (unsigned i = 0; i + 1 < l->n; i++) {
		if (l->t[i].kind != WORD || !is_sign(l, i + 1, '('))
			continue;
		size_t k = filler_of(&l->t[i]);
		if (k >= limit)
			continue;
		unsigned at = i + 2, depth = 0;
		for (unsigned skip = fillers[k].to; skip && at < l->n; at++) {
			skip -= !depth && is_sign(l, at, ',');
			depth += is_sign(l, at, '(');
			depth -= depth && is_sign(l, at, ')');
		}
		struct source_name m = argument(l, at);
		if (fillers[k].whole && m.p && !m.indexed && !is_sign(l, at, '&')) {
			m.indexed = true;
			m.index = 0;
		}
		consider(l, c, &l->t[i], m);
	}
}

struct source_name source_name_of_fill(const char *text, unsigned column)
{
	struct line l;
	struct choice c = {.best.index = -1};
	if (!read_line(&l, text, column))
		return c.best;
	find_destinations(&l, &c, false);
	/* A macro may read into the member at once. */
	for (unsigned i = 0; !c.fits && i + 1 < l.n; i++)
		if (l.t[i].kind == ASSIGN && (starts(&l.t[i + 1], "BPF_CORE_READ") ||
						     starts(&l.t[i + 1], "BPF_PROBE_READ")))
			consider(&l, &c, &l.t[i], member_before(&l, i));
	return chosen(c);
}

struct source_name source_name_of_store(const char *text, unsigned column)
{
	struct line l;
	struct choice c = {.best.index = -1};
	if (!read_line(&l, text, column))
		return c.best;
	for (unsigned i = 0; i < l.n; i++) {
		struct source_name m = {0};
		if (l.t[i].kind == ASSIGN)
			m = member_before(&l, i);
		m.partial = l.t[i].n > 1;
		m.text = i + 1 < l.n && *l.t[i + 1].p == '"';
		if (m.p)
			consider(&l, &c, &l.t[i], m);
	}
	find_destinations(&l, &c, true);
	return chosen(c);
}

bool source_name_same(struct source_name x, struct source_name y)
{
	return x.p && y.p && x.n == y.n && !memcmp(x.p, y.p, x.n);
}
