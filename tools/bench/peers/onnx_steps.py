#!/usr/bin/env python3
"""Times ONNX Runtime's forward pass by the lengths of source and target; one JSON object on standard output.

    python3 tools/bench/peers/onnx_steps.py FOLDER --source 16,64 --target 16,64 [--repeat N]

FOLDER is one of onnx_random.py. Encoding has the keys and values that the decoder takes from the source; a decoded
token is the target's time, divided by its length, with what Python does between two steps.
"""

from onnx_translator import Translator
from timing import SOURCE_OF_DECODING, arguments, milliseconds, show

given = arguments(__doc__)
translator = Translator(given.folder)


def ids(length):
    return [3 + 37 * index % 1000 for index in range(length - 1)] + [0]


encoding = {length: milliseconds(lambda: translator.encode(ids(length)), given.repeat) for length in given.source}
source = translator.encode(ids(SOURCE_OF_DECODING))
decoding = {length: milliseconds(lambda: translator.decode(source, length), given.repeat) for length in given.target}
short = milliseconds(lambda: translator.encode(ids(SOURCE_OF_DECODING)), given.repeat)
show(encoding, {length: time / length for length, time in decoding.items()},
     {length: short + time for length, time in decoding.items()})
