"""Gates, awards, ties at the edge of a quota, vacancies."""

from dataclasses import replace
from fractions import Fraction

from scoring.engine.compute import score
from scoring.engine.data import Entrant, MetricValue, ScoringData
from scoring.engine.result import PassedOver, Result
from tests.support.contest_data import VOTES_ONLY, entrants, rulebook, votes

AWARD = '[[awards]]\nid = "%s"\nname = "奖"\nquota = %d\namount_fen = 100\n'


def winners(result: Result) -> dict[str, tuple[str, ...]]:
    return {one.award: one.winners for one in result.awards}


def votes_for(**counts: int) -> ScoringData:
    return ScoringData(entrants(*counts), votes=votes(counts))


def test_awards_are_given_in_order_and_an_exclusive_one_passes_over_holders() -> None:
    book = rulebook(VOTES_ONLY % ("none", ""), AWARD % ("first", 1), AWARD % ("second", 1))
    result = score(book, votes_for(a=3, b=2, c=1))
    assert winners(result) == {"first": ("a",), "second": ("b",)}
    assert result.awards[1].passed_over == (PassedOver("a", "holds:first"),)
    assert [one.awards for one in result.entrants] == [("first",), ("second",), ()]


def test_award_that_is_not_exclusive_may_go_to_a_holder() -> None:
    book = rulebook(
        VOTES_ONLY % ("none", ""), AWARD % ("first", 1), AWARD % ("most", 1) + "exclusive = false"
    )
    assert winners(score(book, votes_for(a=3, b=2))) == {"first": ("a",), "most": ("a",)}


def test_award_without_a_qualifier_stays_vacant() -> None:
    gate = (
        '[[gates]]\nid = "million"\nname = "门槛"\non = "award"\nawards = ["best"]\n'
        'any_of = [{ figure = "metric", id = "plays", at_least = 1_000_000 }]'
    )
    book = rulebook(VOTES_ONLY % ("none", ""), AWARD % ("best", 1), gate)
    data = votes_for(a=3, b=2)
    short = replace(data, metrics=(MetricValue("a", "plays", Fraction(999_999)),))
    result = score(book, short)
    assert (result.awards[0].winners, result.awards[0].vacant) == ((), 1)
    assert result.awards[0].passed_over == (
        PassedOver("a", "gate:million"),
        PassedOver("b", "gate:million"),
    )
    reached = replace(data, metrics=(MetricValue("b", "plays", Fraction(1_000_000)),))
    assert winners(score(book, reached)) == {"best": ("b",)}


def test_predicate_asks_about_an_attribute() -> None:
    book = rulebook(
        VOTES_ONLY % ("none", ""),
        AWARD % ("new", 1)
        + 'all_of = [{ figure = "attribute", id = "first_time", equals = "是" }]',
    )
    people = (Entrant("a", "A"), Entrant("b", "B", attributes=(("first_time", "yes"),)))
    result = score(book, ScoringData(people, votes=votes({"a": 2, "b": 1})))
    assert winners(result) == {"new": ("b",)}
    assert result.awards[0].passed_over == (PassedOver("a", "predicate"),)


def test_shared_rank_at_the_edge_is_undecided_or_all_as_the_rulebook_says() -> None:
    undecided = score(
        rulebook(VOTES_ONLY % ("none", ""), AWARD % ("top", 2)), votes_for(a=3, b=2, c=2)
    )
    assert (undecided.awards[0].winners, undecided.awards[0].undecided) == (("a",), ("b", "c"))
    assert undecided.awards[0].vacant == 0
    everyone = rulebook(VOTES_ONLY % ("none", ""), AWARD % ("top", 2) + 'shared_at_edge = "all"')
    assert winners(score(everyone, votes_for(a=3, b=2, c=2))) == {"top": ("a", "b", "c")}


def test_entrant_who_fails_a_gate_leaves_no_trace_in_the_maximum() -> None:
    gate = (
        '[[gates]]\nid = "tag"\nname = "标签"\non = "entrant"\n'
        'all_of = [{ figure = "attribute", id = "tag", equals = "是" }]'
    )
    book = rulebook(VOTES_ONLY % ("ratio_to_max", ""), gate)
    people = tuple(
        Entrant(one, one, attributes=(("tag", tag),)) for one, tag in (("a", "否"), ("b", "是"))
    )
    result = score(book, ScoringData(people, votes=votes({"a": 1000, "b": 10})))
    assert result.entrant("b").total == 100
    assert (result.entrant("a").rank, result.entrant("a").unranked) == (None, "gate:tag")


def test_withdrawn_entrant_is_not_scored() -> None:
    data = votes_for(a=1000, b=10)
    gone = replace(data, entrants=(replace(data.entrants[0], status="withdrawn"), data.entrants[1]))
    result = score(rulebook(VOTES_ONLY % ("ratio_to_max", "")), gone)
    assert [(one.entrant, one.rank, one.unranked) for one in result.entrants] == [
        ("b", 1, ""),
        ("a", None, "withdrawn"),
    ]


def test_award_that_hangs_on_an_undecided_one_is_undecided_too() -> None:
    newcomer = 'all_of = [{ figure = "attribute", id = "new", equals = "是" }]'
    awards = (AWARD % ("first", 1), AWARD % ("second", 1), AWARD % ("new", 1) + newcomer)
    book = rulebook(VOTES_ONLY % ("none", ""), *awards)
    people = tuple(
        Entrant(one, one, attributes=(("new", new),))
        for one, new in zip("abc", "否否是", strict=True)
    )
    result = score(book, ScoringData(people, votes=votes({"a": 2, "b": 2, "c": 1})))
    assert [(one.winners, one.undecided) for one in result.awards] == [
        ((), ("a", "b")),
        ((), ("a", "b")),
        (("c",), ()),
    ]
