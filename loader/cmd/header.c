/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "header.h"

#include "elf/base/format.h"
#include "loader/kernel/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, NOT_FOUND = 127, LINE_SIZE = 400 };

/* What BPF programs have from vmlinux.h or <linux/types.h>. */
static const char prelude[] =
	"#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n"
	"typedef unsigned char __u8, u8; typedef signed char __s8, s8;\n"
	"typedef unsigned short __u16, u16, __be16, __le16; typedef short __s16, s16;\n"
	"typedef unsigned int __u32, u32, __be32, __le32; typedef int __s32, s32;\n"
	"typedef unsigned long long __u64, u64, __be64, __le64; typedef long long __s64, s64;\n"
	"typedef int pid_t; typedef unsigned int uid_t, gid_t, dev_t;\n"
	"enum { TASK_COMM_LEN = 16 };\n";

/* clang's descriptors 0 to 2: files in memory. */
struct files {
	int fd[3];
};

static bool open_files(struct files *f, struct err *e)
{
	for (int i = 0; i < 3; i++) {
		f->fd[i] = memfd_create("clang", MFD_CLOEXEC);
		if (f->fd[i] < 0)
			return err_sys(e, errno, "memfd_create");
	}
	return true;
}

static void close_files(struct files *f)
{
	for (int i = 0; i < 3; i++)
		if (f->fd[i] >= 0)
			close(f->fd[i]);
}

static bool put_text(int fd, const char *p, size_t n, struct err *e)
{
	for (ssize_t done; n; p += done, n -= (size_t)done) {
		done = write(fd, p, n);
		if (done < 0 && errno != EINTR)
			return err_sys(e, errno, "memfd");
		done = done < 0 ? 0 : done;
	}
	return true;
}

/* The header, with its own name in messages. */
static bool put_header(
	int fd, const char *path, struct span text, const char *before, struct err *e)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	char line[PATH_SIZE] = "";
	if (!strpbrk(name, "\"\\\n"))
		text_print(line, sizeof line, "#line 1 \"%s\"\n", name);
	return put_text(fd, before, strlen(before), e) && put_text(fd, line, strlen(line), e) &&
	       put_text(fd, (const char *)text.p, text.n, e) &&
	       (lseek(fd, 0, SEEK_SET) == 0 || err_sys(e, errno, "memfd"));
}

static void become_clang(const struct files *f, const char *path, bool big)
{
	char dir[PATH_SIZE], system[PATH_SIZE];
	struct utsname u = {0};
	const char *slash = strrchr(path, '/');
	int n = slash ? (int)(slash - path) + 1 : 1;
	text_print(dir, sizeof dir, "%.*s", n, slash ? path : ".");
	uname(&u);
	text_print(system, sizeof system, "/usr/include/%s-linux-gnu", u.machine);
	const char *argv[] = {"clang", big ? "--target=bpfeb" : "--target=bpfel", "-g",
		"-std=gnu11", "-ffreestanding", "-fno-eliminate-unused-debug-types", "-w", "-I",
		dir, "-idirafter", "/usr/include", "-idirafter", system, "-x", "c", "-c", "-o", "-",
		"-", NULL};
	for (int i = 0; i < 3; i++)
		if (dup2(f->fd[i], i) < 0)
			_exit(1);
	execvp(*argv, (char **)(uintptr_t)argv);
	_exit(errno == ENOENT ? NOT_FOUND : 1);
}

/* The exit status of clang, -1 with e set if it could not be run. */
static int run_clang(const struct files *f, const char *path, bool big, struct err *e)
{
	int status;
	pid_t pid = fork();
	if (!pid)
		become_clang(f, path, big);
	if (pid < 0) {
		err_sys(e, errno, "fork");
		return -1;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR) {
			err_sys(e, errno, "clang");
			return -1;
		}
	if (!WIFEXITED(status)) {
		err_set(e, "clang was killed by signal %d", WTERMSIG(status));
		return -1;
	}
	if (WEXITSTATUS(status) == NOT_FOUND) {
		err_set(e, "there is no clang to compile it");
		err_hint(e, "install clang, or give an object: clang -target bpf -g -c FILE.c "
			    "elsewhere, with a variable of that type");
		return -1;
	}
	return WEXITSTATUS(status);
}

/* The first error of clang: "event.h:3:2: error: unknown type name 'u33'". */
static bool report(int fd, const char *path, struct err *e)
{
	struct span all = {0};
	char line[LINE_SIZE] = "";
	if (lseek(fd, 0, SEEK_SET) == 0 && !file_read_fd(fd, 0, &all)) {
		const char *p = (const char *)all.p, *end = p + all.n;
		const char *found = memmem(p, all.n, "error: ", strlen("error: "));
		while (found && found > p && found[-1] != '\n')
			found--;
		const char *stop = found ? memchr(found, '\n', (size_t)(end - found)) : NULL;
		if (found)
			text_print(line, sizeof line, "%.*s", (int)((stop ? stop : end) - found),
				found);
	}
	file_free(&all);
	err_set(e, "%s: clang: %s", path, *line ? line : "failed");
	return err_hint(e, "CPATH=DIR sonde ...: directories with other headers that it includes");
}

/* One attempt. *status: the exit status of clang. */
static bool compile(const char *path, struct span text, const char *before, bool big, int *status,
	struct span *object, struct err *e)
{
	struct files f = {{-1, -1, -1}};
	bool ok = open_files(&f, e) && put_header(f.fd[0], path, text, before, e);
	*status = ok ? run_clang(&f, path, big, e) : -1;
	ok = ok && *status >= 0;
	if (!ok)
		err_where(e, "%s", path);
	else if (*status)
		ok = report(f.fd[2], path, e);
	else if (lseek(f.fd[1], 0, SEEK_SET) || file_read_fd(f.fd[1], 0, object))
		ok = err_set(e, "%s: clang wrote no object", path);
	close_files(&f);
	return ok;
}

bool header_compile(
	const char *path, struct span text, bool big, struct span *object, struct err *e)
{
	int status, again;
	struct err ignored = {0};
	if (compile(path, text, "", big, &status, object, e))
		return true;
	if (status <= 0 || !compile(path, text, prelude, big, &again, object, &ignored))
		return false;
	*e = (struct err){0};
	return true;
}
