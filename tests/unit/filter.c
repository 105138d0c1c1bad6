/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Linked into every unit test: runs only the tests whose names contain $SONDE_TEST (tests/run
 * FILE:TEST), which may contain the wildcards * and ?.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

__attribute__((constructor)) static void set_filter(void)
{
	static char pattern[256];
	const char *name = getenv("SONDE_TEST");
	if (!name || !*name)
		return;
	snprintf(pattern, sizeof pattern, "*%s*", name);
	cmocka_set_test_filter(pattern);
}
