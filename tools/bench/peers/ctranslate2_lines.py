#!/usr/bin/env python3
"""Translates the lines of standard input with CTranslate2, as `swiftlet translate` does: greedily or with beams, one at
a time.

    python3 tools/bench/peers/ctranslate2_lines.py CONVERTED WEIGHTS [--beam N] < lines
    python3 tools/bench/peers/ctranslate2_lines.py CONVERTED --tokens N < lines

CONVERTED is a model that ctranslate2_en_fr.py has kept (`--converted`), WEIGHTS the folder of its tokenizers; or it
is one of ctranslate2_random.py, whose tokens are words, and each line becomes N of them. It does nothing else, so
that the time and the memory of its process are those of the task.
"""

import sys

# CTranslate2 imports these if it finds them, for converters that are not used here: they cost memory.
sys.modules.update(torch=None, transformers=None)

import ctranslate2  # noqa: E402

converted, choice = sys.argv[1:3]
beam = int(sys.argv[sys.argv.index("--beam") + 1]) if "--beam" in sys.argv else 1
translator = ctranslate2.Translator(converted, device="cpu", compute_type="int8", inter_threads=1, intra_threads=1)
if choice == "--tokens":
    encode, decode, least, most = str.split, " ".join, int(sys.argv[3]), int(sys.argv[3])
else:
    import sentencepiece

    source = sentencepiece.SentencePieceProcessor(model_file=f"{choice}/source.spm")
    target = sentencepiece.SentencePieceProcessor(model_file=f"{choice}/target.spm")
    decode, least, most = target.decode, 1, 128

    def encode(line):
        return source.encode(line, out_type=str)

for line in sys.stdin:
    result = translator.translate_batch([encode(line.removesuffix("\n"))], beam_size=beam, max_batch_size=1,
                                        min_decoding_length=least, max_decoding_length=most)
    print(decode(result[0].hypotheses[0]))
