# SPDX-License-Identifier: MIT
"""What the reader sees, on a screen of 80 x 24."""
import re
import shutil
import sys
import textwrap

import course
import progress
import theirs

LINES = 25  # of an answer at most
WIDTH = 80


def coloured(code, text):
    return f"\033[{code}m{text}\033[0m" if sys.stdout.isatty() else text


def green(text):
    return coloured("32", text)


def bold(text):
    return coloured("1", text)


def columns():
    return shutil.get_terminal_size((WIDTH, 24)).columns


def plain(text):
    """Markdown without its marks."""
    return re.sub(r"`([^`]+)`", r"\1", text)


def heading(exercise, where):
    title = f"{exercise.number}  {exercise.title}"
    fits = len(title) + 3 + len(where) <= WIDTH
    print(f"{bold(title)}{'   ' if fits else chr(10) + '     '}{where}")


def task(exercise):
    print(textwrap.fill(plain(" ".join(exercise.task.split())), WIDTH))


def fitted(words):
    """A judgement, cut where it would not fit the screen with what stands around it."""
    lines = words.splitlines()
    room = LINES - 9
    if len(lines) > room:
        last = [line for line in lines[room - 1:] if line.startswith("It looks like")]
        lines = lines[:room - 1 - len(last)] + [" ..."] + last
    for line in lines:
        print(line if line.startswith(" ") else
              textwrap.fill(line, WIDTH, subsequent_indent="  "))


def ranges(numbers):
    """3.1 to 3.4, 3.6."""
    runs = []
    for number in numbers:
        k = int(number.split(".")[1])
        if runs and k == runs[-1][1] + 1:
            runs[-1][1] = k
        else:
            runs.append([k, k])
    stage = numbers[0].split(".")[0]
    return ", ".join(f"{stage}.{a}" if a == b else f"{stage}.{a} to {stage}.{b}" for a, b in runs)


def current(memory):
    """The stage that the reader works on."""
    if memory.current and progress.started(memory.current):
        return str(int(memory.current[:2]))
    raise course.Refused("which stage? ./learn check 3, for example; ./learn mine lists them")


def finished(stage, one, memory):
    """What a pass unlocks."""
    number = int(stage[:2])
    every = course.exercises(stage)
    todo = [e for e in every if not progress.has_passed(e, memory)]
    if one:
        print(f"The book's version beside yours: ./learn answer {one.number}")
    if todo:
        print(f"Next: {todo[0].number}  {todo[0].title}: ./learn check {number}")
        return 0
    theirs.picture(stage, memory)
    print(f"\n{bold(f'Stage {number} is yours')}: all {len(every)} functions are right.")
    later = [name for name in course.stages() if name > stage]
    if later:
        print(f"Next: stage {int(later[0][:2])}, stages/{later[0]}/README.md; "
              f"./learn start {int(later[0][:2])}")
    return 0
