/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Steps that remove what a killed sonde left where the kernel has no BPF links. Each function belongs
 * to the family that attaches there and knows the marks it leaves; use->on names the place as the
 * user did, and a place that makes no sense fails the planner. All steps are optional: nothing left
 * there is no failure, and the note of a step that succeeded says what it removed.
 */
#ifndef SONDE_HOOK_REMOVAL_H
#define SONDE_HOOK_REMOVAL_H

#include "hook.h"

/* Makes a step one of these. note: static or from the plan's arena; NULL fails the planner. */
void hook_removal_step(struct planner *b, int16_t step, const char *note);

/* tc.c: all filters of our priorities on the interface use->on. */
void removal_of_filters(struct planner *b, const struct hook_use *use);

/* xdp.c: whatever XDP program the interface use->on has in a mode (XDP_FLAGS_*_MODE). */
void removal_of_xdp(struct planner *b, const struct hook_use *use, uint32_t flag);

/* route.c: the route use->on with our protocol number. */
void removal_of_route(struct planner *b, const struct hook_use *use);
/* Does the text begin with an address, as routes do? */
bool route_named(const char *text);

/* probe.c: every line of our group in tracefs, which is read while planning. */
void removal_of_probes(struct planner *b, const struct hook_use *use);

/* socket.c: the programs of the socket use->on ("tcp:8080", "1234:5"). */
void removal_of_socket_options(struct planner *b, const struct hook_use *use);

#endif
