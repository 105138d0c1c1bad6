/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * USDT: notes emitted by assemblers, compared with readelf; operands of five machines; and the
 * resulting plans, for kernels with and without cookies.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/base/insn.h"
#include "elf/object/notes.h"
#include "loader/plan/abi.h"
#include "loader/hook/usdt_args.h"
#include "loader/symbols/symbols.h"
#include "folder.h"
#include "objects.h"

enum { X86 = 62, I386 = 3, ARM = 40, ARM64 = 183, RISCV = 243, S390 = 22 };

/* ---- operands ---- */

struct arg {
	unsigned how;
	int64_t number;
	int reg, index;
	unsigned shift, size;
	bool is_signed;
};

static struct arg arg_at(const uint8_t *spec, unsigned i, bool big)
{
	const uint8_t *p = spec + 16 * i;
	uint32_t how = (uint32_t)bytes_get(p + 8, 4, big);
	return (struct arg){.how = how & 0xff,
		.index = how >> 8 & 0xfff,
		.shift = how >> 20 & 0xf,
		.number = (int64_t)bytes_get(p, 8, big),
		.reg = (int16_t)bytes_get(p + 12, 2, big),
		.is_signed = p[14],
		.size = (64u - p[15]) / 8};
}

static unsigned count_of(const uint8_t *spec, bool big)
{
	return (unsigned)bytes_get(spec + 200, 2, big);
}

static const struct {
	unsigned machine;
	const char *text;
	struct arg arg;
} operands[] = {
	{X86, "-4@%edi", {USDT_REG, 0, 112, 0, 0, 4, true}},
	{X86, "8@%rdi", {USDT_REG, 0, 112, 0, 0, 8, false}},
	{X86, "1@%dil", {USDT_REG, 0, 112, 0, 0, 1, false}},
	{X86, "-2@%di", {USDT_REG, 0, 112, 0, 0, 2, true}},
	{X86, "-1@%al", {USDT_REG, 0, 80, 0, 0, 1, true}},
	{X86, "2@%ax", {USDT_REG, 0, 80, 0, 0, 2, false}},
	{X86, "4@%ecx", {USDT_REG, 0, 88, 0, 0, 4, false}},
	{X86, "8@%rbp", {USDT_REG, 0, 32, 0, 0, 8, false}},
	{X86, "1@%bpl", {USDT_REG, 0, 32, 0, 0, 1, false}},
	{X86, "8@%rsp", {USDT_REG, 0, 152, 0, 0, 8, false}},
	{X86, "8@%r8", {USDT_REG, 0, 72, 0, 0, 8, false}},
	{X86, "4@%r8d", {USDT_REG, 0, 72, 0, 0, 4, false}},
	{X86, "2@%r15w", {USDT_REG, 0, 0, 0, 0, 2, false}},
	{X86, "1@%r12b", {USDT_REG, 0, 24, 0, 0, 1, false}},
	{X86, "-4@$-9", {USDT_CONST, -9, 0, 0, 0, 4, true}},
	{X86, "8@$18446744073709551615", {USDT_CONST, -1, 0, 0, 0, 8, false}},
	{X86, "4@$0x10", {USDT_CONST, 16, 0, 0, 0, 4, false}},
	{X86, "8@(%rsi)", {USDT_MEMORY, 0, 104, 0, 0, 8, false}},
	{X86, "-4@-24(%rbp)", {USDT_MEMORY, -24, 32, 0, 0, 4, true}},
	{X86, "8@(%rcx,%r8)", {USDT_INDEXED, 0, 88, 72, 0, 8, false}},
	{X86, "8@-8(%rcx,%r8,1)", {USDT_INDEXED, -8, 88, 72, 0, 8, false}},
	{X86, "8@16(%rax,%rdx,8)", {USDT_INDEXED, 16, 80, 96, 3, 8, false}},
	{X86, "8f@%xmm0", {USDT_UNKNOWN, 0, 0, 0, 0, 8, false}},
	{X86, "-8f@%xmm0", {USDT_UNKNOWN, 0, 0, 0, 0, 8, true}},
	{X86, "1@%ah", {USDT_UNKNOWN, 0, 0, 0, 0, 1, false}},
	{X86, "4@counter(%rip)", {USDT_UNKNOWN, 0, 0, 0, 0, 4, false}},
	{X86, "4@(%rax,%rdx,3)", {USDT_UNKNOWN, 0, 0, 0, 0, 4, false}},
	{X86, "4@(%rax,%rdx,16)", {USDT_UNKNOWN, 0, 0, 0, 0, 4, false}},
	{X86, "4@8(%rax", {USDT_UNKNOWN, 0, 0, 0, 0, 4, false}},
	{X86, "4@%eax%ebx", {USDT_UNKNOWN, 0, 0, 0, 0, 4, false}},
	{X86, "4@", {USDT_UNKNOWN, 0, 0, 0, 0, 4, false}},
	{I386, "-4@8(%ebp)", {USDT_MEMORY, 8, 32, 0, 0, 4, true}},
	{ARM64, "-4@x0", {USDT_REG, 0, 0, 0, 0, 4, true}},
	{ARM64, "-4@w12", {USDT_REG, 0, 96, 0, 0, 4, true}},
	{ARM64, "8@x30", {USDT_REG, 0, 240, 0, 0, 8, false}},
	{ARM64, "8@x31", {USDT_UNKNOWN, 0, 0, 0, 0, 8, false}},
	{ARM64, "8@sp", {USDT_REG, 0, 248, 0, 0, 8, false}},
	{ARM64, "-4@5", {USDT_CONST, 5, 0, 0, 0, 4, true}},
	{ARM64, "-4@-5", {USDT_CONST, -5, 0, 0, 0, 4, true}},
	{ARM64, "8@[sp]", {USDT_MEMORY, 0, 248, 0, 0, 8, false}},
	{ARM64, "-4@[sp, 60]", {USDT_MEMORY, 60, 248, 0, 0, 4, true}},
	{ARM64, "-4@[x29,#-20]", {USDT_MEMORY, -20, 232, 0, 0, 4, true}},
	{ARM64, "8@[x0, x1]", {USDT_UNKNOWN, 0, 0, 0, 0, 8, false}},
	{ARM64, "8@d0", {USDT_UNKNOWN, 0, 0, 0, 0, 8, false}},
	{ARM, "-4@r0", {USDT_REG, 0, 0, 0, 0, 4, true}},
	{ARM, "4@fp", {USDT_REG, 0, 44, 0, 0, 4, false}},
	{ARM, "-4@#-7", {USDT_CONST, -7, 0, 0, 0, 4, true}},
	{ARM, "4@[r11, #-8]", {USDT_MEMORY, -8, 44, 0, 0, 4, false}},
	{ARM, "4@[sp]", {USDT_MEMORY, 0, 52, 0, 0, 4, false}},
	{RISCV, "-4@a0", {USDT_REG, 0, 80, 0, 0, 4, true}},
	{RISCV, "8@a7", {USDT_REG, 0, 136, 0, 0, 8, false}},
	{RISCV, "8@s1", {USDT_REG, 0, 72, 0, 0, 8, false}},
	{RISCV, "8@s11", {USDT_REG, 0, 216, 0, 0, 8, false}},
	{RISCV, "8@t6", {USDT_REG, 0, 248, 0, 0, 8, false}},
	{RISCV, "8@ra", {USDT_REG, 0, 8, 0, 0, 8, false}},
	{RISCV, "-4@-20(s0)", {USDT_MEMORY, -20, 64, 0, 0, 4, true}},
	{RISCV, "-4@3", {USDT_CONST, 3, 0, 0, 0, 4, true}},
	{S390, "-4@%r2", {USDT_REG, 0, 40, 0, 0, 4, true}},
	{S390, "8@%r15", {USDT_REG, 0, 144, 0, 0, 8, false}},
	{S390, "8@%r16", {USDT_UNKNOWN, 0, 0, 0, 0, 8, false}},
	{S390, "-8@160(%r15)", {USDT_MEMORY, 160, 144, 0, 0, 8, true}},
	{S390, "-4@-3", {USDT_CONST, -3, 0, 0, 0, 4, true}},
	{S390, "8@%f0", {USDT_UNKNOWN, 0, 0, 0, 0, 8, false}},
	{0, "4@%eax", {USDT_UNKNOWN, 0, 0, 0, 0, 4, false}},
};

static void operands_of_all_machines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof operands / sizeof *operands; i++)
		for (int big = 0; big < 2; big++) {
			uint8_t spec[USDT_SPEC_SIZE];
			const char *unknown, *text = operands[i].text;
			const struct arg *want = &operands[i].arg;
			if (!usdt_args(text,
				    arch_of_elf(operands[i].machine == I386 ? X86
									    : operands[i].machine),
				    operands[i].machine, big, spec, &unknown))
				fail_msg("%s: no list of arguments", text);
			struct arg got = arg_at(spec, 0, big);
			if (got.how != want->how || got.number != want->number ||
				got.reg != want->reg || got.index != want->index ||
				got.shift != want->shift || got.size != want->size ||
				got.is_signed != want->is_signed)
				fail_msg("%s: how %u number %lld reg %d,%d shift %u size %u", text,
					got.how, (long long)got.number, got.reg, got.index,
					got.shift, got.size);
			assert_int_equal(count_of(spec, big), 1);
			assert_int_equal(unknown != NULL, want->how == USDT_UNKNOWN);
			if (unknown)
				assert_ptr_equal(unknown, strchr(text, '@') + 1);
		}
}

static void lists_of_arguments(void **state)
{
	(void)state;
	uint8_t spec[USDT_SPEC_SIZE];
	const char *unknown;
	assert_true(usdt_args("", arch_of_elf(X86), X86, false, spec, &unknown));
	assert_int_equal(count_of(spec, false), 0);
	/* ARM operands contain blanks. */
	assert_true(usdt_args(
		"-4@[sp, 60] 8@x1  -2@[x2, 8] ", arch_of_elf(ARM64), ARM64, false, spec, &unknown));
	assert_int_equal(count_of(spec, false), 3);
	assert_int_equal(arg_at(spec, 0, false).number, 60);
	assert_int_equal(arg_at(spec, 1, false).reg, 8);
	assert_int_equal(arg_at(spec, 2, false).number, 8);
	/* An invalid operand does not affect the others. */
	assert_true(usdt_args(
		"4@[x0, x1] 8f@d0 8@x3", arch_of_elf(ARM64), ARM64, true, spec, &unknown));
	assert_int_equal(count_of(spec, true), 3);
	assert_int_equal(arg_at(spec, 0, true).how, USDT_UNKNOWN);
	assert_int_equal(arg_at(spec, 1, true).how, USDT_UNKNOWN);
	assert_int_equal(arg_at(spec, 2, true).how, USDT_REG);
	assert_int_equal(arg_at(spec, 2, true).reg, 24);
	assert_string_equal(unknown, "[x0, x1] 8f@d0 8@x3");

	char many[14 * 8] = "";
	for (int i = 0; i < USDT_ARGS_MAX; i++)
		strcat(many, "4@%eax ");
	assert_true(usdt_args(many, arch_of_elf(X86), X86, false, spec, &unknown));
	assert_int_equal(count_of(spec, false), USDT_ARGS_MAX);
	strcat(many, "4@%eax");
	assert_false(usdt_args(many, arch_of_elf(X86), X86, false, spec, &unknown));
	static const char *const wrong[] = {
		"%eax", "4", "3@%eax", "16@%xmm0", "4%eax", "-@%eax", "4@%eax x", "@"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (usdt_args(wrong[i], arch_of_elf(X86), X86, false, spec, &unknown))
			fail_msg("'%s' is a list of arguments", wrong[i]);
}

/* ---- notes ---- */

/* As <sys/sdt.h> does: a nop, and a note with its address. */
static const char assembly[] = ".macro probe provider, name, semaphore, args\n"
			       "990: nop\n"
			       " .pushsection .note.stapsdt, \"\", %%note\n .balign 4\n"
			       " .4byte 992f - 991f, 994f - 993f, 3\n"
			       "991: .asciz \"stapsdt\"\n992: .balign 4\n"
			       "993: WORD 990b, base, \\semaphore\n"
			       " .asciz \"\\provider\"\n .asciz \"\\name\"\n .asciz \"\\args\"\n"
			       "994: .balign 4\n .popsection\n"
			       ".endm\n"
			       " .section .stapsdt.base, \"a\", %%progbits\nbase: .space 1\n"
			       " .section .probes, \"aw\", %%progbits\nsema: .2byte 0\n"
			       " .section .note.stapsdt, \"\", %%note\n .balign 4\n"
			       " .4byte 4, 4, 3\n .asciz \"GNU\"\n .4byte 7\n" /* another owner */
			       " .4byte 8, 4, 9\n .asciz \"stapsdt\"\n .4byte 7\n"
			       " .text\n .globl f\n .type f, %%function\n"
			       "f: nop\n"
			       " probe one, first, 0, \"ARGS\"\n"
			       " probe one, second, sema, \"ARGS\"\n nop\n"
			       " probe two, first, 0, \"\"\n"
			       " .size f, . - f\n";

static int make_folder(void **state)
{
	if (folder_make(state))
		return -1;
	FILE *f = fopen(in_folder("p.S"), "w");
	if (!f)
		return -1;
	fprintf(f, assembly);
	return fclose(f);
}

/* "PROVIDER NAME address semaphore args" of each probe, from readelf. */
static void readelf_probes(char *out, size_t size)
{
	char command[512];
	snprintf(command, sizeof command,
		"readelf -n %s/p.so 2>/dev/null | awk '/Provider:/ { p = $2 } /Name:/ { n = $2 }"
		" /Location:/ { gsub(/,/, \"\"); l = $2; s = $6 }"
		" /Arguments:/ { sub(/^ *Arguments: */, \"\"); print p, n, l, s, $0 }'",
		folder);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	out[fread(out, 1, size - 1, f)] = 0;
	pclose(f);
}

static void our_probes(const struct elf *elf, char *out, size_t size)
{
	struct notes_probe p;
	uint32_t i = elf_find(elf, NOTES_STAPSDT);
	size_t n = 0;
	int digits = elf->wide ? 16 : 8;
	*out = 0;
	for (uint64_t at = 0; notes_next_probe(elf, &elf->sections[i], &at, &p);)
		n += (size_t)snprintf(out + n, size - n, "%s %s 0x%0*llx 0x%0*llx %s\n", p.provider,
			p.name, digits, (unsigned long long)p.address, digits,
			(unsigned long long)p.semaphore, p.args);
}

static void notes_of_all_machines(void **state)
{
	(void)state;
	static const struct {
		const char *compiler, *word, *args;
	} machines[] = {
		{"gcc", ".8byte", "-4@%edi 8@-24(%rbp)"},
		{"arm-linux-gnueabihf-gcc -marm", ".4byte", "-4@r0 4@[fp, #-8]"},
		{"aarch64-linux-gnu-gcc", ".8byte", "-4@x0"},
		{"s390x-linux-gnu-gcc", ".8byte", "-4@%r2"},
		{"riscv64-linux-gnu-gcc", ".8byte", "-4@a0"},
	};
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
		char theirs[1024], ours[1024], path[64];
		struct arena a = {0};
		struct err e = {0};
		struct symbols s;
		if (shell("%s -v 2>/dev/null", machines[i].compiler))
			skip();
		assert_int_equal(
			shell("%s -shared -nostdlib '-DWORD=%s' -c p.S -o p.o && "
			      "%s -shared -nostdlib p.o -o p.so",
				machines[i].compiler, machines[i].word, machines[i].compiler),
			0);
		snprintf(path, sizeof path, "%s/p.so", folder);
		assert_true(symbols_open(&s, path, &a, &e));
		readelf_probes(theirs, sizeof theirs);
		our_probes(&s.elf, ours, sizeof ours);
		assert_string_equal(ours, theirs);
		assert_non_null(strstr(ours, "two first"));
		symbols_close(&s);
		arena_free(&a);
	}
}

/* A library that was relocated afterwards (prelink): its section is not at the address in the
 * note. */
static void notes_of_a_moved_library(void **state)
{
	(void)state;
	struct arena a = {0};
	struct err e = {0};
	struct symbols s;
	struct notes_probe p;
	char path[64];
	uint64_t at = 0, address[3], semaphore[3];
	assert_int_equal(shell("gcc -shared -nostdlib '-DWORD=.8byte' p.S -o p.so"), 0);
	snprintf(path, sizeof path, "%s/p.so", folder);
	assert_true(symbols_open(&s, path, &a, &e));
	const struct elf_section *notes = &s.elf.sections[elf_find(&s.elf, NOTES_STAPSDT)];
	for (int i = 0; i < 3; i++) {
		assert_true(notes_next_probe(&s.elf, notes, &at, &p));
		address[i] = p.address;
		semaphore[i] = p.semaphore;
	}
	assert_false(notes_next_probe(&s.elf, notes, &at, &p));
	s.elf.sections[elf_find(&s.elf, ".stapsdt.base")].address += 0x40000;
	at = 0;
	for (int i = 0; i < 3; i++) {
		assert_true(notes_next_probe(&s.elf, notes, &at, &p));
		assert_int_equal(p.address, address[i] + 0x40000);
		assert_int_equal(p.semaphore, semaphore[i] ? semaphore[i] + 0x40000 : 0);
	}
	assert_int_not_equal(semaphore[1], 0);

	/* Truncated anywhere: fewer probes, but no false ones. */
	struct elf_section cut = *notes;
	for (size_t n = 0; n <= notes->data.n; n++) {
		uint8_t *copy = n ? malloc(n) : NULL;
		if (n)
			memcpy(copy, notes->data.p, n);
		cut.data = (struct span){copy, n, notes->data.big};
		int count = 0;
		at = 0;
		while (notes_next_probe(&s.elf, &cut, &at, &p))
			count++;
		assert_true(count <= 3);
		assert_true(count < 3 ? n < notes->data.n : n + 4 > notes->data.n);
		free(copy);
	}
	symbols_close(&s);
	arena_free(&a);
}

/* ---- plans ---- */

static const char program[] = "#include <linux/ptrace.h>\n"
			      "#include <bpf/usdt.bpf.h>\n"
			      "SEC(\"usdt\") int p(struct pt_regs *ctx)\n"
			      "{ long x; return bpf_usdt_arg(ctx, 0, &x) + x; }\n"
			      "SEC(\"usdt\") int q(struct pt_regs *ctx)\n"
			      "{ return bpf_usdt_arg_cnt(ctx); }\n";

static unsigned notices; /* steps of the last plan whose note is reported */

/* Plans both programs for these targets; returns the text of the plan. */
static char *plan_text_of(
	struct span object, const char *release, const char *on_p, const char *on_q, struct err *e)
{
	static struct plan p;
	struct arena a = {0};
	struct target t;
	char said[2][300];
	const char *const on[] = {said[0], said[1]};
	snprintf(said[0], sizeof said[0], "p=%s/%s", folder, on_p);
	snprintf(said[1], sizeof said[1], "q=%s/%s", folder, on_q);
	struct plan_options opt = {.target_args = on, .n_target_args = 2};
	object_target(&t, false, NULL, &a);
	t.release = release;
	*e = (struct err){0};
	bool ok = plan_object(&p, "x.bpf.o", object, &opt, &t, &a, e);
	char *text = ok ? text_of_plan(&p) : NULL;
	notices = 0;
	for (size_t i = 0; ok && i < p.n_steps; i++)
		notices += p.steps[i].flags & STEP_NOTICE && strstr(p.steps[i].note, "cannot read");
	arena_free(&a);
	return text;
}

static unsigned count(const char *text, const char *what)
{
	unsigned n = 0;
	for (const char *at = text; (at = strstr(at, what)); at++)
		n++;
	return n;
}

static void plans(void **state)
{
	(void)state;
	struct err e;
	char *text;
	struct span object = object_compile(program, false, "-g -D__TARGET_ARCH_x86");
	assert_int_equal(shell("sed 's/ARGS/-4@%%edi/' p.S >args.S && "
			       "gcc -shared -nostdlib '-DWORD=.8byte' args.S -o p.so && "
			       "gcc -no-pie -nostdlib -Wl,-e,f '-DWORD=.8byte' args.S -o p.exe && "
			       "gcc -shared -nostdlib -x c /dev/null -o none.so"),
		0);

	/* Two locations with the same arguments share a spec; one has a semaphore. */
	text = plan_text_of(object, "6.1.0", "p.so:one:*", "p.so:two:first", &e);
	if (!text)
		fail_msg("%s", e.text);
	assert_int_equal(count(text, "bpf(BPF_MAP_UPDATE_ELEM"), 2);
	assert_int_equal(count(text, "argument spec 1: -4@%edi"), 1);
	assert_int_equal(count(text, "argument spec 2: none"), 1);
	assert_int_equal(count(text, "bpf_cookie 0x1"), 2);
	assert_int_equal(count(text, "bpf_cookie 0x2"), 1);
	assert_int_equal(count(text, "perf_event_open("), 3);
	assert_int_equal(count(text, "\"config:32-63\""), 1);
	assert_int_equal(count(text, "PERF_EVENT_IOC_SET_BPF"), 0); /* requires fixed addresses */
	assert_non_null(strstr(text, "get_attach_cookie"));
	free(text);

	assert_int_equal(notices, 0);

	/* An argument that programs cannot read is reported, once for both places. */
	assert_int_equal(shell("sed 's/ARGS/8f@%%xmm0/' p.S >args.S && "
			       "gcc -shared -nostdlib '-DWORD=.8byte' args.S -o f.so"),
		0);
	text = plan_text_of(object, "6.1.0", "f.so:one:*", "p.so:two:first", &e);
	assert_non_null(text);
	assert_int_equal(notices, 1);
	free(text);

	/* With fixed addresses, the plan has a fallback for older kernels. */
	text = plan_text_of(object, "6.1.0", "p.exe:one:first", "p.exe:two:first", &e);
	assert_non_null(text);
	assert_int_equal(count(text, "PERF_EVENT_IOC_SET_BPF"), 2);
	assert_int_equal(count(text, "bpf(BPF_MAP_UPDATE_ELEM"), 4);
	assert_int_equal(count(text, "\"config:32-63\""), 0);
	free(text);
	/* For such a kernel, the call of the missing helper becomes a 0. */
	text = plan_text_of(object, "5.10.0", "p.exe:one:first", "p.exe:two:first", &e);
	assert_non_null(text);
	assert_null(strstr(text, "get_attach_cookie"));
	assert_null(strstr(text, "call 174"));
	free(text);

	assert_null(plan_text_of(object, "5.10.0", "p.so:one:first", "p.exe:two:first", &e));
	assert_non_null(strstr(e.text, "kernels before 5.15"));
	assert_non_null(strstr(e.hint, "--on p=@PID"));
	assert_null(plan_text_of(object, "6.1.0", "none.so:one:first", "p.exe:two:first", &e));
	assert_non_null(strstr(e.text, "no section .note.stapsdt"));
	assert_null(plan_text_of(object, "6.1.0", "p.so:one:third", "p.exe:two:first", &e));
	assert_non_null(strstr(e.text, "there is no probe 'one:third'"));
	assert_string_equal(e.hint, "its probes are: one:first, one:second, two:first; "
				    "--skip p leaves this program out");
	assert_null(plan_text_of(object, "6.1.0", "p.so:one", "p.exe:two:first", &e));
	assert_non_null(strstr(e.text, "is not FILE:PROVIDER:NAME"));
	free((void *)(uintptr_t)object.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(operands_of_all_machines),
		cmocka_unit_test(lists_of_arguments),
		cmocka_unit_test(notes_of_all_machines),
		cmocka_unit_test(notes_of_a_moved_library),
		cmocka_unit_test(plans),
	};
	return cmocka_run_group_tests(tests, make_folder, folder_remove);
}
