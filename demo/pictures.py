"""Drawing the demo's pictures: sky, river and fields with the name of a product."""

import colorsys
import hashlib
import io
import math
import random

from PIL import Image, ImageDraw, ImageFilter

from core.fonts import drawing_font
from demo.candidates import Person

_SIZE = (960, 720)
_HORIZON = 448
# The hills are drawn larger and shrunk, which smooths their edges.
_SMOOTH = 2

Colour = tuple[int, int, int]


def portrait(person: Person) -> bytes:
    """A 960×720 picture as JPEG; the same person always gets the same one."""
    # Not for secrets: the seed only makes every start draw alike.
    dice = random.Random(hashlib.sha256(person.name.encode()).digest())  # noqa: S311
    picture = _sky(person.hue)
    _sun(picture, person.hue, dice)
    for layer in range(4):
        _hills(picture, person.hue, layer, dice)
    _words(picture, person)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def _colour(hue: float, lightness: float, saturation: float) -> Colour:
    red, green, blue = colorsys.hls_to_rgb((hue % 360) / 360, lightness, saturation)
    return round(red * 255), round(green * 255), round(blue * 255)


def _sky(hue: int) -> Image.Image:
    top, bottom = _colour(hue + 14, 0.46, 0.42), _colour(hue - 18, 0.88, 0.62)
    strip = Image.new("RGB", (1, _SIZE[1]))
    for y in range(_SIZE[1]):
        share = min(1.0, y / _HORIZON)
        red, green, blue = (round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True))
        strip.putpixel((0, y), (red, green, blue))
    return strip.resize(_SIZE)


def _sun(picture: Image.Image, hue: int, dice: random.Random) -> None:
    """A disc in a glow; the glow is blurred small, where blurring is cheap."""
    x, y, radius = dice.randint(620, 790), dice.randint(170, 260), 66
    small = Image.new("L", (_SIZE[0] // 8, _SIZE[1] // 8), 0)
    ImageDraw.Draw(small).ellipse(_around(x / 8, y / 8, 15), fill=90)
    glow = small.filter(ImageFilter.GaussianBlur(6)).resize(_SIZE)
    ImageDraw.Draw(glow).ellipse(_around(x, y, radius), fill=235)
    picture.paste(_colour(hue - 24, 0.95, 0.8), (0, 0), glow)


def _around(x: float, y: float, radius: float) -> tuple[float, float, float, float]:
    return x - radius, y - radius, x + radius, y + radius


def _hills(picture: Image.Image, hue: int, layer: int, dice: random.Random) -> None:
    base = _HORIZON - 48 + layer * 84
    swing, length, shift = 37 - layer * 5, dice.uniform(240, 416), dice.uniform(0, 6.28)
    edge = [
        (x, base + swing * math.sin(x / length * 3 + shift) + 11 * math.sin(x / 56 + shift))
        for x in range(0, _SIZE[0] + 16, 16)
    ]
    top = int(min(y for _x, y in edge)) - 2
    mask = Image.new("L", (_SIZE[0] * _SMOOTH, (_SIZE[1] - top) * _SMOOTH), 0)
    shape = [(x * _SMOOTH, (y - top) * _SMOOTH) for x, y in edge]
    ImageDraw.Draw(mask).polygon([(0, mask.height), *shape, (mask.width, mask.height)], fill=255)
    mask = mask.reduce(_SMOOTH)
    picture.paste(_colour(hue + layer * 6, 0.52 - layer * 0.11, 0.36), (0, top), mask)


def _words(picture: Image.Image, person: Person) -> None:
    draw = ImageDraw.Draw(picture)
    product, township = drawing_font(120, bold=True), drawing_font(42, bold=True)
    draw.text((64, 472), person.product, font=product, fill="white")
    draw.text((69, 624), person.township, font=township, fill=(255, 255, 255))
