/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* usage: fill N: creates a hash map with N entries, prints its id and keeps it until a signal. */
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BATCH = 4096 };

static long bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof *attr);
}

int main(int argc, char **argv)
{
	static uint32_t keys[BATCH];
	static uint64_t values[BATCH];
	uint32_t n = argc > 1 ? (uint32_t)atoi(argv[1]) : 0, done = 0;
	union bpf_attr attr = {.map_type = BPF_MAP_TYPE_HASH,
		.key_size = 4,
		.value_size = 8,
		.max_entries = n,
		.map_name = "filled"};
	long fd = bpf(BPF_MAP_CREATE, &attr);
	while (fd >= 0 && done < n) {
		uint32_t some = 0;
		for (; some < BATCH && done < n; some++, done++) {
			keys[some] = done;
			values[some] = (uint64_t)done * 7919 % 1000003;
		}
		memset(&attr, 0, sizeof attr);
		attr.batch.keys = (uintptr_t)keys;
		attr.batch.values = (uintptr_t)values;
		attr.batch.count = some;
		attr.batch.map_fd = (uint32_t)fd;
		if (bpf(BPF_MAP_UPDATE_BATCH, &attr))
			fd = -1;
	}
	struct bpf_map_info info = {0};
	memset(&attr, 0, sizeof attr);
	attr.info.bpf_fd = (uint32_t)fd;
	attr.info.info_len = sizeof info;
	attr.info.info = (uintptr_t)&info;
	if (fd < 0 || bpf(BPF_OBJ_GET_INFO_BY_FD, &attr)) {
		perror("fill");
		return 1;
	}
	printf("%u\n", info.id);
	fflush(stdout);
	return pause();
}
