"""Drawing the demo's pictures: a sky, the river, the fields, and the product's name."""

import colorsys
import hashlib
import io
import math
import random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from contest.demo_people import Person
from core.assets import BOLD_FONT

_SIZE = (1200, 900)
_HORIZON = 560

Colour = tuple[int, int, int]


def portrait(person: Person) -> bytes:
    """A 1200×900 picture as JPEG; the same person always gets the same one."""
    # Not for secrets: the seed only makes every start draw alike.
    dice = random.Random(hashlib.sha256(person.name.encode()).digest())  # noqa: S311
    picture = _sky(person.hue)
    _sun(picture, person.hue, dice)
    draw = ImageDraw.Draw(picture)
    for layer in range(4):
        _hills(draw, person.hue, layer, dice)
    picture = picture.filter(ImageFilter.GaussianBlur(0.8))
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
        mixed = tuple(round(a + (b - a) * share) for a, b in zip(top, bottom, strict=True))
        strip.putpixel((0, y), mixed)
    return strip.resize(_SIZE)


def _sun(picture: Image.Image, hue: int, dice: random.Random) -> None:
    glow = Image.new("L", _SIZE, 0)
    x, y, radius = dice.randint(780, 980), dice.randint(220, 330), 84
    pencil = ImageDraw.Draw(glow)
    pencil.ellipse((x - 150, y - 150, x + 150, y + 150), fill=90)
    glow = glow.filter(ImageFilter.GaussianBlur(60))
    ImageDraw.Draw(glow).ellipse((x - radius, y - radius, x + radius, y + radius), fill=235)
    picture.paste(_colour(hue - 24, 0.95, 0.8), (0, 0), glow)


def _hills(draw: ImageDraw.ImageDraw, hue: int, layer: int, dice: random.Random) -> None:
    base = _HORIZON - 60 + layer * 105
    swing, length, shift = 46 - layer * 6, dice.uniform(300, 520), dice.uniform(0, 6.28)
    edge = [
        (x, base + swing * math.sin(x / length * 3 + shift) + 14 * math.sin(x / 70 + shift))
        for x in range(0, _SIZE[0] + 20, 20)
    ]
    colour = _colour(hue + layer * 6, 0.52 - layer * 0.11, 0.36)
    draw.polygon([(0, _SIZE[1]), *edge, (_SIZE[0], _SIZE[1])], fill=colour)


def _words(picture: Image.Image, person: Person) -> None:
    draw = ImageDraw.Draw(picture)
    draw.text((80, 590), person.product, font=_font(150), fill="white")
    draw.text((86, 780), person.township, font=_font(52), fill=(255, 255, 255))


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BOLD_FONT, size)
