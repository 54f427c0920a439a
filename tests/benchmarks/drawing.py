"""A small picture of measurements: lines over two logarithmic axes, as SVG text. Pure."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10
from typing import Final

Points = Sequence[tuple[float, float]]

_WIDTH: Final = 560
_HEIGHT: Final = 320
_LEFT: Final = 60
_BOTTOM: Final = 40
_TOP: Final = 20
_RIGHT: Final = 110
_COLOURS: Final = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd")
_STEPS: Final = (1, 2, 5)


def line_chart(lines: Mapping[str, Points], across: str, up: str) -> str:
    """Return a picture of ``lines``, whose points are positive, smallest first.

    Args:
        lines: What a line is called, and its points.
        across: What the horizontal axis counts.
        up: What the vertical axis measures.
    """
    xs = [x for points in lines.values() for x, _ in points]
    ys = [y for points in lines.values() for _, y in points]
    horizontal = _Axis(min(xs), max(xs), _LEFT, _WIDTH - _RIGHT)
    vertical = _Axis(min(ys), max(ys), _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">',
        '<g font-family="sans-serif" font-size="11">',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
    ]
    for value in horizontal.marks():
        x = horizontal.place(value)
        parts.append(_line(x, _TOP, x, _HEIGHT - _BOTTOM))
        parts.append(_text(x, _HEIGHT - _BOTTOM + 15, _short(value), "middle"))
    for value in vertical.marks():
        y = vertical.place(value)
        parts.append(_line(_LEFT, y, _WIDTH - _RIGHT, y))
        parts.append(_text(_LEFT - 6, y + 4, _short(value), "end"))
    for colour, (name, points) in zip(_COLOURS, lines.items(), strict=False):
        places = [(horizontal.place(x), vertical.place(y)) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        x, y = places[-1]
        parts.append(_text(x + 8, y + 4, name, "start", colour))
    parts.append(_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 8, across, "middle"))
    parts.append(_text(8, 12, up, "start"))
    return "\n".join([*parts, "</g></svg>", ""])


class _Axis:
    """Values between two, as places between two; equal ratios are equal distances."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self._low, self._high = log10(low), log10(high)
        if self._high - self._low < 0.3:
            self._low, self._high = self._low - 0.2, self._high + 0.2
        self._start, self._end = start, end

    def place(self, value: float) -> float:
        share = (log10(value) - self._low) / (self._high - self._low)
        return self._start + share * (self._end - self._start)

    def marks(self) -> list[float]:
        """Return round values: 1, 2 and 5 times powers of ten."""
        powers = range(floor(self._low), ceil(self._high) + 1)
        values = [step * 10.0**power for power in powers for step in _STEPS]
        return [each for each in values if self._low - 1e-9 <= log10(each) <= self._high + 1e-9]


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#ddd"/>'


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#333") -> str:
    words = escape(text)
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def _short(value: float) -> str:
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"
