"""Chinese is the source language: what no catalogue knows is shown as it is."""

from core.i18n import gettext, translations


def test_unknown_sentence_stays_as_it_is() -> None:
    assert gettext("没有这句话的译文") == "没有这句话的译文"


def test_unknown_language_shows_chinese() -> None:
    assert translations("xx").gettext("请先登录") == "请先登录"


def test_catalogue_is_read_once() -> None:
    assert translations() is translations()
