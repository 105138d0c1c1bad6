/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel_error_impl.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "elf/link/core.h"
#include "elf/link/helpers.h"
#include "loader/plan/abi.h"
#include "source_line.h"
#include "verifier_hint.h"
#include "verifier_log.h"

#include <errno.h>
#include <string.h>

/* A CO-RE relocation that could not be resolved was replaced by a call of an invalid helper. */
static bool explain_poison(
	const struct plan_prog *prog, const char *log, const char *reason, struct err *e)
{
	char number[24];
	uint32_t insn;
	text_print(number, sizeof number, "#%d", CORE_POISON);
	if (!prog->n_poison || !strstr(reason, number))
		return false;
	const struct plan_poison *found = &prog->poison[0];
	for (size_t i = 0; verifier_log_insn(log, &insn) && i < prog->n_poison; i++)
		if (prog->poison[i].insn == insn)
			found = &prog->poison[i];
	err_set(e, "it needs %s, which this kernel does not have: %s", found->what, found->why);
	if (strstr(found->what, "struct pt_regs") || strstr(found->what, "struct user_pt_regs"))
		err_hint(e, "registers depend on the architecture: compile for this one "
			    "(-D__TARGET_ARCH_arm64, _arm, _x86, _s390, ...)");
	if (!strncmp(found->what, "kfunc ", 6))
		err_hint(e, "guard the call with bpf_ksym_exists()");
	err_hint(e, "guard the access with bpf_core_field_exists() or bpf_core_type_exists()");
	return true;
}

/* "unknown func bpf_loop#181": is the kernel too old for this helper, or locked down? Otherwise it is
 * not for this type of program. */
static bool explain_helper(const struct exec *x, const char *reason, struct err *e)
{
	char version[8], release[65];
	const char *number = strstr(reason, "unknown func") || strstr(reason, "invalid func") ||
	                                     strstr(reason, "cannot use helper")
	                             ? strchr(reason, '#')
	                             : NULL;
	unsigned helper = number ? (unsigned)text_ulong(number + 1, NULL, 10) : 0;
	uint16_t since = helper_since(helper), now = running_version(release);
	if (!since || !now)
		return false;
	if (now < since)
		err_hint(e, "bpf_%s() needs Linux %s; this kernel is %s", helper_name(helper),
			abi_version(since, version), release);
	else if (helper == BPF_FUNC_copy_from_user)
		err_hint(e, "bpf_copy_from_user() may sleep: use a sleepable hook, such as "
			    "SEC(\"fentry.s/...\"), or bpf_probe_read_user()");
	else if (!explain_helper_lockdown(x, helper, e))
		err_hint(e,
			"programs of this type may not call bpf_%s() on this kernel. See the "
			"helpers available to this hook, or use another hook",
			helper_name(helper));
	return true;
}

/* The source line at which the verifier stopped, or that of the start of the function if the log
 * does not say where. Returns the words before it. */
static const char *source_of(
	const struct plan *p, int16_t prog, const char *log, char *buf, size_t size)
{
	uint32_t insn = 0;
	bool known = verifier_log_insn(log, &insn);
	if (source_line(p, prog, insn, buf, size))
		return known ? ", at: " : ", in: ";
	if (verifier_log_source(log, buf, size))
		return ", at: ";
	buf[0] = 0;
	return "";
}

/* The log is larger than its buffer: kernels before 6.4 keep its start. Without a log, the same call has
 * failed with the errno of the verifier, which is returned. */
static int replace_cut_reason(
	const struct exec *x, const struct plan_step *s, char *reason, size_t size)
{
	int no = s->fallback_for == PLAN_NONE ? ENOSPC : x->outcomes[s->fallback_for];
	text_print(reason, size, "%s",
		no == E2BIG ? "the program is too large or too complex"
			    : "the reason is missing, because the log exceeds its buffer");
	return no;
}

bool explain_verifier(struct exec *x, size_t i, const char *log, struct err *e)
{
	const struct plan_step *s = &x->plan->steps[i];
	char reason[512], source[256], name[16];
	struct verifier_hint hint;
	int no = x->outcomes[i];
	if (!log || s->cmd != BPF_PROG_LOAD || !verifier_log_reason(log, reason, sizeof reason))
		return false;
	if (no == ENOSPC && !verifier_hint_for(reason, &hint))
		no = replace_cut_reason(x, s, reason, sizeof reason);
	x->explained = explain_poison(&x->plan->progs[s->prog], log, reason, e);
	if (!x->explained) {
		const char *at = source_of(x->plan, s->prog, log, source, sizeof source);
		err_set(e, "rejected by the verifier (%s): %s%s%s", errno_name(no, name), reason,
			at, source);
		if (!explain_instruction(x, s, e) && !explain_helper(x, reason, e) &&
			!explain_as_planned(s, no, e) && verifier_hint_for(reason, &hint)) {
			bool gone = verifier_log_released(log, reason);
			err_hint(e, "%s. %s",
				gone ? "the memory has been released, a record by submitting it"
				     : hint.cause,
				gone ? "Access it before that" : hint.cure);
		}
	}
	e->no = no;
	return true;
}
