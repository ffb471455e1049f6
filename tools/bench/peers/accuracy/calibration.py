"""What calibration changes, in models that no peer here runs."""

import swiftlet
import texts


def before_and_after(source, folder, name, text, calibration):
    plain = swiftlet.convert(source, folder / f"{name}.swiftlet")
    calibrated = swiftlet.convert(source, folder / f"{name}-calibrated.swiftlet", "--calibrate", calibration)
    return {"Swiftlet": swiftlet.figures(source, plain, text),
            "Swiftlet, calibrated": swiftlet.figures(source, calibrated, text)}


def compare_g2p(folder, given):
    """Returns a title, figures by engine and text, and a remark."""
    source = given.models / "g2p-en-us"
    tested = {line.split("\t")[0] for line in texts.lines(source / "expected.tsv")[1:]}
    words = [word for word in texts.words("calibration.txt") if word not in tested]
    calibration = texts.save(folder / "g2p-calibration.txt", words)
    everyday = [word for word in texts.words("dev.tsv") if word not in tested and word not in words]
    rows = {}
    for kind, chosen in ("rare", sorted(tested)), ("everyday", everyday):
        text = texts.save(folder / f"g2p-{kind}.txt", chosen)
        for name, row in before_and_after(source, folder, "g2p", text, calibration).items():
            rows[f"{name}: {len(chosen)} {kind} words"] = row
    return ("g2p-en-us, the words of its expected.tsv, and of en-fr's dev set", rows,
            f"calibrated with {len(words)} other words, of weights/en-fr/calibration.txt")


def compare_aren(folder, given):
    """Returns a title, figures by engine, and a remark."""
    source = given.models / "aren-transliteration/f32"
    vocabulary = source / "source_vocabulary.txt"
    text = texts.save(folder / "aren.txt", texts.letters(vocabulary, 1000, 1))
    calibration = texts.save(folder / "aren-calibration.txt", texts.letters(vocabulary, 500, 2))
    return ("aren-transliteration, 1000 words of random letters",
            before_and_after(source, folder, "aren", text, calibration), "calibrated with 500 other such words")
