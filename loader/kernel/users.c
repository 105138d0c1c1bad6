/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "users.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "file.h"

#include <string.h>

/* A line "NAME:PASSWORD:NUMBER:..." */
struct line {
	const char *name;
	size_t n; /* length of the name */
	uint32_t number;
};

/* Takes a line of the text between at and end; false if there is none. Malformed ones are skipped. */
static bool next_line(const char **at, const char *end, struct line *l)
{
	while (*at < end) {
		const char *start = *at, *stop = memchr(start, '\n', (size_t)(end - start));
		if (!stop)
			return false; /* a number may end with the text */
		*at = stop + 1;
		const char *colon = memchr(start, ':', (size_t)(stop - start));
		const char *second =
			colon ? memchr(colon + 1, ':', (size_t)(stop - colon - 1)) : NULL;
		char *after;
		uint64_t number = second ? text_u64(second + 1, &after, 10) : 0;
		if (!second || after == second + 1 || *after != ':' || number >= UINT32_MAX)
			continue;
		*l = (struct line){start, (size_t)(colon - start), (uint32_t)number};
		return true;
	}
	return false;
}

static bool open_file(const char *path, struct span *text, const char **at)
{
	struct err ignored = {0};
	bool ok = file_read(path, text, &ignored);
	*at = (const char *)text->p;
	return ok;
}

static bool find_number(const char *path, const char *name, size_t n, uint32_t *out)
{
	struct span text = {0};
	struct line l;
	const char *at;
	bool found = false;
	if (!open_file(path, &text, &at))
		return false;
	while (!found && next_line(&at, (const char *)text.p + text.n, &l)) {
		found = l.n == n && !memcmp(l.name, name, n);
		*out = l.number;
	}
	file_free(&text);
	return found;
}

/* A name of n bytes, or a number. */
static bool parse(
	const char *path, const char *what, const char *name, size_t n, int *out, struct err *e)
{
	char *end;
	uint32_t number;
	uint64_t v = *name >= '0' && *name <= '9' ? text_u64(name, &end, 10) : UINT64_MAX;
	if (v != UINT64_MAX && end == name + n && v <= INT32_MAX) {
		*out = (int)v;
		return true;
	}
	if (!find_number(path, name, n, &number) || number > INT32_MAX)
		return err_set(e, "there is no %s '%.*s' in %s", what, (int)n, name, path);
	*out = (int)number;
	return true;
}

bool users_parse(const char *text, int *uid, int *gid, struct err *e)
{
	size_t n = strcspn(text, ":");
	*uid = *gid = -1;
	if (!*text || (!n && !text[1]))
		return err_set(e, "expected USER, USER:GROUP or :GROUP, got '%s'", text);
	return (!n || parse("/etc/passwd", "user", text, n, uid, e)) &&
	       (!text[n] ||
		       parse("/etc/group", "group", text + n + 1, strlen(text + n + 1), gid, e));
}

char *user_name(uint32_t uid, char buf[static USER_NAME_MAX])
{
	struct span text = {0};
	struct line l;
	const char *at;
	text_print(buf, USER_NAME_MAX, "%u", uid);
	if (!open_file("/etc/passwd", &text, &at))
		return buf;
	while (next_line(&at, (const char *)text.p + text.n, &l))
		if (l.number == uid) {
			text_print(buf, USER_NAME_MAX, "%.*s", (int)l.n, l.name);
			break;
		}
	file_free(&text);
	return buf;
}
