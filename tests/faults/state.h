/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What a run of sonde could leave behind, as text: everything that outlives a process. */
#ifndef FAULTS_STATE_H
#define FAULTS_STATE_H

/* Ids of BPF objects, mounts, what is in /sys/fs/bpf, probes in tracefs, qdiscs and XDP programs, one per
 * line. free() it. */
char *state_read(void);

#endif
