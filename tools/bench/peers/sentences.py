"""The English-French model over its dev sentences: Swiftlet and CTranslate2, one sentence at a time."""

import json
import sys

from processes import PEERS, REPOSITORY, WEIGHTS, measured_process, run
from rounds import by_turns, median, table

ROWS = [("ms/sentence", "ms", 3, False), ("ms/sentence with tokenizer", "ms_with_tokenizer", 3, False),
        ("tokens/s", "tokens", 0, True), ("whole process, s", "process_seconds", 2, False),
        ("its peak memory, MB", "process_peak_mb", 1, False)]


def swiftlet(model, text, folder, drafts):
    """Figures within a process, and of a process that translates all lines and ends."""
    result = folder / "swiftlet.json"
    run([REPOSITORY / "bin/swiftlet-bench", model, "--text", WEIGHTS / "dev.tsv", "--only", "translations",
         "--kernel", "fastest", "--draft", drafts, "--repeat", "1", "--json", result])
    row = json.loads(result.read_text())["translations"][0]
    return {"ms": row["milliseconds_per_sentence"], "tokens": row["tokens_per_second"],
            "ms_with_tokenizer": row["milliseconds_per_sentence_with_tokenizer"], "sentences": row["sentences"],
            "tokens_out": row["target_tokens"],
            **measured_process([REPOSITORY / "bin/swiftlet", "translate", model, "--draft", drafts], text)}


def ctranslate2(engine, converted, text):
    """The same for CTranslate2."""
    row = json.loads(run([sys.executable, PEERS / "ctranslate2_en_fr.py", "--converted", converted,
                          "--repeat", "1", "--step", "measure"], engine.environment))
    return {"ms": row["ms_per_sentence"], "tokens": row["tokens_per_second"],
            "ms_with_tokenizer": row["ms_per_sentence_with_tokenizer"], "sentences": row["sentences"],
            "tokens_out": row["tokens_out"],
            **measured_process(engine.start("lines", converted, WEIGHTS), text, engine.environment)}


# Each has a table of its own: as it is by default, and with a guessed token at each step.
OURS = {"Swiftlet": "0", "--draft 1": "1"}


def compare(model, rounds, engines, folder):
    """Measures by turns. Returns the table and all figures."""
    converted, text = folder / "en-fr", folder / "lines"
    lines = (WEIGHTS / "dev.tsv").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    text.write_text("".join(line.split("\t")[0] + "\n" for line in lines), encoding="utf-8")
    run([sys.executable, PEERS / "ctranslate2_en_fr.py", "--converted", converted, "--step", "convert"])
    functions = {name: lambda drafts=drafts: swiftlet(model, text, folder, drafts) for name, drafts in OURS.items()}
    for engine in engines:
        functions[engine.name] = lambda engine=engine: ctranslate2(engine, converted, text)
    results, other_cores = by_turns(functions, rounds, "en-fr")
    counts = ", ".join(f"{name} {median(rows, 'tokens_out'):.0f}" for name, rows in results.items())
    title = f"en-fr, {len(lines)} sentences one at a time, greedy, one thread; medians of {rounds} rounds by turns"
    notes = "".join(f"\n{engine.name}: {engine.backend(converted)}" for engine in engines if engine.name in results)
    theirs = {name: rows for name, rows in results.items() if name not in OURS}
    tables = "\n\n".join(table(title, {name: results[name], **theirs}, ROWS, other_cores) for name in OURS)
    return f"{tables}\ntokens out: {counts}{notes}", results
