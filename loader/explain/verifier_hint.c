/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "verifier_hint.h"

#include "elf/base/texts.h"

#include <string.h>

/* words, cause, cure, words, ... */
static const char verifier_hints[] PACKED_SECTION =
#define VERIFIER_HINT(words, cause, cure) words "\0" cause "\0" cure "\0"
#include "verifier_hints.def"
#undef VERIFIER_HINT
	;

bool verifier_hint_for(const char *reason, struct verifier_hint *hint)
{
	for (const char *at = text_ready(verifier_hints); *at;) {
		hint->words = at;
		hint->cause = at + strlen(at) + 1;
		hint->cure = hint->cause + strlen(hint->cause) + 1;
		if (strstr(reason, hint->words))
			return true;
		at = hint->cure + strlen(hint->cure) + 1;
	}
	return false;
}
