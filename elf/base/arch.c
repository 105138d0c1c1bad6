/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "arch.h"

#include "bpf_abi.h"
#include "machine_abi.h"
#include "number.h"

#include <stddef.h>
#include <string.h>

enum { NAME_SIZE = 8 };

static const struct arch_reg x86_64_regs[] = {
	{"rax", 0, 0, 80},
	{"rcx", 0, 0, 88},
	{"rdx", 0, 0, 96},
	{"rbx", 0, 0, 40},
	{"rsp", 0, 0, 152},
	{"rbp", 0, 0, 32},
	{"rsi", 0, 0, 104},
	{"rdi", 0, 0, 112},
	{"r8", 0, 0, 72},
	{"r9", 0, 0, 64},
	{"r10", 0, 0, 56},
	{"r11", 0, 0, 48},
	{"r12", 0, 0, 24},
	{"r13", 0, 0, 16},
	{"r14", 0, 0, 8},
	{"r15", 0, 0, 0},
	{"rip", 0, 0, 128},
};

static const struct arch_reg arm_regs[] = {
	{"r", 0, 16, 0},
	{"sb", 0, 0, 36},
	{"sl", 0, 0, 40},
	{"fp", 0, 0, 44},
	{"ip", 0, 0, 48},
	{"sp", 0, 0, 52},
	{"lr", 0, 0, 56},
	{"pc", 0, 0, 60},
};

static const struct arch_reg arm64_regs[] = {
	{"x", 0, 31, 0},
	{"w", 0, 31, 0},
	{"lr", 0, 0, 240},
	{"sp", 0, 0, 248},
	{"pc", 0, 0, 256},
};

static const struct arch_reg riscv_regs[] = {
	{"pc", 0, 0, 0},
	{"ra", 0, 0, 8},
	{"sp", 0, 0, 16},
	{"gp", 0, 0, 24},
	{"tp", 0, 0, 32},
	{"fp", 0, 0, 64},
	{"t", 0, 3, 40},
	{"s", 0, 2, 64},
	{"a", 0, 8, 80},
	{"s", 2, 10, 144},
	{"t", 3, 4, 224},
};

static const struct arch_reg s390_regs[] = {
	{"r", 0, 16, 24},
};

#define REGS(list)        .regs = (list), .n_regs = sizeof(list) / sizeof *(list)
#define ARGS(n, ...)      .n_args = (n), .args = {__VA_ARGS__}
#define WRAPPERS(p, a, b) .syscall_prefix = (p), .wrappers_since = ABI_VERSION(a, b)

static const struct arch archs[] = {
	{
		.machines = "x86_64",
		.title = "x86-64",
		.elf = EM_X86_64,
		.compat = EM_386,
		.word = 8,
		.own_reg = "r15",
		.triplet = "x86_64-linux-gnu",
		WRAPPERS("__x64_", 4, 17),
		ARGS(5, 112, 104, 96, 88, 72),
		REGS(x86_64_regs),
		.x86_names = true,
		.compat_regs = true,
	},
	{
		.machines = "i686 i586 i486 i386",
		.title = "x86",
		.elf = EM_386,
		.word = 4,
		.triplet = "i386-linux-gnu",
		WRAPPERS("__ia32_", 5, 7),
		ARGS(3, 24, 8, 4), /* as kernels are compiled: -mregparm=3 */
	},
	{
		.machines = "aarch64 armv8l", /* armv8l: seen by 32-bit processes */
		.title = "ARM64",
		.elf = EM_AARCH64,
		.compat = EM_ARM,
		.word = 8,
		.own_reg = "pstate",
		.triplet = "aarch64-linux-gnu",
		WRAPPERS("__arm64_", 4, 19),
		ARGS(5, 0, 8, 16, 24, 32),
		REGS(arm64_regs),
	},
	{
		.machines = "aarch64_be armv8b",
		.title = "ARM64",
		.elf = EM_AARCH64,
		.compat = EM_ARM,
		.word = 8,
		.own_reg = "pstate",
		.order = ARCH_BIG,
		.triplet = "aarch64_be-linux-gnu",
		WRAPPERS("__arm64_", 4, 19),
		ARGS(5, 0, 8, 16, 24, 32),
		REGS(arm64_regs),
	},
	{
		.machines = "armv7l armv6l",
		.title = "ARM",
		.elf = EM_ARM,
		.word = 4,
		.own_reg = "uregs",
		.triplet = "arm-linux-gnueabihf",
		ARGS(4, 0, 4, 8, 12),
		REGS(arm_regs),
		.thumb = true,
	},
	{
		.machines = "s390x",
		.title = "S/390",
		.elf = EM_S390,
		.word = 8,
		.own_reg = "psw",
		.order = ARCH_BIG,
		.triplet = "s390x-linux-gnu",
		/* Named so since 5.1 (aa0d6e70d3b3), but with the arguments of the system call until
		 * 56e62a737028. */
		WRAPPERS("__s390x_", 5, 12),
		ARGS(5, 40, 48, 56, 64, 72),
		REGS(s390_regs),
	},
	{
		.machines = "riscv64",
		.title = "RISC-V",
		.elf = EM_RISCV,
		.word = 8,
		.own_reg = "epc",
		.triplet = "riscv64-linux-gnu",
		WRAPPERS("__riscv_", 6, 6),
		ARGS(5, 80, 88, 96, 104, 112),
		REGS(riscv_regs),
	},
	{
		.machines = "loongarch64",
		.title = "LoongArch",
		.elf = EM_LOONGARCH,
		.word = 8,
		.own_reg = "csr_era",
		.triplet = "loongarch64-linux-gnu",
		WRAPPERS("__loongarch_", 0, 0),
		ARGS(5, 32, 40, 48, 56, 64),
	},
	{
		.machines = "ppc64le",
		.title = "PowerPC64",
		.elf = EM_PPC64,
		.word = 8,
		.own_reg = "nip",
		.triplet = "powerpc64le-linux-gnu",
		ARGS(5, 24, 32, 40, 48, 56),
	},
	{
		.machines = "ppc64",
		.title = "PowerPC64",
		.elf = EM_PPC64,
		.compat = EM_PPC,
		.word = 8,
		.own_reg = "nip",
		.order = ARCH_BIG,
		.triplet = "powerpc64-linux-gnu",
		ARGS(5, 24, 32, 40, 48, 56),
	},
	{
		.machines = "ppc",
		.title = "PowerPC",
		.elf = EM_PPC,
		.word = 4,
		.own_reg = "nip",
		.order = ARCH_BIG,
		.triplet = "powerpc-linux-gnu",
		ARGS(5, 12, 16, 20, 24, 28),
	},
	{
		.machines = "mips64",
		.title = "MIPS",
		.elf = EM_MIPS,
		.word = 8,
		.own_reg = "cp0_epc",
		.order = ARCH_EITHER,
		ARGS(5, 32, 40, 48, 56, 64),
	},
	{
		.machines = "mips",
		.title = "MIPS",
		.elf = EM_MIPS,
		.word = 4,
		.own_reg = "cp0_epc",
		.order = ARCH_EITHER,
		ARGS(4, 48, 52, 56, 60),
	},
};

enum { ARCHS = sizeof archs / sizeof *archs };

/* Whether a list of words separated by blanks contains one. */
static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word);
	for (const char *p = list; n && (p = strstr(p, word)); p += n)
		if ((p == list || p[-1] == ' ') && (!p[n] || p[n] == ' '))
			return true;
	return false;
}

const struct arch *arch_of_machine(const char *machine)
{
	for (size_t i = 0; i < ARCHS; i++)
		if (has_word(archs[i].machines, machine))
			return &archs[i];
	return NULL;
}

const struct arch *arch_of_elf(unsigned elf_machine)
{
	for (size_t i = 0; i < ARCHS; i++)
		if (archs[i].elf == elf_machine)
			return &archs[i];
	return NULL;
}

unsigned arch_word(const char *machine)
{
	const struct arch *a = arch_of_machine(machine);
	if (a)
		return a->word;
	return strstr(machine, "64") ? 8 : 4;
}

const char *arch_foreign_regs(
	const char *machine, bool (*has)(const void *ctx, const char *member), const void *ctx)
{
	const struct arch *own = arch_of_machine(machine);
	const char *other = NULL;
	for (size_t i = 0; own && i < ARCHS; i++) {
		if (!archs[i].own_reg || !has(ctx, archs[i].own_reg))
			continue;
		if (own->own_reg && !strcmp(own->own_reg, archs[i].own_reg))
			return NULL;
		other = archs[i].title;
	}
	return other;
}

bool arch_runs(const struct arch *a, unsigned elf_machine, bool big)
{
	bool known = elf_machine == a->elf || (a->compat && elf_machine == a->compat);
	return known && (a->order == ARCH_EITHER || big == (a->order == ARCH_BIG));
}

unsigned arch_arg_at(const struct arch *a, int32_t offset)
{
	for (unsigned i = 0; a && i < a->n_args; i++)
		if (offset / a->word * a->word == a->args[i])
			return i + 1;
	return 0;
}

/* The parts of rax are eax, ax, al; of r8: r8d, r8w, r8b; of rsi: esi, si, sil. ah is not at the
 * address of rax. */
static void x86_whole_name(const char *name, char whole[NAME_SIZE])
{
	size_t n = strlen(name);
	memset(whole, 0, NAME_SIZE);
	whole[0] = 'r';
	if (*name == 'r' && name[1] >= '0' && name[1] <= '9')
		memcpy(whole, name, n > 2 && strchr("dwb", name[n - 1]) ? n - 1 : n);
	else if (n == 3 && *name == 'e')
		memcpy(whole + 1, name + 1, 2);
	else if (n == 3 && name[2] == 'l') /* sil, dil, bpl, spl */
		memcpy(whole + 1, name, 2);
	else if (n == 2 && name[1] == 'l')
		memcpy(whole + 1, (char[]){*name, 'x'}, 2);
	else if (n == 2 && name[1] != 'h')
		memcpy(whole + 1, name, 2);
	else
		memcpy(whole, name, n);
}

/* The number in a name such as "x12" with prefix "x", -1 if the name has another form. */
static int number_after(const char *prefix, const char *name)
{
	size_t n = strlen(prefix);
	if (strncmp(name, prefix, n))
		return -1;
	size_t digits = strspn(name + n, "0123456789");
	return digits && digits <= 2 && !name[n + digits] ? (int)text_ulong(name + n, NULL, 10)
	                                                  : -1;
}

static int offset_of(const struct arch *a, const char *name)
{
	for (size_t i = 0; i < a->n_regs; i++) {
		const struct arch_reg *r = &a->regs[i];
		int number = r->count ? number_after(r->name, name) : -1;
		if (!r->count && !strcmp(r->name, name))
			return r->offset;
		if (number >= r->first && number < r->first + r->count)
			return r->offset + (number - r->first) * a->word;
	}
	return -1;
}

int arch_reg_offset(const struct arch *a, unsigned elf_machine, const char *name)
{
	char whole[NAME_SIZE];
	if (!a || strlen(name) >= NAME_SIZE)
		return -1;
	if (elf_machine != a->elf && !(elf_machine == a->compat && a->compat_regs))
		return -1;
	if (!a->x86_names)
		return offset_of(a, name);
	x86_whole_name(name, whole);
	return offset_of(a, whole);
}
