/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "live.h"
#include "elf/base/number.h"
#include "loader/show/print.h"
#include "elf/base/format.h"

#include "elf/base/text.h"
#include "loader/plan/abi.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

enum { KEY_WIDTH = 18, KEY_MAX = 64, FDINFO = 1024 };

void live_open(struct live *l, struct target *kernel, bool json, FILE *out)
{
	*l = (struct live){.kernel = kernel, .types = {.kernel = kernel}, .json = json, .out = out};
	names_open(&l->names, kernel->kfs, kernel->watch, kernel->arena);
}

struct live_prog live_program(struct live *l, uint32_t id)
{
	struct live_prog p = {0};
	long fd = id ? sys_open_id(l->kernel->watch, BPF_PROG_GET_FD_BY_ID, id) : -1;
	if (fd >= 0 && live_prog_read(&p, (int)fd, &l->types) < 0)
		p = (struct live_prog){0};
	if (fd >= 0)
		close((int)fd);
	return p;
}

struct live_map_name live_map_name(struct live *l, uint32_t id)
{
	struct bpf_map_info info = {0};
	struct live_map_name m = {0};
	uint32_t size = sizeof info;
	long fd = sys_open_id(l->kernel->watch, BPF_MAP_GET_FD_BY_ID, id);
	if (fd >= 0 && !sys_info(l->kernel->watch, (int)fd, &info, &size)) {
		text_print(m.name, sizeof m.name, "%.15s", info.name);
		m.type = info.type;
		m.struct_ops = info.btf_vmlinux_value_type_id;
	}
	if (fd >= 0)
		close((int)fd);
	return m;
}

void live_add_map(struct live *l, uint32_t id, char *buf, size_t size)
{
	const struct live_map_name m = live_map_name(l, id);
	text_add(buf, size, *m.name ? "%" PRIu32 " (%s)" : "%" PRIu32, id, m.name);
}

/* ---- facts ---- */

struct facts facts_open(struct live *l, const char *what, uint32_t id, const char *name)
{
	struct facts f = {l, json_start(l->out)};
	if (l->json) {
		json_open(&f.j, '{');
		json_member_str(&f.j, "what", what);
		json_member_uint(&f.j, "id", id);
		if (*name)
			json_member_str(&f.j, "name", name);
	} else {
		print(l->out, "%s %" PRIu32 "%s%s\n", what, id, *name ? ": " : "", name);
	}
	return f;
}

void facts_text(struct facts *f, const char *key, const char *text)
{
	if (!*text)
		return;
	if (f->l->json)
		json_member_str(&f->j, key, text);
	else
		print(f->l->out, "  %-*s %s\n", KEY_WIDTH, key, text);
}

void facts_number(struct facts *f, const char *key, uint64_t n)
{
	if (f->l->json)
		json_member_uint(&f->j, key, n);
	else
		print(f->l->out, "  %-*s %" PRIu64 "\n", KEY_WIDTH, key, n);
}

void facts_bool(struct facts *f, const char *key, bool v)
{
	if (f->l->json) {
		json_key(&f->j, key);
		json_bool(&f->j, v);
	} else {
		facts_text(f, key, v ? "yes" : "no");
	}
}

/* The key of a field: the last part of its C name, the whole if that alone would be ambiguous. */
static void field_key(const char *name, char key[static KEY_MAX])
{
	const char *dot = strrchr(name, '.');
	text_print(key, KEY_MAX, "%s", dot && strcmp(dot, ".type") ? dot + 1 : name);
	for (char *p = key; (p = strchr(p, '.'));)
		*p = '_';
}

static void add_field(
	struct facts *f, const struct abi_field *field, const void *info, uint32_t size)
{
	char key[KEY_MAX], text[300], nick[48];
	uint64_t v = abi_get(field, info, size);
	field_key(field->name, key);
	if (field->kind == ABI_ENUM) {
		facts_text(f, key, abi_nick(field->set, v, nick));
	} else if (f->l->json && field->kind == ABI_INT) {
		json_key(&f->j, key);
		json_int(&f->j, (int64_t)v);
	} else if (f->l->json) {
		facts_number(f, key, v);
	} else {
		facts_text(f, key, abi_show(field, info, size, text, sizeof text));
	}
}

/* The size of a buffer for text, of interest only to who passes it. */
static bool is_room(const struct abi_field *f)
{
	return f->dir == ABI_INOUT && (strstr(f->name, "_len") || strstr(f->name, "_size"));
}

void facts_fields(
	struct facts *f, unsigned layout, const void *info, uint32_t size, const char *skip)
{
	struct abi_walk w = {.layout = layout};
	struct abi_field field;
	while (abi_next_field(&w, &field) && strcmp(field.name, skip) != 0)
		;
	while (abi_next_field(&w, &field))
		if (abi_applies(layout, &field, info, size) &&
			(field.kind < ABI_NAME || field.kind > ABI_FDS) &&
			field.offset + field.size <= size && !is_room(&field))
			add_field(f, &field, info, size);
}

void facts_close(struct facts *f)
{
	if (f->l->json) {
		json_close(&f->j);
		json_line(&f->j);
	}
}

void facts_fdinfo(struct facts *f, const char *key, int fd, const char *field)
{
	char path[40], text[FDINFO] = "";
	text_print(path, sizeof path, "self/fdinfo/%d", fd);
	kfs_read_text(f->l->kernel->kfs, KFS_PROC, path, text, sizeof text);
	const char *at = strstr(text, field);
	if (at)
		facts_number(f, key, text_u64(at + strlen(field), NULL, 10));
}
