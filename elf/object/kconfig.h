/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Converts values of the kernel configuration to the C types of the variables that receive them. */
#ifndef SONDE_KCONFIG_H
#define SONDE_KCONFIG_H

#include "elf/btf/btf.h"

/*
 * Stores a configuration value, the text after '=' in .config, as a variable of the given type in
 * b: y, m and n as bool, char or enum libbpf_tristate; decimal or 0x numbers as integers of any
 * size; quoted strings as arrays of char. text is not trusted. to has btf_size(b, type) bytes; big
 * is their byte order. False with e set if the value does not fit the type.
 */
bool kconfig_put(const struct btf *b, uint32_t type, const char *text, size_t len, uint8_t *to,
	bool big, struct err *e);

/* Stores a number under the same rules. */
bool kconfig_put_number(
	const struct btf *b, uint32_t type, uint64_t value, uint8_t *to, bool big, struct err *e);

/* Finds the line "NAME=value" of a configuration, which is not trusted. *value: len bytes of text. False if
 * there is none, also for "# NAME is not set". */
bool kconfig_find(struct span text, const char *name, const char **value, size_t *len);

#endif
