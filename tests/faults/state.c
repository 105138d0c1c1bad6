/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "state.h"

#include <dirent.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static void read_ids(FILE *out)
{
	static const struct {
		const char *name;
		int next;
	} kinds[] = {{"prog", 11}, {"map", 12}, {"btf", 23}, {"link", 31}};
	for (unsigned i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		uint32_t attr[4] = {0}; /* start id, next id, flags */
		while (!syscall(SYS_bpf, kinds[i].next, attr, sizeof attr)) {
			fprintf(out, "%s %u\n", kinds[i].name, attr[1]);
			attr[0] = attr[1];
			attr[1] = 0;
		}
	}
}

static void read_file(FILE *out, const char *path)
{
	char block[4096];
	FILE *f = fopen(path, "r");
	for (size_t n; f && (n = fread(block, 1, sizeof block, f)) > 0;)
		fwrite(block, 1, n, out);
	if (f)
		fclose(f);
}

static void read_folder(FILE *out, const char *path)
{
	char below[512];
	DIR *d = opendir(path);
	for (struct dirent *entry; d && (entry = readdir(d));) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		snprintf(below, sizeof below, "%.250s/%.250s", path, entry->d_name);
		fprintf(out, "%s\n", below);
		if (entry->d_type == DT_DIR)
			read_folder(out, below);
	}
	if (d)
		closedir(d);
}

/* ---- interfaces: without the counters that change by themselves ---- */

static void tell_link(FILE *out, const struct nlmsghdr *h)
{
	const struct ifinfomsg *link = NLMSG_DATA(h);
	long left = (long)IFLA_PAYLOAD(h);
	fprintf(out, "interface %d, flags %x, XDP", link->ifi_index, link->ifi_flags);
	for (const struct rtattr *a = IFLA_RTA(link); RTA_OK(a, left); a = RTA_NEXT(a, left))
		for (size_t i = 0; (a->rta_type & NLA_TYPE_MASK) == IFLA_XDP && i < RTA_PAYLOAD(a);
			i++)
			fprintf(out, " %02x", ((const uint8_t *)RTA_DATA(a))[i]);
	fputc('\n', out);
}

static void tell_qdisc(FILE *out, const struct nlmsghdr *h)
{
	const struct tcmsg *tc = NLMSG_DATA(h);
	fprintf(out, "qdisc of %d: %x, parent %x\n", tc->tcm_ifindex, tc->tcm_handle,
		tc->tcm_parent);
}

static void read_network(FILE *out, uint16_t type, void (*tell)(FILE *, const struct nlmsghdr *))
{
	static char reply[1 << 16];
	struct {
		struct nlmsghdr h;
		struct tcmsg body; /* as long as the others */
	} ask = {{sizeof ask, type, NLM_F_REQUEST | NLM_F_DUMP, 1, 0}, {0}};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	bool over = fd < 0 || send(fd, &ask, sizeof ask, 0) < 0;
	while (!over) {
		ssize_t n = recv(fd, reply, sizeof reply, 0);
		over = n <= 0;
		for (const struct nlmsghdr *h = (void *)reply; n > 0 && NLMSG_OK(h, n);
			h = NLMSG_NEXT(h, n)) {
			over |= h->nlmsg_type == NLMSG_DONE || h->nlmsg_type == NLMSG_ERROR;
			if (!over)
				tell(out, h);
		}
	}
	if (fd >= 0)
		close(fd);
}

char *state_read(void)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	if (!out)
		exit(2);
	read_ids(out);
	read_file(out, "/proc/mounts");
	read_folder(out, "/sys/fs/bpf");
	read_file(out, "/sys/kernel/tracing/kprobe_events");
	read_file(out, "/sys/kernel/tracing/uprobe_events");
	read_network(out, RTM_GETLINK, tell_link);
	read_network(out, RTM_GETQDISC, tell_qdisc);
	fclose(out);
	return text;
}
