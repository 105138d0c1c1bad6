/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * usage: kernel_types N >btf
 *
 * Writes N types like those of a kernel: kinds are as frequent as in vmlinux of Linux 6.18, and names as
 * long. Among them are the 64 structs of tests/bench/make-object, each with a member more at its
 * beginning. The same N gives the same bytes, so that instructions of a loader can be compared.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 1 << 24, STRUCTS = 64, MEMBERS = 40 };
enum { INT = 1, PTR, ARRAY, STRUCT, ENUM = 6, TYPEDEF = 8, CONST = 10, FUNC = 12, PROTO };

static uint8_t types[MOST], strings[MOST];
static uint32_t n_types, n_strings = 1, ids;

static void word(uint32_t value)
{
	if (n_types + sizeof value > MOST)
		exit(1);
	memcpy(types + n_types, &value, sizeof value);
	n_types += sizeof value;
}

static uint32_t name(const char *format, uint32_t number)
{
	uint32_t at = n_strings;
	if (n_strings + 64 > MOST)
		exit(1);
	n_strings += (uint32_t)snprintf((char *)strings + at, 64, format, number) + 1;
	return at;
}

static void record(uint32_t name_at, uint32_t kind, uint32_t parts, uint32_t third)
{
	word(name_at);
	word(kind << 24 | parts);
	word(third);
	ids++;
}

static void record_struct(const char *format, uint32_t number, uint32_t members)
{
	record(name(format, number), STRUCT, members, members * 4);
	for (uint32_t i = 0; i < members; i++) {
		static uint32_t names[MEMBERS + 2];
		if (!names[i])
			names[i] = i ? name("m%u", i - 1) : name("before", 0);
		word(names[i]);
		word(2);
		word(i * 32);
	}
}

/* In 64 types of a kernel: 31 functions, 15 prototypes, 7 pointers, 6 structs, 5 others. */
static void filler(uint32_t i)
{
	uint32_t k = i * 37 % 64, parts = i * 7 % 5;
	if (k < 31) {
		record(name("some_subsystem_f%u", i), FUNC, 0, 1);
	} else if (k < 46) {
		record(0, PROTO, parts, 2);
		for (uint32_t p = 0; p < parts; p++) {
			word(1);
			word(2);
		}
	} else if (k < 53) {
		record(0, PTR, 0, i);
	} else if (k < 59) {
		record_struct("subsystem_type_%u", i, i * 11 % 20);
	} else if (k == 59) {
		record(0, ARRAY, 0, 0);
		word(2);
		word(2);
		word(parts);
	} else if (k == 60) {
		record(name("some_enum_%u", i), ENUM, 1, 4);
		word(name("SOME_ENUMERATOR_%u", i));
		word(i);
	} else {
		record(k == 61 ? name("subsystem_t%u", i) : 0, k == 61 ? TYPEDEF : CONST, 0, i);
	}
}

int main(int argc, char **argv)
{
	uint32_t n = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0, structs = 0;
	record(name("long unsigned int", 0), INT, 0, 8);
	word(64);
	record(name("unsigned int", 0), INT, 0, 4);
	word(32);
	while (ids < n)
		if (structs < STRUCTS && ids > n / (STRUCTS + 1) * structs)
			record_struct("s%u", structs++, MEMBERS + 1);
		else
			filler(ids);
	const struct {
		uint16_t magic;
		uint8_t version, flags;
		uint32_t rest[5];
	} header = {0xeb9f, 1, 0, {24, 0, n_types, n_types, n_strings}};
	if (fwrite(&header, sizeof header, 1, stdout) != 1 ||
		fwrite(types, n_types, 1, stdout) != 1 ||
		fwrite(strings, n_strings, 1, stdout) != 1)
		return 1;
	return 0;
}
