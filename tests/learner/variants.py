# SPDX-License-Identifier: MIT
"""Many versions of a stage's functions in one program, which takes the one that CNN_VARIANT
names: a compilation each would cost a hundred times as much."""
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "learner")]
import check  # noqa: E402
import course  # noqa: E402
import header  # noqa: E402

CHOICE = """#pragma once
#ifndef CNN_VARIANT_IS
#define CNN_VARIANT_IS
#include <cstdlib>
#include <cstring>
inline bool cnnVariantIs(const char* name) {
  const char* chosen = std::getenv("CNN_VARIANT");
  return chosen && !std::strcmp(chosen, name);
}
#endif
"""


def book(exercise):
    return (ROOT / "stages" / exercise.header).read_text(encoding="utf-8")


def unity(exercises, path):
    """All cases of a stage as one source; each in a namespace, so that names may repeat."""
    includes, parts = {}, []
    for exercise in exercises:
        for line in exercise.cases.read_text(encoding="utf-8").splitlines():
            if line.startswith("#include"):
                includes[line] = None
        parts.append(f'namespace exercise{exercise.k} {{\n#include "{exercise.cases}"\n}}')
    path.write_text("\n".join([*includes, *parts, ""]), encoding="utf-8")
    return path


def chosen(variants):
    """Headers in which a function takes the body of a variant, (name, exercise, body), when it
    is chosen and the book's otherwise. A compiler's message names the variant as its file."""
    texts = {}
    for exercise in {variant[1]: None for variant in variants}:
        text = texts.get(exercise.header, book(exercise))
        at = header.place(text, exercise)
        nothing = re.match(r"((inline|template <[^>]*>) )*void|constexpr", exercise.signature)
        end = "" if nothing else '\nthrow "it does not return";'  # a return may be what it lost
        chain = "".join(f'\nif (::cnnVariantIs("{name}")) {{\n#line 1 "variant {name}"\n'
                        f'{body}{end}\n}}\n#line 1 "variants"\nelse '
                        for name, of, body in variants if of == exercise)
        texts[exercise.header] = (text[:at.start] + chain + "{" + text[at.start:at.end] + "}\n"
                                  + text[at.end:])
    return {path: text.replace("#pragma once", CHOICE, 1) for path, text in texts.items()}


class Program:
    """All exercises of a stage, made of other headers than the book's: path -> text."""

    def __init__(self, workshop, stage, texts, folder):
        self.build, self.folder = workshop.build, folder
        self.target = f"exercises_{stage[:2]}"
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in texts.items():
            (folder / "include" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "include" / path).write_text(text, encoding="utf-8")
        exercises = course.exercises(stage)
        self.path = workshop.program(self.target, exercises[0].cases, folder / "include",
                                     folder / "all", unity(exercises, folder / "all.cpp"))

    def judged(self, exercise, variant=""):
        """(right, words) of an exercise's check."""
        return check.judged(self.build, ["env", f"CNN_VARIANT={variant}", self.path], self.target,
                            self.folder, exercise)
