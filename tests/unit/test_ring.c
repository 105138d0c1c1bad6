/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The readers of ring buffers and perf buffers: on memory laid out as by the kernel, which reaches
 * every corner case, and on the kernel itself, with programs that the test runs without attaching
 * them.
 */
#include <signal.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "tiny_prog.h"
#include "loader/kernel/kfs.h"
#include "loader/kernel/perf_ring.h"
#include "loader/kernel/ring.h"

enum { HELPER_OUTPUT = 130, HELPER_RESERVE, HELPER_SUBMIT, HELPER_DISCARD, HELPER_PERF = 25 };

/* The records that a callback has received. */
struct seen {
	unsigned n, stop_at; /* stop after stop_at records; 0: never */
	uint64_t bytes;
	size_t len[64];     /* of the first records */
	uint8_t first[64];  /* first byte of each */
	unsigned unaligned; /* records not at a multiple of 8 */
	unsigned cpu;
};

static bool see(void *ctx, const void *record, size_t len)
{
	struct seen *s = ctx;
	if (s->n < 64) {
		s->len[s->n] = len;
		s->first[s->n] = len ? *(const uint8_t *)record : 0;
	}
	for (size_t i = 0; i < len; i++) /* every byte is readable */
		s->bytes += ((const volatile uint8_t *)record)[i] != 0;
	s->unaligned += (uintptr_t)record % 8 != 0;
	s->n++;
	return s->n != s->stop_at;
}

/* A ring buffer in our own memory, mapped like the kernel's: two pages of positions, then the data
 * twice. The data may be written through the first mapping. */
struct fake {
	struct ring ring;
	uint8_t *memory;
	uint64_t produced;
};

static struct fake fake_ring(uint32_t size, unsigned word, uint64_t start)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd = memfd_create("ring", MFD_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)(2 * page + size)), 0);
	int rw = PROT_READ | PROT_WRITE;
	uint8_t *m = mmap(NULL, 2 * page + 2 * size, rw, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(m, MAP_FAILED);
	void *again =
		mmap(m + 2 * page + size, size, rw, MAP_SHARED | MAP_FIXED, fd, (off_t)(2 * page));
	assert_ptr_not_equal(again, MAP_FAILED);
	close(fd);
	return (struct fake){
		.ring = {.consumer = m,
			.producer = m + page,
			.data = m + 2 * page,
			.size = size,
			.page = page,
			.word = word,
			.position = start},
		.memory = m,
		.produced = start,
	};
}

static void fake_free(struct fake *f)
{
	munmap(f->memory, 2 * f->ring.page + 2 * (size_t)f->ring.size);
}

static uint64_t number(const uint8_t *p, unsigned size)
{
	return bytes_get(p, size, host_is_big());
}

static void fake_producer(struct fake *f, uint64_t position)
{
	f->produced = position;
	bytes_put(f->memory + f->ring.page, f->ring.word, host_is_big(), position);
}

/* Appends a record of len bytes, all of value fill. flags: the two flag bits. */
static void fake_record(struct fake *f, uint32_t len, uint32_t flags, uint8_t fill)
{
	uint8_t *data = f->memory + 2 * f->ring.page, *p = data + f->produced % f->ring.size;
	bytes_put(p, 4, host_is_big(), len | flags);
	if (len <= f->ring.size)
		memset(p + 8, fill, len);
	fake_producer(f, f->produced + ((len + 8 + 7) & ~7u));
}

static void delivers_in_order(void **state)
{
	(void)state;
	struct fake f = fake_ring(65536, 8, 0);
	struct seen s = {0};
	assert_int_equal(ring_drain(&f.ring, see, &s), 0);
	fake_record(&f, 5, 0, 1);
	fake_record(&f, 0, 0, 0);
	fake_record(&f, 8, BPF_RINGBUF_DISCARD_BIT, 9);
	fake_record(&f, 1000, 0, 3);
	assert_int_equal(ring_unread(&f.ring), 16 + 8 + 16 + 1008);
	assert_int_equal(ring_drain(&f.ring, see, &s), 3);
	assert_int_equal(s.len[0], 5);
	assert_int_equal(s.first[0], 1);
	assert_int_equal(s.len[1], 0);
	assert_int_equal(s.len[2], 1000);
	assert_int_equal(s.first[2], 3);
	assert_int_equal(s.bytes, 1005);
	assert_int_equal(s.unaligned, 0);
	assert_int_equal(number(f.ring.consumer, 8), f.produced);
	assert_int_equal(ring_unread(&f.ring), 0);
	assert_int_equal(f.ring.peak, 16 + 8 + 16 + 1008);
	fake_free(&f);
}

static void waits_for_a_busy_record(void **state)
{
	(void)state;
	struct fake f = fake_ring(65536, 8, 0);
	struct seen s = {0};
	fake_record(&f, 4, 0, 1);
	uint8_t *busy = f.memory + 2 * f.ring.page + f.produced;
	fake_record(&f, 4, BPF_RINGBUF_BUSY_BIT, 2);
	fake_record(&f, 4, 0, 3);
	assert_int_equal(ring_drain(&f.ring, see, &s), 1);
	assert_int_equal(ring_drain(&f.ring, see, &s), 0);
	assert_int_equal(number(f.ring.consumer, 8), 16);
	assert_int_equal(ring_unread(&f.ring), 32);
	bytes_put(busy, 4, host_is_big(), 4);
	assert_int_equal(ring_drain(&f.ring, see, &s), 2);
	assert_memory_equal(s.first, "\1\2\3", 3);
	fake_free(&f);
}

static void stops_when_told(void **state)
{
	(void)state;
	struct fake f = fake_ring(65536, 8, 0);
	struct seen s = {.stop_at = 2};
	for (uint8_t i = 1; i <= 4; i++)
		fake_record(&f, i, 0, i);
	assert_int_equal(ring_drain(&f.ring, see, &s), 2);
	assert_int_equal(number(f.ring.consumer, 8), 32);
	assert_int_equal(ring_drain(&f.ring, see, &s), 2);
	assert_memory_equal(s.first, "\1\2\3\4", 4);
	fake_free(&f);
}

static bool see_given_back(void *ctx, const void *record, size_t len)
{
	const struct fake *f = ctx;
	assert_int_equal(number(f->ring.consumer, 8), (const uint8_t *)record - 8 - f->ring.data);
	return len > 0;
}

/* A slow callback must not hold the space of earlier records. */
static void gives_back_one_by_one(void **state)
{
	(void)state;
	struct fake f = fake_ring(65536, 8, 0);
	for (uint8_t i = 1; i <= 4; i++)
		fake_record(&f, i, 0, i);
	assert_int_equal(ring_drain(&f.ring, see_given_back, &f), 4);
	fake_free(&f);
}

static void crosses_the_end(void **state)
{
	(void)state;
	struct fake f = fake_ring(65536, 8, 65536 - 16);
	struct seen s = {0};
	fake_record(&f, 100, 0, 7); /* 8 bytes at the end, 92 at the start */
	assert_int_equal(f.ring.data[0], 7);
	assert_int_equal(f.ring.data[91], 7);
	assert_int_equal(f.ring.data[92], 0);
	assert_int_equal(ring_drain(&f.ring, see, &s), 1);
	assert_int_equal(s.bytes, 100);
	fake_record(&f, 65536 - 8, 0, 5); /* the whole buffer */
	assert_int_equal(ring_unread(&f.ring), 65536);
	assert_int_equal(ring_drain(&f.ring, see, &s), 1);
	assert_int_equal(s.len[1], 65536 - 8);
	assert_int_equal(f.ring.peak, 65536);
	fake_free(&f);
}

/* Positions exceed 4 GiB: 8-byte positions are compared as a whole, 4-byte ones by the low half. */
static void crosses_4_gib(void **state)
{
	(void)state;
	for (unsigned word = 4; word <= 8; word += 4) {
		struct fake f = fake_ring(65536, word, 0xfffffff0u);
		struct seen s = {0};
		bytes_put(f.memory + word, 4, host_is_big(), 0x12345678);
		bytes_put(f.memory + f.ring.page + word, 4, host_is_big(), 0x9abcdef0);
		fake_record(&f, 4, 0, 1);
		fake_record(&f, 4, 0, 2);
		assert_int_equal(ring_drain(&f.ring, see, &s), 2);
		fake_record(&f, 4, 0, 3);
		assert_int_equal(ring_drain(&f.ring, see, &s), 1);
		assert_memory_equal(s.first, "\1\2\3", 3);
		uint64_t expected = word == 8 ? 0x100000020u : 0x20;
		assert_int_equal(number(f.memory, word), expected);
		assert_int_equal(number(f.memory + word, 4), 0x12345678);
		fake_free(&f);
	}
}

static void refuses_nonsense(void **state)
{
	(void)state;
	struct fake f = fake_ring(65536, 8, 0);
	struct seen s = {0};
	fake_record(&f, 4, 0, 1);
	fake_record(&f, 4, 0, 2);
	bytes_put(f.memory + 2 * f.ring.page + 16, 4, host_is_big(), 9); /* longer than unread */
	assert_int_equal(ring_drain(&f.ring, see, &s), 1);
	assert_int_equal(ring_drain(&f.ring, see, &s), -EBADMSG);
	fake_record(&f, 4, 0, 3);
	assert_int_equal(ring_drain(&f.ring, see, &s), -EBADMSG);
	assert_int_equal(s.n, 1);
	assert_int_equal(number(f.ring.consumer, 8), 16);
	fake_free(&f);

	f = fake_ring(65536, 8, 0);
	bytes_put(f.memory + 2 * f.ring.page, 4, host_is_big(), 0x3fffffff);
	fake_producer(&f, 65536);
	assert_int_equal(ring_drain(&f.ring, see, &s), -EBADMSG);
	fake_free(&f);

	f = fake_ring(65536, 8, 0);
	fake_producer(&f, 65536 + 8); /* more than the buffer holds */
	assert_int_equal(ring_drain(&f.ring, see, &s), -EBADMSG);
	fake_free(&f);

	f = fake_ring(65536, 8, 0);
	fake_producer(&f, 4); /* no room for a header */
	assert_int_equal(ring_drain(&f.ring, see, &s), -EBADMSG);
	assert_int_equal(s.n, 1);
	fake_free(&f);
}

/* Random headers and positions: no crash (the sanitizers check), and every run ends. */
static void survives_noise(void **state)
{
	(void)state;
	srandom(1);
	for (unsigned round = 0; round < 2000; round++) {
		struct fake f = fake_ring(65536, round % 2 ? 8 : 4, (uint64_t)random() & ~7ull);
		struct seen s = {0};
		for (uint32_t i = 0; i < 65536; i += 8)
			bytes_put(f.memory + 2 * f.ring.page + i, 4, host_is_big(),
				(uint32_t)random() & (round % 3 ? 0x4000003f : 0xffffffff));
		fake_producer(&f, f.ring.position + (uint64_t)(random() % 65600));
		long n = ring_drain(&f.ring, see, &s);
		assert_true(n == -EBADMSG || (n >= 0 && n == s.n));
		fake_free(&f);
	}
}

static void wrong_sizes(void **state)
{
	(void)state;
	static const uint32_t bad[] = {0, 1, 16, 12288, 65535};
	for (unsigned i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct ring r;
		struct err e = {0};
		assert_false(ring_map(&r, -1, bad[i], &e));
		assert_non_null(strstr(e.text, "ring buffer of "));
		ring_unmap(&r);
	}
	struct ring r;
	struct err e = {0};
	assert_false(ring_map(&r, -1, 65536, &e));
	assert_int_equal(e.no, EBADF);
	ring_unmap(&r);
}

/* ---- the kernel's ring buffer */

#define needs_bpf(fd)                                                                              \
	do                                                                                         \
		if ((fd) == -EPERM || (fd) == -ENOSYS)                                             \
			skip();                                                                    \
	while (0)

static int ringbuf(uint32_t size)
{
	return tiny_map_create(BPF_MAP_TYPE_RINGBUF, 0, 0, size);
}

/* A socket filter that writes its packet to the ring buffer and returns the helper's result. */
static int packet_to_ring(int map)
{
	struct tiny t = {.n = 0};
	tiny_copy_packet(&t);
	tiny_map(&t, 1, map);
	tiny_move(&t, 2, 10);
	tiny_plus(&t, 2, -256);
	tiny_move(&t, 3, 7);
	tiny_set(&t, 4, 0);
	tiny_call(&t, HELPER_OUTPUT);
	tiny_exit(&t);
	return tiny_load(&t, BPF_PROG_TYPE_SOCKET_FILTER);
}

/* The tests' packets: a writer, a serial number, and padding to a length derived from it. */
struct packet {
	uint32_t writer, serial;
	uint8_t rest[248];
};

static unsigned packet_length(uint32_t serial)
{
	return 8 + serial * 7 % 249; /* 8 to 256, every remainder of 8 */
}

static long send_packet(int prog, uint32_t writer, uint32_t serial)
{
	struct packet p = {.writer = writer, .serial = serial};
	memset(p.rest, (int)(serial & 0xff), sizeof p.rest);
	return tiny_run(prog, &p, packet_length(serial));
}

struct follow {
	uint32_t next[4]; /* next serial number of each writer */
	unsigned wrong;
	unsigned slack; /* bytes by which a record may be longer */
};

static bool follow(void *ctx, const void *record, size_t len)
{
	struct follow *f = ctx;
	struct packet p = {.writer = 99};
	if (len < 8 || len > sizeof p + f->slack) {
		f->wrong++;
		return true;
	}
	memcpy(&p, record, len < sizeof p ? len : sizeof p);
	unsigned n = packet_length(p.serial);
	bool good =
		p.writer < 4 && p.serial == f->next[p.writer] && len >= n && len <= n + f->slack;
	for (unsigned i = 0; good && i < n - 8; i++)
		good = p.rest[i] == (uint8_t)p.serial;
	f->wrong += !good;
	if (p.writer < 4)
		f->next[p.writer] = p.serial + 1;
	return true;
}

static void kernel_ring(void **state)
{
	(void)state;
	uint32_t size = (uint32_t)sysconf(_SC_PAGESIZE);
	int map = ringbuf(size);
	needs_bpf(map);
	assert_true(map >= 0);
	int prog = packet_to_ring(map);
	assert_true(prog >= 0);
	struct ring r;
	struct err e = {0};
	assert_true(ring_map(&r, map, size, &e));
	assert_int_equal(r.word, ring_kernel_word());

	struct follow f = {.wrong = 0};
	uint32_t serial = 0;
	uint64_t total = 0;
	int poller = epoll_create1(EPOLL_CLOEXEC);
	struct epoll_event event = {.events = EPOLLIN}, out;
	assert_int_equal(epoll_ctl(poller, EPOLL_CTL_ADD, map, &event), 0);
	while (total < 20 * (uint64_t)size) {
		assert_int_equal(epoll_wait(poller, &out, 1, 0), 0);
		unsigned batch = serial % 5 + 1;
		for (unsigned i = 0; i < batch; i++, serial++) {
			assert_int_equal(send_packet(prog, 1, serial), 0);
			total += (packet_length(serial) + 15) & ~7u;
		}
		assert_int_equal(epoll_wait(poller, &out, 1, 1000), 1);
		assert_int_equal(ring_drain(&r, follow, &f), batch);
		assert_int_equal(f.wrong, 0);
	}
	assert_int_equal(f.next[1], serial);
	assert_int_equal(r.position, total);
	assert_int_equal(number(r.consumer, r.word), total);

	/* Full: the helper fails, existing records are kept, and writing then continues. */
	uint32_t before = serial;
	while (send_packet(prog, 1, serial) == 0)
		serial++;
	assert_true(serial > before);
	assert_int_equal(send_packet(prog, 1, serial), -EAGAIN);
	assert_int_equal(ring_drain(&r, follow, &f), serial - before);
	assert_true(r.peak > size - 272 && r.peak <= size);
	assert_int_equal(send_packet(prog, 1, serial), 0);

	/* A new reader continues where the last one stopped. */
	uint64_t position = r.position;
	ring_unmap(&r);
	assert_true(ring_map(&r, map, size, &e));
	assert_int_equal(r.position, position);
	assert_int_equal(ring_drain(&r, follow, &f), 1);
	assert_int_equal(f.wrong, 0);
	ring_unmap(&r);
	ring_unmap(&r);
	close(poller);
	close(prog);
	close(map);
}

/* Reserves 24 bytes, stores the first byte of the packet, and submits if it is even. */
static int even_ones(int map)
{
	struct tiny t = {.n = 0};
	tiny_copy_packet(&t);
	tiny_add(&t, 0x71, 8, 10, -256, 0); /* R8 = first byte */
	tiny_map(&t, 1, map);
	tiny_set(&t, 2, 24);
	tiny_set(&t, 3, 0);
	tiny_call(&t, HELPER_RESERVE);
	tiny_add(&t, 0x55, 0, 0, 1, 0);
	tiny_exit(&t);
	tiny_add(&t, 0x7b, 0, 8, 0, 0); /* *(u64 *)R0 = R8 */
	tiny_move(&t, 1, 0);
	tiny_set(&t, 2, 0);
	tiny_add(&t, 0x57, 8, 0, 0, 1); /* R8 &= 1 */
	tiny_add(&t, 0x55, 8, 0, 3, 0);
	tiny_call(&t, HELPER_SUBMIT);
	tiny_set(&t, 0, 0);
	tiny_exit(&t);
	tiny_call(&t, HELPER_DISCARD);
	tiny_set(&t, 0, 0);
	tiny_exit(&t);
	return tiny_load(&t, BPF_PROG_TYPE_SOCKET_FILTER);
}

static void kernel_discards(void **state)
{
	(void)state;
	uint32_t size = (uint32_t)sysconf(_SC_PAGESIZE);
	int map = ringbuf(size);
	needs_bpf(map);
	int prog = even_ones(map);
	assert_true(prog >= 0);
	struct ring r;
	struct err e = {0};
	assert_true(ring_map(&r, map, size, &e));
	struct seen s = {0};
	for (uint8_t i = 0; i < 100; i++)
		assert_int_equal(tiny_run(prog, &i, 1), 0);
	assert_int_equal(ring_drain(&r, see, &s), 50);
	for (unsigned i = 0; i < 50; i++) {
		uint8_t low = (uint8_t)(2 * i);
		assert_int_equal(s.len[i], 24);
		assert_int_equal(s.first[i], host_is_big() ? 0 : low);
	}
	assert_int_equal(r.position, 100 * 32);
	ring_unmap(&r);
	close(prog);
	close(map);
}

/* Several processes write as fast as they can; each retries if the buffer is full. */
static void kernel_ring_under_load(void **state)
{
	(void)state;
	enum { WRITERS = 3, EACH = 20000 };
	uint32_t size = 4 * (uint32_t)sysconf(_SC_PAGESIZE);
	int map = ringbuf(size);
	needs_bpf(map);
	int prog = packet_to_ring(map);
	assert_true(prog >= 0);
	struct ring r;
	struct err e = {0};
	assert_true(ring_map(&r, map, size, &e));
	pid_t child[WRITERS];
	for (uint32_t w = 0; w < WRITERS; w++) {
		child[w] = fork();
		assert_true(child[w] >= 0);
		if (child[w] == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test leaves nobody behind */
			for (uint32_t i = 0; i < EACH; i++)
				while (send_packet(prog, w, i) != 0)
					sched_yield();
			_exit(0);
		}
	}
	struct follow f = {.wrong = 0};
	long total = 0;
	for (unsigned idle = 0; total < (long)WRITERS * EACH && idle < 20;) {
		struct pollfd p = {map, POLLIN, 0};
		idle = poll(&p, 1, 500) == 0 ? idle + 1 : 0;
		long n = ring_drain(&r, follow, &f);
		assert_true(n >= 0);
		total += n;
	}
	for (unsigned w = 0; w < WRITERS; w++) {
		int status = -1;
		waitpid(child[w], &status, 0);
		assert_int_equal(status, 0);
		assert_int_equal(f.next[w], EACH);
	}
	assert_int_equal(f.wrong, 0);
	assert_int_equal(total, WRITERS * EACH);
	assert_int_equal(ring_unread(&r), 0);
	ring_unmap(&r);
	close(prog);
	close(map);
}

/* ---- perf buffers */

struct fake_perf {
	struct perf_ring ring;
	uint8_t control[4096], data[4096];
	uint32_t produced;
};

static struct fake_perf *fake_perf(uint32_t start)
{
	struct fake_perf *f = calloc(1, sizeof *f);
	assert_non_null(f);
	f->ring = (struct perf_ring){.fd = -1,
		.control = f->control,
		.data = f->data,
		.size = sizeof f->data,
		.page = sizeof f->control,
		.head = start,
		.tail = start};
	f->produced = start;
	bytes_put(f->control + 1024, 8, host_is_big(), start);
	return f;
}

static void fake_perf_free(struct fake_perf *f)
{
	f->ring.control = NULL; /* nothing to unmap */
	perf_ring_close(&f->ring);
	free(f);
}

static void fake_perf_bytes(struct fake_perf *f, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		f->data[f->produced++ % sizeof f->data] = p[i];
	bytes_put(f->control + 1024, 8, host_is_big(), f->produced);
}

static void fake_perf_record(struct fake_perf *f, uint32_t type, const void *body, uint16_t len)
{
	uint8_t header[8];
	bytes_put(header, 4, host_is_big(), type);
	bytes_put(header + 4, 2, host_is_big(), 0);
	bytes_put(header + 6, 2, host_is_big(), (uint16_t)(len + 8));
	fake_perf_bytes(f, header, 8);
	fake_perf_bytes(f, body, len);
}

/* A sample with raw data: the length, then that many fill bytes. len + 4 is a multiple of 8. */
static void fake_sample(struct fake_perf *f, uint32_t len, uint8_t fill)
{
	uint8_t body[4096];
	bytes_put(body, 4, host_is_big(), len);
	memset(body + 4, fill, len);
	fake_perf_record(f, PERF_RECORD_SAMPLE, body, (uint16_t)(len + 4));
}

static bool see_perf(void *ctx, unsigned cpu, const void *data, size_t len)
{
	struct seen *s = ctx;
	s->cpu = cpu;
	return see(ctx, data, len);
}

static void perf_records(void **state)
{
	(void)state;
	struct fake_perf *f = fake_perf(0xffffff00u); /* soon exceeds 4 GiB */
	struct seen s = {0};
	f->ring.cpu = 3;
	assert_int_equal(perf_ring_drain(&f->ring, see_perf, &s), 0);
	uint8_t lost[16] = {0};
	bytes_put(lost + 8, 8, host_is_big(), 42);
	for (unsigned round = 0; round < 60; round++) { /* wraps several times */
		fake_sample(f, 12, 1);
		fake_perf_record(f, PERF_RECORD_LOST, lost, sizeof lost);
		fake_perf_record(f, 14, "switch", 0); /* a type that was not requested */
		fake_sample(f, 300, 2);
		s.n = 0;
		s.bytes = 0;
		assert_int_equal(perf_ring_drain(&f->ring, see_perf, &s), 2);
		assert_int_equal(s.len[0], 12);
		assert_int_equal(s.len[1], 300);
		assert_memory_equal(s.first, "\1\2", 2);
		assert_int_equal(s.bytes, 312);
		assert_int_equal(
			number(f->control + 1032 + (host_is_big() ? 4 : 0), 4), f->produced);
	}
	assert_non_null(f->ring.copy);
	assert_int_equal(perf_ring_lost(&f->ring), 60 * 42);
	assert_int_equal(s.cpu, 3);

	s = (struct seen){.stop_at = 1};
	fake_sample(f, 4, 5);
	fake_sample(f, 4, 6);
	assert_int_equal(perf_ring_drain(&f->ring, see_perf, &s), 1);
	assert_int_equal(perf_ring_drain(&f->ring, see_perf, &s), 1);
	assert_memory_equal(s.first, "\5\6", 2);
	fake_perf_free(f);
}

static void perf_nonsense(void **state)
{
	(void)state;
	static const uint16_t lengths[] = {0, 4, 7, 12, 24, 0xfff8};
	struct seen s = {0};
	for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		struct fake_perf *f = fake_perf(0);
		fake_sample(f, 4, 1);
		bytes_put(f->data + 6, 2, host_is_big(), lengths[i]);
		assert_int_equal(perf_ring_drain(&f->ring, see_perf, &s), -EBADMSG);
		fake_sample(f, 4, 1);
		assert_int_equal(perf_ring_drain(&f->ring, see_perf, &s), -EBADMSG);
		fake_perf_free(f);
	}
	struct fake_perf *f = fake_perf(0);
	for (unsigned i = 0; i < 4096 / 16; i++)
		fake_sample(f, 4, 1);
	bytes_put(f->control + 1024, 8, host_is_big(), 4096 + 16); /* more than the buffer holds */
	assert_int_equal(perf_ring_drain(&f->ring, see_perf, &s), -EBADMSG);
	fake_perf_free(f);

	/* A record with an excessive raw length is skipped; the next record is found. */
	f = fake_perf(0);
	fake_sample(f, 4, 1);
	bytes_put(f->data + 8, 4, host_is_big(), 5);
	fake_sample(f, 4, 2);
	assert_int_equal(perf_ring_drain(&f->ring, see_perf, &s), 1);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.first[0], 2);
	fake_perf_free(f);

	srandom(2);
	for (unsigned round = 0; round < 3000; round++) {
		f = fake_perf((uint32_t)random() & ~7u);
		for (unsigned i = 0; i < sizeof f->data; i++)
			f->data[i] = (uint8_t)(random() & (i % 8 == 6          ? 0x38
								  : i % 8 == 7 ? 0
									       : 15));
		bytes_put(f->control + 1024, 8, host_is_big(),
			f->ring.tail + (uint32_t)random() % 4200);
		perf_ring_drain(&f->ring, see_perf, &s);
		fake_perf_free(f);
	}
}

/* A socket filter that writes its packet to the perf buffer of the current CPU. */
static int packet_to_perf(int map)
{
	struct tiny t = {.n = 0};
	tiny_copy_packet(&t);
	tiny_move(&t, 1, 6);
	tiny_map(&t, 2, map);
	tiny_add(&t, 0xb4, 3, 0, 0, -1); /* w3 = the current CPU */
	tiny_move(&t, 4, 10);
	tiny_plus(&t, 4, -256);
	tiny_move(&t, 5, 7);
	tiny_call(&t, HELPER_PERF);
	tiny_exit(&t);
	return tiny_load(&t, BPF_PROG_TYPE_SOCKET_FILTER);
}

static void stay_on_cpu(unsigned cpu)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	assert_int_equal(sched_setaffinity(0, sizeof set, &set), 0);
}

static bool follow_perf(void *ctx, unsigned cpu, const void *data, size_t len)
{
	(void)cpu;
	return follow(ctx, data, len);
}

static void kernel_perf_buffer(void **state)
{
	(void)state;
	cpu_set_t all;
	assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
	unsigned cpu = 0;
	while (!CPU_ISSET(cpu, &all))
		cpu++;
	int map = tiny_map_create(BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, cpu + 1);
	needs_bpf(map);
	assert_true(map >= 0);
	int prog = packet_to_perf(map);
	assert_true(prog >= 0);
	stay_on_cpu(cpu);
	assert_int_equal(send_packet(prog, 0, 0), -ENOENT); /* no reader */

	struct perf_event_attr a = perf_attr_output();
	int event = perf_ring_open(&a, cpu);
	assert_true(event >= 0);
	struct perf_ring r;
	struct err e = {0};
	assert_true(perf_ring_map(&r, event, cpu, 5000, &a, &e));
	assert_true(r.size >= 8192 && (r.size & (r.size - 1)) == 0);
	assert_int_equal(perf_ring_put(NULL, map, cpu, event), 0);

	struct follow f = {.slack = 7};
	uint32_t serial = 0;
	struct pollfd p = {r.fd, POLLIN, 0};
	for (unsigned round = 0; round < 200; round++) {
		assert_int_equal(poll(&p, 1, 0), 0);
		for (unsigned i = 0; i <= round % 7; i++, serial++)
			assert_int_equal(send_packet(prog, 2, serial), 0);
		assert_int_equal(poll(&p, 1, 1000), 1);
		assert_int_equal(perf_ring_drain(&r, follow_perf, &f), round % 7 + 1);
	}
	assert_int_equal(f.wrong, 0);
	assert_int_equal(f.next[2], serial);
	assert_true(r.tail > 8 * r.size);
	assert_int_equal(perf_ring_lost(&r), 0);

	/* Full: three fail; the loss is reported now (Linux 6.0) or before the next record. */
	uint32_t before = serial;
	while (send_packet(prog, 2, serial) == 0)
		serial++;
	assert_true(serial > before);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(send_packet(prog, 2, serial), -ENOSPC);
	struct utsname u;
	assert_int_equal(uname(&u), 0);
	assert_true(r.has_lost_count || atoi(u.release) < 6); /* 5.10.y has it too */
	assert_int_equal(perf_ring_lost(&r), r.has_lost_count ? 3 : 0);
	assert_int_equal(perf_ring_drain(&r, follow_perf, &f), serial - before);
	assert_int_equal(send_packet(prog, 2, serial), 0);
	assert_int_equal(perf_ring_drain(&r, follow_perf, &f), 1);
	assert_int_equal(f.wrong, 0);
	assert_int_equal(r.lost_told, 3);
	assert_int_equal(perf_ring_lost(&r), 3);

	perf_ring_close(&r);
	assert_int_equal(fcntl(event, F_GETFD), -1);
	perf_ring_close(&r);
	close(prog);
	close(map);
	assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
}

/* While perf runs a tracepoint program, it accepts no other event, except for this one. */
static void perf_buffer_inside_perf(void **state)
{
	(void)state;
	cpu_set_t all;
	assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
	unsigned cpu = 0;
	while (!CPU_ISSET(cpu, &all))
		cpu++;
	int map = tiny_map_create(BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, cpu + 1);
	needs_bpf(map);
	if (ring_kernel_word() != sizeof(long)) /* 32-bit calls of a 64-bit kernel are not traced */
		skip();
	struct kfs k = {0};
	int64_t id = 0;
	if (kfs_read_number(&k, KFS_TRACE, "events/syscalls/sys_enter_getppid/id", &id) < 0)
		skip();
	kfs_close(&k);
	stay_on_cpu(cpu);

	struct tiny t = {.n = 0};
	tiny_add(&t, 0x7a, 10, 0, -8, 4711); /* *(u64 *)(R10 - 8) = 4711 */
	tiny_map(&t, 2, map);
	tiny_add(&t, 0xb4, 3, 0, 0, -1); /* w3 = the current CPU */
	tiny_move(&t, 4, 10);
	tiny_plus(&t, 4, -8);
	tiny_set(&t, 5, 8);
	tiny_call(&t, HELPER_PERF);
	tiny_set(&t, 0, 0);
	tiny_exit(&t);
	int prog = tiny_load(&t, BPF_PROG_TYPE_TRACEPOINT);
	assert_true(prog >= 0);
	struct perf_event_attr a = {
		.type = PERF_TYPE_TRACEPOINT, .size = sizeof a, .config = (uint64_t)id};
	long hook = sys_perf_event_open(&a, 0, -1, -1, PERF_FLAG_FD_CLOEXEC); /* us only */
	assert_true(hook >= 0);
	assert_int_equal(ioctl((int)hook, _IOW('$', 8, uint32_t), prog), 0); /* SET_BPF */

	a = perf_attr_output();
	struct perf_ring r;
	struct err e = {0};
	struct seen s = {0};
	int event = perf_ring_open(&a, cpu);
	assert_true(event >= 0);
	assert_true(perf_ring_map(&r, event, cpu, 4096, &a, &e));
	assert_int_equal(perf_ring_put(NULL, map, cpu, event), 0);
	for (unsigned i = 0; i < 10; i++)
		syscall(SYS_getppid);
	assert_int_equal(perf_ring_drain(&r, see_perf, &s), 10);
	assert_int_equal(s.len[9], 12);
	perf_ring_close(&r);
	close((int)hook);
	close(prog);
	close(map);
	assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
}

static void perf_without_a_cpu(void **state)
{
	(void)state;
	struct perf_event_attr a = perf_attr_output();
	int event = perf_ring_open(&a, 0);
	if (event == -EACCES || event == -EPERM)
		skip();
	close(event);
	uint64_t format = a.read_format;
	assert_int_equal(perf_ring_open(&a, 1000000), -EINVAL);
	assert_int_equal(a.read_format, format); /* not mistaken for an older kernel */
	struct perf_ring r;
	struct err e = {0};
	assert_false(perf_ring_map(&r, dup(2), 0, 4096, &a, &e));
	assert_non_null(strstr(e.text, "map the event buffer of CPU 0: "));
	assert_int_equal(r.fd, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(delivers_in_order),
		cmocka_unit_test(waits_for_a_busy_record),
		cmocka_unit_test(stops_when_told),
		cmocka_unit_test(gives_back_one_by_one),
		cmocka_unit_test(crosses_the_end),
		cmocka_unit_test(crosses_4_gib),
		cmocka_unit_test(refuses_nonsense),
		cmocka_unit_test(survives_noise),
		cmocka_unit_test(wrong_sizes),
		cmocka_unit_test(kernel_ring),
		cmocka_unit_test(kernel_discards),
		cmocka_unit_test(kernel_ring_under_load),
		cmocka_unit_test(perf_records),
		cmocka_unit_test(perf_nonsense),
		cmocka_unit_test(kernel_perf_buffer),
		cmocka_unit_test(perf_buffer_inside_perf),
		cmocka_unit_test(perf_without_a_cpu),
	};
	tiny_unlimited();
	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
