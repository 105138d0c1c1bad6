/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * What every BPF program starts from: helper prototypes, section and attribute names, map
 * definitions, printing, loops. Include "vmlinux.h" or <linux/bpf.h> before.
 *
 * The names are the ones that programs written for libbpf use, so that those compile unchanged.
 */
#pragma once

#include <bpf/bpf_args.h>
/* Generated at build time by gen-helpers: all bpf_*() helper functions. */
#include <bpf/bpf_helper_defs.h>

/* ---- Map definitions -------------------------------------------------------------------------
 *
 * A map is a variable in section ".maps" whose *type* carries the facts; its value is never read.
 * The loader finds them in BTF: a number is the length of an array, a type is a pointer's target.
 */

/* A number: __uint(max_entries, 1024). */
#define __uint(name, val) int(*name)[val]
/* A type: __type(key, __u32). */
#define __type(name, val) typeof(val) *name
/* Initial contents by slot: __array(values, int (void *)) = { [0] = &prog }. */
#define __array(name, val) typeof(val) *name[]
/* A number beyond 32 bits, as an enumerator: __ulong(map_extra, 1ULL << 44). */
#define __ulong(name, val) enum { __args_paste(__unique_value, __COUNTER__) = val } name

/* Values for __uint(pinning, ...): not pinned, or pinned in bpffs under the map's own name. */
enum libbpf_pin_type {
	LIBBPF_PIN_NONE,
	LIBBPF_PIN_BY_NAME,
};

/* ---- Where things go --------------------------------------------------------------------------
 */

/* Places a function or variable into the ELF section `name`, even if nothing refers to it. */
#if __GNUC__ && !__clang__
#define SEC(name) __attribute__((section(name), used))
#else
#define SEC(name)                                                                                  \
	_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wignored-attributes\"")  \
		__attribute__((section(name), used)) _Pragma("GCC diagnostic pop")
#endif

/* Always or never a copy in the caller. The loader links non-inlined functions (BPF-to-BPF). */
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif
/* Gives way to a non-weak symbol of the same name; as an extern: may be missing (address 0). */
#ifndef __weak
#define __weak __attribute__((weak))
#endif
/* A global function that the verifier checks together with its callers, as if it were static. */
#define __hidden __attribute__((visibility("hidden")))

/* Externs that the loader resolves: kernel symbols and kfuncs; CONFIG_ options. */
#define __ksym    __attribute__((section(".ksyms")))
#define __kconfig __attribute__((section(".kconfig")))
/* A __kconfig extern of this type receives =n, =y or =m of an option. */
enum libbpf_tristate {
	TRI_NO = 0,
	TRI_YES = 1,
	TRI_MODULE = 2,
};
/* For comparison with `extern int LINUX_KERNEL_VERSION __kconfig`. */
#ifndef KERNEL_VERSION
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#endif
/* True if the kernel has this weak __ksym; decided at load time. */
#define bpf_ksym_exists(sym)                                                                       \
	({                                                                                         \
		_Static_assert(!__builtin_constant_p(!!(sym)), #sym " is not declared __weak");    \
		!!(sym);                                                                           \
	})

/* Pointers to kernel objects inside map values: what the verifier may assume about them. */
#define __kptr_untrusted __attribute__((btf_type_tag("kptr_untrusted")))
#define __kptr           __attribute__((btf_type_tag("kptr")))
#define __kptr_ref       __kptr
#define __percpu_kptr    __attribute__((btf_type_tag("percpu_kptr")))
#define __uptr __attribute__((btf_type_tag("uptr")))

/* Parameters of global functions: what the verifier may assume inside and demands of callers. */
#define __arg_ctx       __attribute__((btf_decl_tag("arg:ctx")))
#define __arg_nonnull   __attribute__((btf_decl_tag("arg:nonnull")))
#define __arg_nullable  __attribute__((btf_decl_tag("arg:nullable")))
#define __arg_trusted   __attribute__((btf_decl_tag("arg:trusted")))
#define __arg_untrusted __attribute__((btf_decl_tag("arg:untrusted")))
#define __arg_arena     __attribute__((btf_decl_tag("arg:arena")))

/* ---- Talking the compiler out of things -------------------------------------------------------
 */

/* Memory may have changed: nothing is cached across this line. */
#ifndef barrier
#define barrier() asm volatile("" ::: "memory")
#endif
/* `var` may have changed: the compiler must use it from its register as it is. Helps where an
 * optimisation drops a check, or narrows a load, that the verifier or CO-RE needs to see. */
#ifndef barrier_var
#define barrier_var(var) asm volatile("" : "+r"(var))
#endif

/* Written with a field access rather than the builtin, so that CO-RE can correct the offset. */
#undef offsetof
#define offsetof(type, member) ((unsigned long)&((type *)0)->member)
/* The record that `ptr`, the address of its `member`, lies in. */
#undef container_of
#define container_of(ptr, type, member)                                                            \
	({                                                                                         \
		void *__member_at = (void *)(ptr);                                                 \
		(type *)(__member_at - offsetof(type, member));                                    \
	})

/* Stops the compilation if this place survives optimisation. */
#ifndef __bpf_unreachable
#define __bpf_unreachable() __builtin_trap()
#endif

/* A tail call whose slot is a compile-time constant. Written in assembly, for the kernel turns it
 * into a direct jump only if it sees the same map and slot on every path. */
#if (!defined(__clang__) || __clang_major__ >= 8) && defined(__bpf__)
static __always_inline void bpf_tail_call_static(void *ctx, const void *map, const __u32 slot)
{
	if (!__builtin_constant_p(slot))
		__bpf_unreachable();
	asm volatile("r1 = %[ctx]\n\t"
		     "r2 = %[map]\n\t"
		     "r3 = %[slot]\n\t"
		     "call 12"
		     :
		     : [ctx] "r"(ctx), [map] "r"(map), [slot] "i"(slot)
		     : "r0", "r1", "r2", "r3", "r4", "r5");
}
#endif

/* ---- Printing ---------------------------------------------------------------------------------
 *
 * The format is a constant in .rodata. With BPF_NO_GLOBAL_DATA it lies on the stack instead: for
 * kernels before 5.2, which have no .rodata maps.
 */

#ifdef BPF_NO_GLOBAL_DATA
#define __fmt_storage
#else
#define __fmt_storage static const
#endif

/* __fill_N: stores N arguments into an array of 64-bit slots, from slot i on. Assignments and no
 * initialiser list: a list of constants would become a data section of its own. */
#define __fill_0(p, i)
#define __fill_1(p, i, x)       p[i] = (unsigned long long)(x);
#define __fill_2(p, i, x, ...)  __fill_1(p, i, x) __fill_1(p, i + 1, __VA_ARGS__)
#define __fill_3(p, i, x, ...)  __fill_1(p, i, x) __fill_2(p, i + 1, __VA_ARGS__)
#define __fill_4(p, i, x, ...)  __fill_1(p, i, x) __fill_3(p, i + 1, __VA_ARGS__)
#define __fill_5(p, i, x, ...)  __fill_1(p, i, x) __fill_4(p, i + 1, __VA_ARGS__)
#define __fill_6(p, i, x, ...)  __fill_1(p, i, x) __fill_5(p, i + 1, __VA_ARGS__)
#define __fill_7(p, i, x, ...)  __fill_1(p, i, x) __fill_6(p, i + 1, __VA_ARGS__)
#define __fill_8(p, i, x, ...)  __fill_1(p, i, x) __fill_7(p, i + 1, __VA_ARGS__)
#define __fill_9(p, i, x, ...)  __fill_1(p, i, x) __fill_8(p, i + 1, __VA_ARGS__)
#define __fill_10(p, i, x, ...) __fill_1(p, i, x) __fill_9(p, i + 1, __VA_ARGS__)
#define __fill_11(p, i, x, ...) __fill_1(p, i, x) __fill_10(p, i + 1, __VA_ARGS__)
#define __fill_12(p, i, x, ...) __fill_1(p, i, x) __fill_11(p, i + 1, __VA_ARGS__)

/* Runs `call` with fmt_, fmt_size_, param_ and param_size_ naming the packed arguments. */
#define __with_packed_args(call, fmt, args...)                                                     \
	({                                                                                         \
		static const char fmt_[] = fmt;                                                    \
		unsigned long long param_[__args_count(args)];                                     \
		__args_family(__fill_, ##args)(param_, 0, ##args) call;                            \
	})

/* The helper takes three values after the format; from the fourth on it is the helper of
 * Linux 5.16, which takes an array. */
#define __printk_few(fmt, args...)                                                                 \
	({                                                                                         \
		__fmt_storage char fmt_[] = fmt;                                                   \
		bpf_trace_printk(fmt_, sizeof(fmt_), ##args);                                      \
	})
#define __printk_many(fmt, args...)                                                                \
	__with_packed_args(                                                                        \
		bpf_trace_vprintk(fmt_, sizeof(fmt_), param_, sizeof(param_)), fmt, ##args)
#define __printk_0  __printk_few
#define __printk_1  __printk_few
#define __printk_2  __printk_few
#define __printk_3  __printk_few
#define __printk_4  __printk_many
#define __printk_5  __printk_many
#define __printk_6  __printk_many
#define __printk_7  __printk_many
#define __printk_8  __printk_many
#define __printk_9  __printk_many
#define __printk_10 __printk_many
#define __printk_11 __printk_many
#define __printk_12 __printk_many

/* One line into the kernel's trace pipe (read it with `sonde trace`). No newline at the end: new
 * kernels add it. Up to 12 arguments; kernels before 5.16 take three. */
#define bpf_printk(fmt, args...) __args_family(__printk_, ##args)(fmt, ##args)

/* Prints into the text of an iterator (SEC("iter/...")). */
#define BPF_SEQ_PRINTF(seq, fmt, args...)                                                          \
	__with_packed_args(                                                                        \
		bpf_seq_printf(seq, fmt_, sizeof(fmt_), param_, sizeof(param_)), fmt, ##args)

/* Prints into a buffer; returns the length with the final zero byte, like the helper. */
#define BPF_SNPRINTF(out, out_size, fmt, args...)                                                  \
	__with_packed_args(bpf_snprintf(out, out_size, fmt_, param_, sizeof(param_)), fmt, ##args)

/* Prints into the program's own output stream (BPF_STDOUT 1, BPF_STDERR 2; Linux 6.17). */
#define bpf_stream_printk(stream_id, fmt, args...)                                                 \
	__with_packed_args(bpf_stream_vprintk(stream_id, fmt_, param_, sizeof(param_), (void *)0), \
		fmt, ##args)
extern int bpf_stream_vprintk(
	int stream_id, const char *fmt, const void *args, __u32 args_size, void *aux) __weak __ksym;

/* ---- Loops ------------------------------------------------------------------------------------
 *
 * Open-coded iterators (Linux 6.4): the verifier follows the body until nothing new turns up,
 * instead of once for every turn. Leaving the loop by break or return destroys the iterator.
 */

struct bpf_iter_num;
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __weak __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __weak __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __weak __ksym;

/* Declares the iterator of a for statement: made by `create`, destroyed with its scope. The
 * second variable only gives the call a place to stand; naming the destructor in an expression
 * makes the compiler keep its BTF. */
#define __iter_declare(type, create)                                                               \
	struct bpf_iter_##type it_                                                                 \
		__attribute__((aligned(8), cleanup(bpf_iter_##type##_destroy))),                   \
		*made_ __attribute__((unused)) =                                                   \
			(create, (void)bpf_iter_##type##_destroy, (void *)0)

/* For each item that the kernel's iterator bpf_iter_<type> yields; `cur` is a pointer. */
#define bpf_for_each(type, cur, args...)                                                           \
	for (__iter_declare(type, bpf_iter_##type##_new(&it_, ##args));                            \
		((cur) = bpf_iter_##type##_next(&it_));)

/* For i from start to end - 1. The bounds are tested again: the verifier doesn't know them. */
#define bpf_for(i, start, end)                                                                     \
	for (__iter_declare(num, bpf_iter_num_new(&it_, (start), (end))); ({                       \
		     int *turn_ = bpf_iter_num_next(&it_);                                         \
		     turn_ && ((i) = *turn_, (i) >= (start) && (i) < (end));                       \
	     });)

/* N times. */
#define bpf_repeat(N)                                                                              \
	for (__iter_declare(num, bpf_iter_num_new(&it_, 0, (N))); bpf_iter_num_next(&it_);)
