/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "perf.h"

#include "loader/plan/abi.h"

#include <errno.h>

const struct hook_method perf_methods[] = {
	{ABI_VERSION(5, 15), "BPF_LINK_CREATE"}, {0, "PERF_EVENT_IOC_SET_BPF"}, {0}};

int16_t perf_read_number(struct plan_builder *b, const struct hook_use *use, uint32_t file_system,
	const char *path, const char *what, const char *hint)
{
	hook_check_path(b, file_system, path);
	int16_t slot = plan_add_slot(b, SLOT_NUMBER, what);
	int16_t blob = plan_add_blob(b, path, strlen(path) + 1, "path");
	int16_t step = plan_add_step(b, STEP_READ, file_system, slot, &use->like);
	struct plan_step *s = plan_step_at(b, step);
	s->args[0].blob = blob;
	s->hint = hint;
	return slot;
}

int16_t perf_open(struct plan_builder *b, const struct hook_use *use, int16_t *step)
{
	int16_t slot = plan_add_slot(b, SLOT_PERF, "perf event");
	*step = plan_add_step(b, STEP_PERF_OPEN, 0, slot, &use->like);
	struct plan_step *s = plan_step_at(b, *step);
	s->args[0].value = -1;       /* pid: all processes */
	s->args[1].value = PLAN_CPU; /* required, although tracing programs run on all of them */
	s->args[2].value = -1;       /* no group */
	s->args[3].value = PERF_FLAG_FD_CLOEXEC;
	return slot;
}

void perf_tracepoint(struct plan_builder *b, int16_t step, int16_t id)
{
	attr_set(b, step, PERF(type), PERF_TYPE_TRACEPOINT);
	attr_slot(b, step, PERF(config), id);
	attr_set(b, step, PERF(sample_period), 1);
	attr_set(b, step, PERF(kprobe_func), 0); /* pads the attr to PERF_ATTR_SIZE_VER0 */
	attr_set(b, step, PERF(size), 64);
}

static const char full[] =
	"at most 64 programs attach to one tracepoint; SEC(\"raw_tp/...\") has no limit";

int16_t perf_link(
	struct plan_builder *b, const struct hook_use *use, int16_t event, int16_t link_slot)
{
	int16_t step = hook_add_link(b, use, link_slot, BPF_PERF_EVENT);
	attr_slot(b, step, ATTR(link_create.target_fd), event);
	plan_add_hint(b, step, E2BIG, full);
	return step;
}

void perf_set_bpf(struct plan_builder *b, const struct hook_use *use, int16_t event,
	int16_t link_slot, int16_t fallback_for)
{
	int16_t step = plan_add_step(b, STEP_IOCTL, PERF_EVENT_IOC_SET_BPF, link_slot, &use->like);
	struct plan_step *s = plan_step_at(b, step);
	s->args[0].slot = event;
	s->args[1].slot = use->prog_slot;
	plan_add_hint(b, step, E2BIG, full);
	s = plan_step_at(b, step);
	if (fallback_for != PLAN_NONE) {
		s->fallback_for = fallback_for;
		s->errs[0] = EINVAL;
		s->note = "kernels before 5.15 have no perf event links";
	}
}

void perf_enable(struct plan_builder *b, const struct hook_use *use, int16_t event)
{
	int16_t step = plan_add_step(b, STEP_IOCTL, PERF_EVENT_IOC_ENABLE, PLAN_NONE, &use->like);
	plan_step_at(b, step)->args[0].slot = event;
}

void perf_attach(struct plan_builder *b, const struct hook_use *use, int16_t event)
{
	int16_t link = perf_link(b, use, event, use->link_slot);
	perf_set_bpf(b, use, event, use->link_slot, link);
	perf_enable(b, use, event);
}
