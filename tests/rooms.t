#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Checks the #include directives of elf/ and loader/ against docs/architecture.md.

Four rules: every dependency between rooms is an arrow of the table "Rooms and arrows", which may
restrict it to named headers; neither rooms nor modules depend on each other in a cycle; no two
source files share a name; and text and numbers are converted by elf/base, because one use of the C
library's printf(), strtod() or strtoul() links all of it. A module is NAME.h with the files that implement it: NAME.c, NAME_impl.h
and every file that includes NAME_impl.h.

With an argument, checks that tree instead (rooms.bats breaks each rule in a small one).
"""
import os
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
ROW = re.compile(r"^\| `([\w/]+)` \| (.*?) \|")
LIBC = re.compile(r"\b(v?[fds]?n?printf|v?asprintf|v?[fs]?scanf|strto(?:f|ld|d|u?ll?)|ato[il]|inet_ntop)\((?!\))")
# Conversions that elf/base/format.h does not know; "%e" is in texts about interfaces.
CONVERSION = re.compile(r'"[^"\n]*?(%[-+#0]*[0-9.*]*(?:hh?|ll?|[jztL])?[oXEfFgGaAn])')
ARROW = re.compile(r"`([\w/]+)`(?: \(([^)]*)\))?")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def table(top):
    """The allowed arrows: room -> {room: set of headers, or None for all of them}."""
    arrows = {}
    section = ("\n" + read(f"{top}/docs/architecture.md")).partition("\n## Rooms and arrows\n")[2]
    for line in section.partition("\n## ")[0].splitlines():
        row = ROW.match(line)
        if row:
            uses = ARROW.findall(row[2])
            arrows[row[1]] = {r: set(re.findall(r"\w+\.h", only)) or None for r, only in uses}
    return arrows


def sources(top):
    for tree in ("elf", "loader"):
        for folder, _, names in os.walk(f"{top}/{tree}"):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".def")):
                    yield os.path.relpath(f"{folder}/{name}", top)


def includes(top, files):
    """Pairs of (file, included file) for all includes of our own files."""
    for file in files:
        for name in INCLUDE.findall(read(f"{top}/{file}")):
            beside = os.path.normpath(os.path.join(os.path.dirname(file), name))
            yield file, beside if beside in files else name


def cycle(edges):
    """One cycle of a graph as a list of its nodes, or None."""
    state, path = {}, []

    def visit(node):
        state[node] = 1
        path.append(node)
        for after in sorted(edges.get(node, ())):
            if state.get(after) == 1:
                return path[path.index(after) :] + [after]
            if after not in state:
                found = visit(after)
                if found:
                    return found
        path.pop()
        state[node] = 2
        return None

    for node in sorted(edges):
        if node not in state:
            found = visit(node)
            if found:
                return found
    return None


def modules(pairs, files):
    """file -> module: its stem, but what includes NAME_impl.h implements NAME."""
    module = {file: re.sub(r"(_impl)?\.(c|h|def)$", "", file) for file in files}
    for file, included in pairs:
        if included.endswith("_impl.h"):
            module[file] = module[included]
    return module


def check_arrows(top, pairs):
    arrows, wrong = table(top), []
    for file, included in pairs:
        room, used = os.path.dirname(file), os.path.dirname(included)
        if room == used:
            continue
        allowed = arrows.get(room, {})
        if used not in allowed:
            wrong.append(f"{file} includes {included}: no arrow {room} -> {used}")
        elif allowed[used] and os.path.basename(included) not in allowed[used]:
            wrong.append(f"{file} includes {included}: only {', '.join(sorted(allowed[used]))}")
    return wrong


def check_table(top, pairs, files):
    """Rooms without a row, and arrows that nobody uses."""
    arrows = table(top)
    rooms = {os.path.dirname(file) for file in files}
    used = {(os.path.dirname(a), os.path.dirname(b)) for a, b in pairs}
    wrong = [f"{room} has no row in docs/architecture.md" for room in sorted(rooms - set(arrows))]
    wrong += [f"docs/architecture.md: there is no room {room}" for room in sorted(set(arrows) - rooms)]
    for room, uses in arrows.items():
        wrong += [f"docs/architecture.md: {room} does not use {u}" for u in uses if (room, u) not in used]
    return wrong


def check_cycle(pairs, key):
    edges = {}
    for file, included in pairs:
        if key(file) != key(included):
            edges.setdefault(key(file), set()).add(key(included))
    found = cycle(edges)
    return [" -> ".join(found)] if found else []


def check_names(files):
    seen, wrong = {}, []
    for file in files:
        other = seen.setdefault(os.path.basename(file), file)
        if other != file:
            wrong.append(f"{other} and {file} share a name")
    return wrong


def check_formats(top, files):
    wrong = []
    for file in files:
        if os.path.basename(file) == "emit_c_runtime.def":
            continue  # the text of other programs
        text = re.sub(r"/\*.*?\*/", "", read(f"{top}/{file}"), flags=re.S)
        wrong += [f"{file} calls {name}(): see format.h and number.h of elf/base" for name in LIBC.findall(text)]
        wrong += [f"{file}: format.h has no {text}" for text in CONVERSION.findall(text)]
    return wrong


def check(top):
    files = set(sources(top))
    pairs = list(includes(top, sorted(files)))
    missing = [f"{a} includes {b}, which does not exist" for a, b in pairs if b not in files]
    pairs = [pair for pair in pairs if pair[1] in files]
    module = modules(pairs, files)
    return {
        "included files exist": missing,
        "includes follow the arrows of docs/architecture.md": check_arrows(top, pairs),
        "the table of arrows is exact": check_table(top, pairs, files),
        "no cycle between rooms": check_cycle(pairs, os.path.dirname),
        "no cycle between modules": check_cycle(pairs, module.get),
        "no two files share a name": check_names(sorted(files)),
        "text and numbers are converted by elf/base": check_formats(top, sorted(files)),
    }


def main():
    top = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    results = check(top)
    print(f"1..{len(results)}")
    for number, (title, wrong) in enumerate(results.items(), 1):
        for line in wrong:
            print(f"# {line}")
        print(f"{'not ok' if wrong else 'ok'} {number} - {title}")
    return any(results.values())


sys.exit(main())
