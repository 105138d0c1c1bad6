/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"
#include "pack_args.h"

#include "elf/records/records.h"
#include "elf/base/format.h"
#include "loader/kernel/file.h"
#include "loader/pack/pack.h"
#include "loader/plan/save.h"
#include "loader/show/print.h"
#include "loader/sonde.h"

#include <string.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde pack [options] OBJECT -o FILE\n"
	"\n"
	"Makes one static executable that behaves as `sonde run OBJECT` with these\n"
	"options. FILE --help tells what is inside. There are two forms:\n"
	"\n"
	"  planned  a runner of a few kilobytes with plans, which executes and shows.\n"
	"           For objects that do not depend on the types of a kernel, or with\n"
	"           --target or --here, for the kernels that these name.\n"
	"  full     sonde itself with the object, for any kernel: whatever the runner\n"
	"           cannot do. FILE plan, FILE inspect and other verbs work, too.\n"
	"\n"
	"  -o, --output FILE    the file to write\n"
	"  -t, --target DIR     make a plan for that kernel, see sonde plan (repeatable)\n"
	"      --here           make a plan for the running kernel\n"
	"      --full           use the full form\n"
	"      --sonde BINARY   the sonde to put into a full form (this one), for example\n"
	"                       that of another architecture\n"
	"      --runner BINARY  the runner to put into a planned form (this machine's)\n"
	"\n"
	"options of run, which FILE then has by itself:\n"
	"  -f, --for TIME       stop after TIME: 10s, 500ms, 2m\n"
	"  -m, --map MAP, -e, --every TIME, --where EXPR, --fields LIST, -j, --json,\n"
	"  --metrics WHERE, --folded, -v, --yes, --no-sandbox\n"
	"      --on PROG=TARGET where to attach a program whose section does not "
	"say\n" CMD_OBJECT_USAGE CMD_RECORD_USAGE CMD_KERNEL_USAGE "\n"
	"examples:\n"
	"  sonde pack hello.bpf.o -o hello\n"
	"  sonde pack opensnoop.bpf.o -o opensnoop --set only_pid=1\n"
	"  sonde pack opensnoop.bpf.o -o opensnoop --target k5.10 --target k6.12\n"
	"  sonde pack execcount.bpf.o -o execcount --for 1m --json\n";

enum { TEXT_ROOM = 4096 };

/* ---- what FILE --help tells ---- */

struct help {
	char text[TEXT_ROOM];
	size_t n;
};

__attribute__((format(printf, 2, 3))) static void add(struct help *h, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	h->n += (size_t)text_vprint(h->text + h->n, sizeof h->text - h->n, fmt, ap);
	va_end(ap);
	if (h->n >= sizeof h->text)
		h->n = sizeof h->text - 1;
}

static void add_options(struct help *h, const struct pack_args *a)
{
	for (size_t i = 0; i < a->given.n; i++)
		add(h, "%s%s", i ? " " : "packed with: ", a->given.items[i]);
	add(h, a->given.n ? "\n" : "");
}

static void add_contents(struct help *h, const struct plan *p)
{
	for (size_t i = 0; i < p->n_progs; i++)
		add(h, "  program %-16s %s\n", p->progs[i].name, p->progs[i].sec);
	for (size_t i = 0; i < p->n_maps; i++)
		if (!p->maps[i].data)
			add(h, "  map     %s\n", p->maps[i].name);
}

/* ---- the planned form ---- */

static bool find_runner(const struct pack_args *a, struct pack *w, struct span *out, struct err *e)
{
	if (a->runner)
		return file_read(a->runner, out, e);
	*out = pack_own_runner(w->out.arena, e);
	return out->n;
}

/* Adds the plan for a kernel; target NULL: the running one. False without e set: w->reason tells why the runner
 * cannot have it. */
static bool add_plan(struct pack *w, const struct pack_args *a, const char *target, bool this_only,
	struct help *h, struct err *e)
{
	struct session s;
	struct plan plan;
	const struct plan_options opt = {.at_once = this_only};
	bool ok = session_open(&s, target, e) &&
	          cmd_object_plan(&s, &plan, a->path, &a->object, opt, e);
	if (s.target.btf_needed && !this_only) {
		*e = (struct err){0};
		text_print(w->reason, sizeof w->reason,
			"has no types of kernels, which %s depends on: --here or --target "
			"DIR make plans for kernels",
			cmd_pack_name(a->path));
		ok = false;
	}
	if (ok && !w->n_plans)
		pack_begin(w, plan.big, w->out.arena);
	if (ok && this_only) /* without what only older kernels need */
		plan.release = s.target.release;
	ok = ok && pack_plan(w, &plan, e);
	if (ok && w->n_plans == 1)
		add_contents(h, &plan);
	if (ok)
		add(h, "for Linux %s (%s)\n", this_only ? s.target.release : "of any release",
			plan.machine);
	session_close(&s);
	return ok;
}

/* True if *out is made. False without e set: w->reason. */
static bool make_planned(const struct pack_args *a, struct pack *w, struct span *out, struct err *e)
{
	struct help h = {.n = 0};
	struct span runner = {0};
	const char *name = cmd_pack_name(a->path);
	if (*a->unplanned) {
		text_print(w->reason, sizeof w->reason, "has no option --%s", a->unplanned);
		return false;
	}
	add(&h,
		"usage: FILE [--for TIME]\n\n%s, planned by sonde %s.\n"
		"Attaches its programs and shows what they report until Ctrl-C, or for TIME\n"
		"(10s, 500ms, 2m).\n\n",
		name, SONDE_VERSION);
	bool ok = true;
	for (size_t i = 0; ok && i < a->targets.n; i++)
		ok = add_plan(w, a, a->targets.items[i], true, &h, e);
	if (ok && (a->here || !a->targets.n))
		ok = add_plan(w, a, NULL, a->here, &h, e);
	add_options(&h, a);
	const struct pack_about about = {name, h.text, a->for_ms};
	struct span payload = {0};
	if (ok && find_runner(a, w, &runner, e)) {
		payload = pack_end(w, &about, e);
		ok = payload.n != 0;
	}
	if (ok && !e->set)
		*out = pack_runner_file(runner, w, payload, w->out.arena, e);
	if (a->runner)
		file_free(&runner);
	return ok && !e->set;
}

/* ---- the full form ---- */

/* What is wrong with the object or the options, as far as that does not depend on the types of a kernel. */
static bool check_plan(const struct pack_args *a, struct err *e)
{
	struct session s;
	struct plan plan;
	bool ok = session_open(&s, NULL, e) &&
	          cmd_object_plan(&s, &plan, a->path, &a->object, (struct plan_options){0}, e);
	if (!ok && s.target.btf_needed) {
		*e = (struct err){0};
		ok = true;
	}
	session_close(&s);
	return ok;
}

/* Whether the plan stays the same without DWARF: the bytes of both decide. */
static bool same_plan(
	const struct pack_args *a, struct span object, struct span stripped, struct arena *arena)
{
	struct span saved[2] = {{0}};
	struct session s;
	for (int i = 0; i < 2; i++) {
		struct err ignored = {0};
		struct plan plan;
		struct plan_options opt = {.show = true, .records = &record_finder};
		if (session_open(&s, NULL, &ignored) &&
			plan_object(&plan, a->path, i ? stripped : object, &opt, &s.target,
				&s.arena, &ignored)) {
			struct span bytes = plan_save(&plan, &s.arena, &ignored);
			saved[i] =
				(struct span){arena_copy(arena, bytes.p, bytes.n), bytes.n, false};
		}
		session_close(&s);
	}
	return saved[0].n && saved[0].n == saved[1].n && saved[0].p && saved[1].p &&
	       !memcmp(saved[0].p, saved[1].p, saved[0].n);
}

/* The object without DWARF, if that changes nothing. */
static struct span smaller(const struct pack_args *a, struct span object, struct arena *arena)
{
	struct err ignored = {0};
	if (plan_is_saved(object))
		return object;
	struct span stripped = pack_strip(object, arena, &ignored);
	if (!stripped.n || stripped.n >= object.n)
		return object;
	if (same_plan(a, object, stripped, arena))
		return stripped;
	cmd_say("note", "the debug information is kept: the types of records may depend on it");
	return object;
}

static bool make_full(
	const struct pack_args *a, struct arena *arena, struct span *out, struct err *e)
{
	struct help h = {.n = 0};
	struct span sonde = {0}, object = {0}, btf = {0};
	const char *path = a->sonde ? a->sonde : "/proc/self/exe";
	struct pack_object o = {.name = cmd_pack_name(a->path),
		.args = a->given.items,
		.n_args = a->given.n,
		.first_run = a->first_run,
		.help = h.text};
	if (a->unpackable) {
		err_set(e, "%s: a file that a full form cannot contain", a->unpackable);
		return err_hint(e, "give the option to the packed file when it is run");
	}
	add(&h,
		"usage: FILE [options of sonde run] [-- COMMAND ...]\n"
		"       FILE VERB [options]   run, load, plan, inspect: about the object inside\n\n"
		"%s with sonde %s\n",
		o.name, SONDE_VERSION);
	add_options(&h, a);
	if (!a->sonde && !file_read(path, &sonde, e))
		return err_hint(e, "--sonde FILE names the binary to use");
	bool ok = (sonde.n || file_read(path, &sonde, e)) && file_read(a->path, &object, e) &&
	          (!a->object.btf || file_read(a->object.btf, &btf, e));
	if (ok) {
		o.btf = btf;
		o.bytes = smaller(a, object, arena);
		bool big = span_u8(sonde, 5) == 2;
		struct span payload = pack_object(&o, big, arena, e);
		if (payload.n)
			*out = pack_sonde_file(
				a->sonde ? path : "this sonde", sonde, payload, arena, e);
	}
	file_free(&sonde);
	file_free(&object);
	file_free(&btf);
	return ok && !e->set;
}

/* ---- the verb ---- */

/* Reading and replacing the same file would destroy it. */
static bool check_output(const struct pack_args *a, struct err *e)
{
	if (!cmd_same_file(a->path, a->output))
		return true;
	return err_set(e, "%s: the object itself; --output must be another file", a->output);
}

static int make(const struct pack_args *a)
{
	struct arena arena = {0};
	struct pack w = {.out.arena = &arena};
	struct err e = {0};
	struct span file = {0};
	char text[PACK_REASON + 100];
	bool full = a->full, ok = check_output(a, &e);
	if (ok && !full && !make_planned(a, &w, &file, &e) && !e.set) {
		full = true;
		text_print(text, sizeof text, "packed with sonde itself: the runner %s", w.reason);
		cmd_say("note", text);
		if (a->targets.n || a->here)
			cmd_say("note", "--target and --here have no effect: the full form plans "
					"where it runs");
	}
	if (ok && full && !e.set && ((!a->full && !*a->unplanned) || check_plan(a, &e)))
		make_full(a, &arena, &file, &e);
	ok = ok && !e.set && file_write_program(a->output, file, &e);
	if (ok)
		print(stderr, "%s: %zu bytes, %s\n", a->output, file.n,
			full             ? "sonde and the object"
			: w.n_plans == 1 ? "runner and plan"
					 : "runner and plans");
	arena_free(&arena);
	return ok ? cmd_finish() : cmd_fail(&e);
}

static int run(const struct verb *v, int argc, char **argv)
{
	struct pack_args a;
	int status = cmd_pack_args(v, argc, argv, &a);
	return status == OPTION_TAKEN ? make(&a) : status;
}

const struct verb verb_pack = {
	"pack", "make one small executable of an object and what runs it", usage, run};
