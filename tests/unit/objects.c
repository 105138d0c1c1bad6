/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "objects.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/records/records.h"
#include "loader/explain/plan_text.h"

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

/* The two objects of each source: a folder of the build may have more, of sources that are gone. */
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

struct span object_compile(const char *source, bool big, const char *flags)
{
	char dir[] = "/tmp/sonde-test.XXXXXX", path[64], command[1024];
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/x.bpf.o", dir);
	snprintf(command, sizeof command,
		"clang -target bpfe%c -O2 -mcpu=v2 -Wall -Werror -Wno-unused-function "
		"-Iprogs/include -Ibuild/include -idirafter "
		"/usr/include/$(clang -print-multiarch) %s -x c - -c -o %s 1>&2",
		big ? 'b' : 'l', flags, path);
	FILE *clang = popen(command, "w");
	assert_non_null(clang);
	fputs(prelude, clang);
	fputs(source, clang);
	int status = pclose(clang);
	struct span bytes = {0};
	if (!status)
		bytes = object_read(path);
	unlink(path);
	rmdir(dir);
	if (status)
		fail_msg("clang: status %d", WEXITSTATUS(status));
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
	return plan_object(p, "dir/x.bpf.o", bytes, &object_options, &t, a, e);
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
	plan_print(p, &(struct print_style){.code = true}, out);
	fclose(out);
	return text;
}
