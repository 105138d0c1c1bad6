/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "target.h"

#include "cpus.h"

#include "elf/base/format.h"
#include "elf/base/number.h"

#include <errno.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { TEXT_MAX = 256 };

/* ---- the directory of another kernel ---- */

static char *read_line(struct target *t, const char *name)
{
	char path[4096], text[TEXT_MAX];
	if ((size_t)text_print(path, sizeof path, "%s/%s", t->dir, name) >= sizeof path)
		return NULL;
	FILE *f = fopen(path, "re");
	if (!f)
		return NULL;
	char *line = fgets(text, sizeof text, f);
	fclose(f);
	if (!line)
		return NULL;
	text[strcspn(text, "\n")] = 0;
	return arena_strdup(t->arena, text);
}

static uint32_t read_count(struct target *t, const char *name, uint32_t otherwise)
{
	const char *text = read_line(t, name);
	unsigned long n = text ? text_ulong(text, NULL, 0) : 0;
	return n && n < UINT32_MAX ? (uint32_t)n : otherwise;
}

bool target_open(struct target *t, const char *dir, struct arena *a, struct kfs *k,
	const struct sys_watch *watch, struct err *e)
{
	*t = (struct target){.dir = dir, .arena = a, .kfs = k, .watch = watch};
	struct utsname un;
	t->version = "";
	if (dir) {
		t->release = read_line(t, "release");
		t->machine = read_line(t, "machine");
		if (!t->release || !t->machine) {
			err_set(e, "%s: no file '%s' that describes a kernel", dir,
				t->release ? "machine" : "release");
			return err_hint(e,
				"write the output of uname -r to %s/release and of "
				"uname -m to %s/machine",
				dir, dir);
		}
		return true;
	}
	if (uname(&un))
		return err_sys(e, errno, "uname");
	t->release = arena_strdup(a, un.release);
	t->machine = arena_strdup(a, un.machine);
	t->version = arena_strdup(a, un.version);
	return (t->release && t->machine && t->version) || err_nomem(e);
}

/* ---- numbers ---- */

uint32_t target_possible_cpus(struct target *t)
{
	if (!t->possible_cpus)
		t->possible_cpus =
			t->dir ? read_count(t, "possible_cpus", 1) : cpus_possible(t->kfs);
	return t->possible_cpus;
}

bool target_machine(struct target *t, struct machine *m, struct err *e)
{
	if (!t->dir) {
		bool ok = machine_facts(m, FIT_CPUS | FIT_POSSIBLE, t->kfs, t->arena, e);
		m->online = ok ? *m->cpus : 0; /* the same for every call */
		return ok;
	}
	uint32_t n = target_possible_cpus(t);
	unsigned *cpus = arena_array(t->arena, n, sizeof *cpus);
	for (uint32_t i = 0; cpus && i < n; i++)
		cpus[i] = i;
	*m = (struct machine){cpus, n, 0, n, target_page_size(t)};
	return cpus || err_nomem(e);
}

uint32_t target_page_size(struct target *t)
{
	if (!t->page_size)
		t->page_size =
			t->dir ? read_count(t, "page_size", 4096) : (uint32_t)sysconf(_SC_PAGESIZE);
	return t->page_size;
}
