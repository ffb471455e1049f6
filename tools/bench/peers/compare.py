#!/usr/bin/env python3
"""Swiftlet and CTranslate2 by turns on the same model, sentences and core: medians and their ratio.

    python3 tools/bench/peers/compare.py [--rounds N] [--json]

Each round measures both, so that what else the machine does meets both alike. Times within the process are of
translating alone; the process's time and peak memory are of a program that loads the model, translates the
sentences and ends, and CTranslate2's is a Python process. Pin it to one core: `taskset -c 1 python3 …`.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
PEERS = REPOSITORY / "tools/bench/peers"
WEIGHTS = REPOSITORY / "weights/en-fr"


def fail(message):
    sys.exit(f"compare: error: {message}")


def run(command, **options):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}, **options)
    if done.returncode:
        fail(f"{command[0]} ended with status {done.returncode}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def swiftlet(arguments, folder):
    """Milliseconds a sentence and tokens a second, within the process."""
    result = folder / "swiftlet.json"
    run([REPOSITORY / "bin/swiftlet-bench", arguments.model, "--text", WEIGHTS / "dev.tsv", "--only", "translations",
         "--kernel", "fastest", "--repeat", "1", "--json", result])
    row = json.loads(result.read_text())["translations"][0]
    return {"ms": row["milliseconds_per_sentence"], "tokens": row["tokens_per_second"],
            "ms_with_tokenizer": row["milliseconds_per_sentence_with_tokenizer"], "sentences": row["sentences"],
            "tokens_out": row["target_tokens"]}


def ctranslate2(converted):
    """The same for CTranslate2."""
    row = json.loads(run([sys.executable, PEERS / "ctranslate2_en_fr.py", "--converted", converted,
                          "--repeat", "1", "--step", "measure"]))
    return {"ms": row["ms_per_sentence"], "tokens": row["tokens_per_second"],
            "ms_with_tokenizer": row["ms_per_sentence_with_tokenizer"], "sentences": row["sentences"],
            "tokens_out": row["tokens_out"]}


def peak_bytes(process_id):
    """The peak resident set of a running process; 0 once it has ended.

    The figure that `wait` gives would do, were it not at least the memory of the process that started it."""
    try:
        status = Path(f"/proc/{process_id}/status").read_text()
    except OSError:
        return 0
    return max((1024 * int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), default=0)


def process(command, text):
    """Seconds and peak resident megabytes of a whole process."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    peak = 0
    with open(text, "rb") as lines:
        begin = time.perf_counter()
        child = subprocess.Popen([str(word) for word in command], stdin=lines, stdout=subprocess.DEVNULL,
                                 env=environment)
        while child.poll() is None:
            peak = max(peak, peak_bytes(child.pid))
            time.sleep(0.02)
        seconds = time.perf_counter() - begin
    if child.returncode:
        fail(f"{command[0]} ended with status {child.returncode}")
    return {"process_seconds": seconds, "process_peak_mb": peak / 1e6}


def table(medians, rounds):
    ours, theirs = medians["swiftlet"], medians["ctranslate2"]
    rows = [("ms/sentence", "ms", 3, False), ("ms/sentence with tokenizer", "ms_with_tokenizer", 3, False),
            ("tokens/s", "tokens", 0, True), ("whole process, s", "process_seconds", 2, False),
            ("its peak memory, MB", "process_peak_mb", 1, False)]
    print(f"\nSwiftlet and CTranslate2 int8, {ours['sentences']:.0f} sentences one at a time, greedy, one thread: "
          f"medians of {rounds} rounds by turns")
    print(f"{'':28}{'Swiftlet':>10}{'CTranslate2':>13}{'ratio':>8}")
    for name, key, decimals, more_is_better in rows:
        ratio = ours[key] / theirs[key] if more_is_better else theirs[key] / ours[key]
        print(f"{name:28}{ours[key]:10.{decimals}f}{theirs[key]:13.{decimals}f}{ratio:8.2f}")
    print(f"{'tokens out':28}{ours['tokens_out']:10.0f}{theirs['tokens_out']:13.0f}")
    print("A ratio above 1 is in favour of Swiftlet. CTranslate2's process is a Python process.")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=REPOSITORY / "bin/en-fr.swiftlet",
                        help="default: bin/en-fr.swiftlet")
    parser.add_argument("--rounds", type=int, default=3, help="default: 3")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds must be at least 1")
    results = {"swiftlet": [], "ctranslate2": []}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        converted, text = folder / "model", folder / "lines"
        lines = (WEIGHTS / "dev.tsv").read_text(encoding="utf-8").removesuffix("\n").split("\n")
        text.write_text("".join(line.split("\t")[0] + "\n" for line in lines), encoding="utf-8")
        run([sys.executable, PEERS / "ctranslate2_en_fr.py", "--converted", converted, "--step", "convert"])
        for number in range(arguments.rounds):
            print(f"round {number + 1}/{arguments.rounds}", file=sys.stderr)
            ours = process([REPOSITORY / "bin/swiftlet", "translate", arguments.model], text)
            theirs = process([sys.executable, PEERS / "ctranslate2_lines.py", converted, WEIGHTS], text)
            results["swiftlet"].append(swiftlet(arguments, folder) | ours)
            results["ctranslate2"].append(ctranslate2(converted) | theirs)
    medians = {name: {key: statistics.median(row[key] for row in rows) for key in rows[0]}
               for name, rows in results.items()}
    if arguments.json:
        print(json.dumps({"rounds": arguments.rounds, "medians": medians, "all": results}, indent=2))
    else:
        table(medians, arguments.rounds)


if __name__ == "__main__":
    main()
