/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Numbers of system calls: SYS_NAME is -1 for those of needs.def that an architecture lacks. */
#ifndef SONDE_CALL_NUMBERS_H
#define SONDE_CALL_NUMBERS_H

#include <sys/syscall.h>

#ifndef SYS_poll
#define SYS_poll -1
#endif
#ifndef SYS_ppoll_time64
#define SYS_ppoll_time64 -1
#endif
#ifndef SYS_clock_gettime
#define SYS_clock_gettime -1
#endif
#ifndef SYS_clock_gettime32
#define SYS_clock_gettime32 -1
#endif
#ifndef SYS_clock_gettime64
#define SYS_clock_gettime64 -1
#endif
#ifndef SYS_gettimeofday
#define SYS_gettimeofday -1
#endif
#ifndef SYS_mmap
#define SYS_mmap -1
#endif
#ifndef SYS_mmap2
#define SYS_mmap2 -1
#endif
#ifndef SYS_epoll_wait
#define SYS_epoll_wait -1
#endif
#ifndef SYS__llseek
#define SYS__llseek -1
#endif
#ifndef SYS_fstat64
#define SYS_fstat64 -1
#endif
#ifndef SYS_fstatfs64
#define SYS_fstatfs64 -1
#endif
#ifndef SYS_fcntl64
#define SYS_fcntl64 -1
#endif
#ifndef SYS_clock_nanosleep
#define SYS_clock_nanosleep -1
#endif
#ifndef SYS_clock_nanosleep_time64
#define SYS_clock_nanosleep_time64 -1
#endif
#ifndef SYS_sigreturn
#define SYS_sigreturn -1
#endif
#ifndef SYS_futex_time64
#define SYS_futex_time64 -1
#endif
#ifndef SYS_open
#define SYS_open -1
#endif
#ifndef SYS_stat
#define SYS_stat -1
#endif
#ifndef SYS_stat64
#define SYS_stat64 -1
#endif
#ifndef SYS_lstat
#define SYS_lstat -1
#endif
#ifndef SYS_lstat64
#define SYS_lstat64 -1
#endif
#ifndef SYS_newfstatat
#define SYS_newfstatat -1
#endif
#ifndef SYS_fstatat64
#define SYS_fstatat64 -1
#endif
#ifndef SYS_readlink
#define SYS_readlink -1
#endif
#ifndef SYS_send
#define SYS_send -1
#endif
#ifndef SYS_recv
#define SYS_recv -1
#endif

#ifndef SYS_unlink
#define SYS_unlink -1
#endif
#ifndef SYS_rename
#define SYS_rename -1
#endif
#ifndef SYS_renameat
#define SYS_renameat -1
#endif
#endif
