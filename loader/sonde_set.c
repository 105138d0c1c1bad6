/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "sonde_impl.h"

#include "loader/plan/variable.h"

bool sonde_set(struct sonde *s, const char *assignment, struct sonde_error *e)
{
	struct err err = {0};
	return plan_set_variable(&s->plan, assignment, &err) || sonde_report(&err, e);
}
