#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""One epoch of the same network in PyTorch; prints a JSON line of seconds.

    torch_epoch.py DATA THREADS LAYOUT EPOCHS

LAYOUT is contiguous or channels_last. Same data, batch 512, same clip and penalty; the
epoch includes shuffling, loss, backward and update. Then 10,000 images are classified.
"""
import gzip
import json
import sys
import time

import numpy as np
import torch
from torch import nn

folder, threads, layout, epochs = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
torch.set_num_threads(threads)
torch.manual_seed(1)
memory = torch.channels_last if layout == "channels_last" else torch.contiguous_format


def idx(name, header):
    with gzip.open(f"{folder}/{name}.gz") as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


def split(name):
    x = torch.tensor(idx(f"{name}-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)).float() / 255
    y = torch.tensor(idx(f"{name}-labels-idx1-ubyte", 8).astype(np.int64))
    return x.contiguous(memory_format=memory), y


x, y = split("train")
test, answers = split("t10k")
net = nn.Sequential(nn.Conv2d(1, 10, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 16, 5),
                    nn.ReLU(), nn.Flatten(), nn.Linear(1296, 100), nn.ReLU(),
                    nn.Linear(100, 10)).to(memory_format=memory)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, weight_decay=0.01 / 512)
cost = nn.CrossEntropyLoss()

train, predict = [], []
for epoch in range(epochs):
    start = time.perf_counter()
    order = torch.randperm(len(x))
    for part in order.split(512):
        optimizer.zero_grad(set_to_none=True)
        loss = cost(net(x[part]), y[part])
        loss.backward()
        nn.utils.clip_grad_value_(net.parameters(), 0.5)
        optimizer.step()
    train.append(time.perf_counter() - start)
    start = time.perf_counter()
    with torch.inference_mode():
        right = sum((net(a).argmax(1) == b).sum().item()
                    for a, b in zip(test.split(500), answers.split(500)))
    predict.append(time.perf_counter() - start)
print(json.dumps({"train": train, "predict": predict, "accuracy": right / 100}))
