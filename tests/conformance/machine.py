# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""Boots the virtual machines that load the objects and parses their output, described in witness.c."""
import collections
import functools
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile

from compare import Compared
from corpus import ROOT, fail, output

# Objects also refer to functions and types of these modules.
MODULES = "nf_conntrack nf_nat nf_flow_table xfrm_interface fou tcp_bbr tcp_dctcp".split()
MEMORY = 3000


def modules(target):
    there = pathlib.Path(output("tests/vm/fetch", target), "modules", "modules.dep").read_text()
    return " ".join(name for name in MODULES if f"/{name}.ko" in there)


class Outcome:
    """The outcome of one object with one loader."""

    def __init__(self, verdict="crash"):
        self.verdict, self.ms, self.facts, self.said, self.left = verdict, 0, [], [], []

    @property
    def loaded(self):
        return self.verdict == "loaded"


COMMANDS = {"libbpf": "/peer FILE", "sonde": "/sonde load --pin /sys/fs/bpf/conformance FILE"}

# The same for the values of struct_ops maps, which loaders write when they attach them. The witness lets
# nothing be registered.
ATTACH = {"libbpf": "/peer FILE --attach", "sonde": "/sonde run --for 1ms FILE"}
ATTACHED = "+attached"

PIN = "/sys/fs/bpf/target"
SCRIPT = """mount -t tmpfs none /tmp
mount -t tracefs none /sys/kernel/tracing
exec /witness </jobs
"""
machines, folders = set(), set()  # those that exist now


def stop(*_):
    """Signal handler: ends the machines and removes the temporary folders."""
    for machine in list(machines):
        machine.terminate()
    for machine in list(machines):
        machine.wait()
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(130)


@functools.cache
def struct_ops(file):
    """The names of the programs of struct_ops that are loaded by default, told by build/sonde: a binary that is
    under test runs in machines only."""
    sonde = ROOT / "build" / "sonde"
    if not sonde.exists():
        return []
    told = subprocess.run([sonde, "inspect", "--json", file], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    rows = [json.loads(line) for line in told.stdout.splitlines()] if told.returncode == 0 else []
    return [row["name"] for row in rows
            if row["what"] == "program" and row.get("type") == "struct_ops" and row["section"][0] != "?"]


def write_job(work, corpus, loader, name, seconds):
    """Returns a job line for the witness, and copies the objects it refers to into the machine."""
    def put(what):
        place = work / "o" / what
        place.mkdir(parents=True, exist_ok=True)
        shutil.copy(corpus.files[what], place)
        return f"/o/{what}/{corpus.files[what].name}"

    if name.endswith(ATTACHED):
        file = name.removesuffix(ATTACHED)
        command = ATTACH[loader].replace("FILE", put(file))
        if command.startswith("/sonde"):
            command += "".join(f" --only {one}" for one in struct_ops(corpus.files[file]))
        return f"{loader} {name} {seconds} {command}\n"
    first, command = "", COMMANDS[loader].replace("FILE", put(name))
    if name in corpus.targets:
        target, program, *concerned = corpus.targets[name]
        first = f"/peer {put(target)} --pin {program} {PIN} ; "
        command += f" --target {PIN}" if loader == "libbpf" else "".join(f" --on {one}={PIN}" for one in concerned)
    return f"{loader} {name} {seconds} {first}{command}\n"


def boot(target, names, corpus, tools, seconds):
    """Boots a machine that loads these objects, and yields (loader, name, Outcome) as results arrive.
    Ends early if the kernel crashes."""
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        folders.add(work)
        (work / "script").write_text(SCRIPT)
        (work / "jobs").write_text("".join(write_job(work, corpus, *job, seconds) for job in names))
        command = ["tests/vm/run", "--mem", str(MEMORY), "--timeout", "3600", "--modules", modules(target), target,
                   work / "script", work / "jobs", work / "o", *tools]
        with open(work / "errors", "w") as errors:
            machine = subprocess.Popen([str(word) for word in command], cwd=ROOT, stdout=subprocess.PIPE,
                                       stderr=errors, env={**os.environ, "TMPDIR": str(work)})
            machines.add(machine)
            try:
                yield from outcomes(machine, seconds)
            finally:
                machine.terminate()
                machine.wait()
                machines.discard(machine)
        console = (work / "errors").read_text(errors="replace")
        folders.discard(work)
        if console:
            yield "console", "", console


def lines_of(machine, seconds):
    """Yields the lines of its output until it ends or prints nothing for too long."""
    rest = b""
    while select.select([machine.stdout], [], [], seconds * 2 + 60)[0]:
        data = os.read(machine.stdout.fileno(), 1 << 20)
        if not data:
            return
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            yield line.decode(errors="replace")


def outcomes(machine, seconds):
    one = None
    for line in lines_of(machine, seconds):
        word, _, text = line.partition(" ")
        if word == "begin":
            one, (loader, name) = Outcome(), text.split()
        elif word == "end" and one:
            _, _, one.verdict, ms = text.split()
            one.ms = int(ms)
            yield loader, name, one
            one = None
        elif word == "said" and one:
            one.said.append(text)
        elif word == "left" and one:
            one.left.append(text)
        elif one:
            one.facts.append(line)
    if one:
        yield loader, name, one  # the machine ended during this one


def run_shard(target, names, corpus, tools, seconds):
    """Loads all of these objects, booting another machine after each crash."""
    todo = [(loader, name) for name in names for loader in COMMANDS]
    todo += [(loader, name + ATTACHED) for name in names if struct_ops(corpus.files[name]) for loader in ATTACH]
    expected = collections.Counter(name.removesuffix(ATTACHED) for _, name in todo)
    found, done, console = collections.defaultdict(dict), {}, ""
    while todo:
        before = len(todo)
        for loader, name, one in boot(target, todo, corpus, tools, seconds):
            if loader == "console":
                console = one
                continue
            todo.remove((loader, name))
            of = name.removesuffix(ATTACHED)
            found[of][loader if of == name else loader + ATTACHED] = one
            if len(found[of]) == expected[of]:
                done[of] = Compared(joined(found.pop(of)))
        if len(todo) == before:
            fail(f"{target}: the machine produced no result: {console}")
    return done


def joined(by):
    """The outcomes of loading, with the values and leftovers of attaching."""
    for loader in COMMANDS:
        attached = by.pop(loader + ATTACHED, None)
        if attached:
            by[loader].facts += [line for line in attached.facts if line.startswith("ops ")]
            by[loader].left += attached.left
    return by
