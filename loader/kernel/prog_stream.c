/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "prog_stream.h"

#include "elf/base/bpf_abi.h"
#include "elf/base/bpf_attr.h"

#include <string.h>

const char *prog_stream_name(enum prog_stream s)
{
	return s == PROG_STDOUT ? "stdout" : "stderr";
}

long prog_stream_read(
	const struct sys_watch *w, int prog, enum prog_stream s, void *buf, uint32_t size)
{
	union bpf_attr attr;
	memset(&attr, 0, sizeof attr);
	attr.prog_stream_read.stream_buf = sys_ptr(buf);
	attr.prog_stream_read.stream_buf_len = size;
	attr.prog_stream_read.stream_id = s;
	attr.prog_stream_read.prog_fd = (uint32_t)prog;
	return sys_bpf(w, BPF_PROG_STREAM_READ_BY_FD, &attr, sizeof attr.prog_stream_read);
}

long stream_lines_drain(struct stream_lines *s, const struct sys_watch *w, bool all,
	bool (*fn)(void *ctx, const struct stream_lines *s, const char *line, size_t n), void *ctx)
{
	long lines = 0;
	for (;;) {
		long more = prog_stream_read(
			w, s->prog, s->stream, s->line + s->n, STREAM_LINE_MAX - s->n);
		if (more < 0)
			return more;
		s->n += (uint32_t)more;
		bool last = !more && all;
		while (s->n) {
			const char *end = memchr(s->line, '\n', s->n);
			if (!end && s->n < STREAM_LINE_MAX && !last)
				break;
			uint32_t n = end ? (uint32_t)(end - s->line) : s->n,
				 used = n + (end != NULL);
			lines++;
			if (!fn(ctx, s, s->line, n))
				return lines;
			memmove(s->line, s->line + used, s->n - used);
			s->n -= used;
		}
		if (!more || sys_stopped(w))
			return lines;
	}
}
