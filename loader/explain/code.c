/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "code.h"

#include "loader/show/print.h"

enum { LINE = 192 };

void code_print(const uint8_t *insns, size_t n, bool big, const struct disasm_names *names,
	const char *indent, FILE *out)
{
	char line[LINE];
	for (size_t i = 0; i < n;) {
		struct insn insn = insn_get(insns + i * INSN_SIZE, big), next = {0};
		if (i + 1 < n)
			next = insn_get(insns + (i + 1) * INSN_SIZE, big);
		unsigned slots = disasm(insn, next, i, names, line, sizeof line);
		print(out, "%s%4zu: %s\n", indent, i, line);
		i += slots;
	}
}
