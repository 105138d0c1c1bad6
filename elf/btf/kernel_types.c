/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel_types.h"

bool kernel_types_all(struct kernel_types *k, struct err *e)
{
	bool (*more)(struct kernel_types *, struct err *) = k->more;
	k->more = NULL;
	return !more || more(k, e);
}
