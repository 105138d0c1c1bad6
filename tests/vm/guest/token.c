// SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
/*
 * token FOLDER COMMAND...: runs a command as root of a new user namespace, without privileges
 * outside of it, with a bpf file system at FOLDER that delegates everything. Exits with the
 * command's status, or 125 if the namespace cannot be set up.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SET_STRING = 1, CREATE = 6, EMPTY_PATH = 4 };

static void must(long result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "token: %s: %s\n", what, strerror(errno));
	exit(125);
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	must(fd, path);
	must(write(fd, text, strlen(text)), path);
	close(fd);
}

static void inside(int to, int from, char **argv)
{
	char go;
	must(unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare");
	must(write(to, "n", 1), "pipe");
	must(read(from, &go, 1) - 1, "pipe"); /* uid_map and gid_map are written */
	int fs = (int)syscall(SYS_fsopen, "bpf", 0);
	must(fs, "fsopen");
	must(write(to, &fs, sizeof fs), "pipe");
	must(read(from, &go, 1) - 1, "pipe"); /* delegation is set up */
	int mount_fd = (int)syscall(SYS_fsmount, fs, 0, 0);
	must(mount_fd, "fsmount");
	must(syscall(SYS_move_mount, mount_fd, "", AT_FDCWD, argv[1], EMPTY_PATH), "move_mount");
	execvp(argv[2], argv + 2);
	must(-1, argv[2]);
}

static void delegate(int fs)
{
	static const char *const what[] = {
		"delegate_cmds", "delegate_maps", "delegate_progs", "delegate_attachs"};
	for (int i = 0; i < 4; i++)
		must(syscall(SYS_fsconfig, fs, SET_STRING, what[i], "any", 0), what[i]);
	must(syscall(SYS_fsconfig, fs, CREATE, NULL, NULL, 0), "fsconfig");
}

int main(int argc, char **argv)
{
	int up[2], down[2], fs, status;
	char path[64], go;
	if (argc < 3)
		return 125;
	must(pipe(up), "pipe");
	must(pipe(down), "pipe");
	pid_t child = fork();
	must(child, "fork");
	close(child ? down[0] : down[1]); /* so that a reader sees the end if the other exits */
	close(child ? up[1] : up[0]);
	if (!child)
		inside(up[1], down[0], argv);
	must(read(up[0], &go, 1), "pipe");
	snprintf(path, sizeof path, "/proc/%d/uid_map", child);
	put(path, "0 0 1");
	snprintf(path, sizeof path, "/proc/%d/gid_map", child);
	put(path, "0 0 1");
	must(write(down[1], "g", 1), "pipe");
	if (read(up[0], &fs, sizeof fs) == sizeof fs) {
		int pidfd = (int)syscall(SYS_pidfd_open, child, 0);
		must(pidfd, "pidfd_open");
		int here = (int)syscall(SYS_pidfd_getfd, pidfd, fs, 0);
		must(here, "pidfd_getfd");
		delegate(here);
		must(write(down[1], "g", 1), "pipe");
	}
	must(waitpid(child, &status, 0), "waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}
