#!/usr/bin/env python3
"""Trains the English-French model of weights/en-fr again, from the sentence pairs.

    python3 tools/train/train_en_fr.py --pairs fra-eng.zip --output en-fr
    python3 tools/train/train_en_fr.py --pairs fra-eng.zip --output en-fr --resume

--pairs is fra-eng.zip of www.manythings.org/anki (or the fra.txt inside). --output becomes a Hugging Face
directory in float16, beside dev.tsv, test.tsv and, until training is done, checkpoint.pt. Two CPU cores
take about 100 minutes. A checkpoint is kept every 500 steps; after an interruption --resume goes on from it.

A quick try of the whole way, in two minutes:

    python3 tools/train/train_en_fr.py --pairs fra-eng.zip --output /tmp/try \\
        --max-steps 30 --limit-pairs 3000 --evaluate 50

Needs: pip install -r tools/train/requirements.txt
"""

import argparse
import itertools
import json
import math
import os
import random
import sys
import time
import unicodedata
import zipfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
END, UNKNOWN = 0, 1
LONGEST = 250  # tokens of one side; the model has 256 positions


def fail(message):
    sys.exit(f"train_en_fr: error: {message}")


def say(message):
    print(message, file=sys.stderr, flush=True)


# Sentences


def clean(text):
    """NFKC (which makes no-break and thin spaces plain), plain apostrophes, single spaces."""
    text = unicodedata.normalize("NFKC", text)
    text = text.translate({0x2018: "'", 0x2019: "'", 0x02BC: "'", 0x00AD: None, 0x200B: None, 0xFEFF: None})
    return " ".join(text.split())


def read_pairs(path):
    """The cleaned pairs, each once, in the order of the file."""
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                members = [name for name in archive.namelist()
                           if name.split("/")[-1] == "fra.txt" and not name.startswith("__MACOSX")]
                if len(members) != 1:
                    fail(f"{path}: expected one fra.txt inside, found {len(members)}")
                text = archive.read(members[0]).decode("utf-8")
        else:
            text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        fail(f"{path}: {error}")
    pairs = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        fields = line.split("\t")
        if len(fields) < 2:
            fail(f"{path}, line {number}: expected English and French, separated by a tab")
        pair = clean(fields[0]), clean(fields[1])
        if all(pair):
            pairs[pair] = None
    if not pairs:
        fail(f"{path}: no sentence pairs")
    return list(pairs)


def read_dev(path):
    try:
        lines = Path(path).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"{path}: {error}")
    if not all("\t" in line for line in lines):
        fail(f"{path}: every line must hold English and its references, separated by tabs")
    return [line.split("\t") for line in lines]


def split(pairs, dev, test_sentences, seed):
    """Training pairs and the test set. An English sentence is held out with all its references."""
    held = {line[0] for line in dev}
    references = {}
    for english, french in pairs:
        if english not in held:
            references.setdefault(english, []).append(french)
    if test_sentences >= len(references):
        fail(f"--test-sentences {test_sentences}: only {len(references)} English sentences are not in the dev set")
    chosen = set(random.Random(seed).sample(sorted(references), test_sentences))
    test = [[english, *references[english]] for english in references if english in chosen]
    return [pair for pair in pairs if pair[0] not in held and pair[0] not in chosen], test


def write(path, text):
    """A file is either old or new, never half."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


# Tokenizer


def make_tokenizer(pairs, output, pieces, seed):
    """SentencePiece Unigram on both sides; ids are the numbers of the pieces, and <pad> is after the last."""
    import sentencepiece

    say(f"training {pieces} SentencePiece pieces on {2 * len(pairs)} sentences")
    sentencepiece.set_random_generator_seed(seed)
    prefix = output / "source"
    try:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=itertools.chain.from_iterable(pairs), model_prefix=str(prefix), model_type="unigram",
            vocab_size=pieces, hard_vocab_limit=False, character_coverage=1.0, input_sentence_size=400_000,
            shuffle_input_sentence=True, num_threads=1, eos_id=END, unk_id=UNKNOWN, bos_id=-1, pad_id=-1,
            minloglevel=2)
    except (RuntimeError, OSError) as error:
        fail(f"SentencePiece: {error}")
    model = prefix.with_suffix(".model").read_bytes()
    for name in ("source", "target"):
        (output / f"{name}.spm").write_bytes(model)
    prefix.with_suffix(".model").unlink()
    prefix.with_suffix(".vocab").unlink()

    tokenizer = sentencepiece.SentencePieceProcessor(model_proto=model)
    count = tokenizer.get_piece_size()
    if count != pieces:
        say(f"warning: the sentences yield only {count} pieces, not {pieces}")
    vocabulary = {tokenizer.id_to_piece(index): index for index in range(count)} | {"<pad>": count}
    write(output / "vocab.json", json.dumps(vocabulary, ensure_ascii=False))
    write(output / "tokenizer_config.json", json.dumps({
        "source_lang": "en", "target_lang": "fr", "model_max_length": 256, "separate_vocabs": False,
        "tokenizer_class": "MarianTokenizer", "unk_token": "<unk>", "eos_token": "</s>", "pad_token": "<pad>",
    }, indent=1) + "\n")
    return tokenizer


def encode(tokenizer, pairs):
    """Ids with </s> at the end; pairs too long for the model's positions are left out."""
    sides = [tokenizer.encode([pair[side] for pair in pairs], add_eos=True) for side in (0, 1)]
    encoded = [pair for pair in zip(*sides) if max(map(len, pair)) <= LONGEST]
    if len(encoded) < len(pairs):
        say(f"left out {len(pairs) - len(encoded)} pairs longer than {LONGEST} tokens")
    return encoded


# Batches


def batches(encoded, epoch, tokens, seed, pool=5_000):
    """One epoch: shuffled, sorted by length in pools, cut at about `tokens` padded tokens, shuffled again.

    The padded tokens of a batch are its pairs times its longest side. An epoch depends on the seed and its
    number alone, so that a resumed training sees the same batches.
    """
    generator = random.Random(f"{seed}:{epoch}")
    order = list(range(len(encoded)))
    generator.shuffle(order)
    result = []
    for start in range(0, len(order), pool):
        batch, longest = [], 0
        for index in sorted(order[start:start + pool], key=lambda i: len(encoded[i][0]) + len(encoded[i][1])):
            longer = max(longest, *map(len, encoded[index]))
            if batch and longer * (len(batch) + 1) > tokens:
                result.append(batch)
                batch, longer = [], max(map(len, encoded[index]))
            batch.append(index)
            longest = longer
        result.append(batch)
    generator.shuffle(result)
    return result


def padded(rows, padding):
    import torch

    width = max(map(len, rows))
    return torch.tensor([row + [padding] * (width - len(row)) for row in rows])


# Model


def make_model(pieces):
    from transformers import MarianConfig, MarianMTModel

    padding = pieces
    return MarianMTModel(MarianConfig(
        vocab_size=pieces + 1, decoder_vocab_size=pieces + 1, d_model=256, max_position_embeddings=256,
        encoder_layers=3, decoder_layers=3, encoder_attention_heads=4, decoder_attention_heads=4,
        encoder_ffn_dim=1024, decoder_ffn_dim=1024, activation_function="relu", dropout=0.1,
        attention_dropout=0.0, activation_dropout=0.0, init_std=0.02, scale_embedding=True,
        share_encoder_decoder_embeddings=True, tie_word_embeddings=True, bos_token_id=None, pad_token_id=padding,
        eos_token_id=END, forced_eos_token_id=END, decoder_start_token_id=padding))


def rate(step, arguments):
    """Linear to the peak, then a cosine down to the floor."""
    if step < arguments.warm_up:
        return arguments.peak_rate * (step + 1) / arguments.warm_up
    progress = min(1.0, (step - arguments.warm_up) / max(1, arguments.steps - arguments.warm_up))
    floor = arguments.floor
    return arguments.peak_rate * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * progress)))


class Average:
    """An exponential average of the parameters; its start is not held back by the random initial weights."""

    def __init__(self, model, decay):
        self.decay = decay
        self.values = {name: p.detach().clone() for name, p in model.named_parameters()}

    def update(self, model, step):
        import torch

        decay = min(self.decay, (1 + step) / (10 + step))
        with torch.no_grad():
            for name, p in model.named_parameters():
                self.values[name].lerp_(p, 1 - decay)

    def copy_to(self, model):
        import torch

        with torch.no_grad():
            for name, p in model.named_parameters():
                p.copy_(self.values[name])


# Training


SETTINGS = ("pieces", "steps", "warm_up", "peak_rate", "floor", "tokens", "smoothing", "decay", "weight_decay", "clip",
            "seed", "limit_pairs", "test_sentences")


def save_checkpoint(path, model, average, optimizer, step, arguments, pairs):
    import torch

    temporary = path.with_name(path.name + ".tmp")
    torch.save({
        "model": model.state_dict(), "average": average.values, "optimizer": optimizer.state_dict(), "step": step,
        "random": torch.get_rng_state(), "pairs": pairs,
        "settings": {name: getattr(arguments, name) for name in SETTINGS},
    }, temporary)
    os.replace(temporary, path)


def load_checkpoint(path, model, average, optimizer, arguments, pairs):
    import torch

    try:
        state = torch.load(path, weights_only=True)
        before, now = state["settings"], {name: getattr(arguments, name) for name in SETTINGS}
    except Exception as error:  # torch raises many kinds for a damaged file
        fail(f"{path}: not a checkpoint of this script ({error})")
    changed = [f"{name} {before.get(name)} → {now[name]}" for name in SETTINGS if before.get(name) != now[name]]
    if state["pairs"] != pairs:
        changed.append(f"pairs {state['pairs']} → {pairs}")
    if changed:
        fail(f"{path}: --resume with other settings or sentences: {', '.join(changed)}")
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    average.values = state["average"]
    torch.set_rng_state(state["random"])
    return state["step"]


def train(model, encoded, arguments, checkpoint):
    """Returns the average of the weights, or None if it was interrupted."""
    import torch
    import torch.nn.functional as functional

    padding = model.config.pad_token_id
    optimizer = torch.optim.AdamW(model.parameters(), lr=arguments.peak_rate, betas=(0.9, 0.98),
                                  weight_decay=arguments.weight_decay)
    average = Average(model, arguments.decay)
    step = 0
    if arguments.resume:
        step = load_checkpoint(checkpoint, model, average, optimizer, arguments, len(encoded))
        say(f"resumed after step {step}")
    last = min(arguments.steps, arguments.max_steps or arguments.steps)
    if len(encoded) == 0:
        fail("no sentence pairs are left to train on")

    def all_batches():
        for epoch in itertools.count():
            one = batches(encoded, epoch, arguments.tokens, arguments.seed)
            for batch in one:
                yield epoch + 1, batch

    model.train()
    started, tokens, total = time.monotonic(), 0, 0.0
    begin = step
    try:
        for epoch, batch in itertools.islice(all_batches(), step, last):
            source = padded([encoded[i][0] for i in batch], padding)
            labels = padded([encoded[i][1] for i in batch], padding)
            given = torch.cat([torch.full((len(batch), 1), padding), labels[:, :-1]], dim=1)
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=not arguments.float32):
                logits = model(input_ids=source, attention_mask=source.ne(padding), decoder_input_ids=given,
                               use_cache=False).logits
            loss = functional.cross_entropy(logits.float().flatten(0, 1), labels.flatten(), ignore_index=padding,
                                            label_smoothing=arguments.smoothing)
            if not torch.isfinite(loss):
                fail(f"step {step + 1}: the loss is {loss.item()}; lower --peak-rate")
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            if arguments.clip:
                torch.nn.utils.clip_grad_norm_(model.parameters(), arguments.clip)
            for group in optimizer.param_groups:
                group["lr"] = rate(step, arguments)
            optimizer.step()
            step += 1
            average.update(model, step)
            tokens += int(labels.ne(padding).sum())
            total += loss.item()
            if step % arguments.report_every == 0 or step == last:
                seconds = time.monotonic() - started
                say(f"step {step}/{arguments.steps}  epoch {epoch}  loss {total / ((step - begin)):.4f}  "
                    f"rate {rate(step - 1, arguments):.2e}  {tokens / seconds:.0f} target tokens/s  "
                    f"{(last - step) * seconds / (step - begin) / 60:.0f} min left")
                started, tokens, total, begin = time.monotonic(), 0, 0.0, step
            if step % arguments.checkpoint_every == 0 or step == last:
                save_checkpoint(checkpoint, model, average, optimizer, step, arguments, len(encoded))
    except KeyboardInterrupt:
        # The step under way may be half done: the last whole state is the checkpoint on disk.
        kept = f"go on with --resume from {checkpoint}" if checkpoint.exists() else "no checkpoint yet"
        say(f"interrupted in step {step + 1}; {kept}")
        return None
    return average


# Result


def save(model, output):
    """The directory as Hugging Face reads it, in float16. The model given stays in float32."""
    import copy

    copy.deepcopy(model).half().save_pretrained(output)
    (output / "model.safetensors").chmod(0o644)


def translate(model, tokenizer, sentences, longest=128, rows=64):
    """Greedy translations in batches of similar length."""
    import torch

    padding = model.config.pad_token_id
    ids = tokenizer.encode(sentences, add_eos=True)
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    result = [""] * len(ids)
    for start in range(0, len(order), rows):
        chosen = order[start:start + rows]
        source = padded([ids[i] for i in chosen], padding)
        with torch.inference_mode():
            made = model.generate(input_ids=source, attention_mask=source.ne(padding), num_beams=1, do_sample=False,
                                  max_new_tokens=longest)
        for index, row in zip(chosen, made.tolist()):
            row = row[1:]
            row = row[:row.index(END)] if END in row else row
            result[index] = tokenizer.decode([token for token in row if token != padding])
    return result


def evaluate(output, tokenizer, name, lines):
    """BLEU and chrF of what was saved, so that the files are what is measured."""
    import torch
    from sacrebleu.metrics import BLEU, CHRF
    from transformers import MarianMTModel

    model = MarianMTModel.from_pretrained(output, dtype=torch.float32).eval()
    hypotheses = translate(model, tokenizer, [line[0] for line in lines])
    references = list(itertools.zip_longest(*(line[1:] for line in lines)))
    print(f"{name}: {len(lines)} sentences, greedy: BLEU {BLEU().corpus_score(hypotheses, references).score:.2f}, "
          f"chrF {CHRF().corpus_score(hypotheses, references).score:.2f}")
    for line, hypothesis in list(zip(lines, hypotheses))[:3]:
        say(f"  {line[0]} → {hypothesis}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--pairs", type=Path, required=True, help="fra-eng.zip, or the fra.txt inside")
    add("--output", type=Path, required=True, help="directory to write")
    add("--dev", type=Path, default=REPOSITORY / "weights/en-fr/dev.tsv",
        help="held-out sentences, fixed (default: weights/en-fr/dev.tsv)")
    add("--resume", action="store_true", help="go on from checkpoint.pt in --output")
    add("--max-steps", type=int, help="stop after so many steps, with the rates of the full training")
    add("--limit-pairs", type=int, help="train on the first so many pairs of a seeded shuffle only")
    add("--evaluate", type=int, metavar="N", help="score only the first N dev and test sentences (0: none)")
    add("--threads", type=int, help="default: as many as PyTorch chooses")
    recipe = parser.add_argument_group("recipe (the defaults are that of weights/en-fr)")
    add = recipe.add_argument
    add("--pieces", type=int, default=6000, help="SentencePiece pieces (6000)")
    add("--test-sentences", type=int, default=600, help="English sentences drawn for test.tsv (600)")
    add("--steps", type=int, default=5834, help="length of the schedule, 8 epochs (5834)")
    add("--warm-up", type=int, default=1000, help="steps of linear warm-up (1000)")
    add("--peak-rate", type=float, default=1.2e-3, help="learning rate after the warm-up (1.2e-3)")
    add("--floor", type=float, default=0.02, help="where the cosine ends, as a part of the peak (0.02)")
    add("--tokens", type=int, default=3500, help="padded tokens of a step (3500)")
    add("--smoothing", type=float, default=0.1, help="label smoothing (0.1)")
    add("--decay", type=float, default=0.999, help="of the average of the weights (0.999)")
    add("--weight-decay", type=float, default=0.01, help="of AdamW (0.01)")
    add("--clip", type=float, default=1.0, help="largest norm of the gradient, 0 for none (1.0)")
    add("--seed", type=int, default=1, help="of everything drawn (1)")
    add("--float32", action="store_true", help="no bfloat16 autocast: for processors where it is slow")
    add("--report-every", type=int, default=50, help="steps between progress lines (50)")
    add("--checkpoint-every", type=int, default=500, help="steps between checkpoints (500)")
    arguments = parser.parse_args()
    for name in ("steps", "tokens", "pieces", "report_every", "checkpoint_every", "test_sentences"):
        if getattr(arguments, name) < 1:
            parser.error(f"--{name.replace('_', '-')} must be at least 1")
    for name in ("max_steps", "limit_pairs", "threads"):
        if (value := getattr(arguments, name)) is not None and value < 1:
            parser.error(f"--{name.replace('_', '-')} must be at least 1")
    try:
        import sacrebleu  # noqa: F401
        import sentencepiece
        import torch
        import transformers
    except ImportError as error:
        fail(f"{error}: pip install -r tools/train/requirements.txt")
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)

    output, checkpoint = arguments.output, arguments.output / "checkpoint.pt"
    if arguments.resume and not checkpoint.is_file():
        fail(f"{output}: --resume, but there is no checkpoint.pt")
    if not arguments.resume and checkpoint.exists():
        fail(f"{output}: has a checkpoint.pt of a training under way: --resume it, or delete the file")
    dev = read_dev(arguments.dev)
    pairs = read_pairs(arguments.pairs)
    say(f"{len(pairs)} different pairs in {arguments.pairs}")
    pairs, test = split(pairs, dev, arguments.test_sentences, arguments.seed)
    if arguments.limit_pairs:
        pairs = random.Random(arguments.seed).sample(pairs, min(arguments.limit_pairs, len(pairs)))
    say(f"training {len(pairs)} pairs, dev {len(dev)} sentences, test {len(test)} sentences")

    try:
        output.mkdir(parents=True, exist_ok=True)
        if arguments.resume:
            tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(output / "source.spm"))
        else:
            for name, lines in (("dev", dev), ("test", test)):
                write(output / f"{name}.tsv", "".join("\t".join(line) + "\n" for line in lines))
            tokenizer = make_tokenizer(pairs, output, arguments.pieces, arguments.seed)
    except OSError as error:
        fail(error)
    encoded = encode(tokenizer, pairs)
    model = make_model(tokenizer.get_piece_size())
    say(f"{sum(p.numel() for p in model.parameters() if p.requires_grad)} parameters, "
        f"{len(batches(encoded, 0, arguments.tokens, arguments.seed))} steps an epoch, "
        f"{torch.get_num_threads()} threads")

    average = train(model, encoded, arguments, checkpoint)
    if average is None:
        sys.exit(130)
    average.copy_to(model.eval())
    save(model, output)
    say(f"saved {output}")
    for name, lines in (("dev", dev), ("test", test)):
        if lines[:arguments.evaluate]:
            evaluate(output, tokenizer, name, lines[:arguments.evaluate])
    if not arguments.max_steps or arguments.max_steps >= arguments.steps:
        checkpoint.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
