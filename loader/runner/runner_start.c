/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* The start of a packed file: finds its payload, checks it, chooses the plan. */
#include "runner.h"

#include "elf/base/duration.h"
#include "loader/plan/packed_segment.h"

#include <errno.h>
#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>

__asm__(".section .text.entry, \"ax\"\n.globl _start\n_start:\n" RUNNER_ENTRY ".previous\n");

/* The ELF header, where the file is mapped (runner.ld). */
extern const ElfW(Ehdr) runner_image __attribute__((visibility("hidden")));

enum { STDOUT = 1, STDERR = 2, STATUS_FAILED = 1, STATUS_USAGE = 2, NAME_SIZE = 65 };

struct start {
	struct out messages;
	const struct packed_head *head;
	uint32_t for_ms;
	uint32_t page;
	char release[NAME_SIZE], machine[NAME_SIZE];
};

static const char *base_name(const char *path)
{
	const char *name = path ? path : "sonde";
	for (const char *p = name; *p; p++)
		if (*p == '/' && p[1])
			name = p + 1;
	return name;
}

static int say(struct start *s, const char *name, const char *text, const char *hint)
{
	out_text(&s->messages, name);
	out_text(&s->messages, ": ");
	out_text(&s->messages, text);
	if (hint) {
		out_text(&s->messages, "\nhint: ");
		out_text(&s->messages, hint);
	}
	out_text(&s->messages, "\n");
	out_flush(&s->messages);
	return STATUS_FAILED;
}

/* Pages that a file is too short for cannot be touched, but system calls tell. */
static bool is_there(const uint8_t *p)
{
	enum { NO_HOW = 99, SET = 8 };
	return SYS(SYS_rt_sigprocmask, NO_HOW, p - SET + 1, 0, SET, 0) != -EFAULT;
}

static const struct packed_head *find_payload(void)
{
	const uint8_t *image = (const uint8_t *)&runner_image;
	const ElfW(Phdr) *segment = packed_segment(&runner_image);
	if (!segment)
		return NULL;
	const uint8_t *p = image + segment->p_vaddr;
	const struct packed_head *head = (const void *)p;
	if (segment->p_filesz < sizeof *head || !is_there(p + segment->p_filesz - 1) ||
		!packed_is_whole(head, segment->p_filesz, PACKED_PLANS))
		return NULL;
	return head;
}

/* Numbers of 15 and more continue in bytes. */
static unsigned more(const uint8_t **p, unsigned n)
{
	unsigned byte = 255;
	for (; n >= 15 && byte == 255; n += byte)
		byte = *(*p)++;
	return n;
}

/* loader/pack/lz.h tells the format. The bytes are intact. */
static void unpack(uint8_t *to, const uint8_t *end, const uint8_t *p)
{
	for (;;) {
		unsigned token = *p++, n = more(&p, token >> 4);
		memcpy(to, p, n);
		to += n;
		p += n;
		if (to >= end)
			return;
		const uint8_t *from = to - (p[0] | p[1] << 8);
		p += 2;
		for (n = more(&p, token & 15) + 4; n; n--)
			*to++ = *from++;
	}
}

/* The payload in memory, in place of its pages of the file. NULL if there is none. */
static const struct packed_head *load_payload(uint32_t page)
{
	const struct packed_head *head = find_payload();
	if (!head)
		return NULL;
	long p =
		runner_map(head->whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p < 0 && p >= -4095)
		return NULL;
	memcpy((void *)p, head, sizeof *head);
	unpack((uint8_t *)p + sizeof *head, (uint8_t *)p + head->whole,
		(const uint8_t *)(head + 1));
	SYS3(SYS_munmap, (uintptr_t)head & ~(uintptr_t)(page - 1),
		((uintptr_t)head & (page - 1)) + head->size, 0);
	return (const void *)p;
}

/* --for, and whatever tells about the file. Returns -1 to go on, else the status. */
static int read_options(struct start *s, const char *name, char **args)
{
	for (char **arg = args; *arg; arg++) {
		const char *a = *arg, *value = NULL;
		if (!strcmp(a, "--help") || !strcmp(a, "-h")) {
			s->messages.fd = STDOUT;
			out_text(&s->messages, (const char *)s->head + s->head->help);
			out_flush(&s->messages);
			return s->messages.failed ? STATUS_FAILED : 0;
		}
		if (!memcmp(a, "--for=", 6))
			value = a + 6;
		else if (!memcmp(a, "-f", 2) && strcmp(a, "-f"))
			value = a + 2;
		else if ((!strcmp(a, "--for") || !strcmp(a, "-f")) && arg[1])
			value = *++arg;
		if (!value || !duration_ms(value, &s->for_ms)) {
			out_text(&s->messages, name);
			out_text(&s->messages,
				": expects --for TIME (10s, 500ms, 2m) or --help, got '");
			out_clean(&s->messages, a, strlen(a), 0);
			out_text(&s->messages, "'\nhint: ");
			out_text(&s->messages, name);
			out_text(&s->messages, " --help\n");
			out_flush(&s->messages);
			return STATUS_USAGE;
		}
	}
	return -1;
}

/* The plan for this kernel; NULL, with a message, if there is none. */
static const struct packed_plan *choose_plan(struct start *s, const char *name)
{
	const char *base = (const char *)s->head;
	const struct packed_plan *list = (const void *)(base + s->head->list);
	struct out *o = &s->messages;
	char system[6][NAME_SIZE];
	SYS3(SYS_uname, system, 0, 0);
	for (unsigned i = 0; i < s->head->n_list; i++)
		if ((!base[list[i].release] || !strcmp(base + list[i].release, system[2])) &&
			!strcmp(base + list[i].machine, system[4]))
			return &list[i];
	out_text(o, name);
	out_text(o, ": packed for Linux ");
	for (unsigned i = 0; i < s->head->n_list; i++) {
		out_text(o, i ? ", " : "");
		out_text(o, base[list[i].release] ? base + list[i].release : "of any release");
		out_text(o, " (");
		out_text(o, base + list[i].machine);
		out_text(o, ")");
	}
	out_text(o, "; this is ");
	out_text(o, system[2]);
	out_text(o, " (");
	out_text(o, system[4]);
	out_text(o,
		")\nhint: pack the object for this kernel: sonde pack --target DIR, or --full\n");
	out_flush(o);
	return NULL;
}

static struct run make_run(
	struct start *s, const struct packed_plan *plan, int signals, void *memory)
{
	uint8_t *base = (uint8_t *)(uintptr_t)s->head;
	uint8_t *m = memory;
	struct run x = {.base = base,
		.head = s->head,
		.plan = plan,
		.steps = (const void *)(base + plan->steps),
		.blobs = (const void *)(base + plan->blobs),
		.slots = (void *)m,
		.page = s->page,
		.signals = signals,
		.started = runner_now(1),
		.messages = &s->messages};
	m += plan->n_slots * sizeof *x.slots;
	x.copies = (void *)m;
	m += plan->n_blobs * sizeof *x.copies;
	x.outcomes = (void *)m;
	return x;
}

/* The memory of make_run(), zeroed. */
#define RUN_MEMORY(plan)                                                                           \
	((plan)->n_slots * sizeof(struct runner_slot) + (plan)->n_blobs * sizeof(uint8_t *) +      \
		(plan)->n_steps * sizeof(int16_t) + 8)

static int run_both(struct start *s, const struct packed_plan *plan, struct out *out)
{
	static const struct packed_plan none;
	const struct packed_plan *lines =
		s->head->capture ? (const void *)((const char *)s->head + s->head->capture) : &none;
	uint64_t memory[RUN_MEMORY(plan) / 8 + 1], more[RUN_MEMORY(lines) / 8 + 1];
	/* What ends a run is read from a descriptor, so that no handler is needed; a reader that is gone is
	 * noticed as an error of write(2). HUP, INT, QUIT, PIPE, TERM. */
	const uint64_t ends = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14, all = ends | 1 << 12;
	memset(memory, 0, sizeof memory);
	memset(more, 0, sizeof more);
	SYS(SYS_rt_sigprocmask, 0, &all, 0, sizeof all, 0);
	int signals = (int)SYS(SYS_signalfd4, -1, &ends, sizeof ends, O_CLOEXEC, 0);
	if (signals <
		0) /* a kernel without them: signals end the run at once, and close everything */
		SYS(SYS_rt_sigprocmask, 1, &ends, 0, sizeof ends, 0);
	struct run x = make_run(s, plan, signals, memory),
		   capture = make_run(s, lines, signals, more);
	if (run_plan(&x))
		return STATUS_FAILED;
	int status = lines != &none && run_plan(&capture);
	if (!status) {
		status = run_show(&x, lines != &none ? &capture : NULL, s->for_ms, out);
		run_close(&capture);
	}
	if (out->failed && out->failed != EPIPE) {
		run_say(&x, "write to stdout", out->failed);
		status = STATUS_FAILED;
	}
	return run_close(&x) ? STATUS_FAILED : status;
}

/* Keeps what is opened later out of closed standard descriptors, and 0 out of the fields of calls. */
static void hold_standard_descriptors(void)
{
	long fd;
	do
		fd = SYS(SYS_openat, AT_FDCWD, "/", O_PATH | O_CLOEXEC, 0, 0);
	while (fd >= 0 && fd <= STDERR);
	SYS3(SYS_close, fd, 0, 0);
}

static int start(char **argv, const ElfW(auxv_t) * aux)
{
	struct start s;
	struct out out;
	const char *name = base_name(argv[0]);
	s.messages.fd = STDERR;
	s.messages.n = 0;
	s.messages.failed = 0;
	for (s.page = 4096; aux->a_type; aux++)
		if (aux->a_type == AT_PAGESZ)
			s.page = (uint32_t)aux->a_un.a_val;
	hold_standard_descriptors();
	s.head = load_payload(s.page);
	if (!s.head)
		return say(&s, name, "damaged: cut, or its contents do not match their checksum",
			"copy the file again, or pack it again");
	s.for_ms = s.head->for_ms;
	/* The arguments of process 1 are words of the kernel's command line. */
	bool first = SYS3(SYS_getpid, 0, 0, 0) == 1;
	int status = argv[0] && !first ? read_options(&s, name, argv + 1) : -1;
	if (status >= 0)
		return status;
	const struct packed_plan *plan = choose_plan(&s, name);
	out.fd = STDOUT;
	out.n = 0;
	out.failed = 0;
	return plan ? run_both(&s, plan, &out) : STATUS_FAILED;
}

__attribute__((noreturn, used)) void runner_main(long *stack)
{
	char **argv = (char **)(stack + 1);
	char **p = argv + *stack +
	           1; /* the environment, up to a NULL, is before the auxiliary vector */
	while (*p++)
		;
	int status = start(argv, (const void *)p);
	for (;;)
		SYS3(SYS_exit_group, status, 0, 0);
}
