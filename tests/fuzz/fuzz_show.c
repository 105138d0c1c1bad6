/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Hostile types and hostile bytes through everything that prints values: columns, JSON, maps,
 * histograms, stacks. The input is a saved plan, which is watched as `sonde run` does, or else
 *
 *     'B' or 'T', 6 bytes of options, 2 bytes length of the record, the record, and
 *     BTF as it is ('B'), or bytes of which types are made ('T', input.h)
 *
 * The kernel is simulated: it has a few entries of each map and a few records in each buffer, all of
 * them made of the record. Text must not contain control characters; JSON must be balanced.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "loader/plan/save.h"
#include "loader/show/type_list.h"
#include "loader/show/watch_impl.h"
#include "harness.h"
#include "input.h"

enum {
	COLUMNS,
	BRACES,
	JSON,
	MAP,
	BARS,
	STACKS,
	VARIABLES,
	PER_CPU,
	PLAN,
	RECORDS,
	ITERATOR,
	LINES
};
struct goal goals[] = {[COLUMNS] = {.name = "columns"},
	[BRACES] = {.name = "braces"},
	[JSON] = {.name = "JSON"},
	[MAP] = {.name = "map"},
	[BARS] = {.name = "bars"},
	[STACKS] = {.name = "stacks"},
	[VARIABLES] = {.name = "variables"},
	[PER_CPU] = {.name = "values per CPU"},
	[PLAN] = {.name = "plan"},
	[RECORDS] = {.name = "records of a plan"},
	[ITERATOR] = {.name = "iterator"},
	[LINES] = {.name = "bpf_printk"},
	{0}};

enum {
	ENTRIES = 3,
	CPUS = 2,
	MAP_BYTES = 1 << 14, /* the simulated kernel has no memory for larger maps */
	TYPES_SHOWN = 4,     /* JSON of a type that contains itself has up to 65536 values */
	FIRST_FD = 5000,
};

/* ---- the simulated kernel ---- */

static struct span record = {(const uint8_t *)"", 1, false}; /* of which all contents are made */
static struct map_info maps[256];
static unsigned n_maps, keys_listed;
static uint64_t now_ns;

static void fill(void *to, size_t n, size_t from)
{
	uint8_t *p = to;
	for (size_t i = 0; i < n; i++)
		p[i] = record.n ? record.p[(from + i) % record.n] : 0;
}

static const struct map_info *map_of(uint64_t fd)
{
	return fd >= FIRST_FD && fd < FIRST_FD + n_maps ? &maps[fd - FIRST_FD] : NULL;
}

static uint64_t get(unsigned cmd, const char *name, const void *attr, unsigned size)
{
	return abi_get_by_name(cmd, name, attr, size);
}

static void *pointer(unsigned cmd, const char *name, const void *attr, unsigned size)
{
	return (void *)(uintptr_t)get(cmd, name, attr, size);
}

static long next_key(const struct map_info *m, const void *before, uint8_t *next)
{
	keys_listed = before ? keys_listed + 1 : 0;
	if (keys_listed >= ENTRIES)
		return -ENOENT;
	fill(next, m->key_size, keys_listed * 7);
	if (m->key_size)
		next[0] = (uint8_t)(next[0] ^ keys_listed);
	return 0;
}

static int text_of_iterator(void)
{
	int fd = memfd_create("iterator", MFD_CLOEXEC);
	if (fd < 0 || (record.n && write(fd, record.p, record.n) != (ssize_t)record.n))
		abort();
	lseek(fd, 0, SEEK_SET);
	return fd;
}

long __wrap_sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size);
long __wrap_sys_bpf(const struct sys_watch *w, int cmd, void *attr, unsigned size)
{
	(void)w;
	if (cmd == BPF_ITER_CREATE)
		return reach(ITERATOR, true) ? text_of_iterator() : 0;
	if (cmd != BPF_MAP_LOOKUP_ELEM && cmd != BPF_MAP_GET_NEXT_KEY)
		return -EINVAL;
	const struct map_info *m = map_of(get((unsigned)cmd, "map_fd", attr, size));
	if (!m)
		return -EBADF;
	const void *key = pointer((unsigned)cmd, "key", attr, size);
	if (cmd == BPF_MAP_GET_NEXT_KEY)
		return next_key(m, key, pointer((unsigned)cmd, "next_key", attr, size));
	size_t n = map_is_percpu(m->type) ? CPUS * map_value_stride(m) : m->value_size;
	fill(pointer((unsigned)cmd, "value", attr, size), n,
		key && m->key_size ? *(const uint8_t *)key : 0);
	return 0;
}

long __wrap_sys_info(const struct sys_watch *w, int fd, void *info, uint32_t *size);
long __wrap_sys_info(const struct sys_watch *w, int fd, void *info, uint32_t *size)
{
	(void)w, (void)fd, (void)info, (void)size;
	return -EINVAL;
}

uint64_t __wrap_sys_now_ns(void);
uint64_t __wrap_sys_now_ns(void)
{
	return now_ns += 60000000;
}

int __wrap_poll(struct pollfd *fds, nfds_t n, int ms);
int __wrap_poll(struct pollfd *fds, nfds_t n, int ms)
{
	(void)fds, (void)n, (void)ms;
	return 0;
}

bool __wrap_ring_map(struct ring *r, int fd, uint32_t max_entries, struct err *e);
bool __wrap_ring_map(struct ring *r, int fd, uint32_t max_entries, struct err *e)
{
	(void)fd, (void)max_entries, (void)e;
	*r = (struct ring){0};
	return true;
}

/* Records of a few lengths. */
static long each_length(ring_fn fn, void *ctx)
{
	const size_t lengths[] = {record.n, record.n / 2, 0};
	for (unsigned i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		uint8_t *copy = malloc(lengths[i] ? lengths[i] : 1);
		if (!copy)
			abort();
		fill(copy, lengths[i], i);
		fn(ctx, copy, lengths[i]);
		free(copy);
	}
	reach(RECORDS, true);
	return 3;
}

long __wrap_ring_drain(struct ring *r, ring_fn fn, void *ctx);
long __wrap_ring_drain(struct ring *r, ring_fn fn, void *ctx)
{
	(void)r;
	return each_length(fn, ctx);
}

uint32_t __wrap_ring_unread(const struct ring *r);
uint32_t __wrap_ring_unread(const struct ring *r)
{
	(void)r;
	return 0;
}

void __wrap_ring_unmap(struct ring *r);
void __wrap_ring_unmap(struct ring *r)
{
	(void)r;
}

bool __wrap_perf_buffer_open(struct perf_buffer *b, int fd, struct arena *a, struct kfs *k,
	const struct sys_watch *w, struct err *e);
bool __wrap_perf_buffer_open(struct perf_buffer *b, int fd, struct arena *a, struct kfs *k,
	const struct sys_watch *w, struct err *e)
{
	(void)fd, (void)a, (void)k, (void)w, (void)e;
	*b = (struct perf_buffer){.fd = -1};
	return true;
}

struct perf_call {
	perf_ring_fn fn;
	void *ctx;
};

static bool pass_to_perf(void *ctx, const void *bytes, size_t n)
{
	const struct perf_call *c = ctx;
	return c->fn(c->ctx, 1, bytes, n);
}

long __wrap_perf_buffer_drain(struct perf_buffer *b, perf_ring_fn fn, void *ctx);
long __wrap_perf_buffer_drain(struct perf_buffer *b, perf_ring_fn fn, void *ctx)
{
	b->lost += 3;
	return each_length(pass_to_perf, &(struct perf_call){fn, ctx});
}

uint64_t __wrap_perf_buffer_lost(const struct perf_buffer *b);
uint64_t __wrap_perf_buffer_lost(const struct perf_buffer *b)
{
	return b->lost;
}

void __wrap_perf_buffer_close(struct perf_buffer *b);
void __wrap_perf_buffer_close(struct perf_buffer *b)
{
	(void)b;
}

bool __wrap_printk_capture_open(struct printk_capture *t, struct arena *a, struct kfs *k,
	const struct sys_watch *w, struct err *e);
bool __wrap_printk_capture_open(struct printk_capture *t, struct arena *a, struct kfs *k,
	const struct sys_watch *w, struct err *e)
{
	(void)t, (void)a, (void)k, (void)w, (void)e;
	return true;
}

int __wrap_printk_capture_fd(const struct printk_capture *t);
int __wrap_printk_capture_fd(const struct printk_capture *t)
{
	(void)t;
	return -1;
}

static bool pass_to_printk(void *ctx, const void *bytes, size_t n)
{
	const struct {
		printk_fn fn;
		void *ctx;
	} *c = ctx;
	struct printk_line line = {.pid = 7, .text = bytes, .len = n};
	fill(line.comm, sizeof line.comm - 1, n);
	return c->fn(c->ctx, &line);
}

long __wrap_printk_capture_drain(struct printk_capture *t, printk_fn fn, void *ctx);
long __wrap_printk_capture_drain(struct printk_capture *t, printk_fn fn, void *ctx)
{
	struct {
		printk_fn fn;
		void *ctx;
	} call = {fn, ctx};
	(void)t;
	reach(LINES, true);
	return each_length(pass_to_printk, &call);
}

uint64_t __wrap_printk_capture_lost(const struct printk_capture *t);
uint64_t __wrap_printk_capture_lost(const struct printk_capture *t)
{
	(void)t;
	return 0;
}

void __wrap_printk_capture_close(struct printk_capture *t);
void __wrap_printk_capture_close(struct printk_capture *t)
{
	(void)t;
}

/* ---- names of addresses ---- */

static bool name_of(void *ctx, bool user, uint64_t address, char *buf, size_t size)
{
	(void)ctx;
	if (address % 3 == 0)
		return false;
	snprintf(buf, size, "%s_\033\"%u", user ? "main" : "vfs_read", (unsigned)(address & 0xff));
	return true;
}

static const char *frame_of(void *ctx, enum stack_kind kind, int64_t id, size_t i)
{
	static const char *const names[] = {"leaf", "mid\n;dle", "", "main"};
	(void)ctx, (void)kind;
	return id < 0 || i > (uint64_t)id % 5 ? NULL : names[(size_t)(i + (uint64_t)id) % 4];
}

static const char *trace_of(void *ctx, enum stack_kind kind, struct span addresses, size_t i)
{
	return i < addresses.n / 8 ? frame_of(ctx, kind, addresses.p[i] % 5, i) : NULL;
}

static const char *cgroup_of(void *ctx, uint64_t id)
{
	(void)ctx;
	return id % 2 ? "/user.slice\033" : NULL;
}

static void set_process(void *ctx, uint32_t pid)
{
	*(uint32_t *)ctx = pid;
}

static const char *comm_of(void *ctx)
{
	return *(uint32_t *)ctx % 2 ? "a\tb\033" : "";
}

static uint32_t process;
static const struct address_names viewer = {
	name_of, frame_of, trace_of, cgroup_of, set_process, comm_of, &process};

/* ---- the output ---- */

static char *text;
static size_t text_len;
static FILE *out;

static void start(void)
{
	free(text);
	text = NULL;
	out = open_memstream(&text, &text_len);
	if (!out)
		abort();
}

static void check_text(const char *allowed)
{
	for (size_t i = 0; i < text_len; i++) {
		unsigned char c = (unsigned char)text[i];
		bool c1 = c == 0xc2 && i + 1 < text_len && (unsigned char)text[i + 1] < 0xa0;
		if (((c < ' ' || c == 0x7f) && !strchr(allowed, c)) || c1) {
			fprintf(stderr, "control character %02x after '%.*s'\n", c, (int)i, text);
			abort();
		}
	}
}

/* Lines of balanced JSON; strings without control characters. */
static void check_json(void)
{
	int depth = 0;
	bool string = false;
	for (size_t i = 0; i < text_len; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c < ' ' && (c != '\n' || string || depth))
			abort();
		if (c == '\\')
			i++;
		else if (c == '"')
			string = !string;
		else if (!string)
			depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
		if (depth < 0)
			abort();
	}
	if (depth || string)
		abort();
}

static void finish(bool json)
{
	fclose(out);
	if (json)
		check_json();
	else
		check_text("\n");
	reach(json ? JSON : MAP, text_len);
}

/* ---- values ---- */

struct options {
	uint8_t map_type, key_size, value_size, key_type, value_type, flags;
};

static void show_record(const struct btf *b, uint32_t id, struct arena *a)
{
	struct table t;
	struct err e = {0};
	const struct json_label extra = {"map", "x\033y\"z"};
	if (!table_make(&t, b, id, "VALUE", NULL, a, &e)) {
		if (!is_short_of_memory())
			abort();
		return;
	}
	start();
	table_head(&t, out);
	table_row(&t, out, record);
	finish(false);
	reach(COLUMNS, t.n);
	reach(BRACES, !t.n && *text == '{');
	start();
	if (!table_make_json(&t, &extra, a, &e)) {
		if (!is_short_of_memory())
			abort();
		finish(false);
		return;
	}
	table_json(&t, out, record);
	finish(true);
	uint64_t n;
	typed_number(b, (struct typed_field){.type = id}, record, &n);
	typed_compare(b, (struct typed_field){.type = id}, record, record);
	typed_process(b, id, record);
}

static void show_map(const struct map_view *v, struct arena *a)
{
	struct map_entries entries, before;
	struct err e = {0};
	if (!map_snapshot(NULL, FIRST_FD, v->info, CPUS, a, &entries, &e) ||
		!map_snapshot(NULL, FIRST_FD, v->info, CPUS, a, &before, &e))
		return;
	start();
	map_view_see_processes(v, &entries);
	map_view_text(out, v, &entries, &before, 1000000000, a, &e);
	finish(false);
	reach(BARS, strstr(text, "BELOW") != NULL);
	reach(STACKS, map_view_has_stacks(v->btf, v->key_type) && entries.n);
	reach(VARIABLES, typed_shape(v->btf, v->value_type).kind == TYPED_SECTION);
	reach(PER_CPU, entries.cpus > 1 && entries.n);
	start();
	map_view_json(out, v, &entries, a, &e);
	finish(true);
}

static void show_types(const struct btf *b, const struct options *o, struct arena *a)
{
	uint32_t step = b->end / TYPES_SHOWN + 1;
	for (uint32_t id = o->flags % step; id < b->end; id += step)
		show_record(b, id, a);
	struct map_info *m = &maps[0];
	*m = (struct map_info){.name = o->flags & 64 ? "hist_us" : "m\033\"",
		.type = o->map_type % 36,
		.key_size = map_access(o->map_type % 36) == MAP_INDEX ? 4 : o->key_size % 65u,
		.value_size = o->value_size * (o->flags & 32 ? 8 : 1),
		.max_entries = o->flags & 16 ? 1 : ENTRIES};
	n_maps = 1;
	const struct map_view v = {.info = m,
		.btf = o->flags & 128 ? NULL : b,
		.key_type = o->key_type % b->end,
		.value_type = o->value_type % b->end,
		.rows = o->flags & 1 ? 3 : 0,
		.width = o->flags & 2 ? 80 : 0,
		.cpus = o->flags & 4,
		.folded = o->flags & 8};
	show_map(&v, a);
	start();
	type_list_print(b, &(struct type_list_filter){0}, out);
	fclose(out);
	start();
	type_list_json(b, &(struct type_list_filter){0}, out);
	finish(true);
}

static void show_values(struct input *in)
{
	bool made = take_byte(in) == 'T';
	struct options o = {take_byte(in), take_byte(in), take_byte(in), take_byte(in),
		take_byte(in), take_byte(in)};
	struct arena a = {0};
	record = take_span(in, take_word(in));
	if (made) {
		struct types t;
		types_build(&t, in, &viewer);
		show_types(&t.btf, &o, &a);
		types_free(&t);
	} else {
		struct btf b;
		struct btf_meanings meanings;
		struct err e = {0};
		if (btf_open(&b, take_span(in, in->n), NULL, &a, &e) &&
			typed_read_meanings(&b, &meanings, &viewer, &a))
			show_types(&b, &o, &a);
	}
	free_small(&a);
}

/* ---- plans ---- */

/* Kernel file systems without files. */
static struct kfs *no_files(void)
{
	static struct kfs k;
	for (int i = 0; i < KFS_COUNT && !k.dir[i].fd_or_error; i++)
		k.dir[i].fd_or_error = -ENODEV;
	return &k;
}

/* False if the kernel would not have created the map. */
static bool create_map(const struct plan_map *m, struct exec *x)
{
	uint64_t each = (uint64_t)m->key_size + (uint64_t)m->value_size * CPUS;
	if (n_maps == sizeof maps / sizeof *maps || each * m->max_entries > MAP_BYTES ||
		each > MAP_BYTES)
		return false;
	if (m->slot != PLAN_NONE)
		x->slots[m->slot] = (struct exec_slot){true, FIRST_FD + n_maps};
	maps[n_maps++] = (struct map_info){.name = m->name,
		.type = m->map_type,
		.key_size = m->key_size,
		.value_size = m->value_size,
		.max_entries = m->max_entries};
	return true;
}

static bool create(const struct plan *p, struct exec *x)
{
	n_maps = 0;
	for (size_t i = 0; i < p->n_maps; i++)
		if (!create_map(&p->maps[i], x))
			return false;
	for (size_t i = 0; i < p->n_progs; i++)
		if (p->progs[i].link != PLAN_NONE)
			x->slots[p->progs[i].link] = (struct exec_slot){true, FIRST_FD - 1};
	return true;
}

/* Iterators require kernel types that the seeds lack: some programs become one here. */
static void make_iterator(struct plan *p)
{
	uint8_t last = span_u8(record, record.n - 1), first = span_u8(record, 0);
	if (!p->n_progs || (first ^ last) % 4)
		return;
	p->progs[0].attach_type = BPF_TRACE_ITER;
	if (last % 2)
		p->progs[0].record = (struct plan_record_type){
			.type = p->n_maps ? p->maps[0].value_type : 1, .size = last};
}

static bool watch_plan(struct exec *x, bool json)
{
	const char *names[4];
	struct watch_options opt = {.json = json,
		.stop_fd = -1,
		.end_fd = -1,
		.metrics_fd = -1,
		.every_ms = 50,
		.for_ms = 300};
	struct arena a = {0};
	struct watch w = {0};
	struct err e = {0}, ignored = {0};
	for (size_t i = 0; i < x->plan->n_maps && opt.n_maps < 4; i++)
		if (watch_can_show(x->plan, x->plan->maps[i].name, &ignored))
			names[opt.n_maps++] = x->plan->maps[i].name;
	opt.maps = names;
	start();
	opt.out = opt.status = out;
	bool ok = watch_open(&w, x, &a, &opt, &e) && watch_run(&w, &e);
	if (ok == e.set)
		abort();
	watch_close(&w);
	fclose(out);
	reach(BARS, strstr(text, "BELOW") != NULL);
	reach(STACKS, strstr(text, " stack") != NULL);
	if (!json)
		check_text("\n\t");
	free_small(&a);
	return ok;
}

static void show_plan(struct span bytes)
{
	struct arena a = {0};
	struct plan p;
	struct err e = {0};
	if (plan_load(&p, "x", bytes, &a, &e)) {
		struct exec x = {.plan = &p, .arena = &a, .kfs = no_files()};
		record = span_from(bytes, bytes.n - (bytes.n < 600 ? bytes.n : 600));
		x.slots = arena_array(&a, p.n_slots, sizeof *x.slots);
		x.outcomes = arena_array(&a, p.n_steps, sizeof *x.outcomes);
		make_iterator(&p);
		if (x.slots && x.outcomes && create(&p, &x))
			reach(PLAN, watch_plan(&x, false) && watch_plan(&x, true));
	}
	free_small(&a);
}

void fuzz_input(const uint8_t *data, size_t size)
{
	struct span bytes = {data, size, host_is_big()};
	process = 0;
	now_ns = 1;
	if (plan_is_saved(bytes))
		show_plan(bytes);
	else
		show_values(&(struct input){data, size});
	free(text);
	text = NULL; /* memory left over makes libFuzzer repeat the input */
}
