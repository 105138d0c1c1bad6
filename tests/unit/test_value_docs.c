/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The examples of docs/values.md: each starts from variables that are zero. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "loader/plan/variable.h"
#include "loader/show/typed.h"
#include "loader/value/variable_name.h"
#include "objects.h"

static char *page(void)
{
	size_t n = 0;
	FILE *f = fopen("docs/values.md", "r"), *to;
	char *text = NULL;
	assert_non_null(f);
	to = open_memstream(&text, &n);
	for (int c; (c = getc(f)) != EOF;)
		putc(c, to);
	fclose(to);
	fclose(f);
	return text;
}

/* The declarations, followed by a program that uses all variables. */
static char *source_of(const char *text)
{
	static const char program[] =
		"SEC(\"raw_tp/a\") int f(int *c)\n{\n"
		"	asm volatile(\"\" :: \"r\"(&small), \"r\"(&number), \"r\"(&large), "
		"\"r\"(&truth), \"r\"(&letter));\n"
		"	asm volatile(\"\" :: \"r\"(&mood), \"r\"(&flags), \"r\"(&ratio), "
		"\"r\"(&address), "
		"\"r\"(&port), \"r\"(&name));\n"
		"	asm volatile(\"\" :: \"r\"(&mac), \"r\"(&ip), \"r\"(&list), \"r\"(&ip6), "
		"\"r\"(&at), \"r\"(&event), \"r\"(&word));\n"
		"	return 0;\n}\n";
	const char *begin = strstr(text, "```c\n") + 5, *end = strstr(begin, "```");
	char *source = malloc((size_t)(end - begin) + sizeof program + 64);
	sprintf(source, "#include <linux/in6.h>\n%.*s%s", (int)(end - begin), begin, program);
	return source;
}

/* The value of a variable, as text. */
static char *shown(const struct plan *p, const char *name)
{
	struct arena a = {0};
	struct err e = {0};
	struct btf b;
	struct variable_search s = {.name = name, .len = strcspn(name, "=.[")};
	char *text = NULL;
	size_t n = 0;
	assert_true(btf_open(&b, p->btf, NULL, &a, &e));
	for (size_t i = 0; i < p->n_maps; i++)
		if (p->maps[i].init != PLAN_NONE)
			variable_search_section(&s, &b, p->maps[i].value_type, i);
	assert_int_equal(s.n_found, 1);
	const struct plan_blob *blob = &p->blobs[p->maps[s.found_in].init];
	FILE *f = open_memstream(&text, &n);
	struct typed_out o = {.file = f};
	struct typed_field field = {.type = s.found_type, .bit_off = s.found_offset * UINT64_C(8)};
	typed_text(&o, &b, field, (struct span){blob->bytes, blob->size, p->big}, true);
	fclose(f);
	arena_free(&a);
	return text;
}

static void try(struct span object, char *line)
{
	struct plan p;
	struct arena a = {0};
	struct err e = {0};
	char *assignment = strchr(line, '\'') + 1, *hash = strstr(line, " # ");
	assert_non_null(hash);
	const char *result = hash + 3;
	while (*hash != '\'')
		*hash-- = 0;
	*hash = 0;
	if (!object_plan(&p, object, NULL, &a, &e))
		fail_msg("%s", e.text);
	bool ok = plan_set_variable(&p, assignment, &e);
	if (!strncmp(result, "error: ", 7)) {
		const char *says = strstr(e.text, ": ");
		if (ok || strcmp(says + 2, result + 7))
			fail_msg("%s: '%s'", assignment, e.text);
		assert_null(strchr(e.text, '\n'));
	} else {
		const char *colon = strchr(assignment, ':'), *equals = strchr(assignment, '=');
		if (!ok)
			fail_msg("%s: %s", assignment, e.text);
		char *text = shown(&p, colon && colon < equals ? colon + 1 : assignment);
		if (strcmp(text, result))
			fail_msg("%s: %s", assignment, text);
		free(text);
	}
	arena_free(&a);
}

static void examples(void **state)
{
	(void)state;
	char *text = page(), *source = source_of(text), *rest = text, *line;
	struct span object = object_compile(source, false, "-g -Wno-unused");
	unsigned n = 0;
	while ((line = strsep(&rest, "\n")))
		if (!strncmp(line, "--set '", 7)) {
			try(object, line);
			n++;
		}
	assert_true(n > 30);
	free((void *)(uintptr_t)object.p);
	free(source);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(examples)};
	return cmocka_run_group_tests_name("value_docs", tests, NULL, NULL);
}
