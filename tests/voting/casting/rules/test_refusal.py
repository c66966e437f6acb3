import re

import pytest

from voting.casting.rules.refusal import SENTENCES, Reason, contest_quota_refused, refused

WORDS = dict.fromkeys(
    ("opens", "start", "end", "quota", "left", "wanted", "chosen", "codes", "seconds"), "7"
)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_whole_chinese_sentence(reason: Reason) -> None:
    message = refused(reason, retry_after=None, **WORDS).message
    assert re.search(r"[\u4e00-\u9fff]{4}", message)
    assert "%" not in message


def test_sentences_and_reasons_are_one_to_one() -> None:
    assert set(SENTENCES) == set(Reason)
    assert len(set(SENTENCES.values())) == len(Reason)


@pytest.mark.parametrize(
    ("left", "reason", "message"),
    [
        (0, Reason.QUOTA_USED, "本次评选的 5 票已经用完"),
        (-1, Reason.QUOTA_USED, "本次评选的 5 票已经用完"),
        (1, Reason.QUOTA_SHORT, "本次评选还剩 1 票，不够填这张选票上的 2 位"),
    ],
)
def test_contest_quota_used_up_and_too_short(left: int, reason: Reason, message: str) -> None:
    told = contest_quota_refused(quota=5, left=left, wanted=2)
    assert (told.reason, told.message) == (reason, message)
