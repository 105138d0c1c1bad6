/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Notes of an ELF file: small records with an owner's name and a type. One kind is of use here:
 * those of owner "stapsdt" and type 3, which <sys/sdt.h> leaves for each DTRACE_PROBE, describe
 * places in the code (USDT) that somebody may watch.
 */
#ifndef SONDE_NOTES_H
#define SONDE_NOTES_H

#include "elf.h"

#define NOTES_STAPSDT ".note.stapsdt" /* the section */

/* Strings are borrowed from the file and never NULL. */
struct notes_probe {
	uint64_t address;   /* of the nop that is the probe; where the file's segments put it */
	uint64_t semaphore; /* of the 16 bits that count those who watch; 0: there are none */
	const char *provider, *name;
	const char *args; /* "-4@%edi 8@-24(%rbp)", see loader/hook/usdt_args.h */
};

/*
 * The probe at *at in the section, 0 to begin with, which is set behind it. Other notes are passed
 * over. False at the end, or where the section is damaged. The tools that move a library's
 * addresses (prelink) leave notes alone: how far it was moved is seen from where the section
 * .stapsdt.base is and where the note says it is.
 */
bool notes_next_probe(const struct elf *elf, const struct elf_section *section, uint64_t *at,
	struct notes_probe *out);

#endif
