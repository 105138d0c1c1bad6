/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What messages of the verifier mean, and how to fix the program. */
#ifndef SONDE_VERIFIER_HINT_H
#define SONDE_VERIFIER_HINT_H

#include <stdbool.h>

struct verifier_hint {
	const char *words; /* part of the message */
	const char *cause; /* a sentence without the full stop */
	const char *cure;
};

/* The hint for the verifier's reason. False if there is none. */
bool verifier_hint_for(const char *reason, struct verifier_hint *hint);

#endif
