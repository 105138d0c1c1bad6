/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * usage: peer FILE [--altered]
 *
 * Loads an object with libbpf, as it is, and stops by SIGSTOP while it is loaded; exits with 1 when
 * libbpf refuses. Its warnings go to stderr, without the verifier's log but for the last lines.
 * --altered: the first map gets another entry, and the last program is left out, so that it can be
 * seen that the comparison sees that.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_LINES = 4 };

/* The last lines of a text, without the verifier's statistics. */
static const char *last_lines(char *text)
{
	char *statistics = strstr(text, "\nprocessed ");
	if (statistics)
		*statistics = 0;
	char *from = text + strlen(text);
	for (int lines = 0; from > text; from--)
		if (from[-1] == '\n' && ++lines > LOG_LINES)
			break;
	return from;
}

static int print(enum libbpf_print_level level, const char *format, va_list args)
{
	char *text;

	if (level != LIBBPF_WARN)
		return 0;
	if (vasprintf(&text, format, args) < 0)
		return 0;
	fputs(strstr(text, "-- BEGIN PROG LOAD LOG --") ? last_lines(text) : text, stderr);
	fputc('\n', stderr);
	free(text);
	return 0;
}

static int alter(struct bpf_object *object)
{
	struct bpf_map *map = bpf_object__next_map(object, NULL);
	struct bpf_program *last = bpf_object__prev_program(object, NULL);
	int error = map ? bpf_map__set_max_entries(map, bpf_map__max_entries(map) + 1) : -ENOENT;

	return error ? error : bpf_program__set_autoload(last, false);
}

int main(int argc, char **argv)
{
	libbpf_set_print(print);
	struct bpf_object *object = argc > 1 ? bpf_object__open_file(argv[1], NULL) : NULL;
	int error = object ? 0 : -errno;

	if (!error && argc > 2)
		error = alter(object);
	if (!error)
		error = bpf_object__load(object);
	if (error) {
		fprintf(stderr, "peer: %s (%s)\n", object ? "load" : "open", strerror(-error));
		return 1;
	}
	return raise(SIGSTOP);
}
