/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Kprobes: entry or return of a kernel function (see probe.h for the two methods). A name is passed
 * to the kernel as it is; only if there is no such function is the wrapper of a system call tried:
 * since 4.17, sys_clone is __x64_sys_clone or similar on most architectures.
 */
#include "pattern.h"
#include "probe.h"

#include "elf/base/arch.h"
#include "elf/base/number.h"
#include "loader/plan/abi.h"
#include "elf/link/ctx_use.h"
#include "loader/kernel/kfs.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static const struct probe_kind kprobes = {
	.type = "bus/event_source/devices/kprobe/type",
	.lines = "kprobe_events",
	.none = "this kernel has no kprobes (CONFIG_KPROBES, CONFIG_KPROBE_EVENTS); use a "
		"tracepoint",
};
static const char forbidden[] =
	"the kernel forbids probes there, as in code of entries, of probes themselves, "
	"and of the boot: see kprobes/blacklist in debugfs";
static const char no_symbol[] = "this kernel has no such function; see /proc/kallsyms";

enum {
	RETPROBE = 1, /* in config: format/retprobe of the event source in sysfs */
	PERF_ATTR_SIZE = 72,
	ADDRESSES_ROOM = (1 << 18) * 8, /* several times the number of functions of a kernel */
	NAMES_ROOM = 4 * ADDRESSES_ROOM,
};

static const struct arch *arch_of(const struct plan_builder *b)
{
	return arch_of_machine(b->plan->machine);
}

/* The prefix of system call wrappers, NULL if the architecture has none. */
static const char *wrapper_prefix(const struct plan_builder *b)
{
	const struct arch *a = arch_of(b);
	return a ? a->syscall_prefix : NULL;
}

/* Splits "name+0x10" into the name and 16. */
static bool split(struct plan_builder *b, const char *target, char **name, uint64_t *offset)
{
	const char *plus = strchr(target, '+');
	char *end;
	*offset = 0;
	*name = arena_strndup(
		b->plan->arena, target, plus ? (size_t)(plus - target) : strlen(target));
	if (!*name)
		return err_nomem(b->e);
	if (!plus)
		return true;
	*offset = text_u64(plus + 1, &end, 0);
	return (plus[1] && !*end) ||
	       err_set(b->e, "'%s' is not FUNCTION or FUNCTION+OFFSET", target);
}

static bool is_return(const struct hook_use *use)
{
	return !strncmp(use->hook->sec, "kret", 4);
}

static bool is_syscall(const char *name)
{
	return !strncmp(name, "sys_", 4);
}

/* The name of the wrapper of sys_..., NULL if the architecture has none. */
static const char *wrapper_of(struct plan_builder *b, const char *name)
{
	const char *prefix = wrapper_prefix(b);
	return prefix ? plan_text(b, arena_printf(b->plan->arena, "%s%s", prefix, name)) : NULL;
}

struct last_arg {
	const struct arch *arch;
	unsigned n;
};

static bool note_arg(void *ctx, int32_t off, uint32_t size)
{
	struct last_arg *last = ctx;
	(void)size;
	unsigned n = arch_arg_at(last->arch, off);
	if (n > last->n)
		last->n = n;
	return true;
}

static const struct plan_blob *code_of(const struct plan_builder *b, const struct hook_use *use)
{
	return &b->plan->blobs[b->plan->progs[use->like.prog].insns];
}

/* The last argument of the probed function that the program reads, 0: none. */
static unsigned last_arg(struct plan_builder *b, const struct hook_use *use)
{
	struct last_arg last = {arch_of(b), 0};
	const struct plan_blob *code = code_of(b, use);
	if (last.arch && !ctxuse_each(code->bytes, code->size / 8, b->plan->big, note_arg, &last))
		plan_text(b, NULL);
	return last.n;
}

/*
 * A warning for a program that mistakes the arguments of a wrapper for those of the system call, or
 * "". Argument 1 may be read correctly: it points to the others, which bpf_probe_read() or
 * bpf_probe_read_kernel() reads. A program that calls one of them, as BPF_KSYSCALL() does, is assumed
 * to be correct.
 */
static const char *misread(struct plan_builder *b, const struct hook_use *use, const char *call)
{
	unsigned n = b->failed || is_return(use) ? 0 : last_arg(b, use);
	const struct plan_blob *code = code_of(b, use);
	if (n < 2 || ctxuse_calls(code->bytes, code->size / 8, b->plan->big, BPF_FUNC_probe_read) ||
		ctxuse_calls(code->bytes, code->size / 8, b->plan->big, BPF_FUNC_probe_read_kernel))
		return "";
	return plan_text(b, arena_printf(b->plan->arena,
				    "the program reads argument %u, but a wrapper has only one, a "
				    "struct pt_regs with the arguments of the call: use "
				    "SEC(\"ksyscall/%s\") with BPF_KSYSCALL()",
				    n, call));
}

/* The system call of a wrapper: "openat" for "__x64_sys_openat"; NULL for other functions. */
static const char *call_of(const struct plan_builder *b, const char *name)
{
	const char *prefix = wrapper_prefix(b);
	size_t n = prefix ? strlen(prefix) : 0;
	return prefix && !strncmp(name, prefix, n) && is_syscall(name + n) ? name + n + 4 : NULL;
}

/* Adds the fallback that opens the perf event for another name, if the first does not exist. */
static int16_t add_name(
	struct plan_builder *b, int16_t step, const char *name, const char *note, bool notice)
{
	int16_t other = plan_add_fallback(b, step, note, (uint16_t[PLAN_ERRS]){ENOENT});
	attr_blob(
		b, other, PERF(kprobe_func), plan_add_blob(b, name, strlen(name) + 1, "function"));
	attr_set(b, other, PERF(probe_offset), 0);
	struct plan_step *s = plan_step_at(b, other);
	s->flags |= notice ? STEP_NOTICE : 0;
	return other;
}

/* Attaches to a function or, if it does not exist, to `other` (NULL: none) with the given note. */
static void attach_to(struct plan_builder *b, const struct hook_use *use, const char *name,
	uint64_t offset, const char *other, const char *note)
{
	const char *place = plan_text(
		b, offset ? arena_printf(b->plan->arena, "%s+%" PRIu64, name, offset) : name);
	const struct probe_source source = probe_source(b, use, &kprobes, name);
	int16_t step, event = perf_open(b, use, &step), other_step = PLAN_NONE;
	attr_slot(b, step, PERF(type), source.type);
	attr_set(b, step, PERF(config), is_return(use) ? RETPROBE : 0);
	attr_blob(b, step, PERF(kprobe_func), plan_add_blob(b, name, strlen(name) + 1, "function"));
	attr_set(b, step, PERF(probe_offset), offset);
	attr_set(b, step, PERF(size), PERF_ATTR_SIZE);
	plan_add_hint(b, step, EINVAL, forbidden);
	plan_add_hint(b, step, EADDRNOTAVAIL,
		plan_text(b, arena_printf(b->plan->arena,
				     "several functions have this name: SEC(\"kprobe.multi/%s\") "
				     "attaches to all of them",
				     name)));
	struct plan_step *s = plan_step_at(b, step);
	const char *call = call_of(b, name);
	s->hint = no_symbol;
	s->flags |= STEP_FUNCTION;
	s->note = call ? misread(b, use, call) : "";
	s->flags |= *s->note ? STEP_NOTICE : 0;
	if (other)
		other_step = add_name(b, step, other, note,
			strcmp(use->hook->sec, "ksyscall") != 0 &&
				strcmp(use->hook->sec, "kretsyscall") != 0);
	const struct probe_line lines[] = {{step, is_return(use), place, name, NULL},
		{other_step, is_return(use), other, other, NULL}};
	probe_add_lines(b, use, &source, lines, other ? 2 : 1);
	perf_attach(b, use, event);
}

/* The note for sys_CALL that was attached to its wrapper. */
static const char *retarget_note(
	struct plan_builder *b, const struct hook_use *use, const char *name, const char *wrapper)
{
	const char *call = name + 4, *wrong = misread(b, use, call);
	if (*wrong)
		return plan_text(
			b, arena_printf(b->plan->arena,
				   "no function '%s' here, attached to its wrapper '%s'; %s", name,
				   wrapper, wrong));
	return plan_text(
		b, arena_printf(b->plan->arena,
			   "no function '%s' here, attached to its wrapper '%s'; "
			   "SEC(\"%s/%s\") works on all kernels",
			   name, wrapper, is_return(use) ? "kretsyscall" : "ksyscall", call));
}

static void attach(struct plan_builder *b, const struct hook_use *use)
{
	char *name;
	uint64_t offset;
	if (b->failed)
		return;
	if (!split(b, hook_target(use), &name, &offset)) {
		b->failed = true;
		return;
	}
	const char *wrapper = is_syscall(name) ? wrapper_of(b, name) : NULL;
	const char *note = wrapper ? retarget_note(b, use, name, wrapper) : NULL;
	attach_to(b, use, name, offset, wrapper, note);
}

/* ksyscall/NAME: the function that implements a system call, under the name that this kernel uses. */
static void attach_syscall(struct plan_builder *b, const struct hook_use *use)
{
	if (b->failed)
		return;
	const char *plain = plan_text(b, arena_printf(b->plan->arena, "sys_%s", hook_target(use)));
	if (b->failed)
		return;
	const char *wrapper = wrapper_of(b, plain);
	if (wrapper)
		attach_to(b, use, wrapper, 0, plain, "kernels before 4.17 have no wrappers");
	else
		attach_to(b, use, plain, 0, NULL, NULL);
}

/* ---- many functions at once ---- */

/* Adds the step that finds the functions, as addresses or as names, in a new buffer. Returns it. */
static int16_t add_functions(struct plan_builder *b, const struct hook_use *use, bool names,
	int16_t *buffer, int16_t *number)
{
	static const char list[] = "available_filter_functions";
	const char *pattern = hook_target(use);
	struct plan_step like = use->like;
	like.doing = "find the functions";
	*number = plan_add_slot(b, SLOT_NUMBER, "number of functions");
	*buffer = plan_add_output(
		b, names ? NAMES_ROOM : ADDRESSES_ROOM, names ? "names" : "addresses");
	int16_t step = plan_add_step(b, STEP_FUNCTIONS, KFS_TRACE, *number, &like);
	int16_t list_blob = plan_add_blob(b, list, sizeof list, "file");
	int16_t pattern_blob = plan_add_blob(b, pattern, strlen(pattern) + 1, "pattern");
	struct plan_step *s = plan_step_at(b, step);
	s->args[0].blob = list_blob;
	s->args[1].blob = pattern_blob;
	s->args[2].blob = *buffer;
	s->args[3].value = names;
	s->hint = "see available_filter_functions in tracefs";
	return step;
}

static int16_t add_multi_link(struct plan_builder *b, const struct hook_use *use,
	struct attr_field field, int16_t buffer, int16_t number)
{
	int16_t link = hook_add_link(b, use, use->link_slot, use->hook->attach_type);
	attr_set(b, link, ATTR(link_create.kprobe_multi.flags),
		is_return(use) ? BPF_F_KPROBE_MULTI_RETURN : 0);
	attr_slot(b, link, ATTR(link_create.kprobe_multi.cnt), number);
	attr_blob(b, link, field, buffer);
	attr_set(b, link, ATTR(link_create.kprobe_multi.cookies), 0);
	plan_add_hint(b, link, EOPNOTSUPP,
		"this kernel was built without CONFIG_FPROBE: use kprobe/FUNCTION for one "
		"function");
	return link;
}

/*
 * kprobe.multi/PATTERN: one link for all functions that match (5.18). They are found when the plan
 * runs, and passed as addresses, because names need not be unique; only if the kernel hides
 * addresses, by name.
 */
static void attach_multi(struct plan_builder *b, const struct hook_use *use)
{
	int16_t buffer, number;
	int16_t find = add_functions(b, use, false, &buffer, &number);
	if (use->show && !use->kernel->dir && !b->failed)
		plan_step_at(b, find)->note = plan_text(b,
			arena_printf(b->plan->arena, "%zu functions match '%s', traceable or not",
				pattern_count(use, hook_target(use)), hook_target(use)));
	int16_t link = add_multi_link(b, use, ATTR(link_create.kprobe_multi.addrs), buffer, number);
	int16_t names = add_functions(b, use, true, &buffer, &number);
	struct plan_step *s = plan_step_at(b, names);
	s->fallback_for = find;
	s->errs[0] = EADDRNOTAVAIL;
	s->note = "kernel.kptr_restrict hides addresses: only unique names";
	s->flags |= STEP_NOTICE;
	int16_t by_name =
		add_multi_link(b, use, ATTR(link_create.kprobe_multi.syms), buffer, number);
	s = plan_step_at(b, by_name);
	s->fallback_for = link;
	s->errs[0] = ERRS_SKIPPED;
	s->note = "by name";
}

static const struct hook_method methods[] = {{ABI_VERSION(5, 15), "BPF_LINK_CREATE"},
	{ABI_VERSION(4, 17), "PERF_EVENT_IOC_SET_BPF"}, {0, "a line in kprobe_events"}, {0}};

#define PROBE(name, how, version, syntax_, text, attach_)                                          \
	{                                                                                          \
		.sec = name, .target = TARGET_OPTIONAL, .prog_type = BPF_PROG_TYPE_KPROBE,         \
		.attach_type = how, .since = version, .target_syntax = syntax_, .what = text,      \
		.methods = how ? hook_methods_link : methods, .attach = attach_                    \
	}

static const struct hook hooks[] = {
	PROBE("kprobe", 0, ABI_VERSION(4, 1), "FUNCTION[+OFFSET]", "entry of a kernel function",
		attach),
	PROBE("kretprobe", 0, ABI_VERSION(4, 1), "FUNCTION", "return of a kernel function", attach),
	PROBE("ksyscall", 0, ABI_VERSION(4, 1), "CALL", "entry of a system call", attach_syscall),
	PROBE("kretsyscall", 0, ABI_VERSION(4, 1), "CALL", "return of a system call",
		attach_syscall),
	PROBE("kprobe.multi", BPF_TRACE_KPROBE_MULTI, ABI_VERSION(5, 18), "[MODULE:]PATTERN",
		"entry of all kernel functions that match a pattern with * and ?", attach_multi),
	PROBE("kretprobe.multi", BPF_TRACE_KPROBE_MULTI, ABI_VERSION(5, 18), "[MODULE:]PATTERN",
		"return of all kernel functions that match a pattern", attach_multi),
	PROBE("kprobe.session", BPF_TRACE_KPROBE_SESSION, ABI_VERSION(6, 10), "[MODULE:]PATTERN",
		"entry and return of all kernel functions that match, in one program",
		attach_multi),
};

const struct hook_family kprobe_family = {"kprobe", hooks, sizeof hooks / sizeof *hooks};
