#!/usr/bin/env python3
"""Writes a model for llama.cpp: matrices in Q8_0 (or F32), norms and biases in F32, token ids without a tokenizer.

    python3 tools/bench/peers/gguf_models.py SOURCE OUTPUT.gguf [--type F32]

SOURCE is a Hugging Face directory of a Llama or of BERT, or a `.bin` of llama2.c. Q8_0 is 32 weights that share a
float16 scale, by llama.cpp's own package `gguf`.
"""

import argparse
import json
from pathlib import Path

import gguf
import numpy as np
from safetensors.numpy import load_file

import llama2c

LLAMA = {"input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
         "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output", "post_attention_layernorm": "ffn_norm",
         "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}
BERT = {"attention.self.query": "attn_q", "attention.self.key": "attn_k", "attention.self.value": "attn_v",
        "attention.output.dense": "attn_output", "attention.output.LayerNorm": "attn_output_norm",
        "intermediate.dense": "ffn_up", "output.dense": "ffn_down", "output.LayerNorm": "layer_output_norm"}


def neighbours(weight, heads):
    """Rows of queries or keys so that a rotary pair is two neighbours, as llama.cpp has them: transformers' pairs are
    half a head apart."""
    rows, columns = weight.shape
    return weight.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def llama(config, stored):
    """Tensors by llama.cpp's names."""
    yield "token_embd.weight", stored["model.embed_tokens.weight"]
    yield "output_norm.weight", stored["model.norm.weight"]
    heads = {"attn_q": config["num_attention_heads"], "attn_k": config["num_key_value_heads"]}
    for layer in range(config["num_hidden_layers"]):
        for name, new in LLAMA.items():
            tensor = stored[f"model.layers.{layer}.{name}.weight"]
            yield f"blk.{layer}.{new}.weight", neighbours(tensor, heads[new]) if new in heads else tensor


def bert(config, stored):
    """Tensors by llama.cpp's names."""
    yield "token_embd.weight", stored["embeddings.word_embeddings.weight"]
    yield "position_embd.weight", stored["embeddings.position_embeddings.weight"]
    yield "token_types.weight", stored["embeddings.token_type_embeddings.weight"]
    for kind in ("weight", "bias"):
        yield f"token_embd_norm.{kind}", stored[f"embeddings.LayerNorm.{kind}"]
        for layer in range(config["num_hidden_layers"]):
            for name, new in BERT.items():
                yield f"blk.{layer}.{new}.{kind}", stored[f"encoder.layer.{layer}.{name}.{kind}"]


def describe(writer, config):
    heads = config["num_attention_heads"]
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(config.get("num_key_value_heads", heads))
    writer.add_vocab_size(config["vocab_size"])
    writer.add_tokenizer_model("no_vocab")
    if config["model_type"] == "bert":
        writer.add_layer_norm_eps(config["layer_norm_eps"])
        writer.add_causal_attention(False)
        writer.add_pooling_type(gguf.PoolingType.MEAN)
        writer.add_token_type_count(config["type_vocab_size"])
    else:
        writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
        writer.add_rope_dimension_count(config["hidden_size"] // heads)
        writer.add_rope_freq_base(10000.0)


def read(source):
    """Configuration and tensors, as transformers names them."""
    if source.is_file():
        return llama2c.read(source)
    return json.loads((source / "config.json").read_text()), load_file(source / "model.safetensors")


def convert(source, path, kind):
    config, stored = read(source)
    writer = gguf.GGUFWriter(path, config["model_type"])
    describe(writer, config)
    for name, tensor in (bert if config["model_type"] == "bert" else llama)(config, stored):
        tensor = np.ascontiguousarray(tensor, np.float32)
        chosen = gguf.GGMLQuantizationType[kind]
        # What llama.cpp adds to float states.
        if tensor.ndim == 1 or name.startswith(("position_embd", "token_types")):
            chosen = gguf.GGMLQuantizationType.F32
        elif kind == "Q8_0" and tensor.shape[1] % 32:
            # Not whole blocks: as llama.cpp's own program does.
            chosen = gguf.GGMLQuantizationType.F16
        writer.add_tensor(name, gguf.quantize(tensor, chosen), raw_dtype=chosen)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--type", choices=["Q8_0", "F32"], default="Q8_0", help="default: Q8_0")
    arguments = parser.parse_args()
    convert(arguments.source, arguments.output, arguments.type)


if __name__ == "__main__":
    main()
