/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kconfig.h"

#include <limits.h>

enum { TRI_NO, TRI_YES, TRI_MODULE }; /* enum libbpf_tristate of <bpf/bpf_helpers.h> */

static bool mismatch(const char *text, size_t len, const char *expected, struct err *e)
{
	return err_set(e, "the kernel configuration has %.*s, which is not a %s",
		len > 60 ? 60 : (int)len, text, expected);
}

/* Whether a number can be represented in an integer of this size and signedness. */
static bool fits(uint64_t value, uint32_t size, bool is_signed)
{
	if (size >= 8)
		return true;
	uint64_t half = (uint64_t)1 << (size * 8 - 1);
	return is_signed ? value + half < half * 2 : value < half * 2;
}

bool kconfig_put_number(
	const struct btf *b, uint32_t type, uint64_t value, uint8_t *to, bool big, struct err *e)
{
	struct btf_type t;
	btf_skip(b, type, &t);
	bool flag = t.kind == BTF_INT && btf_int_encoding(&t) & BTF_INT_BOOL;
	bool integer = t.kind == BTF_INT || btf_is_enum(&t);
	if (!integer || !t.size || t.size > 8 ||
		!fits(value, t.size, t.kind == BTF_INT && btf_int_encoding(&t) & BTF_INT_SIGNED) ||
		(flag && value > 1))
		return err_set(e, "%llu is out of range for its type", (unsigned long long)value);
	bytes_put(to, t.size, big, value);
	return true;
}

static bool put_letter(const struct btf_type *t, char letter, uint8_t *to, bool big, struct err *e)
{
	bool integer = t->kind == BTF_INT && t->size == 1;
	if (integer && btf_int_encoding(t) & BTF_INT_BOOL) {
		*to = letter == 'y';
		return letter != 'm' || mismatch("m", 1, "bool", e);
	}
	if (integer) {
		*to = (uint8_t)letter;
		return true;
	}
	if (t->kind == BTF_ENUM && t->size == 4 && !strcmp(btf_name(t), "libbpf_tristate")) {
		bytes_put(to, 4, big,
			letter == 'y'   ? TRI_YES
			: letter == 'm' ? TRI_MODULE
					: TRI_NO);
		return true;
	}
	return mismatch(&letter, 1, "value of its type (bool, char or enum libbpf_tristate)", e);
}

/* Removes the quotes and the backslashes of \" and \\. Truncates to the array, NUL included. */
static bool put_string(const struct btf_type *t, const struct btf *b, const char *text, size_t len,
	uint8_t *to, struct err *e)
{
	uint32_t room = btf_array_len(t), n = 0;
	if (t->kind != BTF_ARRAY || btf_size(b, t->type) != 1 || !room)
		return mismatch(text, len, "value of its type (array of char)", e);
	for (size_t i = 1; i + 1 < len && n + 1 < room; i++) {
		if (text[i] == '\\' && i + 2 < len)
			i++;
		to[n++] = (uint8_t)text[i];
	}
	to[n] = 0;
	return true;
}

static bool parse_number(const char *text, size_t len, uint64_t *value)
{
	bool minus = len && *text == '-';
	size_t i = minus;
	unsigned base = 10;
	if (len > i + 2 && text[i] == '0' && (text[i + 1] | 32) == 'x') {
		base = 16;
		i += 2;
	}
	*value = 0;
	for (bool any = false;; any = true, i++) {
		char c = i < len ? (char)(text[i] | 32) : 0;
		unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
		                 : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10)
		                                        : UINT_MAX;
		if (i == len) {
			*value = minus ? 0 - *value : *value;
			return any;
		}
		if (digit >= base || *value > (UINT64_MAX - digit) / base)
			return false;
		*value = *value * base + digit;
	}
}

bool kconfig_put(const struct btf *b, uint32_t type, const char *text, size_t len, uint8_t *to,
	bool big, struct err *e)
{
	struct btf_type t;
	uint64_t value;
	btf_skip(b, type, &t);
	if (len == 1 && memchr("ymn", *text, 3))
		return put_letter(&t, *text, to, big, e);
	if (len && *text == '"')
		return put_string(&t, b, text, len, to, e);
	if (!parse_number(text, len, &value))
		return mismatch(text, len, "number", e);
	return kconfig_put_number(b, type, value, to, big, e);
}

bool kconfig_find(struct span text, const char *name, const char **value, size_t *len)
{
	size_t n = strlen(name);
	const char *p = (const char *)text.p, *end = p + text.n;
	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		const char *stop = newline ? newline : end;
		if ((size_t)(stop - p) > n && !memcmp(p, name, n) && p[n] == '=') {
			*value = p + n + 1;
			*len = (size_t)(stop - *value);
			return true;
		}
		p = stop + (newline != NULL);
	}
	return false;
}
