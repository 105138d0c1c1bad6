/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the code tells about members of records beyond their types (elf/records/contents.h). Each member
 * of records/contents.bpf.c is expected to have the given meaning, and all others to have none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "objects.h"
#include "records.h"

#define SOURCE   "tests/unit/records/contents.bpf.c"
#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
	const char *map, *tags;
} expected[] = {
	{"times", "at=time boot=boot_time or_zero=time took=ns took_us=us took_ms=ms short_us=us "
		  "from_session=ns started=time compared=ns maybe=ns "},
	{"places",
		"daddr=ip4 dport=port v6=ip6 dev=dev group=cgroup cgroup_id=named_cgroup .v4=ip4 "
		".both=ip6 "},
	{"stacks", "kernel=kernel_stack user=user_stack kernel_trace=kernel_trace "
		   "user_trace=user_trace "},
	{"results", "ret=named_errno retval=named_errno inner.error=named_errno "},
	{"of_process", ""},
	{"differ", "same=time "},
	/* The viewer gives precedence to the name of a type: unit/test_views. */
	{"declared", "span=time plain=time "},
};

static void add_tags(const struct btf *b, uint32_t type, const char *prefix, FILE *out)
{
	static const char ours[] = "sonde:record:";
	struct btf_type t;
	btf_skip(b, type, &t);
	for (uint32_t i = 0; btf_is_composite(&t) && i < t.vlen; i++) {
		struct btf_type tag = {0};
		struct btf_member m = btf_member(&t, i);
		char name[64];
		snprintf(name, sizeof name, "%s%s", prefix, m.name);
		while (btf_next_in(b, &tag, 1u << BTF_DECL_TAG))
			if (tag.type == t.id && btf_decl_tag_component(&tag) == (int32_t)i &&
				!strncmp(btf_name(&tag), ours, strlen(ours)))
				fprintf(out, "%s=%s ", name, btf_name(&tag) + strlen(ours));
		strncat(name, ".", sizeof name - strlen(name) - 1);
		add_tags(b, m.type, name, out);
	}
}

/* "ts=time ret=errno ", in the order of members. free() it. */
static char *tags_of(const struct btf *b, uint32_t type)
{
	char *text = NULL;
	size_t n;
	FILE *out = open_memstream(&text, &n);
	assert_non_null(out);
	add_tags(b, type, "", out);
	fclose(out);
	return text;
}

static void expect_all(struct span bytes, const char *what)
{
	struct records r;
	records_open(&r, bytes, NULL, 0);
	if (!r.ok)
		fail_msg("%s: %s", what, r.e.text);
	for (size_t i = 0; i < COUNT(expected); i++) {
		const struct record_result *result = records_of(&r, expected[i].map);
		char *text = tags_of(&r.shown, result->type);
		if (strcmp(text, expected[i].tags))
			fail_msg("%s, map '%s':\n  %s, not\n  %s", what, expected[i].map, text,
				expected[i].tags);
		free(text);
	}
	/* Maps of the same type do not share them. */
	for (size_t i = 0; i < r.o.n_maps; i++) {
		char *text = tags_of(&r.shown, r.o.maps[i].value_type);
		assert_string_equal(text, "");
		free(text);
	}
	records_free(&r);
}

static void of_types(void **state)
{
	static const char *const flags[] = {"", "-mcpu=v1", "-mcpu=v3", "-O1"};
	(void)state;
	for (size_t i = 0; i < COUNT(flags); i++)
		for (int big = 0; big < 2; big++)
			expect_all(records_compile("clang", SOURCE, big, flags[i]), flags[i]);
}

/* Layouts that the code tells have them, too. */
static void of_layouts(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct records r;
		struct span whole = records_compile("clang", SOURCE, big, ""), bytes;
		bytes = records_cut(whole, ".debug_info", 0);
		free((void *)(uintptr_t)whole.p);
		records_open(&r, bytes, NULL, 0);
		assert_true(r.ok);
		const struct record_result *result = records_of(&r, "places");
		assert_int_equal(result->confidence, RECORD_CODE);
		char *text = tags_of(&r.shown, result->type);
		assert_non_null(strstr(text, "group=cgroup "));
		assert_non_null(strstr(text, "cgroup_id=named_cgroup "));
		free(text);
		result = records_of(&r, "results");
		text = tags_of(&r.shown, result->type);
		assert_non_null(strstr(text, "ret=named_errno "));
		assert_null(strstr(text, "result"));
		free(text);
		result = records_of(&r, "stacks");
		text = tags_of(&r.shown, result->type);
		assert_non_null(strstr(text, "user_trace=user_trace "));
		assert_null(strstr(text, "build_ids"));
		free(text);
		records_free(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_types),
		cmocka_unit_test(of_layouts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
