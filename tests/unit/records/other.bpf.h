/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A type from another file than the program's. */
struct of_a_header {
	__u64 x[5];
};
