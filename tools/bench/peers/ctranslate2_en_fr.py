#!/usr/bin/env python3
"""The same model, sentences and greedy search in CTranslate2: the peer that Swiftlet is measured against.

    python3 tools/bench/peers/ctranslate2_en_fr.py
    python3 tools/bench/peers/ctranslate2_en_fr.py --compute-type float32 --repeat 7 --hypotheses /tmp/ct2.txt

Converts weights/en-fr for CTranslate2, then translates the dev sentences one at a time: batch of one,
beam of one, one thread. Warms up first; every repeat translates all sentences, and the times printed are
medians over the repeats. The result is one JSON object on standard output; progress is on standard error.

The weights are written through ctranslate2.specs, which needs no PyTorch. CTranslate2's own converter
is not used: it starts a Marian decoder from a zero vector and drops <pad>, but this model starts from the
embedding of <pad>, which is not zero (norm 0.32), so that conversion would be of another model.

To give each run its own clean memory figures, the work is done in a fresh process that has loaded nothing
but CTranslate2 and SentencePiece (the conversion runs in another).

Needs: pip install -r tools/bench/peers/requirements.txt
"""

import argparse
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]


def fail(message):
    sys.exit(f"ctranslate2_en_fr: error: {message}")


# Conversion


def specification(directory):
    import ctranslate2
    from ctranslate2_writer import Tensors, positions

    config = json.loads((directory / "config.json").read_text(encoding="utf-8"))
    expected = {"model_type": "marian", "activation_function": "relu", "scale_embedding": True,
                "share_encoder_decoder_embeddings": True, "tie_word_embeddings": True}
    for key, value in expected.items():
        if config.get(key) != value:
            fail(f"{directory}/config.json: {key} is {config.get(key)!r}, expected {value!r}")
    tensors = Tensors(directory / "model.safetensors")
    width = config["d_model"]

    def feed_forward(spec, name):
        tensors.linear(spec.linear_0, f"{name}.fc1")
        tensors.linear(spec.linear_1, f"{name}.fc2")
        tensors.norm(spec.layer_norm, f"{name}.final_layer_norm")

    def self_attention(spec, name):
        tensors.linear(spec.linear[0], *(f"{name}.self_attn.{part}_proj" for part in "qkv"))
        tensors.linear(spec.linear[1], f"{name}.self_attn.out_proj")
        tensors.norm(spec.layer_norm, f"{name}.self_attn_layer_norm")

    def cross_attention(spec, name):
        tensors.linear(spec.linear[0], f"{name}.encoder_attn.q_proj")
        tensors.linear(spec.linear[1], f"{name}.encoder_attn.k_proj", f"{name}.encoder_attn.v_proj")
        tensors.linear(spec.linear[2], f"{name}.encoder_attn.out_proj")
        tensors.norm(spec.layer_norm, f"{name}.encoder_attn_layer_norm")

    spec = ctranslate2.specs.TransformerSpec.from_config(
        (config["encoder_layers"], config["decoder_layers"]), config["encoder_attention_heads"],
        pre_norm=False, activation=ctranslate2.specs.Activation.RELU)
    for part in (spec.encoder, spec.decoder):
        part.scale_embeddings = width ** 0.5
        part.position_encodings.encodings = positions(config["max_position_embeddings"], width)
    spec.encoder.embeddings[0].weight = tensors["model.shared.weight"]
    spec.decoder.embeddings.weight = tensors["model.shared.weight"]
    spec.decoder.projection.weight = tensors["model.shared.weight"]
    bias = tensors["final_logits_bias"].reshape(-1)
    if bias.any():
        spec.decoder.projection.bias = bias
    for index, layer in enumerate(spec.encoder.layer):
        self_attention(layer.self_attention, f"model.encoder.layers.{index}")
        feed_forward(layer.ffn, f"model.encoder.layers.{index}")
    for index, layer in enumerate(spec.decoder.layer):
        self_attention(layer.self_attention, f"model.decoder.layers.{index}")
        cross_attention(layer.attention, f"model.decoder.layers.{index}")
        feed_forward(layer.ffn, f"model.decoder.layers.{index}")

    vocabulary = json.loads((directory / "vocab.json").read_text(encoding="utf-8"))
    tokens = sorted(vocabulary, key=vocabulary.get)
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.config.unk_token = "<unk>"
    spec.config.eos_token = tokens[config["eos_token_id"]]
    spec.config.bos_token = spec.config.eos_token
    spec.config.decoder_start_token = tokens[config["decoder_start_token_id"]]
    spec.config.add_source_eos = True
    return spec


def convert(directory, output, compute_type):
    from ctranslate2_writer import save

    save(specification(directory), output, compute_type)


# Measurement


def resident():
    """The resident set now, in bytes."""
    match = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(match[1]) * 1024


def processor():
    try:
        return re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())[1]
    except (OSError, TypeError):
        return platform.processor() or platform.machine()


def measure(arguments, converted):
    # CTranslate2 imports these if it finds them, for converters that are not used here: they cost memory.
    sys.modules.update(torch=None, transformers=None)
    import ctranslate2
    import sentencepiece

    before = resident()
    started = time.perf_counter()
    translator = ctranslate2.Translator(str(converted), device="cpu", compute_type=arguments.compute_type,
                                        inter_threads=1, intra_threads=1)
    source = sentencepiece.SentencePieceProcessor(model_file=str(arguments.model / "source.spm"))
    target = sentencepiece.SentencePieceProcessor(model_file=str(arguments.model / "target.spm"))
    load_seconds = time.perf_counter() - started
    after = resident()

    lines = (arguments.model / "dev.tsv").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    sentences = [line.split("\t")[0] for line in lines][: arguments.limit]

    def translate(sentence):
        begin = time.perf_counter()
        pieces = source.encode(sentence, out_type=str)
        inner = time.perf_counter()
        result = translator.translate_batch([pieces], beam_size=1, max_batch_size=1,
                                            max_decoding_length=arguments.longest, return_end_token=True)
        inner = time.perf_counter() - inner
        tokens = result[0].hypotheses[0]
        text = target.decode([token for token in tokens if token != "</s>"])
        return tokens, text, inner, time.perf_counter() - begin

    for sentence in sentences[: arguments.warm_up]:
        translate(sentence)
    model_only, with_tokenizer = [], []
    for repeat in range(arguments.repeat):
        results = [translate(sentence) for sentence in sentences]
        model_only.append(sum(result[2] for result in results))
        with_tokenizer.append(sum(result[3] for result in results))
        print(f"repeat {repeat + 1}/{arguments.repeat}: {1e3 * model_only[-1] / len(sentences):.3f} ms a sentence",
              file=sys.stderr)

    tokens = sum(len(result[0]) for result in results)
    seconds, seconds_with_tokenizer = statistics.median(model_only), statistics.median(with_tokenizer)
    if arguments.hypotheses:
        arguments.hypotheses.write_text("".join(result[1] + "\n" for result in results), encoding="utf-8")
    golden = [json.loads(line) for line in
              (arguments.model / "dev.pytorch.jsonl").read_text(encoding="utf-8").split("\n") if line]
    vocabulary = json.loads((arguments.model / "vocab.json").read_text(encoding="utf-8"))
    same = sum([vocabulary[token] for token in result[0]] == line["ids"] for result, line in zip(results, golden))
    return {
        "engine": "CTranslate2",
        "compute_type": translator.compute_type,
        "isa": isa_report(converted),
        "threads": 1,
        "sentences": len(sentences),
        "repeats": arguments.repeat,
        "tokens_out": tokens,
        "seconds_translate": round(seconds, 4),
        "seconds_with_tokenizer": round(seconds_with_tokenizer, 4),
        "ms_per_sentence": round(1e3 * seconds / len(sentences), 3),
        "ms_per_sentence_fastest_repeat": round(1e3 * min(model_only) / len(sentences), 3),
        "ms_per_sentence_with_tokenizer": round(1e3 * seconds_with_tokenizer / len(sentences), 3),
        "tokens_per_second": round(tokens / seconds, 1),
        "load_seconds": round(load_seconds, 4),
        "model_bytes_on_disk": sum(file.stat().st_size for file in converted.iterdir()),
        "rss_before_load_bytes": before,
        "rss_after_load_bytes": after,
        "rss_after_run_bytes": resident(),
        "rss_peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "identical_to_float_pytorch": round(same / len(sentences), 4),
        "cpu": processor(),
        "versions": {"ctranslate2": ctranslate2.__version__, "sentencepiece": sentencepiece.__version__,
                     "python": platform.python_version(), "system": platform.platform()},
    }


def isa_report(converted):
    """What CTranslate2 chose for this processor: it says so only in its log, when it loads a model."""
    script = "import ctranslate2, sys; ctranslate2.Translator(sys.argv[1], compute_type=sys.argv[2])"
    log = subprocess.run([sys.executable, "-c", script, str(converted), "default"], capture_output=True, text=True,
                         env={**os.environ, "CT2_VERBOSE": "1"}).stderr
    return re.findall(r"\[info\][ -]*((?:CPU:|Selected ISA|Use Intel MKL|SGEMM backend|GEMM_S8 backend)[^\n]*)", log)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=REPOSITORY / "weights/en-fr", help="default: weights/en-fr")
    parser.add_argument("--compute-type", choices=["int8", "float32"], default="int8", help="default: int8")
    parser.add_argument("--isa", choices=["GENERIC", "AVX", "AVX2", "AVX512", "NEON"],
                        help="instruction set of CTranslate2's own kernels; by default it never takes AVX512. The "
                             "matrix products are MKL's, which chooses for itself")
    parser.add_argument("--repeat", type=int, default=5, help="times over all sentences (default: 5)")
    parser.add_argument("--warm-up", type=int, default=100, help="sentences translated first (default: 100)")
    parser.add_argument("--limit", type=int, help="only the first so many sentences")
    parser.add_argument("--longest", type=int, default=128, help="most tokens of a translation (default: 128)")
    parser.add_argument("--hypotheses", type=Path, help="write the translations here, one per line, for bleu.py")
    parser.add_argument("--converted", type=Path, help="keep the converted model in this folder")
    parser.add_argument("--step", choices=["convert", "measure"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.repeat < 1 or arguments.warm_up < 0 or (arguments.limit is not None and arguments.limit < 1):
        parser.error("--repeat and --limit must be at least 1, --warm-up at least 0")

    for name in ("config.json", "model.safetensors", "source.spm", "target.spm", "vocab.json", "dev.tsv",
                 "dev.pytorch.jsonl"):
        if not (arguments.model / name).is_file():
            fail(f"{arguments.model}: no {name}")
    if arguments.step == "convert":
        return convert(arguments.model, arguments.converted, arguments.compute_type)
    if arguments.step == "measure":
        return print(json.dumps(measure(arguments, arguments.converted), indent=2, ensure_ascii=False))

    try:
        import ctranslate2  # noqa: F401
        import safetensors  # noqa: F401
        import sentencepiece  # noqa: F401
    except ImportError as error:
        fail(f"{error}: pip install -r tools/bench/peers/requirements.txt")
    with tempfile.TemporaryDirectory() as folder:
        converted = arguments.converted or Path(folder) / "model"
        again = [sys.executable, __file__, *sys.argv[1:], "--converted", str(converted)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        if arguments.isa:
            environment["CT2_FORCE_CPU_ISA"] = arguments.isa
        for step in ("convert", "measure"):
            status = subprocess.run([*again, "--step", step], env=environment).returncode
            if status:
                sys.exit(status)


if __name__ == "__main__":
    main()
