#!/usr/bin/env python3
"""Writes a float model of a shape as a Hugging Face directory, with random weights: what all engines convert.

    python3 tools/bench/peers/random_models.py llama 0+6-d288-h6-f768-v32000 FOLDER
    python3 tools/bench/peers/random_models.py bert 6+0-d384-h12-f1536-v30522 FOLDER

The shape is as `swiftlet-bench` writes it. Weights are uniform within Glorot and Bengio's limit, as in Swiftlet's
named shapes. Token 3 is `w3`.
"""

import json
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from shape import parse

POSITIONS = {"llama": 1024, "bert": 512}


class Weights(dict):
    """Named tensors in float32."""

    def __init__(self, seed):
        super().__init__()
        self.random = np.random.default_rng(seed)

    def uniform(self, name, limit, *lengths):
        self[name] = self.random.uniform(-limit, limit, lengths).astype(np.float32)

    def table(self, name, rows, width):
        """Embeddings: a variance of 1 / width."""
        self.uniform(name, (3 / width) ** 0.5, rows, width)

    def linear(self, name, rows, columns, bias=False):
        self.uniform(f"{name}.weight", (6 / (rows + columns)) ** 0.5, rows, columns)
        if bias:
            self.uniform(f"{name}.bias", columns ** -0.5, rows)

    def norm(self, name, width, bias=False):
        self[f"{name}.weight"] = np.ones(width, np.float32)
        if bias:
            self[f"{name}.bias"] = np.zeros(width, np.float32)


def llama(shape):
    """Weights and configuration of a LlamaForCausalLM, whose projection is its embeddings."""
    weights, width, inner = Weights(1), shape.width, shape.feed_forward
    weights.table("model.embed_tokens.weight", shape.vocabulary, width)
    for layer in (f"model.layers.{number}" for number in range(shape.decoder_layers)):
        weights.norm(f"{layer}.input_layernorm", width)
        for part in "qkvo":
            weights.linear(f"{layer}.self_attn.{part}_proj", width, width)
        weights.norm(f"{layer}.post_attention_layernorm", width)
        weights.linear(f"{layer}.mlp.gate_proj", inner, width)
        weights.linear(f"{layer}.mlp.up_proj", inner, width)
        weights.linear(f"{layer}.mlp.down_proj", width, inner)
    weights.norm("model.norm", width)
    return weights, {
        "model_type": "llama", "hidden_size": width, "intermediate_size": inner, "hidden_act": "silu",
        "num_hidden_layers": shape.decoder_layers, "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.heads, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
        "vocab_size": shape.vocabulary, "tie_word_embeddings": True, "bos_token_id": 1, "eos_token_id": 2}


def bert(shape):
    """Weights and configuration of a BertModel without pooler."""
    weights, width = Weights(1), shape.width
    weights.table("embeddings.word_embeddings.weight", shape.vocabulary, width)
    weights.table("embeddings.position_embeddings.weight", POSITIONS["bert"], width)
    weights.table("embeddings.token_type_embeddings.weight", 2, width)
    weights.norm("embeddings.LayerNorm", width, bias=True)
    for layer in (f"encoder.layer.{number}" for number in range(shape.encoder_layers)):
        for part in ("self.query", "self.key", "self.value", "output.dense"):
            weights.linear(f"{layer}.attention.{part}", width, width, bias=True)
        weights.norm(f"{layer}.attention.output.LayerNorm", width, bias=True)
        weights.linear(f"{layer}.intermediate.dense", shape.feed_forward, width, bias=True)
        weights.linear(f"{layer}.output.dense", width, shape.feed_forward, bias=True)
        weights.norm(f"{layer}.output.LayerNorm", width, bias=True)
    return weights, {
        "model_type": "bert", "hidden_size": width, "intermediate_size": shape.feed_forward, "hidden_act": "gelu",
        "num_hidden_layers": shape.encoder_layers, "num_attention_heads": shape.heads, "layer_norm_eps": 1e-12,
        "type_vocab_size": 2, "vocab_size": shape.vocabulary, "pad_token_id": 0}


def sentence_piece(count):
    """A SentencePiece model whose words are tokens, as a Llama has one."""
    from sentencepiece import sentencepiece_model_pb2

    model = sentencepiece_model_pb2.ModelProto()
    kinds = sentencepiece_model_pb2.ModelProto.SentencePiece
    model.trainer_spec.model_type = sentencepiece_model_pb2.TrainerSpec.UNIGRAM
    for number in range(count):
        text, kind = (("<unk>", kinds.UNKNOWN), ("<s>", kinds.CONTROL), ("</s>", kinds.CONTROL),
                      (f"\u2581w{number}", kinds.NORMAL))[min(number, 3)]
        model.pieces.add(piece=text, score=0 if number < 3 else -10, type=kind)
    return model.SerializeToString()


def write(family, shape, folder):
    weights, config = {"llama": llama, "bert": bert}[family](shape)
    config["max_position_embeddings"] = POSITIONS[family]
    folder.mkdir(parents=True, exist_ok=True)
    if family == "llama":
        (folder / "tokenizer.model").write_bytes(sentence_piece(shape.vocabulary))
    else:
        words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        words += [f"w{number}" for number in range(len(words), shape.vocabulary)]
        (folder / "vocab.txt").write_text("\n".join(words) + "\n")
    save_file(dict(weights), folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in POSITIONS:
        sys.exit(__doc__)
    write(sys.argv[1], parse(sys.argv[2]), Path(sys.argv[3]))


if __name__ == "__main__":
    main()
