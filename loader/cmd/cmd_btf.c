/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "elf/base/number.h"
#include "elf/btf/btf_c.h"
#include "loader/live/btf_list.h"
#include "loader/show/clean.h"
#include "loader/show/json.h"
#include "loader/show/type_list.h"
#include "loader/symbols/type_source.h"

#include <getopt.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde btf list [FILE]         list types: id, kind, size, name\n"
	"       sonde btf show NAME [FILE]    print a type as C, with offsets and sizes\n"
	"       sonde btf c [FILE]            print all types as a C header (vmlinux.h)\n"
	"       sonde btf objects             list BTF in the kernel, and what uses it\n"
	"\n"
	"FILE is raw BTF or an ELF file with a .BTF section (a kernel, a module, a BPF\n"
	"object; either byte order). A number is the id of a BTF object in the kernel; a\n"
	"name that is not a file is a module. The default is the running kernel. NAME may\n"
	"be 'struct NAME' or a type id.\n"
	"\n"
	"  -k, --kind KIND      list, show: only types of this kind (struct, func, ...;\n"
	"                       repeatable)\n"
	"  -n, --name PATTERN   list: only names that match, with * and ?\n"
	"  -B, --base FILE      base BTF of a split FILE, if not the kernel's\n"
	"  -t, --target DIR     use another kernel (see sonde plan --help)\n"
	"  -j, --json           list, show, objects: one JSON object per line, in full\n"
	"\n"
	"examples:\n"
	"  sonde btf show task_struct\n"
	"  sonde btf show struct pair prog.bpf.o\n"
	"  sonde btf list --kind func --name 'tcp_v4_*'\n"
	"  sonde btf c >vmlinux.h\n";

struct btf_args {
	struct session s;
	struct type_source file;
	struct type_list_filter filter;
	const char *name; /* of the type to show */
	const char *base, *dir;
	bool json;
};

/* ---- list ---- */

static bool list(struct btf_args *a, struct err *e)
{
	const struct btf *b = a->file.btf;
	FILE *out = a->json ? stdout : clean_open(stdout, false);
	if (!out)
		return err_nomem(e);
	size_t n =
		a->json ? type_list_json(b, &a->filter, out) : type_list_print(b, &a->filter, out);
	clean_close(out, stdout);
	return n || err_set(e, "%s: no type matches", a->file.from);
}

/* ---- C ---- */

static void to_file(void *ctx, const char *text, size_t n)
{
	fwrite(text, 1, n, ctx);
}

static bool show_one(struct btf_args *a, const struct btf_type *t, struct err *e)
{
	if (!a->json)
		return btf_c_show(
			t->btf, t->id, (struct btf_text){to_file, stdout}, &a->s.arena, e);
	type_list_json_one(t, stdout);
	return true;
}

static bool no_such_type(struct btf_args *a, struct err *e)
{
	char names[300];
	type_list_suggest(a->file.btf, a->name, a->filter.kinds, names, sizeof names);
	err_set(e, "%s: unknown type '%s'", a->file.from, a->name);
	return *names ? err_hint(e, "similar names: %s", names)
	              : err_hint(e, "`sonde btf list --name '*part*'` finds names");
}

/* All types of that name: tags, typedefs and functions are separate name spaces. */
static bool show(struct btf_args *a, struct err *e)
{
	const struct btf *b = a->file.btf;
	struct btf_type t = {0};
	char *end;
	unsigned long id = text_ulong(a->name, &end, 10);
	if (*a->name >= '0' && *a->name <= '9' && !*end) {
		if (!id || id > UINT32_MAX || !btf_type(b, (uint32_t)id, &t))
			return err_set(e, "%s: unknown type id %s: the last one is %u",
				a->file.from, a->name, b->end - 1);
		return show_one(a, &t, e);
	}
	bool more = false;
	for (; type_list_named(b, a->name, a->filter.kinds, &t); more = true) {
		if (more && !a->json)
			putchar('\n');
		if (!show_one(a, &t, e))
			return false;
	}
	return more || no_such_type(a, e);
}

static bool header(struct btf_args *a, struct err *e)
{
	fputs("/*\n"
	      " * Kernel types, written by sonde btf c. clang records each member access by name\n"
	      " * (CO-RE), so that programs run on kernels with other layouts; disable this with\n"
	      " * -DBPF_NO_PRESERVE_ACCESS_INDEX. Do not combine with <linux/...> headers.\n"
	      " */\n"
	      "#ifndef __VMLINUX_H__\n"
	      "#define __VMLINUX_H__\n"
	      "\n"
	      "#ifdef __clang__\n"
	      "#pragma clang diagnostic push\n"
	      "#pragma clang diagnostic ignored \"-Wgnu-variable-sized-type-not-at-end\"\n"
	      "#endif\n"
	      "#if defined(__clang__) && defined(__bpf__) && "
	      "!defined(BPF_NO_PRESERVE_ACCESS_INDEX)\n"
	      "#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = "
	      "record)\n"
	      "#endif\n"
	      "\n",
		stdout);
	bool ok = btf_c_header(a->file.btf, (struct btf_text){to_file, stdout}, &a->s.arena, e);
	if (ok)
		fputs("\n"
		      "#if defined(__clang__) && defined(__bpf__) && "
		      "!defined(BPF_NO_PRESERVE_ACCESS_INDEX)\n"
		      "#pragma clang attribute pop\n"
		      "#endif\n"
		      "#ifdef __clang__\n"
		      "#pragma clang diagnostic pop\n"
		      "#endif\n"
		      "\n"
		      "#endif\n",
			stdout);
	return ok || err_where(e, "%s", a->file.from);
}

/* ---- objects ---- */

static bool objects(struct btf_args *a, struct err *e)
{
	struct live l;
	FILE *out = a->json ? stdout : clean_open(stdout, false);
	if (!out)
		return err_nomem(e);
	live_open(&l, &a->s.target, a->json, out);
	bool ok = btf_objects_list(&l, e);
	clean_close(out, stdout);
	return ok;
}

/* ---- actions ---- */

/* Options that only some actions have. */
enum { TAKES_KIND = 1, TAKES_NAME = 2, TAKES_JSON = 4 };
static const char *const option_names[] = {"--kind", "--name", "--json"};

static const struct action {
	const char *name;
	bool (*run)(struct btf_args *a, struct err *e);
	bool named; /* NAME comes first */
	uint8_t takes;
	bool alone; /* without FILE */
} actions[] = {{"list", list, false, TAKES_KIND | TAKES_NAME | TAKES_JSON, false},
	{"show", show, true, TAKES_KIND | TAKES_JSON, false}, {"c", header, false, 0, false},
	{"objects", objects, false, TAKES_JSON, true}};

static int go(struct btf_args *a, const struct action *action, const char *file)
{
	struct err e = {0};
	bool ok = session_open(&a->s, a->dir, &e) &&
	          (action->alone || type_source_open(&a->file, file, a->base, &a->s.target,
					    &a->s.arena, &e)) &&
	          action->run(a, &e);
	if (ok && a->base && !a->file.base_bytes.n)
		cmd_say("note", "--base was not used: these types have no base, or their own");
	if (ok && a->dir && !a->s.target.btf_needed)
		cmd_say("note", "--target was not used: nothing depends on kernel types");
	type_source_close(&a->file);
	session_close(&a->s);
	return ok ? cmd_finish() : cmd_fail(&e);
}

/* Parses the arguments of an action: [NAME] [FILE]. */
static int words(
	const struct verb *v, struct btf_args *a, const struct action *action, char **word, int n)
{
	unsigned given = (a->filter.kinds ? TAKES_KIND : 0) | (a->filter.name ? TAKES_NAME : 0) |
	                 (a->json ? TAKES_JSON : 0);
	if (action->named) {
		uint32_t kinds = n > 1 ? type_list_kinds(word[0]) : 0;
		if (kinds) {
			a->filter.kinds = kinds;
			word++;
			n--;
		}
		if (!n)
			return cmd_usage(v, "show: no type given");
		a->name = *word++;
		n--;
	}
	if (n > !action->alone)
		return cmd_usage(v, "%s: too many arguments", action->name);
	int status = cmd_check_options(v, action->name, given & ~action->takes, option_names);
	return status != OPTION_TAKEN ? status : go(a, action, n ? *word : NULL);
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"kind", required_argument, NULL, 'k'},
		{"name", required_argument, NULL, 'n'}, {"base", required_argument, NULL, 'B'},
		{"target", required_argument, NULL, 't'}, {"json", no_argument, NULL, 'j'},
		CMD_HELP, {0}};
	struct btf_args a = {0};
	uint32_t kinds;
	for (int c; (c = cmd_option(argc, argv, "k:n:B:t:jh", options)) != -1;)
		switch (c) {
		case 'k':
			if (!(kinds = type_list_kinds(optarg)))
				return cmd_usage(v, "unknown kind '%s'", optarg);
			a.filter.kinds |= kinds;
			break;
		case 'n':
			a.filter.name = optarg;
			break;
		case 'B':
			a.base = optarg;
			break;
		case 't':
			a.dir = optarg;
			break;
		case 'j':
			a.json = true;
			break;
		case 'h':
			return cmd_help(v);
		default:
			return cmd_usage(v, NULL);
		}
	if (optind == argc)
		return cmd_usage(v, "expected list, show, c or objects");
	const char *word = argv[optind++];
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (!strcmp(word, actions[i].name))
			return words(v, &a, &actions[i], argv + optind, argc - optind);
	return cmd_usage(v, "unknown action '%s': expected list, show, c or objects", word);
}

const struct verb verb_btf = {
	"btf", "list types, show one, or print all as a C header", usage, run};
