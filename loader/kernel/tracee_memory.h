/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The memory of a traced process, by process_vm_readv(2) (Linux 3.2). All of it is untrusted. */
#ifndef SONDE_TRACEE_MEMORY_H
#define SONDE_TRACEE_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Reads n bytes at an address of thread tid. Returns how many are readable there, from the start. */
size_t tracee_read(pid_t tid, uint64_t at, void *buf, size_t n);

/* Reads a string of less than size bytes. Returns its length, -1 if it is not readable; a longer one is cut. */
long tracee_read_text(pid_t tid, uint64_t at, char *buf, size_t size);

/* Reads a pointer or long of `word` bytes; 0 if it is not readable. */
uint64_t tracee_read_word(pid_t tid, uint64_t at, unsigned word);

/*
 * The bytes that n iovecs describe, at most size of them. iov: address of struct iovec of a program with
 * pointers of `word` bytes. Returns how many were read.
 */
size_t tracee_read_vector(
	pid_t tid, uint64_t iov, uint64_t n, unsigned word, void *buf, size_t size);

#endif
