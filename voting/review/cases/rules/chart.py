"""Charts as SVG text: one idea each, labelled directly, readable without colour.

Only presentation attributes are used, no styles: the site's content policy allows none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

BLUE, ORANGE, GREY, TEXT, LINE = "#0B5CAD", "#D9730D", "#7A8599", "#1A1F2B", "#E1E5EC"
MUTED = "#5A6475"
# Orange and grey are seen as lines and bars; as words they are too pale on white (below 4.5:1).
_WORDS = {ORANGE: "#9A5B00", GREY: MUTED}
_WIDTH, _LEFT, _RIGHT, _TOP, _BOTTOM = 640, 52, 118, 28, 34


@dataclass(frozen=True)
class Line:
    """One line of a time series; its name stands at its end."""

    name: str
    values: Sequence[float]
    colour: str
    dashed: bool = False


def series_chart(
    title: str, lines: Sequence[Line], ticks: Sequence[tuple[float, str]], unit: str
) -> str:
    """Lines over the same places; `ticks` are (place, words) below them."""
    height = 260
    most = max(1.0, *(max(line.values, default=0.0) for line in lines))
    places = max(2, *(len(line.values) for line in lines))
    across = (_WIDTH - _LEFT - _RIGHT) / (places - 1)
    up = (height - _TOP - _BOTTOM) / most

    def x(place: float) -> float:
        return _LEFT + place * across

    def y(value: float) -> float:
        return height - _BOTTOM - value * up

    parts = [*_scale(most, y, unit), *_ticks(ticks, x, height)]
    ends = _apart([y(line.values[-1]) if line.values else 0.0 for line in lines])
    for line, end in zip(lines, ends, strict=True):
        points = " ".join(f"{x(i):.1f},{y(v):.1f}" for i, v in enumerate(line.values))
        dash = ' stroke-dasharray="6 4"' if line.dashed else ""
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{line.colour}"'
            f' stroke-width="2"{dash}/>'
        )
        colour = _WORDS.get(line.colour, line.colour)
        parts.append(_text(_WIDTH - _RIGHT + 8, end + 4, line.name, colour))
    return _svg(title, _WIDTH, height, parts)


def share_chart(
    title: str, rows: Sequence[tuple[str, float, float]], names: tuple[str, str]
) -> str:
    """For each row two bars from 0 to 1, named: what is looked at, and what is usual.

    As narrow as a phone, since a chart that has to be scrolled hides the names of its rows.
    """
    width, left, bar, step = 360, 100, 13, 46
    height = 16 + step * len(rows)
    scale = width - left - 100  # room for the longest word after a full bar
    parts = []
    for number, (words, one, other) in enumerate(rows):
        top = 10 + number * step
        parts.append(_text(left - 8, top + 19, words, TEXT, anchor="end"))
        for place, (value, colour, name) in enumerate(
            ((one, ORANGE, names[0]), (other, GREY, names[1]))
        ):
            y = top + place * (bar + 3)
            parts.append(
                f'<rect x="{left}" y="{y}" width="{max(1.0, value * scale):.1f}"'
                f' height="{bar}" fill="{colour}"/>'
            )
            parts.append(
                _text(left + value * scale + 6, y + 12, f"{name} {value:.0%}", TEXT, size=13)
            )
    return _svg(title, width, height, parts)


def _scale(most: float, y: object, unit: str) -> list[str]:
    step = _round_step(most / 4)
    parts = []
    value = 0.0
    while value <= most:
        at = y(value)  # type: ignore[operator]
        parts.append(
            f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}"'
            f' stroke="{LINE}"/>'
        )
        parts.append(_text(_LEFT - 8, at + 4, f"{value:g}", MUTED, anchor="end", size=13))
        value += step
    parts.append(_text(_LEFT - 40, 14, unit, MUTED, size=13))
    return parts


def _round_step(least: float) -> float:
    """1, 2 or 5 times a power of ten."""
    size = 1.0
    while size * 10 <= least:
        size *= 10
    return next(size * times for times in (1, 2, 5, 10) if size * times >= least)


def _ticks(ticks: Sequence[tuple[float, str]], x: object, height: int) -> list[str]:
    return [
        _text(x(place), height - 12, words, MUTED, anchor="middle", size=13)  # type: ignore[operator]
        for place, words in ticks
    ]


def _apart(ends: Sequence[float]) -> list[float]:
    """Label heights at least a line apart, upwards from the lowest, which is not moved."""
    placed = list(ends)
    last = 10_000.0
    for index in sorted(range(len(placed)), key=lambda i: -ends[i]):
        placed[index] = min(placed[index], last - 17)
        last = placed[index]
    return placed


def _text(
    x: float, y: float, words: str, colour: str, *, anchor: str = "start", size: int = 14
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size}"'
        f' text-anchor="{anchor}">{escape(words)}</text>'
    )


def _svg(title: str, width: int, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' width="{width}" height="{height}" font-family="sans-serif">'
        f"<title>{escape(title)}</title>" + "".join(parts) + "</svg>"
    )
