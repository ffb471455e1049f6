#!/usr/bin/env python3
"""BLEU and chrF of translations against every reference of a dev set.

    python3 tools/reference/bleu.py HYPOTHESES [HYPOTHESES ...] [--dev weights/en-fr/dev.tsv] [--json]

HYPOTHESES is a text file with one translation per line, in the order of the dev set, or a file of JSON
lines (`*.jsonl`) with the translation in the field `text`, such as weights/en-fr/dev.pytorch.jsonl.
With several files, each gets a row, and the last two columns compare it with the first file: the share
of sentences that are the same, and the difference in BLEU with its bootstrapped p-value (`--significance`).

The dev set's lines hold the English sentence, then all its references, separated by tabs. Their number
varies; sacrebleu wants streams of equal length, so absent references are passed as None, which it skips.

Needs: pip install -r tools/reference/requirements.txt
"""

import argparse
import itertools
import json
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def read_dev(path):
    """The sources, and the references as the streams that sacrebleu wants."""
    sources, references = [], []
    for number, line in enumerate(read_lines(path), 1):
        source, *others = line.split("\t")
        if not others or not all(others):
            sys.exit(f"bleu: error: {path}, line {number}: expected English and at least one reference, "
                     "separated by single tabs")
        sources.append(source)
        references.append(others)
    if not sources:
        sys.exit(f"bleu: error: {path}: no sentences")
    return sources, list(itertools.zip_longest(*references, fillvalue=None))


def read_lines(path):
    """Lines end with a line feed only: a sentence may hold other separators that Python would split at."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f"bleu: error: {path}: {error}")
    return text.removesuffix("\n").split("\n") if text else []


def read_hypotheses(path, count):
    lines = read_lines(path)
    if str(path).endswith(".jsonl"):
        try:
            lines = [json.loads(line)["text"] for line in lines]
        except (ValueError, KeyError, TypeError) as error:
            sys.exit(f"bleu: error: {path}: every line must be a JSON object with the field 'text' ({error!r})")
    if len(lines) != count:
        sys.exit(f"bleu: error: {path}: {len(lines)} translations for {count} dev sentences")
    return lines


def score(name, hypotheses, references):
    from sacrebleu.metrics import BLEU, CHRF

    bleu, chrf = BLEU(), CHRF()
    b, c = bleu.corpus_score(hypotheses, references), chrf.corpus_score(hypotheses, references)
    return {
        "name": name, "bleu": round(b.score, 2), "chrf": round(c.score, 2),
        "brevity_penalty": round(b.bp, 4), "length_ratio": round(b.sys_len / b.ref_len, 4),
        "signature": {"bleu": str(bleu.get_signature()), "chrf": str(chrf.get_signature())},
    }


def significance(baseline, hypotheses, references):
    """The p-value of the difference in BLEU: paired bootstrap of 1,000 samples, sacrebleu's own, seeded."""
    from sacrebleu.metrics import BLEU
    from sacrebleu.significance import PairedTest

    test = PairedTest([("baseline", baseline), ("system", hypotheses)], {"BLEU": BLEU(references=references)},
                      references=None, test_type="bs", n_samples=1000)
    return test()[1]["BLEU"][1].p_value


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hypotheses", nargs="+", help="one translation per line, or JSON lines with 'text'")
    parser.add_argument("--dev", default=REPOSITORY / "weights/en-fr/dev.tsv",
                        help="English and its references, tab-separated (default: weights/en-fr/dev.tsv)")
    parser.add_argument("--significance", action="store_true", help="also bootstrap the difference to the first file")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    try:
        import sacrebleu
    except ImportError:
        sys.exit("bleu: error: sacrebleu is missing: pip install -r tools/reference/requirements.txt")

    sources, references = read_dev(arguments.dev)
    systems = [(path, read_hypotheses(path, len(sources))) for path in arguments.hypotheses]
    baseline = systems[0][1]
    rows = []
    for path, hypotheses in systems:
        row = score(str(path), hypotheses, references)
        row["identical_to_first"] = round(sum(map(str.__eq__, baseline, hypotheses)) / len(sources), 4)
        row["bleu_difference"] = round(row["bleu"] - (rows[0]["bleu"] if rows else row["bleu"]), 2)
        if arguments.significance and rows and hypotheses != baseline:
            row["p_value"] = significance(baseline, hypotheses, references)
        rows.append(row)

    if arguments.json:
        print(json.dumps({"sentences": len(sources), "sacrebleu": sacrebleu.__version__, "systems": rows}, indent=2))
        return
    width = max(len(row["name"]) for row in rows)
    print(f"{len(sources)} sentences, {sum(r is not None for s in references for r in s)} references")
    print(f"{'':{width}}  {'BLEU':>6}  {'chrF':>6}  {'length':>6}  {'identical':>9}  {'ΔBLEU':>6}")
    for row in rows:
        p = f"  p = {row['p_value']:.3f}" if "p_value" in row else ""
        print(f"{row['name']:{width}}  {row['bleu']:6.2f}  {row['chrf']:6.2f}  {row['length_ratio']:6.3f}  "
              f"{row['identical_to_first']:9.1%}  {row['bleu_difference']:+6.2f}{p}")
    print(f"BLEU {rows[0]['signature']['bleu']}\nchrF {rows[0]['signature']['chrf']}")


if __name__ == "__main__":
    main()
