/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "tags.h"

#include "writes.h"

enum { CALLS_MAX = 64, PLACES_MAX = 256 };

static bool is_constant(const struct write *x)
{
	return x->kind == WRITE_STORE && x->v.kind == VALUE_NUMBER && x->v.off != FLOW_FAR &&
	       !x->to.vague;
}

/* Whether a write stores a constant to all of a place, and which; it may store to more. */
static bool constant_there(
	const struct write *x, const struct record_tag *tag, bool big, uint64_t *value)
{
	int64_t before = (int64_t)tag->off - x->to.off;
	int64_t behind = (int64_t)x->len - before - tag->size;
	if (!is_constant(x) || before < 0 || behind < 0 || x->len > 8)
		return false;
	*value = (uint64_t)(int64_t)x->v.off >> 8 * (big ? behind : before);
	if (tag->size < 8)
		*value &= ((uint64_t)1 << tag->size * 8) - 1;
	return true;
}

/* Whether a call always stores one constant in this place. Zeroes before that are initialisation. */
static bool read_tag(const struct write_list *list, struct record_tag *tag, bool big)
{
	const struct write *found = NULL;
	uint64_t value;
	for (size_t i = 0; i < list->n; i++) {
		const struct write *x = &list->items[i];
		if (constant_there(x, tag, big, &value) && (!found || x->insn > found->insn)) {
			found = x;
			tag->value = value;
		}
	}
	for (size_t i = 0; found && i < list->n; i++) {
		const struct write *x = &list->items[i];
		int64_t off = x->to.off, end = off + (x->len ? x->len : UINT32_MAX);
		bool zero = is_constant(x) && !x->v.off && x->insn < found->insn;
		bool same = constant_there(x, tag, big, &value) && value == tag->value;
		if (off < (int64_t)tag->off + tag->size && end > tag->off && !zero && !same)
			return false;
	}
	return found;
}

/* Reads the tags of n calls in one place; false if they are not different constants. */
static bool try_place(const struct write_list *lists, size_t n, const struct write *place, bool big,
	struct record_tag *tags)
{
	bool differ = false;
	if (!is_constant(place) || place->len > 8)
		return false;
	for (size_t i = 0; i < n; i++) {
		tags[i] = (struct record_tag){
			.off = (uint32_t)place->to.off, .size = (uint8_t)place->len};
		if (!read_tag(&lists[i], &tags[i], big))
			return false;
		differ |= tags[i].value != tags[0].value;
	}
	return differ;
}

bool tags_find(struct writes *w, const struct record_call *const *calls, size_t n, bool big,
	struct arena *a, struct record_tag *tags)
{
	struct write_list *lists = arena_array(a, n, sizeof *lists);
	bool found = false;
	if (!lists || n > CALLS_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!writes_to_record(w, calls[i], &lists[i]))
			return false;
	/* Merged with a neighbour, the constant of one call is wider than that of another. */
	for (size_t i = 0; i < 2 && i < n; i++)
		for (size_t k = 0; k < lists[i].n && k < PLACES_MAX; k++) {
			struct record_tag tried[CALLS_MAX];
			const struct write *x = &lists[i].items[k];
			if (found && (uint32_t)x->to.off >= tags[0].off)
				continue;
			if (!try_place(lists, n, x, big, tried))
				continue;
			memcpy(tags, tried, n * sizeof *tags);
			found = true;
		}
	return found;
}
