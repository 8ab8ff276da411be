# SPDX-License-Identifier: MIT
"""A block ```` ```console ```` shows commands and what they print.

Each text with such blocks has a record in docs/logs, made by `tests/book/record`. What the
text shows stands in the record, word for word; a line `...` stands for lines left out. Run
again, the commands print the same words; times, rates and what names the machine may differ,
percentages by half a point, other fractions by a twentieth.
"""

import contextlib
import os
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from manuscript import Problem, name_of
from measurements import FASTER, RATE, TIME

QUICK = 10  # seconds
TOOK = re.compile(r"# took ([\d.]+) s$")
NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?(?![\d.]\d)")
TIMED = re.compile(rf" ?(?:{TIME}|{RATE}|{FASTER})(?!\w)")
HEADING = re.compile(rf"\b(?:time|(?:milli|micro)?seconds|{RATE}|{FASTER})(?!\w)")
MACHINE = re.compile(r"OpenBLAS for \w+, \d+ threads?|\d+ samples a pack|\d+ (?:cores|threads)\b")
# What ./learn says while it builds, if there is something to build.
BUILDING = re.compile(r"Another \./learn is at work|Building \w+.*\.\.\.$|\[\d+/\d+\] |ninja: ")


@dataclass
class Command:
    """A command, and what it prints or what of that a text shows."""

    path: str
    line: int
    words: str
    output: list
    seconds: float = 0.0


def shown(book, path):
    """The commands in a text's console blocks."""
    for block in book.blocks(path):
        if block.kind != "console":
            continue
        command = None
        for number, line in enumerate(block.lines, block.line + 1):
            if line.startswith("$ "):
                if command:
                    yield command
                command = Command(path, number, line[2:], [])
            elif command and command.words.endswith("\\") and not command.output:
                command.words = command.words[:-1] + line.lstrip("> ")
            elif command:
                command.output.append(line.rstrip())
            else:
                yield Command(path, number, "", [line])
        if command:
            yield command


def record_of(path):
    """The record of a text: stages/05_cnn_serial/README.md has docs/logs/05_cnn_serial.console."""
    return f"docs/logs/{name_of(path)}.console"


def recorded(book, path):
    """The commands in a record, by their words."""
    record, commands, command = record_of(path), {}, None
    for number, line in enumerate(book.lines(record) if book.exists(record) else [], 1):
        took = TOOK.match(line)
        if command is None and line.startswith("$ "):
            command = Command(record, number, line[2:], [])
        elif command and took:
            command.seconds = float(took[1])
            commands[command.words] = command
            command = None
        elif command:
            command.output.append(line)
    return commands


def check(book):
    for path in book.texts():
        records = recorded(book, path)
        unused = set(records)
        for command in shown(book, path):
            unused.discard(command.words)
            if not command.words:
                yield Problem(path, command.line, "expected a command, '$ ./learn ...'")
            elif command.words not in records:
                yield Problem(path, command.line, f"{record_of(path)} has no '{command.words}'; "
                              "tests/book/record makes it")
            else:
                yield from compare(command, records[command.words].output, str.__eq__, "the record")
        for words in sorted(unused):
            yield Problem(records[words].path, records[words].line, f"{path} shows no '{words}'")


def compare(command, output, alike, whose):
    """Whether what a text shows are lines of the output, in order, without a gap but at `...`."""
    lines = [line.rstrip() for line in output]
    while lines and not lines[-1]:
        lines.pop()
    at, gap = 0, False
    for number, line in enumerate(command.output, command.line + 1):
        if line == "...":
            gap = True
            continue
        places = range(at, len(lines)) if gap else range(at, min(at + 1, len(lines)))
        found = next((i for i in places if alike(line, lines[i])), None)
        if found is None:
            other = f"\n    expected: {lines[at]}" if at < len(lines) and not gap else ""
            yield Problem(command.path, number, f"not in {whose} of '{command.words}'{other}\n"
                          f"    given:    {line}")
            return
        at, gap = found + 1, False
    if at < len(lines) and not gap:
        yield Problem(command.path, command.line, f"{whose} of '{command.words}' goes on:\n"
                      f"    {lines[at]}\n    (a line ... stands for what is left out)")


class Alike:
    """Whether two lines say the same on another run, maybe on another machine. Below a
    heading that speaks of time, all numbers of a table are free."""

    def __init__(self):
        self.timed = False

    def __call__(self, told, given):
        told, given = MACHINE.sub("", told), MACHINE.sub("", given)
        self.timed = self.timed and bool(told.strip())
        words = [NUMBER.sub(" # ", line).split() for line in (told, given)]
        alike = words[0] == words[1] and (self.timed or all(map(
            near, NUMBER.finditer(told), NUMBER.finditer(given))))
        self.timed = self.timed or bool(HEADING.search(told))
        return alike


def near(told, given):
    """Whether two numbers agree, each a match in its line."""
    a, b = (float(m[0].replace(",", "")) for m in (told, given))
    behind = told.string[told.end():]
    if re.match(r" ?%", behind):
        return abs(a - b) <= 0.5
    if TIMED.match(behind):
        return True
    if re.fullmatch(r"[-+]?[\d,]+", told[0]):
        return a == b
    return (abs(a - b) <= max(abs(a), abs(b)) / 20 or max(abs(a), abs(b)) < 1e-5 or
            bool(HEADING.search(told.string)))


# ---- running them ----------------------------------------------------------------------
class Desk:
    """A folder that looks like the book's, where commands may write what they like."""

    def __init__(self, book, folder):
        self.root, self.folder = book.root.resolve(), Path(folder).resolve()
        self.build = book.programs.resolve().parent
        for entry in self.root.iterdir():
            if entry.name not in ("build", "results", "mine", ".git"):
                (self.folder / entry.name).symlink_to(entry)
        cache = self.build / "CMakeCache.txt"
        strict = cache.exists() and "CNN_WERROR:BOOL=ON" in cache.read_text()
        self.settings = {**os.environ, "CNN_BUILD_DIR": str(self.build), "TERM": "dumb",
                         "CNN_RESULTS_DIR": str(self.folder / "results"),
                         "CNN_MINE_DIR": str(self.folder / "mine"),
                         "CI": "1" if strict else ""}  # as it was built

    def run(self, words):
        """What the command prints, line by line, and the seconds that it takes."""
        start = time.monotonic()
        done = subprocess.run(["bash", "-c", words], cwd=self.folder, env=self.settings,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        text = done.stdout.decode("utf-8", "replace")
        for place, name in ((self.build, ".../build/release"), (self.folder, "..."),
                            (self.root, "...")):
            text = text.replace(str(place), name)
        lines = text.rstrip("\n").split("\n")
        return ([line.rstrip() for line in lines if not BUILDING.match(line)],
                time.monotonic() - start)


@contextlib.contextmanager
def desk(book):
    with tempfile.TemporaryDirectory(prefix="book") as folder:
        yield Desk(book, folder)


def run_again(book, slow):
    """Runs the quick commands of the texts, or all, and compares."""
    for path in book.texts():
        records = recorded(book, path)
        with desk(book) as place:
            for command in shown(book, path):
                record = records.get(command.words)
                if record and (slow or record.seconds < QUICK):
                    output, _ = place.run(command.words)
                    yield from compare(command, output, Alike(), "the output")
