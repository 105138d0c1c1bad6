/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "kernel_log.h"

#include "elf/base/format.h"
#include "loader/show/clean.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { LINE_MAX_ = 900 /* the kernel cuts at about 1000 */, KMSG_MAJOR = 1, KMSG_MINOR = 11 };

int kernel_log_open(int root, bool make)
{
	static const char path[] = "dev/kmsg", own[] = ".sonde-kmsg";
	int fd = openat(root, path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 && make &&
		!mknodat(root, own, S_IFCHR | 0600, makedev(KMSG_MAJOR, KMSG_MINOR))) {
		fd = openat(root, own, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		unlinkat(root, own, 0);
	}
	return fd;
}

void kernel_log(int fd, enum kernel_log_level level, const char *text)
{
	char line[LINE_MAX_], clean[LINE_MAX_ - 20];
	text_print(clean, sizeof clean, "%s", text);
	clean_text(clean);
	for (char *p = clean; (p = strpbrk(p, "\n\t"));)
		*p = ' ';
	int n = fd < 0 ? text_print(line, sizeof line, "sonde: %s\n", clean)
	               : text_print(line, sizeof line, "<%d>sonde: %s\n", (int)level, clean);
	(void)!write(fd < 0 ? STDERR_FILENO : fd, line, (size_t)n);
}
