"""Makes the tokenizer's test fixtures with Google's sentencepiece: what the Swift tokenizer has to reproduce.

Usage:
    python3 tools/reference/tokenizer.py [--models weights/en-fr] [--out Tests/TokenizersTests/Fixtures]

Needs Python 3.9+, `sentencepiece` (made with 0.2.3) and, for marian.json, `transformers`.
Deterministic: the same packages make the same files. It writes

    en-fr.json      nasty strings and random ids, with weights/en-fr/source.spm
    en-fr-dev.txt   the ids of the first column of dev.tsv, one sentence a line
    marian.json     language codes and unknown runs, as transformers' MarianTokenizer, with a small vocabulary
    bytes.model     a small model: byte fallback, user-defined symbols, no normalisation, spaces kept
    suffix.model    a small model: spaces as suffix, own rules, own unknown surface, control symbols
    kept.model      a small model: own rules, spaces kept
    bytes.json, suffix.json, kept.json   nasty strings and random ids, with those models
"""

import argparse
import io
import json
import os
import random
import tempfile

import sentencepiece


def nasty():
    """Strings that a tokenizer may get wrong."""
    strings = [
        "", " ", "  ", "     ", "\t", "\n", "\r", "\r\n", "\u00a0", "\u3000", "\u200b", "\u200d", "\ufeff", "\u00ad",
        "a", " a", "a ", "  a  ", "a  b", "a   b  ", "\ta\tb\t", "a\nb", "a\rb", "a\r\nb", "a\u00a0b", "\u00a0a\u00a0",
        "a\u3000b", "a\u200bb", "a\u200c\u200db", "a\u2028b\u2029c", "a\ufeffb", "soft\u00adhyphen", "\u2003em\u2003space",
        "\x00", "a\x00b", "\x01\x02\x03", "a\x07b", "\x1b[31mred\x1b[0m", "\x7f", "\x80\x81", "a\x0bb\x0cc", "\x1f",
        "e\u0301", "é", "cafe\u0301", "café", "a\u0300\u0301\u0302\u0303", "\u0301", "\u0301\u0301\u0301", "n\u0303o", "ño",
        "A\u030angstro\u0308m", "Å", "\u212b", "\u1e9b\u0323", "q\u0307\u0323", "q\u0323\u0307", "\u0344", "ō\u0304",
        "Zalgo: h\u0310\u035d\u0321e\u0322\u0489l\u0335\u0334l\u0336o\u0337", "I\u0307stanbul", "İstanbul", "ıI", "ß", "ẞ",
        "😀", "😀😀", "👨\u200d👩\u200d👧\u200d👦", "👍🏽", "🇫🇷", "🇫🇷🇬🇧", "❤\ufe0f", "1\ufe0f\u20e3", "🏴\U000e0067\U000e0062\U000e007f",
        "I love 🍕 and 🍔!", "a😀b", "😀 a 😀", "🧑\u200d🚀 rocket", "☺", "☺\ufe0f",
        "مرحبا", "مرحبا بالعالم", "السَّلَامُ عَلَيْكُمْ", "ﷺ", "ﷺﷺ", "ﷲ", "a ﷺ b", "ﻻ", "ﻼ", "\u0640\u0640", "١٢٣", "۱۲۳", "\u061c", "\u202eabc\u202c",
        "שלום", "שָׁלוֹם", "שלום עולם", "יִ", "אב\u200eג",
        "中文", "你好，世界。", "日本語のテキスト", "カタカナ", "ｶﾀｶﾅ", "ｶﾞ", "か\u3099", "が", "㍿", "㌀", "㈱", "①②③", "⑩", "㊙", "𠮷野家", "〜", "～",
        "한국어", "안녕하세요", "\u1112\u1161\u11ab", "\u1112\u1161\u11ab\u1100\u116e\u11a8", "\u1100", "\uac00\u11a8", "ﾡ",
        "ภาษาไทย", "สวัสดี", "กำ", "ก\u0e4d\u0e32", "हिन्दी", "नमस्ते", "\u0915\u093c", "বাংলা", "தமிழ்", "ລາວ", "ខ្មែរ", "မြန်မာ",
        "ﬁ", "ﬃ", "oﬃce ﬁsh", "ĳ", "ǆ", "ŉ", "ſ", "ﬅ", "½", "¼ cup", "x²", "H₂O", "⅓", "℡", "™", "℃", "µ", "μ", "Ω", "Ω", "ℌ", "𝐇𝐞𝐥𝐥𝐨", "𝕏", "…", "‥", "․",
        "Ｆｕｌｌｗｉｄｔｈ", "１２３", "Ａ　Ｂ", "！？", "“quotes” ‘single’", "«guillemets»", "– — ―", "‐‑‒", "a‑b", "''", "``", "´", "¨", "¸", "˙", "a ́ b",
        "\ufffd", "a\ufffdb", "\ufffd\ufffd", "\ufffe", "\uffff", "\U0001fffe", "\ue000", "\U0010ffff", "\ufdd0",
        "▁", "▁▁", "▁a", "a▁b", "a ▁ b", "▁ ▁", " ▁", "▁Hello▁world", "▁\u2581▁", "_", "__a__",
        "</s>", "<s>", "<unk>", "<pad>", "a</s>b", "a <unk> b", "hello <pad> world", "</s></s>", "<0x0A>", "<0x41><0x42>", "<mask>", "⁇", " ⁇ ", "a ⁇ b", "<", ">", "</", "s>",
        ">>fra<<", ">>fra<< Hello", ">> hello", "<<", ">><<",
        "0", "1", "42", "3.14159", "1,234,567.89", "1 000 000", "$5.00", "€5", "5€", "50%", "1/2", "12:30", "2024-02-29", "+33 1 23 45 67 89", "0x1F", "1e10", "IV", "№ 5",
        ".", "..", "...", "....", "?!", "!!!", "---", "***", "a.b.c", "(a)", "[b]", "{c}", "'", "\"", "a'b", "don't", "l'homme", "#hash", "@user", "a_b", "~", "`", "|", "\\", "/", "a/b\\c",
        "http://example.com/?q=a&b=c#d", "https://fr.wikipedia.org/wiki/Œuvre", "mailto:a.b+c@example.org", "C:\\Windows\\system32", "/usr/bin/env -S python3",
        "Hello", "hello", "HELLO", "hElLo", "Hello, world!", "Tom", "Tom's", "I'm", "It's me!", "The quick brown fox jumps over the lazy dog.",
        "Tom,Tom", "TomTomTom", "the the the", "thethethe", "aaaa", "aaaaaaaaaaaaaaaaaaaa", "abababababab", "xyzzy", "qqqqq", "Zzyzx",
        "Привет", "Привет, мир!", "Ελληνικά", "Γειά σου Κόσμε", "ქართული", "Հայերեն", "አማርኛ", "ᚠᚢᚦ", "𐍈", "𝄞", "ℵ", "∑∫∂", "→←↑↓", "♠♥♦♣", "█▓▒░", "⠓⠑⠇⠇⠕",
        "ż ź ć ą ę ł ń ó ś", "ŐőŰű", "ğışçöü", "æøå", "œuvre", "Œ", "ﬀ", "naïve façade", "Élève à l'école", "ÉCOLE", "ñandú", "þorn ðat",
        "a\u0327\u0301", "\u1ea5", "a\u0302\u0301", "Việt Nam", "Vie\u0323\u0302t", "đ", "\u01b0\u01a1",
        "unknownℵℶℷrun", "ℵ ℶ ℷ", "ℵa", "aℵ", "ℵ", "中a文b", "😀ℵ中", "Aℵ B", "ℵ.", ".ℵ",
        "word " * 50, "a b " * 40, " x" * 60, "\u00a0 " * 20 + "x", "é" * 100, "e\u0301" * 100, "中" * 200, "😀" * 50, "ﷺ" * 20,
        "a" * 2100, "abc" * 700, "Tom" * 700, "z" * 2049, "é" * 1100, "-" * 500, "." * 600, "1" * 400, "'" * 300, "▁" * 100, "\u0301" * 300,
        "antidisestablishmentarianism" * 75, "Donaudampfschifffahrtsgesellschaftskapitän", "l'" * 200,
    ]
    pool = list("abcdefghijklmnopqrstuvwxyz   TomIsthe.,'?!-0123456789éèàçœ") + [
        "▁", "\u0301", "\u00a0", "\u200d", "😀", "中", "ﷺ", "ﬁ", "\t", "한", "\u1112", "\u1161", "א", "م", "ａ", "\u00ad", "ℵ",
        "</s>", "<sep>", "<ph>", "@@", "New York", "\ufffd", "\x07", "„", "Ⅷ", "㌀", "ด", "  ", "ing", "tion", "the "]
    rng = random.Random(20170612)
    for _ in range(60):
        strings.append("".join(rng.choice(pool) for _ in range(rng.randint(1, 40))))
    return strings


BROKEN = ["ff", "61ff62", "c3", "c328", "e296", "e29681", "e2", "f09f98", "f0", "eda080", "edbfbf", "c080", "e08080", "f08080af",
          "f4908080", "f8888080", "80", "bf80", "2080", "8020", "e2962061", "61e29681e2", "fffefdfc", "c3a9c3", "20ff20", "f09f9880ff"]


def cases(model, texts, seed):
    """What `model` makes of `texts`, of bytes that aren't UTF-8, and of random ids."""
    size = model.get_piece_size()
    rng = random.Random(seed)
    encoded = [{"text": text, "ids": model.encode(text), "decoded": model.decode(model.encode(text))} for text in texts]
    # The Python wrapper returns text; what can't be text is left out of the decoding cases.
    broken = [{"hex": raw, "ids": model.encode(bytes.fromhex(raw))} for raw in BROKEN]
    sequences = [[i] for i in range(min(size, 300))] + [[]]
    special = [i for i in range(size) if model.is_control(i) or model.is_unknown(i)]
    spaces = [i for i in range(size) if model.id_to_piece(i).startswith("▁")][:40] + [model.piece_to_id("▁")]
    byte_ids = [i for i in range(size) if model.is_byte(i)]
    for _ in range(400):
        length = rng.randint(2, 12)
        pools = [range(size), special, spaces] + ([byte_ids] * 3 if byte_ids else [])
        sequences.append([rng.choice(rng.choice(pools)) for _ in range(length)])
    if byte_ids:
        for text in ["é", "中文", "😀", "a\u0301", "\ufffd", "\x00"]:
            raw = text.encode()
            for start in range(len(raw)):
                sequences.append([byte_ids[b] for b in raw[start:]] + [byte_ids[0x41]])
                sequences.append([byte_ids[b] for b in raw[: start + 1]])
    decoded = [{"ids": ids, "text": model.decode(ids)} for ids in sequences]
    return {"encode": encoded, "broken": broken, "decode": decoded}


CORPUS = """the cat sat on the mat and the dog sat on the log
a quick brown fox jumps over the lazy dog near New York
she sells sea shells by the sea shore and he sells them again
how much wood would a wood chuck chuck if a wood chuck could chuck wood
Tom is here and Tom is there and the time is now
it is the best of times and it is the worst of times
l'homme et la femme sont dans la maison et le chat aussi
nous allons manger du pain et boire de l'eau avec des amis
the transformer attends to all of the words at once
bonjour tout le monde comment allez vous aujourd'hui
""".splitlines()


def train(**options):
    """Trains a small model; returns its bytes."""
    sink = io.BytesIO()
    sentences = [line for _ in range(3) for line in CORPUS]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences), model_writer=sink, model_type="unigram", num_threads=1,
        shuffle_input_sentence=False, hard_vocab_limit=False, minloglevel=2, **options)
    return sink.getvalue()


def marian(models):
    """Ids by transformers' MarianTokenizer: a vocabulary that isn't the SentencePiece model's."""
    from transformers import MarianTokenizer

    plain = sentencepiece.SentencePieceProcessor(model_file=os.path.join(models, "source.spm"))
    # Not in order, some pieces missing, some texts that are no pieces; two texts that are canonically equivalent.
    texts = [plain.id_to_piece(i) for i in range(plain.get_piece_size()) if i % 7 != 3 or i < 3]
    texts = ["<pad>", ">>fra<<", ">>deu<<", "ℵℶ", "中", "▁😀", "😀", "cafe\u0301x", "caféx"] + texts[::-1]
    vocabulary = {text: i for i, text in enumerate(texts)}
    probes = [">>fra<< Hello", ">>fra<<", ">>deu<<Tom", ">>xyz<< Hello", ">>fra<<>>deu<< a", " >>fra<< a", ">>fra< a", ">> a << b",
              ">><<", ">><< a", ">>>>fra<<<<", "ℵℶ", "a ℵℶ b", "ℵℶℷ", "ℶℵ", "中", "中文", "x中y", "😀", "a😀", "😀😀", "ℵ", "a", "It's me!",
              "Where's the station?", ">>fra<< ℵℶ", ">>fra<< ", "", ">>", "<<", ">>中<< 中", "My dog's name is Tom."]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "vocab.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(vocabulary, file)
        spm = os.path.join(models, "source.spm")
        tokenizer = MarianTokenizer(spm, spm, path)
        # `_tokenize`: `tokenize` would take "</s>" in a text for the end of the sentence.
        encoded = [{"text": text, "ids": [tokenizer._convert_token_to_id(t) for t in tokenizer._tokenize(text)]} for text in probes]
    return {"prefix": texts[:9], "encode": encoded}


def write(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, separators=(",", ":"))
        file.write("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", default="weights/en-fr")
    parser.add_argument("--out", default="Tests/TokenizersTests/Fixtures")
    arguments = parser.parse_args()
    out = arguments.out
    os.makedirs(out, exist_ok=True)
    texts = nasty()

    model = sentencepiece.SentencePieceProcessor(model_file=os.path.join(arguments.models, "source.spm"))
    write(os.path.join(out, "en-fr.json"), cases(model, texts, 1))
    with open(os.path.join(arguments.models, "dev.tsv"), encoding="utf-8") as file:
        sentences = [line.rstrip("\n").split("\t")[0] for line in file]
    with open(os.path.join(out, "en-fr-dev.txt"), "w", encoding="utf-8") as file:
        for sentence in sentences:
            file.write(" ".join(map(str, model.encode(sentence))) + "\n")

    # Without long repetitions: the small fixtures stay small.
    short = [text for text in texts if len(text) <= 120]
    models = {
        "bytes": train(vocab_size=380, byte_fallback=True, user_defined_symbols=["<sep>", "New York", "@@", "ing", "</s>x"],
                       normalization_rule_name="identity", add_dummy_prefix=False, remove_extra_whitespaces=False),
        "suffix": None, "kept": None,
    }
    with tempfile.TemporaryDirectory() as folder:
        # The path is stored in the model, so it has to be the same each time.
        start, rules = os.getcwd(), "rules.tsv"
        os.chdir(folder)
        with open(rules, "w", encoding="utf-8") as file:
            for source, target in [("\t", " "), ("\u00a0", " "), ("é", "e"), ("e\u0301", "e"), ("ﷺ", "peace be upon him"), ("ﬁ", "fi"),
                                   ("中", "middle "), ("\u00ad", ""), ("...", "…"), ("T", "t"), ("😀", "  smile  ")]:
                file.write(" ".join(f"{ord(c):04X}" for c in source) + "\t" + " ".join(f"{ord(c):04X}" for c in target) + "\n")
        models["suffix"] = train(vocab_size=130, treat_whitespace_as_suffix=True, normalization_rule_tsv=rules,
                                 unk_surface="<?>", control_symbols=["<ctrl>", "@@"], user_defined_symbols=["<sep>", "New York"],
                                 unk_id=2, bos_id=-1, eos_id=0, pad_id=1, unk_piece="[UNK]")
        models["kept"] = train(vocab_size=120, normalization_rule_tsv=rules, remove_extra_whitespaces=False,
                               allow_whitespace_only_pieces=True)
        os.chdir(start)
    for seed, (name, serialized) in enumerate(models.items()):
        with open(os.path.join(out, name + ".model"), "wb") as file:
            file.write(serialized)
        small = sentencepiece.SentencePieceProcessor(model_proto=serialized)
        write(os.path.join(out, name + ".json"), cases(small, short, 100 + seed))

    write(os.path.join(out, "marian.json"), marian(arguments.models))


if __name__ == "__main__":
    main()
