"""Draws lines over two logarithmic axes, as SVG: text that shows in a browser and in a difference of versions."""

from __future__ import annotations

import math

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 90, 40, 48
FONT = "sans-serif"
COLOURS = ("#2563a8", "#b4541a", "#4d7c3a")

Points = list[tuple[int, float]]


def draw(title: str, axis: str, unit: str, series: dict[str, Points]) -> str:
    """The plot of some series, each with its name at its end."""
    across = _Scale([x for points in series.values() for x, _ in points], LEFT, WIDTH - RIGHT)
    up = _Scale([y for points in series.values() for _, y in points], HEIGHT - BOTTOM, TOP, whole=True)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-size="12" font-family="{FONT}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="22" font-size="15">{title}</text>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">{axis}</text>',
    ]
    for power in range(up.least, up.most + 1):
        y = up.at(10**power)
        parts += [
            f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>',
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{_short(10**power)} {unit}</text>',
        ]
    for x in sorted({x for points in series.values() for x, _ in points}):
        parts.append(f'<text x="{across.at(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_short(x)}</text>')
    for (name, points), colour in zip(series.items(), COLOURS, strict=False):
        line = " ".join(f"{across.at(x):.1f},{up.at(y):.1f}" for x, y in points)
        end = points[-1]
        parts += [
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>',
            f'<text x="{across.at(end[0]) + 8:.1f}" y="{up.at(end[1]) + 4:.1f}" fill="{colour}">{name}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


class _Scale:
    """Where a value lies between two edges, by its logarithm; `whole` widens it to whole powers of ten."""

    def __init__(self, values: list[float], start: float, end: float, *, whole: bool = False) -> None:
        low, high = math.log10(min(values)), math.log10(max(values))
        self.least, self.most = math.floor(low), math.ceil(high)
        self._low, self._high = (self.least, max(self.most, self.least + 1)) if whole else (low, high)
        self._start, self._end = start, end

    def at(self, value: float) -> float:
        """The place of a value."""
        return self._start + (math.log10(value) - self._low) / (self._high - self._low) * (self._end - self._start)


def _short(value: float) -> str:
    for size, letter in ((2**20, "Mi"), (2**10, "Ki")):
        if value >= size and value % size == 0:
            return f"{value / size:.0f}{letter}"
    return f"{value:,g}"
