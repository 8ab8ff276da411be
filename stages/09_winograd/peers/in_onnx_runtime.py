#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same network in ONNX Runtime, which predicts only."""
import numpy as np
import onnx
import onnxruntime
import peer
from onnx import TensorProto, helper, numpy_helper


def model(w):
    def node(kind, inputs, output, **attributes):
        return helper.make_node(kind, inputs.split(), [output], **attributes)

    nodes = [node("Conv", "x conv1.weight conv1.bias", "z1"), node("Relu", "z1", "a1"),
             node("MaxPool", "a1", "p1", kernel_shape=[2, 2], strides=[2, 2]),
             node("Conv", "p1 conv2.weight conv2.bias", "z2"), node("Relu", "z2", "a2"),
             node("Flatten", "a2", "f"),
             node("Gemm", "f fc1.weight fc1.bias", "z3", transB=1), node("Relu", "z3", "a3"),
             node("Gemm", "a3 fc2.weight fc2.bias", "z4", transB=1),
             node("ArgMax", "z4", "y", axis=1, keepdims=0)]
    graph = helper.make_graph(
        nodes, "cnn", [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["m", 1, 28, 28])],
        [helper.make_tensor_value_info("y", TensorProto.INT64, ["m"])],
        [numpy_helper.from_array(value, name) for name, value in w.items()])
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 17)])


def network(setting, train, w):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(setting[0])
    session = onnxruntime.InferenceSession(model(w).SerializeToString(), options,
                                           providers=["CPUExecutionProvider"])

    def classes(images):
        return np.concatenate([session.run(None, {"x": images[first:first + 500]})[0]
                               for first in range(0, len(images), 500)])

    return None, classes


peer.main("ONNX Runtime " + onnxruntime.__version__, peer.every(peer.threads()), network)
