#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same network in PyTorch: by single operations, or compiled (from version 2 on)."""
import numpy as np
import peer
import torch
from torch import nn


def network(setting, train, w):
    threads, layout, mode = setting
    torch.set_num_threads(int(threads))
    memory = torch.channels_last if layout == "channels-last" else torch.contiguous_format
    compiled = torch.compile if mode == "compiled" else lambda function: function

    def pictures(x):
        return torch.from_numpy(np.ascontiguousarray(x)).contiguous(memory_format=memory)

    net = nn.Sequential(nn.Conv2d(1, 10, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(10, 16, 5),
                        nn.ReLU(), nn.Flatten(), nn.Linear(1296, 100), nn.ReLU(),
                        nn.Linear(100, 10))
    with torch.no_grad():
        for parameter, value in zip(net.parameters(), w.values()):
            parameter.copy_(torch.from_numpy(value))
    net = net.to(memory_format=memory)
    optimizer = torch.optim.SGD(net.parameters(), lr=peer.RATE,
                                weight_decay=peer.DECAY / peer.BATCH)
    cost = nn.CrossEntropyLoss()
    evaluate = compiled(lambda x, y: cost(net(x), y))
    predict = compiled(lambda x: net(x).argmax(1))
    x, y = pictures(train[0]), torch.from_numpy(train[1]).long()

    def epoch(order):
        for part in torch.from_numpy(order).split(peer.BATCH):
            optimizer.zero_grad(set_to_none=True)
            evaluate(x[part], y[part]).backward()
            nn.utils.clip_grad_value_(net.parameters(), peer.CLIP)
            optimizer.step()

    def classes(images):
        with torch.inference_mode():
            return torch.cat([predict(part) for part in pictures(images).split(500)]).numpy()

    return epoch, classes


modes = ["eager", "compiled"] if hasattr(torch, "compile") else ["eager"]
peer.main("PyTorch " + torch.__version__.split("+")[0],
          peer.every(peer.threads(), ["contiguous", "channels-last"], modes), network)
