"""What disks do to files: a flipped bit, another file's content."""

import numpy as np


def flipped(path, seed):
    """Turn one bit of a file, chosen by the seed."""
    content = bytearray(path.read_bytes())
    bit = int(np.random.default_rng(seed).integers(len(content) * 8))
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def swapped(first, second):
    """Give each file the other's content."""
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)
