# SPDX-License-Identifier: MIT
"""The book as text: its files, their fenced blocks and their prose."""

import re
from bisect import bisect
from dataclasses import dataclass
from pathlib import Path

TEXTS = ("README.md", "CONTRIBUTING.md", "docs/*.md", "stages/*/README.md",
         "tests/*/README.md", "learner/README.md", "web/README.md",
         "data/README.md")
FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*(.*?)\s*$")
CODE = re.compile(r"(?<!`)(`+)(?!`)((?:[^`\n]|\n(?!\n)|(?!\1(?!`))`)+?)(?<!`)\1(?!`)")
COMMENT = re.compile(r"<!--.*?-->", re.S)


@dataclass
class Problem:
    """Something that a check refuses, and where."""

    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


@dataclass
class Block:
    """A fenced block; `line` is that of its fence, `lines` are without the fence's indent."""

    path: str
    line: int
    info: str
    lines: list

    @property
    def kind(self):
        return self.info.split()[0] if self.info else ""

    @property
    def words(self):
        return self.info.split()[1:]


class Prose:
    """A text with its fenced blocks and comments blanked; offsets stay what they were."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.starts = [0] + [i + 1 for i, c in enumerate(text) if c == "\n"]

    def line(self, offset):
        return bisect(self.starts, offset)

    def problem(self, offset, message):
        return Problem(self.path, self.line(offset), message)

    def code(self):
        """The pieces of code within lines, each with its offset."""
        for match in CODE.finditer(self.text):
            yield match.start(2), match[2]

    def without_code(self, filler="\0"):
        """The text with each piece of code blanked."""
        return CODE.sub(lambda match: blank(match[0], filler), self.text)


def blank(text, filler=" "):
    return re.sub(r"[^\n]", filler, text)


def name_of(path):
    """What a text is called: 05_cnn_serial, README, museum, notation."""
    path = Path(path)
    return path.parent.name if path.stem == "README" and path.parent.name else path.stem


class Book:
    """The files under a root, as they are or, for a test of the tests, with changes.

    `names` are the texts of interest, by name or by number; none are all. `programs` is the
    folder of the built programs, if there is one.
    """

    found = {}  # what find has found, for it is slow

    def __init__(self, root, names=(), programs=None, changes=None):
        self.root = Path(root)
        self.names = [name.zfill(2) + "_" if name.isdigit() else name for name in names]
        self.programs = programs
        self.changes = changes or {}

    def exists(self, path):
        return path in self.changes or (self.root / path).exists()

    def read(self, path):
        if path in self.changes:
            return self.changes[path]
        return (self.root / path).read_text(encoding="utf-8")

    def lines(self, path):
        return self.read(path).split("\n")

    def find(self, pattern):
        if (self.root, pattern) not in self.found:
            self.found[self.root, pattern] = sorted(
                path.relative_to(self.root).as_posix() for path in self.root.glob(pattern))
        return self.found[self.root, pattern]

    def texts(self):
        """The Markdown of interest."""
        texts = [path for pattern in TEXTS for path in self.find(pattern)]
        return [t for t in texts if not self.names or any(
            name_of(t) == name or name[-1] == "_" and name_of(t).startswith(name)
            for name in self.names)]

    def chapters(self):
        """The stages' chapters of interest."""
        return [path for path in self.texts() if path.startswith("stages/")]

    def blocks(self, path):
        """The fenced blocks of a Markdown file, in order."""
        block, indent, fence = None, "", ""
        for number, line in enumerate(self.lines(path), 1):
            match = FENCE.match(line)
            if block is None:
                if match:
                    indent, fence, info = match.groups()
                    block = Block(path, number, info, [])
            elif match and match[2].startswith(fence) and not match[3]:
                yield block
                block = None
            else:
                block.lines.append(line[len(indent):] if line.startswith(indent) else line.lstrip())
        if block is not None:
            yield block

    def prose(self, path):
        lines = self.lines(path)
        for block in self.blocks(path):
            first, last = block.line - 1, block.line + len(block.lines)
            lines[first:last + 1] = [blank(line) for line in lines[first:last + 1]]
        return Prose(path, COMMENT.sub(lambda m: blank(m[0]), "\n".join(lines)))
