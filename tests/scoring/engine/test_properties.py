"""What holds of every score, whatever the figures."""

import random
from dataclasses import replace
from decimal import Context, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from contest.rulebooks.rules.rulebook import Rulebook
from contest.rulebooks.rules.vocabulary import NORMALISERS, Normaliser
from core.exact import MODES, Rounding, exact_text, parse_number
from scoring.engine.compute import score
from scoring.engine.data import ABSENT, RECUSED, Mark, ScoringData, VoteCount
from scoring.engine.normalise import normalise
from scoring.engine.result import Result, result_to_json
from tests.support.contest_data import VOTES_ONLY, VOTING, entrants, judged, ranks, rulebook

ENTRANTS = ("a", "b", "c", "d", "e")
QUARTERS = st.integers(0, 160).map(lambda n: Fraction(n, 4))
ROWS = st.lists(QUARTERS, min_size=3, max_size=3)
TABLES = st.fixed_dictionaries(dict.fromkeys(ENTRANTS, ROWS))
COUNTS = st.fixed_dictionaries(dict.fromkeys(ENTRANTS, st.integers(0, 10**6)))
FRACTIONS = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**6)

FULL = rulebook(
    VOTING,
    """
[judging]
aggregate_over = "sheet"
aggregate = { method = "trimmed_mean", drop_high = 1, drop_low = 1, min_marks = 3 }
missing_marks = "absent"
rounding = { aggregate = { decimals = 2 } }
criteria = [{ id = "c", name = "分", min = 0, max = 100 }]

[[components]]
id = "vote"
name = "投票"
source = "votes"
weight = 30
normaliser = { kind = "ratio_to_max" }
rounding = { decimals = 2 }

[[components]]
id = "expert"
name = "评委"
source = "judges"
weight = 70

[[ties]]
key = "component"
id = "expert"

[[ties]]
key = "votes"

[[awards]]
id = "top"
name = "奖"
quota = 2
amount_fen = 100
""",
)
MIN_MAX = rulebook(
    judged().replace('source = "judges"', 'source = "judges"\nnormaliser = { kind = "min_max" }')
)


def data_of(table: dict[str, list[Fraction]], counts: dict[str, int]) -> ScoringData:
    votes = tuple(VoteCount(entrant, count) for entrant, count in counts.items())
    return ScoringData(entrants(*ENTRANTS), _marks(table), votes)


def _marks(table: dict[str, list[Fraction]]) -> tuple[Mark, ...]:
    return tuple(
        Mark(f"j{n}", entrant, "main", "c", value)
        for entrant, row in table.items()
        for n, value in enumerate(row)
    )


@given(TABLES, COUNTS, st.randoms(use_true_random=False))
def test_order_of_input_changes_nothing(
    table: dict[str, list[Fraction]], counts: dict[str, int], shuffled: random.Random
) -> None:
    data = data_of(table, counts)
    other = ScoringData(
        tuple(shuffled.sample(data.entrants, len(data.entrants))),
        tuple(shuffled.sample(data.marks, len(data.marks))),
        tuple(shuffled.sample(data.votes, len(data.votes))),
    )
    assert result_to_json(score(FULL, other)) == result_to_json(score(FULL, data))


@given(TABLES, QUARTERS)
def test_constant_added_to_all_marks_changes_no_order_under_min_max(
    table: dict[str, list[Fraction]], constant: Fraction
) -> None:
    raised = {entrant: [mark + constant for mark in row] for entrant, row in table.items()}
    before = score(MIN_MAX, ScoringData(entrants(*ENTRANTS), _marks(table)))
    after = score(MIN_MAX, ScoringData(entrants(*ENTRANTS), _marks(raised)))
    assert ranks(after) == ranks(before)
    assert [one.total for one in after.entrants] == [one.total for one in before.entrants]


@given(TABLES, COUNTS, st.sampled_from(ENTRANTS), st.integers(1, 10**6))
def test_void_changes_what_it_should_and_nothing_else(
    table: dict[str, list[Fraction]], counts: dict[str, int], chosen: str, wanted: int
) -> None:
    voided = min(wanted, counts[chosen])
    data = data_of(table, counts)
    votes = tuple(
        VoteCount(one.entrant, one.valid - voided, voided) if one.entrant == chosen else one
        for one in data.votes
    )
    before, after = score(FULL, data), score(FULL, replace(data, votes=votes))
    left = counts | {chosen: counts[chosen] - voided}
    leader = max(left.values())
    hundredth = Rounding(2)
    for entrant in ENTRANTS:
        vote, expert = after.entrant(entrant).components
        assert expert == before.entrant(entrant).components[1]
        exact = Fraction(100 * left[entrant], leader) if leader else Fraction(0)
        assert (vote.raw, vote.value) == (Fraction(left[entrant]), hundredth.apply(exact))
        if leader == max(counts.values()) and entrant != chosen:
            assert vote == before.entrant(entrant).components[0]


@given(TABLES, COUNTS)
def test_rank_is_one_more_than_the_number_who_stand_before(
    table: dict[str, list[Fraction]], counts: dict[str, int]
) -> None:
    result = score(FULL, data_of(table, counts))
    keys = {one.entrant: _published_key(one.entrant, result, counts) for one in result.entrants}
    for one in result.entrants:
        before = sum(other > keys[one.entrant] for other in keys.values())
        assert one.rank == before + 1
        assert one.shared == (list(keys.values()).count(keys[one.entrant]) > 1)


def _published_key(
    entrant: str, result: Result, counts: dict[str, int]
) -> tuple[Fraction, Fraction, int]:
    one = result.entrant(entrant)
    assert one.total is not None
    return one.total, one.components[1].value, counts[entrant]


@given(COUNTS)
def test_ties_are_exact(counts: dict[str, int]) -> None:
    """Thirds do not tie with their decimals, and equal fractions always tie."""
    book: Rulebook = rulebook(VOTES_ONLY % ("share_of_total", ""))
    votes = tuple(VoteCount(entrant, count) for entrant, count in counts.items())
    result = score(book, ScoringData(entrants(*ENTRANTS), votes=votes))
    for one in result.entrants:
        higher = sum(count > counts[one.entrant] for count in counts.values())
        assert one.rank == higher + 1


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_half_goes_away_from_zero_exactly_at_the_edge(whole: int, decimals: int) -> None:
    unit = Fraction(1, 10**decimals)
    edge = (abs(whole) + Fraction(1, 2)) * unit
    crumb = Fraction(1, 10**30)
    half_up = Rounding(decimals)
    assert half_up.apply(edge) == (abs(whole) + 1) * unit
    assert half_up.apply(edge - crumb) == abs(whole) * unit
    assert half_up.apply(-edge) == -(abs(whole) + 1) * unit
    assert half_up.apply(-edge + crumb) == -abs(whole) * unit


@given(FRACTIONS, st.integers(0, 8), st.sampled_from(MODES))
def test_rounding_agrees_with_the_decimal_module(value: Fraction, decimals: int, mode: str) -> None:
    numerator = value.numerator * 10**8 // value.denominator
    decimal = Decimal(numerator).scaleb(-8)
    expected = decimal.quantize(
        Decimal(1).scaleb(-decimals), rounding=f"ROUND_{mode.upper()}", context=Context(prec=60)
    )
    assert Rounding(decimals, mode).apply(Fraction(decimal)) == Fraction(expected)


@given(FRACTIONS)
def test_exact_text_reads_back(value: Fraction) -> None:
    text = exact_text(value)
    assert Fraction(text) == value
    if "/" not in text and len(text) < 20:
        assert parse_number(text) == value


@given(
    st.dictionaries(st.sampled_from(ENTRANTS), st.integers(0, 10**7).map(Fraction), min_size=1),
    st.sampled_from(NORMALISERS),
)
def test_normalisers_keep_order_and_equality(figures: dict[str, Fraction], kind: str) -> None:
    points = normalise(figures, Normaliser(kind, step=Fraction(1, 2)))
    for left in figures:
        for right in figures:
            if figures[left] == figures[right]:
                assert points[left] == points[right]
            elif figures[left] > figures[right]:
                assert points[left] > points[right]


@given(TABLES, st.sampled_from(ENTRANTS), st.sampled_from([ABSENT, RECUSED]))
def test_judge_who_gave_no_mark_is_as_if_not_there(
    table: dict[str, list[Fraction]], entrant: str, status: str
) -> None:
    book = rulebook(judged(missing="absent"))
    said = tuple(
        Mark(one.judge, one.entrant, one.round, one.criterion, None, status)
        if (one.entrant, one.judge) == (entrant, "j0")
        else one
        for one in _marks(table)
    )
    unsaid = tuple(one for one in said if one.value is not None)
    left, right = (score(book, ScoringData(entrants(*ENTRANTS), some)) for some in (said, unsaid))
    assert ranks(left) == ranks(right)
    assert left.entrant(entrant).total == sum(table[entrant][1:]) / Fraction(2)
