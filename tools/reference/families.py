#!/usr/bin/env python3
"""Tiny models of every family by transformers, and what they compute: the goldens of Tests/FloatReferenceTests.

    python3 tools/reference/families.py                    writes all of them
    python3 tools/reference/families.py --only llama       those whose names begin so
    python3 tools/reference/families.py --directory D      elsewhere

Each golden is one JSON file: the model's configuration files, names and shapes of its tensors (whose numbers both
sides make from the names by one formula, so that no weights are stored), inputs, and outputs in float32.

Needs: pip install -r tools/reference/requirements.txt
"""

import argparse
import json
import math
import tempfile
from pathlib import Path

import numpy
import torch
import transformers
from safetensors.numpy import load_file, save_file

REPOSITORY = Path(__file__).resolve().parents[2]
MASK = (1 << 64) - 1


def values(name, shape):
    """Numbers of a tensor: uniform in ±0.5 (gains of norms: around 1), the same for the same name."""
    state = 0xCBF29CE484222325  # FNV-1a of the name, then a linear congruential generator.
    for byte in name.encode():
        state = ((state ^ byte) * 0x100000001B3) & MASK
    numbers = numpy.empty(math.prod(shape), numpy.float32)
    for index in range(numbers.size):
        state = (state * 6364136223846793005 + 1442695040888963407) & MASK
        numbers[index] = (state >> 40) / 2.0**24 - 0.5
    return numbers.reshape(shape)


def refill(path, outputs):
    """Gives every tensor of a file the numbers of its name, and adds `outputs` of the embeddings' shape."""
    shapes = {name: tensor.shape for name, tensor in load_file(path).items()}
    shapes |= {name: shapes["shared.weight"] for name in outputs}
    save_file({name: values(name, shape) for name, shape in shapes.items()}, path, metadata={"format": "pt"})


def rounded(tensor):
    return [[float(f"{value:.6g}") for value in row] for row in tensor.reshape(-1, tensor.shape[-1]).tolist()]


SOURCE = [5, 17, 3, 29, 8, 11, 2]
TARGET = [2, 7, 31, 4, 4, 19, 25, 9]


def seq2seq(model, source=None, target=None):
    source, target = source or SOURCE, target or TARGET
    with torch.no_grad():
        out = model(input_ids=torch.tensor([source]), decoder_input_ids=torch.tensor([target]), use_cache=False)
    return {"source": source, "target": target, "encoder": rounded(out.encoder_last_hidden_state),
            "logits": rounded(out.logits)}


def far(model):
    """Texts that are longer than the largest distance with a bias of its own."""
    return seq2seq(model, [(7 * index + 3) % 40 for index in range(20)], [(11 * index) % 40 for index in range(18)])


def decoder(model):
    with torch.no_grad():
        out = model(input_ids=torch.tensor([TARGET]), use_cache=False)
    return {"target": TARGET, "logits": rounded(out.logits)}


def encoder(model):
    inputs = {"input_ids": torch.tensor([SOURCE])}
    result = {"source": SOURCE}
    if getattr(model.config, "type_vocab_size", 1) > 1 and model.config.model_type != "distilbert":
        result["segments"] = [0, 0, 0, 1, 1, 1, 1]
        inputs["token_type_ids"] = torch.tensor([result["segments"]])
    with torch.no_grad():
        out = model(**inputs, output_hidden_states=True)
    result["encoder"] = rounded(out.hidden_states[-1])
    if hasattr(out, "logits"):
        result["head"] = rounded(out.logits)
    return result


def sentence(pooling, dense, normalize):
    """A directory of sentence-transformers, whose modules are few enough to be written down here."""
    def run(model, directory):
        (directory / "1_Pooling").mkdir()
        modules = [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                   {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
        modes = {"cls": "cls_token", "mean": "mean_tokens", "max": "max_tokens", "last": "lasttoken"}
        config = {"word_embedding_dimension": 16}
        config.update({f"pooling_mode_{name}": False for name in
                       ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens",
                        "lasttoken")})
        config[f"pooling_mode_{modes[pooling]}"] = True
        (directory / "1_Pooling/config.json").write_text(json.dumps(config))
        states = torch.tensor(encoder(model)["encoder"])
        vector = {"cls": states[0], "mean": states.mean(0), "max": states.max(0).values, "last": states[-1]}[pooling]
        if dense:
            (directory / "2_Dense").mkdir()
            modules.append({"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"})
            (directory / "2_Dense/config.json").write_text(json.dumps(
                {"in_features": 16, "out_features": 10, "bias": True,
                 "activation_function": "torch.nn.modules.activation.Tanh"}))
            weights = {"linear.weight": values("linear.weight", (10, 16)), "linear.bias": values("linear.bias", (10,))}
            save_file(weights, directory / "2_Dense/model.safetensors", metadata={"format": "pt"})
            vector = torch.tanh(torch.tensor(weights["linear.weight"]) @ vector + torch.tensor(weights["linear.bias"]))
        if normalize:
            modules.append({"idx": 3, "name": "3", "path": "3_Normalize",
                            "type": "sentence_transformers.models.Normalize"})
            vector = vector / vector.norm()
        (directory / "modules.json").write_text(json.dumps(modules))
        result = encoder(model)
        result["head"] = rounded(vector.reshape(1, -1))
        return result
    return run


def bart(**changes):
    settings = dict(vocab_size=40, d_model=16, encoder_layers=2, decoder_layers=1, encoder_attention_heads=4,
                    decoder_attention_heads=4, encoder_ffn_dim=24, decoder_ffn_dim=20, max_position_embeddings=24,
                    pad_token_id=1, bos_token_id=0, eos_token_id=2, decoder_start_token_id=2)
    return settings | changes


def bert(**changes):
    settings = dict(vocab_size=40, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, intermediate_size=24,
                    max_position_embeddings=20)
    return settings | changes


def llama(**changes):
    settings = dict(vocab_size=40, hidden_size=16, num_hidden_layers=2, num_attention_heads=4,
                    num_key_value_heads=2, intermediate_size=24, max_position_embeddings=32, bos_token_id=1,
                    eos_token_id=2)
    return settings | changes


def t5(**changes):
    settings = dict(vocab_size=40, d_model=16, d_kv=6, d_ff=24, num_layers=2, num_decoder_layers=1, num_heads=4,
                    relative_attention_num_buckets=8, relative_attention_max_distance=12, decoder_start_token_id=0)
    return settings | changes


GOLDENS = {
    "marian": ("MarianMTModel", "MarianConfig",
               bart(scale_embedding=True, activation_function="swish", forced_eos_token_id=2), seq2seq),
    "bart": ("BartForConditionalGeneration", "BartConfig", bart(), seq2seq),
    "bart-scaled": ("BartForConditionalGeneration", "BartConfig",
                    bart(scale_embedding=True, activation_function="relu"), seq2seq),
    "mbart": ("MBartForConditionalGeneration", "MBartConfig", bart(scale_embedding=True), seq2seq),
    "m2m100": ("M2M100ForConditionalGeneration", "M2M100Config", bart(scale_embedding=True), seq2seq),
    "t5": ("T5ForConditionalGeneration", "T5Config", t5(tie_word_embeddings=True, feed_forward_proj="relu"), seq2seq),
    "t5-gated": ("T5ForConditionalGeneration", "T5Config",
                 t5(tie_word_embeddings=False, feed_forward_proj="gated-gelu"), seq2seq),
    "t5-far": ("T5ForConditionalGeneration", "T5Config",
               t5(feed_forward_proj="gated-silu", num_layers=1, relative_attention_num_buckets=12), far),
    "t5-untied": ("T5ForConditionalGeneration", "T5Config",
                  t5(tie_word_embeddings=False, feed_forward_proj="gated-gelu"), seq2seq),
    "bert": ("BertModel", "BertConfig", bert(), encoder),
    "bert-masked": ("BertForMaskedLM", "BertConfig", bert(), encoder),
    "bert-classes": ("BertForSequenceClassification", "BertConfig", bert(num_labels=3), encoder),
    "bert-tokens": ("BertForTokenClassification", "BertConfig", bert(num_labels=5), encoder),
    "distilbert": ("DistilBertModel", "DistilBertConfig",
                   dict(vocab_size=40, dim=16, n_layers=2, n_heads=4, hidden_dim=24, max_position_embeddings=20),
                   encoder),
    "distilbert-masked": ("DistilBertForMaskedLM", "DistilBertConfig",
                          dict(vocab_size=40, dim=16, n_layers=2, n_heads=4, hidden_dim=24,
                               max_position_embeddings=20), encoder),
    "distilbert-classes": ("DistilBertForSequenceClassification", "DistilBertConfig",
                           dict(vocab_size=40, dim=16, n_layers=2, n_heads=4, hidden_dim=24,
                                max_position_embeddings=20), encoder),
    "roberta": ("RobertaModel", "RobertaConfig", bert(type_vocab_size=1, pad_token_id=1), encoder),
    "roberta-masked": ("RobertaForMaskedLM", "RobertaConfig", bert(type_vocab_size=1, pad_token_id=1), encoder),
    "roberta-classes": ("RobertaForSequenceClassification", "RobertaConfig",
                        bert(type_vocab_size=1, pad_token_id=1, num_labels=3), encoder),
    "xlm-roberta-tokens": ("XLMRobertaForTokenClassification", "XLMRobertaConfig",
                           bert(type_vocab_size=1, pad_token_id=1, num_labels=4), encoder),
    "albert": ("AlbertModel", "AlbertConfig", bert(embedding_size=12), encoder),
    "albert-masked": ("AlbertForMaskedLM", "AlbertConfig", bert(embedding_size=12), encoder),
    "albert-classes": ("AlbertForSequenceClassification", "AlbertConfig", bert(embedding_size=12), encoder),
    "sentence-mean": ("BertModel", "BertConfig", bert(), sentence("mean", False, True)),
    "sentence-cls-dense": ("BertModel", "BertConfig", bert(), sentence("cls", True, True)),
    "sentence-max": ("DistilBertModel", "DistilBertConfig",
                     dict(vocab_size=40, dim=16, n_layers=1, n_heads=4, hidden_dim=24, max_position_embeddings=20),
                     sentence("max", False, False)),
    "sentence-last": ("RobertaModel", "RobertaConfig", bert(type_vocab_size=1, pad_token_id=1),
                      sentence("last", True, False)),
    "gpt2": ("GPT2LMHeadModel", "GPT2Config",
             dict(vocab_size=40, n_embd=16, n_layer=2, n_head=4, n_positions=20, bos_token_id=0, eos_token_id=0),
             decoder),
    "gpt-neox": ("GPTNeoXForCausalLM", "GPTNeoXConfig",
                 bert(rotary_pct=0.5, bos_token_id=0, eos_token_id=0), decoder),
    "gpt-neox-serial": ("GPTNeoXForCausalLM", "GPTNeoXConfig",
                        bert(rotary_pct=1.0, use_parallel_residual=False, bos_token_id=0, eos_token_id=0), decoder),
    "llama": ("LlamaForCausalLM", "LlamaConfig", llama(), decoder),
    "llama-tied": ("LlamaForCausalLM", "LlamaConfig",
                   llama(tie_word_embeddings=True, attention_bias=True, mlp_bias=True, head_dim=6), decoder),
    "llama-llama3": ("LlamaForCausalLM", "LlamaConfig", llama(rope_parameters=dict(
        rope_type="llama3", rope_theta=50.0, factor=4.0, low_freq_factor=1.0, high_freq_factor=2.0,
        original_max_position_embeddings=32)), decoder),
    "llama-linear": ("LlamaForCausalLM", "LlamaConfig",
                     llama(rope_parameters=dict(rope_type="linear", rope_theta=100.0, factor=2.0)), decoder),
    "mistral": ("MistralForCausalLM", "MistralConfig", llama(sliding_window=3), decoder),
    "qwen2": ("Qwen2ForCausalLM", "Qwen2Config", llama(use_sliding_window=False), decoder),
    "qwen2-window": ("Qwen2ForCausalLM", "Qwen2Config",
                     llama(use_sliding_window=True, sliding_window=4, max_window_layers=0), decoder),
}


def make(name, directory):
    model_class, config_class, settings, run = GOLDENS[name]
    config = getattr(transformers, config_class)(**settings)
    config._attn_implementation = "eager"
    getattr(transformers, model_class)(config).save_pretrained(directory)
    refill(directory / "model.safetensors", ["lm_head.weight"] if name.endswith("untied") else [])
    model = getattr(transformers, model_class).from_pretrained(
        directory, dtype=torch.float32, attn_implementation="eager").eval()
    outputs = run(model, directory) if run.__name__ == "run" else run(model)
    files = {str(path.relative_to(directory)): path.read_text() for path in sorted(directory.rglob("*.json"))}
    tensors = {str(path.relative_to(directory)):
               {key: list(value.shape) for key, value in sorted(load_file(path).items())}
               for path in sorted(directory.rglob("*.safetensors"))}
    return {"files": files, "tensors": tensors, "outputs": outputs}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="")
    parser.add_argument("--directory", type=Path, default=REPOSITORY / "Tests/FloatReferenceTests/Goldens")
    arguments = parser.parse_args()
    arguments.directory.mkdir(parents=True, exist_ok=True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for name in GOLDENS:
        if name.startswith(arguments.only):
            with tempfile.TemporaryDirectory() as directory:
                golden = make(name, Path(directory))
            path = arguments.directory / f"{name}.json"
            path.write_text(json.dumps(golden, separators=(",", ":")) + "\n")
            print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
