/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The smallest program on libsonde.a that attaches opensnoop: FILE. It ends when it is killed. */
#include <unistd.h>

#include "sonde.h"

SONDE_HOOKS(&tracepoint_family);
SONDE_NO_SAVED_PLANS;
SONDE_NO_PINS;
SONDE_NO_LAYOUTS;

int main(int argc, char **argv)
{
	struct sonde_error e;
	struct sonde *s = argc > 1 ? sonde_open(argv[1], NULL, &e) : NULL;
	if (!s || !sonde_attach(s, &e))
		return 1;
	pause();
	return 0;
}
