/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "plan_text.h"

#include "elf/base/text.h"
#include "call_text.h"

#include "loader/plan/abi.h"
#include "code.h"
#include "loader/show/json.h"
#include "loader/kernel/kfs.h"
#include "loader/show/paragraph.h"

#include <inttypes.h>
#include <sys/socket.h>

enum {
	WIDTH = PARAGRAPH_WIDTH,
	NAME_WIDTH = 22,
	MEANING_AT = 48,
	VALUE_MAX = 160,
	ERRNO_MAX = 4095
};

/* ---- the parts of a call ---- */

static const struct plan_patch *patch_at(const struct plan_blob *b, uint32_t at)
{
	for (size_t i = 0; i < b->n_patches; i++)
		if (b->patches[i].at == at)
			return &b->patches[i];
	return NULL;
}

/* The attr in the byte order of this machine, which is what the ABI table reads. */
struct host_attr {
	uint8_t bytes[256];
	unsigned size;
};

static struct host_attr host_attr(
	const struct plan *p, unsigned layout, const struct plan_blob *attr)
{
	struct host_attr h = {.size = attr->size < sizeof h.bytes ? attr->size : sizeof h.bytes};
	struct abi_field f;
	memcpy(h.bytes, attr->bytes, h.size);
	for (unsigned i = 0; p->big != host_is_big() && abi_field(layout, i, &f); i++) {
		bool number = f.size <= 8 && (f.size & (f.size - 1)) == 0 && f.kind != ABI_BYTES;
		if (number && (unsigned)f.offset + f.size <= h.size && f.kind != ABI_BIT)
			bytes_put(h.bytes + f.offset, f.size, host_is_big(),
				bytes_get(attr->bytes + f.offset, f.size, p->big));
	}
	return h;
}

struct shown_field {
	struct abi_field field;
	char value[VALUE_MAX];
	const struct plan_patch *patch; /* NULL: a plain value */
};

/* Is that field of a perf event, which has two names, the file of a uprobe? */
static bool is_file(const struct plan *p, const struct abi_field *f, const struct plan_patch *patch)
{
	return patch && patch->what == PATCH_BLOB && !strcmp(f->name, "kprobe_func") &&
	       !strcmp(p->blobs[patch->index].what, "file");
}

/* The next field, from *i on, that the call uses: a value, or a place for one. live: show the
 * descriptors that are in there rather than what they will be. */
static bool next_field(const struct plan *p, const struct plan_step *s, unsigned *i, bool live,
	struct shown_field *out)
{
	unsigned layout = plan_step_layout(s);
	const struct plan_blob *attr = &p->blobs[s->attr];
	struct host_attr h = host_attr(p, layout, attr);
	struct abi_field *f = &out->field;
	while (abi_field(layout, (*i)++, f)) {
		out->patch = patch_at(attr, f->offset);
		if (f->kind == ABI_NAME ? h.size <= f->offset || !h.bytes[f->offset]
					: !out->patch && !abi_get(f, h.bytes, h.size))
			continue;
		if (!abi_applies(layout, f, h.bytes, h.size))
			continue;
		if (is_file(p, f, out->patch))
			abi_field_by_name(layout, "uprobe_path", f);
		if (out->patch && out->patch->what == PATCH_BLOB)
			blob_text(p, out->patch->index, out->value, sizeof out->value);
		else if (out->patch && !live)
			slot_text(p, out->patch->index, out->value, sizeof out->value);
		else
			abi_show(f, h.bytes, h.size, out->value, sizeof out->value);
		return true;
	}
	return false;
}

static uint16_t step_since(const struct plan *p, const struct plan_step *s, const char **why)
{
	*why = NULL;
	if (s->op != STEP_BPF)
		return 0;
	struct host_attr h = host_attr(p, s->cmd, &p->blobs[s->attr]);
	return abi_needs(s->cmd, h.bytes, h.size, why);
}

/* "EINVAL, E2BIG" */
static void errs_text(const struct plan_step *s, char *buf, size_t size)
{
	buf[0] = 0;
	for (int i = 0; i < PLAN_ERRS && s->errs[i]; i++) {
		char name[16];
		const char *text = s->errs[i] == ERRS_ANY       ? "any errno"
		                   : s->errs[i] == ERRS_SKIPPED ? "passed over"
		                                                : errno_name(s->errs[i], name);
		text_list(buf, size, "%s", text);
	}
}

/* ---- text ---- */

struct code_names {
	const struct plan *plan;
	const struct plan_blob *insns;
};

/* A constant that a slot will fill is shown by the name of what is in the slot. */
static bool name_operand(
	void *ctx, size_t slot, struct insn i, struct insn next, char *buf, size_t n)
{
	const struct code_names *c = ctx;
	const struct plan_patch *patch = patch_at(c->insns, (uint32_t)slot * INSN_SIZE + 4);
	if (!patch || patch->what != PATCH_SLOT || !insn_is_wide(i))
		return false;
	const struct plan_slot *s = &c->plan->slots[patch->index];
	if (i.src == BPF_PSEUDO_MAP_VALUE)
		snprintf(buf, n, "map[%s]+%" PRId32, s->name, next.imm);
	else
		snprintf(buf, n, "map[%s]", s->name);
	return true;
}

static void print_code(const struct plan *p, const struct plan_blob *b, FILE *out)
{
	struct code_names c = {p, b};
	const struct disasm_names names = {name_operand, &c};
	code_print(b->bytes, b->size / INSN_SIZE, p->big, &names, "      ", out);
}

static void print_hex(const struct plan_blob *b, FILE *out)
{
	for (uint32_t i = 0; i < b->size; i++)
		fprintf(out, "%s%02x%s", i % 16 ? " " : "      ", b->bytes[i],
			i % 16 == 15 || i + 1 == b->size ? "\n" : "");
}

static void print_field(const struct plan *p, const struct shown_field *f,
	const struct print_style *style, FILE *out)
{
	const char *dim = style->color ? "\033[2m" : "", *plain = style->color ? "\033[0m" : "";
	const char *what = f->field.what;
	int n = fprintf(out, "    %-*s %s", NAME_WIDTH, f->field.name, f->value);
	int gap = n < MEANING_AT ? MEANING_AT - n : 2;
	if (n > 0 && *what && (size_t)(n + gap) + strlen(what) <= WIDTH)
		fprintf(out, "%*s%s%s%s", gap, "", dim, what, plain);
	fputc('\n', out);
	const struct plan_blob *b =
		f->patch && f->patch->what == PATCH_BLOB ? &p->blobs[f->patch->index] : NULL;
	if (!style->code || !b || !b->bytes || blob_is_text(b))
		return;
	if (f->field.kind == ABI_INSNS)
		print_code(p, b, out);
	else if (b->size > 8)
		print_hex(b, out);
}

static void print_step(const struct plan *p, size_t i, const struct print_style *style, FILE *out)
{
	const struct plan_step *s = &p->steps[i];
	const char *bold = style->color ? "\033[1m" : "", *plain = style->color ? "\033[0m" : "";
	char call[512], text[VALUE_MAX], version[8];
	const char *why;
	uint16_t since = step_since(p, s, &why);
	struct shown_field f;

	fprintf(out, "\n%s", bold);
	size_t n = (size_t)fprintf(out, "%zu. ", i + 1);
	struct paragraph title = {out, n, n};
	snprintf(call, sizeof call, "%s: %s", s->who, s->doing);
	paragraph_add(&title, call);
	fprintf(out, "%s\n", plain);
	if (*s->note) {
		struct paragraph g = {out, (size_t)fprintf(out, "  ("), 3};
		paragraph_add(&g, s->note);
		fputs(")\n", out);
	}
	if (s->undoes != PLAN_NONE)
		fprintf(out, "  (%s: undoes step %d)\n",
			s->flags & STEP_ON_FAILURE ? "only if a step fails" : "at the end",
			s->undoes + 1);
	call_text(p, s, "attr", NULL, call, sizeof call);
	if (strlen(call) + 2 <= WIDTH) {
		fprintf(out, "  %s", call);
	} else {
		struct paragraph g = {out, (size_t)fprintf(out, "  "), 4};
		paragraph_add(&g, call);
	}
	if (since && why && strncmp(why, "BPF_", 4))
		fprintf(out, "   since Linux %s for %s", abi_version(since, version), why);
	else if (since)
		fprintf(out, "   since Linux %s", abi_version(since, version));
	fputc('\n', out);
	for (unsigned k = 0; s->attr != PLAN_NONE && next_field(p, s, &k, false, &f);)
		print_field(p, &f, style, out);
	if (plan_step_has_result(p, s)) {
		slot_text(p, s->slot, text, sizeof text);
		fprintf(out, "  = %s\n", text);
	}
}

/* A field of that name in the call, and its value. */
static bool find_field(
	const struct plan *p, const struct plan_step *s, const char *name, struct shown_field *f)
{
	for (unsigned i = 0; s->attr != PLAN_NONE && next_field(p, s, &i, false, f);)
		if (!strcmp(f->field.name, name))
			return true;
	return false;
}

/* What a stand-in does differently from the step that it stands for. */
static void say_difference(struct paragraph *g, const struct plan *p, const struct plan_step *old,
	const struct plan_step *s)
{
	struct shown_field f, other;
	char text[VALUE_MAX * 2];
	const char *word = "without";
	for (unsigned i = 0; next_field(p, old, &i, false, &f);)
		if (!find_field(p, s, f.field.name, &other)) {
			snprintf(text, sizeof text, "%s %s", word, f.field.name);
			paragraph_add(g, text);
			word = "and";
		}
	word = "with";
	for (unsigned i = 0; next_field(p, s, &i, false, &f);) {
		bool had = find_field(p, old, f.field.name, &other);
		bool other_blob =
			had && f.patch && other.patch && f.patch->index != other.patch->index;
		if (had && !other_blob && !strcmp(other.value, f.value))
			continue;
		snprintf(text, sizeof text, "%s %s = %s%s", word, f.field.name,
			other_blob ? "other " : "", f.value);
		paragraph_add(g, text);
		word = "and";
	}
}

/* Is it a step only for kernels that refuse another one? */
static bool is_substitute(const struct plan *p, const struct plan_step *s)
{
	while (s->fallback_for == PLAN_NONE && s->undoes != PLAN_NONE)
		s = &p->steps[s->undoes];
	return s->fallback_for != PLAN_NONE;
}

/* "if 7 fails (EINVAL):" */
static void say_when(struct paragraph *g, const struct plan_step *s)
{
	char errs[VALUE_MAX], text[VALUE_MAX + 64];
	errs_text(s, errs, sizeof errs);
	if (s->undoes != PLAN_NONE)
		snprintf(text, sizeof text, "undoes %d %s:", s->undoes + 1,
			s->flags & STEP_ON_FAILURE ? "if a step fails" : "at the end");
	else if (s->errs[0] == ERRS_SKIPPED && !s->errs[1])
		snprintf(text, sizeof text, "if %d is passed over:", s->fallback_for + 1);
	else
		snprintf(text, sizeof text, "if %d fails (%s):", s->fallback_for + 1, errs);
	paragraph_add(g, text);
}

/* A step that stands in for another, or undoes such a one, in as few lines as it takes. */
static void print_substitute(const struct plan *p, size_t i, FILE *out)
{
	const struct plan_step *s = &p->steps[i];
	const struct plan_step *old =
		s->fallback_for == PLAN_NONE ? NULL : &p->steps[s->fallback_for];
	char call[512], text[VALUE_MAX * 2];
	struct paragraph g = {out, 0, 6};
	g.col = (size_t)fprintf(out, "  %3zu. ", i + 1);
	g.indent = g.col;
	say_when(&g, s);
	if (old && s->op == old->op && s->cmd == old->cmd && s->op != STEP_APPEND) {
		paragraph_add(&g, "the same");
		if (s->attr != PLAN_NONE)
			say_difference(&g, p, old, s);
	} else {
		call_text(p, s, "attr", NULL, call, sizeof call);
		paragraph_add(&g, call);
	}
	if (*s->note) {
		snprintf(text, sizeof text, "(%s)", s->note);
		paragraph_add(&g, text);
	}
	fputc('\n', out);
}

static size_t count_first(const struct plan *p)
{
	size_t n = 0;
	for (size_t i = 0; i < p->n_steps; i++)
		n += !is_substitute(p, &p->steps[i]);
	return n;
}

static void print_unattached(const struct plan_prog *p, FILE *out)
{
	char text[VALUE_MAX * 3];
	struct paragraph g = {out, 0, 2};
	snprintf(text, sizeof text, "program '%s' (%s) is loaded and not attached%s%s", p->name,
		p->sec, p->why ? ": " : "", p->why ? p->why : "");
	paragraph_add(&g, text);
	fputc('\n', out);
}

static void print_text(const struct plan *p, const struct print_style *style, FILE *out)
{
	size_t first = count_first(p);
	char head[VALUE_MAX * 2];
	struct paragraph g = {out, 0, 2};
	int n = snprintf(head, sizeof head, "%s: %zu program%s, %zu map%s; %zu step%s", p->name,
		p->n_progs, p->n_progs == 1 ? "" : "s", p->n_maps, p->n_maps == 1 ? "" : "s", first,
		first == 1 ? "" : "s");
	if (first < p->n_steps && n > 0 && (size_t)n < sizeof head)
		snprintf(head + n, sizeof head - (size_t)n,
			" (and %zu for kernels that refuse one)", p->n_steps - first);
	paragraph_add(&g, head);
	fputc('\n', out);
	if (*p->release)
		fprintf(out, "linked against the types of Linux %s (%s)\n", p->release, p->machine);
	for (size_t i = 0; i < p->n_progs; i++)
		if (p->progs[i].link == PLAN_NONE)
			print_unattached(&p->progs[i], out);
	for (size_t i = 0; i < p->n_steps; i++)
		if (is_substitute(p, &p->steps[i]))
			print_substitute(p, i, out);
		else
			print_step(p, i, style, out);
}

/* ---- JSON ---- */

static void json_fields(struct json *j, const struct plan *p, const struct plan_step *s)
{
	struct shown_field f;
	json_key(j, "attr");
	json_open(j, '{');
	for (unsigned i = 0; next_field(p, s, &i, false, &f);) {
		struct host_attr h = host_attr(p, plan_step_layout(s), &p->blobs[s->attr]);
		json_key(j, f.field.name);
		bool number = !f.patch && f.field.kind != ABI_NAME && f.field.kind != ABI_ENUM &&
		              f.field.kind != ABI_FLAGS;
		if (number)
			json_uint(j, abi_get(&f.field, h.bytes, h.size));
		else
			json_str(j, f.value);
	}
	json_close(j);
}

static void print_json(const struct plan *p, FILE *out)
{
	char text[512];
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		struct json j = json_start(out);

		json_open(&j, '{');
		json_key(&j, "step");
		json_uint(&j, i + 1);
		json_key(&j, "who");
		json_str(&j, s->who);
		json_key(&j, "doing");
		json_str(&j, s->doing);
		call_text(p, s, "attr", NULL, text, sizeof text);
		json_key(&j, "call");
		json_str(&j, text);
		if (s->fallback_for != PLAN_NONE) {
			json_key(&j, "instead_of");
			json_uint(&j, (uint64_t)s->fallback_for + 1);
			errs_text(s, text, sizeof text);
			json_key(&j, "after");
			json_str(&j, text);
		}
		if (s->undoes != PLAN_NONE) {
			json_key(&j, "undoes");
			json_uint(&j, (uint64_t)s->undoes + 1);
		}
		if (*s->note) {
			json_key(&j, "note");
			json_str(&j, s->note);
		}
		if (s->attr != PLAN_NONE)
			json_fields(&j, p, s);
		if (plan_step_has_result(p, s)) {
			slot_text(p, s->slot, text, sizeof text);
			json_key(&j, "gives");
			json_str(&j, text);
		}
		json_close(&j);
		json_line(&j);
	}
}

void plan_print(const struct plan *p, const struct print_style *style, FILE *out)
{
	if (style->json)
		print_json(p, out);
	else
		print_text(p, style, out);
}

/* ---- one call as it happens ---- */

static void print_result(long result, FILE *out)
{
	char name[16];
	if (result < -ERRNO_MAX)
		fprintf(out, " = %#lx", (unsigned long)result);
	else if (result < 0)
		fprintf(out, " = -1 %s", errno_name((int)-result, name));
	else
		fprintf(out, " = %ld", result);
}

void plan_print_call(const struct exec *x, size_t step, long result, FILE *out)
{
	const struct plan *p = x->plan;
	const struct plan_step *s = &p->steps[step];
	struct shown_field f;
	char attr[1024] = "{", call[1400];
	size_t n = 1;
	for (unsigned i = 0;
		s->attr != PLAN_NONE && next_field(p, s, &i, true, &f) && n < sizeof attr;)
		n += (size_t)snprintf(attr + n, sizeof attr - n, "%s%s=%s", n > 1 ? ", " : "",
			f.field.name, f.value);
	if (n > sizeof attr - 2)
		n = sizeof attr - 2;
	attr[n] = '}';
	attr[n + 1] = 0;
	call_text(p, s, attr, x, call, sizeof call);
	fputs(call, out);
	print_result(result, out);
	fprintf(out, "  # %s: %s\n", s->who, s->doing);
}

void print_bpf_call(int cmd, const void *attr, unsigned size, long result, FILE *out)
{
	const char *name = abi_name(ABI_CMDS, (uint64_t)cmd);
	struct abi_field f;
	char value[VALUE_MAX];
	bool first = true;
	fprintf(out, "bpf(%s, {", name ? name : "?");
	for (unsigned i = 0; abi_field((unsigned)cmd, i, &f); i++) {
		bool used = f.kind == ABI_NAME ? size > f.offset && ((const char *)attr)[f.offset]
		                               : abi_get(&f, attr, size) != 0;
		if (!used || !abi_applies((unsigned)cmd, &f, attr, size))
			continue;
		fprintf(out, "%s%s=%s", first ? "" : ", ", f.name,
			abi_show(&f, attr, size, value, sizeof value));
		first = false;
	}
	fprintf(out, "}, %u)", size);
	print_result(result, out);
	fputc('\n', out);
}

bool plan_step_answer(const struct exec *x, size_t step, char *buf, size_t size)
{
	const struct plan_step *s = &x->plan->steps[step];
	struct abi_field f;
	if (s->op != STEP_BPF || s->cmd != BPF_PROG_TEST_RUN ||
		!abi_field_by_name(s->cmd, "test.retval", &f))
		return false;
	const struct plan_blob *attr = &x->plan->blobs[s->attr];
	snprintf(buf, size, "%s: it returned %" PRId32, s->who,
		(int32_t)abi_get(&f, attr->bytes, attr->size));
	return true;
}
