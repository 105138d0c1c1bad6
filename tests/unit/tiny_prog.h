/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * For tests that need a program in the kernel independent of object readers: instructions as
 * numbers, two bpf(2) calls, and a run of the program on a packet provided by the test. Nothing is
 * attached.
 */
#ifndef TINY_PROG_H
#define TINY_PROG_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "elf/base/span.h"
#include "loader/plan/abi.h"
#include "loader/kernel/sys.h"

/* Before Linux 5.11, maps and programs are charged to RLIMIT_MEMLOCK, which is small. */
static inline void tiny_unlimited(void)
{
	struct rlimit all = {RLIM_INFINITY, RLIM_INFINITY};
	setrlimit(RLIMIT_MEMLOCK, &all);
}

struct tiny {
	uint8_t bytes[8 * 128];
	unsigned n;
};

static inline void tiny_add(
	struct tiny *t, unsigned code, unsigned dst, unsigned src, int off, int64_t imm)
{
	uint8_t *p = t->bytes + 8 * t->n++;
	bool big = host_is_big();
	p[0] = (uint8_t)code;
	p[1] = (uint8_t)(big ? dst << 4 | src : src << 4 | dst);
	bytes_put(p + 2, 2, big, (uint16_t)off);
	bytes_put(p + 4, 4, big, (uint32_t)imm);
}

/* dst = the map of fd */
static inline void tiny_map(struct tiny *t, unsigned dst, int fd)
{
	tiny_add(t, 0x18, dst, 1, 0, fd);
	tiny_add(t, 0, 0, 0, 0, 0);
}

/* dst = imm; dst = src; dst += imm; call helper; exit */
#define tiny_set(t, dst, imm)  tiny_add(t, 0xb7, dst, 0, 0, imm)
#define tiny_move(t, dst, src) tiny_add(t, 0xbf, dst, src, 0, 0)
#define tiny_plus(t, dst, imm) tiny_add(t, 0x07, dst, 0, 0, imm)
#define tiny_call(t, helper)   tiny_add(t, 0x85, 0, 0, 0, helper)
#define tiny_exit(t)           tiny_add(t, 0x95, 0, 0, 0, 0)

/* Returns a descriptor or -errno; the end of the verifier log goes to stderr. */
static inline int tiny_load(const struct tiny *t, unsigned type)
{
	static char log[65536];
	struct {
		uint32_t prog_type, insn_cnt;
		uint64_t insns, license;
		uint32_t log_level, log_size;
		uint64_t log_buf;
		uint32_t kern_version, prog_flags;
	} attr = {type, t->n, sys_ptr(t->bytes), sys_ptr("GPL"), 1, sizeof log, sys_ptr(log), 0, 0};
	long fd = sys_bpf(NULL, BPF_PROG_LOAD, &attr, sizeof attr);
	if (fd < 0)
		fprintf(stderr, "# load: errno %ld: %s\n", -fd,
			strlen(log) > 300 ? log + strlen(log) - 300 : log);
	return (int)fd;
}

static inline int tiny_map_create(unsigned type, unsigned key, unsigned value, unsigned entries)
{
	uint32_t attr[4] = {type, key, value, entries};
	return (int)sys_bpf(NULL, BPF_MAP_CREATE, attr, sizeof attr);
}

/* Runs a socket filter on len bytes after an Ethernet header. Returns its result, or -errno. */
static inline long tiny_run(int prog, const void *packet, unsigned len)
{
	uint8_t frame[2048] = {0};
	memcpy(frame + 14, packet, len);
	struct {
		uint32_t prog_fd, retval, data_size_in, data_size_out;
		uint64_t data_in, data_out;
		uint32_t repeat, duration;
	} attr = {(uint32_t)prog, 0, 14 + len, 0, sys_ptr(frame), 0, 1, 0};
	long r = sys_bpf(NULL, BPF_PROG_TEST_RUN, &attr, sizeof attr);
	return r < 0 ? r : (int32_t)attr.retval;
}

/*
 * The start of a socket filter that copies its packet, at most 256 bytes, to the stack at R10 -
 * 256, with its length in R7. For an empty or longer packet, the program returns 0.
 */
static inline void tiny_copy_packet(struct tiny *t)
{
	tiny_move(t, 6, 1);
	tiny_add(t, 0x61, 7, 1, 0, 0); /* R7 = *(u32 *)(R1 + 0): skb->len */
	tiny_set(t, 0, 0);
	tiny_add(t, 0x25, 7, 0, 1, 256); /* if R7 > 256, skip the next */
	tiny_add(t, 0x35, 7, 0, 1,
		1); /* if R7 >= 1, skip the next (old verifiers derive no bounds from != 0) */
	tiny_exit(t);
	for (int i = 0; i < 32; i++)
		tiny_add(t, 0x7a, 10, 0, -256 + 8 * i, 0); /* *(u64 *)(R10 + off) = 0 */
	tiny_move(t, 1, 6);
	tiny_set(t, 2, 0);
	tiny_move(t, 3, 10);
	tiny_plus(t, 3, -256);
	tiny_move(t, 4, 7);
	tiny_call(t, 26); /* skb_load_bytes(skb, 0, R10 - 256, R7) */
}

#endif
