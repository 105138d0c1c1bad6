/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Steps that remove what a killed sonde left where the kernel has no BPF links. Each function belongs
 * to the family that attaches there and knows the marks it leaves; use->arg names the place as the
 * user did, and a place that makes no sense fails the planner. All steps are optional: nothing left
 * there is no failure, and the note of a step that succeeded says what it removed.
 */
#ifndef SONDE_HOOK_REMOVAL_H
#define SONDE_HOOK_REMOVAL_H

#include "hook.h"

/* Makes a step one of these. note: static or from the plan's arena; NULL fails the planner. */
void removal_mark(struct planner *b, int16_t step, const char *note);

/* tc.c: all filters of our priorities on the interface use->arg. */
void removal_tc(struct planner *b, const struct hook_use *use);

/* xdp.c: whatever XDP program the interface use->arg has in a mode (XDP_FLAGS_*_MODE). */
void removal_xdp(struct planner *b, const struct hook_use *use, uint32_t flag);

/* route.c: the route use->arg with our protocol number. */
void removal_route(struct planner *b, const struct hook_use *use);
/* Does the text begin with an address, as routes do? */
bool removal_is_route(const char *text);

/* probe.c: every line of our group in tracefs, which is read while planning. */
void removal_probes(struct planner *b, const struct hook_use *use);

/* socket.c: the programs of the socket use->arg ("tcp:8080", "1234:5"). */
void removal_socket_options(struct planner *b, const struct hook_use *use);

#endif
