/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Writes a value into an instruction.
 *
 * The position depends on the instruction: imm of arithmetic with a constant, off of a load or store,
 * both imms of a 64-bit constant. The compiler stored the local value there; if it differs, record
 * and instruction do not belong together.
 *
 * If the size of a field differs between object and kernel, the width of a load or store is adjusted,
 * but only if zero extension preserves the value: for pointers (32-bit kernels) and unsigned
 * integers. Otherwise the instruction would read a wrong value and is poisoned.
 *
 * Poison is a call of a helper that does not exist. It replaces both slots of a 64-bit constant,
 * because the verifier would report a lone second slot as an unknown instruction.
 */
#include "core_impl.h"
#include "elf/base/insn.h"

static struct insn get(const uint8_t *insns, size_t i, bool big)
{
	return insn_get(insns + i * INSN_SIZE, big);
}

static void put(uint8_t *insns, size_t i, bool big, struct insn insn)
{
	insn_put(insns + i * INSN_SIZE, big, insn);
}

bool core_wide_get(const uint8_t *insns, size_t n, size_t idx, bool big, uint64_t *value)
{
	if (n < 2 || idx > n - 2)
		return false;
	struct insn low = get(insns, idx, big), high = get(insns, idx + 1, big);
	if (!insn_is_wide(low) || low.src || low.off || high.code || high.dst || high.src ||
		high.off)
		return false;
	*value = (uint64_t)(uint32_t)high.imm << 32 | (uint32_t)low.imm;
	return true;
}

static void poison(uint8_t *insns, size_t n, size_t idx, bool big)
{
	struct insn call = {.code = BPF_JMP | BPF_CALL, .imm = CORE_POISON};
	bool wide = insn_is_wide(get(insns, idx, big));
	put(insns, idx, big, call);
	if (wide && n - idx > 1)
		put(insns, idx + 1, big, call);
}

static bool unexpected(size_t idx, long long has, const struct core_value *local, struct err *e)
{
	return err_set(e,
		"instruction %zu contains %lld, but the value in the object's types is %lld: the "
		"object is inconsistent",
		idx, has, (long long)local->value);
}

static bool patch_alu(const struct core_value *local, uint64_t value, uint8_t *insns, size_t idx,
	bool big, struct err *e)
{
	struct insn i = get(insns, idx, big);
	int64_t v = (int64_t)value, most = insn_class(i) == BPF_ALU ? UINT32_MAX : INT32_MAX;
	if (i.code & BPF_X)
		return err_set(
			e, "instruction %zu has a register operand, expected a constant", idx);
	if (local->checked && (uint32_t)i.imm != (uint32_t)local->value)
		return unexpected(idx, i.imm, local, e);
	if (v < INT32_MIN || v > most)
		return err_set(e, "the value %lld does not fit into the 32 bits of instruction %zu",
			(long long)v, idx);
	i.imm = (int32_t)value;
	put(insns, idx, big, i);
	return true;
}

static bool is_unsigned_int(const struct btf_type *t)
{
	return t->kind == BTF_INT && !(btf_int_encoding(t) & BTF_INT_SIGNED);
}

/* What to do with a load or store of a field that has another size in the kernel. */
enum resize {
	KEEP,   /* nothing */
	RESIZE, /* change its size */
	EXTEND, /* the same, and extend the sign */
	CANNOT,
};

/*
 * clang reads only the lower bytes of a field if the others are not used; such a load can stay as it is if the
 * field of the kernel has them, too. A `long` has 4 bytes in a 32-bit kernel, and 8 in the object.
 */
static enum resize resize_of(const struct core_value *l, const struct btf *local,
	const struct core_value *t, const struct btf *target, struct insn i, bool big, bool extends)
{
	struct btf_type a, b;
	btf_type(local, l->type, &a);
	btf_type(target, t->type, &b);
	bool load = insn_class(i) == BPF_LDX && (i.code & 0xe0) == BPF_MEM;
	bool ints = a.kind == BTF_INT && b.kind == BTF_INT;
	if (l->size == t->size)
		return KEEP;
	if (!big && load && ints && insn_width(i) < l->size && insn_width(i) <= t->size)
		return KEEP;
	if ((a.kind == BTF_PTR && b.kind == BTF_PTR) ||
		(is_unsigned_int(&a) && is_unsigned_int(&b)))
		return RESIZE;
	return extends && load && ints && !is_unsigned_int(&a) && !is_unsigned_int(&b) &&
	                       t->size < l->size
	               ? EXTEND
	               : CANNOT;
}

/* The size bits of a load for a number of bytes, -1 if there is no such load. */
static int size_bits(uint32_t bytes)
{
	switch (bytes) {
	case 1:
		return BPF_B;
	case 2:
		return BPF_H;
	case 4:
		return BPF_W;
	case 8:
		return BPF_DW;
	default:
		return -1;
	}
}

static bool patch_load(const struct core_value *local, const struct core_value *target,
	uint8_t *insns, size_t idx, bool big, enum resize resize, struct err *e)
{
	struct insn i = get(insns, idx, big);
	if (local->checked && (i.off < 0 || (uint64_t)i.off != local->value))
		return unexpected(idx, i.off, local, e);
	if (target->value > INT16_MAX)
		return err_set(e, "the offset %llu exceeds %d, the limit of a load or store",
			(unsigned long long)target->value, INT16_MAX);
	i.off = (int16_t)target->value;
	if (resize != KEEP) {
		int bits = size_bits(target->size);
		if (insn_width(i) != local->size)
			return err_set(e,
				"instruction %zu accesses %u bytes of a field of %u bytes", idx,
				insn_width(i), local->size);
		if (bits < 0)
			return err_set(e, "there is no load of %u bytes, the size of the field",
				target->size);
		i.code = (uint8_t)((i.code & ~0x18) | bits);
		if (resize == EXTEND)
			i.code = (uint8_t)((i.code & ~0xe0) | BPF_MEMSX);
	}
	put(insns, idx, big, i);
	return true;
}

static bool patch_wide(const struct core_value *local, uint64_t value, uint8_t *insns, size_t n,
	size_t idx, bool big, struct err *e)
{
	uint64_t has;
	if (!core_wide_get(insns, n, idx, big, &has))
		return err_set(e, "instruction %zu is not a 64-bit constant", idx);
	if (local->checked && has != local->value)
		return unexpected(idx, (long long)has, local, e);
	struct insn low = get(insns, idx, big), high = get(insns, idx + 1, big);
	low.imm = (int32_t)(uint32_t)value;
	high.imm = (int32_t)(uint32_t)(value >> 32);
	put(insns, idx, big, low);
	put(insns, idx + 1, big, high);
	return true;
}

bool core_patch(const struct core_value *local, const struct core_value *target,
	const struct btf *local_btf, const struct btf *target_btf, uint8_t *insns, size_t n,
	size_t idx, bool big, bool extends, bool *resize_poison, struct err *e)
{
	enum resize resize;
	*resize_poison = false;
	if (idx >= n)
		return err_set(e, "instruction %zu is out of range, there are %zu", idx, n);
	if (target->poison) {
		poison(insns, n, idx, big);
		return true;
	}
	struct insn insn = get(insns, idx, big);
	switch (insn_class(insn)) {
	case BPF_ALU:
	case BPF_ALU64:
		return patch_alu(local, target->value, insns, idx, big, e);
	case BPF_LDX:
	case BPF_ST:
	case BPF_STX:
		resize = resize_of(local, local_btf, target, target_btf, insn, big, extends);
		if (resize == CANNOT) {
			*resize_poison = true;
			poison(insns, n, idx, big);
			return true;
		}
		return patch_load(local, target, insns, idx, big, resize, e);
	case BPF_LD:
		return patch_wide(local, target->value, insns, n, idx, big, e);
	default:
		return err_set(
			e, "instruction %zu (code 0x%02x) cannot be relocated", idx, insn.code);
	}
}
