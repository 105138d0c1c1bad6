/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_create.h"
#include "elf/base/number.h"
#include "elf/base/format.h"

#include "elf/base/bpf_attr.h"
#include "loader/kernel/live_map.h"
#include "loader/plan/abi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool number(const char *name, const char *text, uint32_t *out, struct err *e)
{
	char *end;
	unsigned long v = text_ulong(text, &end, 0);
	if (*text < '0' || *text > '9' || *end || v > UINT32_MAX)
		return err_set(e, "create: %s expects a number, got '%s'", name, text);
	*out = (uint32_t)v;
	return true;
}

static bool parse_pair(const char *name, const char *text, union bpf_attr *attr, struct err *e)
{
	const struct {
		const char *name;
		uint32_t *to;
	} numbers[] = {{"key", &attr->key_size}, {"value", &attr->value_size},
		{"entries", &attr->max_entries}, {"flags", &attr->map_flags}};
	if (!strcmp(name, "name")) {
		text_print(attr->map_name, sizeof attr->map_name, "%s", text);
		return true;
	}
	if (!strcmp(name, "type")) {
		if (abi_number(ABI_MAP_TYPES, text, &attr->map_type))
			return true;
		err_set(e, "create: there is no map type '%s'", text);
		return err_hint(e, "types are written as `sonde map list` prints them: hash");
	}
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (!strcmp(name, numbers[i].name))
			return number(name, text, numbers[i].to, e);
	err_set(e, "create: unknown word '%s'", name);
	return err_hint(e, "expected type, key, value, entries, name or flags");
}

bool map_create_pinned(char **words, int n, const struct sys_watch *watch, struct err *e)
{
	union bpf_attr attr = {0};
	if (n < 3 || n % 2 == 0) {
		err_set(e, "create: a path and pairs of words are required");
		return err_hint(e, "sonde map create PATH type hash key 4 value 8 entries 64");
	}
	for (int i = 1; i < n; i += 2)
		if (!parse_pair(words[i], words[i + 1], &attr, e))
			return false;
	int fd = live_map_create(&attr, watch, e);
	bool ok = fd >= 0 && live_pin(LIVE_MAP, fd, words[0], watch, e);
	if (fd >= 0)
		close(fd);
	return ok;
}
