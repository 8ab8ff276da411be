# SPDX-License-Identifier: MIT
"""safetensors in a few lines: eight bytes with the length of a header in JSON (each tensor's
type, shape and place), then the numbers, row by row. https://github.com/huggingface/safetensors"""
import json
import pathlib
import struct

import torch

TYPES = {"F32": torch.float32, "F64": torch.float64}


def save(path, tensors, metadata=None):
    header, data = {"__metadata__": metadata or {}}, b""
    for name, tensor in tensors.items():
        kind = next(k for k, t in TYPES.items() if t == tensor.dtype)
        raw = tensor.detach().contiguous().numpy().tobytes()
        header[name] = {"dtype": kind, "shape": list(tensor.shape),
                        "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + data)


def load(path):
    raw = bytearray(pathlib.Path(path).read_bytes())
    (length,) = struct.unpack("<Q", raw[:8])
    header, data = json.loads(raw[8:8 + length]), raw[8 + length:]
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = torch.frombuffer(data[begin:end], dtype=TYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"])
    return tensors
