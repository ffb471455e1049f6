#!/usr/bin/env python3
"""Times ONNX Runtime's encoder by the length of a text; one JSON object on standard output.

    python3 tools/bench/peers/onnx_encode.py FOLDER --source 32,128 [--repeat N]

FOLDER is one of onnx_bert.py.
"""

from onnx_bert import Encoder
from timing import arguments, encoding, show

given = arguments(__doc__)
show(encoding(Encoder(given.folder), given), {}, {})
