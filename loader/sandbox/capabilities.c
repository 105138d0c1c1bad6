/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "sandbox_impl.h"

#include "elf/base/cap_abi.h"
#include "elf/base/text.h"

#include <sys/syscall.h>
#include <unistd.h>

enum { VERSION_3 = 0x20080522, HALVES = 2 };

#define CAP(name) (UINT64_C(1) << CAP_##name)

static const struct {
	uint64_t bit;
	bool in_admin; /* CAP_SYS_ADMIN includes it, and will do instead */
	const char *name;
} names[] = {
	{CAP(DAC_OVERRIDE), false, "CAP_DAC_OVERRIDE"},
	{CAP(DAC_READ_SEARCH), false, "CAP_DAC_READ_SEARCH"},
	{CAP(NET_ADMIN), false, "CAP_NET_ADMIN"},
	{CAP(NET_RAW), false, "CAP_NET_RAW"},
	{CAP(IPC_LOCK), false, "CAP_IPC_LOCK"},
	{CAP(SYS_PTRACE), false, "CAP_SYS_PTRACE"},
	{CAP(SYS_ADMIN), false, "CAP_SYS_ADMIN"},
	{CAP(SYSLOG), false, "CAP_SYSLOG"},
	{CAP(PERFMON), true, "CAP_PERFMON"},
	{CAP(BPF), true, "CAP_BPF"},
	{CAP(CHECKPOINT_RESTORE), false, "CAP_CHECKPOINT_RESTORE"},
};
enum { NAMES = sizeof names / sizeof *names };

struct head {
	uint32_t version;
	int pid;
};
struct data {
	uint32_t effective, permitted, inheritable;
};

bool capabilities_get(struct capability_sets *sets)
{
	struct head head = {VERSION_3, 0};
	struct data data[HALVES];
	if (syscall(SYS_capget, &head, data))
		return false;
	sets->effective = data[0].effective | (uint64_t)data[1].effective << 32;
	sets->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
	return true;
}

bool capabilities_set(uint64_t effective, uint64_t permitted)
{
	struct head head = {VERSION_3, 0};
	const struct data data[HALVES] = {{(uint32_t)effective, (uint32_t)permitted, 0},
		{(uint32_t)(effective >> 32), (uint32_t)(permitted >> 32), 0}};
	return !syscall(SYS_capset, &head, data);
}

uint64_t capabilities_held(uint64_t wanted, uint64_t permitted)
{
	uint64_t held = wanted & permitted;
	for (size_t i = 0; i < NAMES; i++)
		if (names[i].in_admin && wanted & ~permitted & names[i].bit)
			held |= permitted & CAP(SYS_ADMIN);
	return held;
}

void capabilities_text(uint64_t caps, char *buf, size_t size)
{
	*buf = 0;
	for (size_t i = 0; i < NAMES; i++)
		if (caps & names[i].bit)
			text_list(buf, size, "%s", names[i].name);
}
