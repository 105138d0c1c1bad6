/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * usage: witness < JOBS
 *
 * Runs in a virtual machine. Each line of JOBS is `LOADER NAME SECONDS COMMAND…`. Within SECONDS,
 * the command must load an object and keep it loaded: it stops itself with SIGSTOP, or pins below
 * /sys/fs/bpf and exits with 0. COMMAND may be preceded by another command and a `;`; that one runs
 * first, and its pins are ignored. The witness then describes what the command created in the
 * kernel, kills it, removes its pins and reports what remains:
 *
 *     begin LOADER NAME
 *     prog …, funcs …, code …, map …, content …     from facts.c, only if it loaded
 *     ops MAP WORD…                                 the values it gave to struct_ops maps: hexadecimal
 *                                                   words, and names of programs
 *     said TEXT                                     the last lines of its output
 *     left KIND NAME                                still in the kernel after the grace period
 *     end LOADER NAME loaded|refused|signal|timeout MILLISECONDS
 *
 * The loader's bpf(2) calls are traced, since no kernel reports the expected attach type of a
 * program, or the value of a struct_ops map that is not registered. Nothing is registered: these calls
 * are not executed, and the loader is told that they succeeded. Its mmap(2) calls of arenas are traced,
 * too, since an arena can only be mapped at one address.
 */
#include "facts.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <fcntl.h>

enum {
	WORDS = 40,
	GRACE_MS = 60000, /* the kernel frees unreferenced objects with a delay */
	SAID_BYTES = 6000,
	PRINTED_BYTES = 32 << 20,
	ASKED = 8192,
	STRUCT_OPS = 44, /* BPF_STRUCT_OPS, newer than some <linux/bpf.h> */
};

static const char pins[] = "/sys/fs/bpf", printed[] = "/tmp/printed";

struct job {
	char *loader, *name;
	char *first[WORDS]; /* runs before argv */
	char *argv[WORDS];
	long seconds;
};

static uint64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "witness: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- attributes of the loader's bpf(2) calls */

static struct asked {
	enum kind kind;
	uint32_t id;
	char line[120];
} asked[ASKED];
static size_t n_asked;

static const char *find_asked(enum kind kind, uint32_t id)
{
	for (size_t i = n_asked; i--;)
		if (asked[i].kind == kind && asked[i].id == id)
			return asked[i].line;
	return NULL;
}

/* What is behind the loader's descriptor fd. */
static bool info_of_fd(pid_t loader, int fd, void *info, uint32_t size)
{
	int process = (int)syscall(SYS_pidfd_open, loader, 0);
	int copy = (int)syscall(SYS_pidfd_getfd, process, fd, 0);
	union bpf_attr attr = {
		.info = {.bpf_fd = (uint32_t)copy, .info_len = size, .info = (uintptr_t)info}};
	bool ok = copy >= 0 && !syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof attr);

	close(copy);
	close(process);
	return ok;
}

/* The id of the program or map behind the loader's descriptor fd, or 0. */
static uint32_t id_of(pid_t loader, int fd)
{
	union {
		struct bpf_prog_info prog;
		struct bpf_map_info map;
	} info = {0};
	return info_of_fd(loader, fd, &info, sizeof info) ? info.prog.id
	                                                  : 0; /* second field of both */
}

static bool is_program(pid_t loader, uint64_t fd)
{
	char path[64], line[256];
	bool found = false;

	if (!fd || fd > 0xffff)
		return false;
	snprintf(path, sizeof path, "/proc/%d/fdinfo/%u", loader, (unsigned)fd);
	FILE *f = fopen(path, "r");
	while (f && fgets(line, sizeof line, f))
		found |= !strncmp(line, "prog_type:", 10);
	if (f)
		fclose(f);
	return found;
}

/* ---- values of struct_ops maps */

static char *ops;
static size_t ops_size;

/* Functions of struct_ops are descriptors of programs. */
static void tell_value(
	FILE *out, pid_t loader, const struct bpf_map_info *map, const uint64_t *words)
{
	fprintf(out, "ops %s", map->name);
	for (uint32_t i = 0; i < map->value_size / sizeof *words; i++) {
		struct bpf_prog_info prog = {0};
		if (is_program(loader, words[i]) &&
			info_of_fd(loader, (int)words[i], &prog, sizeof prog))
			fprintf(out, " %.16s", prog.name);
		else
			fprintf(out, " %llx", (unsigned long long)words[i]);
	}
	fputc('\n', out);
}

/* Whether the call writes a struct_ops map or attaches one; notes the value. */
static bool registers(pid_t loader, unsigned cmd, const union bpf_attr *a)
{
	struct bpf_map_info map = {0};

	if (cmd == BPF_LINK_CREATE)
		return a->link_create.attach_type == STRUCT_OPS;
	if (cmd != BPF_MAP_UPDATE_ELEM || !info_of_fd(loader, (int)a->map_fd, &map, sizeof map) ||
		map.type != BPF_MAP_TYPE_STRUCT_OPS)
		return false;
	uint64_t *words = calloc(1, map.value_size + sizeof *words);
	struct iovec to = {words, map.value_size},
		     from = {(void *)(uintptr_t)a->value, map.value_size};
	char *before = ops;
	FILE *out = open_memstream(&ops, &ops_size);
	must(words && out, "memory");
	fputs(before ? before : "", out);
	if (process_vm_readv(loader, &to, 1, &from, 1, 0) == (ssize_t)map.value_size)
		tell_value(out, loader, &map, words);
	fclose(out);
	free(before);
	free(words);
	return true;
}

/* ---- arenas */

static struct place {
	uint32_t id;
	uint64_t address, size;
} places[64];
static size_t n_places;

static bool find_arena(uint32_t id, uint64_t *address, uint64_t *size)
{
	for (size_t i = 0; i < n_places; i++)
		if (places[i].id == id) {
			*address = places[i].address;
			*size = places[i].size;
			return true;
		}
	return false;
}

static void note_mapping(pid_t loader, const struct user_regs_struct *regs)
{
	struct bpf_map_info map = {0};

	if ((int64_t)regs->rax < 0 && (int64_t)regs->rax > -4096)
		return;
	if (n_places < sizeof places / sizeof *places &&
		info_of_fd(loader, (int)regs->r8, &map, sizeof map) && map.type == MAP_TYPE_ARENA)
		places[n_places++] = (struct place){map.id, regs->rax, regs->rsi};
}

/* ---- calls */

static void note_call(pid_t loader, unsigned cmd, const union bpf_attr *a, int fd)
{
	struct asked *note = &asked[n_asked];
	bool is_prog = cmd == BPF_PROG_LOAD;

	if (n_asked == ASKED || fd < 0 || (!is_prog && cmd != BPF_MAP_CREATE))
		return;
	note->kind = is_prog ? KIND_PROG : KIND_MAP;
	note->id = id_of(loader, fd);
	if (is_prog)
		snprintf(note->line, sizeof note->line, "expected=%u prog_flags=%#x of_prog=%s",
			a->expected_attach_type, a->prog_flags, a->attach_prog_fd ? "yes" : "no");
	else
		snprintf(note->line, sizeof note->line, "numa=%u inner=%s", a->numa_node,
			a->inner_map_fd ? "yes" : "no");
	n_asked += note->id != 0;
}

/* The bpf(2) or mmap(2) call that the loader is executing. */
struct call {
	bool open, maps;
	unsigned cmd;
	union bpf_attr attr;
};

/* Called at the entry of a call: copies the attr, and lets the call run to its exit if the result
 * matters. */
static void call_begins(pid_t loader, struct call *call)
{
	struct user_regs_struct regs = {0};

	*call = (struct call){0};
	ptrace(PTRACE_GETREGS, loader, 0, &regs);
	call->maps = regs.orig_rax == SYS_mmap;
	if (!call->maps) {
		call->cmd = (unsigned)regs.rdi;
		call->open = call->cmd == BPF_PROG_LOAD || call->cmd == BPF_MAP_CREATE;
		size_t size = regs.rdx < sizeof call->attr ? regs.rdx : sizeof call->attr;
		struct iovec to = {&call->attr, size}, from = {(void *)(uintptr_t)regs.rsi, size};
		process_vm_readv(loader, &to, 1, &from, 1, 0);
	}
	if (!call->maps && registers(loader, call->cmd, &call->attr)) {
		regs.orig_rax = (unsigned long long)-1; /* no call */
		regs.rax = 0;
		ptrace(PTRACE_SETREGS, loader, 0, &regs);
	}
	ptrace(call->open || call->maps ? PTRACE_SYSCALL : PTRACE_CONT, loader, 0, 0);
}

static void call_ends(pid_t loader, struct call *call)
{
	struct user_regs_struct regs = {0};

	ptrace(PTRACE_GETREGS, loader, 0, &regs);
	if (call->maps)
		note_mapping(loader, &regs);
	else
		note_call(loader, call->cmd, &call->attr, (int)regs.rax);
	*call = (struct call){0};
	ptrace(PTRACE_CONT, loader, 0, 0);
}

/* ---- the loader as a process */

static void become_loader(char **argv)
{
	/* bpf(2), and mmap(2) of a descriptor */
	static struct sock_filter calls[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 3, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[4])),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, UINT32_MAX, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {sizeof calls / sizeof *calls, calls};
	int out = open(printed, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setpgid(0, 0);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){PRINTED_BYTES, PRINTED_BYTES});
	dup2(open("/dev/null", O_RDONLY), 0);
	dup2(out, 1);
	dup2(out, 2);
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
	execv(argv[0], argv);
	_exit(127);
}

static pid_t start(char **argv)
{
	int status;
	pid_t loader = fork();

	must(loader >= 0, "fork");
	if (!loader)
		become_loader(argv);
	waitpid(loader, &status, __WALL);
	ptrace(PTRACE_SETOPTIONS, loader, 0,
		PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEEXEC |
			PTRACE_O_TRACESYSGOOD);
	ptrace(PTRACE_CONT, loader, 0, 0);
	return loader;
}

/* Follows the loader until it has loaded (it may still be running) or failed. */
static const char *follow(pid_t loader, uint64_t deadline)
{
	struct call call = {0};
	sigset_t child;
	int status;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	for (;;) {
		pid_t who = waitpid(loader, &status, __WALL | WNOHANG);
		if (who < 0)
			return "lost";
		if (!who) {
			if (now_ms() >= deadline)
				return "timeout";
			sigtimedwait(&child, NULL, &(struct timespec){0, 20000000});
			continue;
		}
		if (WIFEXITED(status))
			return WEXITSTATUS(status) ? "refused" : "loaded";
		if (WIFSIGNALED(status))
			return "signal";
		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8)) {
			call_begins(loader, &call);
		} else if ((call.open || call.maps) && WSTOPSIG(status) == (SIGTRAP | 0x80)) {
			call_ends(loader, &call);
		} else if (WSTOPSIG(status) == SIGSTOP) {
			return "loaded";
		} else {
			int pass = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
			ptrace(PTRACE_CONT, loader, 0, pass);
		}
	}
}

static void end(pid_t loader)
{
	kill(loader, SIGKILL);
	while (waitpid(loader, NULL, __WALL) > 0)
		;
}

/* ---- one job */

static void tell_printed(void)
{
	char *text = calloc(1, SAID_BYTES + 1);
	int fd = open(printed, O_RDONLY);
	off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);

	if (size > SAID_BYTES)
		lseek(fd, size - SAID_BYTES, SEEK_SET);
	else if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	ssize_t n = fd < 0 ? 0 : read(fd, text, SAID_BYTES);
	text[n > 0 ? n : 0] = 0;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		printf("said %s\n", line);
	close(fd);
	free(text);
}

static bool is_gone(enum kind kind, const struct ids *before, struct ids *now)
{
	ids_read(now, kind);
	for (size_t i = 0; i < now->n; i++)
		if (!ids_have(before, now->id[i]))
			return false;
	return true;
}

static void tell_left(const struct ids before[KINDS])
{
	static const char *const words[KINDS] = {"program", "map", "link"};
	static struct ids now;
	uint64_t deadline = now_ms() + GRACE_MS;
	char name[16];

	for (int kind = 0; kind < KINDS; kind++) {
		while (!is_gone(kind, &before[kind], &now) && now_ms() < deadline)
			usleep(5000);
		for (size_t i = 0; i < now.n; i++)
			if (!ids_have(&before[kind], now.id[i])) {
				facts_name(kind, now.id[i], name);
				printf("left %s %s\n", words[kind], name);
			}
	}
}

static void run_first(char *const *argv)
{
	pid_t pid = *argv ? fork() : -1;

	if (!pid) {
		dup2(open(printed, O_WRONLY | O_CREAT | O_APPEND, 0600), 2);
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

static void do_job(const struct job *job)
{
	static struct ids all[KINDS], before[KINDS];
	uint64_t begin = now_ms();

	printf("begin %s %s\n", job->loader, job->name);
	fflush(stdout);
	for (int kind = 0; kind < KINDS; kind++)
		ids_read(&all[kind], kind);
	n_asked = 0;
	n_places = 0;
	free(ops);
	ops = NULL;
	unlink(printed);
	must(!mount("bpf", pins, "bpf", 0, NULL), pins);
	run_first(job->first);
	for (int kind = 0; kind < KINDS; kind++)
		ids_read(&before[kind], kind);
	pid_t loader = start((char **)job->argv);
	const char *verdict = follow(loader, begin + (uint64_t)job->seconds * 1000);
	uint64_t took = now_ms() - begin;
	if (!strcmp(verdict, "loaded"))
		facts_write(stdout, before, find_asked, find_arena);
	fputs(ops ? ops : "", stdout);
	end(loader);
	umount2(pins, MNT_DETACH);
	tell_printed();
	tell_left(all);
	printf("end %s %s %s %llu\n", job->loader, job->name, verdict, (unsigned long long)took);
	fflush(stdout);
}

static bool parse(char *line, struct job *job)
{
	size_t n = 0;
	char *word = strtok(line, " \n"), *seconds;

	*job = (struct job){.loader = word, .name = strtok(NULL, " \n")};
	seconds = strtok(NULL, " \n");
	while (n < WORDS - 1 && (word = strtok(NULL, " \n"))) {
		if (strcmp(word, ";")) {
			job->argv[n++] = word;
			continue;
		}
		memcpy(job->first, job->argv, sizeof job->first);
		memset(job->argv, 0, sizeof job->argv);
		n = 0;
	}
	job->seconds = seconds ? atol(seconds) : 0;
	return n > 0;
}

int main(void)
{
	static char line[4096];
	struct job job;
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	while (fgets(line, sizeof line, stdin))
		if (parse(line, &job))
			do_job(&job);
	return 0;
}
