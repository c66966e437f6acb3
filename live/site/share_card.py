"""The picture that a shared link shows (Open Graph, 1200 × 630), drawn for each contest."""

import math
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from core.fonts import drawing_font
from core.i18n import _

WIDTH, HEIGHT = 1200, 630
_MARGIN = 72
_INK, _MUTED, _HONOUR, _SERVICE = "#1A1F2B", "#5A6475", "#C4161C", "#0B5CAD"
_GROUND, _SURFACE = "#F6F7F9", "#FFFFFF"


def contest_card(title: str, state: str, rules: str) -> bytes:
    """PNG of a contest: its title, its phase, and what a voter may do."""
    image, draw = _sheet()
    _write(draw, (_MARGIN, 76), _("同江市 · 十百千"), 34, _HONOUR, bold=True)
    bottom = _write(draw, (_MARGIN, 150), title, 76, _INK, bold=True, width=WIDTH - 2 * _MARGIN)
    bottom = _write(draw, (_MARGIN, bottom + 28), state, 38, _MUTED, width=WIDTH - 2 * _MARGIN)
    _write(draw, (_MARGIN, bottom + 12), rules, 32, _MUTED, width=WIDTH - 2 * _MARGIN)
    return _png(image)


def entrant_card(code: str, name: str, place: str, title: str, photo: Path | None) -> bytes:
    """PNG of one entrant: photo at the left, the code large, since people look for codes."""
    image, draw = _sheet()
    left = _MARGIN
    if photo is not None:
        with Image.open(photo) as picture:
            fitted = ImageOps.fit(picture.convert("RGB"), (560, 420))
        mask = Image.new("L", fitted.size, 0)
        ImageDraw.Draw(mask).rounded_rectangle((0, 0, 559, 419), 24, fill=255)
        image.paste(fitted, (_MARGIN, 90), mask)
        left = _MARGIN + 560 + 48
    width = WIDTH - left - _MARGIN
    _write(draw, (left, 84), code, 110, _HONOUR, bold=True)
    bottom = _write(draw, (left, 224), name, 64, _INK, bold=True, width=width, lines=2)
    bottom = _write(draw, (left, bottom + 8), place, 34, _MUTED, width=width, lines=1)
    _write(draw, (left, bottom + 24), title, 34, _INK, width=width, lines=2)
    return _png(image)


def _sheet() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A white sheet whose lower edge is the meeting of the two rivers."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _SURFACE)
    draw = ImageDraw.Draw(image, "RGBA")
    draw.rectangle((0, 0, WIDTH, 14), fill=_HONOUR)
    for colour, height, shift in (((196, 22, 28, 36), 84, 0), ((11, 92, 173, 56), 56, 300)):
        points = [(x, HEIGHT - height - 18 * _wave(x + shift)) for x in range(WIDTH + 1)]
        draw.polygon([*points, (WIDTH, HEIGHT), (0, HEIGHT)], fill=colour)
    return image, draw


def _wave(x: int) -> float:
    return math.sin(2 * math.pi * x / 800)


def _write(
    draw: ImageDraw.ImageDraw,
    at: tuple[int, int],
    words: str,
    size: int,
    colour: str,
    *,
    bold: bool = False,
    width: int = WIDTH,
    lines: int = 2,
) -> int:
    """Write `words` broken into at most `lines` lines; returns where the next may begin."""
    font = drawing_font(size, bold=bold)
    x, y = at
    for line in _broken(draw, words, font, width, lines):
        draw.text((x, y), line, font=font, fill=colour)
        y += round(size * 1.32)
    return y


def _broken(
    draw: ImageDraw.ImageDraw, words: str, font: ImageFont.FreeTypeFont, width: int, lines: int
) -> list[str]:
    """At most `lines` lines of equal length; what does not fit ends in an ellipsis."""
    broken = _filled(draw, words, font, width)
    if len(broken) > lines:
        return [*broken[: lines - 1], broken[lines - 1][:-1] + "…"]
    narrower = width
    while narrower > 40 and len(_filled(draw, words, font, narrower - 20)) == len(broken):
        narrower -= 20
    return _filled(draw, words, font, narrower)


def _filled(
    draw: ImageDraw.ImageDraw, words: str, font: ImageFont.FreeTypeFont, width: int
) -> list[str]:
    """Chinese breaks between any two characters."""
    broken = [""]
    for letter in words:
        if broken[-1] and draw.textlength(broken[-1] + letter, font=font) > width:
            broken.append("")
        broken[-1] += letter
    return broken


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.quantize(96).save(out, "PNG", optimize=True)
    return out.getvalue()
