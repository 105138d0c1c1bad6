# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Differences between an object loaded with libbpf and the same object loaded with sonde."""
import re

# Expected differences: a pattern (\\1: the program or map), and the reason.
KNOWN = [
    (r"prog (\S+): maps: libbpf (?P<more>\d+), sonde (?P<less>\d+)$",
     "libbpf binds the map of read-only data to every program of the object. sonde binds it to the programs that "
     "refer to it, and to all of them if it contains `bpf_metadata_` variables"),
    (r"prog (\S+): expected: libbpf 48, sonde 0$",
     "Since Linux 6.6, libbpf loads USDT programs for uprobe_multi links. sonde loads them as on older kernels, "
     "for one link per location, so the helper that reads the cookie differs"),
    (r"(?:prog|map) (\S+): types: libbpf no, sonde yes$",
     "The kernel rejects the BTF that libbpf passes and accepts sonde's"),
    # Same offset within a page.
    (r"code (\S+): word \d+: libbpf 1[0-9a-f]{8}([0-9a-f]{3}), sonde 1[0-9a-f]{8}\2$",
     "libbpf places arena variables at the start of the arena up to Linux 6.18 and at its end on 7.2. sonde places "
     "them at the end if the kernel accepts the offset"),
]
# Differences that follow from an expected one of the same program or map.
COMES_WITH = [None, r"code {}: word ", r"(prog|map|funcs) {}: (funcs|lines|line_sum|key_type|value_type|libbpf 0 words)", None]


def known(differences):
    """Returns the unexpected differences, and the reasons for the expected ones."""
    reasons, other = [], []
    along = []
    for line in differences:
        for number, (pattern, reason) in enumerate(KNOWN):
            found = re.match(pattern, line)
            if found and int(found.groupdict().get("more", 1)) > int(found.groupdict().get("less", 0)):
                reasons.append(reason)
                if COMES_WITH[number]:
                    along.append(COMES_WITH[number].format(re.escape(found[1])))
                break
        else:
            other.append(line)
    return [line for line in other if not any(re.match(pattern, line) for pattern in along)], reasons


def by_name(lines):
    facts = {}
    for line in lines:
        words = line.split(" ")
        facts[" ".join(words[:2])] = words[2:]
    return facts


def compare_values(what, ours, theirs):
    """Differences of two lists of KEY=VALUE."""
    a, b = (dict(word.partition("=")[::2] for word in words) for words in (theirs, ours))
    for key in {**a, **b}:
        if a.get(key) != b.get(key):
            yield f"{what}: {key}: libbpf {a.get(key)}, sonde {b.get(key)}"


def compare_words(what, ours, theirs):
    """The first difference of two lists of words."""
    for number, (a, b) in enumerate(zip(theirs, ours)):
        if a != b:
            yield f"{what}: word {number}: libbpf {a}, sonde {b}"
            return
    if len(theirs) != len(ours):
        yield f"{what}: libbpf {len(theirs)} words, sonde {len(ours)}"


def data_maps(lines):
    """The names of the maps with global data, by section."""
    names = (line.split(" ")[1] for line in lines if line.startswith("map "))
    return {name[name.index("."):]: name for name in names if "." in name[1:]}


def rename(theirs, ours):
    """Returns our lines with libbpf's names for global data maps, and the differences in these names."""
    a, b = data_maps(theirs), data_maps(ours)
    other = {b[section]: a[section] for section in a if section in b and a[section] != b[section]}
    if not other:
        return ours, []
    pattern = re.compile(r"(?<= )(" + "|".join(map(re.escape, other)) + r")(?=[ +]|$)")
    return ([pattern.sub(lambda found: other[found[1]], line) for line in ours],
            [f"map {theirs}: name: libbpf {theirs}, sonde {ours}" for ours, theirs in other.items()])


def code_of(lines):
    return {line.split(" ")[1]: line for line in lines if line.startswith("code ")}


def cut(lines):
    """Truncates program names as the kernel does without BTF, and numbers duplicates by their code."""
    code = code_of(lines)
    names, seen = {}, {}
    for name in sorted((line.split(" ")[1] for line in lines if line.startswith("prog ")),
                       key=lambda name: code.get(name, "").split(" ")[2:]):
        short = name.partition("#")[0][:15]
        seen[short] = seen.get(short, 0) + 1
        names[name] = short if seen[short] == 1 else f"{short}#{seen[short]}"
    return [" ".join([words[0], names.get(words[1], words[1])] + words[2:])
            for words in (line.split(" ") for line in lines)]


def compare(theirs, ours):
    if not any(line.startswith("prog ") and "types=no" not in line.split(" ") for line in theirs):
        theirs, ours = cut(theirs), cut(ours)
    # Says who made the pins, in their folder.
    ours = [line for line in ours if line.split(" ")[1] != "sonde_record"]
    ours, differences = rename(theirs, ours)
    theirs, ours = by_name(theirs), by_name(ours)
    for what in {**theirs, **ours}:
        if what not in ours:
            differences.append(f"{what}: only with libbpf")
        elif what not in theirs:
            differences.append(f"{what}: only with sonde")
        else:
            how = compare_values if what.split()[0] in ("prog", "map") else compare_words
            differences += how(what, ours[what], theirs[what])
    return differences


class Compared:
    """One object on one kernel."""

    def __init__(self, by):
        self.libbpf, self.sonde = by["libbpf"], by["sonde"]
        both = self.libbpf.loaded and self.sonde.loaded
        self.differences, self.known = known(compare(self.libbpf.facts, self.sonde.facts)) if both else ([], [])
        for one in by.values():
            one.n_programs = sum(line.startswith("prog ") for line in one.facts)
            one.facts = None

    @property
    def kind(self):
        if {self.libbpf.verdict, self.sonde.verdict} & {"timeout", "crash"}:
            return "slow"
        if self.libbpf.loaded and self.sonde.loaded:
            return "differs" if self.differences else "known" if self.known else "same"
        if self.libbpf.loaded:
            return "refused"
        return "only" if self.sonde.loaded else "neither"
