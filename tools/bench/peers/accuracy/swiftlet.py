"""Swiftlet's side: converting, and what swiftlet-verify says."""

import json
import subprocess

from processes import REPOSITORY, fail, run


def convert(source, path, *options):
    """Converts; always anew, so that the figures are this converter's."""
    run([REPOSITORY / "bin/swiftlet-convert", source, "-o", path, "--quiet", *options])
    return path


def verify(source, model, text):
    """All numbers of swiftlet-verify, which fails where its limits are not kept: that is no error here."""
    command = [REPOSITORY / "bin/swiftlet-verify", source, model, "--text", text, "--quiet", "--json", "-"]
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        return json.loads(done.stdout)
    except ValueError:
        fail(f"swiftlet-verify ended with status {done.returncode}: {done.stderr.decode(errors='replace').strip()}")


def figures(source, model, text):
    """Those that peers are compared by."""
    report = verify(source, model, text)
    names = {"kl_mean": "kl", "same_top_percent": "same_top", "identical_percent": "identical", "bleu": "bleu",
             "chrf": "chrf", "perplexity_ratio": "perplexity_ratio", "cosine_mean": "cosine_mean",
             "cosine_worst": "cosine_worst", "rank_correlation": "rank_correlation", "tokens": "tokens",
             "sentences": "sentences"}
    result = {new: report[old] for old, new in names.items() if old in report}
    if "bleu" not in result:
        result.pop("chrf", None)
    sizes = report["sizes"]
    result["bits"] = 32 * sizes["weights"] / sizes["float32_weights"]
    result["weights"] = sizes["float32_weights"] // 4
    return result


def token_ids(model, lines):
    """The ids of each line, as the model's own tokenizer has them."""
    done = subprocess.run([REPOSITORY / "bin/swiftlet", "tokenize", model, "--ids"], check=True,
                          input="".join(f"{line}\n" for line in lines).encode(), stdout=subprocess.PIPE)
    return [[int(word) for word in line.split()] for line in done.stdout.decode().splitlines()]
