/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Facts about a kernel, from a folder that describes it or from copies of kernel file systems
 * (simulating a running kernel): types of vmlinux and modules, configuration, numbers, and the
 * functions that match a pattern.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "loader/hook/pattern.h"
#include "loader/kernel/functions.h"
#include "btf_build.h"
#include "folder.h"
#include "loader/plan/abi.h"
#include "loader/plan/builder.h"

/* ---- a folder of files ---- */

static void put(const char *name, struct span bytes)
{
	FILE *f = fopen(in_folder(name), "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes.p, 1, bytes.n, f), bytes.n);
	assert_int_equal(fclose(f), 0);
}

/* An empty directory that contains or describes a target. */
struct place {
	struct target t;
	struct arena a;
	struct kfs k;
	struct err e;
};

static void begin(struct place *p)
{
	*p = (struct place){0};
	must_shell("rm -rf ./*; printf '6.1.0-test\\n' >release; echo x86_64 >machine");
}

static void open_folder(struct place *p)
{
	if (!target_open(&p->t, folder, &p->a, &p->k, NULL, &p->e))
		fail_msg("%s", p->e.text);
}

/* The running kernel, whose file systems are those in the folder. */
static void open_copy(struct place *p)
{
	static const char *const names[KFS_COUNT] = {
		[KFS_PROC] = "proc", [KFS_SYS] = "sys", [KFS_TRACE] = "trace"};
	if (!target_open(&p->t, NULL, &p->a, &p->k, NULL, &p->e))
		fail_msg("%s", p->e.text);
	for (int i = 0; i < KFS_COUNT; i++) {
		if (!names[i])
			continue;
		int fd = open(in_folder(names[i]), O_PATH | O_DIRECTORY);
		if (fd >= 0)
			kfs_use(&p->k, (enum kfs_which)i, fd, names[i]);
	}
}

static void end(struct place *p)
{
	target_close(&p->t);
	kfs_close(&p->k);
	arena_free(&p->a);
}

/* Types of a kernel, and those of a module that extends them. */
struct types {
	struct bb kernel, module;
	struct btf base;
};

static void types_init(struct types *s, bool big)
{
	bb_init(&s->kernel, big);
	uint32_t i = bb_int(&s->kernel, "int", 4, BTF_INT_SIGNED);
	uint32_t e = bb_enum(&s->kernel, "bpf_func_id", 4, false);
	bb_value(&s->kernel, "BPF_FUNC_get_attach_cookie", 174);
	uint32_t regs = bb_ptr(&s->kernel, i), unpacks = bb_proto(&s->kernel, i);
	bb_param(&s->kernel, "regs", regs);
	bb_func(&s->kernel, "__x64_sys_bpf", unpacks, BTF_STATIC);
	uint32_t plain = bb_proto(&s->kernel, e);
	for (int k = 0; k < 3; k++)
		bb_param(&s->kernel, "", i);
	bb_func(&s->kernel, "__s390x_sys_bpf", plain, BTF_STATIC); /* as in 5.1 to 5.11 */
	bb_open(&s->kernel, NULL, &s->base);
	bb_split(&s->module, &s->base);
	bb_struct(&s->module, "of_module", 4);
	bb_member(&s->module, "a", i, 0);
}

static void types_free(struct types *s)
{
	bb_free(&s->module);
	bb_free(&s->kernel);
}

/* ---- numbers and text ---- */

static void says_what_is_missing(void **state)
{
	struct place p;
	(void)state;
	begin(&p);
	must_shell("rm machine");
	assert_false(target_open(&p.t, folder, &p.a, &p.k, NULL, &p.e));
	assert_non_null(strstr(p.e.text, "no file 'machine' that describes a kernel"));
	assert_non_null(strstr(p.e.hint, "uname -m"));
	arena_free(&p.a);
}

static void numbers_of_a_folder(void **state)
{
	struct place p;
	(void)state;
	begin(&p);
	open_folder(&p);
	assert_string_equal(p.t.release, "6.1.0-test");
	assert_string_equal(p.t.machine, "x86_64");
	assert_int_equal(target_possible_cpus(&p.t), 1);
	assert_int_equal(target_page_size(&p.t), 4096);
	end(&p);
	begin(&p);
	must_shell("echo 8 >possible_cpus; echo 0x10000 >page_size");
	open_folder(&p);
	assert_int_equal(target_possible_cpus(&p.t), 8);
	assert_int_equal(target_page_size(&p.t), 65536);
	must_shell("echo 9 >possible_cpus");
	assert_int_equal(target_possible_cpus(&p.t), 8); /* read once */
	end(&p);
}

/* ---- types ---- */

static void expect_module(struct place *p)
{
	struct kernel_types *types = target_types(&p->t, &p->e);
	assert_false(p->e.set);
	assert_int_equal(types->n, 1); /* modules have not been requested */
	assert_string_equal(p->t.modules[0], "vmlinux");
	assert_true(kernel_types_all(types, &p->e));
	assert_int_equal(types->n, 2);
	assert_string_equal(p->t.modules[1], "good");
	assert_int_not_equal(btf_find(types->list[1], BTF_STRUCT, "of_module"), 0);
	assert_int_not_equal(btf_find(types->list[1], BTF_INT, "int"), 0); /* of the kernel */
	assert_true(kernel_types_all(types, &p->e));
	assert_int_equal(types->n, 2);
	assert_ptr_equal(target_types(&p->t, &p->e), types);
}

/* ---- types by their id ---- */

/* The BTF object with the first id, if simulated (--wrap, tests/unit/Makefile). */
static struct {
	const char *name; /* NULL: not simulated */
	struct span types;
	bool of_kernel;
} first;

long __real_sys_open_id(const struct sys_watch *w, int cmd, uint32_t id);
long __wrap_sys_open_id(const struct sys_watch *w, int cmd, uint32_t id);
long __real_sys_info(const struct sys_watch *w, int fd, void *info, uint32_t *size);
long __wrap_sys_info(const struct sys_watch *w, int fd, void *info, uint32_t *size);

long __wrap_sys_open_id(const struct sys_watch *w, int cmd, uint32_t id)
{
	if (!first.name)
		return __real_sys_open_id(w, cmd, id);
	assert_int_equal(cmd, BPF_BTF_GET_FD_BY_ID);
	assert_int_equal(id, 1);
	return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

long __wrap_sys_info(const struct sys_watch *w, int fd, void *info, uint32_t *size)
{
	struct abi_field f;
	if (!first.name)
		return __real_sys_info(w, fd, info, size);
	void *name = (void *)(uintptr_t)abi_get_by_name(ABI_BTF_INFO, "name", info, *size);
	void *types = (void *)(uintptr_t)abi_get_by_name(ABI_BTF_INFO, "btf", info, *size);
	uint64_t room = abi_get_by_name(ABI_BTF_INFO, "btf_size", info, *size);
	if (name)
		strcpy(name, first.name);
	if (types && room >= first.types.n)
		memcpy(types, first.types.p, first.types.n);
	abi_field_by_name(ABI_BTF_INFO, "btf_size", &f);
	abi_put(&f, info, *size, first.types.n);
	abi_field_by_name(ABI_BTF_INFO, "kernel_btf", &f);
	abi_put(&f, info, *size, first.of_kernel);
	return 0;
}

/* Without /sys/kernel/btf, the kernel's types are the BTF object with id 1, if it is vmlinux: a
 * kernel without BTF gives the id to the first BTF that is loaded. */
static void types_by_id(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		bool of_kernel, found;
	} cases[] = {{"vmlinux", true, true}, {"vmlinux", false, false},
		{"some_module", true, false}, {"", true, false}, {"", false, false}};
	for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct place p;
		struct types s;
		begin(&p);
		types_init(&s, host_is_big());
		must_shell("mkdir sys");
		open_copy(&p);
		first.name = cases[i].name;
		first.types = bb_done(&s.kernel);
		first.of_kernel = cases[i].of_kernel;
		const struct btf *b = target_btf(&p.t, &p.e);
		first.name = NULL;
		assert_false(p.e.set);
		assert_int_equal(b != NULL, cases[i].found);
		assert_true(!b || btf_find(b, BTF_INT, "int"));
		end(&p);
		types_free(&s);
	}
}

/* A broken module, or one without types, is skipped. */
static void put_modules(struct types *s, const char *in)
{
	char name[64];
	snprintf(name, sizeof name, "%s/good", in);
	put(name, bb_done(&s->module));
	must_shell("cd %s; echo nonsense >broken; : >empty; cp good .hidden", in);
}

static void types_of_a_folder(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct place p;
		struct types s;
		begin(&p);
		types_init(&s, big);
		must_shell("mkdir modules");
		put("btf", bb_done(&s.kernel));
		put_modules(&s, "modules");
		open_folder(&p);
		expect_module(&p);
		end(&p);
		types_free(&s);
	}
}

static void types_of_sysfs(void **state)
{
	struct place p;
	struct types s;
	(void)state;
	begin(&p);
	types_init(&s, host_is_big());
	must_shell("mkdir -p sys/kernel/btf");
	put("sys/kernel/btf/vmlinux", bb_done(&s.kernel));
	put_modules(&s, "sys/kernel/btf");
	open_copy(&p);
	expect_module(&p);
	assert_non_null(strstr(p.t.btf_from, "/sys/kernel/btf/vmlinux"));
	end(&p);
	types_free(&s);
}

/* A file named by the user replaces the kernel's types and has no modules. */
static void types_of_a_file(void **state)
{
	struct place p;
	struct types s;
	char path[256];
	(void)state;
	begin(&p);
	types_init(&s, false);
	must_shell("mkdir modules");
	put("other", bb_done(&s.kernel));
	put_modules(&s, "modules");
	open_folder(&p);
	snprintf(path, sizeof path, "%s/other", folder);
	p.t.btf_file = path;
	struct kernel_types *types = target_types(&p.t, &p.e);
	assert_int_equal(types->n, 1);
	assert_true(kernel_types_all(types, &p.e));
	assert_int_equal(types->n, 1);
	end(&p);
	begin(&p);
	open_folder(&p);
	p.t.btf_file = path;
	assert_null(target_btf(&p.t, &p.e));
	assert_non_null(strstr(p.e.text, path));
	end(&p);
	types_free(&s);
}

static void types_missing_or_broken(void **state)
{
	struct place p;
	(void)state;
	begin(&p);
	open_folder(&p);
	assert_null(target_btf(&p.t, &p.e));
	assert_false(p.e.set); /* a kernel without BTF */
	assert_int_equal(target_types(&p.t, &p.e)->n, 0);
	end(&p);
	begin(&p);
	must_shell("echo nonsense >btf");
	open_folder(&p);
	assert_null(target_btf(&p.t, &p.e));
	assert_non_null(strstr(p.e.text, folder));
	end(&p);
}

/* ---- facts ---- */

static void config_is(struct place *p, const char *wanted)
{
	struct span text;
	const struct kernel_facts facts = target_facts(&p->t);
	if (!facts.config(facts.ctx, &text, &p->e))
		fail_msg("%s", p->e.text);
	assert_int_equal(text.n, strlen(wanted));
	assert_memory_equal(text.p, wanted, text.n);
}

static void configuration(void **state)
{
	static const char *const ways[] = {
		"printf 'CONFIG_A=y\\n' >config", "printf 'CONFIG_A=y\\n' | gzip >config"};
	struct place p;
	char path[256];
	(void)state;
	for (int i = 0; i < 2; i++) {
		begin(&p);
		must_shell("%s", ways[i]);
		open_folder(&p);
		config_is(&p, "CONFIG_A=y\n");
		must_shell("rm config");
		config_is(&p, "CONFIG_A=y\n"); /* read once */
		end(&p);
	}
	begin(&p);
	must_shell("mkdir proc; printf 'CONFIG_B=m\\n' | gzip >proc/config.gz; echo other >config");
	open_copy(&p);
	config_is(&p, "CONFIG_B=m\n");
	end(&p);
	begin(&p);
	must_shell("echo other >config; printf 'CONFIG_C=7\\n' >own");
	open_folder(&p);
	snprintf(path, sizeof path, "%s/own", folder);
	p.t.config_file = path;
	config_is(&p, "CONFIG_C=7\n");
	end(&p);
}

static void configuration_missing(void **state)
{
	struct place p;
	struct span text;
	(void)state;
	for (int i = 0; i < 3; i++) {
		static const char *const says[] = {
			"/boot/config-6.1.0-test; use --kconfig FILE", "/none", "/config: "};
		begin(&p);
		if (i == 2)
			must_shell("printf '\\037\\213nonsense' >config");
		open_folder(&p);
		p.t.config_file = i == 1 ? "/none" : NULL;
		const struct kernel_facts facts = target_facts(&p.t);
		assert_false(facts.config(facts.ctx, &text, &p.e));
		if (!strstr(p.e.text, says[i]))
			fail_msg("%s", p.e.text);
		end(&p);
	}
}

static uint64_t number_of(struct place *p, const char *name)
{
	uint64_t value = 99;
	const struct kernel_facts facts = target_facts(&p->t);
	assert_true(facts.number(facts.ctx, name, &value));
	return value;
}

static void versions(void **state)
{
	static const struct {
		const char *release, *version;
		uint32_t code;
	} cases[] = {{"6.1.7-test", "", 0x060107}, {"5.10.223", "", 0x050adf},
		{"5.10.300-x", "", 0x050aff}, {"6.12", "", 0x060c00},
		{"5.10.0-32-cloud-amd64", "#1 SMP Debian 5.10.223-1 (2024-08-10)", 0x050adf},
		{"6.1.0", "#1 SMP Debian x", 0x060100}};
	struct place p;
	uint64_t value;
	(void)state;
	begin(&p);
	open_folder(&p);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		p.t.release = cases[i].release;
		p.t.version = cases[i].version;
		assert_int_equal(target_version_code(&p.t), cases[i].code);
		assert_int_equal(number_of(&p, "LINUX_KERNEL_VERSION"), cases[i].code);
	}
	const struct kernel_facts facts = target_facts(&p.t);
	assert_false(facts.number(facts.ctx, "LINUX_NO_SUCH_THING", &value));
	end(&p);
	begin(&p); /* as on Ubuntu */
	must_shell(
		"mkdir proc; echo 'Ubuntu 5.15.0-91.101-generic 5.15.131' >proc/version_signature");
	open_copy(&p);
	assert_int_equal(target_version_code(&p.t), 0x050f83);
	end(&p);
}

/* Determined by the types, or by the release if there are none. */
static void cookies_and_wrappers(void **state)
{
	static const struct {
		const char *release, *machine;
		bool types, cookie, wrapper;
	} cases[] = {{"5.14.0", "x86_64", false, false, true},
		{"5.15.0", "x86_64", false, true, true}, {"5.14.0", "x86_64", true, true, true},
		{"4.16.0", "x86_64", false, false, false}, {"4.16.0", "x86_64", true, true, true},
		{"4.18.0", "aarch64", false, false, false},
		{"4.19.0", "aarch64", false, false, true}, {"6.5.0", "riscv64", false, true, false},
		{"6.6.0", "riscv64", false, true, true}, {"6.12.0", "armv7l", false, true, false},
		{"6.12.0", "aarch64", true, true, false}, {"5.10.0", "s390x", true, true, false},
		{"5.11.0", "s390x", false, false, false}, {"5.12.0", "s390x", false, false, true}};
	struct types s;
	(void)state;
	types_init(&s, false);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct place p;
		begin(&p);
		if (cases[i].types)
			put("btf", bb_done(&s.kernel));
		open_folder(&p);
		p.t.release = cases[i].release;
		p.t.machine = cases[i].machine;
		if (number_of(&p, "LINUX_HAS_BPF_COOKIE") != cases[i].cookie ||
			number_of(&p, "LINUX_HAS_SYSCALL_WRAPPER") != cases[i].wrapper)
			fail_msg("%s %s", cases[i].release, cases[i].machine);
		end(&p);
	}
	types_free(&s);
}

/* ---- functions that match a pattern ---- */

static void find(struct place *p, struct pattern_matches *m, const char *pattern, bool show)
{
	static struct plan plan;
	static struct plan_builder b;
	struct hook_use use = {.kernel = &p->t, .show = show};
	plan = (struct plan){.arena = &p->a};
	b = (struct plan_builder){.plan = &plan, .e = &p->e};
	pattern_find(m, &b, &use, pattern);
}

static void functions_that_fit(void **state)
{
	struct place p;
	struct pattern_matches m;
	(void)state;
	begin(&p);
	must_shell(
		"mkdir trace proc; printf 'vfs_read\\nvfs_write\\nvfs_readv [mod]\\nksys_read\\n'"
		" >trace/available_filter_functions");
	must_shell(
		"printf '%%s\\n' '0 T vfs_read' '0 t vfs_rename' '0 D vfs_data' '0 t vfs_x\t[mod]'"
		" >proc/kallsyms");
	open_copy(&p);
	find(&p, &m, "vfs_*", false);
	assert_false(p.e.set);
	assert_int_equal(m.n, 2);
	assert_true(pattern_has(&m, "vfs_read") && pattern_has(&m, "vfs_write"));
	assert_false(pattern_has(&m, "vfs_readv"));  /* in a module */
	assert_false(pattern_has(&m, "ksys_read"));  /* does not match */
	assert_false(pattern_has(&m, "vfs_rename")); /* not traceable */
	find(&p, &m, "vfs_r?ad", false);
	assert_int_equal(m.n, 1);
	find(&p, &m, "vfs_*", true); /* for information: what may be traced is unknown */
	assert_true(pattern_has(&m, "vfs_rename"));
	assert_false(pattern_has(&m, "vfs_x"));
	find(&p, &m, "nothing_*", false);
	assert_non_null(strstr(p.e.text, "no traceable function matches 'nothing_*'"));
	end(&p);
	begin(&p);
	open_folder(&p);
	find(&p, &m, "vfs_*", false);
	assert_non_null(strstr(p.e.text, "are only known on the target kernel itself"));
	end(&p);
}

/* Thousands of names: the table grows. */
static void many_functions(void **state)
{
	struct place p;
	struct pattern_matches m;
	(void)state;
	begin(&p);
	must_shell("mkdir trace; seq -f function_%%g 3000 >trace/available_filter_functions");
	open_copy(&p);
	find(&p, &m, "function_*", false);
	assert_int_equal(m.n, 3000);
	assert_true(pattern_has(&m, "function_1") && pattern_has(&m, "function_3000"));
	assert_false(pattern_has(&m, "function_3001"));
	end(&p);
}

/* ---- their addresses and names, as kprobe.multi takes them ---- */

static const char list[] = "available_filter_functions";

static void functions_folder(struct place *p)
{
	begin(p);
	must_shell("mkdir trace proc; printf '%%s\n' vfs_read vfs_write 'vfs_read [mod]' vfs_twice"
		   " vfs_twice vfs_half __ftrace_invalid_address___8 >trace/%s",
		list);
	must_shell("printf '%%s\n' '10 T vfs_read' '20 t vfs_write' '30 t vfs_twice' '40 D vfs_x'"
		   " '50 t vfs_twice' '60 t vfs_half' '70 t vfs_half' '80 t vfs_read\t[mod]'"
		   " '90 t vfs_gone' >proc/kallsyms");
	open_copy(p);
}

/* The addresses that come out, in the order of kallsyms or of the list. */
static void expect_addresses(struct place *p, const char *pattern, const char *expected)
{
	uint64_t out[16];
	char text[200] = "";
	int64_t n = functions_addresses(&p->k, list, pattern, (uint8_t *)out, sizeof out);
	if (n < 0)
		snprintf(text, sizeof text, "%d", (int)n);
	for (int64_t i = 0; i < n; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s%llx", i ? " " : "",
			(unsigned long long)out[i]);
	assert_string_equal(text, expected);
}

static void addresses_of_functions(void **state)
{
	struct place p;
	uint64_t few[2];
	(void)state;
	functions_folder(&p);
	/* Two functions of a module and the kernel share a name; vfs_half has an address that is
	 * not traceable, and nobody can tell which. */
	expect_addresses(&p, "vfs_*", "10 20 30 50 80");
	expect_addresses(&p, "mod:vfs_*", "80");
	expect_addresses(&p, "mo:*", "-2");
	expect_addresses(&p, "vfs_half", "-2");
	expect_addresses(&p, "nothing*", "-2");
	assert_int_equal(functions_addresses(&p.k, list, "*", (uint8_t *)few, sizeof few), -E2BIG);
	must_shell("printf '%%s\n' '0 T vfs_read' '0 t vfs_write' >proc/kallsyms");
	expect_addresses(&p, "vfs_*", "-99"); /* EADDRNOTAVAIL: hidden */
	must_shell("printf '%%s\n' 'a0 vfs_read' 'b0 vfs_half' 'c0 vfs_read [mod]'"
		   " 'd0 __ftrace_invalid_address___8' >trace/%s_addrs",
		list);
	expect_addresses(&p, "*", "a0 b0 c0"); /* kallsyms is not needed */
	end(&p);
}

static void names_of_functions(void **state)
{
	struct place p;
	uint64_t out[128];
	(void)state;
	functions_folder(&p);
	assert_int_equal(functions_names(&p.k, list, "*", (uint8_t *)out, sizeof out), 2);
	assert_string_equal((const char *)(uintptr_t)out[0], "vfs_half");
	assert_string_equal((const char *)(uintptr_t)out[1], "vfs_write");
	assert_int_equal(functions_names(&p.k, list, "no", (uint8_t *)out, sizeof out), -ENOENT);
	assert_int_equal(functions_names(&p.k, list, "*", (uint8_t *)out, 32), -E2BIG);
	end(&p);
}

/* As many as a kernel has. */
static void forty_thousand_functions(void **state)
{
	enum { ROOM = (1 << 18) * 8 };
	struct place p;
	uint8_t *out = malloc(ROOM);
	(void)state;
	begin(&p);
	must_shell("mkdir trace proc; seq -f function_%%g 40000 >trace/%s;"
		   "seq 40000 | sed 's/.*/& t function_&/' >proc/kallsyms",
		list);
	open_copy(&p);
	assert_int_equal(functions_addresses(&p.k, list, "*", out, ROOM), 40000);
	assert_int_equal(functions_names(&p.k, list, "*", out, ROOM), 40000);
	free(out);
	end(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_is_missing),
		cmocka_unit_test(numbers_of_a_folder),
		cmocka_unit_test(types_of_a_folder),
		cmocka_unit_test(types_of_sysfs),
		cmocka_unit_test(types_by_id),
		cmocka_unit_test(types_of_a_file),
		cmocka_unit_test(types_missing_or_broken),
		cmocka_unit_test(configuration),
		cmocka_unit_test(configuration_missing),
		cmocka_unit_test(versions),
		cmocka_unit_test(cookies_and_wrappers),
		cmocka_unit_test(functions_that_fit),
		cmocka_unit_test(many_functions),
		cmocka_unit_test(addresses_of_functions),
		cmocka_unit_test(names_of_functions),
		cmocka_unit_test(forty_thousand_functions),
	};
	return cmocka_run_group_tests_name("target", tests, folder_make, folder_remove);
}
