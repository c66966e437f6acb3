"""Reading rulebooks: strict, and with every error at once."""

import hashlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.rulebooks.rules.rulebook import RulebookError, parse_rulebook
from contest.rulebooks.rules.vocabulary import CountDisplay, EntriesPerBallot
from core.exact import Rounding
from tests.support.contest_data import HEAD, VOTES_ONLY, VOTING, judged, rulebook


def errors_of(text: str) -> list[tuple[str, str]]:
    with pytest.raises(RulebookError) as caught:
        parse_rulebook(text)
    return caught.value.errors


def paths(*parts: str) -> list[str]:
    return [path for path, _ in errors_of(HEAD + "\n".join(parts))]


def test_digest_is_of_the_exact_bytes() -> None:
    book = rulebook(VOTES_ONLY % ("none", ""))
    assert book.digest == "sha256:" + hashlib.sha256(book.source.encode()).hexdigest()
    other = parse_rulebook(book.source + "# 注释\n")
    assert (other.components, other.digest == book.digest) == (book.components, False)


def test_numbers_are_exact() -> None:
    book = rulebook(
        judged(
            criteria='[[judging.criteria]]\nid = "c"\nname = "分"\nmin = 0\nmax = 1\nfactor = 0.1'
        )
    )
    assert book.judging is not None
    assert book.judging.criteria[0].factor == Fraction(1, 10)


def test_voting_is_read_as_written() -> None:
    text = VOTING.replace("min = 1, max = 1", "min = 3, max = 5").replace(
        "votes_per_day = 1", "votes_per_day = 5"
    )
    text = text.replace('mode = "live"', 'mode = "daily_snapshot", at = "18:00"')
    voting = rulebook(VOTES_ONLY % ("none", ""), text).voting
    assert voting is not None
    assert voting.entries_per_ballot == EntriesPerBallot(3, 5)
    assert voting.count_display.mode == "daily_snapshot"
    assert str(voting.count_display.at) == "18:00:00"
    assert rulebook(VOTES_ONLY % ("none", ""), VOTING).voting != voting
    assert CountDisplay("live").at is None


def test_every_error_is_reported_at_once() -> None:
    found = [
        path
        for path, _ in errors_of(
            'format = 2\nid = "大"\nkind = "x"\nextra = 1\n[total]\ncombine = "q"'
        )
    ]
    assert sorted(found) == [
        "clause",
        "components",
        "effective_on",
        "extra",
        "format",
        "id",
        "kind",
        "title",
        "total.combine",
        "version",
    ]


@pytest.mark.parametrize(
    "text", ["= 1", "a = [", "\x00", "x = 1\nx = 2", "a = " + "[" * 5000, "\ud800"]
)
def test_what_is_not_toml_is_one_clear_error(text: str) -> None:
    assert [path for path, _ in errors_of(text)] == [""]


@pytest.mark.parametrize("number", ["nan", "inf", "1e999999999", "true", '"9"'])
def test_absurd_numbers_are_refused(number: str) -> None:
    component = f'[[components]]\nid = "v"\nname = "票"\nsource = "votes"\nweight = {number}\n'
    assert paths(component, '[total]\ncombine = "sum"') == ["components[0].weight"]


def test_weights_must_add_to_one_hundred() -> None:
    part = '[[components]]\nid = "%s"\nname = "分"\nsource = "%s"\nweight = %s\n'
    assert paths(part % ("a", "votes", "30"), part % ("b", "points", "69.9")) == ["components"]
    assert (
        rulebook(part % ("a", "votes", "30.1"), part % ("b", "points", "69.9")).total.combine
        == "weighted"
    )


@pytest.mark.parametrize("kind", ["z_score", "log_ratio"])
def test_irrational_normaliser_needs_a_named_rounding(kind: str) -> None:
    assert paths(VOTES_ONLY % (kind, "")) == ["components[0].normaliser.kind"]
    book = rulebook(VOTES_ONLY % (kind, "rounding = { decimals = 4 }"))
    assert book.components[0].rounding == Rounding(4)


def test_names_must_exist_and_be_unique() -> None:
    found = paths(
        judged(),
        '[[ties]]\nkey = "component"\nid = "nobody"',
        '[[ties]]\nkey = "round"\nround = "nowhere"',
        '[[ties]]\nkey = "votes"',
        '[[awards]]\nid = "a"\nname = "奖"\nquota = 1\namount_fen = 0',
        '[[awards]]\nid = "a"\nname = "奖"\nquota = 0\namount_fen = 1.5',
        '[[gates]]\nid = "g"\nname = "门"\non = "award"\nawards = ["b"]\n'
        'all_of = [{ figure = "rank" }]',
        '[[gates]]\nid = "h"\nname = "门"\non = "entrant"\n'
        'all_of = [{ figure = "total", at_least = 1 }]',
    )
    assert found == [
        "gates[0].all_of[0]",
        "gates[1]",
        "awards[1].quota",
        "awards[1].amount_fen",
        "awards",
        "ties[0].id",
        "ties[1].round",
        "ties[2]",
        "gates[0].awards",
    ]


def test_sum_of_ranks_that_would_crown_the_worst_is_refused() -> None:
    text = judged('{ method = "sum_of_ranks" }')
    assert paths(text) == ["components.expert"]
    assert rulebook(text + 'order = "lowest_first"').total.order == "lowest_first"


def test_judging_that_contradicts_itself_is_refused() -> None:
    criteria = '[[judging.criteria]]\nid = "c"\nname = "分"\nmin = 0\nmax = 10\nstep = 0.3'
    found = paths(
        judged(
            '{ method = "trimmed_mean", drop_high = 1, drop_low = 1, min_marks = 2 }',
            criteria=criteria,
            extra="panel_size = 2",
            minimum=3,
        )
    )
    assert found == [
        "judging.aggregate.min_marks",
        "judging.criteria[0].step",
        "judging.panel_size",
    ]


def test_voting_that_contradicts_itself_is_refused() -> None:
    text = """
[voting]
votes_per_day = 2
entries_per_ballot = { min = 4, max = 3 }
count_display = { mode = "daily_snapshot", at = "25:00" }
[voting.window]
opens_at = 2026-01-02T00:00:00+08:00
closes_at = 2026-01-01T00:00:00+08:00
daily_hours = { from = "22:00", to = "08:00" }
"""
    assert paths(VOTES_ONLY % ("none", ""), text) == [
        "voting.window.closes_at",
        "voting.window.daily_hours",
        "voting.entries_per_ballot.max",
        "voting.count_display.at",
        "voting.votes_per_day",
    ]


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    with pytest.raises(RulebookError):
        parse_rulebook(text)
