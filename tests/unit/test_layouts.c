/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * CO-RE for kernels without BTF: records of tracepoints as tracefs describes them, types that are the same
 * everywhere, and refusals. The input is C compiled here, and the formats of a simulated tracefs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "elf/base/insn.h"
#include "elf/btf/event_format.h"
#include "elf/link/link.h"
#include "objects.h"

static bool little = false, big = true;

#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}

/* ---- a tracefs ---- */

#define COMMON                                                                                     \
	"name: x\nID: 21\nformat:\n"                                                               \
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"                     \
	"\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"                     \
	"\tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;\n"             \
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
#define FIELD(declaration, offset, size, is_signed)                                                \
	"\tfield:" declaration ";\toffset:" #offset ";\tsize:" #size ";\tsigned:" #is_signed ";\n"
#define END "\nprint fmt: \"field:x\", REC->x\n"

static const struct event {
	const char *group, *name, *text;
} events64[] =
	{
		{"raw_syscalls", "sys_enter",
			COMMON FIELD("long id", 8, 8, 1) FIELD("unsigned long args[6]", 16, 48, 0)
				END},
		{"raw_syscalls", "sys_exit",
			COMMON FIELD("long id", 8, 8, 1) FIELD("long ret", 16, 8, 1) END},
		{"syscalls", "sys_enter_openat",
			COMMON FIELD("int __syscall_nr", 8, 4, 1) FIELD("int dfd", 16, 8, 0)
				FIELD("const char * filename", 24, 8, 0) END},
		{"syscalls", "sys_exit_openat",
			COMMON FIELD("int __syscall_nr", 8, 4, 1) FIELD("long ret", 16, 8, 1) END},
		{"sched", "sched_wakeup",
			COMMON FIELD("char comm[TASK_COMM_LEN]", 8, 16, 0)
				FIELD("pid_t pid", 24, 4, 1) FIELD("enum why why", 28, 4, 0)
					FIELD("__data_loc char[] text", 32, 4, 0)
						FIELD("struct in6_addr to", 36, 16, 0)
							FIELD("const void * at", 56, 8, 0) END},
		{0},
},
  events32[] = {
	  {"raw_syscalls", "sys_enter",
		  COMMON FIELD("long id", 8, 4, 1) FIELD("unsigned long args[6]", 12, 24, 0) END},
	  {"raw_syscalls", "sys_exit",
		  COMMON FIELD("long id", 8, 4, 1) FIELD("long ret", 12, 4, 1) END},
	  {0},
};

static bool format_of(void *ctx, const char *group, const char *event, struct span *text,
	const char **path, struct err *e)
{
	static char at[100];
	const struct event *x = ctx;
	if (!x)
		return err_set(e, "/t/events: EACCES: Permission denied");
	for (; x->group; x++)
		if ((!group || !strcmp(group, x->group)) && !strcmp(event, x->name)) {
			*text = (struct span){(const uint8_t *)x->text, strlen(x->text), false};
			snprintf(at, sizeof at, "/t/events/%s/%s/format", x->group, x->name);
			*path = at;
			return true;
		}
	return false;
}

/* ---- linking ---- */

struct linked {
	struct span bytes;
	struct arena arena;
	struct object o;
	struct image image;
	struct kernel_facts facts;
	char sources[500]; /* "type file, type -" */
	struct err e;
	bool ok;
};

static void list(void *ctx, const struct layout_source *sources, size_t n)
{
	char *text = ctx;
	for (size_t i = 0; i < n; i++) {
		size_t used = strlen(text);
		snprintf(text + used, 500 - used, "%s%s %s", used ? ", " : "", sources[i].type,
			sources[i].file ? sources[i].file : "-");
	}
}

static const char types[] =
	"#define R __attribute__((preserve_access_index))\n"
	"struct trace_entry { unsigned short type; unsigned char flags, preempt_count; int pid; } "
	"R;\n"
	"struct trace_event_raw_sys_enter { struct trace_entry ent; long id; unsigned long "
	"args[6]; } "
	"R;\n"
	"struct trace_event_raw_sys_exit { struct trace_entry ent; long id; long ret; } R;\n"
	"struct syscall_trace_enter { struct trace_entry ent; int nr; unsigned long args[]; } R;\n"
	"enum why { NO }; struct in6_addr { int x; } R;\n"
	"struct trace_event_raw_some_template { struct trace_entry ent; int pid; char comm[16];\n"
	"    enum why why; unsigned __data_loc_text; const void *at; struct in6_addr to;\n"
	"    char __data[0]; } R;\n"
	"struct trace_event_raw_other { struct trace_entry ent; int pid; int gone; } R;\n"
	"struct iphdr { int a, b; } R; struct task_struct { int pid; } R;\n";

static void link_for(struct linked *t, const struct event *events, unsigned word, const char *code,
	const bool *order)
{
	char source[4000];
	snprintf(source, sizeof source, "%s%s", types, code);
	*t = (struct linked){.bytes = object_compile(source, *order, "-g")};
	t->facts = (struct kernel_facts){.event_format = format_of,
		.machine = word == 4 ? "armv7l" : "x86_64",
		.extends_sign = word == 4,
		.ctx = (void *)(uintptr_t)events};
	struct link_options opt = {.facts = &t->facts,
		.layouts = layouts_find,
		.watch = {.layouts = list, .ctx = t->sources}};
	t->ok = object_open(&t->o, "x.bpf.o", t->bytes, &t->arena, &t->e) &&
	        image_link(&t->image, &t->o, &opt, &t->e);
}

static void must_link(struct linked *t, const struct event *events, unsigned word, const char *code,
	const bool *order)
{
	link_for(t, events, word, code, order);
	if (!t->ok)
		fail_msg("%s", t->e.text);
}

static void done(struct linked *t)
{
	free((void *)(uintptr_t)t->bytes.p);
	arena_free(&t->arena);
}

/* The first instruction of the only program with this class, from instruction i on. */
static struct insn first_of(const struct linked *t, unsigned class)
{
	const struct image_prog *p = &t->image.progs[0];
	for (uint32_t i = 0; i < p->n; i++) {
		struct insn insn = insn_get(p->insns + (size_t)i * INSN_SIZE, t->o.elf.file.big);
		if (insn_class(insn) == class)
			return insn;
	}
	fail_msg("no such instruction");
	return (struct insn){0};
}

static void assert_load(const struct linked *t, unsigned code, int off)
{
	struct insn insn = first_of(t, BPF_LDX);
	assert_int_equal(insn.code, BPF_LDX | code);
	assert_int_equal(insn.off, off);
}

static const char exit_ret[] = "SEC(\"tp/syscalls/sys_exit_openat\")\n"
			       "long f(struct trace_event_raw_sys_exit *c) { return c->ret; }\n",
		  enter_arg[] =
			  "SEC(\"tp/syscalls/sys_enter_openat\")\n"
			  "long f(struct trace_event_raw_sys_enter *c) { return c->args[1]; }\n";

static void record_of_the_same_name(void **state)
{
	struct linked t;
	must_link(&t, events64, 8, exit_ret, *state);
	assert_load(&t, BPF_MEM | BPF_DW, 16);
	assert_string_equal(
		t.sources, "trace_event_raw_sys_exit /t/events/raw_syscalls/sys_exit/format");
	assert_true(t.image.used_target);
	done(&t);
	must_link(&t, events64, 8, enter_arg, *state);
	assert_load(&t, BPF_MEM | BPF_DW, 24);
	done(&t);
}

static void long_of_32_bits(void **state)
{
	struct linked t;
	must_link(&t, events32, 4, exit_ret, *state);
	assert_load(&t, BPF_MEMSX | BPF_W, 12);
	done(&t);
	must_link(&t, events32, 4, enter_arg, *state);
	assert_load(&t, BPF_MEM | BPF_W, 16);
	done(&t);
	/* half of it is read anyway */
	link_for(&t, events32, 4,
		"SEC(\"tp/syscalls/sys_exit_openat\")\n"
		"int f(struct trace_event_raw_sys_exit *c) {\n"
		"    int r; asm volatile(\"%0 = *(u32 *)(%1 + 16)\" : \"=r\"(r) : \"r\"(c));\n"
		"    return *(int *)&c->ret + r; }\n",
		*state);
	done(&t);
}

/* The load of a signed field cannot be narrowed before 6.6. */
static void long_of_older_kernels(void **state)
{
	struct linked t;
	char source[4000];
	snprintf(source, sizeof source, "%s%s", types, exit_ret);
	t = (struct linked){.bytes = object_compile(source, *(bool *)*state, "-g")};
	t.facts = (struct kernel_facts){
		.event_format = format_of, .machine = "armv7l", .ctx = (void *)(uintptr_t)events32};
	struct link_options opt = {.facts = &t.facts, .layouts = layouts_find};
	assert_true(object_open(&t.o, "x.bpf.o", t.bytes, &t.arena, &t.e));
	assert_true(image_link(&t.image, &t.o, &opt, &t.e));
	assert_int_equal(t.image.progs[0].n_poison, 1);
	assert_string_equal(t.image.progs[0].poison[0].why,
		"it is 4 bytes (long) in the kernel and 8 bytes (long) in the object");
	done(&t);
}

/* A class of tracepoints has no file: that of the program's is used. */
static void record_of_the_program(void **state)
{
	static const struct {
		const char *read;
		unsigned code;
		int off;
	} cases[] = {{"c->pid", BPF_MEM | BPF_W, 24}, {"c->comm[1]", BPF_MEM | BPF_B, 9},
		{"c->ent.pid", BPF_MEM | BPF_W, 4}, {"c->why", BPF_MEM | BPF_W, 28},
		{"c->__data_loc_text", BPF_MEM | BPF_W, 32}, {"(long)c->at", BPF_MEM | BPF_DW, 56}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct linked t;
		char code[300];
		snprintf(code, sizeof code,
			"SEC(\"tracepoint/sched/sched_wakeup\")\n"
			"long f(struct trace_event_raw_some_template___x *c) { return %s; }\n",
			cases[i].read);
		char source[1000];
		snprintf(source, sizeof source,
			"#define trace_event_raw_some_template___x "
			"trace_event_raw_some_template\n%s",
			code);
		must_link(&t, events64, 8, source, *state);
		assert_load(&t, cases[i].code, cases[i].off);
		assert_string_equal(t.sources,
			"trace_event_raw_some_template /t/events/sched/sched_wakeup/format");
		done(&t);
	}
}

/* Of several names that a program chooses from, the one that has what it reads. */
static void record_that_is_chosen(void **state)
{
	struct linked t;
	must_link(&t, events64, 8,
		"SEC(\"tp/sched/sched_wakeup\") int f(void *c) {\n"
		"    if (__builtin_preserve_type_info(*(struct trace_event_raw_other *)0, 0))\n"
		"        return ((struct trace_event_raw_other *)c)->gone;\n"
		"    if (__builtin_preserve_type_info(*(struct trace_event_raw_some_template *)0, "
		"0))\n"
		"        return ((struct trace_event_raw_some_template *)c)->pid;\n"
		"    return 0; }\n",
		*state);
	assert_string_equal(
		t.sources, "trace_event_raw_some_template /t/events/sched/sched_wakeup/format");
	assert_int_equal(t.image.progs[0].n_poison, 1); /* that is not reached */
	assert_string_equal(
		t.image.progs[0].poison[0].why, "the kernel has no struct trace_event_raw_other");
	done(&t);
}

static void record_of_a_system_call(void **state)
{
	struct linked t;
	must_link(&t, events64, 8,
		"SEC(\"tp/syscalls/sys_enter_openat\")\n"
		"long f(struct syscall_trace_enter *c) { return c->args[1]; }\n",
		*state);
	assert_load(&t, BPF_MEM | BPF_DW, 24);
	done(&t);
	must_link(&t, events64, 8,
		"SEC(\"tp/syscalls/sys_enter_openat\")\n"
		"int f(struct syscall_trace_enter *c) { return c->nr; }\n",
		*state);
	assert_load(&t, BPF_MEM | BPF_W, 8);
	done(&t);
}

static void types_as_compiled(void **state)
{
	struct linked t;
	must_link(
		&t, events64, 8, "SEC(\"xdp\") int f(struct iphdr *c) { return c->b; }\n", *state);
	assert_load(&t, BPF_MEM | BPF_W, 4);
	assert_string_equal(t.sources, "iphdr -");
	assert_false(t.image.used_target);
	done(&t);
}

static void assert_refused(const struct linked *t, const char *why)
{
	assert_false(t->ok);
	if (!strstr(t->e.text, why))
		fail_msg("\"%s\" has no \"%s\"", t->e.text, why);
	assert_non_null(strstr(t->e.hint, "--btf FILE"));
}

static void what_is_not_known(void **state)
{
	struct linked t;
	link_for(&t, events64, 8,
		"SEC(\"kprobe/x\") int f(struct task_struct *c) { return c->pid; }\n", *state);
	assert_refused(&t, "field_offset of struct task_struct.pid: this kernel has no BTF");
	done(&t);
	link_for(&t, events64, 8,
		"SEC(\"xdp\") int f(void *c) {\n"
		"    return __builtin_preserve_type_info(*(struct task_struct *)0, 0); }\n",
		*state);
	assert_refused(&t, "type_exists of struct task_struct: this kernel has no BTF");
	done(&t);
	link_for(&t, NULL, 8, exit_ret, *state);
	assert_refused(&t, "this kernel has no BTF, and /t/events: EACCES: Permission denied");
	done(&t);
	/* registers of other machines */
	link_for(&t, events64, 8,
		"struct pt_regs { union { struct { int x; }; }; unsigned uregs[18]; } R;\n"
		"SEC(\"kprobe/x\") int f(struct pt_regs *c) { return c->uregs[1]; }\n",
		*state);
	assert_refused(&t,
		"struct pt_regs.uregs[1]: this kernel has no BTF, and the struct pt_regs "
		"of the object is that of ARM");
	done(&t);
	link_for(&t, events32, 4,
		"struct pt_regs { union { struct { int x; }; }; unsigned uregs[18]; } R;\n"
		"SEC(\"kprobe/x\") int f(struct pt_regs *c) { return c->uregs[1]; }\n",
		*state);
	assert_true(t.ok);
	assert_load(&t, BPF_MEM | BPF_W, 8);
	done(&t);
	/* an enum that is only known by its size */
	link_for(&t, events64, 8,
		"SEC(\"tp/sched/sched_wakeup\") int f(struct trace_event_raw_some_template *c) {\n"
		"    return c->pid + __builtin_preserve_enum_value(*(enum why *)NO, 0); }\n",
		*state);
	assert_refused(&t, "enum why.NO: this kernel has no BTF");
	done(&t);
}

/* ---- formats ---- */

static void damaged_formats(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {{"", "not the format of a tracepoint: it has no fields"},
		{"name: x\n", "not the format of a tracepoint: it has no fields"},
		{"field:int x;\n", "line 1 is not a field"},
		{"field:int x;\toffset:0;\tsize:4;\n", "line 1 is not a field"},
		{"field:int x\toffset:0", "line 1 is not a field"},
		{"\nfield:x;\toffset:0;\tsize:4;\tsigned:1;\n", "line 2 is not a field"},
		{FIELD("int", 0, 4, 1), "line 1 is not a field"},
		{FIELD("int x", -1, 4, 1), "line 1 is not a field"},
		{FIELD("int x", 0, 99999999999, 1), "line 1 is not a field"},
		{FIELD("int x", 0, 2000000, 1), "line 1 is not a field"}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct event_format f;
		struct arena a = {0};
		struct err e = {0};
		size_t n = strlen(cases[i].text);
		uint8_t *copy = malloc(n + !n);
		memcpy(copy, cases[i].text, n);
		assert_false(event_format_read(&f, (struct span){copy, n, false}, 8, &a, &e));
		if (!strstr(e.text, cases[i].why))
			fail_msg("\"%s\" has no \"%s\"", e.text, cases[i].why);
		free(copy);
		arena_free(&a);
	}
}

static void lengths_of_arrays(void **state)
{
	static const char text[] = FIELD("u8 a[4]", 0, 4, 0) FIELD("__u32 b[MANY]", 4, 12, 0)
		FIELD("char *c[2]", 16, 16, 0) FIELD("struct x d[3]", 32, 10, 0)
			FIELD("u16 e[0]", 42, 0, 0) FIELD("__rel_loc char[] f", 42, 4, 0);
	static const uint32_t lengths[] = {4, 3, 2, 10, 1, 0};
	struct event_format f;
	struct arena a = {0};
	struct err e = {0};
	(void)state;
	assert_true(event_format_read(
		&f, (struct span){(const uint8_t *)text, sizeof text - 1, false}, 8, &a, &e));
	assert_int_equal(f.n, 6);
	for (size_t i = 0; i < f.n; i++)
		assert_int_equal(f.fields[i].n, lengths[i]);
	assert_string_equal(f.fields[5].name, "__rel_loc_f");
	assert_string_equal(f.fields[2].type, "char *");
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(record_of_the_same_name),
		BOTH(long_of_32_bits),
		BOTH(long_of_older_kernels),
		BOTH(record_of_the_program),
		BOTH(record_that_is_chosen),
		BOTH(record_of_a_system_call),
		BOTH(types_as_compiled),
		BOTH(what_is_not_known),
		cmocka_unit_test(damaged_formats),
		cmocka_unit_test(lengths_of_arrays),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
