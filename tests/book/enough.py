# SPDX-License-Identifier: MIT
"""The chapters are enough: whoever types their quotes into files, in order, has the lesson."""

import difflib
import re
import shutil
import subprocess
from posixpath import dirname

from manuscript import Problem, name_of
from quotes import LANGUAGES

CODE = re.compile(r'(?:[^"\'/\n]|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|/(?!/))*')


def assembled(book, chapter):
    """The headers of a stage as its chapter gives them: path -> lines."""
    headers = {path: [] for path in book.find(f"{dirname(chapter)}/*.hpp")}
    for block in book.blocks(chapter):
        if block.kind in LANGUAGES and len(block.words) == 1:
            headers.get(f"{dirname(chapter)}/{block.words[0]}", []).extend(block.lines)
    return headers


def bare(lines):
    """The code of some lines, without comments and blank lines."""
    code = [CODE.match(line)[0].rstrip() for line in lines]
    return [line for line in code if line]


def check(book):
    for chapter in book.chapters():
        for path, lines in assembled(book, chapter).items():
            expected, given = bare(book.lines(path)), bare(lines)
            if expected != given:
                change = next(line for line in difflib.ndiff(expected, given) if line[0] in "-+")
                what = "the chapter lacks" if change[0] == "-" else "the chapter adds"
                yield Problem(path, 1, f"not what its chapter gives; {what}: {change[2:].strip()}")


def rebuild(book, folder):
    """Builds a copy of the book with the headers from its chapters, and runs their tests."""
    shutil.rmtree(folder, ignore_errors=True)
    copy, build = folder / "book", folder / "build"
    copy.mkdir(parents=True)
    for entry in book.root.iterdir():
        if entry.is_dir() and entry.name not in ("build", "results", "mine", ".git"):
            shutil.copytree(entry, copy / entry.name)
        elif entry.is_file():
            shutil.copy(entry, copy)
    for chapter in book.chapters():
        for path, lines in assembled(book, chapter).items():
            (copy / path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    tests = [f"test_{name_of(chapter)}" for chapter in book.chapters()]
    subprocess.run(["cmake", "--preset", "release", "-B", build], cwd=copy, check=True)
    subprocess.run(["ninja", "-C", build, *tests], check=True)
    for test in tests:
        subprocess.run([build / "bin" / test], cwd=copy, check=True)
