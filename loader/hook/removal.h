/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Steps that remove stale attachments: those of a killed sonde where the kernel has no BPF links.
 * Each function is in the file of the family that attaches there, which knows its marks. use->arg is
 * the place as the user gave it (untrusted); an invalid one fails the planner. All steps are
 * optional, because there may be nothing to remove; the note of a step that succeeds says what it
 * removed.
 */
#ifndef SONDE_HOOK_REMOVAL_H
#define SONDE_HOOK_REMOVAL_H

#include "hook.h"

/* Marks a step as such. note: static or from the plan's arena; NULL fails the planner. */
void removal_mark(struct plan_builder *b, int16_t step, const char *note);

/* tc.c: all filters with sonde's priorities on the interface use->arg. */
void removal_tc(struct plan_builder *b, const struct hook_use *use);

/* xdp.c: any XDP program on the interface use->arg in one mode (flag: XDP_FLAGS_*_MODE). */
void removal_xdp(struct plan_builder *b, const struct hook_use *use, uint32_t flag);

/* route.c: the route use->arg with sonde's protocol number. */
void removal_route(struct plan_builder *b, const struct hook_use *use);
/* Does the text begin with an IP address, as a route does? */
bool removal_is_route(const char *text);

/* probe.c: all probes of sonde's group in tracefs, which is read when the plan is made. */
void removal_probes(struct plan_builder *b, const struct hook_use *use);

/* socket.c: the programs attached to the socket use->arg ("tcp:8080", "1234:5"). */
void removal_socket_options(struct plan_builder *b, const struct hook_use *use);

#endif
