/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Steps as C: the attr field by field, the condition under which the step is due, the call, what if it fails. */
#include "emit_c_impl.h"

#include "elf/base/format.h"
#include "elf/base/insn.h"
#include "elf/base/text.h"
#include "loader/plan/kernel_fs.h"
#include "plan_text_impl.h"
#include "step_purpose.h"

#include <inttypes.h>
#include <string.h>

enum { TEXT_MAX = 1024 };

static const struct {
	const char *text;
	uint8_t part;
} calls[STEP_OPS] = {
#define CALL(op, text, part) [STEP_##op] = {text, PART_##part},
#include "emit_c_ops.def"
#undef CALL
};

/* ---- expressions ---- */

/* Where file systems are mounted, with a slash at the end. */
static const char *mount_point(uint32_t fs)
{
	static const char *const points[KFS_COUNT] = {[KFS_PROC] = "/proc/",
		[KFS_SYS] = "/sys/",
		[KFS_TRACE] = "/sys/kernel/tracing/",
		[KFS_BPF] = "/sys/fs/bpf/",
		[KFS_SECURITY] = "/sys/kernel/security/",
		[KFS_CGROUP2] = "/sys/fs/cgroup/"};
	return fs < KFS_COUNT ? points[fs] : "";
}

/* A string: a literal, or an array that may be one of bytes. */
static const char *text_expr(struct emit *w, int blob)
{
	const char *name = emit_blob_name(w, blob);
	const char *cast = arena_printf(w->arena, "(const char *)%s", name);
	return *name == '"' || !cast ? name : cast;
}

static void arg_expr(struct emit *w, const struct plan_step *s, unsigned i, char *buf, size_t size)
{
	const struct plan_arg *a = &s->args[i];
	enum step_arg kind = step_op_info(s->op)->args[i];
	if (a->slot != PLAN_NONE)
		text_print(buf, size, "%s", w->slots[a->slot]);
	else if (a->blob != PLAN_NONE && (kind == ARG_STRING || kind == ARG_LINE))
		text_print(buf, size, "%s", text_expr(w, a->blob));
	else if (a->blob != PLAN_NONE)
		text_print(buf, size, "%s", emit_blob_name(w, a->blob));
	else if (kind == ARG_HEX)
		text_print(buf, size, "0x%" PRIx64, (uint64_t)a->value);
	else
		text_print(buf, size, "%" PRId64, a->value);
}

static void path_expr(struct emit *w, const struct plan_step *s, char *buf, size_t size)
{
	const char *name = text_expr(w, s->args[0].blob), *folder = mount_point(s->cmd);
	if (!*folder)
		text_print(buf, size, "%s", name);
	else if (*name == '"') /* two literals are one */
		text_print(buf, size, "\"%s%s", folder, name + 1);
	else {
		emit_use(w, PART_IN_FOLDER);
		text_print(buf, size, "in_folder(\"%s\", %s)", folder, name);
	}
}

static void word_expr(struct emit *w, size_t i, const char *word, size_t n, char *buf, size_t size)
{
	const struct plan_step *s = &w->p->steps[i];
	char name[48];
	if (n == 1)
		arg_expr(w, s, (unsigned)(*word - '0'), buf, size);
	else if (!strncmp(word, "attr", n))
		text_print(buf, size, "attr_%zu", i + 1);
	else if (!strncmp(word, "size", n))
		text_print(buf, size, "%" PRIu32, w->p->blobs[s->attr].size);
	else if (!strncmp(word, "path", n))
		path_expr(w, s, buf, size);
	else {
		call_command(w->p, s, name);
		text_print(buf, size, "%s", name);
	}
}

static void call_expr(struct emit *w, size_t i, char *buf, size_t size)
{
	char value[TEXT_MAX];
	size_t n = 0;
	buf[0] = 0;
	for (const char *t = calls[w->p->steps[i].op].text; *t && n < size; t++) {
		if (*t != '{') {
			n += (size_t)text_print(buf + n, size - n, "%c", *t);
			continue;
		}
		size_t word = strcspn(t, "}");
		word_expr(w, i, t + 1, word - 1, value, sizeof value);
		n += (size_t)text_print(buf + n, size - n, "%s", value);
		t += word;
	}
}

/* ---- conditions ---- */

static void errno_expr(uint16_t no, char *buf, size_t size)
{
	char name[16];
	const char *known = errno_name(no, name);
	if (known == name || no == ENOTSUPP_KERNEL)
		text_print(buf, size, "%u", no);
	else
		text_print(buf, size, "%s", known);
}

/* "err[5] == EINVAL || err[5] == E2BIG" */
static void outcome_expr(size_t step, const uint16_t *errs, char *buf, size_t size)
{
	char name[24];
	buf[0] = 0;
	for (int i = 0; i < PLAN_ERRS && errs[i]; i++) {
		const char * or = *buf ? " || " : "";
		if (errs[i] == ERRS_ANY)
			text_add(buf, size, "%serr[%zu] > 0", or, step + 1);
		else if (errs[i] == ERRS_SKIPPED)
			text_add(buf, size, "%serr[%zu] == SKIPPED", or, step + 1);
		else {
			errno_expr(errs[i], name, sizeof name);
			text_add(buf, size, "%serr[%zu] == %s", or, step + 1, name);
		}
	}
}

static void also(char *buf, size_t size, const char *expr, bool wrap)
{
	if (*expr)
		text_add(buf, size, "%s%s%s%s", *buf ? " && " : "", wrap ? "(" : "", expr,
			wrap ? ")" : "");
}

/* Whether an earlier step may have filled the slot. */
static bool may_be_filled(const struct plan *p, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (p->steps[k].slot == p->steps[i].slot && p->steps[k].undoes == PLAN_NONE)
			return true;
	return false;
}

/* What the step takes from others that may have left it out. */
static void add_ready(struct emit *w, const struct plan_step *s, char *buf, size_t size)
{
	char text[128];
	for (size_t slot = 0; slot < w->p->n_slots; slot++)
		if (!w->certain[slot] && step_takes(w->p, s, (int16_t)slot)) {
			text_print(text, sizeof text, "%s != NONE", w->slots[slot]);
			also(buf, size, text, false);
		}
}

static void condition(struct emit *w, size_t i, char *buf, size_t size)
{
	const struct plan_step *s = &w->p->steps[i];
	char text[TEXT_MAX];
	buf[0] = 0;
	if (s->fallback_for != PLAN_NONE) {
		outcome_expr((size_t)s->fallback_for, s->errs, text, sizeof text);
		also(buf, size, text, s->errs[0] && s->errs[1]);
	}
	if (s->slot != PLAN_NONE && may_be_filled(w->p, i)) {
		text_print(text, sizeof text, "%s == NONE", w->slots[s->slot]);
		also(buf, size, text, false);
	}
	add_ready(w, s, buf, size);
}

/* The outcomes with which the plan goes on: those that it tolerates, and those with a fallback. */
static void going_on(struct emit *w, size_t i, char *buf, size_t size)
{
	const struct plan *p = w->p;
	char text[TEXT_MAX];
	outcome_expr(i, p->steps[i].tolerated, buf, size);
	for (int failed = (int)i; failed != PLAN_NONE; failed = p->steps[failed].fallback_for)
		for (size_t k = i + 1; k < p->n_steps; k++) {
			const struct plan_step *s = &p->steps[k];
			/* One that needs what this step has not given is none. */
			if (s->fallback_for != failed ||
				(p->steps[i].slot != PLAN_NONE &&
					step_takes(p, s, p->steps[i].slot)))
				continue;
			outcome_expr((size_t)failed, s->errs, text, sizeof text);
			if (*text && !strstr(buf, text))
				text_add(buf, size, "%s%s", *buf ? " || " : "", text);
		}
}

static bool all_certain(const struct emit *w, const struct plan_step *s)
{
	for (size_t slot = 0; slot < w->p->n_slots; slot++)
		if (!w->certain[slot] && step_takes(w->p, s, (int16_t)slot))
			return false;
	return true;
}

/* Whether the slot of step i is filled whenever the program goes on after it: it is the last that fills it, it
 * gives up on any error, and it or one before it runs in any case. */
static bool fills_for_sure(struct emit *w, size_t i)
{
	const struct plan *p = w->p;
	bool runs = false;
	char on[TEXT_MAX];
	for (size_t k = 0; k < p->n_steps; k++) {
		const struct plan_step *s = &p->steps[k];
		if (s->slot != p->steps[i].slot || s->undoes != PLAN_NONE)
			continue;
		if (k > i)
			return false;
		bool skipped = false;
		for (int e = 0; e < PLAN_ERRS && s->fallback_for != PLAN_NONE; e++)
			skipped |= s->errs[e] == ERRS_SKIPPED &&
			           p->steps[s->fallback_for].slot == s->slot;
		runs |= (s->fallback_for == PLAN_NONE || skipped) && all_certain(w, s);
	}
	going_on(w, i, on, sizeof on);
	return runs && !*on;
}

/* ---- steps ---- */

static void put_title(struct emit *w, size_t i)
{
	const struct plan_step *s = &w->p->steps[i];
	char text[TEXT_MAX], purpose[512];
	text_print(text, sizeof text, "%zu. %s: %s: %s", i + 1, s->who, s->doing,
		step_purpose(w->p, s, purpose, sizeof purpose));
	print(w->steps, i ? "\n\t/* " : "\t/* ");
	emit_comment(text, w->steps);
	put_text(w->steps, " */\n");
}

static void put_call(struct emit *w, size_t i, const char *indent)
{
	const struct plan_step *s = &w->p->steps[i];
	char call[TEXT_MAX];
	call_expr(w, i, call, sizeof call);
	if (s->slot == PLAN_NONE) {
		put_text(w->steps, "%serr[%zu] = failed(%s);\n", indent, i + 1, call);
	} else if (plan_step_has_result(w->p, s)) {
		put_text(w->steps, "%s%s = %s;\n%serr[%zu] = failed(%s);\n", indent,
			w->slots[s->slot], call, indent, i + 1, w->slots[s->slot]);
	} else {
		put_text(w->steps,
			"%serr[%zu] = failed(%s);\n%sif (!err[%zu])\n%s\t%s = ATTACHED;\n", indent,
			i + 1, call, indent, i + 1, indent, w->slots[s->slot]);
	}
}

static void put_failure(struct emit *w, size_t i)
{
	const struct plan_step *s = &w->p->steps[i];
	char on[TEXT_MAX], text[TEXT_MAX];
	const char *log = "NULL";
	const struct plan_patch *patch =
		s->flags & STEP_LOG ? patch_at(&w->p->blobs[s->attr], ATTR(log_buf).at) : NULL;
	going_on(w, i, on, sizeof on);
	text_print(text, sizeof text, "err[%zu] > 0", i + 1);
	if (strstr(on, text))
		return;
	if (patch)
		log = emit_blob_name(w, patch->index);
	if (patch && *on)
		put_text(w->steps, "\tif (err[%zu] > 0 && (*%s || !(%s)))\n", i + 1, log, on);
	else if (*on)
		put_text(w->steps, "\tif (err[%zu] > 0 && !(%s))\n", i + 1, on);
	else
		put_text(w->steps, "\tif (err[%zu] > 0)\n", i + 1);
	text_print(text, sizeof text, "%s: %s", s->who, s->doing);
	put_text(w->steps, "\t\treturn give_up(err[%zu], ", i + 1);
	emit_string(text, strlen(text), "\t\t\t", w->steps);
	put_text(w->steps, ", %s);\n", log);
}

/* Blobs that calls refer to by address, and results in them. */
static bool put_blobs(struct emit *w, size_t i, const char *indent)
{
	const struct plan_step *s = &w->p->steps[i];
	for (int k = 0; k < PLAN_ARGS; k++)
		if (s->args[k].blob != PLAN_NONE) {
			if (!emit_blob(w, s->args[k].blob, s))
				return false;
			emit_blob_patches(w, s->args[k].blob, indent);
		}
	for (size_t k = 0; s->attr != PLAN_NONE && k < w->p->blobs[s->attr].n_patches; k++) {
		const struct plan_patch *patch = &w->p->blobs[s->attr].patches[k];
		if (patch->what != PATCH_BLOB)
			continue;
		if (!strcmp(w->p->blobs[patch->index].what, "BTF") &&
			!emit_types(w, patch->index, indent))
			return false;
		emit_blob_patches(w, patch->index, indent);
	}
	return true;
}

static bool put_step(struct emit *w, size_t i)
{
	const struct plan_step *s = &w->p->steps[i];
	char when[TEXT_MAX];
	put_title(w, i);
	if (plan_step_writes_zero(w->p, s)) {
		put_text(w->steps, "\t/* left out: they are all zero */\n");
		return true;
	}
	if (!emit_attr(w, i))
		return false;
	condition(w, i, when, sizeof when);
	const char *indent = *when ? "\t\t" : "\t";
	if (*when)
		put_text(w->steps, "\tif (%s) {\n", when);
	if (!put_blobs(w, i, indent))
		return false;
	put_call(w, i, indent);
	if (*when)
		put_text(w->steps, "\t}\n");
	put_failure(w, i);
	if (s->slot != PLAN_NONE && fills_for_sure(w, i))
		w->certain[s->slot] = true;
	return true;
}

static bool put_undo(struct emit *w, size_t i)
{
	const struct plan_step *s = &w->p->steps[i];
	char text[TEXT_MAX];
	text_print(text, sizeof text, "undoes %d: %s: %s", s->undoes + 1, s->who, s->doing);
	put_text(w->steps, "\n\t/* ");
	emit_comment(text, w->steps);
	put_text(w->steps, " */\n");
	if (s->flags & STEP_ON_FAILURE)
		put_text(w->steps, "\tif (err[%d] == 0 && failure) {\n", s->undoes + 1);
	else
		put_text(w->steps, "\tif (err[%d] == 0) {\n", s->undoes + 1);
	if (!emit_attr(w, i) || !put_blobs(w, i, "\t\t"))
		return false;
	call_expr(w, i, text, sizeof text);
	put_text(w->steps, "\t\tif (failed(%s))\n\t\t\tperror(", text);
	text_print(text, sizeof text, "%s: %s", s->who, s->doing);
	emit_string(text, strlen(text), "\t\t\t\t", w->steps);
	put_text(w->steps, ");\n\t}\n");
	return true;
}

bool emit_steps(struct emit *w)
{
	const struct plan *p = w->p;
	for (size_t i = 0; i < p->n_steps; i++)
		if (!calls[p->steps[i].op].text) {
			emit_refuse(w, "%s: %s: this step can't be written as C", p->steps[i].who,
				p->steps[i].doing);
			return err_hint(
				w->e, "sonde plan -v shows it; --only and --skip choose programs");
		}
	put_text(w->steps,
		"\n/* ---- loading and attaching ---- */\n\nstatic int load_and_attach(void)\n{\n");
	for (size_t i = 0; i < p->n_steps; i++) {
		emit_use(w, (enum emit_part)calls[p->steps[i].op].part);
		if (p->steps[i].undoes == PLAN_NONE && !put_step(w, i))
			return false;
	}
	put_text(w->steps, "\treturn 0;\n}\n\n/* Descriptors need no care: the kernel closes them, "
			   "which detaches. */\n"
			   "static void undo(int failure)\n{\n\t(void)failure;\n");
	for (size_t i = p->n_steps; i--;)
		if (p->steps[i].undoes != PLAN_NONE && !put_undo(w, i))
			return false;
	put_text(w->steps, "}\n");
	return true;
}
