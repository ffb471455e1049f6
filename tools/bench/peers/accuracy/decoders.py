"""Llamas: distributions over texts by Swiftlet and llama.cpp's Q8_0."""

import sys

import numpy as np

import gguf_models
import swiftlet
import texts
from measures import Divergence, bits_per_weight, log_softmax
from processes import PEERS, run
from reference import Llama

SHAPE = "0+6-d288-h6-f768-v32000"


def llama_cpp_figures(source, folder, name, reference, ids, weights):
    """Of Q8_0, and its own F32 with a float32 cache: how near that is to the reference says whether the model is the
    same."""
    from llama_cpp_model import Model

    result, expected = {}, []
    for text in ids:
        reference.forget()
        expected.append(log_softmax(reference.read(text[:-1])))
    for kind in ("Q8_0", "F32"):
        path = folder / f"{name}-{kind}.gguf"
        gguf_models.convert(source, path, kind)
        model, divergence, gains = Model(path, 512, float_cache=kind == "F32"), Divergence(), []
        for text, float_model in zip(ids, expected):
            model.forget()
            model.read(text[:-1], 0, all_logits=True)
            other = log_softmax(np.stack([model.logits(place) for place in range(len(text) - 1)]))
            divergence.add(float_model, other)
            gains += (float_model - other)[range(len(text) - 1), text[1:]].tolist()
        result[f"llama.cpp {kind}"] = {**divergence.figures(), "perplexity_ratio": float(np.exp(np.mean(gains))),
                                       "bits": bits_per_weight(path, weights)}
    return result


def compare_decoder(source, folder, name, lines, calibration):
    """Figures by engine, and how many tokens they are of."""
    reference = Llama(*gguf_models.read(source))
    text = texts.save(folder / f"{name}.txt", lines)
    plain = swiftlet.convert(source, folder / f"{name}.swiftlet")
    rows = {"Swiftlet": swiftlet.figures(source, plain, text)}
    if calibration:
        path = texts.save(folder / f"{name}-calibration.txt", calibration)
        calibrated = swiftlet.convert(source, folder / f"{name}-calibrated.swiftlet", "--calibrate", path)
        rows["Swiftlet, calibrated"] = swiftlet.figures(source, calibrated, text)
    ids = swiftlet.token_ids(plain, lines)
    try:
        rows.update(llama_cpp_figures(source, folder, name, reference, ids, rows["Swiftlet"]["weights"]))
    except ImportError:
        pass
    return rows, sum(len(text) - 1 for text in ids)


def compare_stories(folder, given):
    """Returns a title, figures by engine, and a remark."""
    source, tokenizer = (given.models / "stories260K" / name for name in ("stories260K.bin", "tok512.bin"))
    reference = Llama(*gguf_models.read(source))
    lines, others = (texts.stories(reference, tokenizer, 40, seed) for seed in (1, 2))
    rows, tokens = compare_decoder(source, folder, "stories260K", lines, others)
    return (f"stories260K, {tokens} tokens of {len(lines)} texts drawn from the float model", rows,
            "calibrated with 40 other texts drawn from it")


def compare_shape(folder, given):
    """Returns a title, figures by engine, and a remark."""
    source = folder / "stories15M"
    if not (source / "config.json").exists():
        run([sys.executable, PEERS / "random_models.py", "llama", SHAPE, source])
    rows, tokens = compare_decoder(source, folder, "stories15M", texts.numbered(32000, 8, 60, 1), None)
    return (f"stories15M's shape with random weights, {tokens} random tokens", rows,
            "what such weights say is noise: only the sizes of errors tell something")
