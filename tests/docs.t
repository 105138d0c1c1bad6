#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
# Pages that are made of the program say what it says.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
make -s build/sonde >&2
echo 1..1
if diff <(docs/make-hooks) docs/hooks.md | sed 's/^/# /'; then
	echo "ok 1 - docs/hooks.md is current"
else
	echo "not ok 1 - docs/hooks.md is current (docs/make-hooks >docs/hooks.md)"
	exit 1
fi
