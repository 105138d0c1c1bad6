/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "histogram.h"

#include "print.h"
#include "terminal.h"

#include "elf/base/format.h"

#include <inttypes.h>
#include <string.h>

enum { GAP = 2, BAR_MIN = 8, BAR_MAX = 50 };

uint64_t histogram_total(const struct histogram *h)
{
	uint64_t total = 0;
	for (unsigned i = 0; i < h->n; i++)
		total += h->slots[i];
	return total;
}

/* 2^power, exactly, in at most 4 columns. */
static int power_text(char *buf, size_t size, unsigned power)
{
	static const char units[] = " KMGTPEZYRQ";
	unsigned unit = power / 10;
	if (!unit)
		return text_print(buf, size, "%u", 1u << power);
	if (unit >= sizeof units - 1)
		return text_print(buf, size, "2^%u", power);
	return text_print(buf, size, "%u%c", 1u << power % 10, units[unit]);
}

static unsigned digits(uint64_t v)
{
	unsigned n = 1;
	while (v /= 10)
		n++;
	return n;
}

/* At least one mark for a slot that is not empty. */
static unsigned bar_length(uint64_t v, uint64_t most, unsigned max)
{
	double length = (double)v / (double)most * max;
	return v && length < 1 ? 1 : (unsigned)(length + 0.5);
}

void histogram_print(FILE *out, const struct histogram *h, unsigned indent, unsigned width)
{
	unsigned first = 0, last = 0;
	uint64_t most = 0;
	for (unsigned i = 0; i < h->n; i++) {
		if (!h->slots[i])
			continue;
		first = most ? first : i;
		last = i;
		most = h->slots[i] > most ? h->slots[i] : most;
	}
	if (!most)
		return;
	const unsigned label = 5, count = digits(most) > 5 ? digits(most) : 5;
	unsigned used = indent + 2 * label + count + 3 * GAP - 1;
	width = width ? width : TERMINAL_WIDTH;
	unsigned bar = width > used + BAR_MIN ? width - used : BAR_MIN;
	bar = bar < BAR_MAX ? bar : BAR_MAX;
	print(out, "%*s%*s%*s%*s\n", (int)indent, "", (int)label - 1, "FROM", (int)label + GAP,
		"BELOW", (int)count + GAP, "COUNT");
	for (unsigned i = first; i <= last; i++) {
		char from[16] = "0", below[16];
		if (i)
			power_text(from, sizeof from, i);
		power_text(below, sizeof below, i + 1);
		print(out, "%*s%*s%*s%*" PRIu64, (int)indent, "", (int)label - 1, from,
			(int)label + GAP, below, (int)count + GAP, h->slots[i]);
		unsigned n = bar_length(h->slots[i], most, bar);
		if (n)
			print(out, "%*s", GAP, "");
		while (n--)
			fputc('#', out);
		fputc('\n', out);
	}
}

static const struct {
	const char *word;
	uint8_t unit;
} unit_words[] = {
	{"ns", UNIT_NS},
	{"nsecs", UNIT_NS},
	{"nanoseconds", UNIT_NS},
	{"us", UNIT_US},
	{"usecs", UNIT_US},
	{"microseconds", UNIT_US},
	{"ms", UNIT_MS},
	{"msecs", UNIT_MS},
	{"milliseconds", UNIT_MS},
	{"bytes", UNIT_BYTES},
};

bool histogram_name(const char *name, enum typed_unit *unit)
{
	bool named = false, only_unit = true;
	*unit = UNIT_NONE;
	while (*name) {
		size_t n = strcspn(name, "_."), i = 0;
		while (i < sizeof unit_words / sizeof *unit_words &&
			(strlen(unit_words[i].word) != n ||
				strncmp(name, unit_words[i].word, n) != 0))
			i++;
		bool is_unit = i < sizeof unit_words / sizeof *unit_words;
		if (is_unit)
			*unit = unit_words[i].unit;
		only_unit = only_unit && is_unit && strlen(unit_words[i].word) > 2;
		named = named || (n >= 4 && !strncmp(name, "hist", 4));
		name += n + (name[n] != 0);
	}
	return named || (only_unit && *unit);
}
