#!/usr/bin/env python3
"""Translates the lines of standard input with CTranslate2, as `swiftlet translate` does: greedily, one at a time.

    python3 tools/bench/peers/ctranslate2_lines.py CONVERTED WEIGHTS < lines

CONVERTED is a model that ctranslate2_en_fr.py has kept (`--converted`), WEIGHTS the folder of its tokenizers.
It does nothing else, so that the time and the memory of its process are those of the task.
"""

import sys

# CTranslate2 imports these if it finds them, for converters that are not used here: they cost memory.
sys.modules.update(torch=None, transformers=None)

import ctranslate2  # noqa: E402
import sentencepiece  # noqa: E402

converted, weights = sys.argv[1:]
translator = ctranslate2.Translator(converted, device="cpu", compute_type="int8", inter_threads=1, intra_threads=1)
source = sentencepiece.SentencePieceProcessor(model_file=f"{weights}/source.spm")
target = sentencepiece.SentencePieceProcessor(model_file=f"{weights}/target.spm")
for line in sys.stdin:
    pieces = source.encode(line.removesuffix("\n"), out_type=str)
    result = translator.translate_batch([pieces], beam_size=1, max_batch_size=1, max_decoding_length=128)
    print(target.decode(result[0].hypotheses[0]))
