"""Texts that models are measured on, and others that they are calibrated with. What is drawn has a seed."""

import struct
from pathlib import Path

import numpy as np

from processes import WEIGHTS


def lines(path):
    return Path(path).read_text(encoding="utf-8").removesuffix("\n").split("\n")


def sentences():
    """The English sentences of the dev set."""
    return [line.split("\t")[0] for line in lines(WEIGHTS / "dev.tsv")]


def pairs(count=1000):
    """Each sentence of the dev set beside the one 500 lines after it: texts with a tab."""
    texts = sentences()
    return [f"{text}\t{texts[(place + len(texts) // 2 + 1) % len(texts)]}" for place, text in enumerate(texts)][:count]


def words(name):
    """The words of an English text of en-fr, each once: none is chosen for its sound."""
    texts = [line.split("\t")[0] for line in lines(WEIGHTS / name)]
    found = {word.strip(".,!?\"'").lower() for text in texts for word in text.split()}
    return sorted(word for word in found if word.isalpha() and word.isascii())


def letters(vocabulary, count, seed):
    """Words of three to nine letters of a vocabulary, one letter a token, each as likely."""
    random = np.random.default_rng(seed)
    alphabet = [line for line in lines(vocabulary) if len(line) == 1]
    return ["".join(random.choice(alphabet, random.integers(3, 10))) for _ in range(count)]


def stories(model, tokenizer, count, seed, length=200):
    """What a Llama of llama2.c writes by drawing from its own distributions, on a line each."""
    random = np.random.default_rng(seed)
    data, pieces, place = Path(tokenizer).read_bytes(), [], 4
    while place < len(data):
        size = struct.unpack_from("<fi", data, place)[1]
        pieces.append(data[place + 8:place + 8 + size].decode(errors="replace"))
        place += 8 + size
    texts = (model.write(1, (1, 2), length, random)[1:] for _ in range(count))
    return ["".join(" " if pieces[token].startswith("<0x") else pieces[token] for token in text).strip()
            .replace("\n", " ") for text in texts]


def numbered(vocabulary, count, length, seed):
    """Texts of words such as `w7`, as random models have them."""
    random = np.random.default_rng(seed)
    return [" ".join(f"w{word}" for word in random.integers(3, vocabulary, length)) for _ in range(count)]


def save(path, texts):
    path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return path
