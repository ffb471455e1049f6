#!/usr/bin/env python3
"""Writes a BERT encoder for CTranslate2, quantised to int8.

    python3 tools/bench/peers/ctranslate2_bert.py SOURCE FOLDER [--type int8]

SOURCE is a Hugging Face directory. The tensors go where CTranslate2's own converter for transformers puts them; this
one needs no PyTorch.
"""

import argparse
import json
from pathlib import Path

import ctranslate2
import numpy as np
from ctranslate2.specs import Activation, EmbeddingsMerge, TransformerEncoderModelSpec, TransformerEncoderSpec

from ctranslate2_writer import Tensors, save


def specification(source):
    config = json.loads((source / "config.json").read_text())
    tensors = Tensors(source / "model.safetensors")
    encoder = TransformerEncoderSpec(
        config["num_hidden_layers"], config["num_attention_heads"], pre_norm=False, activation=Activation.GELU,
        num_source_embeddings=2, embeddings_merge=EmbeddingsMerge.ADD, layernorm_embedding=True)
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = tensors["embeddings.word_embeddings.weight"]
    encoder.embeddings[1].weight = tensors["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = tensors["embeddings.position_embeddings.weight"]
    tensors.norm(encoder.layernorm_embedding, "embeddings.LayerNorm")
    for index, layer in enumerate(encoder.layer):
        name = f"encoder.layer.{index}"
        inputs = (f"{name}.attention.self.{part}" for part in ("query", "key", "value"))
        tensors.linear(layer.self_attention.linear[0], *inputs)
        tensors.linear(layer.self_attention.linear[1], f"{name}.attention.output.dense")
        tensors.norm(layer.self_attention.layer_norm, f"{name}.attention.output.LayerNorm")
        tensors.linear(layer.ffn.linear_0, f"{name}.intermediate.dense")
        tensors.linear(layer.ffn.linear_1, f"{name}.output.dense")
        tensors.norm(layer.ffn.layer_norm, f"{name}.output.LayerNorm")
    spec = TransformerEncoderModelSpec(encoder)
    spec.register_vocabulary([f"w{number}" for number in range(config["vocab_size"])])
    spec.config.unk_token = "w1"
    spec.config.layer_norm_epsilon = config["layer_norm_eps"]
    return spec


def convert(source, folder, kind="int8"):
    save(specification(source), folder, kind)


class Encoder:
    """A converted model: ids in, last states out."""

    def __init__(self, folder, kind="int8"):
        self.encoder = ctranslate2.Encoder(str(folder), device="cpu", compute_type=kind, inter_threads=1,
                                           intra_threads=1)

    def states(self, ids):
        return np.array(self.encoder.forward_batch([ids]).last_hidden_state)[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--type", choices=["int8", "float32"], default="int8", help="default: int8")
    arguments = parser.parse_args()
    convert(arguments.source, arguments.folder, arguments.type)


if __name__ == "__main__":
    main()
