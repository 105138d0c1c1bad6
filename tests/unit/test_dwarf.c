/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The DWARF reader: numbers, forms and lists built by hand; types compared with BTF of the same
 * compiler and with llvm-dwarfdump; broken and hostile files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/btf/btf_append.h"
#include "elf/records/dwarf_impl.h"
#include "btf_build.h"
#include "elf_build.h"
#include "objects.h"
#include "records.h"

#define COUNT(a)     (sizeof(a) / sizeof *(a))
#define SOURCE(name) "tests/unit/records/" name ".bpf.c"

/* ---- numbers ---- */

static void leb128(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		uint64_t u;
		int64_t s;
		uint64_t pos;
	} good[] = {
		{"\x00", 1, 0, 0, 1},
		{"\x3f", 1, 63, 63, 1},
		{"\x40", 1, 64, -64, 1},
		{"\x7f", 1, 127, -1, 1},
		{"\x80\x01", 2, 128, 128, 2},
		{"\xff\x7e", 2, 16255, -129, 2},
		{"\x80\x80\x00\xff", 4, 0, 0, 3},
		{"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10, UINT64_MAX, -1, 10},
		{"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f", 10, (uint64_t)1 << 63, INT64_MIN, 10},
		/* Truncated, and longer than any number. */
		{"\x80", 1, 0, 0, 1},
		{"\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01", 19,
			0, 0, 19},
		{"", 0, 0, 0, 0},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct span s = {(const uint8_t *)good[i].bytes, good[i].n, false};
		uint64_t pos = 0;
		assert_int_equal(dwarf_uleb(s, &pos), good[i].u);
		assert_int_equal(pos, good[i].pos);
		pos = 0;
		assert_int_equal(dwarf_sleb(s, &pos), good[i].s);
		assert_int_equal(pos, good[i].pos);
	}
}

static void location_expressions(void **state)
{
	static const struct dwarf_where frame = {DWARF_IN_REG, 10, 0}, none = {0};
	static const struct {
		const char *expr;
		size_t n;
		struct dwarf_where where;
	} good[] = {
		{"\x50", 1, {DWARF_IN_REG, 0, 0}},
		{"\x5a", 1, {DWARF_IN_REG, 10, 0}},
		{"\x90\x07", 2, {DWARF_IN_REG, 7, 0}},
		{"\x7a\x70", 2, {DWARF_AT, 10, -16}},
		{"\x92\x0a\x08", 3, {DWARF_AT, 10, 8}},
		{"\x91\x28", 2, {DWARF_AT, 10, 40}},
		{"\x91\x28\x9f", 3, {DWARF_IS, 10, 40}},
		{"\x76\x00\x9f", 3, {DWARF_IS, 6, 0}},
		{"\x7a\x70\x23\x08", 4, {DWARF_AT, 10, -8}},
		/* A constant, a piece, a dereference, an operand past the end, nothing. */
		{"\x30\x9f", 2, {0}},
		{"\x50\x93\x04", 3, {0}},
		{"\x7a\x70\x06", 3, {0}},
		{"\x7a\x70\x9f\x06", 4, {0}},
		{"\x50\x9f", 2, {0}},
		{"", 0, {0}},
	};
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct span s = {(const uint8_t *)good[i].expr, good[i].n, false};
		struct dwarf_where w = dwarf_where(s, frame);
		assert_int_equal(w.kind, good[i].where.kind);
		assert_int_equal(w.reg, good[i].where.reg);
		assert_int_equal(w.off, good[i].where.off);
		if (good[i].expr[0] == '\x91')
			assert_int_equal(dwarf_where(s, none).kind, DWARF_NOWHERE);
	}
}

/* ---- an object and its debug info ---- */

struct loaded {
	struct span bytes;
	struct arena arena;
	struct elf elf;
	struct dwarf d;
	bool ok;
};

/* Takes ownership of the bytes. */
static void load(struct loaded *l, struct span bytes)
{
	struct err e = {0};
	*l = (struct loaded){.bytes = bytes};
	if (!elf_open(&l->elf, bytes, &l->arena, &e))
		fail_msg("%s", e.text);
	l->ok = dwarf_open(&l->d, &l->elf, &l->arena);
}

static void unload(struct loaded *l)
{
	arena_free(&l->arena);
	free((void *)(uintptr_t)l->bytes.p);
}

/* Calls fn for each child of a unit's root; returns their number. */
static unsigned each_top(
	struct loaded *l, void (*fn)(struct loaded *, struct dwarf_die *, void *), void *ctx)
{
	struct dwarf_die die;
	unsigned n = 0;
	for (size_t i = 0; i < l->d.n_units; i++) {
		struct dwarf_unit *u = &l->d.units[i];
		struct dwarf_die root;
		if (!dwarf_ready(&l->d, u) || !dwarf_head(&l->d, u, u->first, &root))
			continue;
		for (bool more = dwarf_child(&l->d, &root, &die); more;
			more = dwarf_next(&l->d, &die), n++)
			fn(l, &die, ctx);
	}
	return n;
}

/* ---- types: DWARF and BTF of the same compiler ---- */

/* Whether two types are equal, without following pointers. Describes the first difference in
 * why. */
struct compare {
	const struct btf *ours, *theirs;
	char why[256];
};

static bool differ(struct compare *c, const char *what, const char *name)
{
	if (!*c->why)
		snprintf(c->why, sizeof c->why, "%s of '%s'", what, name);
	return false;
}

static bool same(struct compare *c, uint32_t x, uint32_t y, unsigned depth);

static bool same_members(
	struct compare *c, const struct btf_type *x, const struct btf_type *y, unsigned depth)
{
	if (x->vlen != y->vlen)
		return differ(c, "number of members", btf_name(y));
	for (uint32_t i = 0; i < x->vlen; i++) {
		struct btf_member m = btf_member(x, i), n = btf_member(y, i);
		if (strcmp(m.name, n.name))
			return differ(c, "name of a member", n.name);
		/* In DWARF, a bit-field as wide as its type is an ordinary member. */
		if (n.bit_size == 8 * btf_size(c->theirs, n.type))
			n.bit_size = 0;
		if (m.bit_off != n.bit_off || m.bit_size != n.bit_size)
			return differ(c, "place of member", n.name);
		if (!same(c, m.type, n.type, depth))
			return differ(c, "type of member", n.name);
	}
	return true;
}

/* clang 14 supports neither ENUM64 nor signed enums; truncated values cannot be compared. */
static bool same_values(struct compare *c, const struct btf_type *x, const struct btf_type *y)
{
	if (x->vlen != y->vlen)
		return differ(c, "number of values", btf_name(y));
	bool wide = y->kind == BTF_ENUM64;
	for (uint32_t i = 0; i < x->vlen; i++) {
		struct btf_enumerator m = btf_enumerator(x, i), n = btf_enumerator(y, i);
		if (strcmp(m.name, n.name))
			return differ(c, "name of a value", n.name);
		if (wide ? m.value != n.value : (uint32_t)m.value != (uint32_t)n.value)
			return differ(c, "value", n.name);
	}
	return true;
}

static bool same(struct compare *c, uint32_t x, uint32_t y, unsigned depth)
{
	struct btf_type a, b;
	btf_type(c->ours, x, &a);
	btf_type(c->theirs, y, &b);
	if (b.kind == BTF_RESTRICT && a.kind != BTF_RESTRICT) /* new in version 3 */
		return same(c, x, b.type, depth + 1);
	bool both_enum = (a.kind == BTF_ENUM || a.kind == BTF_ENUM64) &&
	                 (b.kind == BTF_ENUM || b.kind == BTF_ENUM64);
	if (a.kind != b.kind && !both_enum)
		return differ(c, "kind", btf_name(&b));
	if (strcmp(btf_name(&a), btf_name(&b)) && a.kind != BTF_PTR)
		return differ(c, "name", btf_name(&b));
	if (a.size != b.size)
		return differ(c, "size", btf_name(&b));
	if (depth > 20)
		return true;
	switch (a.kind) {
	case BTF_INT:
		return (btf_int_encoding(&a) == btf_int_encoding(&b) &&
			       btf_int_bits(&a) == btf_int_bits(&b)) ||
		       differ(c, "encoding", btf_name(&b));
	case BTF_ARRAY:
		if (btf_array_len(&a) != btf_array_len(&b))
			return differ(c, "length of an array", "");
		return same(c, a.type, b.type, depth + 1);
	case BTF_TYPEDEF:
	case BTF_CONST:
	case BTF_VOLATILE:
	case BTF_RESTRICT:
		return same(c, a.type, b.type, depth + 1);
	case BTF_STRUCT:
	case BTF_UNION:
		return same_members(c, &a, &b, depth + 1);
	case BTF_ENUM:
	case BTF_ENUM64:
		return same_values(c, &a, &b);
	default:
		return true;
	}
}

struct against {
	const struct btf *theirs;
	const struct btf *empty;
	unsigned compared, skipped;
};

/* Structs and unions by name: converted without and with existing BTF to refer to. */
static void compare_type(struct loaded *l, struct dwarf_die *die, void *ctx)
{
	struct against *w = ctx;
	bool is_union = die->tag == DW_TAG_union_type;
	const char *name = dwarf_str(&l->d, die, DWARF_NAME);
	if ((die->tag != DW_TAG_structure_type && !is_union) || !*name ||
		dwarf_has(die, DWARF_DECLARATION))
		return;
	uint32_t their = btf_find(w->theirs, is_union ? BTF_UNION : BTF_STRUCT, name);
	if (!their) {
		w->skipped++;
		return;
	}
	struct arena a = {0};
	struct err e = {0};
	struct btf_append out;
	struct btf ours;
	l->d.fuel = UINT32_MAX;
	btf_append_begin(&out, w->empty, &a);
	uint32_t id = dwarf_to_btf(&l->d, die->off, &out);
	if (!id)
		fail_msg("%s: not converted (%s)", name, l->d.problem ? l->d.problem : "?");
	struct span blob = btf_append_end(&out, &a, &e);
	if (!btf_open(&ours, blob, NULL, &a, &e))
		fail_msg("%s: %s", name, e.text);
	struct compare c = {.ours = &ours, .theirs = w->theirs};
	if (!same(&c, id, their, 0))
		fail_msg("%s: %s", name, c.why);

	btf_append_begin(&out, w->theirs, &a);
	struct btf_type t;
	btf_type(&ours, id, &t);
	uint32_t known = dwarf_to_btf(&l->d, die->off, &out);
	struct btf_type k;
	assert_true(btf_type(w->theirs, known, &k));
	assert_int_equal(k.kind, t.kind);
	assert_string_equal(btf_name(&k), name);
	assert_int_equal(k.size, t.size);
	assert_ptr_equal(btf_append_end(&out, &a, &e).p, w->theirs->data.p);
	arena_free(&a);
	w->compared++;
}

static unsigned compare_all(struct span bytes, unsigned *skipped)
{
	struct loaded l;
	struct bb b;
	struct btf empty, theirs;
	struct err e = {0};
	load(&l, bytes);
	if (!l.ok)
		fail_msg("%s", l.d.problem);
	bb_init(&b, l.elf.file.big);
	bb_open(&b, NULL, &empty);
	struct span data = l.elf.sections[elf_find(&l.elf, ".BTF")].data;
	assert_true(btf_open(&theirs, data, NULL, &l.arena, &e));
	struct against w = {&theirs, &empty, 0, 0};
	assert_true(each_top(&l, compare_type, &w) > 0);
	assert_null(l.d.problem);
	*skipped = w.skipped;
	bb_free(&b);
	unload(&l);
	return w.compared;
}

static void types_are_those_of_btf(void **state)
{
	static const char *const flags[] = {"-gdwarf-5", "-gdwarf-4", "-gdwarf-3", "-gdwarf-2",
		"-gdwarf-5 -gdwarf64", "-gdwarf-4 -gdwarf64"};
	(void)state;
	for (const char *const *c = records_compilers; *c; c++) {
		char command[64];
		snprintf(command, sizeof command, "command -v %s >/dev/null", *c);
		if (c != records_compilers && system(command))
			continue;
		for (size_t i = 0; i < COUNT(flags); i++)
			for (int big = 0; big < 2; big++) {
				char all[128];
				unsigned skipped;
				snprintf(all, sizeof all, "%s -Wno-everything", flags[i]);
				unsigned n = compare_all(
					records_compile(*c, SOURCE("types"), big, all), &skipped);
				/* All named types that are not just the target of a pointer. */
				assert_int_equal(n, 8);
			}
	}
}

/* Kernel structs, if available: every EVERYth one, and the types they contain. */
static void types_of_the_kernel(void **state)
{
	enum { EVERY = 20 };
	const char *vmlinux = "/sys/kernel/btf/vmlinux";
	char dir[] = "/tmp/test_dwarf.XXXXXX", command[512];
	unsigned skipped;
	(void)state;
	records_need("bpftool");
	if (access(vmlinux, R_OK)) {
		print_message("# SKIP there is no %s\n", vmlinux);
		skip();
	}
	assert_non_null(mkdtemp(dir));
	/* A pointer to each makes the compiler emit its full description. */
	snprintf(command, sizeof command,
		"cd %s && bpftool btf dump file %s format c > x.c && awk '/^struct [a-z0-9_]+ {$/ "
		"&& ++n %% %d == 0 { print $1, $2, \"*p\" n \";\" }' x.c > list && cat list >> x.c "
		"&& echo '__attribute__((section(\"tp/a/b\"))) int f(void) { return 0; }' >> x.c",
		dir, vmlinux, EVERY);
	assert_int_equal(system(command), 0);
	snprintf(command, sizeof command, "%s/x.c", dir);
	unsigned n =
		compare_all(records_compile("clang", command, false, "-Wno-everything"), &skipped);
	snprintf(command, sizeof command, "rm -r %s", dir);
	assert_int_equal(system(command), 0);
	print_message("# %u types are the same, %u are in DWARF only\n", n, skipped);
	assert_true(n > 100);
}

/* ---- types: llvm-dwarfdump ---- */

/* Reads a number such as "(0x1c)" after a word. */
static bool value_behind(const char *line, const char *word, unsigned long *v)
{
	const char *p = strstr(line, word);
	p = p ? strchr(p, '(') : NULL;
	if (p)
		*v = strtoul(p + 1, NULL, 16);
	return p != NULL;
}

static void compare_with_dwarfdump(const char *path)
{
	char command[256], line[512], name[64] = "";
	struct records r;
	unsigned long size = 0, v;
	uint32_t member = 0;
	struct btf_type t;
	records_open(&r, object_read(path), NULL, 0);
	btf_type(&r.shown, records_of(&r, "events")->type, &t);
	snprintf(command, sizeof command, "llvm-dwarfdump --name=event --show-children %s", path);
	FILE *dump = popen(command, "r");
	assert_non_null(dump);
	while (fgets(line, sizeof line, dump)) {
		char *quote = strstr(line, "DW_AT_name") ? strchr(line, '"') : NULL;
		if (quote)
			snprintf(name, sizeof name, "%.*s", (int)strcspn(quote + 1, "\""),
				quote + 1);
		if (!size && value_behind(line, "DW_AT_byte_size", &size))
			assert_int_equal(t.size, size);
		if (!value_behind(line, "DW_AT_data_member_location", &v))
			continue;
		struct btf_member m = btf_member(&t, member++);
		assert_string_equal(m.name, name);
		assert_int_equal(m.bit_off, v * 8);
	}
	assert_int_equal(pclose(dump), 0);
	assert_true(member >= 4);
	assert_int_equal(member, t.vlen);
	records_free(&r);
}

static void offsets_are_those_of_llvm_dwarfdump(void **state)
{
	static const char *const paths[] = {"build/course/c04_syslat.bpf.o",
		"build/course/c06_opentap.bpf.o", "build/course/c15_openpair.bpf.o",
		"build/course/eb/c04_syslat.bpf.o", "build/course/eb/c06_opentap.bpf.o",
		"build/course/eb/c15_openpair.bpf.o"};
	(void)state;
	records_need("llvm-dwarfdump");
	for (size_t i = 0; i < COUNT(paths); i++)
		compare_with_dwarfdump(paths[i]);
}

/* ---- relocations ---- */

static void expect_event(struct span bytes)
{
	struct records r;
	records_open(&r, bytes, NULL, 0);
	assert_true(r.ok);
	assert_int_equal(records_of(&r, "events")->confidence, RECORD_EXACT);
	char *text = records_spell(&r, records_of(&r, "events")->type);
	assert_string_equal(text, "struct event 16 {pid@0 __u32, ns@64 __u64}");
	free(text);
	records_free(&r);
}

static bool is_debug_rel(const struct elf *elf, const struct elf_section *s)
{
	return s->type == ELF_REL && s->info < elf->n_sections &&
	       !strncmp(elf->sections[s->info].name, ".debug_", 7);
}

/* Their order is irrelevant. */
static void relocations_in_any_order(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct span bytes = records_compile("clang", SOURCE("simple"), big, "-gdwarf-4");
		struct elf elf;
		struct arena a = {0};
		struct err e = {0};
		unsigned turned = 0;
		assert_true(elf_open(&elf, bytes, &a, &e));
		for (size_t i = 1; i < elf.n_sections; i++) {
			uint8_t *p = (uint8_t *)(uintptr_t)elf.sections[i].data.p;
			size_t n = elf.sections[i].data.n / 16;
			for (size_t k = 0; is_debug_rel(&elf, &elf.sections[i]) && k < n / 2; k++) {
				uint8_t one[16];
				memcpy(one, p + k * 16, 16);
				memcpy(p + k * 16, p + (n - 1 - k) * 16, 16);
				memcpy(p + (n - 1 - k) * 16, one, 16);
				turned++;
			}
		}
		assert_true(turned > 10);
		arena_free(&a);
		expect_event(bytes);
	}
}

/* The number of bytes that a relocation changes. */
static unsigned rel_width(uint32_t type)
{
	return type == 2 ? 8 : 4; /* R_BPF_64_ABS64, or ABS32 and NODYLD32 */
}

/* As written by an assembler with explicit addends: the section contains zeros. */
static struct span with_addends(struct span bytes)
{
	struct elf elf;
	struct arena a = {0};
	struct err e = {0};
	assert_true(elf_open(&elf, bytes, &a, &e));
	bool big = elf.file.big;
	uint8_t *p = malloc(bytes.n * 2);
	memcpy(p, bytes.p, bytes.n);
	size_t end = bytes.n;
	uint64_t table = span_uint(elf.file, EH_SHOFF, 8);
	for (size_t i = 1; i < elf.n_sections; i++) {
		const struct elf_section *s = &elf.sections[i];
		struct elf_rel rel;
		if (!is_debug_rel(&elf, s))
			continue;
		uint8_t *header = p + table + i * SH_SIZE;
		size_t start = end;
		for (size_t k = 0; elf_rel(&elf, s, k, &rel); k++, end += 24) {
			unsigned width = rel_width(rel.type);
			uint8_t *word = p + elf.sections[s->info].file_off + rel.off;
			assert_true(end + 24 <= bytes.n * 2);
			memcpy(p + end, s->data.p + k * 16, 16);
			bytes_put(p + end + 16, 8, big, bytes_get(word, width, big));
			memset(word, 0xee, width);
		}
		bytes_put(header + SH_TYPE, 4, big, ELF_RELA);
		bytes_put(header + SH_OFFSET, 8, big, start);
		bytes_put(header + SH_SECTION_SIZE, 8, big, end - start);
	}
	arena_free(&a);
	free((void *)(uintptr_t)bytes.p);
	uint8_t *exact = malloc(end);
	memcpy(exact, p, end);
	free(p);
	return (struct span){exact, end, false};
}

static void relocations_with_addends(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++)
		for (int version = 4; version <= 5; version++) {
			char flags[32];
			snprintf(flags, sizeof flags, "-gdwarf-%d", version);
			expect_event(with_addends(
				records_compile("clang", SOURCE("simple"), big, flags)));
		}
}

/* A symbol of a debug section that is not at its start. */
static void relocations_against_symbols_with_values(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct span bytes = records_compile("clang", SOURCE("simple"), big, "-gdwarf-4");
		struct elf elf;
		struct arena a = {0};
		struct err e = {0};
		unsigned changed = 0;
		assert_true(elf_open(&elf, bytes, &a, &e));
		for (size_t i = 1; i < elf.n_sections; i++) {
			struct elf_rel rel;
			uint8_t *to = NULL;
			if (is_debug_rel(&elf, &elf.sections[i]))
				to = (uint8_t *)(uintptr_t)elf.sections[elf.sections[i].info]
				             .data.p;
			for (size_t k = 0; to && elf_rel(&elf, &elf.sections[i], k, &rel); k++) {
				if (strcmp(elf.symbols[rel.symbol].name, ".debug_str"))
					continue;
				bytes_put(
					to + rel.off, 4, big, bytes_get(to + rel.off, 4, big) - 7);
				changed++;
			}
		}
		for (size_t i = 1; i < elf.n_sections; i++)
			for (size_t k = 0; elf.sections[i].type == ELF_SYMTAB && k < elf.n_symbols;
				k++)
				if (!strcmp(elf.symbols[k].name, ".debug_str"))
					bytes_put((uint8_t *)(uintptr_t)elf.sections[i].data.p +
							  k * 24 + 8,
						8, big, 7);
		assert_true(changed > 10);
		arena_free(&a);
		expect_event(bytes);
	}
}

/* ---- by hand ---- */

/* A section under construction. */
struct text {
	uint8_t p[1 << 16];
	size_t n;
	bool big;
};

static void put(struct text *t, unsigned size, uint64_t v)
{
	assert_true(t->n + size <= sizeof t->p);
	bytes_put(t->p + t->n, size, t->big, v);
	t->n += size;
}

static void leb(struct text *t, uint64_t v)
{
	do {
		put(t, 1, (v & 0x7f) | (v > 0x7f ? 0x80 : 0));
		v >>= 7;
	} while (v);
}

static void string(struct text *t, const char *s)
{
	for (size_t i = 0; i <= strlen(s); i++)
		put(t, 1, (uint8_t)s[i]);
}

/* One unit: header, a root with children, what the test adds, the end of the root's children. */
struct hand {
	struct text info, abbrev;
	unsigned version;
	struct eb eb;
	struct loaded l;
};

enum { AT_NAME = 0x03, AT_SIZE = 0x0b, AT_TYPE = 0x49, ROOT = 1 };

/* specs: pairs of attribute and form, 0 at the end. */
static void abbrev(
	struct hand *h, unsigned code, unsigned tag, bool children, const uint16_t *specs)
{
	leb(&h->abbrev, code);
	leb(&h->abbrev, tag);
	put(&h->abbrev, 1, children);
	for (; *specs; specs += 2) {
		leb(&h->abbrev, specs[0]);
		leb(&h->abbrev, specs[1]);
		if (specs[1] == DW_FORM_implicit_const)
			leb(&h->abbrev, 42);
	}
	put(&h->abbrev, 2, 0);
}

static void hand_init(struct hand *h, bool big, unsigned version)
{
	*h = (struct hand){.version = version, .info.big = big, .abbrev.big = big};
	put(&h->info, 4, 0);
	put(&h->info, 2, version);
	if (version >= 5) {
		put(&h->info, 1, 1);
		put(&h->info, 1, 8);
	}
	put(&h->info, 4, 0);
	if (version < 5)
		put(&h->info, 1, 8);
	abbrev(h, ROOT, 0x11, true, (const uint16_t[]){0});
	leb(&h->info, ROOT);
}

static void hand_section(struct hand *h, const char *name, const struct text *t)
{
	eb_section(&h->eb, name, ELF_PROGBITS, 0, t->p, t->n);
}

/* more: another section, or NULL. */
static void hand_open(struct hand *h, const char *name, const struct text *more)
{
	put(&h->info, 1, 0);
	put(&h->abbrev, 1, 0);
	bytes_put(h->info.p, 4, h->info.big, h->info.n - 4);
	eb_init(&h->eb, h->info.big);
	hand_section(h, ".debug_info", &h->info);
	hand_section(h, ".debug_abbrev", &h->abbrev);
	if (name)
		hand_section(h, name, more);
	struct span file = eb_done(&h->eb);
	uint8_t *copy = malloc(file.n);
	memcpy(copy, file.p, file.n);
	load(&h->l, (struct span){copy, file.n, false});
}

static void hand_free(struct hand *h)
{
	unload(&h->l);
	eb_free(&h->eb);
}

/* Each form has the correct size, so the number after it is found. */
static void forms(void **state)
{
	static const struct {
		uint16_t form;
		int16_t size; /* bytes; negative: a block, the size of its length (-9: LEB128) */
		uint8_t version;
		uint64_t value; /* 0: not a number */
	} all[] = {
		{DW_FORM_data1, 1, 4, 0x11},
		{DW_FORM_data2, 2, 4, 0x1122},
		{DW_FORM_data4, 4, 4, 0x11223344},
		{DW_FORM_data8, 8, 4, 0x1122334455667788},
		{DW_FORM_data16, 16, 5, 0},
		{DW_FORM_addr, 8, 4, 0},
		{DW_FORM_flag, 1, 4, 1},
		{DW_FORM_sec_offset, 4, 4, 77},
		{DW_FORM_flag_present, 0, 4, 1},
		{DW_FORM_implicit_const, 0, 5, 42},
		{DW_FORM_strp, 4, 4, 0},
		{DW_FORM_line_strp, 4, 5, 0},
		{DW_FORM_ref1, 1, 4, 0},
		{DW_FORM_ref2, 2, 4, 0},
		{DW_FORM_ref4, 4, 4, 0},
		{DW_FORM_ref8, 8, 4, 0},
		{DW_FORM_ref_addr, 4, 3, 0},
		{DW_FORM_ref_addr, 8, 2, 0},
		{DW_FORM_ref_sig8, 8, 4, 0},
		{DW_FORM_strx1, 1, 5, 0},
		{DW_FORM_strx1 + 1, 2, 5, 0},
		{DW_FORM_strx1 + 2, 3, 5, 0},
		{DW_FORM_strx4, 4, 5, 0},
		{DW_FORM_addrx1, 1, 5, 0},
		{DW_FORM_addrx1 + 2, 3, 5, 0},
		{DW_FORM_addrx4, 4, 5, 0},
		{DW_FORM_ref_sup4, 4, 5, 0},
		{DW_FORM_ref_sup8, 8, 5, 0},
		{DW_FORM_strp_sup, 4, 5, 0},
		{DW_FORM_GNU_ref_alt, 4, 4, 0},
		{DW_FORM_GNU_strp_alt, 4, 4, 0},
		{DW_FORM_block1, -1, 4, 0},
		{DW_FORM_block2, -2, 4, 0},
		{DW_FORM_block4, -4, 4, 0},
		{DW_FORM_block, -9, 4, 0},
		{DW_FORM_exprloc, -9, 4, 0},
	};
	static struct hand h;
	(void)state;
	for (int big = 0; big < 2; big++)
		for (size_t i = 0; i < COUNT(all); i++) {
			hand_init(&h, big, all[i].version);
			abbrev(&h, 2, DW_TAG_base_type, false,
				(const uint16_t[]){0x1c, all[i].form, AT_SIZE, DW_FORM_data2, 0});
			leb(&h.info, 2);
			if (all[i].size >= 0) {
				for (int k = all[i].size; k > 8; k -= 8)
					put(&h.info, 8, 0xabab);
				if (all[i].size)
					put(&h.info, all[i].size > 8 ? 8 : (unsigned)all[i].size,
						all[i].value);
			} else {
				put(&h.info, all[i].size == -9 ? 1 : (unsigned)-all[i].size, 5);
				put(&h.info, 5, 0);
			}
			put(&h.info, 2, 4711);
			hand_open(&h, NULL, NULL);
			assert_true(h.l.ok);
			struct dwarf_die root, die;
			struct dwarf_unit *u = &h.l.d.units[0];
			uint64_t v = 0;
			assert_true(dwarf_ready(&h.l.d, u));
			assert_true(dwarf_head(&h.l.d, u, u->first, &root));
			assert_true(dwarf_child(&h.l.d, &root, &die));
			assert_int_equal(die.tag, DW_TAG_base_type);
			assert_true(dwarf_uint(&h.l.d, &die, DWARF_BYTE_SIZE, &v));
			assert_int_equal(v, 4711);
			if (all[i].value) {
				assert_true(dwarf_uint(&h.l.d, &die, DWARF_CONST_VALUE, &v));
				assert_int_equal(v, all[i].value);
			} else {
				assert_false(dwarf_uint(&h.l.d, &die, DWARF_CONST_VALUE, &v));
			}
			assert_int_equal(dwarf_block(&h.l.d, &die, DWARF_CONST_VALUE).n,
				all[i].size < 0 ? 5 : 0);
			assert_false(dwarf_next(&h.l.d, &die));
			assert_null(h.l.d.problem);
			hand_free(&h);
		}
}

static void forms_of_variable_size(void **state)
{
	static struct hand h;
	struct dwarf_die root, die;
	uint64_t v;
	(void)state;
	hand_init(&h, false, 5);
	abbrev(&h, 2, DW_TAG_base_type, false,
		(const uint16_t[]){0x1c, DW_FORM_sdata, AT_SIZE, DW_FORM_udata, AT_NAME,
			DW_FORM_string, 0x37, DW_FORM_indirect, AT_TYPE, DW_FORM_ref_udata, 0});
	leb(&h.info, 2);
	put(&h.info, 2, 0x7eff); /* -129 */
	leb(&h.info, 300000);
	string(&h.info, "a name");
	leb(&h.info, DW_FORM_data2);
	put(&h.info, 2, 515);
	leb(&h.info, 33);
	hand_open(&h, NULL, NULL);
	struct dwarf_unit *u = &h.l.d.units[0];
	assert_true(dwarf_ready(&h.l.d, u) && dwarf_head(&h.l.d, u, u->first, &root) &&
		    dwarf_child(&h.l.d, &root, &die));
	/* Tables begin after their headers, unless the unit specifies an offset. */
	assert_int_equal(u->base[BASE_STR], 8);
	assert_int_equal(u->base[BASE_ADDR], 8);
	assert_int_equal(u->base[BASE_RNGLISTS], 12);
	assert_int_equal(u->base[BASE_LOCLISTS], 12);
	assert_true(dwarf_uint(&h.l.d, &die, DWARF_CONST_VALUE, &v));
	assert_int_equal((int64_t)v, -129);
	assert_true(dwarf_is_signed(&die, DWARF_CONST_VALUE));
	assert_true(dwarf_uint(&h.l.d, &die, DWARF_BYTE_SIZE, &v));
	assert_int_equal(v, 300000);
	assert_false(dwarf_is_signed(&die, DWARF_BYTE_SIZE));
	assert_string_equal(dwarf_str(&h.l.d, &die, DWARF_NAME), "a name");
	assert_true(dwarf_uint(&h.l.d, &die, DWARF_COUNT, &v));
	assert_int_equal(v, 515);
	assert_true(dwarf_ref(&h.l.d, &die, DWARF_TYPE, &v));
	assert_int_equal(v, 33);
	assert_false(dwarf_next(&h.l.d, &die));
	hand_free(&h);
}

struct expected {
	const char *const *spelled;
	unsigned n;
	struct bb *b;
};

static void expect_top(struct loaded *l, struct dwarf_die *die, void *ctx)
{
	struct expected *x = ctx;
	struct btf empty, btf;
	struct btf_append out;
	struct arena a = {0};
	struct err e = {0};
	struct btf_type t;
	char text[128], one[64];
	bb_open(x->b, NULL, &empty);
	btf_append_begin(&out, &empty, &a);
	uint32_t id = dwarf_to_btf(&l->d, die->off, &out);
	assert_true(btf_open(&btf, btf_append_end(&out, &a, &e), NULL, &a, &e));
	btf_spell(&btf, id, text, sizeof text);
	btf_type(&btf, id, &t);
	for (uint32_t i = 0; t.kind == BTF_STRUCT && i < t.vlen; i++) {
		struct btf_member m = btf_member(&t, i);
		btf_spell(&btf, m.type, one, sizeof one);
		size_t n = strlen(text);
		snprintf(text + n, sizeof text - n, " %s@%u:%s", m.name, m.bit_off, one);
	}
	assert_string_equal(text, x->spelled[x->n++]);
	arena_free(&a);
}

/* Arrays by their last index, and sibling references, which skip entries. */
static void as_gcc_writes_it(void **state)
{
	enum { STRUCT = 2, MEMBER, INT, ARRAY, RANGE, OPEN, JUNK };
	static const char *const spelled[] = {"struct s a@0:int b@32:int[256] c@64:int[0]", "int",
		"int[256]", "int[0]", "void", "int"};
	static struct hand h;
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct bb b;
		hand_init(&h, big, 4);
		abbrev(&h, STRUCT, DW_TAG_structure_type, true,
			(const uint16_t[]){AT_NAME, DW_FORM_string, AT_SIZE, DW_FORM_data2, 0x01,
				DW_FORM_ref4, 0});
		abbrev(&h, MEMBER, DW_TAG_member, false,
			(const uint16_t[]){AT_NAME, DW_FORM_string, AT_TYPE, DW_FORM_ref4, 0x38,
				DW_FORM_data1, 0});
		abbrev(&h, INT, DW_TAG_base_type, false,
			(const uint16_t[]){AT_NAME, DW_FORM_string, AT_SIZE, DW_FORM_data1, 0x3e,
				DW_FORM_data1, 0});
		abbrev(&h, ARRAY, DW_TAG_array_type, true,
			(const uint16_t[]){AT_TYPE, DW_FORM_ref4, 0x01, DW_FORM_ref4, 0});
		abbrev(&h, RANGE, DW_TAG_subrange_type, false,
			(const uint16_t[]){0x2f, DW_FORM_data1, 0});
		abbrev(&h, OPEN, DW_TAG_subrange_type, false, (const uint16_t[]){0});
		/* Targets of references: struct of 12 + 2 + 2 + 4 bytes, and so on. */
		uint32_t start = (uint32_t)h.info.n, behind = start + 9 + 3 * 8 + 1;
		leb(&h.info, STRUCT);
		string(&h.info, "s");
		put(&h.info, 2, 1100);
		put(&h.info, 4, behind);
		for (unsigned i = 0; i < 3; i++) {
			leb(&h.info, MEMBER);
			string(&h.info, i == 0 ? "a" : i == 1 ? "b" : "c");
			put(&h.info, 4, i == 0 ? behind : i == 1 ? behind + 7 : behind + 7 + 12);
			put(&h.info, 1, i * 4);
		}
		put(&h.info, 1, 0);
		assert_int_equal(h.info.n, behind);
		leb(&h.info, INT);
		string(&h.info, "int");
		put(&h.info, 1, 4);
		put(&h.info, 1, 5);
		for (unsigned i = 0; i < 2; i++) {
			leb(&h.info, ARRAY);
			put(&h.info, 4, behind);
			put(&h.info, 4, behind + 7 + 12 + (i ? 11 : 0));
			leb(&h.info, i ? OPEN : RANGE);
			if (!i)
				put(&h.info, 1, 255);
			put(&h.info, 1, 0);
		}
		/* Unreadable children, which the sibling reference skips. */
		uint32_t junk = (uint32_t)h.info.n;
		leb(&h.info, STRUCT);
		string(&h.info, "junk");
		put(&h.info, 2, 0);
		put(&h.info, 4, junk + 20);
		put(&h.info, 8, UINT64_MAX);
		leb(&h.info, INT);
		string(&h.info, "int");
		put(&h.info, 1, 4);
		put(&h.info, 1, 5);
		hand_open(&h, NULL, NULL);
		assert_true(h.l.ok);
		bb_init(&b, big);
		struct expected x = {spelled, 0, &b};
		each_top(&h.l, expect_top, &x);
		assert_int_equal(x.n, COUNT(spelled));
		bb_free(&b);
		hand_free(&h);
	}
}

/* ---- lists ---- */

/* The pieces of the only variable, or the ranges of the only function: "begin-end:reg ...". */
static void list_text(struct hand *h, bool locations, char *text, size_t size)
{
	struct dwarf_die root, die;
	struct dwarf_list l;
	struct dwarf_piece p;
	size_t n = 0;
	struct dwarf_unit *u = &h->l.d.units[0];
	assert_true(dwarf_ready(&h->l.d, u) && dwarf_head(&h->l.d, u, u->first, &root) &&
		    dwarf_child(&h->l.d, &root, &die));
	text[0] = 0;
	if (!(locations ? dwarf_locations_of(&h->l.d, &die, &l) : dwarf_code_of(&h->l.d, &die, &l)))
		return;
	while (dwarf_next_piece(&l, &p) && n < size) {
		struct dwarf_where w = dwarf_where(p.expr, (struct dwarf_where){0});
		n += (size_t)snprintf(text + n, size - n, "%s%llx-%llx:%u", n ? " " : "",
			(unsigned long long)p.begin, (unsigned long long)p.end,
			w.kind == DWARF_IN_REG ? w.reg : 99);
		if (p.always)
			n += (size_t)snprintf(text + n, size - n, " always");
	}
	assert_false(dwarf_next_piece(&l, &p));
}

static void put_reg(struct text *t, unsigned version, unsigned reg)
{
	put(t, version < 5 ? 2 : 1, 1);
	put(t, 1, 0x50 + reg);
}

static void lists_before_version_5(void **state)
{
	static struct hand h;
	static struct text t;
	char text[256];
	(void)state;
	for (int big = 0; big < 2; big++)
		for (int locations = 0; locations < 2; locations++) {
			t = (struct text){.big = big};
			hand_init(&h, big, 4);
			abbrev(&h, 2, DW_TAG_variable, false,
				(const uint16_t[]){locations ? 0x02 : 0x55, DW_FORM_sec_offset, 0});
			leb(&h.info, 2);
			put(&h.info, 4, 4);
			put(&t, 4, 0xdead);
			put(&t, 8, 0x10);
			put(&t, 8, 0x20);
			if (locations)
				put_reg(&t, 4, 3);
			put(&t, 8, UINT64_MAX);
			put(&t, 8, 0x1000);
			put(&t, 8, 0x30);
			put(&t, 8, 0x48);
			if (locations)
				put_reg(&t, 4, 4);
			put(&t, 16 - 8, 0);
			put(&t, 8, 0);
			put(&t, 8, 0x77);
			hand_open(&h, locations ? ".debug_loc" : ".debug_ranges", &t);
			list_text(&h, locations, text, sizeof text);
			assert_string_equal(
				text, locations ? "10-20:3 1030-1048:4" : "10-20:99 1030-1048:99");
			hand_free(&h);
		}
}

static void lists_of_version_5(void **state)
{
	static struct hand h;
	static struct text t;
	char text[256];
	(void)state;
	for (int big = 0; big < 2; big++)
		for (int locations = 0; locations < 2; locations++) {
			unsigned shift = locations ? 0 : 1; /* of the kinds after offset_pair */
			t = (struct text){.big = big};
			hand_init(&h, big, 5);
			abbrev(&h, 2, DW_TAG_variable, false,
				(const uint16_t[]){locations ? 0x02 : 0x55, DW_FORM_sec_offset, 0});
			leb(&h.info, 2);
			put(&h.info, 4, 4);
			put(&t, 4, 0xdead);
			put(&t, 1, 4); /* offset_pair */
			leb(&t, 0x10);
			leb(&t, 0x20);
			if (locations)
				put_reg(&t, 5, 3);
			put(&t, 1, 6 - shift); /* base_address */
			put(&t, 8, 0x1000);
			put(&t, 1, 4);
			leb(&t, 0x30);
			leb(&t, 0x4800);
			if (locations)
				put_reg(&t, 5, 4);
			put(&t, 1, 7 - shift); /* start_end */
			put(&t, 8, 0x50);
			put(&t, 8, 0x60);
			if (locations)
				put_reg(&t, 5, 5);
			put(&t, 1, 8 - shift); /* start_length */
			put(&t, 8, 0x70);
			leb(&t, 0x18);
			if (locations) {
				put_reg(&t, 5, 6);
				put(&t, 1, 9); /* view_pair */
				put(&t, 2, 0);
				put(&t, 1, 5); /* default_location */
				put_reg(&t, 5, 7);
			}
			put(&t, 1, 0);
			put(&t, 8, 0x7777);
			hand_open(&h, locations ? ".debug_loclists" : ".debug_rnglists", &t);
			list_text(&h, locations, text, sizeof text);
			assert_string_equal(
				text, locations ? "10-20:3 1030-5800:4 50-60:5 70-88:6 0-0:7 always"
						: "10-20:99 1030-5800:99 50-60:99 70-88:99");
			hand_free(&h);
		}
}

/* ---- hostile ---- */

/* CPU time of this process, which does not depend on what else runs. */
static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void refuse_top(struct loaded *l, struct dwarf_die *die, void *ctx)
{
	struct bb *b = ctx;
	struct btf empty;
	struct btf_append out;
	struct arena a = {0};
	struct err e = {0};
	bb_open(b, NULL, &empty);
	btf_append_begin(&out, &empty, &a);
	assert_int_equal(dwarf_to_btf(&l->d, die->off, &out), 0);
	assert_ptr_equal(btf_append_end(&out, &a, &e).p, empty.data.p);
	dwarf_shape(&l->d, die->off);
	dwarf_has_flexible_array(&l->d, die->off);
	arena_free(&a);
}

/* All kinds of types that contain themselves. */
static void types_without_end(void **state)
{
	enum { TYPEDEF = 2, ARRAY, RANGE, STRUCT, MEMBER, CONST };
	static struct hand h;
	(void)state;
	for (int way = 0; way < 5; way++) {
		struct bb b;
		hand_init(&h, false, 4);
		abbrev(&h, TYPEDEF, DW_TAG_typedef, false,
			(const uint16_t[]){AT_NAME, DW_FORM_string, AT_TYPE, DW_FORM_ref4, 0});
		abbrev(&h, ARRAY, DW_TAG_array_type, true,
			(const uint16_t[]){AT_TYPE, DW_FORM_ref4, 0});
		abbrev(&h, RANGE, DW_TAG_subrange_type, false,
			(const uint16_t[]){0x37, DW_FORM_data1, 0});
		abbrev(&h, STRUCT, DW_TAG_structure_type, true,
			(const uint16_t[]){AT_NAME, DW_FORM_string, AT_SIZE, DW_FORM_data1, 0});
		abbrev(&h, MEMBER, DW_TAG_member, false,
			(const uint16_t[]){AT_NAME, DW_FORM_string, AT_TYPE, DW_FORM_ref4, 0});
		abbrev(&h, CONST, DW_TAG_const_type, false,
			(const uint16_t[]){AT_TYPE, DW_FORM_ref4, 0});
		uint32_t here = (uint32_t)h.info.n;
		switch (way) {
		case 0: /* typedef t t */
			leb(&h.info, TYPEDEF);
			string(&h.info, "t");
			put(&h.info, 4, here);
			break;
		case 1: /* an array of itself */
			leb(&h.info, ARRAY);
			put(&h.info, 4, here);
			leb(&h.info, RANGE);
			put(&h.info, 1, 2);
			put(&h.info, 1, 0);
			break;
		case 2: /* struct s { struct s s; } */
			leb(&h.info, STRUCT);
			string(&h.info, "s");
			put(&h.info, 1, 8);
			leb(&h.info, MEMBER);
			string(&h.info, "s");
			put(&h.info, 4, here);
			put(&h.info, 1, 0);
			break;
		case 3: /* a thousand qualifiers */
			for (int i = 0; i < 1000; i++) {
				leb(&h.info, CONST);
				put(&h.info, 4, h.info.n + 4);
			}
			leb(&h.info, CONST);
			put(&h.info, 4, here);
			break;
		default: /* references out of bounds, and between entries */
			leb(&h.info, CONST);
			put(&h.info, 4, 0xfffffff0);
			leb(&h.info, CONST);
			put(&h.info, 4, here + 2);
			leb(&h.info, CONST);
			put(&h.info, 4, 1);
		}
		hand_open(&h, NULL, NULL);
		assert_true(h.l.ok);
		bb_init(&b, false);
		assert_true(each_top(&h.l, refuse_top, &b) > 0);
		bb_free(&b);
		hand_free(&h);
	}
}

static void ignore_top(struct loaded *l, struct dwarf_die *die, void *ctx)
{
	(void)l;
	(void)ctx;
	assert_true(die->tag != 0);
}

/* Units that share all abbreviations: much work from few bytes. */
static void work_is_bounded(void **state)
{
	enum { UNITS = 4000, ABBREVS = 6000 };
	struct text *info = calloc(1, sizeof *info), *abbrevs = calloc(1, sizeof *abbrevs);
	struct loaded l;
	struct eb eb;
	(void)state;
	for (unsigned i = 0; i < UNITS; i++) {
		put(info, 4, 9);
		put(info, 2, 4);
		put(info, 4, i % 5 * 7); /* at different offsets, so that no table is reused */
		put(info, 1, 8);
		put(info, 2, 0);
	}
	for (unsigned i = 0; i < ABBREVS; i++) {
		put(abbrevs, 1, 1);
		put(abbrevs, 1, 1);
		put(abbrevs, 1, 1);
		put(abbrevs, 1, 1);
		put(abbrevs, 1, 1);
		put(abbrevs, 2, 0);
	}
	put(abbrevs, 1, 0);
	eb_init(&eb, false);
	eb_section(&eb, ".debug_info", ELF_PROGBITS, 0, info->p, info->n);
	eb_section(&eb, ".debug_abbrev", ELF_PROGBITS, 0, abbrevs->p, abbrevs->n);
	struct span file = eb_done(&eb);
	uint8_t *copy = malloc(file.n);
	memcpy(copy, file.p, file.n);
	double start = seconds();
	load(&l, (struct span){copy, file.n, false});
	assert_true(l.ok);
	each_top(&l, ignore_top, NULL);
	assert_string_equal(l.d.problem, "the debug information is too complex");
	assert_int_equal(l.d.fuel, 0);
	assert_true(seconds() - start < 60);
	unload(&l);
	eb_free(&eb);
	free(info);
	free(abbrevs);
}

static void files_without(void **state)
{
	struct loaded l;
	(void)state;
	struct span whole = records_compile("clang", SOURCE("simple"), false, "");
	load(&l, records_cut(whole, ".debug_info", 0));
	assert_false(l.ok);
	assert_string_equal(l.d.problem, "there is no debug information");
	unload(&l);
	load(&l, records_cut(whole, ".debug_info", 9));
	assert_false(l.ok);
	assert_string_equal(l.d.problem, "the debug information is truncated");
	unload(&l);
	free((void *)(uintptr_t)whole.p);
	static const char *const split[] = {"-gdwarf-5 -gsplit-dwarf", "-gdwarf-4 -gsplit-dwarf"};
	for (size_t i = 0; i < 2; i++) {
		load(&l, records_compile("clang", SOURCE("simple"), false, split[i]));
		assert_false(l.ok);
		assert_string_equal(
			l.d.problem, "the debug information is in another file (-gsplit-dwarf)");
		unload(&l);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leb128),
		cmocka_unit_test(location_expressions),
		cmocka_unit_test(forms),
		cmocka_unit_test(forms_of_variable_size),
		cmocka_unit_test(as_gcc_writes_it),
		cmocka_unit_test(lists_before_version_5),
		cmocka_unit_test(lists_of_version_5),
		cmocka_unit_test(types_are_those_of_btf),
		cmocka_unit_test(types_of_the_kernel),
		cmocka_unit_test(offsets_are_those_of_llvm_dwarfdump),
		cmocka_unit_test(relocations_in_any_order),
		cmocka_unit_test(relocations_with_addends),
		cmocka_unit_test(relocations_against_symbols_with_values),
		cmocka_unit_test(types_without_end),
		cmocka_unit_test(work_is_bounded),
		cmocka_unit_test(files_without),
	};
	return cmocka_run_group_tests_name("dwarf", tests, NULL, NULL);
}
