/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "doctor.h"

#include "elf/base/cap_abi.h"
#include "elf/base/text.h"
#include "loader/kernel/process_status.h"
#include "loader/kernel/users.h"
#include "loader/sandbox/capability_names.h"

#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char area[] = "user";

#define BIT(cap) (UINT64_C(1) << (cap))

static void add(struct doctor *d, enum finding_state state, const char *name, const char *text,
	const char *cure)
{
	finding_add(&d->found, (struct finding){state, area, name, text, cure, NULL, 0});
}

/* ---- capabilities ---- */

/* What BPF needs, without those that only widen it. */
static uint64_t wanted_caps(const struct doctor *d)
{
	uint64_t caps = BIT(CAP_NET_ADMIN) | BIT(CAP_NET_RAW);
	return d->offer.version < ABI_VERSION(5, 8) ? caps | BIT(CAP_SYS_ADMIN)
	                                            : caps | BIT(CAP_BPF) | BIT(CAP_PERFMON);
}

/* CAP_SYS_ADMIN includes the two that were split from it. */
static uint64_t lacking(uint64_t wanted, uint64_t held)
{
	if (held & BIT(CAP_SYS_ADMIN))
		wanted &= ~(BIT(CAP_BPF) | BIT(CAP_PERFMON));
	return wanted & ~held;
}

static void check_caps(struct doctor *d)
{
	char names[300], missing[200];
	uint64_t held = 0, bound = UINT64_MAX;
	if (!process_status(d->kfs, "CapEff:", 16, &held)) {
		add(d, FINDING_NOTE, "capabilities", "unknown: there is no /proc", NULL);
		return;
	}
	process_status(d->kfs, "CapBnd:", 16, &bound);
	uint64_t lacks = lacking(wanted_caps(d), held);
	capabilities_text(held, names, sizeof names);
	capabilities_text(lacks, missing, sizeof missing);
	if (!lacks)
		add(d, FINDING_OK, "capabilities", finding_text(&d->found, "%s", names), NULL);
	else
		add(d, FINDING_MISSING, "capabilities",
			finding_text(&d->found, "without %s%s%s", missing, *names ? "; has " : "",
				names),
			lacks & ~bound &
					~(bound & BIT(CAP_SYS_ADMIN)
							? BIT(CAP_BPF) | BIT(CAP_PERFMON)
							: 0)
				? "outside of this container: the bounding set lacks them, too"
				: "sudo, or setcap on the binary");
}

/* ---- namespaces and filters ---- */

static void check_confinement(struct doctor *d)
{
	char map[64] = "";
	uint64_t mode = 0;
	long n = kfs_read_text(d->kfs, KFS_PROC, "self/uid_map", map, sizeof map);
	bool initial = n <= 0 || strstr(map, "4294967295");
	add(d, initial ? FINDING_OK : FINDING_MISSING, "user namespace",
		initial ? "the initial one"
			: "not the initial one, whose capabilities BPF requires",
		initial ? NULL : "run outside of it, or with a BPF token (6.9, --token)");
	if (process_status(d->kfs, "Seccomp:", 10, &mode) && mode)
		add(d, FINDING_NOTE, "seccomp",
			"a filter is active (a container?): bpf(2) may be denied",
			"allow bpf(2) and perf_event_open(2) in it");
}

static void check_memory(struct doctor *d)
{
	struct rlimit limit;
	if (d->offer.version >= ABI_VERSION(5, 11)) {
		add(d, FINDING_OK, "memory", "counted by cgroup, not by RLIMIT_MEMLOCK", NULL);
		return;
	}
	if (getrlimit(RLIMIT_MEMLOCK, &limit))
		return;
	uint64_t caps = 0;
	bool can = process_status(d->kfs, "CapEff:", 16, &caps) && caps >> 24 & 1;
	if (limit.rlim_max == RLIM_INFINITY || can)
		add(d, FINDING_OK, "memory", "RLIMIT_MEMLOCK is raised when it is needed", NULL);
	else
		add(d, FINDING_NOTE, "memory",
			finding_text(&d->found, "RLIMIT_MEMLOCK is %llu KB",
				(unsigned long long)limit.rlim_max / 1024),
			"ulimit -l unlimited, or CAP_SYS_RESOURCE");
}

/* ---- sysctls ---- */

static const char *unprivileged_text(int64_t value)
{
	return value == 0   ? "0: users without rights may load socket filters"
	       : value == 1 ? "1: for good until the next boot"
	                    : "2";
}

static void check_sysctls(struct doctor *d)
{
	int64_t value;
	if (!kfs_read_number(d->kfs, KFS_PROC, "sys/kernel/unprivileged_bpf_disabled", &value))
		add(d, value ? FINDING_OK : FINDING_NOTE, "unprivileged_bpf_disabled",
			unprivileged_text(value), NULL);
	if (!kfs_read_number(d->kfs, KFS_PROC, "sys/kernel/perf_event_paranoid", &value))
		add(d, value < 3 ? FINDING_OK : FINDING_NOTE, "perf_event_paranoid",
			finding_text(&d->found, "%d%s", (int)value,
				value < 3 ? "" : ": tracing requires CAP_SYS_ADMIN"),
			value < 3 ? NULL : "sysctl kernel.perf_event_paranoid=2");
	if (!kfs_read_number(d->kfs, KFS_PROC, "sys/kernel/kptr_restrict", &value))
		add(d, value < 2 ? FINDING_OK : FINDING_NOTE, "kptr_restrict",
			finding_text(&d->found, "%d%s", (int)value,
				value < 2 ? "" : ": addresses are hidden, also from root"),
			value < 2 ? NULL : "sysctl kernel.kptr_restrict=1");
}

void doctor_user(struct doctor *d)
{
	char name[USER_NAME_MAX];
	add(d, FINDING_OK, "user",
		finding_text(&d->found, "%s", user_name((uint32_t)geteuid(), name)), NULL);
	check_caps(d);
	check_confinement(d);
	check_memory(d);
	check_sysctls(d);
}
