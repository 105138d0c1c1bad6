/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* arm64. Its instructions are little-endian words on every kernel. */
#include "native_impl.h"

#include <inttypes.h>

enum { UNIT = 4, ZERO = 31, FAR_CALL = 4 /* instructions that load an address */ };

/*
 * The instructions: bits that are fixed, their values, the width of registers, and the text. The first row
 * that matches and whose letters can all be printed applies, so aliases precede what they are aliases of.
 * Widths: s by bit 31, b by bit 30, z by the size in both; x, w.
 *
 *	$d $n $m $a $s $t  a register: Rd Rn Rm Ra Rs Rt      $D $N  Rd Rn, 31 is sp
 *	$B  the base register, and   $o  its offset in units of the size,   $9  in bytes,   $p  of a pair
 *	$W  Rn of 32 bits            $R  Rs of 32 bits          $S  how Rm is shifted, $T  ror included
 *	$i  an immediate of 12 bits  $h  of 16 bits, shifted   $v  the value that mov has from $h
 *	$l  a mask of bits           $V  the value that mov has from $l
 *	$L $Z  lsl, lsr and asr as fields of bits              $F $X  where a field of bits goes, is
 *	$b $c $e $r  targets, of 26, 19, 14 and 21 bits         $C  a condition
 *	$g  the bit that tbz tests   $O  an atomic operation    $A  its order and size
 *	$k  an immediate of brk
 */
#define INSNS(I)                                                                                   \
	I(0x7fffffe0, 0x110003e0, s, "mov $D, $N")                                                 \
	I(0x7ffffc1f, 0x1100001f, s, "mov $D, $N")                                                 \
	I(0x7f800000, 0x11000000, s, "add $D, $N, $i")                                             \
	I(0x7f80001f, 0x3100001f, s, "cmn $N, $i")                                                 \
	I(0x7f800000, 0x31000000, s, "adds $d, $N, $i")                                            \
	I(0x7f800000, 0x51000000, s, "sub $D, $N, $i")                                             \
	I(0x7f80001f, 0x7100001f, s, "cmp $N, $i")                                                 \
	I(0x7f800000, 0x71000000, s, "subs $d, $N, $i")                                            \
	I(0x7f200000, 0x0b000000, s, "add $d, $n, $m$S")                                           \
	I(0x7f20001f, 0x2b00001f, s, "cmn $n, $m$S")                                               \
	I(0x7f200000, 0x2b000000, s, "adds $d, $n, $m$S")                                          \
	I(0x7f2003e0, 0x4b0003e0, s, "neg $d, $m$S")                                               \
	I(0x7f200000, 0x4b000000, s, "sub $d, $n, $m$S")                                           \
	I(0x7f20001f, 0x6b00001f, s, "cmp $n, $m$S")                                               \
	I(0x7f2003e0, 0x6b0003e0, s, "negs $d, $m$S")                                              \
	I(0x7f200000, 0x6b000000, s, "subs $d, $n, $m$S")                                          \
	I(0x7f200000, 0x0a000000, s, "and $d, $n, $m$T")                                           \
	I(0x7f200000, 0x0a200000, s, "bic $d, $n, $m$T")                                           \
	I(0x7fe0ffe0, 0x2a0003e0, s, "mov $d, $m")                                                 \
	I(0x7f200000, 0x2a000000, s, "orr $d, $n, $m$T")                                           \
	I(0x7f2003e0, 0x2a2003e0, s, "mvn $d, $m$T")                                               \
	I(0x7f200000, 0x2a200000, s, "orn $d, $n, $m$T")                                           \
	I(0x7f200000, 0x4a000000, s, "eor $d, $n, $m$T")                                           \
	I(0x7f200000, 0x4a200000, s, "eon $d, $n, $m$T")                                           \
	I(0x7f20001f, 0x6a00001f, s, "tst $n, $m$T")                                               \
	I(0x7f200000, 0x6a000000, s, "ands $d, $n, $m$T")                                          \
	I(0x7f800000, 0x12000000, s, "and $D, $n, $l")                                             \
	I(0x7f8003e0, 0x320003e0, s, "mov $D, $V")                                                 \
	I(0x7f800000, 0x32000000, s, "orr $D, $n, $l")                                             \
	I(0x7f800000, 0x52000000, s, "eor $D, $n, $l")                                             \
	I(0x7f80001f, 0x7200001f, s, "tst $n, $l")                                                 \
	I(0x7f800000, 0x72000000, s, "ands $d, $n, $l")                                            \
	I(0x7f800000, 0x12800000, s, "mov $d, $v")                                                 \
	I(0x7f800000, 0x12800000, s, "movn $d, $h")                                                \
	I(0x7f800000, 0x52800000, s, "mov $d, $v")                                                 \
	I(0x7f800000, 0x52800000, s, "movz $d, $h")                                                \
	I(0x7f800000, 0x72800000, s, "movk $d, $h")                                                \
	I(0x7f800000, 0x13000000, s, "asr $d, $n, $Z")                                             \
	I(0xfffffc00, 0x13001c00, w, "sxtb $d, $W")                                                \
	I(0xfffffc00, 0x93401c00, x, "sxtb $d, $W")                                                \
	I(0xfffffc00, 0x13003c00, w, "sxth $d, $W")                                                \
	I(0xfffffc00, 0x93403c00, x, "sxth $d, $W")                                                \
	I(0xfffffc00, 0x93407c00, x, "sxtw $d, $W")                                                \
	I(0x7f800000, 0x13000000, s, "sbfiz $d, $n, $F")                                           \
	I(0x7f800000, 0x13000000, s, "sbfx $d, $n, $X")                                            \
	I(0x7f800000, 0x53000000, s, "lsl $d, $n, $L")                                             \
	I(0x7f800000, 0x53000000, s, "lsr $d, $n, $Z")                                             \
	I(0xfffffc00, 0x53001c00, w, "uxtb $d, $n")                                                \
	I(0xfffffc00, 0x53003c00, w, "uxth $d, $n")                                                \
	I(0x7f800000, 0x53000000, s, "ubfiz $d, $n, $F")                                           \
	I(0x7f800000, 0x53000000, s, "ubfx $d, $n, $X")                                            \
	I(0x7fe0fc00, 0x1b007c00, s, "mul $d, $n, $m")                                             \
	I(0x7fe08000, 0x1b000000, s, "madd $d, $n, $m, $a")                                        \
	I(0x7fe0fc00, 0x1b00fc00, s, "mneg $d, $n, $m")                                            \
	I(0x7fe08000, 0x1b008000, s, "msub $d, $n, $m, $a")                                        \
	I(0x7fe0fc00, 0x1ac00800, s, "udiv $d, $n, $m")                                            \
	I(0x7fe0fc00, 0x1ac00c00, s, "sdiv $d, $n, $m")                                            \
	I(0x7fe0fc00, 0x1ac02000, s, "lsl $d, $n, $m")                                             \
	I(0x7fe0fc00, 0x1ac02400, s, "lsr $d, $n, $m")                                             \
	I(0x7fe0fc00, 0x1ac02800, s, "asr $d, $n, $m")                                             \
	I(0x7ffffc00, 0x5ac00400, s, "rev16 $d, $n")                                               \
	I(0xfffffc00, 0x5ac00800, w, "rev $d, $n")                                                 \
	I(0xfffffc00, 0xdac00800, x, "rev32 $d, $n")                                               \
	I(0xfffffc00, 0xdac00c00, x, "rev $d, $n")                                                 \
	I(0x9f000000, 0x10000000, x, "adr $d, $r")                                                 \
	I(0xfc000000, 0x14000000, x, "b $b")                                                       \
	I(0xfc000000, 0x94000000, x, "bl $b")                                                      \
	I(0xff000010, 0x54000000, x, "b.$C $c")                                                    \
	I(0x7f000000, 0x34000000, s, "cbz $t, $c")                                                 \
	I(0x7f000000, 0x35000000, s, "cbnz $t, $c")                                                \
	I(0x7f000000, 0x36000000, s, "tbz $t, $g, $e")                                             \
	I(0x7f000000, 0x37000000, s, "tbnz $t, $g, $e")                                            \
	I(0xfffffc1f, 0xd61f0000, x, "br $n")                                                      \
	I(0xfffffc1f, 0xd63f0000, x, "blr $n")                                                     \
	I(0xffffffff, 0xd65f03c0, x, "ret")                                                        \
	I(0xfffffc1f, 0xd65f0000, x, "ret $n")                                                     \
	I(0xffc00000, 0x39000000, w, "strb $t, [$B$o]")                                            \
	I(0xffc00000, 0x39400000, w, "ldrb $t, [$B$o]")                                            \
	I(0xffc00000, 0x39800000, x, "ldrsb $t, [$B$o]")                                           \
	I(0xffc00000, 0x39c00000, w, "ldrsb $t, [$B$o]")                                           \
	I(0xffc00000, 0x79000000, w, "strh $t, [$B$o]")                                            \
	I(0xffc00000, 0x79400000, w, "ldrh $t, [$B$o]")                                            \
	I(0xffc00000, 0x79800000, x, "ldrsh $t, [$B$o]")                                           \
	I(0xffc00000, 0x79c00000, w, "ldrsh $t, [$B$o]")                                           \
	I(0xbfc00000, 0xb9000000, b, "str $t, [$B$o]")                                             \
	I(0xbfc00000, 0xb9400000, b, "ldr $t, [$B$o]")                                             \
	I(0xffc00000, 0xb9800000, x, "ldrsw $t, [$B$o]")                                           \
	I(0xffe00c00, 0x38000000, w, "sturb $t, [$B$9]")                                           \
	I(0xffe00c00, 0x38400000, w, "ldurb $t, [$B$9]")                                           \
	I(0xffe00c00, 0x38800000, x, "ldursb $t, [$B$9]")                                          \
	I(0xffe00c00, 0x38c00000, w, "ldursb $t, [$B$9]")                                          \
	I(0xffe00c00, 0x78000000, w, "sturh $t, [$B$9]")                                           \
	I(0xffe00c00, 0x78400000, w, "ldurh $t, [$B$9]")                                           \
	I(0xffe00c00, 0x78800000, x, "ldursh $t, [$B$9]")                                          \
	I(0xffe00c00, 0x78c00000, w, "ldursh $t, [$B$9]")                                          \
	I(0xbfe00c00, 0xb8000000, b, "stur $t, [$B$9]")                                            \
	I(0xbfe00c00, 0xb8400000, b, "ldur $t, [$B$9]")                                            \
	I(0xffe00c00, 0xb8800000, x, "ldursw $t, [$B$9]")                                          \
	I(0xffe0fc00, 0x38206800, w, "strb $t, [$B, $M]")                                          \
	I(0xffe0fc00, 0x38606800, w, "ldrb $t, [$B, $M]")                                          \
	I(0xffe0fc00, 0x38a06800, x, "ldrsb $t, [$B, $M]")                                         \
	I(0xffe0fc00, 0x78206800, w, "strh $t, [$B, $M]")                                          \
	I(0xffe0fc00, 0x78606800, w, "ldrh $t, [$B, $M]")                                          \
	I(0xffe0fc00, 0x78a06800, x, "ldrsh $t, [$B, $M]")                                         \
	I(0xbfe0fc00, 0xb8206800, b, "str $t, [$B, $M]")                                           \
	I(0xbfe0fc00, 0xb8606800, b, "ldr $t, [$B, $M]")                                           \
	I(0xffe0fc00, 0xb8a06800, x, "ldrsw $t, [$B, $M]")                                         \
	I(0xbf000000, 0x18000000, b, "ldr $t, $c")                                                 \
	I(0x7fc00000, 0x28800000, s, "stp $t, $a, [$B], $p")                                       \
	I(0x7fc00000, 0x28c00000, s, "ldp $t, $a, [$B], $p")                                       \
	I(0x7fc00000, 0x29000000, s, "stp $t, $a, [$B$q]")                                         \
	I(0x7fc00000, 0x29400000, s, "ldp $t, $a, [$B$q]")                                         \
	I(0x7fc00000, 0x29800000, s, "stp $t, $a, [$B, $p]!")                                      \
	I(0x7fc00000, 0x29c00000, s, "ldp $t, $a, [$B, $p]!")                                      \
	I(0xbfe0fc00, 0x88007c00, b, "stxr $R, $t, [$B]")                                          \
	I(0xbfe0fc00, 0x8800fc00, b, "stlxr $R, $t, [$B]")                                         \
	I(0xbffffc00, 0x885f7c00, b, "ldxr $t, [$B]")                                              \
	I(0xbffffc00, 0x885ffc00, b, "ldaxr $t, [$B]")                                             \
	I(0xfffffc00, 0x089ffc00, w, "stlrb $t, [$B]")                                             \
	I(0xfffffc00, 0x489ffc00, w, "stlrh $t, [$B]")                                             \
	I(0xbffffc00, 0x889ffc00, b, "stlr $t, [$B]")                                              \
	I(0xfffffc00, 0x08dffc00, w, "ldarb $t, [$B]")                                             \
	I(0xfffffc00, 0x48dffc00, w, "ldarh $t, [$B]")                                             \
	I(0xbffffc00, 0x88dffc00, b, "ldar $t, [$B]")                                              \
	I(0xbfe0fc00, 0x88a07c00, b, "cas $s, $t, [$B]")                                           \
	I(0xbfe0fc00, 0x88e07c00, b, "casa $s, $t, [$B]")                                          \
	I(0xbfe0fc00, 0x88a0fc00, b, "casl $s, $t, [$B]")                                          \
	I(0xbfe0fc00, 0x88e0fc00, b, "casal $s, $t, [$B]")                                         \
	I(0x3fa08c1f, 0x3820001f, z, "st$O$A $s, [$B]")                                            \
	I(0x3f208c00, 0x38200000, z, "ld$O$A $s, $t, [$B]")                                        \
	I(0x3f20fc00, 0x38208000, z, "swp$A $s, $t, [$B]")                                         \
	I(0xfffffc1f, 0xf9800011, x, "prfm pstl1strm, [$B]")                                       \
	I(0xffffffe0, 0xd5384100, x, "mrs $t, sp_el0")                                             \
	I(0xffffffe0, 0xd538d080, x, "mrs $t, tpidr_el1")                                          \
	I(0xffffffe0, 0xd53cd040, x, "mrs $t, tpidr_el2")                                          \
	I(0xffe0001f, 0xd4200000, x, "brk $k")                                                     \
	I(0xffffffff, 0xd503201f, x, "nop")                                                        \
	I(0xffffffff, 0xd503233f, x, "paciasp")                                                    \
	I(0xffffffff, 0xd50323bf, x, "autiasp")                                                    \
	I(0xffffffff, 0xd503241f, x, "bti")                                                        \
	I(0xffffffff, 0xd503245f, x, "bti c")                                                      \
	I(0xffffffff, 0xd503249f, x, "bti j")                                                      \
	I(0xffffffff, 0xd50324df, x, "bti jc")                                                     \
	I(0xffffffff, 0xd50330ff, x, "sb")                                                         \
	I(0xffffffff, 0xd503379f, x, "dsb nsh")                                                    \
	I(0xffffffff, 0xd5033bbf, x, "dmb ish")                                                    \
	I(0xffffffff, 0xd5033fdf, x, "isb")

#define BITS(mask, value, width, text) {mask, value},
static const struct {
	uint32_t mask, value;
} rows[] = {INSNS(BITS)};
#undef BITS

/* The formats of the rows, each after its width. */
#define TEXT(mask, value, width, text) #width text "\0"
static const char formats[] = INSNS(TEXT);
#undef TEXT

struct insn_arm64 {
	uint32_t word;
	uint64_t address;
	bool wide;
	const struct native_names *names;
};

/* n bits of the instruction from bit `from`; sign_extended: as a signed number. */
static uint32_t bits(const struct insn_arm64 *i, unsigned from, unsigned n)
{
	return i->word >> from & ((1u << n) - 1);
}

static int64_t signed_bits(const struct insn_arm64 *i, unsigned from, unsigned n)
{
	return (int64_t)((uint64_t)bits(i, from, n) << (64 - n)) >> (64 - n);
}

static bool add_register(struct native_text *t, uint32_t n, bool wide, bool sp)
{
	if (n != ZERO)
		native_add(t, "%c%u", wide ? 'x' : 'w', n);
	else
		native_add(t, sp ? wide ? "sp" : "wsp" : wide ? "xzr" : "wzr");
	return true;
}

static bool add_offset(struct native_text *t, int64_t offset)
{
	if (offset)
		native_add(t, ", #%d", (int)offset);
	return true;
}

static bool add_target(const struct insn_arm64 *i, struct native_text *t, int64_t distance)
{
	native_add_target(t, i->address + (uint64_t)distance, i->names);
	return true;
}

static bool add_shift(const struct insn_arm64 *i, struct native_text *t, bool ror)
{
	uint32_t kind = bits(i, 22, 2), amount = bits(i, 10, 6);
	if ((kind == 3 && !ror) || (!i->wide && amount >= 32))
		return false;
	if (kind || amount) {
		native_add(t, ", ");
		native_add_word(t, "lsl lsr asr ror", kind);
		native_add(t, " #%u", amount);
	}
	return true;
}

/* The immediate of movz, movn and movk. */
static bool add_half(const struct insn_arm64 *i, struct native_text *t)
{
	uint32_t shift = 16 * bits(i, 21, 2);
	if (!i->wide && shift >= 32)
		return false;
	native_add(t, "#0x%x", bits(i, 5, 16));
	if (shift)
		native_add(t, ", lsl #%u", shift);
	return true;
}

static uint64_t narrowed(const struct insn_arm64 *i, uint64_t v)
{
	return i->wide ? v : (uint32_t)v;
}

/* What a mov that is movz or movn loads, unless a shift of 0 shows which one it is. */
static bool add_moved(const struct insn_arm64 *i, struct native_text *t)
{
	uint32_t half = bits(i, 5, 16), shift = 16 * bits(i, 21, 2);
	bool inverted = !bits(i, 30, 1);
	uint64_t v = (uint64_t)half << shift;
	if ((!i->wide && shift >= 32) || (!half && shift) ||
		(inverted && !i->wide && half == 0xffff))
		return false;
	native_add(t, "#0x%" PRIx64, narrowed(i, inverted ? ~v : v));
	return true;
}

/*
 * The mask of a logical instruction: elements of 2 to 64 bits, each with imms + 1 ones rotated right by
 * immr. The size of the element is the highest zero of imms, of which N is bit 6, inverted.
 */
static bool take_mask(const struct insn_arm64 *i, uint64_t *mask)
{
	uint32_t n = bits(i, 22, 1), immr = bits(i, 16, 6), imms = bits(i, 10, 6);
	uint32_t found = n << 6 | (~imms & 0x3f), size = 64;
	if ((n && !i->wide) || found < 2)
		return false;
	while (!(found & size))
		size >>= 1;
	uint32_t ones = (imms & (size - 1)) + 1, turn = immr & (size - 1);
	if (ones == size)
		return false;
	uint64_t v = (UINT64_C(1) << ones) - 1, full = ~UINT64_C(0) >> (64 - size);
	if (turn)
		v = (v >> turn | v << (size - turn)) & full;
	for (; size < 64; size *= 2)
		v |= v << size;
	*mask = narrowed(i, v);
	return true;
}

/* Whether movz loads a value: it has at most 16 bits at a multiple of 16. */
static bool is_half(uint64_t v)
{
	while (v && !(v & 0xffff))
		v >>= 16;
	return v <= 0xffff;
}

static bool add_mask(const struct insn_arm64 *i, struct native_text *t, bool moved)
{
	uint64_t v;
	if (!take_mask(i, &v) || (moved && (is_half(v) || is_half(narrowed(i, ~v)))))
		return false;
	native_add(t, "#0x%" PRIx64, v);
	return true;
}

/* The operands of sbfm and ubfm, as the alias that kind selects has them; false: it is another one. */
static bool add_field(const struct insn_arm64 *i, struct native_text *t, char kind)
{
	uint32_t immr = bits(i, 16, 6), imms = bits(i, 10, 6), last = i->wide ? 63 : 31;
	if (bits(i, 22, 1) != i->wide || immr > last || imms > last)
		return false;
	switch (kind) {
	case 'L':
		native_add(t, "#%u", last - imms);
		return imms != last && imms + 1 == immr;
	case 'Z':
		native_add(t, "#%u", immr);
		return imms == last;
	case 'F':
		native_add(t, "#%u, #%u", last + 1 - immr, imms + 1);
		return imms < immr;
	default:
		native_add(t, "#%u, #%u", immr, imms - immr + 1);
		return true;
	}
}

/* The order and the size of an atomic operation. */
static bool add_atomic(const struct insn_arm64 *i, struct native_text *t)
{
	native_add(t, "%s%s%s", bits(i, 23, 1) ? "a" : "", bits(i, 22, 1) ? "l" : "",
		bits(i, 30, 2) == 0   ? "b"
		: bits(i, 30, 2) == 1 ? "h"
				      : "");
	return true;
}

static bool add_number(const struct insn_arm64 *i, struct native_text *t, char letter)
{
	int64_t pair = signed_bits(i, 15, 7) * (i->wide ? 8 : 4);
	switch (letter) {
	case 'i':
		native_add(t, bits(i, 22, 1) ? "#0x%x, lsl #12" : "#0x%x", bits(i, 10, 12));
		return true;
	case 'k':
		native_add(t, "#0x%x", bits(i, 5, 16));
		return true;
	case 'o':
		return add_offset(t, bits(i, 10, 12) << bits(i, 30, 2));
	case '9':
		return add_offset(t, signed_bits(i, 12, 9));
	case 'q':
		return add_offset(t, pair);
	case 'p':
		native_add(t, "#%d", (int)pair);
		return true;
	default:
		native_add(t, "#%u", bits(i, 31, 1) << 5 | bits(i, 19, 5));
		return true;
	}
}

/* The letters of registers: where the number is, and what width and 31 are. */
static const struct {
	char letter;
	uint8_t at;
	char width; /* of the instruction unless it is x or w */
	bool sp;
} registers[] = {
	{'d', 0, 0, false},
	{'t', 0, 0, false},
	{'n', 5, 0, false},
	{'a', 10, 0, false},
	{'m', 16, 0, false},
	{'s', 16, 0, false},
	{'D', 0, 0, true},
	{'N', 5, 0, true},
	{'B', 5, 'x', true},
	{'M', 16, 'x', false},
	{'W', 5, 'w', false},
	{'R', 16, 'w', false},
};

/* Adds the operand of a letter of the table. False: the row does not apply. */
static bool add_operand(const struct insn_arm64 *i, struct native_text *t, char letter)
{
	for (size_t r = 0; r < sizeof registers / sizeof *registers; r++)
		if (registers[r].letter == letter)
			return add_register(t, bits(i, registers[r].at, 5),
				registers[r].width ? registers[r].width == 'x' : i->wide,
				registers[r].sp);
	switch (letter) {
	case 'S':
	case 'T':
		return add_shift(i, t, letter == 'T');
	case 'h':
		return add_half(i, t);
	case 'v':
		return add_moved(i, t);
	case 'l':
	case 'V':
		return add_mask(i, t, letter == 'V');
	case 'L':
	case 'Z':
	case 'F':
	case 'X':
		return add_field(i, t, letter);
	case 'b':
		return add_target(i, t, signed_bits(i, 0, 26) * UNIT);
	case 'c':
		return add_target(i, t, signed_bits(i, 5, 19) * UNIT);
	case 'e':
		return add_target(i, t, signed_bits(i, 5, 14) * UNIT);
	case 'r':
		return add_target(i, t, signed_bits(i, 5, 19) * 4 + bits(i, 29, 2));
	case 'C':
		return native_add_word(
			t, "eq ne cs cc mi pl vs vc hi ls ge lt gt le al nv", bits(i, 0, 4));
	case 'O':
		return native_add_word(t, "add clr eor set smax smin umax umin", bits(i, 12, 3));
	case 'A':
		return add_atomic(i, t);
	default:
		return add_number(i, t, letter);
	}
}

static bool is_wide(uint32_t word, char width)
{
	return width == 's'   ? word >> 31
	       : width == 'b' ? word >> 30 & 1
	       : width == 'z' ? word >> 30 == 3
	                      : width == 'x';
}

static bool add_insn(const struct insn_arm64 *i, struct native_text *t, const char *format)
{
	for (; *format; format++)
		if (*format != '$')
			native_add(t, "%c", *format);
		else if (!add_operand(i, t, *++format))
			return false;
	return true;
}

static bool find_insn(struct insn_arm64 *i, struct native_text *t)
{
	const char *text = formats;
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++, text += strlen(text) + 1) {
		if ((i->word & rows[r].mask) != rows[r].value)
			continue;
		i->wide = is_wide(i->word, *text);
		if (add_insn(i, t, text + 1))
			return true;
		t->len = 0;
	}
	return false;
}

/*
 * Calls go through a register, which movz or movn and some movk before it load. Adds the name of the address
 * as a remark, if there is one.
 */
static void add_call(struct span code, uint64_t at, uint32_t call, struct native_text *t,
	const struct native_names *names)
{
	uint64_t address = 0, known = 0;
	char name[100];
	uint32_t reg = call >> 5 & 31;
	for (unsigned n = 0; n < FAR_CALL && at >= UNIT; n++) {
		at -= UNIT;
		struct insn_arm64 i = {.word = span_u32(code, at)};
		uint32_t kind = bits(&i, 23, 9), shift = 16 * bits(&i, 21, 2);
		uint64_t half = (uint64_t)bits(&i, 5, 16) << shift, mask = UINT64_C(0xffff)
		                                                           << shift;
		if (bits(&i, 0, 5) != reg)
			return;
		if (kind == 0x1e5) { /* movk */
			address |= half & ~known;
			known |= mask;
			continue;
		}
		if (kind != 0x125 && kind != 0x1a5) /* movn, movz */
			return;
		address |= (kind == 0x125 ? ~half : half) & ~known;
		if (names && names->name(names->ctx, address, name, sizeof name))
			native_add(t, " // %s", name);
		return;
	}
}

unsigned arm64_decode(struct span code, uint64_t at, uint64_t base,
	const struct native_names *names, char *buf, size_t n)
{
	struct native_text t = {buf, n, 0};
	struct insn_arm64 i = {.address = base + at, .names = names};
	code.big = false;
	i.word = span_u32(code, at);
	if (!span_has(code, at, UNIT) || !find_insn(&i, &t)) {
		*buf = 0;
		return 0;
	}
	if ((i.word & 0xfffffc1f) == 0xd63f0000)
		add_call(code, at, i.word, &t, names);
	return UNIT;
}
