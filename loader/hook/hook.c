/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "hook.h"

#include <stdarg.h>
#include <stdio.h>

extern const struct hook_family uprobe_family;
extern const struct hook_family tracepoint_family, kprobe_family, trace_family;

const struct hook_family *const hook_families[] = {
	&tracepoint_family, &kprobe_family, &trace_family, &uprobe_family};
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

static void list_names(char *buf, size_t size)
{
	size_t n = 0;
	buf[0] = 0;
	for (size_t f = 0; f < hook_family_count; f++)
		for (size_t i = 0; i < hook_families[f]->n && n < size; i++)
			n += (size_t)snprintf(buf + n, size - n, "%s%s", n ? ", " : "",
				hook_families[f]->hooks[i].sec);
}

const struct hook *hook_find(const char *sec, const char **target, struct err *e)
{
	for (size_t f = 0; f < hook_family_count; f++)
		for (size_t i = 0; i < hook_families[f]->n; i++)
			if (answers(&hook_families[f]->hooks[i], sec, target))
				return &hook_families[f]->hooks[i];
	char names[400];
	list_names(names, sizeof names);
	err_set(e,
		"unknown section name '%s': it says neither what kind of program this is nor "
		"where it attaches",
		sec);
	err_hint(e, "known are: %s", names);
	return NULL;
}
