/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "descriptor.h"

#include "elf/base/format.h"
#include "elf/base/number.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { PATH_ROOM = 256, INFO_ROOM = 1024, TRACEFS_MAGIC_NUMBER = 0x74726163 };

/* The number after a word of fdinfo, "map_id:\t12"; 0 if it is not there. */
static uint32_t number_of(const char *info, const char *name)
{
	size_t n = strlen(name);
	for (const char *line = info; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, name, n) && line[n] == ':')
			return (uint32_t)text_ulong(line + n + 1, NULL, 0);
	}
	return 0;
}

/* The file systems that procfs links lead into are asked themselves: a file elsewhere may have the name of
 * one of tracefs. */
static bool in_tracefs(struct kfs *k, const char *path)
{
	struct statfs fs;
	int fd = kfs_open(k, KFS_PROC, path, O_PATH);
	bool yes = fd >= 0 && !fstatfs(fd, &fs) && (uint32_t)fs.f_type == TRACEFS_MAGIC_NUMBER;
	if (fd >= 0)
		close(fd);
	return yes;
}

/* The kernel names the protocol of a socket in an attribute of its file. */
static bool is_netlink(const char *path)
{
	char file[64], protocol[16] = "";
	text_print(file, sizeof file, "/proc/%s", path);
	return getxattr(file, "system.sockprotoname", protocol, sizeof protocol - 1) > 0 &&
	       !strcmp(protocol, "NETLINK");
}

static const struct {
	const char *link; /* where the link of the descriptor leads */
	const char *id;   /* in its fdinfo */
	uint8_t kind;
} objects[] = {
	{"anon_inode:bpf-map", "map_id", DESCRIPTOR_MAP},
	{"anon_inode:bpf-prog", "prog_id", DESCRIPTOR_PROG},
	{"anon_inode:btf", "btf_id", DESCRIPTOR_BTF},
	{"anon_inode:bpf_link", "link_id", DESCRIPTOR_LINK},
	{"anon_inode:bpf-link", "link_id", DESCRIPTOR_LINK},
	{"anon_inode:[perf_event]", NULL, DESCRIPTOR_PERF},
};

static void read_object(struct kfs *k, pid_t pid, int fd, const char *id, struct descriptor *d)
{
	char path[48], info[INFO_ROOM];
	text_print(path, sizeof path, "%d/fdinfo/%d", (int)pid, fd);
	long n = kfs_read_text(k, KFS_PROC, path, info, sizeof info);
	if (n < 0 && n != -EFBIG)
		return;
	d->id = number_of(info, id);
	d->map_type = number_of(info, "map_type");
	d->key_size = number_of(info, "key_size");
	d->value_size = number_of(info, "value_size");
}

void descriptor_read(struct kfs *k, pid_t pid, int fd, struct descriptor *d)
{
	char path[48], link[PATH_ROOM];
	*d = (struct descriptor){0};
	text_print(path, sizeof path, "%d/fd/%d", (int)pid, fd);
	int proc = kfs_dir(k, KFS_PROC);
	ssize_t n = proc < 0 || fd < 0 ? -1 : readlinkat(proc, path, link, sizeof link - 1);
	if (n <= 0)
		return;
	link[n] = 0;
	for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
		if (!strcmp(link, objects[i].link)) {
			d->kind = objects[i].kind;
			if (objects[i].id)
				read_object(k, pid, fd, objects[i].id, d);
			return;
		}
	const char *name = strrchr(link, '/');
	bool probes = name && (!strcmp(name, "/kprobe_events") || !strcmp(name, "/uprobe_events") ||
				      !strcmp(name, "/dynamic_events"));
	if (probes && in_tracefs(k, path)) {
		d->kind = DESCRIPTOR_PROBES;
		text_print(d->file, sizeof d->file, "%s", name + 1);
	} else if (!strncmp(link, "socket:", strlen("socket:")) && is_netlink(path)) {
		d->kind = DESCRIPTOR_NETLINK;
	}
}

bool descriptors_attach(struct kfs *k, pid_t pid)
{
	char path[32];
	struct descriptor d = {0};
	text_print(path, sizeof path, "%d/fd", (int)pid);
	DIR *dir = kfs_list(k, KFS_PROC, path);
	if (!dir)
		return false;
	for (const struct dirent *entry; d.kind < DESCRIPTOR_PROBES && (entry = readdir(dir));)
		if (*entry->d_name != '.')
			descriptor_read(k, pid, (int)text_s64(entry->d_name, NULL, 10), &d);
	closedir(dir);
	return d.kind >= DESCRIPTOR_PROBES;
}
