/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "process_socket.h"

#include "loader/plan/abi.h"
#include "loader/kernel/kfs.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What a port is looked up in, and the state of sockets that wait there. */
struct protocol {
	const char *word, *files[2];
	unsigned state;
};

static const struct protocol protocols[] = {
	{"tcp:", {"self/net/tcp", "self/net/tcp6"}, 10}, /* TCP_LISTEN */
	{"udp:", {"self/net/udp", "self/net/udp6"}, 7},  /* TCP_CLOSE */
};

struct place {
	const struct protocol *protocol; /* NULL: by process and descriptor */
	unsigned long first, second;     /* port; process, descriptor */
};

static bool read_number(const char **text, unsigned long *n, unsigned long max)
{
	char *end;
	if (!isdigit((unsigned char)**text))
		return false;
	errno = 0;
	*n = strtoul(*text, &end, 10);
	*text = end;
	return !errno && *n <= max;
}

static bool read_place(const char *text, struct place *p)
{
	*p = (struct place){0};
	for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
		if (!strncmp(text, protocols[i].word, strlen(protocols[i].word))) {
			p->protocol = &protocols[i];
			text += strlen(protocols[i].word);
			return read_number(&text, &p->first, UINT16_MAX) && !*text;
		}
	return read_number(&text, &p->first, INT32_MAX) && *text++ == ':' &&
	       read_number(&text, &p->second, INT32_MAX) && !*text;
}

bool process_socket_is_spec(const char *text)
{
	struct place p;
	return read_place(text, &p);
}

/* ---- by port ---- */

/* A line is "0: ADDRESS:PORT ADDRESS:PORT STATE …", all in hexadecimal, and the inode is the tenth
 * word. 0: no socket waits at that port. */
static unsigned long inode_in(struct kfs *k, const char *path, unsigned state, unsigned long port)
{
	char line[512];
	unsigned its_port, its_state;
	unsigned long inode, found = 0;
	int fd = kfs_open(k, KFS_PROC, path, O_RDONLY);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	while (f && !found && fgets(line, sizeof line, f))
		if (sscanf(line, " %*u: %*[^:]:%x %*s %x %*s %*s %*s %*s %*s %lu", &its_port,
			    &its_state, &inode) == 3 &&
			its_port == port && its_state == state)
			found = inode;
	if (f)
		fclose(f);
	else if (fd >= 0)
		close(fd);
	return found;
}

static DIR *open_folder(struct kfs *k, const char *path)
{
	int fd = kfs_open(k, KFS_PROC, path, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir && fd >= 0)
		close(fd);
	return dir;
}

/* The descriptor of a process that is the socket, or -1. */
static int descriptor_of(struct kfs *k, const char *pid, const char *socket)
{
	char path[32], to[64];
	int found = -1;
	snprintf(path, sizeof path, "%.20s/fd", pid);
	DIR *dir = open_folder(k, path);
	for (struct dirent *d; dir && found < 0 && (d = readdir(dir));) {
		ssize_t n = readlinkat(dirfd(dir), d->d_name, to, sizeof to - 1);
		to[n < 0 ? 0 : n] = 0;
		if (!strcmp(to, socket))
			found = atoi(d->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* The first process that has the socket. */
static bool holder_of(struct kfs *k, unsigned long inode, struct place *p)
{
	char socket[40];
	int fd = -1;
	snprintf(socket, sizeof socket, "socket:[%lu]", inode);
	DIR *dir = open_folder(k, ".");
	for (struct dirent *d; dir && fd < 0 && (d = readdir(dir));) {
		if (!isdigit((unsigned char)*d->d_name))
			continue;
		fd = descriptor_of(k, d->d_name, socket);
		p->first = strtoul(d->d_name, NULL, 10);
		p->second = (unsigned long)fd;
	}
	if (dir)
		closedir(dir);
	return fd >= 0;
}

static bool find_by_port(
	struct planner *b, const struct hook_use *use, const char *text, struct place *p)
{
	struct kfs *k = use->kernel->kfs;
	unsigned long inode = 0;
	for (int i = 0; i < 2 && !inode; i++)
		inode = inode_in(k, p->protocol->files[i], p->protocol->state, p->first);
	if (!inode)
		hook_fail(b, "ss -tulnp lists the sockets that wait, their ports and processes",
			"no socket waits at %s", text);
	else if (!holder_of(k, inode, p))
		hook_fail(b, "run it as root, and where the process is seen",
			"no process that may be looked into has the socket of %s", text);
	return !b->failed;
}

/* ---- the step ---- */

int16_t process_socket_open(struct planner *b, const struct hook_use *use, const char *text)
{
	struct place p;
	struct plan_step like = use->like;
	like.doing = "get the socket";
	if (b->failed)
		return PLAN_NONE;
	if (!read_place(text, &p)) {
		hook_fail(b, "tcp:PORT, udp:PORT, or PID:DESCRIPTOR of a process",
			"'%s' names no socket", text);
		return PLAN_NONE;
	}
	if (p.protocol && !find_by_port(b, use, text, &p))
		return PLAN_NONE;
	int16_t slot = plan_add_slot(
		b, SLOT_FILE, plan_text(b, arena_printf(b->plan->arena, "socket %s", text)));
	int16_t step = plan_add_step(b, STEP_GETFD, 0, slot, &like);
	struct plan_step *s = plan_step_at(b, step);
	s->args[0].value = (int64_t)p.first;
	s->args[1].value = (int64_t)p.second;
	plan_add_hint(
		b, step, ENOSYS, "it takes a copy of the descriptor, which came with Linux 5.6");
	plan_add_hint(b, step, ESRCH, "there is no such process");
	plan_add_hint(b, step, EBADF, "the process has no such descriptor; see /proc/PID/fd");
	plan_add_hint(b, step, EPERM, "to take it from another process needs CAP_SYS_PTRACE");
	return slot;
}
