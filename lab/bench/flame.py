"""A flame graph from sampled stacks: `python -m lab.bench.flame STACKS PICTURE.svg`.

STACKS has a line for each different stack, outermost frame first: `a;b;c 42`, as py-spy
(`record --format raw`) and others write it. A box is as wide as its share of the samples; the x
axis does not show time.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

WIDTH, ROW, MARGIN = 1200.0, 18, 12
_NARROWEST = 2.0
_LETTER = 6.2
_ROOT = "(asyncio/runners.py"
"""Of a frame: everything outside it is the way from `python -m` to the loop."""

_FRAME = re.compile(r"(?P<name>[^(]+) \((?P<file>[^:)]+)")
_COLOURS = (
    (("voting/", "accounts/", "contest/", "core/", "live/"), "#e2b04a"),
    (("uvicorn/", "http/", "websockets/"), "#7fa7d6"),
    (("asyncpg/", "piccolo/"), "#86b58c"),
    (("redis/",), "#c98d8d"),
)
_OTHER = "#c9ccd3"


@dataclass
class Box:
    """One frame in its place; `samples` of it and of all it called."""

    label: str
    samples: int = 0
    inner: dict[str, "Box"] = field(default_factory=dict)


def tree(lines: Iterable[str]) -> Box:
    """The stacks of the event loop's thread, laid over each other."""
    root = Box("event loop")
    for line in lines:
        stack, _space, count = line.rstrip("\n").rpartition(" ")
        frames = stack.split(";")
        start = next((n for n, one in enumerate(frames) if _ROOT in one), None)
        if start is None or not count.isdigit():
            continue
        box = root
        box.samples += int(count)
        for frame in frames[start + 1 :]:
            label = _label(frame)
            if label == box.label:
                continue  # the lines of one function are one box
            box = box.inner.setdefault(label, Box(label))
            box.samples += int(count)
    return root


def draw(root: Box) -> str:
    """The picture; hovering over a box tells its share."""
    depth = _depth(root, root.samples)
    height = (depth + 1) * ROW + 2 * MARGIN
    boxes = "\n".join(_drawn(root, MARGIN, 0, height, root.samples))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH + 2 * MARGIN:.0f} {height}"'
        f' font-family="monospace" font-size="10">\n{boxes}\n</svg>\n'
    )


def _label(frame: str) -> str:
    found = _FRAME.match(frame)
    if found is None:
        return frame
    path = "/".join(found["file"].split("/")[-2:])
    return f"{found['name']} {path}"


def _depth(box: Box, whole: int) -> int:
    wide = [one for one in box.inner.values() if _width(one, whole) >= _NARROWEST]
    return 1 + max((_depth(one, whole) for one in wide), default=0)


def _width(box: Box, whole: int) -> float:
    return WIDTH * box.samples / max(1, whole)


def _drawn(box: Box, left: float, level: int, height: int, whole: int) -> Iterator[str]:
    width, top = _width(box, whole), height - MARGIN - (level + 1) * ROW
    shown = box.label[: int((width - 6) / _LETTER)]
    text = escape(shown) if len(shown) > 3 else ""
    yield (
        f"<g><title>{escape(box.label)}: {100 * box.samples / whole:.1f} %</title>"
        f'<rect x="{left:.1f}" y="{top}" width="{max(0.5, width - 0.5):.1f}" height="{ROW - 1}"'
        f' fill="{_colour(box.label)}"/>'
        f'<text x="{left + 3:.1f}" y="{top + 12}">{text}</text></g>'
    )
    for one in sorted(box.inner.values(), key=lambda one: one.label):
        if _width(one, whole) >= _NARROWEST:
            yield from _drawn(one, left, level + 1, height, whole)
        left += _width(one, whole)


def _colour(label: str) -> str:
    path = label.rpartition(" ")[2]
    return next((colour for starts, colour in _COLOURS if path.startswith(starts)), _OTHER)


def main() -> None:
    stacks, picture = map(Path, sys.argv[1:3])
    with stacks.open(encoding="utf-8") as lines:
        root = tree(lines)
    if not root.samples:
        sys.exit(f"{stacks} holds no samples of an event loop")
    picture.write_text(draw(root), encoding="utf-8")


if __name__ == "__main__":
    main()
