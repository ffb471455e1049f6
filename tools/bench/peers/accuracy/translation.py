"""The English-French model: Swiftlet and CTranslate2, teacher-forced on the float model's greedy translations."""

import json
import subprocess
import sys

import ctranslate2
import numpy as np

import swiftlet
from measures import Divergence, bits_per_weight, log_softmax
from processes import PEERS, REPOSITORY, WEIGHTS, run


def convert(folder, kind):
    path = folder / f"en-fr-{kind}"
    if not path.exists():
        run([sys.executable, PEERS / "ctranslate2_en_fr.py", "--converted", path, "--compute-type", kind,
             "--step", "convert"])
    return path


class Translator:
    def __init__(self, path, kind, tokens, pad):
        self.translator = ctranslate2.Translator(str(path), device="cpu", compute_type=kind, inter_threads=1,
                                                 intra_threads=1)
        self.tokens, self.pad = tokens, pad

    def log_probabilities(self, row):
        """Of each token of the float model's translation, given those before it."""
        source, target = ([self.tokens[number] for number in row[key]] for key in ("source_ids", "ids"))
        # CTranslate2 adds the source's end token itself.
        result = self.translator.translate_batch(
            [source[:-1]], target_prefix=[target[:-1]], beam_size=1, max_decoding_length=len(target),
            return_logits_vocab=True, return_end_token=True)[0]
        logits = np.stack([np.array(step).reshape(-1) for step in result.logits[0]])
        logits[:, self.pad] = -np.inf
        return log_softmax(logits)

    def translation(self, row):
        source = [self.tokens[number] for number in row["source_ids"]][:-1]
        result = self.translator.translate_batch([source], beam_size=1, max_decoding_length=256, return_end_token=True)
        return result[0].hypotheses[0]


def quality(folder, texts):
    """BLEU and chrF against all references."""
    path = folder / "hypotheses.txt"
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    done = subprocess.run([sys.executable, REPOSITORY / "tools/reference/bleu.py", "--json", path], check=True,
                          stdout=subprocess.PIPE)
    system = json.loads(done.stdout)["systems"][0]
    return {"bleu": system["bleu"], "chrf": system["chrf"]}


def ctranslate2_figures(folder, weights):
    """Of CTranslate2's int8; and how far its float32, the reference, is from PyTorch's log-probabilities."""
    import sentencepiece

    decode = sentencepiece.SentencePieceProcessor(model_file=str(WEIGHTS / "target.spm")).decode
    vocabulary = json.loads((WEIGHTS / "vocab.json").read_text(encoding="utf-8"))
    tokens = sorted(vocabulary, key=vocabulary.get)
    rows = [json.loads(line) for line in (WEIGHTS / "dev.pytorch.jsonl").read_text(encoding="utf-8").splitlines()]
    engines = {kind: Translator(convert(folder, kind), kind, tokens, vocabulary["<pad>"])
               for kind in ("float32", "int8")}
    divergence, farthest, same, texts = Divergence(), 0, 0, []
    for row in rows:
        reference, other = (engine.log_probabilities(row) for engine in engines.values())
        divergence.add(reference, other)
        farthest = max(farthest, np.abs(reference[range(len(row["ids"])), row["ids"]] - row["log_probs"]).max())
        found = engines["int8"].translation(row)
        same += [vocabulary[token] for token in found] == row["ids"]
        texts.append(decode([token for token in found if token != "</s>"]))
    return {**divergence.figures(), "identical": 100 * same / len(rows), **quality(folder, texts),
            "bits": bits_per_weight(folder / "en-fr-int8", weights)}, farthest


def compare(folder, _):
    """Returns a title, figures by engine, and a remark."""
    text = WEIGHTS / "dev.tsv"
    rows = {"Swiftlet": swiftlet.figures(WEIGHTS, swiftlet.convert(WEIGHTS, folder / "en-fr.swiftlet"), text)}
    calibrated = swiftlet.convert(WEIGHTS, folder / "en-fr-calibrated.swiftlet", "--calibrate",
                                  WEIGHTS / "calibration.txt")
    rows["Swiftlet, calibrated"] = swiftlet.figures(WEIGHTS, calibrated, text)
    rows["CTranslate2 int8"], farthest = ctranslate2_figures(folder, rows["Swiftlet"]["weights"])
    count = rows["Swiftlet"]["sentences"]
    return (f"en-fr, {count} dev sentences, teacher-forced on the float model's greedy translations", rows,
            f"CTranslate2's float32, the reference of its int8, is within {farthest:.1e} of PyTorch's log-probabilities")
