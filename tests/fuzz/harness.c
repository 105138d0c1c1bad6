/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "harness.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined __SANITIZE_ADDRESS__ || __has_feature(address_sanitizer)
enum { SECONDS_MAX = 4 };
#else
enum { SECONDS_MAX = 1 };
#endif
enum { MEMORY_MAX = 64 << 20 };

/* ---- memory ---- */

static bool running; /* an input, not libFuzzer */
static unsigned long allocations;
static unsigned long fails_at; /* 0: none fails */
static bool fails_on;          /* all after it, too */
static bool failed;
static bool own;

bool is_short_of_memory(void)
{
	return failed;
}

void own_memory(bool on)
{
	own = on;
}

static bool refused(void)
{
	if (own)
		return false;
	allocations++;
	bool now = fails_at && (fails_on ? allocations >= fails_at : allocations == fails_at);
	failed |= now;
	return now;
}

static void check_size(size_t size)
{
	if (running && size > MEMORY_MAX && size < SIZE_MAX / 2) {
		fprintf(stderr, "%zu bytes of memory in one piece\n", size);
		abort();
	}
}

/* The linker replaces the calls of these functions (--wrap, Makefile). */
#define WRAPPED(type, name, ...)                                                                   \
	type __real_##name(__VA_ARGS__);                                                           \
	type __wrap_##name(__VA_ARGS__);                                                           \
	type __wrap_##name(__VA_ARGS__)

WRAPPED(void *, malloc, size_t size)
{
	check_size(size);
	return __real_malloc(size);
}

WRAPPED(void *, calloc, size_t n, size_t size)
{
	check_size(size && n > MEMORY_MAX / size ? MEMORY_MAX + 1ul : n * size);
	return __real_calloc(n, size);
}

WRAPPED(void *, realloc, void *p, size_t size)
{
	check_size(size);
	return __real_realloc(p, size);
}

#define REFUSE(a)                                                                                  \
	if (refused()) {                                                                           \
		(a)->full = true;                                                                  \
		return NULL;                                                                       \
	}

WRAPPED(void *, arena_alloc, struct arena *a, size_t size)
{
	REFUSE(a)
	return __real_arena_alloc(a, size);
}

WRAPPED(void *, arena_array, struct arena *a, size_t n, size_t size)
{
	REFUSE(a)
	return __real_arena_array(a, n, size);
}

WRAPPED(void *, arena_copy, struct arena *a, const void *bytes, size_t size)
{
	REFUSE(a)
	return __real_arena_copy(a, bytes, size);
}

WRAPPED(char *, arena_strndup, struct arena *a, const char *s, size_t n)
{
	REFUSE(a)
	return __real_arena_strndup(a, s, n);
}

WRAPPED(char *, arena_strdup, struct arena *a, const char *s)
{
	REFUSE(a)
	return __real_arena_strdup(a, s);
}

WRAPPED(const char *, arena_name, struct arena *a, struct arena_names *names, const char *s)
{
	REFUSE(a)
	return __real_arena_name(a, names, s);
}

WRAPPED(void *, arena_grow, struct arena *a, void *items, size_t count, size_t *cap, size_t size)
{
	if (!items || count >= *cap)
		REFUSE(a)
	return __real_arena_grow(a, items, count, cap, size);
}

void free_small(struct arena *a)
{
	if (a->used > MEMORY_MAX) {
		fprintf(stderr, "%zu bytes of memory for one input\n", a->used);
		abort();
	}
	arena_free(a);
}

/* ---- inputs ---- */

uint32_t checksum(const uint8_t *data, size_t size)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < size; i++)
		sum = sum * 31 + data[i];
	return sum ^ sum >> 15;
}

static ssize_t discard(void *cookie, const char *text, size_t n)
{
	(void)cookie, (void)text;
	return (ssize_t)n;
}

FILE *nowhere(void)
{
	static FILE *out;
	if (!out)
		out = fopencookie(NULL, "w", (cookie_io_functions_t){.write = discard});
	return out;
}

/* $BREAK exceeds a limit on purpose, for tests/fuzz/short.t. */
static void exceed(const char *limit)
{
	struct arena a = {0};
	clock_t start = clock();
	void *volatile piece; /* or the compiler leaves out the pair of calls */
	if (!strcmp(limit, "time"))
		while (clock() - start <= (SECONDS_MAX + 1) * CLOCKS_PER_SEC)
			;
	else if (!strcmp(limit, "piece"))
		free(piece = malloc(MEMORY_MAX + 1));
	else
		for (int i = 0; i < 65; i++)
			arena_alloc(&a, 1 << 20);
	free_small(&a);
}

static void run(const uint8_t *data, size_t size)
{
	const char *limit = getenv("BREAK");
	clock_t start = clock();
	allocations = 0;
	failed = own = false;
	running = true;
	if (limit)
		exceed(limit);
	fuzz_input(data, size);
	running = false;
	double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	if (seconds > SECONDS_MAX && !getenv("SLOW")) { /* coverage is measured */
		fprintf(stderr, "%.1f s for one input\n", seconds);
		abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t sum = checksum(data, size) >> 8;
	run(data, size);
	if (sum % 8 == 0 && allocations) {
		fails_at = 1 + sum / 16 % allocations;
		fails_on = sum / 8 % 2;
		run(data, size);
		fails_at = 0;
	}
	return 0;
}

static void tell(const char *title, bool reached)
{
	const char *before = title;
	for (const struct goal *g = goals; g->name; g++)
		if ((g->times != 0) == reached) {
			fprintf(stderr, "%s%s", before, g->name);
			if (reached)
				fprintf(stderr, " %lu", g->times);
			before = ", ";
		}
	if (before != title)
		fputc('\n', stderr);
}

__attribute__((destructor)) static void tell_all(void)
{
	tell("reached: ", true);
	tell("never reached: ", false);
}
