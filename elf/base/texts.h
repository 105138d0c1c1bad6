/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Texts that are deflated in the file of the program, since most runs print none of them: messages,
 * hints, usage. PACKED("...") is the address of such a text. Only the functions of format.h may read it,
 * as a format or for %s, and whoever has called text_ready().
 *
 * With TEXTS_PACKED, which only the static program is compiled with, the texts are in a section that
 * loader/pack-texts deflates. Else they are string literals.
 */
#ifndef SONDE_TEXTS_H
#define SONDE_TEXTS_H

#ifdef TEXTS_PACKED

#define PACKED_SECTION __attribute__((section("texts")))
#define PACKED(literal)                                                                            \
	(__extension__({                                                                           \
		static const char text_[] PACKED_SECTION = literal;                                \
		text_;                                                                             \
	}))

/* Returns text. If it is one of the deflated ones, all of them are inflated before. */
const char *text_ready(const char *text);

#else

#define PACKED_SECTION
#define PACKED(literal) literal

static inline const char *text_ready(const char *text)
{
	return text;
}

#endif

/* PACKED() for the first of some arguments, the format. */
#define PACKED_FIRST(format, ...) PACKED(format), ##__VA_ARGS__

#endif
