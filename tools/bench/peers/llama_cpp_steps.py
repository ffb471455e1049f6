#!/usr/bin/env python3
"""Times llama.cpp by the lengths of prompt and target; one JSON object on standard output.

    python3 tools/bench/peers/llama_cpp_steps.py MODEL.gguf --source 16,64 --target 64,200 [--repeat N]

A prompt is read in one batch, up to its last token's logits. Decoding starts from nothing and takes the likeliest
token each time, as `swiftlet-bench` does.
"""

from llama_cpp_model import Model
from timing import arguments, milliseconds, show

given = arguments(__doc__)
model = Model(given.folder, max(given.source + given.target))


def prompt(length):
    model.forget()
    model.read([(place * 7919 + 101) % model.vocabulary for place in range(length)], 0)
    model.logits()


def decode(length):
    model.forget()
    token = 1
    for place in range(length):
        model.read([token], place)
        token = int(model.logits().argmax())


token = {length: milliseconds(lambda: decode(length), given.repeat) / length for length in given.target}
show({length: milliseconds(lambda: prompt(length), given.repeat) for length in given.source}, token, {})
