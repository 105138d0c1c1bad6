/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Sets of names with their numbers and first kernels. The fields of bpf_attr are in abi_fields.c. */
#include "abi.h"

#include "elf/base/format.h"
#include "elf/base/number.h"

#include <ctype.h>
#include <string.h>

/* clang-format off */

/* Flags and small enumerations. A row: constant, major, minor. */
#define STATS_TYPES(X) \
	X(BPF_STATS_RUN_TIME, 5, 8)

#define STREAMS(X) \
	X(BPF_STREAM_STDOUT, 6, 17) \
	X(BPF_STREAM_STDERR, 6, 17)

#define FD_TYPES(X) \
	X(BPF_FD_TYPE_RAW_TRACEPOINT, 4, 18) \
	X(BPF_FD_TYPE_TRACEPOINT,     4, 18) \
	X(BPF_FD_TYPE_KPROBE,         4, 18) \
	X(BPF_FD_TYPE_KRETPROBE,      4, 18) \
	X(BPF_FD_TYPE_UPROBE,         4, 18) \
	X(BPF_FD_TYPE_URETPROBE,      4, 18)

#define PERF_EVENT_TYPES(X) \
	X(BPF_PERF_EVENT_UNSPEC,     6, 6) \
	X(BPF_PERF_EVENT_UPROBE,     6, 6) \
	X(BPF_PERF_EVENT_URETPROBE,  6, 6) \
	X(BPF_PERF_EVENT_KPROBE,     6, 6) \
	X(BPF_PERF_EVENT_KRETPROBE,  6, 6) \
	X(BPF_PERF_EVENT_TRACEPOINT, 6, 6) \
	X(BPF_PERF_EVENT_EVENT,      6, 6)

#define PERF_TYPES(X) \
	X(PERF_TYPE_HARDWARE,   2, 31) \
	X(PERF_TYPE_SOFTWARE,   2, 31) \
	X(PERF_TYPE_TRACEPOINT, 2, 31) \
	X(PERF_TYPE_HW_CACHE,   2, 31) \
	X(PERF_TYPE_RAW,        2, 31) \
	X(PERF_TYPE_BREAKPOINT, 2, 33)

#define ELEM_FLAGS(X) \
	X(BPF_ANY,        3, 19) \
	X(BPF_NOEXIST,    3, 19) \
	X(BPF_EXIST,      3, 19) \
	X(BPF_F_LOCK,     5,  1) \
	X(BPF_F_CPU,      7,  0) \
	X(BPF_F_ALL_CPUS, 7,  0)

#define MAP_FLAGS(X) \
	X(BPF_F_NO_PREALLOC,      4,  6) \
	X(BPF_F_NO_COMMON_LRU,    4, 10) \
	X(BPF_F_NUMA_NODE,        4, 14) \
	X(BPF_F_RDONLY,           4, 15) \
	X(BPF_F_WRONLY,           4, 15) \
	X(BPF_F_STACK_BUILD_ID,   4, 17) \
	X(BPF_F_ZERO_SEED,        5,  0) \
	X(BPF_F_RDONLY_PROG,      5,  2) \
	X(BPF_F_WRONLY_PROG,      5,  2) \
	X(BPF_F_CLONE,            5,  4) \
	X(BPF_F_MMAPABLE,         5,  5) \
	X(BPF_F_PRESERVE_ELEMS,   5, 10) \
	X(BPF_F_INNER_MAP,        5, 10) \
	X(BPF_F_LINK,             6,  4) \
	X(BPF_F_PATH_FD,          6,  5) \
	X(BPF_F_VTYPE_BTF_OBJ_FD, 6,  9) \
	X(BPF_F_TOKEN_FD,         6,  9) \
	X(BPF_F_SEGV_ON_FAULT,    6,  9) \
	X(BPF_F_NO_USER_CONV,     6,  9) \
	X(BPF_F_RB_OVERWRITE,     6, 19)

#define PROG_FLAGS(X) \
	X(BPF_F_STRICT_ALIGNMENT,    4, 12) \
	X(BPF_F_ANY_ALIGNMENT,       5,  0) \
	X(BPF_F_TEST_RND_HI32,       5,  3) \
	X(BPF_F_TEST_STATE_FREQ,     5,  4) \
	X(BPF_F_SLEEPABLE,           5, 10) \
	X(BPF_F_XDP_HAS_FRAGS,       5, 18) \
	X(BPF_F_XDP_DEV_BOUND_ONLY,  6,  3) \
	X(BPF_F_TEST_REG_INVARIANTS, 6,  8) \
	X(BPF_F_TOKEN_FD,            6,  9)

#define ATTACH_FLAGS(X) \
	X(BPF_F_ALLOW_OVERRIDE, 4, 10) \
	X(BPF_F_ALLOW_MULTI,    4, 15) \
	X(BPF_F_REPLACE,        5,  6) \
	X(BPF_F_BEFORE,         6,  6) \
	X(BPF_F_AFTER,          6,  6) \
	X(BPF_F_ID,             6,  6) \
	X(BPF_F_PREORDER,       6, 15) \
	X(BPF_F_LINK,           6,  6)

#define LINK_FLAGS(X) \
	X(BPF_F_BEFORE,   6,  6) \
	X(BPF_F_AFTER,    6,  6) \
	X(BPF_F_ID,       6,  6) \
	X(BPF_F_PREORDER, 6, 17) \
	X(BPF_F_LINK,     6,  6)

#define XDP_FLAGS(X) \
	X(XDP_FLAGS_SKB_MODE, 5, 9) \
	X(XDP_FLAGS_DRV_MODE, 5, 9) \
	X(XDP_FLAGS_HW_MODE,  5, 9)

#define UPDATE_FLAGS(X) \
	X(BPF_F_REPLACE, 5, 7)

#define QUERY_FLAGS(X) \
	X(BPF_F_QUERY_EFFECTIVE, 4, 15)

#define TEST_FLAGS(X) \
	X(BPF_F_TEST_RUN_ON_CPU,            5, 10) \
	X(BPF_F_TEST_XDP_LIVE_FRAMES,       5, 18) \
	X(BPF_F_TEST_SKB_CHECKSUM_COMPLETE, 6, 11)

#define PIN_FLAGS(X) \
	X(BPF_F_RDONLY,  4, 15) \
	X(BPF_F_WRONLY,  4, 15) \
	X(BPF_F_PATH_FD, 6,  5)

#define OPEN_FLAGS(X) \
	X(BPF_F_RDONLY,   4, 15) \
	X(BPF_F_WRONLY,   4, 15) \
	X(BPF_F_TOKEN_FD, 6, 15)

#define BTF_FLAGS(X) \
	X(BPF_F_TOKEN_FD, 6, 9)

#define KPROBE_MULTI_FLAGS(X) \
	X(BPF_F_KPROBE_MULTI_RETURN, 5, 18)

#define UPROBE_MULTI_FLAGS(X) \
	X(BPF_F_UPROBE_MULTI_RETURN,  6, 6) \
	X(BPF_F_UPROBE_MULTI_PATH_FD, 7, 2)

#define NETFILTER_FLAGS(X) \
	X(BPF_F_NETFILTER_IP_DEFRAG, 6, 6)

#define SAMPLE_FLAGS(X) \
	X(PERF_SAMPLE_RAW, 2, 31)

/* clang-format on */

struct row {
	uint32_t number;
	uint16_t since;
};

#define ROW4(name, number, major, minor)  {(number), ABI_VERSION(major, minor)},
#define ROW3(name, major, minor)          {(name), ABI_VERSION(major, minor)},
#define TEXT4(name, number, major, minor) #name "\0"
#define TEXT3(name, major, minor)         #name "\0"

#define SET4(var, list)                                                                            \
	static const struct row var##_rows[] = {list(ROW4)};                                       \
	static const char var##_text[] = list(TEXT4);
#define SET3(var, list)                                                                            \
	static const struct row var##_rows[] = {list(ROW3)};                                       \
	static const char var##_text[] = list(TEXT3);

SET4(cmds, BPF_CMDS)
SET4(map_types, BPF_MAP_TYPES)
SET4(prog_types, BPF_PROG_TYPES)
SET4(attach_types, BPF_ATTACH_TYPES)
SET4(link_types, BPF_LINK_TYPES)
SET3(stats_types, STATS_TYPES)
SET3(streams, STREAMS)
SET3(fd_types, FD_TYPES)
SET3(perf_event_types, PERF_EVENT_TYPES)
SET3(perf_types, PERF_TYPES)
SET3(elem_flags, ELEM_FLAGS)
SET3(map_flags, MAP_FLAGS)
SET3(prog_flags, PROG_FLAGS)
SET3(attach_flags, ATTACH_FLAGS)
SET3(link_flags, LINK_FLAGS)
SET3(xdp_flags, XDP_FLAGS)
SET3(update_flags, UPDATE_FLAGS)
SET3(query_flags, QUERY_FLAGS)
SET3(test_flags, TEST_FLAGS)
SET3(pin_flags, PIN_FLAGS)
SET3(open_flags, OPEN_FLAGS)
SET3(btf_flags, BTF_FLAGS)
SET3(kprobe_multi_flags, KPROBE_MULTI_FLAGS)
SET3(uprobe_multi_flags, UPROBE_MULTI_FLAGS)
SET3(netfilter_flags, NETFILTER_FLAGS)
SET3(sample_flags, SAMPLE_FLAGS)

/* cut: length of the prefix that abi_nick() and abi_number() omit. */
static const struct set {
	const struct row *rows;
	const char *text;
	uint8_t count, cut;
} sets[ABI_SETS] = {
#define SET(var, prefix)                                                                           \
	{                                                                                          \
		var##_rows, var##_text, sizeof var##_rows / sizeof *var##_rows, sizeof prefix - 1  \
	}
	[ABI_CMDS] = SET(cmds, "BPF_"),
	[ABI_MAP_TYPES] = SET(map_types, "BPF_MAP_TYPE_"),
	[ABI_PROG_TYPES] = SET(prog_types, "BPF_PROG_TYPE_"),
	[ABI_ATTACH_TYPES] = SET(attach_types, "BPF_"),
	[ABI_LINK_TYPES] = SET(link_types, "BPF_LINK_TYPE_"),
	[ABI_STATS_TYPES] = SET(stats_types, "BPF_STATS_"),
	[ABI_STREAMS] = SET(streams, "BPF_STREAM_"),
	[ABI_FD_TYPES] = SET(fd_types, "BPF_FD_TYPE_"),
	[ABI_PERF_EVENT_TYPES] = SET(perf_event_types, "BPF_PERF_EVENT_"),
	[ABI_PERF_TYPES] = SET(perf_types, "PERF_TYPE_"),
	[ABI_ELEM_FLAGS] = SET(elem_flags, "BPF_"),
	[ABI_MAP_FLAGS] = SET(map_flags, "BPF_F_"),
	[ABI_PROG_FLAGS] = SET(prog_flags, "BPF_F_"),
	[ABI_ATTACH_FLAGS] = SET(attach_flags, "BPF_F_"),
	[ABI_LINK_FLAGS] = SET(link_flags, "BPF_F_"),
	[ABI_XDP_FLAGS] = SET(xdp_flags, "XDP_FLAGS_"),
	[ABI_UPDATE_FLAGS] = SET(update_flags, "BPF_F_"),
	[ABI_QUERY_FLAGS] = SET(query_flags, "BPF_F_"),
	[ABI_TEST_FLAGS] = SET(test_flags, "BPF_F_"),
	[ABI_PIN_FLAGS] = SET(pin_flags, "BPF_F_"),
	[ABI_OPEN_FLAGS] = SET(open_flags, "BPF_F_"),
	[ABI_BTF_FLAGS] = SET(btf_flags, "BPF_F_"),
	[ABI_KPROBE_MULTI_FLAGS] = SET(kprobe_multi_flags, "BPF_F_"),
	[ABI_UPROBE_MULTI_FLAGS] = SET(uprobe_multi_flags, "BPF_F_"),
	[ABI_NETFILTER_FLAGS] = SET(netfilter_flags, "BPF_F_"),
	[ABI_SAMPLE_FLAGS] = SET(sample_flags, "PERF_SAMPLE_"),
#undef SET
};

bool abi_next_member(enum abi_set set, unsigned i, struct abi_member *m)
{
	if ((unsigned)set >= ABI_SETS || i >= sets[set].count)
		return false;
	const char *name = m->name ? m->name + strlen(m->name) + 1 : sets[set].text;
	*m = (struct abi_member){name, sets[set].rows[i].number, sets[set].rows[i].since};
	return true;
}

bool abi_member(enum abi_set set, unsigned i, struct abi_member *out)
{
	if ((unsigned)set >= ABI_SETS || i >= sets[set].count)
		return false;
	const char *name = sets[set].text;
	for (unsigned k = 0; k < i; k++)
		name += strlen(name) + 1;
	*out = (struct abi_member){name, sets[set].rows[i].number, sets[set].rows[i].since};
	return true;
}

static bool find(enum abi_set set, uint64_t number, struct abi_member *out)
{
	for (unsigned i = 0; (unsigned)set < ABI_SETS && i < sets[set].count; i++)
		if (sets[set].rows[i].number == number)
			return abi_member(set, i, out);
	return false;
}

const char *abi_name(enum abi_set set, uint64_t number)
{
	struct abi_member m;
	return find(set, number, &m) ? m.name : NULL;
}

static bool same(const char *a, const char *b)
{
	while (*a && toupper((unsigned char)*a) == toupper((unsigned char)*b))
		a++, b++;
	return *a == *b;
}

bool abi_number(enum abi_set set, const char *name, uint32_t *number)
{
	struct abi_member m = {0};
	for (unsigned i = 0; abi_next_member(set, i, &m); i++) {
		if (!same(m.name, name) && !same(m.name + sets[set].cut, name))
			continue;
		*number = m.number;
		return true;
	}
	return false;
}

uint16_t abi_since(enum abi_set set, uint64_t number)
{
	struct abi_member m;
	uint16_t since = 0;
	if (set < ABI_FIRST_FLAGS)
		return find(set, number, &m) ? m.since : 0;
	m.name = NULL;
	for (unsigned i = 0; abi_next_member(set, i, &m); i++)
		if ((number & m.number) && m.since > since)
			since = m.since;
	return since;
}

char *abi_nick(enum abi_set set, uint64_t number, char buf[static 48])
{
	const char *name = abi_name(set, number);
	if (!name) {
		text_print(buf, 48, "%llu", (unsigned long long)number);
		return buf;
	}
	size_t n = 0;
	for (name += sets[set].cut; *name && n < 47; name++)
		buf[n++] = (char)tolower((unsigned char)*name);
	buf[n] = 0;
	return buf;
}

/* Appends " | name", truncated to n bytes. */
static void join(char *buf, size_t n, const char *name)
{
	size_t used = strlen(buf);
	text_print(buf + used, n - used, "%s%s", used ? " | " : "", name);
}

char *abi_expr(enum abi_set set, uint64_t number, char *buf, size_t n)
{
	struct abi_member m;
	char rest[24];
	if (!n)
		return buf;
	buf[0] = 0;
	if (find(set, number, &m)) { /* including BPF_ANY, which is 0 */
		text_print(buf, n, "%s", m.name);
		return buf;
	}
	if (set >= ABI_FIRST_FLAGS) {
		m.name = NULL;
		for (unsigned i = 0; abi_next_member(set, i, &m); i++) {
			if (!(number & m.number))
				continue;
			join(buf, n, m.name);
			number &= ~(uint64_t)m.number;
		}
		text_print(rest, sizeof rest, "%s%llx", number ? "0x" : "",
			(unsigned long long)number);
	} else {
		text_print(rest, sizeof rest, "%llu", (unsigned long long)number);
	}
	if (number || !buf[0])
		join(buf, n, rest);
	return buf;
}

char *abi_version(uint16_t version, char buf[static 8])
{
	if (version)
		text_print(buf, 8, "%u.%u", version >> 8, version & 0xffu);
	else
		strcpy(buf, "?");
	return buf;
}

uint16_t abi_parse_version(const char *release)
{
	char *end;
	if (!isdigit((unsigned char)*release))
		return 0;
	unsigned long major = text_ulong(release, &end, 10);
	if (*end != '.' || !isdigit((unsigned char)end[1]))
		return 0;
	unsigned long minor = text_ulong(end + 1, NULL, 10);
	if (major > 255 || minor > 255)
		return 0;
	return ABI_VERSION(major, minor);
}
