/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "listener.h"

#include "elf/base/number.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define UNIX "unix:"
enum { WAITING = 8, ADDRESS_MAX = 64 };

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un path;
};

/* Splits ADDRESS:PORT; the address without brackets, "" if it is missing. */
static bool split(const char *text, char address[static ADDRESS_MAX], uint16_t *port)
{
	const char *colon = strrchr(text, ':');
	char *end;
	if (!colon || !colon[1])
		return false;
	size_t n = (size_t)(colon - text);
	bool brackets = n >= 2 && text[0] == '[' && text[n - 1] == ']';
	if (brackets) {
		text++;
		n -= 2;
	}
	int64_t number = text_s64(colon + 1, &end, 10);
	if (n >= ADDRESS_MAX || *end || number < 1 || number > UINT16_MAX)
		return false;
	memcpy(address, text, n);
	address[n] = 0;
	*port = (uint16_t)number;
	return brackets || !strchr(address, ':');
}

/* Returns the size of the address, 0 if text is none. */
static socklen_t parse(const char *text, union address *a)
{
	char address[ADDRESS_MAX];
	uint16_t port;
	memset(a, 0, sizeof *a);
	if (!strncmp(text, UNIX, sizeof UNIX - 1)) {
		const char *path = text + sizeof UNIX - 1;
		a->path.sun_family = AF_UNIX;
		if (!*path || strlen(path) >= sizeof a->path.sun_path)
			return 0;
		memcpy(a->path.sun_path, path, strlen(path) + 1);
		return sizeof a->path;
	}
	if (!split(text, address, &port))
		return 0;
	if (*address && inet_pton(AF_INET, address, &a->v4.sin_addr) == 1) {
		a->v4.sin_family = AF_INET;
		a->v4.sin_port = htons(port);
		return sizeof a->v4;
	}
	a->v6.sin6_family = AF_INET6;
	a->v6.sin6_port = htons(port);
	bool valid = !*address || inet_pton(AF_INET6, address, &a->v6.sin6_addr) == 1;
	return valid ? sizeof a->v6 : 0;
}

bool listener_is_address(const char *text)
{
	union address a;
	return !strncmp(text, UNIX, sizeof UNIX - 1) || parse(text, &a);
}

static int listen_at(const union address *a, socklen_t size)
{
	int one = 1, fd = socket(a->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (a->any.sa_family != AF_UNIX)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (!bind(fd, &a->any, size) && !listen(fd, WAITING))
		return fd;
	int no = errno;
	close(fd);
	errno = no;
	return -1;
}

/* Whether a unix socket exists that nobody listens to. Other files refuse connections, too. */
static bool is_stale(const union address *a, socklen_t size)
{
	struct stat st;
	if (lstat(a->path.sun_path, &st) || !S_ISSOCK(st.st_mode))
		return false;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool stale = fd >= 0 && connect(fd, &a->any, size) && errno == ECONNREFUSED;
	if (fd >= 0)
		close(fd);
	return stale;
}

bool listener_open(struct listener *l, const char *text, struct err *e)
{
	union address a;
	socklen_t size = parse(text, &a);
	*l = (struct listener){.fd = -1};
	if (!size)
		return err_set(e, "%s: the path of a unix socket has 1 to %zu bytes", text,
			sizeof a.path.sun_path - 1);
	l->fd = listen_at(&a, size);
	if (l->fd < 0 && errno == EADDRINUSE && a.any.sa_family == AF_UNIX && is_stale(&a, size) &&
		!unlink(a.path.sun_path))
		l->fd = listen_at(&a, size);
	/* A kernel without IPv6. */
	if (l->fd < 0 && errno == EAFNOSUPPORT && *text == ':') {
		a.v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = a.v6.sin6_port};
		l->fd = listen_at(&a, sizeof a.v4);
	}
	if (l->fd < 0) {
		int no = errno;
		err_sys(e, no, "%s: listen", text);
		return no == EADDRINUSE ? err_hint(e, "another process listens there") : false;
	}
	l->path = a.any.sa_family == AF_UNIX ? text + sizeof UNIX - 1 : NULL;
	return true;
}

void listener_close(struct listener *l)
{
	if (l->fd < 0)
		return;
	close(l->fd);
	if (l->path)
		unlink(l->path);
	l->fd = -1;
}
