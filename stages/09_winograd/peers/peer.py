# SPDX-License-Identifier: MIT
"""What every peer shares: the data, the settings of training, and how time is taken.

A peer is a script `in_NAME.py` that ends in `peer.main(...)`. Then

    in_NAME.py                        prints its version and its settings as JSON
    in_NAME.py SETTING DATA W WHAT    prints the seconds of what WHAT has of: `epoch`, of
                                      60,000 images (or `third` of one, times three);
                                      `all`, predicting 10,000; `one`, predicting one

W is a safetensors file with the weights to start from.
"""
import gzip
import itertools
import json
import os
import statistics
import sys
import time

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "..", "..", "common", "program"))
from machine import cores  # noqa: E402

LOOP = 39  # batches: 117 of them and a short one are an epoch
BATCH, RATE, DECAY, CLIP = 512, 0.1, 0.01, 0.5
SHAPES = {"conv1.weight": (10, 1, 3, 3), "conv1.bias": (10,),
          "conv2.weight": (16, 10, 5, 5), "conv2.bias": (16,),
          "fc1.weight": (100, 1296), "fc1.bias": (100,),
          "fc2.weight": (10, 100), "fc2.bias": (10,)}


def threads():
    """One core and all of them: the settings of a peer that has threads."""
    return sorted({1, cores()})


def every(*choices):
    """All combinations of the choices, each as words joined by commas."""
    return [",".join(map(str, words)) for words in itertools.product(*choices)]


def split(folder, name):
    """Images m x 1 x 28 x 28 in 0 ... 1, and labels."""
    def idx(kind, header):
        with gzip.open(f"{folder}/{name}-{kind}.gz") as file:
            return np.frombuffer(file.read(), np.uint8, offset=header)
    x = idx("images-idx3-ubyte", 16).reshape(-1, 1, 28, 28).astype(np.float32) / 255
    return x, idx("labels-idx1-ubyte", 8).astype(np.int32)


def weights(file):
    """The arrays of a safetensors file, in single precision."""
    with open(file, "rb") as opened:
        header = json.loads(opened.read(int.from_bytes(opened.read(8), "little")))
        data = opened.read()
    return {name: np.frombuffer(data[slice(*header[name]["data_offsets"])],
                                {"F64": "<f8", "F32": "<f4"}[header[name]["dtype"]])
            .reshape(shape).astype(np.float32) for name, shape in SHAPES.items()}


def channels_last(w):
    """The same weights for images that lie row by row, a pixel's channels side by side."""
    inputs = w["fc1.weight"].reshape(100, 16, 9, 9).transpose(0, 2, 3, 1).reshape(100, 1296)
    return {**w, "fc1.weight": inputs}


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(version, settings, network, part=1):
    """network(setting, train, w) returns the functions epoch(order) and classes(images).

    `order` are the places of the samples, shuffled; their number need not be a multiple of
    the batch. `epoch` is None where a peer only predicts, `classes` where it only trains.
    A slow peer trains on a `part` of the epoch, and its seconds are scaled.
    """
    if len(sys.argv) == 1:
        print(json.dumps({"version": version, "settings": settings}))
        return
    setting, folder, file, what = sys.argv[1:]
    train, (x, y) = split(folder, "train"), split(folder, "t10k")
    epoch, classes = network(setting.split(","), train, weights(file))
    answer, m, random = {}, len(train[0]), np.random.default_rng(1)
    if classes:
        answer["accuracy"] = float(100 * np.mean(classes(x) == y))
    if classes and "all" in what:
        answer["all"] = statistics.median(seconds(lambda: classes(x)) for _ in range(5))
    if classes and "one" in what:
        classes(x[:1])
        answer["one"] = statistics.median(seconds(lambda: classes(x[:1])) for _ in range(300))
    if epoch and ("epoch" in what or "third" in what):
        # A third of an epoch and a short batch, as at its end: what is compiled or reserved
        # at the first meeting is not the epoch's.
        third = LOOP * BATCH + m % BATCH
        if part == 1:
            epoch(random.permutation(m)[:third])
        count = third if "third" in what else int(part * m)
        order = random.permutation(m)[:count]
        answer["epoch"] = seconds(lambda: epoch(order)) * m / count
    print(json.dumps(answer))
