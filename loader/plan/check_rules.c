/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Rules for saved plans beyond the types of arguments: a plan may only do what the planner could
 * have planned. */
#include "check_impl.h"
#include "kernel_fs.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

static const char *text_of(const struct plan *p, const struct plan_arg *a)
{
	return (const char *)p->blobs[a->blob].bytes;
}

static bool is_constant(const struct plan_arg *a, int64_t value)
{
	return a->slot == PLAN_NONE && a->value == value;
}

static bool holds(const struct plan *p, const struct plan_arg *a, enum slot_kind kind)
{
	return a->slot != PLAN_NONE && p->slots[a->slot].kind == kind;
}

/* ---- bpf(2) and perf events ---- */

/* What a plan may call, and the command that it undoes. */
static const struct call_rule {
	uint8_t cmd, undoes;
	uint16_t flags;
	bool descriptor; /* the result is one */
} call_rules[] = {
	{BPF_MAP_CREATE, 0, 0, true},
	{BPF_MAP_UPDATE_ELEM, 0, STEP_UNLESS_ZERO, false},
	{BPF_MAP_FREEZE, 0, 0, false},
	{BPF_PROG_LOAD, 0, STEP_LOG, true},
	{BPF_OBJ_PIN, 0, 0, false},
	{BPF_OBJ_GET, 0, 0, true},
	{BPF_PROG_ATTACH, 0, 0, false},
	{BPF_PROG_TEST_RUN, 0, 0, false},
	{BPF_PROG_GET_FD_BY_ID, 0, 0, true},
	{BPF_MAP_GET_FD_BY_ID, 0, 0, true},
	{BPF_RAW_TRACEPOINT_OPEN, 0, 0, true},
	{BPF_BTF_LOAD, 0, STEP_LOG, true},
	{BPF_LINK_CREATE, 0, 0, true},
	{BPF_PROG_BIND_MAP, 0, 0, false},
	{BPF_TOKEN_CREATE, 0, 0, true},
	{BPF_LINK_UPDATE, 0, 0, false},
	{BPF_LINK_UPDATE, BPF_LINK_UPDATE, 0, false},
	{BPF_MAP_DELETE_ELEM, BPF_MAP_UPDATE_ELEM, 0, false},
	{BPF_PROG_DETACH, BPF_PROG_ATTACH, 0, false},
};
enum { LIMITED = STEP_LOG | STEP_UNLESS_ZERO };

bool step_calls_known(const struct plan *p, const struct plan_step *s)
{
	const struct plan_step *made = s->undoes == PLAN_NONE ? NULL : &p->steps[s->undoes];
	for (size_t i = 0; i < sizeof call_rules / sizeof *call_rules; i++) {
		const struct call_rule *r = &call_rules[i];
		if (s->cmd != r->cmd || s->flags & LIMITED & ~r->flags || !r->undoes != !made)
			continue;
		/* The same map, or the same program at the same target. */
		return check_attr(p, s) &&
		       (!made || (made->op == STEP_BPF && made->cmd == r->undoes &&
					 check_same(&p->blobs[s->attr], &p->blobs[made->attr], 0,
						 s->cmd == BPF_PROG_DETACH ? 12 : 4)));
	}
	return false;
}

static bool gives_descriptor(const struct plan_step *s)
{
	static const uint8_t ops[] = {STEP_PERF_OPEN, STEP_OPEN, STEP_SOCKET, STEP_TYPES,
		STEP_GETFD, STEP_NETNS, STEP_STAGE, STEP_SAME_LINK};
	for (size_t i = 0; i < sizeof call_rules / sizeof *call_rules; i++)
		if (s->op == STEP_BPF && s->cmd == call_rules[i].cmd)
			return call_rules[i].descriptor;
	return memchr(ops, s->op, sizeof ops);
}

bool check_result(const struct plan *p, const struct plan_step *s)
{
	bool number = s->slot == PLAN_NONE || p->slots[s->slot].kind == SLOT_NUMBER;
	if (!gives_descriptor(s))
		return number || !plan_step_has_result(p, s);
	/* What is left behind by going back to a namespace is not kept. */
	return !number || (s->op == STEP_NETNS && s->slot == PLAN_NONE);
}

bool step_opens_event(const struct plan *p, const struct plan_step *s)
{
	return check_attr(p, s) && is_constant(&s->args[2], -1) &&
	       is_constant(&s->args[3], PERF_FLAG_FD_CLOEXEC) && !(s->flags & LIMITED);
}

bool step_controls_event(const struct plan *p, const struct plan_step *s)
{
	return holds(p, &s->args[0], SLOT_PERF) &&
	       (s->cmd == PERF_EVENT_IOC_SET_BPF
			       ? holds(p, &s->args[1], SLOT_PROG)
			       : s->cmd == PERF_EVENT_IOC_ENABLE && is_constant(&s->args[1], 0));
}

/* The size of the map limits what is written through the mapping. */
bool step_maps_arena(const struct plan *p, const struct plan_step *s)
{
	struct check_shape shape;
	return holds(p, &s->args[0], SLOT_MAP) &&
	       check_map_shape(p, s->args[0].slot, (size_t)(s - p->steps), &shape) &&
	       shape.map_type == BPF_MAP_TYPE_ARENA;
}

/* ---- files ---- */

bool step_reads_known(const struct plan *p, const struct plan_step *s)
{
	static const struct {
		uint8_t op, fs;
		const char *begin;
	} files[] = {
		{STEP_READ, KFS_TRACE, "events/"},
		{STEP_READ, KFS_SYS, "bus/event_source/devices/"},
		{STEP_EXPECT, KFS_SYS, "bus/event_source/devices/"},
		{STEP_EXPECT, KFS_SECURITY, "lsm"},
		{STEP_FUNCTIONS, KFS_TRACE, "available_filter_functions"},
	};
	const char *path = text_of(p, &s->args[0]);
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		if (s->op == files[i].op && s->cmd == files[i].fs &&
			!strncmp(path, files[i].begin, strlen(files[i].begin)))
			return kfs_stays_below(path);
	return false;
}

/* Directories, namespaces and programs' places are opened for reading; a receiver is not. */
bool step_opens_place(const struct plan *p, const struct plan_step *s)
{
	const char *path = text_of(p, &s->args[0]);
	bool read = is_constant(&s->args[1], O_RDONLY) ||
	            is_constant(&s->args[1], O_RDONLY | O_DIRECTORY);
	if (s->cmd == KFS_PROC || s->cmd == KFS_CGROUP2)
		return read && kfs_stays_below(path);
	return s->cmd == KFS_COUNT &&
	       (read || (is_constant(&s->args[1], O_RDWR) &&
				!strncmp(path, PLAN_RECEIVERS, strlen(PLAN_RECEIVERS)) &&
				!strchr(path + 5, '/')));
}

bool step_mounts_bpf(const struct plan *p, const struct plan_step *s)
{
	(void)p;
	return s->cmd == KFS_BPF;
}

/* ---- sockets ---- */

bool step_makes_socket(const struct plan *p, const struct plan_step *s)
{
	(void)p;
	return is_constant(&s->args[0], AF_PACKET) && is_constant(&s->args[1], SOCK_RAW) &&
	       is_constant(&s->args[2], 0);
}

bool step_binds_socket(const struct plan *p, const struct plan_step *s)
{
	enum { SOCKADDR_LL = 20 };
	const struct plan_blob *address = &p->blobs[s->args[1].blob];
	return address->size == SOCKADDR_LL && bytes_get(address->bytes, 2, p->big) == AF_PACKET;
}

bool step_sets_option(const struct plan *p, const struct plan_step *s)
{
	static const struct {
		uint16_t set, unset;
	} programs[] = {{SO_ATTACH_BPF, SO_DETACH_BPF},
		{SO_ATTACH_REUSEPORT_EBPF, SO_DETACH_REUSEPORT_BPF}};
	const struct plan_step *made = s->undoes == PLAN_NONE ? NULL : &p->steps[s->undoes];
	if (!is_constant(&s->args[1], SOL_SOCKET) || !holds(p, &s->args[0], SLOT_FILE))
		return false;
	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
		if (made ? s->cmd == programs[i].unset && made->op == STEP_SOCKOPT &&
					made->cmd == programs[i].set &&
					made->args[0].slot == s->args[0].slot
			 : s->cmd == programs[i].set && holds(p, &s->args[2], SLOT_PROG))
			return true;
	return !made && s->cmd == SO_RCVBUF && is_constant(&s->args[2], 1);
}

/* ---- removals and probes ---- */

/* A plan only removes what it has created itself, and only if it fails. */
bool step_removes_own(const struct plan *p, const struct plan_step *s)
{
	if (s->undoes == PLAN_NONE || !(s->flags & STEP_ON_FAILURE))
		return false;
	const struct plan_step *made = &p->steps[s->undoes];
	if (made->op == STEP_MKDIR || made->op == STEP_STAGE)
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
	const char *path = text_of(p, &s->args[0]);
	for (size_t i = 0; i < line->n_patches; i++)
		if (line->patches[i].at < strlen("p:" PLAN_PROBES "/"))
			return false;
	return s->cmd == KFS_TRACE && !file->n_patches &&
	       (!strcmp(path, "kprobe_events") || !strcmp(path, "uprobe_events")) &&
	       is_probe_line((const char *)line->bytes);
}

/* ---- folders of pins ---- */

static bool same_text(const struct plan *p, const struct plan_arg *a, const struct plan_arg *b)
{
	return !strcmp(text_of(p, a), text_of(p, b));
}

bool step_stages_pins(const struct plan *p, const struct plan_step *s)
{
	const char *stage = text_of(p, &s->args[0]), *folder = text_of(p, &s->args[1]);
	size_t n = strlen(folder);
	return s->undoes == PLAN_NONE && *folder && !strncmp(stage, folder, n) &&
	       !strcmp(stage + n, PLAN_STAGE) && !p->blobs[s->args[0].blob].n_patches &&
	       !p->blobs[s->args[1].blob].n_patches;
}

bool step_signs(const struct plan *p, const struct plan_step *s)
{
	const struct plan_blob *record = &p->blobs[s->args[0].blob];
	return record->size == PLAN_RECORD && !record->n_patches;
}

/* Only of the folder that an earlier step has staged, and under its own names. */
bool step_moves_pins(const struct plan *p, const struct plan_step *s)
{
	for (const struct plan_step *made = p->steps; made < s; made++) {
		if (made->op != STEP_STAGE)
			continue;
		bool from = same_text(p, &s->args[0], &made->args[0]);
		if (s->op == STEP_CLEAR)
			return from;
		if (s->op == STEP_ACCESS)
			return from && (s->args[1].blob == PLAN_NONE ||
					       same_text(p, &s->args[1], &made->args[1]));
		const int back = s->undoes != PLAN_NONE;
		return same_text(p, &s->args[back], &made->args[0]) &&
		       same_text(p, &s->args[!back], &made->args[1]);
	}
	return false;
}
