/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "loader/detach/stale.h"
#include "loader/explain/kernel_error.h"

#include <getopt.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde detach [options] PLACE [ID]\n"
	"\n"
	"Removes what a killed sonde (SIGKILL) left attached where the kernel has no BPF\n"
	"links, unless a sonde that may own it is running. PLACE is the target that was\n"
	"given with --on:\n"
	"\n"
	"  eth0, blue:eth0      an interface: tc filters and actions, XDP programs\n"
	"  10.0.1.0/24@eth0     a route with a program; the prefix is sufficient\n"
	"  /sys/fs/cgroup/a     a cgroup directory; ./a and . are relative to the root\n"
	"  /dev/lirc0           an infrared receiver\n"
	"  probes               tracefs: kprobes and uprobes of kernels before 4.17\n"
	"  own                  the network namespace: a flow dissector\n"
	"  struct_ops           struct_ops maps registered without a link\n"
	"  tcp:8080, 1234:5     the programs of a process's socket, named as for --on\n"
	"\n"
	"tc filters, routes and probes carry a mark of sonde and are removed, except for\n"
	"probes in use. Other programs carry none: those not held by a link are listed,\n"
	"whoever attached them, and the one with the given ID is removed. Programs of a\n"
	"socket can't be listed and are removed.\n"
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
	struct cmd_steps steps = {verbose, NULL};
	const struct exec_report report = {.ctx = &steps,
		.step = verbose ? cmd_report_step : NULL,
		.explain = kernel_error_explain};
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
		text_print(hint, sizeof hint,
			"the kernel does not record who attached them; to remove one: sonde detach "
			"%s ID",
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
	for (int c; (c = cmd_option(argc, argv, "vh", options)) != -1;)
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
		return cmd_usage(v, "no place given");
	if (argc - optind > 2)
		return cmd_usage(v, "more than one place or id given");
	const char *number = argc - optind == 2 ? argv[optind + 1] : NULL;
	unsigned long id = number ? text_ulong(number, &end, 10) : 0;
	if (number && (*number < '1' || *number > '9' || *end || id >= UINT32_MAX))
		return cmd_usage(v, "'%s' is not a program id", number);
	return detach(argv[optind], (uint32_t)id, verbose);
}

const struct verb verb_detach = {"detach", "remove what a killed sonde left attached", usage, run};
