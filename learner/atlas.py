# SPDX-License-Identifier: MIT
"""./learn mine: how far you are, a map of all stages and exercises."""
import course
import progress
import screen

MARKS = {"right": "#", "written": "o", "open": "."}


def state(exercise, memory):
    if progress.has_passed(exercise, memory):
        return "right"
    return "written" if progress.is_written(exercise) else "open"


def mine(words):
    memory = progress.Progress()
    if len(words) > 1:
        raise course.Refused("./learn mine, or with one stage: ./learn mine 3")
    if words:
        return one_stage(course.named(words[0])[0], memory)
    right = total = 0
    print("# right   o written, not checked   . to write\n")
    for stage in course.stages():
        exercises = course.exercises(stage)
        states = ([state(e, memory) for e in exercises] if progress.started(stage)
                  else ["open"] * len(exercises))
        right, total = right + states.count("right"), total + len(states)
        row = " ".join(MARKS[s] for s in states)
        if not progress.started(stage):
            note = f"./learn start {int(stage[:2])}"
        elif states.count("right") == len(states):
            note = "yours"
        else:
            following = next(e for e, s in zip(exercises, states) if s != "right")
            note = f"next: {following.number} {following.title}"
        print(f"{stage:<18} {row:<30} {note}"[:screen.WIDTH])
    print(f"\n{right} of {total} functions are yours. ./learn mine N lists those of a stage.")
    return 0


def one_stage(stage, memory):
    number = int(stage[:2])
    started = progress.started(stage)
    for exercise in course.exercises(stage):
        mark = MARKS[state(exercise, memory)] if started else MARKS["open"]
        line = f":{progress.place(exercise).line}" if started else ""
        print(f"{mark} {exercise.number:<5} {exercise.name:<34} {exercise.file}{line}")
    print(f"\n./learn {'check' if started else 'start'} {number}")
    return 0
