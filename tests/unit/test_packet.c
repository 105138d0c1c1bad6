/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* Packets in words, captures, and files of cases: what they mean, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "elf/base/bpf_abi.h"
#include "elf/base/span.h"
#include "loader/trial/cases.h"
#include "loader/trial/packet.h"
#include "loader/trial/trial.h"
#include "loader/trial/verdict.h"

static struct packet p;

static void parse(const char *text)
{
	struct err e = {0};
	if (!packet_parse(&p, text, &e))
		fail_msg("%s: %s", text, e.text);
}

static void is_hex(const char *text, const char *hex)
{
	static struct packet wanted;
	struct err e = {0};
	parse(text);
	assert_true(packet_parse_hex(&wanted, hex, &e));
	assert_int_equal(p.n, wanted.n);
	assert_memory_equal(p.bytes, wanted.bytes, p.n);
}

/* The sum of 16-bit words as a receiver computes it: 0xffff if the checksum among them is right. */
static unsigned sum(size_t from, size_t to, unsigned before)
{
	uint64_t total = before;
	for (size_t i = from; i < to; i += 2)
		total += (unsigned)(p.bytes[i] << 8 | (i + 1 < to ? p.bytes[i + 1] : 0));
	while (total > 0xffff)
		total = (total & 0xffff) + (total >> 16);
	return (unsigned)total;
}

static unsigned at(size_t off)
{
	return (unsigned)(p.bytes[off] << 8 | p.bytes[off + 1]);
}

#define ETH "020000000002 020000000001"
#define IP4 "0a000001 0a000002"

/* Compared with what tcpdump and Wireshark show as correct. */
static void bytes(void **state)
{
	(void)state;
	is_hex("eth", ETH "0000");
	is_hex("eth src=aa:BB:cc:00:11:22 dst=ff:ff:ff:ff:ff:ff type=0x88cc",
		"ffffffffffff aabbcc001122 88cc");
	is_hex("eth/vlan id=7 prio=5/data \"hi\"", ETH "8100 a007 0000 6869");
	is_hex("eth/qinq id=2/vlan id=4095 dei=1/arp",
		ETH "88a8 0002 8100 1fff 0806 0001 0800 06 04 0001 020000000001 0a000001"
		    "000000000000 0a000002");
	is_hex("eth/arp reply sip=10.1.2.3 tip=1.2.3.4 tha=00:00:00:00:00:09",
		ETH "0806 0001 0800 06 04 0002 020000000001 0a010203 000000000009 01020304");
	is_hex("eth/ip/udp sport=1 dport=2/data hex=0102",
		ETH "0800 45 00 001e 0000 0000 40 11 66cd" IP4 "0001 0002 000a ead2 0102");
	is_hex("eth/ip/icmp echo id=1 seq=2",
		ETH "0800 45 00 001c 0000 0000 40 01 66df" IP4 "08 00 f7fc 0001 0002");
	is_hex("hex 00:01 02", "000102");
	is_hex("eth/cut 3", "020000");
	is_hex("eth/pad 16", ETH "0000 0000");
	is_hex("data \"a/b c\\\"d\"", "612f62206322 64");
	is_hex("data len=3", "000000");
}

static void flags(void **state)
{
	(void)state;
	parse("eth/ip df mf frag=3 ttl=1 tos=0xb8 id=0x1234/tcp syn ack ack=7 seq=0xffffffff "
	      "urg=9");
	assert_int_equal(at(14 + 4), 0x1234);
	assert_int_equal(at(14 + 6), 0x6003);
	assert_int_equal(p.bytes[15], 0xb8);
	assert_int_equal(p.bytes[34 + 13], 0x12);
	assert_int_equal(at(34 + 10), 7);
	assert_int_equal(at(34 + 18), 9);
	parse("tcp fin syn rst psh ack urg ece cwr");
	assert_int_equal(p.bytes[13], 0xff);
	parse("tcp flags=2 ack");
	assert_int_equal(p.bytes[13], 0x12);
	parse("icmp reply code=3");
	assert_int_equal(p.bytes[0], 0);
	assert_int_equal(p.bytes[1], 3);
}

/* Whatever the layers, receivers accept lengths and checksums. */
static void sums(void **state)
{
	(void)state;
	static const char *const texts[] = {"tcp syn", "tcp/data \"odd\"", "udp",
		"udp/data len=999", "tcp options=020405b4/data len=7"};
	char text[200];
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		snprintf(text, sizeof text, "eth/ip options=01 src=1.2.3.4/%s", texts[i]);
		parse(text);
		assert_int_equal(p.bytes[14], 0x46); /* 6 words */
		assert_int_equal(at(16), p.n - 14);
		assert_int_equal(sum(14, 38, 0), 0xffff);
		assert_int_equal(
			sum(38, p.n, sum(26, 34, p.bytes[23] + (unsigned)(p.n - 38))), 0xffff);
		snprintf(text, sizeof text, "eth/ip6 dst=2001:db8::9/%s", texts[i]);
		parse(text);
		assert_int_equal(at(18), p.n - 54);
		assert_int_equal(
			sum(54, p.n, sum(22, 54, p.bytes[20] + (unsigned)(p.n - 54))), 0xffff);
	}
	parse("eth/ip6/icmp6 echo/data \"abc\"");
	assert_int_equal(sum(54, p.n, sum(22, 54, 58 + (unsigned)(p.n - 54))), 0xffff);
	/* padding of the link is not part of the packet */
	parse("eth/ip/udp/pad 60");
	assert_int_equal(p.n, 60);
	assert_int_equal(at(16), 28);
	/* the inner header, too */
	parse("eth/ip/ip src=9.9.9.9/udp");
	assert_int_equal(p.bytes[23], 4);
	assert_int_equal(p.bytes[43], 17);
	assert_int_equal(sum(34, 54, 0), 0xffff);
	parse("eth/ip/gre/ip6/tcp");
	assert_int_equal(at(36), 0x86dd);
	/* 0 means that there is no checksum */
	parse("eth/ip src=0.0.0.0 dst=0.0.0.0/udp sport=0xffda dport=0x0003");
	assert_int_equal(sum(34, 42, 17 + 8), 0xffff);
	assert_int_not_equal(at(40), 0);
}

/* What is given stays, right or wrong. */
static void given(void **state)
{
	(void)state;
	parse("eth type=0x1234/ip len=9 csum=0xdead ihl=15 proto=99/udp csum=0 len=3");
	assert_int_equal(at(12), 0x1234);
	assert_int_equal(p.bytes[14], 0x4f);
	assert_int_equal(at(16), 9);
	assert_int_equal(p.bytes[23], 99);
	assert_int_equal(at(24), 0xdead);
	assert_int_equal(at(38), 3);
	assert_int_equal(at(40), 0);
}

static void refuses(const char *text, const char *why, const char *hint)
{
	struct err e = {0};
	if (packet_parse(&p, text, &e))
		fail_msg("%s: accepted", text);
	if (!strstr(e.text, why) || !strstr(e.hint, hint))
		fail_msg("%s: %s; %s", text, e.text, e.hint);
}

static void refused(void **state)
{
	(void)state;
	refuses("", "unknown layer ''", "eth, vlan");
	refuses("eth/", "unknown layer ''", "");
	refuses("eth//ip", "unknown layer ''", "");
	refuses("ethh", "unknown layer 'ethh'", "'eth'");
	refuses("eth/ip dport=1", "ip: unknown word 'dport=1'", "src=");
	refuses("eth/tcp dprot=1", "tcp: unknown word 'dprot=1'", "'dport'");
	refuses("tcp dport=65536", "a number of 16 bits", "");
	refuses("tcp dport=-1", "a number of 16 bits", "");
	refuses("tcp dport=", "a number of 16 bits", "");
	refuses("tcp dport=1x", "a number of 16 bits", "");
	refuses("tcp dport=99999999999999999999", "a number of 16 bits", "");
	refuses("tcp syn=1", "unknown word 'syn=1'", "");
	refuses("vlan id=4096", "12 bits", "");
	refuses("eth src=02:00:00:00:00", "expects an address", "");
	refuses("eth src=02:00:00:00:00:0g", "expects an address", "");
	refuses("eth src=02:00:00:00:00:01:02", "expects an address", "");
	refuses("ip src=1.2.3", "an IPv4 address", "");
	refuses("ip src=::1", "an IPv4 address", "");
	refuses("ip6 src=1.2.3.4", "an IPv6 address", "");
	refuses("data \"open", "closing", "");
	refuses("data", "expects some data", "");
	refuses("hex 0", "pairs of hexadecimal digits", "");
	refuses("hex 0g", "pairs of hexadecimal digits", "");
	refuses("data len=65536", "up to 65535", "");
	refuses("data len=65535/data len=1", "at most 65535 bytes", "");
	refuses("ip/data len=65535", "at most 65535 bytes", "");
	refuses("eth/ip/pad 60/tcp", "nothing follows", "");
	refuses("eth/pad 60/data x", "nothing follows", "");
	refuses("eth/cut 6/pad 9", "nothing follows", "");
	refuses("pad", "a number of bytes", "");
	refuses("pad 1 2", "one number", "");
	refuses("cut x", "a number of bytes", "");
	refuses("ip options=01 options=01", "given twice", "");
	refuses("eth/ip options=0101010101010101010101010101010101010101"
		"010101010101010101010101010101010101010101",
		"at most 40 bytes", "");
	refuses("ip/ip/ip/ip/ip/ip/ip/ip/ip/ip/ip/ip/ip/ip/ip/ip/ip", "at most 16 layers", "");
	char long_word[700];
	memset(long_word, 'a', sizeof long_word);
	memcpy(long_word, "data ", 5);
	long_word[sizeof long_word - 1] = 0;
	refuses(long_word, "at most", "");
	long_word[4] = 'a';
	refuses(long_word, "unknown layer", "");
}

static void captures(void **state)
{
	(void)state;
	static const char head[] = "\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0\1\0\0\0";
	uint8_t file[60] = {0};
	struct err e = {0};
	memcpy(file, head, 24);
	file[24 + 8] = 5;
	memcpy(file + 40, "abcde", 5);
	assert_true(packet_parse_pcap(&p, file, 45, &e));
	assert_int_equal(p.n, 5);
	assert_memory_equal(p.bytes, "abcde", 5);
	for (size_t n = 4; n < 45; n++) {
		e = (struct err){0};
		assert_false(packet_parse_pcap(&p, file, n, &e));
		assert_true(e.set);
	}
	e = (struct err){0};
	memset(file + 24 + 8, 0xff, 4);
	assert_false(packet_parse_pcap(&p, file, sizeof file, &e));
	/* the other byte order, nanoseconds */
	memcpy(file, "\xa1\xb2\x3c\x4d", 4);
	memcpy(file + 24 + 8, "\0\0\0\3", 4);
	e = (struct err){0};
	assert_true(packet_parse_pcap(&p, file, 45, &e));
	assert_int_equal(p.n, 3);
	/* something else is no error */
	file[0] = 0;
	assert_false(packet_parse_pcap(&p, file, 45, &e));
	assert_false(e.set);
	assert_false(packet_parse_pcap(&p, file, 0, &e));
}

static void verdicts(void **state)
{
	(void)state;
	uint32_t v = 0;
	struct err e = {0};
	static const char *const names[] = {"XDP_DROP", "xdp_drop", "drop", "DROP", "1", "0x1"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_true(verdict_parse(BPF_PROG_TYPE_XDP, names[i], &v, &e));
		assert_int_equal(v, 1);
	}
	assert_true(verdict_parse(BPF_PROG_TYPE_SCHED_CLS, "shot", &v, &e));
	assert_int_equal(v, 2);
	assert_true(verdict_parse(BPF_PROG_TYPE_SCHED_CLS, "TC_ACT_UNSPEC", &v, &e));
	assert_int_equal(v, UINT32_MAX);
	assert_string_equal(verdict_name(BPF_PROG_TYPE_SCHED_ACT, UINT32_MAX), "TC_ACT_UNSPEC");
	assert_null(verdict_name(BPF_PROG_TYPE_XDP, 5));
	assert_null(verdict_name(BPF_PROG_TYPE_SOCKET_FILTER, 1));
	assert_false(verdict_parse(BPF_PROG_TYPE_XDP, "XDP_DORP", &v, &e));
	assert_non_null(strstr(e.hint, "XDP_DROP"));
	e = (struct err){0};
	assert_false(verdict_parse(BPF_PROG_TYPE_XDP, "", &v, &e));
	e = (struct err){0};
	assert_false(verdict_parse(BPF_PROG_TYPE_XDP, "4294967296", &v, &e));
}

/* ---- files of cases ---- */

static bool read_cases(struct cases *c, const char *text, struct arena *a, struct err *e)
{
	*e = (struct err){0};
	return cases_parse(c, (struct span){(const uint8_t *)text, strlen(text), false}, a, e);
}

static void case_files(void **state)
{
	(void)state;
	struct arena a = {0};
	struct cases c;
	struct err e;
	assert_true(read_cases(&c,
		"# comment\n\n  first one:  eth/ip src=02:01 x 3 -> XDP_DROP  \r\n"
		"prog gate\nset a=1\n"
		"second: eth/data \"a -> b x 9\" -> pass = eth/data \"= ->\"\n"
		"+ third: eth -> 2",
		&a, &e));
	assert_int_equal(c.n, 3);
	assert_string_equal(c.list[0].name, "first one");
	assert_string_equal(c.list[0].packet, "eth/ip src=02:01");
	assert_string_equal(c.list[0].verdict, "XDP_DROP");
	assert_int_equal(c.list[0].times, 3);
	assert_int_equal(c.list[0].line, 3);
	assert_null(c.list[0].prog);
	assert_string_equal(c.list[1].prog, "gate");
	assert_string_equal(c.list[1].sets[0], "a=1");
	assert_string_equal(c.list[1].packet, "eth/data \"a -> b x 9\"");
	assert_string_equal(c.list[1].verdict, "pass");
	assert_string_equal(c.list[1].output, "eth/data \"= ->\"");
	assert_int_equal(c.list[1].times, 1);
	assert_true(c.list[2].continues);
	assert_string_equal(c.list[2].name, "third");
	assert_true(read_cases(&c,
		"put a[{x = [1]}] = {y = 2}\none: eth -> 1\n map b[\"]\"]=none\n"
		"map c[] = 3\ntwo: eth -> 1",
		&a, &e));
	assert_int_equal(c.n, 2);
	assert_int_equal(c.list[0].n_puts, 1);
	assert_string_equal(c.list[0].puts[0].map, "a");
	assert_string_equal(c.list[0].puts[0].key, "{x = [1]}");
	assert_string_equal(c.list[0].puts[0].value, "{y = 2}");
	assert_int_equal(c.list[0].n_maps, 2);
	assert_string_equal(c.list[0].maps[0].key, "\"]\"");
	assert_string_equal(c.list[0].maps[0].value, "none");
	assert_string_equal(c.list[0].maps[1].key, "");
	assert_int_equal(c.list[1].n_puts, 1);
	assert_int_equal(c.list[1].n_maps, 0);
	static const struct {
		const char *text, *why;
	} wrong[] = {
		{"#\n", "it has no cases"},
		{"map a[1] = 2", "no case before"},
		{"put a = 2", "expected MAP[KEY] = VALUE"},
		{"put a[1 = 2", "expected MAP[KEY] = VALUE"},
		{"put a[1] 2", "expected MAP[KEY] = VALUE"},
		{"put a[\"] = 2", "expected MAP[KEY] = VALUE"},
		{"x\n", "line 1: expected NAME: PACKET -> VERDICT"},
		{"x: eth\n", "line 1: expected NAME"},
		{"\n: eth -> drop", "line 2"},
		{"x:  -> drop", "line 1: a packet is missing"},
		{"x: eth -> ", "line 1: a verdict is missing"},
		{"x: eth -> drop =", "line 1: a packet is missing"},
		{"x: eth x 0 -> drop", "a number of times"},
		{"x: eth x 9999999999 -> drop", "a number of times"},
		{"x: eth x y -> drop", "a number of times"},
		{"+ x: eth -> drop", "no case before"},
		{"set a\nx: eth -> drop", "line 1: expected set VAR=VALUE"},
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_false(read_cases(&c, wrong[i].text, &a, &e));
		if (!strstr(e.text, wrong[i].why))
			fail_msg("%s: %s", wrong[i].text, e.text);
	}
	assert_false(cases_parse(&c, (struct span){(const uint8_t *)"x\0y", 3, false}, &a, &e));
	arena_free(&a);
}

/* ---- differences ---- */

static void differ(const char *before, size_t n, const char *after, size_t m, const char *wanted)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	trial_print_changes((const uint8_t *)before, n, (const uint8_t *)after, m, "", out);
	fclose(out);
	assert_string_equal(text, wanted);
	free(text);
}

static void differences(void **state)
{
	(void)state;
	differ("0123456789abcdefghij", 20, "0123456789abcdefghij", 20, "");
	differ("0123456789abcdefghij", 20, "0123456789abcdefghiK", 20,
		"- 0010  67 68 69 6a                                      ghij\n"
		"+ 0010  67 68 69 4b                                      ghiK\n");
	/* a header in front of the rest */
	differ("bc", 2, "\001bc", 3,
		"+ 0000  01                                               .\n");
	differ("abc", 3, "bc", 2, "- 0000  61                                               a\n");
	differ("", 0, "", 0, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes),
		cmocka_unit_test(flags),
		cmocka_unit_test(sums),
		cmocka_unit_test(given),
		cmocka_unit_test(refused),
		cmocka_unit_test(captures),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(case_files),
		cmocka_unit_test(differences),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
