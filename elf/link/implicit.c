/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "implicit.h"

#include "core.h"

#include "elf/base/format.h"

#include <string.h>

static const char suffix[] = "_impl";

static bool ends_with(const char *name, size_t len, const char *end)
{
	size_t n = strlen(end);
	return len > n && !memcmp(name + len - n, end, n);
}

/* The length of a name without the suffix. */
static size_t base_len(const char *name, size_t len)
{
	return ends_with(name, len, suffix) ? len - (sizeof suffix - 1) : len;
}

void implicit_names(const struct obj_extern *x, struct btf_names *names)
{
	/* With the suffix, the name looks like one with a flavor. */
	size_t len = base_len(x->name, core_essential_len(x->name));
	btf_names_add(names, 1u << BTF_FUNC, x->name, len < 4 ? 0 : len);
}

static bool same_base(const char *mine, size_t len, const char *other)
{
	len = base_len(mine, len);
	return !strncmp(mine, other, len) && (!other[len] || !strcmp(other + len, suffix));
}

/* The verifier recognises such parameters by the ends of their names. */
static bool is_implicit(const char *param)
{
	size_t n = strlen(param);
	return ends_with(param, n, "__prog") || ends_with(param, n, "__ign");
}

/* Whether NAME_impl is beside NAME and has one parameter more. */
static bool lost_one(const struct btf_type *f, uint32_t params)
{
	char name[256];
	struct btf_type t;
	int n = text_print(name, sizeof name, "%s%s", btf_name(f), suffix);
	uint32_t id = n < (int)sizeof name ? btf_find(f->btf, BTF_FUNC, name) : 0;
	return id && btf_type(f->btf, id, &t) && btf_type(f->btf, t.type, &t) &&
	       t.kind == BTF_FUNC_PROTO && t.vlen == params + 1;
}

bool implicit_stands_for(
	const struct object *o, const struct obj_extern *x, const struct btf_type *f, struct err *e)
{
	struct btf_type mine, other;
	size_t len = core_essential_len(x->name);
	if (!same_base(x->name, len, btf_name(f)))
		return false;
	btf_type(&o->btf, x->type, &mine);
	btf_type(f->btf, f->type, &other);
	if (mine.kind != BTF_FUNC_PROTO || other.kind != BTF_FUNC_PROTO)
		return false;
	uint32_t n = other.vlen;
	if (n && is_implicit(btf_param(&other, n - 1).name))
		n--;
	/* The parameters of a declaration have no names. What the verifier supplies is a pointer. */
	struct btf_type last = {0};
	bool surplus = mine.vlen == n + 1 &&
	               (n < other.vlen || ends_with(x->name, len, suffix) || lost_one(f, n)) &&
	               btf_skip(&o->btf, btf_param(&mine, n).type, &last) && last.kind == BTF_PTR;
	if (mine.vlen != n && !surplus)
		return false;
	bool ok = core_compatible(&o->btf, mine.type, f->btf, other.type, e);
	for (uint32_t i = 0; ok && i < n; i++)
		ok = core_compatible(
			&o->btf, btf_param(&mine, i).type, f->btf, btf_param(&other, i).type, e);
	return ok;
}
