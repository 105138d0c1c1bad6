/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "sandbox_impl.h"

#include "elf/base/cap_abi.h"
#include "elf/base/format.h"
#include "elf/base/text.h"

#include "loader/plan/abi.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { LINE_MAX_ = 320 };

static const struct need {
	uint64_t caps;
	uint16_t fs; /* bits of enum kfs_which */
	const char *purpose;
} table[] = {
#define CAP(name)                     (UINT64_C(1) << CAP_##name)
#define FS(name)                      (1 << KFS_##name)
#define NEED(name, caps, fs, purpose) {caps, fs, purpose},
#include "needs.def"
#undef NEED
};

/* What undoing a step with an operation needs. */
static const uint16_t ends[STEP_OPS] = {
	[STEP_NETLINK] = NEED_NETLINK,
	[STEP_DELQDISC] = NEED_NETLINK,
	[STEP_XDP_OFF] = NEED_NETLINK,
	[STEP_NETNS] = NEED_NETNS,
	[STEP_APPEND] = NEED_PROBES,
	[STEP_SOCKOPT] = NEED_SOCKETS,
};

unsigned sandbox_needs_of(const struct exec *x)
{
	const struct plan *p = x->plan;
	unsigned needs = NEED_SHOW | NEED_BPF | (exec_follows_cpus(x) ? NEED_CPUS : 0);
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		if (s->undoes == PLAN_NONE || x->outcomes[s->undoes] != OUTCOME_OK ||
			s->flags & STEP_ON_FAILURE)
			continue;
		needs |= s->op != STEP_BPF               ? ends[s->op]
		         : s->cmd == BPF_MAP_DELETE_ELEM ? NEED_STRUCT_OPS
		                                         : NEED_PROGRAMS;
	}
	return needs;
}

struct telling {
	sandbox_line_fn say;
	void *ctx;
};

__attribute__((format(printf, 2, 3))) static void tell(
	const struct telling *to, const char *fmt, ...)
{
	char line[LINE_MAX_];
	va_list ap;
	va_start(ap, fmt);
	text_vprint(line, sizeof line, fmt, ap);
	va_end(ap);
	to->say(to->ctx, line);
}

/* Before 5.19 (and in what distributions have made of it) kernel.unprivileged_bpf_disabled denies all
 * bpf(2) calls. The kernel checks this before anything else, so an invalid descriptor suffices (EBADFD). Any
 * other answer leaves open whether they are denied: what it takes is kept then. */
static bool bpf_is_denied(const struct sys_watch *watch, uint64_t permitted)
{
	uint64_t info = 0;
	uint32_t size = sizeof info;
	long error = capabilities_set(0, permitted) ? sys_info(watch, -1, &info, &size) : -EPERM;
	return error != -EBADFD && error != -EBADF;
}

/* Whether a perf event of this process alone, which counts nothing, takes more than CAP_PERFMON. */
static bool perf_is_denied(uint64_t permitted)
{
	enum { SOFTWARE = 1, DUMMY = 9, SIZE = 64 };
	const struct {
		uint32_t type, size;
		uint64_t config, rest[SIZE / 8 - 2];
	} attr = {.type = SOFTWARE, .size = SIZE, .config = DUMMY};
	uint64_t caps = capabilities_held(UINT64_C(1) << CAP_PERFMON, permitted);
	long fd = capabilities_set(caps, permitted) ? sys_perf_event_open(&attr, 0, -1, -1, 0) : -1;
	if (fd >= 0)
		close((int)fd);
	return fd < 0;
}

static void limit_capabilities(
	unsigned needs, const struct sys_watch *watch, const struct telling *to)
{
	struct capability_sets had;
	char names[LINE_MAX_ / 2];
	uint64_t kept = 0;
	if (!capabilities_get(&had)) {
		tell(to, "capabilities are kept: %s", strerror(errno));
		return;
	}
	if (needs & NEED_BPF && !bpf_is_denied(watch, had.permitted))
		needs &= ~(unsigned)NEED_BPF;
	if (needs & (NEED_CPUS | NEED_RINGS) && perf_is_denied(had.permitted))
		needs |= NEED_PERF_ADMIN;
	for (unsigned i = 0; i < SANDBOX_NEEDS; i++) {
		uint64_t caps =
			needs & 1u << i ? capabilities_held(table[i].caps, had.permitted) : 0;
		kept |= caps;
		capabilities_text(caps, names, sizeof names);
		if (caps)
			tell(to, "keeps %s to %s", names, table[i].purpose);
	}
	if (!capabilities_set(kept, kept)) {
		tell(to, "capabilities are kept: %s", strerror(errno));
		/* Those above may have left none in effect. */
		capabilities_set(had.effective, had.permitted);
	} else if (!kept) {
		tell(to, "keeps no capability");
	}
}

static void limit_calls(unsigned needs, const struct telling *to)
{
	struct filter_insn insns[FILTER_MAX];
	size_t n = filter_make(insns, needs);
	int error = n ? filter_install(insns, n) : -ENOSYS;
	if (error)
		tell(to, "no seccomp filter: %s",
			error == -ENOSYS || error == -EINVAL ? "not supported by this kernel"
							     : strerror(-error));
	else
		tell(to, "a seccomp filter denies all system calls but those for this");
}

void sandbox_enter(unsigned needs, struct kfs *k, const struct sys_watch *watch,
	sandbox_line_fn say, void *ctx)
{
	const struct telling to = {say, ctx};
	for (unsigned i = 0; i < SANDBOX_NEEDS; i++)
		for (unsigned fs = 0; fs < KFS_COUNT; fs++)
			if (needs & 1u << i && table[i].fs & 1u << fs)
				kfs_dir(k, (enum kfs_which)fs);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		tell(&to, "no_new_privs: %s", strerror(errno));
	limit_capabilities(needs, watch, &to);
	limit_calls(needs, &to);
}
