/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "diagnostics_impl.h"

#include "elf/base/format.h"
#include "elf/base/insn.h"
#include "loader/plan/abi.h"

#include <inttypes.h>
#include <stdarg.h>
#include <sys/stat.h>

enum { TEXT_MAX = 600 };

void(diagnostics_say)(const struct diagnostics *d, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;
	va_start(ap, fmt);
	text_vprint(text, sizeof text, fmt, ap);
	va_end(ap);
	d->fn(d->ctx, text);
}

const struct plan_blob *diagnostics_code(const struct plan *p, const struct plan_prog *prog)
{
	static const struct plan_blob none = {0};
	return prog->insns == PLAN_NONE || !p->blobs[prog->insns].bytes ? &none
	                                                                : &p->blobs[prog->insns];
}

static bool is_ascii(const char *s)
{
	while (*s && !(*s & 0x80))
		s++;
	return !*s;
}

static void diagnose_formats(const struct diagnostics *d)
{
	const struct plan *p = d->x->plan;
	for (size_t i = 0; i < p->n_progs; i++)
		for (size_t k = 0; k < p->progs[i].n_formats; k++)
			if (!is_ascii(p->progs[i].formats[k])) {
				diagnostics_say(d,
					"program '%s': a bpf_printk format is not plain ASCII: "
					"many kernels print nothing",
					p->progs[i].name);
				break;
			}
}

/* Programs that were left out, with the reason. */
static void diagnose_unattached(const struct diagnostics *d)
{
	const struct plan *p = d->x->plan;
	for (size_t i = 0; i < p->n_progs; i++)
		if (p->progs[i].why)
			diagnostics_say(d, "program '%s' is not run: %s", p->progs[i].name,
				p->progs[i].why);
}

static bool calls_helper(const struct plan *p, const struct plan_prog *prog, int32_t helper)
{
	const struct plan_blob *code = diagnostics_code(p, prog);
	for (uint32_t at = 0; at + INSN_SIZE <= code->size; at += INSN_SIZE) {
		struct insn insn = insn_get(code->bytes + at, p->big);
		if (insn_calls_helper(insn) && insn.imm == helper)
			return true;
		at += insn_is_wide(insn) ? INSN_SIZE : 0;
	}
	return false;
}

/* A pid of this namespace, as given with --set, is another process for the program. */
static void diagnose_namespace(const struct diagnostics *d)
{
	static const uint64_t initial = 0xeffffffc; /* its inode, since 3.8 */
	const struct plan *p = d->x->plan;
	struct stat st;
	int proc = kfs_dir(d->x->kfs, KFS_PROC);
	if (proc < 0 || fstatat(proc, "self/ns/pid", &st, 0) || st.st_ino == initial)
		return;
	for (size_t i = 0; i < p->n_progs; i++)
		if (calls_helper(p, &p->progs[i], BPF_FUNC_get_current_pid_tgid)) {
			diagnostics_say(d,
				"program '%s' gets pids of the initial PID namespace, which this "
				"process is not in: those of this one differ (NSpid in "
				"/proc/PID/status)",
				p->progs[i].name);
			return;
		}
}

void diagnose_attached(const struct exec *x, diagnostic_fn fn, void *ctx)
{
	const struct diagnostics d = {x, fn, ctx};
	diagnose_unattached(&d);
	diagnose_maps(&d);
	diagnose_tail_calls(&d);
	diagnose_formats(&d);
	diagnose_namespace(&d);
	for (size_t i = 0; i < x->plan->n_progs; i++)
		if (x->plan->progs[i].prog_type == BPF_PROG_TYPE_TRACEPOINT)
			diagnose_record(&d, &x->plan->progs[i]);
}

bool diagnostics_prog_info(const struct exec *x, const struct plan_prog *prog,
	struct attr_field field, uint64_t *number)
{
	struct bpf_prog_info info = {0};
	uint32_t n = sizeof info;
	if (sys_info(x->watch, exec_prog_fd(x, prog), &info, &n) < 0 ||
		n < (uint32_t)field.at + field.size)
		return false;
	*number = attr_number(&info, n, field);
	return true;
}

void diagnose_misses(const struct exec *x, diagnostic_fn fn, void *ctx)
{
	const struct diagnostics d = {x, fn, ctx};
	for (size_t i = 0; i < x->plan->n_progs; i++) {
		const struct plan_prog *prog = &x->plan->progs[i];
		uint64_t misses;
		if (exec_fd(x, prog->slot) >= 0 &&
			diagnostics_prog_info(x, prog,
				ATTR_FIELD(struct bpf_prog_info, recursion_misses), &misses) &&
			misses)
			diagnostics_say(&d,
				"program '%s' was skipped %" PRIu64
				" times: it was already running on the same CPU",
				prog->name, misses);
	}
}
