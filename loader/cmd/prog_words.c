/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "prog_words.h"
#include "trial_data.h"

#include "elf/base/number.h"
#include "elf/base/suggest.h"
#include "loader/kernel/file.h"
#include "loader/show/print.h"
#include "loader/trial/trial.h"
#include "loader/trial/verdict.h"

#include <string.h>

enum { OUT_MAX = 1 << 17 };

/* The values of the words, by keyword. */
enum word { DATA_IN, DATA_OUT, DATA_SIZE, CTX_IN, CTX_OUT, CTX_SIZE, REPEAT, WORDS };
static const char *const keywords[WORDS] = {[DATA_IN] = "data_in",
	[DATA_OUT] = "data_out",
	[DATA_SIZE] = "data_size_out",
	[CTX_IN] = "ctx_in",
	[CTX_OUT] = "ctx_out",
	[CTX_SIZE] = "ctx_size_out",
	[REPEAT] = "repeat"};

static bool read_words(const struct live_args *a, const char *values[static WORDS], struct err *e)
{
	for (int i = 0; i < a->n_words; i += 2) {
		struct suggestion s = suggest_for(a->words[i]);
		int k = 0;
		while (k < WORDS && strcmp(keywords[k], a->words[i]) != 0)
			suggest_consider(&s, keywords[k++]);
		if (k == WORDS) {
			err_set(e, "run: unknown word '%s'", a->words[i]);
			return suggest_hint(&s, "expected are",
				"data_in, data_out, data_size_out, ctx_in, ctx_out, ctx_size_out, "
				"repeat",
				e);
		}
		if (i + 1 == a->n_words)
			return err_set(e, "run: %s expects a value", keywords[k]);
		if (values[k])
			return err_set(e, "run: %s is given twice", keywords[k]);
		values[k] = a->words[i + 1];
	}
	return true;
}

static bool read_number(const char *text, enum word k, uint32_t most, uint32_t otherwise,
	uint32_t *n, struct err *e)
{
	char *end;
	uint64_t value = text ? text_u64(text, &end, 10) : otherwise;
	*n = (uint32_t)value;
	return !text || (*text >= '0' && *text <= '9' && !*end && value && value <= most) ||
	       err_set(e, "run: %s expects a number from 1 to %u, got '%s'", keywords[k], most,
		       text);
}

/* Reads the input of one keyword into memory from the arena. */
static bool read_input(struct live_args *a, const char *text, enum word k, const void **bytes,
	uint32_t *n, struct err *e)
{
	struct packet *p = text ? arena_alloc(&a->s.arena, sizeof *p) : NULL;
	if (!text)
		return true;
	if (!p)
		return err_nomem(e);
	if (!trial_data(p, text, keywords[k], e))
		return false;
	*bytes = p->bytes;
	*n = (uint32_t)p->n;
	return true;
}

static bool write_output(
	struct live_args *a, const char *path, const void *bytes, uint32_t n, struct err *e)
{
	static const uint8_t nothing[1];
	if (!path)
		return true;
	if (strcmp(path, "-") != 0)
		return file_write(path, (struct span){bytes, n, host_is_big()}, e);
	if (!a->l.json)
		trial_print_changes(nothing, 0, bytes, n, "", a->l.out);
	return true;
}

static void print_result(struct live_args *a, const struct live_prog *p, const struct prog_run *run)
{
	const char *verdict = verdict_name(p->info.type, run->retval);
	if (!a->l.json) {
		print(a->l.out, "Return value: %u, duration (average): %uns%s%s%s\n", run->retval,
			run->duration_ns, verdict ? " (" : "", verdict ? verdict : "",
			verdict ? ")" : "");
		return;
	}
	struct json j = json_start(a->l.out);
	json_open(&j, '{');
	json_member_str(&j, "what", "prog_run");
	json_member_uint(&j, "retval", run->retval);
	json_member_uint(&j, "duration", run->duration_ns);
	if (verdict)
		json_member_str(&j, "verdict", verdict);
	json_close(&j);
	json_line(&j);
}

bool prog_words_run(struct live_args *a, const struct live_prog *p, struct err *e)
{
	const char *v[WORDS] = {NULL};
	struct prog_run run = {0};
	if (!read_words(a, v, e) || !read_number(v[REPEAT], REPEAT, INT32_MAX, 0, &run.repeat, e) ||
		!read_number(v[DATA_SIZE], DATA_SIZE, OUT_MAX, OUT_MAX, &run.out_n, e) ||
		!read_number(v[CTX_SIZE], CTX_SIZE, OUT_MAX, 4096, &run.ctx_out_n, e) ||
		!read_input(a, v[DATA_IN], DATA_IN, &run.data, &run.n, e) ||
		!read_input(a, v[CTX_IN], CTX_IN, &run.ctx, &run.ctx_n, e))
		return false;
	run.out = v[DATA_OUT] ? arena_alloc(&a->s.arena, run.out_n) : NULL;
	run.ctx_out = v[CTX_OUT] ? arena_alloc(&a->s.arena, run.ctx_out_n) : NULL;
	run.ctx_out_n = run.ctx_out ? run.ctx_out_n : 0;
	if ((v[DATA_OUT] && !run.out) || (v[CTX_OUT] && !run.ctx_out))
		return err_nomem(e);
	long no = prog_run(&a->s.watch, p->fd, &run);
	if (no) {
		const struct trial t = {p->fd, p->info.type, p->name, &a->s.watch, &a->s.arena};
		return trial_explain(&t, run.n, run.ctx_n, no, e);
	}
	print_result(a, p, &run);
	return write_output(a, v[DATA_OUT], run.out, run.out_n, e) &&
	       write_output(a, v[CTX_OUT], run.ctx_out, run.ctx_out_n, e);
}
