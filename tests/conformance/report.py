# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Reports of a comparison."""
import collections
import re
import textwrap
import time

from corpus import ROOT, release, versions

SLOWEST, SLOW_MS = 12, 3000  # lists at most SLOWEST objects that take longer than SLOW_MS


def reason_sonde(one):
    """sonde's error line, without the name of the object."""
    text = " ".join(line[7:] for line in one.said if line.startswith("sonde: "))
    text = re.sub(r"^\S+\.bpf\.o: ", "", text)
    return text or f"{one.verdict}: {' '.join(one.said[-1:])}"


def reason_libbpf(one):
    lines = [re.sub(r"^libbpf: ", "", line) for line in one.said if line and not line.startswith("peer: ")]
    lines = [line for line in lines if not line.startswith(("failed to load object", "-- END"))]
    return lines[-1] if lines else f"{one.verdict}: {' '.join(one.said[-1:])}"


def general(text):
    """The reason without names and numbers, as a key to group by."""
    text = text.split("\n")[0]
    text = re.sub(r"'[^']*'", "'...'", text)
    text = re.sub(r"^(prog|map|code|funcs|content) \S+:", r"\1:", text)
    text = re.sub(r"\w+(\.(bss|data|rodata))", r"...\1", text)
    text = re.sub(r"\(tp[^)]*\)|\([a-z_.?]+/[^)]*\)", "", text)
    return re.sub(r"\b(0x)?[0-9a-f]*\d+\b", "N", text)[:160]


def grouped(rows):
    """Lines for (reason, name, target), grouped by reason, the most frequent first."""
    groups = collections.defaultdict(lambda: collections.defaultdict(dict))
    for reason, name, target in rows:
        groups[general(reason)][name].setdefault(reason, []).append(target.removeprefix("x86-"))
    for reason, names in sorted(groups.items(), key=lambda item: -len(item[1])):
        yield f"== {len(names)} objects: {reason}"
        for name, reasons in names.items():
            for text, targets in reasons.items():
                yield f"   {name} [{' '.join(targets)}]"
                yield f"      {text}"
        yield ""


def write_lists(folder, results, commit):
    refused, differs, neither = [], [], []
    for target, objects in results.items():
        for name, c in objects.items():
            if c.kind == "refused":
                refused.append((reason_sonde(c.sonde), name, target))
            if c.kind in ("neither", "slow"):
                neither.append((reason_libbpf(c.libbpf) + f"\n      sonde: {reason_sonde(c.sonde)}", name, target))
            if c.kind == "only":
                neither.append((f"only sonde: {reason_libbpf(c.libbpf)}", name, target))
            if c.differences:
                differs.append(("\n      ".join(c.differences[:8]), name, target))
            differs += [(f"left by {who}: {line}", name, target)
                        for who, one in (("libbpf", c.libbpf), ("sonde", c.sonde)) for line in one.left]
    head = f"# sonde {commit}, {time.strftime('%H:%M', time.gmtime())} UTC; {' '.join(results)}\n"
    summary = "".join(f"# {line}\n" for line in table(results))
    folder.mkdir(parents=True, exist_ok=True)
    for file, rows in ("refused.txt", refused), ("differs.txt", differs), ("neither.txt", neither):
        (folder / file).write_text(head + summary + "\n" + "\n".join(grouped(rows)) + "\n")


KINDS = [("same", "both load, no difference"),
         ("known", "both load, expected difference"),
         ("differs", "both load, unexpected difference"),
         ("refused", "only libbpf loads"),
         ("only", "only sonde loads"),
         ("neither", "neither loads"),
         ("slow", "timeout or kernel crash")]


def counts(objects):
    return collections.Counter(c.kind for c in objects.values())


def table(results):
    yield f"{'':10}" + "".join(f"{kind:>9}" for kind, _ in KINDS) + "   libbpf  sonde"
    for target, objects in results.items():
        n = counts(objects)
        both = n["same"] + n["known"] + n["differs"]
        yield (f"{target:10}" + "".join(f"{n[kind]:9}" for kind, _ in KINDS) +
               f"{both + n['refused']:9}{both + n['only']:7}")


def is_bad(c):
    gave_up = c.libbpf.loaded and not c.sonde.loaded
    return c.kind == "differs" or gave_up or c.sonde.left or c.sonde.verdict == "signal"


def tell(results):
    for line in table(results):
        print(line)
    for target, objects in results.items():
        for name, c in objects.items():
            if c.kind == "refused":
                print(f"{target} {name}: only libbpf: {reason_sonde(c.sonde)}")
            for line in c.differences[:6]:
                print(f"{target} {name}: {line}")
            for line in c.sonde.left:
                print(f"{target} {name}: left by sonde: {line}")
            if c.kind == "slow" or c.sonde.verdict == "signal":
                print(f"{target} {name}: libbpf: {c.libbpf.verdict}, sonde: {c.sonde.verdict}")
    slowest = sorted(((c.libbpf.ms, c.sonde.ms, target, name) for target, objects in results.items()
                      for name, c in objects.items()), reverse=True)[:SLOWEST]
    for libbpf, sonde, target, name in slowest:
        if max(libbpf, sonde) > SLOW_MS:
            print(f"slow: {target} {name}: libbpf {libbpf} ms, sonde {sonde} ms")


# ---- docs/conformance.md

def wrapped(text):
    """A list item."""
    return textwrap.wrap(f"- {text}", 100, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def markdown_rows(head, rows):
    yield "| " + " | ".join(head) + " |"
    yield "| --- |" + " ---: |" * (len(head) - 1)
    for row in rows:
        yield "| " + " | ".join(str(cell) for cell in row) + " |"


def kernels_table(results):
    for target, objects in results.items():
        n = counts(objects)
        both = n["same"] + n["known"] + n["differs"]
        yield [release(target), len(objects), both + n["refused"], both + n["only"]] + [n[kind] for kind, _ in KINDS]


def packages_table(results):
    groups = collections.defaultdict(dict)
    for target, objects in results.items():
        for name, c in objects.items():
            groups[name.split("/")[0]].setdefault(target, []).append(c)
    for group, by_target in groups.items():
        yield [f"{group}"] + ["/".join(str(sum(test(c) for c in by_target.get(target, []))) for test in (
            lambda c: c.sonde.loaded, lambda c: c.libbpf.loaded)) for target in results]


def markdown_list(results, kind, explain):
    """The objects of one outcome, grouped by explanation."""
    texts = collections.defaultdict(lambda: collections.defaultdict(list))
    for target, objects in results.items():
        for name, c in objects.items():
            if c.kind == kind:
                texts[explain(c)][name].append(target.removeprefix("x86-"))
    for text, names in sorted(texts.items(), key=lambda item: -len(item[1])):
        shown = ", ".join(f"`{name}` ({' '.join(targets)})" for name, targets in names.items())
        yield from wrapped(shown)
        for line in text.split("\n"):
            yield from ["", f"  {line}"]


def known_list(results):
    reasons = collections.defaultdict(set)
    for objects in results.values():
        for name, c in objects.items():
            for reason in c.known:
                reasons[reason].add(name)
    for reason, names in sorted(reasons.items(), key=lambda item: -len(item[1])):
        yield from wrapped(f"{reason} ({len(names)} objects, such as `{min(names)}`).")


EXPLAINED = {"refused": ("Loaded by libbpf only", lambda c: f"sonde: {reason_sonde(c.sonde)[:300]}"),
             "differs": ("Unexpected differences", lambda c: "\n".join(c.differences[:3])),
             "only": ("Loaded by sonde only", lambda c: f"libbpf: {reason_libbpf(c.libbpf)[:300]}"),
             "slow": ("Timeouts and kernel crashes",
                      lambda c: f"libbpf: {c.libbpf.verdict}, sonde: {c.sonde.verdict}")}


def write_report(results, corpus):
    lines = ["", *textwrap.wrap(f"Taken from Debian: {', '.join(versions())}.", 100), ""]
    lines += markdown_rows(["Kernel", "objects", "libbpf loads", "sonde loads"] + [text for _, text in KINDS],
                           kernels_table(results))
    lines += ["", "Objects loaded by sonde/by libbpf:", ""]
    lines += markdown_rows(["Objects of"] + list(results), packages_table(results))
    for group, names in corpus.failed.items():
        if names:
            lines += ["", f"From {group}, clang cannot compile: {', '.join(names)}."]
    lines += ["", "## Expected differences", ""] + list(known_list(results))
    for kind, (title, explain) in EXPLAINED.items():
        found = list(markdown_list(results, kind, explain))
        if found:
            lines += ["", f"## {title}", ""] + found
    path = ROOT / "docs" / "conformance.md"
    text = path.read_text()
    begin, end = text.index("\n", text.index("<!-- table")), text.index("<!-- end")
    path.write_text(text[:begin + 1] + "\n".join(lines) + "\n\n" + text[end:])
