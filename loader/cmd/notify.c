/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int notify_open(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	size_t n = path ? strlen(path) : 0;
	if (!n || n >= sizeof a.sun_path)
		return -1;
	memcpy(a.sun_path, path, n);
	unsetenv("NOTIFY_SOCKET");
	if (*a.sun_path == '@') /* an abstract name */
		*a.sun_path = 0;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&a, size)) {
		close(fd);
		return -1;
	}
	return fd;
}

void notify(int fd, const char *state)
{
	if (fd >= 0)
		(void)!write(fd, state, strlen(state));
}
