/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "live_args.h"
#include "prog_words.h"

#include "loader/live/prog_dump.h"
#include "loader/live/prog_list.h"

#include <string.h>
#include <unistd.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde prog [list]                 list all programs in the kernel\n"
	"       sonde prog show [PROG]            print all facts about programs\n"
	"       sonde prog dump xlated PROG       print the instructions, as verified\n"
	"       sonde prog dump jited PROG        print the machine code\n"
	"       sonde prog pin PROG PATH          pin in a bpf file system\n"
	"       sonde prog run PROG data_in DATA [data_out FILE] [ctx_in DATA]\n"
	"                           [ctx_out FILE] [repeat N]\n"
	"                                         run once, or N times, without attaching\n"
	"\n"
	"PROG is an id, a pinned path or a name, or one of\n"
	"\n"
	"  id N, pinned PATH, name NAME, tag TAG\n"
	"\n"
	"DATA is a file, of a pcap file its first packet, or bytes in hexadecimal; FILE -\n"
	"is standard output, in hexadecimal. sonde test runs programs of an object.\n"
	"\n"
	"Source lines are shown if the program was loaded with them. Addresses of\n"
	"functions are named from /proc/kallsyms unless the kernel hides them. Machine\n"
	"code is shown below the instructions it is compiled from: as objdump prints it\n"
	"(AT&T syntax on x86-64) on x86-64 and arm64, as bytes where it is unknown.\n"
	"\n"
	"  -j, --json           one JSON object per line\n"
	"\n"
	"examples:\n"
	"  sonde prog\n"
	"  sonde prog show name execve_entry\n"
	"  sonde prog dump xlated 12\n"
	"  sonde prog dump jited tag 6deef7357e7b4530 --json\n"
	"  sonde prog pin id 12 /sys/fs/bpf/entry\n"
	"  sonde prog run name gate data_in packet.pcap data_out - repeat 1000\n";

static bool list(struct live_args *a, struct err *e)
{
	return progs_list(&a->l, e);
}

static bool show(struct live_args *a, struct err *e)
{
	return progs_show(&a->l, a->named ? &a->ref : NULL, e);
}

/* Opens the only program that is selected and passes it on. */
static bool with(struct live_args *a,
	bool (*fn)(struct live_args *a, const struct live_prog *p, struct err *e), struct err *e)
{
	struct live_prog p;
	if (!live_prog_open(&p, &a->ref, &a->l.types, e))
		return false;
	bool ok = fn(a, &p, e);
	close(p.fd);
	return ok;
}

static bool dump_opened(struct live_args *a, const struct live_prog *p, struct err *e)
{
	return *a->what == 'x' ? prog_dump_xlated(&a->l, p, e) : prog_dump_jited(&a->l, p, e);
}

static bool dump(struct live_args *a, struct err *e)
{
	return with(a, dump_opened, e);
}

static bool pin_opened(struct live_args *a, const struct live_prog *p, struct err *e)
{
	return live_pin(LIVE_PROG, p->fd, a->path, a->l.kernel->watch, e);
}

static bool pin(struct live_args *a, struct err *e)
{
	return with(a, pin_opened, e);
}

static bool run_program(struct live_args *a, struct err *e)
{
	return with(a, prog_words_run, e);
}

static const char *const codes[] = {"xlated", "jited", NULL};
static const struct live_action actions[] = {
	{"list", list, .json = true},
	{"show", show, .object = LIVE_ARG_OPTIONAL, .json = true},
	{"dump", dump, .object = LIVE_ARG_REQUIRED, .what = codes, .json = true},
	{"pin", pin, .object = LIVE_ARG_REQUIRED, .path = true},
	{"run", run_program, .object = LIVE_ARG_REQUIRED, .words = true, .json = true},
	{0},
};

static int run(const struct verb *v, int argc, char **argv)
{
	return live_args_run(v, actions, argc, argv);
}

const struct verb verb_prog = {"prog", "list, show and dump programs in the kernel", usage, run};
