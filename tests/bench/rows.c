/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How many records a second become lines: of 64 bytes with 9 members, in columns and as JSON, beside
 * printf() calls as programs on libbpf contain them. Prints "WHAT LINES-PER-SECOND" of the fastest of
 * several alternating rounds. Output goes to /dev/null through a buffer of 32 KiB, as that of sonde.
 */
#ifndef PEER /* which only has printf(): of another libc */
#include "loader/show/table.h"
#endif

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct event {
	uint64_t time, bytes;
	uint32_t pid, ppid, uid;
	int32_t ret;
	char comm[16];
	uint16_t port, family;
	uint32_t flags, mode, spare;
};

enum { RECORDS = 1024, REPEATS = 200, ROUNDS = 9, OUT_BUFFER = 1 << 15 };

#ifndef PEER
/* ---- its type ---- */

struct member {
	const char *name;
	uint32_t type, at;
};

enum { U64 = 1, U32, S32, U16, CHAR, COMM, EVENT };

static const struct member members[] = {{"time", U64, 0}, {"bytes", U64, 8}, {"pid", U32, 16},
	{"ppid", U32, 20}, {"uid", U32, 24}, {"ret", S32, 28}, {"comm", COMM, 32},
	{"port", U16, 48}, {"flags", U32, 52}};
enum { MEMBERS = sizeof members / sizeof *members };

struct blob {
	uint32_t words[256];
	size_t n;
	char strings[256];
	size_t n_strings;
};

static uint32_t name(struct blob *b, const char *text)
{
	size_t at = b->n_strings;
	b->n_strings += (size_t)sprintf(b->strings + at, "%s", text) + 1;
	return (uint32_t)at;
}

static void word(struct blob *b, uint32_t v)
{
	b->words[b->n++] = v;
}

static void integer(struct blob *b, const char *text, uint32_t size, uint32_t encoding)
{
	word(b, name(b, text));
	word(b, 1u << 24);
	word(b, size);
	word(b, encoding << 24 | size * 8);
}

static struct span make_types(struct blob *b)
{
	static uint8_t file[4096];
	name(b, "");
	integer(b, "unsigned long long", 8, 0);
	integer(b, "unsigned int", 4, 0);
	integer(b, "int", 4, 1);
	integer(b, "unsigned short", 2, 0);
	integer(b, "char", 1, 1);
	const uint32_t array[] = {0, 3u << 24, 0, CHAR, U32, 16};
	for (size_t i = 0; i < sizeof array / sizeof *array; i++)
		word(b, array[i]);
	word(b, name(b, "event"));
	word(b, 4u << 24 | MEMBERS);
	word(b, sizeof(struct event));
	for (size_t i = 0; i < MEMBERS; i++) {
		word(b, name(b, members[i].name));
		word(b, members[i].type);
		word(b, members[i].at * 8);
	}
	const uint32_t types = (uint32_t)(b->n * 4), strings = (uint32_t)b->n_strings;
	const uint32_t header[] = {1u << 16 | 0xeb9f, 24, 0, types, types, strings};
	memcpy(file, header, sizeof header);
	memcpy(file + sizeof header, b->words, types);
	memcpy(file + sizeof header + types, b->strings, strings);
	return (struct span){file, sizeof header + types + strings, host_is_big()};
}

#endif
/* ---- rounds ---- */

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void by_printf(FILE *out, const struct event *v)
{
	fprintf(out, "%-12" PRIu64 " %-12" PRIu64 " %-6u %-6u %-6u %-4d %-16s %-5u %-6u\n", v->time,
		v->bytes, v->pid, v->ppid, v->uid, v->ret, v->comm, v->port, v->flags);
}

static void by_printf_json(FILE *out, const struct event *v)
{
	fprintf(out,
		"{\"map\":\"events\",\"time\":%" PRIu64 ",\"bytes\":%" PRIu64
		",\"pid\":%u,\"ppid\":%u,\"uid\":%u,\"ret\":%d,\"comm\":\"%s\",\"port\":%u,"
		"\"flags\":%u}\n",
		v->time, v->bytes, v->pid, v->ppid, v->uid, v->ret, v->comm, v->port, v->flags);
}

enum way { PRINTF, PRINTF_JSON, TEXT, JSON };

static void fill(struct event *v)
{
	for (unsigned i = 0; i < RECORDS; i++) {
		v[i] = (struct event){1234567890123 + i * 1000, i * i, 1000 + i * 17, 900 + i,
			i % 5, (int)(i % 7) - 2, "", (uint16_t)(i * 61), 2, i, 0, 0};
		snprintf(v[i].comm, sizeof v[i].comm, "worker/%u", i);
	}
}

#ifdef PEER
enum { WAYS = TEXT };
struct table;

static void by_table(const struct table *t, FILE *out, const struct event *v, enum way way)
{
	(void)t, (void)out, (void)v, (void)way;
}
#else
enum { WAYS = JSON + 1 };

static void by_table(const struct table *t, FILE *out, const struct event *v, enum way way)
{
	const struct span bytes = {(const uint8_t *)v, sizeof *v, host_is_big()};
	(way == TEXT ? table_row : table_json)(t, out, bytes);
}
#endif

static double lines_per_second(
	enum way way, const struct table *t, FILE *out, const struct event *v)
{
	double begin = now();
	for (unsigned i = 0; i < RECORDS * REPEATS; i++) {
		const struct event *one = &v[i % RECORDS];
		if (way == PRINTF)
			by_printf(out, one);
		else if (way == PRINTF_JSON)
			by_printf_json(out, one);
		else
			by_table(t, out, one, way);
	}
	return RECORDS * REPEATS / (now() - begin);
}

static int measure(const struct table *t, const struct event *v)
{
	static const char *const names[] = {"printf", "printf-json", "text", "json"};
	static char buffer[OUT_BUFFER];
	double best[JSON + 1] = {0};
	FILE *out = fopen("/dev/null", "w");
	if (!out)
		return EXIT_FAILURE;
	setvbuf(out, buffer, _IOFBF, sizeof buffer);
	for (int round = 0; round < ROUNDS; round++)
		for (int way = 0; way < WAYS; way++) {
			double n = lines_per_second((enum way)way, t, out, v);
			best[way] = n > best[way] ? n : best[way];
		}
	for (int way = 0; way < WAYS; way++)
		printf("%s %.0f\n", names[way], best[way]);
	return fclose(out) ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(void)
{
	static struct event v[RECORDS];
	fill(v);
#ifdef PEER
	return measure(NULL, v);
#else
	const struct json_label label = {"map", "events"};
	struct arena a = {0};
	struct err e = {0};
	struct btf b;
	struct blob blob = {.n = 0};
	struct table t;
	if (!btf_open(&b, make_types(&blob), NULL, &a, &e) ||
		!table_make(&t, &b, EVENT, "VALUE", NULL, &a, &e) ||
		!table_make_json(&t, &label, &a, &e)) {
		fprintf(stderr, "rows: %s\n", e.text);
		return EXIT_FAILURE;
	}
	int status = measure(&t, v);
	arena_free(&a);
	return status;
#endif
}
