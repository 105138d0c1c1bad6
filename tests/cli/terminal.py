#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
"""
usage: terminal.py KEYS COMMAND...

Runs a command on a terminal of 24 lines and 80 columns and prints what is on its screen when it ends, then
"status N", and "changed" if it leaves the terminal in another mode. KEYS are what is typed: a comma-separated
list of TEXT:KEY; the key is pressed once the text is on the screen ("^C" is Ctrl-C).

With --log before KEYS, everything that was written is printed, with ESC as ^[.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

LINES, COLUMNS, LIMIT = 24, 80, 60


class Screen:
    """The escape sequences that sonde writes, and no others."""

    def __init__(self):
        self.lines = [[]]
        self.row = self.column = 0

    def write(self, text):
        for part in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|[\s\S]", text):
            if part[0] == "\x1b":
                self.control(part[-1], part[2:-1])
            elif part == "\n":
                self.row += 1
            elif part == "\r":
                self.column = 0
            else:
                self.put(part)

    def line(self):
        while len(self.lines) <= self.row:
            self.lines.append([])
        return self.lines[self.row]

    def put(self, char):
        line = self.line()
        line += " " * (self.column + 1 - len(line))
        line[self.column] = char
        self.column += 1

    def control(self, what, number):
        if what == "A":
            self.row -= int(number or 1)
            assert self.row >= 0, "above the first line"
        elif what in "KJ":
            del self.line()[self.column:]
            if what == "J":
                del self.lines[self.row + 1:]
        elif what != "m":
            raise SystemExit(f"unknown escape sequence: {what}")

    def text(self):
        return "\n".join("".join(line).rstrip() for line in self.lines)


log = sys.argv[1] == "--log"
keys, *command = sys.argv[1 + log:]
keys = [key.rsplit(":", 1) for key in keys.split(",") if key]
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
before = termios.tcgetattr(slave)
pid = os.fork()
if not pid:
    os.close(master)
    os.login_tty(slave)
    os.execvp(command[0], command)
screen, written, end = Screen(), "", time.monotonic() + LIMIT
status = None
while time.monotonic() < end:
    if keys and keys[0][0] in screen.text():
        os.write(master, keys.pop(0)[1].replace("^C", "\x03").encode())
    if not select.select([master], [], [], 0.1)[0]:
        if status is not None:
            break
        ended, how = os.waitpid(pid, os.WNOHANG)
        status = how if ended else None
        continue
    part = os.read(master, 65536).decode()
    screen.write(part)
    written += part
print(written.replace("\x1b", "^[").replace("\r\n", "\n") if log else screen.text())
if status is None:
    os.kill(pid, signal.SIGKILL)
print("status", "none" if status is None else os.waitstatus_to_exitcode(status))
if termios.tcgetattr(slave) != before:
    print("changed")
