/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "record_args.h"
#include "header.h"

#include "loader/kernel/file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Splits the arguments of --event: MAP=STRUCT. */
static bool read_choices(
	struct record_args *r, const struct cmd_list *events, struct arena *a, struct err *e)
{
	struct record_choice *list = arena_array(a, events->n, sizeof *list);
	if (!list)
		return err_nomem(e);
	for (size_t i = 0; i < events->n; i++) {
		const char *equals = strchr(events->items[i], '=');
		if (!equals || equals == events->items[i] || !equals[1])
			return err_set(e, "--event expects MAP=STRUCT, got '%s'", events->items[i]);
		list[i].map =
			arena_strndup(a, events->items[i], (size_t)(equals - events->items[i]));
		list[i].type = equals + 1;
		if (!list[i].map)
			return err_nomem(e);
	}
	r->from.choices = list;
	r->from.n_choices = events->n;
	return planner_check_once("--event", events->items, events->n, "all maps", e);
}

/* Whether an object is big-endian, from its ELF header; NULL: the host. */
static bool is_big(const char *object)
{
	enum { DATA = 5, DATA_BIG = 2 };
	uint8_t ident[DATA + 1] = {0};
	int fd = object ? open(object, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	bool read_all = fd >= 0 && read(fd, ident, sizeof ident) == sizeof ident;
	if (fd >= 0)
		close(fd);
	return read_all ? ident[DATA] == DATA_BIG : host_is_big();
}

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);
	return n >= m && !strcmp(s + n - m, end);
}

static bool open_types(
	struct record_args *r, const char *path, const char *object, struct arena *a, struct err *e)
{
	struct span text;
	if (!file_read(path, &r->bytes[0], e))
		return false;
	if (!type_file_is(r->bytes[0]) && (ends_in(path, ".h") || ends_in(path, ".c"))) {
		text = r->bytes[0];
		r->bytes[0] = (struct span){0};
		bool ok = header_compile(path, text, is_big(object), &r->bytes[0], e);
		file_free(&text);
		if (!ok)
			return false;
	}
	if (!type_file_is(r->bytes[0])) {
		err_set(e, "--types %s: neither an ELF file, nor BTF, nor a C header (.h)", path);
		return false;
	}
	r->from.types = &r->types;
	return type_file_open(&r->types, path, r->bytes[0], a, e);
}

/* types: the declarations of maps suffice. */
static bool open_twin(
	struct record_args *r, const char *path, bool types, struct arena *a, struct err *e)
{
	if (!file_read(path, &r->bytes[1], e) || !object_open(&r->twin, path, r->bytes[1], a, e))
		return false;
	if (!elf_find(&r->twin.elf, ".debug_info") && !(types && r->twin.has_btf)) {
		err_set(e, "--debug %s: it has no debug information either", path);
		return err_hint(e, "compile with clang -g, and do not strip it");
	}
	r->from.twin = &r->twin;
	r->from.twin_told = &r->told;
	return true;
}

static struct kernel_types *kernel_types_of(void *ctx, struct err *e)
{
	return target_types(ctx, e);
}

bool record_args_open(struct record_args *r, const struct cmd_records *a, const char *object,
	struct session *s, struct err *e)
{
	*r = (struct record_args){.from.kernel = kernel_types_of, .from.ctx = &s->target};
	return read_choices(r, &a->events, &s->arena, e) &&
	       (!a->types || open_types(r, a->types, object, &s->arena, e)) &&
	       (!a->debug || open_twin(r, a->debug, !object, &s->arena, e));
}

void record_args_note(const struct record_args *r)
{
	if (r->from.twin && !r->told)
		cmd_say("note",
			"--debug was not used: the types of all records are known without it");
}

void record_args_close(struct record_args *r)
{
	file_free(&r->bytes[0]);
	file_free(&r->bytes[1]);
}
