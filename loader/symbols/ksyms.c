/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "ksyms.h"

#include "elf/base/suggest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	LINE_MAX_ = 512,
	CLONES_MAX = 4,
	TEXT_PIECE = 64 << 10,
	FUNCTION_MAX = 128 << 10, /* the last function before a gap reaches no further */
};

/* "ffffffff81000000 T name	[module]" */
static bool parse(char *line, bool functions, const char **name, const char **module)
{
	char *type = strchr(line, ' ');
	if (!type || (functions && !strchr("tTwW", type[1])) || !type[1] || type[2] != ' ')
		return false;
	*name = type + 3;
	char *end = type + 3 + strcspn(type + 3, "\t\n");
	*module = "";
	if (*end == '\t' && end[1] == '[') {
		*module = end + 2;
		end[2 + strcspn(end + 2, "]\n")] = 0;
	}
	*end = 0;
	return true;
}

typedef bool (*line_fn)(void *ctx, const char *line, const char *name, const char *module);

static long each_line(struct kfs *k, bool functions, line_fn fn, void *ctx)
{
	char line[LINE_MAX_];
	const char *name, *module;
	int fd = kfs_open(k, KFS_PROC, "kallsyms", O_RDONLY);
	if (fd < 0)
		return fd;
	FILE *f = fdopen(fd, "r");
	if (!f) {
		close(fd);
		return -ENOMEM;
	}
	while (fgets(line, sizeof line, f))
		if (parse(line, functions, &name, &module) && !fn(ctx, line, name, module))
			break;
	fclose(f);
	return 0;
}

struct each {
	ksyms_fn fn;
	void *ctx;
};

static bool pass_on(void *ctx, const char *line, const char *name, const char *module)
{
	const struct each *each = ctx;
	(void)line;
	return each->fn(each->ctx, name, module);
}

long ksyms_each(struct kfs *k, ksyms_fn fn, void *ctx)
{
	struct each each = {fn, ctx};
	return each_line(k, true, pass_on, &each);
}

struct search {
	const char *name;
	uint64_t address;
	bool found, own, twice; /* own: of the kernel itself */
	bool shown;             /* some address is not 0: they are not hidden */
};

static bool search_line(void *ctx, const char *line, const char *name, const char *module)
{
	struct search *s = ctx;
	s->shown |= strncmp(line, "0000000000000000", strcspn(line, " ")) != 0;
	if (strcmp(name, s->name) || (s->own && *module))
		return true;
	uint64_t address = strtoull(line, NULL, 16);
	bool better = !s->found || (!s->own && !*module);
	s->twice = !better && address != s->address;
	s->address = better ? address : s->address;
	s->own = !*module;
	s->found = true;
	return !s->twice;
}

int64_t ksyms_address(struct kfs *k, const char *name, bool weak)
{
	struct search s = {.name = name};
	long r = each_line(k, false, search_line, &s);
	if (r < 0)
		return r;
	if (!s.found)
		return weak ? 0 : -ESRCH;
	if (s.twice)
		return -ENOTUNIQ;
	return s.shown ? (int64_t)s.address : -EPERM;
}

/* A table in the making. */
struct reading {
	struct ksyms_table *t;
	struct arena *a;     /* for names */
	struct arena growth; /* for the list, until its length is known */
	size_t room;
	char *text; /* names are put there */
	size_t left;
	bool sorted;
};

/* A copy of the name, behind the others. */
static const char *keep(struct reading *r, const char *name)
{
	size_t n = strlen(name) + 1;
	if (n > r->left) {
		r->text = arena_alloc(r->a, TEXT_PIECE);
		r->left = r->text ? TEXT_PIECE : 0;
	}
	if (n > r->left)
		return NULL;
	char *copy = memcpy(r->text, name, n);
	r->text += n;
	r->left -= n;
	return copy;
}

static bool add_function(void *ctx, const char *line, const char *name, const char *module)
{
	struct reading *r = ctx;
	struct ksyms_table *t = r->t;
	uint64_t address = strtoull(line, NULL, 16);
	(void)module;
	if (!address || *name == '$') /* hidden; a mark of the assembler on ARM */
		return true;
	struct ksym *grown = arena_grow(&r->growth, t->list, t->n, &r->room, sizeof *t->list);
	const char *copy = grown ? keep(r, name) : NULL;
	if (!copy)
		return false;
	t->list = grown;
	r->sorted = r->sorted && (!t->n || grown[t->n - 1].address <= address);
	grown[t->n++] = (struct ksym){address, copy};
	return true;
}

static int by_address(const void *a, const void *b)
{
	const struct ksym *x = a, *y = b;
	return (x->address > y->address) - (x->address < y->address);
}

void ksyms_read(struct ksyms_table *t, struct kfs *k, struct arena *a)
{
	struct reading r = {.t = t, .a = a, .sorted = true};
	*t = (struct ksyms_table){0};
	each_line(k, true, add_function, &r);
	t->list = t->n ? arena_copy(a, t->list, t->n * sizeof *t->list) : NULL;
	t->n = t->list ? t->n : 0;
	arena_free(&r.growth);
	if (t->n && !r.sorted)
		qsort(t->list, t->n, sizeof *t->list, by_address);
}

const char *ksyms_at(const struct ksyms_table *t, uint64_t address, uint64_t *plus)
{
	size_t low = 0, high = t->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (t->list[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	*plus = low ? address - t->list[low - 1].address : 0;
	if (!low || *plus >= FUNCTION_MAX)
		return NULL;
	/* Of several names the first one. */
	while (low > 1 && t->list[low - 2].address == t->list[low - 1].address)
		low--;
	return t->list[low - 1].name;
}

struct near {
	struct nearest nearest;
	char best[NEAREST_LONG + 1];
	char clones[CLONES_MAX][NEAREST_LONG + 1];
	unsigned n_clones;
	size_t len;
};

/* Halves that the compiler split off hold no entry of the function. */
static bool is_clone(const char *suffix)
{
	return *suffix == '.' && !strstr(suffix, ".cold") && !strstr(suffix, ".llvm");
}

static bool consider(void *ctx, const char *name, const char *module)
{
	struct near *n = ctx;
	(void)module;
	if (!strncmp(name, n->nearest.wanted, n->len) && is_clone(name + n->len)) {
		if (n->n_clones < CLONES_MAX)
			snprintf(n->clones[n->n_clones++], sizeof *n->clones, "%s", name);
		return true;
	}
	char base[NEAREST_LONG + 1];
	snprintf(base, sizeof base, "%.*s", (int)strcspn(name, "."), name);
	if (nearest_consider(&n->nearest, base))
		snprintf(n->best, sizeof n->best, "%s", name);
	return true;
}

void ksyms_near(struct kfs *k, const char *name, char *buf, size_t size)
{
	struct near n = {.nearest = nearest_to(name), .len = strlen(name)};
	size_t used = 0;
	buf[0] = 0;
	if (ksyms_each(k, consider, &n) < 0)
		return;
	for (unsigned i = 0; i < n.n_clones && used < size; i++)
		used += (size_t)snprintf(
			buf + used, size - used, "%s%s", i ? ", " : "", n.clones[i]);
	if (!n.n_clones)
		snprintf(buf, size, "%s", n.best);
}

bool ksyms_match(const char *pattern, const char *name)
{
	const char *star = NULL, *retry = NULL;
	while (*name) {
		if (*pattern == '*') {
			star = ++pattern;
			retry = name;
		} else if (*pattern == '?' || *pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star;
			name = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}
