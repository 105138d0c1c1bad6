/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Instructions as C: one per line, with the kernel's names, and what they mean beside them. */
#include "emit_c_impl.h"

#include "elf/base/format.h"
#include "elf/base/insn.h"
#include "elf/base/text.h"
#include "elf/link/helpers.h"
#include "plan_text_impl.h"
#include "source_line.h"

#include <inttypes.h>
#include <string.h>

/* Names by number, NULL where the headers of older kernels have none. */
static const char *const classes[] = {
	"BPF_LD", "BPF_LDX", "BPF_ST", "BPF_STX", "BPF_ALU", "BPF_JMP", "BPF_JMP32", "BPF_ALU64"};
static const char *const sizes[] = {"BPF_W", "BPF_H", "BPF_B", "BPF_DW"};
static const char *const modes[] = {
	"BPF_IMM", "BPF_ABS", "BPF_IND", "BPF_MEM", NULL, NULL, "BPF_ATOMIC", NULL};
static const char *const sums[] = {"BPF_ADD", "BPF_SUB", "BPF_MUL", "BPF_DIV", "BPF_OR", "BPF_AND",
	"BPF_LSH", "BPF_RSH", "BPF_NEG", "BPF_MOD", "BPF_XOR", "BPF_MOV", "BPF_ARSH", "BPF_END",
	NULL, NULL};
static const char *const jumps[] = {"BPF_JA", "BPF_JEQ", "BPF_JGT", "BPF_JGE", "BPF_JSET",
	"BPF_JNE", "BPF_JSGT", "BPF_JSGE", "BPF_CALL", "BPF_EXIT", "BPF_JLT", "BPF_JLE", "BPF_JSLT",
	"BPF_JSLE", NULL, NULL};

/* "BPF_LDX | BPF_MEM | BPF_W"; a number if it has a part without a name. */
static void opcode_text(struct insn i, char *buf, size_t size)
{
	unsigned class = insn_class(i);
	bool loads = class <= BPF_STX, jump = insn_is_jump(i);
	const char *a = loads ? modes[i.code >> 5] : jump ? jumps[i.code >> 4] : sums[i.code >> 4];
	bool plain = jump && ((i.code & 0xf0) == BPF_CALL || (i.code & 0xf0) == BPF_EXIT ||
				     (i.code & 0xf0) == BPF_JA);
	bool swap = !loads && !jump && (i.code & 0xf0) == BPF_END;
	const char *b = loads            ? sizes[i.code >> 3 & 3]
	                : swap           ? (i.code & BPF_X ? "BPF_TO_BE" : "BPF_TO_LE")
	                : i.code & BPF_X ? "BPF_X"
	                : plain          ? NULL
	                                 : "BPF_K";
	if (!a)
		text_print(buf, size, "0x%02x", i.code);
	else
		text_print(buf, size, "%s | %s%s%s", classes[class], a, b ? " | " : "", b ? b : "");
}

static void imm_text(struct insn i, char *buf, size_t size)
{
	const char *name = insn_calls_helper(i) ? helper_name((unsigned)i.imm) : NULL;
	if (name && helper_since((unsigned)i.imm) <= ABI_VERSION(6, 1))
		text_print(buf, size, "BPF_FUNC_%s", name);
	else
		text_print(buf, size, "%" PRId32, i.imm);
}

static void put_insn(struct insn i, const char *comment, FILE *out)
{
	char code[64], imm[64];
	opcode_text(i, code, sizeof code);
	imm_text(i, imm, sizeof imm);
	int n = put_text(out, "\t{%s, %u, %u, %d, %s},", code, i.dst, i.src, i.off, imm);
	if (*comment) {
		put_text(out, "%*s /* ", n < 52 ? 52 - n : 0, "");
		emit_comment(comment, out);
		put_text(out, " */");
	}
	fputc('\n', out);
}

/* A comment line before the first instruction of a source line. */
static void put_source(struct emit *w, int16_t prog, uint32_t at, char last[static 512])
{
	char line[512];
	if (prog == PLAN_NONE || !source_line(w->p, prog, at, line, sizeof line) ||
		!strcmp(line, last))
		return;
	text_print(last, 512, "%s", line);
	put_text(w->data, "\t/* ");
	emit_comment(line, w->data);
	put_text(w->data, " */\n");
}

bool emit_code(struct emit *w, int blob, const struct plan_step *s)
{
	const struct plan_blob *b = &w->p->blobs[blob];
	char text[192], comment[224], last[512] = "";
	uint32_t n = b->size / INSN_SIZE;
	put_text(w->data, "\n/* ");
	emit_comment(s->who, w->data);
	put_text(w->data,
		": code, dst_reg, src_reg, off, imm */\nstatic struct bpf_insn %s[] = {\n",
		emit_blob_name(w, blob));
	for (uint32_t at = 0; at < n;) {
		unsigned slots = insn_text(w->p, b, at, text, sizeof text);
		put_source(w, s->prog, at, last);
		text_print(comment, sizeof comment, "%" PRIu32 ": %s", at, text);
		put_insn(insn_get(b->bytes + (size_t)at * INSN_SIZE, w->p->big), comment, w->data);
		for (unsigned k = 1; k < slots && at + k < n; k++)
			put_insn(insn_get(b->bytes + (size_t)(at + k) * INSN_SIZE, w->p->big), "",
				w->data);
		at += slots;
	}
	put_text(w->data, "};\n");
	return true;
}
