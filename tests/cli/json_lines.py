# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
usage: json_lines.py SCHEMA VERB <LINES

Each line is valid UTF-8 without control characters, and one JSON object in which no key occurs twice and
that the schema allows for this verb. Knows the parts of JSON Schema that the schema uses, and rejects
others.
"""
import json
import sys
import unicodedata

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
NOTES = {"$schema", "title", "description", "$defs"}


def is_type(value, name):
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def check(value, rule, root):
    """What is wrong with the value, or None."""
    wrong = None
    for word, arg in rule.items():
        if word == "$ref":
            wrong = check(value, root["$defs"][arg.removeprefix("#/$defs/")], root)
        elif word == "anyOf":
            reasons = [check(value, r, root) for r in arg]
            wrong = None if None in reasons else "; ".join(reasons)
        elif word == "const":
            wrong = None if value == arg else f"{value!r} is not {arg!r}"
        elif word == "type":
            names = arg if isinstance(arg, list) else [arg]
            wrong = None if any(is_type(value, n) for n in names) else f"{value!r}: expected {arg}"
        elif word == "minimum":
            wrong = f"{value} < {arg}" if isinstance(value, int) and value < arg else None
        elif word == "required":
            missing = [k for k in arg if k not in value]
            wrong = f"no {missing}" if missing else None
        elif word == "items":
            wrong = next(filter(None, (check(v, arg, root) for v in value)), None)
        elif word == "properties":
            wrong = next(filter(None, (check(v, arg[k], root) for k, v in value.items() if k in arg)), None)
        elif word == "additionalProperties":
            more = {k: v for k, v in value.items() if k not in rule.get("properties", {})}
            if arg is False:
                wrong = f"unknown {list(more)}" if more else None
            else:
                wrong = next(filter(None, (check(v, arg, root) for v in more.values())), None)
        elif word not in NOTES:
            sys.exit(f"json_lines.py does not know {word}")
        if wrong:
            return wrong
    return None


def unique(pairs):
    keys = [k for k, _ in pairs]
    assert len(keys) == len(set(keys)), f"a key occurs twice: {keys}"
    return dict(pairs)


def main(schema, verb):
    with open(schema, encoding="utf-8") as f:
        root = json.load(f)
    lines = sys.stdin.buffer.read().decode("utf-8", "strict").split("\n")
    assert lines.pop() == "" and lines, "no line, or no end of line"
    for line in lines:
        assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in line), ascii(line)
        wrong = check(json.loads(line, object_pairs_hook=unique), root["$defs"][verb], root)
        assert not wrong, f"{line}: {wrong}"


main(*sys.argv[1:])
