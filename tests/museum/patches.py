# SPDX-License-Identifier: MIT
"""The exhibits of the bug museum: exhibits/NAME.patch, each a mistake as a small edit."""
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent


class Refused(Exception):
    """A wrong word from the reader, or an exhibit that does not fit the lessons."""


class Exhibit:
    """A patch with header lines: Title, Stage, Check, Trains, Why; and where the gradient
    check objects to it, Guess: some words of the microscope's guess, or "none"."""

    def __init__(self, path):
        self.name = path.stem
        head, self.diff = path.read_text().split("\n\n", 1)
        fields = dict(re.findall(r"^(\w+): (.*(?:\n  .*)*)", head, re.M))
        try:
            self.title, self.stage, self.check, self.trains, self.why = (
                " ".join(fields[key].split())
                for key in ("Title", "Stage", "Check", "Trains", "Why"))
        except KeyError as key:
            raise Refused(f"{self.name}: the line {key} is missing") from None
        self.guess = " ".join(fields.get("Guess", "").split())

    def edits(self):
        """(file, old lines, new lines) of every hunk."""
        for file, hunks in re.findall(r"^--- .*\n\+\+\+ b/(.*)\n((?:(?!--- a/)[-+ @].*\n|\n)*)",
                                      self.diff, re.M):
            for hunk in re.split(r"^@@.*\n", hunks, flags=re.M)[1:]:
                lines = [line or " " for line in hunk.splitlines()]
                yield (file, *("".join(line[1:] + "\n" for line in lines if line[0] in kind)
                               for kind in (" -", " +")))

    @property
    def files(self):
        """Those that the mistake stands in."""
        return sorted({file for file, _, _ in self.edits()})

    def spoiled(self, file, text):
        """The text of a file with the mistake in it: every hunk must fit one place, wherever
        it has moved."""
        for name, old, new in self.edits():
            if name != file:
                continue
            if text.count(old) != 1:
                raise Refused(f"{self.name}: does not fit {file} any more; looked for\n{old}")
            text = text.replace(old, new)
        return text

    def apply(self, root):
        """Makes the mistake in a copy."""
        if not self.files:
            raise Refused(f"{self.name}: changes nothing")
        for file in self.files:
            path = root / file
            path.write_text(self.spoiled(file, path.read_text()))


def exhibits():
    found = [Exhibit(path) for path in (HERE / "exhibits").glob("*.patch")]
    return sorted(found, key=lambda exhibit: (exhibit.stage, exhibit.name))


def exhibit_called(name):
    for exhibit in exhibits():
        if exhibit.name == name:
            return exhibit
    raise Refused(f"there is no exhibit '{name}'; ./learn museum lists them")


def test_source(stage):
    """The tests of a stage, which has a number: "03"."""
    return next(TESTS.glob(f"test_{stage}_*.cpp"))
