#!/usr/bin/env python3
"""How far int8 is from float in Swiftlet and in its peers: the same models, the same texts.

    python3 tools/bench/peers/accuracy/compare.py [PART …] [--json FILE]

en-fr is the model of this repository, minilm is all-MiniLM-L6-v2, which a package of the package index carries,
stories15M a shape with random weights. stories260K, g2p and aren are models of others: --models names a folder with
stories260K/stories260K.bin and tok512.bin, g2p-en-us and aren-transliteration/f32; what is not there is left out.

Kullback-Leibler divergence is from the float model's distributions to int8's, in nats. Swiftlet's figures are
swiftlet-verify's; each peer is compared with a float model of its own library, or one in numpy. Bits per weight are a
file's, without its tokenizer: scales, norms, biases and headers included.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import calibration  # noqa: E402
import decoders  # noqa: E402
import translation  # noqa: E402
import vectors  # noqa: E402
from processes import REPOSITORY, fail  # noqa: E402
from table import table  # noqa: E402

PARTS = {"en-fr": (translation.compare, None), "minilm": (vectors.compare, None),
         "stories15M": (decoders.compare_shape, None), "stories260K": (decoders.compare_stories, "stories260K"),
         "g2p": (calibration.compare_g2p, "g2p-en-us"), "aren": (calibration.compare_aren, "aren-transliteration")}
FOLDER = REPOSITORY / "bin/bench/accuracy"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} (default: all)")
    parser.add_argument("--models", type=Path, help="the folder of others' models")
    parser.add_argument("--minilm", type=Path, help="all-MiniLM-L6-v2's directory (default: it is downloaded)")
    parser.add_argument("--pairs", type=Path, help="pairs of texts for minilm, with a tab between (default: dev sentences)")
    parser.add_argument("--json", type=Path, help="write all figures here")
    arguments = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    results = {}
    for part in arguments.parts or PARTS:
        if part not in PARTS:
            parser.error(f"{part} is none of {', '.join(PARTS)}")
        compare, needed = PARTS[part]
        if needed and not (arguments.models and (arguments.models / needed).exists()):
            if arguments.parts:
                fail(f"{part} needs --models FOLDER, with {needed} in it")
            print(f"{part}: left out, it needs --models\n")
            continue
        title, rows, remark = compare(FOLDER, arguments)
        results[part] = rows
        print(f"{table(title, rows)}\n{remark}\n", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
