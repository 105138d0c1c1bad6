/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the fields of an attr refer to: descriptors, strings, arrays, instructions. */
#include "seen_impl.h"

#include "elf/base/format.h"

#include "elf/base/insn.h"
#include "elf/base/text.h"
#include "elf/btf/btf.h"
#include "loader/kernel/cpus.h"
#include "loader/kernel/map_element.h"
#include "loader/kernel/tracee_memory.h"

#include <string.h>

enum {
	POINTEE_MAX = 1 << 25, /* larger ones are E2BIG: BTF has at most 16 MiB, a program 8 */
	TEXT_ROOM = 4096,
	REFERENCES_MAX = 1024, /* constants of a program that are looked at */
	NAMES_ROOM = 60,       /* text that is printed as a string */
};

static struct plan_blob *attr_of(const struct reading *r)
{
	return &r->b->plan->blobs[r->b->plan->steps[r->step].attr];
}

static unsigned layout_of(const struct reading *r)
{
	return plan_step_layout(&r->b->plan->steps[r->step]);
}

uint64_t seen_field(const struct reading *r, const char *name)
{
	const struct plan_blob *attr = attr_of(r);
	return abi_get_by_name(layout_of(r), name, attr->bytes, attr->size);
}

static void patch(struct reading *r, const struct abi_field *f, enum patch_what what, int16_t index)
{
	const struct plan_patch p = {f->offset, f->size, (uint8_t)what, (uint16_t)index, 0};
	if (index != PLAN_NONE)
		plan_add_patch(r->b, r->b->plan->steps[r->step].attr, p);
}

/* "link_create.uprobe_multi.path" -> "path" */
static const char *short_name(const struct abi_field *f)
{
	const char *dot = strrchr(f->name, '.');
	return dot ? dot + 1 : f->name;
}

/* What a blob is called; of BTF, how much there is. */
static const char *blob_name(struct reading *r, const struct abi_field *f, struct span bytes)
{
	struct btf b;
	struct err e = {0};
	uint32_t end = strcmp(f->name, "btf") || !btf_open(&b, bytes, NULL, r->b->plan->arena, &e)
	                       ? 0
	                       : btf_end(&b, &e);
	return end ? plan_text(r->b, arena_printf(r->b->plan->arena, "BTF of %u types", end - 1))
	           : short_name(f);
}

static void read_text(struct reading *r, const struct abi_field *f, uint64_t at)
{
	char text[TEXT_ROOM];
	long n = tracee_read_text(r->call->tid, at, text, sizeof text);
	if (n < 0)
		return;
	/* Printed as a path: see is_file() of plan_text_fields.c. */
	bool file = !strcmp(f->name, "kprobe_func") && *text == '/';
	patch(r, f, PATCH_BLOB,
		plan_add_blob(r->b, text, (size_t)n + 1, file ? "file" : short_name(f)));
}

/* An array of strings as one, "tcp_v4_connect,tcp_v6_connect,..." */
static void read_texts(struct reading *r, const struct abi_field *f, uint64_t at, uint64_t size)
{
	char list[NAMES_ROOM] = "", name[TEXT_ROOM];
	uint8_t word[8];
	for (uint64_t i = 0; i < size && strlen(list) + 5 < sizeof list; i += sizeof word) {
		if (tracee_read(r->call->tid, at + i, word, sizeof word) < sizeof word ||
			tracee_read_text(r->call->tid, bytes_get(word, 8, host_is_big()), name,
				sizeof name) < 0)
			return;
		text_add(list, sizeof list, "%s%s", i ? "," : "", name);
	}
	if (strlen(list) + 5 >= sizeof list)
		strcpy(list + sizeof list - 5, "...");
	patch(r, f, PATCH_BLOB, plan_add_blob(r->b, list, strlen(list) + 1, short_name(f)));
}

/* The map of an instruction that loads its address. */
static void read_references(struct reading *r, int16_t blob)
{
	const struct plan_blob *b = &r->b->plan->blobs[blob];
	unsigned left = REFERENCES_MAX;
	for (uint32_t at = 0; left && at + 2 * INSN_SIZE <= b->size; at += INSN_SIZE) {
		struct insn i = insn_get(b->bytes + at, host_is_big());
		if (!insn_is_wide(i))
			continue;
		left--;
		int16_t slot = i.src == BPF_PSEUDO_MAP_FD || i.src == BPF_PSEUDO_MAP_VALUE
		                       ? seen_slot(r, i.imm)
		                       : PLAN_NONE;
		if (slot != PLAN_NONE)
			plan_add_patch(r->b, blob,
				(struct plan_patch){at + 4, 4, PATCH_SLOT, (uint16_t)slot, 0});
		if (r->b->failed)
			return;
		b = &r->b->plan->blobs[blob];
		at += INSN_SIZE;
	}
}

/* The sizes of the map that the call is about. */
static void map_sizes(struct reading *r, uint32_t *key, uint32_t *value)
{
	const struct plan_blob *attr = attr_of(r);
	struct abi_walk w = {.layout = layout_of(r)};
	struct descriptor d = {0};
	for (struct abi_field f; abi_next_field(&w, &f);)
		if (f.kind == ABI_FD_MAP) {
			descriptor_read(r->seeing->kfs, r->call->pid,
				(int)abi_get(&f, attr->bytes, attr->size), &d);
			break;
		}
	const struct map_info info = {
		.type = d.map_type, .key_size = d.key_size, .value_size = d.value_size};
	*key = d.key_size;
	*value = d.kind != DESCRIPTOR_MAP ? 0
	         : map_is_percpu(d.map_type)
	                 ? (uint32_t)(map_value_stride(&info) * cpus_possible(r->seeing->kfs))
	                 : d.value_size;
}

/* Writing to an output that the call has not filled is of no interest. */
static void read_array(struct reading *r, const struct abi_field *f, uint64_t at)
{
	const struct plan_blob *attr = attr_of(r);
	uint32_t key = 0, value = 0;
	uint64_t size;
	int16_t blob;
	if (f->unit == ABI_UNIT_KEY || f->unit == ABI_UNIT_VALUE)
		map_sizes(r, &key, &value);
	if (!abi_pointee(f, attr->bytes, attr->size, key, value, &size) || !size ||
		size > POINTEE_MAX)
		return;
	if (f->kind == ABI_STRS) {
		read_texts(r, f, at, size);
		return;
	}
	bool filled = f->dir & ABI_IN || (r->call->result >= 0 && r->call->returned);
	uint8_t *bytes = filled ? arena_alloc(r->b->plan->arena, (size_t)size) : NULL;
	if (bytes && tracee_read(r->call->tid, at, bytes, (size_t)size) == size)
		blob = plan_add_blob(r->b, bytes, (size_t)size,
			blob_name(r, f, (struct span){bytes, (size_t)size, host_is_big()}));
	else if (f->dir & ABI_OUT)
		blob = plan_add_output(r->b, (size_t)size, short_name(f));
	else
		return;
	patch(r, f, PATCH_BLOB, blob);
	if (f->kind == ABI_INSNS && !r->b->failed && r->b->plan->blobs[blob].bytes)
		read_references(r, blob);
}

static bool is_descriptor(const struct abi_field *f)
{
	return f->kind >= ABI_FD_MAP && f->kind <= ABI_FD_ANY;
}

void seen_attr(struct reading *r)
{
	struct abi_walk w = {.layout = layout_of(r)};
	for (struct abi_field f; !r->b->failed && abi_next_field(&w, &f);) {
		const struct plan_blob *attr = attr_of(r);
		uint64_t v = abi_get(&f, attr->bytes, attr->size);
		if (!v || !abi_applies(w.layout, &f, attr->bytes, attr->size))
			continue;
		if (is_descriptor(&f))
			patch(r, &f, PATCH_SLOT, seen_slot(r, (int)v));
		else if (f.kind == ABI_STR)
			read_text(r, &f, v);
		else if (f.kind >= ABI_PTR && f.kind <= ABI_FDS)
			read_array(r, &f, v);
	}
}

/* ---- names ---- */

/* The blob that a field points to, or NULL. */
static const struct plan_blob *pointee(const struct reading *r, const char *name)
{
	struct abi_field f;
	const struct plan_blob *attr = attr_of(r);
	if (!abi_field_by_name(layout_of(r), name, &f))
		return NULL;
	for (size_t i = 0; i < attr->n_patches; i++)
		if (attr->patches[i].at == f.offset && attr->patches[i].what == PATCH_BLOB) {
			const struct plan_blob *b = &r->b->plan->blobs[attr->patches[i].index];
			return b->bytes ? b : NULL;
		}
	return NULL;
}

/* A name within a structure; the type of the object if it is empty. */
static void name_in(unsigned layout, const char *field, struct span s, const char *type,
	enum abi_set set, char buf[static 48])
{
	struct abi_field f;
	abi_field_by_name(layout, field, &f);
	struct span name = span_sub(s, f.offset, f.size);
	text_print(buf, 48, "%.*s", (int)name.n, name.n ? (const char *)name.p : "");
	if (!*buf)
		abi_nick(set, abi_get_by_name(layout, type, s.p, (unsigned)s.n), buf);
}

static void learn_info(struct reading *r)
{
	static const struct {
		uint8_t layout, set; /* no set: the structure has no name */
	} infos[] = {
		[DESCRIPTOR_MAP] = {ABI_MAP_INFO, ABI_MAP_TYPES},
		[DESCRIPTOR_PROG] = {ABI_PROG_INFO, ABI_PROG_TYPES},
		[DESCRIPTOR_BTF] = {ABI_BTF_INFO, ABI_NO_SET},
		[DESCRIPTOR_LINK] = {ABI_LINK_INFO, ABI_NO_SET},
	};
	const struct plan_blob *info = pointee(r, "info.info");
	int fd = (int)seen_field(r, "info.bpf_fd");
	struct abi_field f;
	struct descriptor d;
	char name[48];
	descriptor_read(r->seeing->kfs, r->call->pid, fd, &d);
	if (!info || d.kind >= sizeof infos / sizeof *infos || !infos[d.kind].layout)
		return;
	struct span s = {info->bytes, info->size, host_is_big()};
	r->out->info = s;
	r->out->info_layout = infos[d.kind].layout;
	if (!infos[d.kind].set)
		return;
	name_in(infos[d.kind].layout, "name", s, "type", (enum abi_set)infos[d.kind].set, name);
	seen_learn(r, fd, name);
	/* The call itself can have the name, too. */
	if (!r->b->plan->n_slots && abi_field_by_name(BPF_OBJ_GET_INFO_BY_FD, "info.bpf_fd", &f))
		patch(r, &f, PATCH_SLOT, seen_slot(r, fd));
}

/* A link is named after its program. */
static void learn_link(struct reading *r, const char *field)
{
	struct descriptor d;
	int fd = (int)seen_field(r, field);
	descriptor_read(r->seeing->kfs, r->call->pid, fd, &d);
	const char *name = seen_name(r, &d, fd);
	if (name)
		seen_learn(r, (int)r->call->result, name);
}

void seen_learn_attr(struct reading *r)
{
	const struct plan_blob *attr = attr_of(r), *b;
	const struct span s = {attr->bytes, attr->size, host_is_big()};
	const char *slash;
	char name[48];
	int fd = (int)r->call->result;
	switch (r->b->plan->steps[r->step].cmd) {
	case BPF_MAP_CREATE:
		name_in(BPF_MAP_CREATE, "map_name", s, "map_type", ABI_MAP_TYPES, name);
		seen_learn(r, fd, name);
		break;
	case BPF_PROG_LOAD:
		name_in(BPF_PROG_LOAD, "prog_name", s, "prog_type", ABI_PROG_TYPES, name);
		seen_learn(r, fd, name);
		break;
	case BPF_BTF_LOAD:
		b = pointee(r, "btf");
		if (b)
			seen_keep_types(r, fd, (struct span){b->bytes, b->size, host_is_big()});
		break;
	case BPF_OBJ_GET:
		b = pointee(r, "pathname");
		slash = b ? strrchr((const char *)b->bytes, '/') : NULL;
		if (b)
			seen_learn(r, fd, slash ? slash + 1 : (const char *)b->bytes);
		break;
	case BPF_OBJ_GET_INFO_BY_FD:
		learn_info(r);
		break;
	case BPF_LINK_CREATE:
		learn_link(r, seen_field(r, "link_create.attach_type") == BPF_STRUCT_OPS
				      ? "link_create.map_fd"
				      : "link_create.prog_fd");
		break;
	case BPF_RAW_TRACEPOINT_OPEN:
		learn_link(r, "raw_tracepoint.prog_fd");
		break;
	default:;
	}
}
