/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Arbitrary bytes as a gzip file, as what unlz() unpacks, and as the content of an archive of types. */
#include <stdlib.h>

#include "elf/base/gzip.h"
#include "elf/base/unlz.h"
#include "elf/btf/btf_archive.h"
#include "loader/pack/lz.h"
#include "harness.h"

enum { INFLATED, UNPACKED, ARCHIVE };
struct goal goals[] = {[INFLATED] = {.name = "inflated"},
	[UNPACKED] = {.name = "unpacked"},
	[ARCHIVE] = {.name = "archive"},
	{0}};

enum { ROOM = 1 << 20 }; /* larger outputs are slow and cover nothing new */

static void unpack(struct span packed)
{
	enum { MOST = 64 };
	for (size_t n = 0; n < MOST; n++) {
		uint8_t *out = malloc(n + !n);
		if (!out)
			abort();
		reach(UNPACKED, unlz(packed, out, n));
		free(out);
	}
}

/* The archive around the content is intact: nothing else would get past its checksum. */
static void open_archive(struct span content)
{
	struct arena a = {0};
	struct flat file = {.arena = &a};
	struct btf_archive ar;
	struct err e = {0};
	struct span types;
	own_memory(true);
	flat_bytes(&file, BTF_ARCHIVE_MAGIC, sizeof BTF_ARCHIVE_MAGIC - 1);
	flat_put(&file, 4, BTF_ARCHIVE_VERSION);
	flat_put(&file, 4, content.n);
	flat_put(&file, 4, gzip_crc(content.p, content.n));
	flat_put(&file, 4, 0);
	lz_pack(&file, content.p, content.n);
	own_memory(false);
	if (file.failed)
		abort();
	if (reach(ARCHIVE, btf_archive_open(&ar, (struct span){file.p, file.n, false}, &a, &e)) ==
		e.set)
		abort();
	if (!e.set && btf_archive_find(&ar, "r", "m", &types, &e) == e.set)
		abort();
	arena_free(&a);
}

void fuzz_input(const uint8_t *data, size_t size)
{
	struct span packed = {data, size, false}, out = {0};
	struct arena a = {0};
	struct err e = {0};
	unpack(packed);
	if (size < 1 << 12)
		open_archive(packed);
	uint32_t says = size < 4 ? 0 : span_u32(packed, size - 4);
	if (says > ROOM && says <= INFLATE_MAX)
		return;
	bool ok = inflate_gzip(packed, &a, &out, &e);
	if (ok == e.set || (ok && out.n != says) || (!ok && out.n))
		abort();
	reach(INFLATED, ok);
	free_small(&a);
}
