#!/usr/bin/env python3
"""Golden values of BLEU and chrF, by sacrebleu, for Swiftlet's own.

    python3 tools/reference/text_metrics.py > Tests/VerificationTests/Fixtures/text-metrics.json

They are of corpora: the English-French dev set with PyTorch's translations (weights/en-fr), whole and in blocks of 100;
edge cases of tokenisation and of counting; and lines of characters that are hard to tokenise, drawn with a seed.

Needs: pip install "sacrebleu>=2.4"
"""

import itertools
import json
import random
import sys
from pathlib import Path

import sacrebleu
from sacrebleu.metrics import BLEU, CHRF

EN_FR = Path(__file__).resolve().parents[2] / "weights/en-fr"

EDGES = [
    [("the cat sat on the mat", ["the cat sat on the mat"])],
    [("the the the the the the the", ["the cat is on the mat", "there is a cat on the mat"])],
    [("", ["a b c d e"])],
    [("", [""])],
    [("a", [""])],
    [("a", ["a"])],
    [("a b c", ["a b c"])],
    [("a b c d", ["d c b a"])],
    [("a b c d e f", ["a b", "a b c d e f g h i j"])],
    [("a b c d e", ["a b c d", "a b c d e f"])],
    [("It costs 1,234.56 dollars, or 3.5%.", ["It costs 1,234.56 dollars, or 3.5 %."])],
    [("a 5-year-old's re-entry -- 12-13", ["a 5-year-old 's re-entry - - 12 - 13"])],
    [("...,,..5.,5,.", ["... ,, .. 5 . , 5 , ."])],
    [("&quot;Yes&quot; &amp;amp; &lt;b&gt; &#39;", ['"Yes" &amp; <b> &#39;'])],
    [("<skipped>one<skipped> two", ["one two"])],
    [("trailing spaces   \t ", ["trailing spaces"])],
    [("thin\u2009space no\u00a0break em\u2003space\u3000wide", ["thin space no break em space wide"])],
    [("next\u0085line\u2028sep\x1cfs\x1fus\u200bzero", ["next line sep fs us zero"])],
    [("café", ["cafe\u0301"])],
    [("« Où est-ce ? » — l’été, c’est… ça !", ["« Où est-ce ? » – l'été, c'est... ça !"])],
    [("日本語のテスト。", ["日本語テスト。"])],
    [("👩‍👩‍👧 flag 🇫🇷 é", ["👩‍👩‍👧 flag 🇫🇷🇫🇷 e"])],
    [("A [b] {c} (d) <e> f/g h\\i j@k #l $m %n ^o &p *q +r =s ~t `u |v", ["A b c d e f g h i j k l m n o p q r s t u v"])],
    [("Mixed CASE", ["mixed case"])],
    [("one two three four five", ["one two three four five"]), ("six seven", ["eight nine"])],
    [("one two three four", ["five six seven eight"]), ("one two", ["one two", "two one"])],
    [("a b", ["a b"]), ("c d", ["c d"])],
]
ALPHABET = list("ab1209.,-.,-' &;/!?()[]{}\"%é’«»…") + ["\u00a0", "\u2009", "\t", "&lt;", "&amp;", "the ", "cat "]


def drawn(count):
    """Corpora of five lines, each with up to three references that are like it."""
    random.seed(20261121)
    for _ in range(count):
        corpus = []
        for _ in range(5):
            line = random.choices(ALPHABET, k=random.randint(1, 40))
            references = []
            for _ in range(random.randint(1, 3)):
                other = [random.choice(ALPHABET) if random.random() < 0.1 else piece for piece in line]
                references.append("".join(other[random.randint(0, 2):]))
            corpus.append(("".join(line), references))
        yield corpus


def score(corpus):
    streams = list(itertools.zip_longest(*(references for _, references in corpus), fillvalue=None))
    hypotheses = [hypothesis for hypothesis, _ in corpus]
    return [round(metric.corpus_score(hypotheses, streams).score, 6) for metric in (BLEU(), CHRF())]


def dev_set():
    lines = (EN_FR / "dev.tsv").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    golden = (EN_FR / "dev.pytorch.jsonl").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return [(json.loads(text)["text"], line.split("\t")[1:]) for text, line in zip(golden, lines, strict=True)]


def main():
    dev = dev_set()
    corpora = EDGES + list(drawn(20))
    json.dump({
        "sacrebleu": sacrebleu.__version__,
        "dev": score(dev),
        "blocks": [score(dev[start:start + 100]) for start in range(0, len(dev), 100)],
        "corpora": [
            {"lines": [{"hypothesis": h, "references": r} for h, r in corpus], "score": score(corpus)}
            for corpus in corpora
        ],
    }, sys.stdout, ensure_ascii=True, indent=1)
    print()


if __name__ == "__main__":
    main()
