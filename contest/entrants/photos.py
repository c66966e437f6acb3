"""Photos that people upload: checked by their content, redrawn, stored with smaller copies.

Whatever was hidden in the file (place and camera in EXIF, a second file behind the picture)
does not survive, because only the redrawn pixels are kept.
"""

import io
import struct
import zipfile
import zlib

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from core.files.file_store import FileStore
from core.i18n import _
from core.problems import FieldError, Invalid
from core.runtime import Runtime

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
LEAST_SIDE = 240
FULL_SIDE = 1600
VARIANTS = {"card": (640, 480), "thumb": (160, 120)}
"""Sizes of the smaller copies, all 4:3 so that cards keep their place while loading."""

_FORMATS = ("JPEG", "PNG", "WEBP")
# What a browser or a server might run when it takes the picture for something else.
_FOREIGN = (b"<?php", b"<script", b"<html", b"<!doctype html", b"%pdf-")
_FACE_HEIGHT = (0.5, 0.35)
# What Pillow's parsers raise on damaged files.
_DAMAGE = (
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Pillow would only warn; `_check_size` refuses before any pixel is decoded.
Image.MAX_IMAGE_PIXELS = None


def photo_store(runtime: Runtime) -> FileStore:
    """Where published pictures lie; nothing else is put there."""
    return FileStore(runtime.settings.data_dir / "photos")


def store_photo(store: FileStore, content: bytes, field: str) -> str:
    """Check, redraw and store an uploaded picture; returns its digest. Blocks.

    Raises Invalid about `field` with a sentence for each reason to refuse.
    """
    picture = _decoded(content, field)
    variants = {
        name: _jpeg(ImageOps.fit(picture, size, Image.Resampling.LANCZOS, centering=_FACE_HEIGHT))
        for name, size in VARIANTS.items()
    }
    picture.thumbnail((FULL_SIDE, FULL_SIDE), Image.Resampling.LANCZOS)
    return store.put(_jpeg(picture), variants)


def _decoded(content: bytes, field: str) -> Image.Image:
    if not content:
        raise _refusal(field, _("照片文件是空的"))
    if len(content) > MOST_BYTES:
        raise _refusal(field, _("照片超过 8 MB，请压缩后再上传"))
    if _is_foreign(content):
        raise _refusal(field, _("照片里夹带了其他类型的内容，请用原图重新上传"))
    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as opened:
            _check_size(opened, field)
            opened.load()
            return _on_white(_upright(opened))
    except UnidentifiedImageError as error:
        raise _refusal(field, _("照片只能是 JPG、PNG 或 WebP 图片")) from error
    except _DAMAGE as error:
        raise _refusal(field, _("照片文件已损坏，请重新上传")) from error


def _check_size(picture: Image.Image, field: str) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise _refusal(field, _("照片尺寸过大，最多 5000 万像素"))
    if min(picture.size) < LEAST_SIDE:
        raise _refusal(
            field, _("照片太小，宽和高都至少要有 %(least)s 像素") % {"least": LEAST_SIDE}
        )


def _is_foreign(content: bytes) -> bool:
    """Whether the file is also something else: an archive, a script, a page, a document."""
    lowered = content.lower()
    return zipfile.is_zipfile(io.BytesIO(content)) or any(mark in lowered for mark in _FOREIGN)


def _upright(picture: Image.Image) -> Image.Image:
    """The picture turned as its EXIF orientation says; an orientation that cannot be read is
    ignored.

    Pillow's own `exif_transpose` also writes the EXIF anew, and fails on what it cannot write.
    """
    try:
        orientation = picture.getexif().get(ExifTags.Base.Orientation)
    except _DAMAGE:
        return picture
    turn = _TURNS.get(orientation) if isinstance(orientation, int) else None
    return picture if turn is None else picture.transpose(turn)


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue()


def _refusal(field: str, message: str) -> Invalid:
    return Invalid("bad_photo", message, errors=[FieldError(field, message)])
