# SPDX-License-Identifier: MIT
"""./learn watch in a terminal and without one. A stand-in takes the place of the commands
that it runs, writes down which, and says what the test has told it to."""
import contextlib
import io
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
ROOM = tempfile.TemporaryDirectory()
MINE = Path(ROOM.name) / "mine"
os.environ["CNN_MINE_DIR"] = str(MINE)
sys.path.insert(0, str(ROOT / "learner"))
import course  # noqa: E402
import header  # noqa: E402
import mystery  # noqa: E402
import progress  # noqa: E402
import start  # noqa: E402
import watch  # noqa: E402

EXERCISES = course.exercises("03")
FIRST, SECOND = EXERCISES[0].number, EXERCISES[1].number
LONG = 60  # seconds that no test waits for

# "check" lasts as long as there is a file `hold`, and finds right what the file `right` names.
STAND_IN = """
import sys, time
from pathlib import Path
room = Path({room!r})
log = open(room / "log", "a")
print(*sys.argv[1:], file=log, flush=True)
print("stand-in says", *sys.argv[1:], flush=True)
command, word = sys.argv[1:]
if command == "check":
    while (room / "hold").exists():
        time.sleep(0.02)
    if word in (room / "right").read_text().split():
        if word != "mystery":
            sys.path.insert(0, {learner!r})
            import course, progress
            exercise = course.named(word)[1]
            progress.Progress().set("passed", word, progress.digest(progress.body(exercise)))
        sys.exit(0)
    sys.exit(1)
"""
DRIVER = """
import sys
sys.path.insert(0, {learner!r})
import watch
watch.LEARNER = [sys.executable, {stand_in!r}]
sys.exit(watch.watch(sys.argv[1:]))
"""


class Watch(unittest.TestCase):
    def setUp(self):
        self.room = Path(ROOM.name)
        shutil.rmtree(MINE, ignore_errors=True)
        with contextlib.redirect_stdout(io.StringIO()):
            start.start(["3"])
        for exercise in EXERCISES:  # written, so that they can be right
            path = MINE / exercise.header
            path.write_text(header.fill(path.read_text(), progress.book_of(exercise), [exercise]))
        self.file = MINE / EXERCISES[0].header
        names = {"room": str(self.room), "learner": str(ROOT / "learner"),
                 "stand_in": str(self.room / "stand_in.py")}
        (self.room / "stand_in.py").write_text(STAND_IN.format(**names))
        (self.room / "driver.py").write_text(DRIVER.format(**names))
        (self.room / "log").write_text("")
        self.tell(right="")
        (self.room / "hold").unlink(missing_ok=True)
        self.child, self.terminal, self.shown = None, None, ""

    def tearDown(self):
        if self.child and self.child.poll() is None:
            self.child.kill()
            self.child.wait()
        if self.terminal:
            os.close(self.terminal)
            os.close(self.inside)

    def tell(self, **what):
        for name, words in what.items():
            (self.room / name).write_text(str(words))

    def begin(self, *words, terminal=True):
        command = [sys.executable, self.room / "driver.py", *words]
        if not terminal:
            self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            return

        def take():
            os.setsid()
            os.close(os.open(os.ttyname(0), os.O_RDWR))  # makes it the controlling one
        self.terminal, self.inside = pty.openpty()
        self.before = termios.tcgetattr(self.inside)
        self.child = subprocess.Popen(command, stdin=self.inside, stdout=self.inside,
                                      stderr=self.inside, preexec_fn=take)

    def log(self):
        return (self.room / "log").read_text().splitlines()

    def read(self):
        while self.terminal and select.select([self.terminal], [], [], 0)[0]:
            self.shown += os.read(self.terminal, 4096).decode()
        return self.shown

    def wait(self, done, what):
        end = time.monotonic() + LONG
        while not done():
            self.assertLess(time.monotonic(), end, f"{what}\n{self.log()}\n{self.read()}")
            self.read()
            time.sleep(0.02)

    def logs(self, *expected):
        """That many commands were run, and then none for a while."""
        self.wait(lambda: len(self.log()) >= len(expected), f"waiting for {expected}")
        time.sleep(0.6)
        self.assertEqual(self.log(), list(expected))

    def shows(self, *words):
        self.wait(lambda: all(word in self.read() for word in words), f"waiting for {words}")

    def save(self, path=None):
        path = path or self.file
        path.write_text((path.read_text() if path.exists() else "") + "\n")

    def press(self, keys):
        self.read()
        self.shown = ""
        os.write(self.terminal, keys.encode())

    def ends(self, status=0):
        self.wait(lambda: self.child.poll() is not None, "waiting for the end")
        self.assertEqual(self.child.returncode, status)
        if self.terminal:
            self.assertEqual(termios.tcgetattr(self.inside), self.before)


class InATerminal(Watch):
    def test_every_save_is_checked(self):
        self.begin("3")
        check = f"check {FIRST}"
        self.logs(check)
        self.save()
        self.logs(check, check)
        new = self.file.with_suffix(".new")  # as some editors save
        new.write_text(self.file.read_text() + "\n")
        new.rename(self.file)
        self.logs(check, check, check)

    def test_other_files_are_not_watched(self):
        before = watch.files()
        (MINE / "aside").mkdir()
        for other in ("progress.json", ".book/x.hpp", "aside/a.hpp",
                      "03_conv_backprop/.conv_backprop.hpp.swp",
                      "03_conv_backprop/.#conv_backprop.hpp"):
            (MINE / other).write_text("x")
        self.assertEqual(watch.files(), before)
        self.save()
        self.assertNotEqual(watch.files(), before)

    def test_saves_during_a_check_lead_to_one_more(self):
        check = f"check {FIRST}"
        for n, begins in enumerate((lambda: self.begin("3"), self.save)):
            self.tell(hold="")
            begins()
            self.wait(lambda: len(self.log()) == 2 * n + 1, "the check that lasts")
            for _ in range(3):
                time.sleep(0.2)
                self.save()
            self.logs(*[check] * (2 * n + 1))
            (self.room / "hold").unlink()
            self.logs(*[check] * (2 * n + 2))

    def test_a_pass_stays_until_enter(self):
        self.begin("3")
        self.shows("Save: check again", "h: hint")
        self.tell(right=FIRST)
        self.save()
        self.shows(f"Enter: on to {SECOND}")
        self.shown = ""
        self.logs(f"check {FIRST}", f"check {FIRST}")
        self.assertNotIn("\033[2J", self.read())
        self.save()
        self.logs(*[f"check {FIRST}"] * 3)
        self.shows(f"Enter: on to {SECOND}")
        self.press("\n")
        self.logs(*[f"check {FIRST}"] * 3, f"check {SECOND}")
        self.shows("\033[2J", f"stand-in says check {SECOND}", "Save: check again")

    def test_one_exercise_can_be_named_and_the_last_ends_it(self):
        self.tell(right=" ".join(e.number for e in EXERCISES))
        last = EXERCISES[-1].number
        self.begin(last)
        self.shows(f"Enter: on to {FIRST}")
        self.logs(f"check {last}")
        for n, exercise in enumerate(EXERCISES[:-1]):
            self.press("\n")
            after = EXERCISES[n + 1].number if n + 2 < len(EXERCISES) else None
            self.shows(f"Enter: on to {after}" if after else "Enter: end")
        self.press("\n")
        self.ends()

    def test_enter_checks_again_what_is_not_right(self):
        self.begin("3")
        self.shows("Save: check again")
        self.press("\n")
        self.logs(f"check {FIRST}", f"check {FIRST}")

    def test_hint_and_answer(self):
        self.begin("3")
        self.shows("Save: check again")
        self.press("h")
        self.shows(f"stand-in says hint {FIRST}")
        self.press("a")
        self.shows(f"stand-in says answer {FIRST}")
        self.press("x")
        self.logs(f"check {FIRST}", f"hint {FIRST}", f"answer {FIRST}")

    def test_q_ends_it(self):
        self.begin("3")
        self.shows("Save: check again")
        self.press("q")
        self.ends()

    def test_q_and_ctrl_c_end_it_during_a_check(self):
        for key in ("q", "\x03", "\x04"):
            self.tell(hold="")
            self.begin("3")
            self.shows("stand-in says check")
            self.press(key)
            self.ends()

    def test_ctrl_c_and_a_signal_end_it(self):
        for end in (lambda: self.press("\x03"),
                    lambda: self.child.send_signal(signal.SIGTERM)):
            self.begin("3")
            self.shows("Save: check again")
            end()
            self.ends()

    def test_a_signature_that_is_gone_is_no_reason_to_end(self):
        self.file.write_text("nothing is left")
        self.begin("3")
        self.logs(f"check {FIRST}")

    def test_the_mystery(self):
        with contextlib.redirect_stdout(io.StringIO()):
            mystery.mystery(["3"])
        self.begin("mystery")
        self.shows("Save: check again  q: end")
        self.press("ha")
        self.tell(right="mystery")
        self.save(MINE / "mystery/03_conv_backprop/conv_backprop.hpp")
        self.shows("Enter: end  q: end")
        self.logs("check mystery", "check mystery")
        self.press("\n")
        self.ends()


class WithoutATerminal(Watch):
    def test_it_watches_and_goes_on(self):
        self.begin("3", terminal=False)
        self.logs(f"check {FIRST}")
        self.tell(right=FIRST)
        self.save()
        self.logs(f"check {FIRST}", f"check {FIRST}")
        self.save()
        self.logs(f"check {FIRST}", f"check {FIRST}", f"check {SECOND}")
        self.child.send_signal(signal.SIGINT)
        out, _ = self.child.communicate()
        self.assertEqual(self.child.returncode, 0)
        self.assertIn(f"The next save begins {SECOND}", out.decode())
        self.assertNotIn("\033", out.decode())
        self.assertNotIn("Enter", out.decode())
        self.assertNotIn("Traceback", out.decode())


class Words(unittest.TestCase):
    def test_that_are_none(self):
        shutil.rmtree(MINE, ignore_errors=True)
        for words, says in ((["3"], "is not started"), ([], "which stage"), (["x"], "no exercise"),
                            (["3", "4"], "one stage or exercise at a time"), (["8"], ""),
                            (["mystery"], "no mystery is started")):
            ended = subprocess.run([sys.executable, ROOT / "learner/learner", "watch", *words],
                                   capture_output=True, text=True, stdin=subprocess.DEVNULL)
            self.assertEqual(ended.returncode, 2, words)
            self.assertRegex(ended.stderr, f"^error: .*{says}")


if __name__ == "__main__":
    unittest.main()
