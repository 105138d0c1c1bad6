/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "text.h"

#include "format.h"

#include <string.h>

void text_vadd(char *buf, size_t size, const char *fmt, va_list ap)
{
	size_t used = strlen(buf);
	text_vprint(buf + used, size - used, fmt, ap);
}

void text_add(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	text_vadd(buf, size, fmt, ap);
	va_end(ap);
}

void text_list(char *buf, size_t size, const char *fmt, ...)
{
	va_list ap;
	if (*buf)
		text_add(buf, size, ", ");
	va_start(ap, fmt);
	text_vadd(buf, size, fmt, ap);
	va_end(ap);
}
