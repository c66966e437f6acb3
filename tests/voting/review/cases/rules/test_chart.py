"""Charts stay well formed and inside their frame whatever is drawn."""

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from voting.review.cases.rules.chart import Line, series_chart, share_chart

NUMBERS = st.lists(st.floats(0, 1e7), min_size=1, max_size=60)
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30)


@given(NUMBERS, NUMBERS, WORDS)
def test_lines_lie_inside_the_frame(counts: list[float], usual: list[float], name: str) -> None:
    lines = [Line(name, counts, "#000"), Line("<&>", usual, "#111", dashed=True)]
    drawn = ElementTree.fromstring(series_chart(name, lines, [(0, name)], "票"))
    _, _, width, height = map(float, drawn.attrib["viewBox"].split())
    for line in drawn.iter("{http://www.w3.org/2000/svg}polyline"):
        for point in line.attrib["points"].split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= width
            assert 0 <= y <= height


@given(st.lists(st.tuples(WORDS, st.floats(0, 1), st.floats(0, 1)), max_size=8))
def test_bars_lie_inside_the_frame(rows: list[tuple[str, float, float]]) -> None:
    drawn = ElementTree.fromstring(share_chart("份额", rows, ("本案", "其余")))
    width = float(drawn.attrib["viewBox"].split()[2])
    for bar in drawn.iter("{http://www.w3.org/2000/svg}rect"):
        assert float(bar.attrib["x"]) + float(bar.attrib["width"]) < width
