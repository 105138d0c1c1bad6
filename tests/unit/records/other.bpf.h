/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* A type that is not of the file of the program. */
struct of_a_header {
	__u64 x[5];
};
