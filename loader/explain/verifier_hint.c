/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "verifier_hint.h"

#include <stddef.h>
#include <string.h>

static const struct verifier_hint verifier_hints[] = {
#define VERIFIER_HINT(words, cause, cure) {words, cause, cure},
#include "verifier_hints.def"
#undef VERIFIER_HINT
};

const struct verifier_hint *verifier_hint_for(const char *reason)
{
	for (size_t i = 0; i < sizeof verifier_hints / sizeof *verifier_hints; i++)
		if (strstr(reason, verifier_hints[i].words))
			return &verifier_hints[i];
	return NULL;
}
