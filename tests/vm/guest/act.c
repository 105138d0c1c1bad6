/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Generates an exact number of events in a virtual machine, which a shell cannot, since it executes
 * programs and opens files of its own.
 *
 *   act exec UID COUNT PROGRAM   executes PROGRAM COUNT times in sequence as that user, with one
 *                                execve(2) each. Prints the pids
 *   act send PORT COUNT          sends COUNT datagrams to that port of this host, one in a millisecond,
 *                                that contain their numbers
 *   act open UID FILE...         prints "ready", waits for a line on stdin, then opens each file
 *                                once as that user with openat(2). Prints "RESULT FILE", where
 *                                RESULT is -errno on failure
 *   act as UID CAPS PROGRAM...   executes PROGRAM as that user, with only these capabilities (a
 * mask)
 *   act default PROGRAM...       executes PROGRAM with SIGINT and SIGQUIT at their defaults
 *   act inject PID NUMBER        makes a process that waits in a system call make another one instead
 *                                (x86-64)
 *   act bpf                      lists the kernel's BPF objects: "prog 12", "map 13 name", ...
 *   act ids                      the same without names, and without opening any of them. Who opens
 *                                a program array that the kernel is about to clear keeps it for
 *                                ever: each end of its users takes a reference for the one job that
 *                                clears it
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(const char *what)
{
	fprintf(stderr, "act: %s: %s\n", what, strerror(errno));
	return 1;
}

/* ---- exec and open ---- */

static int act_exec(unsigned uid, int count, char *program)
{
	char *argv[] = {program, NULL}, *environment[] = {NULL};
	for (int i = 0; i < count; i++) {
		int status;
		pid_t pid = fork();
		if (pid == 0) {
			if (setgid(uid) || setuid(uid))
				_exit(fail("setuid"));
			execve(program, argv, environment);
			_exit(fail(program));
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
			return fail(program);
		printf("%d\n", (int)pid);
	}
	return 0;
}

static int act_send(int port, int count)
{
	const struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd < 0)
		return fail("socket");
	for (int i = 0; i < count; i++) {
		const uint8_t number[8] = {(uint8_t)i, (uint8_t)(i >> 8)};
		if (sendto(fd, number, sizeof number, 0, (const struct sockaddr *)&to, sizeof to) <
			0)
			return fail("sendto");
		usleep(1000);
	}
	close(fd);
	return 0;
}

static int act_open(unsigned uid, char **files)
{
	char line[16];
	if (setgid(uid) || setuid(uid))
		return fail("setuid");
	puts("ready");
	if (read(STDIN_FILENO, line, sizeof line) <= 0)
		return fail("stdin");
	for (; *files; files++) {
		long fd = syscall(SYS_openat, AT_FDCWD, *files, O_RDONLY);
		printf("%ld %s\n", fd < 0 ? -(long)errno : fd, *files);
	}
	return 0;
}

/* ---- as ---- */

enum { CAPABILITY_VERSION_3 = 0x20080522, PR_CAP_AMBIENT_ = 47, AMBIENT_RAISE = 2 };

static int act_as(unsigned uid, uint64_t caps, char **argv)
{
	struct {
		uint32_t version;
		int pid;
	} head = {CAPABILITY_VERSION_3, 0};
	struct {
		uint32_t effective, permitted, inheritable;
	} data[2];
	for (int i = 0; i < 2; i++) {
		uint32_t half = (uint32_t)(caps >> 32 * i);
		data[i].effective = data[i].permitted = data[i].inheritable = half;
	}
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) || setgid(uid) || setuid(uid))
		return fail("setuid");
	if (syscall(SYS_capset, &head, data))
		return fail("capset");
	for (unsigned long cap = 0; cap < 64; cap++)
		if (caps >> cap & 1 && prctl(PR_CAP_AMBIENT_, AMBIENT_RAISE, cap, 0, 0))
			return fail("ambient capabilities");
	execv(argv[0], argv);
	return fail(argv[0]);
}

/* ---- inject ---- */

#ifdef __x86_64__
/* The signal that attaching sends interrupts its call; at the entry of the next one (restart_syscall)
 * the number is replaced, which seccomp sees since Linux 4.8. */
static int act_inject(pid_t pid, unsigned long number)
{
	struct user_regs_struct regs;
	int status;
	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) || waitpid(pid, &status, 0) != pid ||
		ptrace(PTRACE_SYSCALL, pid, NULL, NULL) || waitpid(pid, &status, 0) != pid ||
		ptrace(PTRACE_GETREGS, pid, NULL, &regs))
		return fail("ptrace");
	regs.orig_rax = number;
	if (ptrace(PTRACE_SETREGS, pid, NULL, &regs) || ptrace(PTRACE_DETACH, pid, NULL, NULL))
		return fail("ptrace");
	return 0;
}
#else
static int act_inject(pid_t pid, unsigned long number)
{
	(void)pid;
	(void)number;
	errno = ENOSYS;
	return fail("inject");
}
#endif

/* ---- bpf ---- */

enum { OBJ_GET_INFO_BY_FD = 15, ATTR_SIZE = 16, INFO_SIZE = 256 };

static const struct {
	const char *name;
	int next, open; /* commands */
	int name_at;    /* offset of the name in the info; 0: no name */
} kinds[] = {
	{"prog", 11, 13, 64},
	{"map", 12, 14, 24},
	{"btf", 23, 19, 0},
	{"link", 31, 30, 0},
};

static long bpf(int cmd, void *attr, unsigned size)
{
	return syscall(SYS_bpf, cmd, attr, size);
}

static void show(unsigned kind, uint32_t id)
{
	uint32_t get[4] = {id};
	char info[INFO_SIZE] = "";
	long fd = kinds[kind].name_at ? bpf(kinds[kind].open, get, sizeof get) : -1;
	if (fd >= 0) {
		struct {
			uint32_t fd, size;
			uint64_t info;
		} ask = {(uint32_t)fd, sizeof info - 1, (uintptr_t)info};
		bpf(OBJ_GET_INFO_BY_FD, &ask, sizeof ask);
		close((int)fd);
	}
	printf("%s %u%s%.15s\n", kinds[kind].name, id, fd < 0 ? "" : " ",
		info + kinds[kind].name_at);
}

static int act_default(char **argv)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	execvp(argv[0], argv);
	return fail(argv[0]);
}

static int act_bpf(bool names)
{
	for (unsigned kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
		uint32_t attr[4] = {0}; /* start id, next id, flags */
		while (bpf(kinds[kind].next, attr, sizeof attr) == 0) {
			if (names)
				show(kind, attr[1]);
			else
				printf("%s %u\n", kinds[kind].name, attr[1]);
			attr[0] = attr[1];
			attr[1] = 0;
		}
		if (errno != ENOENT)
			return fail(kinds[kind].name);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!strcmp(verb, "exec") && argc == 5)
		return act_exec((unsigned)atoi(argv[2]), atoi(argv[3]), argv[4]);
	if (!strcmp(verb, "send") && argc == 4)
		return act_send(atoi(argv[2]), atoi(argv[3]));
	if (!strcmp(verb, "open") && argc > 3)
		return act_open((unsigned)atoi(argv[2]), argv + 3);
	if (!strcmp(verb, "as") && argc > 4)
		return act_as((unsigned)atoi(argv[2]), strtoull(argv[3], NULL, 0), argv + 4);
	if (!strcmp(verb, "default") && argc > 2)
		return act_default(argv + 2);
	if (!strcmp(verb, "inject") && argc == 4)
		return act_inject(atoi(argv[2]), strtoul(argv[3], NULL, 0));
	if ((!strcmp(verb, "bpf") || !strcmp(verb, "ids")) && argc == 2)
		return act_bpf(*verb == 'b');
	fprintf(stderr, "act: wrong usage, see the top of act.c\n");
	return 2;
}
