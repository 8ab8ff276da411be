# SPDX-License-Identifier: MIT
"""./learn mystery and ./learn check mystery, with programs that stand in for the long
compilation; and once with the true ones.

    test_mystery.py BUILD         one mystery is compiled, looked for and found
    test_mystery.py BUILD --all   every mistake of stages 01 to 07 is, and each stage mended
"""
import base64
import codecs
import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
ALL = "--all" in sys.argv and not sys.argv.remove("--all")
BUILD = Path(sys.argv.pop(1) if len(sys.argv) > 1 else ROOT / "build/release").resolve()
ROOM = tempfile.TemporaryDirectory()
os.environ.update(CNN_MINE_DIR=f"{ROOM.name}/mine", CNN_BUILD_DIR=str(BUILD))
sys.path.insert(0, str(ROOT / "learner"))
import course  # noqa: E402
import mystery  # noqa: E402
import patches  # noqa: E402
import progress  # noqa: E402
import suite  # noqa: E402
import verdict  # noqa: E402
from workshop import CompileError  # noqa: E402

LOT = [e for e in patches.exhibits() if e.stage in mystery.LOT]
FLIP = patches.exhibit_called("missing-flip")


def case(name, inside="", success="false"):
    """A test case in Catch2's XML."""
    return (f'<TestCase name="{name}" tags="[stage03]" filename="/x/tests/test_03.cpp" line="7">\n'
            f'{inside}<OverallResult success="{success}"/>\n</TestCase>\n')


def xml(*cases, version="Catch"):
    return f'<?xml version="1.0"?>\n<{version} name="test">\n{"".join(cases)}</{version}>\n'


NUMBERS = """<Expression success="false" type="CHECK" filename="/x/tests/same.hpp" line="29">
<Original>
  same(a, b)
</Original>
<Expanded>
  row 0: given 1, expected &lt;2>
</Expanded>
</Expression>
"""
PASSES = "error 1e-10\nthe worst is fc1.weight\ngradient check passed: error 1e-10"
OBJECTS = """error 1.1
the worst is conv1.bias
gradient check FAILED: error 1.1; worst at row 0, column 0, slice 0: numeric 1, analytic 2
slice 0 of 1, rows 0-0, columns 0-0
  analytic  numeric  ratio
    2         1        2
guess: the flip is missing"""


class Room(unittest.TestCase):
    def setUp(self):
        shutil.rmtree(progress.MINE, ignore_errors=True)

    def said(self, command, *words, status=0):
        """What a command prints, on one screen."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            self.assertEqual(command(*words), status, out.getvalue())
        lines = out.getvalue().splitlines()
        self.assertLessEqual(len(lines), 25, out.getvalue())
        self.assertLessEqual(max(map(len, lines)), 88, out.getvalue())
        return out.getvalue()

    def mystery(self, *words):
        return self.said(mystery.mystery, list(words))

    def mend(self, exhibit):
        for path in mystery.headers(exhibit.stage):
            mystery.copy_of(path).write_bytes(path.read_bytes())


class Draw(Room):
    def test_every_mistake_can_be_drawn_and_made(self):
        self.assertGreater(len(LOT), 60)
        for exhibit in LOT:
            shutil.rmtree(progress.MINE, ignore_errors=True)
            mystery.make(exhibit)
            wrong = {f"stages/{path.relative_to(ROOT / 'stages')}"
                     for path in mystery.headers(exhibit.stage)
                     if mystery.copy_of(path).read_bytes() != path.read_bytes()}
            self.assertEqual(sorted(wrong), exhibit.files)
            self.assertEqual(mystery.drawn().name, exhibit.name)
            self.assertRegex(mystery.place(exhibit), r"^mine/mystery/\d\d_\w+/\w+\.hpp:\d+$")
            self.mend(exhibit)
            self.assertEqual(mystery.place(exhibit), "")

    def test_the_answer_stands_nowhere_in_plain_words(self):
        for exhibit in LOT:
            shutil.rmtree(progress.MINE, ignore_errors=True)
            mystery.make(exhibit)
            told = [exhibit.name, exhibit.title, exhibit.name[::-1], exhibit.name.encode().hex(),
                    codecs.encode(exhibit.name, "rot13"),
                    base64.b64encode(exhibit.name.encode()).decode()[:8]]
            for path in progress.MINE.rglob("*"):
                text = str(path.relative_to(progress.MINE))
                text += path.read_text() if path.is_file() else ""
                for words in told:
                    self.assertNotIn(words, text, path)

    def test_what_is_copied_does_not_tell(self):
        for stage in mystery.LOT:
            copied = set()
            for exhibit in (e for e in LOT if e.stage == stage):
                shutil.rmtree(progress.MINE, ignore_errors=True)
                mystery.make(exhibit)
                copied.add(tuple(sorted(str(p.relative_to(mystery.HOME))
                                        for p in mystery.HOME.rglob("*"))))
            self.assertEqual(len(copied), 1)

    def test_by_lot_what_was_not_seen_yet(self):
        memory = progress.Progress()
        for exhibit in LOT:
            if exhibit.name != "tie-to-last":
                memory.set("mysteries", exhibit.name, "found")
        self.assertEqual(mystery.draw(mystery.LOT, memory).name, "tie-to-last")
        self.assertEqual(mystery.draw(["02"], memory).name, "tie-to-last")
        self.assertEqual(mystery.draw(["03"], memory).stage, "03")
        self.assertNotEqual(mystery.draw(["02"], memory, "tie-to-last").name, "tie-to-last")
        drawn = {mystery.draw(mystery.LOT, progress.Progress()).name for _ in range(20)}
        self.assertEqual(drawn, {"tie-to-last"})
        shutil.rmtree(progress.MINE)
        drawn = {mystery.draw(mystery.LOT, progress.Progress()).name for _ in range(200)}
        self.assertGreater(len(drawn), 30)


class Start(Room):
    def test_says_what_to_do_and_not_what_it_is(self):
        for stage in sorted({e.stage for e in patches.exhibits()}):
            shutil.rmtree(progress.MINE, ignore_errors=True)
            text = self.mystery(stage)
            self.assertLessEqual(len(text.splitlines()), 15)
            exhibit = mystery.drawn()
            self.assertEqual(exhibit.stage, stage)
            self.assertIn("./learn check mystery", text)
            self.assertIn(f"mine/mystery/{exhibit.files[0].split('/')[1]}/", text)
            self.assertNotIn(exhibit.name, text)
            self.assertNotIn(exhibit.title, text)

    def test_never_overwrites(self):
        self.mystery("3")
        file = mystery.HOME / "03_conv_backprop/conv_backprop.hpp"
        file.write_text("my work")
        name = mystery.drawn().name
        for words in ([], ["3"], ["5"]):
            self.assertIn("--again", self.mystery(*words))
            self.assertEqual(file.read_text(), "my work")
            self.assertEqual(mystery.drawn().name, name)
        self.assertIn("mine/aside/mystery", self.mystery("3", "--again"))
        self.assertNotEqual(file.read_text(), "my work")
        self.assertNotEqual(mystery.drawn().name, name)
        self.mystery("--again")
        kept = [path.read_text() for path in progress.MINE.glob(f"aside/*/*/{file.name}")]
        self.assertIn("my work", kept)

    def test_words_that_are_none(self):
        for words in (["0"], ["10"], ["x"], ["3", "4"], ["--agian"], ["3", "--give-up"],
                      ["--again", "--give-up"], ["³"], [""]):
            with self.assertRaises(course.Refused, msg=words):
                mystery.mystery(words)
        for command in (lambda: mystery.mystery(["--give-up"]), verdict.check_mystery):
            with self.assertRaisesRegex(course.Refused, "no mystery is started"):
                command()
        self.assertFalse(mystery.HOME.exists())
        learner = subprocess.run([sys.executable, ROOT / "learner/learner", "check", "mystery"],
                                 capture_output=True, text=True)
        self.assertEqual(learner.returncode, 2)
        self.assertRegex(learner.stderr, "^error: no mystery")

    def test_a_secret_that_is_spoiled(self):
        self.mystery("3")
        for secret in ("", "1 2", "\n", "a b c"):
            (mystery.HOME / ".secret").write_text(secret)
            with self.assertRaisesRegex(course.Refused, "--again"):
                verdict.check_mystery()
        (mystery.HOME / ".secret").unlink()
        with self.assertRaisesRegex(course.Refused, "--again"):
            mystery.mystery(["--give-up"])
        self.mystery("--again")
        mystery.drawn()


class GiveUp(Room):
    def test_shows_it_when_asked_twice(self):
        for exhibit in patches.exhibits():
            shutil.rmtree(progress.MINE, ignore_errors=True)
            mystery.make(exhibit)
            first = self.mystery("--give-up")
            self.assertNotIn(exhibit.name, first)
            self.assertEqual(progress.Progress().get("mysteries", exhibit.name), 0)
            second = self.mystery("--give-up")
            self.assertIn(exhibit.name, second)
            self.assertIn(exhibit.title, " ".join(second.split()))
            self.assertRegex(second, r"mine/mystery/\d\d_\w+/\w+\.hpp:\d+")
            self.assertRegex(second, r"(?m)^[-+] ")
            self.assertEqual(progress.Progress().get("mysteries", exhibit.name), "given up")

    def test_tells_what_was_measured(self):
        mystery.make(FLIP)
        self.mystery("--give-up")
        text = " ".join(self.mystery("--give-up").split())
        row = next(line for line in (ROOT / "tests/museum/museum.csv").read_text().splitlines()
                   if line.startswith("missing-flip,")).split(",")
        self.assertIn(f"reads {float(row[4]):.1f} % of new images", text)
        self.assertIn(f"without it {float(row[5]):.1f} %", text)


class Read(unittest.TestCase):
    """What Catch2 writes, of both versions."""

    def test_right_and_wrong(self):
        for version in ("Catch", "Catch2TestRun"):
            answer = suite.read(xml(case("a &lt; b", success="true"), case("c, d", NUMBERS),
                                    version=version), "the program ended with status 1")
            self.assertEqual((answer.passed, answer.stopped), (1, ""))
            self.assertEqual([(o.name, o.place, o.found) for o in answer.objections],
                             [("c, d", "tests/test_03.cpp:7", ["row 0: given 1, expected <2>"])])

    def test_an_exception(self):
        thrown = ('<Exception filename="/x/tests/test_03.cpp" line="9">\n  index out of bounds\n'
                  '</Exception>\n')
        answer = suite.read(xml(case("c", thrown)), "the program ended with status 1")
        self.assertEqual(answer.objections[0].found, ["it stopped with: index out of bounds"])

    def test_a_program_that_stops_half_way(self):
        text = xml(case("a", success="true"), case("b"))
        text = text[:text.index("<OverallResult", text.index('"b"'))]
        for ended in ("it crashed: so", "it had not ended after 60 seconds", ""):
            answer = suite.read(text, ended)
            self.assertEqual([o.name for o in answer.objections], ["b"])
            self.assertEqual(answer.stopped, ended or "it stopped half-way")
            self.assertEqual(answer.objections[0].found, [answer.stopped])
        self.assertTrue(suite.read("", "it crashed: so").stopped)
        self.assertTrue(suite.read("", "").stopped)
        self.assertEqual(suite.read(xml(), "").stopped, "no test ran")


class Check(Room):
    """check mystery, with shell scripts in the place of what is compiled."""

    def setUp(self):
        super().setUp()
        mystery.make(FLIP)
        self.scripts = tempfile.TemporaryDirectory()
        self.addCleanup(self.scripts.cleanup)
        self.mended = [case(FLIP.check, success="true"), case("other", success="true")]

    def script(self, name, prints, then=""):
        path = Path(self.scripts.name) / name
        path.write_text(f"#!/bin/sh\ncat <<'END'\n{prints}\nEND\n{then}\n")
        path.chmod(0o755)
        return path

    def check(self, tests, trial=PASSES, book=None, status=1, then="", trial_then=""):
        def compiled(_):
            return [self.script("tests", tests, then), self.script("trial", trial, trial_then)]
        with mock.patch.object(verdict.Programs, "prepare"), \
             mock.patch.object(verdict.fcntl, "flock"), \
             mock.patch.object(verdict.Programs, "compile", compiled), \
             mock.patch.object(verdict.Programs, "book",
                               lambda _: self.script("book", book or xml())):
            return self.said(verdict.check_words, ["mystery"], status=status)

    def test_found(self):
        text = self.check(xml(*self.mended), status=0)
        self.assertIn("Found.", text)
        self.assertIn("not the book's to the letter", text)
        self.assertIn(FLIP.title, " ".join(text.split()))
        self.assertIn("+     convolveFull(delta.slice(k), turn180(", text)
        self.assertEqual(progress.Progress().get("mysteries", FLIP.name), "found")
        self.mend(FLIP)
        self.assertIn("the book's, to the letter", self.check(xml(*self.mended), status=0))

    def test_a_test_objects(self):
        many = [case(f"test {n}", NUMBERS) for n in range(8)]
        text = self.check(xml(case(FLIP.check, NUMBERS), *many, case("fine", success="true")))
        self.assertIn("9 of 10 tests of stage 3 object:", text)
        self.assertIn("and 4 more", text)
        self.assertIn("The first, tests/test_03.cpp:7, found:\n  row 0: given 1, expected <2>",
                      text)
        self.assertNotIn(FLIP.name, text)
        self.assertNotIn(FLIP.title, text)
        self.assertEqual(progress.Progress().get("mysteries", FLIP.name), 0)

    def test_the_gradients_alone_object(self):
        text = self.check(xml(*self.mended), OBJECTS)
        self.assertIn("All 2 tests of stage 3 are content", text)
        self.assertIn("at their worst in conv1.bias", text)
        self.assertIn("guess: the flip is missing", text)

    def test_a_test_that_fails_for_the_book_does_not_count(self):
        tests = xml(case(FLIP.check, success="true"), case("other", NUMBERS))
        self.check(tests, book=xml(case("other", success="true")))
        self.assertIn('"other" does not pass for the book',
                      self.check(tests, book=xml(case("other", NUMBERS)), status=0))

    def test_a_large_view_fits_the_screen(self):
        rows = "\n".join("   1.1   2.2   3.3   4.4   5.5   6.6" for _ in range(6))
        view = OBJECTS.split("\n  analytic")[0].replace("row 0", "row 8").replace("0-0", "4-9")
        view += "".join(f"\n  {title}\n{rows}" for title in ("analytic", "numeric", "ratio"))
        matrix = NUMBERS.replace("<2>", "\n".join(["  1 2 3"] * 9))
        text = self.check(xml(*[case(f"t{n}", matrix) for n in range(9)], case(FLIP.check)),
                          view + "\nguess: the flip is missing")
        self.assertIn("rows 8-9", text)
        self.assertEqual(text.count("6.6"), 6)
        self.assertIn("guess: the flip is missing", text)

    def test_a_crash(self):
        half = xml(case("a", success="true"), case("b")).split('<OverallResult success="false"')[0]
        text = self.check(half, then="kill -SEGV $$")
        self.assertIn("1 of 2 tests of stage 3 object:\n  b\nThe last", text)
        self.assertIn("it crashed", text)
        self.assertIn("it crashed", self.check(xml(*self.mended), trial="error",
                                               trial_then="kill -SEGV $$"))
        self.assertIn("gave no answer: it crashed", self.check("", then="kill -SEGV $$"))

    def test_an_endless_loop(self):
        half = xml(case("a", success="true"), case("b")).split('<OverallResult success="false"')[0]
        with mock.patch.object(suite, "SECONDS", 0.3):
            text = self.check(half, then="exec sleep 9")
        self.assertIn("does a loop end?", text)
        self.assertIn("  b\n", text)

    def test_it_does_not_compile(self):
        where = mystery.HOME / "03_conv_backprop/conv_backprop.hpp"

        def broken(_):
            raise CompileError(f"In file included from x.cpp:1:\n{where}:5:3: error: expected ';'"
                               " before '}' token\n")
        with mock.patch.object(verdict.Programs, "prepare"), \
             mock.patch.object(verdict.fcntl, "flock"), \
             mock.patch.object(verdict.Programs, "compile", broken):
            text = self.said(verdict.check_words, ["mystery"], status=1)
        self.assertIn("mine/mystery/03_conv_backprop/conv_backprop.hpp:5", text)
        self.assertIn("semicolon", text)
        self.assertIn(f"  5 | {where.read_text().splitlines()[4]}"[:80], text)

    def test_a_file_that_is_gone_is_not_the_books(self):
        (mystery.HOME / "03_conv_backprop/conv_backprop.hpp").unlink()
        with self.assertRaisesRegex(course.Refused, "conv_backprop.hpp is gone"):
            verdict.check_mystery()


class Compiled(Room):
    """With the true programs."""

    def look(self, exhibit, status):
        text = self.said(verdict.check_words, ["mystery"], status=status)
        if status:
            self.assertNotIn(exhibit.name, text)
        return " ".join(text.split())

    def look_for(self, exhibit):
        shutil.rmtree(progress.MINE, ignore_errors=True)
        mystery.make(exhibit)
        text = self.look(exhibit, 1)
        self.assertIn("object:", text)
        if exhibit.guess:
            self.assertIn("guess: ", text)
            self.assertIn(exhibit.guess, text)

    def test_one_is_looked_for_and_found(self):
        exhibit = patches.exhibit_called("label-off-by-one")
        self.look_for(exhibit)
        self.mend(exhibit)
        text = self.look(exhibit, 0)
        self.assertIn("Your copy is the book's, to the letter.", text)
        self.assertIn(exhibit.title, " ".join(text.split()))

    @unittest.skipUnless(ALL, "only with --all")
    def test_all_are_looked_for(self):
        for exhibit in LOT:
            with self.subTest(exhibit.name):
                self.look_for(exhibit)

    @unittest.skipUnless(ALL, "only with --all")
    def test_all_stages_are_content_when_mended(self):
        for stage in sorted({e.stage for e in patches.exhibits()}):
            with self.subTest(stage):
                shutil.rmtree(progress.MINE, ignore_errors=True)
                exhibit = next(e for e in patches.exhibits() if e.stage == stage)
                mystery.make(exhibit)
                self.mend(exhibit)
                self.look(exhibit, 0)


if __name__ == "__main__":
    unittest.main()
