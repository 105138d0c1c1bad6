/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"
#include "carried.h"
#include "cmd_init.h"

#include "elf/base/format.h"
#include "elf/base/suggest.h"
#include "loader/boot/next_init.h"
#include "loader/kernel/packed.h"
#include "loader/show/print.h"
#include "loader/sonde.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const struct verb *const verbs[] = {
#define VERB(name) &verb_##name,
#include "verbs.def"
#undef VERB
};
enum { VERBS = sizeof verbs / sizeof *verbs, OUT_BUFFER = 1 << 15, TEXT_MAX = 256 };

static int help(FILE *out)
{
	fputs("sonde - load eBPF objects, attach them and show what they report\n\n"
	      "usage: sonde VERB [options] [file]\n\n",
		out);
	for (int i = 0; i < VERBS; i++)
		print(out, "  %-11s %s\n", verbs[i]->name, verbs[i]->summary);
	fputs("\n"
	      "See also sonde VERB --help. Results go to stdout, everything else to stderr.\n"
	      "Exit status: 0 success, 1 rejected object or kernel error, 2 wrong usage.\n",
		out);
	return out == stdout ? cmd_finish() : EXIT_USAGE;
}

static int unknown_verb(const char *word)
{
	char text[TEXT_MAX];
	struct suggestion similar = suggest_for(word);
	for (int i = 0; i < VERBS; i++)
		suggest_consider(&similar, verbs[i]->name);
	text_print(text, sizeof text, "unknown verb '%s'", word);
	cmd_say("sonde", text);
	if (!access(word, F_OK)) {
		text_print(text, sizeof text, "it is a file; to run it: sonde run %s", word);
	} else if (similar.n) {
		text_print(text, sizeof text, "did you mean '%s'? sonde --help lists the verbs",
			similar.near[0].name);
	} else {
		text_print(text, sizeof text, "sonde --help lists the verbs");
	}
	cmd_say("hint", text);
	return EXIT_USAGE;
}

static const struct verb *find_verb(const char *name)
{
	for (int i = 0; i < VERBS; i++)
		if (!strcmp(verbs[i]->name, name))
			return verbs[i];
	return NULL;
}

/* Keeps files opened later out of closed standard descriptors; writing there still fails (EBADF). */
static void hold_standard_descriptors(void)
{
	struct pollfd fds[] = {{STDIN_FILENO, 0, 0}, {STDOUT_FILENO, 0, 0}, {STDERR_FILENO, 0, 0}};
	if (poll(fds, 3, 0) <= 0)
		return;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fds[fd].revents & POLLNVAL)
			open("/", O_PATH);
}

/* What `sonde` does with these arguments. */
static int dispatch(int argc, char **argv)
{
	if (argc < 2)
		return help(stderr);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		const struct verb *v = argc > 2 ? find_verb(argv[2]) : NULL;
		if (v == &verb_hooks) /* help about hooks is their list */
			return v->run(v, 1, argv + 2);
		return v ? cmd_help(v) : help(stdout);
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("sonde " SONDE_VERSION);
		return cmd_finish();
	}
	const struct verb *v = find_verb(argv[1]);
	if (!v)
		return unknown_verb(argv[1]);
	char name[32]; /* getopt prints it in its messages */
	text_print(name, sizeof name, "sonde %s", v->name);
	argv[1] = name;
	return v->run(v, argc - 1, argv + 1);
}

int cmd_main(int argc, char **argv)
{
	struct err e = {0};
	int status = -1;
	hold_standard_descriptors();
	static char buffer[OUT_BUFFER]; /* libc's is small: one system call for every 3 records */
	setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
	signal(SIGPIPE, SIG_IGN); /* a closed stdout must lead to an orderly exit */
	const struct packed_head *packed = packed_here(&e);
	if (e.set)
		return cmd_fail(&e);
	char **given = argv;
	bool boots = (packed || argc < 2 || !find_verb(argv[1])) && next_init_is_first();
	if (packed)
		status = carried_arguments(packed, boots, &argc, &argv);
	if (status < 0 && boots)
		return packed ? init_first_process(argc - 1, argv + 1, given + 1)
		              : init_first_process(1, argv, given + 1);
	return status < 0 ? dispatch(argc, argv) : status;
}
