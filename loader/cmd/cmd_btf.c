/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "btf_write.h"
#include "cmd.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "elf/btf/btf_archive.h"
#include "elf/btf/btf_c.h"
#include "loader/kernel/file.h"
#include "loader/live/btf_list.h"
#include "loader/show/clean.h"
#include "loader/show/json.h"
#include "loader/show/listing.h"
#include "loader/show/type_list.h"
#include "loader/symbols/type_source.h"

#include <getopt.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde btf list [FILE]         list types: id, kind, size, name\n"
	"       sonde btf show NAME [FILE]    print a type as C, with offsets and sizes\n"
	"       sonde btf c [FILE]            print all types as a C header (vmlinux.h)\n"
	"       sonde btf objects             list BTF in the kernel, and what uses it\n"
	"       sonde btf min OBJECT... -o FILE\n"
	"       sonde btf archive OBJECT... --btf KERNEL... -o FILE\n"
	"       sonde btf archive KERNEL... -o FILE\n"
	"\n"
	"FILE is raw BTF or an ELF file with a .BTF section (a kernel, a module, a BPF\n"
	"object; either byte order), also compressed with gzip. A number is the id of a\n"
	"BTF object in the kernel; a name that is not a file is a module. The default is\n"
	"the running kernel. NAME may be 'struct NAME' or a type id.\n"
	"\n"
	"min writes the types of a kernel that the CO-RE relocations of objects need, a\n"
	"few hundred bytes that --btf takes on that kernel. archive writes those of\n"
	"several kernels, of which --btf takes the running one's; without objects, all\n"
	"their types. KERNEL is a directory as for --target, an archive, a vmlinux, a\n"
	"file named RELEASE.btf, or RELEASE=FILE or RELEASE:MACHINE=FILE. list shows the\n"
	"kernels of an archive.\n"
	"\n"
	"  -k, --kind KIND      list, show: only types of this kind (struct, func, ...;\n"
	"                       repeatable)\n"
	"  -n, --name PATTERN   list: only names that match, with * and ?\n"
	"  -B, --base FILE      base BTF of a split FILE, if not the kernel's\n"
	"  -t, --target DIR     use another kernel (see sonde plan --help)\n"
	"  -b, --btf KERNEL     min: the types of the kernel; archive: repeatable\n"
	"  -o, --output FILE    min, archive: the file to write\n"
	"  -j, --json           list, show, objects: one JSON object per line, in full\n"
	"\n"
	"examples:\n"
	"  sonde btf show task_struct\n"
	"  sonde btf show struct pair prog.bpf.o\n"
	"  sonde btf list --kind func --name 'tcp_v4_*'\n"
	"  sonde btf c >vmlinux.h\n"
	"  sonde btf min opensnoop.bpf.o --btf vmlinux -o opensnoop.btf\n"
	"  sonde btf archive opensnoop.bpf.o -b k5.10 -b k6.12 -o kernels.btfa\n"
	"  sonde run --btf kernels.btfa opensnoop.bpf.o\n";

struct btf_args {
	struct session s;
	struct type_source file;
	struct type_list_filter filter;
	struct btf_write write;
	const char *name; /* of the type to show */
	const char *base, *dir;
	bool json;
};

/* ---- list ---- */

/* The kernels of an archive. */
static bool list_kernels(struct btf_args *a, struct span file, struct err *e)
{
	static const char *const heads[] = {"release", "machine", "bytes", NULL};
	struct btf_archive ar;
	char bytes[16];
	struct listing l = listing(&a->s.arena, "kernel", "kernels", heads);
	FILE *out = a->json ? stdout : clean_open(stdout, false);
	if (!out)
		return err_nomem(e);
	bool ok = btf_archive_open(&ar, file, &a->s.arena, e);
	for (uint32_t i = 0; ok && i < ar.n; i++) {
		struct btf_archive_row row = btf_archive_row(&ar, i);
		text_print(bytes, sizeof bytes, "%zu", row.types.n);
		listing_row(&l, row.release, row.machine, bytes);
	}
	listing_print(&l, a->json, out);
	clean_close(out, stdout);
	return ok;
}

/* Whether the file to be listed is an archive: *ok tells then whether it was listed. */
static bool is_archive(struct btf_args *a, const char *path, bool *ok, struct err *e)
{
	struct span file = {0};
	struct err none = {0};
	bool found = path && file_read(path, &file, &none) && btf_archive_is(file);
	if (found)
		*ok = list_kernels(a, file, e) || err_where(e, "%s", path);
	file_free(&file);
	return found;
}

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
enum {
	TAKES_KIND = 1,
	TAKES_NAME = 2,
	TAKES_JSON = 4,
	TAKES_BASE = 8,
	TAKES_BTF = 16,
	TAKES_OUT = 32
};
static const char *const option_names[] = {
	"--kind", "--name", "--json", "--base", "--btf", "--output"};

static const struct action {
	const char *name;
	bool (*run)(struct btf_args *a, struct err *e);
	bool named; /* NAME comes first */
	uint8_t takes;
	bool alone;                              /* without FILE */
	int (*write)(const struct btf_write *w); /* instead of run: takes any number of files */
} actions[] = {
	{.name = "list", .run = list, .takes = TAKES_KIND | TAKES_NAME | TAKES_JSON | TAKES_BASE},
	{.name = "show", .run = show, .named = true, .takes = TAKES_KIND | TAKES_JSON | TAKES_BASE},
	{.name = "c", .run = header, .takes = TAKES_BASE},
	{.name = "objects", .run = objects, .takes = TAKES_JSON | TAKES_BASE, .alone = true},
	{.name = "min", .write = btf_write_min, .takes = TAKES_BTF | TAKES_OUT},
	{.name = "archive", .write = btf_write_archive, .takes = TAKES_BTF | TAKES_OUT},
};

static int go(struct btf_args *a, const struct action *action, const char *file)
{
	struct err e = {0};
	bool ok = session_open(&a->s, a->dir, &e);
	if (ok && (action->run != list || !is_archive(a, file, &ok, &e)))
		ok = (action->alone || type_source_open(&a->file, file, a->base, &a->s.target,
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

/* An action that writes a file. */
static int write_file(
	const struct verb *v, struct btf_args *a, const struct action *action, char **word, int n)
{
	struct btf_write *w = &a->write;
	bool archive = action->write == btf_write_archive;
	w->files = (const char *const *)word;
	w->n = (size_t)n;
	w->dir = a->dir;
	if (!n)
		return cmd_usage(v, "%s: no file given", action->name);
	if (!w->output)
		return cmd_usage(v, "%s: --output FILE is missing", action->name);
	if (archive && w->dir)
		return cmd_usage(v, "archive: name kernels with --btf, not --target");
	if (!archive && (w->btf.n > 1 || (w->btf.n && w->dir)))
		return cmd_usage(v, "min: more than one kernel: `sonde btf archive` takes several");
	return action->write(w);
}

/* Parses the arguments of an action: [NAME] [FILE], or files. */
static int words(
	const struct verb *v, struct btf_args *a, const struct action *action, char **word, int n)
{
	unsigned given = (a->filter.kinds ? TAKES_KIND : 0) | (a->filter.name ? TAKES_NAME : 0) |
	                 (a->json ? TAKES_JSON : 0) | (a->base ? TAKES_BASE : 0) |
	                 (a->write.btf.n ? TAKES_BTF : 0) | (a->write.output ? TAKES_OUT : 0);
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
	if (!action->write && n > !action->alone)
		return cmd_usage(v, "%s: too many arguments", action->name);
	int status = cmd_check_options(v, action->name, given & ~action->takes, option_names);
	if (status != OPTION_TAKEN)
		return status;
	return action->write ? write_file(v, a, action, word, n) : go(a, action, n ? *word : NULL);
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"kind", required_argument, NULL, 'k'},
		{"name", required_argument, NULL, 'n'}, {"base", required_argument, NULL, 'B'},
		{"target", required_argument, NULL, 't'}, {"btf", required_argument, NULL, 'b'},
		{"output", required_argument, NULL, 'o'}, {"json", no_argument, NULL, 'j'},
		CMD_HELP, {0}};
	struct btf_args a = {0};
	uint32_t kinds;
	for (int c; (c = cmd_option(argc, argv, "k:n:B:t:b:o:jh", options)) != -1;)
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
		case 'b':
			if (!cmd_list_add(&a.write.btf, optarg))
				return cmd_usage(v, "more than %d times --btf", CMD_LIST_MAX);
			break;
		case 'o':
			a.write.output = optarg;
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
		return cmd_usage(v, "expected list, show, c, objects, min or archive");
	const char *word = argv[optind++];
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (!strcmp(word, actions[i].name))
			return words(v, &a, &actions[i], argv + optind, argc - optind);
	return cmd_usage(
		v, "unknown action '%s': expected list, show, c, objects, min or archive", word);
}

const struct verb verb_btf = {
	"btf", "list types, show one, print all as a C header; minimal types", usage, run};
