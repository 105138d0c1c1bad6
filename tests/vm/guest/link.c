// SPDX-License-Identifier: GPL-2.0
/*
 * What busybox's ip cannot do to interfaces:
 *
 *	link altname INTERFACE NAME	gives it an alternative name
 *	link multipath INTERFACE...	adds a default route with a next hop on each
 *	link nexthops INTERFACE GATEWAY	adds a default route with a next hop of its own, in a group
 *	link nexthops			removes them
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef RTM_NEWLINKPROP
#define RTM_NEWLINKPROP 108
#endif
enum { PROP_LIST = 52, ALT_IFNAME = 53 };

/* linux/nexthop.h */
enum { NEW_NEXTHOP = 104, DEL_NEXTHOP = 105, NH_ID = 1, NH_GROUP = 2, NH_OIF = 5, NH_GATEWAY = 6 };
enum { ROUTE_NH_ID = 30, HOP = 1, GROUP = 2 };

static struct {
	struct nlmsghdr head;
	char bytes[1024];
} message;
static size_t used;

static void *put(const void *bytes, size_t n)
{
	char *at = message.bytes + used;
	if (bytes)
		memcpy(at, bytes, n);
	used += (n + 3) & ~(size_t)3;
	return at;
}

static int send_it(unsigned type)
{
	struct {
		struct nlmsghdr head;
		int error;
		char more[2048];
	} reply;
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	message.head = (struct nlmsghdr){sizeof message.head + used, type,
		NLM_F_REQUEST | NLM_F_ACK | (type == DEL_NEXTHOP ? 0 : NLM_F_CREATE | NLM_F_EXCL),
		1, 0};
	if (fd < 0 || send(fd, &message, message.head.nlmsg_len, 0) < 0 ||
		recv(fd, &reply, sizeof reply, 0) < (long)sizeof reply.head + 4)
		return perror("link"), 1;
	errno = -reply.error;
	return reply.error ? perror("link"), 1 : 0;
}

static int altname(const char *interface, const char *name)
{
	struct ifinfomsg info = {.ifi_index = (int)if_nametoindex(interface)};
	put(&info, sizeof info);
	unsigned short n = (unsigned short)(strlen(name) + 1);
	struct rtattr list = {(unsigned short)(8 + n), PROP_LIST | 0x8000};
	struct rtattr attr = {(unsigned short)(4 + n), ALT_IFNAME};
	put(&list, sizeof list);
	put(&attr, sizeof attr);
	put(name, n);
	return send_it(RTM_NEWLINKPROP);
}

static int multipath(char **interfaces, int n)
{
	struct rtmsg route = {.rtm_family = AF_INET,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_LINK,
		.rtm_type = RTN_UNICAST};
	put(&route, sizeof route);
	struct rtattr *attr = put(NULL, sizeof *attr);
	for (int i = 0; i < n; i++) {
		struct rtnexthop hop = {
			.rtnh_len = sizeof hop, .rtnh_ifindex = (int)if_nametoindex(interfaces[i])};
		put(&hop, sizeof hop);
	}
	*attr = (struct rtattr){
		(unsigned short)(4 + n * (int)sizeof(struct rtnexthop)), RTA_MULTIPATH};
	return send_it(RTM_NEWROUTE);
}

static void put_u32(unsigned short type, unsigned value)
{
	struct rtattr attr = {8, type};
	put(&attr, sizeof attr);
	put(&value, sizeof value);
}

/* Starts a message about a next hop with this id. */
static void nexthop(unsigned char family, unsigned id)
{
	const unsigned char head[8] = {family};
	used = 0;
	put(head, sizeof head);
	put_u32(NH_ID, id);
}

static int nexthops(const char *interface, const char *gateway)
{
	const struct rtattr members = {12, NH_GROUP};
	const unsigned group[2] = {HOP, 0}; /* struct nexthop_grp */
	struct rtmsg route = {.rtm_family = AF_INET,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_type = RTN_UNICAST};
	nexthop(AF_INET, HOP);
	put_u32(NH_OIF, if_nametoindex(interface));
	put_u32(NH_GATEWAY, inet_addr(gateway));
	if (send_it(NEW_NEXTHOP))
		return 1;
	nexthop(AF_UNSPEC, GROUP);
	put(&members, sizeof members);
	put(group, sizeof group);
	if (send_it(NEW_NEXTHOP))
		return 1;
	used = 0;
	put(&route, sizeof route);
	put_u32(ROUTE_NH_ID, GROUP);
	return send_it(RTM_NEWROUTE);
}

/* The group and the route go with it. */
static int no_nexthops(void)
{
	nexthop(AF_UNSPEC, HOP);
	return send_it(DEL_NEXTHOP);
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "altname"))
		return altname(argv[2], argv[3]);
	if (argc > 3 && !strcmp(argv[1], "multipath"))
		return multipath(argv + 2, argc - 2);
	if (argc == 4 && !strcmp(argv[1], "nexthops"))
		return nexthops(argv[2], argv[3]);
	if (argc == 2 && !strcmp(argv[1], "nexthops"))
		return no_nexthops();
	return 2;
}
