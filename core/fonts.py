"""The Chinese font of documents and pictures that we draw ourselves: Noto Sans SC, 30,890
characters, from the wheel that set-up installs.

The wheel carries one variable font, whose axis `wght` holds every weight. Pillow sets the axis
when it draws. A PDF cannot, so a document gets a font of its own with the characters it needs,
cut at one weight; to cut the whole font takes 25 seconds, a document's share less than one.
"""

import importlib.util
import logging
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from PIL import ImageFont

_WEIGHTS = {False: 400, True: 700}
# What only type set downwards or with alternative letters would use.
_NOT_NEEDED = ["BASE", "GDEF", "GPOS", "GSUB", "VORG", "VVAR", "vhea", "vmtx"]


def _find() -> Path:
    """Find the font without importing the wheel, which would look through the machine's fonts."""
    wheel = importlib.util.find_spec("justmytype_intl_cjk")
    assert wheel is not None
    assert wheel.origin is not None
    return Path(wheel.origin).parent / "fonts" / "ofl" / "notosanssc" / "NotoSansSC[wght].ttf"


FONT = _find()


def drawing_font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font for a picture, `size` pixels high."""
    font = ImageFont.truetype(FONT, size)
    font.set_variation_by_axes([_WEIGHTS[bold]])
    return font


def document_fonts(text: str) -> tuple[bytes, bytes]:
    """A regular and a bold TrueType font that hold the characters of `text`, for a document."""
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells each table it cuts
    options = Options(hinting=False, layout_features=[], notdef_outline=True)
    options.drop_tables = [*options.drop_tables, *_NOT_NEEDED]
    cut = BytesIO()
    with TTFont(FONT, lazy=True) as whole:
        cutter = Subsetter(options)
        cutter.populate(text=text)
        cutter.subset(whole)
        whole.save(cut)
    return _of_one_weight(cut, _WEIGHTS[False]), _of_one_weight(cut, _WEIGHTS[True])


def _of_one_weight(variable: BytesIO, weight: int) -> bytes:
    made = BytesIO()
    with TTFont(BytesIO(variable.getvalue())) as font:
        instantiateVariableFont(font, {"wght": weight}, inplace=True).save(made)
    return made.getvalue()
