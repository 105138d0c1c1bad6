/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "btf_kind.h"

#include "elf/base/bpf_abi.h"

#define ROW(kind, word, fixed_, each_, class, naming, token_, name_, major, minor)                 \
	[BTF_##kind] = {.token = token_,                                                           \
		.name = name_,                                                                     \
		.since = ABI_VERSION(major, minor),                                                \
		.fixed = (fixed_),                                                                 \
		.each = (each_)},

const struct btf_kind_fact btf_kinds[BTF_KINDS] = {BTF_KIND_LIST(ROW)};

const char *btf_kind_name(unsigned kind)
{
	return kind < BTF_KINDS ? btf_kinds[kind].name : "type of unknown kind";
}
