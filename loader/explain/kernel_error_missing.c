/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel_error_impl.h"

#include "elf/base/format.h"
#include "elf/base/suggest.h"
#include "loader/hook/event_names.h"
#include "loader/hook/syscall_alias.h"
#include "loader/plan/abi.h"
#include "loader/kernel/kallsyms.h"
#include "loader/kernel/netlink.h"
#include "loader/symbols/ksyms.h"

#include <errno.h>
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

/* Similar names for the function of a step, or else for the other one that the plan would have taken:
 * the wrapper of a system call. */
static void suggest_function(const struct exec *x, const struct plan_step *s, const char *name,
	char *similar, size_t size)
{
	const struct plan *p = x->plan;
	ksyms_suggest(x->kfs, name, similar, size);
	for (size_t i = 0; i < p->n_steps && !*similar; i++) {
		const char *other = p->steps[i].flags & STEP_FUNCTION && p->steps[i].prog == s->prog
		                            ? function_of(p, &p->steps[i])
		                            : NULL;
		if (other && strcmp(other, name) != 0)
			ksyms_suggest(x->kfs, other, similar, size);
	}
}

bool explain_function(const struct exec *x, const struct plan_step *s, struct err *e)
{
	/* The name in the section, rather than another one that was tried instead. */
	const struct plan_step *first = s;
	while (first->fallback_for != PLAN_NONE &&
		function_of(x->plan, &x->plan->steps[first->fallback_for]))
		first = &x->plan->steps[first->fallback_for];
	const char *name = function_of(x->plan, first), *why, *sys = strstr(name, "sys_");
	char similar[256];
	err_set(e, "this kernel has no function '%s' that can be probed", name);
	const char *today = sys ? syscall_alias(sys + 4, &why) : NULL;
	if (today)
		return err_hint(e, "%s: SEC(\"ksyscall/%s\")", why, today), true;
	if (event_find(x->kfs, name, similar, sizeof similar))
		return err_hint(e, "it is a tracepoint: SEC(\"tp/%s\")", similar), true;
	suggest_function(x, s, name, similar, sizeof similar);
	return *similar ? err_hint(e, "similar names: %s", similar), true : true;
}

static bool consider_event(void *ctx, const char *event)
{
	suggest_consider(ctx, event);
	return true;
}

/* Tracepoints of system calls are no raw tracepoints, which have no category. */
static bool consider_raw(void *ctx, const char *event)
{
	if (strncmp(event, "syscalls/", 9) != 0)
		suggest_consider(ctx, strchr(event, '/') + 1);
	return true;
}

/* Similar names for "events/CATEGORY/NAME/id": one of the same name in another category, or those that
 * differ little in both. */
static void suggest_event(struct kfs *k, const char *path, char *buf, size_t size)
{
	char wanted[160];
	const char *category = strchr(path, '/');
	text_print(wanted, sizeof wanted, "%s", category ? category + 1 : "");
	char *name = strchr(wanted, '/'), *end = name ? strchr(name + 1, '/') : NULL;
	*buf = 0;
	if (!end)
		return;
	*end = 0;
	struct suggestion similar = suggest_for(wanted);
	if (event_find(k, name + 1, buf, size))
		return;
	events_each(k, consider_event, &similar);
	suggest_text(&similar, buf, size);
}

const char *attr_text(const struct plan *p, const struct plan_step *s)
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
	char text[sizeof similar.near] = "";
	size_t n = strlen(e->hint);
	if (s->op == STEP_READ && s->cmd == KFS_TRACE) {
		suggest_event(x->kfs, (const char *)x->plan->blobs[s->args[0].blob].bytes, text,
			sizeof text);
	} else if (s->op == STEP_BPF && s->cmd == BPF_RAW_TRACEPOINT_OPEN &&
		   attr_text(x->plan, s)) {
		const char *name = attr_text(x->plan, s), *slash = strrchr(name, '/');
		similar = suggest_for(slash ? slash + 1 : name);
		events_each(x->kfs, consider_raw, &similar);
		suggest_text(&similar, text, sizeof text);
	}
	if (*text && !strstr(e->hint, text))
		text_print(e->hint + n, sizeof e->hint - n, "; similar names: %s", text);
}
