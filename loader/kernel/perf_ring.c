/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "perf_ring.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "elf/base/span.h"
#include "loader/plan/abi.h"
#include "map_element.h"
#include "sys.h"

struct perf_event_attr perf_attr_output(void)
{
	return (struct perf_event_attr){
		.type = PERF_TYPE_SOFTWARE,
		.size = PERF_ATTR_SIZE_VER0,
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_RAW,
		.read_format = PERF_LOST_COUNTER,
		.wakeup_events = 1,
	};
}

int perf_ring_open(struct perf_event_attr *a, unsigned cpu)
{
	struct perf_event_attr plain = *a;
	long fd = sys_perf_event_open(a, -1, (int)cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd == -EINVAL && a->read_format) {
		plain.read_format = 0;
		fd = sys_perf_event_open(&plain, -1, (int)cpu, -1, PERF_FLAG_FD_CLOEXEC);
		if (fd >= 0)
			*a = plain;
	}
	return (int)fd;
}

int perf_ring_put(const struct sys_watch *w, int map_fd, unsigned cpu, int event_fd)
{
	uint32_t key = cpu;
	int32_t value = event_fd;
	return (int)map_update(w, map_fd, &key, &value, BPF_ANY);
}

/* The lower half of a u64 in the control page. */
static _Atomic uint32_t *position(const struct perf_ring *r, size_t offset)
{
	return (_Atomic uint32_t *)(r->control + offset + (host_is_big() ? 4 : 0));
}

static size_t power_of_two(size_t at_least, size_t start)
{
	while (start < at_least && start < (size_t)1 << 30)
		start *= 2;
	return start;
}

bool perf_ring_map(struct perf_ring *r, int fd, unsigned cpu, size_t bytes,
	const struct perf_event_attr *a, struct err *e)
{
	size_t page = sys_page_size();
	*r = (struct perf_ring){.fd = fd, .cpu = cpu, .page = (uint32_t)page};
	size_t size = power_of_two(bytes, page);
	void *m;
	do
		m = mmap(NULL, page + size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	while (m == MAP_FAILED && (errno == EPERM || errno == ENOMEM) && (size /= 2) >= page);
	if (m == MAP_FAILED) {
		int no = errno;
		perf_ring_close(r);
		err_sys(e, no, "map the event buffer of CPU %u", cpu);
		if (no == EPERM)
			err_hint(e, "the limit for locked memory is too low: run with CAP_IPC_LOCK "
				    "or raise kernel.perf_event_mlock_kb");
		return false;
	}
	r->control = m;
	r->data = r->control + page;
	r->size = (uint32_t)size;
	r->has_lost_count = a->read_format == PERF_LOST_COUNTER;
	r->tail = atomic_load_explicit(position(r, PERF_PAGE_DATA_TAIL), memory_order_relaxed);
	r->head = r->tail;
	return true;
}

void perf_ring_close(struct perf_ring *r)
{
	if (r->control)
		munmap(r->control, (size_t)r->page + r->size);
	if (r->fd >= 0)
		close(r->fd);
	free(r->copy);
	*r = (struct perf_ring){.fd = -1};
}

/* Reads data_head; next_record() returns records up to there. */
static void look(struct perf_ring *r)
{
	r->head = atomic_load_explicit(position(r, PERF_PAGE_DATA_HEAD), memory_order_acquire);
}

/* Copies a record that wraps around to contiguous memory. NULL if out of memory. */
static const uint8_t *copy_wrapped(struct perf_ring *r, uint32_t place, uint32_t len)
{
	if (r->copy_size < len) {
		free(r->copy);
		r->copy = malloc(len);
		r->copy_size = r->copy ? len : 0;
		if (!r->copy)
			return NULL;
	}
	uint32_t first = r->size - place;
	memcpy(r->copy, r->data + place, first);
	memcpy(r->copy + first, r->data, len - first);
	return r->copy;
}

static void take_record(struct perf_ring *r)
{
	r->tail += r->taking;
	r->taking = 0;
	atomic_store_explicit(position(r, PERF_PAGE_DATA_TAIL), r->tail, memory_order_release);
}

/* Sizes and positions of records are multiples of 8, so a header never wraps around. */
static bool next_record(struct perf_ring *r, struct perf_record *out)
{
	while (!r->broken && r->head != r->tail) {
		uint32_t unread = r->head - r->tail, place = r->tail & (r->size - 1);
		struct span header = {r->data + place, PERF_RECORD_HEADER, host_is_big()};
		uint32_t type = span_u32(header, 0), len = span_u16(header, 6);
		r->broken = unread > r->size || place % 8 || len < PERF_RECORD_HEADER || len % 8 ||
		            len > unread;
		if (r->broken)
			break;
		const uint8_t *p = r->data + place;
		if (len > r->size - place && !(p = copy_wrapped(r, place, len)))
			break;
		r->taking = len;
		if (type != PERF_RECORD_LOST) {
			*out = (struct perf_record){
				type, p + PERF_RECORD_HEADER, len - PERF_RECORD_HEADER};
			return true;
		}
		struct span body = {p, len, host_is_big()};
		r->lost_told += span_u64(body, PERF_RECORD_HEADER + 8); /* after the event's id */
		take_record(r);
	}
	return false;
}

uint64_t perf_ring_lost(const struct perf_ring *r)
{
	uint64_t value_and_lost[2];
	if (!r->has_lost_count ||
		read(r->fd, value_and_lost, sizeof value_and_lost) != sizeof value_and_lost)
		return r->lost_told;
	return value_and_lost[1] > r->lost_told ? value_and_lost[1] : r->lost_told;
}

long perf_ring_drain(struct perf_ring *r, perf_ring_fn fn, void *ctx)
{
	struct perf_record record;
	long count = 0;
	bool more = true;
	look(r);
	while (more && next_record(r, &record)) {
		struct span s = {record.body, record.len, host_is_big()};
		uint32_t len = span_u32(s, 0);
		if (record.type == PERF_RECORD_SAMPLE && span_has(s, 4, len)) {
			more = fn(ctx, r->cpu, record.body + 4, len);
			count++;
		}
		take_record(r);
	}
	return r->broken && !count ? -EBADMSG : count;
}
