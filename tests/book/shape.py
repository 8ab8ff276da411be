# SPDX-License-Identifier: MIT
"""Every chapter has the same shape: its head, its sections, a mistake to look at in the museum,
exercises with answers, a sentence for each picture, and lines that fit the page."""

import re

from manuscript import Problem

SECTIONS = ("With a pencil", "The mathematics", "The code", "The gradient check", "Run it",
            "The mistake everyone makes", "Measure it", "Exercises", "Where the reference differs")
NEEDED = ("With a pencil", "Run it", "The mistake everyone makes", "Exercises",
          "Where the reference differs")
EXERCISE = re.compile(r"^(\d+)\. +\*\*[^*]+[.?!]\*\*", re.M)
PICTURE = re.compile(r"^!\[([^\]]*)\]\([^)]*\)(.*)\n+([^\n]*)", re.M)
WIDE, CODE_WIDE = 96, 88
EXERCISES = 4


def sections(prose):
    """The sections of a chapter: heading -> (offset, text)."""
    heads = [*re.finditer(r"^## (.*)$", prose.text, re.M)]
    ends = [m.start() for m in heads[1:]] + [len(prose.text)]
    return {m[1].strip(): (m.end(), prose.text[m.end():end]) for m, end in zip(heads, ends)}


def check(book):
    for path in book.chapters():
        prose = book.prose(path)
        if not prose.text.startswith(f"# Stage {path.split('/')[1][:2]}: "):
            yield Problem(path, 1, "expected '# Stage NN: title'")
        parts = sections(prose)
        at = [list(parts).index(name) for name in SECTIONS if name in parts]
        for name in NEEDED:
            if name not in parts:
                yield Problem(path, 1, f"there is no section '## {name}'")
        if at != sorted(at):
            yield Problem(path, 1, f"expected the order of sections {', '.join(SECTIONS)}")
        if "Exercises" in parts:
            yield from exercises(book, path, prose, *parts["Exercises"])
        if "The mistake everyone makes" in parts:
            yield from mistake(book, path, prose, *parts["The mistake everyone makes"])
    for path in book.texts():
        yield from pictures(book.prose(path))
    for path in book.chapters():
        yield from widths(book, path)


def exercises(book, path, prose, offset, text):
    found = [*EXERCISE.finditer(text)]
    if [int(m[1]) for m in found] != list(range(1, len(found) + 1)) or len(found) < EXERCISES:
        yield prose.problem(offset, f"expected exercises '1. **Title.** ...', {EXERCISES} or more, "
                            f"numbered from 1; found {len(found)}")
    for m, end in zip(found, [m.start() for m in found[1:]] + [len(text)]):
        task = text[m.start():end]
        if not re.search(r"<details><summary>Answer</summary>.*</details>", task, re.S):
            yield prose.problem(offset + m.start(), f"exercise {m[1]} has no folded answer")
    first, last = prose.line(offset), prose.line(offset + len(text))
    if not any(block.kind == "cpp" and first < block.line < last for block in book.blocks(path)):
        yield prose.problem(offset, "none of the exercises has code in its answer")


def mistake(book, path, prose, offset, text):
    first, last = prose.line(offset), prose.line(offset + len(text))
    names = [m[1] for block in book.blocks(path) if block.kind == "console" and
             first < block.line < last for m in re.finditer(r"\$ \./learn museum ([\w-]+)",
                                                            "\n".join(block.lines))]
    if not names:
        yield prose.problem(offset, "no console block with ./learn museum NAME")
    for name in names:
        if not book.exists(f"tests/museum/exhibits/{name}.patch"):
            yield prose.problem(offset, f"the museum has no exhibit {name}")


def pictures(prose):
    for match in PICTURE.finditer(prose.text):
        if not match[1].strip():
            yield prose.problem(match.start(), "a picture without a line that says what it shows")
        if not re.match(r"[*\w`\"]", match[3]):
            yield prose.problem(match.start(), "a picture without a sentence below it")


def widths(book, path):
    """Tables, pictures and headings may be wider, and words that cannot be broken."""
    wide = dict.fromkeys(range(1, len(book.lines(path)) + 1), WIDE)
    for block in book.blocks(path):
        inside = range(block.line, block.line + len(block.lines) + 2)
        # What programs print is as it is.
        wide.update(dict.fromkeys(inside, CODE_WIDE if block.kind == "cpp" else 0))
    for number, line in enumerate(book.lines(path), 1):
        most = wide[number]
        free = re.match(r" *(\||!\[|#|<|\S+$)", line)
        if 0 < most < len(line) and not free:
            yield Problem(path, number, f"{len(line)} columns, expected {most} at most")
