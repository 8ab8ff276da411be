# SPDX-License-Identifier: MIT
"""The book as text: its files, their fenced blocks and their prose."""

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*(.*?)\s*$")


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

    def numbered(self):
        return enumerate(self.lines, self.line + 1)


class Book:
    """The files under a root, as they are or, for a test of the tests, with changes.

    `programs` is the folder of the built programs, if there is one.
    """

    def __init__(self, root, programs=None, changes=None):
        self.root = Path(root)
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
        return sorted(p.relative_to(self.root).as_posix() for p in self.root.glob(pattern))

    def chapters(self, numbers=()):
        """The stages' chapters, all or those with these numbers."""
        chapters = self.find("stages/*/README.md")
        return [c for c in chapters if not numbers or c.split("/")[1][:2] in numbers]

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
