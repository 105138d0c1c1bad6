/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arbitrary bytes as an object: plans it and prints the plan. The target's BTF is the object's own,
 * so that CO-RE finds matches, absent, or that of a kernel with types that differ. Plans are executed on a
 * simulated kernel (kernel.h). */
#include <stdio.h>
#include <stdlib.h>

#include "elf/records/records.h"
#include "loader/explain/inspect.h"
#include "loader/planner/planner.h"
#include "loader/explain/plan_text.h"
#include "loader/plan/save.h"
#include "loader/plan/variable.h"
#include "loader/hook/hook.h"
#include "harness.h"
#include "kernel.h"

enum { PLANNED, PRINTED, INSPECTED, CHOSEN, EXECUTED };
struct goal goals[] = {[PLANNED] = {.name = "planned"},
	[PRINTED] = {.name = "printed"},
	[INSPECTED] = {.name = "inspected"},
	[CHOSEN] = {.name = "record types of files"},
	[EXECUTED] = {.name = "executed"},
	{0}};

/* Those of tests/fuzz/objects/kernel_types.c. */
static struct span other_types(void)
{
	static const char path[] = "build/fuzz/kernel-types";
	static uint8_t bytes[1 << 16];
	static size_t n;
	FILE *f = n ? NULL : fopen(path, "rb");
	if (f) {
		n = fread(bytes, 1, sizeof bytes, f);
		fclose(f);
	}
	if (!n) {
		fprintf(stderr, "no %s: tests/fuzz/make-seeds writes it\n", path);
		exit(1);
	}
	return (struct span){bytes, n, false};
}

static void own_types(struct target *t, struct span bytes, uint32_t sum, struct arena *a)
{
	static const char *const machines[] = {"x86_64", "x86_64", "aarch64", "armv7l"};
	struct elf elf;
	struct err e = {0};
	uint32_t i = elf_open(&elf, bytes, a, &e) ? elf_find(&elf, ".BTF") : 0;
	*t = (struct target){.dir = "nowhere",
		.arena = a,
		.release = sum % 3 ? "6.1.0" : "5.4.0",
		.machine = machines[sum / 4 % 4],
		.possible_cpus = 4,
		.page_size = 4096,
		.btf_tried = true};
	if (sum % 4 == 1)
		t->btf_found = btf_open(&t->btf, other_types(), NULL, a, &e);
	else
		t->btf_found = i && btf_open(&t->btf, elf.sections[i].data, NULL, a, &e);
}

static void print(const struct plan *p, FILE *out)
{
	plan_print(p, &(struct print_style){.full = true, .code = true}, out);
	plan_print(p, &(struct print_style){.json = true}, out);
	plan_print(p, &(struct print_style){0}, out);
}

/* What --on is for each hook that needs something. */
static const char *place_for(const struct hook *h, uint32_t sum)
{
	static const struct {
		const char *syntax, *text;
	} samples[] = {{"[NETNS:]INTERFACE", "lo"}, {"INTERFACE", "lo"}, {"CGROUP:", "a:ingress"},
		{"CGROUP", "/sys/fs/cgroup/a"}, {"FILE|own", "own"}, {"tcp:PORT", "1:3"},
		{"ipv4|ipv6", "ipv4:local_in"}, {"DEVICE", "/dev/lirc0"}, {"[EVENT", "cpu-clock"},
		{"PREFIX", "fd00::/64@lo"}, {"ID|PIN", "17"}, {"[MAP]", "sockets"}};
	for (size_t i = 0; i < sizeof samples / sizeof *samples && sum % 8; i++)
		if (h->arg_syntax &&
			!strncmp(h->arg_syntax, samples[i].syntax, strlen(samples[i].syntax)))
			return samples[i].text;
	return h->needs ? "lo" : NULL;
}

enum { PLACES = 16 };

/* "PROG=PLACE" for each program. Returns their number. */
static size_t choose_places(const char **on, struct span bytes, uint32_t sum, struct arena *a)
{
	struct object o;
	struct err e = {0};
	size_t n = 0;
	if (!object_open(&o, "x", bytes, a, &e))
		return 0;
	for (size_t i = 0; i < o.n_funcs && n < PLACES; i++) {
		const char *target, *place = NULL;
		const char *sec = o.funcs[i].sec ? o.funcs[i].sec : "";
		const struct hook *h = hook_find(sec + (*sec == '?'), &target, &(struct err){0});
		if (h)
			place = place_for(h, sum);
		if (place)
			on[n] = arena_printf(a, "%s=%s", o.funcs[i].name, place);
		n += place && on[n];
	}
	return n;
}

/* One program, which may be one that is not loaded without request; NULL: there is none. */
static const char *any_program(struct span bytes, uint32_t sum, struct arena *a)
{
	struct object o;
	struct err e = {0};
	const char *name = NULL;
	uint32_t n = 0;
	if (!object_open(&o, "x", bytes, a, &e))
		return NULL;
	for (size_t i = 0; i < o.n_funcs; i++)
		if (o.funcs[i].entry && sum % ++n == 0)
			name = o.funcs[i].name;
	return name;
}

/* Options differ between inputs, by a checksum. */
static bool make_plan(struct plan *p, struct span bytes, uint32_t sum, struct target *t,
	struct arena *a, struct err *e)
{
	const char *on[PLACES];
	static const char *const entries[] = {"100", "m=3"}, *const args[] = {"3"};
	uint32_t how = sum / 8 % 8;
	const char *only = how == 6 ? any_program(bytes, sum / 64, a) : NULL;
	const struct plan_options options = {.target_args = on,
		.n_target_args = how > 2 ? choose_places(on, bytes, sum, a) : 0,
		.only = &only,
		.n_only = only != NULL,
		.show = how == 1 || how == 4,
		.load_only = how == 2,
		.pin = sum / 64 % 4 == 0 ? "/sys/fs/bpf/p" : NULL,
		.leave = sum / 256 % 2 == 0,
		.replace = sum / 512 % 2 == 0,
		.token = sum / 256 % 8 == 0 ? "/sys/fs/bpf" : NULL,
		.entries = entries + sum / 2048 % 2,
		.n_entries = sum / 2048 % 8 == 0,
		.args = args,
		.n_args = sum / 16384 % 8 == 0,
		.records = &record_finder};
	return plan_object(p, "x", bytes, &options, t, a, e);
}

/* The object as a file with types and as its own twin: any of its types for any of its maps. */
static bool choose(struct span bytes, uint32_t sum, struct arena *a)
{
	struct object o;
	struct type_file types;
	struct err e = {0};
	struct btf_type t = {0};
	struct record_choice choice = {0};
	struct span shown;
	if (!object_open(&o, "x", bytes, a, &e) || !o.has_btf ||
		!type_file_open(&types, "x", bytes, a, &e))
		return false;
	for (size_t i = 0; i < o.n_maps; i++)
		if (records_in(&o.maps[i]))
			choice.map = o.maps[i].name;
	for (uint32_t left = sum % 64; btf_next_in(&o.btf, &t, BTF_COMPOSITES) && left; left--)
		choice.type = btf_name(&t);
	const struct record_sources from = {.choices = &choice,
		.n_choices = choice.map && choice.type,
		.types = &types,
		.twin = &o};
	struct record_result *out = arena_array(a, o.n_maps + o.n_funcs, sizeof *out);
	return out && records_find(&o, &o.btf, &from, a, out, &shown, &e) && from.n_choices;
}

void fuzz_input(const uint8_t *data, size_t size)
{
	FILE *out = nowhere();
	struct span bytes = {data, size, false};
	struct arena a = {0};
	struct target t;
	struct plan p;
	struct err e = {0};
	uint32_t sum = checksum(data, size);
	own_types(&t, bytes, sum, &a);
	bool ok = make_plan(&p, bytes, sum, &t, &a, &e);
	if (ok == e.set || (!ok && strncmp(e.text, "x: ", 3) && strncmp(e.text, "--", 2)))
		abort();
	reach(PLANNED, ok);
	/* Printing is slow: only for one input in eight. */
	if (reach(PRINTED, ok && sum % 8 == 0)) {
		print(&p, out);
		plan_set_variable(&p, "only_pid=3", &e);
	}
	if (ok)
		reach(EXECUTED, kernel_runs(&p, &a, sum, false));
	if (sum % 2)
		reach(CHOSEN, choose(bytes, sum / 2, &a));
	if (sum % 8 == 1) {
		struct err ignored = {0};
		own_types(&t, bytes, sum, &a);
		reach(INSPECTED, inspect_object("x", bytes,
					 &(struct inspect_options){.sections = true, .code = true},
					 &t, out, &ignored));
	}
	free_small(&a);
}
