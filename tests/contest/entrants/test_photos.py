"""Pictures that people upload: what is kept of them, and which are refused."""

import io
import random
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from contest.entrants.photos import FULL_SIDE, MOST_BYTES, VARIANTS, store_photo
from core.files.file_store import FileStore
from core.problems import Invalid

SIZE = (320, 240)
RED, BLUE = (250, 0, 0), (0, 0, 250)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "photos")


def picture(kind: str = "JPEG", size: tuple[int, int] = SIZE, **options: object) -> bytes:
    """Red, with a blue top."""
    drawn = Image.new("RGB", size, RED)
    drawn.paste(BLUE, (0, 0, size[0], size[1] // 4))
    out = io.BytesIO()
    drawn.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: object = 6) -> bytes:
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    tags[ExifTags.Base.Make] = "Camera of Somebody"
    tags[ExifTags.Base.GPSInfo] = {1: "N", 2: (47.0, 38.0, 0.0)}
    return tags.tobytes()


def kept(store: FileStore, digest: str, variant: str = "") -> Image.Image:
    path = store.path(digest, variant)
    assert path is not None
    with Image.open(path) as opened:
        opened.load()
        return opened


def refusal(store: FileStore, content: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        store_photo(store, content, "photo")
    assert [one.field for one in caught.value.errors] == ["photo"]
    return caught.value.message


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_is_redrawn_in_every_size_without_what_it_said_of_the_camera(
    store: FileStore, kind: str
) -> None:
    digest = store_photo(store, picture(kind, (2400, 1800), exif=exif(1)), "photo")
    full = kept(store, digest)
    assert (full.format, max(full.size)) == ("JPEG", FULL_SIDE)
    assert dict(full.getexif()) == {}
    for name, size in VARIANTS.items():
        assert kept(store, digest, name).size == size
    path = store.path(digest)
    assert path is not None
    assert b"Camera" not in path.read_bytes()


def is_blue(image: Image.Image, x: int, y: int) -> bool:
    red, _green, blue = image.convert("RGB").getpixel((x, y))  # type: ignore[misc]
    return bool(blue > red)


@pytest.mark.parametrize(
    ("orientation", "blue_side"),
    [
        (1, "top"),
        (2, "top"),
        (3, "bottom"),
        (4, "bottom"),
        (5, "left"),
        (6, "right"),
        (7, "right"),
        (8, "left"),
        (9, "top"),
    ],
)
def test_picture_stands_as_its_camera_was_held(
    store: FileStore, orientation: int, blue_side: str
) -> None:
    full = kept(store, store_photo(store, picture(exif=exif(orientation)), "photo"))
    width, height = full.size
    sides = {
        "top": (width // 2, 5),
        "bottom": (width // 2, height - 5),
        "left": (5, height // 2),
        "right": (width - 5, height // 2),
    }
    assert [side for side, place in sides.items() if is_blue(full, *place)] == [blue_side]
    assert (width > height) == (blue_side in ("top", "bottom"))


def test_see_through_picture_stands_on_white(store: FileStore) -> None:
    out = io.BytesIO()
    Image.new("RGBA", SIZE, (0, 0, 0, 0)).save(out, "PNG")
    full = kept(store, store_photo(store, out.getvalue(), "photo"))
    assert full.convert("RGB").getpixel((50, 50)) == (255, 255, 255)


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("index.html", "x")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        picture() + b"<HTML><body>x</body></html>",
        picture("JPEG", comment=b"<script>alert(1)</script>"),
        picture("PNG") + zipped(),
        picture("PNG") + b"<?php echo 1;",
        b"%PDF-1.7\n" + picture(),
    ],
    ids=["JPEG and HTML", "script in a comment", "PNG and zip", "PNG and PHP", "PDF and JPEG"],
)
def test_picture_that_is_something_else_as_well_is_refused(
    store: FileStore, content: bytes
) -> None:
    assert refusal(store, content) == "照片里夹带了其他类型的内容，请用原图重新上传"


@pytest.mark.parametrize(
    "content",
    [
        picture("GIF").replace(b"GIF87a", b"GIF89a") + b"=1;alert(1)//",
        b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>',
        picture("BMP"),
        picture("TIFF"),
        b"not a picture",
        b"\x00" * 1000,
    ],
    ids=["GIF and JS", "SVG", "BMP", "TIFF", "words", "nul bytes"],
)
def test_other_formats_are_refused(store: FileStore, content: bytes) -> None:
    assert refusal(store, content) == "照片只能是 JPG、PNG 或 WebP 图片"


def huge_png(width: int, height: int) -> bytes:
    """A picture that says it is so large, in a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b""))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + data + chunk(b"IEND", b"")


def test_size_is_checked_before_a_pixel_is_decoded(store: FileStore) -> None:
    assert refusal(store, huge_png(50_000, 50_000)) == "照片尺寸过大，最多 5000 万像素"
    assert refusal(store, picture(size=(239, 1000))).startswith("照片太小")
    assert refusal(store, b"") == "照片文件是空的"
    assert refusal(store, b"x" * (MOST_BYTES + 1)).startswith("照片超过 8 MB")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_cut_off_picture_is_refused(store: FileStore, kind: str) -> None:
    whole = picture(kind)
    assert refusal(store, whole[: len(whole) // 2]) == "照片文件已损坏，请重新上传"


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    "changes",
    [{17: 1}, {53: 7, 79: 7}, {91: 10}, {22: 10, 79: 5}, {93: 1}],
    ids=["no integer", "text for a number", "too few arguments", "fill character", "bytes"],
)
def test_damaged_words_of_the_camera_do_not_spoil_the_picture(
    store: FileStore, changes: dict[int, int]
) -> None:
    """Each of these made Pillow's `exif_transpose` raise something else."""
    damaged = bytearray(exif())
    for place, byte in changes.items():
        damaged[place] = byte
    full = kept(store, store_photo(store, picture(exif=bytes(damaged)), "photo"))
    assert sorted(full.size) == sorted(SIZE)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize(
    "said", [b"", b"Exif\x00\x00MM\x00*\xff\xff\xff\xff", b"Exif\x00\x00II*\x00" + b"\xff" * 50]
)
def test_words_of_the_camera_that_are_none_turn_nothing(store: FileStore, said: bytes) -> None:
    full = kept(store, store_photo(store, picture(exif=said), "photo"))
    assert full.size == SIZE


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_no_damage_crashes_it(store: FileStore, kind: str) -> None:
    """Bytes of the head and of the EXIF changed at random, always the same."""
    whole, chance = picture(kind, (240, 240), exif=exif()), random.Random(kind)
    at = whole.index(b"Camera") - 80
    for _turn in range(60):
        damaged = bytearray(whole)
        for _byte in range(chance.randint(1, 4)):
            place = chance.choice((chance.randrange(120), at + chance.randrange(120)))
            damaged[min(place, len(whole) - 1)] = chance.randrange(256)
        try:
            store_photo(store, bytes(damaged), "photo")
        except Invalid as refused:
            told = refused.message
        else:
            continue
        assert told.startswith("照片")
