"""What calibration changes, in models that no peer here runs."""

import swiftlet
import texts


def before_and_after(source, folder, name, text, calibration):
    plain = swiftlet.convert(source, folder / f"{name}.swiftlet")
    calibrated = swiftlet.convert(source, folder / f"{name}-calibrated.swiftlet", "--calibrate", calibration)
    return {"Swiftlet": swiftlet.figures(source, plain, text),
            "Swiftlet, calibrated": swiftlet.figures(source, calibrated, text)}


def compare_g2p(folder, given):
    """Returns a title, figures by engine, and a remark."""
    source = given.models / "g2p-en-us"
    tested = {line.split("\t")[0] for line in texts.lines(source / "expected.tsv")[1:]}
    words = [word for word in texts.words() if word not in tested]
    text = texts.save(folder / "g2p.txt", sorted(tested))
    calibration = texts.save(folder / "g2p-calibration.txt", words)
    return (f"g2p-en-us, {len(tested)} words", before_and_after(source, folder, "g2p", text, calibration),
            f"calibrated with {len(words)} words of weights/en-fr/calibration.txt")


def compare_aren(folder, given):
    """Returns a title, figures by engine, and a remark."""
    source = given.models / "aren-transliteration/f32"
    vocabulary = source / "source_vocabulary.txt"
    text = texts.save(folder / "aren.txt", texts.letters(vocabulary, 1000, 1))
    calibration = texts.save(folder / "aren-calibration.txt", texts.letters(vocabulary, 500, 2))
    return ("aren-transliteration, 1000 words of random letters",
            before_and_after(source, folder, "aren", text, calibration), "calibrated with 500 other such words")
