/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Which loads of a program read its context. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "elf/base/insn.h"
#include "elf/link/ctx_use.h"

#define COPY(d, s)                                                                                 \
	{                                                                                          \
		BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0                                            \
	}
#define NUMBER(d, n)                                                                               \
	{                                                                                          \
		BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, n                                            \
	}
#define LOAD(sz, s, at)                                                                            \
	{                                                                                          \
		BPF_LDX | BPF_MEM | (sz), 2, s, at, 0                                              \
	}
#define CALL(helper)                                                                               \
	{                                                                                          \
		BPF_JMP | BPF_CALL, 0, 0, 0, helper                                                \
	}
#define IF_ZERO(r, to)                                                                             \
	{                                                                                          \
		BPF_JMP | BPF_JEQ | BPF_K, r, 0, to, 0                                             \
	}
#define GO(to)                                                                                     \
	{                                                                                          \
		BPF_JMP | BPF_JA, 0, 0, to, 0                                                      \
	}
#define EXIT                                                                                       \
	{                                                                                          \
		BPF_JMP | BPF_EXIT, 0, 0, 0, 0                                                     \
	}

static bool tell(void *ctx, int32_t off, uint32_t size)
{
	char *text = ctx;
	sprintf(text + strlen(text), "%d:%u ", off, size);
	return true;
}

static bool tell_one(void *ctx, int32_t off, uint32_t size)
{
	tell(ctx, off, size);
	return false;
}

static void check_bytes(const struct insn *code, size_t n, const char *want, bool big)
{
	uint8_t bytes[32 * INSN_SIZE];
	char text[200] = "";
	for (size_t i = 0; i < n; i++)
		insn_put(bytes + i * INSN_SIZE, big, code[i]);
	assert_true(ctxuse_each(bytes, n, big, tell, text));
	assert_string_equal(text, want);
	text[0] = 0;
	ctxuse_each(bytes, n, big, tell_one, text);
	assert_int_equal(strcspn(text, " "), strcspn(want, " "));
	assert_true(ctxuse_calls(bytes, n, big, 77) == (strstr(want, "calls") != NULL));
}

#define CHECK(want, ...)                                                                           \
	do {                                                                                       \
		const struct insn code[] = {__VA_ARGS__};                                          \
		check_bytes(code, sizeof code / sizeof *code, want, *(bool *)*state);              \
	} while (0)

static void straight(void **state)
{
	CHECK("8:4 ", LOAD(BPF_W, 1, 8), EXIT);
	CHECK("16:8 0:1 2:2 ", COPY(6, 1), LOAD(BPF_DW, 6, 16), CALL(14), LOAD(BPF_B, 6, 0),
		LOAD(BPF_H, 6, 2), EXIT);
	/* r1 is clobbered by a call, r6 by a write */
	CHECK("", CALL(14), LOAD(BPF_W, 1, 8), EXIT);
	CHECK("", COPY(6, 1), NUMBER(6, 3), LOAD(BPF_W, 6, 8), EXIT);
	/* a loaded value is not the context, whichever register it overwrites */
	CHECK("8:8 ", COPY(2, 1), LOAD(BPF_DW, 2, 8), LOAD(BPF_W, 2, 4), EXIT);
	CHECK("-4:8 ", {BPF_LDX | BPF_MEM | BPF_DW, 0, 1, -4, 0}, EXIT);
	/* unreachable code is ignored */
	CHECK("", EXIT, LOAD(BPF_W, 1, 8), EXIT);
	CHECK("", {BPF_ALU | BPF_MOV | BPF_X, 6, 1, 0, 0}, LOAD(BPF_W, 6, 0), EXIT);
}

static void paths(void **state)
{
	/* on both paths */
	CHECK("8:4 ", COPY(6, 1), CALL(14), IF_ZERO(0, 1), NUMBER(0, 1), LOAD(BPF_W, 6, 8), EXIT);
	/* on one path only */
	CHECK("", COPY(6, 1), CALL(14), IF_ZERO(0, 1), NUMBER(6, 1), LOAD(BPF_W, 6, 8), EXIT);
	/* a loop that writes the register: known only in the second iteration */
	CHECK("", COPY(6, 1), LOAD(BPF_W, 6, 8), NUMBER(6, 1), GO(-3), EXIT);
	CHECK("8:4 ", COPY(6, 1), LOAD(BPF_W, 6, 8), IF_ZERO(2, -2), EXIT);
	/* jumps out of the program are ignored */
	CHECK("8:4 ", LOAD(BPF_W, 1, 8), IF_ZERO(2, 300), IF_ZERO(2, -300), EXIT);
	/* a wide constant occupies two slots; the second is not an instruction */
	CHECK("4:4 ", {BPF_LD | BPF_IMM | BPF_DW, 3, 0, 0, 1}, {0, 0, 0, 0, 0}, LOAD(BPF_W, 1, 4),
		EXIT);
	CHECK("4:4 ", {BPF_STX | BPF_ATOMIC | BPF_DW, 10, 3, -8, BPF_FETCH}, LOAD(BPF_W, 1, 4),
		EXIT);
	CHECK("", {BPF_STX | BPF_ATOMIC | BPF_DW, 10, 1, -8, BPF_FETCH}, LOAD(BPF_W, 1, 4), EXIT);
}

static void calls(void **state)
{
	bool big = *(bool *)*state;
	uint8_t bytes[3 * INSN_SIZE];
	const struct insn code[] = {
		{BPF_LD | BPF_IMM | BPF_DW, 3, 0, 0, 0}, {BPF_JMP | BPF_CALL, 0, 0, 0, 9}, CALL(2)};
	for (int i = 0; i < 3; i++)
		insn_put(bytes + i * INSN_SIZE, big, code[i]);
	assert_true(ctxuse_calls(bytes, 3, big, 2));
	assert_false(ctxuse_calls(bytes, 3, big, 9)); /* the second half of a constant */
	insn_put(bytes + 2 * INSN_SIZE, big, (struct insn){BPF_JMP | BPF_CALL, 0, 1, 0, 2});
	assert_false(ctxuse_calls(bytes, 3, big, 2)); /* a subprogram */
	assert_true(ctxuse_each(NULL, 0, big, tell, NULL));
}

int main(void)
{
	static bool little = false, big = true;
#define BOTH(f)                                                                                    \
	{#f " (little)", f, NULL, NULL, &little},                                                  \
	{                                                                                          \
#f " (big)", f, NULL, NULL, &big                                                   \
	}
	const struct CMUnitTest tests[] = {BOTH(straight), BOTH(paths), BOTH(calls)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
