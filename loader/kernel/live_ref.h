/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Programs, maps, links and BTF in the kernel: how users name them, and the walk over all of a kind.
 * Ids, names and tags require CAP_SYS_ADMIN (programs and maps 4.13, BTF 4.18, links 5.8); a pin
 * requires access to its file.
 */
#ifndef SONDE_LIVE_REF_H
#define SONDE_LIVE_REF_H

#include "elf/base/err.h"
#include "sys.h"

enum live_kind { LIVE_PROG, LIVE_MAP, LIVE_LINK, LIVE_BTF };

/* "program", "map", "link", "BTF". */
const char *live_kind_name(enum live_kind kind);

enum live_how { LIVE_BY_ID, LIVE_BY_PIN, LIVE_BY_NAME, LIVE_BY_TAG };

struct live_ref {
	enum live_how how;
	uint32_t id;
	const char *text; /* as the user wrote it; borrowed */
	uint64_t tag;     /* its 8 bytes, in memory order */
};

/*
 * Parses "id N", "pinned PATH", "name X", "tag T", or one word: a number (id), a path, or else a name.
 * least: the words that must remain after it, which tells a map called "id" from the keyword. Returns
 * the number of words taken; 0 with e set if there are none or the value is malformed.
 */
int live_ref_parse(struct live_ref *r, char **words, int n, int least, struct err *e);

/* Opens an object by id or pin (LIVE_BY_ID, LIVE_BY_PIN). A pin of another kind of object is refused.
 * Returns a descriptor, or -1 with e set. */
int live_ref_open(enum live_kind kind, const struct live_ref *r, const struct sys_watch *watch,
	struct err *e);

/* Pins an open object at a path in a bpf file system (4.4; links 5.7). False with e set. */
bool live_pin(enum live_kind kind, int fd, const char *path, const struct sys_watch *watch,
	struct err *e);

/* Calls fn with the id and descriptor, which is closed afterwards, of every object of a kind, ordered
 * by id, until it returns false. Objects freed in the meantime are skipped. */
typedef bool (*live_fn)(void *ctx, uint32_t id, int fd);
bool live_each(
	enum live_kind kind, const struct sys_watch *watch, live_fn fn, void *ctx, struct err *e);

#endif
