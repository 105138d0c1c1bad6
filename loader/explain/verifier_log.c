/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "verifier_log.h"

#include "elf/base/format.h"
#include "elf/base/number.h"

#include <string.h>

static bool is_statistics(const char *line)
{
	static const char *const starts[] = {"processed ", "verification time ", "stack depth ",
		"mark_precise", "peak_states", "cur state: ", "old state: "};
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (!strncmp(line, starts[i], strlen(starts[i])))
			return true;
	return false;
}

/* The start of the line before `line`, or NULL if it is the first. */
static const char *line_before(const char *log, const char *line)
{
	if (line == log)
		return NULL;
	const char *p = line - 1;
	while (p > log && p[-1] != '\n')
		p--;
	return p;
}

/* Where words are in the line; `missing` if they are not. */
static const char *within(const char *line, size_t n, const char *words, const char *missing)
{
	const char *found = memmem(line, n, words, strlen(words));
	return found ? found : missing;
}

/* Reasons in two lines: words of the second one, and the beginning of the first one, which says what
 * the second one is about. */
static const struct {
	const char *words, *before;
} pairs[] = {
	{" is outside of ", "invalid access to "},
	{" would lead to reference leak", "Unreleased reference "}, /* 6.13 */
};

/* The line before, if it is part of the reason, else NULL. */
static const char *whole_reason(const char *log, const char *line, size_t n)
{
	const char *before = line_before(log, line);
	for (size_t i = 0; before && i < sizeof pairs / sizeof *pairs; i++) {
		if (within(line, n, pairs[i].words, NULL) &&
			!strncmp(before, pairs[i].before, strlen(pairs[i].before)))
			return before;
	}
	return NULL;
}

bool verifier_log_reason(const char *log, char *buf, size_t size)
{
	const char *end = log + strlen(log);
	for (const char *p = line_before(log, end); p; p = line_before(log, p)) {
		size_t n = strcspn(p, "\n");
		if (n && !is_statistics(p)) {
			/* The kernel does not end the line of the last instruction before it gives
			 * up, nor that of some reasons before the statistics. */
			const char *first = whole_reason(log, p, n),
				   *last = within(p, n, "BPF program is too large", p);
			n = (size_t)(within(p, n, "processed ", p + n) - p);
			text_print(buf, size, "%.*s%s%.*s", first ? (int)strcspn(first, "\n") : 0,
				first ? first : "", first ? "; " : "", (int)(p + n - last), last);
			return true;
		}
	}
	return false;
}

/* The register in "R6 invalid mem access 'scalar'", if it keeps its value across calls; else 0. */
static char number_read(const char *reason)
{
	bool number = strstr(reason, "mem access 'scalar'") || strstr(reason, "mem access 'inv'");
	return number && *reason == 'R' && reason[1] >= '6' && reason[1] <= '9' ? reason[1] : 0;
}

/* Does the line say that the register refers to something that the program must release? Some kernels
 * write R6_w= for R6=. */
static bool refers(const char *line, size_t n, char reg)
{
	const char name[] = {' ', 'R', reg, 0};
	const char *at = within(line, n, name, NULL);
	size_t value = at ? 1 + strcspn(at + 1, " \n") : 0;
	return at &&
	       (within(at, value, "=ringbuf_mem(", NULL) || within(at, value, "ref_obj_id=", NULL));
}

bool verifier_log_released(const char *log, const char *reason)
{
	static const char *const releases[] = {"_submit#", "_discard#", "_release"};
	const char reg = number_read(reason), assigned[] = {' ', 'r', reg, ' ', '=', 0};
	bool owned = false, released = false;
	for (const char *p = log; reg && *p; p += strcspn(p, "\n"), p += *p == '\n') {
		size_t n = strcspn(p, "\n");
		if (within(p, n, assigned, NULL))
			owned = released = false;
		owned |= refers(p, n, reg);
		for (size_t i = 0; i < sizeof releases / sizeof *releases; i++)
			released |= owned && within(p, n, releases[i], NULL);
	}
	return released;
}

/* The context of a program may be a pointer to void, which a kernel of 5.13 or later remarks on. */
bool verifier_log_is_noise(const char *line)
{
	static const char unknown[] = "arg#0 reference type('UNKNOWN ')";
	return !strncmp(line, unknown, sizeof unknown - 1);
}

const char *verifier_log_tail(const char *log, unsigned lines)
{
	const char *p = log + strlen(log);
	for (; lines && p > log; lines--)
		p = line_before(log, p);
	return p;
}

/* "back-edge from insn 16 to 5", "infinite loop detected at insn 2" */
static bool insn_in_words(const char *log, uint32_t *insn)
{
	char reason[256];
	const char *found =
		verifier_log_reason(log, reason, sizeof reason) ? strstr(reason, " insn ") : NULL;
	char *end;
	unsigned long n = found ? text_ulong(found + 6, &end, 10) : 0;
	if (!found || end == found + 6 || n >= UINT32_MAX)
		return false;
	*insn = (uint32_t)n;
	return true;
}

bool verifier_log_insn(const char *log, uint32_t *insn)
{
	const char *end = log + strlen(log);
	if (insn_in_words(log, insn))
		return true;
	for (const char *p = line_before(log, end); p; p = line_before(log, p)) {
		char *colon;
		unsigned long n = text_ulong(p, &colon, 10);
		if (colon != p && *p >= '0' && *p <= '9' && *colon == ':' && n < UINT32_MAX) {
			*insn = (uint32_t)n;
			return true;
		}
	}
	return false;
}

bool verifier_log_source(const char *log, char *buf, size_t size)
{
	const char *end = log + strlen(log);
	for (const char *p = line_before(log, end); p; p = line_before(log, p)) {
		size_t n = strcspn(p, "\n");
		/* "; code @ file:line", or without the place before 6.9; line 0 is the compiler's
		 * own */
		if (n > 3 && p[0] == ';' && p[1] == ' ' && p[2] != ' ' && strncmp(p, ";  @", 4)) {
			text_print(buf, size, "%.*s", (int)n - 2, p + 2);
			return true;
		}
	}
	return false;
}
