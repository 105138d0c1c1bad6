/* SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only */
/* What kernels that a folder describes offer: by version, by types, and by configuration. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "elf/base/bpf_abi.h"
#include "folder.h"
#include "loader/doctor/finding.h"
#include "loader/doctor/offer.h"
#include "loader/hook/hook.h"

struct kernel {
	struct target t;
	struct arena a;
	struct kfs k;
	struct offer o;
};

static void describe(struct kernel *k, const char *release, const char *machine, const char *config)
{
	struct err e = {0};
	*k = (struct kernel){0};
	must_shell("rm -rf ./*; echo %s >release; echo %s >machine", release, machine);
	if (config)
		must_shell("printf '%s' >config", config);
	assert_true(target_open(&k->t, folder, &k->a, &k->k, NULL, &e));
	offer_open(&k->o, &k->t);
}

static void end(struct kernel *k)
{
	target_close(&k->t);
	kfs_close(&k->k);
	arena_free(&k->a);
}

static void by_version(void **state)
{
	(void)state;
	struct kernel k;
	describe(&k, "5.10.0-9", "x86_64", NULL);
	struct offered o = offer_member(&k.o, ABI_MAP_TYPES, BPF_MAP_TYPE_RINGBUF);
	assert_int_equal(o.state, OFFER_THERE);
	assert_int_equal(o.since, ABI_VERSION(5, 8));
	o = offer_member(&k.o, ABI_MAP_TYPES, BPF_MAP_TYPE_BLOOM_FILTER);
	assert_int_equal(o.state, OFFER_TOO_OLD);
	assert_int_equal(offer_helper(&k.o, BPF_FUNC_loop).state, OFFER_TOO_OLD);
	assert_int_equal(offer_helper(&k.o, BPF_FUNC_map_lookup_elem).state, OFFER_THERE);
	end(&k);
}

static void by_configuration(void **state)
{
	(void)state;
	struct kernel k;
	describe(&k, "6.1.0", "x86_64",
		"# CONFIG_FPROBE is not set\\nCONFIG_NET=y\\nCONFIG_BPF_EVENTS=y\\n"
		"CONFIG_NET_CLS_BPF=m\\nCONFIG_BPF_JIT=y\\nCONFIG_HZ=250");
	assert_int_equal(offer_option(&k.o, "CONFIG_NET"), 'y');
	assert_int_equal(offer_option(&k.o, "CONFIG_NET_CLS_BPF"), 'm');
	assert_int_equal(offer_option(&k.o, "CONFIG_HZ"), '?');
	assert_int_equal(offer_option(&k.o, "CONFIG_FPROBE"), 'n');
	assert_int_equal(offer_option(&k.o, "CONFIG_NE"), 'n'); /* the beginning of another one */
	struct offered o = offer_member(&k.o, ABI_ATTACH_TYPES, BPF_TRACE_KPROBE_MULTI);
	assert_int_equal(o.state, OFFER_OFF);
	assert_string_equal(o.option, "CONFIG_FPROBE");
	/* the first of two that is missing */
	o = offer_member(&k.o, ABI_PROG_TYPES, BPF_PROG_TYPE_CGROUP_SKB);
	assert_int_equal(o.state, OFFER_OFF);
	assert_string_equal(o.option, "CONFIG_CGROUP_BPF");
	assert_int_equal(offer_member(&k.o, ABI_PROG_TYPES, BPF_PROG_TYPE_XDP).state, OFFER_THERE);
	/* before 5.13, socket maps had an option of their own */
	o = offer_member(&k.o, ABI_MAP_TYPES, BPF_MAP_TYPE_SOCKMAP);
	assert_string_equal(o.option, "CONFIG_INET");
	end(&k);
	describe(&k, "5.10.0", "x86_64", "CONFIG_NET=y\\nCONFIG_INET=y");
	o = offer_member(&k.o, ABI_MAP_TYPES, BPF_MAP_TYPE_SOCKMAP);
	assert_string_equal(o.option, "CONFIG_BPF_STREAM_PARSER");
	end(&k);
}

/* What is not known is there. */
static void unknown(void **state)
{
	(void)state;
	struct kernel k;
	describe(&k, "6.12.0", "x86_64", NULL);
	assert_int_equal(offer_option(&k.o, "CONFIG_NET"), 0);
	assert_int_equal(offer_member(&k.o, ABI_ATTACH_TYPES, BPF_NETKIT_PEER).state, OFFER_THERE);
	end(&k);
}

static struct offered hook(struct kernel *k, const char *name)
{
	const char *target;
	struct err e = {0};
	const struct hook *h = hook_find(name, &target, &e);
	assert_non_null(h);
	return offer_hook(&k->o, h);
}

static void hooks(void **state)
{
	(void)state;
	struct kernel k;
	describe(&k, "5.10.0", "aarch64", NULL);
	assert_int_equal(hook(&k, "kprobe").state, OFFER_THERE);
	assert_int_equal(hook(&k, "kprobe.multi").state, OFFER_TOO_OLD);
	/* attached through netlink where there are no links */
	assert_int_equal(hook(&k, "tc").state, OFFER_THERE);
	/* loads there, but does not attach */
	assert_int_equal(hook(&k, "fentry").state, OFFER_TOO_OLD);
	assert_int_equal(hook(&k, "fentry").since, ABI_VERSION(6, 4));
	assert_int_equal(hook(&k, "tp_btf").state, OFFER_THERE);
	assert_int_equal(hook(&k, "iter").state, OFFER_THERE);
	end(&k);
	describe(&k, "6.12.0", "armv7l", NULL);
	assert_int_equal(hook(&k, "fexit").state, OFFER_TOO_OLD);
	assert_int_equal(hook(&k, "fexit").since, 0); /* no kernel has them */
	end(&k);
	describe(&k, "6.12.0", "x86_64", "CONFIG_BPF_EVENTS=y\\nCONFIG_UPROBE_EVENTS=y");
	assert_string_equal(hook(&k, "kprobe").option, "CONFIG_KPROBE_EVENTS");
	assert_string_equal(hook(&k, "fentry").option, "CONFIG_BPF_JIT");
	assert_int_equal(hook(&k, "uprobe").state, OFFER_THERE);
	end(&k);
	/* filters before links */
	static const char tc[] = "CONFIG_NET=y\\nCONFIG_NET_CLS_BPF=m";
	describe(&k, "5.10.0", "x86_64", tc);
	assert_string_equal(hook(&k, "tc").option, "CONFIG_NET_SCH_INGRESS");
	end(&k);
	describe(&k, "6.12.0", "x86_64", tc);
	assert_int_equal(hook(&k, "tc").state, OFFER_THERE);
	end(&k);
}

/* What fails comes last, whatever the order in which it was found. */
static void order(void **state)
{
	(void)state;
	struct arena a = {0};
	struct findings f = {.arena = &a};
	char *text;
	size_t n;
	finding_add(&f, (struct finding){FINDING_FAILS, "b", "worst", "gone", "mend it", NULL, 0});
	finding_add(
		&f, (struct finding){FINDING_OK, "a", "one", "", NULL, NULL, ABI_VERSION(4, 1)});
	finding_add(&f, (struct finding){FINDING_NOTE, "b", "two", "text", NULL, NULL, 0});
	finding_add(&f, (struct finding){FINDING_OK, "a", "three", "", NULL, NULL, 0});
	assert_int_equal(findings_worst(&f), FINDING_FAILS);
	FILE *out = open_memstream(&text, &n);
	findings_print(&f, NULL, false, out);
	fclose(out);
	assert_string_equal(text, "a\n"
				  "  ok      one                     since 4.1\n"
				  "  ok      three\n"
				  "b\n"
				  "  note    two                     text\n"
				  "b\n"
				  "  fails   worst                   gone\n"
				  "            cure:                 mend it\n");
	free(text);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_version),
		cmocka_unit_test(by_configuration),
		cmocka_unit_test(unknown),
		cmocka_unit_test(hooks),
		cmocka_unit_test(order),
	};
	return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
