"""What all writers of CTranslate2 models share: stored tensors as a specification wants them, positions, the file."""

import os

import numpy as np
from safetensors.numpy import load_file


class Tensors:
    """The tensors of a safetensors file, in float32."""

    def __init__(self, path):
        self.stored = load_file(path)

    def __getitem__(self, name):
        # A copy each time: `optimize` quantises the arrays that it is given in place.
        return np.array(self.stored[name], dtype=np.float32, copy=True)

    def norm(self, spec, name):
        spec.gamma, spec.beta = self[f"{name}.weight"], self[f"{name}.bias"]

    def linear(self, spec, *names):
        spec.weight = np.concatenate([self[f"{name}.weight"] for name in names])
        spec.bias = np.concatenate([self[f"{name}.bias"] for name in names])


def positions(count, width):
    """Marian's sinusoids: sines in the first half, cosines in the second, counted from 0."""
    rates = 10000.0 ** (-2.0 * np.arange(width // 2) / width)
    angles = np.arange(count)[:, None] * rates[None, :]
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


def save(spec, folder, kind="int8"):
    """Writes a model, quantised as CTranslate2 does it; `kind` is what it calls the type, or float32 for none."""
    spec.validate()
    spec.optimize(quantization=None if kind == "float32" else kind)
    os.makedirs(folder, exist_ok=True)
    spec.save(str(folder))
