/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
#include "cmd.h"
#include "stop.h"
#include "test_session.h"
#include "trial_data.h"

#include "elf/base/format.h"
#include "elf/base/number.h"
#include "loader/kernel/file.h"
#include "loader/show/clean.h"
#include "loader/show/json.h"
#include "loader/show/print.h"
#include "loader/trial/cases.h"
#include "loader/trial/verdict.h"

#include <getopt.h>
#include <string.h>
#include <unistd.h>

static const char usage[] PACKED_SECTION =
	"usage: sonde test [options] FILE [PACKET]\n"
	"\n"
	"Runs the programs of an object (.bpf.o) or a saved plan by BPF_PROG_TEST_RUN:\n"
	"XDP, tc, socket filters, cgroup_skb, lwt, flow dissectors, netfilter with a\n"
	"packet; sk_lookup with the lookup for one; raw tracepoints and syscall programs\n"
	"with a context. Prints the verdict, what changed in the packet, and the maps\n"
	"afterwards. Nothing is attached, and no traffic is affected.\n"
	"\n"
	"PACKET is in words, by layer (docs/test.md):\n"
	"\n"
	"  eth/ip src=10.0.0.1/tcp dport=80 syn\n"
	"  eth/vlan id=7/ip6/udp dport=53/data \"query\"\n"
	"\n"
	"Without one, the cases in --cases or, beside the object, NAME.test are run and\n"
	"reported as TAP, with status 1 if one fails. A case is a line\n"
	"\n"
	"  one address is blocked: eth/ip src=192.168.1.100/tcp -> XDP_DROP\n"
	"\n"
	"  -P, --prog NAME      run this program only\n"
	"  -d, --data DATA      instead of PACKET: a file (pcap: its first packet), or\n"
	"                       bytes in hexadecimal\n"
	"  -c, --ctx DATA       context: a file, or bytes in hexadecimal\n"
	"  -r, --repeat N       run N times, and print ns per run\n"
	"  -e, --expect VERDICT status 1 unless the program returns this: XDP_DROP, drop,\n"
	"                       TC_ACT_SHOT, 1\n"
	"      --cases FILE     file of cases\n"
	"      --no-maps        do not print maps\n"
	"  -j, --json           one JSON object per line\n" CMD_OBJECT_USAGE CMD_KERNEL_USAGE "\n"
	"examples:\n"
	"  sonde test xdpgate.bpf.o 'eth/ip src=192.168.1.100/tcp syn'\n"
	"  sonde test noping.bpf.o 'eth/ip/icmp echo' --expect XDP_DROP\n"
	"  sonde test synguard.bpf.o --repeat 1000000 'eth/ip/tcp syn'\n"
	"  sonde test synguard.bpf.o --set limit=3 --cases synguard.test\n";

enum { OPT_CASES = 256, OPT_NO_MAPS };

struct test_args {
	struct cmd_object object;
	const char *path, *prog, *words, *data, *ctx, *expect, *cases;
	uint32_t repeat;
	bool no_maps, json;
	FILE *out;
};

/* ---- input ---- */

static bool read_packet(struct packet *p, const struct test_args *a, struct err *e)
{
	static const char usual[] = "eth/ip/tcp syn";
	if (a->data)
		return trial_data(p, a->data, "--data", e);
	return packet_parse(p, a->words ? a->words : usual, e) || err_where(e, "packet");
}

/* ---- one packet ---- */

/* Reports that the program returned something else. */
static void check(const struct trial *t, const struct test_args *a, uint32_t wanted,
	const struct trial_result *r, struct err *e)
{
	const char *name = verdict_name(t->prog_type, r->retval);
	if (wanted != r->retval && name)
		err_set(e, "program '%s': expected %s, got %s", t->prog, a->expect, name);
	else if (wanted != r->retval)
		err_set(e, "program '%s': expected %s, got %u", t->prog, a->expect, r->retval);
}

static bool run_packet(struct test_session *s, const struct test_args *a, struct err *e)
{
	struct packet *packet = arena_alloc(&s->s.arena, sizeof *packet),
		      *ctx = arena_alloc(&s->s.arena, sizeof *ctx);
	if (!packet || !ctx)
		return err_nomem(e);
	if (!read_packet(packet, a, e) || (a->ctx && !trial_data(ctx, a->ctx, "--ctx", e)))
		return false;
	const struct trial_input in = {
		packet, a->ctx ? ctx->bytes : NULL, a->ctx ? (uint32_t)ctx->n : 0, a->repeat};
	struct trial t;
	struct err first = {0};
	for (size_t i = 0; test_session_next(s, a->prog, &i, &t, e); i++) {
		struct trial_result r;
		uint32_t wanted = 0;
		if (a->expect && !verdict_parse(t.prog_type, a->expect, &wanted, e))
			return err_where(e, "--expect");
		if (!trial_run(&t, &in, &r, e)) {
			/* Of several programs, the others are run. */
			if (a->prog || e->no != ENOTSUPP_KERNEL)
				return false;
			cmd_say("note", e->text);
			*e = (struct err){0};
			continue;
		}
		trial_print(&t, &in, &r, a->json, a->out);
		if (a->expect)
			check(&t, a, wanted, &r, &first);
	}
	if (e->set)
		return false;
	if (!a->no_maps && !test_session_maps(s, a->json, a->out, e))
		return false;
	*e = first;
	return !e->set;
}

/* ---- cases ---- */

struct case_result {
	bool ok;
	char why[300];
	struct arena arena;          /* of r, which is freed after the report */
	const struct packet *wanted; /* of the output that differs, or NULL */
	struct trial_result r;
};

static void judge(const struct trial *t, const struct trial_case *c, uint32_t wanted,
	struct case_result *result)
{
	const char *name = verdict_name(t->prog_type, result->r.retval);
	char number[16];
	text_print(number, sizeof number, "%u", result->r.retval);
	result->ok = result->r.retval == wanted;
	if (!result->ok) {
		text_print(result->why, sizeof result->why, "expected %s, got %s", c->verdict,
			name ? name : number);
		return;
	}
	const struct packet *p = result->wanted;
	result->ok = !p || (result->r.out && result->r.out_n == p->n &&
				   !memcmp(result->r.out, p->bytes, p->n));
	if (!result->ok)
		text_print(result->why, sizeof result->why,
			"the packet that it leaves is another one (-: expected)");
}

/* Runs one case in a session that is loaded for it. False with e set: it could not be run. */
static bool run_case(struct test_session *s, const struct test_args *a, const struct trial_case *c,
	struct case_result *result, struct err *e)
{
	struct trial t;
	uint32_t wanted;
	size_t i = 0;
	struct packet *packet = arena_alloc(&s->s.arena, sizeof *packet), *left = NULL;
	if (c->output)
		left = arena_alloc(&s->s.arena, sizeof *left);
	if (!packet || (c->output && !left))
		return err_nomem(e);
	if (!test_session_only(s, c->prog ? c->prog : a->prog, &i, &t, e) ||
		!verdict_parse(t.prog_type, c->verdict, &wanted, e))
		return false;
	if (!packet_parse(packet, c->packet, e) || (left && !packet_parse(left, c->output, e)))
		return err_where(e, "packet");
	const struct trial_input in = {.packet = packet};
	for (unsigned k = 0; k < c->n_puts && !c->continues; k++)
		if (!test_session_put(s, &c->puts[k], e))
			return false;
	t.arena = &result->arena;
	for (uint32_t n = 0; n < c->times && !stop_requested(); n++) {
		arena_free(&result->arena);
		if (!trial_run(&t, &in, &result->r, e))
			return false;
	}
	result->wanted = left;
	judge(&t, c, wanted, result);
	for (unsigned k = 0; k < c->n_maps && result->ok; k++)
		result->ok = test_session_has(s, &c->maps[k], result->why, sizeof result->why, e);
	return !e->set;
}

static void report(const struct test_args *a, const struct trial_case *c, size_t number,
	const struct case_result *result, const struct err *e)
{
	const char *why = e->set ? e->text : result->why;
	if (a->json) {
		struct json j = json_start(a->out);
		json_open(&j, '{');
		json_member_str(&j, "what", "test_case");
		json_member_str(&j, "name", c->name);
		json_member_uint(&j, "line", c->line);
		json_key(&j, "ok");
		json_bool(&j, result->ok);
		if (!result->ok)
			json_member_str(&j, "why", why);
		json_close(&j);
		json_line(&j);
		return;
	}
	print(a->out, "%sok %zu - %s\n", result->ok ? "" : "not ", number, c->name);
	if (result->ok)
		return;
	print(a->out, "# line %u: %s\n", c->line, why);
	if (e->set && *e->hint)
		print(a->out, "# hint: %s\n", e->hint);
	if (!e->set && result->wanted && result->r.out && *result->why == 't')
		trial_print_changes(result->wanted->bytes, result->wanted->n, result->r.out,
			result->r.out_n, "# ", a->out);
}

/* True if all cases hold; e is set if they could not be run at all. */
static bool run_cases(const struct test_args *a, const struct cases *cases, struct err *e)
{
	struct test_session s = {0};
	size_t failed = 0, n = 0;
	for (; n < cases->n && !stop_requested(); n++) {
		const struct trial_case *c = &cases->list[n];
		struct case_result result = {0};
		struct err why = {0};
		if (!c->continues) {
			test_session_close(&s);
			if (!test_session_open(&s, a->path, &a->object, c->sets, c->n_sets, e))
				break;
		}
		result.ok = run_case(&s, a, c, &result, &why) && result.ok;
		failed += !result.ok;
		report(a, c, n + 1, &result, &why);
		arena_free(&result.arena);
	}
	test_session_close(&s);
	if (!a->json && n)
		print(a->out, "1..%zu\n", n);
	return !failed && !e->set && n == cases->n;
}

/* "dir/gate.bpf.o" -> "dir/gate.test" */
static const char *beside(const char *path, char *buf, size_t size)
{
	size_t n = strlen(path);
	if (n > 2 && !strcmp(path + n - 2, ".o"))
		n -= 2;
	if (n > 4 && !strncmp(path + n - 4, ".bpf", 4))
		n -= 4;
	text_print(buf, size, "%.*s.test", (int)n, path);
	return buf;
}

/* ---- the command line ---- */

static int test(struct test_args *a)
{
	char path[4096];
	struct err e = {0};
	struct arena arena = {0};
	struct span text = {0};
	struct cases cases;
	struct test_session s = {0};
	bool packet = a->words || a->data || a->ctx || a->expect || a->repeat, ok, well = true;
	if (!a->cases && !packet && !access(beside(a->path, path, sizeof path), F_OK))
		a->cases = path;
	a->out = a->json ? stdout : clean_open(stdout, false);
	stop_catch();
	cmd_raise_descriptor_limit();
	if (!a->out) {
		ok = err_nomem(&e);
	} else if (a->cases) {
		ok = file_read(a->cases, &text, &e) &&
		     (cases_parse(&cases, text, &arena, &e) || err_where(&e, "%s", a->cases));
		well = ok && run_cases(a, &cases, &e);
		ok = !e.set;
	} else {
		ok = test_session_open(&s, a->path, &a->object, NULL, 0, &e) &&
		     run_packet(&s, a, &e);
		test_session_close(&s);
	}
	file_free(&text);
	arena_free(&arena);
	clean_close(a->out, stdout);
	int status = ok ? cmd_finish() : cmd_fail(&e);
	return stop_finish(status ? status : well ? EXIT_OK : EXIT_REFUSED);
}

static int check_args(const struct verb *v, const struct test_args *a)
{
	bool one = a->words || a->data || a->ctx || a->expect || a->repeat;
	if (a->words && a->data)
		return cmd_usage(v, "either PACKET or --data, not both");
	if (a->cases && one)
		return cmd_usage(v, "--cases has packets and verdicts of its own");
	return OPTION_TAKEN;
}

static bool parse_repeat(const char *text, uint32_t *repeat)
{
	char *end;
	uint64_t n = text_u64(text, &end, 10);
	*repeat = (uint32_t)n;
	return *text >= '0' && *text <= '9' && !*end && n && n <= INT32_MAX;
}

static int run(const struct verb *v, int argc, char **argv)
{
	static const struct option options[] = {CMD_OBJECT_OPTIONS,
		{"json", no_argument, NULL, 'j'}, {"prog", required_argument, NULL, 'P'},
		{"data", required_argument, NULL, 'd'}, {"ctx", required_argument, NULL, 'c'},
		{"repeat", required_argument, NULL, 'r'}, {"expect", required_argument, NULL, 'e'},
		{"cases", required_argument, NULL, OPT_CASES},
		{"no-maps", no_argument, NULL, OPT_NO_MAPS}, CMD_HELP, {0}};
	struct test_args a = {0};
	int status;
	for (int c; (c = cmd_option(argc, argv, "p:s:P:d:c:r:e:jh", options)) != -1;)
		switch (c) {
		case 'j':
			a.json = true;
			break;
		case 'P':
			a.prog = optarg;
			break;
		case 'd':
			a.data = optarg;
			break;
		case 'c':
			a.ctx = optarg;
			break;
		case 'e':
			a.expect = optarg;
			break;
		case 'r':
			if (!parse_repeat(optarg, &a.repeat))
				return cmd_usage(
					v, "--repeat expects a number of runs, got '%s'", optarg);
			break;
		case OPT_CASES:
			a.cases = optarg;
			break;
		case OPT_NO_MAPS:
			a.no_maps = true;
			break;
		default:
			status = cmd_object_option(v, &a.object, c, optarg);
			if (status != OPTION_TAKEN)
				return status;
		}
	if (argc - optind > 2)
		return cmd_usage(v, "unexpected argument '%s'", argv[optind + 2]);
	status = cmd_object_file(v, &a.object, argc - optind ? 1 : 0);
	a.path = argv[optind];
	a.words = argc - optind == 2 ? argv[optind + 1] : NULL;
	if (status == OPTION_TAKEN)
		status = check_args(v, &a);
	return status == OPTION_TAKEN ? test(&a) : status;
}

const struct verb verb_test = {
	"test", "run programs with packets, and check what they do", usage, run};
