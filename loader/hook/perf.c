/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "perf.h"

#include "loader/plan/abi.h"

#include <errno.h>

const struct hook_method perf_methods[] = {
	{ABI_VERSION(5, 15), "BPF_LINK_CREATE"}, {0, "PERF_EVENT_IOC_SET_BPF"}, {0}};

int16_t perf_read_number(struct planner *b, const struct hook_use *use, uint32_t file_system,
	const char *path, const char *what, const char *hint)
{
	int16_t slot = plan_add_slot(b, SLOT_NUMBER, what);
	int16_t blob = plan_add_blob(b, path, strlen(path) + 1, "path");
	int16_t step = plan_add_step(b, STEP_READ, file_system, slot, &use->like);
	struct plan_step *s = plan_step_at(b, step);
	s->args[0].blob = blob;
	s->hint = hint;
	return slot;
}

int16_t perf_open(struct planner *b, const struct hook_use *use, int16_t *step)
{
	int16_t slot = plan_add_slot(b, SLOT_PERF, "perf event");
	*step = plan_add_step(b, STEP_PERF_OPEN, 0, slot, &use->like);
	struct plan_step *s = plan_step_at(b, *step);
	s->args[0].value = -1; /* pid: everybody */
	s->args[1].value = 0;  /* cpu: tracing programs run on all, one has to be named */
	s->args[2].value = -1; /* no group */
	s->args[3].value = PERF_FLAG_FD_CLOEXEC;
	return slot;
}

void perf_tracepoint(struct planner *b, int16_t step, int16_t id)
{
	attr_set(b, step, "type", PERF_TYPE_TRACEPOINT);
	attr_slot(b, step, "config", id);
	attr_set(b, step, "sample_period", 1);
	attr_set(b, step, "kprobe_func", 0); /* 64 bytes are the least that the kernel takes */
	attr_set(b, step, "size", 64);
}

void perf_attach(struct planner *b, const struct hook_use *use, int16_t slot)
{
	int16_t link = plan_add_step(b, STEP_BPF, BPF_LINK_CREATE, use->link_slot, &use->like);
	attr_slot(b, link, "link_create.prog_fd", use->prog_slot);
	attr_slot(b, link, "link_create.target_fd", slot);
	attr_set(b, link, "link_create.attach_type", BPF_PERF_EVENT);

	int16_t old =
		plan_add_step(b, STEP_IOCTL, PERF_EVENT_IOC_SET_BPF, use->link_slot, &use->like);
	struct plan_step *s = plan_step_at(b, old);
	s->args[0].slot = slot;
	s->args[1].slot = use->prog_slot;
	s->fallback_for = link;
	s->errs[0] = EINVAL;
	s->note = "kernels before 5.15 have no link for perf events";
	int16_t on = plan_add_step(b, STEP_IOCTL, PERF_EVENT_IOC_ENABLE, PLAN_NONE, &use->like);
	s = plan_step_at(b, on);
	s->args[0].slot = slot;
}
