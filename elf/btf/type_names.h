/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Types whose names tell what their values mean, wherever these are: in a value that is shown, and in
 * the kernel's memory that a program copies from.
 */
#ifndef SONDE_TYPE_NAMES_H
#define SONDE_TYPE_NAMES_H

/* X(name of the typedef or struct, bytes, meaning as in the tag "sonde:MEANING") */
#define TYPE_NAMES(X)                                                                              \
	X("__be16", 2, "port")                                                                     \
	X("in_port_t", 2, "port")                                                                  \
	X("__be32", 4, "ip4")                                                                      \
	X("in_addr_t", 4, "ip4")                                                                   \
	X("in_addr", 4, "ip4")                                                                     \
	X("in6_addr", 16, "ip6")                                                                   \
	X("dev_t", 4, "dev")

#endif
