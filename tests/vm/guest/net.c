/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Network tools for the tests that busybox lacks.
 *
 *   net old PROGRAM...             executes PROGRAM with BPF_LINK_CREATE failing with EINVAL, as on
 *                                  a kernel without it
 *   net xdp IFACE                  prints how XDP is attached: 0 not at all, 1 driver, 2 generic
 *   net add IFACE QDISC            adds the qdisc clsact or ingress
 *   net del IFACE QDISC            removes it
 *   net udp ADDRESS PORT COUNT     sends COUNT packets
 *   net segments VIA TO COUNT      sends COUNT IPv6 packets with a segment routing header via VIA
 *   net share PORT COUNT           opens COUNT (1 to 4) UDP sockets that share the port; for each
 *                                  line of input, prints the packets received since the last one
 *   net calls GROUP                in that cgroup (a folder), makes every system call that a cgroup
 *                                  program can observe, over IPv4, IPv6 and Unix sockets; their
 *                                  results are ignored
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int fail(const char *what)
{
	fprintf(stderr, "net: %s: %s\n", what, strerror(errno));
	return 1;
}

/* ---- old ---- */

struct insn {
	uint16_t code;
	uint8_t yes, no;
	uint32_t k;
};

enum {
	LOAD = 0x20, /* loads a word of struct seccomp_data: s32 nr at 0, u64 args[] at 16 */
	EQUAL = 0x15,
	RETURN = 0x06,
	LINK_CREATE = 28,
};

static int old(char **argv)
{
	static const uint16_t one = 1;
	const uint32_t low = *(const uint8_t *)&one ? 0 : 4;
	struct insn code[] = {
		{LOAD, 0, 0, 0},
		{EQUAL, 0, 3, SYS_bpf},
		{LOAD, 0, 0, 16 + low},
		{EQUAL, 0, 1, LINK_CREATE},
		{RETURN, 0, 0, 0x00050000 | EINVAL},
		{RETURN, 0, 0, 0x7fff0000},
	};
	struct {
		uint16_t n;
		struct insn *code;
	} filter = {sizeof code / sizeof *code, code};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, 2, &filter))
		return fail("seccomp");
	execv(argv[0], argv);
	return fail(argv[0]);
}

/* ---- xdp ---- */

enum { RTM_GETLINK = 18, IFLA_XDP = 43, IFLA_XDP_ATTACHED = 2, HEADER = 16, INFO = 16 };

/* The attribute of that type in [p, end), or NULL; its payload follows a header of 4 bytes. */
static const uint8_t *attribute(const uint8_t *p, const uint8_t *end, unsigned type)
{
	uint16_t head[2];
	for (; end - p >= 4; p += (head[0] + 3) & ~3u) {
		memcpy(head, p, sizeof head);
		if ((head[1] & 0x3fff) == type)
			return p;
		if (head[0] < 4)
			break;
	}
	return NULL;
}

static int xdp(const char *name)
{
	struct {
		uint32_t size;
		uint16_t type, flags;
		uint32_t sequence, port, family;
		int32_t index;
		uint32_t rest[2];
	} ask = {sizeof ask, RTM_GETLINK, 1, 1, 0, 0, (int32_t)if_nametoindex(name), {0}};
	uint8_t answer[8192];
	int fd = socket(AF_NETLINK, SOCK_RAW, 0);
	if (fd < 0 || !ask.index || send(fd, &ask, sizeof ask, 0) < 0)
		return fail(name);
	ssize_t n = recv(fd, answer, sizeof answer, 0);
	const uint8_t *nest =
		n > HEADER + INFO ? attribute(answer + HEADER + INFO, answer + n, IFLA_XDP) : NULL;
	uint16_t size = 0;
	if (nest)
		memcpy(&size, nest, sizeof size);
	const uint8_t *how = nest ? attribute(nest + 4, nest + size, IFLA_XDP_ATTACHED) : NULL;
	printf("%d\n", how ? how[4] : 0);
	return 0;
}

/* ---- add, del ---- */

enum { RTM_NEWQDISC = 36, RTM_DELQDISC = 37, CREATE = 0x600, ACK = 5, KIND = 1 };

static int qdisc(uint16_t type, const char *name, const char *kind)
{
	struct {
		uint32_t size;
		uint16_t type, flags;
		uint32_t sequence, port, family;
		int32_t index;
		uint32_t handle, parent, info;
		uint16_t kind_size, kind_type;
		char kind[8];
	} ask = {sizeof ask, type, type == RTM_NEWQDISC ? ACK | CREATE : ACK, 1, 0, 0,
		(int32_t)if_nametoindex(name), 0xffff0000, 0xfffffff1, 0,
		(uint16_t)(4 + strlen(kind) + 1), KIND, ""};
	int32_t answer[64];
	strncpy(ask.kind, kind, sizeof ask.kind - 1);
	int fd = socket(AF_NETLINK, SOCK_RAW, 0);
	if (fd < 0 || !ask.index || send(fd, &ask, sizeof ask, 0) < 0 ||
		recv(fd, answer, sizeof answer, 0) < 20)
		return fail(name);
	errno = -answer[4];
	return errno ? fail(kind) : 0;
}

/* ---- udp ---- */

static int udp(const char *address, const char *port, int count)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (inet_pton(AF_INET, address, &to.sin_addr) != 1)
		return fail(address);
	for (int i = 0; i < count; i++)
		if (sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to) != 1)
			return fail(address);
	return 0;
}

/* ---- segments ---- */

enum { ROUTING_TYPE = 4, PORT = 7777 };

/* The kernel stores the destination in the first segment and sends to the last one. */
static int segments(const char *via, const char *to, int count)
{
	struct {
		uint8_t next, size, type, left, last, flags;
		uint16_t tag;
		struct in6_addr list[2];
	} header = {.size = 4, .type = ROUTING_TYPE, .left = 1, .last = 1};
	struct sockaddr_in6 there = {.sin6_family = AF_INET6, .sin6_port = htons(PORT)};
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	if (inet_pton(AF_INET6, via, &header.list[1]) != 1 ||
		inet_pton(AF_INET6, to, &there.sin6_addr) != 1 ||
		setsockopt(fd, IPPROTO_IPV6, IPV6_RTHDR, &header, sizeof header))
		return fail(via);
	for (int i = 0; i < count; i++)
		if (sendto(fd, "x", 1, 0, (struct sockaddr *)&there, sizeof there) != 1)
			return fail(to);
	return 0;
}

/* ---- calls ---- */

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

static int new_socket(int family, int type)
{
	const struct timeval little = {0, 200000};
	int fd = socket(family, type, 0), value;
	socklen_t size = sizeof value;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &little, sizeof little);
	getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &size);
	return fd;
}

/* One end listens, the other connects; a byte is sent, and received with its address. */
static void talk(union address *a, socklen_t size, int type)
{
	int here = new_socket(a->any.sa_family, type), there = new_socket(a->any.sa_family, type);
	union address got, own = {.un = {AF_UNIX, "client"}};
	socklen_t n = sizeof got;
	char byte = 'x';
	bind(here, &a->any, size);
	listen(here, 1);
	getsockname(here, &got.any, &n);
	if (a->any.sa_family == AF_UNIX)
		bind(there, &own.any, sizeof own.un);
	else
		memcpy(a, &got, n); /* includes the assigned port */
	if (type == SOCK_DGRAM)
		sendto(there, &byte, 1, 0, &a->any, size);
	connect(there, &a->any, size);
	int accepted = type == SOCK_STREAM ? accept(here, NULL, NULL) : -1;
	n = sizeof got;
	getpeername(there, &got.any, &n);
	send(there, &byte, 1, 0);
	n = sizeof got;
	recvfrom(type == SOCK_STREAM ? accepted : here, &byte, 1, 0, &got.any, &n);
	close(accepted);
	close(here);
	close(there);
	unlink("client");
	if (a->any.sa_family == AF_UNIX)
		unlink(a->un.sun_path);
}

static int calls(const char *group)
{
	char path[256], text[64];
	snprintf(path, sizeof path, "%s/cgroup.procs", group);
	int fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, "0", 1) != 1)
		return fail(path);
	close(fd);
	for (int type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
		union address in = {.in = {.sin_family = AF_INET}},
			      un = {.un = {AF_UNIX, "server"}};
		union address in6 = {
			.in6 = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback}};
		in.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		talk(&in, sizeof in.in, type);
		talk(&in6, sizeof in6.in6, type);
		talk(&un, sizeof un.un, type);
	}
	fd = open("/proc/sys/kernel/ostype", O_RDONLY);
	if (fd >= 0 && read(fd, text, sizeof text) > 0)
		close(fd);
	close(open("/dev/zero", O_RDONLY));
	return 0;
}

/* ---- share ---- */

static int sharing(const char *port)
{
	const struct sockaddr_in a = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)atoi(port)),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int s = socket(AF_INET, SOCK_DGRAM, 0), yes = 1;
	if (s < 0 || setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) ||
		bind(s, (const struct sockaddr *)&a, sizeof a))
		exit(fail("share"));
	return s;
}

static int share(const char *port, int count)
{
	char line[8], packet[16];
	int sockets[4];
	for (int i = 0; i < count && i < 4; i++)
		sockets[i] = sharing(port);
	setvbuf(stdout, NULL, _IOLBF, 0);
	printf("socket %d\n", sockets[0]);
	while (fgets(line, sizeof line, stdin)) {
		int n = 0;
		for (int i = 0; i < count && i < 4; i++)
			while (recv(sockets[i], packet, sizeof packet, MSG_DONTWAIT) >= 0)
				n++;
		printf("got %d\n", n);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[1] : "";
	if (!strcmp(verb, "old"))
		return old(argv + 2);
	if (!strcmp(verb, "xdp"))
		return xdp(argv[2]);
	if (!strcmp(verb, "add") && argc == 4)
		return qdisc(RTM_NEWQDISC, argv[2], argv[3]);
	if (!strcmp(verb, "del") && argc == 4)
		return qdisc(RTM_DELQDISC, argv[2], argv[3]);
	if (!strcmp(verb, "udp") && argc == 5)
		return udp(argv[2], argv[3], atoi(argv[4]));
	if (!strcmp(verb, "segments") && argc == 5)
		return segments(argv[2], argv[3], atoi(argv[4]));
	if (!strcmp(verb, "share") && argc == 4)
		return share(argv[2], atoi(argv[3]));
	if (!strcmp(verb, "calls"))
		return calls(argv[2]);
	fprintf(stderr, "net: wrong usage, see the top of net.c\n");
	return 2;
}
