/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "objects.h"

#include <glob.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/records/records.h"
#include "loader/explain/plan_text.h"
#include "loader/plan/check.h"

enum { OBJECTS_MAX = 1000 };

static const char prelude[] = "#include <linux/bpf.h>\n"
			      "#include <bpf/bpf_helpers.h>\n"
			      "#ifndef NO_LICENSE\n"
			      "char LICENSE[] SEC(\"license\") = \"GPL\";\n"
			      "#endif\n"
			      "#line 1\n";

static const char *const on[] = {"lo"};
const struct plan_options object_options = {
	.target_args = on, .n_target_args = sizeof on / sizeof *on, .records = &record_finder};

/* Both objects of each source. A build folder may also contain objects of deleted sources. */
static size_t add_objects(char **paths, size_t n, const char *sources, const char *folder)
{
	glob_t g;
	if (glob(sources, 0, NULL, &g))
		return n;
	for (size_t i = 0; i < g.gl_pathc; i++) {
		const char *name = strrchr(g.gl_pathv[i], '/') + 1;
		size_t length = strlen(name) - 2; /* without ".c" */
		for (int eb = 0; eb < 2 && n + 1 < OBJECTS_MAX; eb++) {
			char path[512];
			snprintf(path, sizeof path, "%s/%s%.*s.o", folder, eb ? "eb/" : "",
				(int)length, name);
			if (access(path, R_OK))
				fail_msg("there is no %s: tests/run builds it", path);
			paths[n++] = strdup(path);
		}
	}
	globfree(&g);
	return n;
}

char **objects_built(void)
{
	char **paths = calloc(OBJECTS_MAX, sizeof *paths);
	assert_non_null(paths);
	size_t n = add_objects(paths, 0, "progs/*/*.bpf.c", "build/progs");
	n = add_objects(paths, n, "tests/course/*.bpf.c", "build/course");
	if (n < 40)
		fail_msg("%zu objects: is this the top folder?", n);
	return paths;
}

void objects_free(char **paths)
{
	for (size_t i = 0; paths[i]; i++)
		free(paths[i]);
	free(paths);
}

struct span object_read(const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		fail_msg("can't open %s", path);
	fseek(f, 0, SEEK_END);
	size_t n = (size_t)ftell(f);
	rewind(f);
	uint8_t *p = malloc(n);
	assert_int_equal(fread(p, 1, n, f), n);
	fclose(f);
	return (struct span){p, n, false};
}

/* FNV-1a over several pieces. */
static uint64_t mix(uint64_t sum, const void *bytes, size_t n)
{
	for (const uint8_t *p = bytes; n; p++, n--)
		sum = (sum ^ *p) * 0x100000001b3;
	return sum;
}

static uint64_t mix_text(uint64_t sum, const char *text)
{
	return mix(sum, text, strlen(text) + 1);
}

/* Hashes a file's identity, without reading it. */
static uint64_t mix_file(uint64_t sum, const char *path)
{
	struct stat st;
	if (stat(path, &st))
		return mix_text(sum, path);
	sum = mix(sum, &st.st_size, sizeof st.st_size);
	return mix(sum, &st.st_mtim, sizeof st.st_mtim);
}

/* The headers that sources include, and the compiler. */
static uint64_t surroundings(const char *compiler)
{
	static const char *const patterns[] = {"progs/include/*.h", "progs/include/*/*.h",
		"build/include/bpf/bpf_helper_defs.h", "/usr/include/linux/bpf.h", NULL};
	char path[PATH_MAX];
	uint64_t sum = 0xcbf29ce484222325;
	for (unsigned i = 0; patterns[i]; i++) {
		glob_t g;
		if (glob(patterns[i], 0, NULL, &g))
			continue;
		for (size_t k = 0; k < g.gl_pathc; k++)
			sum = mix_file(sum, g.gl_pathv[k]);
		globfree(&g);
	}
	snprintf(path, sizeof path, "/usr/bin/%s", compiler);
	return mix_file(sum, path);
}

struct span object_made(const char *compiler, const char *arguments, const char *source)
{
	const char *folder = "build/test/objects";
	bool text = strchr(source, '\n') != NULL;
	uint64_t sum = mix_text(mix_text(surroundings(compiler), compiler), arguments);
	sum = mix_text(sum, source);
	if (!text)
		sum = mix_file(sum, source);
	char path[100], new[120], command[1200];
	snprintf(path, sizeof path, "%s/%016llx.o", folder, (unsigned long long)sum);
	if (!access(path, R_OK))
		return object_read(path);
	mkdir("build", 0777);
	mkdir("build/test", 0777);
	mkdir(folder, 0777);
	snprintf(new, sizeof new, "%s.%ld", path, (long)getpid());
	snprintf(command, sizeof command, "%s %s %s %s -c -o %s 1>&2", compiler, arguments,
		text ? "-x c" : "", text ? "-" : source, new);
	FILE *clang = popen(command, "w");
	assert_non_null(clang);
	if (text)
		fputs(source, clang);
	int status = pclose(clang);
	if (status)
		fail_msg("%s: status %d", compiler, WEXITSTATUS(status));
	/* A concurrent process writes the same bytes. */
	assert_int_equal(rename(new, path), 0);
	return object_read(path);
}

static struct span compiled(const char *source, bool big, const char *flags)
{
	char arguments[1024];
	snprintf(arguments, sizeof arguments,
		"-target bpfe%c -O2 -mcpu=v2 -Wall -Werror -Wno-unused-function "
		"-Iprogs/include -Ibuild/include -idirafter /usr/include/" MULTIARCH " %s",
		big ? 'b' : 'l', flags);
	char *whole = malloc(sizeof prelude + strlen(source));
	strcpy(whole, prelude);
	strcat(whole, source);
	struct span bytes = object_made("clang", arguments, whole);
	free(whole);
	return bytes;
}

#define ROOM "room-for-the-longest-section-name-that-a-test-gives-to-a-program-that-does-nothing"

/* The section of a source that is OBJECT_PROGRAM(section) and nothing else; NULL for others. */
static const char *only_section(const char *source, char *section, size_t size)
{
	static const char before[] = "SEC(\"", after[] = "\")" OBJECT_PROGRAM_BODY;
	const char *end = strchr(source, ')');
	if (strncmp(source, before, sizeof before - 1) || !end || strcmp(end - 1, after))
		return NULL;
	size_t n = (size_t)(end - 1 - source) - (sizeof before - 1);
	if (n >= size)
		return NULL;
	memcpy(section, source + sizeof before - 1, n);
	section[n] = 0;
	return section;
}

/* The strings that name the section, in the ELF file and in its BTF, become shorter. */
static void name_section(struct span bytes, const char *section)
{
	uint8_t *at, *p = (uint8_t *)(uintptr_t)bytes.p;
	while ((at = memmem(p, bytes.n, ROOM, sizeof ROOM))) {
		memset(at, 0, sizeof ROOM);
		memcpy(at, section, strlen(section));
	}
}

struct span object_compile(const char *source, bool big, const char *flags)
{
	char section[sizeof ROOM];
	if (!only_section(source, section, sizeof section))
		return compiled(source, big, flags);
	struct span bytes = compiled(OBJECT_PROGRAM(ROOM), big, flags);
	name_section(bytes, section);
	return bytes;
}

void object_target(struct target *t, bool big, const struct btf *btf, struct arena *a)
{
	*t = (struct target){.dir = "nowhere",
		.arena = a,
		.release = "6.1.0-test",
		.machine = big ? "s390x" : "x86_64",
		.possible_cpus = 4,
		.page_size = 4096,
		.btf_tried = true,
		.btf_found = btf != NULL};
	if (btf)
		t->btf = *btf;
}

bool object_plan(
	struct plan *p, struct span bytes, const struct btf *btf, struct arena *a, struct err *e)
{
	struct target t;
	bool big = span_u8(bytes, 5) == 2;
	object_target(&t, big, btf, a);
	if (!plan_object(p, "dir/x.bpf.o", bytes, &object_options, &t, a, e))
		return false;
	if (!plan_check_saved(p, e)) /* a saved plan that is sound is not refused */
		fail_msg("%s", e->text);
	return true;
}

bool object_plan_own(struct plan *p, struct span bytes, struct arena *a, struct err *e)
{
	struct elf elf;
	struct btf btf;
	struct err ignored = {0};
	uint32_t i = elf_open(&elf, bytes, a, &ignored) ? elf_find(&elf, ".BTF") : 0;
	bool types = i && btf_open(&btf, elf.sections[i].data, NULL, a, &ignored);
	return object_plan(p, bytes, types ? &btf : NULL, a, e);
}

char *text_of_plan(const struct plan *p)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	assert_non_null(out);
	plan_print(p, &(struct print_style){.full = true, .code = true}, out);
	fclose(out);
	return text;
}
