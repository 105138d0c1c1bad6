/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cpus.h"

#include "elf/base/format.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CPUS_MAX = 1 << 16 };

/* Parses digits and advances *p past them; -1 if there are none or the number is no valid CPU. */
static long cpu_number(const char **p)
{
	const char *start = *p;
	long v = 0;
	while (**p >= '0' && **p <= '9' && v < CPUS_MAX)
		v = v * 10 + *(*p)++ - '0';
	return *p == start || v >= CPUS_MAX ? -1 : v;
}

long cpus_read(struct kfs *k, const char *relative_path, unsigned *cpus, unsigned room)
{
	char text[4096];
	long n = kfs_read_text(k, KFS_SYS, relative_path, text, sizeof text);
	if (n < 0)
		return n;
	long count = 0, next = 0;
	if (!strcmp(text, "\n"))
		return 0;
	for (const char *p = text;; p++) {
		long first = cpu_number(&p), last = first;
		if (*p == '-') {
			p++;
			last = cpu_number(&p);
		}
		if (first < next || last < first)
			return -EINVAL;
		for (next = first; next <= last; next++, count++)
			if (count < (long)room)
				cpus[count] = (unsigned)next;
		if (*p != ',')
			return *p == '\n' || !*p ? count : -EINVAL;
	}
}

unsigned cpus_possible(struct kfs *k)
{
	long n = k ? cpus_read(k, "devices/system/cpu/possible", NULL, 0) : 0;
	return n > 0 ? (unsigned)n : cpus_bound();
}

unsigned cpus_list(struct kfs *k, const char *file, struct arena *a, unsigned **cpus)
{
	char path[64];
	text_print(path, sizeof path, "devices/system/cpu/%s", file);
	long n = cpus_read(k, path, NULL, 0);
	bool known = n > 0;
	if (!known)
		n = sysconf(_SC_NPROCESSORS_CONF);
	if (n <= 0)
		n = 1;
	*cpus = arena_array(a, (size_t)n, sizeof **cpus);
	for (unsigned i = 0; *cpus && i < (unsigned)n; i++)
		(*cpus)[i] = i;
	if (*cpus && known)
		cpus_read(k, path, *cpus, (unsigned)n);
	return *cpus ? (unsigned)n : 0;
}

/* ---- changes ---- */

static void ignore(void *ctx, unsigned cpu, bool online)
{
	(void)ctx, (void)cpu, (void)online;
}

bool cpu_changes_start(struct cpu_changes *c, struct kfs *k, struct arena *a)
{
	unsigned n = cpus_possible(k);
	*c = (struct cpu_changes){.kfs = k,
		.online = arena_array(a, n, sizeof *c->online),
		.n = n,
		.list = arena_array(a, n, sizeof *c->list)};
	if (!c->online || !c->list)
		return false;
	cpu_changes_tell(c, ignore, NULL);
	return true;
}

void cpu_changes_tell(
	struct cpu_changes *c, void (*fn)(void *ctx, unsigned cpu, bool online), void *ctx)
{
	long n = cpus_read(c->kfs, "devices/system/cpu/" CPUS_ONLINE, c->list, c->n), at = 0;
	for (unsigned cpu = 0; n > 0 && cpu < c->n; cpu++) {
		while (at < n && at < (long)c->n && c->list[at] < cpu)
			at++;
		bool online = at < n && at < (long)c->n && c->list[at] == cpu;
		if (online != c->online[cpu])
			fn(ctx, cpu, online);
		c->online[cpu] = online;
	}
}

/*
 * There are never more possible CPUs than bits in the scheduler's CPU mask, whose size in bytes is
 * the return value of the system call (not of the libc wrapper).
 */
unsigned cpus_bound(void)
{
	unsigned long mask[CPUS_MAX / 8 / sizeof(unsigned long)];
	long n = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
	return n > 0 ? (unsigned)n * 8 : CPUS_MAX;
}
