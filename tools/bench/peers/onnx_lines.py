#!/usr/bin/env python3
"""Turns each line of standard input, words such as `w3`, into N tokens with ONNX Runtime, one line at a time.

    python3 tools/bench/peers/onnx_lines.py FOLDER --tokens N < lines

FOLDER is one of onnx_random.py. It does nothing else, so that the time and the memory of its process are those of
the task.
"""

import sys

from onnx_translator import Translator

translator = Translator(sys.argv[1])
for line in sys.stdin:
    source = translator.encode([int(word[1:]) for word in line.split()] + [0])
    print(" ".join(f"w{number}" for number in translator.decode(source, int(sys.argv[3]))))
