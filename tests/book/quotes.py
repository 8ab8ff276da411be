# SPDX-License-Identifier: MIT
"""A block ```` ```cpp FILE ```` stands word for word in FILE. Over a chapter, the blocks of
each of its headers give every code line of that header once, in the order of the file.

Blank lines are free. A doc comment (`///`) may be left out; so may the licence's line and
a ruler (`// ---- `), for which the chapter has headings.
"""

import difflib
from posixpath import basename, dirname

from manuscript import Problem

LANGUAGES = {"cpp", "python", "cmake", "sh"}


def optional(line):
    return line.lstrip().startswith(("///", "// SPDX-", "// ----"))


def numbered(lines, first=1):
    """The lines that are not blank, with their numbers."""
    return [(n, line.rstrip()) for n, line in enumerate(lines, first) if line.strip()]


def resolve(book, chapter, name):
    """The file that a chapter calls `name`: its own, another stage's, or the root's."""
    for path in (f"{dirname(chapter)}/{name}", f"stages/{name}", name):
        if book.exists(path):
            return path
    return None


def follow(source, start, block):
    """The places in the source, from `start` on, at which the block's lines stand one behind
    the other, and the place at which they no longer do."""
    places, at = [], start
    for _, line in block:
        while at < len(source) and source[at][1] != line and optional(source[at][1]):
            at += 1
        if at == len(source) or source[at][1] != line:
            break
        places.append(at)
        at += 1
    return places, at


def place(source, block, after):
    """Where most of the block's lines stand in one piece; of equal places the first behind
    `after`."""
    starts = [i for i, (_, line) in enumerate(source) if line == block[0][1]]
    tries = [follow(source, start, block) for start in starts]
    return max(tries, default=([], after),
               key=lambda t: (len(t[0]), t[0][0] >= after, -t[0][0]))


def compare(path, source, block, after):
    """The places of a block's lines in the source, and the lines that do not stand there."""
    places, problems = [], []
    while block:
        found, at = place(source, block, after)
        places += found
        block = block[len(found):]
        if not block:
            break
        number, given = block.pop(0)
        problems.append((number, difference(path, source, at, bool(places), given)))
        after = at + 1
    return places, problems


def difference(path, source, at, begun, given):
    if not begun:  # the whole file may be meant
        close = difflib.get_close_matches(given, [line for _, line in source], 1, 0.5)
        if not close:
            return f"no such line in {path}\n    given:    {given}"
        at = [line for _, line in source].index(close[0])
    if at == len(source):
        return f"{path} ends before this line\n    given:    {given}"
    line, expected = source[at]
    return (f"not as in {path}, line {line}\n    expected: {expected}\n"
            f"    given:    {given}")


class Header:
    """A header of the stage, and which of its lines were quoted so far, and where."""

    def __init__(self, path, lines):
        self.path = path
        self.source = numbered(lines)
        self.quoted = {}  # place in the source -> line of the chapter
        self.last = -1

    def take(self, chapter, block):
        quote = numbered(block.lines, block.line + 1)
        places, problems = compare(self.path, self.source, quote, self.last + 1)
        for number, message in problems:
            yield Problem(chapter, number, message)
        code = [p for p in places if not optional(self.source[p][1])]
        twice = [p for p in code if p in self.quoted]
        if twice:
            number, line = self.source[twice[0]]
            yield Problem(chapter, block.line,
                          f"quotes line {number} of {self.path} again, after line "
                          f"{self.quoted[twice[0]]} of the chapter: {line.strip()}\n"
                          f"    (```cpp {basename(self.path)} again: repeats lines)")
        elif code and code[0] < self.last:
            yield Problem(chapter, block.line,
                          f"quotes line {self.source[code[0]][0]} of {self.path} behind line "
                          f"{self.source[self.last][0]}: not the order of the file")
        for p in code:
            self.quoted.setdefault(p, block.line)
        self.last = max([self.last, *code])

    def missing(self):
        code = [i for i, (_, line) in enumerate(self.source) if not optional(line)]
        missing = [i for i in code if i not in self.quoted]
        if not missing:
            return
        done = len(code) - len(missing)
        first = "\n".join(f"    {n:4}: {line}" for n, line in
                          (self.source[i] for i in missing[:3]))
        yield Problem(self.path, self.source[missing[0]][0],
                      f"{len(missing)} lines are not quoted in the chapter, {done} of "
                      f"{len(code)} are ({100 * done // max(len(code), 1)} %); not quoted:\n"
                      + first + ("\n     ..." if len(missing) > 3 else ""))


def check(book):
    for chapter in book.chapters():
        folder = dirname(chapter)
        headers = {path: Header(path, book.lines(path)) for path in book.find(f"{folder}/*.hpp")}
        for block in book.blocks(chapter):
            if block.kind not in LANGUAGES or not block.words:
                continue
            name, *rest = block.words
            path = resolve(book, chapter, name)
            if path is None:
                yield Problem(chapter, block.line, f"there is no file {name}")
            elif rest not in ([], ["again"]):
                yield Problem(chapter, block.line, f"'{' '.join(rest)}' behind {name}; "
                              "only 'again' may stand there")
            elif path in headers and not rest:
                yield from headers[path].take(chapter, block)
            else:
                source = numbered(book.lines(path))
                _, problems = compare(path, source, numbered(block.lines, block.line + 1), 0)
                for number, message in problems:
                    yield Problem(chapter, number, message)
        for header in headers.values():
            yield from header.missing()
