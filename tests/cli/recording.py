# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
usage: recording.py PLAN [END] <EVENTS >RECORDING

Writes a recording of a boot as docs/init.md describes it: a saved plan of boot.bpf.o, and an event per line:
"TIME PID EVENT RET COMM NAME", with the time in milliseconds since boot, or "TIME lost N". END: how it ends
(0: collected), none: it is cut.
"""
import struct
import sys

EVENTS_MAP = 1  # boot.bpf.o: lost, events, opening
PLAN, ROW, LOST, END = 1, 2, 3, 4
KINDS = ["exec", "exit", "open", "module"]


def chunk(kind, length, time_ms, data=b""):
    head = struct.pack("=HHHHIIQ", kind, 0, EVENTS_MAP, 0, length, len(data), int(time_ms) * 1000000)
    sys.stdout.buffer.write(head + data)


def main():
    with open(sys.argv[1], "rb") as file:
        plan = file.read()
    sys.stdout.buffer.write(b"sonde boot 1\n".ljust(16, b"\0") + struct.pack("=I", 0x01020304))
    chunk(PLAN, len(plan), 0, plan)
    time = 0
    for line in sys.stdin:
        time, *words = line.rstrip("\n").split(" ", 5)
        if words[0] == "lost":
            chunk(LOST, int(words[1]), time)
            continue
        pid, event, ret, comm, name = words
        record = struct.pack("=QiIi16s128sxxxx", int(time) * 1000000, int(pid), KINDS.index(event), int(ret),
                             comm.encode("latin-1"), name.encode("latin-1"))
        chunk(ROW, len(record), time, record.rstrip(b"\0"))
    if len(sys.argv) > 2:
        chunk(END, int(sys.argv[2]), time)


main()
