#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same epoch side by side: stages 06, 08 and 09, PyTorch and numpy, taking turns.

    compare.py PROGRAMS DATA OUT [ROUNDS]

Prints medians, spreads and ratios, and writes OUT/peers.csv. PyTorch runs at its best
setting, found by trying every thread count with both memory layouts first.
"""
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile

programs, data, out = sys.argv[1:4]
rounds = int(sys.argv[4]) if len(sys.argv) > 4 else 5
here = os.path.dirname(os.path.abspath(__file__))
cores = len(os.sched_getaffinity(0))


def python(script, *arguments):
    answer = subprocess.run([sys.executable, f"{here}/{script}", *map(str, arguments)],
                            check=True, capture_output=True, text=True)
    return json.loads(answer.stdout)


def stage(name, *options):
    """Seconds of the second epoch: the first one warms up."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([f"{programs}/{name}", "--data", data, "--out", folder, "--quiet",
                        "--epochs", "2", "--batch", "512", *options],
                       check=True, capture_output=True)
        with open(f"{folder}/log.csv") as file:
            return float(list(csv.DictReader(file))[1]["seconds"])


def torch_setting():
    print("PyTorch, one epoch for each setting:")
    seconds = {}
    for threads in sorted({1, max(1, cores // 2), cores}):
        for layout in "contiguous", "channels_last":
            seconds[threads, layout] = python("torch_epoch.py", data, threads, layout, 2)["train"][1]
            print(f"  {threads} threads, {layout:<13} {seconds[threads, layout]:6.2f} s", flush=True)
    return min(seconds, key=seconds.get)


threads, layout = torch_setting()
contenders = {
    "numpy, float64": lambda: python("numpy_epoch.py", data, 6000)["train"][0],
    "PyTorch, float32": lambda: python("torch_epoch.py", data, threads, layout, 2)["train"][1],
    "stage 06, float64": lambda: stage("06_cnn_batched"),
    "stage 08, float32": lambda: stage("08_cnn_fast", "--shift", "0"),
    "stage 09, float32": lambda: stage("09_winograd", "--shift", "0"),
}
times = {name: [] for name in contenders}
for turn in range(rounds):
    for name, run in contenders.items():
        times[name].append(run())
    print(f"round {turn + 1} of {rounds} done", flush=True)

print(f"\none epoch of 60,000 images, batch 512, {cores} cores; PyTorch with {threads} threads, {layout}")
print(f"{'':<20}{'median s':>9}{'fastest':>9}{'slowest':>9}{'times PyTorch':>15}")
torch = statistics.median(times["PyTorch, float32"])
os.makedirs(out, exist_ok=True)
with open(f"{out}/peers.csv", "w") as file:
    file.write("contender,median,fastest,slowest,times_pytorch\n")
    for name, taken in times.items():
        median = statistics.median(taken)
        print(f"{name:<20}{median:9.2f}{min(taken):9.2f}{max(taken):9.2f}{torch / median:15.1f}")
        file.write(f"{name},{median:.3f},{min(taken):.3f},{max(taken):.3f},{torch / median:.2f}\n")
print(f"wrote {out}/peers.csv")
