/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "scrape.h"

#include "print.h"

#include "loader/kernel/sys.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_MAX = 4096, LIMIT_MS = 1000 };

/* Waits until fd is ready; false after the time `end`. */
static bool is_ready(int fd, short events, uint64_t end)
{
	struct pollfd p = {fd, events, 0};
	uint64_t now = sys_now_ns();
	return now < end && poll(&p, 1, (int)((end - now) / 1000000 + 1)) > 0;
}

static uint64_t time_limit(void)
{
	return sys_now_ns() + LIMIT_MS * UINT64_C(1000000);
}

/* Reads a request up to the end of its head. */
static bool hear(int fd, char request[static REQUEST_MAX])
{
	const uint64_t end = time_limit();
	size_t n = 0;
	while (n < REQUEST_MAX - 1 && is_ready(fd, POLLIN, end)) {
		ssize_t more = read(fd, request + n, REQUEST_MAX - 1 - n);
		if (more <= 0)
			return false;
		n += (size_t)more;
		request[n] = 0;
		if (strstr(request, "\r\n\r\n") || strstr(request, "\n\n"))
			return true;
	}
	return false;
}

static void say(int fd, const char *text, size_t n)
{
	const uint64_t end = time_limit();
	while (n && is_ready(fd, POLLOUT, end)) {
		ssize_t done = write(fd, text, n);
		if (done < 0 && errno != EAGAIN && errno != EINTR)
			return;
		text += done > 0 ? done : 0;
		n -= done > 0 ? (size_t)done : 0;
	}
}

/* The line of status that answers a request. */
static const char *status_of(const char *request)
{
	const char *path = request + 4;
	if (strncmp(request, "GET ", 4) != 0)
		return "405 Method Not Allowed";
	size_t n = strcspn(path, " ?\r\n");
	bool known = (n == 1 && *path == '/') || (n == 8 && !strncmp(path, "/metrics", 8));
	return known ? "200 OK" : "404 Not Found";
}

static void answer(int fd, const char *status, scrape_page page, void *ctx)
{
	char *body = NULL, *head = NULL;
	size_t n_body = 0, n_head = 0;
	FILE *out = open_memstream(&body, &n_body);
	if (!out)
		return;
	if (*status != '2')
		print(out, "%s\nmetrics are at /metrics\n", status);
	else if (!page(ctx, out))
		status = "500 Internal Server Error";
	bool whole = !fclose(out);
	out = whole ? open_memstream(&head, &n_head) : NULL;
	if (out) {
		print(out,
			"HTTP/1.0 %s\r\n"
			"Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
			"Content-Length: %zu\r\n"
			"Connection: close\r\n\r\n",
			status, n_body);
		if (!fclose(out)) {
			say(fd, head, n_head);
			say(fd, body, n_body);
		}
	}
	free(head);
	free(body);
}

void scrape_answer(int listener, scrape_page page, void *ctx)
{
	char request[REQUEST_MAX];
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	if (hear(fd, request))
		answer(fd, status_of(request), page, ctx);
	shutdown(fd, SHUT_WR);
	close(fd);
}
