/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The streams of a program (Linux 6.17): what it has written with bpf_stream_printk(), and on stderr what
 * the kernel reports about it, such as a fault in an arena. The kernel keeps 100,000 bytes of each; what has
 * been read is gone.
 */
#ifndef SONDE_PROG_STREAM_H
#define SONDE_PROG_STREAM_H

#include "sys.h"

enum prog_stream { PROG_STDOUT = 1, PROG_STDERR = 2 };

/* "stdout", "stderr" */
const char *prog_stream_name(enum prog_stream s);

/* Reads up to size bytes (untrusted) of the stream of an open program. Returns their number, 0: none at
 * present, or -errno: -EINVAL before 6.17. */
long prog_stream_read(
	const struct sys_watch *w, int prog, enum prog_stream s, void *buf, uint32_t size);

/* The lines of a stream, from pieces that end anywhere. */
enum { STREAM_LINE_MAX = 1024 };
struct stream_lines {
	int prog;
	enum prog_stream stream;
	char line[STREAM_LINE_MAX]; /* the beginning of one that is not complete */
	uint32_t n;
};

/* Passes each line that is complete, without its newline, to fn, until it returns false; also longer ones in
 * parts, and with `all` the rest. Returns the number of lines, or -errno. */
long stream_lines_drain(struct stream_lines *s, const struct sys_watch *w, bool all,
	bool (*fn)(void *ctx, const struct stream_lines *s, const char *line, size_t n), void *ctx);

#endif
