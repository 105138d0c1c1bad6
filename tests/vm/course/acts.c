/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Generates exactly the events that the course's programs are expected to observe. Most verbs first
 * print "pid N"; those marked "waits" then wait for a line on stdin.
 *
 *   acts reads COUNT BYTES FILE    waits; reads FILE COUNT times, then fails 3 times (EBADF)
 *   acts threads COUNT FILE        two concurrent threads read 1 byte COUNT times each
 *   acts sleep MS                  nanosleep(2)
 *   acts getppid COUNT             waits; getppid(2) COUNT times
 *   acts open|openat|openat2 FILE...   waits; opens with exactly this call, prints each result
 *   acts deep BYTES                openat(2) of a path of BYTES bytes
 *   acts write FD COUNT BYTES      waits; prints its pid to stderr
 *   acts chain COUNT               executes itself COUNT times, in one process
 *   acts run UID COUNT PROGRAM     fork and execve(2), COUNT times, as that user
 *   acts kill SIGNAL COUNT         signals itself; the signal is ignored
 *   acts send BYTES                over TCP on loopback; prints the result of send(2)
 *   acts connect PORT              to a closed port on loopback; prints errno
 *   acts malloc BYTES              waits; prints the pointer
 *   acts frames FROM TO KIND COUNT sends frames from interface FROM; prints how many arrive at TO.
 *                                  KIND: arp, ipv6, ping, unreach, udp, syn, synack. The source is
 *                                  10.0.0.2, or ADDRESS with KIND@ADDRESS; with KIND@@ADDRESS it is
 *                                  incremented for each frame. The destination is 10.0.0.1, port 0,
 *                                  or PORT with KIND:PORT
 *   acts map NAME get|locked KEY   prints the value in hex; locked: with BPF_F_LOCK
 *   acts map NAME put KEY VALUE [any|new|old]   VALUE: a number of the value's size. Prints errno
 *   acts map NAME pop              pops all elements and prints them (u32)
 *   acts map NAME count            prints the number of keys
 *   acts iter                      prints the output of the newest iterator link
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_open /* does not exist on newer architectures */
#define SYS_open -1
#endif

static int fail(const char *what)
{
	fprintf(stderr, "acts: %s: %s\n", what, strerror(errno));
	return 1;
}

static long number(const char *text)
{
	return strtol(text, NULL, 0);
}

static void introduce(void)
{
	printf("pid %d\n", (int)getpid());
}

/* Reads single bytes, a known number of read(2) calls, since the programs count these as well. */
static void wait_for_line(void)
{
	char c = 0;
	while (c != '\n' && read(STDIN_FILENO, &c, 1) == 1)
		;
}

/* ---- files and processes ---- */

static int reads(char **a)
{
	char buffer[65536];
	int fd = open(a[2], O_RDONLY);
	if (fd < 0)
		return fail(a[2]);
	wait_for_line();
	for (long i = number(a[0]); i; i--) {
		lseek(fd, 0, SEEK_SET);
		if (read(fd, buffer, (size_t)number(a[1])) != number(a[1]))
			return fail("read");
	}
	for (int i = 0; i < 3; i++)
		if (read(-1, buffer, 1) >= 0)
			return 1;
	return 0;
}

static char **thread_args;

static void *read_bytes(void *unused)
{
	char byte;
	(void)unused;
	int fd = open(thread_args[1], O_RDONLY);
	for (long i = number(thread_args[0]); i; i--)
		if (read(fd, &byte, 1) != 1)
			abort();
	return NULL;
}

static int threads(char **a)
{
	pthread_t t[2];
	thread_args = a;
	for (int i = 0; i < 2; i++)
		pthread_create(&t[i], NULL, read_bytes, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(t[i], NULL);
	return 0;
}

static int nap(char **a)
{
	long ms = number(a[0]);
	struct timespec t = {ms / 1000, ms % 1000 * 1000000};
	return (int)syscall(SYS_nanosleep, &t, NULL);
}

static int getppids(char **a)
{
	wait_for_line();
	for (long i = number(a[0]); i; i--)
		syscall(SYS_getppid);
	return 0;
}

static int opens(char **a)
{
	struct {
		uint64_t flags, mode, resolve;
	} how = {O_RDONLY, 0, 0};
	wait_for_line();
	for (int i = 1; a[i]; i++) {
		long fd = !strcmp(a[0], "open") ? syscall(SYS_open, a[i], O_RDONLY)
		          : !strcmp(a[0], "openat")
		                  ? syscall(SYS_openat, AT_FDCWD, a[i], O_RDONLY)
		                  : syscall(437, AT_FDCWD, a[i], &how, sizeof how);
		printf("result %ld\n", fd < 0 ? -(long)errno : fd);
	}
	return 0;
}

static int deep(char **a)
{
	static char path[8192];
	memset(path, '/', sizeof path - 1);
	path[number(a[0])] = 0;
	return syscall(SYS_openat, AT_FDCWD, path, O_RDONLY) < 0;
}

static int writes(char **a)
{
	static char buffer[65536];
	wait_for_line();
	for (long i = number(a[1]); i; i--)
		if (write((int)number(a[0]), buffer, (size_t)number(a[2])) != number(a[2]))
			return fail("write");
	return 0;
}

static int chain(char **a)
{
	char count[24], *argv[] = {"acts", "chained", count, NULL}, *environment[] = {NULL};
	long left = number(a[0]);
	snprintf(count, sizeof count, "%ld", left - 1);
	if (!left)
		return 0;
	fflush(stdout);
	execve("/acts", argv, environment);
	return fail("/acts");
}

static int run(char **a)
{
	char *argv[] = {a[2], NULL}, *environment[] = {NULL};
	uid_t uid = (uid_t)number(a[0]);
	for (long i = number(a[1]); i; i--) {
		int status;
		fflush(stdout);
		pid_t pid = fork();
		if (pid == 0) {
			if (setgid(uid) || setuid(uid))
				_exit(fail("setuid"));
			execve(a[2], argv, environment);
			_exit(fail(a[2]));
		}
		printf("child %d\n", (int)pid);
		if (waitpid(pid, &status, 0) != pid || status)
			return fail(a[2]);
	}
	return 0;
}

static int kills(char **a)
{
	signal((int)number(a[0]), SIG_IGN);
	for (long i = number(a[1]); i; i--)
		if (kill(getpid(), (int)number(a[0])))
			return fail("kill");
	return 0;
}

static int mallocs(char **a)
{
	fflush(stdout);
	wait_for_line();
	void *p = malloc((size_t)number(a[0]));
	printf("pointer 0x%lx\n", (unsigned long)p);
	return 0;
}

/* ---- network ---- */

static int sends(char **a)
{
	static char buffer[65536];
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof at;
	int server = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(server, (void *)&at, sizeof at) || listen(server, 1) ||
		getsockname(server, (void *)&at, &size) || connect(client, (void *)&at, sizeof at))
		return fail("connect");
	int peer = accept(server, NULL, NULL);
	printf("port %d\nsent %zd\n", ntohs(at.sin_port),
		send(client, buffer, (size_t)number(a[0]), 0));
	ssize_t got = 0, n;
	while (got < number(a[0]) && (n = read(peer, buffer, sizeof buffer)) > 0)
		got += n;
	close(client);
	close(peer);
	return got != number(a[0]);
}

static int connects(char **a)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	at.sin_port = htons((uint16_t)number(a[0]));
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	printf("errno %d\n", connect(fd, (void *)&at, sizeof at) ? errno : 0);
	return 0;
}

enum { FRAME = 60, AF_PACKET_ = 17, ETH_P_ALL_ = 0x0003, OUTGOING = 4, ECHO = 8, UNREACH = 3 };

struct link_address {
	uint16_t family, protocol;
	int32_t index;
	uint16_t hardware;
	uint8_t type, length, address[8];
};

static int packet_socket(const char *name)
{
	struct link_address at = {
		AF_PACKET_, htons(ETH_P_ALL_), (int32_t)if_nametoindex(name), 0, 0, 0, {0}};
	int fd = socket(AF_PACKET_, SOCK_RAW, htons(ETH_P_ALL_));
	return fd >= 0 && at.index && !bind(fd, (void *)&at, sizeof at) ? fd : -1;
}

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

/* Builds a broadcast Ethernet frame that ends with "acts", by which the receiver recognises it. */
static bool build(uint8_t *f, const char *kind, uint32_t source, unsigned port)
{
	static const struct {
		const char *name;
		uint16_t type;
		uint8_t protocol;
	} kinds[] = {{"arp", 0x0806, 0}, {"ipv6", 0x86dd, 0}, {"ping", 0x0800, 1},
		{"unreach", 0x0800, 1}, {"udp", 0x0800, 17}, {"syn", 0x0800, 6},
		{"synack", 0x0800, 6}};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(kind, kinds[i].name))
			continue;
		memset(f, 0, FRAME);
		memset(f, 0xff, 6);
		f[6] = 2;
		put16(f + 12, kinds[i].type);
		f[14] = kinds[i].type == 0x86dd ? 0x60 : 0x45;
		put16(f + 16, FRAME - 14);
		f[22] = 64;
		f[23] = kinds[i].protocol;
		source = htonl(source);
		memcpy(f + 26, &source, 4);
		memcpy(f + 30, "\12\0\0\1", 4);
		f[34] = !strcmp(kind, "ping") ? ECHO : !strcmp(kind, "unreach") ? UNREACH : 0;
		put16(f + 36, port);
		f[46] = 0x50;
		f[47] = !strcmp(kind, "syn") ? 0x02 : !strcmp(kind, "synack") ? 0x12 : 0;
		memcpy(f + FRAME - 4, "acts", 4);
		return true;
	}
	return false;
}

static int frames(char **a)
{
	uint8_t frame[FRAME], got[2048];
	char *at = strchr(a[2], '@'), *colon = strchr(a[2], ':');
	uint32_t source = 0x0a000002;
	unsigned port = colon ? (unsigned)number(colon + 1) : 0;
	bool each = at && at[1] == '@';
	long count = number(a[3]), arrived = 0;
	int from = packet_socket(a[0]), to = packet_socket(a[1]);
	if (from < 0 || to < 0)
		return fail("interface");
	if (colon)
		*colon = 0;
	if (at) {
		source = ntohl(inet_addr(at + 1 + each));
		*at = 0;
	}
	for (long i = 0; i < count; i++) {
		if (!build(frame, a[2], source + (each ? (uint32_t)i : 0), port))
			return fail(a[2]);
		/* ENOBUFS: tc has dropped it. */
		if (send(from, frame, sizeof frame, 0) != sizeof frame && errno != ENOBUFS)
			return fail("send");
		struct pollfd p = {to, POLLIN, 0};
		while (poll(&p, 1, i == count - 1 ? 100 : 0) > 0) {
			struct link_address sender;
			socklen_t size = sizeof sender;
			ssize_t n = recvfrom(to, got, sizeof got, 0, (void *)&sender, &size);
			arrived += n == FRAME && sender.type != OUTGOING &&
			           !memcmp(got + FRAME - 4, "acts", 4);
		}
	}
	printf("arrived %ld\n", arrived);
	return 0;
}

/* ---- BPF ---- */

enum {
	MAP_LOOKUP = 1,
	MAP_UPDATE = 2,
	MAP_NEXT_KEY = 4,
	MAP_NEXT_ID = 12,
	MAP_BY_ID = 14,
	OBJ_INFO = 15,
	MAP_TAKE = 21,
	LINK_BY_ID = 30,
	LINK_NEXT_ID = 31,
	ITER_CREATE = 33,
};

static long bpf(int cmd, void *attr, unsigned size)
{
	return syscall(SYS_bpf, cmd, attr, size);
}

struct map {
	int fd;
	uint32_t key_size, value_size;
};

/* struct bpf_map_info: u32 type, id, key_size, value_size, max_entries, map_flags, char name[16] */
static bool find_map(const char *name, struct map *m)
{
	uint32_t next[4] = {0};
	while (!bpf(MAP_NEXT_ID, next, sizeof next)) {
		uint32_t get[4] = {next[1]}, info[64] = {0};
		long fd = bpf(MAP_BY_ID, get, sizeof get);
		struct {
			uint32_t fd, size;
			uint64_t info;
		} ask = {(uint32_t)fd, sizeof info, (uintptr_t)info};
		next[0] = next[1];
		if (fd < 0 || bpf(OBJ_INFO, &ask, sizeof ask))
			continue;
		*m = (struct map){(int)fd, info[2], info[3]};
		if (!strcmp((char *)(info + 6), name))
			return true;
		close((int)fd);
	}
	fprintf(stderr, "acts: no map %s\n", name);
	return false;
}

struct element {
	uint32_t fd, pad;
	uint64_t key, value, flags;
};

static void print_bytes(const uint8_t *bytes, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		printf("%02x", bytes[i]);
	putchar('\n');
}

static void to_bytes(uint8_t *at, uint32_t size, const char *text)
{
	const uint16_t one = 1;
	bool big = !*(const uint8_t *)&one;
	uint64_t n = *text == 'x' ? 0 : strtoull(text, NULL, 0);
	unsigned byte;
	memset(at, 0, size);
	if (*text != 'x')
		for (uint32_t i = 0; i < size && i < 8; i++, n >>= 8)
			at[big ? size - 1 - i : i] = (uint8_t)n;
	else
		for (text++; size-- && sscanf(text, "%2x", &byte) == 1; text += 2)
			*at++ = (uint8_t)byte;
}

static int map_get(struct map *m, const char *key_text, uint64_t flags)
{
	static uint8_t key[512], value[65536];
	struct element e = {(uint32_t)m->fd, 0, (uintptr_t)key, (uintptr_t)value, flags};
	to_bytes(key, m->key_size, key_text);
	if (bpf(MAP_LOOKUP, &e, sizeof e))
		return fail("lookup");
	print_bytes(value, m->value_size);
	return 0;
}

static int map_put(struct map *m, char **a)
{
	static uint8_t key[512], value[65536];
	uint64_t flags = !a[2] || !strcmp(a[2], "any") ? 0 : !strcmp(a[2], "new") ? 1 : 2;
	struct element e = {(uint32_t)m->fd, 0, (uintptr_t)key, (uintptr_t)value, flags};
	to_bytes(key, m->key_size, a[0]);
	to_bytes(value, m->value_size, a[1]);
	printf("errno %d\n", bpf(MAP_UPDATE, &e, sizeof e) ? errno : 0);
	return 0;
}

static int map_pop(struct map *m)
{
	uint32_t value;
	struct element e = {(uint32_t)m->fd, 0, 0, (uintptr_t)&value, 0};
	if (m->value_size != sizeof value)
		return 1;
	while (!bpf(MAP_TAKE, &e, sizeof e))
		printf("%u ", value);
	printf("errno %d\n", errno);
	return 0;
}

static int map_count(struct map *m)
{
	static uint8_t key[512];
	struct element e = {(uint32_t)m->fd, 0, 0, (uintptr_t)key, 0};
	long n = 0;
	while (!bpf(MAP_NEXT_KEY, &e, sizeof e)) {
		n++;
		e.key = (uintptr_t)key;
	}
	printf("%ld\n", n);
	return 0;
}

static int maps(char **a)
{
	struct map m;
	if (!a[1] || !find_map(a[0], &m))
		return 1;
	if (!strcmp(a[1], "get") && a[2])
		return map_get(&m, a[2], 0);
	if (!strcmp(a[1], "locked") && a[2])
		return map_get(&m, a[2], 4);
	if (!strcmp(a[1], "put") && a[2] && a[3])
		return map_put(&m, a + 2);
	if (!strcmp(a[1], "pop"))
		return map_pop(&m);
	if (!strcmp(a[1], "count"))
		return map_count(&m);
	return 2;
}

static int iter(char **a)
{
	uint32_t next[4] = {0};
	char text[4096];
	long iterator = -1;
	(void)a;
	while (!bpf(LINK_NEXT_ID, next, sizeof next)) {
		uint32_t get[4] = {next[1]};
		next[0] = next[1];
		long link = bpf(LINK_BY_ID, get, sizeof get);
		uint32_t create[2] = {(uint32_t)link};
		long fd = link < 0 ? -1 : bpf(ITER_CREATE, create, sizeof create);
		iterator = fd < 0 ? iterator : fd;
	}
	if (iterator < 0)
		return fail("iterator");
	for (ssize_t n; (n = read((int)iterator, text, sizeof text)) > 0;)
		fwrite(text, 1, (size_t)n, stdout);
	return 0;
}

/* ---- verbs ---- */

static const struct {
	const char *name;
	int (*act)(char **);
	int args;
	bool silent; /* does not print its pid */
	bool whole;  /* passes the verb itself as the first argument */
} verbs[] = {
	{"reads", reads, 3, 0, 0},
	{"threads", threads, 2, 0, 0},
	{"sleep", nap, 1, 0, 0},
	{"getppid", getppids, 1, 0, 0},
	{"open", opens, 1, 0, 1},
	{"openat", opens, 1, 0, 1},
	{"openat2", opens, 1, 0, 1},
	{"deep", deep, 1, 0, 0},
	{"write", writes, 3, 0, 0},
	{"chain", chain, 1, 0, 0},
	{"chained", chain, 1, 1, 0},
	{"run", run, 3, 0, 0},
	{"kill", kills, 2, 0, 0},
	{"malloc", mallocs, 1, 0, 0},
	{"send", sends, 1, 0, 0},
	{"connect", connects, 1, 0, 0},
	{"frames", frames, 4, 1, 0},
	{"map", maps, 2, 1, 0},
	{"iter", iter, 0, 1, 0},
};

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (size_t i = 0; argc > 1 && i < sizeof verbs / sizeof *verbs; i++)
		if (!strcmp(argv[1], verbs[i].name) && argc >= 2 + verbs[i].args) {
			if (!verbs[i].silent && verbs[i].act != writes)
				introduce();
			else if (verbs[i].act == writes)
				dprintf(STDERR_FILENO, "pid %d\n", (int)getpid());
			return verbs[i].act(argv + 2 - verbs[i].whole);
		}
	fprintf(stderr, "acts: wrong usage, see the top of acts.c\n");
	return 2;
}
