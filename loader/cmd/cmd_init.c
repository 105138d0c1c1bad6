/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"
#include "cmd_init.h"
#include "command.h"
#include "init_process.h"

#include "elf/base/format.h"
#include "loader/boot/handover.h"
#include "loader/boot/next_init.h"
#include "loader/boot/recorder.h"
#include "loader/boot/replay.h"
#include "loader/kernel/file.h"
#include "loader/sandbox/sandbox.h"
#include "loader/show/clean.h"

#include <errno.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde init [options] [OBJECT ...] [-- INIT ...]\n"
	"       sonde init --collect [options] [FILE]\n"
	"\n"
	"Records what objects report while a machine boots. As process 1, with\n"
	"rdinit=/sonde on the kernel's command line, it attaches them before anything\n"
	"else runs, leaves a recorder behind and executes the real init: INIT, else what\n"
	"sonde.init= names, /init, what init= names, /sbin/init, /etc/init, /bin/init or\n"
	"/bin/sh. In a script of an initramfs it starts the recorder, and executes INIT\n"
	"or returns. Whatever fails, the boot goes on; the kernel's log has the messages.\n"
	"\n"
	"Without OBJECT, the kernel's command line names objects and options:\n"
	"sonde.obj=FILE,FILE sonde.opt=\"--size 16M\". Without these, the object is\n"
	"boot.bpf.o in /lib/sonde, /usr/lib/sonde, /usr/local/lib/sonde or /, which\n"
	"reports programs executed, files opened and modules loaded.\n"
	"\n"
	"--collect, in the booted system, ends the recorder and prints its records with\n"
	"their time since boot, or those of a FILE that --output has saved.\n"
	"\n"
	"  -S, --size BYTES     end when the recording has that size: 512K, 16M (8M)\n"
	"  -f, --for TIME       end after TIME: 10s, 2m. What ends by itself is saved as\n"
	"                       /run/sonde-boot\n"
	"  -w, --wait TIME      longest time to wait until all is attached, before the\n"
	"                       boot goes on (20s)\n"
	"  -c, --collect        end the recorder and print what it has recorded\n"
	"      --output FILE    with --collect: save the recording instead\n"
	"      --where EXPR     with --collect: only these records, see sonde run\n"
	"  -j, --json           with --collect: one JSON object per line\n"
	"  -o, --on PROG=TARGET where to attach a program whose section does not "
	"say\n" CMD_OBJECT_USAGE CMD_RECORD_USAGE CMD_KERNEL_USAGE "\n"
	"examples:\n"
	"  sonde init --collect\n"
	"  sonde init --collect --where 'event == \"module\"' --json\n"
	"  sonde init --collect --output boot.rec\n"
	"  sonde init opensnoop.bpf.o --for 1m -- /sbin/init\n";

enum { OPT_OUTPUT = 256, OPT_WHERE };

struct collect_args {
	bool collect, json;
	const char *output;
	struct arena filter; /* memory of where */
	struct row_filter where;
};

struct args {
	struct init_args init;
	struct collect_args collect;
	bool boots; /* an option that only makes sense without --collect was given */
};

static const char *const default_objects[] = {"/lib/sonde/boot.bpf.o", "/usr/lib/sonde/boot.bpf.o",
	"/usr/local/lib/sonde/boot.bpf.o", "/boot.bpf.o"};

/* ---- collecting ---- */

static bool read_recording(int fd, struct span *bytes, struct err *e)
{
	int error = lseek(fd, 0, SEEK_SET) < 0 ? -errno : file_read_fd(fd, 0, bytes);
	close(fd);
	return !error || err_sys(e, -error, "read the recording");
}

/* From the recorder or, if there is none, from the file that it has left. */
static bool fetch(const char *path, struct span *bytes, struct err *e)
{
	static const char left[] = "/run/" RECORDER_FILE;
	if (path)
		return file_read(path, bytes, e);
	int fd = handover_collect(e);
	if (fd >= 0)
		return read_recording(fd, bytes, e);
	/* It may have ended by itself just now. */
	if ((e->no != ECONNREFUSED && e->no != ECONNRESET) || access(left, F_OK))
		return err_hint(e, "rdinit=/sonde on the kernel's command line starts one");
	*e = (struct err){0};
	return file_read(left, bytes, e);
}

static void ignore(void *ctx, const char *text)
{
	(void)ctx;
	(void)text;
}

static bool print_recording(
	const struct collect_args *c, const char *path, struct span bytes, struct err *e)
{
	struct kfs k = {0};
	struct arena arena = {0};
	struct replay r;
	FILE *out = c->json ? stdout : clean_open(stdout, false);
	FILE *status = clean_open(stderr, false);
	/* What others have written is parsed with the least rights. */
	sandbox_enter(NEED_SHOW, &k, NULL, ignore, NULL);
	bool ok = out && status
	                  ? replay_open(&r, path, bytes, c->where.n ? &c->where : NULL, &arena, e)
	                  : err_nomem(e);
	if (ok)
		replay_print(&r, c->json, out, status);
	clean_close(out, stdout);
	clean_close(status, stderr);
	kfs_close(&k);
	arena_free(&arena);
	return ok;
}

static int collect(struct collect_args *c, const char *path)
{
	struct span bytes = {0};
	struct err e = {0};
	bool ok = fetch(path, &bytes, &e);
	if (ok && c->output)
		ok = file_write(c->output, bytes, &e);
	else if (ok)
		ok = print_recording(c, path ? path : "the recording", bytes, &e);
	file_free(&bytes);
	arena_free(&c->filter);
	return ok ? cmd_finish() : cmd_fail(&e);
}

/* ---- options ---- */

static bool parse_size(const char *text, uint64_t *size)
{
	return cmd_size(text, size) && *size >= RECORDING_SIZE_MIN && *size <= FILE_SIZE_MAX;
}

static int parse(const struct verb *v, int argc, char **argv, struct args *a)
{
	static const struct option options[] = {CMD_OBJECT_OPTIONS, CMD_RECORD_OPTIONS,
		{"size", required_argument, NULL, 'S'}, {"for", required_argument, NULL, 'f'},
		{"wait", required_argument, NULL, 'w'}, {"collect", no_argument, NULL, 'c'},
		{"output", required_argument, NULL, OPT_OUTPUT},
		{"where", required_argument, NULL, OPT_WHERE}, {"json", no_argument, NULL, 'j'},
		CMD_HELP, {0}};
	struct err e = {0};
	int status;
	optind = 0; /* options of the kernel's command line may follow */
	for (int c; (c = cmd_option(argc, argv, "S:f:w:cp:s:o:jh", options)) != -1;)
		switch (c) {
		case 'S':
			a->boots = true;
			if (!parse_size(optarg, &a->init.size))
				return cmd_usage(
					v, "--size expects 64K to 256M bytes, got '%s'", optarg);
			break;
		case 'f':
		case 'w':
			a->boots = true;
			if (!duration_ms(optarg, c == 'f' ? &a->init.for_ms : &a->init.wait_ms))
				return cmd_usage(v, "--%s expects a time such as 10s, got '%s'",
					c == 'f' ? "for" : "wait", optarg);
			break;
		case 'c':
			a->collect.collect = true;
			break;
		case 'j':
			a->collect.json = true;
			break;
		case OPT_OUTPUT:
			a->collect.output = optarg;
			break;
		case OPT_WHERE:
			if (!row_filter_parse(&a->collect.where, optarg, &a->collect.filter, &e))
				return cmd_usage(v, "%s", e.text);
			break;
		default:
			a->boots = true;
			status = cmd_object_option(
				v, &a->init.object, c == 'o' ? CMD_OPT_ON : c, optarg);
			if (status != OPTION_TAKEN)
				return status;
		}
	return cmd_record_check(v, &a->init.object.records, a->init.object.full);
}

static int check_collect(const struct verb *v, const struct args *a, int files, char **command)
{
	const struct collect_args *c = &a->collect;
	if (!c->collect && (c->json || c->output || c->where.n))
		return cmd_usage(v, "--%s requires --collect",
			c->json     ? "json"
			: c->output ? "output"
				    : "where");
	if (c->collect && (a->boots || command))
		return cmd_usage(
			v, "--collect: %s", command ? "executes no INIT" : "options of recording");
	if (c->collect && c->output && (c->json || c->where.n))
		return cmd_usage(
			v, "--output saves the whole recording, without --json or --where");
	if (c->collect && files > 1)
		return cmd_usage(v, "--collect: more than one file given");
	return OPTION_TAKEN;
}

/* ---- booting ---- */

/* What the kernel's command line says; line: room for it. */
static int read_words(const struct verb *v, struct args *a, char line[KERNEL_LINE_MAX])
{
	struct kfs k = {0};
	struct kernel_words *w = &a->init.words;
	bool given = a->init.files.n;
	char *argv[KERNEL_WORDS_MAX + 2] = {(char *)(uintptr_t) "sonde init"};
	long n = kfs_read_text(&k, KFS_PROC, "cmdline", line, KERNEL_LINE_MAX);
	kfs_close(&k);
	if (n < 0)
		return OPTION_TAKEN;
	kernel_words_read(w, line);
	if (w->full)
		return cmd_usage(
			v, "more than %d words on the kernel's command line", KERNEL_WORDS_MAX);
	for (size_t i = 0; i < w->n_options; i++)
		argv[i + 1] = (char *)(uintptr_t)w->options[i];
	int status = parse(v, (int)w->n_options + 1, argv, a);
	if (status == OPTION_TAKEN && (size_t)optind <= w->n_options)
		return cmd_usage(
			v, "sonde.opt=%s: not an option; sonde.obj= names objects", argv[optind]);
	for (size_t i = 0; !given && i < w->n_objects; i++)
		cmd_list_add(&a->init.files, w->objects[i]);
	return status;
}

static bool default_object(struct init_args *a)
{
	for (size_t i = 0; i < sizeof default_objects / sizeof *default_objects; i++)
		if (!access(default_objects[i], R_OK))
			return cmd_list_add(&a->files, default_objects[i]);
	init_say(a, "sonde", "no object given, and there is no boot.bpf.o");
	return false;
}

/* Boots with what was given, which the kernel's command line completes. */
static int boot(const struct verb *v, struct args *a, int status)
{
	char line[KERNEL_LINE_MAX];
	if (status == OPTION_TAKEN && (a->init.first || !a->init.files.n))
		status = read_words(v, a, line);
	a->init.refused = status != OPTION_TAKEN;
	if (a->init.refused && !a->init.first)
		return status;
	if (!a->init.refused && !a->init.files.n)
		a->init.refused = !default_object(&a->init);
	if (a->init.refused && !a->init.first && !a->init.command)
		return EXIT_REFUSED;
	return init_process(&a->init);
}

/* Adds what is left after the options. */
static int add_objects(const struct verb *v, struct args *a, int argc, char **argv)
{
	for (int i = optind; i < argc; i++)
		if (!cmd_list_add(&a->init.files, argv[i]))
			return cmd_usage(v, "more than %d objects", CMD_LIST_MAX);
	return OPTION_TAKEN;
}

enum { SIZE = 8 << 20, WAIT_MS = 20000 };

static int run(const struct verb *v, int argc, char **argv)
{
	struct args a = {.init = {.size = SIZE, .wait_ms = WAIT_MS, .first = next_init_is_first()}};
	char **command = command_take(&argc, argv);
	int status = parse(v, argc, argv, &a);
	if (status == OPTION_TAKEN)
		status = check_collect(v, &a, argc - optind, command);
	if (status == OPTION_TAKEN && command && !*command)
		status = cmd_usage(v, "no command after --");
	if (a.collect.collect)
		return status == OPTION_TAKEN ? collect(&a.collect, argv[optind]) : status;
	if (status == OPTION_TAKEN)
		status = add_objects(v, &a, argc, argv);
	a.init.command = command && *command ? command : NULL;
	return boot(v, &a, status);
}

int init_first_process(int argc, char **argv, char **arguments)
{
	const struct verb *v = &verb_init;
	struct args a = {.init = {
				 .size = SIZE,
				 .wait_ms = WAIT_MS,
				 .first = true,
				 .arguments = arguments,
			 }};
	int status = parse(v, argc, argv, &a);
	return boot(v, &a, status == OPTION_TAKEN ? add_objects(v, &a, argc, argv) : status);
}

const struct verb verb_init = {
	"init", "record a boot from its first process on, and show it", usage, run};
