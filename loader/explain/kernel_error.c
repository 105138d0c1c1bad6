/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel_error_impl.h"

#include "elf/base/format.h"
#include "loader/plan/abi.h"
#include "call_text.h"
#include "map_shapes.h"
#include "verifier_log.h"
#include "loader/kernel/kfs.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

bool explain_as_planned(const struct plan_step *s, int no, struct err *e)
{
	const char *hint = no == ENOENT && *s->hint ? s->hint : NULL;
	for (int i = 0; i < PLAN_HINTS && s->hints[i].no && !hint; i++)
		if (s->hints[i].no == no)
			hint = s->hints[i].text;
	if (hint)
		text_print(e->hint, sizeof e->hint, "%s", hint);
	return hint;
}

/* When attaching to a tracepoint, the kernel checks that the program reads only inside of the
 * record. */
static bool attaches_to_record(const struct exec *x, const struct plan_step *s)
{
	bool attaches = s->op == STEP_IOCTL || (s->op == STEP_BPF && s->cmd == BPF_LINK_CREATE);
	return attaches && s->prog != PLAN_NONE &&
	       x->plan->progs[s->prog].prog_type == BPF_PROG_TYPE_TRACEPOINT;
}

/* sonde has raised its soft limit to the hard one before. */
static void explain_files(struct err *e)
{
	struct rlimit limit = {0};
	getrlimit(RLIMIT_NOFILE, &limit);
	err_hint(e, "the limit is %llu descriptors: raise it (ulimit -Hn), or load less (--only)",
		(unsigned long long)limit.rlim_cur);
}

/* The first thing in which a pinned map is not the one of this object. */
static void explain_difference(const struct exec *x, const struct plan_step *s, struct err *e)
{
	struct map_comparison d;
	char planned[48], found[48];
	if (s->op != STEP_SAME || exec_compare_map(x, exec_fd(x, s->args[0].slot),
					  &x->plan->steps[s->args[1].value], &d))
		return;
	for (size_t i = 0; i < MAP_SHAPE; i++)
		if (d.fields[i].differs)
			err_set(e, "its %s is %s, that of the pinned map %s", d.fields[i].field,
				map_shape_text(i, d.fields[i].planned, planned),
				map_shape_text(i, d.fields[i].found, found));
}

/* ENOTSUPP: what the JIT compiler of this architecture cannot do, or could if it were on. Trampolines do
 * not depend on whether it is. */
static void explain_unsupported(const struct exec *x, const struct plan_step *s, struct err *e)
{
	if (uses_trampoline(x, s) && s->cmd != BPF_PROG_LOAD)
		err_hint(e,
			"this kernel has no BPF trampolines for %s: a kprobe or tracepoint needs "
			"none",
			x->plan->machine);
	else if (!explain_instruction(x, s, e))
		explain_jit(x, e);
}

static void explain_call(const struct exec *x, const struct plan_step *s, int no, struct err *e)
{
	const char *name = call_name(x->plan, s);
	if (no == EEXIST)
		explain_difference(x, s, e);
	if (lacks_function(x, s, no) && explain_function(x, s, e) && *e->hint)
		return;
	bool listed = s->op == STEP_FUNCTIONS && kfs_dir(x->kfs, KFS_TRACE) >= 0;
	bool file = s->op == STEP_READ || s->op == STEP_APPEND || s->op == STEP_FUNCTIONS ||
	            (s->op == STEP_OPEN && s->cmd < KFS_COUNT);
	bool missing = s->op == STEP_APPEND && no == ENODEV &&
	               kfs_dir(x->kfs, (enum kfs_which)s->cmd) >= 0;
	if (listed && no == ENOENT)
		err_set(e, "no traceable function matches '%s'",
			(const char *)x->plan->blobs[s->args[1].blob].bytes);
	else if (file)
		kfs_explain(x->kfs, (enum kfs_which)s->cmd,
			(const char *)x->plan->blobs[s->args[0].blob].bytes,
			missing ? -ENOENT : -no, e);
	else if (s->op == STEP_MOUNT && no == EPERM)
		kfs_explain(x->kfs, (enum kfs_which)s->cmd, NULL, no, e);
	else if (s->op == STEP_IFINDEX && no == ENODEV)
		explain_interface(name, e);
	else if (s->op == STEP_SYMBOL && no == ESRCH)
		err_set(e, "this kernel has no symbol of that name");
	else
		err_sys(e, no, "%s", name);
	if (file && no == ENOENT && s->cmd == KFS_TRACE && *e->hint)
		return; /* tracefs itself is the reason */
	if (s->op == STEP_MOUNT && *e->hint)
		return;
	if (explain_as_planned(s, no, e)) {
		if (no == ENOENT)
			explain_tracepoint(x, s, e);
		return;
	}
	if (no == EACCES && attaches_to_record(x, s))
		err_hint(e,
			"it reads past the end of this kernel's tracepoint record: it was compiled "
			"for another layout (64-bit?); use the struct from vmlinux.h (CO-RE)");
	else if (no == EPERM || no == EACCES)
		explain_permission(x, s, e);
	else if (no == EMFILE)
		explain_files(e);
	else if (no == ENOSYS && !explain_seccomp(x, e))
		err_hint(e, "this kernel was built without %s",
			s->op == STEP_BPF ? "CONFIG_BPF_SYSCALL" : "CONFIG_PERF_EVENTS");
	else if (no == ENOTSUPP_KERNEL)
		explain_unsupported(x, s, e);
	else if (s->op == STEP_BPF && !explain_version(x, s, e) && s->cmd == BPF_MAP_CREATE)
		explain_map(x, s, e);
}

/* One missing target need not stop the other programs. */
static void name_skip(const struct exec *x, const struct plan_step *s, int no, struct err *e)
{
	bool missing = no == ENOENT || no == ENODEV || no == ESRCH;
	size_t n = strlen(e->hint);
	if (missing && s->prog != PLAN_NONE && x->plan->n_progs > 1)
		text_print(e->hint + n, sizeof e->hint - n, "%s--skip %s leaves this program out",
			n ? "; " : "", x->plan->progs[s->prog].name);
}

bool kernel_error_explain(struct exec *x, size_t i, const char *log, struct err *e)
{
	const struct plan_step *s = &x->plan->steps[i];
	int no = x->outcomes[i];
	if (s->op == STEP_EXPECT && no == ENOENT) {
		err_set(e, "'%s' is not in %s of %s",
			(const char *)x->plan->blobs[s->args[1].blob].bytes,
			(const char *)x->plan->blobs[s->args[0].blob].bytes,
			kfs_where(x->kfs, (enum kfs_which)s->cmd));
		err_hint(e, "%s", s->hint);
	} else if (!explain_verifier(x, i, log, e)) {
		explain_call(x, s, no, e);
		name_skip(x, s, no, e);
	}
	return err_where(e, "%s: %s", s->who, s->doing);
}

bool kernel_error_reason(struct exec *x, size_t i, const char *log, struct err *e)
{
	const struct plan_step *s = &x->plan->steps[i];
	if (s->op != STEP_BPF || !x->plan->blobs[s->attr].bytes)
		return false;
	if (!explain_verifier(x, i, log, e) && !explain_version(x, s, e) && log) {
		const char *last = verifier_log_tail(log, 1);
		text_print(e->text, sizeof e->text, "%.*s", (int)strcspn(last, "\n"), last);
	}
	return *e->text || *e->hint;
}
