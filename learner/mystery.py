# SPDX-License-Identifier: MIT
"""./learn mystery: one of the museum's mistakes in a copy of a stage, for the reader to find."""
import csv
import difflib
import hashlib
import os
import random
import re
import secrets
import sys
import textwrap

import course
import progress
import screen
import start
from course import ROOT
from progress import MINE

sys.path.append(str(ROOT / "tests/museum"))
import patches  # noqa: E402

HOME = MINE / "mystery"
LOT = [f"{n:02d}" for n in range(1, 8)]  # the stages without a number named


def shown(path):
    """A path as the reader writes it."""
    return f"mine/{path.relative_to(MINE)}" if MINE in path.parents else str(path.relative_to(ROOT))


# ---- the secret ------------------------------------------------------------------------
def sealed(name, salt):
    return hashlib.sha256(f"{salt} {name}".encode()).hexdigest()


def write_secret(exhibit):
    salt = secrets.token_hex(8)
    (HOME / ".secret").write_text(f"{salt} {sealed(exhibit.name, salt)}\n")


def drawn():
    """The exhibit that stands in mine/mystery."""
    if not HOME.is_dir():
        raise course.Refused("no mystery is started: ./learn mystery draws one")
    try:
        salt, seal = (HOME / ".secret").read_text().split()
        return next(e for e in patches.exhibits() if sealed(e.name, salt) == seal)
    except (OSError, ValueError, StopIteration):
        raise course.Refused("mine/mystery/.secret does not say which mistake it is; "
                             "./learn mystery --again draws another") from None


# ---- the copy --------------------------------------------------------------------------
def folders(stage):
    """The stages that are copied for a mistake of this one: itself, and those in which some
    of its mistakes stand. The same for each, so that they tell nothing."""
    names = {patches.test_source(stage).stem.removeprefix("test_")}
    for exhibit in patches.exhibits():
        if exhibit.stage == stage:
            names |= {file.split("/")[1] for file in exhibit.files}
    return sorted(names)


def headers(stage):
    """Of the book, those that are copied."""
    return [path for name in folders(stage)
            for path in sorted((ROOT / "stages" / name).glob("*.hpp"))]


def copy_of(path):
    return HOME / path.relative_to(ROOT / "stages")


def spoiled(exhibit, path):
    """The text of a header of the book with the mistake in it."""
    return exhibit.spoiled(shown(path), path.read_text(encoding="utf-8"))


def make(exhibit):
    """mine/mystery with this mistake."""
    HOME.mkdir(parents=True)
    for path in headers(exhibit.stage):
        copy_of(path).parent.mkdir(exist_ok=True)
        copy_of(path).write_text(spoiled(exhibit, path), encoding="utf-8")
    write_secret(exhibit)
    (HOME / "compile_flags.txt").write_text(
        start.FLAGS.format(root=os.path.relpath(ROOT, HOME)))


def draw(stages, memory, previous=None):
    """By lot, one that was neither found nor given up, as long as there is one."""
    every = [e for e in patches.exhibits() if e.stage in stages and e.name != previous]
    new = [e for e in every if not memory.get("mysteries", e.name)]
    return random.SystemRandom().choice(new or every)


def numbers(stages):
    words = [str(int(name[:2])) for name in stages]
    return f"stage {words[0]}" if len(words) == 1 else f"stages {' and '.join(words)}"


def tell_start(exhibit):
    names = folders(exhibit.stage)
    n = int(exhibit.stage)
    print(f"The museum has drawn one of its mistakes by lot and made it in a copy of "
          f"{numbers(names)}:")
    for name in names:
        files = ", ".join(path.name for path in headers(exhibit.stage) if path.parent.name == name)
        print(textwrap.fill(f"  mine/mystery/{name}/  {files}", screen.WIDTH,
                            subsequent_indent="    "))
    print(f"""Somewhere in there is one mistake. It compiles, and a network may even learn with
it. What objects to it, and how wrong the gradients are:
  ./learn check mystery      stage {n}'s tests, and the gradients of a small network
Read what they say, read the code, mend it in your editor and check again. When
all are content, you are told the story of the mistake.
  ./learn watch mystery      checks at every save
  ./learn mystery --give-up  shows where it is
A comparison of your copy with stages/ would give it away: do without.""")


def begin(stages, again, memory):
    previous = None
    if HOME.is_dir():
        if not again:
            print("A mystery is started; nothing was changed. Go on: ./learn check mystery\n"
                  "Another, with this one kept aside: ./learn mystery --again")
            return 0
        try:
            previous = drawn().name
        except course.Refused:
            pass
    exhibit = draw(stages, memory, previous)
    if HOME.is_dir():
        print(f"What you had is in {start.set_aside('mystery')}")
    make(exhibit)
    tell_start(exhibit)
    return 0


# ---- the story -------------------------------------------------------------------------
def costs(exhibit):
    """What the museum measured of it, in sentences."""
    with open(ROOT / "tests/museum/museum.csv", newline="") as table:
        row = next((row for row in csv.DictReader(table) if row["name"] == exhibit.name), None)
    if row is None or exhibit.trains == "-":
        return "No network of the museum uses this function, so it was never trained with it."
    error, wrong, right = (float(row[key])
                           for key in ("gradient_error", "accuracy", "correct_accuracy"))
    words = f"{wrong:.1f} % of new images" if wrong >= 0 else "nothing: its cost was no number"
    said = (f"What it would have cost: a small network trained with it reads {words}, "
            f"without it {right:.1f} %.")
    if wrong > right - 2:
        said += " The accuracy would not have told you."
    if error > 1e-6:
        return said + f" The error of its gradient check is {error:.1g}, where 1e-6 is allowed."
    return said + f" Its gradient check passes, with an error of {error:.0e}."


def difference(exhibit):
    """The lines that were wrong, and the book's."""
    lines = []
    for file in exhibit.files:
        path = ROOT / file
        lines.append(f"{file}: it was (-), the book has (+)")
        changes = difflib.unified_diff(spoiled(exhibit, path).splitlines(),
                                       path.read_text(encoding="utf-8").splitlines(), n=1,
                                       lineterm="")
        changes = [line for line in changes if not line.startswith(("---", "+++", "@@"))]
        code = textwrap.dedent("\n".join(line[1:] for line in changes)).splitlines()
        for mark, line in zip((line[0] for line in changes), code):
            lines += textwrap.wrap(f"{mark} {line}", screen.WIDTH,
                                   subsequent_indent=f"{mark}       ")
    return lines


def story(exhibit, before=0):
    """On what is left of a screen when `before` lines are taken."""
    head = f"{exhibit.name}, stage {int(exhibit.stage)}: {exhibit.title}"
    said = [*map(screen.bold, textwrap.wrap(head, screen.WIDTH)),
            *textwrap.wrap(exhibit.why, screen.WIDTH), "",
            *textwrap.wrap(costs(exhibit), screen.WIDTH), ""]
    changed = difference(exhibit)
    room = screen.LINES - before - len(said)
    print("\n".join(said + (changed if len(changed) <= room else [*changed[:room - 1], " ..."])))


def place(exhibit):
    """Where it stands in the copy, as long as it does."""
    for file, old, new in exhibit.edits():
        path = copy_of(ROOT / file)
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        if new in text:
            before = zip(old.splitlines(), new.splitlines())
            skip = next((k for k, (a, b) in enumerate(before) if a != b), 0)
            return f"{shown(path)}:{text.count(chr(10), 0, text.index(new)) + skip + 1}"
    return ""


def give_up(memory):
    exhibit = drawn()
    asked = HOME / ".asked"
    if not asked.exists():
        asked.touch()
        print("This will show the mistake. If you are sure, once more: ./learn mystery --give-up\n"
              "What the checks object to, before that: ./learn check mystery")
        return 0
    if not memory.get("mysteries", exhibit.name):
        memory.set("mysteries", exhibit.name, "given up")
    where = place(exhibit)
    print(f"It stands in {where}\n" if where else "It is not in your copy any more.\n")
    story(exhibit, before=4)
    print("\nMend it and see: ./learn check mystery. Another: ./learn mystery --again")
    return 0


def mystery(words):
    """The exit status of ./learn mystery [N] [--again | --give-up]."""
    options = [word for word in words if word.startswith("-")]
    stages = [word for word in words if not word.startswith("-")]
    usage = "./learn mystery [STAGE] [--again], or ./learn mystery --give-up"
    if len(options) > 1 or len(stages) > 1 or not set(options) <= {"--again", "--give-up"}:
        raise course.Refused(f"'{' '.join(words)}' is too much or unknown: {usage}")
    memory = progress.Progress()
    if options == ["--give-up"]:
        if stages:
            raise course.Refused(f"only one mystery is started at a time: {usage}")
        return give_up(memory)
    have = sorted({exhibit.stage for exhibit in patches.exhibits()})
    lot = [stages[0].zfill(2)] if stages else LOT
    if not (re.fullmatch(r"\d{2}", lot[0]) and set(lot) <= set(have)):
        raise course.Refused(f"the museum has no mistake of stage '{stages[0]}', but of the "
                             f"stages {int(have[0])} to {int(have[-1])}: ./learn mystery 3")
    return begin(lot, "--again" in options, memory)
