/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "names_impl.h"

#include "elf/base/format.h"
#include "loader/kernel/map_element.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Functions through which the kernel calls a program: they say nothing about where it was. */
static bool is_bpf_entry(const char *name)
{
	static const char *const prefixes[] = {"bpf_prog_", "__bpf_prog_run", "___bpf_prog_run",
		"bpf_trace_run", "__bpf_trace_", "__traceiter_", "__probestub_", "bpf_trampoline_",
		"trace_call_bpf", "perf_trace_", "bpf_get_stackid", "kprobe_perf_func",
		"kprobe_dispatcher"};
	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	return false;
}

static void drop_bpf_entry(struct names *n)
{
	size_t i = 0;
	const char *name;
	uint64_t plus;
	while (i < n->stack.n && (name = names_kernel(n, n->stack.frames[i], &plus)) &&
		is_bpf_entry(name))
		i++;
	n->stack.n -= i;
	memmove(n->stack.frames, n->stack.frames + i, n->stack.n * sizeof *n->stack.frames);
}

/* Reads the addresses of a stack: none if the id is an error, or the map no longer has it. */
static void read_stack(struct names *n, int map, uint32_t size)
{
	uint64_t value[NAMES_FRAMES];
	uint32_t key = (uint32_t)n->stack.id;
	n->stack.n = 0;
	if (n->stack.id < 0 || map < 0 || size > sizeof value ||
		map_lookup(n->watch, map, &key, value, 0) < 0)
		return;
	while (n->stack.n < size / 8 && value[n->stack.n]) {
		n->stack.frames[n->stack.n] = value[n->stack.n];
		n->stack.n++;
	}
}

/* On most architectures the kernel has the upper half; elsewhere its symbols decide. */
static bool is_kernel(struct names *n, uint64_t address)
{
	uint64_t plus;
	return address >> 63 || names_kernel(n, address, &plus);
}

/* The same of a stack in a record. */
static void take_trace(struct names *n, enum stack_kind kind, struct span addresses)
{
	n->stack.n = 0;
	n->stack.read = false;
	while (n->stack.n < NAMES_FRAMES && n->stack.n < addresses.n / 8 &&
		span_u64(addresses, n->stack.n * 8)) {
		n->stack.frames[n->stack.n] = span_u64(addresses, n->stack.n * 8);
		n->stack.n++;
	}
	if (kind == STACK_KERNEL)
		drop_bpf_entry(n);
}

/*
 * Except for the innermost one, frames are return addresses. If the call was the last instruction
 * of a function, the return address already belongs to the next one: look up the byte before it.
 */
static const char *frame_at(struct names *n, enum stack_kind kind, size_t i)
{
	uint64_t plus;
	if (i >= n->stack.n)
		return NULL;
	uint64_t address = n->stack.frames[i], at = address - (i > 0);
	bool kernel = kind == STACK_KERNEL || (kind == STACK_EITHER && is_kernel(n, at));
	const char *name = kernel ? names_kernel(n, at, &plus) : names_user(n, at, &plus);
	if (name)
		return name;
	if (!kernel)
		return "[unknown]";
	text_print(n->text, sizeof n->text, "0x%" PRIx64, address);
	return n->text;
}

const char *names_trace(void *ctx, enum stack_kind kind, struct span addresses, size_t i)
{
	struct names *n = ctx;
	if (!i)
		take_trace(n, kind, addresses);
	return frame_at(n, kind, i);
}

static const char *names_frame(void *ctx, enum stack_kind kind, int64_t id, size_t i)
{
	struct names *n = ctx;
	/* An id stored in a u32 loses the sign of an error. */
	if (id > INT32_MAX)
		id = (int32_t)id;
	if (!n->stack.read || n->stack.kind != kind || n->stack.id != id) {
		n->stack.read = true;
		n->stack.kind = kind;
		n->stack.id = id;
		read_stack(n, n->stacks[kind].map, n->stacks[kind].size);
		if (kind == STACK_KERNEL)
			drop_bpf_entry(n);
	}
	if (id == -EEXIST && !i)
		return "[replaced by another stack]";
	return frame_at(n, kind, i);
}

void names_stacks(struct names *n, enum stack_kind kind, int map_fd, uint32_t value_size)
{
	n->viewer.frame = names_frame;
	n->stacks[kind].map = map_fd;
	n->stacks[kind].size = value_size;
}
