"""Measuring several engines by turns, and their table: medians, and the ratios of each round."""

import os
import statistics
import sys
import time
from pathlib import Path


def busy_seconds():
    """Seconds that all cores have worked since the system started, and those of this process and its children."""
    # user, nice, system, idle, waiting, interrupts …
    ticks = [int(word) for word in Path("/proc/stat").read_text().split("\n")[0].split()[1:]]
    times = os.times()
    return (sum(ticks[:3]) + sum(ticks[5:7])) / os.sysconf("SC_CLK_TCK"), sum(times[:4])


def by_turns(engines, rounds, name):
    """Calls each engine (a function that gives a dictionary of figures) once a round; each round starts with another.

    What else the machine does meets all of them alike. Returns, by engine, a list of its figures in each round, and
    how many cores other processes kept busy meanwhile."""
    results = {engine: [] for engine in engines}
    order = list(engines)
    begin, (all_before, own_before) = time.perf_counter(), busy_seconds()
    for number in range(rounds):
        print(f"{name}: round {number + 1}/{rounds}", file=sys.stderr)
        for engine in order[number % len(order):] + order[:number % len(order)]:
            results[engine].append(engines[engine]())
    all_after, own_after = busy_seconds()
    others = (all_after - all_before) - (own_after - own_before)
    return results, max(0, others / (time.perf_counter() - begin))


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def ratios(ours, theirs, key, more_is_better=False):
    """Round by round, how many times better ours is."""
    pairs = [(one[key], other[key]) for one, other in zip(ours, theirs)]
    return [one / other if more_is_better else other / one for one, other in pairs]


def table(title, results, rows, other_cores):
    """A title, a table and a remark. `rows` are (heading, key, decimals, more is better); the first engine is ours.

    Each other engine has its median and, in brackets, the median of the ratios, with the least and the greatest."""
    ours, *others = results
    lines = [title, f"{'':30}{ours:>12}" + "".join(f"{name:>18}{'ratio':>8}{'(least-most)':>14}" for name in others)]
    for heading, key, decimals, more_is_better in rows:
        line = f"{heading:30}{median(results[ours], key):12.{decimals}f}"
        for name in others:
            values = ratios(results[ours], results[name], key, more_is_better)
            line += f"{median(results[name], key):18.{decimals}f}{statistics.median(values):8.2f}"
            line += f"{f'({min(values):.2f}-{max(values):.2f})':>14}"
        lines.append(line)
    lines.append(f"meanwhile, other processes kept {other_cores:.2f} cores busy")
    return "\n".join(lines)
