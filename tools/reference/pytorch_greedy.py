#!/usr/bin/env python3
"""Greedy translations by PyTorch in float32: the golden that Swiftlet is verified against.

    python3 tools/reference/pytorch_greedy.py --output weights/en-fr/dev.pytorch.jsonl
    python3 tools/reference/pytorch_greedy.py --limit 50 --compare weights/en-fr/dev.pytorch.jsonl

Reads a Hugging Face Marian directory (config.json, model.safetensors, source.spm, target.spm, vocab.json)
and the first column of a tab-separated file. For every sentence it writes one JSON object on a line:

    source_ids  the ids of the SentencePiece pieces, then </s>
    ids         the ids chosen greedily, up to and including </s> (the start token is not among them)
    log_probs   for each of ids, its natural log-probability, to 5 decimals
    text        ids as text

One sentence at a time, no padding, log-softmax over the whole vocabulary: no batch effects, no filters.
With --compare it checks against such a file instead: same ids and texts, log-probabilities within
--tolerance; exit status 1 if any differs.

Needs: pip install -r tools/reference/requirements.txt
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def fail(message):
    sys.exit(f"pytorch_greedy: error: {message}")


def load(directory):
    import sentencepiece
    import torch
    import transformers

    for name in ("config.json", "model.safetensors", "source.spm", "target.spm", "vocab.json"):
        if not (directory / name).is_file():
            fail(f"{directory}: no {name}")
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    model = transformers.MarianMTModel.from_pretrained(directory, dtype=torch.float32).eval()
    source = sentencepiece.SentencePieceProcessor(model_file=str(directory / "source.spm"))
    target = sentencepiece.SentencePieceProcessor(model_file=str(directory / "target.spm"))
    vocabulary = json.loads((directory / "vocab.json").read_text(encoding="utf-8"))
    return model, source, target, vocabulary


def greedy(model, source_ids, longest):
    """The ids and log-probabilities of one sentence."""
    import torch

    config = model.config
    encoded = model.get_encoder()(input_ids=torch.tensor([source_ids]))
    token, cache, ids, log_probs = config.decoder_start_token_id, None, [], []
    while len(ids) < longest:
        output = model(encoder_outputs=encoded, decoder_input_ids=torch.tensor([[token]]),
                       past_key_values=cache, use_cache=True)
        cache = output.past_key_values
        best = torch.log_softmax(output.logits[0, -1].float(), dim=-1).max(dim=-1)
        token = int(best.indices)
        ids.append(token)
        log_probs.append(round(float(best.values), 5))
        if token == config.eos_token_id:
            break
    return ids, log_probs


def translate(model, source, target, vocabulary, sentence, longest):
    unknown, end = vocabulary["<unk>"], model.config.eos_token_id
    pieces = {index: piece for piece, index in vocabulary.items()}
    source_ids = [vocabulary.get(piece, unknown) for piece in source.encode(sentence, out_type=str)] + [end]
    ids, log_probs = greedy(model, source_ids, longest)
    special = {end, model.config.pad_token_id}
    text = target.decode([pieces[i] for i in ids if i not in special])
    return {"source_ids": source_ids, "ids": ids, "log_probs": log_probs, "text": text}


def difference(result, golden, tolerance):
    """What differs between two lines, or None."""
    for key in ("source_ids", "ids", "text"):
        if result[key] != golden[key]:
            return f"{key}: {result[key]!r}, expected {golden[key]!r}"
    worst = max(abs(a - b) for a, b in zip(result["log_probs"], golden["log_probs"], strict=True))
    return f"log_probs differ by {worst:.6f}" if worst > tolerance else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=REPOSITORY / "weights/en-fr", help="default: weights/en-fr")
    parser.add_argument("--sentences", type=Path, help="default: dev.tsv of the model")
    parser.add_argument("--output", type=Path, help="JSON lines (default: standard output)")
    parser.add_argument("--compare", type=Path, help="check against this file instead of writing")
    parser.add_argument("--tolerance", type=float, default=2e-4, help="of log-probabilities (default: 2e-4)")
    parser.add_argument("--limit", type=int, help="only the first so many sentences")
    parser.add_argument("--longest", type=int, default=128, help="most tokens of a translation (default: 128)")
    parser.add_argument("--threads", type=int, default=1, help="default: 1")
    arguments = parser.parse_args()
    try:
        import sentencepiece  # noqa: F401
        import torch
        import transformers  # noqa: F401
    except ImportError as error:
        fail(f"{error}: pip install -r tools/reference/requirements.txt")
    torch.set_num_threads(arguments.threads)

    path = arguments.sentences or arguments.model / "dev.tsv"
    try:
        lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")[: arguments.limit]
        golden = None
        if arguments.compare:
            golden = [json.loads(line) for line in arguments.compare.read_text(encoding="utf-8").split("\n") if line]
    except (OSError, ValueError) as error:
        fail(error)
    if golden is not None and len(golden) < len(lines):
        fail(f"{arguments.compare}: {len(golden)} lines for {len(lines)} sentences")

    started = time.monotonic()
    loaded = load(arguments.model)
    with torch.inference_mode():
        results = [translate(*loaded, line.split("\t")[0], arguments.longest) for line in lines]
    print(f"{len(results)} sentences in {time.monotonic() - started:.1f} s", file=sys.stderr)

    if golden is not None:
        found = [(n, difference(r, g, arguments.tolerance)) for n, (r, g) in enumerate(zip(results, golden), 1)]
        found = [(number, what) for number, what in found if what]
        for number, what in found:
            print(f"line {number}: {what}")
        print(f"{len(results) - len(found)} of {len(results)} sentences agree")
        sys.exit(1 if found else 0)
    text = "".join(json.dumps(result, ensure_ascii=False) + "\n" for result in results)
    if arguments.output is None:
        sys.stdout.write(text)
        return
    temporary = arguments.output.with_name(arguments.output.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, arguments.output)


if __name__ == "__main__":
    main()
