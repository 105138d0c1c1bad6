/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "emit_c_impl.h"

#include "elf/base/format.h"
#include "elf/base/texts.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	uint64_t needs; /* parts that it refers to, which precede it */
} parts[EMIT_PARTS] = {
#define PART(id, needs, text) {needs},
#include "emit_c_runtime.def"
#undef PART
};

/* One after the other, each with its NUL. */
static const char part_texts[] PACKED_SECTION =
#define PART(id, needs, text) text "\0"
#include "emit_c_runtime.def"
#undef PART
	;

bool emit_refuse(struct emit *w, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	text_vprint(text, sizeof text, fmt, ap);
	va_end(ap);
	return err_set(w->e, "%s: %s", w->p->path, text);
}

const char *emit_name(struct emit *w, const char *prefix, const char *name)
{
	bool digit = !*prefix && (!*name || isdigit((unsigned char)*name));
	char *text = arena_printf(w->arena, "%s%s%s", digit ? "_" : "", prefix, name);
	for (char *c = text; c && *c; c++)
		if (!isalnum((unsigned char)*c))
			*c = '_';
	return text ? text : "";
}

void emit_comment(const char *text, FILE *out)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		fputc(c < ' ' || c > '~' ? '?' : c, out);
		if ((c == '*' && text[1] == '/') || (c == '/' && text[1] == '*'))
			fputc(' ', out);
	}
}

void emit_string(const void *bytes, size_t n, const char *indent, FILE *out)
{
	enum { LINE = 64 };
	const unsigned char *p = bytes;
	fputc('"', out);
	for (size_t i = 0, col = 0; i < n; i++) {
		if (col >= LINE) {
			put_text(out, "\"\n%s\"", indent);
			col = 0;
		}
		if (p[i] == '"' || p[i] == '\\' || p[i] == '?') /* no trigraphs */
			col += (size_t)put_text(out, "\\%c", p[i]);
		else if (p[i] >= ' ' && p[i] <= '~')
			col += (size_t)put_text(out, "%c", p[i]);
		else if (p[i] == '\n' || p[i] == '\t')
			col += (size_t)print(out, p[i] == '\n' ? "\\n" : "\\t");
		else
			col += (size_t)put_text(out, "\\%c%c%c", '0' + (p[i] >> 6),
				'0' + (p[i] >> 3 & 7), '0' + (p[i] & 7));
	}
	fputc('"', out);
}

/* ---- names of results ---- */

static const char *name_of(struct emit *w, size_t slot)
{
	static const char *const prefixes[SLOT_KINDS] = {[SLOT_BTF] = "types_",
		[SLOT_MAP] = "map_",
		[SLOT_PROG] = "prog_",
		[SLOT_LINK] = "link_",
		[SLOT_PERF] = "fd_",
		[SLOT_FILE] = "file_",
		[SLOT_NUMBER] = "n_"};
	const struct plan_slot *s = &w->p->slots[slot];
	bool own = s->kind == SLOT_BTF && !strcmp(s->name, "types");
	const char *name = emit_name(w, own ? "fd_" : prefixes[s->kind], s->name);
	for (size_t i = 0; i < slot; i++)
		if (!strcmp(w->slots[i], name)) {
			char number[16];
			text_print(number, sizeof number, "_%zu", slot);
			return emit_name(w, name, number);
		}
	return name;
}

static bool name_slots(struct emit *w)
{
	w->slots = arena_array(w->arena, w->p->n_slots, sizeof *w->slots);
	w->certain = arena_array(w->arena, w->p->n_slots, sizeof *w->certain);
	w->written = arena_array(w->arena, w->p->n_blobs, sizeof *w->written);
	if (!w->slots || !w->certain || !w->written)
		return err_nomem(w->e);
	for (size_t i = 0; i < w->p->n_slots; i++) {
		w->slots[i] = name_of(w, i);
		if (!*w->slots[i])
			return err_nomem(w->e);
	}
	return true;
}

/* ---- the file ---- */

static void put_head(const struct emit *w, FILE *out)
{
	const struct plan *p = w->p;
	put_text(out, "/*\n * ");
	emit_comment(p->name, out);
	put_text(out,
		": the system calls that load and attach it, as sonde emit-c has written them");
	put_text(out, " (for %s", w->opt->machine);
	if (*p->release) {
		put_text(out, ", Linux ");
		emit_comment(p->release, out);
	}
	put_text(out,
		").\n * Compile with: cc -std=c11 -o NAME FILE.c; run as root, end with Ctrl-C.\n"
		" */\n");
}

static void put_slots(const struct emit *w, FILE *out)
{
	const struct plan *p = w->p;
	put_text(out,
		"\n/* ---- what steps have opened or found out ---- */\n\n"
		"enum { NONE = -1, ATTACHED = -2 /* without a descriptor */, SKIPPED = -1 };\n\n");
	for (size_t i = 0; i < p->n_slots; i++)
		put_text(out, "static %s %s = NONE;\n",
			p->slots[i].kind == SLOT_NUMBER ? "long long" : "int", w->slots[i]);
	put_text(out,
		"\n/* What became of each step: 0, its errno, or SKIPPED. */\n"
		"static int err[%zu];\n",
		p->n_steps + 1);
}

static void put_main(const struct emit *w, FILE *out)
{
	put_text(out, "\nint main(void)\n{\n\tint status = 1;\n");
	if (*w->p->release) {
		put_text(out, "\tstruct utsname kernel;\n"
			      "\tif (uname(&kernel) || strcmp(kernel.release, ");
		emit_string(w->p->release, strlen(w->p->release), "\t\t", out);
		put_text(out, ")) {\n\t\tfputs(\"this program has offsets that are those of Linux "
			      "\"\n\t\t\t");
		emit_string(w->p->release, strlen(w->p->release), "\t\t\t", out);
		put_text(out, "\n\t\t\t\" only: write it again for this kernel\\n\", stderr);\n"
			      "\t\treturn 1;\n\t}\n");
	}
	if (w->parts & PART_BIT(PRINTK))
		put_text(out, "\tif (open_printk())\n\t\treturn 1;\n");
	put_text(out, "\tcatch_signals();\n"
		      "\tfor (size_t i = 0; i < sizeof err / sizeof *err; i++)\n"
		      "\t\terr[i] = SKIPPED;\n"
		      "\tif (!load_and_attach()) {\n"
		      "\t\tfputs(");
	char ready[256];
	size_t attached = 0;
	for (size_t i = 0; i < w->p->n_progs; i++)
		attached += w->p->progs[i].link != PLAN_NONE;
	text_print(ready, sizeof ready, "%s: %zu program%s attached; Ctrl-C to stop\n", w->p->name,
		attached, attached == 1 ? "" : "s");
	emit_string(ready, strlen(ready), "\t\t\t", out);
	put_text(out, ", stderr);\n\t\tstatus = show();\n\t}\n"
		      "\tundo(status != 0);\n\treturn status;\n}\n");
}

/* Parts refer to others, which have smaller numbers. */
static void put_parts(struct emit *w, FILE *out)
{
	const char *text = text_ready(part_texts);
	for (size_t i = EMIT_PARTS; i--;)
		if (w->parts >> i & 1)
			w->parts |= parts[i].needs;
	for (size_t i = 0; i < EMIT_PARTS; i++, text += strlen(text) + 1)
		if (w->parts >> i & 1)
			fputs(text, out);
}

struct stream {
	char *text;
	size_t size;
};

static FILE *open_stream(struct stream *s)
{
	return open_memstream(&s->text, &s->size);
}

static bool write_all(struct emit *w, struct stream *streams)
{
	w->data = open_stream(&streams[0]);
	w->steps = open_stream(&streams[1]);
	w->show = open_stream(&streams[2]);
	bool ok = (w->data && w->steps && w->show) || err_nomem(w->e);
	ok = ok && name_slots(w) && emit_steps(w) && emit_show(w);
	FILE *const all[] = {w->data, w->steps, w->show};
	for (int i = 0; i < 3; i++)
		if (all[i] && (ferror(all[i]) | fclose(all[i])))
			ok = ok && err_nomem(w->e);
	return ok;
}

bool emit_c(const struct plan *p, const struct emit_options *opt, struct arena *a, FILE *out,
	struct err *e)
{
	struct emit w = {.p = p, .opt = opt, .arena = a, .e = e, .parts = PART_BIT(START)};
	struct stream streams[3] = {0};
	if (p->big != host_is_big())
		return emit_refuse(&w, "instructions and types are written in the byte order of "
				       "this machine, and that kernel has the other one");
	if (p->btf.n) {
		if (!btf_open(&w.btf, p->btf, NULL, a, e))
			return false;
		w.has_btf = true;
		w.n_types = w.btf.end;
		w.named = arena_array(a, w.n_types, sizeof *w.named);
		if (!w.named || !typed_read_meanings(&w.btf, &w.meanings, NULL, a))
			return err_nomem(e);
	}
	bool ok = write_all(&w, streams);
	if (ok) {
		put_head(&w, out);
		put_parts(&w, out);
		put_slots(&w, out);
		for (int i = 0; i < 3; i++)
			fputs(streams[i].text, out);
		put_main(&w, out);
	}
	for (int i = 0; i < 3; i++)
		free(streams[i].text);
	return ok && !e->set;
}
