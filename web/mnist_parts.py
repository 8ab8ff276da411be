# SPDX-License-Identifier: MIT
"""Cuts MNIST: a part that a page loads at once, and all of it for who wants it."""
import gzip
import shutil
import struct

TRAIN, TEST = 10_000, 1_000
FILES = {"train": ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
         "test": ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")}


def first(content, count):
    """The first items of an IDX file of bytes: its header says how many there are."""
    rank = content[3]
    sides = struct.unpack(f">{rank}I", content[4:4 + 4 * rank])
    item = 1
    for side in sides[1:]:
        item *= side
    begin = 4 + 4 * rank
    return (content[:4] + struct.pack(">I", count) + content[8:begin]
            + content[begin:begin + count * item])


def cut(mnist, out):
    """From the folder `mnist` to `out`; what is there already stays."""
    out.mkdir(parents=True, exist_ok=True)
    for name, count in (("train", TRAIN), ("test", TEST)):
        for part, file in zip(("images", "labels"), FILES[name]):
            small, whole = out / f"{name}-{count}-{part}.gz", out / f"{name}-{part}.gz"
            newest = (mnist / file).stat().st_mtime
            if not small.exists() or small.stat().st_mtime < newest:
                content = gzip.decompress((mnist / file).read_bytes())
                # No time in the header: the same bytes every time.
                small.write_bytes(gzip.compress(first(content, count), 9, mtime=0))
            if not whole.exists() or whole.stat().st_mtime < newest:
                shutil.copyfile(mnist / file, whole)
