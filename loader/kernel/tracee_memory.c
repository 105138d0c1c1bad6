/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "tracee_memory.h"

#include "elf/base/span.h"

#include <sys/uio.h>

enum { SMALLEST_PAGE = 4096, VECTOR_MAX = 1024 /* UIO_MAXIOV of the kernel */ };

size_t tracee_read(pid_t tid, uint64_t at, void *buf, size_t n)
{
	size_t done = 0;
	while (done < n && at + done >= at && at + done <= UINTPTR_MAX) {
		struct iovec to = {(uint8_t *)buf + done, n - done};
		struct iovec from = {(void *)(uintptr_t)(at + done), n - done};
		ssize_t got = process_vm_readv(tid, &to, 1, &from, 1, 0);
		if (got <= 0)
			break;
		done += (size_t)got;
	}
	return done;
}

long tracee_read_text(pid_t tid, uint64_t at, char *buf, size_t size)
{
	size_t n = 0;
	while (n + 1 < size) { /* page by page: the next one may be missing */
		size_t part = SMALLEST_PAGE - (at + n) % SMALLEST_PAGE;
		if (part > size - 1 - n)
			part = size - 1 - n;
		size_t got = tracee_read(tid, at + n, buf + n, part);
		const char *end = memchr(buf + n, 0, got);
		if (end)
			return end - buf;
		if (got < part)
			return -1;
		n += got;
	}
	buf[n] = 0;
	return (long)n;
}

uint64_t tracee_read_word(pid_t tid, uint64_t at, unsigned word)
{
	uint8_t bytes[8] = {0};
	return tracee_read(tid, at, bytes, word) == word ? bytes_get(bytes, word, host_is_big())
	                                                 : 0;
}

size_t tracee_read_vector(
	pid_t tid, uint64_t iov, uint64_t n, unsigned word, void *buf, size_t size)
{
	size_t done = 0;
	for (uint64_t i = 0; i < n && i < VECTOR_MAX && done < size; i++) {
		uint64_t base = tracee_read_word(tid, iov + i * 2 * word, word);
		uint64_t part = tracee_read_word(tid, iov + i * 2 * word + word, word);
		if (part > size - done)
			part = size - done;
		size_t got = tracee_read(tid, base, (uint8_t *)buf + done, (size_t)part);
		done += got;
		if (got < part)
			break;
	}
	return done;
}
