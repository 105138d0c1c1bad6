/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel_error_impl.h"

#include "elf/base/suggest.h"
#include "loader/hook/syscall_alias.h"
#include "loader/kernel/kallsyms.h"
#include "loader/kernel/netlink.h"
#include "loader/symbols/ksyms.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

bool explain_interface(const char *name, struct err *e)
{
	char names[400];
	err_set(e, "there is no network interface '%s'", name);
	return err_hint(e, "available interfaces: %s", netlink_interfaces(names, sizeof names));
}

/* The function that a step refers to, or NULL. */
static const char *function_of(const struct plan *p, const struct plan_step *s)
{
	const struct plan_blob *attr = s->attr == PLAN_NONE ? NULL : &p->blobs[s->attr];
	if (s->op == STEP_APPEND && s->args[2].blob != PLAN_NONE)
		return (const char *)p->blobs[s->args[2].blob].bytes;
	for (size_t i = 0; attr && i < attr->n_patches; i++) {
		const struct plan_blob *b = &p->blobs[attr->patches[i].index];
		if (attr->patches[i].what == PATCH_BLOB && !strcmp(b->what, "function"))
			return (const char *)b->bytes;
	}
	return NULL;
}

/* Since 6.7, writing a line for a function that does not exist fails with EINVAL. */
bool lacks_function(const struct exec *x, const struct plan_step *s, int no)
{
	const char *name = s->flags & STEP_FUNCTION ? function_of(x->plan, s) : NULL;
	if (s->op == STEP_APPEND && no == EINVAL)
		return name && kallsyms_address(x->kfs, name, false) == -ESRCH;
	return name && no == ENOENT;
}

bool explain_function(const struct exec *x, const struct plan_step *s, struct err *e)
{
	const char *name = function_of(x->plan, s), *why, *sys = strstr(name, "sys_");
	char similar[256];
	err_set(e, "this kernel has no function '%s' that can be probed", name);
	const char *today = sys ? syscall_alias(sys + 4, &why) : NULL;
	if (today)
		return err_hint(e, "%s: SEC(\"ksyscall/%s\")", why, today), true;
	ksyms_suggest(x->kfs, name, similar, sizeof similar);
	return *similar ? err_hint(e, "similar names: %s", similar), true : true;
}

/* The entries of a tracefs directory with the most similar names; false if there is no such
 * directory. */
static bool suggest_entry(
	struct kfs *k, const char *directory, const char *name, char *buf, size_t size)
{
	DIR *dir = kfs_list(k, KFS_TRACE, directory);
	struct suggestion similar = suggest_for(name);
	buf[0] = 0;
	if (!dir)
		return false;
	for (struct dirent *d; (d = readdir(dir));)
		suggest_consider(&similar, d->d_name);
	closedir(dir);
	suggest_text(&similar, buf, size);
	return true;
}

/* The most similar name for "events/CATEGORY/NAME/id": another event, or another category; "" if
 * there is none. */
static void suggest_tracepoint(struct kfs *k, const char *path, char *buf, size_t size)
{
	char directory[128], *category, *name, *end;
	snprintf(directory, sizeof directory, "%s", path);
	buf[0] = 0;
	if (!(category = strchr(directory, '/')) || !(name = strchr(category + 1, '/')) ||
		!(end = strchr(name + 1, '/')))
		return;
	*name = *end = 0;
	if (!suggest_entry(k, directory, name + 1, buf, size)) {
		*category = 0;
		suggest_entry(k, directory, category + 1, buf, size);
	}
}

void explain_tracepoint(const struct exec *x, const struct plan_step *s, struct err *e)
{
	char similar[SUGGEST_NAME_MAX + 1];
	size_t n = strlen(e->hint);
	if (s->op != STEP_READ || s->cmd != KFS_TRACE)
		return;
	suggest_tracepoint(x->kfs, (const char *)x->plan->blobs[s->args[0].blob].bytes, similar,
		sizeof similar);
	if (*similar && !strstr(e->hint, similar))
		snprintf(e->hint + n, sizeof e->hint - n, "; similar names: %s", similar);
}
