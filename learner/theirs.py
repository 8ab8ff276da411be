# SPDX-License-Identifier: MIT
"""What ./learn does with --mine: the reader's functions in front of the book's, and at the
end of a stage the reader's own picture."""
import os
import subprocess
import sys

import course
import progress
import screen
from course import ROOT

NETWORKS = ("04", "05", "06")  # that can be trained with functions of the course

# Of a finished stage's program: its options, and which of its lines are the picture.
PICTURES = {
    "01": (["--largest", "0"], lambda lines: lines[:lines.index("", 26)]),
    "02": ([], lambda lines: lines[:18]),
    "03": ([], lambda lines: lines[lines.index("learning a kernel from what it does to images"):]),
    "04": (["--epochs", "3"], lambda lines: lines[6:]),
    "05": (["--limit", "4000", "--epochs", "1"], lambda lines: lines[-10:]),
    "06": (["--epochs", "1"], lambda lines: lines[-10:]),
    "07": (["--epochs", "1"], lambda lines: lines[-10:]),
    "09": (["--epochs", "1"], lambda lines: lines[-10:]),
}


def finished(stage, memory):
    """Whether all exercises of a stage have passed."""
    return progress.started(stage) and all(progress.has_passed(e, memory)
                                           for e in course.exercises(stage))


def assemble(words):
    """Puts build/mine together from all that is written, says whose functions run, and for
    `train` prints the number of the network to train."""
    memory = progress.Progress()
    theirs = {}
    for stage in course.stages():
        mine = [e for e in course.exercises(stage) if progress.is_written(e)]
        if mine:
            progress.assemble(stage, mine)
            theirs[stage] = mine
        else:
            progress.forget_assembled(stage)
    if not theirs:
        raise course.Refused("nothing of yours is written yet: ./learn start 1")
    for stage, mine in theirs.items():
        unsure = [e.number for e in mine if not progress.has_passed(e, memory)]
        every = len(mine) == len(course.exercises(stage))
        print(f"yours in {stage}: " + ("all of it" if every
                                       else screen.ranges([e.number for e in mine]))
              + (f" (not checked: {screen.ranges(unsure)})" if unsure else ""), file=sys.stderr)
    if words == ["train"]:
        done = [stage for stage in course.stages()
                if stage[:2] in NETWORKS and finished(stage, memory)]
        if not done:
            raise course.Refused("finish one of the stages 4, 5 and 6 first, or run what there is "
                                 "with ./learn stage 4 --mine")
        print(done[-1][:2])
    return 0


def picture(stage, memory):
    """Runs a finished stage's program with the reader's functions, once, and shows it."""
    if memory.get("shown", stage) or stage[:2] not in PICTURES:
        print(f"See it again: ./learn stage {int(stage[:2])} --mine")
        return
    options, part = PICTURES[stage[:2]]
    out = ROOT / "results" / "mine" / stage
    print("Your picture, drawn with your functions (Ctrl-C skips it):", flush=True)
    ended = subprocess.run([ROOT / "learn", "stage", str(int(stage[:2])), "--mine", *options,
                            "--out", out], stdout=subprocess.PIPE, text=True,
                           errors="replace", stdin=subprocess.DEVNULL)
    if ended.returncode:
        print(f"It did not run to its end; ./learn stage {int(stage[:2])} --mine says why")
        return
    memory.set("shown", stage, 1)
    lines = [line.replace(f"{ROOT}/", "") for line in ended.stdout.splitlines()]
    lines = [line for line in part(lines) if line.strip()]
    print("\n".join(lines[-screen.LINES + 8:]))
    print(f"More of it in {out.relative_to(ROOT)}/; again: "
          f"./learn stage {int(stage[:2])} --mine")
