/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "facts.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	NAME_ROOM = 256,
	CPUS = 64,
	ENTRIES = 4096,
	SHORT_CONTENT = 64,
};

/* The range of memory that the kernel allocates at run time; functions and variables of the kernel
 * image are above it. */
static const uint64_t memory_from = 0xffff800000000000, memory_to = 0xffffffff80000000;
/* The range of mappings without a requested address: arenas. */
static const uint64_t mapped_from = 0x7e0000000000, mapped_to = 0x7fffffffffff;
enum { PAGE_MASK = 0xfff };

/* ---- bpf(2) */

static int sys_bpf(int cmd, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, cmd, attr, sizeof *attr);
}

static const struct {
	int next, open;
} commands[KINDS] = {
	[KIND_PROG] = {BPF_PROG_GET_NEXT_ID, BPF_PROG_GET_FD_BY_ID},
	[KIND_MAP] = {BPF_MAP_GET_NEXT_ID, BPF_MAP_GET_FD_BY_ID},
	[KIND_LINK] = {BPF_LINK_GET_NEXT_ID, BPF_LINK_GET_FD_BY_ID},
};

void ids_read(struct ids *ids, enum kind kind)
{
	union bpf_attr attr = {0};

	ids->n = 0;
	while (ids->n < sizeof ids->id / sizeof *ids->id && !sys_bpf(commands[kind].next, &attr)) {
		ids->id[ids->n++] = attr.next_id;
		attr = (union bpf_attr){.start_id = attr.next_id};
	}
}

bool ids_have(const struct ids *ids, uint32_t id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (ids->id[i] == id)
			return true;
	return false;
}

static int open_id(int cmd, uint32_t id)
{
	return sys_bpf(cmd, &(union bpf_attr){.prog_id = id});
}

static bool info_of(int fd, void *info, uint32_t size)
{
	return !sys_bpf(
		BPF_OBJ_GET_INFO_BY_FD, &(union bpf_attr){.info = {.bpf_fd = (uint32_t)fd,
								  .info_len = size,
								  .info = (uintptr_t)info}});
}

static bool look_up(int fd, const void *key, void *value)
{
	return !sys_bpf(BPF_MAP_LOOKUP_ELEM,
		&(union bpf_attr){
			.map_fd = (uint32_t)fd, .key = (uintptr_t)key, .value = (uintptr_t)value});
}

static void *room_for(size_t n)
{
	void *p = calloc(1, n + 1);
	if (!p)
		abort();
	return p;
}

/* ---- BTF: type names and the strings of line info */

struct types {
	uint8_t *bytes;
	const struct btf_type **type; /* by id */
	uint32_t n;
	const char *strings;
	uint32_t strings_size;
};

static size_t type_size(const struct btf_type *t)
{
	static const uint8_t tail[32] = {[BTF_KIND_INT] = 4,
		[BTF_KIND_ARRAY] = sizeof(struct btf_array),
		[BTF_KIND_VAR] = 4,
		[BTF_KIND_DECL_TAG] = 4};
	static const uint8_t each[32] = {[BTF_KIND_STRUCT] = 12,
		[BTF_KIND_UNION] = 12,
		[BTF_KIND_ENUM] = 8,
		[BTF_KIND_FUNC_PROTO] = 8,
		[BTF_KIND_DATASEC] = 12,
		[BTF_KIND_ENUM64] = 12};
	uint32_t kind = BTF_INFO_KIND(t->info);
	return sizeof *t + tail[kind] + (size_t)each[kind] * BTF_INFO_VLEN(t->info);
}

static void types_read(struct types *types, uint32_t btf_id)
{
	struct bpf_btf_info info = {0};
	int fd = open_id(BPF_BTF_GET_FD_BY_ID, btf_id);

	*types = (struct types){0};
	if (fd < 0 || !info_of(fd, &info, sizeof info)) {
		close(fd);
		return;
	}
	types->bytes = room_for(info.btf_size);
	info = (struct bpf_btf_info){.btf = (uintptr_t)types->bytes, .btf_size = info.btf_size};
	if (!info_of(fd, &info, sizeof info))
		info.btf_size = 0;
	close(fd);
	const struct btf_header *head = (const void *)types->bytes;
	if (info.btf_size < sizeof *head)
		return;
	const uint8_t *at = types->bytes + head->hdr_len + head->type_off;
	const uint8_t *end = at + head->type_len;
	types->type = room_for((head->type_len / sizeof **types->type + 2) * sizeof *types->type);
	while (at < end) {
		types->type[++types->n] = (const void *)at;
		at += type_size((const void *)at);
	}
	types->strings = (const char *)types->bytes + head->hdr_len + head->str_off;
	types->strings_size = head->str_len;
}

static void types_free(struct types *types)
{
	free(types->bytes);
	free(types->type);
}

static const char *string_at(const struct types *types, uint32_t offset)
{
	return offset < types->strings_size ? types->strings + offset : "";
}

static const char *type_name(const struct types *types, uint32_t id)
{
	return id && id <= types->n ? string_at(types, types->type[id]->name_off) : "";
}

/* ---- programs and maps */

struct thing {
	enum kind kind;
	uint32_t id;
	int fd;
	char name[NAME_ROOM]; /* unique within its kind */
	union {
		struct bpf_prog_info prog;
		struct bpf_map_info map;
	};
};

struct things {
	size_t n;
	struct thing *thing;
};

static uint64_t hash(uint64_t sum, const void *bytes, size_t n)
{
	const uint8_t *p = bytes;
	while (n--)
		sum = (sum ^ *p++) * 0x100000001b3;
	return sum;
}

static const uint64_t hash_start = 0xcbf29ce484222325;

/* The kernel truncates names to 15 characters; BTF has the full name of the function. */
static void prog_name(struct thing *t)
{
	struct bpf_func_info first = {0};
	struct bpf_prog_info info = {.nr_func_info = 1, .func_info_rec_size = sizeof first};
	struct types types;

	snprintf(t->name, sizeof t->name, "%s", t->prog.name);
	if (!t->prog.btf_id || !t->prog.nr_func_info)
		return;
	info.func_info = (uintptr_t)&first;
	if (!info_of(t->fd, &info, sizeof info))
		return;
	types_read(&types, t->prog.btf_id);
	const char *name = type_name(&types, first.type_id);
	if (*name)
		snprintf(t->name, sizeof t->name, "%.*s", NAME_ROOM - 8, name);
	types_free(&types);
}

static int by_name(const void *a, const void *b)
{
	const struct thing *x = a, *y = b;
	int order = strcmp(x->name, y->name);
	return order ? order : (x->id > y->id) - (x->id < y->id);
}

static void number_namesakes(struct things *all)
{
	size_t first = 0;
	for (size_t i = 1; i < all->n; i++) {
		char *end = all->thing[i].name + strlen(all->thing[i].name);
		if (strcmp(all->thing[i].name, all->thing[first].name))
			first = i;
		else
			snprintf(end, 8, "#%zu", i - first + 1);
	}
}

/* Maps that libbpf creates to probe for features, and closes at once, may exist for a moment. */
static bool is_probe(const struct thing *t)
{
	return t->kind == KIND_MAP && !strncmp(t->name, "libbpf_", 7);
}

static struct things things_read(enum kind kind, const struct ids *before)
{
	static struct ids now;
	struct things all = {0};

	ids_read(&now, kind);
	all.thing = room_for(now.n * sizeof *all.thing);
	for (size_t i = 0; i < now.n; i++) {
		struct thing *t = &all.thing[all.n];
		*t = (struct thing){.kind = kind, .id = now.id[i]};
		if (ids_have(before, t->id))
			continue;
		t->fd = open_id(commands[kind].open, t->id);
		if (t->fd < 0)
			continue;
		if (kind == KIND_PROG && info_of(t->fd, &t->prog, sizeof t->prog))
			prog_name(t);
		else if (kind == KIND_MAP && info_of(t->fd, &t->map, sizeof t->map))
			snprintf(t->name, sizeof t->name, "%s", t->map.name);
		if (is_probe(t)) {
			close(t->fd);
			continue;
		}
		for (char *c = t->name; *c; c++)
			if (*c == ' ')
				*c = '_';
		if (!*t->name)
			strcpy(t->name, "-");
		all.n++;
	}
	qsort(all.thing, all.n, sizeof *all.thing, by_name);
	number_namesakes(&all);
	return all;
}

static void things_free(struct things *all)
{
	for (size_t i = 0; i < all->n; i++)
		close(all->thing[i].fd);
	free(all->thing);
}

static const char *name_of(const struct things *all, uint32_t id)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->thing[i].id == id)
			return all->thing[i].name;
	return "?";
}

/* ---- programs */

static bool is_memory(uint64_t value)
{
	return value >= memory_from && value < memory_to;
}

/* Writes one word per instruction, two for a 64-bit load. Returns the number of instructions
 * consumed. */
static size_t write_insn(
	FILE *out, const struct bpf_insn *insn, size_t left, const struct things *maps)
{
	uint8_t regs = (uint8_t)(insn->src_reg << 4 | insn->dst_reg);

	if (insn->code != (BPF_LD | BPF_IMM | BPF_DW) || left < 2) {
		fprintf(out, " %02x%02x%04x%08x", insn->code, regs, (uint16_t)insn->off,
			(uint32_t)insn->imm);
		return 1;
	}
	uint64_t value = (uint32_t)insn[0].imm | (uint64_t)(uint32_t)insn[1].imm << 32;
	fprintf(out, " %02x%02x%04x", insn->code, regs, (uint16_t)insn->off);
	if (insn->src_reg == BPF_PSEUDO_MAP_FD || insn->src_reg == BPF_PSEUDO_MAP_VALUE)
		fprintf(out, " %s+%u", name_of(maps, (uint32_t)insn[0].imm), (uint32_t)insn[1].imm);
	else if (!insn->src_reg && is_memory(value))
		fprintf(out, " memory");
	else if (!insn->src_reg && value >= mapped_from && value < mapped_to)
		fprintf(out, " mapped+%llx", (unsigned long long)value & PAGE_MASK);
	else
		fprintf(out, " %llx", (unsigned long long)value);
	return 2;
}

static void write_code(FILE *out, const struct thing *t, const struct things *maps)
{
	struct bpf_prog_info info = {.xlated_prog_len = t->prog.xlated_prog_len};
	struct bpf_insn *insns = room_for(info.xlated_prog_len);

	info.xlated_prog_insns = (uintptr_t)insns;
	fprintf(out, "code %s", t->name);
	if (!info_of(t->fd, &info, sizeof info) || !info.xlated_prog_insns)
		fprintf(out, " hidden");
	size_t n = info.xlated_prog_len / sizeof *insns;
	for (size_t i = 0; i < n;)
		i += write_insn(out, insns + i, n - i, maps);
	fputc('\n', out);
	free(insns);
}

static void write_funcs(FILE *out, const struct thing *t, const struct types *types)
{
	struct bpf_prog_info info = {.nr_func_info = t->prog.nr_func_info,
		.func_info_rec_size = sizeof(struct bpf_func_info)};
	struct bpf_func_info *funcs = room_for(info.nr_func_info * sizeof *funcs);

	info.func_info = (uintptr_t)funcs;
	fprintf(out, "funcs %s", t->name);
	for (uint32_t i = 0; info_of(t->fd, &info, sizeof info) && i < info.nr_func_info; i++)
		fprintf(out, " %u:%s", funcs[i].insn_off, type_name(types, funcs[i].type_id));
	fputc('\n', out);
	free(funcs);
}

static uint64_t hash_string(uint64_t sum, const char *s)
{
	return hash(sum, s, strlen(s) + 1);
}

static uint64_t hash_lines(const struct thing *t, const struct types *types)
{
	struct bpf_prog_info info = {.nr_line_info = t->prog.nr_line_info,
		.line_info_rec_size = sizeof(struct bpf_line_info)};
	struct bpf_line_info *lines = room_for(info.nr_line_info * sizeof *lines);
	uint64_t sum = hash_start;

	info.line_info = (uintptr_t)lines;
	for (uint32_t i = 0; info_of(t->fd, &info, sizeof info) && i < info.nr_line_info; i++) {
		sum = hash(sum, &lines[i].insn_off, sizeof lines[i].insn_off);
		sum = hash(sum, &lines[i].line_col, sizeof lines[i].line_col);
		sum = hash_string(sum, string_at(types, lines[i].file_name_off));
		sum = hash_string(sum, string_at(types, lines[i].line_off));
	}
	free(lines);
	return sum;
}

static void write_asked(FILE *out, const struct thing *t, asked_fn *asked)
{
	const char *line = asked ? asked(t->kind, t->id) : NULL;
	if (line)
		fprintf(out, " %s", line);
	fputc('\n', out);
}

/* The owner of the types: vmlinux, a module, or another program. */
static void name_types(uint32_t btf_id, char name[64])
{
	struct bpf_btf_info info = {.name = (uintptr_t)name, .name_len = 63};
	int fd = btf_id ? open_id(BPF_BTF_GET_FD_BY_ID, btf_id) : -1;

	strcpy(name, "");
	if (fd < 0 || !info_of(fd, &info, sizeof info) || !info.kernel_btf)
		strcpy(name, btf_id ? "program" : "none");
	close(fd);
}

static void write_prog(FILE *out, const struct thing *t, const struct things *maps, asked_fn *asked)
{
	const struct bpf_prog_info *p = &t->prog;
	struct types types = {0};
	char attach[64];

	if (p->btf_id)
		types_read(&types, p->btf_id);
	name_types(p->attach_btf_obj_id, attach);
	fprintf(out,
		"prog %s name=%s type=%u insns=%zu gpl=%u ifindex=%u attach_to=%s "
		"attach_btf_id=%u "
		"types=%s funcs=%u lines=%u line_sum=%016llx maps=%u",
		t->name, p->name, p->type, p->xlated_prog_len / sizeof(struct bpf_insn),
		p->gpl_compatible, p->ifindex, attach, p->attach_btf_id, p->btf_id ? "yes" : "no",
		p->nr_func_info, p->nr_line_info, (unsigned long long)hash_lines(t, &types),
		p->nr_map_ids);
	write_asked(out, t, asked);
	write_funcs(out, t, &types);
	write_code(out, t, maps);
	types_free(&types);
}

/* ---- maps */

/* The objects that the map's values refer to (programs or maps), or NULL if the values are data. */
static const struct things *pointed(
	uint32_t type, const struct things *progs, const struct things *maps)
{
	switch (type) {
	case BPF_MAP_TYPE_PROG_ARRAY:
		return progs;
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
		return maps;
	default:
		return NULL;
	}
}

static void write_pointers(FILE *out, const struct thing *t, const struct things *to)
{
	uint32_t n = t->map.max_entries < ENTRIES ? t->map.max_entries : ENTRIES;

	fprintf(out, "content %s", t->name);
	for (uint32_t key = 0, id = 0; key < n; key++)
		if (look_up(t->fd, &key, &id))
			fprintf(out, " %u:%s", key, name_of(to, id));
	fputc('\n', out);
}

/* Empty lists and trees in global data contain their own addresses. */
static void hide_memory(uint8_t *bytes, size_t n)
{
	uint64_t word;

	for (size_t i = 0; i + sizeof word <= n; i += sizeof word) {
		memcpy(&word, bytes + i, sizeof word);
		if (is_memory(word))
			memset(bytes + i, 0xee, sizeof word);
	}
}

/* The initial contents of global data. */
static void write_data(FILE *out, const struct thing *t)
{
	size_t one = t->map.value_size, all = one;
	if (t->map.type == BPF_MAP_TYPE_PERCPU_ARRAY)
		all = (one + 7) / 8 * 8 * CPUS;
	uint8_t *bytes = room_for(all);

	bool known = look_up(t->fd, &(uint32_t){0}, bytes);
	hide_memory(bytes, one);
	fprintf(out, "content %s", t->name);
	if (!known)
		fprintf(out, " hidden");
	else if (one > SHORT_CONTENT)
		fprintf(out, " %016llx", (unsigned long long)hash(hash_start, bytes, one));
	else
		for (size_t i = 0; i < one; i++)
			fprintf(out, "%s%02x", i ? "" : " ", bytes[i]);
	fputc('\n', out);
	free(bytes);
}

/* Pages at the start and end of an arena, where loaders place variables. */
enum { ARENA_EDGE = 64 << 12, PAGE = 1 << 12 };

/* Adds those pages in [at, at + n) that contain anything to the hash. */
static uint64_t hash_pages(uint64_t sum, const uint8_t *at, uint64_t n)
{
	static const uint8_t zero[PAGE];

	for (uint64_t i = 0; i + PAGE <= n; i += PAGE)
		if (memcmp(at + i, zero, PAGE))
			sum = hash(sum, at + i, PAGE);
	return sum;
}

/* The variables in an arena, wherever they are: their offset is compared with the code. */
static void write_arena(FILE *out, const struct thing *t, arena_fn *arena)
{
	uint64_t address, size, sum = hash_start;

	fprintf(out, "content %s", t->name);
	if (arena(t->map.id, &address, &size)) {
		uint8_t *all = mmap((void *)(uintptr_t)address, size, PROT_READ,
			MAP_SHARED | MAP_FIXED_NOREPLACE, t->fd, 0);
		if (all == MAP_FAILED) {
			fprintf(out, " hidden:%d\n", errno);
			return;
		}
		uint64_t edge = size < ARENA_EDGE ? size : ARENA_EDGE;
		uint64_t rest = size - edge < ARENA_EDGE ? size - edge : ARENA_EDGE;
		sum = hash_pages(sum, all, edge);
		sum = hash_pages(sum, all + size - rest, rest);
		munmap(all, size);
	}
	fprintf(out, " %016llx\n", (unsigned long long)sum);
}

static bool is_frozen(int fd)
{
	char path[64], line[256];
	unsigned frozen = 0;

	snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
	FILE *f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f))
		sscanf(line, "frozen: %u", &frozen);
	if (f)
		fclose(f);
	return frozen;
}

static void write_map(FILE *out, const struct thing *t, const struct things *progs,
	const struct things *maps, asked_fn *asked, arena_fn *arena)
{
	const struct bpf_map_info *m = &t->map;
	const struct things *to = pointed(m->type, progs, maps);
	struct types types = {0};

	if (m->btf_id)
		types_read(&types, m->btf_id);
	fprintf(out,
		"map %s type=%u key=%u value=%u entries=%u flags=%#x extra=%llx ifindex=%u "
		"kernel_type=%u types=%s key_type=%u(%s) value_type=%u(%s) frozen=%u",
		t->name, m->type, m->key_size, m->value_size, m->max_entries, m->map_flags,
		m->type == MAP_TYPE_ARENA ? 0ull : (unsigned long long)m->map_extra, m->ifindex,
		m->btf_vmlinux_value_type_id, m->btf_id ? "yes" : "no", m->btf_key_type_id,
		type_name(&types, m->btf_key_type_id), m->btf_value_type_id,
		type_name(&types, m->btf_value_type_id), is_frozen(t->fd));
	write_asked(out, t, asked);
	types_free(&types);
	if (to)
		write_pointers(out, t, to);
	else if ((m->type == BPF_MAP_TYPE_ARRAY || m->type == BPF_MAP_TYPE_PERCPU_ARRAY) &&
		 m->max_entries == 1)
		write_data(out, t);
	else if (m->type == MAP_TYPE_ARENA)
		write_arena(out, t, arena);
}

void facts_write(FILE *out, const struct ids before[KINDS], asked_fn *asked, arena_fn *arena)
{
	struct things progs = things_read(KIND_PROG, &before[KIND_PROG]);
	struct things maps = things_read(KIND_MAP, &before[KIND_MAP]);

	for (size_t i = 0; i < progs.n; i++)
		write_prog(out, &progs.thing[i], &maps, asked);
	for (size_t i = 0; i < maps.n; i++)
		write_map(out, &maps.thing[i], &progs, &maps, asked, arena);
	things_free(&progs);
	things_free(&maps);
}

void facts_name(enum kind kind, uint32_t id, char name[16])
{
	struct bpf_prog_info prog = {0};
	struct bpf_map_info map = {0};
	int fd = open_id(commands[kind].open, id);

	strcpy(name, "?");
	if (kind == KIND_PROG && info_of(fd, &prog, sizeof prog))
		memcpy(name, prog.name, sizeof prog.name);
	else if (kind == KIND_MAP && info_of(fd, &map, sizeof map))
		memcpy(name, map.name, sizeof map.name);
	close(fd);
}
