/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Shared by the parts of stale.h. */
#ifndef SONDE_STALE_IMPL_H
#define SONDE_STALE_IMPL_H

#include "stale.h"

#include "loader/hook/removal.h"

/* ---- stale.c ---- */

/* A kind of place, recognised by what the user typed. */
struct stale_place {
	const char *word;                  /* the whole text; NULL: see matches */
	bool (*matches)(const char *text); /* NULL: anything */
	bool has_ids; /* some of what is found there is identified by program ids */
	bool (*remove)(struct stale *l, struct err *e);
};

/* The first kind that recognises the text; a network interface if no other does. */
const struct stale_place *stale_place(const char *text);

/* ---- stale_steps.c: what bears our mark, removed by the steps of its family ---- */

/* Runs the steps that `plan` adds. who: for messages. */
bool stale_run(struct stale *l, const char *who,
	void (*plan)(struct plan_builder *b, const struct hook_use *use), struct err *e);

/* The same for XDP, whose mode (XDP_FLAGS_*_MODE) is known from the kernel. */
bool stale_run_xdp(struct stale *l, uint32_t mode, struct err *e);

/* ---- stale_programs.c: programs that anybody may have attached ---- */

/* An attached program, or a map that holds some. */
struct stale_program {
	uint32_t id, attach_type;
	const char *hook; /* for display: "cgroup_skb/egress" */
	/* Fields of bpf_link_info that show whether a link holds the program there. */
	const char *place_field; /* "cgroup.cgroup_id"; NULL: this kind of place has no links */
	const char *type_field;  /* "cgroup.attach_type"; NULL: there is only one */
	uint32_t link_type;
	uint64_t place; /* the value of place_field */
	bool is_map;
};

/* Lists a program unless a link holds it. If it is the one to remove, returns its descriptor for the
 * caller to detach and close; else -1, with e set after a failure. */
int stale_found(struct stale *l, const struct stale_program *f, struct err *e);

/* Reports that the program has been removed. */
void stale_removed(struct stale *l, const struct stale_program *f);

/* Explains the errno of a query or removal. Returns false. */
bool stale_explain(const struct stale *l, int no, struct err *e);

/* ---- stale_owner.c ---- */

/* Whether another sonde that is running holds a program of one of the types (bits 1 << type); e then
 * names it. */
bool stale_is_owned(struct stale *l, uint64_t types, struct err *e);

/* ---- one function per kind of place ---- */

bool stale_cgroup(struct stale *l, struct err *e);     /* stale_programs.c */
bool stale_receiver(struct stale *l, struct err *e);   /* infrared */
bool stale_namespace(struct stale *l, struct err *e);  /* our own network namespace */
bool stale_xdp(struct stale *l, struct err *e);        /* stale_xdp.c */
bool stale_struct_ops(struct stale *l, struct err *e); /* stale_struct_ops.c */

#endif
