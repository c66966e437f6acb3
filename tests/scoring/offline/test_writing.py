"""The files of a bundle: what is written is what `shibaiqian score` reads again."""

import tempfile
from fractions import Fraction
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from scoring.engine.data import Entrant, Mark, MetricValue, PointsItem, ScoringData, VoteCount
from scoring.offline.reading import read_folder
from scoring.offline.writing import figure_files
from tests.support.contest_data import judged, rulebook

BOOK = rulebook(judged())
NAMES = st.text(
    st.characters(blacklist_categories=["C", "Z"]) | st.sampled_from(' ,"=+-@;'),
    min_size=1,
    max_size=12,
).map(lambda text: text.strip() or "甲")


@given(
    st.lists(NAMES, min_size=1, max_size=4, unique=True),
    NAMES,
    st.integers(0, 10_000).map(lambda n: Fraction(n, 100)),
)
def test_whatever_people_are_called_is_read_back(
    names: list[str], judge: str, value: Fraction
) -> None:
    people = tuple(Entrant(f"e{n}", name, f"{n:03d}") for n, name in enumerate(names))
    marks = tuple(Mark(judge, one.id, "main", "c", value) for one in people)
    data = ScoringData(people, marks, votes=tuple(VoteCount(one.id, 3, 1) for one in people))
    with tempfile.TemporaryDirectory() as place:
        for name, content in figure_files(data).items():
            (Path(place) / name).write_bytes(content)
        again = read_folder(BOOK, Path(place))
    assert again.entrants == people
    assert again.marks == marks
    assert again.votes == data.votes


def test_the_same_data_in_another_order_gives_the_same_bytes() -> None:
    people = (Entrant("b", "乙", "002"), Entrant("a", "甲", "001", attributes=(("first", "是"),)))
    votes = (VoteCount("b", 2, 0), VoteCount("a", 10, 1))
    one = figure_files(ScoringData(people, (), votes=votes))
    other = figure_files(ScoringData(people[::-1], (), votes=votes[::-1]))
    assert one == other
    assert one["entrants.csv"].decode().splitlines() == [
        "entrant,name,code,status,first",
        "a,甲,001,active,是",
        "b,乙,002,active,",
    ]


def test_figures_are_written_exactly() -> None:
    data = ScoringData(
        (Entrant("a", "甲"),),
        (Mark("j1", "a", "main", "c", None, "recused"),),
        metrics=(MetricValue("a", "plays", Fraction("0.1") + Fraction("0.2")),),
        points=(PointsItem("a", "tes", "fall", Fraction(-1, 4)),),
    )
    files = {name: one.decode().splitlines()[1:] for name, one in figure_files(data).items()}
    assert files["metrics.csv"] == ["a,plays,0.3"]
    assert files["points.csv"] == ["a,tes,fall,,-0.25"]
    assert files["marks.csv"] == ["j1,a,main,c,,recused"]


def test_every_table_of_a_folder_is_written_even_when_empty() -> None:
    files = figure_files(ScoringData((Entrant("a", "甲"),), ()))
    tables = ("entrants", "marks", "votes", "metrics", "points", "multipliers", "draws")
    assert sorted(files) == sorted(f"{one}.csv" for one in tables)
