/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * usage: traced WORD...
 *
 * Makes calls for `sonde calls` to show, one kind for each WORD. All of them are harmless: maps that end with
 * the process, and calls that fail.
 */
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MAP_CREATE = 0, MAP_LOOKUP = 1, MAP_UPDATE = 2, PROG_LOAD = 5, OBJ_GET = 7, BTF_LOAD = 18 };

static long bpf(long cmd, void *attr, long size)
{
	return syscall(SYS_bpf, cmd, attr, size);
}

static int map(const char *name)
{
	struct {
		uint32_t type, key, value, entries, flags, inner, node;
		char name[16];
	} attr = {.type = 2, .key = 4, .value = 4, .entries = 1};
	memcpy(attr.name, name, strnlen(name, sizeof attr.name));
	return (int)bpf(MAP_CREATE, &attr, sizeof attr);
}

static void update(int fd, uint32_t value)
{
	struct {
		uint32_t fd, pad;
		uint64_t key, value, flags;
	} attr = {.fd = (uint32_t)fd};
	uint32_t key = 0;
	attr.key = (uintptr_t)&key;
	attr.value = (uintptr_t)&value;
	bpf(MAP_UPDATE, &attr, sizeof attr);
}

static void *in_thread(void *name)
{
	return (void *)(intptr_t)map(name);
}

static void *execute(void *file)
{
	execl(file, file, "one", (char *)NULL);
	return NULL;
}

static void threads(void)
{
	pthread_t a, b;
	pthread_create(&a, NULL, in_thread, "first");
	pthread_create(&b, NULL, in_thread, "second");
	pthread_join(a, NULL);
	pthread_join(b, NULL);
}

/* A map that a child writes to by another descriptor, after the parent has closed its own. */
static void family(void)
{
	int fd = map("inherited");
	pid_t child = fork();
	if (!child) {
		dup2(fd, 77);
		close(fd);
		update(77, 9);
		_exit(0);
	}
	close(fd);
	waitpid(child, NULL, 0);
}

/* Sizes and addresses that no loader passes. */
static void hostile(void)
{
	static const uint64_t nowhere[] = {1, 0xffffffffffffff00, 0x800000000000};
	uint32_t small = 0;
	uint64_t attr[18];
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(page + 4096, 4096);
	memset(page, 0x1b, 4096);
	for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
		bpf(PROG_LOAD, (void *)(uintptr_t)nowhere[i], 144);
		memset(attr, 0xff, sizeof attr); /* 4 G instructions, logs and records */
		attr[0] = 0xffffffff00000001;
		attr[1] = attr[2] = attr[4] = nowhere[i];
		bpf(PROG_LOAD, attr, sizeof attr);
		attr[0] = nowhere[i];
		bpf(BTF_LOAD, attr, 32);
	}
	bpf(MAP_CREATE, page + 4090, 72);
	bpf(MAP_CREATE, &small, 0);
	bpf(MAP_CREATE, &small, 0xffffffff);
	bpf(0x7fffffff, &small, 4);
	bpf(-1, &small, 4);
	attr[0] = (uintptr_t)page + 1000; /* a path without an end */
	attr[1] = 0;
	bpf(OBJ_GET, attr, 16);
	map("\033[2J\n\302\233\377");
}

/* Dies in a call that never returns. */
static void killed(void)
{
	map("last");
	raise(SIGKILL);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!strcmp(argv[i], "one")) {
			update(map("one"), 5);
		} else if (!strcmp(argv[i], "threads")) {
			threads();
		} else if (!strcmp(argv[i], "execute")) {
			pthread_t a;
			pthread_create(&a, NULL, execute, argv[0]);
			pthread_join(a, NULL);
		} else if (!strcmp(argv[i], "family")) {
			family();
		} else if (!strcmp(argv[i], "hostile")) {
			hostile();
		} else if (!strcmp(argv[i], "killed")) {
			killed();
		} else if (!strcmp(argv[i], "wait")) {
			char c;
			(void)!read(STDIN_FILENO, &c, 1);
		}
	return 0;
}
