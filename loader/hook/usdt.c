/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * USDT: static probes in programs and libraries, with a name and arguments. Each call site is a nop
 * and a note in the file (see elf/object/notes.h); attaching means a uprobe at every site.
 *
 *     usdt//usr/bin/python3:python:function__entry      FILE:PROVIDER:NAME, both may be patterns
 *
 * The location of the arguments differs between sites, so the BPF program looks it up in two maps,
 * which <bpf/usdt.bpf.h> defines (compatible with libbpf's header) and this file fills:
 *
 *     __bpf_usdt_specs           spec id -> specification of the arguments (usdt_args.h)
 *     __bpf_usdt_ip_to_spec_id   address -> spec id, for kernels before 5.15
 *
 * Since 5.15 the spec id is the cookie of the link. On older kernels the program only knows its
 * instruction pointer, which is known in advance only for non-PIE files or for one given process.
 * Spec ids start at 1, because a missing cookie reads as 0.
 *
 * A probe with a semaphore computes its arguments only while this counter is not zero. The kernel
 * increments it in all processes (4.20).
 */
#include "usdt_args.h"
#include "user_place.h"

#include "elf/base/format.h"
#include "elf/base/insn.h"
#include "elf/object/notes.h"
#include "loader/plan/abi.h"
#include "loader/kernel/kfs.h"
#include "elf/base/glob.h"
#include "loader/symbols/process_maps.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

static const char specs_map[] = "__bpf_usdt_specs";
static const char ips_map[] = "__bpf_usdt_ip_to_spec_id";

enum { HELPER_GET_ATTACH_COOKIE = 174, COOKIES_SINCE = ABI_VERSION(5, 15), NAMES_MAX = 400 };

/* One call site: a nop. */
struct site {
	uint64_t offset;    /* in the file */
	uint64_t semaphore; /* file offset, 0: none */
	uint64_t ip;        /* its run-time address, 0: unknown */
	const char *args;
	uint32_t spec; /* spec id, 0: none */
};

struct probe {
	struct user_target target;
	const char *provider, *name; /* patterns */
	struct site *sites;
	size_t n, room;
};

static bool has_cookies(const struct hook_use *use)
{
	return abi_parse_version(use->kernel->release) >= COOKIES_SINCE;
}

/* ---- kernels without cookies ---- */

/* Replaces calls of bpf_get_attach_cookie(), which such kernels do not have, by 0. */
static void load(struct plan_builder *b, const struct hook_use *use, int16_t step)
{
	const struct plan_prog *pp = &b->plan->progs[use->like.prog];
	(void)step;
	if (b->failed || has_cookies(use))
		return;
	struct plan_blob *code = &b->plan->blobs[pp->insns];
	static const struct insn zero = {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst = BPF_REG_0};
	for (uint32_t at = 0; at + INSN_SIZE <= code->size; at += INSN_SIZE) {
		struct insn insn = insn_get(code->bytes + at, b->plan->big);
		if (insn.code == (BPF_JMP | BPF_CALL) && !insn.src &&
			insn.imm == HELPER_GET_ATTACH_COOKIE)
			insn_put(code->bytes + at, b->plan->big, zero);
		at += insn_is_wide(insn) ? INSN_SIZE : 0;
	}
}

/* The address at which the process has mapped this byte of the file as code, 0 if it has not.
 * Compares inode and name: device numbers in maps differ from those of stat() on some file
 * systems. */
static uint64_t address_in(int32_t pid, const char *path, uint64_t offset)
{
	char maps[32], line[512];
	struct process_mapping m;
	const char *name = strrchr(path, '/');
	uint64_t found = 0;
	struct stat st;
	text_print(maps, sizeof maps, "/proc/%d/maps", (int)pid);
	FILE *f = stat(path, &st) ? NULL : fopen(maps, "re");
	while (f && !found && fgets(line, sizeof line, f)) {
		if (!process_mapping_parse(line, &m))
			continue;
		const char *end_of_path = strrchr(m.path, '/');
		if (m.inode == st.st_ino && end_of_path && !strcmp(end_of_path, name) &&
			offset >= m.offset && offset - m.offset < m.end - m.start)
			found = m.start + (offset - m.offset);
	}
	if (f)
		fclose(f);
	return found;
}

/* ---- call sites ---- */

static bool add_site(struct plan_builder *b, struct probe *p, const struct notes_probe *note)
{
	const struct symbols *file = &p->target.file;
	struct site site = {.args = arena_strdup(b->plan->arena, note->args)};
	struct site *list = arena_grow(b->plan->arena, p->sites, p->n, &p->room, sizeof *p->sites);
	if (!list || !site.args)
		return err_nomem(b->e);
	p->sites = list;
	if (!symbols_offset(file, note->address, &site.offset) ||
		!symbols_is_code(file, site.offset))
		return err_set(b->e, "%s: probe %s:%s is at address 0x%llx, which is not code",
			p->target.path, note->provider, note->name,
			(unsigned long long)note->address);
	if (note->semaphore && (!symbols_offset(file, note->semaphore, &site.semaphore) ||
				       site.semaphore > UINT32_MAX))
		return err_set(b->e, "%s: the semaphore of probe %s:%s is outside of the file",
			p->target.path, note->provider, note->name);
	if (file->elf.type == ELF_TYPE_EXEC)
		site.ip = note->address;
	else if (p->target.pid)
		site.ip = address_in(p->target.pid, p->target.path, site.offset);
	for (size_t i = 0; i < p->n; i++)
		if (list[i].offset == site.offset)
			return true;
	list[p->n++] = site;
	return true;
}

static bool is_selected(const struct probe *p, const struct notes_probe *note)
{
	return glob_match(p->provider, note->provider) && glob_match(p->name, note->name);
}

static bool find_sites(struct plan_builder *b, struct probe *p, const struct elf_section *notes)
{
	struct notes_probe note;
	for (uint64_t at = 0; notes_next_probe(&p->target.file.elf, notes, &at, &note);)
		if (is_selected(p, &note) && !add_site(b, p, &note))
			return false;
	return true;
}

/* The names of all probes in the file, without duplicates. */
static void list_probes(const struct probe *p, const struct elf_section *notes, char *list)
{
	struct notes_probe note;
	size_t n = 0;
	char name[NAMES_MAX];
	*list = 0;
	for (uint64_t at = 0; notes_next_probe(&p->target.file.elf, notes, &at, &note);) {
		size_t len =
			(size_t)text_print(name, sizeof name, " %s:%s,", note.provider, note.name);
		if (len < sizeof name && n + len < NAMES_MAX && !strstr(list, name)) {
			memcpy(list + n, name, len + 1);
			n += len;
		}
	}
	if (n)
		list[n - 1] = 0;
}

static bool find_probe(struct plan_builder *b, struct probe *p)
{
	char list[NAMES_MAX];
	const struct elf *elf = &p->target.file.elf;
	uint32_t notes = elf_find(elf, NOTES_STAPSDT);
	char *colon = arena_strdup(b->plan->arena, p->target.what);
	if (!colon)
		return err_nomem(b->e);
	p->provider = colon;
	colon = strchr(colon, ':'); /* user_target_open() has found one */
	*colon = 0;
	p->name = colon + 1;
	if (!notes) {
		err_set(b->e, "%s: no USDT probes: no section " NOTES_STAPSDT, p->target.path);
		return err_hint(b->e, "USDT probes are compiled in with <sys/sdt.h>; a uprobe can "
				      "attach to any function");
	}
	if (!find_sites(b, p, &elf->sections[notes]))
		return false;
	if (p->n)
		return true;
	err_set(b->e, "%s: there is no probe '%s'", p->target.path, p->target.what);
	list_probes(p, &elf->sections[notes], list);
	return err_hint(b->e, "its probes are:%s", list);
}

/* ---- specifications of arguments ---- */

/* The value that a step writes to the map, or NULL. */
static const struct plan_blob *written(
	const struct plan *p, const struct plan_step *s, const struct plan_map *map)
{
	const struct attr_field fd = ATTR(map_fd), value = ATTR(value);
	const struct plan_blob *found = NULL;
	bool same = false;
	if (s->op != STEP_BPF || s->cmd != BPF_MAP_UPDATE_ELEM)
		return NULL;
	const struct plan_blob *attr = &p->blobs[s->attr];
	for (size_t i = 0; i < attr->n_patches; i++) {
		const struct plan_patch *patch = &attr->patches[i];
		same |= patch->what == PATCH_SLOT && patch->at == fd.at &&
		        patch->index == map->slot;
		if (patch->what == PATCH_BLOB && patch->at == value.at)
			found = &p->blobs[patch->index];
	}
	return same ? found : NULL;
}

static int16_t write_map(struct plan_builder *b, const struct hook_use *use,
	const struct plan_map *map, const void *key, size_t key_size, const void *value,
	size_t value_size)
{
	int16_t step = plan_add_step(b, STEP_BPF, BPF_MAP_UPDATE_ELEM, PLAN_NONE, &use->like);
	attr_slot(b, step, ATTR(map_fd), map->slot);
	attr_blob(b, step, ATTR(key), plan_add_blob(b, key, key_size, "key"));
	attr_blob(b, step, ATTR(value), plan_add_blob(b, value, value_size, "value"));
	attr_set(b, step, ATTR(flags), BPF_ANY);
	return step;
}

static const char *spec_note(
	struct plan_builder *b, const struct site *site, uint32_t id, const char *unknown)
{
	struct arena *a = b->plan->arena;
	const char *args = *site->args ? site->args : "none";
	if (!unknown)
		return plan_text(b, arena_printf(a, "argument spec %u: %s", id, args));
	return plan_text(b, arena_printf(a, "argument spec %u: %s; BPF programs cannot read '%.*s'",
				    id, args, (int)strcspn(unknown, " "), unknown));
}

/* Sets the spec id of a site. Sites with equal specifications share one. */
static bool add_spec(struct plan_builder *b, const struct hook_use *use, const struct plan_map *map,
	const struct probe *p, struct site *site)
{
	uint8_t spec[USDT_SPEC_SIZE], key[4];
	const char *unknown;
	uint32_t id = 1;
	if (!usdt_args(site->args, arch_of_machine(use->kernel->machine),
		    p->target.file.elf.machine, b->plan->big, spec, &unknown))
		return err_set(b->e, "%s: invalid argument list of probe %s: %s", p->target.path,
			p->target.what, site->args);
	for (size_t i = 0; i < b->plan->n_steps; i++) {
		const struct plan_blob *old = written(b->plan, &b->plan->steps[i], map);
		if (old && old->size == sizeof spec && !memcmp(old->bytes, spec, sizeof spec)) {
			site->spec = id;
			return true;
		}
		id += old != NULL;
	}
	if (id >= map->max_entries) {
		err_set(b->e, "more than %u different argument specs", map->max_entries - 1);
		return err_hint(b->e, "#define BPF_USDT_MAX_SPEC_CNT before <bpf/usdt.bpf.h>");
	}
	site->spec = id;
	bytes_put(key, sizeof key, b->plan->big, id);
	int16_t step = write_map(b, use, map, key, sizeof key, spec, sizeof spec);
	struct plan_step *s = plan_step_at(b, step);
	s->note = spec_note(b, site, id, unknown);
	s->flags |= unknown ? STEP_NOTICE : 0;
	return true;
}

static bool add_specs(struct plan_builder *b, const struct hook_use *use, struct probe *p)
{
	const struct plan_map *map = plan_find_map(b->plan, specs_map);
	if (!map)
		return true; /* the program does not use arguments */
	if (map->value_size != USDT_SPEC_SIZE || map->key_size != 4)
		return err_set(b->e, "map '%s' has values of %u bytes, not the expected %d",
			specs_map, map->value_size, USDT_SPEC_SIZE);
	for (size_t i = 0; i < p->n && !b->failed; i++) {
		if (!add_spec(b, use, map, p, &p->sites[i]))
			return false;
		if (!p->sites[i].ip && !has_cookies(use)) {
			err_set(b->e,
				"%s: its run-time addresses are unknown, and kernels before 5.15 "
				"have no cookies to identify a probe",
				p->target.path);
			return err_hint(b->e, "attach to one process: --on %s=@PID",
				b->plan->progs[use->like.prog].name);
		}
	}
	return true;
}

/* ---- attaching ---- */

/* The fallback for kernels without cookies, which are those without perf event links: the address
 * of the site selects the description. */
static void attach_old(struct plan_builder *b, const struct hook_use *use, const struct site *site,
	int16_t event, int16_t link, int16_t link_slot)
{
	const struct plan_map *ips = plan_find_map(b->plan, ips_map);
	if (site->spec && (!site->ip || !ips || ips->key_size != 8 || ips->value_size != 4))
		return;
	if (site->spec) {
		uint8_t ip[8], spec[4];
		bytes_put(ip, sizeof ip, b->plan->big, site->ip);
		bytes_put(spec, sizeof spec, b->plan->big, site->spec);
		struct plan_step *s =
			plan_step_at(b, write_map(b, use, ips, ip, sizeof ip, spec, sizeof spec));
		s->fallback_for = link;
		s->errs[0] = EINVAL;
		s->note = "no cookies before 5.15: the address selects the description";
	}
	perf_set_bpf(b, use, event, link_slot, link);
}

static void attach_site(struct plan_builder *b, const struct hook_use *use, const struct site *site,
	int16_t event, int16_t link_slot)
{
	int16_t link = perf_link(b, use, event, link_slot);
	if (site->spec)
		attr_set(b, link, ATTR(link_create.perf_event.bpf_cookie), site->spec);
	if (!b->failed)
		attach_old(b, use, site, event, link, link_slot);
	perf_enable(b, use, event);
}

/* Kernels before 4.20 ignore the semaphore in the perf event: they would attach, but the probe
 * would never fire. A line with a semaphore is rejected by them, so only the event source is
 * checked. */
static void expect_counters(
	struct plan_builder *b, const struct hook_use *use, const struct probe_source *source)
{
	static const char file[] = "bus/event_source/devices/uprobe/format/ref_ctr_offset";
	static const char word[] = "config:32-63";
	int16_t step = plan_add_step(b, STEP_EXPECT, KFS_SYS, PLAN_NONE, &use->like);
	int16_t file_blob = plan_add_blob(b, file, sizeof file, "file");
	int16_t word_blob = plan_add_blob(b, word, sizeof word, "word");
	struct plan_step *s = plan_step_at(b, step);
	s->args[0].blob = file_blob;
	s->args[1].blob = word_blob;
	s->args[2].slot = source->type;
	s->note = "the probe has a semaphore, which the kernel must increment";
	s->hint = "this probe requires Linux 4.20 and CONFIG_UPROBE_EVENTS";
}

static void attach_sites(struct plan_builder *b, const struct hook_use *use, const struct probe *p)
{
	const struct probe_source source = user_place_source(b, use, &p->target);
	for (size_t i = 0; i < p->n; i++)
		if (p->sites[i].semaphore) {
			expect_counters(b, use, &source);
			break;
		}
	for (size_t i = 0; i < p->n && !b->failed; i++) {
		const struct site *site = &p->sites[i];
		struct user_place place = {.offset = site->offset, .semaphore = site->semaphore};
		const char *note = plan_text(
			b, arena_printf(b->plan->arena, "%s in %s%s%s%s, %zu of %zu",
				   p->target.what, p->target.path, p->target.found ? " (" : "",
				   p->target.found ? p->target.found : "",
				   p->target.found ? ")" : "", i + 1, p->n));
		int16_t event = user_place_probe(b, use, &p->target, &source, &place, note);
		int16_t link_slot =
			i ? plan_add_slot(b, SLOT_LINK, b->plan->progs[use->like.prog].name)
			  : use->link_slot;
		attach_site(b, use, site, event, link_slot);
	}
}

static void attach(struct plan_builder *b, const struct hook_use *use)
{
	struct probe p = {0};
	if (!user_target_open(b, use, 2, &p.target))
		return;
	bool ok = find_probe(b, &p) && add_specs(b, use, &p);
	user_target_close(&p.target);
	b->failed |= !ok;
	if (!b->failed)
		attach_sites(b, use, &p);
}

static const char syntax[] = "FILE:PROVIDER:NAME";

static const struct hook hooks[] = {
	{
		.sec = "usdt",
		.target = TARGET_OPTIONAL,
		.prog_type = BPF_PROG_TYPE_KPROBE,
		.since = ABI_VERSION(4, 3),
		.target_syntax = syntax,
		.what = "static probe of a program or library",
		.load = load,
		.methods = user_place_methods,
		.attach = attach,
	},
	{
		.sec = "usdt.s",
		.target = TARGET_OPTIONAL,
		.prog_type = BPF_PROG_TYPE_KPROBE,
		.prog_flags = BPF_F_SLEEPABLE,
		.since = ABI_VERSION(6, 0),
		.target_syntax = syntax,
		.what = "static probe of a program or library, sleepable",
		.load = load,
		.methods = user_place_methods,
		.attach = attach,
	},
};

const struct hook_family usdt_family = {"usdt", hooks, sizeof hooks / sizeof *hooks};
