# SPDX-License-Identifier: MIT
"""./learn hint and ./learn answer: as little as helps, and the book's version at the end."""
import textwrap

import course
import header
import progress
import screen

KINDS = ("a question", "the formula", "how it begins")


def exercise_of(words, command, memory):
    """The exercise that a word names; of a stage, the first that is not right yet."""
    if len(words) > 1:
        raise course.Refused(f"one exercise at a time: ./learn {command} 3, ./learn {command} 3.2")
    stage, one = course.named(words[0] if words else screen.current(memory))
    if not progress.started(stage):
        raise course.Refused(f"stage {int(stage[:2])} is not started: "
                             f"./learn start {int(stage[:2])}")
    if one:
        return one
    for exercise in course.exercises(stage):
        if not progress.has_passed(exercise, memory):
            return exercise
    raise course.Refused(f"all of stage {int(stage[:2])} is right; name one of its exercises, "
                         f"such as ./learn {command} {int(stage[:2])}.1")


def hint(words):
    memory = progress.Progress()
    exercise = exercise_of(words, "hint", memory)
    seen = min(memory.get("hints", exercise.number) + 1, len(exercise.hints))
    memory.set("hints", exercise.number, seen)
    screen.heading(exercise, progress.where(exercise))
    screen.task(exercise)
    for n, text in enumerate(exercise.hints[:seen], 1):
        kind = KINDS[n - 1] if n <= len(KINDS) else "more"
        print(f"\n{screen.bold(f'Hint {n} of {len(exercise.hints)}, {kind}')}")
        if n == len(exercise.hints):
            print(textwrap.indent(screen.plain(text), "  "))
        else:
            print(textwrap.fill(screen.plain(" ".join(text.split())), screen.WIDTH))
    if seen < len(exercise.hints):
        print(f"\nThe next one: ./learn hint {exercise.number}")
    else:
        print(f"\nThat was the last. The book's version: ./learn answer {exercise.number}")
    return 0


def answer(words):
    memory = progress.Progress()
    exercise = exercise_of(words, "answer", memory)
    passed = progress.has_passed(exercise, memory)
    if not passed and not memory.get("asked", exercise.number):
        memory.set("asked", exercise.number, 1)
        left = len(exercise.hints) - memory.get("hints", exercise.number)
        hints = f"{left} of its hints you have not seen: ./learn hint {exercise.number}"
        print(f"{exercise.number} is not right yet, and it is yours to find."
              + (f"\n{hints}" if left else "")
              + "\nAsk once more to see the book's version.")
        return 1
    book = progress.book_of(exercise)
    at = header.place(book, exercise)
    screen.heading(exercise, progress.where(exercise))
    beside("yours" if progress.is_written(exercise) else "yours, not written yet",
           without_given(progress.body(exercise), exercise),
           f"the book's, stages/{exercise.header}:{at.line}",
           without_given(book[at.start:at.end], exercise))
    if not passed:
        print("\nClose it, and write it in your own words: then it stays.")
    return 0


def without_given(body, exercise):
    """What the reader was to write: without the lines that were there, if they still are."""
    given = header.place(progress.book_of(exercise), exercise)
    given = progress.book_of(exercise)[given.start:given.end].split("\n")[:exercise.given + 1]
    lines = body.split("\n")
    return "\n".join(lines[len(given):] if lines[:len(given)] == given else lines)


def beside(left_title, left, right_title, right):
    """Two texts side by side where the screen is wide enough, else one below the other."""
    left, right = (textwrap.dedent(text.strip("\n").rstrip()).split("\n")
                   for text in (left, right))
    width = max(len(line) for line in [left_title, *left])
    if width + 3 + max(len(line) for line in [right_title, *right]) <= screen.columns():
        print()
        for a, b in [(screen.bold(left_title.ljust(width)), screen.bold(right_title))]:
            print(f"{a} | {b}")
        for n in range(max(len(left), len(right))):
            a, b = (side[n] if n < len(side) else "" for side in (left, right))
            print(f"{a.ljust(width)} | {b}".rstrip())
        return
    for title, lines in ((left_title, left), (right_title, right)):
        print(f"\n{screen.bold(title)}")
        print("\n".join("  " + line for line in lines))
