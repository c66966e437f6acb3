"""Mobile numbers of mainland China: the one rule for what is such a number."""

import re
import unicodedata

import phonenumbers

_LONGEST = 40
# Digits and what people write between them. Letters are refused: the library would turn them
# into the digits of a telephone's keys.
_WRITTEN = re.compile(r"[0-9+\s().-]+")
_HYPHENS = re.compile(r"[\u2010-\u2015\u2212]")


def visible(typed: str) -> str:
    """`typed` without the invisible characters (Unicode's category Cf) that come along when a
    number is pasted: a phone's list of contacts puts marks of direction around it."""
    return "".join(one for one in typed if unicodedata.category(one) != "Cf")


def mainland_mobile(typed: str) -> str | None:
    """The eleven digits of a mainland mobile number; None when `typed` is not one.

    Spaces, hyphens, brackets, full-width digits, invisible characters and the prefixes +86 and
    0086 are understood. Which numbers are mobile ones is told by the numbering plan of the
    library phonenumbers.
    """
    text = _HYPHENS.sub("-", unicodedata.normalize("NFKC", visible(typed))).strip()
    if len(text) > _LONGEST or not _WRITTEN.fullmatch(text):
        return None
    try:
        number = phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        return None
    kind = phonenumbers.number_type(number)
    if number.country_code != 86 or kind != phonenumbers.PhoneNumberType.MOBILE:
        return None
    return str(number.national_number)
