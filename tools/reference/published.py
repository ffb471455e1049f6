#!/usr/bin/env python3
"""The float reference on published models, against the results that their makers published; with --runtime the int8
runtime, too, on what is published of prefixes, suppressed sequences and other end tokens.

    python3 tools/reference/published.py MODELS [--program .build/release/swiftlet-float] [--runtime bin]

MODELS is a folder with some of

    g2p-en-us             BART of characters: spelling to phonemes, with expected.tsv
    aren-transliteration  CTranslate2, float32 (f32) and int8 (i8), with expected.json
    stories260K           llama2.c, with expected_greedy.json

Prints for each how many results are the published ones; exit status 1 if any is not.
"""

import argparse
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path


def run(program, task, source, lines, tokens=256):
    text = "".join(" ".join(map(str, ids)) + "\n" for ids in lines)
    output = subprocess.run([program, task, str(source), "--tokens", str(tokens)], input=text, text=True,
                            stdout=subprocess.PIPE, check=True).stdout
    return [[int(id) for id in line.split()] for line in output.splitlines()]


def phonemes(program, folder):
    config = json.loads((folder / "config.json").read_text())
    graphemes, phonemes = config["grapheme_chars"], config["phoneme_chars"]
    rows = [line.split("\t") for line in (folder / "expected.tsv").read_text().splitlines()[1:]]
    sources = [[1] + [graphemes.find(letter, 4) if letter in graphemes[4:] else 3 for letter in word] + [2]
               for word, _ in rows]
    found = ["".join(phonemes[id] for id in ids if id > 3) for ids in run(program, "translate", folder, sources)]
    return sum(text == expected for text, (_, expected) in zip(found, rows)), len(rows)


def transliterations(program, folder, kind):
    source, target = [(folder / kind / f"{side}_vocabulary.txt").read_text().splitlines()
                      for side in ("source", "target")]
    cases = [case for case in json.loads((folder / "expected.json").read_text())["cases"]
             if not {"prefix", "suppress_sequences", "end_token"} & case.keys()]
    lines = [[source.index(token) if token in source else len(source) for token in case["src"]] for case in cases]
    found = [[target[id] for id in ids[:-1]] for ids in run(program, "translate", folder / kind, lines)]
    return sum(tokens == case["tgt"] for tokens, case in zip(found, cases)), len(cases)


def decodings(runtime, folder, kind):
    """All cases, greedy and with beams. Text has no name for `<unk>`: what the vocabulary lacks becomes one."""
    cases = json.loads((folder / "expected.json").read_text())["cases"]
    right = 0
    with tempfile.TemporaryDirectory() as temporary:
        model = f"{temporary}/model.swiftlet"
        subprocess.run([f"{runtime}/swiftlet-convert", str(folder / kind), "-o", model, "--quiet"], check=True)
        for case in cases:
            options = ["--prefix", "".join(case["prefix"]).replace("<unk>", "?")] if "prefix" in case else []
            for sequence in case.get("suppress_sequences", []):
                options += ["--suppress", "".join(sequence)]
            if "end_token" in case:
                options += ["--stop", case["end_token"]]
            for beams in (1, 4):
                found = json.loads(subprocess.run(
                    [f"{runtime}/swiftlet", "translate", model, "--json", "--beam", str(beams), *options,
                     "".join(case["src"])], text=True, stdout=subprocess.PIPE, check=True).stdout)
                expected = case["tgt"] + ([case["end_token"]] if "end_token" in case else ["</s>"])
                right += found["tokens"] == expected
                right -= "end_token" in case and found["text"] != "".join(case["tgt"])
    return right, 2 * len(cases)


def story(program, folder):
    data, place, tokens = (folder / "tok512.bin").read_bytes(), 4, []
    while place < len(data):
        _, length = struct.unpack_from("<fi", data, place)
        tokens.append(data[place + 8:place + 8 + length])
        place += 8 + length
    text, previous = b"", 1
    for id in run(program, "generate", folder / "stories260K.bin", [[1]], tokens=200)[0]:
        token = tokens[id]
        if token.startswith(b"<0x") and len(token) == 6:
            token = bytes([int(token[3:5], 16)])
        text += token[1:] if previous == 1 and token.startswith(b" ") else token
        previous = id
    return int(text.decode() == json.loads((folder / "expected_greedy.json").read_text())["text"]), 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path)
    parser.add_argument("--program", default=".build/release/swiftlet-float")
    parser.add_argument("--runtime")
    arguments = parser.parse_args()
    checks = [("g2p-en-us", "words", phonemes, ()), ("aren-transliteration", "pairs, float32", transliterations, ("f32",)),
              ("aren-transliteration", "pairs, int8", transliterations, ("i8",)),
              ("stories260K", "text, byte for byte", story, ())]
    programs = [arguments.program] * len(checks)
    if arguments.runtime:
        for kind in ("f32", "i8"):
            checks.append(("aren-transliteration", f"targets, runtime from {kind}", decodings, (kind,)))
            programs.append(arguments.runtime)
    failed = False
    for program, (name, what, check, extra) in zip(programs, checks):
        if (arguments.models / name).is_dir():
            right, count = check(program, arguments.models / name, *extra)
            failed |= right != count
            print(f"{name}: {right} of {count} {what}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
