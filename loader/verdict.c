/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Words of the verifier that beginners meet, and what helps. The first match counts. */
static const struct {
	const char *words;
	const char *cure;
} cures[] = {
	{"map_value_or_null",
		"bpf_map_lookup_elem() may give NULL: test the pointer before using it"},
	{"_or_null", "this pointer may be NULL: test it before using it"},
	{"invalid access to packet",
		"compare with data_end before reading: if (data + N > data_end) return ..."},
	{"invalid access to map value", "the index or size may be larger than the value: bound it "
					"with an if or a mask first"},
	{"unbounded memory access", "the index or size has no bound: give it one with an if or a "
				    "mask first"},
	{"min value is negative",
		"the index or size may be negative: make it unsigned, or bound it "
		"with an if first"},
	{"read from stack", "a variable is handed over before all of its bytes "
			    "were written: initialise it (= {})"},
	{"!read_ok", "a register is read that was never written: a variable without a value"},
	{"combined stack size", "at most 512 bytes of stack: put large buffers into a per-CPU map"},
	{"too complex", "simplify it, or split it with bpf_loop() or tail calls"},
	{"too large", "simplify it, or split it with bpf_loop() or tail calls"},
	{"BPF program is too large", "simplify it, or split it with bpf_loop() or tail calls"},
	{"back-edge",
		"loops need a bound that the verifier can see (Linux 5.3), or bpf_loop() (5.17)"},
	{"infinite loop", "the loop never comes nearer to its end: give it a counter with a bound"},
	{"pointer comparison prohibited",
		"to compare these pointers takes CAP_PERFMON (root has it)"},
	{"prohibited for !root",
		"to compute with pointers like this takes CAP_PERFMON (root has it)"},
	{"leaks addr", "a pointer would get out to user space: return or store a number"},
	{"cannot call GPL-restricted",
		"the license has to be GPL-compatible: SEC(\"license\") = \"GPL\""},
	{"invalid func", "this kernel does not have that helper, or not for this type of program"},
	{"unknown func", "this kernel does not have that helper, or not for this type of program"},
	{"while holding a lock", "between bpf_spin_lock() and bpf_spin_unlock() nothing may be "
				 "called: do it before or after"},
	{"helper call is not allowed", "this kernel does not let that helper be called from this "
				       "hook; a newer one may"},
	{"function calls are not allowed",
		"this kernel wants the function inlined: __always_inline"},
	{"BPF_STX uses reserved fields",
		"before Linux 5.12 the only atomic operation is to add, without using "
		"the result; compilers also turn the addition of 0 into another one"},
	{"invalid bpf_context access", "this type of program can't read that part of its context; "
				       "see the helpers, e.g. bpf_skb_load_bytes()"},
};

static bool is_statistics(const char *line)
{
	static const char *const starts[] = {"processed ", "verification time ", "stack depth ",
		"mark_precise", "peak_states", "cur state: ", "old state: "};
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (!strncmp(line, starts[i], strlen(starts[i])))
			return true;
	return false;
}

/* The start of the line before `line`, or NULL at the beginning. */
static const char *line_before(const char *log, const char *line)
{
	if (line == log)
		return NULL;
	const char *p = line - 1;
	while (p > log && p[-1] != '\n')
		p--;
	return p;
}

/* "R1 offset is outside of the packet": which access that was stands in the line before. */
static const char *whole_reason(const char *log, const char *line, size_t n)
{
	static const char outside[] = " is outside of ", access[] = "invalid access to ";
	const char *before = line_before(log, line);
	const char *found = strstr(line, outside);
	bool second = line[0] == 'R' && found && found < line + n;
	return second && before && !strncmp(before, access, strlen(access)) ? before : NULL;
}

bool verdict_reason(const char *log, char *buf, size_t size)
{
	const char *end = log + strlen(log);
	for (const char *p = line_before(log, end); p; p = line_before(log, p)) {
		size_t n = strcspn(p, "\n");
		if (n && !is_statistics(p)) {
			const char *first = whole_reason(log, p, n);
			snprintf(buf, size, "%.*s%s%.*s", first ? (int)strcspn(first, "\n") : 0,
				first ? first : "", first ? "; " : "", (int)n, p);
			return true;
		}
	}
	return false;
}

const char *verdict_tail(const char *log, unsigned lines)
{
	const char *p = log + strlen(log);
	for (; lines && p > log; lines--)
		p = line_before(log, p);
	return p;
}

/* The number of the instruction that the log speaks of last: a line that begins with "12: ". */
bool verdict_insn(const char *log, uint32_t *insn)
{
	const char *end = log + strlen(log);
	for (const char *p = line_before(log, end); p; p = line_before(log, p)) {
		char *colon;
		unsigned long n = strtoul(p, &colon, 10);
		if (colon != p && *p >= '0' && *p <= '9' && *colon == ':' && n < UINT32_MAX) {
			*insn = (uint32_t)n;
			return true;
		}
	}
	return false;
}

bool verdict_source(const char *log, char *buf, size_t size)
{
	const char *end = log + strlen(log);
	for (const char *p = line_before(log, end); p; p = line_before(log, p)) {
		size_t n = strcspn(p, "\n");
		/* "; code @ file:line", or without the place before 6.9; line 0 is the compiler's
		 * own */
		if (n > 3 && p[0] == ';' && p[1] == ' ' && p[2] != ' ' && strncmp(p, ";  @", 4)) {
			snprintf(buf, size, "%.*s", (int)n - 2, p + 2);
			return true;
		}
	}
	return false;
}

const char *verdict_cure(const char *reason)
{
	for (size_t i = 0; i < sizeof cures / sizeof *cures; i++)
		if (strstr(reason, cures[i].words))
			return cures[i].cure;
	return NULL;
}
