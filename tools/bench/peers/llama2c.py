"""Reads a `.bin` of llama2.c, version 0, as transformers names its tensors."""

import numpy as np


def halves(weight, heads):
    """Rows of queries or keys with rotary pairs half a head apart: llama2.c's are neighbours."""
    rows, columns = weight.shape
    return weight.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)


def read(path):
    """Configuration and tensors in float32."""
    width, inner, layers, heads, key_heads, vocabulary, positions = np.fromfile(path, np.int32, 7).tolist()
    numbers, place = np.fromfile(path, np.float32, offset=28), 0

    def take(*lengths):
        nonlocal place
        count = int(np.prod(lengths))
        place += count
        return numbers[place - count:place].reshape(lengths)

    if vocabulary < 0:
        raise SystemExit(f"{path}: a projection of its own is not read here")
    narrow = width // heads * key_heads
    stored = {"model.embed_tokens.weight": take(vocabulary, width)}
    parts = [("input_layernorm", (width,)), ("self_attn.q_proj", (width, width)), ("self_attn.k_proj", (narrow, width)),
             ("self_attn.v_proj", (narrow, width)), ("self_attn.o_proj", (width, width)),
             ("post_attention_layernorm", (width,)), ("mlp.gate_proj", (inner, width)),
             ("mlp.down_proj", (width, inner)), ("mlp.up_proj", (inner, width))]
    for name, lengths in parts:
        for layer in range(layers):
            tensor = take(*lengths)
            if name[-6:] in ("q_proj", "k_proj"):
                tensor = halves(tensor, heads if name[-6] == "q" else key_heads)
            stored[f"model.layers.{layer}.{name}.weight"] = tensor
    stored["model.norm.weight"] = take(width)
    config = {"model_type": "llama", "hidden_size": width, "intermediate_size": inner, "num_hidden_layers": layers,
              "num_attention_heads": heads, "num_key_value_heads": key_heads, "vocab_size": vocabulary,
              "max_position_embeddings": positions, "rms_norm_eps": 1e-5}
    return config, stored
