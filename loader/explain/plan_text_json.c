/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "plan_text_impl.h"

#include "loader/plan/abi.h"

bool is_number(const struct abi_field *f)
{
	return f->kind != ABI_NAME && f->kind != ABI_BYTES && f->kind != ABI_ENUM &&
	       f->kind != ABI_FLAGS;
}

void json_fields(struct json *j, const struct plan *p, const struct plan_step *s,
	const struct slot_style *slots)
{
	struct shown_field f;
	json_key(j, "attr");
	json_open(j, '{');
	for (struct abi_walk w = fields_of(s); next_field(p, s, &w, slots, &f);) {
		struct host_attr h = host_attr(p, plan_step_layout(s), &p->blobs[s->attr]);
		json_key(j, f.field.name);
		bool blob = f.patch && f.patch->what == PATCH_BLOB;
		if (!blob && (!f.patch || slots->live) && is_number(&f.field))
			json_uint(j, abi_get(&f.field, h.bytes, h.size));
		else
			json_str(j, f.value);
	}
	json_close(j);
}

void print_json(const struct plan *p, FILE *out)
{
	char text[512];
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		struct json j = json_start(out);

		json_open(&j, '{');
		json_member_uint(&j, "step", i + 1);
		json_member_str(&j, "who", s->who);
		json_member_str(&j, "doing", s->doing);
		call_text(p, s, "attr", &slots_by_name, text, sizeof text);
		json_member_str(&j, "call", text);
		if (s->fallback_for != PLAN_NONE) {
			json_member_uint(&j, "instead_of", (uint64_t)s->fallback_for + 1);
			errs_text(s, text, sizeof text);
			json_member_str(&j, "after", text);
		}
		if (s->undoes != PLAN_NONE) {
			json_member_uint(&j, "undoes", (uint64_t)s->undoes + 1);
		}
		if (*s->note) {
			json_member_str(&j, "note", s->note);
		}
		if (s->attr != PLAN_NONE)
			json_fields(&j, p, s, &slots_by_name);
		if (plan_step_has_result(p, s)) {
			slot_text(p, s->slot, text, sizeof text);
			json_member_str(&j, "gives", text);
		}
		json_close(&j);
		json_line(&j);
	}
}
