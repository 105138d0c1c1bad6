/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "doctor.h"

#include "elf/base/format.h"
#include "elf/base/text.h"
#include "loader/kernel/kallsyms.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>

static const char area[] = "kernel";

static void add(struct doctor *d, enum finding_state state, const char *name, const char *text,
	const char *cure)
{
	finding_add(&d->found, (struct finding){state, area, name, text, cure, NULL, 0});
}

/* ---- configuration ---- */

/* Options that everything depends on, and what their absence costs. */
static const struct {
	const char *option;
	enum finding_state without;
	const char *cost;
} basics[] = {
	{"CONFIG_BPF_SYSCALL", FINDING_FAILS, "there is no bpf(2)"},
	{"CONFIG_BPF_JIT", FINDING_NOTE, "programs are interpreted, and fentry is missing"},
	{"CONFIG_BPF_EVENTS", FINDING_NOTE, "no program can trace"},
	{"CONFIG_DEBUG_INFO_BTF", FINDING_NOTE, "the kernel shows no types"},
	{"CONFIG_KPROBES", FINDING_NOTE, "no kprobes"},
	{"CONFIG_UPROBES", FINDING_NOTE, "no uprobes"},
	{"CONFIG_FTRACE_SYSCALLS", FINDING_NOTE, "no tracepoints of system calls"},
	{"CONFIG_CGROUP_BPF", FINDING_NOTE, "no programs of cgroups"},
	{"CONFIG_NET_CLS_BPF", FINDING_NOTE, "no tc programs before 6.6"},
	{"CONFIG_BPF_LSM", FINDING_NOTE, "no LSM programs"},
};

static void check_config(struct doctor *d)
{
	char set[512] = "";
	if (!d->offer.config.n) {
		add(d, FINDING_NOTE, "configuration",
			finding_text(&d->found,
				"neither /proc/config.gz nor /boot/config-%s can be read",
				d->offer.kernel->release),
			NULL);
		return;
	}
	for (size_t i = 0; i < sizeof basics / sizeof *basics; i++)
		if (offer_option(&d->offer, basics[i].option) != 'n')
			text_list(set, sizeof set, "%s", basics[i].option + sizeof "CONFIG_" - 1);
		else
			finding_add(&d->found,
				(struct finding){basics[i].without, area, "configuration",
					finding_text(&d->found, "%s is not set: %s",
						basics[i].option, basics[i].cost),
					basics[i].without == FINDING_FAILS
						? "use a kernel that is built with it"
						: NULL,
					basics[i].option, 0});
	add(d, FINDING_OK, "configuration", finding_text(&d->found, "%s", set), NULL);
}

/* ---- types and symbols ---- */

static void check_types(struct doctor *d)
{
	if (d->offer.types)
		add(d, FINDING_OK, "types (BTF)", d->offer.kernel->btf_from, NULL);
	else
		add(d, FINDING_MISSING, "types (BTF)",
			"no CO-RE relocations, kfuncs, fentry, LSM and iterators",
			"a kernel built with CONFIG_DEBUG_INFO_BTF=y; or --btf FILE");
}

static bool first_symbol(void *ctx, const struct kallsym *sym)
{
	*(uint64_t *)ctx |= sym->address;
	return !sym->address && ++((uint64_t *)ctx)[1] < 64;
}

static void check_symbols(struct doctor *d)
{
	uint64_t seen[2] = {0};
	long r = kallsyms_each(d->kfs, false, first_symbol, seen);
	if (r < 0)
		add(d, FINDING_NOTE, "symbols", "/proc/kallsyms cannot be read", NULL);
	else if (!seen[0])
		add(d, FINDING_NOTE, "symbols",
			"/proc/kallsyms hides addresses: no __ksym addresses, no names in stacks",
			"root, or sysctl kernel.kptr_restrict=0");
	else
		add(d, FINDING_OK, "symbols", "/proc/kallsyms, with addresses", NULL);
}

/* ---- the JIT compiler ---- */

static bool sysctl(struct doctor *d, const char *path, int64_t *value)
{
	return !kfs_read_number(d->kfs, KFS_PROC, path, value);
}

static void check_jit(struct doctor *d)
{
	int64_t enabled, harden, names;
	char text[100];
	if (!sysctl(d, "sys/net/core/bpf_jit_enable", &enabled)) {
		bool off = offer_option(&d->offer, "CONFIG_BPF_JIT") == 'n';
		add(d, FINDING_NOTE, "JIT compiler",
			off ? "not built in" : "net.core.bpf_jit_enable cannot be read", NULL);
		return;
	}
	text_print(text, sizeof text, "%s", enabled ? "on" : "off");
	if (sysctl(d, "sys/net/core/bpf_jit_harden", &harden))
		text_list(text, sizeof text, "hardening %s",
			harden == 2 ? "for all"
			: harden    ? "for users without rights"
				    : "off");
	if (sysctl(d, "sys/net/core/bpf_jit_kallsyms", &names))
		text_list(text, sizeof text, "programs %sin kallsyms", names ? "" : "not ");
	add(d, enabled ? FINDING_OK : FINDING_NOTE, "JIT compiler",
		finding_text(&d->found, "%s", text),
		enabled ? NULL : "sysctl net.core.bpf_jit_enable=1");
}

/* What fentry and its like attach with. */
static void check_trampolines(struct doctor *d)
{
	struct offered t = offer_trampoline(&d->offer, BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY);
	bool there = t.state == OFFER_THERE;
	finding_add(&d->found,
		(struct finding){there ? FINDING_OK : FINDING_MISSING, area, "trampolines",
			there ? ""
			: t.state == OFFER_OFF
				? "fentry, fexit and LSM programs need the JIT compiler"
			: t.since ? "fentry, fexit and LSM programs cannot attach"
				  : "not on this architecture: kprobes instead of fentry",
			there ? NULL : "a kprobe or tracepoint needs none", t.option, t.since});
}

/* ---- security ---- */

static void check_security(struct doctor *d)
{
	static const char *const levels[] = {"none", "integrity", "confidentiality"};
	char list[512];
	enum kfs_lockdown level = kfs_lockdown(d->kfs);
	add(d, level == LOCKDOWN_NONE ? FINDING_OK : FINDING_NOTE, "lockdown",
		level == LOCKDOWN_CONFIDENTIALITY
			? "confidentiality: no kprobes, no reading of the kernel's memory"
		: level == LOCKDOWN_INTEGRITY ? "integrity: no writing to the memory of processes"
					      : levels[level],
		level == LOCKDOWN_NONE ? NULL : "boot without lockdown=, or without Secure Boot");
	long n = kfs_read_text(d->kfs, KFS_SECURITY, "lsm", list, sizeof list);
	if (n <= 0)
		return;
	list[strcspn(list, "\n")] = 0;
	bool ours = false;
	for (const char *p = strstr(list, "bpf"); p && !ours; p = strstr(p + 1, "bpf"))
		ours = (p == list || p[-1] == ',') && (!p[3] || p[3] == ',');
	bool built = offer_option(&d->offer, "CONFIG_BPF_LSM") != 'n';
	add(d, ours ? FINDING_OK : FINDING_NOTE, "security modules",
		finding_text(&d->found, "%s%s", list, ours ? "" : "; LSM programs never run"),
		ours || !built ? NULL : finding_text(&d->found, "boot with lsm=%s,bpf", list));
}

static void check_statistics(struct doctor *d)
{
	int64_t on;
	if (sysctl(d, "sys/kernel/bpf_stats_enabled", &on))
		add(d, FINDING_OK, "run statistics",
			on ? "on (kernel.bpf_stats_enabled)" : "off; sonde ps --stats enables them",
			NULL);
}

/* ---- file systems ---- */

struct mounts {
	char text[200];
	unsigned n;
};

static void add_mount(void *ctx, const char *path)
{
	struct mounts *m = ctx;
	if (m->n++ < 2)
		text_list(m->text, sizeof m->text, "%s", path);
}

static const struct {
	enum kfs_which which;
	const char *without;
} file_systems[] = {
	{KFS_TRACE, "not mounted; with CAP_SYS_ADMIN, it is mounted privately"},
	{KFS_BPF, "not mounted: no pins; sonde load --pin mounts it"},
	{KFS_CGROUP2, "not mounted: --on CGROUP needs its path"},
	{KFS_SECURITY, "not mounted; with CAP_SYS_ADMIN, it is mounted privately"},
};

enum { DEBUGFS_MAGIC_ = 0x64626720 };

static void check_file_systems(struct doctor *d)
{
	struct statfs s;
	for (size_t i = 0; i < sizeof file_systems / sizeof *file_systems; i++) {
		struct mounts m = {0};
		kfs_mounts(file_systems[i].which, add_mount, &m);
		if (m.n > 2)
			text_list(m.text, sizeof m.text, "and %u more", m.n - 2);
		finding_add(&d->found, (struct finding){m.n ? FINDING_OK : FINDING_NOTE,
					       "file system", kfs_name(file_systems[i].which),
					       m.n ? finding_text(&d->found, "%s", m.text)
						   : file_systems[i].without,
					       NULL, NULL, 0});
	}
	if (!statfs("/sys/kernel/debug", &s) && (uint32_t)s.f_type == DEBUGFS_MAGIC_)
		finding_add(&d->found, (struct finding){FINDING_OK, "file system", "debugfs",
					       "/sys/kernel/debug", NULL, NULL, 0});
}

/* Controllers of version 1 are lines "N:NAMES:PATH" with names in between. */
static void check_cgroups(struct doctor *d)
{
	FILE *f;
	char line[300], names[200] = "";
	kfs_stream(d->kfs, KFS_PROC, "self/cgroup", &f);
	while (f && fgets(line, sizeof line, f)) {
		char *name = strchr(line, ':'), *end = name ? strchr(name + 1, ':') : NULL;
		if (!end || end == name + 1 || !strncmp(name + 1, "name=", 5))
			continue;
		*end = 0;
		text_list(names, sizeof names, "%s", name + 1);
	}
	if (f)
		fclose(f);
	if (*names)
		finding_add(&d->found,
			(struct finding){FINDING_NOTE, "file system", "cgroup (version 1)",
				finding_text(&d->found, "%s; BPF programs attach to cgroup2 only",
					names),
				NULL, NULL, 0});
}

void doctor_kernel(struct doctor *d)
{
	add(d, FINDING_OK, "release",
		finding_text(
			&d->found, "%s %s", d->offer.kernel->release, d->offer.kernel->machine),
		NULL);
	check_config(d);
	check_types(d);
	check_symbols(d);
	check_jit(d);
	check_trampolines(d);
	check_security(d);
	check_statistics(d);
	check_file_systems(d);
	check_cgroups(d);
}
