# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# usage: deploy.py block LANGUAGE                      print the block of docs/deploy.md in that language
#        deploy.py manifest CAPABILITY...              check the manifest
#        deploy.py calls TRACE CALL... <UNIT-FILTERS   system calls in a trace of strace that the filters of
#                                                      systemd-analyze do not contain, except CALLs
import json
import os
import re
import subprocess
import sys

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/deploy.md")


def block(language):
    with open(PAGE, encoding="utf-8") as file:
        found = re.findall(r"^```%s\n(.*?)^```$" % language, file.read(), re.S | re.M)
    assert len(found) == 1, found
    return found[0]


def manifest(capabilities):
    import yaml
    pod = yaml.safe_load(block("yaml"))
    assert (pod["apiVersion"], pod["kind"]) == ("apps/v1", "DaemonSet")
    assert pod["spec"]["selector"]["matchLabels"] == pod["spec"]["template"]["metadata"]["labels"]
    spec = pod["spec"]["template"]["spec"]
    volumes = {volume["name"]: volume["hostPath"]["path"] for volume in spec["volumes"]}
    (container,) = spec["containers"]
    for mount in container["volumeMounts"]:
        assert volumes.pop(mount["name"]) == mount["mountPath"], mount
    assert not volumes
    added = container["securityContext"]["capabilities"]["add"]
    assert sorted("CAP_" + name for name in added) == sorted(capabilities), added
    entry = re.search(r"^ENTRYPOINT (.*)$", block("dockerfile"), re.M)[1]
    assert container["command"] == json.loads(entry), entry


def expand(name, seen):
    if not name.startswith("@"):
        return {name}
    if name in seen:
        return set()
    seen.add(name)
    said = subprocess.run(["systemd-analyze", "syscall-filter", name], check=True, capture_output=True, text=True)
    words = [line.strip() for line in said.stdout.splitlines()[1:]]
    return set().union(*(expand(word, seen) for word in words if word and not word.startswith("#")))


def calls(trace, others):
    allowed = set().union(*(expand(word, set()) for word in sys.stdin.read().split()))
    with open(trace, encoding="utf-8", errors="replace") as file:
        used = set(re.findall(r"^\d+ +([a-z_0-9]+)\(", file.read(), re.M))
    assert "bpf" in used, used
    print("\n".join(sorted(used - allowed - set(others))))


if sys.argv[1] == "block":
    sys.stdout.write(block(sys.argv[2]))
elif sys.argv[1] == "manifest":
    manifest(sys.argv[2:])
else:
    calls(sys.argv[2], sys.argv[3:])
