#!/usr/bin/env python3
"""Writes a BERT encoder for ONNX Runtime, quantised to int8 by its own `quantize_dynamic`.

    python3 tools/bench/peers/onnx_bert.py SOURCE FOLDER

SOURCE is a Hugging Face directory. The graph has the fused operators that ONNX Runtime's own optimiser for BERT puts in
place of an export's (Attention, SkipLayerNormalization, BiasGelu): its fastest form. FOLDER gets float32.onnx and
int8.onnx, from ids to the last states.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file

FUSED = "com.microsoft"


class Graph:
    """A graph in the making. Methods add nodes and return the name of their output."""

    def __init__(self, source):
        self.config = json.loads((source / "config.json").read_text())
        self.stored = load_file(source / "model.safetensors")
        self.epsilon = self.config["layer_norm_eps"]
        self.nodes, self.weights = [], []

    def add(self, operator, *inputs, outputs=1, domain=None, **attributes):
        names = [f"{operator}{len(self.nodes)}"] + [""] * (outputs - 1)
        self.nodes.append(helper.make_node(operator, list(inputs), names, domain=domain, **attributes))
        return names[0]

    def constant(self, name, array):
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def tensor(self, name):
        return self.constant(name, self.stored[name])

    def stacked(self, layer, kind):
        """Queries, keys and values, one above the other."""
        parts = [self.stored[f"{layer}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
        return self.constant(f"{layer}.attention.self.{kind}", np.concatenate(parts).T)

    def product(self, x, name):
        return self.add("MatMul", x, self.constant(f"{name}.weight", self.stored[f"{name}.weight"].T))

    def norm(self, x, residual, name, bias):
        """The norm of x + residual + bias."""
        return self.add("SkipLayerNormalization", x, residual, self.tensor(f"{name}.weight"),
                        self.tensor(f"{name}.bias"), self.tensor(f"{bias}.bias"), domain=FUSED, epsilon=self.epsilon)

    def embed(self, ids):
        words = self.add("Gather", self.tensor("embeddings.word_embeddings.weight"), ids)
        count = self.add("Shape", ids, start=1, end=2)
        places = self.tensor("embeddings.position_embeddings.weight")
        zero = self.constant("zero", np.array([0], np.int64))
        segment = self.constant("segment", self.stored["embeddings.token_type_embeddings.weight"][0])
        sum = self.add("Add", self.add("Add", words, self.add("Slice", places, zero, count, zero)), segment)
        return self.add("LayerNormalization", sum, self.tensor("embeddings.LayerNorm.weight"),
                        self.tensor("embeddings.LayerNorm.bias"), epsilon=self.epsilon)

    def layer(self, x, name):
        attention = self.add("Attention", x, self.stacked(name, "weight"), self.stacked(name, "bias"), domain=FUSED,
                             num_heads=self.config["num_attention_heads"])
        output = f"{name}.attention.output"
        x = self.norm(self.product(attention, f"{output}.dense"), x, f"{output}.LayerNorm", f"{output}.dense")
        inner = self.add("BiasGelu", self.product(x, f"{name}.intermediate.dense"),
                         self.tensor(f"{name}.intermediate.dense.bias"), domain=FUSED)
        return self.norm(self.product(inner, f"{name}.output.dense"), x, f"{name}.output.LayerNorm",
                         f"{name}.output.dense")

    def model(self):
        x = self.embed("ids")
        for number in range(self.config["num_hidden_layers"]):
            x = self.layer(x, f"encoder.layer.{number}")
        self.nodes.append(helper.make_node("Identity", [x], ["states"]))
        graph = helper.make_graph(
            self.nodes, "graph", [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("states", TensorProto.FLOAT, None)], self.weights)
        operators = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=operators, ir_version=9)


def convert(source, folder):
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(Graph(source).model(), folder / "float32.onnx")
    # Types can't be inferred across the fused operators.
    quantize_dynamic(folder / "float32.onnx", folder / "int8.onnx", per_channel=True, weight_type=QuantType.QInt8,
                     extra_options={"DefaultTensorType": TensorProto.FLOAT})


class Encoder:
    """A converted model: ids in, last states out."""

    def __init__(self, folder, kind="int8"):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(f"{folder}/{kind}.onnx", options,
                                                    providers=["CPUExecutionProvider"])

    def states(self, ids):
        return self.session.run(None, {"ids": np.array([ids], np.int64)})[0][0]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    convert(Path(sys.argv[1]), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
