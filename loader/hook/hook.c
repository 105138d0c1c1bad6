/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "hook.h"

#include <stdarg.h>
#include <stdio.h>

extern const struct hook_family uprobe_family, usdt_family;
extern const struct hook_family tracepoint_family, kprobe_family, trace_family, xdp_family,
	tc_family, cgroup_family, netkit_family, netfilter_family, socket_family, sockmap_family,
	sampling_family, misc_family;

const struct hook_family *const hook_families[] = {&tracepoint_family, &kprobe_family,
	&trace_family, &uprobe_family, &usdt_family, &xdp_family, &tc_family, &cgroup_family,
	&netkit_family, &netfilter_family, &socket_family, &sockmap_family, &sampling_family,
	&misc_family};
const size_t hook_family_count = sizeof hook_families / sizeof *hook_families;

void hook_fail(struct planner *b, const char *hint, const char *fmt, ...)
{
	char text[400];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	err_set(b->e, "%s", text);
	if (hint)
		err_hint(b->e, "%s", hint);
	b->failed = true;
}

/* "xdp" answers to "xdp", and to "xdp/..." if it may have a target. */
static bool answers(const struct hook *h, const char *sec, const char **target)
{
	size_t n = strlen(h->sec);
	if (strncmp(sec, h->sec, n))
		return false;
	*target = sec[n] == '/' ? sec + n + 1 : sec + n;
	if (!sec[n])
		return h->target != TARGET_REQUIRED;
	return sec[n] == '/' && sec[n + 1] && h->target != TARGET_NONE;
}

enum { NAME_ROOM = 32, FAR = 3 };

/* How many letters have to be changed, added or left out to make b of the n letters of a. */
static unsigned distance(const char *a, size_t n, const char *b)
{
	size_t m = strlen(b);
	unsigned row[NAME_ROOM + 1];
	if (n > NAME_ROOM || m > NAME_ROOM)
		return FAR;
	for (unsigned k = 0; k <= m; k++)
		row[k] = k;
	for (size_t i = 0; i < n; i++) {
		unsigned corner = row[0];
		row[0] = (unsigned)i + 1;
		for (size_t k = 0; k < m; k++) {
			unsigned best = corner + (a[i] != b[k]);
			corner = row[k + 1];
			best = corner + 1 < best ? corner + 1 : best;
			row[k + 1] = row[k] + 1 < best ? row[k] + 1 : best;
		}
	}
	return row[m];
}

static bool suggest(const char *sec, struct err *e)
{
	size_t n = strcspn(sec, "/");
	unsigned least = n > FAR ? FAR : 2; /* of a short name not much may differ */
	const char *found = NULL;
	for (size_t f = 0; f < hook_family_count; f++)
		for (size_t i = 0; i < hook_families[f]->n; i++) {
			const char *name = hook_families[f]->hooks[i].sec;
			unsigned d = distance(sec, n, name);
			if (d < least) {
				least = d;
				found = name;
			}
		}
	if (found)
		err_hint(e, "is '%s' meant?", found);
	return found;
}

const struct hook *hook_find(const char *sec, const char **target, struct err *e)
{
	for (size_t f = 0; f < hook_family_count; f++)
		for (size_t i = 0; i < hook_families[f]->n; i++)
			if (answers(&hook_families[f]->hooks[i], sec, target))
				return &hook_families[f]->hooks[i];
	err_set(e, "unknown section name '%s': what kind of program is it?", sec);
	if (!suggest(sec, e))
		err_hint(e, "`sonde hooks` lists those that there are, such as tp/CATEGORY/NAME");
	return NULL;
}
