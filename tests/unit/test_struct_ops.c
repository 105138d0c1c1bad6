/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* struct_ops: from C to the value passed to the kernel, for kernels whose struct has other members,
 * another order, is in a module, or does not exist. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "loader/plan/abi.h"
#include "loader/plan/variable.h"
#include "btf_build.h"
#include "objects.h"

static bool little = false, big = true;

#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}

/* ---- kernels ---- */

/* The layout of the kernel's struct. */
struct shape {
	unsigned number_size; /* of member `number`; 0: absent */
	bool no_stop, no_value_type, value_without_struct, in_module, bits;
};

struct kernel {
	struct bb own, module;
	struct btf btf, module_btf;
	const struct btf *list[2];
	const char *modules[2];
	uint32_t value, type; /* ids */
};

/* struct ops { stop; (hole) name[8]; number; start }, at offset 16 of its value. */
static void add_struct(struct kernel *k, struct bb *b, const struct shape *shape)
{
	uint32_t i = bb_int(b, "int", 4, BTF_INT_SIGNED), l = bb_int(b, "long", 8, BTF_INT_SIGNED);
	uint32_t c = bb_int(b, "char", 1, 0), text = bb_array(b, c, 8);
	uint32_t f = bb_ptr(b, bb_proto(b, i)), data = bb_ptr(b, i);
	k->type = bb_struct(b, "ops", 64);
	if (!shape->no_stop)
		bb_member(b, "stop", f, 0);
	bb_member(b, "name", text, 16 * 8);
	if (shape->bits)
		bb_bits(b, "number", i, 32 * 8, 3);
	else if (shape->number_size)
		bb_member(b, "number", shape->number_size == 8 ? l : i, 32 * 8);
	bb_member(b, "start", f, 40 * 8);
	bb_member(b, "data", data, 48 * 8);
	if (shape->no_value_type)
		return;
	k->value = bb_struct(b, "bpf_struct_ops_ops", 128);
	bb_member(b, "refcnt", i, 0);
	bb_member(b, "data", shape->value_without_struct ? l : k->type, 16 * 8);
}

static void make_kernel(struct kernel *k, bool order, const struct shape *shape)
{
	*k = (struct kernel){.list = {&k->btf, &k->module_btf}, .modules = {"vmlinux", "mod"}};
	bb_init(&k->own, order);
	bb_int(&k->own, "unsigned int", 4, 0);
	if (!shape->in_module)
		add_struct(k, &k->own, shape);
	bb_open(&k->own, NULL, &k->btf);
	bb_split(&k->module, &k->btf);
	if (shape->in_module)
		add_struct(k, &k->module, shape);
	else
		bb_int(&k->module, "unrelated", 4, 0);
	bb_open(&k->module, &k->btf, &k->module_btf);
}

/* Modules are fetched on demand. */
static bool more(struct kernel_types *types, struct err *e)
{
	(void)e;
	types->n = 2;
	return true;
}

/* ---- plans ---- */

static const char source[] =
	"struct ops { int number; int (*start)(void); int (*stop)(void); char name[8]; int *data;\n"
	"    unsigned bit : 3; };\n"
	"SEC(\"struct_ops/start\") int go(unsigned long long *c) { return 1; }\n"
	"SEC(\"struct_ops/stop\") int halt(unsigned long long *c) { return 2; }\n"
	"SEC(SECTION) struct ops mine = { .number = 17, .start = (void *)go,\n"
	"    .stop = (void *)halt, .name = \"sonde\", .data = (int *)DATA, .bit = BIT };\n";

struct planned {
	struct kernel k;
	struct span bytes;
	struct arena arena;
	struct plan p;
	struct err e;
};

static bool plan(struct planned *t, bool order, const struct shape *shape, const char *flags)
{
	char all[512];
	snprintf(all, sizeof all, "-g -DDATA=%s -DBIT=%s '-DSECTION=\"%s\"' -w",
		strstr(flags, "DATA") ? "8" : "0", strstr(flags, "BIT") ? "1" : "0",
		strstr(flags, "LINK") ? ".struct_ops.link" : ".struct_ops");
	*t = (struct planned){.bytes = object_compile(source, order, all)};
	make_kernel(&t->k, order, shape);
	struct target target;
	object_target(&target, order, &t->k.btf, &t->arena);
	target.types = (struct kernel_types){.list = t->k.list, .n = 1, .more = more};
	target.types_asked = true;
	target.modules = t->k.modules;
	bool ok = plan_object(
		&t->p, "x.bpf.o", t->bytes, &(struct plan_options){0}, &target, &t->arena, &t->e);
	assert_int_equal(ok, !t->e.set);
	return ok;
}

static void must_plan(struct planned *t, bool order, const struct shape *shape, const char *flags)
{
	if (!plan(t, order, shape, flags))
		fail_msg("%s", t->e.text);
}

static void done(struct planned *t)
{
	arena_free(&t->arena);
	bb_free(&t->k.module);
	bb_free(&t->k.own);
	free((void *)(uintptr_t)t->bytes.p);
}

static void refused(bool order, const struct shape *shape, const char *flags, const char *why)
{
	static struct planned t;
	assert_false(plan(&t, order, shape, flags));
	if (!strstr(t.e.text, why))
		fail_msg("\"%s\" has no \"%s\"", t.e.text, why);
	done(&t);
}

static const struct plan_step *step_of(const struct plan *p, uint32_t cmd, const char *who)
{
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].op == STEP_BPF && p->steps[i].cmd == cmd &&
			p->steps[i].fallback_for == PLAN_NONE && strstr(p->steps[i].who, who))
			return &p->steps[i];
	return NULL;
}

static uint64_t field(const struct plan *p, const struct plan_step *s, const char *name)
{
	struct abi_field f;
	const struct plan_blob *attr = &p->blobs[s->attr];
	assert_true(abi_field_by_name(s->cmd, name, &f));
	struct span bytes = {attr->bytes, attr->size, p->big};
	return f.size == 8 ? span_u64(bytes, f.offset) : span_u32(bytes, f.offset);
}

/* The slot that is patched into a byte of a blob, or -1. */
static int slot_at(const struct plan_blob *b, uint32_t at)
{
	for (size_t i = 0; i < b->n_patches; i++)
		if (b->patches[i].at == at && b->patches[i].what == PATCH_SLOT)
			return b->patches[i].index;
	return -1;
}

static int field_slot(const struct plan *p, const struct plan_step *s, const char *name)
{
	struct abi_field f;
	assert_true(abi_field_by_name(s->cmd, name, &f));
	return slot_at(&p->blobs[s->attr], f.offset);
}

static const struct plan_blob *value_of(const struct plan *p, const struct plan_step *s)
{
	struct abi_field f;
	const struct plan_blob *attr = &p->blobs[s->attr];
	assert_true(abi_field_by_name(s->cmd, "value", &f));
	for (size_t i = 0; i < attr->n_patches; i++)
		if (attr->patches[i].at == f.offset)
			return &p->blobs[attr->patches[i].index];
	fail_msg("the step has no value");
	return NULL;
}

/* ---- tests ---- */

static const struct shape usual = {.number_size = 4};

static void members(void **state)
{
	static struct planned t;
	bool order = *(bool *)*state;
	must_plan(&t, order, &usual, "");
	const struct plan_step *make = step_of(&t.p, BPF_MAP_CREATE, "map 'mine'");
	assert_true(make->flags & STEP_MEMLOCK);
	assert_int_equal(field(&t.p, make, "map_type"), 26);
	assert_int_equal(field(&t.p, make, "value_size"), 128);
	assert_int_equal(field(&t.p, make, "btf_vmlinux_value_type_id"), t.k.value);
	assert_int_equal(field(&t.p, make, "map_flags"), 0);
	/* A program belongs to a member, by its index in the kernel's struct. */
	static const struct {
		const char *program;
		uint32_t number;
	} programs[] = {{"program 'go'", 3}, {"program 'halt'", 0}};
	int slots[2];
	for (size_t i = 0; i < 2; i++) {
		const struct plan_step *load = step_of(&t.p, BPF_PROG_LOAD, programs[i].program);
		assert_int_equal(field(&t.p, load, "prog_type"), 27);
		assert_int_equal(field(&t.p, load, "attach_btf_id"), t.k.type);
		assert_int_equal(field(&t.p, load, "expected_attach_type"), programs[i].number);
		slots[i] = load->slot;
	}
	const struct plan_step *fill = step_of(&t.p, BPF_MAP_UPDATE_ELEM, "struct_ops 'mine'");
	const struct plan_blob *value = value_of(&t.p, fill);
	struct span v = {value->bytes, value->size, order};
	assert_int_equal(v.n, 128);
	assert_int_equal(slot_at(value, 16), slots[1]);
	assert_int_equal(slot_at(value, 16 + 40), slots[0]);
	assert_int_equal(value->n_patches, 2);
	assert_memory_equal(v.p + 16 + 16, "sonde\0\0", 8);
	assert_int_equal(span_u32(v, 16 + 32), 17);
	assert_int_equal(span_u64(v, 0), 0);
	/* Without a link, the registration is undone at the end. */
	assert_null(step_of(&t.p, BPF_LINK_CREATE, "mine"));
	const struct plan_step *end = step_of(&t.p, BPF_MAP_DELETE_ELEM, "mine");
	assert_non_null(end);
	assert_ptr_equal(&t.p.steps[end->undoes], fill);
	for (size_t i = 0; i < t.p.n_progs; i++)
		assert_int_equal(t.p.progs[i].link, fill->slot);
	done(&t);
}

/* --set: members have the object's types and the kernel's offsets. */
static void set_members(void **state)
{
	static struct planned t;
	static const struct {
		const char *assignment, *error, *hint;
	} wrong[] = {{"mine.start=1", "struct ops has no member 'start'", "number, name"},
		{"mine.numbr=1", "struct ops has no member 'numbr'", "did you mean 'number'?"},
		{"mine.number=x", "variable 'mine': member 'number' expects a number", ""},
		{"mine=1", "variable 'mine' is a struct and expects MEMBER=VALUE", ""},
		{"yours.number=1", "there is no variable 'yours'", "mine"}};
	bool order = *(bool *)*state;
	must_plan(&t, order, &usual, "");
	assert_true(plan_set_variable(&t.p, "mine.number=-5", &t.e));
	assert_true(plan_set_variable(&t.p, "mine=name=other", &t.e));
	const struct plan_step *fill = step_of(&t.p, BPF_MAP_UPDATE_ELEM, "struct_ops 'mine'");
	const struct plan_blob *value = value_of(&t.p, fill);
	struct span v = {value->bytes, value->size, order};
	assert_int_equal(span_s32(v, 16 + 32), -5);
	assert_memory_equal(v.p + 16 + 16, "other\0\0", 8);
	assert_int_equal(value->n_patches, 2);
	for (unsigned i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct err e = {0};
		assert_false(plan_set_variable(&t.p, wrong[i].assignment, &e));
		if (!strstr(e.text, wrong[i].error) || !strstr(e.hint, wrong[i].hint))
			fail_msg("%s: %s", e.text, e.hint);
	}
	done(&t);
}

static void linked(void **state)
{
	static struct planned t;
	must_plan(&t, *(bool *)*state, &usual, "LINK");
	const struct plan_step *make = step_of(&t.p, BPF_MAP_CREATE, "map 'mine'");
	assert_int_equal(field(&t.p, make, "map_flags"), 1 << 13);
	const struct plan_step *link = step_of(&t.p, BPF_LINK_CREATE, "struct_ops 'mine'");
	assert_non_null(link);
	assert_int_equal(field_slot(&t.p, link, "link_create.map_fd"), make->slot);
	assert_int_equal(field(&t.p, link, "link_create.attach_type"), 44);
	assert_null(step_of(&t.p, BPF_MAP_DELETE_ELEM, "mine"));
	assert_int_equal(step_of(&t.p, BPF_MAP_UPDATE_ELEM, "struct_ops 'mine'")->slot, PLAN_NONE);
	assert_int_equal(t.p.progs[0].link, link->slot);
	done(&t);
}

static void of_a_module(void **state)
{
	static struct planned t;
	const struct shape shape = {.number_size = 4, .in_module = true};
	must_plan(&t, *(bool *)*state, &shape, "");
	const struct plan_step *make = step_of(&t.p, BPF_MAP_CREATE, "map 'mine'"), *types = NULL;
	for (size_t i = 0; i < t.p.n_steps && !types; i++)
		if (t.p.steps[i].op == STEP_TYPES)
			types = &t.p.steps[i];
	assert_non_null(types);
	assert_true(types < make);
	assert_string_equal(types->who, "module 'mod'");
	assert_int_equal(field(&t.p, make, "map_flags"), 1 << 15);
	assert_int_equal(field_slot(&t.p, make, "value_type_btf_obj_fd"), types->slot);
	assert_int_equal(field(&t.p, make, "btf_vmlinux_value_type_id"), t.k.value);
	const struct plan_step *load = step_of(&t.p, BPF_PROG_LOAD, "program 'go'");
	assert_int_equal(field_slot(&t.p, load, "attach_btf_obj_fd"), types->slot);
	done(&t);
}

static void other_members(void **state)
{
	bool order = *(bool *)*state;
	const struct shape none = {0}, longer = {.number_size = 8}, bits = {.bits = true};
	const struct shape stop = {.number_size = 4, .no_stop = true};
	refused(order, &none, "", "struct_ops 'mine': the kernel's struct has no member 'number'");
	refused(order, &longer, "",
		"struct_ops 'mine': member 'number' has 4 bytes, but 8 in this kernel");
	refused(order, &bits, "", "struct_ops 'mine': bit-field 'number' must be 0");
	refused(order, &usual, "BIT", "struct_ops 'mine': the kernel's struct has no member 'bit'");
	refused(order, &usual, "DATA", "struct_ops 'mine': pointer 'data' must be NULL");
	refused(order, &stop, "", "struct ops of this kernel has no member 'stop'");
}

static void no_such_struct(void **state)
{
	bool order = *(bool *)*state;
	const struct shape no_value = {.no_value_type = true},
			   empty = {.value_without_struct = true};
	refused(order, &no_value, "",
		"struct_ops 'mine': this kernel has no struct ops that programs can implement");
	refused(order, &empty, "",
		"struct_ops 'mine': the kernel's struct bpf_struct_ops_ops does not contain a "
		"struct "
		"ops");
}

/* ---- objects ---- */

struct opened {
	struct span bytes;
	struct arena arena;
	struct object o;
	struct err e;
	bool ok;
};

static void open_source(struct opened *t, const char *text, bool order, const char *flags)
{
	*t = (struct opened){.bytes = object_compile(text, order, flags)};
	t->ok = object_open(&t->o, "x.bpf.o", t->bytes, &t->arena, &t->e);
}

static void close_source(struct opened *t)
{
	arena_free(&t->arena);
	free((void *)(uintptr_t)t->bytes.p);
}

#define STRUCT "struct ops { int (*f)(void); int (*g)(void); };\n"

static void variables(void **state)
{
	static struct opened t;
	open_source(&t,
		STRUCT "SEC(\"struct_ops\") int f(void *c) { return 0; }\n"
		       "SEC(\"struct_ops.s/g\") int g(void *c) { return 1; }\n"
		       "SEC(\".struct_ops.link\") struct ops a = { .f = (void *)f };\n"
		       "SEC(\".struct_ops.link\") struct ops b = { (void *)f, (void *)g };\n"
		       "SEC(\"?.struct_ops\") struct ops c = { .g = (void *)g };\n",
		*(bool *)*state, "-g");
	if (!t.ok)
		fail_msg("%s", t.e.text);
	assert_int_equal(t.o.n_maps, 3);
	static const struct {
		bool optional;
		uint32_t flags;
		size_t n;
		uint32_t first;
		const char *program;
	} maps[] = {{false, 1 << 13, 1, 0, "f"}, {false, 1 << 13, 2, 0, "f"}, {true, 0, 1, 8, "g"}};
	for (size_t i = 0; i < 3; i++) {
		const struct obj_map *m = NULL;
		for (size_t k = 0; k < 3; k++)
			if (t.o.maps[k].name[0] == "abc"[i])
				m = &t.o.maps[k];
		assert_non_null(m);
		assert_int_equal(m->kind, OBJ_MAP_STRUCT_OPS);
		assert_int_equal(m->no_autocreate, maps[i].optional);
		assert_int_equal(m->map_flags, maps[i].flags);
		assert_int_equal(m->init.n, 16);
		assert_int_equal(m->n_slots, maps[i].n);
		assert_int_equal(m->slots[0].index, maps[i].first);
		assert_string_equal(m->slots[0].func->name, maps[i].program);
	}
	close_source(&t);
}

static void wrong_objects(void **state)
{
	static struct opened t;
	static const struct {
		const char *source, *flags, *why;
	} wrong[] = {
		{"SEC(\".struct_ops\") int a = 1;\n", "-g",
			"section '.struct_ops': 'a' is not a struct variable in this section"},
		{STRUCT "SEC(\".struct_ops\") struct ops a = { 0 };\n", "",
			"section '.struct_ops': the object has no BTF, which its variables "
			"require"},
		{STRUCT "int f(void *c) { return 0; }\n"
			"SEC(\".struct_ops\") struct ops a = { (void *)f };\n",
			"-g",
			"section '.struct_ops': byte 0 points to 'f', which is not a program"},
		{STRUCT "int data;\nSEC(\".struct_ops\") struct ops a = { .g = (void *)&data };\n",
			"-g",
			"section '.struct_ops': byte 8 points to 'data', which is not a program"},
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		open_source(&t, wrong[i].source, *(bool *)*state, wrong[i].flags);
		assert_false(t.ok);
		assert_true(!strncmp(t.e.text, "x.bpf.o: ", 9));
		assert_string_equal(t.e.text + 9, wrong[i].why);
		close_source(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(members),
		BOTH(set_members),
		BOTH(linked),
		BOTH(of_a_module),
		BOTH(other_members),
		BOTH(no_such_struct),
		BOTH(variables),
		BOTH(wrong_objects),
	};
	return cmocka_run_group_tests_name("struct_ops", tests, NULL, NULL);
}
