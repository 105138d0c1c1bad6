/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Objects for tests: those of the build, and small ones compiled from text in the tests. All memory
 * is exactly as long as the object, so that a sanitizer detects reads past its end.
 *
 * Each small object is compiled once: build/test/objects caches it by a checksum of its source,
 * flags, headers and compiler.
 */
#ifndef OBJECTS_H
#define OBJECTS_H

#include "loader/planner/planner.h"

/* Programs of the course that need an interface are attached to lo. */
extern const struct plan_options object_options;

/* The paths of the objects of all sources in progs/ and tests/course, in both byte orders; NULL
 * after the last. The test fails if one has not been built. */
char **objects_built(void);
void objects_free(char **paths);

/* A whole file; the test fails if it cannot be read. free() its p. */
struct span object_read(const char *path);

/*
 * Compiles C with the headers of progs/include. <linux/bpf.h> and <bpf/bpf_helpers.h> are already
 * included, and the license is GPL unless the clang flags contain -DNO_LICENSE. free() its p.
 */
struct span object_compile(const char *source, bool big, const char *flags);

/*
 * A program f() that does nothing, in a section. As a whole source it costs no call of the compiler:
 * object_compile() gives the section of one compiled object another name.
 */
#define OBJECT_PROGRAM_BODY     " int f(void *ctx) { return 0; }\n"
#define OBJECT_PROGRAM(section) "SEC(\"" section "\")" OBJECT_PROGRAM_BODY

/* The same with all arguments explicit; source is a path, or a text of several lines. */
struct span object_made(const char *compiler, const char *arguments, const char *source);

/* Describes a kernel: 6.1 on x86_64 (s390x if big), 4 CPUs; btf may be NULL. */
void object_target(struct target *t, bool big, const struct btf *btf, struct arena *a);

/* Plans an object for such a kernel, with all memory from a. */
bool object_plan(
	struct plan *p, struct span bytes, const struct btf *btf, struct arena *a, struct err *e);

/* The same for a kernel with exactly the object's types, which fits every object. */
bool object_plan_own(struct plan *p, struct span bytes, struct arena *a, struct err *e);

/* The text of a plan, instructions included; free() it. */
char *text_of_plan(const struct plan *p);

#endif
