/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "elf/base/err.h"

static void sets_text(void **state)
{
	(void)state;
	struct err e = {0};
	assert_false(err_set(&e, "no section %d", 7));
	assert_true(e.set);
	assert_int_equal(e.no, 0);
	assert_string_equal(e.text, "no section 7");
	assert_string_equal(e.hint, "");
}

static void first_error_wins(void **state)
{
	(void)state;
	struct err e = {0};
	err_sys(&e, EPERM, "load");
	err_set(&e, "second");
	err_sys(&e, ENOENT, "third");
	err_nomem(&e);
	assert_int_equal(e.no, EPERM);
	assert_non_null(strstr(e.text, "load: EPERM: "));
	assert_null(strstr(e.text, "second"));
	assert_null(strstr(e.text, "third"));
}

static void system_error_names_errno(void **state)
{
	(void)state;
	struct err e = {0};
	assert_false(err_sys(&e, ENOENT, "open '%s'", "/x"));
	assert_int_equal(e.no, ENOENT);
	assert_string_equal(e.text, "open '/x': ENOENT: No such file or directory");

	e = (struct err){0};
	err_sys(&e, 524, "attach");
	assert_string_equal(e.text, "attach: ENOTSUPP: Operation not supported by the kernel");
}

static void names_stay_in_the_line(void **state)
{
	(void)state;
	struct err e = {0};
	err_set(&e, "section '%s'", "a\nb\r\t\033[2J\177c");
	assert_string_equal(e.text, "section 'a?b???[2J?c'");
	err_where(&e, "%s", "x\ny\xc3\xa9");
	assert_string_equal(e.text, "x?y\xc3\xa9: section 'a?b???[2J?c'");
	err_hint(&e, "see %s", "a\nb");
	assert_string_equal(e.hint, "see a?b");
	e = (struct err){0};
	err_sys(&e, ENOENT, "open '%s'", "\001");
	assert_string_equal(e.text, "open '?': ENOENT: No such file or directory");
}

static void places_go_in_front(void **state)
{
	(void)state;
	struct err e = {0};
	assert_false(err_where(&e, "nowhere"));
	assert_false(e.set);
	assert_string_equal(e.text, "");
	err_set(&e, "too short");
	assert_false(err_where(&e, "section %s", ".BTF"));
	err_where(&e, "%s", "hello.bpf.o");
	assert_string_equal(e.text, "hello.bpf.o: section .BTF: too short");
}

static void first_hint_stays(void **state)
{
	(void)state;
	struct err e = {0};
	assert_false(err_hint(&e, "mount %s", "tracefs"));
	err_hint(&e, "try again");
	assert_string_equal(e.hint, "mount tracefs");
}

static void long_texts_are_cut(void **state)
{
	(void)state;
	char big[4000];
	memset(big, 'a', sizeof big - 1);
	big[sizeof big - 1] = 0;

	struct err e = {0};
	err_set(&e, "%s", big);
	assert_int_equal(strlen(e.text), sizeof e.text - 1);
	err_where(&e, "here");
	assert_int_equal(strlen(e.text), sizeof e.text - 1);
	assert_memory_equal(e.text, "here: aaaa", 10);
	err_hint(&e, "%s", big);
	assert_int_equal(strlen(e.hint), sizeof e.hint - 1);

	e = (struct err){0};
	err_sys(&e, EPERM, "%s", big);
	assert_int_equal(strlen(e.text), sizeof e.text - 1);

	e = (struct err){0};
	err_set(&e, "x");
	err_where(&e, "%s", big);
	assert_int_equal(strlen(e.text), sizeof e.text - 1);
	assert_string_equal(e.text + sizeof e.text - 3, ": ");

	e = (struct err){0};
	err_set(&e, "tail");
	big[sizeof e.text - 6] = 0; /* leaves room for ": " and three letters */
	err_where(&e, "%s", big);
	assert_string_equal(e.text + sizeof e.text - 6, ": tai");
}

static void out_of_memory(void **state)
{
	(void)state;
	struct err e = {0};
	assert_false(err_nomem(&e));
	assert_int_equal(e.no, ENOMEM);
	assert_string_equal(e.text, "out of memory");
}

/* glibc 2.32 and newer can name errnos as well; all names must agree. */
static void names_of_errnos(void **state)
{
	(void)state;
	char buf[16];
	assert_string_equal(errno_name(EPERM, buf), "EPERM");
	assert_string_equal(errno_name(EWOULDBLOCK, buf), "EAGAIN");
	assert_string_equal(errno_name(EHWPOISON, buf), "EHWPOISON");
	assert_string_equal(errno_name(524, buf), "ENOTSUPP");
	assert_string_equal(errno_name(0, buf), "errno 0");
	assert_string_equal(errno_name(4095, buf), "errno 4095");
	assert_int_equal(strlen(errno_name(-2147483647 - 1, buf)), 15);
#ifdef __GLIBC__
	for (int no = 1; no < 4096; no++) {
		const char *libc = strerrorname_np(no), *ours = errno_name(no, buf);
		if (libc && strcmp(libc, "ENOTSUP") != 0)
			assert_string_equal(ours, libc);
		else if (!libc && no != 524)
			assert_ptr_equal(ours, buf);
	}
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_text),
		cmocka_unit_test(first_error_wins),
		cmocka_unit_test(system_error_names_errno),
		cmocka_unit_test(names_stay_in_the_line),
		cmocka_unit_test(places_go_in_front),
		cmocka_unit_test(first_hint_stays),
		cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(out_of_memory),
		cmocka_unit_test(names_of_errnos),
	};
	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
