/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "call_text.h"

#include "elf/base/format.h"

#include "elf/base/insn.h"
#include "elf/base/text.h"
#include "loader/plan/abi.h"
#include "loader/plan/kernel_fs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { VALUE_MAX = 160 };

static const char *const slot_kinds[SLOT_KINDS] = {
	[SLOT_BTF] = "types",
	[SLOT_MAP] = "map",
	[SLOT_PROG] = "program",
	[SLOT_LINK] = "link of",
	[SLOT_PERF] = "",
	[SLOT_FILE] = "",
	[SLOT_NUMBER] = "",
};

/* "map 'counts'", "perf event" */
static void add_object(const struct plan_slot *s, char *buf, size_t size)
{
	const char *kind = slot_kinds[s->kind];
	if (s->kind == SLOT_BTF || !*kind)
		text_add(buf, size, "%s", s->name);
	else
		text_add(buf, size, "%s '%s'", kind, s->name);
}

void slot_text(const struct plan *p, int slot, char *buf, size_t size)
{
	text_print(buf, size, "%s", p->slots[slot].kind == SLOT_NUMBER ? "" : "fd of ");
	add_object(&p->slots[slot], buf, size);
}

void slot_add_name(const struct plan *p, int slot, char *buf, size_t size)
{
	text_add(buf, size, " (");
	add_object(&p->slots[slot], buf, size);
	text_add(buf, size, ")");
}

bool blob_is_text(const struct plan_blob *b)
{
	if (!b->bytes || !b->size || b->bytes[b->size - 1])
		return false;
	for (uint32_t i = 0; i + 1 < b->size; i++)
		if (b->bytes[i] < ' ' || b->bytes[i] > '~')
			return false;
	return b->size > 1;
}

void blob_text(const struct plan *p, int blob, char *buf, size_t size)
{
	const struct plan_blob *b = &p->blobs[blob];
	if (!b->bytes)
		text_print(buf, size, "room for %" PRIu32 " bytes", b->size);
	else if (blob_is_text(b) && b->size < 64)
		text_print(buf, size, "\"%s\"", (const char *)b->bytes);
	else if ((b->size == 4 || b->size == 8) &&
		 (!strcmp(b->what, "key") || !strcmp(b->what, "value")))
		text_print(buf, size, "&%" PRIu64, bytes_get(b->bytes, b->size, p->big));
	else if (!strcmp(b->what, "insns"))
		text_print(buf, size, "%" PRIu32 " instructions", b->size / INSN_SIZE);
	else
		text_print(buf, size, "%s, %" PRIu32 " bytes", b->what, b->size);
}

/* ---- arguments ---- */

/* Names of constants in arguments and commands. */
struct constant {
	int64_t value;
	const char *name;
};

static const struct constant families[] = {{AF_PACKET, "AF_PACKET"}, {0}};
static const struct constant socket_types[] = {{SOCK_RAW, "SOCK_RAW"}, {0}};
static const struct constant options[] = {{SO_RCVBUF, "SO_RCVBUF"},
	{SO_ATTACH_BPF, "SO_ATTACH_BPF"}, {SO_DETACH_BPF, "SO_DETACH_BPF"},
	{SO_ATTACH_REUSEPORT_EBPF, "SO_ATTACH_REUSEPORT_EBPF"},
	{SO_DETACH_REUSEPORT_BPF, "SO_DETACH_REUSEPORT_BPF"}, {0}};

static const char *constant_name(const struct constant *list, int64_t value)
{
	for (; list->name; list++)
		if (list->value == value)
			return list->name;
	return NULL;
}

/* The requests for perf events, by their numbers. */
static const char *request_name(uint32_t request)
{
	static const char *const names[] = {"PERF_EVENT_IOC_ENABLE", "PERF_EVENT_IOC_DISABLE",
		"PERF_EVENT_IOC_REFRESH", "PERF_EVENT_IOC_RESET", "PERF_EVENT_IOC_PERIOD",
		"PERF_EVENT_IOC_SET_OUTPUT", "PERF_EVENT_IOC_SET_FILTER", "PERF_EVENT_IOC_ID",
		"PERF_EVENT_IOC_SET_BPF", "PERF_EVENT_IOC_PAUSE_OUTPUT", "PERF_EVENT_IOC_QUERY_BPF",
		"PERF_EVENT_IOC_MODIFY_ATTRIBUTES"};
	bool known =
		(request >> 8 & 0xff) == '$' && (request & 0xff) < sizeof names / sizeof *names;
	return known ? names[request & 0xff] : NULL;
}

static void number_text(enum step_arg kind, int64_t value, char *buf, size_t size)
{
	const char *name = kind == ARG_FAMILY ? constant_name(families, value)
	                   : kind == ARG_TYPE ? constant_name(socket_types, value)
	                                      : NULL;
	if (name)
		text_print(buf, size, "%s", name);
	else if (kind == ARG_MODE && value >= 0)
		text_print(buf, size, "0%u%u%u", (unsigned)(value >> 6 & 7),
			(unsigned)(value >> 3 & 7), (unsigned)(value & 7));
	else if (kind == ARG_HEX)
		text_print(buf, size, "%#" PRIx64, (uint64_t)value);
	else
		text_print(buf, size, "%" PRId64,
			kind == ARG_MAP_STEP || kind == ARG_LINK_STEP ? value + 1 : value);
}

static void arg_text(const struct plan *p, enum step_arg kind, const struct plan_arg *a,
	const struct slot_style *style, char *buf, size_t size)
{
	const struct exec *live = style->live;
	if (a->slot != PLAN_NONE && !live)
		slot_text(p, a->slot, buf, size);
	else if (a->blob != PLAN_NONE && kind == ARG_LINE)
		text_print(buf, size, "\"%s\"", (const char *)p->blobs[a->blob].bytes);
	else if (a->blob != PLAN_NONE)
		blob_text(p, a->blob, buf, size);
	else
		number_text(kind, a->slot == PLAN_NONE ? a->value : live->slots[a->slot].value, buf,
			size);
	if (a->slot != PLAN_NONE && style->named)
		slot_add_name(p, a->slot, buf, size);
}

static const char *cmd_name(const struct plan_step *s)
{
	switch (step_op_info(s->op)->cmd) {
	case CMD_BPF:
		return abi_name(ABI_CMDS, s->cmd);
	case CMD_IOCTL:
		return request_name(s->cmd);
	case CMD_OPTION:
		return constant_name(options, s->cmd);
	default:
		return kfs_name(s->cmd);
	}
}

/* ---- calls ---- */

struct call {
	const struct plan *plan;
	const struct plan_step *step;
	const struct slot_style *style;
};

/* Expands the n characters between braces. False if the argument does not exist. */
static bool expand(const struct call *c, const char *word, size_t n, char buf[static VALUE_MAX])
{
	const struct plan_step *s = c->step;
	const char *name;
	if (n == 1) {
		int i = *word - '0';
		enum step_arg kind = step_op_info(s->op)->args[i];
		arg_text(c->plan, kind, &s->args[i], c->style, buf, VALUE_MAX);
		return kind != ARG_MAYBE_BYTES || s->args[i].blob != PLAN_NONE;
	}
	if (!strncmp(word, "size", n)) {
		text_print(buf, VALUE_MAX, "%" PRIu32, c->plan->blobs[s->attr].size);
		return true;
	}
	name = cmd_name(s);
	if (name)
		text_print(buf, VALUE_MAX, "%s", name);
	else
		text_print(buf, VALUE_MAX, "%#" PRIx32, s->cmd);
	return step_op_info(s->op)->cmd != CMD_PATH || name;
}

void call_text(const struct plan *p, const struct plan_step *s, const char *attr,
	const struct slot_style *style, char *buf, size_t size)
{
	const struct call c = {p, s, style};
	char value[VALUE_MAX];
	size_t n = 0, optional = SIZE_MAX; /* where text in brackets began */
	bool dropped = false;
	for (const char *t = step_op_info(s->op)->text; *t && n < size; t++) {
		if (*t == '[') {
			optional = n;
			dropped = false;
		} else if (*t == ']') {
			n = dropped ? optional : n;
		} else if (*t == '{') {
			size_t word = strcspn(t + 1, "}");
			bool whole = word == strlen("attr") && !strncmp(t + 1, "attr", word);
			dropped |= !whole && !expand(&c, t + 1, word, value);
			n += (size_t)text_print(buf + n, size - n, "%s", whole ? attr : value);
			t += word + 1;
		} else {
			n += (size_t)text_print(buf + n, size - n, "%c", *t);
		}
	}
	buf[n < size ? n : size - 1] = 0;
}

const char *call_name(const struct plan *p, const struct plan_step *s)
{
	const struct step_op_info *op = step_op_info(s->op);
	const struct plan_blob *first =
		s->args[0].blob == PLAN_NONE ? NULL : &p->blobs[s->args[0].blob];
	if (op->cmd == CMD_BPF)
		return abi_name(ABI_CMDS, s->cmd);
	if (*op->name || !first)
		return op->name;
	return op->args[0] == ARG_MESSAGE ? first->what : (const char *)first->bytes;
}

void call_command(const struct plan *p, const struct plan_step *s, char buf[static 48])
{
	unsigned kind = step_op_info(s->op)->cmd;
	bool numbered = kind == CMD_BPF || kind == CMD_IOCTL || kind == CMD_OPTION;
	const char *name = numbered ? cmd_name(s) : call_name(p, s);
	if (name)
		text_print(buf, 48, "%.*s", (int)strcspn(name, ","), name);
	else
		text_print(buf, 48, "%s %#" PRIx32, step_op_info(s->op)->name, s->cmd);
}
