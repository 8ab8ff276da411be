# SPDX-License-Identifier: MIT
"""./learn watch: checks again at every save."""
import os
import select
import signal
import subprocess
import sys
import termios
import time
import tty
from pathlib import Path

import course
import mystery
import progress
import screen

LEARNER = [sys.executable, Path(__file__).resolve().parent / "learner"]
PAUSE = 0.3  # seconds between two looks: not every file system tells of a save by itself
SETTLED = 0.1  # an editor may write a file in several steps


def files():
    """The headers below mine/, each with what a save changes."""
    seen = {}
    for folder, inside, names in os.walk(progress.MINE):
        inside[:] = [name for name in inside if not name.startswith(".") and name != "aside"]
        for name in names:
            if name.endswith(".hpp") and not name.startswith("."):
                path = os.path.join(folder, name)
                try:
                    state = os.stat(path)
                except FileNotFoundError:  # an editor is about to put it back
                    continue
                seen[path] = state.st_mtime_ns, state.st_size, state.st_ino
    return seen


def settled(now):
    """The same when nobody is writing any more."""
    while True:
        time.sleep(SETTLED)
        before, now = now, files()
        if now == before:
            return now


class Keys:
    """Keys as they are pressed, without Enter; none where there is no terminal."""

    def __init__(self):
        self.before = None

    def __enter__(self):
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # the terminal is put back
        if sys.stdin.isatty() and os.tcgetpgrp(0) == os.getpgrp():
            self.before = termios.tcgetattr(0)
            tty.setcbreak(0)
            signal.signal(signal.SIGCONT, lambda *_: tty.setcbreak(0))
        return self

    def __exit__(self, *_):
        if self.before:
            signal.signal(signal.SIGCONT, signal.SIG_DFL)
            termios.tcsetattr(0, termios.TCSADRAIN, self.before)

    def __bool__(self):
        return self.before is not None

    def pressed(self, seconds):
        """The next key, "" when none came in that time, "q" when the terminal is gone."""
        if not self:
            time.sleep(seconds)
            return ""
        if not select.select([0], [], [], seconds)[0]:
            return ""
        key = os.read(0, 1).decode("ascii", "replace")
        return "q" if key in ("", "\x04") else key


class Stage:
    """The exercises of a stage, one at a time."""

    def __init__(self, words):
        named = words[0] if words else screen.current(progress.Progress())
        self.stage, self.exercise = course.named(named)
        if not progress.started(self.stage):
            number = int(self.stage[:2])
            raise course.Refused(f"stage {number} is not started: ./learn start {number}")
        self.exercise = self.exercise or self.next()

    @property
    def words(self):
        """What ./learn check is asked: the exercise, or the stage when all are right."""
        return self.exercise.number if self.exercise else str(int(self.stage[:2]))

    def next(self):
        """The next exercise that is not right yet, behind this one or from the start."""
        memory = progress.Progress()
        every = [e for e in course.exercises(self.stage) if not self.is_right(e, memory)]
        behind = [e for e in every if self.exercise and e.k > self.exercise.k]
        return next(iter(behind or every), None)

    @staticmethod
    def is_right(exercise, memory):
        try:
            return progress.has_passed(exercise, memory)
        except course.Refused:  # its signature is gone: the check says so
            return False


class Mystery:
    """The mystery, which has no exercises."""

    words, exercise = "mystery", None

    def __init__(self):
        mystery.drawn()  # or refuses

    def next(self):
        return None


class Watch:
    def __init__(self, what, keys):
        self.what, self.keys = what, keys
        self.right = False

    def check(self):
        """Shows what the check says; False when the reader wanted to end meanwhile."""
        print("\033[H\033[2J" if sys.stdout.isatty() else "----", end="\n", flush=True)
        begun = time.monotonic()
        child = subprocess.Popen([*LEARNER, "check", self.what.words], stdin=subprocess.DEVNULL)
        while child.poll() is None:
            if self.keys.pressed(0.05) == "q":
                child.send_signal(signal.SIGINT)
                return False
        self.right = child.returncode == 0
        print(f"\n{time.strftime('%H:%M:%S')}, after {time.monotonic() - begun:.1f} s. "
              f"{self.offer()}", flush=True)
        return True

    def offer(self):
        """What can be done now."""
        on = self.what.next() if self.right else None
        if not self.keys:
            return f"The next save begins {on.number}." if on else "Save, and it is checked again."
        if self.right:
            enter = f"on to {on.number}" if on else "end"
            helps = "a: the book's version  " if self.what.exercise else ""
            return f"Enter: {enter}  {helps}q: end"
        helps = "h: hint  a: answer  " if self.what.exercise else ""
        return f"Save: check again  {helps}q: end"

    def go_on(self):
        """To the next exercise; False when there is none."""
        self.what.exercise = self.what.next()
        return self.what.exercise is not None

    def press(self, key):
        """Does what a key is for; False when it ends the watch."""
        if key == "q":
            return False
        if key in "ha" and self.what.exercise:
            command = "hint" if key == "h" else "answer"
            print(flush=True)
            subprocess.run([*LEARNER, command, self.what.words], stdin=subprocess.DEVNULL)
        elif key in "\r\n" and self.right:
            return self.go_on() and self.check()
        elif key in "\r\n":
            return self.check()
        return True

    def run(self):
        seen = files()
        going = self.check()
        while going:
            key = self.keys.pressed(PAUSE)
            now = files()
            if key:
                going = self.press(key)
            elif now != seen:  # saves during a check are seen here, and lead to one more
                seen = settled(now)
                if self.right and not self.keys:
                    self.go_on()
                going = self.check()


def watch(words):
    """The exit status of ./learn watch [N[.K] | mystery]."""
    if len(words) > 1:
        raise course.Refused("one stage or exercise at a time: ./learn watch 3, ./learn watch 3.2")
    what = Mystery() if words == ["mystery"] else Stage(words)
    with Keys() as keys:
        try:
            Watch(what, keys).run()
        except KeyboardInterrupt:
            print()
    return 0
