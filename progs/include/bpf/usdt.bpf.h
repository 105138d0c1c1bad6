/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Arguments of USDT probes, which the author of a program has placed in it.
 *
 *	SEC("usdt//usr/bin/python3:python:function__entry")
 *	int BPF_USDT(on_call, const char *file, const char *function, int line) { ... }
 *
 * or by hand
 *
 *	SEC("usdt/./myapp:myapp:request")
 *	int on_request(struct pt_regs *ctx)
 *	{
 *		long id;
 *		if (bpf_usdt_arg(ctx, 0, &id) == 0) ...
 *
 * The compiler of that program decides where each argument is: in a register, in memory, or nowhere
 * if it is a constant; and this differs between the locations of a probe. The loader reads these
 * descriptions from the program's file and fills the two maps below. The description of a location
 * is found by the attach cookie (Linux 5.15), on older kernels by the address.
 *
 * Names and layout are those of libbpf, so its loader supports them, too.
 */
#pragma once

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Number of descriptions and addresses; may be defined before including this header. */
#ifndef BPF_USDT_MAX_SPEC_CNT
#define BPF_USDT_MAX_SPEC_CNT 256
#endif
#ifndef BPF_USDT_MAX_IP_CNT
#define BPF_USDT_MAX_IP_CNT (4 * BPF_USDT_MAX_SPEC_CNT)
#endif

#define BPF_USDT_MAX_ARG_CNT 12

/* Location of an argument: the low 8 bits of `how`. */
enum __bpf_usdt_arg_type {
	BPF_USDT_ARG_CONST,     /* number */
	BPF_USDT_ARG_REG,       /* the register */
	BPF_USDT_ARG_REG_DEREF, /* in memory, at register + number */
	BPF_USDT_ARG_SIB,       /* in memory, at register + (second register << shift) + number */
};

struct __bpf_usdt_arg_spec {
	__u64 number;
	__u32 how; /* type: 8 bits, second register: 12, shift: 4 */
	short reg; /* offset in struct pt_regs */
	__u8 is_signed;
	__u8 cut_bits; /* 64 - 8 * the argument's size in bytes */
};

struct __bpf_usdt_spec {
	struct __bpf_usdt_arg_spec args[BPF_USDT_MAX_ARG_CNT];
	__u64 usdt_cookie;
	short arg_cnt;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, BPF_USDT_MAX_SPEC_CNT);
	__type(key, int);
	__type(value, struct __bpf_usdt_spec);
} __bpf_usdt_specs SEC(".maps") __weak;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, BPF_USDT_MAX_IP_CNT);
	__type(key, long);
	__type(value, __u32);
} __bpf_usdt_ip_to_spec_id SEC(".maps") __weak;

enum { __USDT_ENOENT = 2, __USDT_ESRCH = 3, __USDT_EINVAL = 22 };

/* The description of the location that was hit. For kernels without attach cookies the loader
 * replaces the call by 0. */
static __always_inline struct __bpf_usdt_spec *__bpf_usdt_spec_of(struct pt_regs *ctx)
{
	int id = (int)bpf_get_attach_cookie(ctx);
	if (!id) {
		long ip = (long)PT_REGS_IP(ctx);
		__u32 *by_ip = bpf_map_lookup_elem(&__bpf_usdt_ip_to_spec_id, &ip);
		if (by_ip)
			id = (int)*by_ip;
	}
	return bpf_map_lookup_elem(&__bpf_usdt_specs, &id);
}

static __always_inline long __bpf_usdt_reg(struct pt_regs *ctx, short offset, unsigned long *value)
{
	return bpf_probe_read_kernel(value, sizeof(*value), (void *)ctx + offset);
}

/* The 8 bytes that contain the argument; on big-endian machines it is in the upper ones. */
static __always_inline long __bpf_usdt_load(
	struct pt_regs *ctx, const struct __bpf_usdt_arg_spec *arg, unsigned long *value)
{
	unsigned long address, index = 0;
	long error;
	__u32 how = arg->how;

	switch (how & 0xff) {
	case BPF_USDT_ARG_CONST:
		*value = arg->number;
		return 0;
	case BPF_USDT_ARG_REG:
		return __bpf_usdt_reg(ctx, arg->reg, value);
	case BPF_USDT_ARG_SIB:
		error = __bpf_usdt_reg(ctx, how >> 8 & 0xfff, &index);
		if (error)
			return error;
		index <<= how >> 20 & 0xf;
		break;
	case BPF_USDT_ARG_REG_DEREF:
		break;
	default:
		return -__USDT_EINVAL;
	}
	error = __bpf_usdt_reg(ctx, arg->reg, &address);
	if (error)
		return error;
	error = bpf_probe_read_user(value, sizeof(*value), (void *)(address + index + arg->number));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	*value >>= arg->cut_bits & 63;
#endif
	return error;
}

/*
 * Stores argument n (from 0), sign-extended or a pointer, in *res. Returns 0 or an error: -ENOENT no
 * such argument, -ESRCH unknown location, -EINVAL inaccessible to BPF programs (a floating-point
 * register), -EFAULT the memory is not present.
 */
static __noinline __attribute__((unused)) int bpf_usdt_arg(struct pt_regs *ctx, __u64 n, long *res)
{
	unsigned long value = 0;
	struct __bpf_usdt_spec *spec;

	*res = 0;
	spec = __bpf_usdt_spec_of(ctx);
	if (!spec)
		return -__USDT_ESRCH;
	barrier_var(n); /* keeps the test below, which the verifier requires */
	if (n >= BPF_USDT_MAX_ARG_CNT)
		return -__USDT_ENOENT;
	barrier_var(n);
	if ((short)n >= spec->arg_cnt)
		return -__USDT_ENOENT;

	const struct __bpf_usdt_arg_spec *arg = &spec->args[n];
	long error = __bpf_usdt_load(ctx, arg, &value);
	if (error)
		return (int)error;
	value <<= arg->cut_bits & 63;
	*res = arg->is_signed ? (long)value >> (arg->cut_bits & 63)
	                      : (long)(value >> (arg->cut_bits & 63));
	return 0;
}

/* Number of arguments; negative if the location is unknown. */
static __noinline __attribute__((unused)) int bpf_usdt_arg_cnt(struct pt_regs *ctx)
{
	struct __bpf_usdt_spec *spec = __bpf_usdt_spec_of(ctx);
	return spec ? spec->arg_cnt : -__USDT_ESRCH;
}

/* The size of argument n in bytes, or an error as above. */
static __noinline __attribute__((unused)) int bpf_usdt_arg_size(struct pt_regs *ctx, __u64 n)
{
	struct __bpf_usdt_spec *spec = __bpf_usdt_spec_of(ctx);
	if (!spec)
		return -__USDT_ESRCH;
	barrier_var(n);
	if (n >= BPF_USDT_MAX_ARG_CNT)
		return -__USDT_ENOENT;
	barrier_var(n);
	if ((short)n >= spec->arg_cnt)
		return -__USDT_ENOENT;
	return 8 - (spec->args[n].cut_bits >> 3);
}

/* The cookie given on attach, 0 if none. */
static __noinline __attribute__((unused)) long bpf_usdt_cookie(struct pt_regs *ctx)
{
	struct __bpf_usdt_spec *spec = __bpf_usdt_spec_of(ctx);
	return spec ? (long)spec->usdt_cookie : 0;
}

/* A program with named arguments, like BPF_KPROBE; one that cannot be read is 0. */
static __always_inline long __bpf_usdt_arg_or_0(struct pt_regs *ctx, __u64 n)
{
	long value;
	bpf_usdt_arg(ctx, n, &value);
	return value;
}

#define __usdt_args_0  ctx
#define __usdt_args_1  __usdt_args_0, __bpf_usdt_arg_or_0(ctx, 0)
#define __usdt_args_2  __usdt_args_1, __bpf_usdt_arg_or_0(ctx, 1)
#define __usdt_args_3  __usdt_args_2, __bpf_usdt_arg_or_0(ctx, 2)
#define __usdt_args_4  __usdt_args_3, __bpf_usdt_arg_or_0(ctx, 3)
#define __usdt_args_5  __usdt_args_4, __bpf_usdt_arg_or_0(ctx, 4)
#define __usdt_args_6  __usdt_args_5, __bpf_usdt_arg_or_0(ctx, 5)
#define __usdt_args_7  __usdt_args_6, __bpf_usdt_arg_or_0(ctx, 6)
#define __usdt_args_8  __usdt_args_7, __bpf_usdt_arg_or_0(ctx, 7)
#define __usdt_args_9  __usdt_args_8, __bpf_usdt_arg_or_0(ctx, 8)
#define __usdt_args_10 __usdt_args_9, __bpf_usdt_arg_or_0(ctx, 9)
#define __usdt_args_11 __usdt_args_10, __bpf_usdt_arg_or_0(ctx, 10)
#define __usdt_args_12 __usdt_args_11, __bpf_usdt_arg_or_0(ctx, 11)

#define BPF_USDT(name, args...)                                                                    \
	__named_arguments(name, struct pt_regs, __args_family_outer(__usdt_args_, ##args), ##args)
