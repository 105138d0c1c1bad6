/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What the files of the linker share; nobody else includes it. */
#ifndef SONDE_LINK_IMPL_H
#define SONDE_LINK_IMPL_H

#include "link.h"

/* The types to load: the object's own, completed. Left alone when the object has none. */
bool link_types(const struct object *o, struct span *btf, struct err *e);

#endif
