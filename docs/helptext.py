# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Reads what `sonde --help` and `sonde VERB --help` print, for make-man and make-completion.

A help text consists of blocks, separated by empty lines:

    usage: sonde VERB ...       the first one: a form per line
    text at the margin          paragraphs
      -o, --option VALUE text   options; what continues them is indented further
      -a, --all, -b, --by X     several of them, without a text
      term      text            lists of two columns, at least two spaces apart
      words                     anything else that is indented: literal
    examples:                   commands, until the end
"""
import re
import subprocess

# A value is written in capitals, one space after its option.
OPTION = re.compile(r"  (?:  )?(?:  )?(?:(-\w)(?:, +(--[\w-]+))?|(--[\w-]+))(?: ([A-Z]\S*))?(?: +(\S.*))?$")
TERM = re.compile(r"  (\S.*?)  +(\S.*)$")


# A pair such as "-v, --verbose" without a text is not several.
SEVERAL = re.compile(r"  (-\w|--[\w-]+)( [A-Z][^\s,]*)?(, (-\w|--[\w-]+)( [A-Z][^\s,]*)?){2,}$")


class Option:
    def __init__(self, names, value, text):
        self.names, self.value, self.text = names, value, text


class Form:
    """A line of the usage: its words, and the text beside it, if any."""

    def __init__(self, line):
        self.words, _, self.text = (part.strip() for part in (line + "   ").partition("  "))


class Block:
    """kind: "text" (lines), "options" (items: Option), "list" (items: [term, text]), "literal" or
    "examples" (lines)."""

    def __init__(self, kind, items):
        self.kind, self.items = kind, items


def forms_of(lines):
    forms = []
    lines[0] = lines[0].replace("usage:", "      ", 1)
    for line in lines:
        if line.startswith("       sonde "):
            forms.append(Form(line.strip()))
        else:
            forms[-1].words += " " + line.strip()
    return forms


def entries(lines, read):
    """What the lines of a list describe; None if they are no such list."""
    items = []
    for line in lines:
        found = read(line)
        if found:
            items += found
        elif items and line.startswith(" " * 8):
            last = items[-1]
            if isinstance(last, Option):
                last.text = (last.text + " " + line.strip()).strip()
            else:
                last[1] += " " + line.strip()
        else:
            return None
    return items


def read_option(line):
    match = OPTION.match(line)
    if match and not SEVERAL.match(line):
        short, paired, alone, value, text = match.groups()
        return [Option([name for name in (short, paired or alone) if name], value, text or "")]
    if not SEVERAL.match(line):
        return None
    options = []
    for part in line.strip().split(", "):
        name, _, value = part.partition(" ")
        # "-m, --map MAP" is one option.
        if options and not options[-1].value and options[-1].names == [name[1:3]]:
            options[-1].names.append(name)
            options[-1].value = value
        else:
            options.append(Option([name], value, ""))
    return options


def read_term(line):
    match = TERM.match(line) if line[2:3] != " " else None
    return [list(match.groups())] if match else None


def blocks_of(lines):
    blocks = []
    while lines:
        if lines[0] in ("example:", "examples:"):
            blocks.append(Block("examples", [line.strip() for line in lines[1:] if line]))
            break
        end = next((i for i, line in enumerate(lines) if not line), len(lines))
        # A list may follow its paragraph without an empty line.
        indented = lines[0].startswith(" ")
        end = next((i for i in range(end) if lines[i].startswith(" ") != indented), end)
        part, lines = lines[:end], lines[end:]
        while lines and not lines[0]:
            lines.pop(0)
        if not indented:
            blocks.append(Block("text", part))
            continue
        for kind, read in (("options", read_option), ("list", read_term)):
            items = entries(part, read)
            if items:
                blocks.append(Block(kind, items))
                break
        else:
            blocks.append(Block("literal", [line[2:] for line in part]))
    return blocks


class Verb:
    def __init__(self, name, summary, text):
        self.name, self.summary = name, summary
        head, _, rest = text.partition("\n\n")
        self.forms = forms_of(head.splitlines())
        self.blocks = blocks_of(rest.splitlines())
        # The other ways to select an object in the kernel: "id N, pinned PATH".
        self.selectors = next((line for line in text.splitlines() if "id N, pinned PATH" in line), "")
        self.options = [o for block in self.blocks if block.kind == "options" for o in block.items]


class Program:
    """All help texts of a sonde."""

    def __init__(self, binary):
        def say(*words):
            return subprocess.run([binary, *words], check=True, capture_output=True, text=True).stdout

        self.version = say("--version").split()[1]
        title, usage, verbs, tail = say("--help").split("\n\n")
        self.summary = title.partition(" - ")[2]
        self.forms = forms_of(usage.splitlines())
        self.status = tail.partition("Exit status: ")[2].strip()
        self.tail = tail.partition("Exit status: ")[0].strip()
        self.verbs = []
        for name, summary in entries(verbs.splitlines(), read_term):
            self.verbs.append(Verb(name, summary, say(name, "--help")))
