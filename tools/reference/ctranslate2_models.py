#!/usr/bin/env python3
"""Tiny models in CTranslate2's format, and how CTranslate2 scores a text with them: goldens of
Tests/FloatReferenceTests.

    python3 tools/reference/ctranslate2_models.py [--directory D]

Each golden is one JSON file: names, types and shapes of the variables, whose numbers both sides make from the names,
the configuration, tokens of a source and a target, the target's log-probabilities, computed in float32, and what
CTranslate2 chooses with prefixes, suppressed sequences and another end token.

Needs: pip install -r tools/reference/requirements.txt ctranslate2
"""

import argparse
import json
import math
import struct
import tempfile
from pathlib import Path

import ctranslate2
import numpy

from families import values

REPOSITORY = Path(__file__).resolve().parents[2]
KINDS = ["float32", "int8", "int16", "int32", "float16", "bfloat16"]
VOCABULARY = ["<unk>", "<s>", "</s>"] + [f"t{index}" for index in range(3, 23)]
SOURCE = [5, 17, 3, 20, 8, 11]
TARGET = [7, 19, 4, 4, 12, 21, 2]
# How tokens are chosen: prefix, suppressed sequences, the token that ends a target.
CHOICES = [([], [], 2), ([7, 19], [], 2), ([0, 7], [], 2), ([], "second", 2), ([], "first", 2), ([], [], "third")]
LONGEST = 12


def numbers(name, kind, shape, value):
    """The bytes of a variable: its value, sinusoids, or numbers made of its name."""
    if value == "sinusoids":
        angles = numpy.arange(shape[0])[:, None] * numpy.exp(-numpy.arange(0, shape[1], 2) * math.log(10000) / shape[1])
        table = numpy.stack([numpy.sin(angles), numpy.cos(angles)], -1).reshape(shape)
        return table.astype(numpy.float32).tobytes()
    if value is not None:
        return numpy.full(shape, value, kind).tobytes()
    made = values(name, shape)
    if kind == "int8":
        return numpy.trunc(made * 254).astype(numpy.int8).tobytes()
    if name.endswith("_scale"):
        return (made * 100 + 300).astype(numpy.float32).tobytes()
    return made.astype(kind).tobytes()


def model(kind="float32", glu=False, rms=False, pre_norm=1, final_norm=True, embedding_norm=False, activation=0,
          positions=None, tied=False, scale=1, from_zero=0):
    """The variables of a model of one encoder and one decoder layer: (name, type, shape, value), and aliases."""
    variables, width, inner = [], 16, 24

    def matrix(name, rows, columns):
        variables.append((f"{name}/weight", kind, [rows, columns], None))
        if kind == "int8":
            variables.append((f"{name}/weight_scale", "float32", [rows], None))

    def linear(name, rows, columns):
        matrix(name, rows, columns)
        variables.append((f"{name}/bias", "float32", [rows], None))

    def norm(name):
        variables.append((f"{name}/gamma", "float32", [width], None))
        if not rms:
            variables.append((f"{name}/beta", "float32", [width], None))

    for stack in ("encoder", "decoder"):
        layer = f"{stack}/layer_0"
        for name, type_, value in (("num_heads", "int16", 4), ("pre_norm", "int8", pre_norm),
                                   ("activation", "int8", activation), ("scale_embeddings", "int8", scale)):
            variables.append((f"{stack}/{name}", type_, [], value))
        linear(f"{layer}/self_attention/linear_0", 3 * width, width)
        linear(f"{layer}/self_attention/linear_1", width, width)
        norm(f"{layer}/self_attention/layer_norm")
        if stack == "decoder":
            linear(f"{layer}/attention/linear_0", width, width)
            linear(f"{layer}/attention/linear_1", 2 * width, width)
            linear(f"{layer}/attention/linear_2", width, width)
            norm(f"{layer}/attention/layer_norm")
        linear(f"{layer}/ffn/linear_0", inner, width)
        if glu:
            linear(f"{layer}/ffn/linear_0_noact", inner, width)
        linear(f"{layer}/ffn/linear_1", width, inner)
        norm(f"{layer}/ffn/layer_norm")
        if final_norm:
            norm(f"{stack}/layer_norm")
        if embedding_norm:
            norm(f"{stack}/layernorm_embedding")
        if positions:
            variables.append((f"{stack}/position_encodings/encodings", "float32", [30, width],
                              "sinusoids" if positions == "sinusoids" else None))
    variables.append(("decoder/start_from_zero_embedding", "int8", [], from_zero))
    matrix("encoder/embeddings_0", len(VOCABULARY), width)
    aliases = []
    if tied:
        aliases = [("decoder/embeddings/weight", "encoder/embeddings_0/weight"),
                   ("decoder/projection/weight", "encoder/embeddings_0/weight")]
        variables.append(("decoder/projection/bias", "float32", [len(VOCABULARY)], None))
    else:
        matrix("decoder/embeddings", len(VOCABULARY), width)
        linear("decoder/projection", len(VOCABULARY), width)
    return variables, aliases


GOLDENS = {
    "opennmt": (model(positions="sinusoids", tied=True), {"layer_norm_epsilon": 1e-6}),
    "int8-tied": (model(kind="int8", tied=True), {"decoder_start_token": "</s>"}),
    "int8-post-norm": (model(kind="int8", pre_norm=0, final_norm=False, embedding_norm=True, activation=3,
                             positions="learned", scale=0), {}),
    "from-zero": (model(kind="int8", tied=True, from_zero=1), {"decoder_start_token": "</s>"}),
    "from-zero-untied": (model(activation=2, from_zero=1), {"decoder_start_token": "</s>"}),
    "float16-gated": (model(kind="float16", glu=True, rms=True, activation=2), {}),
}


def write(path, variables, aliases):
    def text(string):
        return struct.pack("<H", len(string) + 1) + string.encode() + b"\0"

    data = struct.pack("<I", 6) + text("TransformerSpec") + struct.pack("<II", 7, len(variables))
    for name, kind, shape, value in variables:
        payload = numbers(name, kind, shape, value)
        data += text(name) + struct.pack(f"<B{len(shape)}I", len(shape), *shape)
        data += struct.pack("<BI", KINDS.index(kind), len(payload)) + payload
    data += struct.pack("<I", len(aliases)) + b"".join(text(alias) + text(name) for alias, name in aliases)
    path.write_bytes(data)


def choose(translator):
    """What is chosen in each case; sequences and end tokens that matter are those of the first case's target."""
    def names(ids):
        return [VOCABULARY[index] for index in ids]

    decodings, free = [], []
    for prefix, suppressed, end in CHOICES:
        suppressed = {"first": [free[:1]], "second": [free[:2]]}.get(suppressed or "", [])
        end = free[2] if end == "third" else end
        result = translator.translate_batch(
            [names(SOURCE)], target_prefix=[names(prefix)] if prefix else None, beam_size=1,
            suppress_sequences=[names(ids) for ids in suppressed] or None, end_token=VOCABULARY[end],
            max_decoding_length=LONGEST, return_end_token=True)[0]
        ids = [VOCABULARY.index(token) for token in result.hypotheses[0]]
        free = free or ids
        decodings.append({"prefix": prefix, "suppressed": suppressed, "end": end, "ids": ids})
    return decodings


def score(translator):
    tokens = [[VOCABULARY[index] for index in ids] for ids in (SOURCE, TARGET[:-1])]
    return translator.score_batch([tokens[0]], [tokens[1]])[0].log_probs


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directory", type=Path, default=REPOSITORY / "Tests/FloatReferenceTests/CTranslate2")
    arguments = parser.parse_args()
    arguments.directory.mkdir(parents=True, exist_ok=True)
    for name, ((variables, aliases), settings) in GOLDENS.items():
        config = {"unk_token": "<unk>", "bos_token": "<s>", "eos_token": "</s>", "add_source_bos": False,
                  "add_source_eos": False, "decoder_start_token": "<s>"} | settings
        with tempfile.TemporaryDirectory() as folder:
            directory = Path(folder)
            write(directory / "model.bin", variables, aliases)
            (directory / "config.json").write_text(json.dumps(config))
            (directory / "shared_vocabulary.json").write_text(json.dumps(VOCABULARY))
            translator = ctranslate2.Translator(str(directory), compute_type="float32", inter_threads=1)
            scores, decodings = score(translator), choose(translator)
        golden = {"variables": [{"name": name, "kind": kind, "shape": shape, "value": value if
                                 not isinstance(value, str) else None, "sinusoids": value == "sinusoids"}
                                for name, kind, shape, value in variables],
                  "aliases": aliases, "config": json.dumps(config), "vocabulary": json.dumps(VOCABULARY),
                  "source": SOURCE, "target": TARGET, "scores": scores, "decodings": decodings}
        path = arguments.directory / f"{name}.json"
        path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
