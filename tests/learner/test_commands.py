# SPDX-License-Identifier: MIT
"""./learn start, check, hint, answer and mine as a reader meets them, with functions that are
right, wrong, broken and dangerous. The reader's folder lies in a place of its own.

    test_commands.py BUILD
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "learner"))
import course  # noqa: E402
import header  # noqa: E402

BUILD = Path(sys.argv.pop(1) if len(sys.argv) > 1 else ROOT / "build/release").resolve()
STAGE = "03"
DILATE = next(e for e in course.exercises(STAGE) if " dilate(" in e.signature)
RIGHT = """
  const uword s = static_cast<uword>(stride);
  mat wide((x.n_rows - 1) * s + 1, (x.n_cols - 1) * s + 1, arma::fill::zeros);
  for (uword i = 0; i < x.n_elem; ++i) wide(i % x.n_rows * s, i / x.n_rows * s) = x(i);
  return wide;
"""


class Reader(unittest.TestCase):
    def setUp(self):
        self.room = tempfile.TemporaryDirectory()
        self.addCleanup(self.room.cleanup)
        self.mine = Path(self.room.name) / "mine"
        self.file = self.mine / DILATE.header

    def learn(self, *words, status=None):
        env = dict(os.environ, CNN_MINE_DIR=str(self.mine), CNN_BUILD_DIR=str(BUILD),
                   COLUMNS="80")
        ended = subprocess.run([ROOT / "learn", *words], capture_output=True, text=True, env=env,
                               stdin=subprocess.DEVNULL, cwd=self.room.name)
        if status is not None:
            self.assertEqual(ended.returncode, status, ended.stdout + ended.stderr)
        self.text = ended.stdout + ended.stderr
        return ended.stdout

    def write(self, body, exercise=DILATE):
        """Types a body below what is given."""
        path = self.mine / exercise.header
        text = path.read_text()
        book = (ROOT / "stages" / exercise.header).read_text()
        at, of = header.place(text, exercise), header.place(book, exercise)
        given = "\n".join(book[of.start:of.end].split("\n")[:exercise.given + 1])
        path.write_text(text[:at.start] + given + "\n" + body + text[at.end:])

    def answer(self, exercise):
        path = self.mine / exercise.header
        path.write_text(header.fill(path.read_text(),
                                    (ROOT / "stages" / exercise.header).read_text(), [exercise]))

    def said(self, *words, body=None, status=1, says=()):
        """What check says of a body, on one screen."""
        if body is not None:
            self.write(body)
        text = self.learn("check", *words, status=status)
        self.assertLessEqual(len(text.splitlines()), 25, text)
        self.assertLessEqual(max(map(len, text.splitlines())), 100, text)
        for part in says:
            self.assertIn(part, " ".join(text.split()))
        return text

    def line_of(self, part):
        lines = self.file.read_text().splitlines()
        return next(n for n, line in enumerate(lines, 1) if part in line)


class Start(Reader):
    def test_empties_the_lessons_and_leaves_the_rest(self):
        self.learn("start", "3", status=0)
        for exercise in course.exercises(STAGE):
            text = (self.mine / exercise.header).read_text()
            at = header.place(text, exercise)
            self.assertTrue(header.is_stub(text[at.start:at.end]))
        self.assertIn("requireError(const cube& delta", self.file.read_text())
        flags = (self.mine / "compile_flags.txt").read_text().split()
        compiled = subprocess.run(["c++", *flags, "-fsyntax-only", "-x", "c++", self.file],
                                  cwd=self.mine, capture_output=True, text=True)
        self.assertEqual(compiled.returncode, 0, compiled.stderr[:2000])

    def test_never_overwrites(self):
        self.learn("start", "3", status=0)
        self.file.write_text("my work")
        said = self.learn("start", "3", status=0)
        self.assertIn("--again", said)
        self.assertEqual(self.file.read_text(), "my work")
        self.learn("start", "3", "--again", status=0)
        self.learn("start", "3", "--again", status=0)
        kept = [p.read_text() for p in self.mine.glob("aside/*/" + DILATE.file)]
        self.assertIn("my work", kept)
        self.assertEqual(len(kept), 2)

    def test_words_that_are_none(self):
        for words in (["start"], ["start", "8"], ["start", "x"], ["check", "3.99"],
                      ["check", "3"], ["hint", "3"], ["check"], ["answer", "3", "4"],
                      ["start", "3", "--agian"]):
            self.learn(*words, status=2)
            self.assertRegex(self.text, r"^error: .+")


class Check(Reader):
    def setUp(self):
        super().setUp()
        self.learn("start", "3", status=0)

    def test_not_written_is_said_at_once(self):
        start = time.monotonic()
        self.said("3", says=["Not written yet", "mine/03_conv_backprop/"])
        self.said(DILATE.number, says=[f"{self.file.name}:{self.line_of('mat dilate(')}"])
        self.assertLess(time.monotonic() - start, 5)

    def test_right_in_other_words(self):
        said = self.said(DILATE.number, body=RIGHT, status=0, says=["right", "answer"])
        self.assertNotIn("Not", said)
        self.assertIn("right before and unchanged", self.said(DILATE.number, status=0))

    def test_a_pass_is_remembered_until_the_function_changes(self):
        self.said(DILATE.number, body=RIGHT, status=0)
        programs = list(self.mine.rglob(str(DILATE.k)))
        self.assertTrue(programs)
        for path in programs:
            path.unlink()
        self.said(DILATE.number, status=0)
        self.assertFalse(any(path.exists() for path in programs))
        self.said(DILATE.number, body=RIGHT.replace("* s + 1", "* s + 2"))

    def test_it_is_the_readers_function_that_runs(self):
        self.said(DILATE.number, body='  throw std::runtime_error("poison");',
                  says=["your function stopped with: poison"])

    def test_nothing_passes_without_doing_it(self):
        for body in ("  return mat();", "  return x;", "  return mat(3, 3, arma::fill::zeros);",
                     "  return {{1, 0, -1}, {0, 0, 0}, {2, 0, 0}};"):
            self.said(DILATE.number, body=body)

    def test_a_wrong_number_is_shown(self):
        said = self.said(DILATE.number, body=RIGHT.replace("= x(i)", "= 2 * x(i)"),
                         says=["expected", "yours", "[2]", "twice as large", "hint"])
        self.assertIn("allowed: 1e-09", said)

    def test_an_index_out_of_range(self):
        self.said(DILATE.number, body=RIGHT.replace("% x.n_rows * s", "* s"),
                  says=["out of bounds"])

    def test_a_crash(self):
        self.said(DILATE.number, body=RIGHT.replace("return", "int* p = nullptr; *p = 1; return"),
                  says=["it crashed"])

    def test_an_endless_loop(self):
        self.said(DILATE.number, body=RIGHT.replace("return", "while (s) {} return"),
                  says=["had not ended after 10 seconds", "loop"])

    def test_all_the_memory(self):
        self.said(DILATE.number, body="  std::vector<mat> all; while (true) all.push_back("
                  "mat(1000, 1000, arma::fill::ones)); return x;", says=["stopped with"])

    def test_it_does_not_compile(self):
        self.said(DILATE.number, body=RIGHT.replace("= x(i)", "= y(i)"),
                  says=["does not compile yet", "y", "nobody knows this name"])
        self.assertIn(f"mine/{DILATE.header}:{self.line_of('= y(i)')}", self.text)
        self.said(DILATE.number, body=RIGHT.replace("return wide;", ""), says=["return"])
        self.said(DILATE.number, body=RIGHT.replace(" = x(i);", " = x(i)"), says=["semicolon"])

    def test_a_warning_is_no_mistake(self):
        self.said(DILATE.number, body="  int unused;" + RIGHT, status=0)

    def test_the_signature_is_gone(self):
        self.file.write_text(self.file.read_text().replace("mat dilate(", "mat spread("))
        self.learn("check", DILATE.number, status=2)
        self.assertIn("cannot find exercise", self.text)

    def test_a_later_function_may_be_half_typed(self):
        later = next(e for e in course.exercises(STAGE)
                     if e.k > DILATE.k and e.file == DILATE.file)
        self.write("  return what is this", later)
        self.said(DILATE.number, body=RIGHT, status=0)

    def test_what_it_printed_is_shown(self):
        self.said(DILATE.number, body='  std::puts("here I am");' + RIGHT.replace("1", "2"),
                  says=["It printed: here I am"])

    def test_the_book_has_changed(self):
        old = self.mine / ".book" / DILATE.header
        old.write_text(old.read_text().replace("spread(i * s, j * s) = x(i, j);",
                                               "spread(i * s, j * s) = x.at(i, j);"))
        self.assertIn(f"newer than your start of it (exercises {DILATE.number})",
                      " ".join(self.learn("check", DILATE.number, status=1).split()))

    def test_progress_that_cannot_be_read(self):
        (self.mine / "progress.json").write_text("{")
        self.said(DILATE.number, body=RIGHT, status=0, says=["cannot be read"])

    def test_from_save_to_answer(self):
        self.said(DILATE.number, body=RIGHT.replace("1", "2"))
        start = time.monotonic()
        self.said(DILATE.number, body=RIGHT.replace("1", "3"))
        print(f"from save to answer: {time.monotonic() - start:.1f} s")


class Whole(Reader):
    def test_in_order_to_the_first_that_is_wrong(self):
        self.learn("start", "3", status=0)
        every = course.exercises(STAGE)
        for exercise in every[:3]:
            self.answer(exercise)
        said = self.learn("check", "3", status=1)
        for exercise in every[:3]:
            self.assertRegex(said, rf"right +{exercise.number} ")
        self.assertIn("Not written yet", said)
        self.assertIn(every[3].title, said)
        self.assertEqual(self.learn("mine").count("#"), 1 + 3)
        self.assertIn(every[3].title, self.learn("hint", "3"))


class Help(Reader):
    def setUp(self):
        super().setUp()
        self.learn("start", "3", status=0)

    def test_hints_come_one_by_one(self):
        for n in range(1, len(DILATE.hints) + 1):
            said = self.learn("hint", DILATE.number, status=0)
            self.assertEqual(len(re.findall(r"^Hint \d", said, re.M)), n)
        self.assertIn("answer", said)

    def test_the_answer_after_asking_twice_or_passing(self):
        self.assertNotIn("spread(i * s", self.learn("answer", DILATE.number, status=1))
        self.assertIn("spread(i * s", self.learn("answer", DILATE.number, status=0))
        self.write(RIGHT)
        self.learn("start", "3", "--again", status=0)
        self.write(RIGHT)
        self.learn("check", DILATE.number, status=0)
        said = self.learn("answer", DILATE.number, status=0)
        self.assertIn("spread(i * s", said)
        self.assertIn("wide(i % x.n_rows", said)


if __name__ == "__main__":
    unittest.main()
