/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#ifndef SONDE_SEARCH_H
#define SONDE_SEARCH_H

#include <stddef.h>
#include <stdint.h>

/*
 * Searches an array of n structs of size bytes, sorted by the uint64_t member at offset. Returns the
 * index of the first element whose member is greater than key, n if there is none: the element
 * before it is the last one at or below key.
 */
size_t search_above(const void *array, size_t n, size_t size, size_t offset, uint64_t key);

#endif
