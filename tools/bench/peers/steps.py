"""Models of named shapes with random weights: encoding by the source's length, decoding by the target's, memory."""

import json

from processes import REPOSITORY, measured_process, run
from rounds import by_turns, table

SOURCES, TARGETS = (16, 32, 64, 128), (16, 64, 128)
# For the memory of a whole process: so many sentences of so many words, each to so many tokens.
LINES, WORDS, TOKENS = 20, 15, 64
REPEATS = 5
LENGTHS = ["--repeat", REPEATS, "--source", ",".join(map(str, SOURCES)), "--target", ",".join(map(str, TARGETS))]


def figures(encoding, token, whole):
    """One flat dictionary."""
    return {f"{part} {length}": value for part, values in (("encode", encoding), ("token", token), ("whole", whole))
            for length, value in values.items()}


def swiftlet(name, model, text, folder):
    """Figures within a process, and of a process that translates all lines and ends."""
    result = folder / "swiftlet.json"
    run([REPOSITORY / "bin/swiftlet-bench", name, "--only", "steps", "--kernel", "fastest", *LENGTHS, "--json", result])
    report = json.loads(result.read_text())
    encoding = {row["source_tokens"]: row["milliseconds"] for row in report["encoding"]}
    token = {row["target_tokens"]: row["milliseconds_per_token"] for row in report["decoding"]}
    source = report["decoding"][0]["source_tokens"]
    whole = {length: encoding[source] + length * token[length] for length in token}
    process = measured_process([REPOSITORY / "bin/swiftlet", "translate", model, "--max-source", WORDS + 1,
                                "--max-target", TOKENS], text)
    return {**figures(encoding, token, whole), **process,
            "without_weights_mb": process["process_peak_mb"] - (REPOSITORY / model).stat().st_size / 1e6}


def peer(engine, model, text):
    """The same for a peer, whose weights are in memory of its own: there is no file to take off."""
    result = json.loads(run(engine.start("steps", model, *LENGTHS), engine.environment))
    process = measured_process(engine.start("lines", model, "--tokens", TOKENS), text, engine.environment)
    return {**figures(result["encoding"], result["token"], result["whole"]), **process,
            "without_weights_mb": process["process_peak_mb"]}


def describe(name, folder):
    """The file of a named shape, which is made if need be, and its dimensions."""
    result = folder / "model.json"
    run([REPOSITORY / "bin/swiftlet-bench", name, "--only", "translations", "--json", result])
    model = json.loads(result.read_text())["models"][0]
    return model["file"], model["shape"]


def compare(name, rounds, engines, folder):
    """Measures by turns. Returns the table and all figures."""
    model, shape = describe(name, folder)
    text = folder / "words"
    text.write_text(f"{' '.join(f'w{3 + 11 * number}' for number in range(WORDS))}\n" * LINES)
    functions = {"Swiftlet": lambda: swiftlet(name, model, text, folder)}
    for engine in engines:
        converted = folder / f"{name}-{engine.programs}"
        if not converted.exists():
            run(engine.start("random", shape, converted))
        functions[engine.name] = lambda engine=engine, converted=converted: peer(engine, converted, text)
    results, other_cores = by_turns(functions, rounds, name)
    rows = [(f"encode {length} tokens, ms", f"encode {length}", 2, False) for length in SOURCES]
    rows += [(f"decode, ms/token, of {length}", f"token {length}", 3, False) for length in TARGETS]
    rows += [(f"16 tokens to {length}, ms", f"whole {length}", 2, False) for length in TARGETS]
    rows += [("process's peak memory, MB", "process_peak_mb", 1, False),
             ("  less Swiftlet's weight file", "without_weights_mb", 1, False)]
    title = f"{name}, {shape}, int8, batch of one, greedy, one thread; medians of {rounds} rounds by turns"
    return table(title, results, rows, other_cores), results
