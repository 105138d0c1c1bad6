/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Counts macro arguments, for the other headers.
 *
 * The preprocessor has no loops. But the arguments can be followed by a descending list of numbers,
 * of which the 26th item is taken: the more arguments, the larger the number at that position.
 * Appending it to a name selects a macro from a numbered family.
 */
#pragma once

#define __args_26th(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17,    \
	_18, _19, _20, _21, _22, _23, _24, _25, n, ...)                                            \
	n

/* Number of arguments, 0 to 24. (The GNU `##` removes the comma if there are none.) */
#define __args_count(...)                                                                          \
	__args_26th(0, ##__VA_ARGS__, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10,  \
		9, 8, 7, 6, 5, 4, 3, 2, 1, 0)

#define __args_paste_now(a, b) a##b
/* Pastes two tokens after expanding both. */
#define __args_paste(a, b) __args_paste_now(a, b)

/* Selects from a family by the number of arguments: __args_family(f, a, b) is f2. */
#define __args_family(family, ...) __args_paste(family, __args_count(__VA_ARGS__))

/* The same for families whose members use __args_family themselves: a macro is not expanded within
 * its own expansion. */
#define __args_paste_outer_now(a, b)     a##b
#define __args_paste_outer(a, b)         __args_paste_outer_now(a, b)
#define __args_family_outer(family, ...) __args_paste_outer(family, __args_count(__VA_ARGS__))
