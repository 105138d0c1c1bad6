/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * The basics of BPF programs: helper prototypes, sections and attributes, map definitions, printing,
 * loops. Include "vmlinux.h" or <linux/bpf.h> first.
 *
 * All names are those of libbpf's headers, so programs written for those compile unchanged.
 */
#pragma once

#include <bpf/bpf_args.h>
/* All helpers, generated at build time by gen-helpers. */
#include <bpf/bpf_helper_defs.h>

/* ---- Map definitions -------------------------------------------------------------------------
 *
 * A map is a variable in section ".maps" whose *type* encodes the definition; its value is ignored.
 * The loader reads the type from BTF: a number is the length of an array, a type is the target of a
 * pointer.
 */

/* A number: __uint(max_entries, 1024). */
#define __uint(name, val) int(*name)[val]
/* A type: __type(key, __u32). */
#define __type(name, val) typeof(val) *name
/* Initial contents by index: __array(values, int (void *)) = { [0] = &prog }. */
#define __array(name, val) typeof(val) *name[]
/* A number of more than 32 bits, as an enumerator: __ulong(map_extra, 1ULL << 44). */
#define __ulong(name, val) enum { __args_paste(__unique_value, __COUNTER__) = val } name

/* Values of __uint(pinning, ...): not pinned, or pinned in bpffs under the name of the map. */
enum libbpf_pin_type {
	LIBBPF_PIN_NONE,
	LIBBPF_PIN_BY_NAME,
};

/* ---- Sections and attributes ------------------------------------------------------------------
 */

/* Places a function or variable in ELF section `name`, even if nothing refers to it. */
#if __GNUC__ && !__clang__
#define SEC(name) __attribute__((section(name), used))
#else
#define SEC(name)                                                                                  \
	_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wignored-attributes\"")  \
		__attribute__((section(name), used)) _Pragma("GCC diagnostic pop")
#endif

/* Always or never inlined. The loader links functions that are not (BPF-to-BPF calls). */
#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif
/* Overridden by a non-weak symbol of the same name; an extern may be missing (address 0). */
#ifndef __weak
#define __weak __attribute__((weak))
#endif
/* A global function that is verified together with its callers, as if it were static. */
#define __hidden __attribute__((visibility("hidden")))

/* Externs resolved by the loader: kernel symbols and kfuncs; CONFIG_ options. */
#define __ksym    __attribute__((section(".ksyms")))
#define __kconfig __attribute__((section(".kconfig")))
/* The type of a __kconfig extern for an option that is n, y or m. */
enum libbpf_tristate {
	TRI_NO = 0,
	TRI_YES = 1,
	TRI_MODULE = 2,
};
/* Compared with `extern int LINUX_KERNEL_VERSION __kconfig`. */
#ifndef KERNEL_VERSION
#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#endif
/* True if the kernel has this weak __ksym; resolved at load time. */
#define bpf_ksym_exists(sym)                                                                       \
	({                                                                                         \
		_Static_assert(!__builtin_constant_p(!!(sym)), #sym " is not declared __weak");    \
		!!(sym);                                                                           \
	})

/* Pointers to kernel objects in map values: what the verifier may assume about them. */
#define __kptr_untrusted __attribute__((btf_type_tag("kptr_untrusted")))
#define __kptr           __attribute__((btf_type_tag("kptr")))
#define __kptr_ref       __kptr
#define __percpu_kptr    __attribute__((btf_type_tag("percpu_kptr")))
#define __uptr __attribute__((btf_type_tag("uptr")))

/* Parameters of global functions: assumed inside the function, required of callers. */
#define __arg_ctx       __attribute__((btf_decl_tag("arg:ctx")))
#define __arg_nonnull   __attribute__((btf_decl_tag("arg:nonnull")))
#define __arg_nullable  __attribute__((btf_decl_tag("arg:nullable")))
#define __arg_trusted   __attribute__((btf_decl_tag("arg:trusted")))
#define __arg_untrusted __attribute__((btf_decl_tag("arg:untrusted")))
#define __arg_arena     __attribute__((btf_decl_tag("arg:arena")))

/* ---- Barriers ---------------------------------------------------------------------------------
 */

/* Memory may have changed: no value is cached across this line. */
#ifndef barrier
#define barrier() asm volatile("" ::: "memory")
#endif
/* `var` may have changed: the compiler must use its register as it is. For places where an
 * optimisation would remove a check or narrow a load that the verifier or CO-RE requires. */
#ifndef barrier_var
#define barrier_var(var) asm volatile("" : "+r"(var))
#endif

/* A field access instead of the builtin, so that CO-RE can relocate the offset. */
#undef offsetof
#define offsetof(type, member) ((unsigned long)&((type *)0)->member)
/* The struct whose `member` is at address `ptr`. */
#undef container_of
#define container_of(ptr, type, member)                                                            \
	({                                                                                         \
		void *__member_at = (void *)(ptr);                                                 \
		(type *)(__member_at - offsetof(type, member));                                    \
	})

/* A compile-time error unless this place is optimised away. */
#ifndef __bpf_unreachable
#define __bpf_unreachable() __builtin_trap()
#endif

/* A tail call to a constant slot. In assembly, because the kernel emits a direct jump only if map
 * and slot are the same on every path. */
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
 * The format is a constant in .rodata or, with BPF_NO_GLOBAL_DATA, on the stack, for kernels before
 * 5.2, which do not support .rodata maps.
 */

#ifdef BPF_NO_GLOBAL_DATA
#define __fmt_storage
#else
#define __fmt_storage static const
#endif

/* __fill_N: stores N arguments in an array of 64-bit elements, from element i on. Assignments,
 * because an initialiser list of constants would create a data section. */
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

/* Evaluates `call` with the packed arguments in fmt_, fmt_size_, param_ and param_size_. */
#define __with_packed_args(call, fmt, args...)                                                     \
	({                                                                                         \
		static const char fmt_[] = fmt;                                                    \
		unsigned long long param_[__args_count(args)];                                     \
		__args_family(__fill_, ##args)(param_, 0, ##args) call;                            \
	})

/* bpf_trace_printk() takes up to three values. More require bpf_trace_vprintk() (Linux 5.16), which
 * takes an array. */
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

/* Prints a line to the kernel's trace pipe (see `sonde trace`). No newline at the end: newer kernels
 * add it. Up to 12 arguments, three before Linux 5.16. */
#define bpf_printk(fmt, args...) __args_family(__printk_, ##args)(fmt, ##args)

/* Prints to the output of an iterator (SEC("iter/...")). */
#define BPF_SEQ_PRINTF(seq, fmt, args...)                                                          \
	__with_packed_args(                                                                        \
		bpf_seq_printf(seq, fmt_, sizeof(fmt_), param_, sizeof(param_)), fmt, ##args)

/* Prints to a buffer; returns the length including the NUL, like the helper. */
#define BPF_SNPRINTF(out, out_size, fmt, args...)                                                  \
	__with_packed_args(bpf_snprintf(out, out_size, fmt_, param_, sizeof(param_)), fmt, ##args)

/* Prints to the program's own stream (BPF_STDOUT 1, BPF_STDERR 2; Linux 6.17). */
#define bpf_stream_printk(stream_id, fmt, args...)                                                 \
	__with_packed_args(bpf_stream_vprintk(stream_id, fmt_, param_, sizeof(param_)), fmt, ##args)
extern int bpf_stream_vprintk(
	int stream_id, const char *fmt, const void *args, __u32 args_size) __weak __ksym;

/* ---- Loops ------------------------------------------------------------------------------------
 *
 * Open-coded iterators (Linux 6.4): the verifier explores the body until states repeat, instead of
 * once per iteration. Leaving the loop by break or return destroys the iterator.
 */

struct bpf_iter_num;
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __weak __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __weak __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __weak __ksym;

/* Declares the iterator of a for statement: created by `create`, destroyed at the end of its scope.
 * The second variable only provides a place for the call; naming the destructor in an expression
 * makes the compiler emit its BTF. */
#define __iter_declare(type, create)                                                               \
	struct bpf_iter_##type it_                                                                 \
		__attribute__((aligned(8), cleanup(bpf_iter_##type##_destroy))),                   \
		*made_ __attribute__((unused)) =                                                   \
			(create, (void)bpf_iter_##type##_destroy, (void *)0)

/* For each item of the kernel's iterator bpf_iter_<type>; `cur` is a pointer to it. */
#define bpf_for_each(type, cur, args...)                                                           \
	for (__iter_declare(type, bpf_iter_##type##_new(&it_, ##args));                            \
		((cur) = bpf_iter_##type##_next(&it_));)

/* For i from start to end - 1. The bounds are tested again for the verifier. */
#define bpf_for(i, start, end)                                                                     \
	for (__iter_declare(num, bpf_iter_num_new(&it_, (start), (end))); ({                       \
		     int *turn_ = bpf_iter_num_next(&it_);                                         \
		     turn_ && ((i) = *turn_, (i) >= (start) && (i) < (end));                       \
	     });)

/* n times. */
#define bpf_repeat(N)                                                                              \
	for (__iter_declare(num, bpf_iter_num_new(&it_, 0, (N))); bpf_iter_num_next(&it_);)
