/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The folders in a bpf file system that `sonde load --pin DIR` makes: DIR/link, DIR/prog and DIR/map, with a
 * file for each link, program and map that is kept, and DIR/record, a map that tells who made them
 * (pin_record.h).
 *
 * A folder is built aside, as DIR~new, and then renamed. While it is built, its maker holds a lock (flock) on
 * it: one without a lock was left by a maker that was killed, and is removed by whoever comes next. DIR~old
 * exists for a moment on kernels before 5.16, which cannot exchange two folders.
 *
 * Paths are named by the user or by a plan. Functions return 0 or -errno unless noted.
 */
#ifndef SONDE_PIN_FOLDER_H
#define SONDE_PIN_FOLDER_H

#include "elf/base/err.h"

#include <stdint.h>

#define PIN_NEW "~new"
#define PIN_OLD "~old"

enum pin_kind { PIN_LINK, PIN_PROG, PIN_MAP, PIN_KINDS };
enum { PIN_PATH_MAX = 512 };

/* What was removed, and whether the folder has other entries, which stay. */
struct pin_folder {
	unsigned n[PIN_KINDS];
	bool others;
	bool leftover; /* of a killed sonde */
};

/*
 * Removes the pins, links first, so that nothing is detached piece by piece while its maps vanish, and the
 * folders, also those that a killed sonde has left of this one. dir: named by the user. Fails if it is not a
 * folder of this kind, or if something can't be removed; what comes before has been removed then.
 */
bool pin_folder_remove(const char *dir, struct pin_folder *out, struct err *e);

/*
 * Makes the empty folder `stage`, which is to become dir, locks it, and returns its descriptor. -EINVAL: not
 * in a bpf file system; -EBUSY: another process is making it; -EEXIST: dir has entries, and is not to be
 * replaced; -ENOTEMPTY: it is to be, but has others than those of sonde, or links, which are not replaced.
 */
enum pin_replace { PIN_REPLACE_NONE, PIN_REPLACE_UNATTACHED, PIN_REPLACE };
int64_t pin_folder_stage(const char *stage, const char *dir, enum pin_replace how);

/* Renames a folder; exchange: if the other exists, too, it gets the name of the first. */
int64_t pin_folder_move(const char *from, const char *to, bool exchange);

/*
 * Sets mode and owner of all in a folder: mode is that of files, folders can be entered by whom it lets read.
 * -1: unchanged, or as `like` has it, which may be NULL or missing.
 */
int64_t pin_folder_access(const char *folder, const char *like, long mode, long uid, long gid);

/* Removes a folder and what sonde makes in it. */
int64_t pin_folder_clear(const char *folder);

#endif
