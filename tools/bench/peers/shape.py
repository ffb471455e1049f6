"""A model's shape, as `swiftlet-bench` writes it."""

import re
import sys
from typing import NamedTuple

POSITIONS = 512


class Shape(NamedTuple):
    encoder_layers: int
    decoder_layers: int
    width: int
    heads: int
    feed_forward: int
    vocabulary: int


def parse(text):
    """The numbers of a shape such as 6+6-d512-h8-f2048-v32000."""
    match = re.fullmatch(r"(\d+)\+(\d+)-d(\d+)-h(\d+)-f(\d+)-v(\d+)", text)
    if not match:
        sys.exit(f"error: {text} is not a shape such as 6+6-d512-h8-f2048-v32000")
    return Shape(*map(int, match.groups()))


def tokens(shape):
    """The vocabulary's texts: token 3 is `w3`, as in Swiftlet's models."""
    return ["</s>", "<unk>", "<pad>"] + [f"w{number}" for number in range(3, shape.vocabulary)]
