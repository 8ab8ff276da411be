#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes golden cases: inputs, and what PyTorch computes from them, in double precision.

    tests/golden/generate.py --seed 7 --cases 240 --out DIR
    CNN_GOLDEN_DIR=DIR ./learn test golden
"""
import argparse
import pathlib
import random

import torch
import torch.nn.functional as F

import safetensors

STEPS = 10
# Height and width of the image, then the bricks: conv (filters, size, stride, padding), max
# or mean pooling (size, stride, padding), fc (outputs). The last fc is the softmax layer, and
# learns at a tenth of the rate. test_golden.cpp builds the same.
ARCHITECTURES = [
    ((8, 8), [("conv", 2, 3, 1, 0), ("max", 2, 2, 0), ("fc", 5), ("fc", 3)]),
    ((9, 11), [("conv", 3, 2, 2, 1), ("conv", 2, 3, 1, 0), ("fc", 4)]),
    ((10, 9), [("conv", 4, 3, 1, 1), ("max", 3, 2, 1), ("fc", 6), ("fc", 5)]),
    ((16, 16), [("conv", 3, 3, 1, 0), ("max", 2, 2, 0), ("conv", 4, 5, 1, 0), ("fc", 6), ("fc", 4)]),
    ((8, 8), [("conv", 2, 3, 1, 0), ("mean", 3, 2, 0), ("fc", 3)]),
]


def numbers(*values):
    return torch.tensor(values, dtype=torch.float64)


def conv():
    f, s, p = random.randint(1, 5), random.randint(1, 4), random.randint(0, 3)
    least = max(1, f - 2 * p)
    x = torch.randn(random.randint(1, 5), least + random.randint(0, 5), least + random.randint(0, 5),
                    requires_grad=True)
    w = torch.randn(random.randint(1, 3), x.shape[0], f, f, requires_grad=True)
    b = torch.randn(w.shape[0], requires_grad=True)
    z = F.conv2d(x[None], w, b, stride=s, padding=p)[0]
    delta = torch.randn_like(z)
    z.backward(delta)
    return {"slide": numbers(s, p), "x": x, "w": w, "b": b, "z": z, "delta": delta,
            "dx": x.grad, "dw": w.grad, "db": b.grad}


def pool():
    size, s = random.randint(1, 4), random.randint(1, 4)
    p = random.randint(0, size // 2)  # more than half a window PyTorch refuses
    shape = (random.randint(1, 3), size + random.randint(0, 5), size + random.randint(0, 5))
    count = shape[0] * shape[1] * shape[2]
    x = (torch.randperm(count).double().reshape(shape) - count / 2) / 7  # no two alike
    x.requires_grad = True
    case = {"window": numbers(size, s, p), "x": x}
    for kind, function in ("max", F.max_pool2d), ("mean", F.avg_pool2d):
        x.grad = None
        z = function(x[None], size, s, p)[0]
        case.setdefault("delta", torch.randn_like(z))
        z.backward(case["delta"])
        case |= {kind: z, kind + "_dx": x.grad}
    return case


def fc():
    x = torch.randn(random.randint(1, 6), random.randint(1, 9), requires_grad=True)  # m x inputs
    w = torch.randn(random.randint(1, 7), x.shape[1], requires_grad=True)
    b = torch.randn(w.shape[0], requires_grad=True)
    z = F.linear(x, w, b)
    z.retain_grad()
    a = F.relu(z)
    (a * torch.randn_like(a)).sum().backward()
    return {"x": x, "w": w, "b": b, "a": a, "delta": z.grad, "dx": x.grad, "dw": w.grad, "db": b.grad}


def loss():
    scale = random.choice([0.1, 1, 30, 1000])
    z = (scale * torch.randn(random.randint(1, 5), random.randint(2, 10))).requires_grad_()  # m x classes
    labels = torch.randint(z.shape[1], (z.shape[0],))
    cost = F.cross_entropy(z, labels, reduction="sum")
    cost.backward()
    return {"z": z, "labels": labels.double(), "cost": cost, "p": F.softmax(z, 1), "dz": z.grad}


def classifier(parameters, forward, shape, classes, last, factor):
    """Images, the network's answers, what one step of rate 1 takes away, and ten steps."""
    m = random.randint(1, 6)
    pixels = torch.randint(256, (m, *shape)).double()
    labels = torch.randint(classes, (m,))
    rate, penalty = random.choice([0.05, 0.3]), random.choice([0, 0.1, 2])
    before = {name: p.detach().clone() for name, p in parameters.items()}

    def gradients():
        for p in parameters.values():
            p.grad = None
        z = forward(pixels / 255)
        cost = F.cross_entropy(z, labels)
        cost.backward()
        return z, cost

    z, cost = gradients()
    factors = {name: factor if name.startswith(last) else 1 for name in parameters}
    change = {name: factors[name] * p.grad.clone() for name, p in parameters.items()}
    # Half the entries are clipped; a bound that is nobody's own value.
    clip = 1.01 * torch.cat([p.grad.flatten() for p in parameters.values()]).abs().median().item() + 1e-6
    for _ in range(STEPS):
        gradients()
        with torch.no_grad():
            for name, p in parameters.items():
                decay = penalty / m * p if name.endswith("weight") else 0
                p -= rate * factors[name] * (p.grad.clamp(-clip, clip) + decay)
    case = {"pixels": pixels, "labels": labels.double(), "cost": cost, "p": F.softmax(z, 1),
            "rule": numbers(rate, penalty, clip, STEPS)}
    for part, values in ("before", before), ("change", change), ("after", parameters):
        case |= {f"{part}.{name}": value for name, value in values.items()}
    return case


def layer(parameters, name, *shape):
    fan_in = torch.Size(shape[1:]).numel()
    weight = torch.randn(shape) * (2 / fan_in) ** 0.5
    parameters[name + ".weight"] = weight.requires_grad_()
    parameters[name + ".bias"] = (0.3 * torch.randn(shape[0])).requires_grad_()


def mlp():
    shape = (random.randint(1, 4), random.randint(1, 4))
    sizes = [shape[0] * shape[1]] + [random.randint(1, 8) for _ in range(random.randint(0, 3))]
    sizes.append(random.randint(2, 10))
    relu, parameters = random.random() < 0.5, {}
    for i in range(1, len(sizes)):
        layer(parameters, f"fc{i}", sizes[i], sizes[i - 1])

    def forward(x):
        a = x.flatten(1)
        for i in range(1, len(sizes)):
            z = F.linear(a, parameters[f"fc{i}.weight"], parameters[f"fc{i}.bias"])
            a = F.relu(z) if relu else torch.sigmoid(z)
        return z

    last = f"fc{len(sizes) - 1}"
    return {"sizes": numbers(*sizes), "relu": numbers(relu)} | classifier(
        parameters, forward, shape, sizes[-1], last, 1)


def cnn(index):
    number = index % len(ARCHITECTURES)
    shape, bricks = ARCHITECTURES[number]
    parameters, plan = {}, []
    x, convs, fcs = torch.zeros(1, 1, *shape), 0, 0
    for kind, *sizes in bricks:
        name = None
        if kind == "conv":
            name = f"conv{(convs := convs + 1)}"
            layer(parameters, name, sizes[0], x.shape[1], sizes[1], sizes[1])
        elif kind == "fc":
            name = f"fc{(fcs := fcs + 1)}"
            layer(parameters, name, sizes[0], x[0].numel())
        plan.append((kind, name, sizes))
        x = run(parameters, plan[-1:], x)
    return {"architecture": numbers(number)} | classifier(
        parameters, lambda x: run(parameters, plan, x[:, None]), shape, bricks[-1][1], name, 0.1)


def run(parameters, plan, x):
    for position, (kind, name, sizes) in enumerate(plan):
        if kind == "max":
            x = F.max_pool2d(x, *sizes)
        elif kind == "mean":
            x = F.avg_pool2d(x, *sizes)
        else:
            w, b = parameters[name + ".weight"], parameters[name + ".bias"]
            x = F.conv2d(x, w, b, *sizes[2:]) if kind == "conv" else F.linear(x.flatten(1), w, b)
            if position < len(plan) - 1:
                x = F.relu(x)
    return x


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=240, help="of all kinds together, at least 20")
    parser.add_argument("--out", type=pathlib.Path, required=True)
    options = parser.parse_args()
    if options.cases < 20:
        parser.error("--cases: at least 20, so that every kind has some")
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(options.seed)
    random.seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    shares = {"conv": 8, "pool": 4, "fc": 2, "loss": 2, "mlp": 2, "cnn": 2}  # twentieths
    for kind, share in shares.items():
        count = options.cases * share // 20
        tensors = {}
        for i in range(count):
            case = cnn(i) if kind == "cnn" else globals()[kind]()
            tensors |= {f"{i}.{name}": value for name, value in case.items()}
        metadata = {"cases": str(count), "seed": str(options.seed), "torch": torch.__version__}
        safetensors.save(options.out / f"{kind}.safetensors", tensors, metadata)
        print(f"{kind}: {count} cases")


if __name__ == "__main__":
    main()
