/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "redirect_types.h"

#include "elf/base/bpf_abi.h"

/* Records of types, as words. */
#define KIND(kind, vlen) ((uint32_t)(kind) << 24 | (vlen))
#define INTEGER(name)    (name), KIND(BTF_INT, 0), 4, 32
#define PAIR(name, first)                                                                          \
	(name), KIND(BTF_STRUCT, 2), REDIRECT_SIZE, (first), U32, 0, NAME_PROG, U32,               \
		REDIRECT_PROGRAM * 8

/* The structs have the kernel's names: { u32 ifindex, prog; } and { u32 qsize, prog; }. */
enum {
	U32 = 1,
	DEV,
	CPU,
	NAME_U32 = 1,
	NAME_IFINDEX = 5,
	NAME_QSIZE = 13,
	NAME_PROG = 19,
	NAME_DEV = 24,
	NAME_CPU = 39
};
static const struct {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t header, type_off, type_len, str_off, str_len;
	uint32_t types[22];
	char strings[56];
} types = {
	.magic = BTF_MAGIC,
	.version = BTF_VERSION,
	.header = BTF_HEADER,
	.type_len = sizeof types.types,
	.str_off = sizeof types.types,
	.str_len = sizeof types.strings,
	.types = {INTEGER(NAME_U32), PAIR(NAME_DEV, NAME_IFINDEX), PAIR(NAME_CPU, NAME_QSIZE)},
	.strings = "\0u32\0ifindex\0qsize\0prog\0bpf_devmap_val\0bpf_cpumap_val",
};

bool redirect_types(
	const struct map_info *info, struct btf *b, uint32_t *key, uint32_t *value, struct arena *a)
{
	struct err ignored = {0};
	const struct span data = {(const uint8_t *)&types, sizeof types, host_is_big()};
	bool cpu = info->type == BPF_MAP_TYPE_CPUMAP;
	bool dev = info->type == BPF_MAP_TYPE_DEVMAP || info->type == BPF_MAP_TYPE_DEVMAP_HASH;
	if (!(cpu || dev) || info->value_size != REDIRECT_SIZE ||
		!btf_open(b, data, NULL, a, &ignored))
		return false;
	*key = U32;
	*value = cpu ? CPU : DEV;
	return true;
}
