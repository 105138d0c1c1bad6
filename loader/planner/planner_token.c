/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Tokens (6.9): an administrator delegates rights to a container through a bpf file system mounted
 * there. Every call that creates an object must refer to the token; otherwise the kernel checks the
 * process's own capabilities and rejects the call.
 */
#include "planner_impl.h"

#include "loader/plan/abi.h"

#include <errno.h>
#include <fcntl.h>

void plan_token_open(struct build *w)
{
	struct plan_builder *b = &w->b;
	const char *path = plan_text(&w->b, arena_strdup(w->p->arena, w->opt->token));
	struct plan_step like = {.prog = PLAN_NONE,
		.doing = "open its file system",
		.who = plan_text(&w->b, arena_printf(w->p->arena, "token of %s", path))};
	if (b->failed)
		return;
	int16_t blob = plan_add_blob(b, path, strlen(path) + 1, "path");
	int16_t directory = plan_add_slot(b, SLOT_FILE, path);
	struct plan_step *s =
		plan_step_at(b, plan_add_step(b, STEP_OPEN, KFS_COUNT, directory, &like));
	s->args[0].blob = blob;
	s->args[1].value = O_RDONLY | O_DIRECTORY;
	s->hint = "--token expects the mount point of a bpf file system that delegates rights";
	like.doing = "create";
	w->token_slot = plan_add_slot(b, SLOT_FILE, "token");
	int16_t step = plan_add_step(b, STEP_BPF, BPF_TOKEN_CREATE, w->token_slot, &like);
	attr_slot(b, step, ATTR(token_create.bpffs_fd), directory);
	plan_add_hint(b, step, ENOENT,
		"this bpf file system delegates nothing: mount it with delegate_cmds=... etc.");
	plan_add_hint(b, step, EOPNOTSUPP,
		"tokens are for user namespaces: in the initial one, capabilities are used "
		"instead");
	plan_add_hint(b, step, EINVAL,
		"it is not the root of a bpf file system, or the kernel is older than 6.9");
	plan_add_hint(b, step, EPERM,
		"it requires CAP_BPF in the user namespace that mounted the bpf file system");
}

static void name_token(struct build *w, int16_t step, struct attr_field flags, struct attr_field fd)
{
	attr_set(&w->b, step, flags, attr_get(&w->b, step, flags) | BPF_F_TOKEN_FD);
	attr_slot(&w->b, step, fd, w->token_slot);
}

void plan_token_use(struct build *w)
{
	static const struct {
		uint32_t cmd;
		struct attr_field flags, fd;
	} calls[] = {{BPF_BTF_LOAD, ATTR(btf_flags), ATTR(btf_token_fd)},
		{BPF_MAP_CREATE, ATTR(map_flags), ATTR(map_token_fd)},
		{BPF_PROG_LOAD, ATTR(prog_flags), ATTR(prog_token_fd)}};
	for (size_t i = 0; i < w->p->n_steps && !w->b.failed; i++)
		for (size_t k = 0; k < sizeof calls / sizeof *calls; k++)
			if (w->p->steps[i].op == STEP_BPF && w->p->steps[i].cmd == calls[k].cmd)
				name_token(w, (int16_t)i, calls[k].flags, calls[k].fd);
}
