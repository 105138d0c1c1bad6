/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The recorder: a process that outlives an initramfs and copies the records of buffers into a recording in memory,
 * unseen, until somebody collects it (handover.h), a signal arrives, its time is over or its memory is full. In the
 * last two cases all is detached, and it saves the recording as /run/sonde-boot and ends; if that is not possible, it waits
 * with it.
 *
 * What the initramfs leaves behind is to be freed, and what is mounted may be unmounted: the recorder has no
 * directory and no file of any file system but private mounts, and opens files only to write or read them.
 */
#ifndef SONDE_RECORDER_H
#define SONDE_RECORDER_H

#include "recording.h"

#include "loader/kernel/exec.h"
#include "loader/kernel/perf_buffer.h"
#include "loader/kernel/ring.h"

#include <poll.h>

/* The recording that is left if nobody collects it. */
#define RECORDER_FILE "sonde-boot"

struct recorder_source {
	const struct exec *x;
	uint16_t plan, map; /* indices */
	int fd;             /* polls readable */
	bool is_perf;
	struct ring ring;
	struct perf_buffer perf;
	struct recorder *recorder;
};

struct recorder {
	struct arena *arena; /* borrowed */
	struct kfs *kfs;     /* borrowed */
	struct recording_writer writer;
	struct recorder_source **sources;
	size_t n_sources, room;
	struct pollfd *fds; /* of all sources, and two more */
	uint16_t plans;
	int memory, listening; /* descriptors */
};

/* Prepares memory and socket. limit: bytes of the recording. False with e set. */
bool recorder_open(
	struct recorder *r, uint64_t limit, struct arena *a, struct kfs *k, struct err *e);

/* Adds a plan that runs, and its buffers, from which records are read from now on. saved: the plan as it was
 * before it ran. x: borrowed; it must not move. Fails if there is no buffer. */
bool recorder_add(struct recorder *r, const struct exec *x, struct span saved, struct err *e);

/* Gives up directories: the root becomes that of a private mount, if there is one. */
void recorder_hide(struct recorder *r);

/*
 * Copies records until it is to end. stop_fd: a signal has arrived; for_ms: 0 for no end. detach is called once,
 * after the last record has been read. log: the descriptor of the kernel's log, or -1.
 */
void recorder_run(struct recorder *r, uint32_t for_ms, int stop_fd, void (*detach)(void *ctx),
	void (*say)(void *ctx, const char *text), void *ctx);

void recorder_close(struct recorder *r);

#endif
