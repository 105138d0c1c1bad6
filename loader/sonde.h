/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * libsonde: load BPF objects from a C program, without libbpf, libelf and zlib.
 *
 *     struct sonde_error e;
 *     struct sonde *s = sonde_open("opensnoop.bpf.o", NULL, &e);
 *     if (!s || !sonde_set(s, "only_pid=1234", &e) || !sonde_attach(s, &e))
 *             fprintf(stderr, "%s\n%s\n", e.text, e.hint);
 *     ...
 *     sonde_close(s);          everything is detached and unloaded
 *
 * docs/embed.c is a complete program. Link with -lsonde (`make lib`), which requires only a C
 * library. This header includes no other header of sonde.
 *
 * Threads: a struct sonde must be used by one thread at a time; different ones are independent.
 * Nothing here prints, exits, or changes signal handling. Objects and saved plans are untrusted
 * input; option strings are trusted.
 */
#ifndef SONDE_H
#define SONDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SONDE_VERSION "0.1.0"

/* Filled in by a function that fails; unchanged by one that succeeds. */
struct sonde_error {
	int no;          /* errno of the system call that failed, 0 if none did */
	char text[1024]; /* one line: where, what; terminated */
	char hint[512];  /* what to do, or "" */
};

/* Options for opening an object. {0} and NULL are the defaults: all programs are loaded, and attached
 * to the targets that their section names specify. Strings and lists are only read during
 * sonde_open(). */
struct sonde_options {
	const char *const *only;    /* names of the programs to load, NULL-terminated; NULL: all */
	const char *const *targets; /* "PROGRAM=TARGET": an interface, a cgroup, ...; the same */
	const char *pin;     /* bpffs directory to make, with pins of all maps and programs, or
	                             * NULL */
	const char *btf;     /* file with raw BTF, if the kernel provides none */
	const char *kconfig; /* file with the kernel's configuration, for __kconfig externs */
	bool load_only;      /* do not attach */
};

/* An opened object. */
struct sonde;

/*
 * Reads an object (or a plan saved by `sonde plan -o`), links it against the running kernel and plans
 * every system call. Nothing is loaded yet. NULL with *e filled on failure: unreadable or malformed
 * file, unknown section name, CO-RE relocation without a match, missing target. The file is not
 * needed afterwards. Release the result with sonde_close().
 */
struct sonde *sonde_open(
	const char *path, const struct sonde_options *options, struct sonde_error *e);

/* The same for an object in memory, which is not needed afterwards. name: for messages. */
struct sonde *sonde_open_memory(const void *bytes, size_t size, const char *name,
	const struct sonde_options *options, struct sonde_error *e);

/* Sets the initial value of a global variable, const volatile ones included: "VARIABLE=VALUE",
 * typed by the object's BTF; docs/values.md has the syntax. Before sonde_attach() only. */
bool sonde_set(struct sonde *s, const char *assignment, struct sonde_error *e);

/*
 * Creates the maps, loads the programs and attaches them. On failure nothing remains in the kernel,
 * *e describes the failed call, and sonde_log() returns the verifier log. Once per struct sonde.
 * Requires Linux 4.18 for objects with types, and CAP_BPF and CAP_PERFMON or root for most programs.
 */
bool sonde_attach(struct sonde *s, struct sonde_error *e);

/* The verifier log after a failed sonde_attach(); "" if there is none. Valid until sonde_close(). */
const char *sonde_log(const struct sonde *s);

/* File descriptors, owned by s; -1 if there is no such name, or before sonde_attach(). Map names are
 * those of the object: "counts", ".rodata". A program's link is also -1 if it was attached without
 * one (old kernels). */
int sonde_map_fd(const struct sonde *s, const char *map);
int sonde_program_fd(const struct sonde *s, const char *program);
int sonde_link_fd(const struct sonde *s, const char *program);

/* Receives a record of a ring buffer: size bytes, 8-aligned, valid during the call only. Returns
 * false to stop after this record. */
typedef bool (*sonde_record_fn)(void *ctx, const void *record, size_t size);

/*
 * Delivers all available records of a BPF_MAP_TYPE_RINGBUF map (5.8) and returns their number, or
 * -errno: -ENOENT if there is no such ring buffer, -EBADMSG if it is corrupt. Does not block: poll
 * the map's file descriptor for POLLIN.
 */
long sonde_read_ring(struct sonde *s, const char *map, sonde_record_fn fn, void *ctx);

/*
 * Smaller programs: by default, sonde_open() supports all section names and saved plans. A program that
 * states at file scope, in one of its files, what its objects need is linked without the rest, for
 * which sonde_open() then fails. Link with -Wl,--gc-sections, too.
 *
 *     SONDE_HOOKS(&tracepoint_family, &kprobe_family);
 *     SONDE_NO_SAVED_PLANS;
 *     SONDE_NO_PINS;
 *     SONDE_NO_LAYOUTS; // CO-RE only with BTF of the kernel
 *
 * Values are parsed only for sonde_set(): programs that do not call it are 20 KB smaller.
 */
struct hook_family;
extern const struct hook_family tracepoint_family, /* tracepoint/, raw_tp/ */
	kprobe_family,                             /* kprobe/, kretprobe/, ksyscall/, ... */
	trace_family, /* fentry/, fexit/, fmod_ret/, lsm/, freplace/, ... */
	iter_family, uprobe_family, usdt_family, xdp_family, tc_family, cgroup_family,
	netkit_family, netfilter_family, socket_family, sockmap_family,
	sampling_family, /* perf_event */
	route_family,    /* lwt_in, lwt_out, ... */
	struct_ops_family, misc_family;
extern const struct hook_family *const hook_families[];
extern const size_t hook_family_count;
#define SONDE_HOOKS(...)                                                                           \
	const struct hook_family *const hook_families[] = {__VA_ARGS__};                           \
	const size_t hook_family_count = sizeof hook_families / sizeof *hook_families

struct sonde_part;
extern const struct sonde_part *const sonde_saved_plans;
#define SONDE_NO_SAVED_PLANS const struct sonde_part *const sonde_saved_plans = NULL

struct sonde_pinning;
extern const struct sonde_pinning *const sonde_pins;
#define SONDE_NO_PINS const struct sonde_pinning *const sonde_pins = NULL

struct sonde_layout_sources;
extern const struct sonde_layout_sources *const sonde_layouts;
#define SONDE_NO_LAYOUTS const struct sonde_layout_sources *const sonde_layouts = NULL

/* Detaches and unloads everything that is not pinned, and frees s, which may be NULL. */
void sonde_close(struct sonde *s);

#ifdef __cplusplus
}
#endif

#endif
