"""Makes Tests/ModelFileTests/Fixtures/xxh64.json: XXH64 as the `xxhash` package computes it.

Usage:
    python3 tools/reference/xxh64.py [--out Tests/ModelFileTests/Fixtures]

Needs Python 3.9+ and `xxhash` (made with 4.1.0). Deterministic. The file holds two tables:

    texts     a text and its hash
    lengths   a length n and the hash of n bytes, byte i of which is (i · 2654435761 >> 24) mod 256
"""

import argparse
import json
import pathlib

import xxhash

TEXTS = ["", "a", "abc", "xxhash", "Nobody inspects the spammish repetition", "Le chat s’assit sur le tapis."]
LENGTHS = [*range(0, 101), 127, 128, 129, 255, 256, 257, 1000, 4095, 4096, 4097, 100_003]


def pattern(count):
    return bytes((i * 2654435761 >> 24) & 255 for i in range(count))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("Tests/ModelFileTests/Fixtures"))
    out = parser.parse_args().out
    golden = {
        "texts": [{"text": text, "hash": xxhash.xxh64(text.encode()).hexdigest()} for text in TEXTS],
        "lengths": [{"length": n, "hash": xxhash.xxh64(pattern(n)).hexdigest()} for n in LENGTHS],
    }
    (out / "xxh64.json").write_text(json.dumps(golden, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
