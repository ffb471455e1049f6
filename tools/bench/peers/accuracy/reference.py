"""A Llama in numpy and float64: the reference that decoders are measured against, and the writer of their texts."""

import numpy as np


class Llama:
    """One text at a time; `config` and `stored` as transformers has them."""

    def __init__(self, config, stored):
        self.config = config
        self.stored = {name: np.asarray(tensor, np.float64) for name, tensor in stored.items()}
        self.heads, self.key_heads = config["num_attention_heads"], config["num_key_value_heads"]
        self.head = config["hidden_size"] // self.heads
        self.cache = None
        self.forget()

    def forget(self):
        """Starts a new text."""
        shape = (0, self.key_heads, self.head)
        self.cache = [(np.zeros(shape), np.zeros(shape)) for _ in range(self.config["num_hidden_layers"])]

    def read(self, ids):
        """Logits after each of the tokens that follow those read before: [tokens, vocabulary]."""
        first = len(self.cache[0][0])
        x = self.stored["model.embed_tokens.weight"][ids]
        for number in range(len(self.cache)):
            name = f"model.layers.{number}"
            x = x + self.attention(self.norm(x, f"{name}.input_layernorm"), name, number, first)
            inner = self.norm(x, f"{name}.post_attention_layernorm")
            gate = self.linear(inner, f"{name}.mlp.gate_proj")
            x = x + self.linear(gate / (1 + np.exp(-gate)) * self.linear(inner, f"{name}.mlp.up_proj"),
                                f"{name}.mlp.down_proj")
        return self.norm(x, "model.norm") @ self.stored["model.embed_tokens.weight"].T

    def linear(self, x, name):
        return x @ self.stored[f"{name}.weight"].T

    def norm(self, x, name):
        scale = np.sqrt((x * x).mean(-1, keepdims=True) + self.config["rms_norm_eps"])
        return x / scale * self.stored[f"{name}.weight"]

    def rotated(self, x, first):
        """[tokens, heads, width of a head] with a pair's numbers half a head apart."""
        half = self.head // 2
        rates = 10000.0 ** (-np.arange(half) / half)
        angles = (first + np.arange(len(x)))[:, None, None] * rates
        one, two = x[..., :half], x[..., half:]
        return np.concatenate([one * np.cos(angles) - two * np.sin(angles),
                               two * np.cos(angles) + one * np.sin(angles)], -1)

    def attention(self, x, name, number, first):
        queries, keys, values = (self.linear(x, f"{name}.self_attn.{part}_proj").reshape(len(x), -1, self.head)
                                 for part in "qkv")
        past_keys, past_values = self.cache[number]
        keys = np.concatenate([past_keys, self.rotated(keys, first)])
        values = np.concatenate([past_values, values])
        self.cache[number] = keys, values
        shared = self.heads // self.key_heads
        scores = np.einsum("qhd,khd->hqk", self.rotated(queries, first), keys.repeat(shared, 1)) * self.head ** -0.5
        future = np.arange(len(keys)) > first + np.arange(len(x))[:, None]
        scores = np.where(future, -np.inf, scores)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        weights /= weights.sum(-1, keepdims=True)
        mixed = np.einsum("hqk,khd->qhd", weights, values.repeat(shared, 1)).reshape(len(x), -1)
        return self.linear(mixed, f"{name}.self_attn.o_proj")

    def write(self, start, end, length, random):
        """Draws a text of at most `length` tokens from the model's own distributions."""
        self.forget()
        ids = [start]
        while len(ids) < length:
            logits = self.read(ids[-1:])[-1]
            chances = np.exp(logits - logits.max())
            token = int(random.choice(len(chances), p=chances / chances.sum()))
            if token in end:
                break
            ids.append(token)
        return ids
