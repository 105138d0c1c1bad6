/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Externs, from C to instructions: the kind of each, how a simulated kernel resolves it, and the
 * result if the kernel lacks it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "elf/base/insn.h"
#include "elf/link/link.h"
#include "btf_build.h"
#include "objects.h"

static bool little = false, big = true;

#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}

/* ---- a kernel ---- */

/* Its types, and those of two modules, which are fetched on demand. */
struct kernel {
	struct bb own, modules[2];
	struct btf btf, module_btf[2];
	const struct btf *list[3];
	struct kernel_types types;
	unsigned fetched, config_asked;
	const char *config, *config_error;
	struct kernel_facts facts;
	/* ids */
	uint32_t take, jiffies, in_module, variable_of_module;
};

static uint32_t add_func(struct bb *b, const char *name, uint32_t returns, uint32_t param)
{
	uint32_t proto = bb_proto(b, returns);
	bb_param(b, "x", param);
	return bb_func(b, name, proto, 1);
}

/* A kfunc with one parameter, and one of the same with another that the verifier may supply. */
static void add_implicit(struct bb *b, const char *name, const char *last, uint32_t i, uint32_t ptr)
{
	uint32_t proto = bb_proto(b, i);
	bb_param(b, "x", i);
	bb_param(b, last, ptr);
	bb_func(b, name, proto, 1);
}

static bool more(struct kernel_types *types, struct err *e)
{
	struct kernel *k = types->ctx;
	(void)e;
	k->fetched++;
	types->n = 3;
	return true;
}

static bool config(void *ctx, struct span *text, struct err *e)
{
	struct kernel *k = ctx;
	k->config_asked++;
	if (k->config_error)
		return err_set(e, "%s", k->config_error);
	*text = (struct span){(const uint8_t *)k->config, strlen(k->config), false};
	return true;
}

static bool number(void *ctx, const char *name, uint64_t *value)
{
	(void)ctx;
	*value = 0x060c11;
	return !strcmp(name, "LINUX_KERNEL_VERSION");
}

static void make_kernel(struct kernel *k, bool order)
{
	*k = (struct kernel){.config = ""};
	bb_init(&k->own, order);
	uint32_t i = bb_int(&k->own, "int", 4, BTF_INT_SIGNED);
	uint32_t rq = bb_struct(&k->own, "rq", 8);
	bb_member(&k->own, "nr", i, 0);
	add_func(&k->own, "take_two", i, bb_ptr(&k->own, rq)); /* with the same prefix */
	k->take = add_func(&k->own, "take", i, bb_ptr(&k->own, rq));
	add_func(&k->own, "other_shape", i, i);
	k->jiffies = bb_var(&k->own, "runqueues", rq, 1);
	bb_var(&k->own, "a_number", i, 1);
	add_func(&k->own, "in_both", i, i);
	uint32_t aux = bb_ptr(&k->own, rq);
	add_implicit(&k->own, "first", "aux__prog", i, aux);
	add_implicit(&k->own, "second_impl", "meta__ign", i, aux);
	add_func(&k->own, "third", i, i);
	add_implicit(&k->own, "third_impl", "aux", i, aux);
	add_implicit(&k->own, "fourth_impl", "ordinary", i, aux);
	add_func(&k->own, "fifth", i, i);
	bb_open(&k->own, NULL, &k->btf);
	for (int m = 0; m < 2; m++) {
		struct bb *b = &k->modules[m];
		bb_split(b, &k->btf);
		if (m) {
			k->in_module = add_func(b, "in_module", i, i);
			k->variable_of_module = bb_var(b, "variable_of_module", i, 1);
		}
		add_func(b, m ? "in_both" : "unrelated", i, i);
		bb_open(b, &k->btf, &k->module_btf[m]);
	}
	k->list[0] = &k->btf;
	k->list[1] = &k->module_btf[0];
	k->list[2] = &k->module_btf[1];
	k->types = (struct kernel_types){.list = k->list, .n = 1, .more = more, .ctx = k};
	k->facts = (struct kernel_facts){.config = config, .number = number, .ctx = k};
}

static void end_kernel(struct kernel *k)
{
	bb_free(&k->modules[0]);
	bb_free(&k->modules[1]);
	bb_free(&k->own);
}

/* ---- an object ---- */

struct linked {
	struct kernel k;
	struct span bytes;
	struct arena arena;
	struct object o;
	struct image image;
	struct err e;
};

/* The common start of all programs. */
static const char head[] = "struct rq { int nr; int more; };\n";

static bool link_to(struct linked *t, const char *source)
{
	char text[4096];
	snprintf(text, sizeof text, "%s%s", head, source);
	t->arena = (struct arena){0};
	t->e = (struct err){0};
	t->bytes = object_compile(text, t->k.own.big, "-g");
	const struct link_options opt = {.types = &t->k.types, .facts = &t->k.facts};
	bool ok = object_open(&t->o, "x.bpf.o", t->bytes, &t->arena, &t->e) &&
	          image_link(&t->image, &t->o, &opt, &t->e);
	assert_int_equal(ok, !t->e.set);
	return ok;
}

static void must_link(struct linked *t, const char *source)
{
	if (!link_to(t, source))
		fail_msg("%s", t->e.text);
}

static void must_fail(struct linked *t, const char *source, const char *why)
{
	assert_false(link_to(t, source));
	if (!strstr(t->e.text, why))
		fail_msg("\"%s\" has no \"%s\"", t->e.text, why);
}

static void done(struct linked *t)
{
	arena_free(&t->arena);
	free((void *)(uintptr_t)t->bytes.p);
}

static struct insn at(const struct linked *t, uint32_t i)
{
	assert_true(i < t->image.progs[0].n);
	return insn_get(t->image.progs[0].insns + (size_t)i * 8, t->o.elf.file.big);
}

/* The only 64-bit load of the program (or its nth). */
static uint32_t load(const struct linked *t, unsigned nth)
{
	for (uint32_t i = 0; i < t->image.progs[0].n; i++)
		if (insn_is_wide(at(t, i)) && !nth--)
			return i;
	fail_msg("no such load");
	return 0;
}

static struct insn call(const struct linked *t, uint32_t *where)
{
	for (uint32_t i = 0; i < t->image.progs[0].n; i++)
		if (at(t, i).code == (BPF_JMP | BPF_CALL)) {
			*where = i;
			return at(t, i);
		}
	fail_msg("no call");
	return (struct insn){0};
}

static const struct obj_extern *extern_of(const struct linked *t, const char *name)
{
	for (size_t i = 0; i < t->o.n_externs; i++)
		if (!strcmp(t->o.externs[i].name, name))
			return &t->o.externs[i];
	fail_msg("no extern '%s'", name);
	return NULL;
}

/* ---- .kconfig ---- */

static const char config_source[] =
	"extern char CONFIG_LETTER __kconfig;\n"
	"extern _Bool CONFIG_FLAG __kconfig;\n"
	"extern unsigned short CONFIG_SHORT __kconfig;\n"
	"extern char CONFIG_TEXT[11] __kconfig;\n"
	"extern int LINUX_KERNEL_VERSION __kconfig;\n"
	"extern enum libbpf_tristate CONFIG_TRI __kconfig;\n"
	"extern unsigned long CONFIG_LONG __kconfig;\n"
	"extern int CONFIG_MISSING __kconfig __weak;\n"
	"SEC(\"raw_tp/x\") int f(void *c) {\n"
	"    return CONFIG_LETTER + CONFIG_FLAG + CONFIG_SHORT + CONFIG_TEXT[1]\n"
	"        + LINUX_KERNEL_VERSION + CONFIG_TRI + CONFIG_LONG + CONFIG_MISSING; }\n";

/* Sorted by descending alignment, then by ascending size, then by name. */
static void config_layout(void **state)
{
	static struct linked t;
	make_kernel(&t.k, *(bool *)*state);
	t.k.config = "# CONFIG_NOT is not set\nCONFIG_LETTERS=n\nCONFIG_LETTER=m\nCONFIG_FLAG=y\n"
		     "CONFIG_SHORT=0x1234\nCONFIG_TEXT=\"some words\"\nCONFIG_TRI=m\n"
		     "CONFIG_LONG=0x1122334455667788"; /* without a newline */
	must_link(&t, config_source);
	static const struct {
		const char *name;
		uint32_t off, size;
	} places[] = {{"CONFIG_LONG", 0, 8}, {"CONFIG_MISSING", 8, 4}, {"CONFIG_TRI", 12, 4},
		{"LINUX_KERNEL_VERSION", 16, 4}, {"CONFIG_SHORT", 20, 2}, {"CONFIG_FLAG", 22, 1},
		{"CONFIG_LETTER", 23, 1}, {"CONFIG_TEXT", 24, 11}};
	assert_int_equal(t.o.n_externs, sizeof places / sizeof *places);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		const struct obj_extern *x = extern_of(&t, places[i].name);
		assert_int_equal(x->kind, EXTERN_CONFIG);
		assert_int_equal(x->off, places[i].off);
		assert_int_equal(x->size, places[i].size);
		assert_int_equal(x->weak, !strcmp(x->name, "CONFIG_MISSING"));
	}
	struct span v = t.image.config;
	assert_int_equal(v.n, 35);
	assert_int_equal(span_u64(v, 0), 0x1122334455667788);
	assert_int_equal(span_u32(v, 8), 0); /* missing */
	assert_int_equal(span_u32(v, 12), 2);
	assert_int_equal(span_u32(v, 16), 0x060c11);
	assert_int_equal(span_u16(v, 20), 0x1234);
	assert_int_equal(span_u8(v, 22), 1);
	assert_int_equal(span_u8(v, 23), 'm');
	assert_string_equal(span_str(v, 24), "some words");
	assert_int_equal(t.k.config_asked, 1);
	assert_true(t.image.used_target);
	done(&t);
	end_kernel(&t.k);
}

/* They are loaded from the map's value; the types have the offset of each. */
static void config_map(void **state)
{
	static struct linked t;
	make_kernel(&t.k, *(bool *)*state);
	t.k.config = "CONFIG_B=3\nCONFIG_A=0x200000001\n";
	must_link(&t, "extern int CONFIG_B __kconfig;\nextern unsigned long CONFIG_A __kconfig;\n"
		      "SEC(\"raw_tp/x\") int f(void *c) { return CONFIG_B; }\n"
		      "int unused(void) { return CONFIG_A; }\n");
	const struct obj_map *m = &t.o.maps[0];
	assert_int_equal(t.o.n_maps, 1);
	assert_string_equal(m->name, ".kconfig");
	assert_true(m->config && m->read_only);
	assert_int_equal(m->value_size, 12);
	assert_int_equal(m->map_type, 2);
	assert_int_equal(m->map_flags, 1 << 7 | 1 << 10);
	uint32_t i = load(&t, 0);
	assert_int_equal(at(&t, i).src, BPF_PSEUDO_MAP_VALUE);
	assert_int_equal(at(&t, i + 1).imm, 8);
	assert_int_equal(t.image.progs[0].n_refs, 1);
	assert_int_equal(t.image.progs[0].refs[0].kind, REF_VALUE);
	assert_int_equal(t.image.progs[0].refs[0].index, 0);
	struct btf types;
	struct btf_type section, var;
	assert_true(btf_open(&types, t.image.btf, NULL, &t.arena, &t.e));
	assert_true(btf_type(&types, btf_find(&types, BTF_DATASEC, ".kconfig"), &section));
	assert_int_equal(section.size, 12);
	for (uint32_t k = 0; k < section.vlen; k++) {
		struct btf_secinfo info = btf_secinfo(&section, k);
		assert_true(btf_type(&types, info.type, &var));
		bool a = !strcmp(btf_name(&var), "CONFIG_A");
		assert_int_equal(info.offset, a ? 0 : 8);
		assert_int_equal(info.size, a ? 8 : 4);
	}
	done(&t);
	end_kernel(&t.k);
}

static void config_missing(void **state)
{
	static struct linked t;
	static const char one[] = "extern int CONFIG_A __kconfig;\n"
				  "SEC(\"raw_tp/x\") int f(void *c) { return CONFIG_A; }\n";
	make_kernel(&t.k, *(bool *)*state);
	t.k.config = "# CONFIG_A is not set\nCONFIG_AB=1\nXCONFIG_A=1\n";
	must_fail(&t, one,
		"program 'f' (raw_tp/x): extern 'CONFIG_A': not set in the kernel configuration");
	assert_string_equal(t.e.hint, "declare it __weak if it may be missing, and test its value");
	done(&t);
	t.k.config_error = "it is nowhere";
	must_fail(&t, one, "extern 'CONFIG_A': it is nowhere");
	done(&t);
	/* Read once, and not at all for numbers. */
	t.k.config_asked = 0;
	must_link(&t, "extern int CONFIG_A __kconfig __weak, CONFIG_B __kconfig __weak;\n"
		      "extern int LINUX_OTHER __kconfig __weak;\n"
		      "SEC(\"raw_tp/x\") int f(void *c)\n"
		      "{ return CONFIG_A + CONFIG_B + LINUX_OTHER; }\n");
	assert_int_equal(t.k.config_asked, 1);
	for (size_t i = 0; i < t.image.config.n; i++)
		assert_int_equal(t.image.config.p[i], 0);
	done(&t);
	t.k.config_asked = 0;
	must_link(&t, "extern int LINUX_KERNEL_VERSION __kconfig;\n"
		      "SEC(\"raw_tp/x\") int f(void *c) { return LINUX_KERNEL_VERSION; }\n");
	assert_int_equal(t.k.config_asked, 0);
	done(&t);
	must_fail(&t,
		"extern int LINUX_OTHER __kconfig;\n"
		"SEC(\"raw_tp/x\") int f(void *c) { return LINUX_OTHER; }\n",
		"extern 'LINUX_OTHER': unknown LINUX_ name");
	done(&t);
	t.k.config_error = NULL;
	t.k.config = "CONFIG_A=\"text\"\n";
	must_fail(&t, one,
		"extern 'CONFIG_A': the kernel configuration has \"text\", which is not a value of "
		"its type");
	done(&t);
	end_kernel(&t.k);
}

/* ---- .ksyms: variables and addresses ---- */

static void variables(void **state)
{
	static struct linked t;
	make_kernel(&t.k, *(bool *)*state);
	must_link(&t, "extern const struct rq runqueues __ksym;\n"
		      "SEC(\"raw_tp/x\") int f(void *c) { return runqueues.nr; }\n");
	uint32_t i = load(&t, 0);
	assert_int_equal(extern_of(&t, "runqueues")->kind, EXTERN_VARIABLE);
	assert_int_equal(at(&t, i).src, BPF_PSEUDO_BTF_ID);
	assert_int_equal(at(&t, i).imm, t.k.jiffies);
	assert_int_equal(at(&t, i + 1).imm, 0);
	assert_int_equal(t.image.progs[0].n_refs, 0);
	assert_int_equal(t.k.fetched, 0); /* modules are not needed */
	assert_true(t.image.used_target);
	assert_true(object_needs_kernel_btf(&t.o));
	done(&t);

	must_link(&t, "extern const int variable_of_module __ksym;\n"
		      "SEC(\"raw_tp/x\") int f(void *c) { return variable_of_module; }\n");
	i = load(&t, 0);
	assert_int_equal(at(&t, i).imm, t.k.variable_of_module);
	assert_int_equal(t.image.progs[0].n_refs, 1);
	assert_int_equal(t.image.progs[0].refs[0].kind, REF_MODULE);
	assert_int_equal(t.image.progs[0].refs[0].index, 2);
	assert_int_equal(t.k.fetched, 1);
	done(&t);
	end_kernel(&t.k);
}

static void addresses(void **state)
{
	static struct linked t;
	make_kernel(&t.k, *(bool *)*state);
	must_link(&t, "extern const void bpf_link_fops __ksym;\n"
		      "SEC(\"raw_tp/x\") int f(void *c) { return (long)&bpf_link_fops >> 3; }\n");
	assert_int_equal(extern_of(&t, "bpf_link_fops")->kind, EXTERN_ADDRESS);
	assert_int_equal(at(&t, load(&t, 0)).src, 0);
	assert_int_equal(t.image.progs[0].refs[0].kind, REF_ADDRESS);
	assert_int_equal(t.image.progs[0].refs[0].index, 0);
	/* The plan fits any kernel: the address is looked up when it runs. */
	assert_false(t.image.used_target);
	assert_false(object_needs_kernel_btf(&t.o));
	assert_int_equal(t.k.fetched, 0);
	done(&t);
	end_kernel(&t.k);
}

static void missing_variables(void **state)
{
	static struct linked t;
	make_kernel(&t.k, *(bool *)*state);
	must_fail(&t,
		"extern const int not_there __ksym;\n"
		"SEC(\"raw_tp/x\") int f(void *c) { return not_there; }\n",
		"extern 'not_there': this kernel has no variable with this name");
	assert_string_equal(
		t.e.hint, "declare it __weak if it may be missing, and test bpf_ksym_exists()");
	assert_int_equal(t.k.fetched, 1);
	done(&t);
	/* Another type is a mismatch, weak or not. */
	must_fail(&t,
		"extern const struct rq a_number __ksym;\n"
		"SEC(\"raw_tp/x\") int f(void *c) { return a_number.nr; }\n",
		"extern 'a_number': the kernel has a symbol with this name but another type");
	done(&t);
	must_fail(&t,
		"extern const int take __ksym;\n"
		"SEC(\"raw_tp/x\") int f(void *c) { return take; }\n",
		"extern 'take': this kernel has no variable with this name");
	done(&t);
	t.k.types = (struct kernel_types){0};
	must_fail(&t,
		"extern const int not_there __ksym;\n"
		"SEC(\"raw_tp/x\") int f(void *c) { return not_there; }\n",
		"extern 'not_there': this kernel has no types (BTF)");
	done(&t);
	/* Weak: its address is 0. */
	must_link(&t, "extern const int not_there __ksym __weak;\n"
		      "SEC(\"raw_tp/x\") int f(void *c) { return &not_there ? not_there : 7; }\n");
	uint32_t i = load(&t, 0);
	assert_int_equal(at(&t, i).src, 0);
	assert_int_equal(at(&t, i).imm, 0);
	assert_int_equal(at(&t, i + 1).imm, 0);
	assert_int_equal(t.image.progs[0].n_refs, 0);
	done(&t);
	end_kernel(&t.k);
}

/* Externs that no program refers to need not exist. */
static void unused(void **state)
{
	static struct linked t;
	make_kernel(&t.k, *(bool *)*state);
	must_link(&t, "extern const int not_there __ksym;\n"
		      "SEC(\"raw_tp/x\") int f(void *c) { return 0; }\n"
		      "int nobody_calls(void) { return not_there; }\n");
	assert_int_equal(t.o.n_externs, 1);
	done(&t);
	must_fail(&t,
		"extern int nowhere(void); SEC(\"raw_tp/x\") int f(void *c) "
		"{ return nowhere(); }\n",
		"'nowhere' is not defined in the object");
	done(&t);
	end_kernel(&t.k);
}

/* ---- .ksyms: functions ---- */

static void kfuncs(void **state)
{
	static struct linked t;
	uint32_t i;
	make_kernel(&t.k, *(bool *)*state);
	must_link(&t, "extern int take(struct rq *x) __ksym;\n"
		      "SEC(\"raw_tp/x\") int f(void *c) { return take(c); }\n");
	struct insn insn = call(&t, &i);
	assert_int_equal(extern_of(&t, "take")->kind, EXTERN_KFUNC);
	assert_int_equal(insn.src, BPF_PSEUDO_KFUNC_CALL);
	assert_int_equal(insn.imm, t.k.take);
	assert_int_equal(insn.off, 0);
	assert_false(t.image.progs[0].calls_modules);
	assert_int_equal(t.image.n_modules, 0);
	assert_int_equal(t.k.fetched, 0);
	done(&t);

	/* The flavour is not part of the name. */
	must_link(&t, "extern int take___v2(struct rq *x) __ksym;\n"
		      "SEC(\"raw_tp/x\") int f(void *c) { return take___v2(c); }\n");
	assert_int_equal(call(&t, &i).imm, t.k.take);
	done(&t);

	/* A forward-declared struct. */
	must_link(&t, "struct only_declared;\n"
		      "extern int take___v3(struct only_declared *x) __ksym;\n"
		      "SEC(\"raw_tp/x\") int f(void *c) { return take___v3(c); }\n");
	assert_int_equal(call(&t, &i).imm, t.k.take);
	done(&t);

	/* The first one called has index 1 in fd_array. */
	must_link(&t, "extern int in_module(int x) __ksym;\n"
		      "SEC(\"raw_tp/x\") int f(void *c) { return in_module(1); }\n");
	insn = call(&t, &i);
	assert_int_equal(insn.imm, t.k.in_module);
	assert_int_equal(insn.off, 1);
	assert_true(t.image.progs[0].calls_modules);
	assert_int_equal(t.image.n_modules, 1);
	assert_int_equal(t.image.modules[0], 2);
	assert_int_equal(t.k.fetched, 1);
	done(&t);

	/* That of vmlinux has precedence. */
	must_link(&t, "extern int in_both(int x) __ksym;\n"
		      "SEC(\"raw_tp/x\") int f(void *c) { return in_both(1); }\n");
	assert_int_equal(call(&t, &i).off, 0);
	done(&t);
	end_kernel(&t.k);
}

/* The function that a program calls when it declares a kfunc as NAME or NAME_impl, with the implicit
 * argument or without; NULL: none. */
static void implicit_arguments(void **state)
{
	static const struct {
		const char *declared, *called, *second;
	} cases[] = {
		{"first", "first", ", void *y"}, /* 6.17 */
		{"first", "first", ""},
		{"first_impl", "first", ", void *y"},
		{"second_impl", "second_impl", ", void *y"}, /* 6.18 */
		{"second", "second_impl", ", void *y"},
		{"second", "second_impl", ""},
		{"third", "third", ""}, /* 7.0 */
		{"third", "third", ", void *y"},
		{"third", NULL, ", long y"}, /* not what the verifier supplies */
		{"third_impl", NULL, ", long y"},
		{"third_impl", "third", ", void *y"},
		{"fourth_impl", "fourth_impl", ", struct rq *y"},
		{"fourth", "fourth_impl", ", struct rq *y"},
		{"fourth", NULL, ""}, /* no implicit argument */
		{"fifth", NULL, ", void *y"},
		{"fifth_imp", NULL, ", void *y"},
		{"fif", NULL, ""},
	};
	static struct linked t;
	uint32_t i;
	make_kernel(&t.k, *(bool *)*state);
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		char source[300];
		snprintf(source, sizeof source,
			"extern int %s(int x%s) __ksym;\n"
			"SEC(\"raw_tp/x\") int f(void *c) { return %s(1%s); }\n",
			cases[c].declared, cases[c].second, cases[c].declared,
			*cases[c].second ? ", 0" : "");
		bool ok = link_to(&t, source);
		if (ok != (cases[c].called != NULL))
			fail_msg("%s: %s", cases[c].declared, ok ? "found" : t.e.text);
		if (ok)
			assert_int_equal(
				call(&t, &i).imm, btf_find(&t.k.btf, BTF_FUNC, cases[c].called));
		else
			assert_non_null(strstr(t.e.text, "kernel has "));
		done(&t);
	}
	end_kernel(&t.k);
}

/* The verifier removes unreachable calls; for a reachable one, the error names the kfunc. */
static void missing_kfuncs(void **state)
{
	static struct linked t;
	uint32_t i;
	static const char weak[] = "extern int nowhere(int x) __ksym __weak;\n"
				   "SEC(\"raw_tp/x\") int f(void *c) { return "
				   "bpf_ksym_exists(nowhere) ? nowhere(1) : 7; "
				   "}\n";
	make_kernel(&t.k, *(bool *)*state);
	must_link(&t, weak);
	const struct image_prog *p = &t.image.progs[0];
	struct insn insn = call(&t, &i);
	assert_int_equal(insn.src, 0);
	assert_int_equal(insn.imm, CORE_POISON);
	assert_int_equal(p->n_poison, 1);
	assert_int_equal(p->poison[0].insn, i);
	assert_string_equal(p->poison[0].what, "kfunc nowhere");
	assert_string_equal(p->poison[0].why, "this kernel has no function with this name");
	uint32_t test = load(&t, 0); /* the existence check is a load of 0 */
	assert_int_equal(at(&t, test).src, 0);
	assert_int_equal(at(&t, test).imm, 0);
	done(&t);

	must_fail(&t,
		"extern int nowhere(int x) __ksym;\n"
		"SEC(\"raw_tp/x\") int f(void *c) { return nowhere(1); }\n",
		"program 'f' (raw_tp/x): extern 'nowhere': this kernel has no function with this "
		"name");
	done(&t);
	must_fail(&t,
		"extern int other_shape(struct rq *x) __ksym;\n"
		"SEC(\"raw_tp/x\") int f(void *c) { return other_shape(c); }\n",
		"extern 'other_shape': the kernel has a symbol with this name but another type");
	done(&t);
	must_fail(&t,
		"extern int runqueues(int x) __ksym;\n"
		"SEC(\"raw_tp/x\") int f(void *c) { return runqueues(1); }\n",
		"extern 'runqueues': this kernel has no function with this name");
	done(&t);
	t.k.types = (struct kernel_types){0};
	must_link(&t, weak);
	assert_string_equal(t.image.progs[0].poison[0].why, "this kernel has no types (BTF)");
	done(&t);
	end_kernel(&t.k);
}

/* An existing kfunc as a value: bpf_ksym_exists() takes its address. */
static void exists(void **state)
{
	static struct linked t;
	uint32_t i;
	make_kernel(&t.k, *(bool *)*state);
	must_link(&t, "extern int take(struct rq *x) __ksym __weak;\n"
		      "SEC(\"raw_tp/x\") int f(void *c)\n"
		      "{ return bpf_ksym_exists(take) ? take(c) : 7; }\n");
	uint32_t test = load(&t, 0);
	assert_int_equal(at(&t, test).src, BPF_PSEUDO_BTF_ID);
	assert_int_equal(at(&t, test).imm, t.k.take);
	assert_int_equal(call(&t, &i).imm, t.k.take);
	assert_int_equal(t.image.progs[0].n_poison, 0);
	done(&t);
	end_kernel(&t.k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(config_layout),
		BOTH(config_map),
		BOTH(config_missing),
		BOTH(variables),
		BOTH(addresses),
		BOTH(missing_variables),
		BOTH(unused),
		BOTH(kfuncs),
		BOTH(implicit_arguments),
		BOTH(missing_kfuncs),
		BOTH(exists),
	};
	return cmocka_run_group_tests_name("extern", tests, NULL, NULL);
}
