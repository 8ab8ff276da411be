# SPDX-License-Identifier: MIT
"""A block ```` ```pencil NAME ```` holds what the program `pencil` computes for NAME."""

import subprocess

from manuscript import Problem


OUTPUT = "tests/book/pencil"  # the name of its output among the files of the book


def ask(program):
    """The examples as the program prints them: blocks as in a chapter."""
    done = subprocess.run([program], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{program}: {done.stderr.strip()}")
    return done.stdout


def check(book):
    if OUTPUT not in book.changes:
        if book.programs is None:
            return
        book.changes[OUTPUT] = ask(book.programs / "pencil")
    computed = {block.words[0]: block.lines for block in book.blocks(OUTPUT)}
    used = set()
    for chapter in book.chapters():
        for block in book.blocks(chapter):
            if block.kind == "pencil":
                name = " ".join(block.words)
                used.add(name)
                yield from compare(chapter, block, name, computed.get(name))
    if not book.names:
        for name in sorted(computed.keys() - used):
            yield Problem("tests/book", 1, f"the example {name} stands in no chapter")


def compare(chapter, block, name, expected):
    if expected is None:
        yield Problem(chapter, block.line, f"there is no example '{name}' in tests/book")
        return
    for i, (given, computed) in enumerate(zip(block.lines, expected)):
        if given != computed:
            yield Problem(chapter, block.line + 1 + i, f"not what {name} computes\n"
                          f"    expected: {computed}\n    given:    {given}")
    if len(block.lines) != len(expected):
        yield Problem(chapter, block.line, f"{len(block.lines)} lines, but {name} "
                      f"computes {len(expected)}")
