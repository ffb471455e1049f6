"""A table of figures by engine."""

FORMATS = {"bits": ("bits/weight", "{:.2f}"), "kl": ("KL, mean", "{:.2e}"), "same_top": ("same top", "{:.2f} %"),
           "identical": ("identical", "{:.1f} %"), "bleu": ("BLEU", "{:.2f}"), "chrf": ("chrF", "{:.2f}"),
           "perplexity_ratio": ("perplexity ratio", "{:.4f}"), "cosine_mean": ("cosine, mean", "{:.5f}"),
           "cosine_worst": ("worst", "{:.5f}"), "rank_correlation": ("rank correlation", "{:.5f}")}


def table(title, rows):
    """`rows` are dictionaries by engine. A figure that an engine does not have is a dash."""
    columns = [key for key in FORMATS if any(key in row for row in rows.values())]
    width = max(map(len, rows))
    lines = [title, " " * width + "".join(f"{FORMATS[key][0]:>18}" for key in columns)]
    for name, row in rows.items():
        cells = [FORMATS[key][1].format(row[key]) if key in row else "–" for key in columns]
        lines.append(f"{name:{width}}" + "".join(f"{cell:>18}" for cell in cells))
    return "\n".join(lines)
