"""What the programs that time a peer's forward pass have in common: arguments, medians, and the results' form."""

import argparse
import json
import statistics
import time

SOURCE_OF_DECODING = 16


def lengths(text):
    return [int(word) for word in text.split(",")]


def arguments(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", help="the model")
    parser.add_argument("--source", type=lengths, required=True, help="lengths of sources, in tokens")
    parser.add_argument("--target", type=lengths, default=[], help="lengths of targets, in tokens")
    parser.add_argument("--repeat", type=int, default=5, help="least count of samples (default: 5)")
    return parser.parse_args()


def seconds(body):
    begin = time.perf_counter()
    body()
    return time.perf_counter() - begin


def milliseconds(body, repeat):
    """The median of `repeat` samples, or of as many as take a tenth of a second; one more goes first."""
    body()
    count = max(repeat, min(100, int(0.1 / seconds(body))))
    return 1e3 * statistics.median(seconds(body) for _ in range(count))


def extrapolated(one, two, repeat):
    """The median of 2 · one − two in milliseconds, each pair measured side by side: what is left when the step by which
    `two` is longer than `one` is taken off `one`."""
    one()
    two()
    count = max(repeat, min(100, int(0.2 / seconds(two))))
    return 1e3 * statistics.median(2 * seconds(one) - seconds(two) for _ in range(count))


def show(encoding, token, whole):
    """Milliseconds: of encoding by the source's length, of a token and of a whole translation by the target's."""
    print(json.dumps({"encoding": encoding, "token": token, "whole": whole}))


def encoding(encoder, given):
    """Milliseconds of a text of each length, for an engine whose `states` gives the last states of ids."""
    return {length: milliseconds(lambda: encoder.states([3 + 37 * place % 1000 for place in range(length)]),
                                 given.repeat) for length in given.source}
