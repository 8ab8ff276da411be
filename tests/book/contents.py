# SPDX-License-Identifier: MIT
"""The README's table of stages says how long each chapter takes to read, at 200 words a
minute, and how many lines of code its headers have, in columns `minutes` and `lines`."""

import re

from manuscript import Problem

README = "README.md"
LINK = re.compile(r"\]\((stages/\w+)/README\.md\)")


def minutes(book, folder):
    prose = book.prose(f"{folder}/README.md").text
    return max(1, round(len(re.findall(r"\w[^\s|]*", prose)) / 200))


def lines(book, folder):
    """Lines of code, as in a quote: neither blank nor comment."""
    return sum(bool(line.strip()) and not line.lstrip().startswith("//")
               for header in book.find(f"{folder}/*.hpp") for line in book.lines(header))


COLUMNS = {"minutes": minutes, "lines": lines}


def table(book):
    """The rows of the table: number, line and the line with the columns computed."""
    columns = {}
    for number, line in enumerate(book.lines(README), 1):
        cells = line.split("|")
        names = [cell.strip() for cell in cells]
        if "stage" in names and set(COLUMNS) <= set(names):
            columns = {i: COLUMNS[name] for i, name in enumerate(names) if name in COLUMNS}
        link = LINK.search(line)
        if columns and link and line.startswith("|"):
            for i, count in columns.items():
                cells[i] = f" {count(book, link[1])} "
            yield number, line, "|".join(cells)
        elif not line.strip():
            columns = {}


def check(book):
    if README not in book.texts():
        return
    rows = list(table(book))
    for number, given, expected in rows:
        if given.split() != expected.split():
            yield Problem(README, number, "tests/book/book --table computes\n"
                          f"    expected: {expected}\n    given:    {given}")
    told = {LINK.search(row)[1] for _, row, _ in rows}
    for chapter in book.chapters():
        if chapter[:-len("/README.md")] not in told:
            yield Problem(README, 1, f"the table of stages leaves out {chapter}, or has no columns "
                          "'minutes' and 'lines'")
