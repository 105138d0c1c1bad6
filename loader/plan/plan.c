/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "plan.h"

#include "abi.h"
#include "kernel_fs.h"

enum { NETLINK_HEADER = 16, HEX_MAX = 16 };

#include <limits.h>
#include <stdio.h>

/* ---- slots, blobs, patches ---- */

static void fail_memory(struct planner *b)
{
	err_nomem(b->e);
	b->failed = true;
}

/* Room for one more element, cleared, or NULL; indices are 16 bits wide. */
#define ADD(b, list, count, room)                                                                  \
	((list) = add((b), (list), &(count), &(room), sizeof *(list)),                             \
		(b)->failed ? NULL : &(list)[(count)-1])

static void *add(struct planner *b, void *list, size_t *count, size_t *room, size_t size)
{
	if (b->failed)
		return list;
	if (*count >= INT16_MAX) {
		b->failed = true;
		err_set(b->e, "a plan has room for %d steps, slots or blobs", INT16_MAX);
		return list;
	}
	void *p = arena_grow(b->plan->arena, list, *count, room, size);
	if (!p) {
		fail_memory(b);
		return list;
	}
	memset((char *)p + *count * size, 0, size);
	++*count;
	return p;
}

int16_t plan_add_slot(struct planner *b, enum slot_kind kind, const char *name)
{
	struct plan *p = b->plan;
	struct plan_slot *s = ADD(b, p->slots, p->n_slots, p->slots_room);
	if (!s)
		return PLAN_NONE;
	*s = (struct plan_slot){.kind = (uint8_t)kind, .name = name};
	return (int16_t)(p->n_slots - 1);
}

static int16_t add_blob(struct planner *b, uint8_t *bytes, size_t size, const char *what)
{
	struct plan *p = b->plan;
	struct plan_blob *blob = ADD(b, p->blobs, p->n_blobs, p->blobs_room);
	if (!blob)
		return PLAN_NONE;
	*blob = (struct plan_blob){.bytes = bytes, .size = (uint32_t)size, .what = what};
	return (int16_t)(p->n_blobs - 1);
}

int16_t plan_add_blob(struct planner *b, const void *bytes, size_t size, const char *what)
{
	if (b->failed)
		return PLAN_NONE;
	uint8_t *copy = size > UINT32_MAX ? NULL : arena_alloc(b->plan->arena, size);
	if (!copy) {
		fail_memory(b);
		return PLAN_NONE;
	}
	if (bytes)
		memcpy(copy, bytes, size);
	return add_blob(b, copy, size, what);
}

int16_t plan_add_output(struct planner *b, size_t size, const char *what)
{
	return add_blob(b, NULL, size, what);
}

void plan_add_patch(struct planner *b, int16_t blob, struct plan_patch patch)
{
	if (b->failed)
		return;
	struct plan_blob *to = &b->plan->blobs[blob];
	struct plan_patch *added = ADD(b, to->patches, to->n_patches, to->patches_room);
	if (added)
		*added = patch;
}

/* ---- steps ---- */

struct plan_step *plan_step_at(struct planner *b, int16_t step)
{
	return b->failed ? NULL : &b->plan->steps[step];
}

int16_t plan_add_step(struct planner *b, enum step_op op, uint32_t cmd, int16_t slot,
	const struct plan_step *like)
{
	struct plan *p = b->plan;
	int16_t attr = op == STEP_BPF || op == STEP_PERF_OPEN ? plan_add_blob(b, NULL, 0, "attr")
	                                                      : PLAN_NONE;
	struct plan_step *s = ADD(b, p->steps, p->n_steps, p->steps_room);
	if (!s)
		return PLAN_NONE;
	*s = (struct plan_step){.op = (uint8_t)op,
		.cmd = cmd,
		.attr = attr,
		.slot = slot,
		.prog = like->prog,
		.instead = PLAN_NONE,
		.undoes = PLAN_NONE,
		.who = like->who,
		.doing = like->doing,
		.note = "",
		.hint = ""};
	for (int i = 0; i < PLAN_ARGS; i++)
		s->args[i] = (struct plan_arg){0, PLAN_NONE, PLAN_NONE};
	return (int16_t)(p->n_steps - 1);
}

void plan_add_hint(struct planner *b, int16_t step, uint16_t no, const char *text)
{
	struct plan_step *s = plan_step_at(b, step);
	for (int i = 0; s && i < PLAN_HINTS; i++)
		if (!s->hints[i].no) {
			s->hints[i] = (struct plan_hint){no, text};
			return;
		}
}

const char *plan_text(struct planner *b, const char *s)
{
	if (s)
		return s;
	if (!b->failed)
		fail_memory(b);
	return "";
}

int16_t plan_add_undo(struct planner *b, enum step_op op, uint32_t cmd, int16_t step)
{
	struct plan_step like = {.prog = PLAN_NONE};
	const struct plan_step *of = plan_step_at(b, step);
	if (!of)
		return PLAN_NONE;
	like.who = of->who;
	like.prog = of->prog;
	like.doing = "detach";
	int16_t at = plan_add_step(b, op, cmd, PLAN_NONE, &like);
	struct plan_step *s = plan_step_at(b, at);
	if (s)
		s->undoes = step;
	return at;
}

int16_t plan_add_instead(
	struct planner *b, int16_t step, const char *note, const uint16_t errs[static PLAN_ERRS])
{
	struct plan *p = b->plan;
	struct plan_step *s = ADD(b, p->steps, p->n_steps, p->steps_room);
	if (!s)
		return PLAN_NONE;
	*s = p->steps[step];
	s->instead = step;
	s->note = note;
	memcpy(s->errs, errs, sizeof s->errs);
	int16_t at = (int16_t)(p->n_steps - 1);
	if (p->steps[at].attr < 0)
		return at;
	struct plan_blob old = p->blobs[p->steps[at].attr];
	int16_t copy = plan_add_blob(b, old.bytes, old.size, old.what);
	for (size_t i = 0; i < old.n_patches; i++)
		plan_add_patch(b, copy, old.patches[i]);
	if (!b->failed)
		p->steps[at].attr = copy;
	return at;
}

bool plan_step_gives(const struct plan *p, const struct plan_step *s)
{
	if (s->slot == PLAN_NONE)
		return false;
	if (p->slots[s->slot].kind == SLOT_NUMBER)
		return true;
	return s->op != STEP_IOCTL && s->op != STEP_NETLINK && s->op != STEP_SOCKOPT &&
	       (s->op != STEP_BPF || (s->cmd != BPF_PROG_ATTACH && s->cmd != BPF_MAP_UPDATE_ELEM &&
					     s->cmd != BPF_PROG_TEST_RUN));
}

/* ---- attributes by the names of the ABI ---- */

static bool field_of(struct planner *b, int16_t step, const char *name, struct abi_field *f)
{
	if (b->failed)
		return false;
	const struct plan_step *s = &b->plan->steps[step];
	if (abi_field_by_name(s->op == STEP_BPF ? s->cmd : ABI_PERF_ATTR, name, f))
		return true;
	err_set(b->e, "step %d, command %u: its attr has no field '%s'", step + 1, s->cmd, name);
	b->failed = true;
	return false;
}

static struct plan_blob *attr_of(struct planner *b, int16_t step)
{
	return &b->plan->blobs[b->plan->steps[step].attr];
}

/* The bytes of a field, after the attr has grown over it. */
static uint8_t *reach(struct planner *b, int16_t step, const struct abi_field *f)
{
	struct plan_blob *attr = attr_of(b, step);
	uint32_t end = (uint32_t)f->offset + f->size;
	if (end > attr->size) {
		uint8_t *p = arena_alloc(b->plan->arena, end);
		if (!p) {
			fail_memory(b);
			return NULL;
		}
		memcpy(p, attr->bytes, attr->size);
		attr->bytes = p;
		attr->size = end;
	}
	return attr->bytes + f->offset;
}

void attr_set(struct planner *b, int16_t step, const char *field, uint64_t value)
{
	struct abi_field f;
	uint8_t *p = field_of(b, step, field, &f) ? reach(b, step, &f) : NULL;
	if (p && f.kind == ABI_BIT) { /* the first one is the lowest, or the highest */
		uint64_t bit = (uint64_t)1 << (b->plan->big ? f.size * 8u - 1 - f.bit : f.bit);
		uint64_t old = bytes_get(p, f.size, b->plan->big);
		value = value ? old | bit : old & ~bit;
	}
	if (p)
		bytes_put(p, f.size, b->plan->big, value);
}

static void attr_patch(
	struct planner *b, int16_t step, const char *field, enum patch_what what, int16_t index)
{
	struct abi_field f;
	if (field_of(b, step, field, &f) && reach(b, step, &f))
		plan_add_patch(b, b->plan->steps[step].attr,
			(struct plan_patch){f.offset, f.size, (uint8_t)what, (uint16_t)index, 0});
}

void attr_slot(struct planner *b, int16_t step, const char *field, int16_t slot)
{
	attr_patch(b, step, field, PATCH_SLOT, slot);
}

void attr_blob(struct planner *b, int16_t step, const char *field, int16_t blob)
{
	attr_patch(b, step, field, PATCH_BLOB, blob);
}

void attr_name(struct planner *b, int16_t step, const char *field, const char *name)
{
	struct abi_field f;
	uint8_t *p = field_of(b, step, field, &f) ? reach(b, step, &f) : NULL;
	for (size_t i = 0; p && i + 1 < f.size && name[i]; i++) {
		char c = name[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		            (c >= '0' && c <= '9') || c == '_' || c == '.';
		p[i] = (uint8_t)(fine ? c : '_');
	}
}

/* The attr ends with the last field that says something. */
static void shrink(struct plan_blob *attr, unsigned layout)
{
	struct abi_field f;
	struct span s = {attr->bytes, attr->size, false};
	uint32_t end = 0;
	for (unsigned i = 0; abi_field(layout, i, &f); i++) {
		uint32_t field_end = (uint32_t)f.offset + f.size;
		for (unsigned k = f.offset; k < field_end; k++)
			end = span_u8(s, k) && field_end > end ? field_end : end;
	}
	for (size_t i = 0; i < attr->n_patches; i++) {
		uint32_t patch_end = attr->patches[i].at + attr->patches[i].size;
		end = patch_end > end ? patch_end : end;
	}
	attr->size = end < attr->size ? end : attr->size;
}

void attr_clear(struct planner *b, int16_t step, const char *field)
{
	struct abi_field f;
	if (!field_of(b, step, field, &f))
		return;
	struct plan_blob *attr = attr_of(b, step);
	size_t kept = 0;
	if (span_has((struct span){attr->bytes, attr->size, false}, f.offset, f.size))
		memset(attr->bytes + f.offset, 0, f.size);
	for (size_t i = 0; i < attr->n_patches; i++)
		if (attr->patches[i].at != f.offset)
			attr->patches[kept++] = attr->patches[i];
	attr->n_patches = kept;
	const struct plan_step *s = &b->plan->steps[step];
	shrink(attr, s->op == STEP_BPF ? s->cmd : ABI_PERF_ATTR);
}

/* ---- the check ---- */

static bool index_ok(int index, size_t n)
{
	return index == PLAN_NONE || (index >= 0 && (size_t)index < n);
}

/* attr -> array of pointers -> strings is the deepest that any call needs. A plan from a file might
 * go round in circles. */
static bool depth_ok(const struct plan *p, size_t blob, int depth)
{
	if (depth > 3)
		return false;
	for (size_t k = 0; k < p->blobs[blob].n_patches; k++) {
		const struct plan_patch *patch = &p->blobs[blob].patches[k];
		if (patch->what == PATCH_BLOB && !depth_ok(p, patch->index, depth + 1))
			return false;
	}
	return true;
}

static bool patch_ok(
	const struct plan *p, const struct plan_blob *blob, const struct plan_patch *patch)
{
	bool slot = patch->what == PATCH_SLOT && patch->index < p->n_slots &&
	            (patch->size == 4 || patch->size == 8);
	bool high = patch->what == PATCH_HIGH && patch->index < p->n_slots && patch->size == 4;
	bool digits = patch->what == PATCH_HEX && patch->index < p->n_slots && patch->size &&
	              patch->size <= HEX_MAX;
	bool address = patch->what == PATCH_BLOB && patch->index < p->n_blobs && patch->size == 8 &&
	               patch->add <= p->blobs[patch->index].size;
	return blob->bytes && (slot || high || digits || address) && patch->at <= blob->size &&
	       patch->size <= blob->size - patch->at;
}

static bool check_blobs(const struct plan *p, struct err *e)
{
	for (size_t i = 0; i < p->n_blobs; i++)
		for (size_t k = 0; k < p->blobs[i].n_patches; k++)
			if (!patch_ok(p, &p->blobs[i], &p->blobs[i].patches[k]))
				return err_set(
					e, "blob %zu: patch %zu is outside of the plan", i, k);
	for (size_t i = 0; i < p->n_blobs; i++)
		if (!depth_ok(p, i, 0))
			return err_set(e, "blob %zu points in circles", i);
	return true;
}

/* Text that ends, whatever becomes of its patches. */
static bool is_string(const struct plan *p, int16_t blob)
{
	const struct plan_blob *b = blob == PLAN_NONE ? NULL : &p->blobs[blob];
	const uint8_t *end = b && b->bytes ? memchr(b->bytes, 0, b->size) : NULL;
	for (size_t i = 0; end && i < b->n_patches; i++)
		if (b->patches[i].what != PATCH_HEX ||
			b->patches[i].at + b->patches[i].size > (size_t)(end - b->bytes))
			return false;
	return end;
}

/* A plan removes nothing but what it has made itself, and only when it fails. */
static bool removes_own(const struct plan *p, const struct plan_step *s)
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

/* "p:sonde/NAME PLACE", "r:sonde/NAME PLACE" or "-:sonde/NAME", on one line and without comment. */
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

/* A plan makes and removes no probes but those of our group. */
static bool appends_own(const struct plan *p, const struct plan_step *s)
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

static bool check_step(const struct plan *p, size_t i, struct err *e)
{
	const struct plan_step *s = &p->steps[i];
	bool ok = s->op < STEP_OPS && index_ok(s->attr, p->n_blobs) &&
	          index_ok(s->slot, p->n_slots) && index_ok(s->prog, p->n_progs) &&
	          index_ok(s->instead, i) && index_ok(s->undoes, i);
	for (int k = 0; k < PLAN_ARGS; k++)
		ok = ok && index_ok(s->args[k].slot, p->n_slots) &&
		     index_ok(s->args[k].blob, p->n_blobs);
	ok = ok && (s->attr == PLAN_NONE || p->blobs[s->attr].bytes);
	if (ok && (s->op == STEP_BPF || s->op == STEP_PERF_OPEN || s->flags & STEP_UNLESS_ZERO))
		ok = s->attr != PLAN_NONE;
	if (s->op == STEP_READ || s->op == STEP_EXPECT || s->op == STEP_OPEN ||
		s->op == STEP_IFINDEX || s->op == STEP_SYMBOL || s->op == STEP_TYPES ||
		s->op == STEP_MKDIR || s->op == STEP_REMOVE || s->op == STEP_APPEND)
		ok = ok && is_string(p, s->args[0].blob);
	if (s->op == STEP_REMOVE)
		ok = ok && removes_own(p, s);
	if (s->op == STEP_EXPECT || s->op == STEP_FUNC || s->op == STEP_APPEND)
		ok = ok && is_string(p, s->args[1].blob);
	if (s->op == STEP_APPEND)
		ok = ok && appends_own(p, s) &&
		     (s->args[2].blob == PLAN_NONE || is_string(p, s->args[2].blob));
	if (s->op == STEP_SAME)
		ok = ok && s->args[1].value >= 0 && (uint64_t)s->args[1].value < i &&
		     p->steps[s->args[1].value].op == STEP_BPF &&
		     p->steps[s->args[1].value].cmd == BPF_MAP_CREATE;
	if (s->op == STEP_ARENA && ok && s->args[3].blob != PLAN_NONE)
		ok = p->blobs[s->args[3].blob].bytes;
	if (s->op == STEP_NETLINK)
		ok = ok && s->args[0].blob != PLAN_NONE && p->blobs[s->args[0].blob].bytes &&
		     p->blobs[s->args[0].blob].size >= NETLINK_HEADER;
	if (s->op == STEP_BIND)
		ok = ok && s->args[1].blob != PLAN_NONE && p->blobs[s->args[1].blob].bytes;
	return ok || err_set(e, "step %zu refers to something outside of the plan", i + 1);
}

bool plan_check(const struct plan *p, struct err *e)
{
	bool ok = check_blobs(p, e);
	for (size_t i = 0; i < p->n_steps && ok; i++)
		ok = check_step(p, i, e);
	for (size_t i = 0; i < p->n_slots && ok; i++)
		ok = p->slots[i].kind < SLOT_KINDS || err_set(e, "slot %zu: unknown kind", i);
	for (size_t i = 0; i < p->n_maps && ok; i++)
		ok = (index_ok(p->maps[i].slot, p->n_slots) &&
			     index_ok(p->maps[i].init, p->n_blobs)) ||
		     err_set(e, "map %zu refers to something outside of the plan", i);
	for (size_t i = 0; i < p->n_progs && ok; i++)
		ok = (index_ok(p->progs[i].slot, p->n_slots) &&
			     index_ok(p->progs[i].link, p->n_slots) &&
			     index_ok(p->progs[i].insns, p->n_blobs)) ||
		     err_set(e, "program %zu refers to something outside of the plan", i);
	return ok || err_where(e, "%s: a damaged plan", p->path);
}
