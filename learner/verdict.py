# SPDX-License-Identifier: MIT
"""./learn check mystery: whether a stage's tests and a small network's gradients are content
with mine/mystery."""
import fcntl
import hashlib
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import check
import compiler
import course
import findings
import mystery
import patches
import progress
import screen
import suite
from course import ROOT
from workshop import CompileError, Workshop

FOLDER = progress.BUILT / "mystery"
# As for the exercises: an index out of range is said, and an answer comes soon.
FLAGS = ["-O1", "-UARMA_NO_DEBUG"]


class Programs:
    """The tests of a stage and the small network that a mistake is judged by."""

    def __init__(self, exhibit):
        self.exhibit = exhibit
        self.tests = patches.test_source(exhibit.stage)
        trains = exhibit.trains if exhibit.trains != "-" else "serial max"
        program, self.network = trains.split()
        self.trial = patches.HERE / f"trial_{program}.cpp"
        self.workshop = Workshop(check.build_folder().resolve())

    def prepare(self):
        ended = subprocess.run([ROOT / "learn", "build", "museum"], stdin=subprocess.DEVNULL)
        if ended.returncode:
            raise course.Refused("what the checks need could not be built; see above")

    def program(self, source, include, out):
        return self.workshop.program(source.stem, source, include, FOLDER / out, flags=FLAGS)

    def compile(self):
        """Both, side by side, of the headers in mine/mystery."""
        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(self.program, source, mystery.HOME, source.stem)
                    for source in (self.tests, self.trial)]
            return [job.result() for job in jobs]

    def book(self):
        """The tests of the book's headers, compiled when one of them has changed."""
        digest = hashlib.sha256()
        for path in sorted((ROOT / "stages").rglob("*.hpp")):
            digest.update(path.read_bytes())
        name = f"{self.tests.stem}-{digest.hexdigest()[:16]}"
        if not (FOLDER / name).exists():
            print("Compiling them with the book's headers, to compare ...", file=sys.stderr)
            self.program(self.tests, ROOT / "stages", name)
        return FOLDER / name


def complete(exhibit):
    """Refuses a copy that lacks a file: the book's would be taken in its place."""
    for path in mystery.headers(exhibit.stage):
        if not mystery.copy_of(path).exists():
            raise course.Refused(f"{mystery.shown(mystery.copy_of(path))} is gone; bring it back, "
                                 "or draw another mystery: ./learn mystery --again")


def fair(answer, exhibit, programs):
    """The objections that the book's own headers do not meet with. Asked only when the
    mistake's own check is content: until then there is something to find anyway."""
    objections = answer.objections
    if not objections or answer.stopped or exhibit.check in [o.name for o in objections]:
        return objections
    anyway = {o.name for o in suite.test(programs.book()).objections}
    for name in anyway & {o.name for o in objections}:
        print(f'"{name}" does not pass for the book either, so it does not count.')
    return [o for o in objections if o.name not in anyway]


def say_found(answer, exhibit):
    same = all(mystery.copy_of(path).read_bytes() == path.read_bytes()
               for path in mystery.headers(exhibit.stage))
    print(f"{screen.green('Found.')} All {answer.passed} tests of stage {int(exhibit.stage)} are "
          "content, and so is the gradient check.\n"
          + ("Your copy is the book's, to the letter."
             if same else "Your copy is not the book's to the letter; it need not be.") + "\n")
    mystery.story(exhibit, before=5)
    print("\nAnother: ./learn mystery --again")


def compile_words(text):
    """The first error, with its place in mine/mystery."""
    text = re.sub(r"[^\s'\":]*/mystery/(?=\d\d_)", "mine/mystery/",
                  text.replace(str(mystery.HOME), "/mystery"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "compiler.txt").write_text(text)
    file, line, shown = compiler.first_error(text, progress.MINE)
    said = f"It does not compile. {file}:{line}" if file else "It does not compile."
    whole = os.path.relpath(FOLDER / "compiler.txt", ROOT)
    return "\n".join([said, *shown, f"(all that the compiler says: {whole})"])


def check_words(words):
    """The exit status of ./learn check, of an exercise or of the mystery."""
    return check_mystery() if words == ["mystery"] else check.check(words)


def check_mystery():
    """The exit status of ./learn check mystery."""
    exhibit = mystery.drawn()
    complete(exhibit)
    stage = int(exhibit.stage)
    programs = Programs(exhibit)
    programs.prepare()
    with open(ROOT / "learn") as script:
        fcntl.flock(script, fcntl.LOCK_EX)  # the lock of ./learn: one at a time
        print(f"Compiling stage {stage}'s tests and a small network with mine/mystery ...",
              file=sys.stderr)
        try:
            tests, trial = programs.compile()
        except CompileError as error:
            print(compile_words(str(error)))
            return 1
        return judge(exhibit, programs, tests, trial)


def judge(exhibit, programs, tests, trial):
    """Shows what the two programs say; the exit status."""
    answer = suite.test(tests)
    right, lines = suite.gradients(trial, programs.network)
    objections = fair(answer, exhibit, programs)
    if right and not objections and not answer.stopped:
        progress.Progress().set("mysteries", exhibit.name, "found")
        say_found(answer, exhibit)
        return 0
    view = findings.gradients(right, lines)
    said = findings.objections(answer, objections, int(exhibit.stage), screen.LINES - len(view) - 3)
    print("\n".join([*said, "", *view]))
    print("\nNot found yet. Mend it in mine/mystery and check again.")
    return 1
