/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel_error_impl.h"

#include "elf/base/suggest.h"
#include "loader/hook/syscall_alias.h"
#include "loader/plan/abi.h"
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
	return err_hint(e, "available interfaces: %s; of another namespace: NETNS:INTERFACE",
		netlink_interfaces(names, sizeof names));
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

/* Similar names among the entries of a tracefs directory; false if there is no such directory. */
static bool suggest_entry(struct kfs *k, const char *directory, struct suggestion *similar)
{
	DIR *dir = kfs_list(k, KFS_TRACE, directory);
	if (!dir)
		return false;
	for (struct dirent *d; (d = readdir(dir));)
		suggest_consider(similar, d->d_name);
	closedir(dir);
	return true;
}

/* Similar names for "events/CATEGORY/NAME/id": other events, or other categories. path is cut. */
static struct suggestion suggest_event(struct kfs *k, char *path)
{
	char *category = strchr(path, '/'), *name = category ? strchr(category + 1, '/') : NULL;
	char *end = name ? strchr(name + 1, '/') : NULL;
	struct suggestion similar = suggest_for(end ? name + 1 : "");
	if (!end)
		return similar;
	*name = *end = 0;
	if (!suggest_entry(k, path, &similar)) {
		*category = 0;
		similar = suggest_for(category + 1);
		suggest_entry(k, path, &similar);
	}
	return similar;
}

/* Similar names for a raw tracepoint, which has no category. */
static struct suggestion suggest_raw(struct kfs *k, const char *name)
{
	struct suggestion similar = suggest_for(name);
	char line[160];
	FILE *f;
	kfs_stream(k, KFS_TRACE, "available_events", &f);
	while (f && fgets(line, sizeof line, f)) {
		char *colon = strchr(line, ':');
		line[strcspn(line, "\n")] = 0;
		if (colon)
			suggest_consider(&similar, colon + 1);
	}
	if (f)
		fclose(f);
	return similar;
}

/* The name in the attr of BPF_RAW_TRACEPOINT_OPEN, NULL if it has none. */
static const char *raw_name(const struct plan *p, const struct plan_step *s)
{
	const struct plan_blob *attr = s->attr == PLAN_NONE ? NULL : &p->blobs[s->attr];
	for (size_t i = 0; attr && i < attr->n_patches; i++)
		if (attr->patches[i].what == PATCH_BLOB)
			return (const char *)p->blobs[attr->patches[i].index].bytes;
	return NULL;
}

void explain_tracepoint(const struct exec *x, const struct plan_step *s, struct err *e)
{
	struct suggestion similar = {0};
	char text[sizeof similar.near];
	size_t n = strlen(e->hint);
	if (s->op == STEP_READ && s->cmd == KFS_TRACE) {
		snprintf(text, sizeof text, "%s",
			(const char *)x->plan->blobs[s->args[0].blob].bytes);
		similar = suggest_event(x->kfs, text);
	} else if (s->op == STEP_BPF && s->cmd == BPF_RAW_TRACEPOINT_OPEN && raw_name(x->plan, s)) {
		similar = suggest_raw(x->kfs, raw_name(x->plan, s));
	}
	if (similar.n && !strstr(e->hint, similar.near[0].name))
		snprintf(e->hint + n, sizeof e->hint - n, "; similar names: %s",
			suggest_text(&similar, text, sizeof text));
}
