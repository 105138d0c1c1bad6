/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * How a value is shown, if its type does not determine it.
 *
 * By the name of its type:
 *
 *	kernel_stack_t, user_stack_t	the result of bpf_get_stackid() without and with
 *					BPF_F_USER_STACK, stack_id_t: either; shown as functions.
 *					User stacks belong to the pid in the same struct.
 *	kernel_addr_t, user_addr_t	an address: function+0x12
 *	ip_addr_t			an address in 16 bytes, IPv4 as ::ffff:10.0.0.2
 *	time_ns_t, time_us_t, time_ms_t	a duration: 1.24 ms
 *
 * Or by a tag on a member, a typedef or a map:
 *
 *	__u64 callers[4] SHOW_AS(hex);
 *	struct { ... } latency SHOW_AS(log2_us) SEC(".maps");
 *
 * which is one of: ip, ip4, ip6, port (16 bits in network byte order), ports (32 bits), dev (a dev_t
 * of the kernel), hex, kernel_addr, user_addr, kernel_stack, user_stack, stack, ns, us, ms, bytes; log2, log2_ns, log2_us, log2_ms and log2_bytes
 * for a histogram by powers of two, in an array or a map; and for a map nothing, which shows it only
 * if requested by name.
 *
 * The tag is a declaration tag "sonde:..." in BTF, which requires clang 14; other compilers and
 * loaders ignore it. Type names require nothing.
 */
#pragma once

#if defined(__has_attribute) && __has_attribute(btf_decl_tag)
#define SHOW_AS(how) __attribute__((btf_decl_tag("sonde:" #how)))
#else
#define SHOW_AS(how)
#endif

typedef __s32 kernel_stack_t;
typedef __s32 user_stack_t;
typedef __s32 stack_id_t;
typedef __u64 kernel_addr_t;
typedef __u64 user_addr_t;
typedef __u64 time_ns_t;
typedef __u64 time_us_t;
typedef __u64 time_ms_t;

typedef struct {
	__u8 bytes[16];
} ip_addr_t;

/* The index of a value in a histogram by powers of two: its highest bit, at most slots - 1. */
static __always_inline __u32 log2_slot(__u64 value, __u32 slots)
{
	__u32 n = 0;

	for (int step = 32; step; step /= 2) {
		if (value >> step) {
			value >>= step;
			n += step;
		}
	}
	return n < slots ? n : slots - 1;
}
