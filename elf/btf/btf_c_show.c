/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* One type with offsets, sizes and holes. */
#include "btf_c_impl.h"

static void summary(struct c_writer *w, const struct btf_type *t)
{
	uint64_t bytes = w->hole_bits / 8, bits = w->hole_bits % 8;
	c_printf(w, ";  /* %u bytes, %u member%s", t->size, t->vlen, t->vlen == 1 ? "" : "s");
	if (w->holes)
		c_printf(w, ", %u hole%s of ", w->holes, w->holes == 1 ? "" : "s");
	if (bytes)
		c_printf(w, "%llu byte%s", (unsigned long long)bytes, bytes == 1 ? "" : "s");
	if (bits)
		c_printf(w, "%s%u bit%s", bytes ? " and " : "", (unsigned)bits,
			bits == 1 ? "" : "s");
	c_text(w, " */\n");
}

static void show_section(struct c_writer *w, const struct btf_type *t)
{
	c_text(w, "/* section ");
	c_comment_text(w, btf_name(t));
	c_printf(w, ", %u bytes */\n", t->size);
	for (uint32_t i = 0; i < t->vlen && !w->err->set; i++) {
		struct btf_secinfo s = btf_secinfo(t, i);
		struct btf_type var;
		btf_type(w->b, s.type, &var);
		const struct c_decl d = {.name = btf_name(&var), .indent = 1};
		c_line(w, 1, (uint64_t)s.offset * 8, (uint64_t)s.size * 8, false);
		c_declare(w, var.type, &d);
		c_text(w, ";\n");
	}
}

/* The storage class. Omitted for static functions: in vmlinux BTF all functions are static. */
static const char *storage(const struct btf_type *t)
{
	uint32_t linkage = t->kind == BTF_VAR ? btf_var_linkage(t) : t->vlen;
	if (t->kind == BTF_TYPEDEF)
		return "typedef ";
	return linkage == BTF_EXTERN                         ? "extern "
	       : linkage == BTF_STATIC && t->kind == BTF_VAR ? "static "
	                                                     : "";
}

static void show(struct c_writer *w, const struct btf_type *t)
{
	const struct c_decl d = {.name = btf_name(t)};
	switch (t->kind) {
	case BTF_STRUCT:
	case BTF_UNION:
		c_text(w, btf_kind_name(t->kind));
		c_text(w, *d.name ? " " : "");
		c_word(w, d.name, 1);
		c_record_body(w, t, 0, 0);
		summary(w, t);
		break;
	case BTF_ENUM:
	case BTF_ENUM64:
		c_text(w, *d.name ? "enum " : "enum");
		c_word(w, d.name, 1);
		c_enum_body(w, t, 0);
		c_printf(w, ";  /* %u bytes, %u value%s */\n", t->size, t->vlen,
			t->vlen == 1 ? "" : "s");
		break;
	case BTF_INT:
	case BTF_FLOAT:
		c_declare(w, t->id, &(struct c_decl){.name = ""});
		c_printf(w, ";  /* %u byte%s%s */\n", t->size, t->size == 1 ? "" : "s",
			t->kind == BTF_FLOAT                   ? ""
			: btf_int_encoding(t) & BTF_INT_SIGNED ? ", signed"
							       : ", unsigned");
		break;
	case BTF_TYPEDEF:
	case BTF_FUNC:
	case BTF_VAR:
		c_text(w, storage(t));
		c_declare(w, t->type, &d);
		c_text(w, ";\n");
		break;
	case BTF_FWD:
		c_declare_tag(w, t);
		break;
	case BTF_DATASEC:
		show_section(w, t);
		break;
	case BTF_DECL_TAG:
		c_text(w, "/* tag ");
		c_comment_text(w, d.name);
		c_printf(w, " of type %u */\n", t->type);
		break;
	default:
		c_declare(w, t->id, &(struct c_decl){.name = ""});
		c_text(w, ";\n");
	}
}

bool btf_c_show(
	const struct btf *b, uint32_t id, struct btf_text out, struct arena *a, struct err *e)
{
	struct c_writer w = {.b = b, .arena = a, .out = out, .err = e, .annotate = true};
	struct btf_type t, target;
	if (!c_start(&w) || !c_type(&w, id, &t))
		return false;
	show(&w, &t);
	if (t.kind != BTF_TYPEDEF)
		return !e->set;
	/* A typedef of a struct is followed by the struct. */
	btf_skip(b, t.type, &target);
	if (btf_kind_in(target.kind, BTF_COMPOSITES | BTF_ENUMS) && *btf_name(&target)) {
		c_text(&w, "\n");
		show(&w, &target);
	}
	return !e->set;
}
