/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* sonde prog run, with the words of bpftool. */
#ifndef SONDE_PROG_WORDS_H
#define SONDE_PROG_WORDS_H

#include "live_args.h"

/* Runs a program as the words of a say, and prints what it returns. */
bool prog_words_run(struct live_args *a, const struct live_prog *p, struct err *e);

#endif
