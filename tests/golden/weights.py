#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Weights both ways: what the stages save PyTorch reads, and the other way round.

    ./learn test --all weights

Each stage trains and saves; PyTorch loads the file and must give the same log-probabilities
(the logits, up to the constant that softmax takes away) for 1,000 test images to 1e-5. Then PyTorch
trains and saves; each stage must call exactly as many of the 10,000 test images right."""
import gzip
import pathlib
import subprocess
import sys
import tempfile

import torch
import torch.nn.functional as F

import safetensors

STAGES = "05_cnn_serial", "06_cnn_batched", "07_cnn_simd", "08_cnn_fast", "09_winograd"
programs = pathlib.Path(sys.argv[1])
mnist = pathlib.Path(sys.argv[2])


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Conv2d(1, 10, 3)
        self.conv2 = torch.nn.Conv2d(10, 16, 5)
        self.fc1 = torch.nn.Linear(1296, 100)
        self.fc2 = torch.nn.Linear(100, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.relu(self.conv2(x)).flatten(1)
        return self.fc2(F.relu(self.fc1(x)))


def read(name, header):
    raw = bytearray(gzip.decompress((mnist / f"{name}.gz").read_bytes()))
    return torch.frombuffer(raw, dtype=torch.uint8)[header:]


def images(name):
    return read(name, 16).reshape(-1, 1, 28, 28).double() / 255


def run(program, *words):
    done = subprocess.run([programs / program, *map(str, words)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{program}: {done.stderr}")
    return done.stdout


test = images("t10k-images-idx3-ubyte")
test_labels = read("t10k-labels-idx1-ubyte", 8)
fine = True
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    for stage in STAGES:
        saved = folder / f"{stage}.safetensors"
        run(stage, "--limit", 2000, "--test-limit", 100, "--epochs", 1, "--save", saved,
            "--out", folder / "out", "--quiet")
        run("probabilities", stage, saved, 1000, folder / "p")
        ours = safetensors.load(folder / "p")["p"].T.log()
        net = Net().double()
        net.load_state_dict({k: v.double() for k, v in safetensors.load(saved).items()})
        with torch.no_grad():
            theirs = F.log_softmax(net(test[:1000]), 1)
        apart = (ours - theirs).abs().max().item()
        fine = fine and apart < 1e-5
        print(f"{stage} to PyTorch: log-probabilities at most {apart:.1e} apart")

    torch.manual_seed(1)
    net = Net()
    train, labels = images("train-images-idx3-ubyte")[:10000].float(), read("train-labels-idx1-ubyte", 8)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(2):
        for first in range(0, 10000, 100):
            optimizer.zero_grad()
            chunk = slice(first, first + 100)
            F.cross_entropy(net(train[chunk]), labels[:10000][chunk].long()).backward()
            optimizer.step()
    saved = folder / "pytorch.safetensors"
    safetensors.save(saved, net.state_dict())
    with torch.no_grad():
        right = (net(test.float()).argmax(1) == test_labels).sum().item()
    print(f"PyTorch, trained for two epochs on 10,000 images: {right} of 10,000 right")
    for stage in STAGES:
        out = run(stage, "--epochs", 0, "--test-limit", 10000, "--load", saved, "--out", folder / "out",
                  "--quiet")
        found = round(100 * float(out.split()[-2]))
        fine = fine and found == right
        print(f"{stage} with PyTorch's weights: {found} of 10,000 right")
sys.exit(0 if fine else 1)
