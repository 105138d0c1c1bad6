/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the kernel's command line says to sonde:
 *
 *	sonde.obj=FILE[,FILE...]	objects to attach (repeatable)
 *	sonde.opt=OPTION		an option of `sonde init`, or several between quotes (repeatable)
 *	sonde.init=FILE			what to execute as process 1
 *	init=FILE			the same, as the kernel understands it
 *
 * Quotes are those of the kernel: sonde.opt="--size 16M", or "sonde.opt=--size 16M". Words after -- are arguments
 * of the init, and not looked at.
 */
#ifndef SONDE_KERNEL_WORDS_H
#define SONDE_KERNEL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { KERNEL_WORDS_MAX = 64, KERNEL_LINE_MAX = 8192 };

struct kernel_words {
	const char *objects[KERNEL_WORDS_MAX], *options[KERNEL_WORDS_MAX];
	size_t n_objects, n_options;
	const char *init;        /* sonde.init=, or NULL */
	const char *kernel_init; /* init=, or NULL */
	bool full;               /* there are more than KERNEL_WORDS_MAX */
};

/* Reads a command line, which is cut into the words that w refers to. */
void kernel_words_read(struct kernel_words *w, char *line);

#endif
