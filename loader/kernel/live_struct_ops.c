/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "live_struct_ops.h"

#include "elf/base/span.h"
#include "map_element.h"

/* The value starts with a reference count and a state, of 32 bits each, followed by the struct. */
enum { STATE_AT = 4, IN_USE = 1 };

bool live_struct_ops_in_use(
	int fd, uint32_t value_size, const struct sys_watch *watch, struct arena *a)
{
	uint32_t zero = 0;
	uint8_t *value = arena_alloc(a, value_size);
	return value && value_size >= STATE_AT + 4 && !map_lookup(watch, fd, &zero, value, 0) &&
	       bytes_get(value + STATE_AT, 4, host_is_big()) == IN_USE;
}
