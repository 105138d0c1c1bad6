/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The disassemblers of native code. tests/unit/native has one instruction of each form that the JIT
 * compilers of the kernels in tests/vm/targets emitted for the course programs and the kernel's selftests:
 * its bytes and its text, as objdump prints it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/native/native.h"

enum { INSN = 15, INSNS = 1000, CHANGED = 20000 };

static const struct arch {
	unsigned machine;
	const char *records;
	const char *objdump, *options;
} x86_64 = {62, "tests/unit/native/x86_64.txt", "objdump", "-m i386:x86-64 --insn-width=16"},
  arm64 = {183, "tests/unit/native/arm64.txt", "aarch64-linux-gnu-objdump", "-m aarch64"};

/* The instructions of a file. */
struct records {
	size_t n;
	struct record {
		uint8_t bytes[INSN];
		unsigned size;
		char text[80];
	} insns[INSNS];
};

static void read_records(struct records *r, const char *path)
{
	char line[200];
	FILE *in = fopen(path, "r");
	assert_non_null(in);
	for (r->n = 0; fgets(line, sizeof line, in); r->n++) {
		struct record *i = &r->insns[r->n];
		const char *p = line;
		assert_true(r->n < INSNS);
		for (i->size = 0; *p != ' '; p += 2)
			assert_int_equal(sscanf(p, "%2hhx", &i->bytes[i->size++]), 1);
		snprintf(i->text, sizeof i->text, "%.*s", (int)strcspn(p + 1, "\n"), p + 1);
	}
	fclose(in);
}

static unsigned decode(
	const struct arch *a, const void *bytes, size_t n, uint64_t base, char text[static 200])
{
	/* A copy, so that the sanitizer sees what is read after the end. */
	uint8_t *copy = malloc(n ? n : 1);
	assert_non_null(copy);
	memcpy(copy, bytes, n);
	unsigned size = native_for(a->machine)
	                        ->decode((struct span){copy, n, false}, 0, base, NULL, text, 200);
	free(copy);
	return size;
}

/* Each record has its text, and none if a byte is missing. */
static void recorded(void **state)
{
	const struct arch *a = *state;
	static struct records r;
	char text[200];
	read_records(&r, a->records);
	assert_true(r.n > 100);
	for (size_t i = 0; i < r.n; i++) {
		const struct record *x = &r.insns[i];
		assert_int_equal(decode(a, x->bytes, x->size, 0, text), x->size);
		assert_string_equal(text, x->text);
		for (unsigned n = 0; n < x->size; n++) {
			assert_int_equal(decode(a, x->bytes, n, 0, text), 0);
			assert_string_equal(text, "");
		}
	}
}

/* ---- compared with objdump ---- */

/* A record with a few bits changed, and any bytes after it. */
static void change(const struct records *r, uint32_t *seed, uint8_t bytes[static INSN])
{
#define RANDOM() (*seed = *seed * 1664525 + 1013904223, *seed >> 8)
	for (unsigned i = 0; i < INSN; i++)
		bytes[i] = (uint8_t)RANDOM();
	const struct record *x = &r->insns[RANDOM() % r->n];
	memcpy(bytes, x->bytes, x->size);
	for (uint32_t n = RANDOM() % 4; n; n--) {
		uint32_t bit = RANDOM() % (x->size * 8);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
#undef RANDOM
}

/* The text of a line of objdump, with single blanks and without its remarks; "" if it has none. */
static void their_text(const char *line, char text[static 200])
{
	char *out = text, *remark;
	const char *tab = strchr(line, '\t'), *p = tab ? strchr(tab + 1, '\t') : NULL;
	for (; p && *p && *p != '\n'; p++)
		if (*p != ' ' && *p != '\t')
			*out++ = *p;
		else if (out > text && out[-1] != ' ')
			*out++ = ' ';
	if (out > text && out[-1] == ' ')
		out--;
	*out = 0;
	if ((remark = strstr(text, " //")))
		*remark = 0;
	if ((remark = strstr(text, " $1,"))) /* binutils 2.41: shifts by one */
		memmove(remark + 1, remark + 4, strlen(remark + 4) + 1);
}

/* Whatever is decoded, objdump reads the same. */
static void agrees_with_objdump(void **state)
{
	const struct arch *a = *state;
	static struct records r;
	static char ours[CHANGED][200];
	char path[] = "/tmp/sonde-native-XXXXXX", command[200], line[400], text[200];
	uint8_t bytes[INSN];
	uint32_t seed = 1;
	size_t n = 0, compared = 0;
	uint64_t at = 0;
	snprintf(command, sizeof command, "command -v %s >/dev/null", a->objdump);
	if (system(command) != 0) {
		print_message("# SKIP no %s\n", a->objdump);
		skip();
	}
	read_records(&r, a->records);
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	FILE *out = fdopen(fd, "w");
	assert_non_null(out);
	while (n < CHANGED) {
		change(&r, &seed, bytes);
		unsigned size = decode(a, bytes, INSN, at, ours[n]);
		at += size;
		n += size > 0;
		fwrite(bytes, 1, size, out);
	}
	assert_int_equal(fclose(out), 0);
	snprintf(command, sizeof command, "%s -D -b binary %s %s", a->objdump, a->options, path);
	FILE *in = popen(command, "r");
	assert_non_null(in);
	while (fgets(line, sizeof line, in)) {
		their_text(line, text);
		if (!*text)
			continue;
		assert_true(compared < n);
		assert_string_equal(ours[compared], text);
		compared++;
	}
	assert_int_equal(pclose(in), 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(compared, n);
}

/* ---- the rest of the interface ---- */

static bool name(void *ctx, uint64_t address, char *buf, size_t n)
{
	*(uint64_t *)ctx = address;
	snprintf(buf, n, "f");
	return address != 0x1000;
}

static void names_targets(void **state)
{
	(void)state;
	const struct native *x86 = native_for(62);
	static const uint8_t call[] = {0x90, 0xe8, 0xfa, 0xff, 0xff, 0xff},
			     short_jump[] = {0x74, 0x0e};
	uint64_t address = 0;
	const struct native_names names = {name, &address};
	char text[100];
	assert_int_equal(x86->decode((struct span){call, 6, false}, 1, 0xffffffffc0001000, &names,
				 text, 100),
		5);
	assert_string_equal(text, "call f");
	assert_true(address == 0xffffffffc0001000);
	assert_int_equal(
		x86->decode((struct span){short_jump, 2, false}, 0, 0xff0, &names, text, 100), 2);
	assert_string_equal(text, "je 0x1000");
	assert_int_equal(
		x86->decode((struct span){short_jump, 2, false}, 0, 0xff0, &names, text, 5), 2);
	assert_string_equal(text, "je 0");
	assert_null(native_for(22));
}

int main(void)
{
#define OF(test, arch)                                                                             \
	{                                                                                          \
#test " " #arch, test, NULL, NULL, (void *)(uintptr_t)&arch                        \
	}
	const struct CMUnitTest tests[] = {
		OF(recorded, x86_64),
		OF(agrees_with_objdump, x86_64),
		OF(recorded, arm64),
		OF(agrees_with_objdump, arm64),
		cmocka_unit_test(names_targets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
