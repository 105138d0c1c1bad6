/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * References that remain unresolved until the plan runs, poison, and externs: functions, variables,
 * addresses and configuration values of the kernel.
 */
#include "link_impl.h"

#include "elf/base/format.h"
#include "elf/base/insn.h"

#include <stdio.h>

/* Kfuncs that the driver of one interface implements begin with this. */
static const char device_kfuncs[] = "bpf_xdp_metadata_";
static const char stream_kfuncs[] = "bpf_stream_vprintk"; /* and with _impl (6.18) */

bool link_add_ref(struct linker *l, struct builder *b, struct image_ref ref)
{
	struct image_prog *p = b->prog;
	struct image_ref *refs =
		arena_grow(l->o->arena, p->refs, p->n_refs, &b->refs_room, sizeof ref);
	if (!refs)
		return err_nomem(l->e);
	p->refs = refs;
	refs[p->n_refs++] = ref;
	return true;
}

bool link_add_poison(
	struct linker *l, struct builder *b, uint32_t insn, const char *what, const char *why)
{
	struct image_prog *p = b->prog;
	struct image_poison *list =
		arena_grow(l->o->arena, p->poison, p->n_poison, &b->poison_room, sizeof *list);
	if (!list)
		return err_nomem(l->e);
	p->poison = list;
	list += p->n_poison++;
	list->insn = insn;
	list->what = arena_strdup(l->o->arena, what);
	list->why = arena_strdup(l->o->arena, why);
	return (list->what && list->why) || err_nomem(l->e);
}

bool link_find_externs(struct linker *l)
{
	l->externs = arena_array(l->o->arena, l->o->n_externs, sizeof *l->externs);
	if (!l->externs)
		return err_nomem(l->e);
	return externs_resolve(l->o, l->types, l->opt->facts, l->externs, &l->image->config, l->e);
}

/* Functions of the C library that people call out of habit, and what BPF programs use instead. */
static const struct {
	const char *name, *instead;
} libc_names[] = {
	{"printf", "bpf_printk()"},
	{"puts", "bpf_printk()"},
	{"fprintf", "bpf_printk()"},
	{"perror", "bpf_printk()"},
	{"sprintf", "BPF_SNPRINTF()"},
	{"snprintf", "BPF_SNPRINTF()"},
	{"strcmp", "bpf_strncmp()"},
	{"strncmp", "bpf_strncmp()"},
	{"strlen", "the result of bpf_probe_read_kernel_str(), or a loop"},
	{"strcpy", "bpf_probe_read_kernel_str()"},
	{"strncpy", "bpf_probe_read_kernel_str()"},
	{"strstr", "a loop"},
	{"memcmp", "a loop, or __builtin_memcmp() with a small constant size"},
	{"memcpy", "__builtin_memcpy() with a constant size"},
	{"memmove", "__builtin_memmove() with a constant size"},
	{"memset", "__builtin_memset() with a constant size"},
	{"malloc", "a map"},
	{"calloc", "a map"},
	{"free", "a map"},
	{"getpid", "bpf_get_current_pid_tgid()"},
	{"getuid", "bpf_get_current_uid_gid()"},
	{"time", "bpf_ktime_get_ns()"},
	{"rand", "bpf_get_prandom_u32()"},
};

static bool explain_undefined(const char *name, struct err *e)
{
	err_set(e, "'%s' is not defined in the object", name);
	for (size_t i = 0; i < sizeof libc_names / sizeof *libc_names; i++)
		if (!strcmp(name, libc_names[i].name))
			return err_hint(
				e, "BPF programs have no C library: use %s", libc_names[i].instead);
	return err_hint(e, "BPF programs have no C library; declare kernel functions with __ksym; "
			   "link several objects with bpftool gen object");
}

/* The extern with this symbol. NULL with e set if the symbol is undefined but not an extern, or if a
 * strong extern was not found. */
static const struct obj_extern *get_extern(
	struct linker *l, uint32_t symbol, const struct extern_result **answer)
{
	int i = extern_of_symbol(l->o, symbol);
	if (i < 0) {
		explain_undefined(l->o->elf.symbols[symbol].name, l->e);
		return NULL;
	}
	const struct obj_extern *x = &l->o->externs[i];
	*answer = &l->externs[i];
	if ((*answer)->found || x->weak)
		return x;
	err_set(l->e, "extern '%s': %s", x->name, (*answer)->why);
	err_hint(l->e, "declare it __weak if it may be missing, and test %s",
		x->kind == EXTERN_CONFIG ? "its value" : "bpf_ksym_exists()");
	return NULL;
}

/* The off of a call: 1 + the index of the module in image->modules, 0 for vmlinux. */
static bool module_off(struct linker *l, uint32_t target, int16_t *number)
{
	struct image *image = l->image;
	size_t i = 0;
	if (!image->modules)
		image->modules = arena_array(l->o->arena, l->types->n, sizeof *image->modules);
	if (!image->modules)
		return err_nomem(l->e);
	while (i < image->n_modules && image->modules[i] != target)
		i++;
	if (i == image->n_modules && target)
		image->modules[image->n_modules++] = target;
	*number = (int16_t)(target ? i + 1 : 0);
	return true;
}

/* A kfunc is called by its BTF id. The call of a missing weak kfunc is poisoned: the program must test
 * for it before. */
bool link_call_kfunc(struct linker *l, struct builder *b, uint32_t at, uint32_t symbol)
{
	const struct extern_result *answer;
	const struct obj_extern *x = get_extern(l, symbol, &answer);
	struct insn insn = link_get(l, b, at);
	if (!x)
		return false;
	if (x->kind != EXTERN_KFUNC)
		return err_set(l->e, "extern '%s' is called but is not a function", x->name);
	if (!answer->found) {
		insn.src = 0;
		insn.imm = CORE_POISON;
		link_put(l, b, at, insn);
		char what[80];
		text_print(what, sizeof what, "kfunc %s", x->name);
		return link_add_poison(l, b, at, what, answer->why);
	}
	l->image->used_target = true;
	insn.src = BPF_PSEUDO_KFUNC_CALL;
	insn.imm = (int32_t)answer->id;
	if (!module_off(l, answer->target, &insn.off))
		return false;
	b->prog->calls_modules |= insn.off != 0;
	b->prog->streams |= !strncmp(x->name, stream_kfuncs, sizeof stream_kfuncs - 1);
	b->prog->calls_device |= !strncmp(x->name, device_kfuncs, sizeof device_kfuncs - 1);
	link_put(l, b, at, insn);
	return true;
}

/* The address of an extern, 0 for a missing weak extern. */
bool link_load_extern(struct linker *l, struct builder *b, uint32_t at, uint32_t symbol)
{
	const struct extern_result *answer;
	const struct obj_extern *x = get_extern(l, symbol, &answer);
	struct insn insn = link_get(l, b, at), high = link_get(l, b, at + 1);
	struct image_ref ref = {.insn = at};
	bool unresolved = false;
	if (!x)
		return false;
	int32_t off = insn.imm;
	insn.src = 0;
	insn.imm = high.imm = 0;
	if (x->kind == EXTERN_CONFIG) {
		insn.src = BPF_PSEUDO_MAP_VALUE;
		high.imm = (int32_t)x->off + off;
		ref.kind = REF_VALUE;
		ref.index = (uint32_t)(object_config_map(l->o) - l->o->maps);
		unresolved = true;
		l->image->used_target = true;
	} else if (x->kind == EXTERN_ADDRESS) {
		ref.kind = REF_ADDRESS;
		ref.index = (uint32_t)(x - l->o->externs);
		unresolved = true;
	} else if (answer->found) {
		insn.src = BPF_PSEUDO_BTF_ID;
		insn.imm = (int32_t)answer->id;
		ref.kind = REF_MODULE;
		ref.index = answer->target;
		unresolved = answer->target != 0;
		l->image->used_target = true;
	}
	link_put(l, b, at, insn);
	link_put(l, b, at + 1, high);
	return !unresolved || link_add_ref(l, b, ref);
}
