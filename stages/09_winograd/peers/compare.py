#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same network in our stages and in other programs, side by side, taking turns.

    compare.py PROGRAMS DATA OUT [--python FILE]... [--rounds N]

An epoch of training, and the prediction of 10,000 images and of one. Every Python named
is asked for PyTorch, JAX, TensorFlow, ONNX Runtime and numpy; each runs a third of an epoch
in all its settings, and then, in the rounds, in the best of them for each of the three. Writes
OUT/peers.csv and OUT/peers.txt, the table that is printed.
"""
import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"  # the peers leave nothing among the sources either
sys.path.insert(0, f"{here}/../../../common/program")
from machine import machine  # noqa: E402

MEASURES = {"epoch": "an epoch, s", "all": "10,000 images, s", "one": "one image, us"}
STAGES = {"06": "06_cnn_batched", "07": "07_cnn_simd", "08": "08_cnn_fast", "09": "09_winograd"}
NUMBERS = {"06": "float64, all cores", "07": "float32, one core"}
PEERS = ["pytorch", "jax", "tensorflow", "onnx_runtime", "numpy"]

parser = argparse.ArgumentParser(prog="./learn bench --peers", add_help=True)
parser.add_argument("programs", help=argparse.SUPPRESS)
parser.add_argument("data", help=argparse.SUPPRESS)
parser.add_argument("out", help=argparse.SUPPRESS)
parser.add_argument("--python", action="append", default=[], metavar="FILE",
                    help="a Python in which other programs are looked for; may be repeated")
parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each is run")
choice = parser.parse_args()
scratch = tempfile.TemporaryDirectory()


def run(command):
    """The answer of a program, or a RuntimeError with the last line that it said."""
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    except OSError as error:
        raise RuntimeError(error) from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise RuntimeError(said[-1] if said else f"exit status {done.returncode}")
    return done.stdout


class Peer:
    """One library in one Python: its best settings, found by trying all."""

    def __init__(self, python, name):
        self.command = [python, f"{here}/in_{name}.py"]
        asked = json.loads(run(self.command).splitlines()[-1])
        self.name = asked["version"]
        self.best = {}  # measure -> setting
        print(f"{self.name}: each of its settings, an epoch by a third of one", flush=True)
        tried = {}
        for setting in asked["settings"]:
            try:
                tried[setting] = self.measure(setting, "third,all,one")
                print(f"  {setting:<34}" + "".join(
                    f"{written(key, tried[setting][key]):>10} {MEASURES[key].split()[-1]:<3}"
                    for key in MEASURES if key in tried[setting]), flush=True)
            except RuntimeError as error:
                print(f"  {setting:<34} failed: {error}", flush=True)
        for key in MEASURES:
            able = [setting for setting in tried if key in tried[setting]]
            if able:
                self.best[key] = min(able, key=lambda setting: tried[setting][key])
        if not self.best:
            raise RuntimeError("every setting failed")

    def measure(self, setting, what):
        answer = json.loads(
            run([*self.command, setting, choice.data, weights, what]).splitlines()[-1])
        # An epoch that is not training, or a network that is not this one, would be fast too.
        if answer.get("accuracy", 100) < 95:
            raise RuntimeError(f"it is right in {answer['accuracy']} % only: not the same network")
        return answer

    def turn(self):
        answer = {}
        for setting in dict.fromkeys(self.best.values()):
            keys = [key for key in self.best if self.best[key] == setting]
            measured = self.measure(setting, ",".join(keys))
            answer.update({key: measured[key] for key in keys})
        return answer


class Stage:
    """A stage of ours: the second epoch of its program, and its benchmark of predicting."""

    def __init__(self, number):
        self.number, self.name = number, f"stage {number}"
        self.best = dict.fromkeys(MEASURES, NUMBERS.get(number, "float32, all cores"))

    def turn(self):
        run([f"{choice.programs}/{STAGES[self.number]}", "--data", choice.data, "--quiet",
             "--out", scratch.name, "--epochs", "2", "--batch", "512", "--shift", "0"])
        with open(f"{scratch.name}/log.csv") as file:
            answer = {"epoch": float(list(csv.DictReader(file))[1]["seconds"])}
        predictions = f"{scratch.name}/predictions.json"
        run([f"{choice.programs}/benchmarks", f"--benchmark_out={predictions}",
             "--benchmark_min_time=0.2",
             f"--benchmark_filter=^Predict/stage {self.number}/.*images:(1|10000)(/|$)"])
        with open(predictions) as file:
            for entry in json.load(file)["benchmarks"]:
                key = "one" if "images:1/" in entry["name"] + "/" else "all"
                taken = entry["real_time"] / {"ns": 1e9, "us": 1e6, "ms": 1e3}[entry["time_unit"]]
                answer[key] = min(taken, answer.get(key, taken))
        return answer


def written(key, seconds):
    """Seconds, or for one image whole microseconds."""
    return f"{seconds * 1e6:.0f}" if key == "one" else f"{seconds:.{2 if seconds >= 1 else 3}f}"


# All start from weights that have learned something, so that right answers can be counted.
weights = f"{scratch.name}/weights.safetensors"
run([f"{choice.programs}/09_winograd", "--data", choice.data, "--quiet", "--out", scratch.name,
     "--epochs", "2", "--save", weights])

contenders = [Stage(number) for number in STAGES]
for python in choice.python or [sys.executable]:
    for name in PEERS:
        try:
            contenders.append(Peer(python, name))
        except RuntimeError as error:
            print(f"{name}: not in {python} ({error})", flush=True)

times = {contender: {key: [] for key in MEASURES} for contender in contenders}
for turn in range(choice.rounds):
    for contender in contenders:
        for key, seconds in contender.turn().items():
            times[contender][key].append(seconds)
    print(f"round {turn + 1} of {choice.rounds} done", flush=True)

os.makedirs(choice.out, exist_ok=True)
table = [f"medians of {choice.rounds} (fastest to slowest) on {machine()}",
         f"{'':<20}" + "".join(f"{title:>26}" for title in MEASURES.values())]
rows = [["contender", *(f"{what} {title}" for title in MEASURES.values()
                       for what in ("median", "fastest", "slowest")), "settings"]]
for contender, measured in times.items():
    line, row = f"{contender.name:<20}", [contender.name]
    for key, taken in measured.items():
        three = [written(key, value) for value in
                 (statistics.median(taken), min(taken), max(taken))] if taken else [""] * 3
        line += f"{'{} ({} to {})'.format(*three) if taken else '':>26}"
        row += three
    table.append(line.rstrip())
    rows.append([*row, "; ".join(dict.fromkeys(contender.best.values()))])
for key, title in MEASURES.items():
    medians = {contender: statistics.median(measured[key])
               for contender, measured in times.items() if measured[key]}
    others = {contender: taken for contender, taken in medians.items() if isinstance(contender, Peer)}
    if others:
        what, unit = title.rsplit(", ", 1)
        other, ours = min(others, key=others.get), medians[contenders[len(STAGES) - 1]]
        table.append(f"{what}: stage 09 takes {written(key, ours)} {unit}, the fastest other, "
                     f"{other.name}, {written(key, others[other])} {unit}: "
                     f"{others[other] / ours:.1f} times")
print("\n" + "\n".join(table))
with open(f"{choice.out}/peers.csv", "w", newline="") as file:
    csv.writer(file, lineterminator="\n").writerows(rows)
with open(f"{choice.out}/peers.txt", "w") as file:
    file.write("\n".join(table) + "\n")
print(f"wrote {choice.out}/peers.csv and peers.txt")
