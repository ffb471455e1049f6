"""Makes small vocabularies of every kind of tokenizer, and what the reference makes of some 1,400 lines with them.

Usage:
    python3 tools/reference/tokenizer_kinds.py [--out Tests/TokenizersTests/Fixtures/Kinds] [--dump FOLDER]

Needs `tokenizers` (made with 0.23.3), `sentencepiece` (0.2.3) and `babel` (2.18). Deterministic: the same packages make
the same files. It writes

    lines.json      the lines: names of languages and regions in 40 languages of 20 scripts (Unicode CLDR), English and
                    French sentences of weights/en-fr, and the nasty strings of tokenizer.py with some more
    NAME.json, NAME.model    the vocabularies, trained on those lines
                    (Unigram's ids are sentencepiece's, between added tokens: see `fast`)
    NAME.hashes     4 characters for each line: of its ids and of the text that these decode to; see `digest`
    pairs.json      ids and segments of pairs of texts

With --dump, also FOLDER/NAME.txt: ids and decoded texts in full, to find what differs.
"""

import argparse
import io
import json
import os
import random
import re
import tempfile

import sentencepiece
from babel import Locale
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from tokenizer import nasty

LOCALES = ("en fr de pl vi tr ru uk bg el ka hy he ar fa ur ps hi mr ne bn as ta te kn ml gu pa or si th lo km my bo am ti ko ja zh zh_Hant "
           "yi chr mn dv").split()
LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


def digest(ids, text):
    """24 bits of FNV-1a over the ids, as four bytes each, and the text, in base 64."""
    value = 0xCBF29CE484222325
    for byte in b"".join(i.to_bytes(4, "little") for i in ids) + text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    value ^= value >> 32
    return "".join(ALPHABET[value >> 6 * place & 63] for place in range(4))


def more_nasty():
    """What is hard for other kinds than Unigram."""
    strings = [
        "I'll I'LL we've WE'VE don't DON'T it's IT'S I'm I'M you're YOU'RE he'd HE'D 'sound 'Tis 'ſ x'ſ 'S'T'Re'vE'm'Ll'd",
        "''s '' 's's 'll'll 're've", "1234567890 12 123 1234 12345 1a2b3c ½¾ ⅧⅨ ²³ ١٢٣٤٥ १२३ ๑๒๓ 一二三", "3.14 1,000,000 1e-5 0xFF v1.2.3",
        "a  b   c    d", "   leading", "trailing   ", " \n \n ", "\n\n\nx", "x\n\n\n", "x \n y", "x\r\n\r\ny", " \t \n\t x", "a\u00a0\u00a0b", "a \u00a0 b",
        "\u3000\u3000x", "x\u2028\u2029y", "x\u0085y", "a\x1cb\x1dc\x1ed\x1fe", "!!!\n\n!!!", "!\r\n", "...\n", "foo(bar);\n  return x;\n}\n", "\tif (x) {\n\t\ty();\n\t}\n",
        "über ÜBER Ça ÇA naïve NAÏVE Å å ﬁ ﬂ ß ẞ İ ı Σ σ ς ΑΣ", "e\u0301e\u0300e\u0302e\u0327\u0301 \u1ebf e\u0302\u0301 e\u0301\u0302", "\u0344 \u0390 \u03b9\u0308\u0301 \u1fd3",
        "\uac00\u11a8 \u1100\u1161\u11a8 \u1100\u1161 \uac01\u11a8 각 한글 \u1112\u1161\u11ab\u1100\u1173\u11af", "\u0f73 \u0f71\u0f72 \u0958 \u0915\u093c \ufb1d \u2126 \u212a \u212b \uf900 \U0002f800",
        "\u0301".join("abc") + "\u0323\u0301\u0327\u0300\u0345", "a" + "\u0301\u0323" * 40, "a" + "\u0327\u0301\u0323\u0345" * 12 + "b", "\u0301a", "q\u0307\u0323q\u0323\u0307",
        "한국어를 배우는 것은 재미있습니다", "日本語、テスト。中文！", "漢字kanji漢字", "\U00020000\U0002a6d6\U0002b740\U0002b820\U0002b920 \U0002ceb0", "Hello, World! (test) [a] {b} <c> $5 + 3 = 8^2 ~ `x` | y",
        "a.b,c;d:e!f?g", "don't can't won't n't 's 'm do not", "##ing ## #a ##", "[CLS] [SEP] [UNK] [MASK] [cls]", "x [MASK] y[MASK]z", "<mask> a <mask>b  <mask>  c",
        "<s> </s> <unk> <pad>", "a<s>b</s>c", "<|endoftext|>", "a<|endoftext|>b", " <|endoftext|> ", "<|im_start|>user\nhi<|im_end|>\n", "<|begin_of_text|>x<|eot_id|>",
        "<added> x<added>y <ADDED>", "New Token newtoken NewToken", "<extra_id_0> x <extra_id_1>", "supercalifragilisticexpialidocious", "x" * 99, "x" * 100, "x" * 101, "é" * 100, "é" * 101,
        "\ud7a3\u11a7", "a\u200db\u200cc\ufeff", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1eb\U0001f1f7 \U0001f44d\U0001f3fd \u2764\ufe0f", "\u0e01\u0e33 \u0e40\u0e01\u0e48\u0e32",
        "\U0001e900\U0001e901 \U0001e94a \U00010400\U00010428 \U000118a0", "\u13a0\uab70 \u10a0\u10d0\u1c90", "<0x41> <0xE2><0x96>", "▁▁a▁b ▁", "a▁▁▁b", "\ue000\uf8ff\U000f0000\U0010fffd",
        "word\u00adword", "zero\u200bwidth", "\x00\x00 \x00a", "tab\there\t\ttwo", "ａｂｃ １２３ ｶﾞ", "𝐛𝐨𝐥𝐝 𝟏𝟐𝟑", "x²y³ H₂O", "ǅ ǆ Ǆ", "\u1e9e\u00df \u0130\u0131 \u017f",
    ]
    rng = random.Random(20230718)
    pool = list("abcdefghij  '.,!?\n\t0123456789éÉ") + ["'s", "'LL", "\u0301", "\u0323", "가", "각", "\u1100", "\u1161", "中", "😀", "  ", "\r\n", "א", "ب", "ก", "<s>", "</s>", "[MASK]", "<mask>",
                                                        "<|endoftext|>", "▁", "\u00a0", "\u3000", "½", "٣", "ﬁ", "ſ", "\u200d", "ing", "the ", "THE "]
    for _ in range(120):
        strings.append("".join(rng.choice(pool) for _ in range(rng.randint(1, 30))))
    return strings


def names(locales=LOCALES):
    """Lines of names: some 700 in all, in more than 20 scripts."""
    rng = random.Random(1)
    lines = []
    for code in locales:
        locale = Locale.parse(code)
        words = [name for table in (locale.languages, locale.territories) for key, name in sorted(table.items()) if len(key) <= 3]
        months = [name for name in locale.months["format"]["wide"].values()] + [name for name in locale.days["format"]["wide"].values()]
        rng.shuffle(words)
        words = words[:40] + months
        for start in range(0, min(len(words), 54), 3):
            lines.append(rng.choice([" ", ", ", " – ", "، ", "\u3001"]).join(words[start:start + 3]))
    return lines


def sentences():
    with open("weights/en-fr/dev.tsv", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    return [rows[i][i % 2] for i in range(0, 1000, 4)]


class Maker:
    def __init__(self, out, dump):
        self.out, self.dump = out, dump
        self.lines = names() + sentences() + nasty() + more_nasty()
        self.lines = [line for line in self.lines if len(line) <= 1200]
        self.trained = names() + sentences() * 2
        # Of few scripts, so that small models have pieces of more than one character.
        self.few = names(LOCALES[:16:3]) + sentences() * 4
        with open(os.path.join(out, "lines.json"), "w", encoding="utf-8") as file:
            json.dump(self.lines, file, ensure_ascii=False, separators=(",", ":"), indent=0)

    def golden(self, name, encode, decode):
        hashes = []
        dump = open(os.path.join(self.dump, name + ".txt"), "w", encoding="utf-8") if self.dump else None
        for line in self.lines:
            ids = encode(line)
            text = decode(ids)
            hashes.append(digest(ids, text))
            if dump:
                dump.write(json.dumps({"line": line, "ids": ids, "text": text}, ensure_ascii=False) + "\n")
        with open(os.path.join(self.out, name + ".hashes"), "w") as file:
            for start in range(0, len(hashes), 20):
                file.write(" ".join(hashes[start:start + 20]) + "\n")
        print(name, len(hashes), "lines")

    def fast(self, name, tokenizer, encode=None):
        """Saves and reads again, so that what is compared is what the file says.

        `encode` replaces the ids: of Unigram, sentencepiece's count. Its rules find the longest text, anywhere; those of tokenizers find the
        shortest at the start of a grapheme of up to 5 bytes and drop the rest, which is no Unicode normalisation.
        """
        text = json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":"))
        with open(os.path.join(self.out, name + ".json"), "w", encoding="utf-8") as file:
            file.write(text + "\n")
        tokenizer = Tokenizer.from_str(text)
        self.golden(name, encode or (lambda line: tokenizer.encode(line).ids), lambda ids: tokenizer.decode(ids))
        if encode:
            differs = sum(encode(line) != tokenizer.encode(line).ids for line in self.lines)
            print(f"    {differs} lines have other ids in tokenizers than in sentencepiece, which counts")
        return tokenizer

    def sentence_piece(self, name, **options):
        sink = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(self.few), model_writer=sink, num_threads=1, shuffle_input_sentence=False, hard_vocab_limit=False,
            minloglevel=2, **options)
        with open(os.path.join(self.out, name + ".model"), "wb") as file:
            file.write(sink.getvalue())
        model = sentencepiece.SentencePieceProcessor(model_proto=sink.getvalue())
        self.golden(name, model.encode, model.decode)
        return model


def byte_pairs(maker, pre_tokenizer, size, normalizer=None, special=(), **options):
    tokenizer = Tokenizer(models.BPE(**options))
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=size, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False,
                                  special_tokens=list(special))
    tokenizer.train_from_iterator(maker.trained, trainer)
    return tokenizer


def llama(model):
    """A SentencePiece model of byte pairs as transformers converts it."""
    vocabulary = {model.id_to_piece(i): i for i in range(model.get_piece_size())}
    merges = []
    for piece, index in vocabulary.items():
        local = [(piece[:cut], piece[cut:]) for cut in range(1, len(piece)) if piece[:cut] in vocabulary and piece[cut:] in vocabulary]
        if index > 258:
            merges += [(index, vocabulary[left], vocabulary[right], left, right) for left, right in local]
    merges = [(left, right) for _, _, _, left, right in sorted(merges)]
    return Tokenizer(models.BPE(vocab=vocabulary, merges=merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))


def llama_decoder():
    return decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])


def specials(tokenizer, *contents):
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in contents])


def rules():
    return [("\t", " "), ("\u00a0", " "), ("\u3000", " "), ("é", "e"), ("ﷺ", "peace be upon him"), ("ﬁ", "fi"), ("中", "middle "),
            ("\u00ad", ""), ("...", "…"), ("😀", "  smile  "), ("½", "1/2"), ("\n", " "), ("\r", " ")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", default="Tests/TokenizersTests/Fixtures/Kinds")
    parser.add_argument("--dump")
    arguments = parser.parse_args()
    os.makedirs(arguments.out, exist_ok=True)
    if arguments.dump:
        os.makedirs(arguments.dump, exist_ok=True)
    maker = Maker(arguments.out, arguments.dump)
    pairs = {}

    def pair(name, tokenizer):
        texts = [("Hello, world!", "How are you?"), ("", "x"), ("été", ""), ("one [SEP] two", "three")]
        made = [(first, second, tokenizer.encode(first, second)) for first, second in texts]
        pairs[name] = [{"first": a, "second": b, "ids": e.ids, "segments": e.type_ids} for a, b, e in made]

    # SentencePiece byte pairs: as Llama 1 and 2, and with what else its models can say.
    plain = maker.sentence_piece("sp-pairs", model_type="bpe", vocab_size=900, byte_fallback=True, normalization_rule_name="identity",
                                 remove_extra_whitespaces=False, character_coverage=0.98)
    maker.sentence_piece("sp-pairs-kept", model_type="bpe", vocab_size=500, character_coverage=0.98, normalization_rule_name="identity",
                         user_defined_symbols=["<sep>", "New York", "ing", "<mask>"], control_symbols=["<ctrl>"])

    tokenizer = llama(plain)
    tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = llama_decoder()
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    specials(tokenizer, "<unk>", "<s>", "</s>")
    pair("llama", maker.fast("llama", tokenizer))

    tokenizer = llama(plain)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="first", split=False)
    tokenizer.decoder = llama_decoder()
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    specials(tokenizer, "<unk>", "<s>", "</s>")
    tokenizer.add_tokens([AddedToken("<added>", normalized=False, lstrip=True, rstrip=True)])
    maker.fast("mistral", tokenizer)

    # Byte-level pairs.
    tokenizer = byte_pairs(maker, pre_tokenizers.ByteLevel(add_prefix_space=False), 700, special=["<|endoftext|>"])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    maker.fast("gpt2", tokenizer)

    tokenizer = byte_pairs(maker, pre_tokenizers.ByteLevel(add_prefix_space=True), 500, special=["<s>", "<pad>", "</s>", "<unk>"])
    tokenizer.add_special_tokens([AddedToken("<mask>", special=True, lstrip=True, normalized=False)])
    tokenizer.add_tokens([AddedToken("New", normalized=True)])
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    pair("roberta", maker.fast("roberta", tokenizer))

    split = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(LLAMA3), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer = byte_pairs(maker, split, 700, ignore_merges=True)
    specials(tokenizer, "<|begin_of_text|>", "<|eot_id|>")
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(single="<|begin_of_text|> $A", pair="<|begin_of_text|> $A <|begin_of_text|>:1 $B:1",
                                      special_tokens=[("<|begin_of_text|>", tokenizer.token_to_id("<|begin_of_text|>"))])])
    maker.fast("llama3", tokenizer)

    split = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(QWEN2), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer = byte_pairs(maker, split, 600, normalizer=normalizers.NFC())
    specials(tokenizer, "<|endoftext|>", "<|im_start|>", "<|im_end|>")
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    maker.fast("qwen2", tokenizer)

    split = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    maker.fast("smollm", byte_pairs(maker, split, 500, special=["<|endoftext|>", "<|im_start|>", "<|im_end|>"]))

    # Word pieces.
    for name, lower, size in [("bert", True, 900), ("bert-cased", False, 700)]:
        tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lower)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.decoder = decoders.WordPiece()
        trainer = trainers.WordPieceTrainer(vocab_size=size, show_progress=False, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
                                            limit_alphabet=size // 2)
        tokenizer.train_from_iterator(maker.trained, trainer)
        tokenizer.add_tokens([AddedToken("NewToken", normalized=True)])
        if lower:
            tokenizer.post_processor = processors.TemplateProcessing(
                single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
        else:
            tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
        pair(name, maker.fast(name, tokenizer))

    # Unigram in tokenizer.json, with rules of its own: T5's and XLM-R's real ones are large.
    with tempfile.TemporaryDirectory() as folder:
        start = os.getcwd()
        os.chdir(folder)
        with open("rules.tsv", "w", encoding="utf-8") as file:
            for source, target in rules():
                file.write(" ".join(f"{ord(c):04X}" for c in source) + "\t" + " ".join(f"{ord(c):04X}" for c in target) + "\n")
        sink = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(maker.few), model_writer=sink, num_threads=1, shuffle_input_sentence=False, hard_vocab_limit=False, minloglevel=2,
            model_type="unigram", vocab_size=800, normalization_rule_tsv="rules.tsv", character_coverage=0.98, pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
        os.chdir(start)
    from sentencepiece import sentencepiece_model_pb2 as protobuf

    model = protobuf.ModelProto()
    model.ParseFromString(sink.getvalue())
    pieces = [(piece.piece, piece.score) for piece in model.pieces]
    charsmap = model.normalizer_spec.precompiled_charsmap

    tokenizer = Tokenizer(models.Unigram(pieces + [("<extra_id_0>", 0.0)], unk_id=2))
    tokenizer.normalizer = normalizers.Precompiled(charsmap)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace("▁", prepend_scheme="always")])
    tokenizer.decoder = decoders.Metaspace("▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    specials(tokenizer, "<pad>", "</s>", "<unk>", "<extra_id_0>")
    processor = sentencepiece.SentencePieceProcessor(model_proto=sink.getvalue())

    def unigram(line, tokens, before, after, shift, taking=""):
        """sentencepiece's ids, between the added tokens."""
        ids = list(before)
        for part in re.split("(" + "|".join((r"\s*" if token == taking else "") + re.escape(token) for token in tokens) + ")", line):
            if part.strip() in tokens:
                ids.append(tokens[part.strip()])
            elif part:
                ids += [3 if shift and i == 2 else i + shift for i in processor.encode(part)]
        return ids + list(after)

    tokens = {"<pad>": 0, "</s>": 1, "<unk>": 2, "<extra_id_0>": len(pieces)}
    pair("t5", maker.fast("t5", tokenizer, lambda line: unigram(line, tokens, [], [1], 0)))

    tokenizer = Tokenizer(models.Unigram([("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)] + pieces[3:] + [("<mask>", 0.0)], unk_id=3))
    tokenizer.normalizer = normalizers.Sequence([normalizers.Precompiled(charsmap), normalizers.Strip(left=False, right=True),
                                                 normalizers.Replace(Regex(" {2,}"), "▁")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace("▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>",
                                                             special_tokens=[("<s>", 0), ("</s>", 2)])
    specials(tokenizer, "<s>", "<pad>", "</s>", "<unk>")
    tokenizer.add_special_tokens([AddedToken("<mask>", special=True, lstrip=True, normalized=False)])
    tokens = {"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "<mask>": len(pieces) + 1}
    pair("xlm-roberta", maker.fast("xlm-roberta", tokenizer, lambda line: unigram(line, tokens, [0], [2], 1, "<mask>")))

    with open(os.path.join(arguments.out, "pairs.json"), "w", encoding="utf-8") as file:
        json.dump(pairs, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
