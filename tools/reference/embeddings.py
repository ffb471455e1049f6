#!/usr/bin/env python3
"""Sentence vectors by PyTorch in float32, and how near others' vectors come to them.

    python3 tools/reference/embeddings.py MODEL weights/en-fr/dev.tsv --limit 200 --output golden.jsonl
    python3 tools/reference/embeddings.py --golden golden.jsonl --compare vectors.txt

MODEL is a directory of sentence-transformers around BERT (config.json, model.safetensors, tokenizer.json): mean
pooling, length 1. Of each line of the text up to its first tab it writes a JSON object: text, ids, vector. With
--compare it reads vectors, one on a line, numbers with spaces, and prints the cosines: mean, worst, and where.

Needs: pip install -r tools/reference/requirements.txt
"""

import argparse
import json
from pathlib import Path

import numpy


def vectors(directory, texts):
    import tokenizers
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    model = transformers.AutoModel.from_pretrained(directory, dtype=torch.float32).eval()
    tokenizer = tokenizers.Tokenizer.from_file(str(directory / "tokenizer.json"))
    tokenizer.no_padding()
    for text in texts:
        ids = tokenizer.encode(text).ids
        with torch.no_grad():
            state = model(input_ids=torch.tensor([ids])).last_hidden_state[0].mean(0)
        yield {"text": text, "ids": ids, "vector": (state / state.norm()).tolist()}


def compare(golden, path):
    rows = [json.loads(line) for line in golden.read_text().splitlines()]
    found = [numpy.array(line.split(), dtype=float) for line in path.read_text().splitlines()]
    if len(rows) != len(found):
        raise SystemExit(f"embeddings: error: {len(found)} vectors for {len(rows)} texts")
    cosines = [numpy.dot(row["vector"], vector) / numpy.linalg.norm(row["vector"]) / numpy.linalg.norm(vector)
               for row, vector in zip(rows, found)]
    worst = int(numpy.argmin(cosines))
    largest = max(abs(numpy.array(row["vector"]) - vector).max() for row, vector in zip(rows, found))
    print(f"{len(rows)} texts: cosine mean {numpy.mean(cosines):.6f}, worst {cosines[worst]:.6f}"
          f" ({rows[worst]['text']!r}); largest difference of a number {largest:.2e}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, nargs="?")
    parser.add_argument("text", type=Path, nargs="?")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--golden", type=Path)
    parser.add_argument("--compare", type=Path)
    arguments = parser.parse_args()
    if arguments.compare:
        return compare(arguments.golden, arguments.compare)
    lines = arguments.text.read_text(encoding="utf-8").splitlines()[:arguments.limit]
    with arguments.output.open("w") as output:
        for row in vectors(arguments.model, [line.split("\t")[0] for line in lines]):
            output.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
