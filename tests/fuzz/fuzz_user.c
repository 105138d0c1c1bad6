/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Arbitrary bytes as the file that a uprobe or a USDT probe goes to: symbols by name, version and
 * pattern, notes and their arguments. Input that is no ELF file is text: the name of a library, the
 * target of a symbolic link, and the configuration of the dynamic linkers, one after the other, in
 * the root directory of a container.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elf/object/notes.h"
#include "loader/hook/usdt_args.h"
#include "loader/symbols/binary_path_impl.h"
#include "loader/symbols/symbols_impl.h"
#include "harness.h"

enum {
	OPENED,
	FOUND,
	VERSION,
	CHOOSES,
	SUGGESTED,
	MATCHED,
	LISTED,
	PROBE,
	ARGUMENTS,
	LIBRARY,
	LINK
};
struct goal goals[] = {[OPENED] = {.name = "opened"},
	[FOUND] = {.name = "function found"},
	[VERSION] = {.name = "version found"},
	[CHOOSES] = {.name = "IFUNC rejected"},
	[SUGGESTED] = {.name = "suggestion"},
	[MATCHED] = {.name = "pattern matched"},
	[LISTED] = {.name = "listed"},
	[PROBE] = {.name = "USDT probe"},
	[ARGUMENTS] = {.name = "arguments translated"},
	[LIBRARY] = {.name = "library found"},
	[LINK] = {.name = "link followed"},
	{0}};

/* ---- binaries ---- */

static void find(const struct symbols *s, const char *spec)
{
	struct symbols_place place;
	struct err e = {0};
	bool ok = symbols_find(s, spec, &place, &e);
	if (ok == e.set || (ok && s->elf.type != ELF_TYPE_REL && !symbols_is_code(s, place.offset)))
		abort();
	reach(FOUND, ok);
	reach(VERSION, ok && strchr(place.name, '@'));
	reach(CHOOSES, strstr(e.text, "run time") || strstr(e.hint, "run time") ||
			       strstr(e.text, "IFUNC"));
	reach(SUGGESTED, strstr(e.hint, "similar"));
}

static void match(const struct symbols *s, const char *pattern)
{
	struct symbols_place *list;
	struct err e = {0};
	size_t n;
	if (symbols_match(s, pattern, 1000, &list, &n, &e) == e.set || (!e.set && n > 1000))
		abort();
	for (size_t i = 1; !e.set && i < n; i++)
		if (list[i].offset <= list[i - 1].offset)
			abort();
	reach(MATCHED, !e.set && n);
}

/* Also finds a few of the functions that it lists, and names that resemble them. */
static void list(const struct symbols *s, struct arena *a)
{
	size_t n, len = 0;
	struct symbols_place *all = symbols_functions(s, a, &n);
	char spec[300];
	for (size_t i = 0; i < n; i++) {
		len += strlen(all[i].name);
		if (i && all[i].offset <= all[i - 1].offset)
			abort();
	}
	reach(LISTED, len);
	for (size_t i = 0; i < n; i += n / 4 + 1) {
		find(s, all[i].name);
		snprintf(spec, sizeof spec, "%.250s+1", all[i].name);
		find(s, spec);
		snprintf(spec, sizeof spec, "%.250sx", all[i].name);
		find(s, spec);
	}
}

static void read_probes(const struct symbols *s)
{
	static const char *const machines[] = {"x86_64", "aarch64", "armv7l", "riscv64", "s390x"};
	static const unsigned numbers[] = {62, 183, 40, 243, 22, 3};
	struct notes_probe probe;
	uint32_t section = elf_find(&s->elf, NOTES_STAPSDT);
	uint64_t at = 0, before = 0, offset;
	while (section && notes_next_probe(&s->elf, &s->elf.sections[section], &at, &probe)) {
		uint8_t spec[USDT_SPEC_SIZE];
		const char *unknown;
		if (at <= before)
			abort();
		before = at;
		reach(PROBE, strlen(probe.provider) + strlen(probe.name));
		symbols_offset(s, probe.address, &offset);
		for (unsigned i = 0; i < 5 * 6; i++)
			reach(ARGUMENTS, usdt_args(probe.args, arch_of_machine(machines[i / 6]),
						 numbers[i % 6], i / 6 == 4, spec, &unknown) &&
						 spec[200] && !unknown);
	}
}

static void read_binary(const char *path)
{
	static const char *const specs[] = {"f", "f@V1", "f@@V2", "main", "ours", "mian",
		"main+0x4", "0x1139", "f@V3", "number", "puts", ""};
	struct arena a = {0};
	struct symbols s;
	struct err e = {0};
	bool ok = symbols_open(&s, path, &a, &e);
	if (ok == e.set)
		abort();
	if (reach(OPENED, ok)) {
		for (size_t i = 0; i < sizeof specs / sizeof *specs; i++)
			find(&s, specs[i]);
		match(&s, "*");
		match(&s, "*a*?*n*");
		list(&s, &a);
		read_probes(&s);
		symbols_check_machine(&s, "x86_64", &e);
		symbols_close(&s);
	}
	free_small(&a);
}

/* ---- libraries ---- */

static char root[] = "/dev/shm/sonde-fuzz.XXXXXX";
static const char *const folders[] = {"/etc", "/etc/ld.so.conf.d", "/opt", "/lib"};
static const char *const files[] = {"/etc/ld.so.conf", "/etc/ld.so.conf.d/a.conf",
	"/etc/ld.so.conf.d/b.conf", "/etc/ld-musl-x.path", "/opt/libx.so.1", "/lib/liby.so"};
static char link_path[sizeof root + 8];

static const char *in_root(const char *path)
{
	static char full[64];
	snprintf(full, sizeof full, "%s%s", root, path);
	return full;
}

static void write_file(const char *path, const void *bytes, size_t n)
{
	FILE *f = fopen(path, "w");
	if (!f || fwrite(bytes, 1, n, f) != n || fclose(f))
		abort();
}

/* Libraries for this machine, as far as anybody looks. */
static void make_root(void)
{
	static const uint8_t library[64] = {0x7f, 'E', 'L', 'F', 2, 1,
		1, [16] = 3, [18] = 62, [20] = 1, [52] = 64, [54] = 56, [58] = 64};
	if (!mkdtemp(root))
		abort();
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (mkdir(in_root(folders[i]), 0700))
			abort();
	write_file(in_root(files[4]), library, sizeof library);
	write_file(in_root(files[5]), library, sizeof library);
	snprintf(link_path, sizeof link_path, "%s/link", root);
}

__attribute__((destructor)) static void remove_root(void)
{
	if (!*link_path)
		return;
	unlink(link_path);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		unlink(in_root(files[i]));
	for (size_t i = sizeof folders / sizeof *folders; i--;)
		rmdir(in_root(folders[i]));
	rmdir(root);
}

/* Cuts a line off the text. */
static const char *take_line(char **text)
{
	char *line = *text;
	*text += strcspn(line, "\n");
	if (**text)
		*(*text)++ = 0;
	return line;
}

static void find_library(char *text)
{
	const char *name = take_line(&text), *target = take_line(&text);
	struct arena a = {0};
	struct err e = {0};
	struct path_search s = {.a = &a, .machine = "x86_64", .root = root};
	unlink(link_path);
	bool linked = *target && !symlink(target, link_path);
	const char *path = root_path(root, "/link/libx.so.1", &a);
	reach(LINK, linked && path && !access(path, F_OK));
	if (path && strncmp(path, root, strlen(root)))
		abort();
	size_t n = strlen(text);
	for (int i = 0; i < 3; i++)
		write_file(in_root(files[i]), text + n / 3 * (size_t)i, n - n / 3 * (size_t)i);
	write_file(in_root(files[3]), text, n);
	path_search_add_library_dirs(&s);
	if (s.n > DIRECTORIES_MAX)
		abort();
	reach(LIBRARY, path_search_library(&s, name, &e) != NULL);
	for (size_t i = 0; i < s.n && !strchr(name, '/'); i++)
		path_search_file(&s, s.directories[i], name);
	free_small(&a);
}

void fuzz_input(const uint8_t *data, size_t size)
{
	static char path[32];
	static int fd;
	if (!*path) {
		fd = memfd_create("file", MFD_CLOEXEC);
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		make_root();
	}
	if (size && *data == 0x7f) {
		if (ftruncate(fd, 0) || pwrite(fd, data, size, 0) != (ssize_t)size)
			abort();
		read_binary(path);
	} else {
		char *text = strndup((const char *)data, size);
		if (!text)
			abort();
		find_library(text);
		free(text);
	}
}
