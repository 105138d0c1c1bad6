/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "variable_name.h"

#include "value_impl.h"

#include "elf/base/format.h"
#include "elf/base/suggest.h"
#include "elf/base/text.h"

#include <inttypes.h>

enum { NAME_ROOM = 128 };

bool variable_search_start(struct variable_search *s, const char *assignment, struct err *e)
{
	size_t head = strcspn(assignment, "=[");
	const char *colon = memchr(assignment, ':', head);
	*s = (struct variable_search){.name = colon ? colon + 1 : assignment};
	s->len = strcspn(s->name, "=.[");
	s->rest = s->name + s->len;
	if (!s->len || !strchr(s->rest, '='))
		return err_set(e, "'%s' is not VAR=VALUE", assignment);
	if (!colon)
		return true;
	s->section = assignment;
	s->section_len = (size_t)(colon - assignment);
	const char *plus = memchr(assignment, '+', s->section_len);
	struct value_number v;
	bool large;
	if (!plus)
		return true;
	s->placed = value_number(plus + 1, (size_t)(colon - plus - 1), &v, &large) && !large &&
	            !v.high && !v.negative;
	s->offset = v.low;
	s->section_len = (size_t)(plus - assignment);
	return s->placed || err_set(e, "'%s': a place is written SECTION+OFFSET:VAR", assignment);
}

/* Not if the compiler made it up (strings of bpf_printk). */
static bool is_public(const struct btf_type *var)
{
	const char *name = btf_name(var);
	return btf_var_linkage(var) != BTF_STATIC && *name && !strchr(name, '.') &&
	       strncmp(name, "____", 4) != 0;
}

static bool same(const char *name, const char *text, size_t len)
{
	return !strncmp(name, text, len) && !name[len];
}

void variable_search_section(
	struct variable_search *s, const struct btf *b, uint32_t section, size_t in)
{
	struct btf_type sec, var;
	btf_type(b, section, &sec);
	for (uint32_t i = 0; sec.kind == BTF_DATASEC && i < sec.vlen; i++) {
		struct btf_secinfo at = btf_secinfo(&sec, i);
		if (!btf_type(b, at.type, &var) || var.kind != BTF_VAR)
			continue;
		if (is_public(&var))
			text_list(s->names, sizeof s->names, "%s", btf_name(&var));
		if (!same(btf_name(&var), s->name, s->len) ||
			(s->section && !same(btf_name(&sec), s->section, s->section_len)) ||
			(s->placed && at.offset != s->offset))
			continue;
		s->n_found++;
		s->found_type = var.type;
		s->found_offset = at.offset;
		s->found_in = in;
		text_list(s->places, sizeof s->places, "%s+%" PRIu32 ":%s", btf_name(&sec),
			at.offset, btf_name(&var));
	}
}

/* Considers the names of a list, which is changed. */
static void consider_all(struct suggestion *near, char *list)
{
	for (char *name = list, *next; name; name = next) {
		next = strstr(name, ", ");
		if (next) {
			*next = 0;
			next += 2;
		}
		suggest_consider(near, name);
	}
}

bool variable_search_end(const struct variable_search *s, struct err *e)
{
	char names[VARIABLE_NAMES], wanted[NAME_ROOM];
	if (s->n_found == 1)
		return true;
	if (s->n_found) {
		err_set(e, "%u variables are called '%.*s'", s->n_found, (int)s->len, s->name);
		return err_hint(e, "select one by its place: %s", s->places);
	}
	text_print(wanted, sizeof wanted, "%.*s", (int)s->len, s->name);
	text_print(names, sizeof names, "%s", s->names);
	if (s->section)
		err_set(e, "there is no variable '%.*s'", (int)(s->rest - s->section), s->section);
	else
		err_set(e, "there is no variable '%s'", wanted);
	if (!*s->names)
		return err_hint(e, "it has no global variables");
	struct suggestion near = suggest_for(wanted);
	consider_all(&near, names);
	return suggest_hint(&near, "its variables are", s->names, e);
}
