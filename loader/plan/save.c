/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The same functions save and load a plan: each io_*() writes a field to the file or reads it from
 * there. So both directions always use the same format.
 */
#include "save.h"
#include "check.h"

/* Increment the version whenever the format changes. */
static const char magic[] = "sonde plan 7\n", any_magic[] = "sonde plan ";
enum {
	MAGIC = sizeof magic - 1,
	ANY_MAGIC = sizeof any_magic - 1,
	COUNT_MAX = INT16_MAX,
	ORDER_MARK = 0x1234
};

struct io {
	bool reading, failed;
	struct arena *arena;
	struct span in; /* reading: the file */
	size_t at;      /* reading: the current offset */
	uint8_t *out;   /* writing: n bytes so far */
	size_t n, room;
};

static uint8_t *io_room(struct io *io, size_t size)
{
	if (io->failed || size > SIZE_MAX / 4) {
		io->failed = true;
		return NULL;
	}
	if (io->n + size > io->room) {
		size_t room = (io->n + size) * 2;
		uint8_t *p = arena_alloc(io->arena, room);
		if (!p) {
			io->failed = true;
			return NULL;
		}
		if (io->n)
			memcpy(p, io->out, io->n);
		io->out = p;
		io->room = room;
	}
	io->n += size;
	return io->out + io->n - size;
}

/* The next size bytes of the file; NULL, with failed set, if it is shorter. */
static const uint8_t *io_take(struct io *io, size_t size)
{
	if (io->failed || !span_has(io->in, io->at, size)) {
		io->failed = true;
		return NULL;
	}
	io->at += size;
	return io->in.p + io->at - size;
}

static uint64_t io_uint(struct io *io, unsigned size, uint64_t value)
{
	if (io->reading) {
		const uint8_t *p = io_take(io, size);
		return p ? bytes_get(p, size, io->in.big) : 0;
	}
	uint8_t *p = io_room(io, size);
	if (p)
		bytes_put(p, size, host_is_big(), value);
	return value;
}

/* An integer of any type, including signed ones. */
#define IO(io, lvalue)                                                                             \
	((lvalue) = (__typeof__(lvalue))io_uint((io), sizeof(lvalue), (uint64_t)(lvalue)))

static void io_bytes(struct io *io, uint8_t **bytes, uint32_t size)
{
	if (io->reading) {
		const uint8_t *p = io_take(io, size);
		*bytes = p ? arena_copy(io->arena, p, size) : NULL;
		io->failed |= !*bytes;
	} else {
		uint8_t *p = io_room(io, size);
		if (p && size)
			memcpy(p, *bytes, size);
	}
}

/* A string; NULL is saved as "". */
static void io_str(struct io *io, const char **s)
{
	const char *text = *s ? *s : "";
	uint32_t size = io->reading ? 0 : (uint32_t)strlen(text);
	IO(io, size);
	if (!io->reading) {
		uint8_t *p = (uint8_t *)(uintptr_t)text;
		io_bytes(io, &p, size);
		return;
	}
	const uint8_t *p = io_take(io, size);
	*s = p ? arena_strndup(io->arena, (const char *)p, size) : "";
	io->failed |= !*s;
}

/* The number of elements of a table; when reading, also allocates the zeroed table. */
static void *io_table(struct io *io, void *list, size_t *count, size_t size)
{
	uint16_t n = (uint16_t)*count;
	IO(io, n);
	if (!io->reading)
		return list;
	/* Each element takes at least one byte, so a larger count cannot be valid. */
	if (n > COUNT_MAX || n > io->in.n)
		io->failed = true;
	*count = io->failed ? 0 : n;
	list = arena_array(io->arena, *count, size);
	if (!list) {
		io->failed = true;
		*count = 0;
	}
	return list;
}

#define IO_TABLE(io, list, count) ((list) = io_table((io), (list), &(count), sizeof *(list)))

static void io_blob(struct io *io, struct plan_blob *b)
{
	uint8_t output = !b->bytes;
	IO(io, output);
	IO(io, b->size);
	io_str(io, &b->what);
	if (!output)
		io_bytes(io, &b->bytes, b->size);
	IO_TABLE(io, b->patches, b->n_patches);
	for (size_t i = 0; i < b->n_patches; i++) {
		IO(io, b->patches[i].at);
		IO(io, b->patches[i].size);
		IO(io, b->patches[i].what);
		IO(io, b->patches[i].index);
		IO(io, b->patches[i].add);
	}
}

static void io_step(struct io *io, struct plan_step *s)
{
	IO(io, s->op);
	IO(io, s->flags);
	IO(io, s->cmd);
	IO(io, s->attr);
	IO(io, s->slot);
	IO(io, s->prog);
	IO(io, s->fallback_for);
	IO(io, s->undoes);
	for (int i = 0; i < PLAN_ERRS; i++)
		IO(io, s->tolerated[i]);
	for (int i = 0; i < PLAN_ERRS; i++)
		IO(io, s->errs[i]);
	for (int i = 0; i < PLAN_ARGS; i++) {
		IO(io, s->args[i].value);
		IO(io, s->args[i].slot);
		IO(io, s->args[i].blob);
	}
	io_str(io, &s->who);
	io_str(io, &s->doing);
	io_str(io, &s->note);
	io_str(io, &s->hint);
	for (int i = 0; i < PLAN_HINTS; i++) {
		IO(io, s->hints[i].no);
		io_str(io, &s->hints[i].text);
	}
}

static void io_map(struct io *io, struct plan_map *m)
{
	io_str(io, &m->name);
	IO(io, m->slot);
	IO(io, m->init);
	IO(io, m->map_type);
	IO(io, m->key_size);
	IO(io, m->value_size);
	IO(io, m->max_entries);
	IO(io, m->map_flags);
	IO(io, m->key_type);
	IO(io, m->value_type);
	IO(io, m->event_type);
	io_str(io, &m->event_note);
	IO_TABLE(io, m->record_types, m->n_record_types);
	for (size_t i = 0; i < m->n_record_types; i++) {
		IO(io, m->record_types[i].type);
		IO(io, m->record_types[i].size);
		IO(io, m->record_types[i].tag_off);
		IO(io, m->record_types[i].tag_size);
		IO(io, m->record_types[i].tag);
	}
	IO(io, m->data);
	IO(io, m->frozen);
}

static void io_prog(struct io *io, struct plan_prog *p)
{
	io_str(io, &p->name);
	io_str(io, &p->sec);
	IO(io, p->prog_type);
	IO(io, p->attach_type);
	IO(io, p->slot);
	IO(io, p->link);
	IO(io, p->insns);
	IO_TABLE(io, p->formats, p->n_formats);
	for (size_t i = 0; i < p->n_formats; i++)
		io_str(io, &p->formats[i]);
	IO(io, p->record.type);
	IO(io, p->record.size);
	io_str(io, &p->event_note);
	IO(io, p->prints);
	IO(io, p->streams);
	IO(io, p->unknown_format);
	IO_TABLE(io, p->poison, p->n_poison);
	for (size_t i = 0; i < p->n_poison; i++) {
		IO(io, p->poison[i].insn);
		io_str(io, &p->poison[i].what);
		io_str(io, &p->poison[i].why);
	}
}

static void io_plan(struct io *io, struct plan *p)
{
	uint8_t *btf = (uint8_t *)(uintptr_t)p->btf.p;
	uint32_t btf_size = (uint32_t)p->btf.n;
	io_str(io, &p->name);
	io_str(io, &p->release);
	io_str(io, &p->machine);
	IO(io, p->big);
	IO(io, p->page_size);
	IO(io, btf_size);
	io_bytes(io, &btf, btf_size);
	p->btf = (struct span){btf, btf ? btf_size : 0, p->big};
	IO_TABLE(io, p->slots, p->n_slots);
	for (size_t i = 0; i < p->n_slots; i++) {
		IO(io, p->slots[i].kind);
		io_str(io, &p->slots[i].name);
	}
	IO_TABLE(io, p->blobs, p->n_blobs);
	for (size_t i = 0; i < p->n_blobs; i++)
		io_blob(io, &p->blobs[i]);
	IO_TABLE(io, p->steps, p->n_steps);
	for (size_t i = 0; i < p->n_steps; i++)
		io_step(io, &p->steps[i]);
	IO_TABLE(io, p->maps, p->n_maps);
	for (size_t i = 0; i < p->n_maps; i++)
		io_map(io, &p->maps[i]);
	IO_TABLE(io, p->progs, p->n_progs);
	for (size_t i = 0; i < p->n_progs; i++)
		io_prog(io, &p->progs[i]);
}

struct span plan_save(const struct plan *p, struct arena *a, struct err *e)
{
	struct plan copy = *p; /* io_plan() also serves loading, so p cannot be const */
	struct io io = {.arena = a};
	uint8_t *head = io_room(&io, MAGIC);
	uint16_t mark = ORDER_MARK;
	if (head)
		memcpy(head, magic, MAGIC);
	IO(&io, mark);
	io_plan(&io, &copy);
	if (io.failed) {
		err_nomem(e);
		err_where(e, "%s", p->path);
		return (struct span){0};
	}
	return (struct span){io.out, io.n, host_is_big()};
}

bool plan_is_saved(struct span bytes)
{
	return span_has(bytes, 0, ANY_MAGIC) && !memcmp(bytes.p, any_magic, ANY_MAGIC);
}

bool plan_load(struct plan *p, const char *path, struct span bytes, struct arena *a, struct err *e)
{
	struct io io = {.reading = true, .arena = a, .in = bytes, .at = MAGIC};
	uint16_t mark = 0;
	*p = (struct plan){0};
	if (!span_has(bytes, 0, MAGIC) || memcmp(bytes.p, magic, MAGIC) != 0) {
		err_set(e, "%s: saved by another version of sonde", path);
		return err_hint(e, "save it again from the object: sonde plan -o");
	}
	io.in.big = false;
	IO(&io, mark);
	if (mark != ORDER_MARK) {
		io.in.big = true;
		io.at = MAGIC;
		IO(&io, mark);
	}
	if (mark != ORDER_MARK)
		return err_set(e, "%s: damaged plan: no byte order mark", path);
	io_plan(&io, p);
	p->arena = a;
	p->path = path;
	if (a->full) {
		err_nomem(e);
		return err_where(e, "%s", path);
	}
	if (io.failed || io.at != bytes.n)
		return err_set(e, "%s: damaged plan: %s", path,
			io.failed ? "truncated" : "trailing bytes");
	return plan_check_saved(p, e);
}
