# SPDX-License-Identifier: MIT
"""The course to its end, in a copy of the book: every function of stages 01 to 06 written (with
the book's bodies, so that the numbers are known), checked in order, and the network trained.

    test_mine.py
"""
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "learner"))
import course  # noqa: E402
import header  # noqa: E402

STAGES = [stage for stage in course.stages() if stage <= "06_z"]
RUN = ["--limit", "1500", "--test-limit", "1000", "--epochs", "2", "--seed", "3", "--quiet"]


class Course(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = tempfile.TemporaryDirectory()
        cls.book = Path(cls.room.name) / "book"
        cls.book.mkdir()
        for entry in ROOT.iterdir():
            if entry.name in ("common", "learner", "stages", "tests", "docs"):
                shutil.copytree(entry, cls.book / entry.name)
            elif entry.name == "data":
                (cls.book / "data").symlink_to(entry)
            elif entry.is_file():
                shutil.copy(entry, cls.book)

    @classmethod
    def tearDownClass(cls):
        cls.room.cleanup()

    def learn(self, *words, status=0):
        env = {k: v for k, v in os.environ.items() if k not in ("CNN_BUILD_DIR", "CNN_MINE_DIR")}
        ended = subprocess.run([self.book / "learn", *words], capture_output=True, text=True,
                               env=env, stdin=subprocess.DEVNULL)
        self.assertEqual(ended.returncode, status, ended.stdout[-3000:] + ended.stderr[-3000:])
        return ended.stdout, ended.stderr

    def change(self, exercise, body):
        path = self.book / "mine" / exercise.header
        text = path.read_text()
        at = header.place(text, exercise)
        path.write_text(text[:at.start] + body + text[at.end:])

    def run_of(self, name, *words):
        """What a training leaves behind: its log without the times, and its weights."""
        out = self.book / name
        said, whose = self.learn(*words, *RUN, "--out", str(out))
        with open(out / "log.csv", newline="") as log:
            rows = [[cell for key, cell in row.items() if key != "seconds"]
                    for row in csv.DictReader(line for line in log if line[0] != "#")]
        return rows, (out / "weights.safetensors").read_bytes(), said, whose

    def test_the_course(self):
        for stage in STAGES:
            self.learn("start", str(int(stage[:2])))
            for exercise in course.exercises(stage):
                text = (ROOT / "stages" / exercise.header).read_text()
                at = header.place(text, exercise)
                self.change(exercise, text[at.start:at.end])
            # Its picture is drawn by the last stage's program, which is built here anyway.
            said, _ = self.learn("check", str(int(stage[:2])))
            self.assertEqual(said.count("right  "), len(course.exercises(stage)))
            self.assertIn(f"Stage {int(stage[:2])} is yours", said)
        book = self.run_of("book", "stage", "6")
        mine = self.run_of("mine-run", "train", "--mine")
        self.assertEqual(mine[0], book[0])
        self.assertTrue(mine[1] == book[1], "the weights differ")
        self.assertEqual(len(book[0]), 2)
        self.assertIn("yours in 06_cnn_batched: all of it", mine[3])
        # And they are the reader's functions: without a slope nothing is learned below.
        slope = next(e for e in course.exercises("04") if "reluSlope(" in e.signature)
        self.change(slope, "\n  z.zeros();\n  return z;\n")
        spoiled = self.run_of("spoiled", "stage", "6", "--mine")
        self.assertNotEqual(spoiled[0], book[0])
        self.assertIn(f"not checked: {slope.number}", spoiled[3])
        self.assertEqual(self.run_of("again", "stage", "6")[0], book[0])


if __name__ == "__main__":
    unittest.main()
