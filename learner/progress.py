# SPDX-License-Identifier: MIT
"""What the reader has done: mine/, their headers, and mine/progress.json, what has passed.

CNN_MINE_DIR names another folder than mine/, for tests."""
import hashlib
import json
import os
from pathlib import Path

import course
import header

MINE = Path(os.environ.get("CNN_MINE_DIR", course.ROOT / "mine")).resolve()
BUILT = MINE / ".built" if "CNN_MINE_DIR" in os.environ else course.ROOT / "build" / "mine"


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class Progress:
    """passed: exercise -> digest of the body that did; hints, asked: exercise -> how often;
    current: the stage worked on."""

    def __init__(self):
        self.file = MINE / "progress.json"
        try:
            self.kept = json.loads(self.file.read_text())
        except FileNotFoundError:
            self.kept = {}
        except (json.JSONDecodeError, UnicodeDecodeError):
            self.kept = {}
            print("mine/progress.json cannot be read: nothing counts as checked")

    def get(self, what, number, otherwise=0):
        return self.kept.get(what, {}).get(number, otherwise)

    def set(self, what, number, value):
        self.kept.setdefault(what, {})[number] = value
        self.save()

    def forget(self, stage):
        """A stage begun again has nothing passed."""
        for exercise in course.exercises(stage):
            for what in ("passed", "hints", "asked"):
                self.kept.get(what, {}).pop(exercise.number, None)
        self.kept.get("shown", {}).pop(stage, None)
        self.save()

    @property
    def current(self):
        return self.kept.get("current")

    @current.setter
    def current(self, stage):
        if self.kept.get("current") != stage:
            self.kept["current"] = stage
            self.save()

    def save(self):
        MINE.mkdir(exist_ok=True)
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(self.kept, indent=1) + "\n")
        os.replace(new, self.file)


def started(stage):
    return (MINE / stage).is_dir()


def text_of(exercise):
    """The reader's header with this exercise."""
    path = MINE / exercise.header
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise course.Refused(f"mine/{exercise.header} is not there; ./learn start "
                             f"{int(exercise.stage[:2])} --again makes a new one") from None
    except UnicodeDecodeError:
        raise course.Refused(f"mine/{exercise.header} is no text in UTF-8") from None


def book_of(exercise):
    return (course.ROOT / "stages" / exercise.header).read_text(encoding="utf-8")


def place(exercise, text=None):
    """Where the reader writes it: the body in the reader's header."""
    text = text_of(exercise) if text is None else text
    try:
        return header.place(text, exercise)
    except header.NotFound as lost:
        raise course.Refused(
            f"mine/{exercise.header}: cannot find exercise {exercise.number}; looked for\n"
            f"  {lost} {{ ... }}\n"
            "Write the signature as it was (is a brace missing?), or begin anew, your file "
            f"kept aside:\n  ./learn start {int(exercise.stage[:2])} --again") from None


def body(exercise, text=None):
    text = text_of(exercise) if text is None else text
    at = place(exercise, text)
    return text[at.start:at.end]


def where(exercise):
    return f"mine/{exercise.header}:{place(exercise).line}"


def is_written(exercise):
    return started(exercise.stage) and not header.is_stub(body(exercise))


def has_passed(exercise, progress):
    """Whether the function as it stands now has been found right."""
    return (is_written(exercise)
            and progress.get("passed", exercise.number, "") == digest(body(exercise)))


def assemble(stage, theirs):
    """Makes build/mine/STAGE: the reader's headers, with the book's bodies for every
    exercise but those of `theirs`. Files that would be as before are not touched."""
    exercises = course.exercises(stage)
    for file in sorted({exercise.header for exercise in exercises}):
        here = [e for e in exercises if e.header == file]
        text = header.assembled(text_of(here[0]), f"mine/{file}", book_of(here[0]),
                                f"stages/{file}", [e for e in here if e not in theirs])
        path = BUILT / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def forget_assembled(stage):
    """The book's own headers are used for this stage."""
    for exercise in course.exercises(stage):
        (BUILT / exercise.header).unlink(missing_ok=True)
