/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "search.h"

#include <string.h>

size_t search_above(const void *array, size_t n, size_t size, size_t offset, uint64_t key)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint64_t found;
		memcpy(&found, (const char *)array + middle * size + offset, sizeof found);
		if (found <= key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
