/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel_error_impl.h"

#include "elf/base/format.h"
#include "elf/base/insn_feature.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/utsname.h>

uint16_t running_version(char release[static 65])
{
	struct utsname un;
	if (uname(&un))
		return 0;
	text_print(release, 65, "%s", un.release);
	return abi_parse_version(un.release);
}

/* Sets the hint if a number of the ABI is newer than this kernel. */
static bool too_old(enum abi_set set, uint32_t number, const char *what, struct err *e)
{
	char release[65], nick[48], version[8];
	uint16_t since = abi_since(set, number), now = running_version(release);
	if (!since || !now || now >= since)
		return false;
	err_hint(e, "%s '%s' needs Linux %s; this kernel is %s", what, abi_nick(set, number, nick),
		abi_version(since, version), release);
	return true;
}

static uint64_t attr_value(const struct exec *x, const struct plan_step *s, const char *field)
{
	struct abi_field f;
	const struct plan_blob *attr = &x->plan->blobs[s->attr];
	return abi_field_by_name(s->cmd, field, &f) ? abi_get(&f, attr->bytes, attr->size) : 0;
}

bool explain_version(const struct exec *x, const struct plan_step *s, struct err *e)
{
	if (too_old(ABI_CMDS, s->cmd, "command", e))
		return true;
	if (s->cmd == BPF_MAP_CREATE)
		return too_old(
			ABI_MAP_TYPES, (uint32_t)attr_value(x, s, "map_type"), "map type", e);
	if (s->cmd == BPF_PROG_LOAD)
		return too_old(
			ABI_PROG_TYPES, (uint32_t)attr_value(x, s, "prog_type"), "program type", e);
	if (s->cmd == BPF_LINK_CREATE)
		return too_old(ABI_ATTACH_TYPES,
			(uint32_t)attr_value(x, s, "link_create.attach_type"), "attach type", e);
	return false;
}

bool explain_instruction(const struct exec *x, const struct plan_step *s, struct err *e)
{
	char release[65], version[8];
	uint16_t now = running_version(release);
	if (s->prog == PLAN_NONE || x->plan->progs[s->prog].insns == PLAN_NONE || !now)
		return false;
	const struct plan_blob *code = &x->plan->blobs[x->plan->progs[s->prog].insns];
	for (uint32_t at = 0; at + INSN_SIZE <= code->size; at += INSN_SIZE) {
		struct insn insn = insn_get(code->bytes + at, x->plan->big);
		const struct insn_feature *f = insn_feature(insn);
		at += insn_is_wide(insn) ? INSN_SIZE : 0;
		if (!f || now >= f->since)
			continue;
		if (f->since == INSN_NEVER)
			err_hint(e, "no kernel accepts %s: %s", f->what, f->instead);
		else
			err_hint(e, "%s requires Linux %s, this kernel is %s: %s", f->what,
				abi_version(f->since, version), release, f->instead);
		return true;
	}
	return false;
}

enum { STACK_SIZE = 512 }; /* of a program */

void explain_map(const struct exec *x, const struct plan_step *s, struct err *e)
{
	uint64_t type = attr_value(x, s, "map_type"), entries = attr_value(x, s, "max_entries");
	uint64_t key = attr_value(x, s, "key_size"), size = attr_value(x, s, "value_size") + key;
	char release[65];
	int no = x->outcomes[s - x->plan->steps];
	if (!abi_name(ABI_MAP_TYPES, type))
		err_hint(e, "no known kernel has a map type %" PRIu64, type);
	else if (no == E2BIG && key > STACK_SIZE && running_version(release) < ABI_VERSION(5, 11))
		err_hint(e, "before Linux 5.11, keys have at most %d bytes; this kernel is %s",
			STACK_SIZE, release);
	else if (no == E2BIG || no == ENOMEM)
		err_hint(e,
			"%" PRIu64 " entr%s of %" PRIu64
			" bytes exceed%s a limit of the kernel or the available memory: reduce "
			"%s",
			entries, entries == 1 ? "y" : "ies", size, entries == 1 ? "s" : "",
			entries == 1 ? "the size of the value" : "max_entries (--entries MAP=N)");
}
