/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "pin_record.h"

#include "elf/base/bpf_abi.h"
#include "elf/base/bpf_attr.h"
#include "elf/base/format.h"
#include "pin_folder.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

void pin_record_sign(struct pin_record *r)
{
	struct timespec now = {0};
	clock_gettime(CLOCK_REALTIME, &now);
	r->uid = getuid();
	r->time = (uint64_t)now.tv_sec;
	memset(r->process, 0, sizeof r->process);
	prctl(PR_GET_NAME, r->process);
}

/* Whether a lookup with these sizes writes what a record has. */
static bool has_record(const struct sys_watch *watch, int fd)
{
	struct bpf_map_info info = {0};
	uint32_t n = sizeof info;
	return !sys_info(watch, fd, &info, &n) && info.type == BPF_MAP_TYPE_ARRAY &&
	       info.key_size == sizeof(uint32_t) && info.value_size == sizeof(struct pin_record);
}

long pin_record_read(const struct sys_watch *watch, const char *folder, struct pin_record *r)
{
	char path[PIN_PATH_MAX];
	uint32_t key = 0;
	if (text_print(path, sizeof path, "%s/record", folder) >= PIN_PATH_MAX)
		return -ENAMETOOLONG;
	long fd = sys_open_pin_for(watch, path, BPF_F_RDONLY);
	if (fd < 0)
		return fd;
	union bpf_attr attr = {.map_fd = (uint32_t)fd};
	attr.key = sys_ptr(&key);
	attr.value = sys_ptr(r);
	long no = has_record(watch, (int)fd) ? sys_bpf(watch, BPF_MAP_LOOKUP_ELEM, &attr,
						       offsetof(union bpf_attr, flags))
	                                     : -ENOENT;
	close((int)fd);
	if (!no && memcmp(r->magic, PIN_RECORD_MAGIC, sizeof r->magic) != 0)
		no = -ENOENT;
	r->process[sizeof r->process - 1] = r->maker[sizeof r->maker - 1] =
		r->object[sizeof r->object - 1] = 0;
	return no;
}

const char pin_records_are_executed = 1; /* HOOK_NEEDS */
