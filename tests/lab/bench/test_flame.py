from xml.etree import ElementTree

from lab.bench.flame import draw, tree

STACKS = [
    "main (cli.py:1);run (asyncio/runners.py:118);cast (voting/web.py:9);<lambda> (x.py:1) 30",
    "main (cli.py:1);run (asyncio/runners.py:118);cast (voting/web.py:12);send (a/uv/b.py:3) 50",
    "main (cli.py:1);run (asyncio/runners.py:118) 20",
    "_monitor (logging/handlers.py:1);get (queue.py:2) 400",
    "no number",
]


def test_boxes_are_as_wide_as_their_share_of_the_loops_samples() -> None:
    root = tree(STACKS)
    assert root.samples == 100
    cast = root.inner["cast voting/web.py"]
    assert (cast.samples, sorted(cast.inner)) == (80, ["<lambda> x.py", "send uv/b.py"])
    picture = ElementTree.fromstring(draw(root))
    widths = {
        group[0].text: float(group[1].attrib["width"])
        for group in picture.iter("{http://www.w3.org/2000/svg}g")
    }
    assert widths["event loop: 100.0 %"] > widths["cast voting/web.py: 80.0 %"]
    assert round(widths["cast voting/web.py: 80.0 %"]) == 960
    assert round(widths["<lambda> x.py: 30.0 %"]) == 360
