#!/usr/bin/env python3
"""Times CTranslate2's forward pass by the lengths of source and target; one JSON object on standard output.

    python3 tools/bench/peers/ctranslate2_steps.py CONVERTED --source 16,64 --target 16,64 [--repeat N]

CONVERTED is a model of ctranslate2_random.py. All is measured through `translate_batch`, CTranslate2's one way into
its encoder-decoder models: batch of one, beam of one, one thread, as many tokens as asked for, no more and no less.
With T(S, N) the time for a source of S tokens (its end token included) and a target of N:

- a decoded token takes (T(16, N) - T(16, 1)) / (N - 1);
- encoding takes 2 T(S, 1) - T(S, 2): what is left of one token's translation without the token. As in
  `swiftlet-bench`, the keys and values that the decoder takes from the source belong to it.

What queueing a request costs is in T and so in the encoding, but not in a decoded token.
"""

import sys

# CTranslate2 imports these if it finds them, for converters that are not used here: they cost memory.
sys.modules.update(torch=None, transformers=None)

import ctranslate2  # noqa: E402

from timing import SOURCE_OF_DECODING, arguments, extrapolated, milliseconds, show  # noqa: E402

given = arguments(__doc__)
translator = ctranslate2.Translator(given.folder, device="cpu", compute_type="int8", inter_threads=1, intra_threads=1)


def translate(source, target):
    # CTranslate2 adds the end token.
    words = [f"w{3 + 37 * index % 1000}" for index in range(source - 1)]
    result = translator.translate_batch([words], beam_size=1, max_batch_size=1, min_decoding_length=target,
                                        max_decoding_length=target)
    count = len(result[0].hypotheses[0])
    if count != target:
        sys.exit(f"ctranslate2_steps: error: {count} tokens for a target of {target}")


def time(source, target):
    return milliseconds(lambda: translate(source, target), given.repeat)


def encode(source):
    return extrapolated(lambda: translate(source, 1), lambda: translate(source, 2), given.repeat)


targets = [length for length in given.target if length > 1]
shortest = time(SOURCE_OF_DECODING, 1)
whole = {length: time(SOURCE_OF_DECODING, length) for length in targets}
token = {length: (whole[length] - shortest) / (length - 1) for length in targets}
show({length: encode(length) for length in given.source}, token, whole)
