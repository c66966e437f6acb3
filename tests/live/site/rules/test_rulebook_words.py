"""The rules page says what the rulebook says."""

import re
from pathlib import Path

import pytest

from contest.rulebooks.rules.rulebook import parse_rulebook
from contest.rulebooks.service import BUNDLED
from live.site.rules.rulebook_words import ballot_words, rulebook_words

RULEBOOKS = sorted(BUNDLED.glob("*.toml"))


def told(name: str) -> dict[str, tuple[str, ...]]:
    text = (BUNDLED / name).read_text(encoding="utf-8")
    return {section.title: section.sentences for section in rulebook_words(parse_rulebook(text))}


@pytest.mark.parametrize("path", RULEBOOKS, ids=lambda path: path.stem)
def test_every_shipped_rulebook_is_told_without_codes(path: Path) -> None:
    rulebook = parse_rulebook(path.read_text(encoding="utf-8"))
    for section in rulebook_words(rulebook):
        assert section.sentences
        for sentence in section.sentences:
            assert sentence.endswith("。")
            assert not re.search(r"_|%\(|\{", sentence)


def test_top_ten_rules_say_how_votes_and_marks_are_joined() -> None:
    sections = told("top_ten_2026.toml")
    assert sections["公众投票"] == (
        "投票时间：2026-09-01 08:00 至 2026-09-15 18:00（北京时间）。",
        "每人每天 10 票，对同一候选人每天最多 1 票。",
        "每天的票数在北京时间零点更新，没有用完的不累计。",
        "票数实时公布。",
        "投票以验证过的手机号为准，一人一号；不以网络地址或设备区分投票人。",
    )
    assert sections["怎样计分"] == (
        "综合得分由网络投票（30%）、专家评审（70%）合成。",
        "网络投票：最多者得 100 分，其余按比例折算。",
        "网络投票得分保留 2 位小数（四舍五入）。",
        "总分保留 2 位小数（四舍五入）。",
    )
    assert sections["同分怎么办"] == (
        "总分相同时，依次比较：专家评审得分（高者在前）；有效票数（高者在前）。",
        "比较后仍相同的，名次并列。",
    )
    assert sections["奖项"] == (
        (
            "十佳同江代言人 10 名，每名奖金 ¥20,000.00（含税），同江市域公交站牌广告位半年，"
            "对接佳木斯市级媒体专访，末位并列时全部入选。"
        ),
    )
    assert sections["专家评审"][2] == (
        "每位评委各项相加后，去掉 1 个最高分和 1 个最低分，其余取平均，保留 2 位小数（四舍五入）。"
    )


def test_short_video_rules_tell_gates_hours_and_daily_counts() -> None:
    sections = told("short_video_2026.toml")
    assert sections["公众投票"][1] == "每天 08:00 至 22:00 可以投票。"
    assert sections["公众投票"][4] == "票数每天 18:00 公布一次。"
    assert sections["参评和获奖门槛"] == (
        "视频带同江地理标签：带同江地理标签；达不到的不参加计分。",
        (
            "播放量或点赞量或转发量达到 100 万：播放量不低于 1,000,000，"
            "或者点赞量不低于 1,000,000，或者转发量不低于 1,000,000；"
            "达不到的照常排名，但不能获得最佳创意奖。"
        ),
    )


def test_monthly_rules_tell_who_may_win_the_new_talent_award() -> None:
    assert told("livestream_monthly_2026.toml")["奖项"][2] == (
        "新锐奖 1 名，每名奖金 ¥1,000.00（含税），条件：首次参赛，已获前面奖项的不再获得，"
        "末位并列时公开抽签决定。"
    )


def test_ballot_words_say_how_many_must_be_chosen() -> None:
    text = (BUNDLED / "short_video_2026.toml").read_text(encoding="utf-8")
    exactly = parse_rulebook(text.replace("{ min = 1, max = 3 }", "{ min = 3, max = 3 }"))
    assert exactly.voting is not None
    assert ballot_words(exactly.voting) == (
        "每人每天 3 票，对同一候选人每天最多 1 票，每张选票须选 3 位"
    )
