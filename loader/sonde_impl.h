/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement sonde.h, which are several so that programs link what they call. */
#ifndef SONDE_SONDE_IMPL_H
#define SONDE_SONDE_IMPL_H

#include "sonde.h"

#include "elf/base/arena.h"
#include "loader/kernel/exec.h"
#include "loader/kernel/ring.h"
#include "loader/kernel/target.h"

/* A ring buffer that is being read. */
struct reader {
	int16_t slot;
	struct ring ring;
	struct reader *next;
};

struct sonde {
	struct arena arena;
	struct kfs kfs;
	struct target target;
	struct plan plan;
	struct exec live;
	const char *log;
	struct reader *readers;
	bool attached;
};

/* Hands an error to the caller. Returns false. */
bool sonde_report(const struct err *from, struct sonde_error *to);

#endif
