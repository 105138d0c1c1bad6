/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Notes of an ELF file: small records with an owner and a type. Those with owner "stapsdt" and type
 * 3, which <sys/sdt.h> emits for each DTRACE_PROBE, describe USDT probes.
 */
#ifndef SONDE_NOTES_H
#define SONDE_NOTES_H

#include "elf.h"

#define NOTES_STAPSDT ".note.stapsdt" /* the section */

/* Strings are borrowed from the file and never NULL. */
struct notes_probe {
	uint64_t address;   /* of the probe's nop, as in the program headers */
	uint64_t semaphore; /* of the 16-bit counter of attached tracers, 0: none */
	const char *provider, *name;
	const char *args; /* "-4@%edi 8@-24(%rbp)", see loader/hook/usdt_args.h */
};

/*
 * The next probe of the section from offset *at, which starts at 0 and is advanced. Skips other
 * notes. False at the end of the section, or where it is malformed. Addresses are corrected for
 * tools that relocate a library but not its notes (prelink): the difference is that between the
 * address of section .stapsdt.base and its address in the note.
 */
bool notes_next_probe(const struct elf *elf, const struct elf_section *section, uint64_t *at,
	struct notes_probe *out);

#endif
