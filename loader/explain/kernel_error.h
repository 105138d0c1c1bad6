/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Explains failed steps. An errno of bpf(2) has many causes; the one reported is that which fits
 * the step, the verifier's log, the capabilities of this process and the version of this kernel.
 */
#ifndef SONDE_KERNEL_ERROR_H
#define SONDE_KERNEL_ERROR_H

#include "loader/kernel/exec.h"

/*
 * Sets e for step i, which failed with outcomes[i]: "program 'x' (sec): load: EACCES: ...", with
 * the verifier's reason if there is a log (else NULL). Sets x->explained if the error says more
 * than the log. Returns false.
 */
bool kernel_error_explain(struct exec *x, size_t i, const char *log, struct err *e);

/*
 * The same for a call of another process, as far as the reason does not depend on who calls: sets the text of e
 * to what the verifier or the kernel's log says ("" if there is none), and its hint. False if neither is known.
 */
bool kernel_error_reason(struct exec *x, size_t i, const char *log, struct err *e);

#endif
