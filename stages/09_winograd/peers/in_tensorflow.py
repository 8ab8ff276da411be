#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same network in TensorFlow: as a graph of its operations, or compiled by XLA.

On a processor TensorFlow trains convolutions with the channels last only.
"""
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
import numpy as np
import peer
import tensorflow as tf


def network(setting, train, w):
    threads, mode = setting
    tf.config.threading.set_intra_op_parallelism_threads(int(threads))
    tf.config.threading.set_inter_op_parallelism_threads(1)
    compiled = tf.function(jit_compile=mode == "xla", reduce_retracing=False)

    def pictures(x):
        return tf.constant(x.transpose(0, 2, 3, 1))

    w = {name: tf.Variable(value.transpose(2, 3, 1, 0) if value.ndim == 4 else value)
         for name, value in peer.channels_last(w).items()}
    x, y = pictures(train[0]), tf.constant(train[1])

    def logits(x):
        a = tf.nn.relu(tf.nn.conv2d(x, w["conv1.weight"], 1, "VALID") + w["conv1.bias"])
        a = tf.nn.max_pool2d(a, 2, 2, "VALID")
        a = tf.nn.relu(tf.nn.conv2d(a, w["conv2.weight"], 1, "VALID") + w["conv2.bias"])
        a = tf.reshape(a, (-1, 1296))
        a = tf.nn.relu(tf.matmul(a, w["fc1.weight"], transpose_b=True) + w["fc1.bias"])
        return tf.matmul(a, w["fc2.weight"], transpose_b=True) + w["fc2.bias"]

    @compiled
    def step(x, y):
        with tf.GradientTape() as tape:
            cost = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits(x)))
        for value, g in zip(w.values(), tape.gradient(cost, list(w.values()))):
            decay = peer.DECAY / peer.BATCH * value if len(value.shape) > 1 else 0
            value.assign_sub(peer.RATE * (tf.clip_by_value(g, -peer.CLIP, peer.CLIP) + decay))

    @compiled
    def predict(x):
        return tf.argmax(logits(x), 1)

    def epoch(order):
        for first in range(0, len(order), peer.BATCH):
            part = order[first:first + peer.BATCH]
            step(tf.gather(x, part), tf.gather(y, part))

    def classes(images):
        return np.concatenate([predict(pictures(images[first:first + 500]))
                               for first in range(0, len(images), 500)])

    return epoch, classes


peer.main("TensorFlow " + tf.__version__, peer.every(peer.threads(), ["graph", "xla"]), network)
