# SPDX-License-Identifier: MIT
"""./learn start: a stage's headers in mine/, with the bodies that are the lesson left out."""
import datetime
import os
import textwrap

import course
import header
import progress
import screen
from course import ROOT
from progress import MINE

FLAGS = """-std=c++20
-Wall
-Wextra
-I.
-I{root}/stages
-I{root}
-include
{root}/learner/not_written.hpp
-DARMA_DONT_USE_WRAPPER
"""


def write_flags():
    """What clangd, and through it an editor, needs to complete code and to mark mistakes."""
    (MINE / "compile_flags.txt").write_text(FLAGS.format(root=os.path.relpath(ROOT, MINE)))


def set_aside(stage):
    """The reader's folder under another name; nothing is lost."""
    day = datetime.datetime.now().strftime("%Y-%m-%d")
    name, n = f"{stage}.{day}", 1
    while (MINE / "aside" / name).exists():
        n += 1
        name = f"{stage}.{day}.{n}"
    (MINE / "aside").mkdir(parents=True, exist_ok=True)
    (MINE / stage).rename(MINE / "aside" / name)
    return f"mine/aside/{name}"


def start(words):
    again = "--again" in words
    words = [word for word in words if word != "--again"]
    if len(words) != 1:
        raise course.Refused("which stage? For example: ./learn start 3")
    stage, _ = course.named(words[0])
    number = int(stage[:2])
    memory = progress.Progress()
    if progress.started(stage):
        if not again:
            print(f"Stage {number} is started; nothing was changed. Go on: ./learn check {number}\n"
                  f"Anew, with your files kept aside: ./learn start {number} --again")
            return 0
        print(f"What you had is in {set_aside(stage)}")
    exercises = course.exercises(stage)
    for file in sorted({e.header for e in exercises}):
        text = (ROOT / "stages" / file).read_text(encoding="utf-8")
        for path, content in ((MINE / ".book" / file, text),
                              (MINE / file, header.strip(text, [e for e in exercises
                                                                if e.header == file]))):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    write_flags()
    memory.forget(stage)
    memory.current = stage
    files = sorted({e.file for e in exercises})
    print(textwrap.fill(f"mine/{stage} is yours: {len(exercises)} functions to write in "
                        f"{', '.join(files)}.", screen.WIDTH))
    for exercise in exercises:
        print(f"  {exercise.number:<5} {exercise.title:<40} {exercise.name}")
    print(f"\nThe chapter: stages/{stage}/README.md\n"
          f"Begin here:  {progress.where(exercises[0])}\n"
          f"Write, save, and ./learn check {number}. Stuck? ./learn hint {number}")
    return 0
