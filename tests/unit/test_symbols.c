/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * User-space functions and files: on programs and libraries compiled here for several machines, for
 * which readelf must agree on the offsets, and on an artificial root folder with everything that a
 * dynamic linker evaluates.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "loader/symbols/binary_path_impl.h"
#include "loader/symbols/symbols.h"
#include "elf_build.h"
#include "folder.h"
#include "sampled.h"

/* ---- files ---- */

static const char *const sources[][2] = {
	{"a.c", "int puts(const char *);\n"
		"__attribute__((noinline)) static int same(int x) { return x + puts(\"a\"); }\n"
		"__attribute__((noinline)) static int lone(int x) { return x + puts(\"l\"); }\n"
		"__attribute__((noinline, weak)) int weak_one(int x) { return x * 3 + puts(\"w\"); "
		"}\n"
		"__attribute__((noinline)) int plain(int x)\n"
		"{ return same(x) + lone(x) + weak_one(x) * 7 + puts(\"p\"); }\n"
		"int plain_alias(int x) __attribute__((alias(\"plain\")));\n"
		"int number = 7, zeroes[100];\n"},
	{"b.c", "int puts(const char *);\n"
		"__attribute__((noinline)) static int same(int x) { return x * x - puts(\"b\"); }\n"
		"__attribute__((noinline)) int other(int x) { return same(x + 1) + puts(\"o\"); "
		"}\n"},
	{"main.c", "int plain(int), other(int);\n"
		   "int main(int c, char **v) { (void)v; return plain(c) + other(c); }\n"},
	{"ifunc.c", "static int ours_fast(int x) { return x + 1; }\n"
		    "static int ours_slow(int x) { return x + 2; }\n"
		    "static int (*pick(void))(int) { return ours_fast; }\n"
		    "int (*keep)(int) = ours_slow;\n"
		    "int ours(int x) __attribute__((ifunc(\"pick\")));\n"},
	{"versions.c", "__attribute__((noinline)) int old_f(int x) { return x - 1; }\n"
		       "__attribute__((noinline)) int new_f(int x) { return x * 5; }\n"
		       "__asm__(\".symver old_f, f@V1\\n.symver new_f, f@@V2\");\n"
		       "__attribute__((noinline)) int old_g(int x) { return x - 3; }\n"
		       "__asm__(\".symver old_g, g@V1\");\n"},
	{"versions.map", "V1 { global: f; g; local: *; }; V2 { global: f; } V1;\n"},
	{"cxx.cc", "struct Shape { int area(int x); };\n"
		   "int Shape::area(int x) { return x * 2; }\n"},
};

static int make_files(void **state)
{
	if (folder_make(state))
		return -1;
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		FILE *f = fopen(in_folder(sources[i][0]), "w");
		if (!f)
			return -1;
		fputs(sources[i][1], f);
		fclose(f);
	}
	return shell("gcc -O1 -fno-ipa-icf -no-pie -c a.c b.c main.c ifunc.c && "
		     "gcc -no-pie a.o b.o main.o -o fixed && strip fixed -o stripped");
}

/* ---- readelf agrees ---- */

/*
 * Every function that readelf lists in a table of a file, with its file offset: computed from
 * section headers, whereas sonde uses segments.
 */
static const char list_functions[] =
	"{ readelf -SW %s; readelf -W %s %s; } | awk '"
	"/^ *\\[ *[0-9]+\\]/ { sub(/^ *\\[ */, \"\"); sub(/\\]/, \"\");"
	" if (NF > 9) { base[$1] = $4; off[$1] = $5 } }"
	"($4 == \"FUNC\") && $7 ~ /^[0-9]+$/ && $8 != \"\" {"
	" print $8, $2, base[$7], off[$7], $3 }' | sort -u";

/* Looks up all of them, or a sample in make check; returns their number. */
static size_t compare(const char *path, const char *table)
{
	char command[1024], line[1024], name[512];
	size_t n = 0;
	struct arena a = {0};
	struct err e = {0};
	struct symbols s;
	snprintf(command, sizeof command, list_functions, path, table, path);
	FILE *f = popen(command, "r");
	assert_non_null(f);
	assert_true(symbols_open(&s, path, &a, &e));
	while (fgets(line, sizeof line, f)) {
		unsigned long long value, base, off, size;
		struct symbols_place place = {0};
		assert_int_equal(
			sscanf(line, "%511s %llx %llx %llx %lli", name, &value, &base, &off, &size),
			5);
		e = (struct err){0};
		if (n > 100 && n++ % every(16))
			continue;
		bool found = symbols_find(&s, name, &place, &e);
		if (!found && strstr(e.text, "functions '"))
			continue; /* several static functions of one name */
		if (!found)
			fail_msg("%s: %s", name, e.text);
		if (place.offset != value - base + off)
			fail_msg("%s in %s: 0x%llx, not 0x%llx", name, path,
				(unsigned long long)place.offset, value - base + off);
		n += n <= 100;
	}
	pclose(f);
	symbols_close(&s);
	arena_free(&a);
	return n;
}

static void every_kind_of_file(void **state)
{
	(void)state;
	static const struct {
		const char *what, *how;
		const char *table;
		size_t least;
	} kinds[] = {
		{"pie", "gcc -O1 -fPIE -pie a.c b.c main.c -o %s", "-s", 6},
		{"fixed address", "gcc -O1 -no-pie a.c b.c main.c -o %s", "-s", 6},
		{"static", "gcc -O1 -static -no-pie a.c b.c main.c -o %s", "-s", 300},
		{"static musl", "musl-gcc -O1 -static a.c b.c main.c -o %s", "-s", 30},
		{"shared", "gcc -O1 -shared -fPIC a.c b.c -o %s", "-s", 4},
		{"shared and stripped", "gcc -O1 -shared -fPIC -s a.c b.c -o %s", "--dyn-syms", 3},
		{"one segment", "gcc -O1 -Wl,-z,noseparate-code -no-pie a.c b.c main.c -o %s", "-s",
			6},
		{"far address", "gcc -O1 -no-pie -Wl,-Ttext-segment=0x7000000 a.c b.c main.c -o %s",
			"-s", 6},
		{"relocatable", "gcc -O1 -c a.c -o %s", "-s", 4},
	};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		const char *path = in_folder("kind");
		must_shell(kinds[i].how, "kind");
		size_t n = compare(path, kinds[i].table);
		if (n < kinds[i].least)
			fail_msg("%s: only %zu functions", kinds[i].what, n);
	}
}

static void every_machine(void **state)
{
	(void)state;
	static const char *const compilers[] = {"arm-linux-gnueabihf-gcc -marm",
		"aarch64-linux-gnu-gcc", "s390x-linux-gnu-gcc", "riscv64-linux-gnu-gcc"};
	static const char *const machines[] = {"armv7l", "aarch64", "s390x", "riscv64"};
	for (size_t i = 0; i < 4; i++) {
		struct symbols s;
		struct arena a = {0};
		struct err e = {0};
		if (shell("%s -v 2>/dev/null", compilers[i]))
			skip();
		must_shell("%s -O1 -shared -fPIC -nostdlib a.c b.c -o lib.so", compilers[i]);
		assert_true(compare(in_folder("lib.so"), "-s") >= 4);
		must_shell(
			"%s -O1 -no-pie -nostdlib -Wl,--unresolved-symbols=ignore-all -Wl,-e,main "
			"a.c b.c main.c -o exe",
			compilers[i]);
		assert_true(compare(in_folder("exe"), "-s") >= 6);

		assert_true(symbols_open(&s, in_folder("lib.so"), &a, &e));
		for (size_t k = 0; k < 4; k++) {
			e = (struct err){0};
			bool own = i == k || (i == 0 && k == 1); /* 32-bit ARM on ARM64 */
			assert_int_equal(symbols_check_machine(&s, machines[k], &e), own);
			assert_int_equal(e.set, !own);
		}
		assert_true(symbols_check_machine(&s, "sparc64", &e));
		symbols_close(&s);
		arena_free(&a);
	}
}

/* This test's C library: 2500 functions, many of them in several versions. */
static void the_c_library(void **state)
{
	(void)state;
	static const char libc[] = "/lib/x86_64-linux-gnu/libc.so.6";
	if (access(libc, R_OK))
		skip();
	assert_true(compare(libc, "--dyn-syms") > 2000);
}

/* ---- one name ---- */

struct wish {
	const char *file, *spec;
	const char *text, *hint; /* parts of the error; text NULL: no error */
};

static void check_wish(const struct wish *w)
{
	struct arena a = {0};
	struct err e = {0};
	struct symbols s;
	struct symbols_place place = {0};
	bool ok = symbols_open(&s, in_folder(w->file), &a, &e);
	assert_true(ok);
	ok = symbols_find(&s, w->spec, &place, &e);
	if (ok != !w->text)
		fail_msg("%s: %s", w->spec, ok ? "was found" : e.text);
	if (w->text && !strstr(e.text, w->text))
		fail_msg("%s: '%s' is not in '%s'", w->spec, w->text, e.text);
	if (w->text && strncmp(e.text, folder, strlen(folder)) && !strstr(e.text, "is not FUN"))
		fail_msg("%s: no path: %s", w->spec, e.text);
	if (w->hint && (!strstr(e.hint, w->hint) || (!*w->hint && *e.hint)))
		fail_msg("%s: '%s' is not in hint '%s'", w->spec, w->hint, e.hint);
	symbols_close(&s);
	arena_free(&a);
}

static void what_is_refused_and_why(void **state)
{
	(void)state;
	must_shell("gcc -O1 -no-pie ifunc.o a.o b.o main.o -o picks");
	must_shell("strip picks -o picks_stripped && gcc -shared -fPIC -s ifunc.c -o picks.so");
	must_shell("g++ -O1 -shared -fPIC cxx.cc -o cxx.so");
	must_shell("gcc -O1 -shared -fPIC -Wl,--version-script=versions.map versions.c -o v.so");
	static const struct wish wishes[] = {
		{"fixed", "plain", NULL, NULL},
		{"fixed", "plain+4", NULL, NULL},
		{"fixed", "lone", NULL, NULL},
		{"fixed", "plai", "there is no function 'plai'", "plain"},
		{"fixed", "nothing_like_it", "there is no function 'nothing_like_it'", ""},
		{"fixed", "puts", "uses 'puts' but does not define it", "libc.so.6"},
		{"fixed", "number", "'number' is data, not a function", NULL},
		{"fixed", "zeroes", "'zeroes' is data, not a function", NULL},
		{"fixed", "same", "there are 2 functions 'same'", "specify one of them: 0x"},
		{"fixed", "plain+0x1000", "'plain' has only", NULL},
		{"fixed", "plain+", "'plain+' is not FUNCTION or FUNCTION+OFFSET", NULL},
		{"fixed", "plain+x", "'plain+x' is not FUNCTION or FUNCTION+OFFSET", NULL},
		{"fixed", "0", "byte 0 is the file's header", "specify the function"},
		{"fixed", "0x0", "byte 0 is the file's header", "specify the function"},
		{"fixed", "0x1", "byte 0x1 of the file is not code", ""},
		{"fixed", "0x7fffffffffff", "byte 0x7fffffffffff of the file is not code", ""},
		{"fixed", "99999999999999999999", "there is no function '9999", NULL},
		{"fixed", "plain@V1", "there is no function 'plain' of version V1", NULL},
		{"stripped", "plain", "there is no function 'plain'", "stripped"},
		{"picks", "ours", "'ours' is chosen at run time", "ours_fast, ours_slow"},
		{"picks", "ours_fast", NULL, NULL},
		{"picks.so", "ours", "'ours' is chosen at run time", "stripped"},
		{"cxx.so", "area", "there is no function 'area'", "_ZN5Shape4areaEi"},
		{"cxx.so", "Shape::area", "there is no function 'Shape::area'", "_ZN5Shape4areaEi"},
		{"cxx.so", "_ZN5Shape4areaEi", NULL, NULL},
		{"v.so", "f@V3", "there is no function 'f' of version V3", NULL},
		{"v.so", "f@@V1", "there is no function 'f' of version V1", NULL},
		{"v.so", "f@V1", NULL, NULL},
		{"v.so", "f@V2", NULL, NULL},
		{"v.so", "f@@V2", NULL, NULL},
		{"v.so", "g", NULL, NULL},
	};
	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++)
		check_wish(&wishes[i]);
}

static uint64_t offset_of(const struct symbols *s, const char *spec, const char *name)
{
	struct symbols_place place = {0};
	struct err e = {0};
	if (!symbols_find(s, spec, &place, &e))
		fail_msg("%s: %s", spec, e.text);
	assert_string_equal(place.name, name);
	return place.offset;
}

static void today_s_version_is_meant(void **state)
{
	(void)state;
	struct arena a = {0};
	struct err e = {0};
	struct symbols s;
	must_shell("gcc -O1 -shared -fPIC -Wl,--version-script=versions.map versions.c -o v.so &&"
		   " strip v.so -o v_stripped.so");
	for (int i = 0; i < 2; i++) {
		assert_true(symbols_open(&s, in_folder(i ? "v.so" : "v_stripped.so"), &a, &e));
		uint64_t old = offset_of(&s, "f@V1", "f@V1"), new = offset_of(&s, "f", "f@@V2");
		assert_int_equal(new, offset_of(&s, "f@@V2", "f@@V2"));
		assert_int_not_equal(old, new);
		assert_int_equal(offset_of(&s, "g", "g@V1") + 3, offset_of(&s, "g+3", "g@V1"));
		symbols_close(&s);
	}
	arena_free(&a);
}

static void a_number_is_a_byte_of_the_file(void **state)
{
	(void)state;
	struct arena a = {0};
	struct err e = {0};
	struct symbols s;
	struct symbols_place place;
	char text[32], other[64];
	assert_true(symbols_open(&s, in_folder("fixed"), &a, &e));
	uint64_t offset = offset_of(&s, "plain", "plain"), address = 0;
	for (size_t i = 0; i < s.elf.n_segments; i++)
		if (s.elf.segments[i].flags & ELF_SEGMENT_X && s.elf.segments[i].type == ELF_LOAD)
			address = offset - s.elf.segments[i].file_off + s.elf.segments[i].address;
	snprintf(text, sizeof text, "0x%llx", (unsigned long long)offset);
	assert_int_equal(offset_of(&s, text, ""), offset);
	snprintf(text, sizeof text, "%llu", (unsigned long long)offset);
	assert_int_equal(offset_of(&s, text, ""), offset);
	/* The address printed by nm is not valid; the hint gives the file offset. */
	snprintf(text, sizeof text, "0x%llx", (unsigned long long)address);
	assert_false(symbols_find(&s, text, &place, &e));
	snprintf(other, sizeof other, "the file offset is 0x%llx", (unsigned long long)offset);
	assert_non_null(strstr(e.hint, other));
	symbols_close(&s);
	arena_free(&a);
}

static void thumb_code_is_refused(void **state)
{
	(void)state;
	if (shell("arm-linux-gnueabihf-gcc -v 2>/dev/null"))
		skip();
	must_shell("arm-linux-gnueabihf-gcc -mthumb -O1 -shared -fPIC -nostdlib a.c -o thumb.so");
	check_wish(&(struct wish){"thumb.so", "plain", "'plain' is Thumb code", "-marm"});
}

/* The symbols of a stripped file are found by its build id. */
static void names_of_a_separate_file(void **state)
{
	(void)state;
	struct arena a = {0};
	struct err e = {0};
	struct symbols s;
	if (geteuid() || access("/usr/lib", W_OK))
		skip();
	must_shell("gcc -O1 -no-pie -Wl,--build-id=0xabcdef0123fe5050 a.o b.o main.o -o whole && "
		   "strip whole -o bare && mkdir -p /usr/lib/debug/.build-id/ab && "
		   "objcopy --only-keep-debug whole "
		   "/usr/lib/debug/.build-id/ab/cdef0123fe5050.debug");
	assert_true(symbols_open(&s, in_folder("bare"), &a, &e));
	uint64_t there = offset_of(&s, "lone", "lone");
	symbols_close(&s);
	shell("rm /usr/lib/debug/.build-id/ab/cdef0123fe5050.debug; "
	      "rmdir -p /usr/lib/debug/.build-id/ab 2>/dev/null");
	assert_true(symbols_open(&s, in_folder("whole"), &a, &e));
	assert_int_equal(offset_of(&s, "lone", "lone"), there);
	symbols_close(&s);
	arena_free(&a);
	check_wish(&(struct wish){"bare", "lone", "there is no function 'lone'", "stripped"});
}

/* ---- many names ---- */

static void names_that_match_a_pattern(void **state)
{
	(void)state;
	struct arena a = {0};
	struct err e = {0};
	struct symbols s;
	struct symbols_place *places;
	size_t n;
	assert_true(symbols_open(&s, in_folder("fixed"), &a, &e));
	uint64_t plain = offset_of(&s, "plain", "plain");

	/* plain_alias has the same address. */
	assert_true(symbols_match(&s, "pl?in*", 9, &places, &n, &e));
	assert_int_equal(n, 1);
	assert_int_equal(places[0].offset, plain);
	/* Both static functions. */
	assert_true(symbols_match(&s, "same", 9, &places, &n, &e));
	assert_int_equal(n, 2);
	assert_true(places[0].offset < places[1].offset);
	assert_true(symbols_match(&s, "*", 99, &places, &n, &e));
	assert_true(n >= 7);
	for (size_t i = 1; i < n; i++)
		assert_true(places[i - 1].offset < places[i].offset);

	assert_false(symbols_match(&s, "*", 2, &places, &n, &e));
	assert_non_null(strstr(e.text, "functions match '*'; at most 2 can"));
	e = (struct err){0};
	assert_false(symbols_match(&s, "nope*", 2, &places, &n, &e));
	assert_non_null(strstr(e.text, "no function matches 'nope*'"));
	assert_string_equal(e.hint, "");
	symbols_close(&s);

	must_shell("gcc -O1 -no-pie ifunc.o a.o b.o main.o -o picks");
	e = (struct err){0};
	assert_true(symbols_open(&s, in_folder("picks"), &a, &e));
	assert_true(symbols_match(&s, "ours*", 9, &places, &n, &e));
	assert_int_equal(n, 2); /* the variants, not the resolver */
	symbols_close(&s);
	arena_free(&a);
}

/* ---- invalid files ---- */

static void what_is_no_program(void **state)
{
	(void)state;
	struct arena a = {0};
	struct symbols s;
	must_shell("echo text >text; : >empty; mkdir -p dir; head -c 3000 fixed >short");
	static const struct {
		const char *file, *text;
	} cases[] = {{"text", "not an ELF file"}, {"empty", "the file is empty"},
		{"dir", "not a regular file"}, {"missing", "ENOENT"}, {"short", "truncated"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = {0};
		assert_false(symbols_open(&s, in_folder(cases[i].file), &a, &e));
		assert_non_null(strstr(e.text, cases[i].text));
		assert_non_null(strstr(e.text, in_folder(cases[i].file)));
	}
	arena_free(&a);
}

/* With random bytes changed, a wrong result is fine, an out-of-bounds read is not. */
static void damaged_files(void **state)
{
	(void)state;
	static const char *const specs[] = {"plain", "f", "g@V1", "ours", "nothing", "0x1040"};
	must_shell("gcc -O1 -shared -fPIC -Wl,--version-script=versions.map versions.c -o v.so && "
		   "cp v.so broken");
	unsigned random = 1;
	for (int round = 0; round < 400; round++) {
		struct arena a = {0};
		struct err e = {0};
		struct symbols s;
		struct symbols_place place, *places;
		size_t n;
		int fd = open(in_folder("broken"), O_RDWR);
		assert_true(fd >= 0);
		off_t size = lseek(fd, 0, SEEK_END);
		for (int k = 0; k < 3; k++) {
			random = random * 1103515245 + 12345;
			/* Headers, the dynamic tables at the start, or the section table. */
			off_t at = random >> 8 & 1 ? (random >> 10) % 2048
			                           : size - 1 - (random >> 10) % 2048;
			uint8_t byte = (uint8_t)(random >> 3);
			if (at > 16)
				assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		}
		close(fd);
		if (symbols_open(&s, in_folder("broken"), &a, &e)) {
			for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
				e = (struct err){0};
				symbols_find(&s, specs[i], &place, &e);
			}
			symbols_match(&s, "*", 100, &places, &n, &e);
			symbols_close(&s);
		}
		arena_free(&a);
		if (round % 20 == 0)
			must_shell("cp v.so broken");
	}
}

/*
 * A file of less than a megabyte whose symbols all have the same name, which is very long: copies of
 * it would take gigabytes, and comparing them minutes.
 */
static void overlap(unsigned length)
{
	enum { NAME = 300000, SYMBOLS = 16000, SYMBOL = 24 };
	struct eb b;
	char *name = malloc(NAME + 1);
	assert_non_null(name);
	memset(name, '_', NAME);
	name[NAME] = 0;
	eb_init(&b, host_is_big());
	uint32_t text = eb_section(&b, ".text", ELF_PROGBITS, ELF_EXEC, NULL, SYMBOLS);
	uint32_t first = eb_symbol(&b, name, ELF_FUNC, ELF_GLOBAL, text, 0, 8);
	for (unsigned i = 1; i < SYMBOLS; i++)
		eb_symbol(&b, "", ELF_FUNC, ELF_GLOBAL, text, i % 2 ? 0 : i / 2, 8);
	eb_done(&b);
	struct elf elf;
	struct arena a = {0};
	struct err e = {0};
	assert_true(elf_open_any(&elf, (struct span){b.file, b.size, b.big}, &a, &e));
	uint64_t table = elf.sections[b.symtab].file_off;
	uint64_t at = bytes_get(b.file + table + first * SYMBOL, 4, b.big) + NAME - length;
	for (unsigned i = first; i < first + SYMBOLS; i++)
		eb_poke(&b, table + i * SYMBOL, 4, at);
	FILE *f = fopen(in_folder("overlap"), "w");
	assert_non_null(f);
	assert_int_equal(fwrite(b.file, 1, b.size, f), b.size);
	fclose(f);
	clock_t start = clock();
	struct symbols s;
	struct symbols_place place, *list;
	size_t n;
	assert_true(symbols_open(&s, in_folder("overlap"), &a, &e));
	symbols_functions(&s, &a, &n);
	assert_false(symbols_find(&s, "__", &place, &e));
	e = (struct err){0};
	symbols_match(&s, "*_a", 100, &list, &n, &e);
	e = (struct err){0};
	symbols_match(&s, "*", 100, &list, &n, &e);
	symbols_close(&s);
	assert_in_range(a.used, 1, 64 << 20);
	assert_in_range(clock() - start, 0, 900 * CLOCKS_PER_SEC); /* hours, if all are compared */
	arena_free(&a);
	eb_free(&b);
	free(name);
}

static void names_that_overlap(void **state)
{
	(void)state;
	overlap(300000);
	overlap(16000);
}

/* ---- files by name ---- */

static void find(const char *name, int32_t pid, const char *expected, const char *note)
{
	struct arena a = {0};
	struct err e = {0};
	struct binary_path f;
	if (!binary_path_find(&f, name, "x86_64", pid, &a, &e))
		fail_msg("%s: %s", name, e.text);
	assert_string_equal(f.path, expected);
	if (note)
		assert_non_null(f.note);
	else
		assert_null(f.note);
	if (note && !strstr(f.note, note))
		fail_msg("%s: '%s' is not in '%s'", name, note, f.note);
	arena_free(&a);
}

static void find_none(const char *name, int32_t pid, const char *text, const char *hint)
{
	struct arena a = {0};
	struct err e = {0};
	struct binary_path f;
	if (binary_path_find(&f, name, "x86_64", pid, &a, &e))
		fail_msg("%s: %s", name, f.path);
	if (!strstr(e.text, text))
		fail_msg("%s: '%s' is not in '%s'", name, text, e.text);
	if (hint && !strstr(e.hint, hint))
		fail_msg("%s: '%s' is not in '%s'", name, hint, e.hint);
	arena_free(&a);
}

static void paths(void **state)
{
	(void)state;
	char here[512], bare[300];
	assert_non_null(getcwd(here, sizeof here));
	assert_int_equal(chdir(folder), 0);
	find(in_folder("fixed"), 0, in_folder("fixed"), NULL);
	find("./fixed", 0, in_folder("fixed"), NULL);
	must_shell("mkdir -p sub && cp fixed sub/fixed");
	find("sub/fixed", 0, in_folder("sub/fixed"), NULL);
	find("sub/../fixed", 0, in_folder("sub/../fixed"), NULL);
	snprintf(bare, sizeof bare, "%s", in_folder("fixed") + 1);
	find(bare, 0, in_folder("fixed"), "lacks a leading slash");
	find_none("sub/none", 0, "there is no file 'sub/none'", "/sub/none");
	find_none("./none", 0, "there is no file './none' in the current directory", NULL);
	find_none(in_folder("none"), 0, "ENOENT", NULL);
	find_none(in_folder("sub"), 0, "not a regular file", NULL);
	find_none("", 0, "empty file name", NULL);
	assert_int_equal(chdir(here), 0);
}

static void programs_in_the_path(void **state)
{
	(void)state;
	char old[4096], new[300];
	snprintf(old, sizeof old, "%s", getenv("PATH") ? getenv("PATH") : "");
	must_shell(
		"mkdir -p bin empty_bin && cp fixed bin/tool && echo '#!/bin/sh' >empty_bin/tool");
	snprintf(new, sizeof new, "%s:%s", in_folder("empty_bin"), in_folder("bin"));
	setenv("PATH", new, 1);
	find("tool", 0, in_folder("bin/tool"), "'tool' is"); /* scripts are skipped */
	find_none("notool", 0, "there is no program 'notool'", in_folder("bin"));
	setenv("PATH", old, 1);
}

static void libraries_by_name(void **state)
{
	(void)state;
	must_shell("rm -rf l1 l2 && mkdir -p l1 l2 && gcc -shared -fPIC a.c -o l2/libone.so.1 && "
		   "cp l2/libone.so.1 l2/libtwo.so.1 && cp l2/libone.so.1 l2/libtwo.so.2 && "
		   "ln -s libone.so.1 l2/libone.so.1.0 && echo script >l1/libone.so && "
		   "cp l2/libone.so.1 l2/libthree.so");
	char old[256];
	snprintf(old, sizeof old, "%s:%s", in_folder("l1"), in_folder("l2"));
	setenv("LD_LIBRARY_PATH", old, 1);
	find("libone.so.1", 0, in_folder("l2/libone.so.1"), "'libone.so.1' is");
	/* The linker script of that name is skipped. */
	find("libone.so", 0, in_folder("l2/libone.so.1"), "'libone.so' is");
	find("libone", 0, in_folder("l2/libone.so.1"), "'libone' is");
	find("libthree", 0, in_folder("l2/libthree.so"), "'libthree' is");
	find_none("libtwo", 0, "contains several libraries 'libtwo.so.*'",
		"libtwo.so.1, libtwo.so.2");
	find("libtwo.so.2", 0, in_folder("l2/libtwo.so.2"), "");
	find_none("libzero.so.9", 0, "there is no library 'libzero.so.9'", in_folder("l1"));
	/* A library for another architecture. */
	if (!shell("aarch64-linux-gnu-gcc -v 2>/dev/null")) {
		must_shell("aarch64-linux-gnu-gcc -shared -fPIC -nostdlib a.c -o l1/libthree.so");
		find("libthree", 0, in_folder("l2/libthree.so"), "'libthree' is");
	}
	unsetenv("LD_LIBRARY_PATH");
}

/* ---- a process in another root folder ---- */

static pid_t in_other_root(const char *root, const char *library)
{
	int ready[2];
	char c;
	assert_int_equal(pipe(ready), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (library) { /* mapped as code, as the dynamic linker does it */
			char path[512];
			snprintf(path, sizeof path, "%s%s", root, library);
			int fd = open(path, O_RDONLY);
			if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) ==
				MAP_FAILED)
				_exit(1);
		}
		if (chroot(root) || chdir("/"))
			_exit(1);
		close(ready[0]);
		if (write(ready[1], "x", 1) == 1)
			for (;;)
				pause();
		_exit(1);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static const char *in_root_of(pid_t pid, const char *path)
{
	static char text[4][256];
	static int next;
	next = (next + 1) % 4;
	snprintf(text[next], sizeof text[next], "/proc/%d/root%s", (int)pid, path);
	return text[next];
}

static void another_root_folder(void **state)
{
	(void)state;
	if (geteuid())
		skip();
	must_shell("rm -rf root && mkdir -p root/etc/ld.so.conf.d root/opt/x root/opt/y "
		   "root/opt/musl root/usr/lib root/bin && cd root && ln -s usr/lib lib && "
		   "gcc -shared -fPIC ../a.c -o opt/x/libx.so.1.2 && "
		   "ln -s /opt/x/libx.so.1.2 opt/x/libx.so.1 && "
		   "ln -s ../../../../../opt/x/libx.so.1.2 opt/x/libup.so.1 && "
		   "ln -s loop.so opt/x/loop.so && "
		   "cp opt/x/libx.so.1.2 opt/y/liby.so && cp opt/y/liby.so opt/musl/libmus.so && "
		   "cp opt/y/liby.so usr/lib/libzed.so && cp ../fixed bin/tool && "
		   "echo 'include /etc/ld.so.conf.d/*.conf' >etc/ld.so.conf && "
		   "echo ' /opt/x/ # x' >etc/ld.so.conf.d/x.conf && "
		   "printf '# y\n\n/opt/y\n' >etc/ld.so.conf.d/y.conf && "
		   "echo /opt/z >etc/ld.so.conf.d/z.txt && "
		   "printf '/nowhere:/opt/musl' >etc/ld-musl-x86_64.path");
	pid_t pid = in_other_root(in_folder("root"), NULL);
	find("libx.so.1", pid, in_root_of(pid, "/opt/x/libx.so.1.2"), "'libx.so.1' is");
	find("libup", pid, in_root_of(pid, "/opt/x/libx.so.1.2"), "'libup' is");
	find("liby", pid, in_root_of(pid, "/opt/y/liby.so"), "'liby' is");
	find("libmus.so", pid, in_root_of(pid, "/opt/musl/libmus.so"), "'libmus.so' is");
	find("libzed.so", pid, in_root_of(pid, "/usr/lib/libzed.so"), "'libzed.so' is");
	find("tool", pid, in_root_of(pid, "/bin/tool"), "'tool' is");
	find_none("libnone.so", pid, "there is no library 'libnone.so' under /proc/", "/opt/y");
	find_none("loop.so", pid, "there is no library 'loop.so'", NULL);

	find("/lib/libzed.so", pid, in_root_of(pid, "/usr/lib/libzed.so"), NULL);
	find("/bin/tool", pid, in_root_of(pid, "/bin/tool"), NULL);
	/* A path that does not exist in that root is looked up in ours. */
	find(in_folder("fixed"), pid, in_folder("fixed"), NULL);
	/* The same without a process. */
	find(in_root_of(pid, "/opt/x/libx.so.1"), 0, in_root_of(pid, "/opt/x/libx.so.1.2"), NULL);
	find(in_root_of(pid, "/lib/../lib/libzed.so"), 0, in_root_of(pid, "/usr/lib/libzed.so"),
		NULL);
	find_none(in_root_of(pid, "/opt/x/loop.so"), 0, "ELOOP", NULL);
	find_none(in_root_of(pid, "/opt/none"), 0, "ENOENT", NULL);
	end(pid);
	find_none("libx.so.1", pid, "process", NULL);
}

/* Each line includes the file itself. */
static void a_file_that_includes_itself(void **state)
{
	(void)state;
	must_shell("rm -rf root && mkdir -p root/etc && for i in $(seq 30); do "
		   "echo 'include /etc/ld.so.conf' && echo /opt/$i; done >root/etc/ld.so.conf");
	struct arena a = {0};
	struct path_search s = {.a = &a, .machine = "x86_64", .root = in_folder("root")};
	path_search_add_library_dirs(&s);
	assert_in_range(s.n, 30, DIRECTORIES_MAX);
	assert_in_range(a.used, 1, 1 << 20);
	arena_free(&a);
}

static void what_a_process_has_mapped(void **state)
{
	(void)state;
	must_shell("mkdir -p odd/place && gcc -shared -fPIC a.c -o odd/place/libodd.so.5.1");
	if (geteuid())
		skip();
	pid_t pid = in_other_root("/", in_folder("odd/place/libodd.so.5.1"));
	find("libodd.so.5", pid, in_folder("odd/place/libodd.so.5.1"), "'libodd.so.5' is");
	find("libodd", pid, in_folder("odd/place/libodd.so.5.1"), "'libodd' is");
	find_none("libod", pid, "there is no library 'libod'", NULL);
	/* The process has our root: no /proc path is needed. */
	find(in_folder("fixed"), pid, in_folder("fixed"), NULL);
	end(pid);
	find_none("libodd", pid, "ESRCH", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_file),
		cmocka_unit_test(every_machine),
		cmocka_unit_test(the_c_library),
		cmocka_unit_test(what_is_refused_and_why),
		cmocka_unit_test(today_s_version_is_meant),
		cmocka_unit_test(a_number_is_a_byte_of_the_file),
		cmocka_unit_test(thumb_code_is_refused),
		cmocka_unit_test(names_of_a_separate_file),
		cmocka_unit_test(names_that_match_a_pattern),
		cmocka_unit_test(what_is_no_program),
		cmocka_unit_test(damaged_files),
		cmocka_unit_test(names_that_overlap),
		cmocka_unit_test(paths),
		cmocka_unit_test(programs_in_the_path),
		cmocka_unit_test(libraries_by_name),
		cmocka_unit_test(another_root_folder),
		cmocka_unit_test(a_file_that_includes_itself),
		cmocka_unit_test(what_a_process_has_mapped),
	};
	return cmocka_run_group_tests(tests, make_files, folder_remove);
}
