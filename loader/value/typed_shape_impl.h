/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement typed_shape.h. */
#ifndef SONDE_TYPED_SHAPE_IMPL_H
#define SONDE_TYPED_SHAPE_IMPL_H

#include "typed_shape.h"

/* The meaning of a type or tag by name, of a member by name and size, of a tagged type or member: a
 * number for typed_field.means, 0 if there is none. */
uint8_t typed_meaning(const char *name);
uint8_t typed_member_meaning(const char *name, uint64_t size);
uint8_t typed_tag_meaning(const struct btf *b, uint32_t type, int32_t component);

/* Whether a tag of a record is not from what the code writes, but from the name of the member. */
bool typed_is_named(uint8_t means);

/* Whether a meaning is from a tag of a record. */
bool typed_is_of_record(uint8_t means);

/* Which of two meanings, 0 for none, a field has: its own, or that of its type. */
uint8_t typed_stronger_meaning(uint8_t of_field, uint8_t of_type);

/* Applies a meaning to a shape, unless it makes no sense for its type or size. */
void typed_give_meaning(struct typed_shape *s, uint8_t means);

#endif
