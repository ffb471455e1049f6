#!/usr/bin/env python3
"""Times CTranslate2's encoder by the length of a text; one JSON object on standard output.

    python3 tools/bench/peers/ctranslate2_encode.py CONVERTED --source 32,128 [--repeat N]

CONVERTED is a model of ctranslate2_bert.py.
"""

import sys

# CTranslate2 imports these if it finds them, for converters that are not used here.
sys.modules.update(torch=None, transformers=None)

from ctranslate2_bert import Encoder  # noqa: E402
from timing import arguments, encoding, show  # noqa: E402

given = arguments(__doc__)
show(encoding(Encoder(given.folder), given), {}, {})
