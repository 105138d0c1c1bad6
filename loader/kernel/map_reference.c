/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "map_reference.h"

#include "redirect_types.h"

#include "elf/base/number.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

/* ---- maps of programs and of maps ---- */

static int open_program(const char *text, const struct sys_watch *watch, struct err *e)
{
	char *end;
	unsigned long id = text_ulong(text, &end, 0);
	bool number = *text >= '0' && *text <= '9' && !*end && id <= UINT32_MAX;
	if (!number && !strchr(text, '/')) {
		err_set(e, "the value is a program, not '%s'", text);
		err_hint(e, "a program is given by its id or its pinned path");
		return -1;
	}
	long fd = number ? sys_open_id(watch, BPF_PROG_GET_FD_BY_ID, (uint32_t)id)
	                 : sys_open_pin(watch, text);
	if (fd >= 0)
		return (int)fd;
	if (fd == -ENOENT)
		err_set(e, "there is no %s %s", number ? "program with the id" : "pin", text);
	else
		err_sys(e, (int)-fd, "program %s", text);
	return -1;
}

int map_reference_open(const struct live_map *m, const char *text, const struct sys_watch *watch,
	struct arena *a, struct err *e)
{
	struct live_map other;
	if (map_holds(m->info.type) != MAP_HOLDS_MAPS)
		return open_program(text, watch, e);
	return live_map_open(&other, text, watch, a, e) ? other.fd : -1;
}

/* ---- devmaps and cpumaps ---- */

static bool program_id(const char *path, const struct sys_watch *watch, uint32_t *id, struct err *e)
{
	struct bpf_prog_info info = {0};
	uint32_t n = sizeof info;
	int fd = open_program(path, watch, e);
	if (fd < 0)
		return false;
	long r = sys_info(watch, fd, &info, &n);
	close(fd);
	*id = info.id;
	return r >= 0 || err_sys(e, (int)-r, "program %s", path);
}

const char *map_reference_text(
	const char *text, const struct sys_watch *watch, struct arena *a, struct err *e)
{
	uint32_t id;
	const char *from = strstr(text, "prog");
	from = from ? from + 4 + strspn(from + 4, " =") : "";
	if (*from != '/')
		return text;
	size_t n = strcspn(from, ",}");
	while (from[n - 1] == ' ')
		n--;
	const char *path = arena_strndup(a, from, n);
	if (!path || !program_id(path, watch, &id, e)) {
		if (!path)
			err_nomem(e);
		return NULL;
	}
	const char *all =
		arena_printf(a, "%.*s%" PRIu32 "%s", (int)(from - text), text, id, from + n);
	if (!all)
		err_nomem(e);
	return all;
}

int map_reference_in(uint8_t *value, const struct sys_watch *watch, struct err *e)
{
	uint32_t id = bytes_get32(value + REDIRECT_PROGRAM, host_is_big());
	long fd = id ? sys_open_id(watch, BPF_PROG_GET_FD_BY_ID, id) : 0;
	if (fd >= 0) {
		bytes_put(value + REDIRECT_PROGRAM, 4, host_is_big(), (uint32_t)fd);
		return (int)fd;
	}
	if (fd == -ENOENT)
		err_set(e, "there is no program with the id %" PRIu32, id);
	else
		err_sys(e, (int)-fd, "program %" PRIu32, id);
	return -1;
}
