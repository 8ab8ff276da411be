#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same network in JAX, compiled by XLA: a step at a time, or many steps as one loop.

XLA has no setting for threads: it takes the cores that it finds.
"""
import jax
import numpy as np
import peer
from jax import lax
from jax import numpy as jnp


def network(setting, train, w):
    layout, loop = setting
    last = layout == "channels-last"
    pool = (1, 2, 2, 1) if last else (1, 1, 2, 2)

    def pictures(x):
        return jnp.asarray(x.transpose(0, 2, 3, 1) if last else x)

    def conv(x, w, b):
        z = lax.conv_general_dilated(x, w, (1, 1), "VALID", dimension_numbers=(
            ("NHWC", "OIHW", "NHWC") if last else ("NCHW", "OIHW", "NCHW")))
        return z + (b if last else b[:, None, None])

    def logits(w, x):
        a = jax.nn.relu(conv(x, w["conv1.weight"], w["conv1.bias"]))
        a = lax.reduce_window(a, -jnp.inf, lax.max, pool, pool, "VALID")
        a = jax.nn.relu(conv(a, w["conv2.weight"], w["conv2.bias"])).reshape(len(x), -1)
        a = jax.nn.relu(a @ w["fc1.weight"].T + w["fc1.bias"])
        return a @ w["fc2.weight"].T + w["fc2.bias"]

    def cost(w, x, y):
        chosen = jnp.take_along_axis(jax.nn.log_softmax(logits(w, x)), y[:, None], 1)
        return -chosen.mean()

    def step(w, part):
        def update(w, g):
            return w - peer.RATE * (jnp.clip(g, -peer.CLIP, peer.CLIP)
                                    + (peer.DECAY / peer.BATCH * w if w.ndim > 1 else 0))
        return jax.tree.map(update, w, jax.grad(cost)(w, x[part], y[part]))

    x, y = pictures(train[0]), jnp.asarray(train[1])
    w = peer.channels_last(w) if last else w
    w = {name: jnp.asarray(value) for name, value in w.items()}
    one = jax.jit(step, donate_argnums=0)
    many = jax.jit(lambda w, parts: lax.scan(lambda w, part: (step(w, part), None), w, parts)[0],
                   donate_argnums=0)
    predict = jax.jit(lambda w, x: logits(w, x).argmax(1))

    def epoch(order):
        nonlocal w
        full = len(order) // peer.BATCH * peer.BATCH
        parts = order[:full].reshape(-1, peer.BATCH)
        if loop == "scan":
            for some in parts.reshape(-1, peer.LOOP, peer.BATCH):
                w = many(w, some)
        else:
            for part in parts:
                w = one(w, part)
        if full < len(order):
            w = one(w, order[full:])
        jax.block_until_ready(w)

    def classes(images):
        return np.concatenate([predict(w, pictures(images[first:first + 500]))
                               for first in range(0, len(images), 500)])

    return epoch, classes


peer.main("JAX " + jax.__version__,
          peer.every(["channels-first", "channels-last"], ["step", "scan"]), network)
