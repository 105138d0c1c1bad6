/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Declares the record type of a ring buffer.
 *
 * A ring buffer (or perf event array) carries bytes. The C type of a record is known to the program
 * only, and the compiler does not emit BTF for types used by local pointers alone. This macro makes
 * it emit the type and ties it to the map:
 *
 *	SONDE_EVENT(events, struct open_event);
 *
 * The convention, for other loaders: a variable `__event_<map>` in section ".events" whose type is a
 * pointer to the record type. Its value is meaningless, and no map is created from the section. For
 * several record types in one ring buffer, use a union.
 */
#pragma once

#define SONDE_EVENT(map, type) typeof(type) *__event_##map __attribute__((section(".events"), used))
