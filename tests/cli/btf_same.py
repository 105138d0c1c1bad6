#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Tests that a generated C header compiles to the types it was generated from.

btf_same.py variables TYPES.json              print C: a variable of each struct and union
btf_same.py compare TYPES.json COMPILED.json  compare sizes and members

The JSON is the output of `sonde btf list --json`: for the original types, and for the object
compiled from the header and those variables.
"""
import json
import sys

RECORDS = ("struct", "union")
THROUGH = ("typedef", "const", "volatile", "restrict", "type_tag", "array")


def read(path):
    with open(path) as lines:
        return {t["id"]: t for t in map(json.loads, lines)}


def names(types):
    """The name of each record in C: its tag, or its typedef if it has no tag. Tags are one name
    space, typedefs and enumerators another."""
    tags, words, found = {}, {}, {}
    for t in types.values():
        name = t.get("name")
        if not name:
            continue
        if t["kind"] in RECORDS + ("enum", "enum64"):
            tags[name] = tags.get(name, 0) + 1
            number = tags[name]
        elif t["kind"] == "typedef":
            words[name] = words.get(name, 0) + 1
            number = words[name]
        else:
            continue
        spelled = name if number == 1 else f"{name}___{number}"
        if t["kind"] in RECORDS:
            found[f"{t['kind']} {spelled}"] = t
        elif t["kind"] == "typedef":
            meant = types.get(t["type"])
            if meant and meant["kind"] in RECORDS and not meant.get("name"):
                found[spelled] = meant
    return found


def members(types, record, base=0):
    """The position of each named member: (name, bit, width of a bit-field, shape of its type)."""
    for m in record["members"]:
        at = base + m["bit"]
        if m["name"]:
            yield m["name"], at, m.get("bits", 0), shape(types, m["type"])
            continue
        meant = types[m["type"]]
        while meant["kind"] in THROUGH:
            meant = types[meant["type"]]
        if meant["kind"] in RECORDS:
            yield from members(types, meant, at)


def shape(types, number):
    """Kinds and sizes from a type to its definition; typedefs are ignored, as is the kind of enum."""
    steps = []
    while number:
        t = types[number]
        if t["kind"] == "array":
            steps.append(t["elements"])
        elif t["kind"] not in THROUGH:
            size = None if t["kind"] in ("fwd", "func_proto") else t.get("size")
            return steps + ["enum" if t["kind"] == "enum64" else t["kind"], size]
        number = t["type"]
    return steps + ["void"]


def compare(types, compiled):
    ours, theirs, wrong, checked = names(types), names(compiled), [], 0
    for name, record in ours.items():
        other = theirs.get(name)
        if not other:
            wrong.append(f"{name}: not there")
            continue
        a = list(members(types, record))
        b = [m for m in members(compiled, other) if not m[0].startswith("__hole")]
        if record["size"] != other["size"]:
            wrong.append(f"{name}: {other['size']} bytes, not {record['size']}")
        if a != b:
            first = next((x for x in zip(a, b) if x[0] != x[1]), (len(a), len(b)))
            wrong.append(f"{name}: {first[1]} instead of {first[0]}")
        checked += len(a)
    for line in wrong[:20]:
        print(line)
    print(f"{len(ours)} records, {checked} members, {len(wrong)} wrong")
    return bool(wrong) or not ours


if sys.argv[1] == "variables":
    for i, spelled in enumerate(names(read(sys.argv[2]))):
        print(f"{spelled} v{i};")
else:
    sys.exit(compare(read(sys.argv[2]), read(sys.argv[3])))
