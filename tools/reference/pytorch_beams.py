#!/usr/bin/env python3
r"""Beam search by transformers' `generate` in float32: the golden of Swiftlet's beam search.

    python3 tools/reference/pytorch_beams.py --limit 100 --never 10 --best 2 \
        --output Tests/DecodingTests/Fixtures/beams.txt
    python3 tools/reference/pytorch_beams.py --setting 4,1.0,false --output beams.txt

Reads a Hugging Face Marian directory and the source ids in its dev.pytorch.jsonl (see pytorch_greedy.py). For every
setting (beams, length penalty, early stopping) it writes a line `# beams length_penalty early_stopping`, and then for
each sentence, one at a time, a line of its hypotheses from the best down, with bars between them:

    score id id id | score id id id

A score is the sum of log-probabilities over length to the power of the length penalty, to 5 decimals; the start token
is not among the ids, the end token is. One beam is greedy search, and its score 0.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SETTINGS = ["1,1.0,false", "4,1.0,false", "4,1.0,true", "4,1.0,never", "3,0.6,false", "5,2.0,never", "2,0.0,true"]


def load(directory):
    import torch
    import transformers

    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    return transformers.MarianMTModel.from_pretrained(directory, dtype=torch.float32).eval()


def hypotheses(model, source_ids, beams, penalty, stopping, longest):
    """The hypotheses of one sentence, from the best down: (score, ids)."""
    import torch

    settings = {"num_beams": beams, "do_sample": False, "max_new_tokens": longest, "num_return_sequences": beams,
                "return_dict_in_generate": True, "output_scores": True}
    if beams > 1:
        settings |= {"length_penalty": penalty, "early_stopping": stopping}
    output = model.generate(torch.tensor([source_ids]), **settings)
    end = model.config.eos_token_id
    results = []
    for row, sequence in enumerate(output.sequences.tolist()):
        ids = sequence[1:]
        if end in ids:
            ids = ids[: ids.index(end) + 1]
        results.append((float(output.sequences_scores[row]) if beams > 1 else 0.0, ids))
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=REPOSITORY / "weights/en-fr", help="default: weights/en-fr")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--setting", action="append", help="beams,length penalty,early stopping (default: several)")
    parser.add_argument("--best", type=int, default=64, help="only the first so many hypotheses")
    parser.add_argument("--limit", type=int, help="only the first so many sentences")
    parser.add_argument("--never", type=int, help="the limit where early stopping is never")
    parser.add_argument("--longest", type=int, default=128, help="most tokens of a translation (default: 128)")
    parser.add_argument("--threads", type=int, default=1, help="default: 1")
    arguments = parser.parse_args()
    try:
        import torch
    except ImportError as error:
        sys.exit(f"pytorch_beams: error: {error}: pip install -r tools/reference/requirements.txt")
    torch.set_num_threads(arguments.threads)

    lines = (arguments.model / "dev.pytorch.jsonl").read_text(encoding="utf-8").split("\n")
    sources = [json.loads(line)["source_ids"] for line in lines if line][: arguments.limit]
    model = load(arguments.model)
    text = ""
    with torch.inference_mode():
        for setting in arguments.setting or SETTINGS:
            beams, penalty, stopping = setting.split(",")
            started = time.monotonic()
            text += f"# {beams} {penalty} {stopping}\n"
            stops = {"false": False, "true": True, "never": "never"}[stopping]
            # Searches that never stop early run to the longest target.
            for source in sources[: arguments.never] if stops == "never" else sources:
                found = hypotheses(model, source, int(beams), float(penalty), stops, arguments.longest)
                text += " | ".join(" ".join([f"{score:.5f}"] + [str(i) for i in ids]) for score, ids in found[: arguments.best]) + "\n"
            print(f"{setting}: {len(sources)} sentences in {time.monotonic() - started:.1f} s", file=sys.stderr)
    temporary = arguments.output.with_name(arguments.output.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, arguments.output)


if __name__ == "__main__":
    main()
