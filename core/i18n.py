"""Words on pages and in answers: gettext with Chinese as the source language.

Message ids are the Chinese sentences themselves; `frontend_templates/locale` holds the
catalogues. A missing catalogue or entry therefore still shows Chinese.
"""

import gettext as _gettext
from functools import cache
from pathlib import Path

LOCALE_DIR = Path(__file__).parent.parent / "frontend_templates" / "locale"
SOURCE_LANGUAGE = "zh_CN"


@cache
def translations(language: str = SOURCE_LANGUAGE) -> _gettext.NullTranslations:
    return _gettext.translation("messages", LOCALE_DIR, [language], fallback=True)


def gettext(message: str) -> str:
    return translations().gettext(message)


_ = gettext
