/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Starting a static PIE: what the start files of musl leave undone.
 *
 * - Packed relative relocations (DT_RELR), which musl applies since 1.2.4. They take 560 bytes for 2,300
 *   pointers, where DT_RELA takes 55,000.
 * - RELRO: nothing but a dynamic linker makes it read-only.
 *
 * Until start_finish() returns, no table of pointers can be used: everything else is in cmd_main(), which
 * the compiler must not merge with main(). In a dynamically linked binary the dynamic
 * linker has done both already, and repeating the second one is harmless. */
#include "cmd.h"

#include <link.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

extern char __ehdr_start[] __attribute__((visibility("hidden"))); /* defined by the linker */

/* A pointer that needs a relocation, to see whether libc has applied it. */
static const void *const volatile relocated = (const void *)&relocated;

/* Adds base to the words that relr describes: an even entry is the address of one, an odd entry a bit
 * for each of the following 63 (31). */
static void apply_relr(uintptr_t base, const ElfW(Addr) * relr, size_t entries)
{
	ElfW(Addr) *at = NULL;
	for (size_t i = 0; i < entries; i++) {
		ElfW(Addr) bits = relr[i];
		if (bits & 1) {
			for (bits >>= 1; bits; bits &= bits - 1)
				at[__builtin_ctzl(bits)] += base;
			at += 8 * sizeof bits - 1;
		} else {
			at = (ElfW(Addr) *)(base + bits);
			*at++ += base;
		}
	}
}

static void relocate(uintptr_t base, const ElfW(Dyn) * dynamic)
{
	const ElfW(Addr) *relr = NULL;
	size_t size = 0;
	enum { TAG_RELRSZ = 35, TAG_RELR = 36 }; /* not in the <elf.h> of musl 1.2.3 */
	for (; dynamic->d_tag != DT_NULL; dynamic++) {
		if (dynamic->d_tag == TAG_RELR)
			relr = (const ElfW(Addr) *)(base + dynamic->d_un.d_ptr);
		else if (dynamic->d_tag == TAG_RELRSZ)
			size = dynamic->d_un.d_val;
	}
	apply_relr(base, relr, relr ? size / sizeof *relr : 0);
}

static _Noreturn void give_up(void)
{
	static const char text[] =
		"sonde: start: mprotect: the kernel refuses to make data read-only\n";
	(void)!write(STDERR_FILENO, text, sizeof text - 1);
	exit(EXIT_FAILURE);
}

static void start_finish(void)
{
	const ElfW(Ehdr) *file = (const ElfW(Ehdr) *)__ehdr_start;
	const ElfW(Phdr) *segments = (const ElfW(Phdr) *)(__ehdr_start + file->e_phoff);
	uintptr_t base = (uintptr_t)__ehdr_start, page = getauxval(AT_PAGESZ);
	if (file->e_type != ET_DYN)
		return;
	for (int i = 0; i < file->e_phnum; i++)
		if (segments[i].p_type == PT_DYNAMIC && relocated != (const void *)&relocated)
			relocate(base, (const ElfW(Dyn) *)(base + segments[i].p_vaddr));
	for (int i = 0; i < file->e_phnum; i++) {
		if (segments[i].p_type != PT_GNU_RELRO)
			continue;
		uintptr_t start = (base + segments[i].p_vaddr) & -page;
		uintptr_t end = (base + segments[i].p_vaddr + segments[i].p_memsz) & -page;
		if (end > start && mprotect((void *)start, end - start, PROT_READ))
			give_up();
	}
}

int main(int argc, char **argv)
{
	start_finish();
	int (*volatile run)(int, char **) = cmd_main; /* volatile: it is never inlined */
	return run(argc, argv);
}
