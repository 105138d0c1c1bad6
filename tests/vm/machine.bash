# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# shellcheck shell=bash
#
# For tests that boot machines. These are emulated, on hosts that have other work, too: now and then
# one stands still for seconds, or dies of a fault of its emulation. So what fails is done once more,
# in a new machine, and has failed when it fails again. That it had to be is told: a comment
# "# again: TEST: what failed", which tests/run repeats at its end.
export BATS_TEST_RETRIES=1

teardown() {
	[[ -z ${BATS_TEST_COMPLETED-} && ! ${BATS_TEST_SKIPPED-} ]] || return 0
	echo "# again: $BATS_TEST_DESCRIPTION: $(grep -m 3 -e '^not ok' -e ' FAIL ' -e '^run: ' \
		<<<"${output-}" | tr '\n' ';' | cut -c 1-300)" >&3
}
