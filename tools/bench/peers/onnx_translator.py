"""Greedy translation with the models of onnx_random.py, in ONNX Runtime, on one thread."""

import numpy as np
import onnxruntime


class Translator:
    def __init__(self, folder):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.encoder, self.decoder = (
            onnxruntime.InferenceSession(f"{folder}/{part}.onnx", options, providers=["CPUExecutionProvider"])
            for part in ("encoder", "decoder"))
        self.source_names = [output.name for output in self.encoder.get_outputs()]
        self.step_names = [output.name for output in self.decoder.get_outputs()]
        self.past = {value.name: (value.shape[1], value.shape[3]) for value in self.decoder.get_inputs()
                     if value.name.startswith("past.")}

    def encode(self, ids):
        """Keys and values of the source, by name: they stay within ONNX Runtime."""
        feeds = {"ids": np.array([ids]), "positions": np.arange(len(ids))[None]}
        values = self.encoder.run_with_ort_values(self.source_names, {name: self.value(array)
                                                                      for name, array in feeds.items()})
        return dict(zip(self.source_names, values))

    def decode(self, source, count, start=2):
        """`count` tokens, whatever they are."""
        cache = {name: self.value(np.zeros((1, heads, 0, width), np.float32))
                 for name, (heads, width) in self.past.items()}
        ids, token = [], self.value(np.array([[start]]))
        for position in range(count):
            feeds = {"ids": token, "positions": self.value(np.array([[position]])), **cache, **source}
            outputs = dict(zip(self.step_names, self.decoder.run_with_ort_values(self.step_names, feeds)))
            token = outputs.pop("next")
            ids.append(int(token.numpy()[0, 0]))
            cache = {name.replace("present.", "past."): value for name, value in outputs.items()}
        return ids

    @staticmethod
    def value(array):
        return onnxruntime.OrtValue.ortvalue_from_numpy(array)
