/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The runner: the program in a packed file (`sonde pack`) that executes a plan and shows its records and
 * lines as `sonde run` does, and nothing else. It has no C library, no data but its payload, and no
 * relocations: everything is read and patched where the kernel has mapped it.
 *
 * loader/pack writes only what the runner can do; packed_form.h describes it. The payload is trusted once its sum
 * matches; records, lines and the kernel's files are not.
 */
#ifndef SONDE_RUNNER_H
#define SONDE_RUNNER_H

#include "loader/plan/packed_form.h"
#include "runner_sys.h"

/* Code for records, which is last: the packer leaves it out of files whose programs have none. */
#define RECORDS_ONLY __attribute__((noinline, section(".records")))

/* ---- text (runner_text.c) ---- */

enum { OUT_ROOM = 4096 };

/* Output to a descriptor. */
struct out {
	int fd;
	int failed;    /* errno of a write */
	unsigned n;    /* bytes in text */
	unsigned cols; /* columns of the current line */
	char text[OUT_ROOM];
};

void out_flush(struct out *o);
void out_put(struct out *o, const char *text, size_t n);
void out_text(struct out *o, const char *text);
void out_number(struct out *o, uint64_t v, unsigned base, unsigned digits);
/* Blanks up to a column; one if the line is past it. */
void out_gap(struct out *o, unsigned column);
/* Text from strangers, with escapes. */
void out_clean(struct out *o, const char *text, size_t n, int quoted);

/* ---- executing plans (runner_exec.c) ---- */

struct runner_slot {
	int64_t value;
	int filled;
};

struct run {
	uint8_t *base; /* of the payload */
	const struct packed_head *head;
	const struct packed_plan *plan;
	const struct packed_step *steps;
	const struct packed_blob *blobs;
	struct runner_slot *slots;
	uint8_t **copies;  /* by blob: output buffers and what is not in the payload as it is */
	int16_t *outcomes; /* by step: 0, its errno, -1 if it was skipped */
	uint32_t page;     /* bytes */
	int signals;       /* descriptor that is readable once a signal asks to end */
	int failed;
	int dirs[2];      /* sysfs and tracefs: 1 + descriptor, -errno, or 0 */
	uint64_t started; /* CLOCK_MONOTONIC, before the first step */
	struct out *messages;
};

static inline const char *run_text(const struct run *x, uint32_t at)
{
	return (const char *)x->base + at;
}

/* Runs the steps. Returns 0, or 1 with a message printed and everything undone. */
int run_plan(struct run *x);

/* Undoes and closes, in reverse order. Returns 0, or 1 with a message: something stays. */
int run_close(struct run *x);

/* Bytes of a ring buffer with so many entries: a power of two, of whole pages. */
uint32_t run_ring_size(const struct run *x, uint32_t entries);

/* Prints "NAME: what: errno" and the hint for it. */
void run_say(struct run *x, const char *what, int no);

/* The name of an errno, or "". */
const char *run_errno(const struct run *x, unsigned no);

/* Whether a signal has asked to end. */
int run_interrupted(const struct run *x);

/* ---- files of the kernel (runner_files.c) ---- */

/* which: KFS_SYS or KFS_TRACE; for opening, also KFS_COUNT for any path. All return -errno if they fail.
 * step_ops.def tells what they do, and what they return. */
long run_open_file(struct run *x, uint32_t which, const char *path, long flags);
int64_t run_read_number(struct run *x, uint32_t which, const char *path);
int64_t run_expect_words(struct run *x, uint32_t which, const char *path, const char *words);
int64_t run_append_line(struct run *x, uint32_t which, const char *path, const char *line);

/* ---- showing (runner_show.c) ---- */

/* What is shown until a signal, or until for_ms is over. x: the plan; capture: NULL, or that of bpf_printk.
 * Returns 0, or 1 with a message printed. */
int run_show(struct run *x, struct run *capture, uint32_t for_ms, struct out *out);

uint64_t runner_now(int clock);

#endif
