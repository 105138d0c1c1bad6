/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The table of architectures: compares ELF machine numbers with <elf.h> and register offsets with
 * the layouts of struct pt_regs in progs/include.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <elf.h>
#include <cmocka.h>

#include "elf/base/arch.h"

typedef uint64_t __u64, u64;
typedef uint32_t __u32;
typedef int32_t s32;

/* The layouts that programs are compiled with: a set of types per architecture. */
#define __TARGET_ARCH_x86
#define pt_regs             x86_regs
#define user_pt_regs        x86_user_regs
#define bpf_perf_event_data x86_event
#include "progs/include/vmlinux/regs.h"
#undef __TARGET_ARCH_x86
#undef pt_regs
#undef user_pt_regs
#undef bpf_perf_event_data
#define __TARGET_ARCH_arm64
#define pt_regs             arm64_regs
#define user_pt_regs        arm64_user_regs
#define bpf_perf_event_data arm64_event
#include "progs/include/vmlinux/regs.h"
#undef __TARGET_ARCH_arm64
#undef pt_regs
#undef user_pt_regs
#undef bpf_perf_event_data
#define __TARGET_ARCH_arm
#define pt_regs             arm_regs
#define user_pt_regs        arm_user_regs
#define bpf_perf_event_data arm_event
#include "progs/include/vmlinux/regs.h"
#undef __TARGET_ARCH_arm
#undef pt_regs
#undef user_pt_regs
#undef bpf_perf_event_data
#define __TARGET_ARCH_s390
#define pt_regs             s390_regs
#define user_pt_regs        s390_user_regs
#define bpf_perf_event_data s390_event
#include "progs/include/vmlinux/regs.h"
#undef __TARGET_ARCH_s390
#undef pt_regs
#undef user_pt_regs
#undef bpf_perf_event_data
#define __TARGET_ARCH_riscv
#define pt_regs             riscv_regs
#define user_pt_regs        riscv_user_regs
#define bpf_perf_event_data riscv_event
#include "progs/include/vmlinux/regs.h"
#undef __TARGET_ARCH_riscv
#undef pt_regs
#undef user_pt_regs
#undef bpf_perf_event_data
#define __TARGET_ARCH_powerpc
#define pt_regs             powerpc_regs
#define user_pt_regs        powerpc_user_regs
#define bpf_perf_event_data powerpc_event
#include "progs/include/vmlinux/regs.h"
#undef __TARGET_ARCH_powerpc
#undef pt_regs
#undef user_pt_regs
#undef bpf_perf_event_data
#define __TARGET_ARCH_mips
#define pt_regs             mips_regs
#define user_pt_regs        mips_user_regs
#define bpf_perf_event_data mips_event
#include "progs/include/vmlinux/regs.h"
#undef __TARGET_ARCH_mips
#undef pt_regs
#undef user_pt_regs
#undef bpf_perf_event_data
#define __TARGET_ARCH_loongarch
#define pt_regs             loongarch_regs
#define user_pt_regs        loongarch_user_regs
#define bpf_perf_event_data loongarch_event
#include "progs/include/vmlinux/regs.h"
#undef __TARGET_ARCH_loongarch
#undef pt_regs
#undef user_pt_regs
#undef bpf_perf_event_data

static const struct {
	const char *machine;
	unsigned elf, word;
} known[] = {
	{"x86_64", EM_X86_64, 8},
	{"i686", EM_386, 4},
	{"aarch64", EM_AARCH64, 8},
	{"armv7l", EM_ARM, 4},
	{"s390x", EM_S390, 8},
	{"riscv64", EM_RISCV, 8},
	{"loongarch64", 258, 8},
	{"ppc64le", EM_PPC64, 8},
	{"ppc64", EM_PPC64, 8},
	{"ppc", EM_PPC, 4},
	{"mips64", EM_MIPS, 8},
	{"mips", EM_MIPS, 4},
};

static void machines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		const struct arch *a = arch_of_machine(known[i].machine);
		assert_non_null(a);
		assert_int_equal(a->elf, known[i].elf);
		assert_int_equal(a->word, known[i].word);
		assert_int_equal(arch_word(known[i].machine), known[i].word);
		assert_non_null(arch_of_elf(a->elf));
		assert_string_equal(arch_of_elf(a->elf)->title, a->title);
	}
	struct utsname u;
	assert_int_equal(uname(&u), 0);
	if (sizeof(long) == 8)
		assert_int_equal(arch_word(u.machine), 8);
}

static void aliases_and_strangers(void **state)
{
	(void)state;
	assert_ptr_equal(arch_of_machine("i386"), arch_of_machine("i686"));
	assert_ptr_equal(arch_of_machine("armv8l"), arch_of_machine("aarch64"));
	assert_ptr_equal(arch_of_machine("armv6l"), arch_of_machine("armv7l"));
	assert_null(arch_of_machine("sparc64"));
	assert_null(arch_of_machine(""));
	assert_null(arch_of_machine("x86_6"));
	assert_null(arch_of_elf(247)); /* BPF */
	assert_null(arch_of_elf(0));
	assert_int_equal(arch_word("sparc64"), 8);
	assert_int_equal(arch_word("sparc"), 4);
	assert_int_equal(arch_word("armv8b"), 8);
}

static void programs_that_run(void **state)
{
	(void)state;
	static const struct {
		const char *machine;
		unsigned elf;
		bool big, runs;
	} cases[] = {
		{"x86_64", EM_X86_64, false, true},
		{"x86_64", EM_386, false, true},
		{"x86_64", EM_X86_64, true, false},
		{"x86_64", 0, false, false},
		{"i686", EM_X86_64, false, false},
		{"aarch64", EM_ARM, false, true},
		{"aarch64", EM_AARCH64, true, false},
		{"aarch64_be", EM_AARCH64, true, true},
		{"armv7l", EM_AARCH64, false, false},
		{"armv7l", 0, false, false},
		{"s390x", EM_S390, true, true},
		{"s390x", EM_S390, false, false},
		{"ppc64le", EM_PPC64, false, true},
		{"ppc64le", EM_PPC64, true, false},
		{"ppc64le", EM_PPC, true, false},
		{"ppc64", EM_PPC, true, true},
		{"mips", EM_MIPS, true, true},
		{"mips", EM_MIPS, false, true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (arch_runs(arch_of_machine(cases[i].machine), cases[i].elf, cases[i].big) !=
			cases[i].runs)
			fail_msg("%s, e_machine %u, big %d", cases[i].machine, cases[i].elf,
				cases[i].big);
}

static int reg(const char *machine, unsigned elf, const char *name)
{
	return arch_reg_offset(arch_of_machine(machine), elf, name);
}

static void registers(void **state)
{
	(void)state;
	assert_int_equal(reg("x86_64", EM_X86_64, "rdi"), 112);
	assert_int_equal(reg("x86_64", EM_X86_64, "dil"), 112);
	assert_int_equal(reg("x86_64", EM_X86_64, "r15b"), 0);
	assert_int_equal(reg("x86_64", EM_X86_64, "ah"), -1);
	assert_int_equal(reg("x86_64", EM_386, "ebp"), 32); /* a part of rbp */
	assert_int_equal(reg("i686", EM_386, "ebp"), -1);
	assert_int_equal(reg("aarch64", EM_AARCH64, "x30"), 240);
	assert_int_equal(reg("aarch64", EM_AARCH64, "w1"), 8);
	assert_int_equal(reg("aarch64", EM_AARCH64, "x31"), -1);
	assert_int_equal(reg("aarch64", EM_ARM, "r0"), -1); /* stored elsewhere in pt_regs */
	assert_int_equal(reg("armv7l", EM_ARM, "r11"), 44);
	assert_int_equal(reg("armv7l", EM_ARM, "r16"), -1);
	assert_int_equal(reg("s390x", EM_S390, "r2"), 40);
	assert_int_equal(reg("riscv64", EM_RISCV, "a0"), 80);
	assert_int_equal(reg("riscv64", EM_RISCV, "a7"), 136);
	assert_int_equal(reg("riscv64", EM_RISCV, "t2"), 56);
	assert_int_equal(reg("riscv64", EM_RISCV, "t3"), 224);
	assert_int_equal(reg("riscv64", EM_RISCV, "s1"), 72);
	assert_int_equal(reg("riscv64", EM_RISCV, "s2"), 144);
	assert_int_equal(reg("riscv64", EM_RISCV, "s12"), -1);
	assert_int_equal(reg("riscv64", EM_RISCV, "a"), -1);
	assert_int_equal(reg("riscv64", EM_RISCV, "a0x"), -1);
	assert_int_equal(reg("riscv64", EM_RISCV, ""), -1);
	assert_int_equal(reg("x86_64", EM_X86_64, "averylongname"), -1);
	assert_int_equal(reg("sparc64", EM_X86_64, "rdi"), -1);
}

#define REG(arch, field) offsetof(struct arch##_regs, field)

static const struct {
	const char *machine;
	unsigned n;
	size_t args[ARCH_ARGS];
} arguments_of[] = {
	{"x86_64", 5, {REG(x86, di), REG(x86, si), REG(x86, dx), REG(x86, cx), REG(x86, r8)}},
	{"aarch64", 5,
		{REG(arm64, regs[0]), REG(arm64, regs[1]), REG(arm64, regs[2]), REG(arm64, regs[3]),
			REG(arm64, regs[4])}},
	{"armv7l", 4,
		{REG(arm, uregs[0]), REG(arm, uregs[1]), REG(arm, uregs[2]), REG(arm, uregs[3])}},
	{"s390x", 5,
		{REG(s390, gprs[2]), REG(s390, gprs[3]), REG(s390, gprs[4]), REG(s390, gprs[5]),
			REG(s390, gprs[6])}},
	{"riscv64", 5,
		{REG(riscv, a0), REG(riscv, a1), REG(riscv, a2), REG(riscv, a3), REG(riscv, a4)}},
	{"loongarch64", 5,
		{REG(loongarch, regs[4]), REG(loongarch, regs[5]), REG(loongarch, regs[6]),
			REG(loongarch, regs[7]), REG(loongarch, regs[8])}},
	{"ppc64le", 5,
		{REG(powerpc, gpr[3]), REG(powerpc, gpr[4]), REG(powerpc, gpr[5]),
			REG(powerpc, gpr[6]), REG(powerpc, gpr[7])}},
	{"mips64", 5,
		{REG(mips, regs[4]), REG(mips, regs[5]), REG(mips, regs[6]), REG(mips, regs[7]),
			REG(mips, regs[8])}},
};

static void arguments(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof arguments_of / sizeof *arguments_of; i++) {
		const struct arch *a = arch_of_machine(arguments_of[i].machine);
		assert_non_null(a);
		assert_int_equal(a->n_args, arguments_of[i].n);
		for (unsigned k = 0; k < a->n_args; k++) {
			if (a->args[k] != arguments_of[i].args[k])
				fail_msg("%s: argument %u is at %zu", arguments_of[i].machine,
					k + 1, arguments_of[i].args[k]);
			assert_int_equal(arch_arg_at(a, a->args[k]), k + 1);
			assert_int_equal(arch_arg_at(a, a->args[k] + 3), k + 1); /* a part of it */
		}
		assert_int_equal(arch_arg_at(a, 4000), 0);
		assert_int_equal(arch_arg_at(a, -8), 0);
	}
	assert_int_equal(arch_arg_at(NULL, 0), 0);
}

static void wrappers(void **state)
{
	(void)state;
	assert_string_equal(arch_of_machine("x86_64")->syscall_prefix, "__x64_");
	assert_string_equal(arch_of_machine("s390x")->syscall_prefix, "__s390x_");
	assert_int_equal(arch_of_machine("riscv64")->wrappers_since, 0x0606);
	assert_null(arch_of_machine("armv7l")->syscall_prefix);
	assert_null(arch_of_machine("ppc64le")->syscall_prefix);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(machines),
		cmocka_unit_test(aliases_and_strangers),
		cmocka_unit_test(programs_that_run),
		cmocka_unit_test(registers),
		cmocka_unit_test(arguments),
		cmocka_unit_test(wrappers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
