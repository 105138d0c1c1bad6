/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Counting macro arguments, the one trick that the other headers share.
 *
 * The preprocessor can't loop. What it can do: put the arguments in front of a falling row of
 * numbers and take the 26th item; the more arguments, the larger the number that lands there.
 * Pasting that number to a name then picks one macro of a numbered family.
 */
#pragma once

#define __args_26th(_1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, _13, _14, _15, _16, _17,    \
	_18, _19, _20, _21, _22, _23, _24, _25, n, ...)                                            \
	n

/* How many arguments: 0 to 24. (The GNU `##` swallows the comma when there are none.) */
#define __args_count(...)                                                                          \
	__args_26th(0, ##__VA_ARGS__, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10,  \
		9, 8, 7, 6, 5, 4, 3, 2, 1, 0)

#define __args_paste_now(a, b) a##b
/* Pastes two tokens after both are expanded. */
#define __args_paste(a, b) __args_paste_now(a, b)

/* The member of a numbered family that fits the arguments: __args_family(f, a, b) is f2. */
#define __args_family(family, ...) __args_paste(family, __args_count(__VA_ARGS__))

/* The same once more, for families whose members use __args_family themselves: a macro is not
 * expanded within its own expansion. */
#define __args_paste_outer_now(a, b)     a##b
#define __args_paste_outer(a, b)         __args_paste_outer_now(a, b)
#define __args_family_outer(family, ...) __args_paste_outer(family, __args_count(__VA_ARGS__))
