/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Other hooks: infrared receivers, and programs that run once.
 */
#include "place.h"

#include "loader/plan/abi.h"
#include "loader/kernel/kfs.h"

#include <fcntl.h>
#include <string.h>

static void attach_lirc(struct plan_builder *b, const struct hook_use *use)
{
	if (strncmp(use->arg, PLAN_RECEIVERS, strlen(PLAN_RECEIVERS)) ||
		strchr(use->arg + 5, '/')) {
		hook_fail(b, PACKED("a device such as /dev/lirc0"),
			"'%s' is not an infrared receiver", use->arg);
		return;
	}
	int16_t device =
		place_open(b, use, KFS_COUNT, use->arg, O_RDWR, "device", place_receiver_missing);
	int16_t step = place_attach(b, use, device, BPF_LIRC_MODE2, 0, PLAN_NONE);
	place_detach(b, use, device, BPF_LIRC_MODE2, step,
		plan_text(b, arena_printf(b->plan->arena,
				     "receivers have no links: if sonde is killed by SIGKILL, the "
				     "program stays (sonde detach %s lists and removes it)",
				     use->arg)));
}

/* The kernel writes results into the attr, so it is passed in full length. */
static void run_once(struct plan_builder *b, const struct hook_use *use)
{
	struct plan_step like = use->like;
	like.doing = "run";
	int16_t step = plan_add_step(b, STEP_BPF, BPF_PROG_TEST_RUN, use->link_slot, &like);
	attr_slot(b, step, ATTR(test.prog_fd), use->prog_slot);
	attr_set(b, step, ATTR(test.batch_size), 0);
	if (use->context != PLAN_NONE) {
		attr_blob(b, step, ATTR(test.ctx_in), use->context);
		if (!b->failed)
			attr_set(
				b, step, ATTR(test.ctx_size_in), b->plan->blobs[use->context].size);
	}
	struct plan_step *s = plan_step_at(b, step);
	s->note = use->context != PLAN_NONE ? "once" : "once, without arguments";
}

static const struct hook_method device_methods[] = {{0, "BPF_PROG_ATTACH"}, {0}};
static const struct hook_method run_methods[] = {{0, "BPF_PROG_TEST_RUN"}, {0}};

static const struct hook hooks[] = {
	{
		.sec = "lirc_mode2",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_LIRC_MODE2,
		.attach_type = BPF_LIRC_MODE2,
		.since = ABI_VERSION(4, 18),
		.arg_syntax = "DEVICE",
		.what = "pulse or space seen by an infrared receiver",
		.needs = "an infrared receiver",
		.methods = device_methods,
		.attach = attach_lirc,
	},
	{
		.sec = "syscall",
		.target = TARGET_NONE,
		.prog_type = BPF_PROG_TYPE_SYSCALL,
		.prog_flags = BPF_F_SLEEPABLE,
		.since = ABI_VERSION(5, 14),
		.what = "called from user space; sonde runs it once",
		.methods = run_methods,
		.attach = run_once,
	},
};

const struct hook_family misc_family = {"misc", hooks, sizeof hooks / sizeof *hooks};
