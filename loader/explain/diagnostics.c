/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "diagnostics_impl.h"

#include "loader/plan/abi.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

enum { TEXT_MAX = 600 };

void diagnostics_say(const struct diagnostics *d, const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
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

void diagnose_attached(const struct exec *x, diagnostic_fn fn, void *ctx)
{
	const struct diagnostics d = {x, fn, ctx};
	diagnose_unattached(&d);
	diagnose_maps(&d);
	diagnose_tail_calls(&d);
	diagnose_formats(&d);
	for (size_t i = 0; i < x->plan->n_progs; i++)
		if (x->plan->progs[i].prog_type == BPF_PROG_TYPE_TRACEPOINT)
			diagnose_record(&d, &x->plan->progs[i]);
}

bool diagnostics_prog_info(
	const struct exec *x, const struct plan_prog *prog, const char *field, uint64_t *number)
{
	uint8_t info[256] = {0};
	struct abi_field f;
	uint32_t n = sizeof info;
	if (!abi_field_by_name(ABI_PROG_INFO, field, &f) ||
		sys_info(x->watch, exec_prog_fd(x, prog), info, &n) < 0 ||
		n < (uint32_t)f.offset + f.size)
		return false;
	*number = abi_get(&f, info, n);
	return true;
}

void diagnose_misses(const struct exec *x, diagnostic_fn fn, void *ctx)
{
	const struct diagnostics d = {x, fn, ctx};
	for (size_t i = 0; i < x->plan->n_progs; i++) {
		const struct plan_prog *prog = &x->plan->progs[i];
		uint64_t misses;
		if (exec_fd(x, prog->slot) >= 0 &&
			diagnostics_prog_info(x, prog, "recursion_misses", &misses) && misses)
			diagnostics_say(&d,
				"program '%s' was skipped %" PRIu64
				" times: it was already running on the same CPU",
				prog->name, misses);
	}
}
