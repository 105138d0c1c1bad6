/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "plan_source.h"

#include "loader/kernel/file.h"

bool plan_from_bytes(struct plan *p, const char *path, struct span bytes,
	const struct plan_options *opt, struct target *t, struct arena *a, struct err *e)
{
	return sonde_saved_plans && sonde_saved_plans->is_saved(bytes)
	               ? sonde_saved_plans->load(p, path, bytes, opt, t, a, e)
	               : plan_object(p, path, bytes, opt, t, a, e);
}

bool plan_from_file(struct plan *p, const char *path, const struct plan_options *opt,
	struct target *t, struct arena *a, struct err *e)
{
	struct span bytes = {0};
	bool ok = file_read(path, &bytes, e) && plan_from_bytes(p, path, bytes, opt, t, a, e);
	file_free(&bytes);
	return ok;
}
