# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""The objects to load, and the kernels to load them on."""
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUT = ROOT / "build" / "conformance"
TARGETS = ["x86-5.10", "x86-6.1", "x86-6.12", "x86-6.18", "x86-new"]
UNAVAILABLE = 3  # exit status, as in tests/vm/lib.sh
PACKAGES = ["libbpf-tools", "xdp-tools", "systemd", "bpfilter"]
# Compiled against the types of the named kernel. Selftests of 6.12 run on 6.12 only, and, unless --older
# is given, only those that were removed from the newer source.
SELFTESTS = {"selftests-new": ("source-new", "x86-new", TARGETS),
             "selftests-6.12": ("source-6.12", "x86-6.12", ["x86-6.12"])}


def fail(text):
    sys.exit(f"conformance: {text}")


class Unavailable(SystemExit):
    """The archive does not provide a package (now)."""

    def __init__(self, command):
        super().__init__(UNAVAILABLE)
        self.command = command


def output(*command, **more):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, cwd=ROOT, **more)
    if done.returncode == UNAVAILABLE:
        raise Unavailable(command)
    if done.returncode:
        fail(f"{' '.join(str(word) for word in command)}: exit status {done.returncode}")
    return done.stdout.strip()


def release(target):
    return pathlib.Path(output("tests/vm/fetch", target), "release").read_text().strip()


def target_of(word):
    """x86-6.12 for 6.12; x86-new for `new` or the version of the newest kernel."""
    if f"x86-{word}" in TARGETS:
        return f"x86-{word}"
    if release("x86-new").startswith(word + "."):
        return "x86-new"
    fail(f"unknown kernel '{word}': expected 5.10, 6.1, 6.12, 6.18 or new")


def wanted(name, patterns):
    return not patterns or any(pattern in name for pattern in patterns)


def package_objects(package):
    folder = pathlib.Path(output("tests/conformance/fetch", package))
    place = OUT / "objects" / package
    stamp = place / ".from"
    if not stamp.exists() or stamp.read_text() != folder.name:
        shutil.rmtree(place, ignore_errors=True)
        output("tests/conformance/extract", place, folder)
        stamp.write_text(folder.name)
    return {f"{package}/{file.name.removesuffix('.bpf.o')}": file for file in sorted(place.glob("*.bpf.o"))}


def selftest_names(group):
    folder = output("tests/conformance/fetch", SELFTESTS[group][0])
    return {file.stem for file in pathlib.Path(folder, "linux/tools/testing/selftests/bpf/progs").glob("*.c")}


def selftest_objects(group, names):
    source, target, _ = SELFTESTS[group]
    folder = pathlib.Path(output("tests/conformance/compile", source, target, *names))
    files = [folder / f"{name}.bpf.o" for name in names] if names else sorted(folder.glob("*.bpf.o"))
    failed = sorted(file.stem for file in folder.glob("*.log"))
    return {f"{group}/{file.name.removesuffix('.bpf.o')}": file for file in files if file.exists()}, failed


def table(file):
    """The rows of a file, split into words."""
    return [line.split() for line in (HERE / file).read_text().split("\n") if line and line[0] != "#"]


class Corpus:
    """files: name -> object file. names: the selected objects. targets: name -> the object to load
    first, its program, and the programs that attach to it. failed: group -> names that did not compile."""

    def __init__(self, sample, older, patterns):
        self.files, self.failed = {}, {}
        self.targets = {name: rest for name, *rest in table("targets")}
        names = [name for name, in table("sample")] if sample else None
        for package in PACKAGES:
            try:
                self.files.update(package_objects(package))
            except Unavailable:
                print(f"conformance: {package} is not available, skipping its objects", file=sys.stderr)
        for group in SELFTESTS:
            if any(concerns(group, pattern) for pattern in patterns or [group]):
                self.add_selftests(group, names, older, patterns)
        self.names = [name for name in names or self.files if name in self.files and wanted(name, patterns)]
        for name in names or []:
            if name not in self.files and wanted(name, patterns):
                print(f"conformance: no object {name}: the packages have changed", file=sys.stderr)

    def add_selftests(self, group, names, older, patterns):
        """Compiles those that are needed: all of them takes minutes."""
        chosen = None
        if not names and group == "selftests-6.12" and not older:
            chosen = selftest_names(group) - selftest_names("selftests-new")
        elif not names and patterns:
            chosen = selftest_names(group)
        if chosen is not None:
            names = [f"{group}/{test}" for test in chosen if wanted(f"{group}/{test}", patterns)]
        if names is not None:
            needed = {*names, *(self.targets[name][0] for name in names if name in self.targets)}
            chosen = [name.split("/")[1] for name in sorted(needed) if name.startswith(group + "/")]
        if chosen != []:
            files, self.failed[group] = selftest_objects(group, chosen or [])
            self.files.update(files)

    def of(self, target):
        return [name for name in self.names
                if target in SELFTESTS.get(name.split("/")[0], (0, 0, TARGETS))[2]]


def concerns(group, pattern):
    return "/" not in pattern or group.endswith(pattern.split("/")[0])


def versions():
    """The versions of the packages."""
    packages = ["libbpf", *PACKAGES, *(source for source, _, _ in SELFTESTS.values())]
    return [pathlib.Path(output("tests/conformance/fetch", package)).name.replace("_", " ") for package in packages]
