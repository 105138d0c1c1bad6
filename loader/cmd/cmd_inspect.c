/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"
#include "record_args.h"

#include "loader/explain/inspect.h"
#include "loader/kernel/file.h"
#include "loader/show/clean.h"

#include <getopt.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde inspect [options] OBJECT\n"
	"\n"
	"Shows what an object contains - programs, maps, variables, relocations - and how\n"
	"its CO-RE relocations resolve on a kernel. Nothing is loaded.\n"
	"\n"
	"  -S, --sections       every ELF section\n"
	"  -c, --code           instructions, as compiled and as linked\n"
	"  -p, --only PROG      the code of this program only (repeatable)\n"
	"  -t, --target DIR     resolve against another kernel (see sonde plan --help)\n"
	"      --btf FILE       vmlinux BTF of that kernel\n" CMD_RECORD_USAGE
	"  -j, --json           one JSON object per line\n";

enum { OPT_BTF = 256 };

static int inspect(const char *path, const char *dir, const char *btf,
	const struct cmd_records *records, struct inspect_options *opt)
{
	struct session s;
	struct record_args types = {0};
	struct span bytes = {0};
	struct err e = {0};
	bool ok = session_open(&s, dir, &e);
	s.target.btf_file = btf;
	FILE *out = opt->json ? stdout : clean_open(stdout, false);
	opt->from = &types.from;
	ok = ok && (out || err_nomem(&e)) && file_read(path, &bytes, &e) &&
	     record_args_open(&types, records, path, &s, &e) &&
	     inspect_object(path, bytes, opt, &s.target, out, &e);
	if (ok)
		record_args_note(&types);
	if (ok && btf && !s.target.btf_needed)
		cmd_say("note", "--btf was not used: nothing depends on kernel types");
	record_args_close(&types);
	clean_close(out, stdout);
	file_free(&bytes);
	session_close(&s);
	return ok ? cmd_finish() : cmd_fail(&e);
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"sections", no_argument, NULL, 'S'},
		{"code", no_argument, NULL, 'c'}, {"only", required_argument, NULL, 'p'},
		{"target", required_argument, NULL, 't'}, {"json", no_argument, NULL, 'j'},
		{"btf", required_argument, NULL, OPT_BTF}, CMD_RECORD_OPTIONS, CMD_HELP, {0}};
	struct inspect_options opt = {0};
	struct cmd_list only = {0};
	struct cmd_records records = {0};
	bool full = false;
	const char *dir = NULL, *btf = NULL;
	for (int c; (c = cmd_option(argc, argv, "Scp:t:jh", options)) != -1;)
		switch (c) {
		case 'S':
			opt.sections = true;
			break;
		case 'c':
			opt.code = true;
			break;
		case 'p':
			opt.code = true;
			full |= !cmd_list_add(&only, optarg);
			break;
		case 't':
			dir = optarg;
			break;
		case 'j':
			opt.json = true;
			break;
		case OPT_BTF:
			btf = optarg;
			break;
		case 'h':
			return cmd_help(v);
		default:
			if (!cmd_record_option(&records, c, optarg, &full))
				return cmd_usage(v, NULL);
		}
	if (argc - optind != 1)
		return cmd_usage(
			v, argc == optind ? "no object given" : "more than one object given");
	int status = cmd_record_check(v, &records, full);
	if (status != OPTION_TAKEN)
		return status;
	opt.only = only.items;
	opt.n_only = only.n;
	return inspect(argv[optind], dir, btf, &records, &opt);
}

const struct verb verb_inspect = {
	"inspect", "show the contents of an object and how it links", usage, run};
