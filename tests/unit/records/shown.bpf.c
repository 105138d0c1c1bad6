/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A type that is looked up by name in this file, for records of other objects. */
#include "records.bpf.h"

enum kind { FIRST_KIND, SECOND_KIND = 7 };
struct inner {
	__u32 a;
	__s16 b;
};
struct shown {
	unsigned char bits : 3, rest : 5;
	char comm[16];
	enum kind kind;
	struct shown *next;
	struct inner inner[2];
	union {
		__u64 wide;
		__u8 bytes[8];
	};
};
struct shown used = {.kind = SECOND_KIND};
