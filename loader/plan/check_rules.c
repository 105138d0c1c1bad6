/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Rules for saved plans beyond the types of arguments: a plan may only do what the planner could
 * have planned. */
#include "step_op.h"

#include "abi.h"
#include "kernel_fs.h"
#include "plan.h"

#include <string.h>

/* A plan only removes what it has created itself, and only if it fails. */
bool step_removes_own(const struct plan *p, const struct plan_step *s)
{
	if (s->undoes == PLAN_NONE || !(s->flags & STEP_ON_FAILURE))
		return false;
	const struct plan_step *made = &p->steps[s->undoes];
	if (made->op == STEP_MKDIR)
		return made->args[0].blob == s->args[0].blob;
	if (made->op != STEP_BPF || made->cmd != BPF_OBJ_PIN || made->attr == PLAN_NONE)
		return false;
	const struct plan_blob *attr = &p->blobs[made->attr];
	for (size_t i = 0; i < attr->n_patches; i++)
		if (attr->patches[i].what == PATCH_BLOB && attr->patches[i].at == 0 &&
			attr->patches[i].index == s->args[0].blob)
			return true;
	return false;
}

/* "p:sonde/NAME PLACE", "r:sonde/NAME PLACE" or "-:sonde/NAME": a single line without comment. */
static bool is_probe_line(const char *line)
{
	static const char group[] = ":" PLAN_PROBES "/",
			  letters[] =
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
	if (!*line || !strchr("pr-", *line) || strncmp(line + 1, group, strlen(group)))
		return false;
	const char *name = line + 1 + strlen(group), *end = name + strspn(name, letters);
	bool ends = *line == '-' ? !*end : *end == ' ';
	for (const char *c = end; *c; c++)
		ends = ends && (uint8_t)*c >= ' ' && *c != '#';
	return ends && end > name;
}

/* A plan only creates and removes probes in our group. */
bool step_appends_own(const struct plan *p, const struct plan_step *s)
{
	const struct plan_blob *file = &p->blobs[s->args[0].blob],
			       *line = &p->blobs[s->args[1].blob];
	const char *path = (const char *)file->bytes;
	for (size_t i = 0; i < line->n_patches; i++)
		if (line->patches[i].at < strlen("p:" PLAN_PROBES "/"))
			return false;
	return s->cmd == KFS_TRACE && !file->n_patches &&
	       (!strcmp(path, "kprobe_events") || !strcmp(path, "uprobe_events")) &&
	       is_probe_line((const char *)line->bytes);
}
