"""Protocols of figure skating, as of BuzzFeedNews/figure-skating-scores (CC BY 4.0).

`shared/data/README.md` names the source and the rule. As a command it writes a folder for
every segment of a competition, for `shibaiqian score` and `shibaiqian replay`:

    python -m tests.convert.skating DATA FOLDER
"""

import json
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from tests.convert.folder import (
    RULEBOOKS,
    in_no_order,
    next_steps,
    write_official,
    write_table,
)

CRITERIA = {
    "Skating Skills": "skating_skills",
    "Transitions": "transitions",
    "Performance": "performance",
    "Composition": "composition",
    "Interpretation of the Music": "interpretation",
    "Interpretation of the Music / Timing": "interpretation",
}
JUDGES = tuple(f"J{n}" for n in range(1, 10))

Performance = dict[str, Any]


def protocol_file(data: Path) -> Path:
    """The protocol itself, or the one of the worlds of 2017 in the shared folder."""
    if data.is_file():
        return data
    name = Path("skating-worlds-2017", "wc2017_protocol.json")
    return next(one for one in (data / name, data / "data" / name) if one.is_file())


def segments(data: Path) -> dict[str, list[Performance]]:
    """Performances by segment, such as LADIES SHORT PROGRAM; numbers as exact decimals."""
    text = protocol_file(data).read_text(encoding="utf-8")
    found = defaultdict(list)
    for performance in json.loads(text, parse_float=Decimal)["performances"]:
        found[performance["metadata"]["program"]].append(performance)
    return dict(found)


def entrant_id(performance: Performance) -> str:
    return str(performance["metadata"]["starting_number"])


def criterion_id(name: str) -> str:
    """The criterion of a component's name; names of other seasons make their own."""
    return CRITERIA.get(name) or re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def judges_of(performances: list[Performance]) -> list[str]:
    """The judges who marked anybody: nine at a championship, as few as five elsewhere."""
    names = {
        key
        for one in performances
        for part in one["components"]
        for key in part
        if re.fullmatch(r"J\d+", key) and _given(part[key])
    }
    return sorted(names, key=lambda name: int(name[1:]))


def _given(mark: object) -> bool:
    """Whether there is a mark at all: a judge who is not there has NaN, null or a dash."""
    try:
        return mark is not None and Decimal(str(mark)).is_finite()
    except ArithmeticError:
        return False


def write_segment(performances: list[Performance], free: bool, folder: Path) -> Path:
    """Writes the folder of one segment; returns its rulebook. A tie goes to the technical
    score in a short segment, to the program components in a free one."""
    keyed = [(entrant_id(one), one) for one in in_no_order(performances)]
    write_table(
        folder,
        "entrants",
        ["entrant", "name", "nation"],
        [(key, one["metadata"]["name"], one["metadata"]["nation"]) for key, one in keyed],
    )
    judges = judges_of(performances)
    marks = [
        (judge, key, criterion_id(part["component_desc"]), part.get(judge))
        for key, one in keyed
        for part in one["components"]
        for judge in judges
    ]
    write_table(
        folder,
        "marks",
        ["judge", "entrant", "criterion", "value", "status"],
        [(*row, "") if _given(row[3]) else (*row[:3], "", "absent") for row in marks],
    )
    points = []
    for key, one in keyed:
        points.append((key, "technical", one["metadata"]["total_element_score"]))
        points.append((key, "deductions", abs(Decimal(one["metadata"]["total_deductions"]))))
    write_table(folder, "points", ["entrant", "component", "value"], points)
    write_official(
        folder,
        ["technical", "presentation", "deductions"],
        [
            (
                key,
                one["metadata"]["rank"],
                one["metadata"]["total_segment_score"],
                one["metadata"]["total_element_score"],
                one["metadata"]["total_component_score"],
                abs(Decimal(one["metadata"]["total_deductions"])),
            )
            for key, one in keyed
        ],
    )
    rulebook = folder / "rulebook.toml"
    rulebook.write_text(_rulebook_text(performances, free), encoding="utf-8")
    return rulebook


def _rulebook_text(performances: list[Performance], free: bool) -> str:
    """The rulebook of a segment with its own components, each with the segment's factor."""
    text = (RULEBOOKS / "skating_segment.toml").read_text(encoding="utf-8")
    factors = {
        criterion_id(part["component_desc"]): (part["component_desc"], part["factor"])
        for one in performances
        for part in one["components"]
    }
    head, _, rest = text.partition("[[judging.criteria]]")
    _, components, tail = rest.partition("[[components]]")
    criteria = "".join(
        f'[[judging.criteria]]\nid = "{key}"\nname = "{name}"\n'
        f"min = 0\nmax = 10\nstep = 0.25\nfactor = {factor}\n\n"
        for key, (name, factor) in factors.items()
    )
    if free:
        tie = '[[ties]]\nkey = "component"\nid = '
        tail = tail.replace(f'{tie}"technical"', f'{tie}"presentation"')
    return head + criteria + components + tail


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--segment", help="only this one, such as 'LADIES SHORT PROGRAM'")
def main(data: Path, folder: Path, segment: str | None) -> None:
    """Write every segment of a competition as a folder of its own below FOLDER.

    DATA is the shared data folder, or a protocol as JSON. Every judge's marks become a
    sheet; technical score and deductions are given points.
    """
    try:
        found = segments(data)
    except (OSError, ValueError, KeyError, TypeError, StopIteration) as error:
        raise click.ClickException(f"not a protocol of figure skating: {error!r}") from error
    wanted = {name: many for name, many in found.items() if segment in (None, name)}
    if not wanted:
        raise click.ClickException(f"no such segment; there are: {', '.join(sorted(found))}")
    written = []
    for name, performances in wanted.items():
        written.append(folder / re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"))
        write_segment(performances, "FREE" in name.upper(), written[-1])
    click.echo(next_steps(written))


if __name__ == "__main__":
    main()
