/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "loader/detach/stale.h"
#include "loader/explain/kernel_error.h"

#include <getopt.h>
#include <stdlib.h>

static const char usage[] =
	"usage: sonde detach [options] PLACE [ID]\n"
	"\n"
	"Removes what a sonde that was killed (SIGKILL) has left behind: where the kernel\n"
	"has no links, nothing ends with the process. That of a sonde which still runs\n"
	"goes, too. PLACE is what --on has said:\n"
	"\n"
	"  eth0                 an interface: filters and actions of tc; XDP programs\n"
	"  10.0.1.0/24@eth0     a route with a program; the prefix alone will do\n"
	"  /sys/fs/cgroup/a     the folder of a cgroup; ./a and . are below the root\n"
	"  /dev/lirc0           an infrared receiver\n"
	"  probes               tracefs: kprobes and uprobes of kernels before 4.17\n"
	"  own                  the network namespace: a flow dissector\n"
	"  struct_ops           structs of functions that are registered without a link\n"
	"  tcp:8080, 1234:5     a socket of a process, as --on names it: its programs\n"
	"\n"
	"Filters, routes and probes of sonde's bear a mark, and are removed; probes that\n"
	"are in use stay. Other programs bear none: those that no link holds are listed,\n"
	"whoever has attached them, and the one with the ID is removed. Those of a socket\n"
	"can't be listed: they are removed.\n"
	"\n"
	"  -v                   each step as it happens\n"
	"\n"
	"examples:\n"
	"  sonde detach eth0\n"
	"  sonde detach /sys/fs/cgroup/a\n"
	"  sonde detach /sys/fs/cgroup/a 42\n";

static int detach(const char *place, uint32_t id, int verbose)
{
	struct session s;
	struct err e = {0};
	struct cmd_steps steps = {verbose};
	const struct exec_report report = {
		&steps, verbose ? cmd_report_step : NULL, NULL, kernel_error_explain};
	bool listed;
	char hint[300];
	struct stale stale = {.place = place,
		.id = id,
		.kernel = &s.target,
		.arena = &s.arena,
		.watch = &s.watch,
		.report = &report,
		.out = stdout};
	bool ok = session_open(&s, NULL, &e) && stale_remove(&stale, &listed, &e);
	int status = ok ? cmd_finish() : cmd_fail(&e);
	if (ok && listed) {
		snprintf(hint, sizeof hint,
			"whose they are the kernel does not say; to remove one: sonde detach %s ID",
			place);
		cmd_say("hint", hint);
	}
	session_close(&s);
	return status;
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {{"verbose", no_argument, NULL, 'v'}, CMD_HELP, {0}};
	int verbose = 0;
	char *end;
	for (int c; (c = getopt_long(argc, argv, "vh", options, NULL)) != -1;)
		switch (c) {
		case 'v':
			verbose = 1;
			break;
		case 'h':
			return cmd_help(v);
		default:
			return cmd_usage(v, NULL);
		}
	if (argc == optind)
		return cmd_usage(v, "which place?");
	if (argc - optind > 2)
		return cmd_usage(v, "one place at a time, and one program of it");
	const char *number = argc - optind == 2 ? argv[optind + 1] : NULL;
	unsigned long id = number ? strtoul(number, &end, 10) : 0;
	if (number && (*number < '1' || *number > '9' || *end || id >= UINT32_MAX))
		return cmd_usage(v, "'%s' is no id of a program", number);
	return detach(argv[optind], (uint32_t)id, verbose);
}

const struct verb verb_detach = {
	"detach", "remove what a killed sonde has left behind", usage, run};
