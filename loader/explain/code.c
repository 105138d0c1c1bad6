/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "code.h"
#include "loader/show/print.h"

enum { LINE = 192 };

unsigned code_line(const uint8_t *insns, size_t at, size_t n, bool big,
	const struct disasm_names *names, char *buf, size_t size)
{
	struct insn insn = insn_get(insns + at * INSN_SIZE, big), next = {0};
	if (at + 1 < n)
		next = insn_get(insns + (at + 1) * INSN_SIZE, big);
	return disasm(insn, next, at, names, buf, size);
}

void code_print(const uint8_t *insns, size_t n, bool big, const struct disasm_names *names,
	const char *indent, FILE *out)
{
	char line[LINE];
	for (size_t i = 0; i < n;) {
		unsigned slots = code_line(insns, i, n, big, names, line, sizeof line);
		print(out, "%s%4zu: %s\n", indent, i, line);
		i += slots;
	}
}
