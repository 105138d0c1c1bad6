/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "btf_write.h"

#include "elf/base/arch.h"
#include "elf/base/format.h"
#include "loader/kernel/btf_file.h"
#include "loader/kernel/file.h"
#include "loader/pack/type_archive.h"
#include "loader/planner/types_min.h"
#include "loader/show/print.h"

#include <string.h>
#include <sys/stat.h>

enum { E_MACHINE = 18, EI_DATA = 5, BIG = 2, MACHINE_SIZE = 64 };

/* ---- files ---- */

static bool is_folder(const char *path)
{
	struct stat st;
	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

/* Writes the result, unless that would replace one of the files that it is made of. */
static bool write_output(const struct btf_write *w, struct span bytes, struct err *e)
{
	for (size_t i = 0; i < w->n + w->btf.n; i++) {
		const char *input = i < w->n ? w->files[i] : w->btf.items[i - w->n];
		const char *equals = strchr(input, '=');
		if (cmd_same_file(w->output, input) ||
			(equals && cmd_same_file(w->output, equals + 1)))
			return err_set(e, "%s: an input; --output must be another file", w->output);
	}
	return file_write(w->output, bytes, e);
}

/* ---- min ---- */

static bool open_session(struct session *s, const char *dir, const char *btf, struct err *e)
{
	bool ok = session_open(s, dir, e);
	s->target.btf_file = btf;
	return ok;
}

static void note_ids(void)
{
	cmd_say("note", "ids of types are not those of the kernel: programs that use them "
			"(bpf_core_type_id_kernel()) get others");
}

int btf_write_min(const struct btf_write *w)
{
	struct session s;
	struct types_min r;
	struct err e = {0};
	const char *btf = w->btf.n ? w->btf.items[0] : NULL;
	bool ok = open_session(&s, w->dir, btf, &e) &&
	          types_min(&r, w->files, w->n, &s.target, &s.arena, &e) &&
	          write_output(w, r.types, &e);
	if (ok) {
		print(stderr, "%s: %zu bytes of %zu, for %u relocation%s\n", w->output, r.types.n,
			r.all, (unsigned)r.relocations, r.relocations == 1 ? "" : "s");
		if (r.ids)
			note_ids();
	}
	session_close(&s);
	return ok ? cmd_finish() : cmd_fail(&e);
}

/* ---- archive: which kernel a file is of ---- */

/* Which kernel, and the file with its types. */
struct source {
	const char *release, *machine, *file;
};

/* "RELEASE=FILE" or "RELEASE:MACHINE=FILE"; false if it is just a path. */
static bool split_name(struct source *k, const char *arg, struct arena *a)
{
	size_t n = strcspn(arg, "=/");
	if (arg[n] != '=' || !n)
		return false;
	size_t release = strcspn(arg, ":=");
	k->release = arena_strndup(a, arg, release);
	if (arg[release] == ':')
		k->machine = arena_strndup(a, arg + release + 1, n - release - 1);
	k->file = arg + n + 1;
	return true;
}

/* vmlinux contains "Linux version 6.1.0-9-amd64 (...". */
static void read_banner(struct source *k, struct span file, struct arena *a)
{
	static const char banner[] = "Linux version ";
	char first[MACHINE_SIZE];
	if (file.n < E_MACHINE + 2 || memcmp(file.p, "\177ELF", 4) != 0)
		return;
	file.big = file.p[EI_DATA] == BIG;
	const struct arch *arch = arch_of_elf(span_u16(file, E_MACHINE));
	const uint8_t *p = file.p, *end = file.p + file.n;
	while ((p = memmem(p, (size_t)(end - p), banner, sizeof banner - 1)) &&
		(p += sizeof banner - 1) < end) {
		const uint8_t *space = memchr(p, ' ', (size_t)(end - p));
		if (!space || *p < '0' || *p > '9' || !arch)
			continue;
		text_print(first, sizeof first, "%.*s", (int)strcspn(arch->machines, " "),
			arch->machines);
		k->release = arena_strndup(a, (const char *)p, (size_t)(space - p));
		k->machine = k->machine ? k->machine : arena_strdup(a, first);
		return;
	}
}

/* 5.4.0-91-generic.btf, as archives on the web have it. */
static void read_file_name(struct source *k, struct arena *a)
{
	static const char end[] = ".btf";
	const char *slash = strrchr(k->file, '/'), *name = slash ? slash + 1 : k->file;
	const char *dot = strstr(name, end);
	if (dot && *name >= '0' && *name <= '9' && strchr(name, '.') != dot)
		k->release = arena_strndup(a, name, (size_t)(dot - name));
}

static bool name_kernel(
	struct source *k, struct span file, const char *machine, struct arena *a, struct err *e)
{
	if (!k->release)
		read_banner(k, file, a);
	if (!k->release)
		read_file_name(k, a);
	k->machine = k->machine ? k->machine : machine;
	if (k->release && *k->release && *k->machine)
		return true;
	err_set(e, "%s: of which kernel are these types?", k->file);
	return err_hint(e, "RELEASE=%s or RELEASE:MACHINE=%s tells it (uname -r, uname -m)",
		k->file, k->file);
}

/* ---- archive: its rows ---- */

struct making {
	const struct btf_write *w;
	struct arena arena;
	struct type_archive archive;
	size_t all;
	bool ids;
};

static bool add_row(struct making *m, const struct target *t, struct span types, struct err *e)
{
	struct btf_archive_row row = {arena_strdup(&m->arena, t->release),
		arena_strdup(&m->arena, t->machine),
		{arena_copy(&m->arena, types.p, types.n), types.n, false}};
	if (!row.release || !row.machine || !row.types.p)
		return err_nomem(e);
	return type_archive_add(&m->archive, &row, e);
}

/* The types of an open target: what the objects need of them, or all. */
static bool add_target(struct making *m, struct target *t, struct err *e)
{
	struct types_min r = {0};
	if (m->w->btf.n) {
		if (!types_min(&r, m->w->files, m->w->n, t, &m->arena, e))
			return false;
	} else {
		const struct btf *b = target_btf(t, e);
		if (!b)
			return e->set ? false : err_set(e, "Linux %s has no types", t->release);
		r.types = b->data;
		r.all = b->data.n;
	}
	m->all += r.all;
	m->ids |= r.ids;
	return add_row(m, t, r.types, e);
}

static bool add_folder(struct making *m, const char *path, struct err *e)
{
	struct session s;
	bool ok = open_session(&s, path, NULL, e) && add_target(m, &s.target, e);
	session_close(&s);
	return ok;
}

/* All kernels of an archive. */
static bool add_archive(struct making *m, struct span file, struct err *e)
{
	struct btf_archive ar;
	struct target t = {0};
	if (!btf_archive_open(&ar, file, &m->arena, e))
		return false;
	for (uint32_t i = 0; i < ar.n; i++) {
		struct btf_archive_row row = btf_archive_row(&ar, i);
		t.release = row.release;
		t.machine = row.machine;
		m->all += row.types.n;
		if (!add_row(m, &t, row.types, e))
			return false;
	}
	return true;
}

static bool add_file(struct making *m, const char *arg, struct err *e)
{
	struct session s;
	struct source k = {.file = arg};
	struct span file = {0};
	bool named = split_name(&k, arg, &m->arena);
	if (!named && is_folder(arg))
		return add_folder(m, arg, e);
	if (!file_read(k.file, &file, e))
		return false;
	bool ok = session_open(&s, NULL, e);
	if (ok && !m->w->btf.n && btf_archive_is(file)) {
		ok = add_archive(m, file, e) || err_where(e, "%s", arg);
	} else {
		ok = ok && name_kernel(&k, file, s.target.machine, &m->arena, e);
		s.target.release = k.release;
		s.target.machine = k.machine;
		s.target.btf_file = k.file;
		ok = ok && add_target(m, &s.target, e);
	}
	session_close(&s);
	file_free(&file);
	return ok;
}

int btf_write_archive(const struct btf_write *w)
{
	struct making m = {.w = w};
	struct err e = {0};
	size_t n = w->btf.n ? w->btf.n : w->n;
	bool ok = true;
	type_archive_begin(&m.archive, &m.arena);
	for (size_t i = 0; ok && i < n; i++)
		ok = add_file(&m, w->btf.n ? w->btf.items[i] : w->files[i], &e);
	struct span file = ok ? type_archive_end(&m.archive, &e) : (struct span){0};
	ok = file.n && write_output(w, file, &e);
	if (ok) {
		print(stderr, "%s: %zu bytes, types of %zu kernel%s (%zu bytes)\n", w->output,
			file.n, m.archive.n, m.archive.n == 1 ? "" : "s", m.all);
		if (m.ids)
			note_ids();
	}
	arena_free(&m.arena);
	return ok ? cmd_finish() : cmd_fail(&e);
}
