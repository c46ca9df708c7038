#!/usr/bin/env python3
"""Draws docs/order-book.svg from the table of docs/performance.md: cost by number of asks, on logarithmic axes."""

from math import log10
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 60, 190, 20, 50
COLOURS = ["#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e",
           "#17becf", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22"]


def table(text):
    """The numbers of asks, and for each row its name with as many microseconds."""
    lines = iter(text.splitlines())
    head = next(line for line in lines if line.startswith("| µs |"))
    asks = [int(cell.replace(",", "")) for cell in cells(head)[1:-2]]
    next(lines)
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        name, *numbers = cells(line)
        rows.append((name, [float(number.replace(",", "")) for number in numbers[:len(asks)]]))
    return asks, rows


def cells(line):
    return [cell.strip() for cell in line.replace("`", "").strip("|").split("|")]


def spread(places, least):
    """The same places, moved downwards as far as needed to be `least` apart."""
    moved, last = {}, float("-inf")
    for key, place in sorted(places.items(), key=lambda entry: entry[1]):
        last = moved[key] = max(place, last + least)
    return moved


def draw(asks, rows):
    decades = [10 ** power for power in range(6)]
    everything = [number for _, numbers in rows for number in numbers]
    bottom = max(decade for decade in decades if decade <= min(everything))
    top = min(decade for decade in decades if decade >= max(everything))
    width, height = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(count):
        return LEFT + width * log10(count / asks[0]) / log10(asks[-1] / asks[0])

    def y(micros):
        return TOP + height * (1 - log10(micros / bottom) / log10(top / bottom))

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
    for decade in decades:
        if bottom <= decade <= top:
            out.append(f'<path d="M{LEFT} {y(decade):.1f}h{width}" stroke="#ccc"/>')
            out.append(f'<text x="{LEFT - 6}" y="{y(decade) + 4:.1f}" text-anchor="end">{decade:,}</text>')
    for count in asks:
        out.append(f'<path d="M{x(count):.1f} {TOP}v{height}" stroke="#eee"/>')
        out.append(f'<text x="{x(count):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{count:,}</text>')
    out.append(f'<text x="{LEFT + width / 2}" y="{HEIGHT - 10}" text-anchor="middle">asks in the book</text>')
    out.append(f'<text transform="translate(14 {TOP + height / 2}) rotate(-90)" text-anchor="middle">µs</text>')
    labels = spread({name: y(numbers[-1]) for name, numbers in rows}, 14)
    for (name, numbers), colour in zip(rows, COLOURS):
        points = " ".join(f"{x(count):.1f},{y(number):.1f}" for count, number in zip(asks, numbers))
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out.append(f'<text x="{WIDTH - RIGHT + 8}" y="{labels[name] + 4:.1f}" fill="{colour}">{name}</text>')
    return "\n".join(out + ["</svg>", ""])


if __name__ == "__main__":
    (DOCS / "order-book.svg").write_text(draw(*table((DOCS / "performance.md").read_text())))
