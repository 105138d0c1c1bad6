/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "native_impl.h"

#include "elf/base/format.h"

#include <inttypes.h>

enum { EM_X86_64 = 62, EM_AARCH64 = 183, NAME_SIZE = 128 };

const struct native *native_for(unsigned machine)
{
	static const struct native natives[] = {
		{EM_X86_64, 0, x86_64_decode}, {EM_AARCH64, 4, arm64_decode}};
	for (size_t i = 0; i < sizeof natives / sizeof *natives; i++)
		if (natives[i].machine == machine)
			return &natives[i];
	return NULL;
}

void native_add(struct native_text *t, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int len = text_vprint(t->buf + t->len, t->size - t->len, fmt, ap);
	va_end(ap);
	t->len += (size_t)len < t->size - t->len ? (size_t)len : t->size - t->len - 1;
}

void native_add_target(struct native_text *t, uint64_t address, const struct native_names *names)
{
	char name[NAME_SIZE];
	if (names && names->name(names->ctx, address, name, sizeof name))
		native_add(t, "%s", name);
	else
		native_add(t, "0x%" PRIx64, address);
}

bool native_add_word(struct native_text *t, const char *words, unsigned i)
{
	for (; i; i--)
		words += strcspn(words, " ") + 1;
	native_add(t, "%.*s", (int)strcspn(words, " "), words);
	return *words != '-';
}
