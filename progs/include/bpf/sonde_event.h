/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Tells the loader what the records of a ring buffer look like.
 *
 * A ring buffer (or perf event array) carries bytes; the C type of a record is known only to the
 * program, and the compiler leaves it out of BTF as long as just local pointers use it. This
 * macro makes it known:
 *
 *	SONDE_EVENT(events, struct open_event);
 *
 * The convention behind it, for other loaders: a variable in section ".events" named
 * `__event_<map>` whose type is a pointer to the record. Its value means nothing and the section
 * makes no map. Several kinds of records in one ring: use SONDE_EVENT with a union.
 */
#pragma once

#define SONDE_EVENT(map, type) typeof(type) *__event_##map __attribute__((section(".events"), used))
