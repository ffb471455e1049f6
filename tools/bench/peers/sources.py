"""Models of named shapes that all engines convert from one Hugging Face directory: an encoder, or decoders."""

import json
import sys
from pathlib import Path

from engines import DECODERS
from processes import PEERS, REPOSITORY, run
from rounds import by_turns, table
from steps import describe

# What swiftlet-bench keeps its named shapes in.
KEPT = REPOSITORY / "bin/bench/peers"
PROMPTS, TARGETS, TEXTS = (16, 64), (64, 200), (32, 128)


def source(name, shape):
    """The directory, which is made unless it is there: its configuration is written last."""
    folder = KEPT / f"{name}-{shape}"
    if not (folder / "config.json").exists():
        family = "llama" if name in DECODERS else "bert"
        run([sys.executable, PEERS / "random_models.py", family, shape, folder])
    return folder


def options(name):
    if name in DECODERS:
        return ["--source", ",".join(map(str, PROMPTS)), "--target", ",".join(map(str, TARGETS))]
    return ["--source", ",".join(map(str, TEXTS))]


def swiftlet(name, model, folder):
    result = folder / "swiftlet.json"
    run([REPOSITORY / "bin/swiftlet-bench", model, "--only", "steps", "--kernel", "fastest", *options(name),
         "--json", result])
    report = json.loads(result.read_text())
    return {**{f"read {row['source_tokens']}": row["milliseconds"] for row in report["encoding"]},
            **{f"speed {row['target_tokens']}": 1e3 / row["milliseconds_per_token"] for row in report["decoding"]}}


def peer(engine, name, model):
    program = "steps" if name in DECODERS else "encode"
    result = json.loads(run(engine.start(program, model, *options(name)), engine.environment))
    return {**{f"read {length}": value for length, value in result["encoding"].items()},
            **{f"speed {length}": 1e3 / value for length, value in result["token"].items()}}


def converted(engine, name, directory, folder):
    """What the engine runs, made from the directory."""
    if engine.programs == "llama_cpp":
        path = folder / f"{name}.gguf"
        command = [sys.executable, PEERS / "gguf_models.py", directory, path]
    else:
        path = folder / f"{name}-{engine.programs}"
        command = engine.start("bert", directory, path)
    if not path.exists():
        run(command)
    return path


def compare(name, rounds, engines, folder):
    """Measures by turns. Returns the table and all figures."""
    shape = describe(name, folder)[1]
    directory, model = source(name, shape), folder / f"{name}.swiftlet"
    run([REPOSITORY / "bin/swiftlet-convert", directory, "-o", model, "--quiet"])
    functions = {"Swiftlet": lambda: swiftlet(name, model, folder)}
    for engine in engines:
        path = converted(engine, name, directory, folder)
        functions[engine.name] = lambda engine=engine, path=path: peer(engine, name, path)
    results, other_cores = by_turns(functions, rounds, name)
    if name in DECODERS:
        rows = [(f"prompt of {length} tokens, ms", f"read {length}", 2, False) for length in PROMPTS]
        rows += [(f"decoded tokens/s, of {length}", f"speed {length}", 1, True) for length in TARGETS]
    else:
        rows = [(f"encode {length} tokens, ms", f"read {length}", 2, False) for length in TEXTS]
    sizes = {"Swiftlet": model, **{engine.name: converted(engine, name, directory, folder) for engine in engines}}
    notes = ", ".join(f"{name} {megabytes(path):.1f} MB" for name, path in sizes.items())
    title = f"{name}, {shape}, int8, batch of one, one thread; medians of {rounds} rounds by turns"
    return f"{table(title, results, rows, other_cores)}\nmodels: {notes}", results


def megabytes(path):
    """A file's, or a folder's that holds the int8 model alone or beside the float one."""
    if Path(path).is_file():
        return Path(path).stat().st_size / 1e6
    return sum(file.stat().st_size for file in path.iterdir() if not file.name.startswith("float32")) / 1e6
