/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel_error.h"
#include "call_text.h"

#include "elf/link/core.h"
#include "elf/link/helpers.h"
#include "elf/base/suggest.h"
#include "loader/plan/abi.h"
#include "loader/kernel/kallsyms.h"
#include "loader/symbols/ksyms.h"
#include "source_line.h"
#include "loader/kernel/netlink.h"
#include "loader/hook/syscall_alias.h"
#include "verifier_hint.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { TEXT_MAX = 4096 };

/* ---- rights ---- */

enum { CAP_NET_ADMIN = 12, CAP_NET_RAW = 13, CAP_SYS_ADMIN = 21, CAP_PERFMON = 38, CAP_BPF = 39 };

static const struct cap {
	int number;
	const char *name, *file_name;
	bool admin; /* CAP_SYS_ADMIN has it, too */
} caps_table[] = {
	{CAP_BPF, "CAP_BPF", "cap_bpf", true},
	{CAP_PERFMON, "CAP_PERFMON", "cap_perfmon", true},
	{CAP_NET_ADMIN, "CAP_NET_ADMIN", "cap_net_admin", false},
	{CAP_NET_RAW, "CAP_NET_RAW", "cap_net_raw", false},
};

static bool status_field(const char *text, const char *name, uint64_t *value)
{
	const char *line = strstr(text, name);
	if (!line)
		return false;
	*value = strtoull(line + strlen(name), NULL, 16);
	return true;
}

/* The right that programs of a type take beyond CAP_BPF, 0: none (5.8). */
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

/* All that the plan takes, as a mask. */
static uint64_t caps_needed(const struct plan *p)
{
	uint64_t needed = (uint64_t)1 << CAP_BPF;
	for (size_t i = 0; i < p->n_progs; i++)
		if (cap_of(p->progs[i].prog_type))
			needed |= (uint64_t)1 << cap_of(p->progs[i].prog_type);
	return needed;
}

/* Names of rights that a plan needs and this process lacks: for people, and all of them for setcap.
 * There CAP_PERFMON is always among them: without, the verifier forbids most of what programs do
 * with pointers into packets. */
static bool caps_lacking(
	const struct plan *p, uint64_t caps, char names[static 80], char file_names[static 80])
{
	uint64_t needed = caps_needed(p);
	size_t n = 0, k = 0;
	bool lacking = false;
	for (size_t i = 0; i < sizeof caps_table / sizeof *caps_table; i++) {
		const struct cap *c = &caps_table[i];
		bool needs = needed >> c->number & 1;
		if (!needs && c->number != CAP_PERFMON)
			continue;
		k += (size_t)snprintf(file_names + k, 80 - k, "%s%s", k ? "," : "", c->file_name);
		if (!needs || caps >> c->number & 1 || (c->admin && caps >> CAP_SYS_ADMIN & 1))
			continue;
		n += (size_t)snprintf(names + n, 80 - n, "%s%s", n ? " and " : "", c->name);
		lacking = true;
	}
	return lacking;
}

static uint16_t running_version(char release[static 65])
{
	struct utsname un;
	if (uname(&un))
		return 0;
	snprintf(release, 65, "%s", un.release);
	return abi_parse_version(un.release);
}

/* Debian and Ubuntu know a level 3, at which CAP_PERFMON does not help; 0 to 2 leave it its say. */
static bool explain_paranoid(const struct exec *x, uint64_t caps, struct err *e)
{
	int64_t level;
	if (caps >> CAP_SYS_ADMIN & 1 ||
		kfs_read_number(x->kfs, KFS_PROC, "sys/kernel/perf_event_paranoid", &level) ||
		level < 3)
		return false;
	err_hint(e,
		"kernel.perf_event_paranoid is %d, so this takes CAP_SYS_ADMIN (root); "
		"sysctl kernel.perf_event_paranoid=2 lets CAP_PERFMON do",
		(int)level);
	return true;
}

/* Raising the limit has been tried by now. */
static bool explain_memlock(const struct plan_step *s, struct err *e)
{
	char release[65];
	struct rlimit limit;
	uint16_t now = running_version(release);
	if (!(s->flags & STEP_MEMLOCK) || !now || now >= ABI_VERSION(5, 11) ||
		getrlimit(RLIMIT_MEMLOCK, &limit) || limit.rlim_cur == RLIM_INFINITY)
		return false;
	err_hint(e,
		"Linux %s counts it against the limit of locked memory, %llu KB here: raise it "
		"(ulimit -l unlimited), or give CAP_SYS_RESOURCE",
		release, (unsigned long long)limit.rlim_cur / 1024);
	return true;
}

/* A program that takes BPF trampolines, which not every kernel has where it has kprobes. */
static bool is_typed(const struct exec *x, const struct plan_step *s)
{
	uint32_t type = s->prog == PLAN_NONE ? 0 : x->plan->progs[s->prog].prog_type;
	return type == BPF_PROG_TYPE_TRACING || type == BPF_PROG_TYPE_LSM;
}

/*
 * EPERM means: a right is missing, or something above rights forbids it. Never the memory limit on
 * kernels from 5.11 on, and before only after raising it was refused.
 */
static void explain_eperm(const struct exec *x, const struct plan_step *s, struct err *e)
{
	char status[TEXT_MAX], lockdown[128] = "", names[80], file_names[80];
	uint64_t caps = 0, seccomp = 0;
	if (kfs_read_text(x->kfs, KFS_PROC, "self/status", status, sizeof status) <= 0 ||
		!status_field(status, "CapEff:", &caps)) {
		caps_lacking(x->plan, 0, names, file_names);
		err_hint(e, "this takes %s (or root)", names);
		return;
	}
	status_field(status, "Seccomp:", &seccomp);
	if (caps_lacking(x->plan, caps, names, file_names)) {
		err_hint(e,
			"this process lacks %s (root has them): run it with sudo, or "
			"setcap %s+ep on the binary",
			names, file_names);
		return;
	}
	if (explain_memlock(s, e) || (s->op == STEP_PERF_OPEN && explain_paranoid(x, caps, e)))
		return;
	if (kfs_read_text(x->kfs, KFS_SECURITY, "lockdown", lockdown, sizeof lockdown) > 0 &&
		strstr(lockdown, "[confidentiality]")) {
		err_hint(e, "the kernel is locked down (lockdown=confidentiality): nothing may "
			    "read its memory");
		return;
	}
	if (seccomp)
		err_hint(e, "a seccomp filter is in force (a container?): it has to allow bpf(2) "
			    "and perf_event_open(2)");
	else
		err_hint(e,
			"the needed capabilities are there: the kernel itself forbids it (user "
			"namespace, security module or configuration)%s",
			is_typed(x, s) ? "; kprobe/ or a tracepoint may be allowed" : "");
}

/* ---- age ---- */

/* True when a thing that the step uses came with a later kernel; says so. */
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

static bool explain_age(const struct exec *x, const struct plan_step *s, struct err *e)
{
	if (too_old(ABI_CMDS, s->cmd, "the command", e))
		return true;
	if (s->cmd == BPF_MAP_CREATE)
		return too_old(
			ABI_MAP_TYPES, (uint32_t)attr_value(x, s, "map_type"), "a map of type", e);
	if (s->cmd == BPF_PROG_LOAD)
		return too_old(ABI_PROG_TYPES, (uint32_t)attr_value(x, s, "prog_type"),
			"a program of type", e);
	if (s->cmd == BPF_LINK_CREATE)
		return too_old(ABI_ATTACH_TYPES,
			(uint32_t)attr_value(x, s, "link_create.attach_type"), "attaching by", e);
	return false;
}

static void explain_map(const struct exec *x, const struct plan_step *s, struct err *e)
{
	uint64_t type = attr_value(x, s, "map_type"), entries = attr_value(x, s, "max_entries");
	int no = x->outcomes[s - x->plan->steps];
	if (!abi_name(ABI_MAP_TYPES, type))
		err_hint(e, "no kernel known to sonde has a map type %" PRIu64, type);
	else if (no == E2BIG || no == ENOMEM)
		err_hint(e,
			"%" PRIu64 " entries of %" PRIu64 " bytes: more than the kernel allows, or "
			"than there is memory for",
			entries, attr_value(x, s, "value_size") + attr_value(x, s, "key_size"));
	else if (!entries)
		err_hint(e, "max_entries is 0: say how many with __uint(max_entries, N)");
}

/* ---- the verifier ---- */

/* A CO-RE relocation without an answer left a call of a helper that doesn't exist. */
static bool explain_poison(
	const struct plan_prog *prog, const char *log, const char *reason, struct err *e)
{
	char number[24];
	uint32_t insn;
	snprintf(number, sizeof number, "#%d", CORE_POISON);
	if (!prog->n_poison || !strstr(reason, number))
		return false;
	const struct plan_poison *found = &prog->poison[0];
	for (size_t i = 0; verdict_insn(log, &insn) && i < prog->n_poison; i++)
		if (prog->poison[i].insn == insn)
			found = &prog->poison[i];
	err_set(e, "it needs %s, which this kernel does not have: %s", found->what, found->why);
	if (strstr(found->what, "struct pt_regs") || strstr(found->what, "struct user_pt_regs"))
		err_hint(e, "registers are an architecture's own: compile it for this one "
			    "(-D__TARGET_ARCH_arm64, _arm, _x86, _s390, ...)");
	err_hint(e, "guard the access with bpf_core_field_exists() or bpf_core_type_exists()");
	return true;
}

/* "unknown func bpf_loop#181": of a kernel that is too old for it? */
static bool explain_helper(const char *reason, struct err *e)
{
	char version[8], release[65];
	const char *number = strstr(reason, "unknown func") || strstr(reason, "invalid func") ||
	                                     strstr(reason, "cannot use helper")
	                             ? strchr(reason, '#')
	                             : NULL;
	unsigned helper = number ? (unsigned)strtoul(number + 1, NULL, 10) : 0;
	uint16_t since = helper_since(helper), now = running_version(release);
	if (!since || !now || now >= since)
		return false;
	err_hint(e, "bpf_%s() needs Linux %s; this kernel is %s", helper_name(helper),
		abi_version(since, version), release);
	return true;
}

/* What the plan itself knows to say to this errno. */
static bool planned_hint(const struct plan_step *s, int no, struct err *e)
{
	const char *hint = no == ENOENT && *s->hint ? s->hint : NULL;
	for (int i = 0; i < PLAN_HINTS && s->hints[i].no && !hint; i++)
		if (s->hints[i].no == no)
			hint = s->hints[i].text;
	if (hint)
		snprintf(e->hint, sizeof e->hint, "%s", hint);
	return hint;
}

/* The line of source at which the verifier stopped, or that of the function's begin when it does
 * not say where; what stands in front of it. */
static const char *source_of(
	const struct plan *p, int16_t prog, const char *log, char *buf, size_t size)
{
	uint32_t insn = 0;
	bool known = verdict_insn(log, &insn);
	if (lines_source(p, prog, insn, buf, size))
		return known ? ", at: " : ", in: ";
	if (verdict_source(log, buf, size))
		return ", at: ";
	buf[0] = 0;
	return "";
}

static bool explain_load(struct exec *x, size_t i, const char *log, struct err *e)
{
	const struct plan_step *s = &x->plan->steps[i];
	char reason[512], source[256], name[16];
	int no = x->outcomes[i];
	if (!log || s->cmd != BPF_PROG_LOAD || !verdict_reason(log, reason, sizeof reason))
		return false;
	x->explained = explain_poison(&x->plan->progs[s->prog], log, reason, e);
	if (!x->explained) {
		const char *at = source_of(x->plan, s->prog, log, source, sizeof source);
		err_set(e, "the verifier refuses it (%s): %s%s%s", errno_name(no, name), reason, at,
			source);
		const struct verdict *v = verdict_of(reason);
		if (!explain_helper(reason, e) && !planned_hint(s, no, e) && v)
			err_hint(e, "%s. %s", v->cause, v->cure);
	}
	e->no = no;
	return true;
}

static bool explain_interface(const char *name, struct err *e)
{
	char names[400];
	err_set(e, "there is no network interface '%s'", name);
	return err_hint(e, "there are: %s", netlink_interfaces(names, sizeof names));
}

/* The function that a step is about; NULL: none. */
static const char *function_of(const struct plan *p, const struct plan_step *s)
{
	const struct plan_blob *attr = s->attr == PLAN_NONE ? NULL : &p->blobs[s->attr];
	if (s->op == STEP_APPEND && s->args[2].blob != PLAN_NONE)
		return (const char *)p->blobs[s->args[2].blob].bytes;
	for (size_t i = 0; attr && i < attr->n_patches; i++) {
		const struct plan_blob *b = &p->blobs[attr->patches[i].index];
		if (attr->patches[i].what == PATCH_BLOB && !strcmp(b->what, "function"))
			return (const char *)b->bytes;
	}
	return NULL;
}

/* Did it fail since there is no such function? Kernels since 6.7 say EINVAL to a line. */
static bool lacks_function(const struct exec *x, const struct plan_step *s, int no)
{
	const char *name = s->flags & STEP_FUNCTION ? function_of(x->plan, s) : NULL;
	if (s->op == STEP_APPEND && no == EINVAL)
		return name && kallsyms_address(x->kfs, name, false) == -ESRCH;
	return name && no == ENOENT;
}

/* The function that is missing, and those that may be meant. */
static bool explain_function(const struct exec *x, const struct plan_step *s, struct err *e)
{
	const char *name = function_of(x->plan, s), *why, *sys = strstr(name, "sys_");
	char near[256];
	err_set(e, "this kernel has no function '%s' that can be probed", name);
	const char *today = sys ? syscall_alias(sys + 4, &why) : NULL;
	if (today)
		return err_hint(e, "%s: SEC(\"ksyscall/%s\")", why, today), true;
	ksyms_suggest(x->kfs, name, near, sizeof near);
	return *near ? err_hint(e, "near to it: %s", near), true : true;
}

/* The entry of a folder of tracefs with the nearest name; false when the folder is not there. */
static bool entry_near(struct kfs *k, const char *folder, const char *name, char *buf, size_t size)
{
	int fd = kfs_open(k, KFS_TRACE, folder, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct nearest near = nearest_to(name);
	buf[0] = 0;
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return false;
	}
	for (struct dirent *d; (d = readdir(dir));)
		if (nearest_consider(&near, d->d_name))
			snprintf(buf, size, "%.*s", NEAREST_LONG, d->d_name);
	closedir(dir);
	return true;
}

/* What may be meant by "events/CATEGORY/NAME/id": another name, or another category; "": nothing.
 */
static void tracepoint_near(struct kfs *k, const char *path, char *buf, size_t size)
{
	char folder[128], *category, *name, *end;
	snprintf(folder, sizeof folder, "%s", path);
	buf[0] = 0;
	if (!(category = strchr(folder, '/')) || !(name = strchr(category + 1, '/')) ||
		!(end = strchr(name + 1, '/')))
		return;
	*name = *end = 0;
	if (!entry_near(k, folder, name + 1, buf, size)) {
		*category = 0;
		entry_near(k, folder, category + 1, buf, size);
	}
}

static void explain_tracepoint(const struct exec *x, const struct plan_step *s, struct err *e)
{
	char near[NEAREST_LONG + 1];
	size_t n = strlen(e->hint);
	if (s->op != STEP_READ || s->cmd != KFS_TRACE)
		return;
	tracepoint_near(
		x->kfs, (const char *)x->plan->blobs[s->args[0].blob].bytes, near, sizeof near);
	if (*near && !strstr(e->hint, near))
		snprintf(e->hint + n, sizeof e->hint - n, "; near to it: %s", near);
}

/* Attaching to a tracepoint, the kernel compares how far the program reads with how long the record
 * is. */
static bool attaches_to_record(const struct exec *x, const struct plan_step *s)
{
	bool attaches = s->op == STEP_IOCTL || (s->op == STEP_BPF && s->cmd == BPF_LINK_CREATE);
	return attaches && s->prog != PLAN_NONE &&
	       x->plan->progs[s->prog].prog_type == BPF_PROG_TYPE_TRACEPOINT;
}

static void explain_call(const struct exec *x, const struct plan_step *s, int no, struct err *e)
{
	const char *name = call_name(x->plan, s);
	if (lacks_function(x, s, no) && explain_function(x, s, e) && *e->hint)
		return;
	bool file = s->op == STEP_READ || s->op == STEP_APPEND ||
	            (s->op == STEP_OPEN && s->cmd < KFS_COUNT);
	bool missing = s->op == STEP_APPEND && no == ENODEV &&
	               kfs_dir(x->kfs, (enum kfs_which)s->cmd) >= 0;
	if (file)
		kfs_explain(x->kfs, (enum kfs_which)s->cmd,
			(const char *)x->plan->blobs[s->args[0].blob].bytes,
			missing ? -ENOENT : -no, e);
	else if (s->op == STEP_IFINDEX && no == ENODEV)
		explain_interface(name, e);
	else if (s->op == STEP_SYMBOL && no == ESRCH)
		err_set(e, "this kernel has no symbol of that name");
	else
		err_sys(e, no, "%s", name);
	if (planned_hint(s, no, e)) {
		if (no == ENOENT)
			explain_tracepoint(x, s, e);
		return;
	}
	if (no == EACCES && attaches_to_record(x, s))
		err_hint(e,
			"it reads behind the end of this kernel's record of the tracepoint: it "
			"was compiled for another layout (of 64 bits?); take the structure from "
			"vmlinux.h (CO-RE)");
	else if (no == EPERM || no == EACCES)
		explain_eperm(x, s, e);
	else if (no == ENOSYS)
		err_hint(e, "this kernel was built without %s",
			s->op == STEP_BPF ? "CONFIG_BPF_SYSCALL" : "CONFIG_PERF_EVENTS");
	else if (s->op == STEP_BPF && !explain_age(x, s, e) && s->cmd == BPF_MAP_CREATE)
		explain_map(x, s, e);
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
	} else if (!explain_load(x, i, log, e)) {
		explain_call(x, s, no, e);
	}
	return err_where(e, "%s: %s", s->who, s->doing);
}
