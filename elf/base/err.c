/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "err.h"

#include "format.h"
#include "text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

/*
 * All errnos of Linux. The numbers come from libc because they differ between architectures (mips,
 * sparc, alpha, parisc); aliases (EWOULDBLOCK, EDEADLOCK, ENOTSUP) are omitted. ENOTSUPP is internal
 * to the kernel and in no header, but some bpf() paths return it to user space.
 */
/* clang-format off */
#define ERRNOS(X) \
	X(EPERM) X(ENOENT) X(ESRCH) X(EINTR) X(EIO) X(ENXIO) X(E2BIG) X(ENOEXEC) X(EBADF) \
	X(ECHILD) X(EAGAIN) X(ENOMEM) X(EACCES) X(EFAULT) X(ENOTBLK) X(EBUSY) X(EEXIST) \
	X(EXDEV) X(ENODEV) X(ENOTDIR) X(EISDIR) X(EINVAL) X(ENFILE) X(EMFILE) X(ENOTTY) \
	X(ETXTBSY) X(EFBIG) X(ENOSPC) X(ESPIPE) X(EROFS) X(EMLINK) X(EPIPE) X(EDOM) \
	X(ERANGE) X(EDEADLK) X(ENAMETOOLONG) X(ENOLCK) X(ENOSYS) X(ENOTEMPTY) X(ELOOP) \
	X(ENOMSG) X(EIDRM) X(ECHRNG) X(EL2NSYNC) X(EL3HLT) X(EL3RST) X(ELNRNG) X(EUNATCH) \
	X(ENOCSI) X(EL2HLT) X(EBADE) X(EBADR) X(EXFULL) X(ENOANO) X(EBADRQC) X(EBADSLT) \
	X(EBFONT) X(ENOSTR) X(ENODATA) X(ETIME) X(ENOSR) X(ENONET) X(ENOPKG) X(EREMOTE) \
	X(ENOLINK) X(EADV) X(ESRMNT) X(ECOMM) X(EPROTO) X(EMULTIHOP) X(EDOTDOT) \
	X(EBADMSG) X(EOVERFLOW) X(ENOTUNIQ) X(EBADFD) X(EREMCHG) X(ELIBACC) X(ELIBBAD) \
	X(ELIBSCN) X(ELIBMAX) X(ELIBEXEC) X(EILSEQ) X(ERESTART) X(ESTRPIPE) X(EUSERS) \
	X(ENOTSOCK) X(EDESTADDRREQ) X(EMSGSIZE) X(EPROTOTYPE) X(ENOPROTOOPT) \
	X(EPROTONOSUPPORT) X(ESOCKTNOSUPPORT) X(EOPNOTSUPP) X(EPFNOSUPPORT) \
	X(EAFNOSUPPORT) X(EADDRINUSE) X(EADDRNOTAVAIL) X(ENETDOWN) X(ENETUNREACH) \
	X(ENETRESET) X(ECONNABORTED) X(ECONNRESET) X(ENOBUFS) X(EISCONN) X(ENOTCONN) \
	X(ESHUTDOWN) X(ETOOMANYREFS) X(ETIMEDOUT) X(ECONNREFUSED) X(EHOSTDOWN) \
	X(EHOSTUNREACH) X(EALREADY) X(EINPROGRESS) X(ESTALE) X(EUCLEAN) X(ENOTNAM) \
	X(ENAVAIL) X(EISNAM) X(EREMOTEIO) X(EDQUOT) X(ENOMEDIUM) X(EMEDIUMTYPE) \
	X(ECANCELED) X(ENOKEY) X(EKEYEXPIRED) X(EKEYREVOKED) X(EKEYREJECTED) \
	X(EOWNERDEAD) X(ENOTRECOVERABLE) X(ERFKILL) X(EHWPOISON)
/* clang-format on */

#define NUMBER(e) e,
#define NAME(e)   #e "\0"

static const uint16_t numbers[] = {ERRNOS(NUMBER) ENOTSUPP_KERNEL};
static const char names[] = ERRNOS(NAME) "ENOTSUPP";

const char *errno_name(int no, char buf[static 16])
{
	const char *name = names;
	for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++, name += strlen(name) + 1)
		if (numbers[i] == no)
			return name;
	text_print(buf, 16, "errno %d", no);
	return buf;
}

const char *errno_text(int no)
{
	return no == ENOTSUPP_KERNEL ? "Operation not supported by the kernel" : strerror(no);
}

/* Appends to a text, truncated at its end. Names come from untrusted files: control characters, which
 * could break the line or control the terminal, become '?'. */
__attribute__((format(printf, 3, 0))) static void append(
	char *text, size_t size, const char *fmt, va_list ap)
{
	size_t used = strlen(text);
	text_vadd(text, size, fmt, ap);
	for (char *p = text + used; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			*p = '?';
}

__attribute__((format(printf, 2, 3))) static void append_text(struct err *e, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	append(e->text, sizeof e->text, fmt, ap);
	va_end(ap);
}

__attribute__((format(printf, 3, 0))) static void add(
	struct err *e, int no, const char *fmt, va_list ap)
{
	char buf[16];
	append(e->text, sizeof e->text, fmt, ap);
	if (no)
		append_text(e, ": %s: %s", errno_name(no, buf), errno_text(no));
}

/* Only the first error counts. */
__attribute__((format(printf, 3, 0))) static void set(
	struct err *e, int no, const char *fmt, va_list ap)
{
	if (e->set)
		return;
	e->set = true;
	e->no = no;
	e->text[0] = 0;
	add(e, no, fmt, ap);
}

bool(err_set)(struct err *e, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	set(e, 0, fmt, ap);
	va_end(ap);
	return false;
}

bool(err_sys)(struct err *e, int no, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	set(e, no, fmt, ap);
	va_end(ap);
	return false;
}

bool(err_also)(struct err *e, int no, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	if (e->set) {
		append_text(e, "; ");
		add(e, no, fmt, ap);
	} else {
		set(e, no, fmt, ap);
	}
	va_end(ap);
	return false;
}

bool(err_where)(struct err *e, const char *fmt, ...)
{
	if (!e->set)
		return false;
	char where[sizeof e->text] = "";
	va_list ap;
	va_start(ap, fmt);
	append(where, sizeof where, fmt, ap);
	va_end(ap);
	size_t n = strlen(where), rest = strlen(e->text);
	if (n > sizeof e->text - 3)
		n = sizeof e->text - 3;
	if (rest > sizeof e->text - 3 - n)
		rest = sizeof e->text - 3 - n;
	memmove(e->text + n + 2, e->text, rest);
	memcpy(e->text, where, n);
	memcpy(e->text + n, ": ", 2);
	e->text[n + 2 + rest] = 0;
	return false;
}

bool(err_hint)(struct err *e, const char *fmt, ...)
{
	if (e->hint[0])
		return false;
	va_list ap;
	va_start(ap, fmt);
	append(e->hint, sizeof e->hint, fmt, ap);
	va_end(ap);
	return false;
}

bool err_nomem(struct err *e)
{
	if (!e->set) {
		err_set(e, "out of memory");
		e->no = ENOMEM;
	}
	return false;
}
