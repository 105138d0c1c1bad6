/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Arguments and results of probed functions.
 *
 * The context of a kprobe or uprobe is the CPU's registers. Which of them hold arguments depends on
 * the calling convention, so these programs are compiled for one architecture,
 * -D__TARGET_ARCH_<arch>. fentry, fexit, lsm and tp_btf programs receive their arguments as an array
 * of 64-bit slots, which is the same on every architecture: see BPF_PROG.
 */
#pragma once

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

/* ---- Registers by architecture ----------------------------------------------------------------
 *
 * For each: the type of the context; the registers of the arguments (up to 8, if passed in
 * registers), return address, frame pointer, return value, stack pointer and instruction pointer;
 * and the differences for system calls.
 */

#if defined(__TARGET_ARCH_x86)

#define __regs_type struct pt_regs
#if defined(__KERNEL__) || defined(__VMLINUX_H__)
#define __reg_parm1    di
#define __reg_parm2    si
#define __reg_parm3    dx
#define __reg_parm4    cx
#define __reg_parm5    r8
#define __reg_parm6    r9
#define __reg_ret      sp /* points to the return address */
#define __reg_fp       bp
#define __reg_rc       ax
#define __reg_sp       sp
#define __reg_ip       ip
#define __reg_sysparm4 r10 /* the syscall instruction overwrites cx */
#else                      /* the names in <linux/ptrace.h> */
#define __reg_parm1    rdi
#define __reg_parm2    rsi
#define __reg_parm3    rdx
#define __reg_parm4    rcx
#define __reg_parm5    r8
#define __reg_parm6    r9
#define __reg_ret      rsp
#define __reg_fp       rbp
#define __reg_rc       rax
#define __reg_sp       rsp
#define __reg_ip       rip
#define __reg_sysparm4 r10
#endif

#elif defined(__TARGET_ARCH_arm64)

/* The first argument of a system call is saved separately: its register also holds the result. */
struct pt_regs___arm64 {
	unsigned long orig_x0;
} __attribute__((preserve_access_index));

#define __regs_type        struct user_pt_regs
#define __reg_parm1        regs[0]
#define __reg_parm2        regs[1]
#define __reg_parm3        regs[2]
#define __reg_parm4        regs[3]
#define __reg_parm5        regs[4]
#define __reg_parm6        regs[5]
#define __reg_parm7        regs[6]
#define __reg_parm8        regs[7]
#define __reg_ret          regs[30]
#define __reg_fp           regs[29]
#define __reg_rc           regs[0]
#define __reg_sp           sp
#define __reg_ip           pc
#define __syscall_parm1(x) BPF_CORE_READ((const struct pt_regs___arm64 *)(x), orig_x0)

#elif defined(__TARGET_ARCH_arm)

#define __regs_type    struct pt_regs
#define __reg_parm1    uregs[0]
#define __reg_parm2    uregs[1]
#define __reg_parm3    uregs[2]
#define __reg_parm4    uregs[3]
#define __reg_ret      uregs[14]
#define __reg_fp       uregs[11]
#define __reg_rc       uregs[0]
#define __reg_sp       uregs[13]
#define __reg_ip       uregs[15]
#define __reg_sysparm5 uregs[4]
#define __reg_sysparm6 uregs[5]
#define __reg_sysparm7 uregs[6]

#elif defined(__TARGET_ARCH_s390)

struct pt_regs___s390 {
	unsigned long orig_gpr2;
} __attribute__((preserve_access_index));

#define __regs_type        user_pt_regs
#define __reg_parm1        gprs[2]
#define __reg_parm2        gprs[3]
#define __reg_parm3        gprs[4]
#define __reg_parm4        gprs[5]
#define __reg_parm5        gprs[6]
#define __reg_ret          gprs[14]
#define __reg_fp           gprs[11]
#define __reg_rc           gprs[2]
#define __reg_sp           gprs[15]
#define __reg_ip           psw.addr
#define __reg_sysparm6     gprs[7]
#define __syscall_parm1(x) BPF_CORE_READ((const struct pt_regs___s390 *)(x), orig_gpr2)

#elif defined(__TARGET_ARCH_riscv)

struct pt_regs___riscv {
	unsigned long orig_a0;
} __attribute__((preserve_access_index));

#define __regs_type        struct user_regs_struct
#define __reg_parm1        a0
#define __reg_parm2        a1
#define __reg_parm3        a2
#define __reg_parm4        a3
#define __reg_parm5        a4
#define __reg_parm6        a5
#define __reg_parm7        a6
#define __reg_parm8        a7
#define __reg_ret          ra
#define __reg_fp           s0
#define __reg_rc           a0
#define __reg_sp           sp
#define __reg_ip           pc
#define __syscall_parm1(x) BPF_CORE_READ((const struct pt_regs___riscv *)(x), orig_a0)

#elif defined(__TARGET_ARCH_powerpc)

#define __regs_type    struct pt_regs
#define __reg_parm1    gpr[3]
#define __reg_parm2    gpr[4]
#define __reg_parm3    gpr[5]
#define __reg_parm4    gpr[6]
#define __reg_parm5    gpr[7]
#define __reg_parm6    gpr[8]
#define __reg_parm7    gpr[9]
#define __reg_parm8    gpr[10]
#define __reg_ret      link
#define __reg_fp       gpr[31]
#define __reg_rc       gpr[3]
#define __reg_sp       gpr[1]
#define __reg_ip       nip
#define __reg_sysparm1 orig_gpr3

#elif defined(__TARGET_ARCH_mips)

/* Arguments 5 to 8 are in registers in the 64-bit conventions only. */
#define __regs_type struct pt_regs
#define __reg_parm1 regs[4]
#define __reg_parm2 regs[5]
#define __reg_parm3 regs[6]
#define __reg_parm4 regs[7]
#define __reg_parm5 regs[8]
#define __reg_parm6 regs[9]
#define __reg_parm7 regs[10]
#define __reg_parm8 regs[11]
#define __reg_ret   regs[31]
#define __reg_fp    regs[30]
#define __reg_rc    regs[2]
#define __reg_sp    regs[29]
#define __reg_ip    cp0_epc

#elif defined(__TARGET_ARCH_loongarch)

struct pt_regs___loongarch {
	unsigned long orig_a0;
} __attribute__((preserve_access_index));

#define __regs_type        struct user_pt_regs
#define __reg_parm1        regs[4]
#define __reg_parm2        regs[5]
#define __reg_parm3        regs[6]
#define __reg_parm4        regs[7]
#define __reg_parm5        regs[8]
#define __reg_parm6        regs[9]
#define __reg_parm7        regs[10]
#define __reg_parm8        regs[11]
#define __reg_ret          regs[1]
#define __reg_fp           regs[22]
#define __reg_rc           regs[4]
#define __reg_sp           regs[3]
#define __reg_ip           csr_era
#define __syscall_parm1(x) BPF_CORE_READ((const struct pt_regs___loongarch *)(x), orig_a0)

#elif defined(__TARGET_ARCH_sparc)

/* u_regs: 8 global, then 8 "in" registers; 14 is the frame pointer, 15 the return address. */
#define __regs_type struct pt_regs
#define __reg_parm1 u_regs[8]
#define __reg_parm2 u_regs[9]
#define __reg_parm3 u_regs[10]
#define __reg_parm4 u_regs[11]
#define __reg_parm5 u_regs[12]
#define __reg_parm6 u_regs[13]
#define __reg_ret   u_regs[15]
#define __reg_fp    u_regs[14]
#define __reg_rc    u_regs[8]
#define __reg_sp    u_regs[14]
#define __reg_ip    tpc

#elif defined(__TARGET_ARCH_arc)

#define __regs_type struct user_regs_struct
#define __reg_parm1 scratch.r0
#define __reg_parm2 scratch.r1
#define __reg_parm3 scratch.r2
#define __reg_parm4 scratch.r3
#define __reg_parm5 scratch.r4
#define __reg_parm6 scratch.r5
#define __reg_parm7 scratch.r6
#define __reg_parm8 scratch.r7
#define __reg_ret   scratch.blink
#define __reg_fp    scratch.fp
#define __reg_rc    scratch.r0
#define __reg_sp    scratch.sp
#define __reg_ip    scratch.ret

#else
#define __regs_unknown
#endif

/* Defaults: an argument that is not passed in a register is a compile-time error, and system calls
 * use the registers of functions. */
#ifndef __reg_parm5
#define __reg_parm5 this_argument_is_not_in_a_register
#endif
#ifndef __reg_parm6
#define __reg_parm6 this_argument_is_not_in_a_register
#endif
#ifndef __reg_parm7
#define __reg_parm7 this_argument_is_not_in_a_register
#endif
#ifndef __reg_parm8
#define __reg_parm8 this_argument_is_not_in_a_register
#endif
#ifndef __reg_sysparm1
#define __reg_sysparm1 __reg_parm1
#endif
#ifndef __reg_sysparm2
#define __reg_sysparm2 __reg_parm2
#endif
#ifndef __reg_sysparm3
#define __reg_sysparm3 __reg_parm3
#endif
#ifndef __reg_sysparm4
#define __reg_sysparm4 __reg_parm4
#endif
#ifndef __reg_sysparm5
#define __reg_sysparm5 __reg_parm5
#endif
#ifndef __reg_sysparm6
#define __reg_sysparm6 __reg_parm6
#endif
#ifndef __reg_sysparm7
#define __reg_sysparm7 __reg_parm7
#endif

struct pt_regs;

#ifndef __regs_unknown

/* `ctx->reg`, and the same by BPF_CORE_READ for a pt_regs that is not the context. As wide as a BPF
 * pointer, even if the register is not. */
#define __regs(x)           ((const __regs_type *)(x))
#define __regs_get(x, reg)  ((unsigned long)__regs(x)->reg)
#define __regs_core(x, reg) ((unsigned long)BPF_CORE_READ(__regs(x), reg))

#ifdef __syscall_parm1
#define PT_REGS_PARM1_SYSCALL(x)      __syscall_parm1(x)
#define PT_REGS_PARM1_CORE_SYSCALL(x) __syscall_parm1(x)
#else
#define PT_REGS_PARM1_SYSCALL(x)      __regs_get(x, __reg_sysparm1)
#define PT_REGS_PARM1_CORE_SYSCALL(x) __regs_core(x, __reg_sysparm1)
#endif

#else

/* No architecture: an error only if a register is used. */
#define __regs_missing                                                                             \
	({                                                                                         \
		_Static_assert(0, "PT_REGS_... needs -D__TARGET_ARCH_x86, _arm64, _arm, ...");     \
		0ul;                                                                               \
	})
#define __regs_get(x, reg)            __regs_missing
#define __regs_core(x, reg)           __regs_missing
#define PT_REGS_PARM1_SYSCALL(x)      __regs_missing
#define PT_REGS_PARM1_CORE_SYSCALL(x) __regs_missing

#endif

/* Argument n of the probed function. */
#define PT_REGS_PARM1(x) __regs_get(x, __reg_parm1)
#define PT_REGS_PARM2(x) __regs_get(x, __reg_parm2)
#define PT_REGS_PARM3(x) __regs_get(x, __reg_parm3)
#define PT_REGS_PARM4(x) __regs_get(x, __reg_parm4)
#define PT_REGS_PARM5(x) __regs_get(x, __reg_parm5)
#define PT_REGS_PARM6(x) __regs_get(x, __reg_parm6)
#define PT_REGS_PARM7(x) __regs_get(x, __reg_parm7)
#define PT_REGS_PARM8(x) __regs_get(x, __reg_parm8)
/* Return address, frame pointer, return value, stack pointer, instruction pointer. */
#define PT_REGS_RET(x) __regs_get(x, __reg_ret)
#define PT_REGS_FP(x)  __regs_get(x, __reg_fp)
#define PT_REGS_RC(x)  __regs_get(x, __reg_rc)
#define PT_REGS_SP(x)  __regs_get(x, __reg_sp)
#define PT_REGS_IP(x)  __regs_get(x, __reg_ip)
/* Argument n of a system call, from the registers of user space (PT_REGS_SYSCALL_REGS). */
#define PT_REGS_PARM2_SYSCALL(x) __regs_get(x, __reg_sysparm2)
#define PT_REGS_PARM3_SYSCALL(x) __regs_get(x, __reg_sysparm3)
#define PT_REGS_PARM4_SYSCALL(x) __regs_get(x, __reg_sysparm4)
#define PT_REGS_PARM5_SYSCALL(x) __regs_get(x, __reg_sysparm5)
#define PT_REGS_PARM6_SYSCALL(x) __regs_get(x, __reg_sysparm6)
#define PT_REGS_PARM7_SYSCALL(x) __regs_get(x, __reg_sysparm7)

/* The same for registers that cannot be accessed directly. */
#define PT_REGS_PARM1_CORE(x)         __regs_core(x, __reg_parm1)
#define PT_REGS_PARM2_CORE(x)         __regs_core(x, __reg_parm2)
#define PT_REGS_PARM3_CORE(x)         __regs_core(x, __reg_parm3)
#define PT_REGS_PARM4_CORE(x)         __regs_core(x, __reg_parm4)
#define PT_REGS_PARM5_CORE(x)         __regs_core(x, __reg_parm5)
#define PT_REGS_PARM6_CORE(x)         __regs_core(x, __reg_parm6)
#define PT_REGS_PARM7_CORE(x)         __regs_core(x, __reg_parm7)
#define PT_REGS_PARM8_CORE(x)         __regs_core(x, __reg_parm8)
#define PT_REGS_RET_CORE(x)           __regs_core(x, __reg_ret)
#define PT_REGS_FP_CORE(x)            __regs_core(x, __reg_fp)
#define PT_REGS_RC_CORE(x)            __regs_core(x, __reg_rc)
#define PT_REGS_SP_CORE(x)            __regs_core(x, __reg_sp)
#define PT_REGS_IP_CORE(x)            __regs_core(x, __reg_ip)
#define PT_REGS_PARM2_CORE_SYSCALL(x) __regs_core(x, __reg_sysparm2)
#define PT_REGS_PARM3_CORE_SYSCALL(x) __regs_core(x, __reg_sysparm3)
#define PT_REGS_PARM4_CORE_SYSCALL(x) __regs_core(x, __reg_sysparm4)
#define PT_REGS_PARM5_CORE_SYSCALL(x) __regs_core(x, __reg_sysparm5)
#define PT_REGS_PARM6_CORE_SYSCALL(x) __regs_core(x, __reg_sysparm6)
#define PT_REGS_PARM7_CORE_SYSCALL(x) __regs_core(x, __reg_sysparm7)

/* Most 64-bit kernels wrap system calls: the *first argument* of __x64_sys_openat is a pointer to
 * the registers of user space. */
#define PT_REGS_SYSCALL_REGS(ctx) ((struct pt_regs *)PT_REGS_PARM1(ctx))

/* Stores the caller of the probed function in `ip`, for a kprobe or kretprobe. The return address is
 * on the stack on x86, in a register elsewhere. */
#if defined(__TARGET_ARCH_x86)
#define BPF_KPROBE_READ_RET_IP(ip, ctx)                                                            \
	({ bpf_probe_read_kernel(&(ip), sizeof(ip), (void *)PT_REGS_RET(ctx)); })
#define BPF_KRETPROBE_READ_RET_IP(ip, ctx)                                                         \
	({ bpf_probe_read_kernel(&(ip), sizeof(ip), (void *)(PT_REGS_FP(ctx) + sizeof(ip))); })
#else
#define BPF_KPROBE_READ_RET_IP(ip, ctx)    ({ (ip) = PT_REGS_RET(ctx); })
#define BPF_KRETPROBE_READ_RET_IP(ip, ctx) BPF_KPROBE_READ_RET_IP(ip, ctx)
#endif

/* ---- Programs with named arguments ------------------------------------------------------------
 *
 *	SEC("fentry/tcp_sendmsg")
 *	int BPF_PROG(on_send, struct sock *sk, struct msghdr *msg, size_t size) { ... }
 *
 * defines two functions: one that the kernel calls with `ctx`, and an inlined one with the given
 * parameters and body, called by the first with values from ctx. The body can use `ctx` as well.
 * `arguments` below is the comma-separated list of these values.
 */
#define __named_arguments(name, ctx_type, arguments, args...)                                      \
	name(ctx_type *ctx);                                                                       \
	static __always_inline typeof(name((ctx_type *)0)) __body_of_##name(                       \
		ctx_type *ctx, ##args);                                                            \
	typeof(name((ctx_type *)0)) name(ctx_type *ctx)                                            \
	{                                                                                          \
		_Pragma("GCC diagnostic push");                                                    \
		_Pragma("GCC diagnostic ignored \"-Wint-conversion\"");                            \
		return __body_of_##name(arguments);                                                \
		_Pragma("GCC diagnostic pop");                                                     \
	}                                                                                          \
	static __always_inline typeof(name((ctx_type *)0)) __body_of_##name(ctx_type *ctx, ##args)

/* __slots_N: ctx and its first N 64-bit slots, converted to the types of the parameters. */
#define __slots_0  ctx
#define __slots_1  __slots_0, ctx[0]
#define __slots_2  __slots_1, ctx[1]
#define __slots_3  __slots_2, ctx[2]
#define __slots_4  __slots_3, ctx[3]
#define __slots_5  __slots_4, ctx[4]
#define __slots_6  __slots_5, ctx[5]
#define __slots_7  __slots_6, ctx[6]
#define __slots_8  __slots_7, ctx[7]
#define __slots_9  __slots_8, ctx[8]
#define __slots_10 __slots_9, ctx[9]
#define __slots_11 __slots_10, ctx[10]
#define __slots_12 __slots_11, ctx[11]

/* fentry, fexit (result last), lsm, tp_btf, raw_tp, fmod_ret, struct_ops; up to 12 arguments. */
#define BPF_PROG(name, args...)                                                                    \
	__named_arguments(name, unsigned long long, __args_family_outer(__slots_, ##args), ##args)

/* The same if arguments may be structs of up to 16 bytes, which occupy one or two slots. Types and
 * names are separated by commas: BPF_PROG2(f, struct pair, p, int, n). */
#define BPF_PROG2(name, args...)                                                                   \
	__named_arguments(name, unsigned long long,                                                \
		ctx __args_family_outer(__pairs_value_, ##args)(0, ##args),                        \
		__args_family_outer(__pairs_declare_, ##args)(args))

/* The value of type t at slot i. Converted through an integer of its size, which is the right half
 * of the slot in either byte order. */
#define __slot_value(t, i)                                                                         \
	({                                                                                         \
		union {                                                                            \
			__u8 u8;                                                                   \
			__u16 u16;                                                                 \
			__u32 u32;                                                                 \
			unsigned long long u64[2];                                                 \
			t value;                                                                   \
		} slot_;                                                                           \
		_Static_assert(sizeof(t) <= 16, "an argument has 16 bytes at most");               \
		if (sizeof(t) == 1) {                                                              \
			slot_.u8 = ctx[i];                                                         \
		} else if (sizeof(t) == 2) {                                                       \
			slot_.u16 = ctx[i];                                                        \
		} else if (sizeof(t) <= 4) {                                                       \
			slot_.u32 = ctx[i];                                                        \
		} else {                                                                           \
			slot_.u64[0] = ctx[i];                                                     \
			if (sizeof(t) > 8)                                                         \
				slot_.u64[1] = ctx[(i) + 1];                                       \
		}                                                                                  \
		slot_.value;                                                                       \
	})
#define __slot_after(t, i) ((i) + (sizeof(t) > 8 ? 2 : 1))

/* __pairs_value_N: a comma and the value of each of the N / 2 pairs; i is the next slot. */
#define __pairs_value_2(i, t, x) , __slot_value(t, i)
#define __pairs_value_4(i, t, x, args...)                                                          \
	__pairs_value_2(i, t, x) __pairs_value_2(__slot_after(t, i), args)
#define __pairs_value_6(i, t, x, args...)                                                          \
	__pairs_value_2(i, t, x) __pairs_value_4(__slot_after(t, i), args)
#define __pairs_value_8(i, t, x, args...)                                                          \
	__pairs_value_2(i, t, x) __pairs_value_6(__slot_after(t, i), args)
#define __pairs_value_10(i, t, x, args...)                                                         \
	__pairs_value_2(i, t, x) __pairs_value_8(__slot_after(t, i), args)
#define __pairs_value_12(i, t, x, args...)                                                         \
	__pairs_value_2(i, t, x) __pairs_value_10(__slot_after(t, i), args)
#define __pairs_value_14(i, t, x, args...)                                                         \
	__pairs_value_2(i, t, x) __pairs_value_12(__slot_after(t, i), args)
#define __pairs_value_16(i, t, x, args...)                                                         \
	__pairs_value_2(i, t, x) __pairs_value_14(__slot_after(t, i), args)
#define __pairs_value_18(i, t, x, args...)                                                         \
	__pairs_value_2(i, t, x) __pairs_value_16(__slot_after(t, i), args)
#define __pairs_value_20(i, t, x, args...)                                                         \
	__pairs_value_2(i, t, x) __pairs_value_18(__slot_after(t, i), args)
#define __pairs_value_22(i, t, x, args...)                                                         \
	__pairs_value_2(i, t, x) __pairs_value_20(__slot_after(t, i), args)
#define __pairs_value_24(i, t, x, args...)                                                         \
	__pairs_value_2(i, t, x) __pairs_value_22(__slot_after(t, i), args)

/* __pairs_declare_N: the pairs as parameters. */
#define __pairs_declare_2(t, x)           t x
#define __pairs_declare_4(t, x, args...)  t x, __pairs_declare_2(args)
#define __pairs_declare_6(t, x, args...)  t x, __pairs_declare_4(args)
#define __pairs_declare_8(t, x, args...)  t x, __pairs_declare_6(args)
#define __pairs_declare_10(t, x, args...) t x, __pairs_declare_8(args)
#define __pairs_declare_12(t, x, args...) t x, __pairs_declare_10(args)
#define __pairs_declare_14(t, x, args...) t x, __pairs_declare_12(args)
#define __pairs_declare_16(t, x, args...) t x, __pairs_declare_14(args)
#define __pairs_declare_18(t, x, args...) t x, __pairs_declare_16(args)
#define __pairs_declare_20(t, x, args...) t x, __pairs_declare_18(args)
#define __pairs_declare_22(t, x, args...) t x, __pairs_declare_20(args)
#define __pairs_declare_24(t, x, args...) t x, __pairs_declare_22(args)

/* kprobe and uprobe: arguments 1 to 8 from their registers. */
#define __parms_0 ctx
#define __parms_1 __parms_0, PT_REGS_PARM1(ctx)
#define __parms_2 __parms_1, PT_REGS_PARM2(ctx)
#define __parms_3 __parms_2, PT_REGS_PARM3(ctx)
#define __parms_4 __parms_3, PT_REGS_PARM4(ctx)
#define __parms_5 __parms_4, PT_REGS_PARM5(ctx)
#define __parms_6 __parms_5, PT_REGS_PARM6(ctx)
#define __parms_7 __parms_6, PT_REGS_PARM7(ctx)
#define __parms_8 __parms_7, PT_REGS_PARM8(ctx)

#define BPF_KPROBE(name, args...)                                                                  \
	__named_arguments(name, struct pt_regs, __args_family_outer(__parms_, ##args), ##args)
#define BPF_UPROBE(name, args...) BPF_KPROBE(name, ##args)

/* kretprobe and uretprobe: the return value as the only argument, or none. */
#define __result_0 ctx
#define __result_1 ctx, PT_REGS_RC(ctx)
#define BPF_KRETPROBE(name, args...)                                                               \
	__named_arguments(name, struct pt_regs, __args_family_outer(__result_, ##args), ##args)
#define BPF_URETPROBE(name, args...) BPF_KRETPROBE(name, ##args)

/* ksyscall: the arguments of a system call. The loader sets this constant according to whether the
 * kernel wraps system calls. */
extern _Bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;

#define __wrapped_0 ctx
#define __wrapped_1 __wrapped_0, PT_REGS_PARM1_CORE_SYSCALL(user_)
#define __wrapped_2 __wrapped_1, PT_REGS_PARM2_CORE_SYSCALL(user_)
#define __wrapped_3 __wrapped_2, PT_REGS_PARM3_CORE_SYSCALL(user_)
#define __wrapped_4 __wrapped_3, PT_REGS_PARM4_CORE_SYSCALL(user_)
#define __wrapped_5 __wrapped_4, PT_REGS_PARM5_CORE_SYSCALL(user_)
#define __wrapped_6 __wrapped_5, PT_REGS_PARM6_CORE_SYSCALL(user_)
#define __wrapped_7 __wrapped_6, PT_REGS_PARM7_CORE_SYSCALL(user_)

#define __unwrapped_0 ctx
#define __unwrapped_1 __unwrapped_0, PT_REGS_PARM1_SYSCALL(ctx)
#define __unwrapped_2 __unwrapped_1, PT_REGS_PARM2_SYSCALL(ctx)
#define __unwrapped_3 __unwrapped_2, PT_REGS_PARM3_SYSCALL(ctx)
#define __unwrapped_4 __unwrapped_3, PT_REGS_PARM4_SYSCALL(ctx)
#define __unwrapped_5 __unwrapped_4, PT_REGS_PARM5_SYSCALL(ctx)
#define __unwrapped_6 __unwrapped_5, PT_REGS_PARM6_SYSCALL(ctx)
#define __unwrapped_7 __unwrapped_6, PT_REGS_PARM7_SYSCALL(ctx)

#define BPF_KSYSCALL(name, args...)                                                                \
	name(struct pt_regs *ctx);                                                                 \
	extern _Bool LINUX_HAS_SYSCALL_WRAPPER __kconfig;                                          \
	static __always_inline typeof(name((struct pt_regs *)0)) __body_of_##name(                 \
		struct pt_regs *ctx, ##args);                                                      \
	typeof(name((struct pt_regs *)0)) name(struct pt_regs *ctx)                                \
	{                                                                                          \
		struct pt_regs *user_ __attribute__((unused)) =                                    \
			LINUX_HAS_SYSCALL_WRAPPER ? PT_REGS_SYSCALL_REGS(ctx) : ctx;               \
		_Pragma("GCC diagnostic push");                                                    \
		_Pragma("GCC diagnostic ignored \"-Wint-conversion\"");                            \
		if (LINUX_HAS_SYSCALL_WRAPPER)                                                     \
			return __body_of_##name(__args_family_outer(__wrapped_, ##args));          \
		return __body_of_##name(__args_family_outer(__unwrapped_, ##args));                \
		_Pragma("GCC diagnostic pop");                                                     \
	}                                                                                          \
	static __always_inline typeof(name((struct pt_regs *)0)) __body_of_##name(                 \
		struct pt_regs *ctx, ##args)

/* The older name. */
#define BPF_KPROBE_SYSCALL BPF_KSYSCALL
