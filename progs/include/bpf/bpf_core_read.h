/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * CO-RE (compile once, run everywhere): testing and reading fields whose offset differs between
 * kernels.
 *
 * Each macro expands to a compiler builtin that emits a constant *and* a CO-RE relocation in
 * .BTF.ext, which records how the constant was computed. The loader recomputes it from the kernel's
 * BTF and patches the instruction.
 *
 * A field is written as `ptr->a.b[2]`, or, where a macro takes two arguments, as `type, a.b[2]`.
 */
#pragma once

#include <bpf/bpf_helpers.h>

/* Arguments of the builtins, which are stored in the relocation records. */
enum bpf_field_info_kind {
	BPF_FIELD_BYTE_OFFSET = 0,
	BPF_FIELD_BYTE_SIZE = 1,
	BPF_FIELD_EXISTS = 2,
	BPF_FIELD_SIGNED = 3,
	BPF_FIELD_LSHIFT_U64 = 4,
	BPF_FIELD_RSHIFT_U64 = 5,
};

enum bpf_type_id_kind {
	BPF_TYPE_ID_LOCAL = 0,
	BPF_TYPE_ID_TARGET = 1,
};

enum bpf_type_info_kind {
	BPF_TYPE_EXISTS = 0,
	BPF_TYPE_SIZE = 1,
	BPF_TYPE_MATCHES = 2,
};

enum bpf_enum_value_kind {
	BPF_ENUMVAL_EXISTS = 0,
	BPF_ENUMVAL_VALUE = 1,
};

/* ---- Fields -----------------------------------------------------------------------------------
 */

#define __core_field(field, kind) __builtin_preserve_field_info(field, kind)
/* `ptr->field` as given, or `type, field` through a null pointer that is never dereferenced. */
#define __core_field_of1(field)       (field)
#define __core_field_of2(type, field) (((typeof(type) *)0)->field)
#define __core_field_of(args...)      __args_family(__core_field_of, args)(args)

/* 1 if the kernel's type has this field, else 0; a branch on 0 is dead code to the verifier. */
#define bpf_core_field_exists(field...) __core_field(__core_field_of(field), BPF_FIELD_EXISTS)
/* Size of the field in bytes. */
#define bpf_core_field_size(field...) __core_field(__core_field_of(field), BPF_FIELD_BYTE_SIZE)
/* Offset of the field in bytes. */
#define bpf_core_field_offset(field...) __core_field(__core_field_of(field), BPF_FIELD_BYTE_OFFSET)

/* ---- Types and enumerators --------------------------------------------------------------------
 *
 * These look up the kernel's type by name; the result is 0 if there is none.
 */

/* The builtins require an expression of the type; it is never evaluated. */
#define __core_typed(type) (*(typeof(type) *)0)

/* BTF id of the type in this object, or in the kernel. */
#define bpf_core_type_id_local(type)  __builtin_btf_type_id(__core_typed(type), BPF_TYPE_ID_LOCAL)
#define bpf_core_type_id_kernel(type) __builtin_btf_type_id(__core_typed(type), BPF_TYPE_ID_TARGET)
/* 1 if the kernel has the type; 1 if in addition all members here match the kernel's (clang 15). */
#define bpf_core_type_exists(type) __builtin_preserve_type_info(__core_typed(type), BPF_TYPE_EXISTS)
#define bpf_core_type_matches(type)                                                                \
	__builtin_preserve_type_info(__core_typed(type), BPF_TYPE_MATCHES)
/* Size of the type in bytes. */
#define bpf_core_type_size(type) __builtin_preserve_type_info(__core_typed(type), BPF_TYPE_SIZE)

/* Existence and value of an enumerator of the type. (The builtin requires the bare name after the
 * cast, hence no parentheses.) */
#define __core_enumerator(type, value, kind)                                                       \
	__builtin_preserve_enum_value(*(typeof(type) *)value, kind)
#define bpf_core_enum_value_exists(type, value) __core_enumerator(type, value, BPF_ENUMVAL_EXISTS)
#define bpf_core_enum_value(type, value)        __core_enumerator(type, value, BPF_ENUMVAL_VALUE)

/* A kernel pointer cast to another type, which programs with BTF contexts can dereference directly
 * (Linux 6.2). */
extern void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __weak __ksym;
#define bpf_core_cast(ptr, type)                                                                   \
	((typeof(type) *)bpf_rdonly_cast((ptr), bpf_core_type_id_kernel(type)))

/* ---- Reading ----------------------------------------------------------------------------------
 *
 * bpf_core_read(&dst, sizeof(dst), &ptr->field): bpf_probe_read_kernel() from a relocated address.
 * Returns 0, or a negative error and dst zeroed. _str: for strings, returns the length including the
 * NUL. _user: the same from a user-space address, for types that the *kernel* defines.
 */

#define __core_read_by(helper, dst, size, src)                                                     \
	helper(dst, size, (const void *)__builtin_preserve_access_index(src))

#define bpf_core_read(dst, sz, src)          __core_read_by(bpf_probe_read_kernel, dst, sz, src)
#define bpf_core_read_str(dst, sz, src)      __core_read_by(bpf_probe_read_kernel_str, dst, sz, src)
#define bpf_core_read_user(dst, sz, src)     __core_read_by(bpf_probe_read_user, dst, sz, src)
#define bpf_core_read_user_str(dst, sz, src) __core_read_by(bpf_probe_read_user_str, dst, sz, src)

/*
 * Chains: BPF_CORE_READ(task, real_parent, cred, uid.val) reads task->real_parent->cred->uid.val in
 * a program that cannot dereference pointers, such as a kprobe: each arrow is one
 * bpf_probe_read_kernel(). A step may contain dots and indices, as long as they stay within the
 * struct pointed to. Up to 10 steps. If a read fails, the rest reads from address 0 and the result
 * is zero.
 *
 * Pointers and longs are read as 8 bytes, their size in BPF. On a 32-bit kernel the upper half of an
 * address is ignored, so chains work; a pointer or long as the *result* does not.
 */

/* One arrow: the value of from->step. */
#define __core_hop(read, from, step)                                                               \
	({                                                                                         \
		__auto_type __core_from = (from);                                                  \
		typeof(__core_from->step) __core_to;                                               \
		read((void *)&__core_to, sizeof(__core_to), &__core_from->step);                   \
		__core_to;                                                                         \
	})

/* __core_base_N: follows all of N steps but the last. */
#define __core_base_1(read, s, a)          (s)
#define __core_base_2(read, s, a, b)       __core_hop(read, s, a)
#define __core_base_3(read, s, a, b, c)    __core_hop(read, __core_base_2(read, s, a, b), b)
#define __core_base_4(read, s, a, b, c, d) __core_hop(read, __core_base_3(read, s, a, b, c), c)
#define __core_base_5(read, s, a, b, c, d, e)                                                      \
	__core_hop(read, __core_base_4(read, s, a, b, c, d), d)
#define __core_base_6(read, s, a, b, c, d, e, f)                                                   \
	__core_hop(read, __core_base_5(read, s, a, b, c, d, e), e)
#define __core_base_7(read, s, a, b, c, d, e, f, g)                                                \
	__core_hop(read, __core_base_6(read, s, a, b, c, d, e, f), f)
#define __core_base_8(read, s, a, b, c, d, e, f, g, h)                                             \
	__core_hop(read, __core_base_7(read, s, a, b, c, d, e, f, g), g)
#define __core_base_9(read, s, a, b, c, d, e, f, g, h, i)                                          \
	__core_hop(read, __core_base_8(read, s, a, b, c, d, e, f, g, h), h)
#define __core_base_10(read, s, a, b, c, d, e, f, g, h, i, j)                                      \
	__core_hop(read, __core_base_9(read, s, a, b, c, d, e, f, g, h, i), i)
#define __core_base(read, s, steps...) __args_family(__core_base_, steps)(read, s, steps)

/* The last of N steps. */
#define __core_last_1(a)                             a
#define __core_last_2(a, b)                          b
#define __core_last_3(a, b, c)                       c
#define __core_last_4(a, b, c, d)                    d
#define __core_last_5(a, b, c, d, e)                 e
#define __core_last_6(a, b, c, d, e, f)              f
#define __core_last_7(a, b, c, d, e, f, g)           g
#define __core_last_8(a, b, c, d, e, f, g, h)        h
#define __core_last_9(a, b, c, d, e, f, g, h, i)     i
#define __core_last_10(a, b, c, d, e, f, g, h, i, j) j
#define __core_last(steps...)                        __args_family(__core_last_, steps)(steps)

/* The value at the end of the chain. */
#define __core_value(read, src, steps...)                                                          \
	__core_hop(read, __core_base(read, src, steps), __core_last(steps))
/* The same into *dst, sizeof(*dst) bytes; returns the result of the last read. */
#define __core_into(last_read, read, dst, src, steps...)                                           \
	({                                                                                         \
		__auto_type __core_end = __core_base(read, src, steps);                            \
		last_read(dst, sizeof(*(dst)), &__core_end->__core_last(steps));                   \
	})

/* Kernel memory. _STR_INTO: the last step is an array of char, *dst too. */
#define BPF_CORE_READ(src, steps...) __core_value(bpf_core_read, src, steps)
#define BPF_CORE_READ_INTO(dst, src, steps...)                                                     \
	__core_into(bpf_core_read, bpf_core_read, dst, src, steps)
#define BPF_CORE_READ_STR_INTO(dst, src, steps...)                                                 \
	__core_into(bpf_core_read_str, bpf_core_read, dst, src, steps)

/* User memory, of types that the kernel defines (struct open_how, sockaddr_in, ...). */
#define BPF_CORE_READ_USER(src, steps...) __core_value(bpf_core_read_user, src, steps)
#define BPF_CORE_READ_USER_INTO(dst, src, steps...)                                                \
	__core_into(bpf_core_read_user, bpf_core_read_user, dst, src, steps)
#define BPF_CORE_READ_USER_STR_INTO(dst, src, steps...)                                            \
	__core_into(bpf_core_read_user_str, bpf_core_read_user, dst, src, steps)

/* The same without relocations, for types whose layout is fixed. */
#define BPF_PROBE_READ(src, steps...) __core_value(bpf_probe_read_kernel, src, steps)
#define BPF_PROBE_READ_INTO(dst, src, steps...)                                                    \
	__core_into(bpf_probe_read_kernel, bpf_probe_read_kernel, dst, src, steps)
#define BPF_PROBE_READ_STR_INTO(dst, src, steps...)                                                \
	__core_into(bpf_probe_read_kernel_str, bpf_probe_read_kernel, dst, src, steps)
#define BPF_PROBE_READ_USER(src, steps...) __core_value(bpf_probe_read_user, src, steps)
#define BPF_PROBE_READ_USER_INTO(dst, src, steps...)                                               \
	__core_into(bpf_probe_read_user, bpf_probe_read_user, dst, src, steps)
#define BPF_PROBE_READ_USER_STR_INTO(dst, src, steps...)                                           \
	__core_into(bpf_probe_read_user_str, bpf_probe_read_user, dst, src, steps)

/* ---- Bit-fields -------------------------------------------------------------------------------
 *
 * The position of a bit-field in its unit of 1, 2, 4 or 8 bytes differs between kernels. So the unit
 * is loaded into 64 bits, shifted left to remove the bits above the field, and right to remove those
 * below. Offset, size, signedness and shifts are five relocations.
 */

/* The address of the unit. The barrier keeps the compiler from folding offsets that the loader could
 * not relocate. */
#define __core_unit(s, field)                                                                      \
	({                                                                                         \
		void *__core_at = (void *)(s) + __core_field((s)->field, BPF_FIELD_BYTE_OFFSET);   \
		asm volatile("" : "+r"(__core_at));                                                \
		__core_at;                                                                         \
	})

#define __core_extract(s, field, unit)                                                             \
	({                                                                                         \
		unsigned long long __core_bits =                                                   \
			(unit) << __core_field((s)->field, BPF_FIELD_LSHIFT_U64);                  \
		if (__core_field((s)->field, BPF_FIELD_SIGNED))                                    \
			__core_bits = (unsigned long long)((long long)__core_bits >>               \
							   __core_field((s)->field,                \
								   BPF_FIELD_RSHIFT_U64));         \
		else                                                                               \
			__core_bits >>= __core_field((s)->field, BPF_FIELD_RSHIFT_U64);            \
		__core_bits;                                                                       \
	})

/* The position of `size` bytes in 64 bits at which they are the low ones. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define __core_low_bytes(var, size) ((void *)&(var))
#else
#define __core_low_bytes(var, size) ((void *)&(var) + 8 - (size))
#endif

/* s->field by bpf_probe_read_kernel(), for kprobes and tracepoints. The result has 64 bits. */
#define BPF_CORE_READ_BITFIELD_PROBED(s, field)                                                    \
	({                                                                                         \
		unsigned long long __core_word = 0;                                                \
		__u32 __core_size = __core_field((s)->field, BPF_FIELD_BYTE_SIZE);                 \
		bpf_probe_read_kernel(__core_low_bytes(__core_word, __core_size), __core_size,     \
			(const void *)(s) + __core_field((s)->field, BPF_FIELD_BYTE_OFFSET));      \
		__core_extract(s, field, __core_word);                                             \
	})

/* s->field by a load, for programs that may dereference s. */
#define BPF_CORE_READ_BITFIELD(s, field)                                                           \
	({                                                                                         \
		const void *__core_p = __core_unit(s, field);                                      \
		unsigned long long __core_word = 0;                                                \
		switch (__core_field((s)->field, BPF_FIELD_BYTE_SIZE)) {                           \
		case 1:                                                                            \
			__core_word = *(const unsigned char *)__core_p;                            \
			break;                                                                     \
		case 2:                                                                            \
			__core_word = *(const unsigned short *)__core_p;                           \
			break;                                                                     \
		case 4:                                                                            \
			__core_word = *(const unsigned int *)__core_p;                             \
			break;                                                                     \
		case 8:                                                                            \
			__core_word = *(const unsigned long long *)__core_p;                       \
			break;                                                                     \
		}                                                                                  \
		__core_extract(s, field, __core_word);                                             \
	})

/* s->field = value by a load and a store, for programs that may write *s. With left shift L and
 * right shift R, the field is 64 - R bits wide and starts at bit R - L. */
#define BPF_CORE_WRITE_BITFIELD(s, field, value)                                                   \
	({                                                                                         \
		void *__core_p = __core_unit(s, field);                                            \
		unsigned int __core_r = __core_field((s)->field, BPF_FIELD_RSHIFT_U64);            \
		unsigned int __core_l = __core_field((s)->field, BPF_FIELD_LSHIFT_U64);            \
		unsigned long long __core_mask = (~0ULL >> __core_r) << (__core_r - __core_l);     \
		unsigned long long __core_new = (unsigned long long)(value)                        \
		                                << (__core_r - __core_l);                          \
		switch (__core_field((s)->field, BPF_FIELD_BYTE_SIZE)) {                           \
		case 1:                                                                            \
			__core_store(unsigned char, __core_p, __core_mask, __core_new);            \
			break;                                                                     \
		case 2:                                                                            \
			__core_store(unsigned short, __core_p, __core_mask, __core_new);           \
			break;                                                                     \
		case 4:                                                                            \
			__core_store(unsigned int, __core_p, __core_mask, __core_new);             \
			break;                                                                     \
		case 8:                                                                            \
			__core_store(unsigned long long, __core_p, __core_mask, __core_new);       \
			break;                                                                     \
		}                                                                                  \
	})
#define __core_store(type, p, mask, bits)                                                          \
	(*(type *)(p) = (type)((*(type *)(p) & ~(mask)) | ((bits) & (mask))))
