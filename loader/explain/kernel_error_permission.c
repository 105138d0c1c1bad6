/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel_error_impl.h"

#include "elf/base/cap_abi.h"
#include "elf/base/format.h"
#include "loader/kernel/process_status.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <sys/resource.h>
#include <sys/stat.h>

static const struct cap {
	int number;
	const char *name, *file_name;
	bool admin; /* included in CAP_SYS_ADMIN */
} caps_table[] = {
	{CAP_BPF, "CAP_BPF", "cap_bpf", true},
	{CAP_PERFMON, "CAP_PERFMON", "cap_perfmon", true},
	{CAP_NET_ADMIN, "CAP_NET_ADMIN", "cap_net_admin", false},
	{CAP_NET_RAW, "CAP_NET_RAW", "cap_net_raw", false},
};

/* The capability that programs of a type require besides CAP_BPF (5.8), or 0. */
static int cap_of(uint32_t prog_type)
{
	switch (prog_type) {
	case BPF_PROG_TYPE_KPROBE:
	case BPF_PROG_TYPE_TRACEPOINT:
	case BPF_PROG_TYPE_PERF_EVENT:
	case BPF_PROG_TYPE_RAW_TRACEPOINT:
	case BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE:
	case BPF_PROG_TYPE_TRACING:
	case BPF_PROG_TYPE_LSM:
	case BPF_PROG_TYPE_STRUCT_OPS:
		return CAP_PERFMON;
	case BPF_PROG_TYPE_SOCKET_FILTER:
		return CAP_NET_RAW; /* for the socket */
	case BPF_PROG_TYPE_SK_REUSEPORT:
	case BPF_PROG_TYPE_LIRC_MODE2:
	case BPF_PROG_TYPE_SYSCALL:
		return 0;
	default:
		return CAP_NET_ADMIN;
	}
}

static uint64_t required_caps(const struct plan *p)
{
	uint64_t needed = (uint64_t)1 << CAP_BPF;
	for (size_t i = 0; i < p->n_progs; i++)
		if (cap_of(p->progs[i].prog_type))
			needed |= (uint64_t)1 << cap_of(p->progs[i].prog_type);
	return needed;
}

/* The capabilities that this process lacks, for people, and all that are required, for setcap.
 * These always include CAP_PERFMON: without it, the verifier forbids most pointer arithmetic on
 * packets. */
static bool missing_caps(
	const struct plan *p, uint64_t caps, char names[static 80], char file_names[static 80])
{
	uint64_t needed = required_caps(p);
	size_t n = 0, k = 0;
	bool lacking = false;
	for (size_t i = 0; i < sizeof caps_table / sizeof *caps_table; i++) {
		const struct cap *c = &caps_table[i];
		bool needs = needed >> c->number & 1;
		if (!needs && c->number != CAP_PERFMON)
			continue;
		k += (size_t)text_print(file_names + k, 80 - k, "%s%s", k ? "," : "", c->file_name);
		if (!needs || caps >> c->number & 1 || (c->admin && caps >> CAP_SYS_ADMIN & 1))
			continue;
		n += (size_t)text_print(names + n, 80 - n, "%s%s", n ? " and " : "", c->name);
		lacking = true;
	}
	return lacking;
}

/* Debian and Ubuntu have a level 3, at which CAP_PERFMON does not suffice. */
static bool explain_paranoid(const struct exec *x, uint64_t caps, struct err *e)
{
	int64_t level;
	if (caps >> CAP_SYS_ADMIN & 1 ||
		kfs_read_number(x->kfs, KFS_PROC, "sys/kernel/perf_event_paranoid", &level) ||
		level < 3)
		return false;
	err_hint(e,
		"kernel.perf_event_paranoid is %d, which requires CAP_SYS_ADMIN (root); with "
		"sysctl kernel.perf_event_paranoid=2, CAP_PERFMON suffices",
		(int)level);
	return true;
}

/* By now, raising the limit has failed. */
static bool explain_memlock(const struct plan_step *s, struct err *e)
{
	char release[65];
	struct rlimit limit;
	uint16_t now = running_version(release);
	if (!(s->flags & STEP_MEMLOCK) || !now || now >= ABI_VERSION(5, 11) ||
		getrlimit(RLIMIT_MEMLOCK, &limit) || limit.rlim_cur == RLIM_INFINITY)
		return false;
	err_hint(e,
		"Linux %s charges it to RLIMIT_MEMLOCK, which is %llu KB: raise the limit (ulimit "
		"-l unlimited) or grant CAP_SYS_RESOURCE",
		release, (unsigned long long)limit.rlim_cur / 1024);
	return true;
}

bool uses_trampoline(const struct exec *x, const struct plan_step *s)
{
	uint32_t type = s->prog == PLAN_NONE ? 0 : x->plan->progs[s->prog].prog_type;
	return type == BPF_PROG_TYPE_TRACING || type == BPF_PROG_TYPE_LSM;
}

/* Pins are files: their owner and mode decide before the bpf file system does. */
static bool explain_pin(const struct exec *x, const struct plan_step *s, int no, struct err *e)
{
	struct stat st;
	bool file = s->op == STEP_MKDIR ||
	            (s->op == STEP_BPF && (s->cmd == BPF_OBJ_PIN || s->cmd == BPF_OBJ_GET));
	if (!file || no != EACCES)
		return false;
	const char *path = s->op == STEP_BPF ? attr_text(x->plan, s) : NULL;
	if (path && s->cmd == BPF_OBJ_GET && !stat(path, &st) && S_ISDIR(st.st_mode))
		err_hint(e, "%s is a directory: remove it (rmdir), or name the map differently",
			path);
	else
		err_hint(e, "the mode of the pin or of its directory denies it: see ls -ld");
	return true;
}

/*
 * The call's own reason comes first, followed by what denies calls in general. EPERM never means the
 * memory limit on kernels from 5.11 on, and before that only after raising the limit failed.
 */
void explain_permission(const struct exec *x, const struct plan_step *s, struct err *e)
{
	char names[80], file_names[80];
	uint64_t caps = 0;
	if (explain_pin(x, s, x->outcomes[s - x->plan->steps], e))
		return;
	if (!process_status(x->kfs, "CapEff:", 16, &caps)) {
		missing_caps(x->plan, 0, names, file_names);
		err_hint(e, "%s or root is required", names);
		return;
	}
	if (missing_caps(x->plan, caps, names, file_names)) {
		err_hint(e,
			"this process lacks %s (root has %s): use sudo, or run setcap %s+ep on "
			"the binary",
			names, strstr(names, " and ") ? "them" : "it", file_names);
		return;
	}
	if (explain_memlock(s, e) || (s->op == STEP_PERF_OPEN && explain_paranoid(x, caps, e)) ||
		explain_lockdown(x, LOCKDOWN_CONFIDENTIALITY, e) || explain_seccomp(x, e))
		return;
	err_hint(e,
		"all required capabilities are present: the kernel itself denies it (user "
		"namespace, security module or configuration)%s",
		uses_trampoline(x, s) ? "; a kprobe or tracepoint may be allowed" : "");
}
