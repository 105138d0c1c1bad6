/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "loader/explain/emit_c.h"
#include "loader/kernel/file.h"

#include <getopt.h>
#include <stdlib.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde emit-c [options] FILE\n"
	"\n"
	"Writes what `sonde run FILE` does as one C file, for reading: every call with\n"
	"its fields by name, instructions with their text and source line, fallbacks for\n"
	"older kernels as conditions on errno. It needs a C compiler and the kernel's\n"
	"headers, no library. FILE is an object (.bpf.o) or a saved plan. What the C\n"
	"program could not do or show as sonde does is refused.\n"
	"\n"
	"  -o, --output FILE    instead of stdout\n"
	"      --silent         only load and attach: show no records, maps or lines\n"
	"  -t, --target DIR     write it for another kernel (see sonde plan --help)\n"
	"      --on PROG=TARGET where to attach a program whose section does not say\n"
	"                       (repeatable)\n" CMD_OBJECT_USAGE CMD_RECORD_USAGE CMD_KERNEL_USAGE
	"\n"
	"examples:\n"
	"  sonde emit-c hello.bpf.o -o hello.c && cc -std=c11 hello.c -o hello\n"
	"  sonde emit-c --silent --on eth0 xdpgate.bpf.o\n";

enum { OPT_SILENT = 256 };

struct emit_args {
	struct cmd_object object;
	const char *output, *target;
	bool silent;
};

static bool write_text(const struct emit_args *a, const char *text, size_t n, struct err *e)
{
	const struct span bytes = {(const uint8_t *)text, n, false};
	if (a->output)
		return file_write(a->output, bytes, e);
	fwrite(text, 1, n, stdout);
	return true;
}

static int emit(const char *path, const struct emit_args *a)
{
	struct session s;
	struct plan plan;
	struct machine m;
	struct err e = {0};
	char *text = NULL;
	size_t n = 0;
	bool ok = session_open(&s, a->target, &e) &&
	          cmd_object_plan(&s, &plan, path, &a->object, (struct plan_options){0}, &e) &&
	          target_machine(&s.target, &m, &e) && plan_fit(&plan, &m, &e);
	const struct emit_options opt = {a->silent, s.target.machine};
	FILE *out = ok ? open_memstream(&text, &n) : NULL;
	ok = ok && (out || err_nomem(&e)) && emit_c(&plan, &opt, &s.arena, out, &e);
	if (out && fclose(out))
		ok = ok && err_nomem(&e);
	ok = ok && write_text(a, text, n, &e);
	free(text);
	session_close(&s);
	return ok ? cmd_finish() : cmd_fail(&e);
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {CMD_OBJECT_OPTIONS, CMD_RECORD_OPTIONS,
		{"output", required_argument, NULL, 'o'}, {"target", required_argument, NULL, 't'},
		{"silent", no_argument, NULL, OPT_SILENT}, CMD_HELP, {0}};
	struct emit_args a = {0};
	int status;
	for (int c; (c = cmd_option(argc, argv, "o:t:p:s:h", options)) != -1;)
		switch (c) {
		case 'o':
			a.output = optarg;
			break;
		case 't':
			a.target = optarg;
			break;
		case OPT_SILENT:
			a.silent = true;
			break;
		default:
			status = cmd_object_option(v, &a.object, c, optarg);
			if (status != OPTION_TAKEN)
				return status;
		}
	status = cmd_object_file(v, &a.object, argc - optind);
	return status == OPTION_TAKEN ? emit(argv[optind], &a) : status;
}

const struct verb verb_emit = {
	"emit-c", "write what run does as a C file, for reading", usage, run};
