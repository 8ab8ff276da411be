# SPDX-License-Identifier: MIT
"""./learn check mystery: whether a stage's tests and a small network's gradients are content
with mine/mystery."""
import fcntl
import hashlib
import re
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor

import check
import compiler
import course
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


def say_objections(answer, objections, stage, room):
    """Lines: which tests object, at most 5, and what the first found."""
    if not objections and answer.stopped:
        return textwrap.wrap(f"Stage {stage}'s tests gave no answer: {answer.stopped}.",
                             screen.WIDTH)
    if not objections:
        return [f"All {answer.passed} tests of stage {stage} are content."]
    first = objections[-1 if answer.stopped else 0]
    found = [wrapped for line in first.found for wrapped in
             textwrap.wrap(line, screen.WIDTH - 2, drop_whitespace=False) or [""]]
    names = [objection.name for objection in objections]
    most = max(1, min(5, room - 3 - min(2, len(found))))
    lines = [f"{len(names)} of {answer.passed + len(answer.objections)} tests of stage {stage} "
             "object:", *(f"  {name}"[:screen.WIDTH] for name in names[:most])]
    if len(names) > most:
        lines.append(f"  and {len(names) - most} more")
    lines.append(f"The {'last' if answer.stopped else 'first'}, {first.place}, found:")
    if len(found) > max(2, room - len(lines)):
        found = [*found[:1], "..."]  # a part of a matrix tells nothing
    return [*lines, *(f"  {line}" for line in found)]


def near(lines):
    """The microscope's view; where its three matrices stand below one another, only the row
    of the worst entry and one beside it."""
    worst, rows = (re.search(pattern, "\n".join(lines))
                   for pattern in (r"worst at row (\d+)", r"rows (\d+)-(\d+)"))
    titles = [k for k, line in enumerate(lines) if line.split() in (["analytic"], ["numeric"])]
    if not worst or not rows or len(titles) < 2:
        return lines
    row, (top, bottom) = int(worst[1]), map(int, rows.groups())
    first = max(top, min(row, bottom - 1))
    kept = lines[:titles[0]]
    for k in range(3):
        at = titles[0] + k * (bottom - top + 2)
        kept += [lines[at], *lines[at + 1 + first - top:at + 1 + min(first + 1, bottom) - top + 1]]
    kept += lines[titles[0] + 3 * (bottom - top + 2):]
    return [line.replace(rows[0], f"rows {first}-{min(first + 1, bottom)}") for line in kept]


def say_gradients(right, lines):
    """Lines: the microscope's view of the worst gradient, and its guess."""
    if right:
        return textwrap.wrap("All gradients of a small network pass their check: no gradient "
                             "shows the mistake, or the network does not use the function.",
                             screen.WIDTH)
    worst = next((line[13:] for line in lines if line.startswith("the worst is ")), "")
    said = [f"The gradients of a small network, at their worst in {worst}:"
            if worst else "The gradients of a small network:"]
    for line in near(lines):
        if line.startswith(" "):
            said.append(line[:screen.WIDTH])
        elif not line.startswith(("error ", "the worst is ")):
            said += textwrap.wrap(line, screen.WIDTH - 2, initial_indent="  ",
                                  subsequent_indent="    ")
    return said


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
    text = text.replace(f"{ROOT}/", "")
    (FOLDER / "compiler.txt").write_text(text)
    file, line, shown = compiler.first_error(text, ROOT)
    said = f"It does not compile. {file}:{line}" if file else "It does not compile."
    whole = (FOLDER / "compiler.txt").relative_to(ROOT)
    return "\n".join([said, *shown, f"(all that the compiler says: {whole})"])


def check_words(words):
    """The exit status of ./learn check, of an exercise or of the mystery."""
    return check_mystery() if words == ["mystery"] else check.check(words)


def check_mystery():
    """The exit status of ./learn check mystery."""
    exhibit = mystery.drawn()
    complete(exhibit)
    memory = progress.Progress()
    stage = int(exhibit.stage)
    programs = Programs(exhibit)
    programs.prepare()
    lock = open(ROOT / "learn")
    fcntl.flock(lock, fcntl.LOCK_EX)
    print(f"Compiling stage {stage}'s tests and a small network with mine/mystery ...",
          file=sys.stderr)
    try:
        tests, trial = programs.compile()
    except CompileError as error:
        print(compile_words(str(error)))
        return 1
    answer = suite.test(tests)
    right, lines = suite.gradients(trial, programs.network)
    objections = fair(answer, exhibit, programs)
    if right and not objections and not answer.stopped:
        memory.set("mysteries", exhibit.name, "found")
        say_found(answer, exhibit)
        return 0
    view = say_gradients(right, lines)
    said = say_objections(answer, objections, stage, screen.LINES - len(view) - 3)
    print("\n".join([*said, "", *view]))
    print("\nNot found yet. Mend it in mine/mystery and check again.")
    return 1
