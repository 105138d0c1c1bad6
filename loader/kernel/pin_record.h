/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Who has pinned a folder: a file system for pins takes no plain files, so the record is the value of an array
 * with one entry, pinned as DIR/record. It lasts as long as the pins, and any loader can read it.
 */
#ifndef SONDE_PIN_RECORD_H
#define SONDE_PIN_RECORD_H

#include "sys.h"

#define PIN_RECORD_MAGIC "snd1"

/* Numbers in host byte order; texts are zero-padded, and cut to fit. */
struct pin_record {
	char magic[4];
	uint32_t uid;     /* the real one of the process */
	uint64_t time;    /* seconds since 1970, UTC */
	char process[16]; /* its name */
	char maker[32];   /* "sonde 0.1.0" */
	char object[64];  /* its name */
};

/* Fills in what the executing process knows: uid, time and process. */
void pin_record_sign(struct pin_record *r);

/* Reads the record of a folder, whose contents are not trusted. Texts are terminated. Returns 0 or -errno:
 * -ENOENT if there is none. */
long pin_record_read(const struct sys_watch *watch, const char *folder, struct pin_record *r);

#endif
