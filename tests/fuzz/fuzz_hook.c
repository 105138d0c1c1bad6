/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Programs of all hooks, with targets from a list of good and bad ones or from the input: planned for a
 * simulated kernel, checked as a saved plan is, and executed there. The input is
 *
 *     2 bytes of options, number of programs, and for each: its row among all hooks, its target in the
 *     section name and its --on (a number from a list, or 128 + n and n bytes of text), an argument
 *
 * Flips of bits in an object hardly ever make the name of another section.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elf/base/bpf_abi.h"
#include "loader/explain/plan_text.h"
#include "loader/hook/hook.h"
#include "loader/plan/check.h"
#include "loader/planner/planner.h"
#include "../unit/elf_build.h"
#include "harness.h"
#include "input.h"
#include "kernel.h"

enum { PLANNED, SAVABLE, COMPLETED, HINTED };
struct goal goals[] = {[PLANNED] = {.name = "planned"},
	[SAVABLE] = {.name = "could be saved"},
	[COMPLETED] = {.name = "executed"},
	[HINTED] = {.name = "rejected with a hint"},
	{0}};

enum { PROGS = 3, TEXT = 40 };

/* ---- the simulated kernel: its types and files ---- */

static struct bb types;
static char folder[] = "/dev/shm/sonde-fuzz.XXXXXX";
static struct kfs files;
static const struct {
	const char *path, *text; /* NULL: a directory */
} tree[] = {
	{"kallsyms", "ffffffff81000000 T _text\nffffffff81000100 t f\nffffffff81000200 T g\n"
		     "ffffffff81000300 T g\nffffffff81000400 t bpf_lsm_a\nffffffff81000500 D data\n"
		     "ffffffff81000600 T __x64_sys_read\nffffffffc0001000 t in_mod\t[mod]\n"},
	{"available_filter_functions", "f\ng\n__x64_sys_read\nin_mod [mod]\n"},
	{"available_events", "a:b\nsyscalls:sys_enter_read\nsched:sched_switch\n"},
	{"self", NULL},
	{"self/ns", NULL},
	{"self/ns/net", ""},
	{"self/maps", "55d0a000-55d0b000 r-xp 00000000 08:01 1234    /bin/true\n"
		      "7fff0000-7fff1000 r-xp 00000000 00:00 0       [vdso]\n"},
	{"self/net", NULL},
	{"self/net/tcp", "  sl  local_address rem_address   st\n"
			 "   0: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 "
			 "00000000 0 0 77\n"},
	{"net", NULL},
	{"net/tcp", "  sl  local_address rem_address   st\n"
		    "   0: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 "
		    "0 77\n"},
	{"1", NULL},
	{"1/fd", NULL},
};

static const char *in_folder(const char *path)
{
	static char full[100];
	snprintf(full, sizeof full, "%s/%s", folder, path);
	return full;
}

static void make_folder(void)
{
	if (!mkdtemp(folder))
		abort();
	for (size_t i = 0; i < sizeof tree / sizeof *tree; i++) {
		FILE *f = tree[i].text ? fopen(in_folder(tree[i].path), "w") : NULL;
		if (tree[i].text ? !f || fputs(tree[i].text, f) < 0 || fclose(f)
				 : mkdir(in_folder(tree[i].path), 0700))
			abort();
	}
	if (symlink("socket:[77]", in_folder("1/fd/3")))
		abort();
	int fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < KFS_COUNT; i++)
		kfs_use(&files, (enum kfs_which)i, dup(fd), "a test");
	close(fd);
}

__attribute__((destructor)) static void remove_folder(void)
{
	if (!types.types)
		return;
	unlink(in_folder("1/fd/3"));
	for (size_t i = sizeof tree / sizeof *tree; i--;)
		remove(in_folder(tree[i].path));
	rmdir(folder);
	kfs_close(&files);
	bb_free(&types);
}

static void make_types(void)
{
	static const char *const functions[] = {"f", "g", "bpf_iter_task", "bpf_iter_a",
		"bpf_lsm_a", "bpf_lsm_socket_bind", "__x64_sys_read", "bpf_fentry_test1"};
	struct bb *b = &types;
	bb_init(b, host_is_big());
	uint32_t i = bb_int(b, "int", 4, BTF_INT_SIGNED), s = bb_struct(b, "bpf_iter__a", 8);
	bb_member(b, "meta", i, 0);
	uint32_t proto = bb_proto(b, i);
	bb_param(b, "x", bb_ptr(b, s));
	for (size_t n = 0; n < sizeof functions / sizeof *functions; n++)
		bb_func(b, functions[n], proto, 0);
	bb_ref(b, BTF_TYPEDEF, "btf_trace_a", bb_ptr(b, proto));
	bb_ref(b, BTF_TYPEDEF, "btf_trace_sched_switch", bb_ptr(b, proto));
}

/* ---- objects ---- */

static const char *const targets[] = {"", "a/b", "syscalls/sys_enter_read", "a", "f", "f+0x4", "f*",
	"*", "g", "read", "mod:in_mod", "socket_bind", "task", "sched_switch", "/bin/true:main",
	"/bin/true:0x100", "libc.so.6:malloc", "libc:mal*", "build/fuzz/library:f",
	"build/fuzz/library:mine:start", "build/fuzz/library:mine:end", "own:f", "/bin/true:*",
	"f,g", "nothing", "f+", "a/", "/", "a/b/c", "libc:a:b"};
static const char *const places[] = {NULL, "lo", "lo:generic", "lo:native", "lo:first",
	"lo:before=p0", "lo:after=7", "lo:after=/sys/fs/bpf/x", "nosuch0", "/proc/1/ns/net:lo",
	"1:lo", "/sys/fs/cgroup/a", "a", "a:ingress", "/a:egress:last", "a:replace=3", "own",
	"/var/run/netns/x", "tcp:80", "udp:53", "1:3", "any", "ipv4:local_in", "ipv6:forward:-5",
	"ipv4:input:x", "/dev/lirc0", "cycles:9", "cpu-clock", "cpu-clock:0", "r1c2:100", "sockets",
	"m=sockets", "fd00::/64@lo", "10.0.0.0/8@10.0.0.1%lo", "0.0.0.0/0@lo", "10.0.0.1", "17",
	"/sys/fs/bpf/prog", "/sys/fs/bpf/prog:f", "f", "task", "1", "p1=lo", "p0=own", "p0=a",
	"nosuch=lo", "", ":", "lo:", "*", "/bin/true:main", "/bin/true", "build/fuzz/library",
	"self", "1@f"};
static const char *const arguments[] = {
	NULL, "p0=1,2", "p1=\"x\"", "3", "p0={a=1}", "nosuch=1", ""};

/* A text from a list, or as it is. *own: the room for it. */
static const char *take_text(
	struct input *in, const char *const *list, size_t n, char own[TEXT + 1])
{
	uint8_t byte = take_byte(in);
	if (byte < 128)
		return list[byte % n];
	struct span s = take_span(in, byte % (TEXT + 1u));
	memcpy(own, s.p, s.n);
	own[s.n] = 0;
	return own;
}
#define TAKE(in, list, own) take_text(in, list, sizeof list / sizeof *list, own)

static const struct hook *hook_at(unsigned row)
{
	size_t n = 0;
	for (size_t f = 0; f < hook_family_count; f++)
		n += hook_families[f]->n;
	row = (unsigned)(row % n);
	for (size_t f = 0;; row -= (unsigned)hook_families[f++]->n)
		if (row < hook_families[f]->n)
			return &hook_families[f]->hooks[row];
}

static void add_program(struct eb *b, struct input *in, int number)
{
	char own[TEXT + 1], section[200], name[8];
	const struct hook *h = hook_at(take_byte(in));
	const char *target = TAKE(in, targets, own);
	snprintf(section, sizeof section, "%s%s%s", h->sec, *target ? "/" : "", target);
	snprintf(name, sizeof name, "p%d", number);
	uint32_t text = eb_code(b, section);
	eb_insn(b, text, 0xb7, 0, 0, 0, 0);
	eb_insn(b, text, 0x95, 0, 0, 0, 0);
	eb_symbol(b, name, ELF_FUNC, ELF_GLOBAL, text, 0, 16);
}

/* License and a socket map, as before BTF. */
static void begin_object(struct eb *b)
{
	uint32_t map[5] = {BPF_MAP_TYPE_SOCKMAP, 4, 4, 2, 0};
	eb_init(b, host_is_big());
	eb_section(b, "license", ELF_PROGBITS, 2, "GPL", 4);
	uint32_t maps = eb_section(b, "maps", ELF_PROGBITS, 3, map, sizeof map);
	eb_symbol(b, "sockets", ELF_OBJECT, ELF_GLOBAL, maps, 0, sizeof map);
}

/* ---- the input ---- */

static void open_kernel(struct target *t, unsigned flags, struct arena *a)
{
	static const char *const releases[] = {"7.2.0", "6.1.0", "5.10.7", "4.9.1"};
	static const char *const machines[] = {"x86_64", "aarch64", "armv7l", "riscv64"};
	*t = (struct target){.dir = flags & 1 ? "nowhere" : NULL,
		.arena = a,
		.kfs = &files,
		.release = releases[flags >> 1 & 3],
		.machine = machines[flags >> 3 & 3],
		.version = "#1",
		.possible_cpus = 4,
		.page_size = 4096,
		.btf_tried = true};
	if (flags & 32)
		t->btf_found = btf_open(&t->btf, bb_done(&types), NULL, a, &(struct err){0});
}

static void plan(struct span bytes, unsigned flags, const struct plan_options *options)
{
	struct arena a = {0};
	struct target t;
	struct plan p;
	struct err e = {0};
	open_kernel(&t, flags, &a);
	bool ok = plan_object(&p, "x", bytes, options, &t, &a, &e);
	if (ok == e.set || (!ok && strncmp(e.text, "x: ", 3) && strncmp(e.text, "--", 2)))
		abort();
	reach(HINTED, !ok && *e.hint);
	if (reach(PLANNED, ok)) {
		/* What is not planned for display only can be saved. */
		if (!options->show && !reach(SAVABLE, plan_check_saved(&p, &e)) &&
			!is_short_of_memory()) {
			fprintf(stderr, "%s\n", e.text);
			plan_print(&p, &(struct print_style){0}, stderr);
			abort();
		}
		if (!options->show)
			reach(COMPLETED, kernel_runs(&p, &a, flags * 77, flags & 1));
	}
	target_close(&t);
	free_small(&a);
}

void fuzz_input(const uint8_t *data, size_t size)
{
	char on_text[PROGS][TEXT + 1], arg_text[TEXT + 1];
	const char *on[PROGS], *args[1];
	struct input in = {data, size};
	struct eb b;
	own_memory(true);
	if (!types.types) {
		make_types();
		make_folder();
	}
	unsigned flags = take_byte(&in), more = take_byte(&in);
	struct plan_options options = {.target_args = on,
		.args = args,
		.show = more & 1,
		.load_only = (more & 6) == 6,
		.pin = (more & 24) == 24 ? "/sys/fs/bpf/a/b" : NULL,
		.leave = more & 32,
		.replace = more & 64,
		.token = (more & 96) == 96 ? "/sys/fs/bpf" : NULL};
	begin_object(&b);
	int n = 1 + take_byte(&in) % PROGS;
	for (int i = 0; i < n; i++) {
		add_program(&b, &in, i);
		const char *place = TAKE(&in, places, on_text[i]);
		if (place)
			on[options.n_target_args++] = place;
	}
	args[0] = TAKE(&in, arguments, arg_text);
	options.n_args = args[0] != NULL;
	own_memory(false);
	plan(eb_done(&b), flags, &options);
	eb_free(&b);
}
