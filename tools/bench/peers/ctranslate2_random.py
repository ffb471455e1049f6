#!/usr/bin/env python3
"""Writes a CTranslate2 model of a shape, with random weights quantised to int8.

    python3 tools/bench/peers/ctranslate2_random.py 6+6-d512-h8-f2048-v32000 FOLDER

The shape is as `swiftlet-bench` writes it: layers of encoder and decoder, width, heads, inner width of the
feed-forward networks, vocabulary. As in Swiftlet's models of that shape, embeddings and projection share their
weights, norms follow the residual connections, and token 3 is `w3`.
"""

import sys

import ctranslate2
import numpy as np

from ctranslate2_writer import positions, save
from shape import POSITIONS, parse, tokens


def specification(shape, seed=1):
    width, inner = shape.width, shape.feed_forward
    random = np.random.default_rng(seed)

    def uniform(limit, *lengths):
        return random.uniform(-limit, limit, lengths).astype(np.float32)

    def linear(spec, matrices, rows, columns):
        # Glorot and Bengio's limit, as in Swiftlet's models.
        spec.weight = uniform((6 / (rows + columns)) ** 0.5, matrices * rows, columns)
        spec.bias = uniform(columns ** -0.5, matrices * rows)

    def norm(spec):
        spec.gamma, spec.beta = np.ones(width, np.float32), np.zeros(width, np.float32)

    def attention(spec, *matrices):
        for linear_spec, count in zip(spec.linear, matrices):
            linear(linear_spec, count, width, width)
        norm(spec.layer_norm)

    def feed_forward(spec):
        linear(spec.linear_0, 1, inner, width)
        linear(spec.linear_1, 1, width, inner)
        norm(spec.layer_norm)

    spec = ctranslate2.specs.TransformerSpec.from_config(
        (shape.encoder_layers, shape.decoder_layers), shape.heads, pre_norm=False,
        activation=ctranslate2.specs.Activation.RELU)
    embeddings = uniform((3 / width) ** 0.5, shape.vocabulary, width)
    for part in (spec.encoder, spec.decoder):
        part.scale_embeddings = width ** 0.5
        part.position_encodings.encodings = positions(POSITIONS, width)
    # Copies: `optimize` quantises the arrays that it is given in place.
    spec.encoder.embeddings[0].weight = embeddings.copy()
    spec.decoder.embeddings.weight = embeddings.copy()
    spec.decoder.projection.weight = embeddings.copy()
    for layer in spec.encoder.layer:
        attention(layer.self_attention, 3, 1)
        feed_forward(layer.ffn)
    for layer in spec.decoder.layer:
        attention(layer.self_attention, 3, 1)
        attention(layer.attention, 1, 2, 1)
        feed_forward(layer.ffn)

    spec.register_source_vocabulary(tokens(shape))
    spec.register_target_vocabulary(tokens(shape))
    spec.config.unk_token, spec.config.eos_token, spec.config.bos_token = "<unk>", "</s>", "</s>"
    spec.config.decoder_start_token = "<pad>"
    spec.config.add_source_eos = True
    return spec


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    save(specification(parse(sys.argv[1])), sys.argv[2])


if __name__ == "__main__":
    main()
