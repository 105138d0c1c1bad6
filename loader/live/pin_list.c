/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "pin_list.h"
#include "where.h"

#include "elf/base/format.h"
#include "loader/kernel/pin_record.h"
#include "loader/kernel/pin_walk.h"
#include "loader/kernel/users.h"
#include "loader/plan/abi.h"
#include "loader/show/listing.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DATE = 32, PATH_MAX_SHOWN = 512 };

/* A file, or a directory that has a record or no entries. */
struct pin {
	const char *path;
	struct stat st;
	bool folder;
	struct pin_record record; /* of a folder; magic empty: none */
};

struct pins {
	struct live *l;
	struct pin *list;
	size_t n, room;
};

static void add_pin(void *ctx, const char *path, const struct stat *st)
{
	struct pins *p = ctx;
	struct pin *grown = arena_grow(p->l->kernel->arena, p->list, p->n, &p->room, sizeof *grown);
	struct pin pin = {.path = arena_strdup(p->l->kernel->arena, path),
		.st = *st,
		.folder = S_ISDIR(st->st_mode)};
	if (!grown || !pin.path)
		return;
	p->list = grown;
	if (pin.folder && pin_record_read(p->l->kernel->watch, path, &pin.record))
		memset(&pin.record, 0, sizeof pin.record);
	grown[p->n++] = pin;
}

/* By path, and a directory before its entries. */
static int by_path(const void *a, const void *b)
{
	const char *x = ((const struct pin *)a)->path, *y = ((const struct pin *)b)->path;
	for (; *x && *x == *y; x++, y++)
		;
	const int left = *x == '/' ? 1 : (uint8_t)*x, right = *y == '/' ? 1 : (uint8_t)*y;
	return left - right;
}

static bool is_below(const char *path, const struct pin *folder)
{
	size_t n = folder ? strlen(folder->path) : 0;
	return n && !strncmp(path, folder->path, n) && path[n] == '/';
}

/* ---- what is known about a pin ---- */

/* The kind ("map"), and a name: of a link, where it attaches. id 0: it can't be opened. */
struct pin_facts {
	const char *kind;
	uint32_t id;
	char name[WHERE_MAX + WHERE_TYPE];
};

static void name_link(struct live *l, const char *path, char *buf, size_t size)
{
	const struct live_ref r = {.how = LIVE_BY_PIN, .text = path};
	struct live_link link;
	struct err ignored = {0};
	char type[WHERE_TYPE], where[WHERE_MAX];
	if (!live_link_open(&link, &r, l->kernel->watch, l->kernel->arena, &ignored))
		return;
	const struct live_prog p = live_program(l, link.info.prog_id);
	close(link.fd);
	where_type(&link, &p, type);
	where_text(l, &link, &p, where);
	text_print(buf, size, "%s%s%s", type, *where ? " " : "", where);
}

static struct pin_facts facts_of(struct live *l, const char *path)
{
	struct pin_facts f = {.kind = "", .name = ""};
	enum live_kind kind;
	if (!pin_identify(l->kernel->kfs, l->kernel->watch, path, &kind, &f.id))
		return f;
	f.kind = live_kind_name(kind);
	if (kind == LIVE_LINK)
		name_link(l, path, f.name, sizeof f.name);
	else if (kind == LIVE_MAP)
		text_print(f.name, sizeof f.name, "%s", live_map_name(l, f.id).name);
	else
		text_print(f.name, sizeof f.name, "%s", live_program(l, f.id).name);
	return f;
}

/* ---- JSON ---- */

static void print_json(struct live *l, const struct pin *p)
{
	char user[USER_NAME_MAX], mode[8];
	const struct pin_record *r = &p->record;
	bool recorded = *r->magic;
	const struct pin_facts f =
		p->folder ? (struct pin_facts){.kind = "folder"} : facts_of(l, p->path);
	struct json j = json_start(l->out);
	json_open(&j, '{');
	json_member_str(&j, "what", "pin");
	json_member_str(&j, "path", p->path);
	if (*f.kind)
		json_member_str(&j, "kind", f.kind);
	if (f.id)
		json_member_uint(&j, "id", f.id);
	if (*f.name)
		json_member_str(&j, "name", f.name);
	if (recorded) {
		json_member_str(&j, "object", r->object);
		json_member_str(&j, "process", r->process);
		json_member_str(&j, "maker", r->maker);
	}
	const unsigned m = p->st.st_mode;
	text_print(mode, sizeof mode, "0%u%u%u", m >> 6 & 7, m >> 3 & 7, m & 7);
	json_member_str(&j, "mode", mode);
	json_member_uint(&j, "uid", recorded ? r->uid : p->st.st_uid);
	json_member_str(&j, "user", user_name(recorded ? r->uid : p->st.st_uid, user));
	json_member_uint(&j, "owner", p->st.st_uid);
	json_member_uint(&j, "group", p->st.st_gid);
	json_member_uint(&j, "since", recorded ? r->time : (uint64_t)p->st.st_ctime);
	json_close(&j);
	json_line(&j);
}

/* ---- the table ---- */

static const char *date(uint64_t seconds, char buf[static DATE])
{
	time_t at = (time_t)seconds;
	struct tm t;
	buf[0] = 0;
	if (gmtime_r(&at, &t))
		text_print(buf, DATE, "%d-%02d-%02d %02d:%02d", t.tm_year + 1900, t.tm_mon + 1,
			t.tm_mday, t.tm_hour, t.tm_min);
	return buf;
}

/* A row of the table of a folder of sonde, or (others) of what is in none of those. */
static void add_row(
	struct live *l, struct listing *rows, const char *top, const struct pin *p, bool others)
{
	char id[16], since[DATE], user[USER_NAME_MAX];
	const struct pin_facts f =
		p->folder ? (struct pin_facts){.kind = "folder"} : facts_of(l, p->path);
	const char *path = p->path + strlen(top) + 1;
	text_print(id, sizeof id, "%" PRIu32, f.id);
	if (others)
		listing_row(rows, path, f.kind, f.id ? id : "", f.name,
			user_name(p->st.st_uid, user), date((uint64_t)p->st.st_ctime, since));
	else
		listing_row(rows, path, f.kind, f.id ? id : "", f.name);
}

/* Whether a directory of others is worth a row: one without entries. */
static bool is_empty(const struct pins *p, size_t i)
{
	return i + 1 == p->n || !is_below(p->list[i + 1].path, &p->list[i]);
}

/* The pins below a folder that has a record. Returns how many. */
static size_t list_own(struct live *l, const struct pins *p, const struct pin *folder, size_t i)
{
	static const char *const heads[] = {"pin", "kind", "id", "name", NULL};
	char title[PATH_MAX_SHOWN + 256], user[USER_NAME_MAX], since[DATE];
	const struct pin_record *r = &folder->record;
	text_print(title, sizeof title, "%s: %s, by %s (%s) since %s", folder->path, r->object,
		user_name(r->uid, user), r->process, date(r->time, since));
	struct listing rows = listing(l->kernel->arena, "pin", title, heads);
	size_t first = i;
	for (; i < p->n && is_below(p->list[i].path, folder); i++)
		if (!p->list[i].folder)
			add_row(l, &rows, folder->path, &p->list[i], false);
	listing_print(&rows, false, l->out);
	return i - first;
}

static void list_tables(struct live *l, const struct pins *p, const char *top)
{
	static const char *const heads[] = {"pin", "kind", "id", "name", "by", "since", NULL};
	char title[PATH_MAX_SHOWN + 16];
	text_print(title, sizeof title, "%s: other pins", top);
	struct listing others = listing(l->kernel->arena, "pin", title, heads);
	for (size_t i = 0; i < p->n; i++) {
		const struct pin *pin = &p->list[i];
		if (*pin->record.magic)
			i += list_own(l, p, pin, i + 1);
		else if (!pin->folder || is_empty(p, i))
			add_row(l, &others, top, pin, true);
	}
	listing_print(&others, false, l->out);
}

/* Takes the descriptor of a directory. */
static void list_folder(struct live *l, int fd, const char *top, size_t *n)
{
	struct pins p = {.l = l};
	struct stat st;
	char path[PATH_MAX_SHOWN];
	size_t length = strlen(top);
	while (length > 1 && top[length - 1] == '/')
		length--;
	text_print(path, sizeof path, "%.*s", (int)length, top);
	if (!fstat(fd, &st))
		add_pin(&p, path, &st);
	if (p.n && !*p.list[0].record.magic)
		p.n = 0; /* a folder of sonde lists itself, too */
	pin_walk(fd, path, add_pin, &p);
	if (p.n)
		qsort(p.list, p.n, sizeof *p.list, by_path);
	for (size_t i = 0; i < p.n; i++) {
		*n += !p.list[i].folder;
		if (l->json && (!p.list[i].folder || *p.list[i].record.magic || is_empty(&p, i)))
			print_json(l, &p.list[i]);
	}
	if (!l->json)
		list_tables(l, &p, path);
}

enum { MOUNTS = 32 };

struct everywhere {
	struct live *l;
	size_t *n;
	dev_t seen
		[MOUNTS]; /* a file system may be mounted several times, and one mount hide another */
	unsigned n_seen;
};

static void list_mount(void *ctx, const char *path)
{
	struct everywhere *w = ctx;
	struct stat st;
	int fd = openat(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool fresh = fd >= 0 && !kfs_is(fd, KFS_BPF) && !fstat(fd, &st);
	for (unsigned i = 0; fresh && i < w->n_seen; i++)
		fresh = w->seen[i] != st.st_dev;
	if (!fresh || w->n_seen == MOUNTS) {
		if (fd >= 0)
			close(fd);
		return;
	}
	w->seen[w->n_seen++] = st.st_dev;
	list_folder(w->l, fd, path, w->n);
}

bool pins_list(struct live *l, const char *dir, size_t *n, struct err *e)
{
	struct everywhere all = {.l = l, .n = n};
	*n = 0;
	if (!dir) {
		kfs_mounts(KFS_BPF, list_mount, &all);
		return true;
	}
	int fd = openat(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_sys(e, errno, "%s", dir);
	if (!kfs_is(fd, KFS_BPF)) {
		list_folder(l, fd, dir, n);
		return true;
	}
	close(fd);
	err_set(e, "%s: not in a bpf file system", dir);
	return err_hint(e, "sonde list, without a directory, lists all of them");
}
