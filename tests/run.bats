#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# The test runner, with artificial tests: every kind of failure must count.

bats_require_minimum_version 1.5.0

setup() {
	tree=$BATS_TEST_TMPDIR/tree
	mkdir -p "$tree/tests/unit"
	cp "$BATS_TEST_DIRNAME"/{run,objects.mk} "$tree/tests/"
}

# made NAME: creates an executable test with the body on stdin.
made() {
	{
		echo '#!/bin/sh'
		cat
	} >"$tree/tests/$1"
	chmod +x "$tree/tests/$1"
}

# The last line of a run.
counts() {
	echo "$output"
	[[ ${lines[-1]} == "$1" ]]
}

@test "passed, skipped and to-do results are counted, skips are listed with their reason" {
	made a.t <<-'END'
		echo 1..3
		echo ok 1 - x
		echo "ok 2 - y # SKIP no y here"
		echo "not ok 3 - z # TODO later"
	END
	run -0 "$tree/tests/run"
	counts "2 passed, 0 failed, 1 skipped"
	[[ $output == *"skipped a.t: y: no y here"* ]]
}

@test "the reason of a test skipped by cmocka is in a comment" {
	made a.t <<<'echo 1..1; echo "# SKIP no y"; echo "not ok 1 # SKIP y"'
	run -0 "$tree/tests/run"
	counts "0 passed, 0 failed, 1 skipped"
	[[ $output == *"skipped a.t: y: no y"* ]]
}

@test "all skipped" {
	made a.t <<<'echo "1..0 # SKIP nothing here"'
	run -0 "$tree/tests/run"
	counts "0 passed, 0 failed, 1 skipped"
	[[ $output == *"skipped a.t: nothing here"* ]]
}

@test "two plans in one output, as cmocka prints a plan for each group" {
	made a.t <<<'echo 1..1; echo ok 1; echo 1..2; echo ok 1; echo ok 2'
	run -0 "$tree/tests/run"
	counts "3 passed, 0 failed, 0 skipped"
}

@test "only the output of failed tests is shown" {
	made a.t <<<'echo 1..1; echo "# fine"; echo ok 1'
	made b.t <<<'echo 1..2; echo "# because"; echo not ok 1; echo ok 2'
	run -1 "$tree/tests/run"
	counts "2 passed, 1 failed, 0 skipped"
	[[ $output == *"# because"* && $output != *"# fine"* ]]
}

@test "a test that passes in a second machine has passed and is reported; one that fails in both has failed" {
	mkdir "$tree/tests/vm"
	cp "$BATS_TEST_DIRNAME/vm/machine.bash" "$tree/tests/vm/"
	sed 's/^\t*TEST/@test/' >"$tree/tests/vm/a.bats" <<-'END'
		load machine
		TEST "x" {
			run echo "not ok 7 - the first time"
			[ "$BATS_TEST_TRY_NUMBER" = "$TRY" ]
		}
		TEST "y" { skip "no y"; }
	END
	TRY=1 run -0 "$tree/tests/run"
	counts "1 passed, 0 failed, 1 skipped"
	[[ $output != *repeated* ]]
	TRY=2 run -0 "$tree/tests/run"
	counts "1 passed, 0 failed, 1 skipped"
	[ "$(grep -c '^repeated vm/a.bats: x: not ok 7 - the first time;$' <<<"$output")" = 1 ]
	TRY=3 run -1 "$tree/tests/run"
	counts "0 passed, 1 failed, 1 skipped"
}

@test "a crash, an exit status, a missing or unfulfilled plan: each counts as one failure" {
	made crash.t <<<'echo 1..2; echo ok 1; kill -SEGV $$'
	run -1 "$tree/tests/run" crash
	counts "1 passed, 1 failed, 0 skipped"
	made status.t <<<'echo 1..1; echo ok 1; exit 3'
	run -1 "$tree/tests/run" status
	counts "1 passed, 1 failed, 0 skipped"
	made none.t <<<'echo ok 1'
	run -1 "$tree/tests/run" none
	counts "1 passed, 1 failed, 0 skipped"
	made empty.t <<<''
	run -1 "$tree/tests/run" empty
	counts "0 passed, 1 failed, 0 skipped"
	made less.t <<<'echo 1..2; echo ok 1'
	run -1 "$tree/tests/run" less
	counts "1 passed, 1 failed, 0 skipped"
	made more.t <<<'echo 1..1; echo ok 1; echo ok 2'
	run -1 "$tree/tests/run" more
	counts "2 passed, 1 failed, 0 skipped"
	made bail.t <<<'echo 1..1; echo ok 1; echo "Bail out! no more"'
	run -1 "$tree/tests/run" bail
	counts "1 passed, 1 failed, 0 skipped"
}

@test "the end of the output of a failed test is shown" {
	made a.t <<<'echo 1..1; seq -f "line %.0f" 300; echo not ok 1'
	run -1 "$tree/tests/run"
	[[ $output == *"the last 100 lines of build/test/results."*/a.t.log* ]]
	[[ $output == *"line 202"*"line 300"*"not ok 1"* && $output != *"line 201"* ]]
}

@test "each action is announced before it starts" {
	made a.t <<<'echo 1..1; echo ok 1'
	run -0 "$tree/tests/run"
	[[ ${lines[0]} == "building what 1 test files need ..." && ${lines[1]} == "built after "*" seconds; "* ]]
	[[ ${lines[2]} =~ ^ok\ +a\.t\ +1\ passed\ \([0-9]+\.[0-9]\ s,\ CPU\ [0-9]+\.[0-9]\ s\)$ ]]
}

@test "a test that hangs is killed" {
	made a.t <<<'echo 1..1; echo ok 1; sleep 1000'
	TEST_TIMEOUT=5 run -1 "$tree/tests/run"
	counts "1 passed, 1 failed, 0 skipped"
	[[ $output == *"more than 5 seconds"* ]]
}

@test "a unit test that does not compile is a failure" {
	cp "$BATS_TEST_DIRNAME/unit/"{Makefile,filter.c} "$tree/tests/unit/"
	mkdir "$tree/loader"
	touch "$tree/loader/sources.mk"
	echo 'int main(void) { return }' >"$tree/tests/unit/test_x.c"
	run -1 "$tree/tests/run"
	counts "0 passed, 1 failed, 0 skipped"
	[[ $output == *"tests/unit/test_x.c:1"* ]]
}

@test "tests marked 'alone' run alone, and last" {
	# shellcheck disable=SC2016
	made z.t <<<'sleep 0.5; touch "$(dirname "$0")/z"; echo 1..1; echo ok 1'
	made a.t <<-'END'
		# tests/run: alone
		echo 1..1
		test -e "$(dirname "$0")/z" && echo ok 1
	END
	made b.t <<<'echo 1..1; echo ok 1'
	run -0 "$tree/tests/run"
	counts "3 passed, 0 failed, 0 skipped"
}

@test "--check: no virtual machines, no network" {
	mkdir "$tree/tests/vm" "$tree/tests/cli"
	made vm/a.t <<<'echo 1..1; echo not ok 1'
	made fetches.t <<<'echo 1..1; echo not ok 1'
	# shellcheck disable=SC2016
	made cli/b.t <<<'echo 1..1; [ "$SONDE_SAMPLE" ] && echo ok 1'
	run -0 "$tree/tests/run" --check
	counts "1 passed, 0 failed, 0 skipped"
}

@test "one test of a file: bats and cmocka" {
	sed 's/^\t*TEST/@test/' >"$tree/tests/a.bats" <<-'END'
		TEST "x (1)" { false; }
		TEST "y (2)" { true; }
	END
	run -0 "$tree/tests/run" 'a.bats:y (2)'
	counts "1 passed, 0 failed, 0 skipped"
	run -1 "$tree/tests/run" 'a.bats:x (1)'
	counts "0 passed, 1 failed, 0 skipped"
	run -1 "$tree/tests/run" 'a.bats:y (1)'
	counts "0 passed, 1 failed, 0 skipped"
	cp "$BATS_TEST_DIRNAME/unit/"{Makefile,filter.c} "$tree/tests/unit/"
	mkdir "$tree/loader"
	touch "$tree/loader/sources.mk"
	cat >"$tree/tests/unit/test_x.c" <<-'END'
		#include <setjmp.h>
		#include <stdarg.h>
		#include <stddef.h>
		#include <stdint.h>
		#include <cmocka.h>
		static void good(void **state) { assert_null(*state); }
		static void wrong(void **state) { assert_non_null(*state); }
		int main(void)
		{
			const struct CMUnitTest tests[] = {cmocka_unit_test(good), cmocka_unit_test(wrong)};
			return cmocka_run_group_tests(tests, NULL, NULL);
		}
	END
	run -0 "$tree/tests/run" unit/test_x:good
	counts "1 passed, 0 failed, 0 skipped"
	run -1 "$tree/tests/run" unit/test_x:wrong
	counts "0 passed, 1 failed, 0 skipped"
	run -1 "$tree/tests/run" unit/test_x:absent
	counts "0 passed, 1 failed, 0 skipped"
}

@test "patterns select tests; no match is a failure" {
	made a.t <<<'echo 1..1; echo ok 1'
	made b.t <<<'echo 1..1; echo ok 1'
	run -0 "$tree/tests/run" --list
	[[ $output == $'a.t\nb.t' ]]
	run -0 "$tree/tests/run" --list tests/a
	[[ $output == a.t ]]
	run -0 "$tree/tests/run" a.t
	counts "1 passed, 0 failed, 0 skipped"
	run -1 "$tree/tests/run" zzz
	counts "0 passed, 0 failed, 0 skipped"
	cd "$tree/tests" && run -2 ./run --bad
	[[ $output == "usage: tests/run"* ]]
}
