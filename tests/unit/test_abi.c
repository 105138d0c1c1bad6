/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/*
 * Compares the ABI tables with the kernel's own headers.
 *
 * abi.h and <linux/bpf.h> conflict, so the test writes a C file with one function per fact ("the
 * offset of link_create.flags"), drops those that the compiler rejects because the headers lack
 * them, compiles the rest and compares the program's output. It uses the headers in /usr/include,
 * or in $ABI_HEADERS (tests/headers.bats: those of several Debian suites).
 *
 * The version that introduced a name refers to mainline. A stable release may have names of later
 * ones, so a header with more names than expected for its version is only reported, and one with
 * fewer is a failure. For recorded releases, headers.txt bounds the version from both sides.
 */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "elf/base/insn.h"
#include "loader/plan/abi.h"

/* A fact: a C expression, its value in our tables, and the first kernel. */
struct fact {
	char expr[160];
	long long ours;
	uint16_t since;      /* 0: not compared with the version of the header */
	bool known, dropped; /* by the header */
	long long theirs;
};

enum { MAX_FACTS = 2000 };
struct facts {
	struct fact list[MAX_FACTS];
	unsigned n;
	uint16_t version;
	unsigned unknown;
};

__attribute__((format(printf, 4, 5))) static void fact(
	struct facts *f, long long ours, uint16_t since, const char *fmt, ...)
{
	assert_true(f->n < MAX_FACTS);
	struct fact *t = &f->list[f->n];
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(t->expr, sizeof t->expr, fmt, ap);
	va_end(ap);
	assert_true(n > 0 && n < (int)sizeof t->expr);
	/* Later commands reuse fields of older ones: the first use dates the name. */
	for (unsigned i = 0; i < f->n; i++) {
		struct fact *same = &f->list[i];
		if (strcmp(same->expr, t->expr) != 0)
			continue;
		assert_int_equal(same->ours, ours);
		if (since < same->since)
			same->since = since;
		return;
	}
	t->ours = ours;
	t->since = since;
	f->n++;
}

static void add_sets(struct facts *f)
{
	struct abi_member m;
	for (int set = 1; set < ABI_SETS; set++) {
		unsigned i;
		for (i = 0; abi_member((enum abi_set)set, i, &m); i++)
			fact(f, m.number, m.since, "%s", m.name);
		assert_true(i > 0);
	}
}

static const char *type_of(unsigned layout)
{
	switch (layout) {
	case ABI_COMMON_ATTR:
		return "struct bpf_common_attr";
	case ABI_PROG_INFO:
		return "struct bpf_prog_info";
	case ABI_MAP_INFO:
		return "struct bpf_map_info";
	case ABI_BTF_INFO:
		return "struct bpf_btf_info";
	case ABI_LINK_INFO:
		return "struct bpf_link_info";
	case ABI_TOKEN_INFO:
		return "struct bpf_token_info";
	case ABI_PERF_ATTR:
		return "struct perf_event_attr";
	default:
		return "union bpf_attr";
	}
}

static void add_fields(struct facts *f)
{
	struct abi_field field;
	for (unsigned layout = 0; layout <= ABI_PERF_ATTR; layout++) {
		const char *type = type_of(layout);
		for (unsigned i = 0; abi_field(layout, i, &field); i++) {
			if (field.kind == ABI_BIT) {
				fact(f, field.bit, 0,
					"({ union { %s s; unsigned char b[256]; } u = {0};"
					" u.s.%s = 1; first_bit(u.b + %d, %d); })",
					type, field.name, field.offset, field.size);
				continue;
			}
			fact(f, field.offset, field.since, "offsetof(%s, %s)", type, field.name);
			fact(f, field.size, 0, "sizeof(((%s *)0)->%s)", type, field.name);
		}
	}
}

#define CONSTANT(c) fact(f, (long long)(c), 0, "%s", #c)

static void add_constants(struct facts *f)
{
	CONSTANT(BPF_COMMON_ATTRS);
	CONSTANT(BPF_PROG_RUN);
	CONSTANT(BPF_OBJ_NAME_LEN);
	CONSTANT(BPF_TAG_SIZE);
	CONSTANT(BPF_BUILD_ID_SIZE);
	CONSTANT(BPF_RINGBUF_BUSY_BIT);
	CONSTANT(BPF_RINGBUF_DISCARD_BIT);
	CONSTANT(BPF_RINGBUF_HDR_SZ);
	CONSTANT(BPF_F_CURRENT_CPU);
	CONSTANT(XDP_FLAGS_UPDATE_IF_NOEXIST);
	CONSTANT(XDP_FLAGS_REPLACE);
	CONSTANT(PERF_COUNT_HW_CPU_CYCLES);
	CONSTANT(PERF_COUNT_SW_CPU_CLOCK);
	CONSTANT(PERF_COUNT_SW_TASK_CLOCK);
	CONSTANT(PERF_COUNT_SW_DUMMY);
	CONSTANT(PERF_COUNT_SW_BPF_OUTPUT);
	CONSTANT(PERF_FLAG_FD_NO_GROUP);
	CONSTANT(PERF_FLAG_FD_CLOEXEC);
	CONSTANT(PERF_RECORD_LOST);
	CONSTANT(PERF_RECORD_SAMPLE);
	CONSTANT(PERF_EVENT_IOC_ENABLE);
	CONSTANT(PERF_EVENT_IOC_DISABLE);
	CONSTANT(PERF_EVENT_IOC_SET_BPF);
	fact(f, PERF_PAGE_DATA_HEAD, 0, "offsetof(struct perf_event_mmap_page, data_head)");
	fact(f, PERF_PAGE_DATA_TAIL, 0, "offsetof(struct perf_event_mmap_page, data_tail)");
	fact(f, PERF_RECORD_HEADER, 0, "sizeof(struct perf_event_header)");
}

/* The instruction set of elf/base/insn.h. */
static void add_insns(struct facts *f)
{
	CONSTANT(BPF_LD | BPF_LDX << 8 | BPF_ST << 16 | BPF_STX << 24);
	CONSTANT(BPF_ALU | BPF_JMP << 8 | BPF_JMP32 << 16 | BPF_ALU64 << 24);
	CONSTANT(BPF_W | BPF_H << 8 | BPF_B << 16 | BPF_DW << 24);
	CONSTANT(BPF_IMM | BPF_ABS << 8 | BPF_IND << 16 | BPF_MEM << 24);
	CONSTANT(BPF_MEMSX);
	CONSTANT(BPF_ATOMIC);
	CONSTANT(BPF_K | BPF_X << 8);
	CONSTANT(BPF_ADD | BPF_SUB << 8 | BPF_MUL << 16);
	CONSTANT(BPF_DIV | BPF_OR << 8 | BPF_AND << 16);
	CONSTANT(BPF_LSH | BPF_RSH << 8 | BPF_NEG << 16);
	CONSTANT(BPF_MOD | BPF_XOR << 8 | BPF_MOV << 16);
	CONSTANT(BPF_ARSH | BPF_END << 8 | BPF_TO_LE << 16);
	CONSTANT(BPF_TO_BE);
	CONSTANT(BPF_JA | BPF_JEQ << 8 | BPF_JGT << 16);
	CONSTANT(BPF_JGE | BPF_JSET << 8 | BPF_JNE << 16);
	CONSTANT(BPF_JSGT | BPF_JSGE << 8 | BPF_CALL << 16);
	CONSTANT(BPF_EXIT | BPF_JLT << 8 | BPF_JLE << 16);
	CONSTANT(BPF_JSLT | BPF_JSLE << 8);
	CONSTANT(BPF_JCOND);
	CONSTANT(BPF_ADDR_SPACE_CAST);
	CONSTANT(BPF_FETCH | BPF_XCHG << 8);
	CONSTANT(BPF_CMPXCHG);
	CONSTANT(BPF_LOAD_ACQ);
	CONSTANT(BPF_STORE_REL);
	CONSTANT(BPF_PSEUDO_MAP_FD | BPF_PSEUDO_MAP_VALUE << 8 | BPF_PSEUDO_BTF_ID << 16);
	CONSTANT(BPF_PSEUDO_FUNC);
	CONSTANT(BPF_PSEUDO_MAP_IDX | BPF_PSEUDO_MAP_IDX_VALUE << 8);
	CONSTANT(BPF_PSEUDO_CALL);
	CONSTANT(BPF_PSEUDO_KFUNC_CALL);
	CONSTANT(BPF_REG_0 | BPF_REG_5 << 8 | BPF_REG_10 << 16);
	fact(f, INSN_SIZE, 0, "sizeof(struct bpf_insn)");
}

static void write_source(const struct facts *f, const char *path)
{
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	/* One fact per line, starting with line 1: the prelude comes from the command line. */
	for (unsigned i = 0; i < f->n; i++)
		fprintf(out,
			f->list[i].dropped ? "\n" : "static long long f%u(void) { return %s; }\n",
			i, f->list[i].expr);
	fprintf(out,
		"int main(void)\n{\n\tprintf(\"-1 %%lld\\n\", (long long)LINUX_VERSION_CODE);\n");
	for (unsigned i = 0; i < f->n; i++)
		if (!f->list[i].dropped)
			fprintf(out, "\tprintf(\"%u %%lld\\n\", f%u());\n", i, i);
	fprintf(out, "}\n");
	assert_int_equal(fclose(out), 0);
}

static void write_prelude(const char *path)
{
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	fprintf(out, "#include <stddef.h>\n#include <stdio.h>\n#include <linux/bpf.h>\n"
		     "#include <linux/if_link.h>\n#include <linux/perf_event.h>\n"
		     "#include <linux/version.h>\n#include <sys/ioctl.h>\n"
		     "static inline long long first_bit(const unsigned char *p, int size)\n{\n"
		     "\tconst unsigned short one = 1;\n\tint big = *(const char *)&one == 0;\n"
		     "\tfor (int i = 0; i < size * 8; i++)\n"
		     "\t\tif (p[i / 8] >> (big ? 7 - i %% 8 : i %% 8) & 1)\n\t\t\treturn i;\n"
		     "\treturn -1;\n}\n");
	assert_int_equal(fclose(out), 0);
}

/* Compiles, and drops every fact on a line with an error. Returns true if there was none. */
static bool compile(struct facts *f, const char *dir, const char *include)
{
	char line[1024], path[300], command[2000];
	bool clean = true;
	snprintf(path, sizeof path, "%s/facts.c", dir);
	write_source(f, path);
	snprintf(command, sizeof command,
		"cd '%s' && LC_ALL=C cc -w -fmax-errors=0 -include prelude.h -isystem '%s' -o "
		"facts "
		"facts.c 2>&1",
		dir, include);
	FILE *in = popen(command, "r");
	assert_non_null(in);
	while (fgets(line, sizeof line, in)) {
		unsigned number;
		if (!strstr(line, "error:"))
			continue;
		clean = false;
		if (sscanf(line, "facts.c:%u:", &number) != 1 || number < 1 || number > f->n)
			fail_msg("%s", line);
		f->list[number - 1].dropped = true;
	}
	int status = pclose(in);
	if (clean && status != 0)
		fail_msg("the compiler failed without an error of ours");
	return clean;
}

/* Evaluates all facts with the headers in a folder. */
static void ask(struct facts *f, const char *include)
{
	char dir[] = "/tmp/sonde-abi-XXXXXX", path[300];
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/prelude.h", dir);
	write_prelude(path);
	int rounds = 0;
	while (!compile(f, dir, include))
		assert_true(++rounds < 10);
	snprintf(path, sizeof path, "%s/facts", dir);
	FILE *in = popen(path, "r");
	assert_non_null(in);
	int i;
	long long value;
	while (fscanf(in, "%d %lld", &i, &value) == 2) {
		if (i < 0) {
			f->version = ABI_VERSION(value >> 16 & 0xff, value >> 8 & 0xff);
			continue;
		}
		f->list[i].known = true;
		f->list[i].theirs = value;
	}
	assert_int_equal(pclose(in), 0);
	snprintf(path, sizeof path, "rm -r '%s'", dir);
	assert_int_equal(system(path), 0);
}

static struct facts *all_facts(void)
{
	struct facts *f = calloc(1, sizeof *f);
	assert_non_null(f);
	add_sets(f);
	add_fields(f);
	add_constants(f);
	add_insns(f);
	return f;
}

/* The newest release in headers.txt: later ones may drop names. */
static const uint16_t newest_recorded = ABI_VERSION(7, 2);

static void headers_agree(void **state)
{
	(void)state;
	struct facts *f = all_facts();
	const char *include = getenv("ABI_HEADERS");
	char mine[8], header[8];
	unsigned wrong = 0, unknown = 0;
	ask(f, include ? include : "/usr/include");
	assert_true(f->version >= ABI_VERSION(5, 0));
	abi_version(f->version, header);
	for (unsigned i = 0; i < f->n; i++) {
		struct fact *t = &f->list[i];
		abi_version(t->since, mine);
		unknown += !t->known;
		if (t->known && t->theirs != t->ours)
			wrong++, print_error("# %s: %lld, in the header of %s: %lld\n", t->expr,
					 t->ours, header, t->theirs);
		if (t->known && t->since > f->version)
			print_message("# %s: since %s, and the header of %s has it, too\n", t->expr,
				mine, header);
		if (!t->known && t->since && t->since <= f->version) {
			wrong += f->version <= newest_recorded;
			print_error("# %s: since %s, but the header of %s lacks it\n", t->expr,
				mine, header);
		}
	}
	print_message("# header of Linux %s: %u facts compared, %u unknown to it\n", header,
		f->n - unknown, unknown);
	free(f);
	assert_int_equal(wrong, 0);
}

/* The first recorded release that has the name, and its predecessor. False: none has it. */
static bool recorded(const char *name, uint16_t *first, uint16_t *before)
{
	char line[200];
	FILE *in = fopen("tests/unit/headers.txt", "r");
	assert_non_null(in);
	bool found = false;
	*first = *before = 0;
	while (!found && fgets(line, sizeof line, in)) {
		line[strcspn(line, "\n")] = 0;
		if (strncmp(line, "Linux ", 6) == 0) {
			*before = *first;
			*first = abi_parse_version(line + 6);
		}
		found = strcmp(line, name) == 0;
	}
	fclose(in);
	return found;
}

static void versions_agree_with_recorded_headers(void **state)
{
	(void)state;
	struct facts *f = all_facts();
	unsigned wrong = 0, dated = 0;
	for (unsigned i = 0; i < f->n; i++) {
		const struct fact *t = &f->list[i];
		uint16_t first, before;
		char mine[8], low[8], high[8];
		/* Used inside the kernel before user space could create such a link. */
		if (!t->since || strcmp(t->expr, "BPF_LINK_TYPE_STRUCT_OPS") == 0)
			continue;
		dated++;
		if (!recorded(t->expr, &first, &before)) {
			before = newest_recorded;
			first = UINT16_MAX;
		}
		if (t->since > before && t->since <= first)
			continue;
		wrong++;
		print_error("# %s: since %s, but recorded after %s, up to %s\n", t->expr,
			abi_version(t->since, mine), abi_version(before, low),
			abi_version(first, high));
	}
	free(f);
	assert_true(dated > 500);
	assert_int_equal(wrong, 0);
}

static void names_and_numbers(void **state)
{
	(void)state;
	uint32_t n = 0;
	char buf[48];
	assert_string_equal(
		abi_name(ABI_MAP_TYPES, BPF_MAP_TYPE_LRU_HASH), "BPF_MAP_TYPE_LRU_HASH");
	assert_string_equal(abi_name(ABI_ATTACH_TYPES, 0), "BPF_CGROUP_INET_INGRESS");
	assert_string_equal(
		abi_name(ABI_CMDS, BPF_PROG_ASSOC_STRUCT_OPS), "BPF_PROG_ASSOC_STRUCT_OPS");
	assert_null(abi_name(ABI_MAP_TYPES, 0));
	assert_null(abi_name(ABI_MAP_TYPES, 36));
	assert_null(abi_name(ABI_NO_SET, 1));
	assert_null(abi_name(ABI_SETS, 1));

	assert_true(abi_number(ABI_MAP_TYPES, "BPF_MAP_TYPE_RINGBUF", &n));
	assert_int_equal(n, BPF_MAP_TYPE_RINGBUF);
	assert_true(abi_number(ABI_MAP_TYPES, "lru_hash", &n));
	assert_int_equal(n, BPF_MAP_TYPE_LRU_HASH);
	assert_true(abi_number(ABI_PROG_TYPES, "Xdp", &n));
	assert_int_equal(n, BPF_PROG_TYPE_XDP);
	assert_true(abi_number(ABI_LINK_TYPES, "tcx", &n));
	assert_int_equal(n, BPF_LINK_TYPE_TCX);
	assert_false(abi_number(ABI_MAP_TYPES, "", &n));
	assert_false(abi_number(ABI_MAP_TYPES, "has", &n));
	assert_false(abi_number(ABI_MAP_TYPES, "hash_", &n));
	assert_false(abi_number(ABI_NO_SET, "hash", &n));

	assert_string_equal(
		abi_nick(ABI_MAP_TYPES, BPF_MAP_TYPE_PERCPU_ARRAY, buf), "percpu_array");
	assert_string_equal(abi_nick(ABI_ATTACH_TYPES, BPF_TRACE_FENTRY, buf), "trace_fentry");
	assert_string_equal(abi_nick(ABI_MAP_TYPES, 1234567890123, buf), "1234567890123");

	assert_int_equal(abi_since(ABI_MAP_TYPES, BPF_MAP_TYPE_RINGBUF), ABI_VERSION(5, 8));
	assert_int_equal(abi_since(ABI_MAP_TYPES, 99), 0);
	assert_int_equal(
		abi_since(ABI_MAP_FLAGS, BPF_F_NO_PREALLOC | BPF_F_MMAPABLE), ABI_VERSION(5, 5));
	assert_int_equal(abi_since(ABI_MAP_FLAGS, 0), 0);
}

/* Every name is resolved to its own number, in every form. */
static void names_round_trip(void **state)
{
	(void)state;
	struct abi_member m;
	char nick[48];
	uint32_t n;
	for (int set = 1; set < ABI_SETS; set++) {
		for (unsigned i = 0; abi_member((enum abi_set)set, i, &m); i++) {
			assert_string_equal(abi_name((enum abi_set)set, m.number), m.name);
			assert_true(abi_number((enum abi_set)set, m.name, &n));
			assert_int_equal(n, m.number);
			abi_nick((enum abi_set)set, m.number, nick);
			assert_true(abi_number((enum abi_set)set, nick, &n));
			assert_int_equal(n, m.number);
			assert_int_not_equal(m.since, 0);
		}
	}
}

static void expressions(void **state)
{
	(void)state;
	char buf[100], tiny[8];
	assert_string_equal(abi_expr(ABI_MAP_FLAGS, 0, buf, sizeof buf), "0");
	assert_string_equal(
		abi_expr(ABI_MAP_FLAGS, BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG, buf, sizeof buf),
		"BPF_F_NO_PREALLOC | BPF_F_RDONLY_PROG");
	assert_string_equal(abi_expr(ABI_MAP_FLAGS, BPF_F_NUMA_NODE | 1ull << 40, buf, sizeof buf),
		"BPF_F_NUMA_NODE | 0x10000000000");
	assert_string_equal(abi_expr(ABI_BTF_FLAGS, 1, buf, sizeof buf), "0x1");
	assert_string_equal(abi_expr(ABI_ELEM_FLAGS, BPF_ANY, buf, sizeof buf), "BPF_ANY");
	assert_string_equal(abi_expr(ABI_ELEM_FLAGS, 7, buf, sizeof buf),
		"BPF_NOEXIST | BPF_EXIST | BPF_F_LOCK");
	assert_string_equal(abi_expr(ABI_PROG_TYPES, 6, buf, sizeof buf), "BPF_PROG_TYPE_XDP");
	assert_string_equal(abi_expr(ABI_PROG_TYPES, 600, buf, sizeof buf), "600");
	assert_string_equal(abi_expr(ABI_MAP_FLAGS, 1, tiny, sizeof tiny), "BPF_F_N");
}

static void versions(void **state)
{
	(void)state;
	char buf[8];
	assert_string_equal(abi_version(ABI_VERSION(5, 15), buf), "5.15");
	assert_string_equal(abi_version(ABI_VERSION(255, 255), buf), "255.255");
	assert_string_equal(abi_version(0, buf), "?");
	assert_true(ABI_VERSION(5, 9) < ABI_VERSION(5, 10));
	assert_true(ABI_VERSION(4, 20) < ABI_VERSION(5, 0));
	assert_int_equal(abi_parse_version("6.1.0-13-amd64"), ABI_VERSION(6, 1));
	assert_int_equal(abi_parse_version("6.18.44"), ABI_VERSION(6, 18));
	assert_int_equal(abi_parse_version("5.15"), ABI_VERSION(5, 15));
	assert_int_equal(abi_parse_version(""), 0);
	assert_int_equal(abi_parse_version("x.y"), 0);
	assert_int_equal(abi_parse_version("6"), 0);
	assert_int_equal(abi_parse_version("6.x"), 0);
	assert_int_equal(abi_parse_version("6.999"), 0);
	assert_int_equal(abi_parse_version("-6.1"), 0);
	assert_int_equal(abi_parse_version("6.-1"), 0);
}

/* The commands are complete, their fields in order and consistent. */
static void every_command(void **state)
{
	(void)state;
	struct abi_cmd c;
	struct abi_field f;
	char buf[100];
	unsigned cmd;
	for (cmd = 0; abi_cmd(cmd, &c); cmd++) {
		assert_string_equal(c.name, abi_name(ABI_CMDS, cmd));
		assert_true(strlen(c.what) > 5 && isupper((unsigned char)c.what[0]));
		assert_true(c.what[strlen(c.what) - 1] != '.');
		assert_true(c.fields > 0 && c.size >= 4);
		unsigned i;
		for (i = 0; abi_field(cmd, i, &f); i++) {
			assert_true(strlen(f.what) > 0 && !isupper((unsigned char)f.name[0]));
			assert_true(f.offset % 4 == 0 && f.offset + f.size <= c.size);
			assert_true(f.since >= c.since || strcmp(c.name, "BPF_MAP_CREATE") == 0 ||
				    f.since >= ABI_VERSION(4, 13));
			if (f.kind == ABI_ENUM || f.kind == ABI_FLAGS)
				assert_true(f.set > ABI_NO_SET && f.set < ABI_SETS);
			if (f.kind == ABI_FLAGS)
				assert_true(f.set >= ABI_FIRST_FLAGS);
			if (f.kind >= ABI_PTR && f.kind <= ABI_FDS)
				assert_int_equal(f.size, 8);
			if (f.kind == ABI_NAME)
				assert_int_equal(f.size, BPF_OBJ_NAME_LEN);
			assert_true(f.dir >= ABI_IN && f.dir <= ABI_INOUT);
		}
		assert_int_equal(i, c.fields);
	}
	assert_int_equal(cmd, BPF_PROG_ASSOC_STRUCT_OPS + 1);
	assert_false(abi_field(cmd, 0, &f));
	assert_false(abi_field(ABI_PERF_ATTR + 1, 0, &f));
	assert_false(abi_field(BPF_MAP_FREEZE, 1, &f));
	assert_true(abi_cmd(BPF_PROG_LOAD | BPF_COMMON_ATTRS, &c));
	assert_int_equal(c.size, 168);
	assert_true(abi_field_by_name(ABI_LINK_INFO, "perf_event.kprobe.missed", &f));
	assert_string_equal(abi_show(&f, "", 0, buf, sizeof buf), "0");
}

/* The element count of a pointer is a u32 field of the same command. */
static void every_length(void **state)
{
	(void)state;
	struct abi_field f, g;
	unsigned pointers = 0;
	for (unsigned layout = 0; layout <= ABI_PERF_ATTR; layout++) {
		for (unsigned i = 0; abi_field(layout, i, &f); i++) {
			if (f.kind < ABI_PTR || f.kind > ABI_FDS || f.len_at == ABI_ONE)
				continue;
			bool count = false,
			     record = !(f.unit & ABI_UNIT_RECORD) || f.unit >= ABI_UNIT_KEY;
			for (unsigned k = 0; abi_field(layout, k, &g); k++) {
				if (g.kind != ABI_UINT || g.size != 4 || g.when != f.when)
					continue;
				count |= g.offset == f.len_at;
				record |= g.offset == (f.unit & 0x7f) * 4;
			}
			if (!count || !record)
				fail_msg("%s has no length", f.name);
			pointers++;
		}
	}
	assert_true(pointers > 40);
}

static void get_put_show(void **state)
{
	(void)state;
	uint8_t attr[256] = {0};
	struct abi_field f;
	char buf[100];
	assert_true(abi_field_by_name(BPF_MAP_CREATE, "map_type", &f));
	assert_true(abi_put(&f, attr, sizeof attr, BPF_MAP_TYPE_HASH));
	assert_int_equal(*(uint32_t *)(void *)attr, 1);
	assert_int_equal(abi_get(&f, attr, sizeof attr), 1);
	assert_string_equal(abi_show(&f, attr, sizeof attr, buf, sizeof buf), "BPF_MAP_TYPE_HASH");
	assert_false(abi_put(&f, attr, 3, 1));
	assert_int_equal(abi_get(&f, attr, 0), 0);

	assert_true(abi_field_by_name(BPF_MAP_CREATE, "map_extra", &f));
	assert_true(abi_put(&f, attr, sizeof attr, 0x1122334455667788));
	assert_string_equal(abi_show(&f, attr, sizeof attr, buf, sizeof buf), "0x1122334455667788");
	/* A field that the attr contains only in part is read as if followed by zeros. */
	if (!host_is_big())
		assert_int_equal(abi_get(&f, attr, f.offset + 2), 0x7788);

	assert_true(abi_field_by_name(BPF_MAP_CREATE, "map_name", &f));
	memcpy(attr + f.offset, "counts", 7);
	assert_string_equal(abi_show(&f, attr, sizeof attr, buf, sizeof buf), "\"counts\"");
	memset(attr + f.offset, 'x', 16);
	assert_string_equal(
		abi_show(&f, attr, sizeof attr, buf, sizeof buf), "\"xxxxxxxxxxxxxxxx\"");
	assert_string_equal(abi_show(&f, attr, f.offset, buf, sizeof buf), "\"\"");
	assert_false(abi_put(&f, attr, sizeof attr, 1));

	assert_true(abi_field_by_name(BPF_MAP_CREATE, "map_token_fd", &f));
	assert_true(abi_put(&f, attr, sizeof attr, (uint64_t)-1));
	assert_string_equal(abi_show(&f, attr, sizeof attr, buf, sizeof buf), "-1");

	assert_true(abi_field_by_name(BPF_PROG_LOAD, "keyring_id", &f));
	abi_put(&f, attr, sizeof attr, (uint64_t)-5);
	assert_true((int64_t)abi_get(&f, attr, sizeof attr) == -5);

	assert_true(abi_field_by_name(ABI_PROG_INFO, "tag", &f));
	memcpy(attr + 8, "\x01\x23\x45\x67\x89\xab\xcd\xef", 8);
	assert_string_equal(abi_show(&f, attr, sizeof attr, buf, sizeof buf), "0123456789abcdef");
	assert_string_equal(abi_show(&f, attr, sizeof attr, buf, 6), "0123");
}

static void bits(void **state)
{
	(void)state;
	uint8_t attr[128] = {0};
	struct abi_field disabled, freq;
	assert_true(abi_field_by_name(ABI_PERF_ATTR, "disabled", &disabled));
	assert_true(abi_field_by_name(ABI_PERF_ATTR, "freq", &freq));
	assert_true(abi_put(&disabled, attr, sizeof attr, 1));
	assert_true(abi_put(&freq, attr, sizeof attr, 1));
	assert_int_equal(attr[40], host_is_big() ? 0x80 : 1);
	assert_int_equal(attr[41], host_is_big() ? 0x20 : 4);
	assert_true(abi_put(&disabled, attr, sizeof attr, 0));
	assert_int_equal(abi_get(&disabled, attr, sizeof attr), 0);
	assert_int_equal(abi_get(&freq, attr, sizeof attr), 1);
}

static void put(unsigned cmd, uint8_t *attr, const char *name, uint64_t value)
{
	struct abi_field f;
	assert_true(abi_field_by_name(cmd, name, &f));
	assert_true(abi_put(&f, attr, 256, value));
}

/* The concatenated names of the fields that apply. */
static void applying(unsigned cmd, const uint8_t *attr, char *out, size_t n)
{
	struct abi_field f;
	out[0] = 0;
	for (unsigned i = 0; abi_field(cmd, i, &f); i++) {
		if (!abi_applies(cmd, &f, attr, 256))
			continue;
		const char *dot = strchr(f.name, '.');
		size_t used = strlen(out);
		snprintf(out + used, n - used, "%s ", dot ? dot + 1 : f.name);
	}
}

static void shared_bytes(void **state)
{
	(void)state;
	char out[500];
	static const struct {
		int attach_type, flags;
		const char *fields;
	} links[] = {
		{BPF_PERF_EVENT, 0, "prog_fd target_fd attach_type flags perf_event.bpf_cookie "},
		{BPF_TRACE_FENTRY, 0,
			"prog_fd target_fd attach_type flags target_btf_id tracing.cookie "},
		{BPF_TRACE_ITER, 0, "prog_fd attach_type flags iter_info iter_info_len "},
		{BPF_XDP, 0, "prog_fd target_ifindex attach_type flags "},
		{BPF_SK_LOOKUP, 0, "prog_fd target_fd attach_type flags "},
		{BPF_STRUCT_OPS, 0, "map_fd attach_type flags "},
		{BPF_TCX_EGRESS, 0,
			"prog_fd target_ifindex attach_type flags tcx.relative_fd "
			"tcx.expected_revision "},
		{BPF_TCX_EGRESS, BPF_F_ID | BPF_F_BEFORE,
			"prog_fd target_ifindex attach_type flags tcx.relative_id "
			"tcx.expected_revision "},
		{BPF_NETKIT_PEER, 0,
			"prog_fd target_ifindex attach_type flags netkit.relative_fd "
			"netkit.expected_revision "},
		{BPF_CGROUP_INET_EGRESS, 0,
			"prog_fd target_fd attach_type flags cgroup.relative_fd "
			"cgroup.expected_revision "},
		{BPF_LSM_CGROUP, 0,
			"prog_fd target_fd attach_type flags cgroup.relative_fd "
			"cgroup.expected_revision "},
		{BPF_TRACE_KPROBE_SESSION, 0,
			"prog_fd attach_type flags kprobe_multi.flags kprobe_multi.cnt "
			"kprobe_multi.syms "
			"kprobe_multi.addrs kprobe_multi.cookies "},
		{BPF_NETFILTER, 0,
			"prog_fd attach_type flags netfilter.pf netfilter.hooknum "
			"netfilter.priority "
			"netfilter.flags "},
	};
	for (unsigned i = 0; i < sizeof links / sizeof *links; i++) {
		uint8_t attr[256] = {0};
		put(BPF_LINK_CREATE, attr, "link_create.attach_type",
			(uint64_t)links[i].attach_type);
		put(BPF_LINK_CREATE, attr, "link_create.flags", (uint64_t)links[i].flags);
		applying(BPF_LINK_CREATE, attr, out, sizeof out);
		assert_string_equal(out, links[i].fields);
	}

	uint8_t attr[256] = {0};
	put(BPF_LINK_CREATE, attr, "link_create.target_btf_id", 77);
	applying(BPF_LINK_CREATE, attr, out, sizeof out);
	assert_string_equal(
		out, "prog_fd target_fd attach_type flags target_btf_id tracing.cookie ");

	memset(attr, 0, sizeof attr);
	put(BPF_PROG_ATTACH, attr, "attach_type", BPF_TCX_INGRESS);
	applying(BPF_PROG_ATTACH, attr, out, sizeof out);
	assert_non_null(strstr(out, "target_ifindex "));
	assert_null(strstr(out, "target_fd "));

	memset(attr, 0, sizeof attr);
	put(BPF_PROG_LOAD, attr, "prog_type", BPF_PROG_TYPE_EXT);
	applying(BPF_PROG_LOAD, attr, out, sizeof out);
	assert_non_null(strstr(out, "attach_prog_fd "));
	assert_null(strstr(out, "attach_btf_obj_fd "));

	memset(attr, 0, sizeof attr);
	put(ABI_LINK_INFO, attr, "type", BPF_LINK_TYPE_PERF_EVENT);
	put(ABI_LINK_INFO, attr, "perf_event.type", BPF_PERF_EVENT_TRACEPOINT);
	applying(ABI_LINK_INFO, attr, out, sizeof out);
	assert_string_equal(out, "type id prog_id type tracepoint.tp_name tracepoint.name_len "
				 "tracepoint.cookie ");
}

static void lengths(void **state)
{
	(void)state;
	uint8_t attr[256] = {0};
	struct abi_field f;
	uint64_t n = 0;
	put(BPF_PROG_LOAD, attr, "insn_cnt", 7);
	put(BPF_PROG_LOAD, attr, "func_info_cnt", 3);
	put(BPF_PROG_LOAD, attr, "func_info_rec_size", 12);
	put(BPF_PROG_LOAD, attr, "log_size", 4096);
	assert_true(abi_field_by_name(BPF_PROG_LOAD, "insns", &f));
	assert_true(abi_pointee(&f, attr, sizeof attr, 0, 0, &n) && n == 56);
	assert_true(abi_field_by_name(BPF_PROG_LOAD, "func_info", &f));
	assert_true(abi_pointee(&f, attr, sizeof attr, 0, 0, &n) && n == 36);
	assert_true(abi_field_by_name(BPF_PROG_LOAD, "log_buf", &f));
	assert_true(abi_pointee(&f, attr, sizeof attr, 0, 0, &n) && n == 4096);
	assert_true(abi_field_by_name(BPF_PROG_LOAD, "license", &f));
	assert_false(abi_pointee(&f, attr, sizeof attr, 0, 0, &n));
	assert_true(abi_field_by_name(BPF_PROG_LOAD, "insn_cnt", &f));
	assert_false(abi_pointee(&f, attr, sizeof attr, 0, 0, &n));

	assert_true(abi_field_by_name(BPF_MAP_UPDATE_ELEM, "key", &f));
	assert_true(abi_pointee(&f, attr, sizeof attr, 5, 16, &n) && n == 5);
	assert_true(abi_field_by_name(BPF_MAP_UPDATE_ELEM, "value", &f));
	assert_true(abi_pointee(&f, attr, sizeof attr, 5, 16, &n) && n == 16);
	memset(attr, 0, sizeof attr);
	put(BPF_MAP_LOOKUP_BATCH, attr, "batch.count", UINT32_MAX);
	assert_true(abi_field_by_name(BPF_MAP_LOOKUP_BATCH, "batch.values", &f));
	assert_true(abi_pointee(&f, attr, sizeof attr, 5, UINT32_MAX, &n));
	assert_true(n == (uint64_t)UINT32_MAX * UINT32_MAX);
}

static void needs(unsigned cmd, const uint8_t *attr, int major, int minor, const char *why)
{
	const char *reason;
	char have[8], want[8];
	abi_version(abi_needs(cmd, attr, 256, &reason), have);
	abi_version(ABI_VERSION(major, minor), want);
	assert_string_equal(have, want);
	assert_string_equal(reason, why);
}

static void needed_kernels(void **state)
{
	(void)state;
	uint8_t attr[256] = {0};
	const char *why = "";
	needs(BPF_MAP_CREATE, attr, 3, 18, "BPF_MAP_CREATE");
	put(BPF_MAP_CREATE, attr, "map_type", BPF_MAP_TYPE_HASH);
	needs(BPF_MAP_CREATE, attr, 3, 19, "BPF_MAP_TYPE_HASH");
	memcpy(attr + 28, "x", 2);
	needs(BPF_MAP_CREATE, attr, 4, 15, "map_name");
	put(BPF_MAP_CREATE, attr, "map_flags", BPF_F_MMAPABLE);
	needs(BPF_MAP_CREATE, attr, 5, 5, "BPF_F_MMAPABLE");
	put(BPF_MAP_CREATE, attr, "map_type", BPF_MAP_TYPE_RINGBUF);
	needs(BPF_MAP_CREATE, attr, 5, 8, "BPF_MAP_TYPE_RINGBUF");
	needs(BPF_MAP_CREATE | BPF_COMMON_ATTRS, attr, 7, 2, "BPF_COMMON_ATTRS");

	memset(attr, 0, sizeof attr);
	put(BPF_LINK_CREATE, attr, "link_create.attach_type", BPF_TRACE_FENTRY);
	needs(BPF_LINK_CREATE, attr, 5, 19, "BPF_TRACE_FENTRY");
	put(BPF_LINK_CREATE, attr, "link_create.attach_type", BPF_PERF_EVENT);
	put(BPF_LINK_CREATE, attr, "link_create.perf_event.bpf_cookie", 1);
	needs(BPF_LINK_CREATE, attr, 5, 15, "BPF_PERF_EVENT");
	put(BPF_LINK_CREATE, attr, "link_create.attach_type", BPF_TCX_INGRESS);
	put(BPF_LINK_CREATE, attr, "link_create.flags", BPF_F_PREORDER);
	needs(BPF_LINK_CREATE, attr, 6, 17, "BPF_F_PREORDER");

	memset(attr, 0, sizeof attr);
	put(BPF_LINK_CREATE, attr, "link_create.prog_fd", 3);
	needs(BPF_LINK_CREATE, attr, 5, 7, "BPF_LINK_CREATE");
	put(BPF_LINK_CREATE, attr, "link_create.target_btf_id", 3);
	needs(BPF_LINK_CREATE, attr, 5, 10, "link_create.target_btf_id");
	put(BPF_LINK_CREATE, attr, "link_create.attach_type", BPF_SK_MSG_VERDICT);
	needs(BPF_LINK_CREATE, attr, 6, 10, "BPF_SK_MSG_VERDICT");
	assert_int_equal(abi_needs(1000, attr, sizeof attr, &why), 0);
	assert_null(why);
}

/* The architecture that abi.h derives from the compiler's predefined macros alone. */
static void ioctl_of(const char *architecture, uint32_t enable, uint32_t set_bpf)
{
	char command[1000];
	snprintf(command, sizeof command,
		"t=$(mktemp) && printf '%%s\\n' '#include \"loader/plan/abi.h\"' "
		"'#include <stdio.h>' "
		"'int main(void) { printf(\"%%#x %%#x\", PERF_EVENT_IOC_ENABLE, "
		"PERF_EVENT_IOC_SET_BPF); }' | cc -x c -w %s -I. - -o $t && $t; rm -f $t",
		architecture);
	FILE *in = popen(command, "r");
	assert_non_null(in);
	unsigned a = 0, b = 0;
	assert_int_equal(fscanf(in, "%x %x", &a, &b), 2);
	assert_int_equal(pclose(in), 0);
	assert_int_equal(a, enable);
	assert_int_equal(b, set_bpf);
}

static void ioctls_of_architectures(void **state)
{
	(void)state;
	ioctl_of("", 0x2400, 0x40042408);
	ioctl_of("-D__mips__", 0x20002400, 0x80042408);
	ioctl_of("-D__alpha__", 0x20002400, 0x80042408);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ioctls_of_architectures),
		cmocka_unit_test(headers_agree),
		cmocka_unit_test(versions_agree_with_recorded_headers),
		cmocka_unit_test(names_and_numbers),
		cmocka_unit_test(names_round_trip),
		cmocka_unit_test(expressions),
		cmocka_unit_test(versions),
		cmocka_unit_test(every_command),
		cmocka_unit_test(every_length),
		cmocka_unit_test(get_put_show),
		cmocka_unit_test(bits),
		cmocka_unit_test(shared_bytes),
		cmocka_unit_test(lengths),
		cmocka_unit_test(needed_kernels),
	};
	return cmocka_run_group_tests_name("abi", tests, NULL, NULL);
}
