# SPDX-License-Identifier: BSD-2-Clause OR GPL-2.0-only
#
# usage: complete.py SETUP SHELL [ARGUMENT...] <LINES
#
# For each line of standard input, types it into an interactive shell, presses Tab, and prints the line as
# the shell has completed it. SETUP is a command that loads the completion.
import os
import pty
import re
import select
import sys

WAIT = 60  # seconds, for a machine that is busy


class Shell:
    def __init__(self, words):
        self.pid, self.terminal = pty.fork()
        if not self.pid:
            os.environ.update(TERM="dumb", PS1="", PS2="", HISTFILE="/dev/null")
            os.execvp(words[0], words)

    def send(self, text):
        os.write(self.terminal, text.encode())

    def until(self, pattern):
        seen = ""
        while not re.search(pattern, seen):
            if not select.select([self.terminal], [], [], WAIT)[0]:
                sys.exit("complete.py: no answer; so far: %r" % seen)
            seen += os.read(self.terminal, 4096).decode(errors="replace")
        return re.search(pattern, seen)


def main():
    setup, words = sys.argv[1], sys.argv[2:]
    shell = Shell(words)
    # What is typed is echoed: the mark is written otherwise than it is printed.
    shell.send(setup + "; echo re''ady\n")
    shell.until(r"ready\r?\n")
    for number, line in enumerate(sys.stdin.read().splitlines()):
        # Tab, then to the begin of the line: it becomes an argument of printf.
        shell.send(line + "\t" + "\x01printf '<%%d:' %d; printf '%%s|' \x05; echo '>'\n" % number)
        match = shell.until(r"<%d:(.*)\|>\r?\n" % number)
        print(" ".join(match[1].split("|")))
    shell.send("exit\n")


main()
