"""What is measured: how far distributions and vectors are from the float model's."""

import numpy as np


def log_softmax(logits):
    """Over the last axis, in float64."""
    logits = np.asarray(logits, np.float64)
    logits = logits - logits.max(-1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(-1, keepdims=True))


class Divergence:
    """Kullback-Leibler divergence from the float model's distributions, and how often the likeliest token is the same."""

    def __init__(self):
        self.divergences, self.same = [], []

    def add(self, reference, other):
        """Log-probabilities, [tokens, vocabulary]. What neither may choose is -inf in both."""
        allowed = np.isfinite(reference)
        difference = np.where(allowed, reference, 0) - np.where(allowed, other, 0)
        self.divergences += (np.exp(reference) * difference).sum(-1).tolist()
        self.same += (reference.argmax(-1) == other.argmax(-1)).tolist()

    def figures(self):
        return {"kl": float(np.mean(self.divergences)), "same_top": 100 * float(np.mean(self.same))}


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def ranks(values):
    """1 for the smallest; those that are equal share the mean of their ranks."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return ((last - counts + 1 + last) / 2)[inverse]


def rank_correlation(x, y):
    """Spearman's."""
    return float(np.corrcoef(ranks(x), ranks(y))[0, 1])


def vector_figures(reference, other):
    """Of the vectors of pairs of texts, [pairs, 2, width]: cosines with the float model's, and the rank correlation of
    the pairs' similarities."""
    reference, other = unit(reference), unit(other)
    cosines = (reference * other).sum(-1)
    similarities = [(vectors[:, 0] * vectors[:, 1]).sum(-1) for vectors in (reference, other)]
    return {"cosine_mean": float(cosines.mean()), "cosine_worst": float(cosines.min()),
            "rank_correlation": rank_correlation(*similarities)}


def bits_per_weight(path, weights):
    """Of a file, or of a folder's `model.bin`: norms, biases and headers included."""
    return 8 * (path if path.is_file() else path / "model.bin").stat().st_size / weights
