#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The comparison with other programs, on stand-ins whose seconds are known."""
import csv
import os
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
COMPARE = os.path.join(ROOT, "stages", "09_winograd", "peers", "compare.py")

STAGE = """#!/bin/sh
while [ $# -gt 0 ]; do [ "$1" = --out ] && out=$2; shift; done
printf 'epoch,cost,train_accuracy,test_accuracy,seconds\\n1,1,90,90,9\\n2,1,90,90,0.5\\n' > "$out/log.csv"
"""
BENCHMARKS = """#!/bin/sh
for word; do case $word in
  --benchmark_out=*) out=${word#*=};;
  --benchmark_filter=*) filter=${word#*=};;
esac; done
for stage in 6 7 8 9; do
  for name in "Predict/stage 0$stage/threads:1/images:1/real_time" "Predict/stage 0$stage/images:10000"; do
    echo "$name" | grep -Eq "$filter" && found="$found."
  done
done
[ "$found" = .. ] || { echo "error: no benchmark has that in its name" >&2; exit 2; }
cat > "$out" <<'END'
{"benchmarks": [
 {"name": "Predict/stage/threads:1/images:1/real_time", "real_time": 60, "time_unit": "us"},
 {"name": "Predict/stage/threads:2/images:1/real_time", "real_time": 80, "time_unit": "us"},
 {"name": "Predict/stage/threads:2/images:10000/real_time", "real_time": 20, "time_unit": "ms"}]}
END
"""
# Slow in one setting, wrong in another (and fast), and of other settings for one image.
PYTHON = """#!/bin/sh
case $1 in *pytorch*) ;; *) echo "ModuleNotFoundError: No module named it" >&2; exit 1;; esac
case $2 in
  '') echo '{"version": "PyTorch 7.0", "settings": ["slow", "good", "wrong", "broken"]}';;
  slow) echo '{"epoch": 9.0, "all": 0.2, "one": 0.00003, "accuracy": 97}';;
  good) echo '{"epoch": 3.0, "all": 0.1, "one": 0.00009, "accuracy": 97}';;
  wrong) echo '{"epoch": 0.1, "all": 0.01, "one": 0.00001, "accuracy": 11.5}';;
  broken) echo "it does not work" >&2; exit 1;;
esac
"""


class Compare(unittest.TestCase):
    def run_it(self, python, *options):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        programs = {"benchmarks": BENCHMARKS, "python": PYTHON}
        for stage in "06_cnn_batched", "07_cnn_simd", "08_cnn_fast", "09_winograd":
            programs[stage] = STAGE
        for name, text in programs.items():
            with open(f"{folder.name}/{name}", "w") as file:
                file.write(text)
            os.chmod(f"{folder.name}/{name}", 0o755)
        done = subprocess.run([sys.executable, COMPARE, folder.name, "data", folder.name + "/out",
                               "--python", python or folder.name + "/python", *options],
                              capture_output=True, text=True)
        with open(folder.name + "/out/peers.csv") as file:
            rows = {row["contender"]: row for row in csv.DictReader(file)}
        return done, rows

    def test_each_measure_is_taken_at_its_best_right_setting(self):
        done, rows = self.run_it(None, "--rounds", "2")
        self.assertEqual(done.returncode, 0, done.stderr)
        torch = rows["PyTorch 7.0"]
        self.assertEqual(torch["median an epoch, s"], "3.00")
        self.assertEqual(torch["slowest 10,000 images, s"], "0.100")
        self.assertEqual(torch["fastest one image, us"], "30")
        self.assertEqual(torch["settings"], "good; slow")

    def test_what_is_wrong_or_broken_is_said_and_not_measured(self):
        done, _ = self.run_it(None, "--rounds", "1")
        self.assertIn("wrong", done.stdout)
        self.assertIn("failed: it is right in 11.5 % only: not the same network", done.stdout)
        self.assertIn("failed: it does not work", done.stdout)
        self.assertIn("jax: not in", done.stdout)

    def test_stages_give_the_second_epoch_and_the_faster_number_of_threads(self):
        _, rows = self.run_it(None, "--rounds", "1")
        for stage in "06", "07", "08", "09":
            row = rows["stage " + stage]
            self.assertEqual(row["median an epoch, s"], "0.500")
            self.assertEqual(row["median one image, us"], "60")
            self.assertEqual(row["median 10,000 images, s"], "0.020")

    def test_the_ratios_are_those_to_the_fastest_other(self):
        done, _ = self.run_it(None, "--rounds", "3")
        self.assertIn("an epoch: stage 09 takes 0.500 s, the fastest other, PyTorch 7.0, 3.00 s: "
                      "6.0 times", done.stdout)
        self.assertIn("one image: stage 09 takes 60 us, the fastest other, PyTorch 7.0, 30 us: "
                      "0.5 times", done.stdout)

    def test_without_any_other_program_the_stages_stand_alone(self):
        done, rows = self.run_it("/nowhere/python", "--rounds", "1")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("not in /nowhere/python", done.stdout)
        self.assertEqual(list(rows), ["stage 06", "stage 07", "stage 08", "stage 09"])


if __name__ == "__main__":
    unittest.main()
