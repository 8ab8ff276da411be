# SPDX-License-Identifier: MIT
"""The chapters lead through the course: each exercise is asked for below the heading that it
names, before its answer, and the answer is folded."""

import importlib
import re
import sys
from pathlib import Path

from manuscript import Problem

HERE = Path(__file__).resolve()


def course(root):
    """The list of exercises of the book at `root`."""
    sys.path.insert(0, str(root / "learner"))
    module = importlib.import_module("course")
    sys.path.pop(0)
    return module


def squeezed(text):
    return re.sub(r"\s+", "", text)


def check(book):
    chapters = {path.split("/")[1]: path for path in book.chapters()}
    for exercise in course(HERE.parents[2]).exercises():
        if exercise.stage in chapters:
            yield from one(book, chapters[exercise.stage], exercise)


def one(book, path, exercise):
    lines = book.lines(path)
    asked = [n for n, line in enumerate(lines, 1)
             if line.startswith("**Write it:**") and f"`./learn check {exercise.number}`" in line]
    if len(asked) != 1:
        yield Problem(path, 1, f"expected one line '**Write it:** `./learn check "
                      f"{exercise.number}`' ({exercise.title}), found {len(asked)}")
        return
    headings = [line.lstrip("# ") for line in lines[:asked[0]] if re.match(r"#{2,} ", line)]
    if not headings or headings[-1] != exercise.chapter:
        yield Problem(path, asked[0], f"{exercise.number} names the heading "
                      f"'{exercise.chapter}'; here it is '{(headings or [''])[-1]}'")
    blocks = [b for b in book.blocks(path) if b.kind == "cpp" and b.words == [exercise.file]
              and squeezed(exercise.signature) in squeezed("\n".join(b.lines))]
    answer = next((b for b in blocks if b.line > asked[0]), None)
    if answer is None:
        yield Problem(path, asked[0], f"no quote of {exercise.file} after it has the function")
        return
    folds = 0
    for line in lines[:answer.line]:
        folds += line.count("<details>") - line.count("</details>")
    if folds < 1:
        yield Problem(path, answer.line, f"the answer of {exercise.number} is not folded")
    if any(re.match(r"#{2,} ", line) for line in lines[asked[0]:answer.line]):
        yield Problem(path, asked[0], f"the answer of {exercise.number} stands under another "
                      "heading")
