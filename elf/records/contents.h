/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What the members of records mean beyond their types, as the code tells: times, durations, stacks,
 * addresses, ports, cgroups, results of calls. A member has a meaning if all places that write it
 * agree, in all programs that send the record; zeros agree with everything. By its name alone, a
 * signed member called ret, err and the like may hold an errno, and one of 8 bytes called cgroup_id
 * or the like a cgroup.
 *
 * Meanings become declaration tags "sonde:record:..." (loader/value/typed_meaning.c) of a copy of the
 * type, since maps that share it hold values that other code writes. What types and tags in the object
 * say has precedence.
 */
#ifndef SONDE_CONTENTS_H
#define SONDE_CONTENTS_H

#include "elf/btf/btf_append.h"
#include "writes.h"

struct contents {
	const struct object *o;
	const struct btf *types;   /* that contain those of the records */
	struct btf_append *append; /* to them */
	struct writes *writes;
	struct arena *scratch;
	uint64_t
		steps; /* left: members, and comparisons of one with a write; CONTENTS_STEPS at first */
};
enum { CONTENTS_STEPS = 1 << 21 };

/*
 * Looks at the records of this type that n calls send. Returns the id of a copy with
 * tags; the type itself if there are none, or if its contents are too complex. Failures of append are
 * sticky; those of memory are in scratch->full.
 */
uint32_t contents_tag(
	struct contents *c, const struct record_call *const *calls, size_t n, uint32_t type);

#endif
