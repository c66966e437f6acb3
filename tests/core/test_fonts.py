"""The Chinese font: there after set-up, at two weights, in pictures and cut for documents."""

from io import BytesIO

from fontTools.ttLib import TTFont

from core.fonts import FONT, document_fonts, drawing_font


def test_font_was_installed_and_has_the_characters_of_names() -> None:
    with TTFont(FONT, lazy=True) as font:
        characters = font.getBestCmap()
    assert len(characters) > 30_000
    assert all(ord(letter) in characters for letter in "同江市赫哲族乡尤旦鹤𬭎𬬭龢璟")


def test_bold_letters_are_heavier_than_regular_ones() -> None:
    regular, bold = drawing_font(40).getmask("同江"), drawing_font(40, bold=True).getmask("同江")
    assert sum(bold) > sum(regular) * 1.2


def test_cut_fonts_hold_what_was_asked_for_and_little_else_at_two_weights() -> None:
    for content, weight in zip(document_fonts("同江 10"), (400, 700), strict=True):
        with TTFont(BytesIO(content)) as font:
            assert {ord(letter) for letter in "同江 10"} <= set(font.getBestCmap())
            assert font["maxp"].numGlyphs < 20
            assert "fvar" not in font
            assert font["OS/2"].usWeightClass == weight


def test_character_that_the_font_lacks_stops_no_document() -> None:
    with TTFont(BytesIO(document_fonts("同\U0010fffd")[0])) as font:
        assert 0x10FFFD not in font.getBestCmap()
