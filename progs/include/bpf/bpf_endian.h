/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Network and host byte order. Network byte order is big-endian; that of the host is the BPF
 * target's (-target bpfel or bpfeb), so each of these is one byte-swap instruction or none.
 * Constants are swapped by the compiler.
 */
#pragma once

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define __bpf_le(bits, x) (x)
#define __bpf_be(bits, x) __builtin_bswap##bits(x)
#elif __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define __bpf_le(bits, x) __builtin_bswap##bits(x)
#define __bpf_be(bits, x) (x)
#else
#error "unknown byte order"
#endif

/* 16 and 32 bits, with the names of the socket API. */
#define bpf_htons(x) __bpf_be(16, x)
#define bpf_ntohs(x) __bpf_be(16, x)
#define bpf_htonl(x) __bpf_be(32, x)
#define bpf_ntohl(x) __bpf_be(32, x)

/* 64 bits, with the kernel's names: host to big-endian and back. */
#define bpf_cpu_to_be64(x) __bpf_be(64, x)
#define bpf_be64_to_cpu(x) __bpf_be(64, x)

/* The same for little-endian data (USB, PCI, file systems). */
#define bpf_cpu_to_le16(x) __bpf_le(16, x)
#define bpf_cpu_to_le32(x) __bpf_le(32, x)
#define bpf_cpu_to_le64(x) __bpf_le(64, x)
#define bpf_le16_to_cpu(x) __bpf_le(16, x)
#define bpf_le32_to_cpu(x) __bpf_le(32, x)
#define bpf_le64_to_cpu(x) __bpf_le(64, x)
