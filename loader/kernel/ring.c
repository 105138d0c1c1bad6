/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "ring.h"

#include "sys.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>

#include "elf/base/arch.h"
#include "elf/base/span.h"
#include "loader/plan/abi.h"

/* Words of the shared memory, in host byte order. */
static uint32_t load32(const void *p)
{
	return atomic_load_explicit((const _Atomic uint32_t *)p, memory_order_acquire);
}

static void store32(void *p, uint32_t v)
{
	atomic_store_explicit((_Atomic uint32_t *)p, v, memory_order_release);
}

/* The offset of the lower half of a position: 0 unless it has 8 bytes on a big-endian machine. */
static size_t low_half(const struct ring *r)
{
	return r->word == 8 && host_is_big() ? 4 : 0;
}

static void store_position(const struct ring *r)
{
#if UINTPTR_MAX > UINT32_MAX
	if (r->word == 8) {
		atomic_store_explicit(
			(_Atomic uint64_t *)r->consumer, r->position, memory_order_release);
		return;
	}
#endif
	size_t low = low_half(r);
	if (r->word == 8)
		store32(r->consumer + 4 - low, (uint32_t)(r->position >> 32));
	store32(r->consumer + low, (uint32_t)r->position);
}

/* The difference of the lower halves suffices, because no ring exceeds 2 GiB. */
uint32_t ring_unread(const struct ring *r)
{
	return load32(r->producer + low_half(r)) - (uint32_t)r->position;
}

static uint64_t first_position(const struct ring *r)
{
	size_t low = low_half(r);
	uint64_t high = r->word == 8 ? load32(r->consumer + 4 - low) : 0;
	return high << 32 | load32(r->consumer + low);
}

unsigned ring_kernel_word(void)
{
	struct utsname u;
	if (sizeof(long) == 8)
		return 8;
	return uname(&u) < 0 ? 4 : arch_word(u.machine);
}

bool ring_map(struct ring *r, int map_fd, uint32_t max_entries, struct err *e)
{
	size_t page = sys_page_size();
	*r = (struct ring){.size = max_entries, .page = page, .word = ring_kernel_word()};
	if (max_entries < page || (max_entries & (max_entries - 1)) ||
		max_entries > (SIZE_MAX - page) / 2)
		return err_set(
			e, "a ring buffer of %u bytes cannot be mapped", (unsigned)max_entries);
	void *consumer = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
	if (consumer == MAP_FAILED)
		return err_sys(e, errno, "map the ring buffer's consumer page");
	void *producer = mmap(
		NULL, page + 2 * (size_t)max_entries, PROT_READ, MAP_SHARED, map_fd, (off_t)page);
	if (producer == MAP_FAILED) {
		int no = errno;
		munmap(consumer, page);
		return err_sys(e, no, "map the ring buffer's data");
	}
	r->consumer = consumer;
	r->producer = producer;
	r->data = r->producer + page;
	r->position = first_position(r);
	return true;
}

void ring_unmap(struct ring *r)
{
	if (r->consumer)
		munmap(r->consumer, r->page);
	if (r->producer)
		munmap((void *)(uintptr_t)r->producer, r->page + 2 * (size_t)r->size);
	*r = (struct ring){0};
}

long ring_drain(struct ring *r, ring_fn fn, void *ctx)
{
	if (r->broken)
		return -EBADMSG;
	uint32_t unread = ring_unread(r);
	if (unread > r->peak && unread <= r->size)
		r->peak = unread;
	r->broken = unread > r->size || unread % 8;
	long count = 0;
	bool more = true;
	while (more && unread && !r->broken) {
		const uint8_t *record = r->data + (r->position & (r->size - 1));
		uint32_t header = load32(record);
		if (header & BPF_RINGBUF_BUSY_BIT)
			break;
		uint32_t len = header & ~(uint32_t)BPF_RINGBUF_DISCARD_BIT;
		if (len > unread - BPF_RINGBUF_HDR_SZ) {
			r->broken = true;
			break;
		}
		if (!(header & BPF_RINGBUF_DISCARD_BIT)) {
			more = fn(ctx, record + BPF_RINGBUF_HDR_SZ, len);
			count++;
		}
		uint32_t total = (len + BPF_RINGBUF_HDR_SZ + 7) & ~(uint32_t)7;
		unread -= total;
		r->position += total;
		store_position(r);
	}
	return r->broken && !count ? -EBADMSG : count;
}
