#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""usage: tests/objects/report.py TOLD PRINTED RELEASE VERSIONS PAGE

Writes the tables of PAGE, after the line "<!-- tables: ...": TOLD/SET/VARIANT/NAME has the records and
fields that `sonde inspect --json` prints, PRINTED the lines of guest.sh.
"""
import json
import pathlib
import re
import sys

SETS = {
    "libbpf-tools": "libbpf-tools, compiled from Debian's source of bpfcc",
    "shipped": "objects in Debian's packages libbpf-tools, xdp-tools, systemd and bpfilter",
    "styles": "in the manner of other frameworks",
    "course": "the course's programs",
    "progs": "the project's programs",
}
# Those whose maps are listed.
TITLES = {
    "libbpf-tools": "libbpf-tools",
    "shipped": "Objects in Debian's packages",
    "styles": "In the manner of other frameworks",
}
VARIANTS = {"whole": "as compiled", "stripped": "`llvm-strip -g`", "linked": "`bpftool gen object`"}


def told(file):
    """The records of each map: (type, where it comes from), and the numbers of certain and of all fields."""
    maps, fields = {}, {}
    for line in file.read_text().splitlines() if file.exists() else []:
        row = json.loads(line)
        if row["what"] == "record":
            maps.setdefault(row["map"], []).append((row["type"], row["from"]))
        else:
            fields.setdefault(row["map"], []).append(not row.get("note"))
    return maps, fields


def kind(origin):
    """How sure a type is: exact, by size, from the code, unknown."""
    if "size" in origin:
        return "by size"
    if origin.startswith("code"):
        return "code"
    if origin.startswith(("declared", "BTF", "DWARF")):
        return "exact"
    return "unknown"


def cell(maps, name):
    if name not in maps:
        return ""
    kinds, origin = maps[name], maps[name][0][1]
    more = f", {len(kinds)} kinds" if len(kinds) > 1 else ""
    found = re.match(r"code, (\d+) of (\d+)", origin)
    if found:
        return f"code: {found[1]} of {found[2]} fields{more}"
    return f"{origin}{more}" if kinds[0][0] else "unknown"


def ran(printed):
    lines = {}
    for line in printed.read_text().splitlines():
        words = line.split(" ", 3)
        if len(words) >= 3 and "--" in words[0]:
            lines[words[0]] = (int(words[1]), int(words[2]), words[3] if len(words) > 3 else "")
    return lines


def run_cell(result, reasons):
    if result is None:
        return "not run"
    status, records, text = result
    if status == 0:
        return f"{records} records" if records else "runs"
    text = re.sub(r"^sonde: (/objects/\S+: )?", "", text).replace("|", "\\|")
    if text not in reasons:
        reasons.append(text)
    return f"refused ({reasons.index(text) + 1})"


def main():
    if len(sys.argv) != 6:
        print(__doc__, file=sys.stderr)
        return 2
    top, lines = pathlib.Path(sys.argv[1]), ran(pathlib.Path(sys.argv[2]))
    release, versions, page = sys.argv[3], sys.argv[4], pathlib.Path(sys.argv[5])
    out = [f"Versions: {versions.replace(',', ', ')}; Linux {release}.", "",
           "| objects | variant | maps and iterators with records | type exact | by size | from the code "
           "| fields certain | unknown |", "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for name, title in SETS.items():
        for how, label in VARIANTS.items():
            count = {"exact": 0, "by size": 0, "code": 0, "unknown": 0}
            sure = total = 0
            for file in sorted((top / name / how).glob("*.bpf.o")):
                maps, fields = told(file)
                for map_name, kinds in maps.items():
                    count[kind(kinds[0][1])] += 1
                    sure += sum(fields.get(map_name, []))
                    total += len(fields.get(map_name, []))
            out.append(f"| {title if how == 'whole' else ''} | {label} | {sum(count.values())} | {count['exact']} | "
                       f"{count['by size']} | {count['code']} | {f'{sure} of {total}' if total else ''} | "
                       f"{count['unknown']} |")
    reasons = []
    for name in TITLES:
        out += ["", f"## {TITLES[name]}", "",
                "| object | map | as compiled | stripped | linked | run, stripped |",
                "| --- | --- | --- | --- | --- | --- |"]
        for file in sorted((top / name / "whole").glob("*.bpf.o")):
            tables = [told(top / name / how / file.name)[0] for how in VARIANTS]
            result = lines.get(f"{name}--{file.name}")
            for i, map_name in enumerate(tables[0]):
                cells = " | ".join(cell(table, map_name) for table in tables)
                out.append(f"| {f'`{file.name[:-6]}`' if not i else ''} | {map_name} | {cells} | "
                           f"{run_cell(result, reasons) if not i else ''} |")
    out += [""] + [f"{i + 1}. {text}" for i, text in enumerate(reasons)]
    head = page.read_text().split("<!-- tables:")[0]
    page.write_text(f"{head}<!-- tables: written by tests/objects/run -->\n\n" + "\n".join(out).rstrip() + "\n")
    return 0


sys.exit(main())
