/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "live_ref.h"
#include "elf/base/number.h"
#include "elf/base/format.h"

#include "elf/base/span.h"
#include "loader/plan/abi.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct kind {
	const char *name, *all;
	const char *file; /* the end of what /proc shows for a descriptor of it */
	uint8_t next, open;
	uint16_t since; /* ABI_VERSION of the first kernel that lists them */
} kinds[] = {
	[LIVE_PROG] = {"program", "programs", "prog", BPF_PROG_GET_NEXT_ID, BPF_PROG_GET_FD_BY_ID,
		ABI_VERSION(4, 13)},
	[LIVE_MAP] = {"map", "maps", "map", BPF_MAP_GET_NEXT_ID, BPF_MAP_GET_FD_BY_ID,
		ABI_VERSION(4, 13)},
	[LIVE_LINK] = {"link", "links", "link", BPF_LINK_GET_NEXT_ID, BPF_LINK_GET_FD_BY_ID,
		ABI_VERSION(5, 8)},
	[LIVE_BTF] = {"BTF", "BTF", "btf", BPF_BTF_GET_NEXT_ID, BPF_BTF_GET_FD_BY_ID,
		ABI_VERSION(4, 18)},
};

const char *live_kind_name(enum live_kind kind)
{
	return kinds[kind].name;
}

/* ---- words ---- */

static bool parse_id(struct live_ref *r)
{
	char *end;
	unsigned long id = text_ulong(r->text, &end, 10);
	r->id = (uint32_t)id;
	return *r->text >= '0' && *r->text <= '9' && !*end && id <= UINT32_MAX;
}

static bool parse_tag(struct live_ref *r)
{
	char *end;
	unsigned long long v = text_u64(r->text, &end, 16);
	bool ok = strlen(r->text) == 16 && strspn(r->text, "0123456789abcdefABCDEF") == 16;
	bytes_put((uint8_t *)&r->tag, 8, true, v);
	return ok;
}

int live_ref_parse(struct live_ref *r, char **words, int n, int least, struct err *e)
{
	static const char *const keywords[] = {"id", "pinned", "name", "tag"};
	if (n < 1)
		return err_set(e, "nothing to select it by was given");
	for (int how = LIVE_BY_ID; how <= LIVE_BY_TAG; how++) {
		if (strcmp(words[0], keywords[how]) != 0 || n - 2 < least)
			continue;
		*r = (struct live_ref){.how = (enum live_how)how, .text = words[1]};
		if (how == LIVE_BY_ID && !parse_id(r))
			return err_set(e, "id expects a number, got '%s'", r->text);
		if (how == LIVE_BY_TAG && !parse_tag(r))
			return err_set(e, "tag expects 16 hexadecimal digits, got '%s'", r->text);
		return 2;
	}
	*r = (struct live_ref){.text = words[0]};
	if (!parse_id(r))
		r->how = strchr(r->text, '/') ? LIVE_BY_PIN : LIVE_BY_NAME;
	return 1;
}

/* ---- opening ---- */

/* What a pin holds, by what /proc shows of its descriptor ("prog"): the name of another
 * kind, NULL if it is this one or unknown. */
static const char *holds_other(enum live_kind kind, int fd)
{
	char path[40], link[64];
	text_print(path, sizeof path, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(path, link, sizeof link - 1);
	link[n > 0 ? n : 0] = 0;
	const char *end = strrchr(link, '-');
	for (size_t i = 0; end && i < sizeof kinds / sizeof *kinds; i++)
		if (i != kind && !strcmp(end + 1, kinds[i].file))
			return kinds[i].name;
	return NULL;
}

int live_ref_open(
	enum live_kind kind, const struct live_ref *r, const struct sys_watch *watch, struct err *e)
{
	const struct kind *k = &kinds[kind];
	bool pin = r->how == LIVE_BY_PIN;
	long fd = pin ? sys_open_pin(watch, r->text) : sys_open_id(watch, k->open, r->id);
	const char *other = pin && fd >= 0 ? holds_other(kind, (int)fd) : NULL;
	if (fd >= 0 && !other)
		return (int)fd;
	if (fd >= 0) {
		close((int)fd);
		err_set(e, "%s is not the pin of a %s, but of a %s", r->text, k->name, other);
	} else if (fd == -ENOENT && pin) {
		err_set(e, "there is no pin %s", r->text);
	} else if (fd == -ENOENT) {
		err_set(e, "there is no %s with the id %s", k->name, r->text);
	} else {
		err_sys(e, (int)-fd, "%s %s", k->name, r->text);
		if (fd == -EPERM)
			err_hint(e, "ids require CAP_SYS_ADMIN, a pin access to its file");
		else if (fd == -EINVAL && pin)
			err_hint(e, "is it the pin of a %s?", k->name);
	}
	return -1;
}

bool live_pin(
	enum live_kind kind, int fd, const char *path, const struct sys_watch *watch, struct err *e)
{
	union bpf_attr attr = {.pathname = sys_ptr(path)};
	attr.bpf_fd = (uint32_t)fd;
	long r = sys_bpf(watch, BPF_OBJ_PIN, &attr, offsetof(union bpf_attr, file_flags));
	if (!r)
		return true;
	err_sys(e, (int)-r, "pin the %s at %s", kinds[kind].name, path);
	return r == -EPERM || r == -EINVAL
	               ? err_hint(e, "the directory must be in a bpf file system, "
				     "such as /sys/fs/bpf")
	       : r == -ENOENT ? err_hint(e, "the directory must exist")
	                      : false;
}

bool live_each(
	enum live_kind kind, const struct sys_watch *watch, live_fn fn, void *ctx, struct err *e)
{
	const struct kind *k = &kinds[kind];
	uint32_t id = 0;
	char version[8];
	long r;
	while (!(r = sys_next_id(watch, k->next, &id)) && !sys_stopped(watch)) {
		long fd = sys_open_id(watch, k->open, id);
		if (fd == -ENOENT)
			continue;
		if (fd < 0) {
			r = fd;
			break;
		}
		bool more = fn(ctx, id, (int)fd);
		close((int)fd);
		if (!more)
			return true;
	}
	if (!r || r == -ENOENT)
		return true;
	err_sys(e, (int)-r, "%s of the kernel", k->all);
	if (r == -EINVAL)
		return err_hint(
			e, "listing %s requires Linux %s", k->all, abi_version(k->since, version));
	return r == -EPERM ? err_hint(e,
				     "listing %s requires CAP_SYS_ADMIN, as root has; a "
				     "pinned %s can be opened by its path",
				     k->all, k->name)
	                   : false;
}
