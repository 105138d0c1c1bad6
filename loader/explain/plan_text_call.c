/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "plan_text_impl.h"

#include "elf/base/format.h"
#include "loader/plan/abi.h"
#include "loader/show/print.h"

#include <inttypes.h>
#include <stdio.h>

static void print_result(long result, FILE *out)
{
	char name[16];
	if (result < -ERRNO_MAX)
		print(out, " = %#lx", (unsigned long)result);
	else if (result < 0)
		print(out, " = -1 %s", errno_name((int)-result, name));
	else
		print(out, " = %ld", result);
}

void plan_print_call(const struct exec *x, size_t step, long result, FILE *out)
{
	const struct plan *p = x->plan;
	const struct plan_step *s = &p->steps[step];
	struct shown_field f;
	char attr[1024] = "{", call[1400];
	size_t n = 1;
	for (struct abi_walk w = fields_of(s); n < sizeof attr && next_field(p, s, &w, true, &f);)
		n += (size_t)text_print(attr + n, sizeof attr - n, "%s%s=%s", n > 1 ? ", " : "",
			f.field.name, f.value);
	if (n > sizeof attr - 2)
		n = sizeof attr - 2;
	attr[n] = '}';
	attr[n + 1] = 0;
	call_text(p, s, attr, x, call, sizeof call);
	fputs(call, out);
	print_result(result, out);
	print(out, "  # %s: %s\n", s->who, s->doing);
}

void print_bpf_call(int cmd, const void *attr, unsigned size, long result, FILE *out)
{
	const char *name = abi_name(ABI_CMDS, (uint64_t)cmd);
	struct abi_field f;
	char value[VALUE_MAX];
	bool first = true;
	print(out, "bpf(%s, {", name ? name : "?");
	struct abi_walk w = {.layout = (unsigned)cmd};
	while (abi_next_field(&w, &f)) {
		bool used = f.kind == ABI_NAME ? size > f.offset && ((const char *)attr)[f.offset]
		                               : abi_get(&f, attr, size) != 0;
		if (!used || !abi_applies((unsigned)cmd, &f, attr, size))
			continue;
		print(out, "%s%s=%s", first ? "" : ", ", f.name,
			abi_show(&f, attr, size, value, sizeof value));
		first = false;
	}
	print(out, "}, %u)", size);
	print_result(result, out);
	fputc('\n', out);
}

bool plan_step_result(const struct exec *x, size_t step, char *buf, size_t size)
{
	const struct plan_step *s = &x->plan->steps[step];
	struct abi_field f;
	if (s->op != STEP_BPF || s->cmd != BPF_PROG_TEST_RUN ||
		!abi_field_by_name(s->cmd, "test.retval", &f))
		return false;
	const struct plan_blob *attr = &x->plan->blobs[s->attr];
	text_print(buf, size, "%s: it returned %" PRId32, s->who,
		(int32_t)abi_get(&f, attr->bytes, attr->size));
	return true;
}
