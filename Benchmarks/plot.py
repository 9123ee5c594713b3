"""Plots as SVG, without a library."""

import math
from html import escape

COLOURS = ("#0b6e99", "#d9730d", "#6940a5", "#0f7b6c")
LEFT, WIDTH, ROW, TOP, BOTTOM = 300, 560, 16, 60, 30


def ratio_plot(title, series):
    """Dots on a logarithmic axis: a row for each key, a colour for each of the `series` (name: {key: ratio})."""
    keys = list(dict.fromkeys(key for values in series.values() for key in values))
    ratios = [value for values in series.values() for value in values.values()] + [1]
    low, high = math.floor(math.log2(min(ratios))), math.ceil(math.log2(max(ratios))) or 1

    def x(value):
        return LEFT + (math.log2(value) - low) / (high - low) * WIDTH

    bottom = TOP + ROW * len(keys)
    parts = [text(10, 20, title, "bold")]
    for index, name in enumerate(series):
        parts += [dot(LEFT + index * 150, 36, index), text(LEFT + index * 150 + 8, 40, name)]
    for exponent in range(low, high + 1, max(1, (high - low) // 8)):
        parts.append(line(x(2.0**exponent), bottom, "#ddd"))
        parts.append(text(x(2.0**exponent) - 8, bottom + 16, f"{2.0**exponent:g}×"))
    parts.append(line(x(1), bottom, "#444"))
    for row, key in enumerate(keys):
        y = TOP + ROW * row + ROW // 2
        parts.append(text(10, y + 4, key))
        parts += [dot(x(values[key]), y, index) for index, values in enumerate(series.values()) if key in values]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 40}" height="{bottom + BOTTOM}" '
        'font-family="sans-serif" font-size="11">\n<rect width="100%" height="100%" fill="white"/>\n'
        + "\n".join(parts) + "\n</svg>\n")


def text(x, y, content, weight="normal"):
    return f'<text x="{x:.0f}" y="{y}" font-weight="{weight}">{escape(content)}</text>'


def dot(x, y, index):
    return f'<circle cx="{x:.1f}" cy="{y}" r="4" fill="{COLOURS[index % len(COLOURS)]}" fill-opacity="0.8"/>'


def line(x, bottom, colour):
    return f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{bottom}" stroke="{colour}"/>'
