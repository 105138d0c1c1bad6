/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "metric.h"

#include "print.h"

#include "elf/base/format.h"

#include <inttypes.h>
#include <string.h>

enum { NAME_ROOM = 160, NUMBER_ROOM = 40 };

struct metric_name {
	const char *name;
	struct metric_name *next;
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Appends text to a name, or '_' for what it may not contain. */
static void add(char name[static NAME_ROOM], const char *text)
{
	size_t n = strlen(name);
	if (!n && *text >= '0' && *text <= '9')
		name[n++] = '_';
	for (; *text && n < NAME_ROOM - 1; text++)
		name[n++] = is_word(*text) ? *text : '_';
	name[n] = 0;
}

static bool is_time(enum typed_unit unit)
{
	return unit == UNIT_NS || unit == UNIT_US || unit == UNIT_MS;
}

static bool ends_with(const char *name, const char *end)
{
	size_t n = strlen(name), m = strlen(end);
	return n >= m && !strcmp(name + n - m, end);
}

/* Removes the unit that a name ends with: the value is converted to another one. A name that is nothing
 * else, as "usecs", is left empty. */
static void remove_unit(char *name)
{
	static const char *const words[] = {"_ns", "_us", "_ms", "_nsec", "_usec", "_msec",
		"_nsecs", "_usecs", "_msecs", "_nanoseconds", "_microseconds", "_milliseconds"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(name, words[i] + 1))
			*name = 0;
		else if (ends_with(name, words[i]))
			name[strlen(name) - strlen(words[i])] = 0;
}

static bool is_taken(const struct metrics *page, const char *name)
{
	for (const struct metric_name *t = page->taken; t; t = t->next)
		if (!strcmp(t->name, name))
			return true;
	return false;
}

static void make_name(const struct metrics *page, char name[static NAME_ROOM], const char *map,
	const char *member, enum metric_type type, enum typed_unit unit)
{
	static const char *const ends[] = {
		[METRIC_GAUGE] = "", [METRIC_COUNTER] = "_total", [METRIC_HISTOGRAM] = ""};
	*name = 0;
	add(name, map);
	if (*member)
		add(name, "_");
	add(name, member);
	if (is_time(unit)) {
		remove_unit(name);
		add(name, *name ? "" : page->object);
		add(name, "_seconds");
	}
	if (unit == UNIT_BYTES && !ends_with(name, "_bytes"))
		add(name, "_bytes");
	size_t n = strlen(name);
	if (!ends_with(name, ends[type]))
		add(name, ends[type]);
	while (is_taken(page, name) && n < NAME_ROOM / 2) {
		name[n] = 0;
		add(name, "_");
		n++;
		add(name, ends[type]);
	}
}

/* Takes the name. */
static bool begin(struct metrics *page, struct metric *m, const char *name, enum typed_unit unit)
{
	struct metric_name *t = arena_array(page->arena, 1, sizeof *t);
	const char *copy = arena_strndup(page->arena, name, strlen(name));
	if (!t || !copy)
		return false;
	*t = (struct metric_name){copy, page->taken};
	page->taken = t;
	*m = (struct metric){page, copy, unit, 0};
	return true;
}

/* A name as it is, but on one line. */
static void put_name(FILE *out, const char *name)
{
	for (; *name; name++)
		fputc(*name == '\n' || *name == '\\' ? '?' : *name, out);
}

bool metric_begin(struct metrics *page, struct metric *m, const char *what, const char *map,
	const char *member, enum metric_type type, enum typed_unit unit)
{
	static const char *const types[] = {"gauge", "counter", "histogram"};
	FILE *out = page->out;
	char name[NAME_ROOM];
	make_name(page, name, map, member, type, unit);
	if (!begin(page, m, name, unit))
		return false;
	print(out, "# HELP %s %s ", m->name, what);
	put_name(out, map);
	fputs(*member ? "." : "", out);
	put_name(out, member);
	fputs(" of ", out);
	put_name(out, page->object);
	print(out, "\n# TYPE %s %s\n", m->name, types[type]);
	return true;
}

bool metric_begin_own(struct metrics *page, struct metric *m, const char *name, const char *help)
{
	char full[NAME_ROOM];
	make_name(page, full, "sonde", name, METRIC_COUNTER, UNIT_NONE);
	if (!begin(page, m, full, UNIT_NONE))
		return false;
	print(page->out, "# HELP %s %s\n# TYPE %s counter\n", m->name, help, m->name);
	return true;
}

void metric_sample(struct metric *m, const char *suffix)
{
	print(m->page->out, "%s%s{", m->name, suffix);
	m->labels = 0;
	metric_label(m, "object", m->page->object);
}

void metric_label(struct metric *m, const char *name, const char *text)
{
	FILE *out = m->page->out;
	char clean[NAME_ROOM] = "";
	/* Those that mean something else here. */
	bool own = m->labels &&
	           (!strcmp(name, "object") || !strcmp(name, "le") || !strncmp(name, "__", 2));
	add(clean, own ? "key_" : "");
	add(clean, name);
	print(out, "%s%s=\"", m->labels++ ? "," : "", clean);
	for (; *text; text++)
		if (*text == '\n')
			fputs("\\n", out);
		else if (*text == '"' || *text == '\\')
			print(out, "\\%c", *text);
		else
			fputc(*text, out);
	fputc('"', out);
}

/* A number of the unit in that of the page: times are in seconds. */
static void scaled(char text[static NUMBER_ROOM], enum typed_unit unit, uint64_t v)
{
	const unsigned places = unit == UNIT_NS ? 9 : unit == UNIT_US ? 6 : unit == UNIT_MS ? 3 : 0;
	uint64_t second = 1;
	for (unsigned i = 0; i < places; i++)
		second *= 10;
	if (places)
		text_print(text, NUMBER_ROOM, "%" PRIu64 ".%0*" PRIu64, v / second, (int)places,
			v % second);
	else
		text_print(text, NUMBER_ROOM, "%" PRIu64, v);
}

void metric_unsigned(struct metric *m, uint64_t v)
{
	char text[NUMBER_ROOM];
	scaled(text, m->unit, v);
	print(m->page->out, "} %s\n", text);
}

void metric_signed(struct metric *m, int64_t v)
{
	char text[NUMBER_ROOM];
	scaled(text, m->unit, v < 0 ? -(uint64_t)v : (uint64_t)v);
	print(m->page->out, "} %s%s\n", v < 0 ? "-" : "", text);
}

void metric_up_to(struct metric *m, uint64_t v)
{
	char text[NUMBER_ROOM];
	scaled(text, m->unit, v);
	print(m->page->out, ",le=\"%s\"", v == UINT64_MAX ? "+Inf" : text);
	m->labels++;
}
