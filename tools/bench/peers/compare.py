#!/usr/bin/env python3
"""Swiftlet and its peers by turns on the same core: medians, and their ratios round by round.

    python3 tools/bench/peers/compare.py [PART …] [--rounds N] [--json FILE]

en-fr is the trained model of this repository, over its dev sentences. The other parts are shapes with random weights
(swiftlet-bench --help), for sources and targets of fixed length, and a target is exactly as long as asked for. For
base and student each engine has weights of its own. For minilm (an encoder), stories15M and stories110M (decoders) all
engines convert the same Hugging Face directory (random_models.py), Swiftlet with swiftlet-convert, llama.cpp to Q8_0.

Each round measures every engine, so that what else the machine does meets all alike, each time in a fresh process,
so that one unlucky place in memory doesn't stay. A ratio is the median of the rounds' ratios, with the least and the
greatest; above 1 is in favour of Swiftlet.

CTranslate2 (CT2) multiplies with Intel's MKL on Intel's processors and with oneDNN on others: both are measured
(CT2_USE_MKL). Its decoded token is the difference of a long and a short target, its encoding what is left of a
target of one token without that (ctranslate2_steps.py); Swiftlet's and ONNX Runtime's are measured as such. "16 tokens to N" is a whole
translation: for Swiftlet and ONNX Runtime, the encoding and N tokens. The peers' processes are Python processes.

Pin it to one core: `taskset -c 1 python3 …`, as tools/bench/peers/run does.
"""

import argparse
import json
import tempfile
from pathlib import Path

import sentences
import sources
import steps
from engines import DECODERS, ENCODERS, PARTS, installed, version
from processes import REPOSITORY, fail


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} (default: all)")
    parser.add_argument("--model", type=Path, default=REPOSITORY / "bin/en-fr.swiftlet",
                        help="the file of en-fr (default: bin/en-fr.swiftlet)")
    parser.add_argument("--rounds", type=int, default=5, help="default: 5")
    parser.add_argument("--json", type=Path, help="write all figures here")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1")
    parts = arguments.parts or PARTS
    for part in parts:
        if part not in PARTS:
            parser.error(f"{part} is none of {', '.join(PARTS)}")
    engines = installed()
    if not engines:
        fail("no peer is installed; tools/bench/peers/setup installs them")
    figures = {}
    print("; ".join(f"{package} {version(package)}" for package in dict.fromkeys(engine.package for engine in engines)))
    with tempfile.TemporaryDirectory() as folder:
        for part in parts:
            engines = installed(part)
            if not engines:
                print(f"\n{part}: no peer that takes it is installed", flush=True)
                continue
            if part == "en-fr":
                text, figures[part] = sentences.compare(arguments.model, arguments.rounds, engines, Path(folder))
            elif part in ENCODERS + DECODERS:
                text, figures[part] = sources.compare(part, arguments.rounds, engines, Path(folder))
            else:
                text, figures[part] = steps.compare(part, arguments.rounds, engines, Path(folder))
            print(f"\n{text}", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
