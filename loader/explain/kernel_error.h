/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Why the kernel said no. An errno of bpf(2) has many causes; here the one that fits what is known
 * (the step, the verifier's log, the rights of this process, the age of this kernel) is named.
 */
#ifndef SONDE_REFUSAL_H
#define SONDE_REFUSAL_H

#include "loader/kernel/exec.h"

/*
 * Sets e for step i, which ended with outcomes[i]: "program 'x' (sec): load: EACCES: ...", with the
 * verifier's own words when there is a log (NULL when not); x->explained: it says more than the log
 * does. Returns false.
 */
bool kernel_error_explain(struct exec *x, size_t i, const char *log, struct err *e);

#endif
