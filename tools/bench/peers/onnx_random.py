#!/usr/bin/env python3
"""Writes ONNX models of a shape, with random weights, quantised to int8 by ONNX Runtime's own `quantize_dynamic`.

    python3 tools/bench/peers/onnx_random.py 6+6-d512-h8-f2048-v32000 FOLDER

`encoder.onnx` goes from the source's tokens to the keys and values that each decoder layer takes from them,
`decoder.onnx` from a token and all keys and values so far to the next token, greedily. They are written operator by
operator, the way an export has them; ONNX Runtime fuses what it can when it opens them. Weights are int8 with a
scale for each column, activations uint8, quantised as they come.
"""

import os
import sys
import tempfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from shape import POSITIONS, parse


class Graph:
    """A graph in the making. Methods add nodes and return the name of their output."""

    def __init__(self, shape, seed):
        self.shape = shape
        self.random = np.random.default_rng(seed)
        self.nodes, self.weights, self.inputs, self.outputs = [], [], [], []

    def add(self, operator, *inputs, **attributes):
        name = f"{operator}{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], **attributes))
        return name

    def constant(self, array):
        name = f"constant{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(array, name))
        return name

    def uniform(self, limit, *lengths):
        return self.constant(self.random.uniform(-limit, limit, lengths).astype(np.float32))

    def input(self, name, kind, lengths):
        self.inputs.append(helper.make_tensor_value_info(name, kind, lengths))
        return name

    def output(self, value, name, kind=TensorProto.FLOAT):
        self.nodes.append(helper.make_node("Identity", [value], [name]))
        self.outputs.append(helper.make_tensor_value_info(name, kind, None))

    def linear(self, x, rows, columns):
        weight = self.uniform((6 / (rows + columns)) ** 0.5, columns, rows)
        return self.add("Add", self.add("MatMul", x, weight), self.uniform(columns ** -0.5, rows))

    def norm(self, x, y):
        width = self.shape.width
        gain, bias = self.constant(np.ones(width, np.float32)), self.constant(np.zeros(width, np.float32))
        return self.add("LayerNormalization", self.add("Add", x, y), gain, bias, epsilon=1e-5)

    def heads(self, x):
        """[1, tokens, width] to [1, heads, tokens, width of a head]."""
        split = self.constant(np.array([1, -1, self.shape.heads, self.shape.width // self.shape.heads]))
        return self.add("Transpose", self.add("Reshape", x, split), perm=[0, 2, 1, 3])

    def projection(self, x):
        return self.linear(x, self.shape.width, self.shape.width)

    def attention(self, queries, keys, values):
        scale = self.constant(np.float32((self.shape.width // self.shape.heads) ** -0.5))
        scores = self.add("MatMul", self.add("Mul", queries, scale), self.add("Transpose", keys, perm=[0, 1, 3, 2]))
        mixed = self.add("MatMul", self.add("Softmax", scores, axis=-1), values)
        whole = self.constant(np.array([1, -1, self.shape.width]))
        return self.projection(self.add("Reshape", self.add("Transpose", mixed, perm=[0, 2, 1, 3]), whole))

    def feed_forward(self, x):
        inner = self.add("Relu", self.linear(x, self.shape.feed_forward, self.shape.width))
        return self.norm(x, self.linear(inner, self.shape.width, self.shape.feed_forward))

    def embed(self, ids, positions):
        width = self.shape.width
        table = self.uniform(3 ** 0.5, self.shape.vocabulary, width)
        rates = 10000.0 ** (-2.0 * np.arange(width // 2) / width)
        angles = np.arange(POSITIONS)[:, None] * rates[None, :]
        sinusoids = np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)
        return self.add("Add", self.add("Gather", table, ids), self.add("Gather", self.constant(sinusoids), positions))

    def save(self, path):
        graph = helper.make_graph(self.nodes, "graph", self.inputs, self.outputs, self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        with tempfile.TemporaryDirectory() as folder:
            onnx.save(model, f"{folder}/float.onnx")
            quantize_dynamic(f"{folder}/float.onnx", path, per_channel=True, weight_type=QuantType.QInt8)


def encoder(shape):
    graph = Graph(shape, 1)
    ids = graph.input("ids", TensorProto.INT64, [1, "source"])
    x = graph.embed(ids, graph.input("positions", TensorProto.INT64, [1, "source"]))
    for _ in range(shape.encoder_layers):
        queries, keys, values = (graph.heads(graph.projection(x)) for _ in range(3))
        x = graph.feed_forward(graph.norm(x, graph.attention(queries, keys, values)))
    for layer in range(shape.decoder_layers):
        for part in ("key", "value"):
            graph.output(graph.heads(graph.projection(x)), f"source.{layer}.{part}")
    return graph


def decoder(shape):
    graph = Graph(shape, 2)
    ids = graph.input("ids", TensorProto.INT64, [1, 1])
    x = graph.embed(ids, graph.input("positions", TensorProto.INT64, [1, 1]))
    head = shape.width // shape.heads
    for layer in range(shape.decoder_layers):
        queries = graph.heads(graph.projection(x))
        cache = []
        for part in ("key", "value"):
            past = graph.input(f"past.{layer}.{part}", TensorProto.FLOAT, [1, shape.heads, "past", head])
            cache.append(graph.add("Concat", past, graph.heads(graph.projection(x)), axis=2))
            graph.output(cache[-1], f"present.{layer}.{part}")
        x = graph.norm(x, graph.attention(queries, *cache))
        source = [graph.input(f"source.{layer}.{part}", TensorProto.FLOAT, [1, shape.heads, "source", head])
                  for part in ("key", "value")]
        x = graph.norm(x, graph.attention(graph.heads(graph.projection(x)), *source))
        x = graph.feed_forward(x)
    logits = graph.add("MatMul", x, graph.uniform((3 / shape.width) ** 0.5, shape.width, shape.vocabulary))
    graph.output(graph.add("ArgMax", logits, axis=-1, keepdims=0), "next", TensorProto.INT64)
    return graph


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    shape, folder = parse(sys.argv[1]), sys.argv[2]
    os.makedirs(folder, exist_ok=True)
    encoder(shape).save(f"{folder}/encoder.onnx")
    decoder(shape).save(f"{folder}/decoder.onnx")


if __name__ == "__main__":
    main()
