/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "process_socket.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "loader/plan/abi.h"
#include "loader/kernel/kfs.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Files that list the sockets of a protocol, and the state of those that are unconnected. */
struct protocol {
	const char *word, *files[2];
	unsigned state;
};

static const struct protocol protocols[] = {
	{"tcp:", {"self/net/tcp", "self/net/tcp6"}, 10}, /* TCP_LISTEN */
	{"udp:", {"self/net/udp", "self/net/udp6"}, 7},  /* TCP_CLOSE */
};

struct spec {
	const struct protocol *protocol; /* NULL: PID:FD */
	unsigned long first, second;     /* port, once found PID; FD */
};

static bool read_number(const char **text, unsigned long *n, unsigned long max)
{
	char *end;
	if (!isdigit((unsigned char)**text))
		return false;
	errno = 0;
	*n = text_ulong(*text, &end, 10);
	*text = end;
	return !errno && *n <= max;
}

static bool parse(const char *text, struct spec *p)
{
	*p = (struct spec){0};
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
	struct spec p;
	return parse(text, &p);
}

/* ---- by port ---- */

/* The n-th word of a line, from 1; its end if it has less. */
static const char *word_at(const char *line, unsigned n)
{
	static const char blank[] = " \t";
	for (line += strspn(line, blank); n > 1; n--) {
		line += strcspn(line, blank);
		line += strspn(line, blank);
	}
	return line;
}

/* The inode of the first socket in this state with this local port, or 0. A line is "0: ADDRESS:PORT
 * ADDRESS:PORT STATE ..." in hexadecimal; the inode is the tenth word, in decimal. */
static unsigned long inode_in(struct kfs *k, const char *path, unsigned state, unsigned long port)
{
	char line[512];
	enum { LOCAL = 2, STATE = 4, INODE = 10 };
	unsigned long found = 0;
	FILE *f;
	kfs_stream(k, KFS_PROC, path, &f);
	while (f && !found && fgets(line, sizeof line, f)) {
		const char *colon = strchr(word_at(line, LOCAL), ':');
		if (colon && text_ulong(colon + 1, NULL, 16) == port &&
			text_ulong(word_at(line, STATE), NULL, 16) == state)
			found = text_ulong(word_at(line, INODE), NULL, 10);
	}
	if (f)
		fclose(f);
	return found;
}

/* The process's descriptor of the socket, or -1. */
static int descriptor_of(struct kfs *k, const char *pid, const char *socket)
{
	char path[32], to[64];
	int found = -1;
	text_print(path, sizeof path, "%.20s/fd", pid);
	DIR *dir = kfs_list(k, KFS_PROC, path);
	for (struct dirent *d; dir && found < 0 && (d = readdir(dir));) {
		ssize_t n = readlinkat(dirfd(dir), d->d_name, to, sizeof to - 1);
		to[n < 0 ? 0 : n] = 0;
		if (!strcmp(to, socket))
			found = (int)text_ulong(d->d_name, NULL, 10);
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Finds the first process that has the socket open. */
static bool find_owner(struct kfs *k, unsigned long inode, struct spec *p)
{
	char socket[40];
	int fd = -1;
	text_print(socket, sizeof socket, "socket:[%lu]", inode);
	DIR *dir = kfs_list(k, KFS_PROC, ".");
	for (struct dirent *d; dir && fd < 0 && (d = readdir(dir));) {
		if (!isdigit((unsigned char)*d->d_name))
			continue;
		fd = descriptor_of(k, d->d_name, socket);
		p->first = text_ulong(d->d_name, NULL, 10);
		p->second = (unsigned long)fd;
	}
	if (dir)
		closedir(dir);
	return fd >= 0;
}

static bool find_by_port(
	struct plan_builder *b, const struct hook_use *use, const char *text, struct spec *p)
{
	struct kfs *k = use->kernel->kfs;
	unsigned long inode = 0;
	for (int i = 0; i < 2 && !inode; i++)
		inode = inode_in(k, p->protocol->files[i], p->protocol->state, p->first);
	if (!inode)
		hook_fail(b, PACKED("ss -tulnp lists listening sockets, their ports and processes"),
			"no socket listens on %s", text);
	else if (!find_owner(k, inode, p))
		hook_fail(b,
			PACKED("run sonde as root, in the PID namespace of the process or an outer "
			       "one"),
			"the process that owns the socket of %s is not accessible", text);
	return !b->failed;
}

/* ---- the step ---- */

int16_t process_socket_open(struct plan_builder *b, const struct hook_use *use, const char *text)
{
	struct spec p;
	struct plan_step like = use->like;
	like.doing = "get the socket";
	if (b->failed)
		return PLAN_NONE;
	if (!parse(text, &p)) {
		hook_fail(b, PACKED("tcp:PORT, udp:PORT or PID:FD"), "'%s' is not a socket", text);
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
		b, step, ENOSYS, "sockets of other processes require pidfd_getfd (Linux 5.6)");
	plan_add_hint(b, step, ESRCH, "there is no such process");
	plan_add_hint(b, step, EBADF, "the process has no such descriptor; see /proc/PID/fd");
	plan_add_hint(b, step, EPERM, "a socket of another process requires CAP_SYS_PTRACE");
	return slot;
}
