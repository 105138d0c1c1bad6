/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"
#include "map_types.h"

#include "elf/base/number.h"
#include "loader/kernel/cpus.h"
#include "loader/kernel/live_map.h"
#include "loader/kernel/map_write.h"
#include "loader/show/clean.h"
#include "loader/show/map_list.h"
#include "loader/show/map_view.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <string.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde map [list]                   list all maps in the kernel\n"
	"       sonde map dump MAP                 print all entries\n"
	"       sonde map get MAP KEY              print one entry\n"
	"       sonde map set MAP KEY VALUE        create or update an entry\n"
	"       sonde map set MAP VAR=VALUE        set a variable of a data section\n"
	"       sonde map delete MAP KEY           delete an entry\n"
	"       sonde map push MAP VALUE           push onto a queue or stack\n"
	"       sonde map pop MAP                  pop from a queue or stack\n"
	"\n"
	"MAP is an id, a pinned path or a name. Keys and values are written as they are\n"
	"printed, according to their BTF types (docs/values.md):\n"
	"\n"
	"  5, -5, 0x5, 0b101    numbers; 1.5, true, 'a', names of enumerators, 10.0.0.2\n"
	"  text, \"a, b\\n\"      char arrays\n"
	"  [1, 2, 0 (x6)]       arrays; [02 42 ac] and 02:42:ac:11:00:02: bytes\n"
	"  a=1,b[2].c=3         parts of a value, the others are kept; {a = 1, b = 2}\n"
	"  10.1.0.0/16          keys of LPM tries\n"
	"  ID, PATH             values of maps of programs and of maps\n"
	"  5, 0a0b0c            without BTF: a number, or bytes in hexadecimal\n"
	"\n"
	"Entries are sorted; those of large maps are printed as they are read, in the\n"
	"kernel's order. Negative numbers are no options; -- ends the options.\n"
	"\n"
	"  -j, --json           one JSON object per line\n"
	"  -v                   per-CPU maps: the value of each CPU, too\n"
	"  -c, --cpu NUMBER     set: the value of this CPU only, not of each\n"
	"      --event MAP=STRUCT  type of the values, if the kernel has none or a wrong\n"
	"                       one; found in --types, --debug, or the kernel\n"
	"      --types FILE     types for --event: a C header (requires clang), an object\n"
	"                       or other ELF file with BTF or DWARF, or raw BTF\n"
	"      --debug FILE     the object that the map is from: types of keys and values\n"
	"\n"
	"examples:\n"
	"  sonde map dump exec_count\n"
	"  sonde map set /sys/fs/bpf/gate/map/allowed 1000 1\n"
	"  sonde map set 17 min_ns=1000000\n"
	"  sonde map set routes 10.1.0.0/16 'gateway=10.0.0.1,metric[0]=-1'\n"
	"  sonde map set jumps 2 /sys/fs/bpf/parser\n"
	"  sonde map dump flows --types flow.h --event flows=flow\n";

struct map_args {
	struct session s;
	struct live_map map;
	struct cmd_records records; /* options about its types */
	struct record_args types;
	unsigned cpus;
	int cpu; /* or MAP_ALL_CPUS */
	bool json, verbose, full;
	char **words; /* of the command line, without options */
	int n_words;
};

/* ---- list ---- */

static bool list(struct map_args *a, struct err *e)
{
	FILE *out = a->json ? stdout : clean_open(stdout, false);
	bool ok = out ? maps_list(&a->s.watch, a->json, out, &a->s.arena, e) : err_nomem(e);
	clean_close(out, stdout);
	return ok;
}

/* ---- entries ---- */

static struct map_view view_of(const struct map_args *a)
{
	return (struct map_view){.info = &a->map.info,
		.btf = a->map.has_types ? &a->map.btf : NULL,
		.key_type = a->map.key_type,
		.value_type = a->map.value_type,
		.cpus = a->verbose};
}

static bool show(struct map_args *a, const struct map_entries *entries, struct err *e)
{
	const struct map_view view = view_of(a);
	if (a->json)
		return map_view_json(stdout, &view, entries, &a->s.arena, e);
	return map_view_text(stdout, &view, entries, NULL, 0, &a->s.arena, e);
}

static bool dump(struct map_args *a, struct err *e)
{
	const struct map_view view = view_of(a);
	const struct map_handle m = {&a->s.watch, a->map.fd, a->cpus};
	return map_dump(stdout, &view, &m, a->json, &a->s.arena, e);
}

static struct map_writer writer(struct map_args *a)
{
	return (struct map_writer){.map = &a->map,
		.cpus = a->cpus,
		.cpu = a->cpu,
		.watch = &a->s.watch,
		.arena = &a->s.arena};
}

static uint8_t *parse_key(struct map_args *a, const char *text, struct err *e)
{
	const struct map_writer w = writer(a);
	uint8_t *key = map_write_key(&w, text, e);
	if (!key && a->map.data)
		err_hint(e, "it has one entry, with variables: 'map dump' shows them, "
			    "'map set MAP NAME=VALUE' sets one");
	return key;
}

/* Shown as a snapshot with one entry. */
static bool get(struct map_args *a, const char *key, struct err *e)
{
	const struct map_info *info = &a->map.info;
	uint8_t *k = parse_key(a, key, e);
	uint8_t *v = arena_alloc(&a->s.arena, map_value_room(info, a->cpus));
	if (!k || !v)
		return e->set ? false : err_nomem(e);
	long r = map_lookup(&a->s.watch, a->map.fd, k, v, 0);
	if (r < 0)
		return r == -ENOENT
		               ? err_set(e, "map '%s' has no entry with key %s", info->name, key)
		               : err_sys(e, (int)-r, "map '%s'", info->name);
	const struct map_entries one = {.n = 1,
		.key_size = info->key_size,
		.value_size = info->value_size,
		.stride = map_value_stride(info),
		.cpus = map_is_percpu(info->type) ? a->cpus : 1,
		.keys = k,
		.values = v};
	return show(a, &one, e);
}

static bool delete (struct map_args *a, const char *key, struct err *e)
{
	uint8_t *k = parse_key(a, key, e);
	long r = k ? map_delete(&a->s.watch, a->map.fd, k) : 0;
	if (k && r == -ENOENT)
		return err_set(e, "map '%s' has no entry with key %s", a->map.name, key);
	if (k && r < 0) {
		err_sys(e, (int)-r, "map '%s'", a->map.name);
		return r == -EINVAL ? err_hint(e, "array elements can be set, not deleted") : false;
	}
	return k != NULL;
}

static bool pop(struct map_args *a, struct err *e)
{
	const struct map_info *info = &a->map.info;
	uint8_t *v = arena_alloc(&a->s.arena, map_value_room(info, a->cpus));
	if (!v)
		return err_nomem(e);
	if (map_access(info->type) != MAP_PEEK)
		return err_set(e, "map '%s' is not a queue or stack", info->name);
	long r = map_take(&a->s.watch, a->map.fd, NULL, v, 0);
	if (r < 0)
		return r == -ENOENT ? err_set(e, "map '%s' is empty", info->name)
		                    : err_sys(e, (int)-r, "map '%s'", info->name);
	const struct map_entries one = {.n = 1,
		.value_size = info->value_size,
		.stride = info->value_size,
		.cpus = 1,
		.values = v};
	return show(a, &one, e);
}

static bool set(struct map_args *a, char **words, int n, struct err *e)
{
	const struct map_writer w = writer(a);
	bool named = a->map.data && n == 2 && (*words[0] < '0' || *words[0] > '9');
	if (named && strchr(words[0], '='))
		return map_write_variable(&w, words[0], e) && map_write_variable(&w, words[1], e);
	if (named) {
		const char *text = arena_printf(&a->s.arena, "%s=%s", words[0], words[1]);
		return text ? map_write_variable(&w, text, e) : err_nomem(e);
	}
	if (n == 2)
		return map_write_element(&w, words[0], words[1], e);
	if (!a->map.data) {
		err_set(e, "map '%s' has keys: a key and a value are required", a->map.name);
		return err_hint(e, "sonde map set MAP KEY VALUE");
	}
	return map_write_variable(&w, words[0], e);
}

static bool push(struct map_args *a, const char *value, struct err *e)
{
	const struct map_writer w = writer(a);
	if (map_access(a->map.info.type) != MAP_PEEK)
		return err_set(e, "map '%s' is not a queue or stack", a->map.name);
	return map_write_element(&w, NULL, value, e);
}

/* ---- actions ---- */

enum action { LIST, DUMP, GET, SET, DELETE, PUSH, POP };

/* Options that only some actions have. */
enum { TAKES_JSON = 1, TAKES_CPUS = 2, TAKES_CPU = 4, TAKES_TYPES = 8, SHOWS = 1 | 2 | 8 };
static const char *const option_names[] = {"--json", "-v", "--cpu", "--event, --types or --debug"};

/* least, most: number of arguments after MAP. */
static const struct action_row {
	const char *name;
	enum action action;
	int8_t least, most;
	uint8_t takes;
} actions[] = {{"list", LIST, -1, -1, TAKES_JSON}, {"dump", DUMP, 0, 0, SHOWS},
	{"show", DUMP, 0, 0, SHOWS}, {"get", GET, 1, 1, SHOWS},
	{"set", SET, 1, 2, TAKES_CPU | TAKES_TYPES}, {"update", SET, 1, 2, TAKES_CPU | TAKES_TYPES},
	{"delete", DELETE, 1, 1, TAKES_TYPES}, {"push", PUSH, 1, 1, TAKES_TYPES},
	{"pop", POP, 0, 0, SHOWS & ~TAKES_CPUS}};

static bool act(struct map_args *a, enum action action, char **words, int n, struct err *e)
{
	switch (action) {
	case LIST:
		return list(a, e);
	case DUMP:
		return dump(a, e);
	case GET:
		return get(a, words[0], e);
	case SET:
		return set(a, words, n, e);
	case DELETE:
		return delete (a, words[0], e);
	case PUSH:
		return push(a, words[0], e);
	default:
		return pop(a, e);
	}
}

static int go(struct map_args *a, enum action action, char **words, int n)
{
	struct err e = {0};
	a->map.fd = -1;
	bool ok = session_open(&a->s, NULL, &e);
	if (ok && action != LIST) {
		ok = live_map_open(&a->map, words[0], &a->s.watch, &a->s.arena, &e) &&
		     map_types_choose(&a->types, &a->map, words[0], &a->records, &a->s, &e);
		a->cpus = ok && map_is_percpu(a->map.info.type) ? cpus_possible(&a->s.kfs) : 1;
		words++;
		n--;
	}
	ok = ok && act(a, action, words, n, &e);
	live_map_close(&a->map);
	record_args_close(&a->types);
	int status = ok ? cmd_finish() : cmd_fail(&e);
	session_close(&a->s);
	return status;
}

/* An option begins with - and is neither - alone nor a negative number. */
static bool is_option(const char *word)
{
	return word[0] == '-' && word[1] && !strchr(".0123456789", word[1]);
}

/* Takes options and words in any order. Returns OPTION_TAKEN, else the exit status. */
static int parse(const struct verb *v, struct map_args *a, int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'},
		{"verbose", no_argument, NULL, 'v'}, {"cpu", required_argument, NULL, 'c'},
		CMD_RECORD_OPTIONS, CMD_HELP, {0}};
	a->words = argv + 1; /* words move to the front */
	while (optind < argc) {
		char *end, *word = argv[optind];
		unsigned long cpu;
		if (!is_option(word)) {
			a->words[a->n_words++] = word;
			optind++;
			continue;
		}
		int c = cmd_option(argc, argv, "+jvc:h", options);
		switch (c) {
		case 'j':
			a->json = true;
			break;
		case 'v':
			a->verbose = true;
			break;
		case 'c':
			cpu = text_ulong(optarg, &end, 10);
			if (end == optarg || *end || *optarg == '-' || cpu > INT_MAX)
				return cmd_usage(v, "--cpu expects a number, got '%s'", optarg);
			a->cpu = (int)cpu;
			break;
		case 'h':
			return cmd_help(v);
		case -1: /* -- */
			while (optind < argc)
				a->words[a->n_words++] = argv[optind++];
			break;
		default:
			if (!cmd_record_option(&a->records, c, optarg, &a->full))
				return cmd_usage(v, NULL);
		}
	}
	return cmd_record_check(v, &a->records, a->full);
}

/* Refuses options that the action does not have. Returns OPTION_TAKEN, else the exit status. */
static int check_options(
	const struct verb *v, const struct map_args *a, const struct action_row *action)
{
	const struct cmd_records *r = &a->records;
	unsigned given = (a->json ? TAKES_JSON : 0) | (a->verbose ? TAKES_CPUS : 0) |
	                 (a->cpu != MAP_ALL_CPUS ? TAKES_CPU : 0) |
	                 (r->events.n || r->types || r->debug ? TAKES_TYPES : 0);
	return cmd_check_options(v, action->name, given & ~action->takes, option_names);
}

static int run(const struct verb *v, int argc, char **argv)
{
	struct map_args a = {.cpu = MAP_ALL_CPUS};
	int status = parse(v, &a, argc, argv);
	if (status != OPTION_TAKEN)
		return status;
	const char *word = a.n_words ? a.words[0] : "list";
	int n = a.n_words ? a.n_words - 2 : -1; /* arguments after MAP */
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		if (strcmp(word, actions[i].name))
			continue;
		if (n < actions[i].least)
			return cmd_usage(v, "%s: %s", word,
				n < 0 ? "no map given" : "missing argument after the map");
		if (n > actions[i].most)
			return cmd_usage(v, "%s: too many arguments", word);
		status = check_options(v, &a, &actions[i]);
		if (status != OPTION_TAKEN)
			return status;
		return go(&a, actions[i].action, a.words + 1, a.n_words - 1);
	}
	return cmd_usage(
		v, "unknown action '%s': expected list, dump, get, set, delete, push or pop", word);
}

const struct verb verb_map = {"map", "list, dump, read and write maps in the kernel", usage, run};
