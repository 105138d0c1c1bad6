/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "elf/link/link.h"
#include "elf_build.h"
#include "objects.h"

const char *const records_compilers[] = {"clang", "clang-19", NULL};

void records_need(const char *program)
{
	char command[64];
	snprintf(command, sizeof command, "command -v %s >/dev/null", program);
	if (system(command)) {
		print_message("# SKIP there is no %s\n", program);
		skip();
	}
}

struct span records_compile(const char *compiler, const char *source, bool big, const char *flags)
{
	char arguments[1024];
	snprintf(arguments, sizeof arguments,
		"-target bpfe%c -O2 -g -Wall -Werror -Wno-unused-function "
		"-Wno-unused-but-set-variable -Wno-unused-value -D__TARGET_ARCH_x86 "
		"-Iprogs/include -Ibuild/include -idirafter /usr/include/" MULTIARCH " %s",
		big ? 'b' : 'l', flags);
	return object_made(compiler, arguments, source);
}

static bool no_program(void *ctx, const struct obj_func *f)
{
	(void)ctx;
	(void)f;
	return false;
}

bool records_try(
	struct records *r, struct span bytes, const struct record_choice *choices, size_t n_choices)
{
	const struct record_sources from = {.choices = choices, .n_choices = n_choices};
	return records_try_from(r, bytes, &from);
}

bool records_try_from(struct records *r, struct span bytes, const struct record_sources *from)
{
	struct image image;
	struct span shown;
	*r = (struct records){.bytes = bytes};
	struct link_options opt = {.autoload = no_program};
	if (!object_open(&r->o, "x.bpf.o", bytes, &r->arena, &r->e) ||
		!image_link(&image, &r->o, &opt, &r->e) || !image.btf.n ||
		!btf_open(&r->loaded, image.btf, NULL, &r->arena, &r->e)) {
		arena_free(&r->arena);
		return false;
	}
	r->results = calloc(r->o.n_maps + r->o.n_funcs + 1, sizeof *r->results);
	r->ok = records_find(&r->o, &r->loaded, from, &r->arena, r->results, &shown, &r->e);
	struct err e = {0};
	if (r->ok && !btf_open(&r->shown, shown, NULL, &r->arena, &e))
		fail_msg("the types for showing: %s", e.text);
	return true;
}

void records_open(
	struct records *r, struct span bytes, const struct record_choice *choices, size_t n_choices)
{
	if (!records_try(r, bytes, choices, n_choices))
		fail_msg("%s", r->e.text);
}

void records_free(struct records *r)
{
	free(r->results);
	arena_free(&r->arena);
	free((void *)(uintptr_t)r->bytes.p);
}

struct writes *records_calls(
	const struct object *o, const bool *wanted, struct arena *a, struct record_calls *calls)
{
	struct flow_visitor visitor;
	return calls_visitor(wanted, a, calls, &visitor) ? writes_read(o, &visitor, a) : NULL;
}

const struct record_result *records_of(const struct records *r, const char *map)
{
	for (size_t i = 0; i < r->o.n_maps; i++)
		if (!strcmp(r->o.maps[i].name, map))
			return &r->results[i];
	for (size_t i = 0; i < r->o.n_funcs; i++)
		if (!strcmp(r->o.funcs[i].name, map))
			return &r->results[r->o.n_maps + i];
	fail_msg("there is no map or function '%s'", map);
	return NULL;
}

char *records_spell(const struct records *r, uint32_t type)
{
	char *text = NULL, spelled[128];
	size_t n;
	struct btf_type t;
	FILE *out = open_memstream(&text, &n);
	assert_non_null(out);
	btf_spell(&r->shown, type, spelled, sizeof spelled);
	fprintf(out, "%s %lld", spelled, (long long)btf_size(&r->shown, type));
	btf_skip(&r->shown, type, &t);
	for (uint32_t i = 0; (t.kind == BTF_STRUCT || t.kind == BTF_UNION) && i < t.vlen; i++) {
		struct btf_member m = btf_member(&t, i);
		btf_spell(&r->shown, m.type, spelled, sizeof spelled);
		fprintf(out, "%s%s@%u", i ? ", " : " {", m.name, m.bit_off);
		if (m.bit_size)
			fprintf(out, ":%u", m.bit_size);
		fprintf(out, " %s%s", spelled, i + 1 == t.vlen ? "}" : "");
	}
	fclose(out);
	return text;
}

struct span records_cut(struct span bytes, const char *section, uint64_t n)
{
	struct elf elf;
	struct arena a = {0};
	struct err e = {0};
	uint8_t *p = malloc(bytes.n);
	memcpy(p, bytes.p, bytes.n);
	if (!elf_open(&elf, bytes, &a, &e))
		fail_msg("%s", e.text);
	uint32_t i = elf_find(&elf, section);
	if (i) {
		uint64_t table = span_uint((struct span){p, bytes.n, elf.file.big}, EH_SHOFF, 8);
		uint64_t size = n < elf.sections[i].size ? n : elf.sections[i].size;
		bytes_put(
			p + table + (uint64_t)i * SH_SIZE + SH_SECTION_SIZE, 8, elf.file.big, size);
	}
	arena_free(&a);
	return (struct span){p, bytes.n, false};
}
