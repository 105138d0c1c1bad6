/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "texts.h"

#ifdef TEXTS_PACKED

#include "inflate.h"

#include <string.h>

/* What texts.ld defines: the texts, and room after them. Until they are inflated, HEAD bytes that
 * begin with no character of a text, and the compressed bytes. */
extern uint8_t texts_begin[], texts_end[];
enum { HEAD = 4, MARK = 0x7f, ROOM = 64 };

const char *text_ready(const char *text)
{
	uintptr_t at = (uintptr_t)text, begin = (uintptr_t)texts_begin, end = (uintptr_t)texts_end;
	if (at >= begin && at < end && *texts_begin == MARK) {
		struct span head = {texts_begin, HEAD, false};
		size_t n = span_u32(head, 0) >> 8, size = end - begin;
		uint8_t *packed = texts_end + ROOM - n;
		memmove(packed, texts_begin + HEAD, n);
		inflate((struct span){packed, n, false}, texts_begin, &size);
	}
	/* To the compiler, the text is constant: it must not have been read before. */
	__asm__("" : "+r"(text) : : "memory");
	return text;
}

#else

typedef int texts_are_literals; /* a file is not empty */

#endif
