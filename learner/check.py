# SPDX-License-Identifier: MIT
"""./learn check: the exercises of a stage in order, up to the first that is not right."""
import fcntl
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import compiler
import course
import header
import progress
import screen
from course import ROOT
from workshop import CompileError, Workshop, run

BUILD = ROOT / "build" / "release"


def build_folder():
    """Where ./learn builds."""
    return Path(os.environ.get("CNN_BUILD_DIR") or BUILD).absolute()


class Checker:
    """Checks exercises of one stage against the book."""

    def __init__(self, stage, memory):
        self.stage, self.memory = stage, memory
        self.target = f"exercises_{stage[:2]}"
        self.build = build_folder().resolve()
        self.workshop = Workshop(self.build)
        self.include = progress.BUILT
        self.folder = progress.BUILT / "checks" / stage
        self.compiled = {}

    def prepare(self):
        """The book's side. Other stages: the reader's functions that have passed."""
        ended = subprocess.run([ROOT / "learn", "build", self.target], stdin=subprocess.DEVNULL)
        if ended.returncode:
            raise course.Refused("the checks could not be built; see above")
        for other in course.stages():
            if other == self.stage:
                continue
            theirs = [e for e in course.exercises(other)
                      if progress.started(other) and progress.has_passed(e, self.memory)]
            if theirs:
                progress.assemble(other, theirs)
            else:
                progress.forget_assembled(other)

    def compile(self, exercise):
        return self.workshop.program(self.target, exercise.cases, self.include,
                                     self.folder / str(exercise.k))

    def compile_all(self, exercises, written):
        """Side by side, with all that is written; what fails is compiled once more alone."""
        progress.assemble(self.stage, written)

        def attempt(exercise):
            try:
                return self.compile(exercise)
            except CompileError:
                return None
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            self.compiled = dict(zip(exercises, pool.map(attempt, exercises)))

    def program(self, exercise, theirs):
        if not self.compiled.get(exercise):
            progress.assemble(self.stage, theirs)
            self.compiled[exercise] = self.compile(exercise)
        return self.compiled[exercise]

    def verdict(self, exercise, theirs):
        """(right, words to show): compiles, runs and judges one exercise, with the reader's
        bodies for `theirs`."""
        try:
            program = self.program(exercise, theirs)
        except CompileError as error:
            return False, self.compile_words(str(error))
        return judged(self.build, [program], self.target, self.folder, exercise)

    def compile_words(self, text):
        (self.folder / "compiler.txt").write_text(text)
        file, line, shown = compiler.first_error(text, progress.MINE)
        said = f"It does not compile yet. {file}:{line}" if file else "It does not compile yet."
        whole = os.path.relpath(self.folder / "compiler.txt", ROOT)
        return "\n".join([said, *shown, f"(all that the compiler says: {whole})"])


def judged(build, program, target, folder, exercise):
    """(right, words): runs both programs, the reader's as words of a command, and compares
    their records."""
    folder.mkdir(parents=True, exist_ok=True)
    record = {side: folder / f"{exercise.k}.{side}" for side in ("book", "mine")}
    words = [str(int(exercise.stage[:2])), str(exercise.k)]
    record["mine"].unlink(missing_ok=True)
    ended, printed = run([build / "bin" / target, record["book"], "book", *words], 120)
    if ended:
        raise RuntimeError(f"{exercise.number}: the book's own side fails: {ended}\n{printed}")
    ended, printed = run([*program, record["mine"], "mine", *words])
    record["mine"].touch()
    if "__n < this->size()" in printed:
        ended, printed = "an index lay outside of a std::vector", ""
    judge = subprocess.run([build / "bin" / "learner_judge", record["book"], record["mine"],
                            *([ended] if ended else [])],
                           capture_output=True, text=True, errors="replace")
    text = judge.stdout.rstrip()
    if judge.returncode == 3:
        text = "Not written yet."
    elif judge.returncode not in (0, 1):
        raise RuntimeError(f"{exercise.number}: {text}{judge.stderr}")
    if printed.strip() and judge.returncode:
        lines = printed.strip().splitlines()
        text += "\nIt printed: " + "\n            ".join(lines[-3:])
    return judge.returncode == 0, text


def not_yet(exercise):
    screen.heading(exercise, progress.where(exercise))
    screen.task(exercise)
    print(f'\nNot written yet. Write it in the place of the line notWritten("{exercise.number}");'
          f"\nthen ./learn check {exercise.number}. A question to begin with: "
          f"./learn hint {exercise.number}")


def wrong(exercise, words, memory):
    screen.heading(exercise, progress.where(exercise))
    screen.task(exercise)
    print()
    screen.fitted(words)
    print(f"\nNot right yet. ./learn hint {exercise.number} helps, step by step.")
    before = [e.number for e in course.exercises(exercise.stage)
              if e.k < exercise.k and progress.is_written(e)
              and not progress.has_passed(e, memory)]
    if before:
        many = len(before) > 1
        print(f"{screen.ranges(before)} {'are' if many else 'is'} written and not checked: "
              f"this one may use {'them' if many else 'it'}.")


def changed_book(stage):
    """Says when the book's header is not the one the reader started from."""
    for file in sorted({e.header for e in course.exercises(stage)}):
        old = progress.MINE / ".book" / file
        if not old.exists():
            continue
        was, now = old.read_text(encoding="utf-8"), (ROOT / "stages" / file).read_text("utf-8")
        if was == now:
            continue
        changed = []
        for exercise in course.exercises(stage):
            if exercise.header != file:
                continue
            try:
                a, b = header.place(was, exercise), header.place(now, exercise)
                if was[a.start:a.end] != now[b.start:b.end]:
                    changed.append(exercise.number)
            except header.NotFound:
                changed.append(exercise.number)
        what = "exercises " + ", ".join(changed) if changed else "what is around the exercises"
        print(f"The book's {file} is newer than your start of it ({what}).\n"
              f"./learn start {int(stage[:2])} --again takes the new one, yours is kept aside.\n")


def in_order(stage, todo, memory):
    """Checks these exercises up to the first that is wrong; whether all are right."""
    checker = Checker(stage, memory)
    checker.prepare()
    written = [e for e in course.exercises(stage)
               if e.k <= todo[-1].k and progress.is_written(e)]
    with open(ROOT / "learn") as script:
        fcntl.flock(script, fcntl.LOCK_EX)  # the lock of ./learn: one at a time
        if len(todo) > 1:
            checker.compile_all(todo, written)
        for exercise in todo:
            right, text = checker.verdict(exercise, [e for e in written if e.k <= exercise.k])
            if not right:
                wrong(exercise, text, memory)
                return False
            memory.set("passed", exercise.number, progress.digest(progress.body(exercise)))
            print(f"{screen.green('right')}  {exercise.number}  {exercise.title}: {text}",
                  flush=True)
    return True


def check(words):
    """The exit status of ./learn check [N[.K]]."""
    memory = progress.Progress()
    if len(words) > 1:
        raise course.Refused("one stage or exercise at a time: ./learn check 3, ./learn check 3.2")
    stage, one = course.named(words[0] if words else screen.current(memory))
    number = int(stage[:2])
    if not progress.started(stage):
        raise course.Refused(f"stage {number} is not started: ./learn start {number}")
    memory.current = stage
    changed_book(stage)
    every = course.exercises(stage)
    asked = [one] if one else every
    open_ones = [e for e in asked if not progress.has_passed(e, memory)]
    stubs = [e for e in open_ones if not progress.is_written(e)]
    todo = [e for e in open_ones if not stubs or e.k < stubs[0].k]
    if len(open_ones) < len(asked):
        done = [e.number for e in asked if e not in open_ones]
        print(f"{screen.green('right')} before and unchanged: {screen.ranges(done)}")
    if todo and not in_order(stage, todo, memory):
        return 1
    if stubs:
        if len(stubs) < len(asked):
            print()
        not_yet(stubs[0])
        return 1
    return screen.finished(stage, one, memory)
