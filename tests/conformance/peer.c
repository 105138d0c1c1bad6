/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * usage: peer FILE [--attach] [--altered | --target PIN | --pin PROGRAM PIN]
 *
 * Loads an object with libbpf, unmodified, and stops itself with SIGSTOP while it is loaded. Exits
 * with 1 if libbpf fails. libbpf's warnings go to stderr, with only the last lines of the verifier
 * log.
 *
 * --attach: attaches the struct_ops maps, too.
 * --altered: changes the initial values of arenas and struct_ops maps and, in objects without the
 * latter, gives the first map one more entry and omits the last program: to test that the comparison
 * detects each.
 * --target: the programs attach to functions of the program pinned at PIN.
 * --pin: pins PROGRAM at PIN and exits.
 */
#include "facts.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
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

/* A letter of a name, not of the address of a program. */
static size_t find_text(const uint8_t *value, size_t size)
{
	for (size_t i = 0, run = 0; i < size; i++) {
		run = value[i] >= '_' && value[i] <= 'z' ? run + 1 : 0;
		if (run == 5)
			return i;
	}
	return size;
}

static size_t find_number(const uint8_t *value, size_t size)
{
	size_t i = 0;
	while (i < size && !value[i])
		i++;
	return i;
}

static void alter_value(struct bpf_map *map)
{
	unsigned type = bpf_map__type(map);
	size_t size = 0;
	uint8_t *value = bpf_map__initial_value(map, &size);

	if (!value || (type != BPF_MAP_TYPE_STRUCT_OPS && type != MAP_TYPE_ARENA))
		return;
	size_t at = (type == MAP_TYPE_ARENA ? find_number : find_text)(value, size);
	if (at < size)
		value[at]++;
}

/* struct_ops maps have one entry and need all of their programs. */
static int alter(struct bpf_object *object)
{
	struct bpf_map *map, *first = bpf_object__next_map(object, NULL);
	struct bpf_program *last = bpf_object__prev_program(object, NULL);
	bool has_ops = false;

	bpf_object__for_each_map(map, object)
	{
		alter_value(map);
		has_ops |= bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS;
	}
	if (!first || has_ops)
		return first ? 0 : -ENOENT;
	int error = bpf_map__set_max_entries(first, bpf_map__max_entries(first) + 1);
	return error ? error : bpf_program__set_autoload(last, false);
}

/* freplace/FUNCTION, fentry/FUNCTION, fexit/FUNCTION */
static int aim(struct bpf_object *object, const char *pin)
{
	int target = bpf_obj_get(pin), error = target < 0 ? target : 0;
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
	{
		const char *function = strchr(bpf_program__section_name(program), '/');
		if (!error && function)
			error = bpf_program__set_attach_target(program, target, function + 1);
	}
	return error;
}

static int prepare(struct bpf_object *object, char **options)
{
	if (*options && !strcmp(*options, "--altered"))
		return alter(object);
	if (*options && !strcmp(*options, "--target"))
		return aim(object, options[1]);
	return 0;
}

/* Maps that can't be attached are passed over. */
static void attach(struct bpf_object *object)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object) if (bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS &&
						  bpf_map__autoattach(map))
		bpf_map__attach_struct_ops(map);
}

int main(int argc, char **argv)
{
	libbpf_set_print(print);
	bool attaches = argc > 2 && !strcmp(argv[2], "--attach");
	char **options = argv + 2 + attaches;
	struct bpf_object *object = argc > 1 ? bpf_object__open_file(argv[1], NULL) : NULL;
	int error = object ? prepare(object, options) : -errno;

	if (!error)
		error = bpf_object__load(object);
	if (error) {
		fprintf(stderr, "peer: %s (%s)\n", object ? "load" : "open", strerror(-error));
		return 1;
	}
	if (argc > 4 && !strcmp(*options, "--pin"))
		return bpf_program__pin(bpf_object__find_program_by_name(object, options[1]),
			       options[2]) != 0;
	if (attaches)
		attach(object);
	return raise(SIGSTOP);
}
