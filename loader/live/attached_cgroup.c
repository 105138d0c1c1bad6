/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Programs of cgroups and of this network namespace, with or without links: BPF_PROG_QUERY. */
#include "attached_impl.h"
#include "elf/base/format.h"
#include "where.h"

#include "loader/hook/hook.h"
#include "loader/plan/abi.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 32 };

static void query_cgroup(struct attached_list *a, int fd, const char *where)
{
	struct stat st;
	uint64_t seen = 0;
	struct attached row = {.where = where,
		.link_type = BPF_LINK_TYPE_CGROUP,
		.place = fstat(fd, &st) ? 0 : st.st_ino};
	for (size_t i = 0; i < cgroup_family.n; i++) {
		const struct hook *h = &cgroup_family.hooks[i];
		if (seen >> h->attach_type & 1)
			continue;
		seen |= UINT64_C(1) << h->attach_type;
		row.type = where_hook(h->attach_type, 0);
		row.attach_type = h->attach_type;
		attached_query(a, (uint32_t)fd, row);
	}
}

/* Takes over folder. */
static void walk(struct attached_list *a, int folder, const char *where, unsigned depth)
{
	char path[WHERE_MAX];
	query_cgroup(a, folder, *where ? where : "/");
	DIR *dir = fdopendir(folder);
	for (struct dirent *d; dir && (d = readdir(dir));) {
		if (d->d_type != DT_DIR || *d->d_name == '.' || depth == DEPTH_MAX ||
			text_print(path, sizeof path, "%s/%s", where, d->d_name) >= WHERE_MAX)
			continue;
		int below = openat(folder, d->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (below >= 0)
			walk(a, below, path, depth + 1);
	}
	if (dir)
		closedir(dir);
	else
		close(folder);
}

/* A flow dissector or sk_lookup program of this network namespace. */
void attached_namespace(struct attached_list *a)
{
	static const uint32_t types[] = {BPF_FLOW_DISSECTOR, BPF_SK_LOOKUP};
	struct stat st;
	int fd = kfs_open(a->l->kernel->kfs, KFS_PROC, "self/ns/net", O_RDONLY);
	if (fd < 0)
		return;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		attached_query(a, (uint32_t)fd,
			(struct attached){.type = where_hook(types[i], 0),
				.where = "netns (own)",
				.link_type = BPF_LINK_TYPE_NETNS,
				.attach_type = types[i],
				.place = fstat(fd, &st) ? 0 : st.st_ino});
	close(fd);
}

void attached_cgroups(struct attached_list *a)
{
	int root = kfs_open(a->l->kernel->kfs, KFS_CGROUP2, ".", O_RDONLY | O_DIRECTORY);
	if (root >= 0)
		walk(a, root, "", 0);
}
