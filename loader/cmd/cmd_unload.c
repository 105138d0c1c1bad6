/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "elf/base/format.h"
#include "loader/kernel/pin_folder.h"

#include <getopt.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde unload DIR\n"
	"\n"
	"Removes what sonde load --pin DIR has left: links, which detaches the programs,\n"
	"then programs and maps, and the directory. Other entries of DIR stay. What a\n"
	"sonde load that was killed has left of DIR (DIR~new) is removed, too.\n"
	"\n"
	"examples:\n"
	"  sonde load --attach --pin /sys/fs/bpf/execcount execcount.bpf.o\n"
	"  sonde unload /sys/fs/bpf/execcount\n";

static int unload(const char *dir)
{
	struct pin_folder gone;
	struct err e = {0};
	if (!pin_folder_remove(dir, &gone, &e))
		return cmd_fail(&e);
	char text[120];
	if (gone.leftover)
		cmd_say(dir, "removed what a killed sonde load had left");
	text_print(text, sizeof text, "%u link%s, %u program%s and %u map%s removed%s",
		gone.n[PIN_LINK], gone.n[PIN_LINK] == 1 ? "" : "s", gone.n[PIN_PROG],
		gone.n[PIN_PROG] == 1 ? "" : "s", gone.n[PIN_MAP], gone.n[PIN_MAP] == 1 ? "" : "s",
		gone.others ? "; other entries stay" : "");
	cmd_say(dir, text);
	return cmd_finish();
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {CMD_HELP, {0}};
	for (int c; (c = cmd_option(argc, argv, "h", options)) != -1;)
		return c == 'h' ? cmd_help(v) : cmd_usage(v, NULL);
	if (argc - optind != 1)
		return cmd_usage(
			v, argc > optind ? "more than one directory given" : "no directory given");
	return unload(argv[optind]);
}

const struct verb verb_unload = {"unload", "remove what load --pin has left", usage, run};
