"""Text of cells: widths, invisible characters, and the marks that exports put round a value."""

import re
import unicodedata

from core.i18n import _

# Zero-width and direction characters, byte order marks, soft hyphens, and control characters
# other than tab and line ends.
_UNSEEN = "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
_UNSEEN += "\u3164\ufeff\uffa0\ufff9-\ufffb\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_INVISIBLE = re.compile(f"[{_UNSEEN}\U000e0000-\U000e007f]")
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
# The joiner inside one picture, such as a family, is part of what is seen.
_PICTURE_JOINER = re.compile(f"(?<=[{_EMOJI}])\u200d(?=[{_EMOJI}])")
_QUOTED = re.compile(r'="(.*)"', re.DOTALL)
_SPACES = re.compile(r"\s+")
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: 0x20,
    0xA0: 0x20,
    0xFFE5: 0xA5,
    0xFFE0: 0xA2,
    0xFFE1: 0xA3,
    0x2212: 0x2D,
    0xFE63: 0x2D,
    0x3010: 0x28,
    0x3011: 0x29,
}
_LOST_DIGITS = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+")


class BadCell(Exception):
    """A cell that cannot be read for certain; the message is a sentence for the uploader."""


def half_width(text: str) -> str:
    """Full-width letters, digits and punctuation as their half-width twins.

    Compatibility normalisation of Unicode would also turn 9² into 92, so it is not used.
    """
    return text if text.isascii() else text.translate(_HALF)


def without_invisible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return _INVISIBLE.sub("", text)


def unwrapped(text: str) -> str:
    """Without the marks that keep a spreadsheet program from changing a value.

    These are ="001", '001, a backtick in front, and a TAB behind.
    """
    text = text.strip()
    if text[:1] == "=" and (quoted := _QUOTED.fullmatch(text)):
        return quoted[1].strip()
    return text[1:].strip() if text[:1] in ("'", "`") else text


def plain(text: str) -> str:
    """The form in which numbers, dates and keys are read."""
    if text.isalnum() and text.isascii():
        return text
    return unwrapped(half_width(without_invisible(text)))


def key(text: str) -> str:
    """An identifier such as an order number. Raises BadCell where digits have been lost."""
    if text.isascii() and text.isdecimal():
        return text
    read = plain(text)
    if _LOST_DIGITS.fullmatch(read) and not read.isdigit():
        raise BadCell(
            _("「%(text)s」是科学记数法，末尾的数字已经丢失，请把这一列设为文本后重新导出")
            % {"text": read[:40]}
        )
    return _SPACES.sub(" ", read)


def name(text: str) -> str:
    """A name with every visible character. Raises BadCell at an invisible one."""
    text = unicodedata.normalize("NFC", text.strip())
    if found := _INVISIBLE.search(_PICTURE_JOINER.sub("", text)):
        raise BadCell(
            _("第 %(place)s 个字后有看不见的字符（U+%(code)s），请删去后再上传")
            % {"place": found.start(), "code": f"{ord(found[0]):04X}"}
        )
    return text


def prose(text: str) -> str:
    """Longer text: line ends kept, zero-width characters dropped, the rest as it is."""
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).strip()


def folded(text: str) -> str:
    """For comparing headings and labels: width, case, spaces and invisible marks ignored."""
    return _SPACES.sub("", half_width(_INVISIBLE.sub("", text))).casefold()
