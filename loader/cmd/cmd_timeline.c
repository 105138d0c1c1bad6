/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "elf/base/number.h"
#include "loader/boot/timeline.h"
#include "loader/kernel/file.h"
#include "loader/show/clean.h"
#include "loader/show/terminal.h"

#include <getopt.h>
#include <stdlib.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde timeline [options] FILE\n"
	"\n"
	"Draws a boot that sonde init has recorded with boot.bpf.o: which program ran\n"
	"when, from its exec to its exit (#) or to the end of the recording (=), files\n"
	"opened and modules loaded. START is in seconds since boot. FILE is what sonde\n"
	"init --collect --output has saved.\n"
	"\n"
	"  -r, --rows N         show the N programs that took longest (40, in SVG 400)\n"
	"      --svg FILE       write an SVG drawing instead, for a browser\n"
	"\n"
	"examples:\n"
	"  sonde timeline boot.rec\n"
	"  sonde timeline boot.rec --svg boot.svg\n";

enum {
	OPT_SVG = 256,
	ROWS = 40,
	ROWS_SVG = 400,
	ROWS_MAX = 100000,
	WIDTH_MIN = 60,
	WIDTH_MAX = 200
};

struct timeline_args {
	const char *path, *svg;
	size_t rows;
};

static unsigned columns(void)
{
	unsigned width = terminal_width(stdout);
	width = width ? width : TERMINAL_WIDTH;
	return width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : width;
}

/* In memory first: a drawing is replaced as a whole, or not at all. */
static bool write_svg(
	const struct timeline_args *a, const struct timeline *t, struct arena *arena, struct err *e)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	bool ok = out ? timeline_svg(t, a->rows ? a->rows : ROWS_SVG, arena, out, e) : err_nomem(e);
	bool whole = out && !ferror(out) && !fclose(out);
	ok = ok && (whole || err_nomem(e)) &&
	     file_write(a->svg, (struct span){(const uint8_t *)text, n, false}, e);
	free(text);
	return ok;
}

static bool write_text(
	const struct timeline_args *a, const struct timeline *t, struct arena *arena, struct err *e)
{
	FILE *out = clean_open(stdout, false);
	bool ok = out ? timeline_text(t, columns(), a->rows ? a->rows : ROWS, arena, out, e)
	              : err_nomem(e);
	clean_close(out, stdout);
	return ok;
}

static int draw(const struct timeline_args *a)
{
	struct arena arena = {0};
	struct span bytes = {0};
	struct replay r;
	struct timeline t;
	struct err e = {0};
	bool ok = file_read(a->path, &bytes, &e) &&
	          replay_open(&r, a->path, bytes, NULL, &arena, &e) && timeline_make(&t, &r, &e);
	ok = ok && (a->svg ? write_svg : write_text)(a, &t, &arena, &e);
	file_free(&bytes);
	arena_free(&arena);
	return ok ? cmd_finish() : cmd_fail(&e);
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"rows", required_argument, NULL, 'r'},
		{"svg", required_argument, NULL, OPT_SVG}, CMD_HELP, {0}};
	struct timeline_args a = {.rows = 0};
	char *end;
	for (int c; (c = cmd_option(argc, argv, "r:h", options)) != -1;)
		switch (c) {
		case 'r': {
			uint64_t n = text_u64(optarg, &end, 10);
			a.rows = (size_t)n;
			if (end == optarg || *end || !n || n > ROWS_MAX)
				return cmd_usage(
					v, "--rows expects 1 to %d, got '%s'", ROWS_MAX, optarg);
			break;
		}
		case OPT_SVG:
			a.svg = optarg;
			break;
		default:
			return c == 'h' ? cmd_help(v) : cmd_usage(v, NULL);
		}
	if (argc - optind != 1)
		return cmd_usage(v, argc > optind ? "more than one file given" : "no file given");
	a.path = argv[optind];
	return draw(&a);
}

const struct verb verb_timeline = {"timeline", "draw a boot that was recorded", usage, run};
