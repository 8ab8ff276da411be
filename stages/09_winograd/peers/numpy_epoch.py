#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same network in numpy, a batch at a time; prints a JSON line of seconds.

    numpy_epoch.py DATA SAMPLES

Strided views of the windows and tensordot, as a careful numpy user writes it. SAMPLES of
the 60,000 are trained on, in batches of 512; the seconds are scaled to an epoch.
"""
import gzip
import json
import sys
import time

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

folder, samples = sys.argv[1], int(sys.argv[2])


def idx(name, header):
    with gzip.open(f"{folder}/{name}.gz") as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


x = idx("train-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28) / 255
y = idx("train-labels-idx1-ubyte", 8)
random = np.random.default_rng(1)


def start_of(*shape):
    return random.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape)


w1, b1 = start_of(10, 1, 3, 3), np.zeros(10)
w2, b2 = start_of(16, 10, 5, 5), np.zeros(16)
w3, b3 = start_of(100, 1296), np.zeros(100)
w4, b4 = start_of(10, 100), np.zeros(10)


def conv(x, w, b):
    windows = sliding_window_view(x, w.shape[2:], (2, 3))  # m c i j u v
    z = np.tensordot(windows, w, ((1, 4, 5), (1, 2, 3)))   # m i j n
    return (z + b).transpose(0, 3, 1, 2), windows


def step(x, y, rate=0.1, decay=0.01, clip=0.5):
    m = len(x)
    z1, windows1 = conv(x, w1, b1)
    a1 = np.maximum(z1, 0)
    cells = a1.reshape(m, 10, 13, 2, 13, 2).transpose(0, 1, 2, 4, 3, 5).reshape(m, 10, 13, 13, 4)
    winner = cells.argmax(-1)[..., None]
    p1 = np.take_along_axis(cells, winner, -1)[..., 0]
    z2, windows2 = conv(p1, w2, b2)
    a2 = np.maximum(z2, 0).reshape(m, 1296)
    a3 = np.maximum(a2 @ w3.T + b3, 0)
    z4 = a3 @ w4.T + b4
    p = np.exp(z4 - z4.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)

    d4 = p
    d4[np.arange(m), y] -= 1
    d3 = d4 @ w4 * (a3 > 0)
    d2 = (d3 @ w3 * (a2 > 0)).reshape(z2.shape)
    padded = np.pad(d2, ((0, 0), (0, 0), (4, 4), (4, 4)))
    dp1, _ = conv(padded, w2[:, :, ::-1, ::-1].transpose(1, 0, 2, 3), 0)
    dcells = np.zeros_like(cells)
    np.put_along_axis(dcells, winner, dp1[..., None], -1)
    d1 = dcells.reshape(m, 10, 13, 13, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(z1.shape) * (z1 > 0)
    gradients = [
        (w1, np.tensordot(d1, windows1, ((0, 2, 3), (0, 2, 3)))), (b1, d1.sum((0, 2, 3))),
        (w2, np.tensordot(d2, windows2, ((0, 2, 3), (0, 2, 3)))), (b2, d2.sum((0, 2, 3))),
        (w3, d3.T @ a2), (b3, d3.sum(0)), (w4, d4.T @ a3), (b4, d4.sum(0))]
    for w, g in gradients:
        w -= rate * (np.clip(g / m, -clip, clip) + (decay / m * w if w.ndim > 1 else 0))


start = time.perf_counter()
order = random.permutation(60000)[:samples]
for first in range(0, samples, 512):
    part = order[first:first + 512]
    step(x[part], y[part])
print(json.dumps({"train": [(time.perf_counter() - start) * 60000 / samples]}))
