# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""The objects that are loaded, and the kernels."""
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUT = ROOT / "build" / "conformance"
TARGETS = ["x86-5.10", "x86-6.1", "x86-6.12", "x86-6.18", "x86-new"]
PACKAGES = ["libbpf-tools", "xdp-tools", "systemd", "bpfilter"]
# Compiled against the types of that kernel. Those of 6.12 go to that kernel only, and without --older
# only where the newer source has no such test any more.
SELFTESTS = {"selftests-new": ("source-new", "x86-new", TARGETS),
             "selftests-6.12": ("source-6.12", "x86-6.12", ["x86-6.12"])}


def fail(text):
    sys.exit(f"conformance: {text}")


def output(*command, **more):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, cwd=ROOT, **more)
    if done.returncode:
        fail(f"{' '.join(str(word) for word in command)}: exit status {done.returncode}")
    return done.stdout.strip()


def release(target):
    return pathlib.Path(output("tests/vm/fetch", target), "release").read_text().strip()


def target_of(word):
    """x86-6.12 for 6.12, and x86-new for new or for what the newest kernel calls itself."""
    if f"x86-{word}" in TARGETS:
        return f"x86-{word}"
    if release("x86-new").startswith(word + "."):
        return "x86-new"
    fail(f"no kernel '{word}'; there are: 5.10 6.1 6.12 6.18 new")


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


class Corpus:
    """The objects: name -> file; and what did not compile: group -> names."""

    def __init__(self, sample, older, patterns):
        self.files, self.failed = {}, {}
        names = None
        if sample:
            names = [line for line in (HERE / "sample").read_text().split("\n") if line and line[0] != "#"]
        for package in PACKAGES:
            self.files.update(package_objects(package))
        self.versions = [pathlib.Path(output("tests/conformance/fetch", package)).name.replace("_", " ")
                         for package in ["libbpf", *PACKAGES, *(source for source, _, _ in SELFTESTS.values())]]
        for group in SELFTESTS:
            chosen = [name.split("/")[1] for name in names or [] if name.startswith(group + "/")]
            if group == "selftests-6.12" and not names and not older:
                chosen = sorted(selftest_names(group) - selftest_names("selftests-new"))
            if (names and not chosen) or not any(self.concerns(group, p) for p in patterns or [group]):
                continue
            files, self.failed[group] = selftest_objects(group, chosen)
            self.files.update(files)
        self.files = {name: file for name, file in self.files.items()
                      if wanted(name, patterns) and (not names or name in names)}
        for name in sorted(set(names or []) - set(self.files)):
            if wanted(name, patterns):
                print(f"conformance: no object {name}: the packages have changed", file=sys.stderr)

    @staticmethod
    def concerns(group, pattern):
        return "/" not in pattern or group.endswith(pattern.split("/")[0])

    def of(self, target):
        return [name for name in self.files
                if target in SELFTESTS.get(name.split("/")[0], (0, 0, TARGETS))[2]]
