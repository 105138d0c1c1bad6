/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the files that implement kernel_error.h. */
#ifndef SONDE_KERNEL_ERROR_IMPL_H
#define SONDE_KERNEL_ERROR_IMPL_H

#include "kernel_error.h"

#include "loader/kernel/kfs.h"

/* Sets the hint of a step that failed with EPERM or EACCES: a missing capability, a limit, or what
 * else denies it. */
void explain_permission(const struct exec *x, const struct plan_step *s, struct err *e);

/* Does the program of this step require BPF trampolines? Some kernels have kprobes but no
 * trampolines. */
bool uses_trampoline(const struct exec *x, const struct plan_step *s);

/* kernel_error_restrictions.c: these set the hint and return true if the kernel is locked down at least that much, and if it is
 * therefore without this helper, if a seccomp filter is active, or if the JIT compiler is off. */
bool explain_lockdown(const struct exec *x, enum kfs_lockdown at_least, struct err *e);
bool explain_helper_lockdown(const struct exec *x, unsigned helper, struct err *e);
bool explain_seccomp(const struct exec *x, struct err *e);
bool explain_jit(const struct exec *x, struct err *e);

/* Sets the hint if the program has an instruction that this kernel is too old for; false if not. */
bool explain_instruction(const struct exec *x, const struct plan_step *s, struct err *e);

/* The release of the running kernel, and its version as ABI_VERSION(); 0 if unknown. */
uint16_t running_version(char release[static 65]);

/* The text that the attr of a step refers to: a path, or the name of a raw tracepoint; or NULL. */
const char *attr_text(const struct plan *p, const struct plan_step *s);

/* Sets the hint if the step uses something that this kernel is too old for; false if not. */
bool explain_version(const struct exec *x, const struct plan_step *s, struct err *e);

/* Sets the hint of a failed BPF_MAP_CREATE, if its attributes explain it. */
void explain_map(const struct exec *x, const struct plan_step *s, struct err *e);

/* Sets e for a program rejected by the verifier; false if the log does not say why. */
bool explain_verifier(struct exec *x, size_t i, const char *log, struct err *e);

/* Sets the hint that the plan has for this errno; false if there is none. */
bool explain_as_planned(const struct plan_step *s, int no, struct err *e);

/* Did the step fail because its function does not exist? */
bool lacks_function(const struct exec *x, const struct plan_step *s, int no);

/* Sets e for a missing function, with suggestions. */
bool explain_function(const struct exec *x, const struct plan_step *s, struct err *e);

/* Sets e for a missing network interface. */
bool explain_interface(const char *name, struct err *e);

/* Adds similar names to the hint for a missing tracepoint. */
void explain_tracepoint(const struct exec *x, const struct plan_step *s, struct err *e);

#endif
