/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Texts of users and of the kernel's configuration, as values of arbitrary types:
 *
 *     'c'  a configuration, text or gzip, for externs of fixed types
 *     'v'  length and bytes of which types are made (input.h), then one text per line, each the
 *          value of a type, an assignment, and a key of a map
 *     's'  the same, but each line is a value of every one of a few types as in docs/values.md
 *     'k'  a file of cases for test runs, whose packets are made (docs/test.md)
 *     'p'  a capture of packets
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "elf/base/bpf_abi.h"
#include "elf/link/extern.h"
#include "loader/kernel/map_write.h"
#include "loader/kernel/target.h"
#include "loader/trial/cases.h"
#include "loader/trial/packet.h"
#include "loader/trial/verdict.h"
#include "loader/value/value.h"
#include "loader/value/variable_name.h"
#include "harness.h"
#include "input.h"

enum {
	CONFIG,
	GZIP,
	STRING,
	VALUE,
	ASSIGNED,
	PREFIX,
	VARIABLE,
	ELEMENT,
	HINT,
	CASES,
	PACKET,
	CAPTURE
};
struct goal goals[] = {[CONFIG] = {.name = "configuration"},
	[GZIP] = {.name = "gzip"},
	[STRING] = {.name = "string of the configuration"},
	[VALUE] = {.name = "value"},
	[ASSIGNED] = {.name = "assignment"},
	[PREFIX] = {.name = "prefix"},
	[VARIABLE] = {.name = "variable"},
	[ELEMENT] = {.name = "element of a map"},
	[HINT] = {.name = "hint"},
	[CASES] = {.name = "cases"},
	[PACKET] = {.name = "packet"},
	[CAPTURE] = {.name = "capture"},
	{0}};

/* ---- the configuration ---- */

static uint32_t tristate(struct bb *b)
{
	uint32_t id = bb_enum(b, "libbpf_tristate", 4, false);
	bb_value(b, "TRI_NO", 0);
	bb_value(b, "TRI_YES", 1);
	bb_value(b, "TRI_MODULE", 2);
	return id;
}

enum { EXTERNS = 6, EXTERN_ROOM = 16 };

/* An object with externs of every type that the configuration may have. */
static void make_externs(
	struct bb *b, struct object *o, struct obj_extern *externs, struct obj_map *map)
{
	static const char *const names[EXTERNS] = {
		"CONFIG_BPF", "CONFIG_HZ", "CONFIG_NAME", "CONFIG_TRI", "CONFIG_CHAR", "CONFIG_U8"};
	bb_init(b, false);
	uint32_t letter = bb_int(b, "char", 1, BTF_INT_CHAR);
	const uint32_t types[EXTERNS] = {bb_int(b, "_Bool", 1, BTF_INT_BOOL),
		bb_int(b, "int", 4, BTF_INT_SIGNED), bb_array(b, letter, EXTERN_ROOM), tristate(b),
		letter, bb_int(b, "u8", 1, 0)};
	for (unsigned i = 0; i < EXTERNS; i++)
		externs[i] = (struct obj_extern){.name = names[i],
			.kind = EXTERN_CONFIG,
			.type = types[i],
			.off = i * EXTERN_ROOM};
	*map = (struct obj_map){.config = true, .value_size = EXTERNS * EXTERN_ROOM};
	*o = (struct object){.has_btf = true,
		.externs = externs,
		.n_externs = EXTERNS,
		.maps = map,
		.n_maps = 1,
		.config_map = 1};
}

static void read_config(const uint8_t *data, size_t size)
{
	static int fd;
	static char path[32];
	struct bb b;
	struct object o;
	struct obj_map map;
	struct obj_extern externs[EXTERNS];
	struct extern_result results[EXTERNS] = {0};
	struct arena a = {0};
	struct target t = {.config_file = path,
		.arena = &a,
		.release = "6.1.0",
		.machine = "x86_64",
		.btf_tried = true};
	struct kernel_types none = {0};
	struct span config = {0};
	struct err e = {0};
	if (!*path) {
		fd = memfd_create("config", MFD_CLOEXEC);
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	}
	if (ftruncate(fd, 0) || pwrite(fd, data, size, 0) != (ssize_t)size)
		abort();
	own_memory(true);
	make_externs(&b, &o, externs, &map);
	o.arena = &a;
	bb_open(&b, NULL, &o.btf);
	own_memory(false);
	const struct kernel_facts facts = target_facts(&t);
	bool ok = externs_resolve(&o, &none, &facts, results, &config, &e);
	if (ok == e.set)
		abort();
	reach(CONFIG, ok && results[1].found);
	reach(GZIP, ok && results[1].found && *data == 0x1f);
	reach(STRING, ok && results[2].found);
	target_close(&t);
	bb_free(&b);
	free_small(&a);
}

/* ---- values ---- */

/* No map exists. */
long __wrap_sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size);
long __wrap_sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size)
{
	(void)w, (void)attr, (void)size;
	return cmd == BPF_MAP_UPDATE_ELEM ? 0 : -ENOENT;
}

/* The value is as long as its type, or shorter; nothing after it may be written. */
static void put_value(const struct btf *b, uint32_t type, const char *text, bool assign)
{
	enum { ROOM_MAX = 4096 };
	int64_t size = b ? btf_size(b, type) : 8;
	size_t room = size > ROOM_MAX || size < 0 ? ROOM_MAX : (size_t)size;
	uint8_t *to = calloc(room ? room : 1, 1);
	struct value v = {b, type, to, room, type & 1, "variable 'x'"};
	struct err e = {0};
	if (!to)
		abort();
	bool ok = assign ? value_assign(&v, text, &e) : value_put(&v, text, &e);
	if (ok == e.set)
		abort();
	reach(assign ? ASSIGNED : VALUE, ok);
	reach(HINT, !ok && *e.hint);
	free(to);
}

static void put_prefix(const char *text)
{
	for (size_t room = 8; room <= 20; room += 12) {
		uint8_t *to = calloc(room, 1);
		struct value v = {.to = to, .room = room, .who = "the key"};
		struct err e = {0};
		if (!to || value_put_prefix(&v, text, &e) == e.set)
			abort();
		reach(PREFIX, !e.set);
		free(to);
	}
}

static void find_variable(const struct btf *b, const char *text)
{
	struct variable_search s;
	struct err e = {0};
	if (!variable_search_start(&s, text, &e))
		return;
	for (struct btf_type t = {0}; btf_next(b, &t);)
		variable_search_section(&s, b, t.id, t.id);
	if (variable_search_end(&s, &e) == e.set)
		abort();
	if (reach(VARIABLE, !e.set))
		put_value(b, s.found_type, s.rest, true);
}

static void put_element(const struct types *types, uint32_t type, const char *text, struct arena *a)
{
	struct live_map m = {.fd = -1,
		.name = "m",
		.btf = types->btf,
		.has_types = type,
		.key_type = type,
		.value_type = type / 2,
		.refers = type % 5 == 4};
	m.info = (struct map_info){.name = m.name,
		.type = type * 7 % 36,
		.key_size = type % 24,
		.value_size = type * 3 % 40,
		.max_entries = 4};
	const struct map_writer w = {.map = &m, .cpus = 2, .cpu = (int)(type % 4) - 1, .arena = a};
	struct err e = {0};
	bool ok = map_write_element(&w, text, text, &e);
	if (ok == e.set)
		abort();
	reach(ELEMENT, ok);
}

static void put_line(const struct types *t, const char *text, uint32_t type, struct arena *a)
{
	put_value(&t->btf, type, text, false);
	put_value(&t->btf, type, text, true);
	put_value(NULL, 0, text, false);
	put_prefix(text);
	find_variable(&t->btf, text);
	put_element(t, type, text, a);
}

/* Types that values.md describes. */
static void make_types(struct types *t)
{
	struct err e = {0};
	struct bb *b = &t->builder;
	own_memory(true);
	bb_init(b, host_is_big());
	uint32_t i = bb_int(b, "int", 4, BTF_INT_SIGNED), c = bb_int(b, "char", 1, BTF_INT_CHAR);
	uint32_t text = bb_array(b, c, 8), list = bb_array(b, i, 4);
	bb_struct(b, "in6_addr", 16);
	bb_ref(b, BTF_TYPEDEF, "__be32", i);
	bb_ref(b, BTF_TYPEDEF, "time_us_t", i);
	bb_type(b, BTF_FLOAT, "double", 0, false, 8);
	uint32_t mood = bb_enum(b, "mood", 4, false);
	bb_value(b, "GOOD", 0);
	bb_value(b, "BAD", 7);
	uint32_t word = bb_union(b, "word", 8);
	bb_member(b, "number", i, 0);
	bb_member(b, "text", text, 0);
	uint32_t event = bb_struct(b, "event", 40);
	bb_member(b, "pid", i, 0);
	bb_member(b, "name", text, 32);
	bb_bits(b, "kind", i, 96, 3);
	bb_member(b, "list", list, 128);
	bb_member(b, "", word, 256);
	uint32_t limit = bb_var(b, "limit", event, 1), level = bb_var(b, "level", mood, 1);
	bb_datasec(b, ".data", 48);
	bb_secinfo(b, limit, 0, 40);
	bb_secinfo(b, level, 40, 4);
	if (!btf_open(&t->btf, bb_done(b), NULL, &b->arena, &e) ||
		!typed_read_meanings(&t->btf, &t->meanings, NULL, &b->arena))
		abort();
	own_memory(false);
}

static void put_values(struct input in, bool fixed)
{
	enum { LINES = 24 };
	struct arena a = {0};
	struct types t;
	struct input made;
	if (fixed) {
		make_types(&t);
	} else {
		struct span bytes = take_span(&in, take_byte(&in));
		made = (struct input){bytes.p, bytes.n};
		types_build(&t, &made, NULL);
	}
	char *text = strndup((const char *)in.p, in.n), *line = text, *next;
	for (uint32_t n = 0; line && n < LINES; line = next, n++) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		char *copy = strdup(line);
		if (!copy)
			abort();
		for (uint32_t id = 0; id < (fixed ? t.btf.end : 1); id++)
			put_line(&t, copy, (n + id) % t.btf.end, &a);
		free(copy);
	}
	free(text);
	types_free(&t);
	free_small(&a);
}

/* ---- test runs ---- */

static void read_cases(struct span text)
{
	static struct packet packet;
	struct arena a = {0};
	struct cases cases;
	struct err e = {0};
	uint32_t verdict;
	bool ok = reach(CASES, cases_parse(&cases, text, &a, &e));
	for (size_t i = 0; ok && i < cases.n; i++) {
		e = (struct err){0};
		if (reach(PACKET, packet_parse(&packet, cases.list[i].packet, &e)) == e.set ||
			packet.n > PACKET_MAX)
			abort();
		e = (struct err){0};
		verdict_parse(BPF_PROG_TYPE_XDP, cases.list[i].verdict, &verdict, &e);
	}
	free_small(&a);
}

static void read_capture(const uint8_t *data, size_t size)
{
	static struct packet packet;
	struct err e = {0};
	reach(CAPTURE, packet_parse_pcap(&packet, data, size, &e));
}

void fuzz_input(const uint8_t *data, size_t size)
{
	if (size < 2)
		return;
	if (*data == 'c')
		read_config(data + 1, size - 1);
	else if (*data == 'v' || *data == 's')
		put_values((struct input){data + 1, size - 1}, *data == 's');
	else if (*data == 'k')
		read_cases((struct span){data + 1, size - 1, false});
	else if (*data == 'p')
		read_capture(data + 1, size - 1);
}
