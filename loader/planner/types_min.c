/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "types_min.h"

#include "elf/link/core_min.h"
#include "elf/btf/btf_sanitise.h"
#include "elf/link/link.h"
#include "loader/kernel/file.h"

/* All lists of CO-RE relocations of an object. */
static bool add_relocations(
	struct core_min *m, const struct object *o, struct arena *a, struct err *e)
{
	uint32_t size = o->has_ext ? o->ext.rec_size[BTF_EXT_CORE] : 0, name;
	uint64_t pos = 0;
	struct span records;
	while (size && btf_ext_next(&o->ext, BTF_EXT_CORE, &pos, &name, &records))
		if (!core_min_add(m, &o->btf, &records, &size, 1, e))
			return false;
	if (o->has_btf && btf_has_arg_tags(&o->btf))
		core_min_keep(m, 1u << BTF_STRUCT, LINK_ARG_TAGS);
	return !a->full || err_nomem(e);
}

static bool add_object(struct core_min *m, const char *path, struct arena *a, struct err *e)
{
	struct object o;
	struct span bytes = {0};
	if (!file_read(path, &bytes, e))
		return false;
	bool ok = object_open(&o, path, bytes, a, e) &&
	          (add_relocations(m, &o, a, e) || err_where(e, "%s", path));
	file_free(&bytes); /* what is kept are names of the kernel */
	return ok;
}

bool types_min(struct types_min *r, const char *const *objects, size_t n, struct target *t,
	struct arena *a, struct err *e)
{
	struct core_min m;
	struct kernel_types *kernel = target_types(t, e);
	if (e->set)
		return false;
	if (!kernel->n) {
		err_set(e, "Linux %s provides no types (BTF)", t->release);
		return err_hint(e, "--btf FILE names a file with them, such as its vmlinux");
	}
	core_min_begin(&m, kernel, a);
	for (size_t i = 0; i < n; i++)
		if (!add_object(&m, objects[i], a, e))
			return false;
	if (!m.relocations && !m.n) {
		err_set(e, "%s: no CO-RE relocation depends on types of the kernel", objects[0]);
		return err_hint(e, "such objects need no BTF");
	}
	*r = (struct types_min){core_min_end(&m, e), kernel->list[0]->data.n, m.relocations, m.ids};
	return r->types.n;
}
