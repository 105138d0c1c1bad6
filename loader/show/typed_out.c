/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Writing text: columns, buffers, escaping of control characters. */
#include "typed.h"

#include "print.h"
#include "utf8.h"

#include "elf/base/format.h"

#include <stdarg.h>
#include <string.h>

static void emit(struct typed_out *o, const void *p, size_t n, size_t cols)
{
	if (o->cut || (o->max && cols > o->max - o->cols)) {
		o->cut = true;
		return;
	}
	o->cols += cols;
	if (!o->file && !o->buffer)
		return;
	if (n > o->room - o->n)
		typed_flush(o);
	if (!o->file && n > o->room - o->n) {
		o->cut = true;
		return;
	}
	if (n > o->room) {
		fwrite(p, 1, n, o->file);
		return;
	}
	memcpy(o->buffer + o->n, p, n);
	o->n += n;
}

void typed_flush(struct typed_out *o)
{
	if (!o->file)
		return;
	if (o->n)
		fwrite(o->buffer, 1, o->n, o->file);
	o->n = 0;
}

void typed_put(struct typed_out *o, const char *text, size_t n)
{
	emit(o, text, n, n);
}

void typed_printf(struct typed_out *o, const char *fmt, ...)
{
	char buf[128];
	va_list ap;
	va_start(ap, fmt);
	int n = text_vprint(buf, sizeof buf, fmt, ap);
	va_end(ap);
	if (n > 0) {
		size_t len = (size_t)n < sizeof buf ? (size_t)n : sizeof buf - 1;
		emit(o, buf, len, len);
	}
}

void typed_pad(struct typed_out *o, size_t until)
{
	static const char blanks[] = "                                ";
	while (o->cols < until && !o->cut) {
		size_t n = until - o->cols, left = o->max ? o->max - o->cols : SIZE_MAX;
		n = n < sizeof blanks - 1 ? n : sizeof blanks - 1;
		emit(o, blanks, n < left || !left ? n : left, n < left || !left ? n : left);
	}
}

static void emit_char(struct typed_out *o, const uint8_t *p, unsigned len, uint32_t c, bool quoted)
{
	static const char names[] =
		"\nn\tt\rr\\\\"; /* pairs: character, letter after the backslash */
	for (const char *name = names; *name; name += 2)
		if (c == (uint8_t)*name) {
			typed_printf(o, "\\%c", name[1]);
			return;
		}
	if (quoted && c == '"')
		typed_printf(o, "\\\"");
	else if (!len || (utf8_is_control(c) && c < 0x80))
		typed_printf(o, "\\x%02x", (unsigned)p[0]);
	else if (utf8_is_control(c))
		typed_printf(o, "\\u%04x", (unsigned)c);
	else
		emit(o, p, len, 1);
}

/* The number of characters at the start that need no escape and fit. */
static size_t plain_run(const struct typed_out *o, struct span text, bool quoted)
{
	size_t n = 0, max = o->max ? o->max - o->cols : SIZE_MAX;
	while (n < text.n && n < max && text.p[n] >= 0x20 && text.p[n] < 0x7f &&
		text.p[n] != '\\' && (!quoted || text.p[n] != '"'))
		n++;
	return n;
}

void typed_chars(struct typed_out *o, struct span text, bool quoted)
{
	for (size_t i = 0; i < text.n && !o->cut;) {
		size_t n = plain_run(o, span_from(text, i), quoted);
		if (n) {
			emit(o, text.p + i, n, n);
			i += n;
			continue;
		}
		uint32_t c = 0x80;
		unsigned len = utf8_char(text.p + i, text.n - i, &c);
		emit_char(o, text.p + i, len, c, quoted);
		i += len ? len : 1;
	}
}

void typed_name(struct typed_out *o, const char *name)
{
	typed_chars(o, (struct span){(const uint8_t *)name, strlen(name), false}, false);
}

static void dump_line(FILE *out, struct span line, unsigned width)
{
	for (unsigned i = 0; i < width; i++) {
		if (i < line.n)
			print(out, "%02x ", line.p[i]);
		else
			fputs("   ", out);
		if (i == 7 && width > 8)
			fputc(' ', out);
	}
	fputs(" |", out);
	for (size_t i = 0; i < line.n; i++)
		fputc(line.p[i] >= 0x20 && line.p[i] < 0x7f ? line.p[i] : '.', out);
	fputs("|\n", out);
}

void typed_dump(FILE *out, const char *indent, struct span bytes, size_t max)
{
	enum { WIDTH = 16 };
	size_t n = max && max < bytes.n ? max : bytes.n;
	if (n <= WIDTH && n == bytes.n) {
		fputs(indent, out);
		dump_line(out, bytes, (unsigned)n);
		return;
	}
	for (size_t i = 0; i < n; i += WIDTH) {
		print(out, "%s%04zx  ", indent, i);
		dump_line(out, span_sub(bytes, i, n - i < WIDTH ? n - i : WIDTH), WIDTH);
	}
	if (n < bytes.n)
		print(out, "%s... %zu more bytes\n", indent, bytes.n - n);
}
