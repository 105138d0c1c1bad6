/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"
#include "map_create.h"
#include "map_types.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "loader/kernel/cpus.h"
#include "loader/kernel/live_map.h"
#include "loader/kernel/map_write.h"
#include "loader/live/map_facts.h"
#include "loader/show/clean.h"
#include "loader/show/map_list.h"
#include "loader/show/map_view.h"
#include "loader/show/terminal.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <string.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde map [list]                   list all maps in the kernel\n"
	"       sonde map show [MAP]               print all facts about a map\n"
	"       sonde map dump MAP                 print all entries\n"
	"       sonde map get MAP KEY              print one entry (or: lookup)\n"
	"       sonde map getnext MAP [KEY]        print the entry after KEY, or the 1st\n"
	"       sonde map set MAP KEY VALUE        create or update an entry (update)\n"
	"       sonde map set MAP VAR=VALUE        set a variable of a data section\n"
	"       sonde map delete MAP KEY           delete an entry\n"
	"       sonde map push MAP VALUE           push onto a queue or stack (enqueue)\n"
	"       sonde map pop MAP                  pop from a queue or stack (dequeue)\n"
	"       sonde map peek MAP                 print what pop would return\n"
	"       sonde map freeze MAP               make it read-only for user space\n"
	"       sonde map pin MAP PATH             pin in a bpf file system\n"
	"       sonde map create PATH type TYPE key BYTES value BYTES entries NUMBER\n"
	"                        [name NAME] [flags NUMBER]\n"
	"\n"
	"MAP is an id, a pinned path or a name, or one of: id N, pinned PATH, name NAME.\n"
	"Keys and values, which 'key' and 'value' may precede, are written as they are\n"
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
	"  sonde map lookup id 17 key 1000\n"
	"  sonde map create /sys/fs/bpf/m type hash key 4 value 8 entries 64 name m\n"
	"  sonde map set /sys/fs/bpf/gate/map/allowed 1000 1\n"
	"  sonde map set 17 min_ns=1000000\n"
	"  sonde map set routes 10.1.0.0/16 'gateway=10.0.0.1,metric[0]=-1'\n"
	"  sonde map set jumps 2 /sys/fs/bpf/parser\n"
	"  sonde map dump flows --types flow.h --event flows=flow\n";

struct map_args {
	struct session s;
	struct live_ref ref;
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

static bool list(struct map_args *a, char **words, int n, struct err *e)
{
	(void)words, (void)n;
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

static bool dump(struct map_args *a, char **words, int n, struct err *e)
{
	(void)words, (void)n;
	const struct map_view view = view_of(a);
	const struct map_handle m = {&a->s.watch, a->map.fd, a->cpus};
	char text[80];
	text_print(text, sizeof text, "reading map %s", a->map.info.name);
	clean_text(text);
	if (!terminal_width(stdout)) /* else its rows tell */
		progress_tell(&a->s.progress, text);
	bool ok = map_dump(stdout, &view, &m, a->json, &a->s.arena, e);
	progress_end(&a->s.progress);
	return ok;
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

/* Shows the entry with the key k as a snapshot of one. text: the key, for messages. */
static bool show_entry(struct map_args *a, uint8_t *k, const char *text, struct err *e)
{
	const struct map_info *info = &a->map.info;
	uint8_t *v = k ? arena_alloc(&a->s.arena, map_value_room(info, a->cpus)) : NULL;
	if (!k || !v)
		return e->set ? false : err_nomem(e);
	long r = map_lookup(&a->s.watch, a->map.fd, k, v, 0);
	if (r < 0)
		return r == -ENOENT
		               ? err_set(e, "map '%s' has no entry with key %s", info->name, text)
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

static bool get(struct map_args *a, char **words, int n, struct err *e)
{
	(void)n;
	return show_entry(a, parse_key(a, words[0], e), words[0], e);
}

static bool get_next(struct map_args *a, char **words, int n, struct err *e)
{
	const uint8_t *key = n ? parse_key(a, words[0], e) : NULL;
	uint8_t *next = arena_alloc(&a->s.arena, a->map.info.key_size);
	if (e->set || !next)
		return e->set ? false : err_nomem(e);
	long r = map_next_key(&a->s.watch, a->map.fd, key, next);
	if (r == -ENOENT && n)
		return err_set(e, "map '%s' has no entry after key %s", a->map.name, words[0]);
	if (r == -ENOENT)
		return err_set(e, "map '%s' is empty", a->map.name);
	return r < 0 ? err_sys(e, (int)-r, "map '%s'", a->map.name) : show_entry(a, next, "", e);
}

static bool delete (struct map_args *a, char **words, int n, struct err *e)
{
	(void)n;
	const char *key = words[0];
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

/* take: removes it. */
static bool show_head(struct map_args *a, bool take, struct err *e)
{
	const struct map_info *info = &a->map.info;
	uint8_t *v = arena_alloc(&a->s.arena, map_value_room(info, a->cpus));
	if (!v)
		return err_nomem(e);
	if (map_access(info->type) != MAP_PEEK)
		return err_set(e, "map '%s' is not a queue or stack", info->name);
	long r = take ? map_take(&a->s.watch, a->map.fd, NULL, v, 0)
	              : map_lookup(&a->s.watch, a->map.fd, NULL, v, 0);
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

static bool pop(struct map_args *a, char **words, int n, struct err *e)
{
	(void)words, (void)n;
	return show_head(a, true, e);
}

static bool peek(struct map_args *a, char **words, int n, struct err *e)
{
	(void)words, (void)n;
	return show_head(a, false, e);
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

static bool push(struct map_args *a, char **words, int n, struct err *e)
{
	(void)n;
	const struct map_writer w = writer(a);
	if (map_access(a->map.info.type) != MAP_PEEK)
		return err_set(e, "map '%s' is not a queue or stack", a->map.name);
	return map_write_element(&w, NULL, words[0], e);
}

/* ---- the map itself ---- */

static bool facts(struct map_args *a, char **words, int n, struct err *e)
{
	struct live l;
	FILE *out = a->json ? stdout : clean_open(stdout, false);
	(void)words, (void)n;
	if (!out)
		return err_nomem(e);
	live_open(&l, &a->s.target, a->json, out);
	bool ok = map_facts(&l, &a->map, e);
	clean_close(out, stdout);
	return ok;
}

static bool pin(struct map_args *a, char **words, int n, struct err *e)
{
	(void)n;
	return live_pin(LIVE_MAP, a->map.fd, words[0], &a->s.watch, e);
}

static bool freeze(struct map_args *a, char **words, int n, struct err *e)
{
	(void)words, (void)n;
	long r = map_freeze(&a->s.watch, a->map.fd);
	if (r >= 0)
		return true;
	err_sys(e, (int)-r, "freeze map '%s'", a->map.name);
	return err_hint(e, "a map that is frozen already, or mapped writable, can't be frozen");
}

static bool create(struct map_args *a, char **words, int n, struct err *e)
{
	return map_create_pinned(words, n, &a->s.watch, e);
}

/* ---- actions ---- */

/* Options that only some actions have. */
enum { TAKES_JSON = 1, TAKES_CPUS = 2, TAKES_CPU = 4, TAKES_TYPES = 8, SHOWS = 1 | 2 | 8 };
static const char *const option_names[] = {"--json", "-v", "--cpu", "--event, --types or --debug"};

enum { NO_MAP = -1, MANY = 16 };

/* least, most: number of arguments after MAP; least NO_MAP: no map is opened. */
static const struct action {
	const char *name, *alias; /* alias: bpftool's word, or "" */
	bool (*run)(struct map_args *a, char **words, int n, struct err *e);
	int8_t least, most;
	uint8_t takes;
} actions[] = {{"list", "", list, NO_MAP, NO_MAP, TAKES_JSON},
	{"show", "", facts, 0, 0, TAKES_JSON | TAKES_TYPES}, {"dump", "", dump, 0, 0, SHOWS},
	{"get", "lookup", get, 1, 1, SHOWS}, {"getnext", "", get_next, 0, 1, SHOWS},
	{"set", "update", set, 1, 2, TAKES_CPU | TAKES_TYPES},
	{"delete", "", delete, 1, 1, TAKES_TYPES}, {"push", "enqueue", push, 1, 1, TAKES_TYPES},
	{"pop", "dequeue", pop, 0, 0, SHOWS & ~TAKES_CPUS},
	{"peek", "", peek, 0, 0, SHOWS & ~TAKES_CPUS}, {"pin", "", pin, 1, 1, 0},
	{"freeze", "", freeze, 0, 0, 0}, {"create", "", create, NO_MAP, MANY, 0}};

static int go(struct map_args *a, const struct action *action, char **words, int n)
{
	struct err e = {0};
	a->map.fd = -1;
	bool ok = session_open(&a->s, NULL, &e);
	if (ok && action->least != NO_MAP) {
		ok = live_map_open_ref(&a->map, &a->ref, &a->s.watch, &a->s.arena, &e) &&
		     map_types_choose(&a->types, &a->map, a->ref.text, &a->records, &a->s, &e);
		a->cpus = ok && map_is_percpu(a->map.info.type) ? cpus_possible(&a->s.kfs) : 1;
	}
	ok = ok && action->run(a, words, n, &e);
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
	const struct verb *v, const struct map_args *a, const struct action *action)
{
	const struct cmd_records *r = &a->records;
	unsigned given = (a->json ? TAKES_JSON : 0) | (a->verbose ? TAKES_CPUS : 0) |
	                 (a->cpu != MAP_ALL_CPUS ? TAKES_CPU : 0) |
	                 (r->events.n || r->types || r->debug ? TAKES_TYPES : 0);
	return cmd_check_options(v, action->name, given & ~action->takes, option_names);
}

/* Drops "key" before the key and "value" before the value, as bpftool has them. */
static int drop_keywords(char **words, int n)
{
	int kept = 0;
	for (int i = 0; i < n; i++)
		if (i + 1 == n || kept > 1 ||
			(strcmp(words[i], "value") != 0 && (kept || strcmp(words[i], "key") != 0)))
			words[kept++] = words[i];
		else
			words[kept++] = words[++i];
	return kept;
}

/* Takes MAP and counts the other words. Returns OPTION_TAKEN, else the exit status. */
static int parse_words(
	const struct verb *v, struct map_args *a, const struct action *action, const char *word)
{
	struct err e = {0};
	if (action->least != NO_MAP) {
		int taken = live_ref_parse(&a->ref, a->words, a->n_words, action->least, &e);
		if (!taken)
			return cmd_usage(v, "%s: %s", word, a->n_words ? e.text : "no map given");
		a->words += taken;
		a->n_words = drop_keywords(a->words, a->n_words - taken);
		if (a->n_words < action->least)
			return cmd_usage(v, "%s: missing argument after the map", word);
	}
	if (a->n_words > (action->most == NO_MAP ? 0 : action->most))
		return cmd_usage(v, "%s: too many arguments", word);
	return check_options(v, a, action);
}

static int run(const struct verb *v, int argc, char **argv)
{
	struct map_args a = {.cpu = MAP_ALL_CPUS};
	int status = parse(v, &a, argc, argv);
	if (status != OPTION_TAKEN)
		return status;
	const char *word = a.n_words ? a.words[0] : "list";
	a.words++;
	a.n_words -= a.n_words > 0;
	if (!strcmp(word, "show") && !a.n_words)
		word = "list";
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
		if (strcmp(word, actions[i].name) && strcmp(word, actions[i].alias))
			continue;
		status = parse_words(v, &a, &actions[i], word);
		return status == OPTION_TAKEN ? go(&a, &actions[i], a.words, a.n_words) : status;
	}
	return cmd_usage(v, "unknown action '%s'", word);
}

const struct verb verb_map = {"map", "list, dump, read and write maps in the kernel", usage, run};
