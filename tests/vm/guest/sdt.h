/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * A minimal <sys/sdt.h>: PROBE emits a nop and the note that describes its address and arguments.
 * Include it in one file of a program only. The semaphore of a probe is "semaphore", the variable
 * below, or "0" for none.
 */
#if defined __s390__
#define NOP "nop 0"
#else
#define NOP "nop"
#endif
#define WORD_OF(size)  WORD_OF_(size)
#define WORD_OF_(size) "." #size "byte "
#define WORD           WORD_OF(__SIZEOF_POINTER__)
#if __SIZEOF_POINTER__ == 8
#define POINTER "8"
#else
#define POINTER "4"
#endif
/* The assembler's prefix of immediates. */
#if defined __x86_64__ || defined __i386__
#define MARK "$"
#elif defined __arm__
#define MARK "#"
#else
#define MARK ""
#endif
#define PROBE(provider, name, semaphore, args, ...)                                                \
	__asm__ volatile("990: " NOP "\n"                                                          \
			 ".pushsection .note.stapsdt, \"\", \"note\"\n"                            \
			 ".balign 4\n"                                                             \
			 ".4byte 992f - 991f, 994f - 993f, 3\n"                                    \
			 "991: .asciz \"stapsdt\"\n"                                               \
			 "992: .balign 4\n"                                                        \
			 "993: " WORD "990b\n" WORD "_.stapsdt.base\n" WORD semaphore "\n"         \
			 ".asciz \"" provider "\"\n"                                               \
			 ".asciz \"" name "\"\n"                                                   \
			 ".asciz \"" args "\"\n"                                                   \
			 "994: .balign 4\n"                                                        \
			 ".popsection\n" ::__VA_ARGS__                                             \
			 : "memory")

__asm__(".pushsection .stapsdt.base, \"a\"\n"
	".globl _.stapsdt.base\n"
	".hidden _.stapsdt.base\n"
	"_.stapsdt.base: .space 1\n"
	".popsection\n");

__attribute__((section(".probes"), used)) volatile unsigned short semaphore;
