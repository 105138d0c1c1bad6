/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The folders in a bpf file system that `sonde load --pin DIR` makes: DIR/link, DIR/prog and DIR/map, with a
 * file for each link, program and map that is kept. */
#ifndef SONDE_PIN_FOLDER_H
#define SONDE_PIN_FOLDER_H

#include "elf/base/err.h"

enum pin_kind { PIN_LINK, PIN_PROG, PIN_MAP, PIN_KINDS };

/* What was removed, and whether the folder has other entries, which stay. */
struct pin_folder {
	unsigned n[PIN_KINDS];
	bool others;
};

/*
 * Removes the pins, links first, so that nothing is detached piece by piece while its maps vanish, and the
 * folders. dir: named by the user. Fails if it is not a folder of this kind, or if something can't be
 * removed; what comes before has been removed then.
 */
bool pin_folder_remove(const char *dir, struct pin_folder *out, struct err *e);

#endif
